"""Seconds as timelines: what is credited, what is not, and that nothing falls."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from bodies import series
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.session.form import Form
from posecheck.session.progress import (
    GAP_S,
    KNOWN_GAP_S,
    FormTimer,
    HoldTimer,
    Progress,
    State,
    Stopwatch,
)

RATES = [5.0, 15.0, 29.97, 60.0]
Timeline = Iterable[tuple[float, Form]]


def held(timeline: Timeline, target_s: float | None = None) -> list[tuple[float, Progress]]:
    """What a hold timer says, frame by frame."""
    timer = HoldTimer(target_s)
    return [(t, timer.update(t, form)) for t, form in timeline]


def after(
    *pieces: tuple[Form, float], fps: float = 20.0, target_s: float | None = None
) -> Progress:
    """The last word of a hold timer."""
    return held(series(*pieces, fps=fps), target_s)[-1][1]


# --- holds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", RATES)
def test_a_hold_begins_after_seven_tenths_of_right_form(fps: float) -> None:
    """0.7 s right starts the timer, which then credits all of the right form, at every rate."""
    timeline = held(series(("wrong", 1.0), ("right", 5.0), fps=fps))
    begun = next(t for t, progress in timeline if progress.state == "active")
    progress = timeline[-1][1]
    assert begun == pytest.approx(1.7, abs=1.5 / fps)
    assert progress.held_s == pytest.approx(5.0, abs=2 / fps)
    assert progress.wrong_s == progress.unseen_s == 0


def test_before_that_it_is_ready() -> None:
    """A glance at the right form starts nothing."""
    assert after(("right", 0.65)) == Progress("ready")
    glances: list[tuple[Form, float]] = [("right", 0.6), ("wrong", 0.1)]
    assert after(*glances * 10) == Progress("ready")


@pytest.mark.parametrize("fps", RATES)
def test_wrong_form_pauses_after_eight_tenths(fps: float) -> None:
    """The slip is not credited, and after 0.8 s it is a pause; the seconds stay."""
    timeline = held(series(("right", 5.0), ("wrong", 3.0), fps=fps))
    start = next(p.held_s for t, p in timeline if t >= 4.99)
    paused = next(t for t, p in timeline if p.state == "paused")
    assert paused == pytest.approx(5.8, abs=1.5 / fps)
    assert timeline[-1][1].held_s == pytest.approx(start, abs=1e-9 + 1 / fps)
    assert timeline[-1][1].wrong_s == pytest.approx(3.0, abs=2 / fps)


@pytest.mark.parametrize("fps", [1.0, 2.0, 15.0])
def test_every_second_of_a_hold_has_its_name(fps: float) -> None:
    """From the first right form on, the right, wrong and unseen seconds are all of the time."""
    pieces: list[tuple[Form, float]] = [
        ("wrong", 5.0), ("right", 10.0), ("wrong", 0.5), ("right", 5.0), ("unknown", 0.3),
        ("right", 0.5), ("wrong", 5.0), ("right", 0.5), ("unknown", 4.0), ("right", 9.0),
    ]  # fmt: skip
    timeline = held(series(*pieces, fps=fps))
    began = next(t for t, progress in timeline if t >= 5.0)
    ended, last = timeline[-1]
    assert last.held_s + last.wrong_s + last.unseen_s == pytest.approx(ended - began)


def test_seconds_without_a_sign_of_the_exercise_have_no_name_yet() -> None:
    """A set that is still ready, because nothing shows the exercise, loses nothing when the form
    is wrong: no second of it is counted as wrong or unseen."""
    timer = FormTimer()
    pieces: list[tuple[Form, float]] = [("right", 5.0), ("wrong", 5.0), ("unknown", 5.0)]
    for t, form in series(*pieces, fps=20.0):
        timer.update(t, form, evident=False)
    assert (timer.right_s, timer.wrong_s, timer.unseen_s) == (0.0, 0.0, 0.0)


def test_after_a_stop_the_timer_waits_three_seconds() -> None:
    """Right form alone does not restart it before that; the seconds before the stop stay."""
    timer = HoldTimer()
    stop: list[tuple[Form, float]] = [("right", 3.0), ("wrong", 1.0)]
    for t, form in series(*stop, fps=20.0):
        before = timer.update(t, form, stopped=form == "wrong")
    again: tuple[Form, float] = ("right", 5.0)
    timeline = [(t, timer.update(t, form)) for t, form in series(again, start=4.0)]
    active = next(t for t, p in timeline if p.state == "active")
    assert active == pytest.approx(3.95 + 3.0, abs=0.11)
    assert before.held_s == pytest.approx(3.0, abs=0.11)
    assert timeline[-1][1].held_s == pytest.approx(3.0 + 9.0 - active, abs=0.11)


def test_a_short_stop_waits_three_seconds_too() -> None:
    """Back in range before the pause of a wrong form: the timer waits all the same."""
    timer = HoldTimer()
    pieces: list[tuple[Form, float]] = [("right", 3.0), ("wrong", 0.4), ("right", 2.9)]
    said = [
        (t, timer.update(t, form, stopped=form == "wrong")) for t, form in series(*pieces, fps=20.0)
    ]
    assert {p.state for t, p in said if t > 3.01} == {"paused"}
    assert said[-1][1].held_s == pytest.approx(3.0, abs=0.06)


def test_a_short_slip_does_not_pause() -> None:
    """Less than 0.8 s wrong is not credited; the timer goes on."""
    progress = after(("right", 5.0), ("wrong", 0.7), ("right", 2.0))
    assert progress.state == "active"
    assert progress.held_s == pytest.approx(7.0, abs=0.11)
    assert progress.wrong_s == pytest.approx(0.7, abs=0.06)


def test_after_a_pause_it_is_armed_again() -> None:
    """0.7 s right end a pause too."""
    timeline = held(series(("right", 3.0), ("wrong", 2.0), ("right", 2.0)))
    again = next(t for t, p in timeline if t > 4.9 and p.state == "active")
    assert again == pytest.approx(5.7, abs=0.06)
    assert timeline[-1][1].held_s == pytest.approx(3.0 + 2.0, abs=0.15)


def test_unknown_form_pauses_after_half_a_second() -> None:
    """Not seen is neither credited nor wrong."""
    timeline = held(series(("right", 3.0), ("unknown", 3.0)))
    assert next(t for t, p in timeline if p.state == "unseen") == pytest.approx(3.5, abs=0.06)
    last = timeline[-1][1]
    assert last.held_s == pytest.approx(3.0, abs=0.11)
    assert last.unseen_s == pytest.approx(3.0, abs=0.11)
    assert last.wrong_s == 0


def test_a_flicker_of_sight_does_not_pause() -> None:
    """Less than half a second not seen keeps the hold going, uncredited."""
    progress = after(("right", 3.0), ("unknown", 0.4), ("right", 1.0))
    assert progress.state == "active"
    assert progress.held_s == pytest.approx(4.0, abs=0.11)
    assert progress.unseen_s == pytest.approx(0.4, abs=0.06)


def test_before_the_start_wrong_and_unseen_seconds_do_not_count() -> None:
    """The way into the pose is no fault."""
    progress = after(("wrong", 5.0), ("unknown", 5.0), ("right", 1.0))
    assert progress.wrong_s == progress.unseen_s == 0


def test_from_unseen_to_wrong_before_the_start_is_ready() -> None:
    """Nothing is paused that has not begun."""
    assert after(("unknown", 2.0)).state == "unseen"
    assert after(("unknown", 2.0), ("wrong", 2.0)).state == "ready"


@pytest.mark.parametrize("gap_s", [0.3, 1.0])
def test_a_short_gap_between_frames_of_the_same_form_counts_whole(gap_s: float) -> None:
    """A slow camera, or a recorder that drops repeated pictures."""
    timer = HoldTimer()
    for t, _ in series((0, 2.0), fps=20):
        before = timer.update(t, "right").held_s
    assert timer.update(t + gap_s, "right").held_s == pytest.approx(before + gap_s)


@pytest.mark.parametrize("gap_s", [1.2, 60.0])
def test_what_happened_in_a_long_gap_is_unknown(gap_s: float) -> None:
    """A quarter second is credited; the rest is can't tell."""
    timer = HoldTimer()
    for t, _ in series((0, 2.0), fps=20):
        before = timer.update(t, "right")
    after = timer.update(t + gap_s, "right")
    assert after.held_s == pytest.approx(before.held_s + GAP_S)
    assert after.unseen_s == pytest.approx(gap_s - GAP_S)


