"""A shortened routine fits its minutes and keeps its warm-up, its sides and its order."""

from __future__ import annotations

import pytest
from shipped import EXERCISES, LIBRARY

from posecheck.exercise import Routine, RoutineStep
from posecheck.session.safety import planned_s, with_steps
from posecheck.session.shortening import LENGTHS_MIN, WARM_UP, lengths_of, resized


def shortened(routine: Routine, most_s: float) -> Routine:
    """The routine of the steps that are left."""
    kept = resized(routine.steps, EXERCISES, most_s)
    return with_steps(routine, EXERCISES, [kept[index] for index in sorted(kept)])


@pytest.mark.parametrize("minutes", LENGTHS_MIN)
def test_every_routine_fits_keeps_its_warm_up_sides_and_order(minutes: int) -> None:
    for routine in LIBRARY.routines.values():
        short = shortened(routine, 60 * minutes)
        assert planned_s(short, EXERCISES) <= 60 * minutes, routine.id
        written = {step.exercise: step for step in routine.steps}
        order = [step.exercise for step in routine.steps]
        places = [order.index(step.exercise) for step in short.steps]
        assert places == sorted(places)
        for step in short.steps:
            assert step.sides == written[step.exercise].sides
            assert 1 <= step.sets <= written[step.exercise].sets
        if EXERCISES[routine.steps[0].exercise].group == WARM_UP:
            assert short.steps[0].exercise == routine.steps[0].exercise
        groups = {EXERCISES[step.exercise].group for step in routine.steps}
        if groups != {WARM_UP}:
            assert {EXERCISES[step.exercise].group for step in short.steps} != {WARM_UP}


def test_a_routine_that_is_short_enough_stays_as_it_is() -> None:
    routine = LIBRARY.routines["warmup_4min"]
    assert shortened(routine, 3600).steps == routine.steps
    assert lengths_of(routine.steps, EXERCISES) == ()


def test_little_of_the_time_is_wasted() -> None:
    """What still fits comes back: ten minutes of the whole programme are more than eight."""
    short = shortened(LIBRARY.routines["full_daily"], 600)
    assert 480 < short.seconds <= 600
    groups = {EXERCISES[step.exercise].group for step in short.steps}
    assert len(groups) >= 4


def test_a_walk_becomes_shorter_before_an_exercise_is_left_out() -> None:
    gentle = LIBRARY.routines["gentle"]
    short = shortened(gentle, 300)
    assert [s.exercise for s in short.steps] == [s.exercise for s in gentle.steps]
    walk = next(step for step in short.steps if step.exercise == "walking")
    assert walk.time_s is not None
    assert 60 <= walk.time_s < 300


def test_one_exercise_stays_even_when_it_is_too_long() -> None:
    """No length is offered that cannot be had."""
    routine = Routine("own", "Own", "-", 1, (RoutineStep("plank", hold_s=600.0),) * 2)
    short = shortened(routine, 300)
    assert len(short.steps) == 1
    assert lengths_of(routine.steps, EXERCISES) == (15,)


def test_a_few_exercises_fill_more_minutes_with_more_sets() -> None:
    """At most three rounds, and only where the caller allows it."""
    steps = (RoutineStep("seated_march", time_s=60.0), RoutineStep("chair_spine_twist", 2))
    assert resized(steps, EXERCISES, 600) == dict(enumerate(steps))
    grown = resized(steps, EXERCISES, 300, 3)
    assert [grown[index].exercise for index in sorted(grown)] == [s.exercise for s in steps]
    assert all(1 <= grown[index].sets <= 3 for index in grown)
    assert sum(step.sets for step in grown.values()) > 2
    assert 5 in lengths_of(steps, EXERCISES, 3)
    assert lengths_of(steps[:1], EXERCISES, 3) == ()
