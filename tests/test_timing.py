"""Durations, dwell times and hysteresis, as timelines."""

from __future__ import annotations

import math

import pytest

from posecheck.timing import Backoff, Hysteresis, Lasted, MinDwell


def test_a_condition_lasts_from_its_first_frame() -> None:
    lasted = Lasted()
    steps = [(10.0, True), (10.4, True), (11.0, False), (11.2, True), (13.2, True)]
    assert [lasted.update(t, holds) for t, holds in steps] == pytest.approx([0, 0.4, 0, 0, 2.0])
    assert lasted.running


def test_a_reset_ends_the_stretch() -> None:
    lasted = Lasted()
    lasted.update(0.0, True)
    lasted.reset()
    assert not lasted.running
    assert lasted.update(5.0, True) == 0.0


def test_a_value_stays_for_its_dwell_time_unless_the_next_one_cannot_wait() -> None:
    shown = MinDwell(1.0, "")
    assert shown.update(0.0, "a") == "a"
    assert shown.update(0.9, "b") == "a"
    assert shown.update(1.0, "b") == "b"
    assert shown.update(1.1, "c", at_once=True) == "c"


@pytest.mark.parametrize(
    ("begins", "ends", "values", "expected"),
    [
        (10.0, 8.0, [9, 10, 8.5, 7.9, 9.9], [False, True, True, False, False]),
        (8.0, 10.0, [9, 8, 9.5, 10.1, 8.1], [False, True, True, False, False]),
    ],
)
def test_between_the_limits_nothing_changes(
    begins: float, ends: float, values: list[float], expected: list[bool]
) -> None:
    band = Hysteresis(begins, ends)
    assert [band.update(value) for value in values] == expected


@pytest.mark.parametrize("on", [False, True])
def test_an_unknown_value_changes_nothing(on: bool) -> None:
    assert Hysteresis(10.0, 8.0, on).update(math.nan) is on


def test_a_wait_doubles_while_nothing_works_and_begins_anew_after_it_has() -> None:
    backoff = Backoff(1.0, 30.0)
    assert [backoff.next_s(0.0) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert backoff.next_s(29.0) == 30  # longer broken than working
    assert [backoff.next_s(worked_s) for worked_s in (600.0, 0.5, 0.0, 4.0)] == [1, 2, 4, 1]
    # Each of many glitches of a camera that works costs one second.
    assert [backoff.next_s(60.0) for _ in range(20)] == [1.0] * 20
    backoff.next_s(0.0)
    backoff.reset()
    assert backoff.next_s(0.0) == 1