def test_long_gaps_before_the_timer_starts_are_not_lost() -> None:
    """Right form in four pictures 1.4 s apart: what is not credited of the gaps is unseen."""
    timer = HoldTimer()
    for t in (0.0, 1.4, 2.8, 4.2):
        progress = timer.update(t, "right")
    assert progress.held_s == pytest.approx(3 * GAP_S)
    assert progress.held_s + progress.unseen_s == pytest.approx(4.2)


def test_a_gap_between_two_forms_credits_at_most_a_quarter_second() -> None:
    """Nobody saw when the one became the other."""
    timer = HoldTimer()
    for t, _ in series((0, 2.0), fps=20):
        timer.update(t, "right")
    for t, _ in series((0, 0.6), fps=20, start=2.0):
        before = timer.update(t, "wrong").held_s
    assert timer.update(t + 1.0, "right").held_s <= before + GAP_S


@pytest.mark.parametrize("fps", [1.0, 2.0, 3.0, 5.0, 15.0, 60.0])
def test_a_hold_takes_as_long_at_any_number_of_frames(fps: float) -> None:
    """Within five per cent of its length."""
    timer = HoldTimer(30.0)
    done = next(
        t for t, _ in series((0, 60.0), fps=fps) if timer.update(t, "right").state == "done"
    )
    assert done == pytest.approx(30.0, abs=1.5)


