"""The states of a session page: the table, and the pause that belongs to a panel."""

from __future__ import annotations

from typing import get_args

import pytest

from posecheck.ui.session.page_states import OVER, PAGE_TRANSITIONS, PageState, PanelPause

STATES: tuple[PageState, ...] = get_args(PageState)


def test_every_state_has_a_row_and_can_be_reached() -> None:
    """A page that starts in "running" can get into every state."""
    assert set(PAGE_TRANSITIONS) == set(STATES)
    reached: set[PageState] = {"running"}
    for _ in STATES:
        reached |= {after for state in reached for after in PAGE_TRANSITIONS[state].values()}
    assert reached == set(STATES)


@pytest.mark.parametrize("state", [state for state in STATES if state not in OVER])
def test_the_worker_may_end_in_every_state_of_a_session(state: PageState) -> None:
    """An error or the end of the source can come at any time."""
    assert PAGE_TRANSITIONS[state]["failed"] == "trouble"
    assert PAGE_TRANSITIONS[state]["ended"] == "summary"


@pytest.mark.parametrize("state", OVER)
def test_after_a_session_only_a_new_one_can_begin(state: PageState) -> None:
    """Keys of the session have no effect any more."""
    events = PAGE_TRANSITIONS[state]
    assert events.keys() - {"clock"} == {"again"}
    assert set(events.values()) == {"running"}


@pytest.mark.parametrize(
    ("seen", "halted", "resumes"),
    [
        (("", ""), "", True),  # the pause is still on its way
        (("", "person"), "person", True),
        (("person", ""), "", False),  # the user has resumed with both arms up
        (("person", "left"), "left", False),  # the user has walked away
    ],
)
def test_closing_a_panel_takes_back_only_its_own_pause(
    seen: tuple[str, ...], halted: str, resumes: bool
) -> None:
    """A second "pause" command would pause a session that has resumed."""
    pause = PanelPause()
    assert not pause.end(halted)  # no panel has requested a pause
    pause.begin()
    for each in seen:
        pause.see(each)
    assert pause.end(halted) is resumes
    assert not pause.end(halted)


def test_a_forgotten_pause_is_not_taken_back() -> None:
    """After "pain" the guide halts the session itself."""
    pause = PanelPause()
    pause.begin()
    pause.forget()
    assert not pause.end("person")
