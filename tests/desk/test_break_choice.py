"""The exercises of a break, chosen from how the user sat."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from shipped import LIBRARY

from posecheck.desk.break_choice import (
    BREAK_STEPS,
    DESK_ROUTINE,
    BreakOffer,
    SittingHabit,
    break_routine,
)
from posecheck.desk.states import DeskState
from posecheck.exercise import Routine, RoutineStep
from posecheck.io.routines.language import load_phrases
from posecheck.session.safety import planned_s
from posecheck.ui.desk.break_flow import routine_of


@pytest.mark.parametrize(
    ("seconds", "habit"),
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
def test_the_day_chooses_the_break(seconds: Mapping[DeskState, float], habit: SittingHabit) -> None:
    """The habit with the most time, from five minutes and a tenth on; else stillness, or none."""
    offer = break_routine(seconds, LIBRARY.routines)
    assert offer.steps == BREAK_STEPS[habit]
    assert offer.reason == f"desk_break_{habit}"
    assert offer.reason in load_phrases("en")
    assert offer.routine in LIBRARY.routines


def break_of(habit: SittingHabit) -> Routine:
    """The break as a session runs it."""
    return routine_of(BreakOffer(DESK_ROUTINE, BREAK_STEPS[habit], ""), LIBRARY)


@pytest.mark.parametrize("habit", BREAK_STEPS)
def test_every_break_is_two_to_three_minutes_on_a_chair(habit: SittingHabit) -> None:
    """Exercises of the library, for the front view or timed, without going to the floor."""
    routine = break_of(habit)
    for step in routine.steps:
        exercise = LIBRARY.exercises[step.exercise]
        assert exercise.position in ("standing", "chair")
        assert exercise.camera is None or exercise.camera.view == "front"
    assert routine.seconds == round(planned_s(routine, LIBRARY.exercises))
    assert 120 <= routine.seconds <= 180
    checked = [step for step in routine.steps if LIBRARY.exercises[step.exercise].check != "none"]
    assert len(checked) >= 2


@pytest.mark.parametrize("habit", BREAK_STEPS)
def test_a_break_is_led_with_the_doses_that_were_offered(habit: SittingHabit) -> None:
    """Doses of the shipped break, or of the exercise's own file where the break lacks it."""
    shipped = {step.exercise: step for step in LIBRARY.routines[DESK_ROUTINE].steps}
    steps = break_of(habit).steps
    assert steps == BREAK_STEPS[habit]
    for step in steps:
        dose = LIBRARY.exercises[step.exercise].dose
        assert step == shipped.get(step.exercise, RoutineStep(step.exercise, time_s=dose.time_s))


def test_a_library_without_these_exercises_leads_its_own_break() -> None:
    """A missing exercise is left out; when all are missing the routine stays as it is."""
    offer = BreakOffer(DESK_ROUTINE, (RoutineStep("elsewhere"),), "")
    assert routine_of(offer, LIBRARY).steps == LIBRARY.routines[DESK_ROUTINE].steps
    offer = BreakOffer(DESK_ROUTINE, (RoutineStep("elsewhere"), *BREAK_STEPS["still"]), "")
    assert routine_of(offer, LIBRARY).steps == BREAK_STEPS["still"]


def test_without_the_shipped_break_another_is_named() -> None:
    """A user with only routines of their own is offered one of them."""
    assert break_routine({}, ["mine"]).routine == "mine"
    assert break_routine({}, []).routine == ""
