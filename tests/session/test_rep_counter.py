"""Repetitions as timelines: what counts, why another movement does not, and that nothing falls."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from bodies import series
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.exercise import HysteresisBand, Reps, SecondCondition
from posecheck.session.rep_counter import RepCounter, RepOutcome

RATES = [5.0, 15.0, 29.97, 60.0]

CURL = Reps(
    "leg_spread", rest=HysteresisBand(14, 18), peak=HysteresisBand(26, 20), min_s=1.0, max_s=6.0
)
BEND = Reps(
    "knee_angle.near",
    rest=HysteresisBand(160, 150),
    peak=HysteresisBand(100, 110),
    min_s=1.0,
    max_s=6.0,
)


def wave(
    cycles: int, low: float = 5.0, high: float = 40.0, cycle_s: float = 3.0
) -> Callable[[float], float]:
    """A smooth movement from low to high and back, `times` times; low before and after."""

    def value(t: float) -> float:
        if not 0 <= t <= cycles * cycle_s:
            return low
        return low + (high - low) * (1 - math.cos(2 * math.pi * t / cycle_s)) / 2

    return value


def outcomes(
    reps: Reps,
    values: Callable[[float], float],
    seconds: float,
    fps: float = 30.0,
    start: float = -1.0,
    bad: Callable[[float], bool] = lambda t: False,
    also: Callable[[float], float] = lambda t: math.nan,
) -> list[RepOutcome]:
    """What a counter says of a movement, from one second before it begins."""
    counter = RepCounter(reps)
    said = [
        counter.update(t, values(t), bad(t), also(t))
        for t, _ in series((0, seconds - start), fps=fps, start=start)
    ]
    return [outcome for outcome in said if outcome is not None]


def timeline(reps: Reps, *pieces: tuple[float, float], fps: float = 30.0) -> list[RepOutcome]:
    """What a counter says of a timeline of steady values."""
    counter = RepCounter(reps)
    said = [counter.update(t, value) for t, value in series(*pieces, fps=fps)]
    return [outcome for outcome in said if outcome is not None]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("cycle_s", [1.8, 3.0, 5.5])
def test_every_movement_counts_once_at_every_frame_rate(fps: float, cycle_s: float) -> None:
    """Five movements are five repetitions, whether the metric rises or falls."""
    rising = wave(5, cycle_s=cycle_s)
    assert outcomes(CURL, rising, 5 * cycle_s + 1, fps) == ["counted"] * 5
    falling = wave(5, 175.0, 80.0, cycle_s)
    assert outcomes(BEND, falling, 5 * cycle_s + 1, fps) == ["counted"] * 5


def test_a_repetition_counts_on_its_return() -> None:
    """Not at the peak, but when the rest is reached again."""
    assert timeline(CURL, (5.0, 1.0), (40.0, 2.0)) == []
    assert timeline(CURL, (5.0, 1.0), (40.0, 2.0), (5.0, 0.1)) == ["counted"]


def test_jitter_about_the_peak_is_one_repetition() -> None:
    """Dancing about the threshold does not multiply the count."""
    dance = [(27.0, 0.1), (19.0, 0.1)] * 8
    assert timeline(CURL, (5.0, 1.0), *dance, (5.0, 0.5)) == ["counted"]


def test_jitter_about_the_rest_is_one_repetition() -> None:
    """Coming to rest with a tremble is one end."""
    dance = [(13.0, 0.1), (17.0, 0.1)] * 8
    assert timeline(CURL, (5.0, 1.0), (40.0, 2.0), *dance, (5.0, 0.5)) == ["counted"]


def test_a_movement_half_way_is_too_small() -> None:
    """Meant as a repetition, short of the peak: said, not counted."""
    assert timeline(CURL, (5.0, 1.0), (24.0, 2.0), (5.0, 0.5)) == ["too_small"]
    assert timeline(CURL, (5.0, 1.0), (20.5, 2.0), (5.0, 0.5)) == ["too_small"]


def test_a_twitch_is_nothing() -> None:
    """Less than half of the way was not meant as a repetition."""
    assert timeline(CURL, (5.0, 1.0), (19.0, 2.0), (5.0, 0.5)) == []


def test_a_movement_can_be_too_fast_or_too_slow() -> None:
    """Outside min_s to max_s it does not count, and why is said."""
    assert timeline(CURL, (5.0, 1.0), (40.0, 0.5), (5.0, 0.5)) == ["too_fast"]
    assert timeline(CURL, (5.0, 1.0), (40.0, 8.0), (5.0, 0.5)) == ["too_slow"]


def test_a_movement_much_too_slow_is_forgotten() -> None:
    """After twice the longest time it was something else; the next one counts."""
    assert timeline(CURL, (5.0, 1.0), (40.0, 13.0), (5.0, 0.5)) == []
    again = timeline(CURL, (5.0, 1.0), (40.0, 13.0), (5.0, 0.5), (40.0, 2.0), (5.0, 0.5))
    assert again == ["counted"]


@pytest.mark.parametrize("fps", RATES)
def test_a_peak_has_to_be_kept(fps: float) -> None:
    """`hold_s` at the peak, or the repetition is too short."""
    reps = replace(CURL, hold_s=2.0, max_s=9.0)
    assert timeline(reps, (5.0, 1.0), (40.0, 1.5), (5.0, 0.5), fps=fps) == ["too_short"]
    assert timeline(reps, (5.0, 1.0), (40.0, 2.5), (5.0, 0.5), fps=fps) == ["counted"]


@pytest.mark.parametrize(("bad_s", "expected"), [(0.35, "counted"), (0.45, "bad_form")])
def test_a_repetition_in_bad_form_does_not_count(bad_s: float, expected: str) -> None:
    """More than a fifth of its frames broken, and it is not counted."""

    def up(t: float) -> float:
        return 40.0 if 0 <= t < 2 else 5.0

    assert outcomes(CURL, up, 3.0, bad=lambda t: 1 <= t < 1 + bad_s) == [expected]


def test_bad_form_at_rest_does_not_spoil_the_next_repetition() -> None:
    """Only the frames of the movement itself are looked at."""
    assert outcomes(CURL, wave(1), 4.0, bad=lambda t: t < 0.2 or t > 2.9) == ["counted"]


@pytest.mark.parametrize("where", [0.3, 0.8, 1.5, 2.2, 2.9])
def test_unseen_freezes_the_counter(where: float) -> None:
    """A limb that is lost for a short time neither adds nor loses a repetition."""

    def hidden(t: float) -> float:
        return math.nan if where < t < where + 0.4 else wave(3)(t)

    assert outcomes(CURL, hidden, 10.0) == ["counted"] * 3


def test_one_value_after_an_absence_is_not_yet_the_rest() -> None:
    """A limb that comes back into sight comes back jumping."""
    counter = RepCounter(CURL)
    for t, value in series((5.0, 1.0), (40.0, 2.0)):
        counter.update(t, value)
    assert counter.update(3.1, math.nan) is None
    assert counter.update(3.2, 5.0) is None
    assert counter.update(3.3, 5.0) == "counted"


def test_a_peak_that_may_have_been_hidden_is_not_too_small() -> None:
    """A limb that was lost beyond half of the way may have been at its peak."""
    assert timeline(CURL, (5.0, 1.0), (24.0, 1.0), (24.0, 0.5), (5.0, 0.5)) == ["too_small"]
    assert timeline(CURL, (5.0, 1.0), (24.0, 1.0), (math.nan, 0.5), (5.0, 0.5)) == ["unseen"]


def test_one_frame_away_does_not_end_a_rest_that_has_to_last() -> None:
    """At 20 frames a second, one frame of a wrong joint between two rests; two frames end it."""
    reps = replace(CURL, rest_s=0.12)
    kick, rest, wrong = (40.0, 1.0), (5.0, 0.1), (30.0, 0.05)
    short = [(5.0, 1.0), kick, rest, wrong, rest, kick, (5.0, 1.0)]
    assert timeline(reps, *short, fps=20.0) == ["counted"] * 2
    long = [(5.0, 1.0), kick, rest, wrong, wrong, rest, kick, (5.0, 1.0)]
    assert timeline(reps, *long, fps=20.0) == ["counted"]


def test_time_not_seen_is_no_time_at_the_peak() -> None:
    """A peak that has to be kept is not kept while it is unseen."""
    reps = replace(CURL, hold_s=0.4)
    glance = (40.0, 1 / 30)
    hidden = [(5.0, 1.0), (40.0, 0.2), (math.nan, 1.0), glance, (5.0, 0.5)]
    assert timeline(reps, *hidden) == ["too_short"]


def test_a_movement_whose_end_nobody_saw_is_forgotten() -> None:
    """Lost at the peak and found at rest a minute later: that was not a slow repetition."""
    assert timeline(CURL, (5.0, 1.0), (40.0, 2.0), (math.nan, 60.0), (5.0, 1.0)) == []


def test_nothing_counts_before_the_first_rest() -> None:
    """On the way into the pose there are no phantom counts."""
    assert timeline(CURL, (40.0, 3.0), (5.0, 1.0)) == []
    assert timeline(CURL, (40.0, 3.0), (5.0, 1.0), (40.0, 2.0), (5.0, 0.5)) == ["counted"]


@pytest.mark.parametrize("seconds", [0.5, 1.5, 3.0, 5.0])
def test_coming_down_into_the_rest_is_not_a_repetition_of_any_kind(seconds: float) -> None:
    """A user who begins at the peak and comes down, quickly or slowly, has not tried yet."""

    def down(t: float) -> float:
        return max(5.0, min(40.0, 40.0 - 35.0 * t / seconds))

    assert outcomes(CURL, down, seconds + 2) == []


def test_stillness_short_of_the_peak_will_do_as_a_first_rest() -> None:
    """For a swing whose rest is an end that standing still does not reach."""
    assert timeline(CURL, (16.0, 0.6), (40.0, 2.0), (5.0, 0.5)) == ["counted"]
    assert timeline(CURL, (16.0, 0.4), (40.0, 2.0), (5.0, 0.5)) == []


def test_standing_still_short_of_the_peak_is_not_under_way() -> None:
    """Without a first rest, the movement starts when the limb moves on, not while it is still."""
    counter = RepCounter(CURL)
    for t, value in series((21.0, 1.0), (19.5, 5.0)):
        counter.update(t, value)
        assert not counter.under_way(t)
    for t, value in series((23.0, 0.2), start=6.0):
        counter.update(t, value)
    assert counter.under_way(6.2)


@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_one_frame_at_the_peak_is_a_glitch(fps: float) -> None:
    """A landmark that jumps for one frame is no movement."""
    assert timeline(CURL, (5.0, 1.0), (40.0, 1 / fps), (5.0, 1.0), fps=fps) == []
    hover = (18.5, 1.0)
    said = timeline(CURL, (5.0, 1.0), hover, (40.0, 1 / fps), hover, (5.0, 1.0), fps=fps)
    assert said == ["too_small"]


def test_a_second_metric_must_be_at_its_peak_too() -> None:
    """`also`: both at the peak at once, or it is too small; unknown freezes."""
    reps = replace(CURL, also=SecondCondition("knee_angle.near", HysteresisBand(150, 140)))

    def said(also: Callable[[float], float]) -> list[RepOutcome]:
        return outcomes(reps, wave(2), 7.0, also=also)

    assert said(lambda t: 170.0) == ["counted"] * 2
    assert said(lambda t: 120.0) == ["too_small"] * 2
    assert said(lambda t: math.nan) == []


@pytest.mark.parametrize("also", [HysteresisBand(60, 80), HysteresisBand(150, 140)])
def test_a_second_metric_may_rise_or_fall(also: HysteresisBand) -> None:
    """Whether the peak is low or high follows from its thresholds."""
    reps = replace(CURL, also=SecondCondition("hip_angle.near", also))
    inside = also.enter + (also.enter - also.leave) / 2
    outside = also.leave - (also.enter - also.leave) / 2
    assert outcomes(reps, wave(1), 4.0, also=lambda t: inside) == ["counted"]
    assert outcomes(reps, wave(1), 4.0, also=lambda t: outside) == ["too_small"]


@pytest.mark.parametrize("start", [0.0, 1000.0])
def test_the_clock_may_start_anywhere(start: float) -> None:
    """Zero is a time like any other for repetitions too."""
    counter = RepCounter(CURL)
    said = [
        counter.update(start + t, value) for t, value in series((5.0, 1.0), (40.0, 2.0), (5.0, 0.5))
    ]
    assert said.count("counted") == 1


MOVES = st.lists(
    st.tuples(st.one_of(st.floats(-20, 80), st.just(math.nan)), st.floats(0.02, 2.0)),
    max_size=80,
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(MOVES, st.sampled_from([CURL, replace(CURL, hold_s=0.5)]))
def test_no_movement_counts_more_than_it_has_peaks(
    moves: list[tuple[float, float]], reps: Reps
) -> None:
    """Whatever the values: never more repetitions than visits from the rest to the peak, and no
    exception."""
    counter, t, counted, peaks, up = RepCounter(reps), 0.0, 0, 0, False
    for value, step in moves:
        t += step
        counted += counter.update(t, value) == "counted"
        if value >= reps.peak.enter:
            peaks += not up
            up = True
        elif value <= reps.rest.enter:
            up = False
        assert counted <= peaks


def test_a_limb_may_be_said_to_rest() -> None:
    """Hidden behind the other one, which rests: its first movement counts."""
    counter = RepCounter(CURL)
    assert not counter.resting
    counter.assume_rest()
    assert counter.resting
    said = [counter.update(t, value) for t, value in series((40.0, 2.0), (5.0, 0.5))]
    assert said.count("counted") == 1


def test_a_limb_in_movement_is_not_said_to_rest() -> None:
    """What is known is not overruled."""
    counter = RepCounter(CURL)
    for t, value in series((5.0, 1.0), (40.0, 1.0)):
        counter.update(t, value)
    counter.assume_rest()
    assert not counter.resting
