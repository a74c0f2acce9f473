"""The break's exercises, from the ways of sitting."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from posecheck.desk import DeskState
from posecheck.desk_findings import STEPS, Finding, break_routine
from posecheck.exercise import Routine
from posecheck.io.language import load_phrases
from posecheck.io.routines import load_all
from posecheck.safety import planned_s

LIBRARY = load_all()


@pytest.mark.parametrize(
    ("seconds", "finding"),
    [
        ({"upright": 3000.0, "slouching": 900.0}, "sunk"),
        ({"upright": 3000.0, "head_forward": 400.0, "too_close": 300.0}, "forward"),
        ({"upright": 3000.0, "shoulders_up": 700.0, "slouching": 100.0}, "shoulders"),
        ({"upright": 3000.0, "tilted": 700.0}, "aside"),
        ({"upright": 3000.0, "turned": 100.0, "slouching": 60.0}, "still"),
        ({"upright": 1500.0, "reclined": 1500.0}, "any"),
        ({"upright": 6000.0, "reclined": 4000.0, "slouching": 350.0}, "any"),
        ({"away": 9000.0, "standing": 900.0}, "any"),
        ({}, "any"),
    ],
)
def test_the_day_chooses_the_break(seconds: Mapping[DeskState, float], finding: Finding) -> None:
    """What took the most time beyond five minutes and a tenth of it; else stillness, or nothing."""
    offer = break_routine(seconds, LIBRARY.routines)
    assert offer.finding == finding
    assert offer.reason in load_phrases("en")
    assert offer.routine in LIBRARY.routines


@pytest.mark.parametrize("finding", STEPS)
def test_every_break_is_about_three_minutes_on_a_chair(finding: Finding) -> None:
    """Exercises of the library, for the front view or timed, without going to the floor."""
    steps = STEPS[finding]
    for step in steps:
        exercise = LIBRARY.exercises[step.exercise]
        assert exercise.position in ("standing", "chair")
        assert exercise.camera is None or exercise.camera.view == "front"
    routine = Routine("desk", "Desk break", "", 180, steps)
    assert 110 <= planned_s(routine, LIBRARY.exercises) <= 190
    checked = [step for step in steps if LIBRARY.exercises[step.exercise].check != "none"]
    assert len(checked) >= 2


def test_without_the_shipped_break_another_is_named() -> None:
    """Whoever has only routines of their own is offered one of them."""
    assert break_routine({}, ["mine"]).routine == "mine"
    assert break_routine({}, []).routine == ""
