"""The exercises of a planned session: what they need, one new among them, short enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posecheck.exercise import Exercise, RoutineStep
from posecheck.history.plan_rules import EQUIPMENT, STRETCHES, Track


def needed(exercise: Exercise) -> frozenset[str]:
    """The equipment of an exercise."""
    place = {"standing": (), "chair": ("chair",)}.get(exercise.position, ("mat",))
    return frozenset((*EQUIPMENT.get(exercise.id, ()), *place)) - (
        {"mat"} if exercise.id == "cycling" else set()
    )


def of_track(exercise: Exercise, track: Track) -> bool:
    """Whether an exercise is of a track: stretches are mobility, the rest of the trained groups
    strength."""
    if track == "mobility":
        return exercise.category == STRETCHES or exercise.group == "lower_back"
    return exercise.group == "core" or exercise.category == "reps"


def with_new(
    steps: Sequence[RoutineStep], exercises: Mapping[str, Exercise], new: str
) -> list[RoutineStep]:
    """The steps with the new exercise in place of the last one from the same floor or feet, so that
    the user changes places no more often; a step that is there already stays."""
    if any(step.exercise == new for step in steps):
        return list(steps)
    made = exercises[new]
    step = RoutineStep(
        new,
        2 if made.sides == "each" else 1,
        hold_s=made.dose.hold_s if made.category == "hold" else None,
        reps=made.dose.reps if made.category == "reps" else None,
        time_s=made.dose.time_s,
        sets=1,
    )
    places = [
        index
        for index, each in enumerate(steps)
        if (exercises[each.exercise].position == "standing") == (made.position == "standing")
        and exercises[each.exercise].group != "warmup"
    ]
    at = places[-1] if places else len(steps)
    return [*steps[:at], step, *steps[at + bool(places) :]]


def shorter(
    steps: tuple[RoutineStep, ...], exercises: Mapping[str, Exercise], new: str
) -> tuple[RoutineStep, ...]:
    """The steps without their last one; a warm-up and the new exercise go last."""
    order = [
        index
        for index, step in enumerate(steps)
        if exercises[step.exercise].group != "warmup" and step.exercise != new
    ]
    drop = order[-1] if order else len(steps) - 1
    return (*steps[:drop], *steps[drop + 1 :])


def whole_minutes(seconds: float) -> int:
    """Whole minutes, rounded up: a plan promises no less than it takes."""
    return max(1, -int(-seconds // 60))
