"""The plan of a session: the sets of a routine, in order, with their targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posecheck.exercise import Exercise, Reps, Routine, RoutineStep, Rule, Way
from posecheck.pose import Side, opposite
from posecheck.session.progress import Progress

CHANGE_S = 6.0
"""Rest before the other side, or before another exercise (biomechanics 4.1, 4.2). The next set
works other muscles, and it begins only when the user is in place."""

BOUT_PAUSE_S = 4.0
"""Rest between two holds of a bout: McGill's holds follow each other after a few seconds without
tension (biomechanics 4.5)."""


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """One set of one exercise on one side. Without a target the set is open-ended, as in a
    recording.

    number, of  "set 1 of 2" among the sets of this step of the routine
    hold_s      target: seconds of right form
    reps        target: repetitions
    time_s      target: seconds of work by the clock
    rest_s      seconds of rest after the set
    """

    exercise: Exercise
    side: Side | None = None
    number: int = 1
    of: int = 1
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    rest_s: float = 0.0

    @property
    def target_s(self) -> float | None:
        """Target of a timed set, seconds; None for a set that is not timed or is open-ended."""
        if self.time_s is not None:
            return self.time_s
        match self.exercise.category:
            case "hold":
                return self.hold_s
            case "timer":
                return self.exercise.dose.time_s
        return None

    @property
    def way(self) -> Way | None:
        """The direction of the set; None where the exercise has none, or has more of them than the
        step has sets: then the user may choose."""
        ways = self.exercise.way
        return ways[(self.number - 1) % len(ways)] if 0 < len(ways) <= self.of else None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that hold in this set."""
        return tuple(rule for rule in self.exercise.rules if rule.way in (None, self.way))

    def seconds_left(self, progress: Progress) -> float:
        """Estimated seconds for the rest of the set, for going on without a form check."""
        exercise = self.exercise
        if exercise.category == "hold":
            return max(0.0, (self.hold_s or exercise.dose.hold_s or 0.0) - progress.held_s)
        if exercise.reps is None:
            return self.time_s or exercise.dose.time_s or 0.0
        left = (self.reps or exercise.dose.reps or 0) - progress.reps
        return max(0, left) * _pace(exercise.reps)


def open_set(exercise: Exercise, side: Side | None = None) -> PlannedSet:
    """The only set of a recording. It has no target and ends with the recording."""
    return PlannedSet(exercise, side)


def plan(
    routine: Routine, exercises: Mapping[str, Exercise], first: Side = "left"
) -> tuple[PlannedSet, ...]:
    """The sets of a routine in order. Sets on both sides alternate, starting with `first`."""
    return tuple(planned for step in routine.steps for planned in _sets(step, exercises, first))


def _sets(step: RoutineStep, exercises: Mapping[str, Exercise], first: Side) -> list[PlannedSet]:
    exercise = exercises[step.exercise]
    dose = exercise.dose
    sides: tuple[Side | None, ...] = (None,)
    if exercise.sides == "each":
        sides = (first, opposite(first)) if step.sides == 2 else (first,)
    hold_s = step.hold_s or (dose.hold_s if exercise.category == "hold" else None)
    # A set by the clock has no target of repetitions unless its step gives one.
    by_count = exercise.category == "reps" and step.time_s is None
    reps = step.reps or (dose.reps if by_count else None)
    rest_s = dose.rest_s if step.rest_s is None else step.rest_s
    change_s = min(CHANGE_S, rest_s)
    between_s = change_s if len(sides) > 1 else rest_s
    pause_s = min(BOUT_PAUSE_S, between_s)
    order = [
        (side, pause_s if left else between_s)
        for turn in step.turns
        for side in sides
        for left in reversed(range(turn))
    ]
    order[-1] = order[-1][0], change_s
    return [
        PlannedSet(exercise, side, number, len(order), hold_s, reps, step.time_s, rest_s)
        for number, (side, rest_s) in enumerate(order, 1)
    ]


def _pace(reps: Reps) -> float:
    """Seconds of one repetition at an easy pace: a third of the way from the shortest to the
    longest that counts."""
    return reps.min_s + (reps.max_s - reps.min_s) / 3