def test_time_that_goes_back_credits_nothing() -> None:
    """A disordered clock cannot take back or give."""
    timer = HoldTimer()
    for t, _ in series((0, 2.0), fps=20):
        before = timer.update(t, "right").held_s
    assert timer.update(1.0, "right").held_s == before


@pytest.mark.parametrize("start", [0.0, 0.01, 100.0, 1e5])
def test_the_start_of_the_clock_does_not_matter(start: float) -> None:
    """Zero is a time like any other."""
    timeline = held(series(("right", 3.0), ("wrong", 2.0), ("right", 2.0), fps=29.97, start=start))
    assert timeline[-1][1].held_s == pytest.approx(5.0, abs=0.15)


def test_the_target_ends_it_for_good() -> None:
    """At the target the hold is done, exactly full, and stays so."""
    timeline = held(series(("right", 5.0), ("wrong", 5.0), ("unknown", 2.0)), target_s=3.0)
    done = next(t for t, p in timeline if p.state == "done")
    assert done == pytest.approx(3.0, abs=0.06)
    assert {p.held_s for t, p in timeline if t >= done} == {3.0}
    assert timeline[-1][1].state == "done"


def test_without_a_target_it_goes_on() -> None:
    """An open-ended hold is never done."""
    assert after(("right", 100.0), fps=10).held_s == pytest.approx(100.0, abs=0.11)


def test_jitter_about_a_threshold_credits_only_right_frames() -> None:
    """Form that changes every frame neither pauses a hold nor gives it the wrong half."""
    jitter: list[tuple[Form, float]] = [("wrong", 0.05), ("right", 0.05)]
    progress = after(("right", 3.0), *jitter * 40, fps=20)
    assert progress.state == "active"
    assert progress.held_s == pytest.approx(3.0 + 2.0, abs=0.15)


def test_jitter_does_not_start_a_hold() -> None:
    """The 0.7 s must be in one piece."""
    jitter: list[tuple[Form, float]] = [("wrong", 0.05), ("right", 0.3)]
    assert after(*jitter * 40, fps=20) == Progress("ready")


FORMS = st.sampled_from(["right", "wrong", "unknown"])


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(FORMS, st.floats(0.01, 3.0)), min_size=1, max_size=60))
def test_a_hold_never_falls_and_never_credits_more_than_the_right_time(
    steps: list[tuple[Form, float]],
) -> None:
    """Whatever happens: no second is lost, none is invented, none counted twice."""
    timer, t, right = HoldTimer(), 0.0, 0.0
    before, last = timer.update(t, steps[0][0]), steps[0][0]
    for form, step in steps:
        t += step
        now = timer.update(t, form)
        whole = form == last and step <= KNOWN_GAP_S
        right += (step if whole else min(step, GAP_S)) if form == "right" else 0.0
        last = form
        assert now.held_s >= before.held_s
        assert now.wrong_s >= before.wrong_s
        assert now.unseen_s >= before.unseen_s
        assert now.held_s <= right + 1e-9
        assert now.held_s + now.wrong_s + now.unseen_s <= t + 1e-9
        before = now


def test_the_form_timer_has_the_state_of_a_set() -> None:
    """ready, active, paused, unseen in the order in which the form earns them."""
    form_timer, seen = FormTimer(), list[State]()
    pieces: list[tuple[Form, float]] = [
        ("wrong", 1.0), ("right", 2.0), ("wrong", 2.0), ("unknown", 1.0), ("right", 1.0),
    ]  # fmt: skip
    for t, form in series(*pieces, fps=20):
        state = form_timer.update(t, form)
        seen += [] if seen and seen[-1] == state else [state]
    assert seen == ["ready", "active", "paused", "unseen", "active"]
    assert form_timer.started


# --- plain time ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", RATES)
def test_a_watch_counts_seconds_and_calls_none_right(fps: float) -> None:
    """What no camera can check is time that was not judged."""
    watch = Stopwatch(3.0)
    progress = [watch.update(t) for t, _ in series((0, 5.0), fps=fps)]
    assert progress[-1].state == "done"
    assert progress[-1].held_s == 0
    assert sum(p.state == "active" for p in progress) == pytest.approx(3 * fps, abs=2)
    assert progress[-1].unchecked_s == pytest.approx(5.0, abs=1.5 / fps)


def test_a_watch_stands_still_in_a_gap() -> None:
    """A gap between two frames adds a quarter of a second at most."""
    watch = Stopwatch()
    watch.update(10.0)
    assert watch.update(70.0).unchecked_s == GAP_S
    assert watch.update(60.0).unchecked_s == GAP_S
