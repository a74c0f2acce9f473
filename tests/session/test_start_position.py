"""The neutral is learnt at the start of an exercise, never inside it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from bodies import Figure, Leg
from shipped import EXERCISES

from posecheck.commands.rejudge import observations
from posecheck.io.store.recording import Recording
from posecheck.pose import Observation, Side
from posecheck.session.events import FaultRaised, WorkStarted
from posecheck.session.plan import open_set
from posecheck.session.session import Session, SessionView

STARTS = Path(__file__).parents[1] / "recordings" / "starts"
HOLD_T = 3.4
"""In these recordings the hold begins at 3.4 s; until 1.8 s the start position is kept."""
Seen = list[Observation]


def recorded(name: str) -> tuple[Side | None, Seen, Seen]:
    """The side of a recording, and what is seen at its start and in its hold."""
    recording = Recording(STARTS / f"{name}.rec")
    (planned,) = recording.header.sets
    frames = [(frame.t, seen) for frame, seen in observations(recording.frames())]
    start = [seen for t, seen in frames if t < 1.7]
    return planned.side, start, [seen for t, seen in frames if t >= HOLD_T]


def play(
    name: str, side: Side | None, seen: Iterable[Observation]
) -> tuple[list[SessionView], list[str]]:
    """The views of a set, 7.5 frames a second, and what was raised or begun."""
    session = Session([open_set(EXERCISES[name], side)])
    views, said = [], []
    for index, each in enumerate(seen):
        for event in session.update(index / 7.5, each):
            if isinstance(event, FaultRaised):
                said.append(event.rule.id)
            elif isinstance(event, WorkStarted):
                said.append("work")
        views.append(session.view)
    return views, said


@pytest.mark.parametrize("name", ["seated_spine_twist", "piriformis_seated_twist"])
def test_a_twist_that_is_entered_already_is_no_neutral(name: str) -> None:
    """Nothing is judged until the user faces the camera; then the twist has its whole size."""
    side, start, hold = recorded(name)
    whole, _ = play(name, side, [*start, *hold * 2])
    views, said = play(name, side, [*hold * 3])
    assert said == []
    assert {view.unjudged for view in views[8:]} == {"view"}
    assert views[-1].progress.held_s == 0
    later, said = play(name, side, [*hold * 3, *start * 2, *hold * 2])
    assert said[0] == "work"
    twist = "chest_yaw_to_work"
    assert later[-1].values[twist] == pytest.approx(whole[-1].values[twist], abs=3.0)
    assert later[-1].progress.held_s > 2.0


def test_a_bow_that_is_entered_already_is_no_neutral() -> None:
    """Seated, the trunk forward as far as the exercise asks: the user is sent back to the start."""
    forward = Figure(facing=90.0, incl=30.0, right_leg=Leg(120), left_leg=Leg(120))
    views, said = play("seated_hamstring", None, [Observation(forward.pose())] * 30)
    assert said == []
    assert views[-1].unjudged == "entered"
    assert views[-1].start_blocker == "entered"
    upright = replace(forward, incl=2.0, right_leg=Leg(92), left_leg=Leg(92))
    back = [*[Observation(forward.pose())] * 30, *[Observation(upright.pose())] * 20]
    views, said = play("seated_hamstring", None, back)
    assert said[:1] == ["work"]
    assert views[-1].unjudged == ""


def test_a_start_that_may_be_skipped_does_not_hold_the_set_up() -> None:
    """Where only advice compares with the neutral, someone in the pose begins without it."""
    side, start, hold = recorded("triceps_stretch")
    views, said = play("triceps_stretch", side, hold * 3)
    assert said[:1] == ["work"]
    assert views[-1].progress.held_s > 2.0
    assert "head_roll_delta" not in {k for k, v in views[-1].values.items() if not math.isnan(v)}
    views, _ = play("triceps_stretch", side, [*start, *hold])
    assert "head_roll_delta" in {k for k, v in views[-1].values.items() if not math.isnan(v)}


def test_after_a_wrong_skeleton_the_neutral_is_learnt_at_the_start_again() -> None:
    """In the twist itself the set can't tell; from the start on it goes on counting."""
    name = "seated_spine_twist"
    side, start, hold = recorded(name)
    reset = [replace(hold[0], track_reset=True), *hold[1:]]
    views, _ = play(name, side, [*start, *hold, *reset, *hold, *start * 2, *hold * 2])
    counted = views[len(start) + len(hold) - 1].progress.held_s
    inside = views[len(start) + 3 * len(hold) - 1]
    assert counted > 0
    assert inside.unjudged == "view"
    assert inside.progress.held_s == counted
    assert views[-1].progress.held_s > counted + 2.0
