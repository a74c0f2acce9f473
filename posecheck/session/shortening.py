"""A routine made shorter: warm-up first, both sides, and each group of exercises in its share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from posecheck.exercise import Exercise, Routine, RoutineStep
from posecheck.session.safety import planned_s, step_s

LENGTHS_MIN = (5, 10, 15)
"""Lengths that a longer routine is offered in, minutes."""
LEAST_TIMER_S = 60.0
"""An exercise by the clock, such as a walk, is not made shorter than this."""
FILLED = 0.8
"""Share of the minutes that has to be filled for a length to be offered."""
MOST_ROUNDS = 3
"""How many times its sets a step may get: two to four rounds of a stretch are usual (ACSM, 4.5)."""
WARM_UP = "warmup"

_Kept = dict[int, RoutineStep]
"""Index in the routine as written -> the step."""


def resized(
    steps: Sequence[RoutineStep],
    exercises: Mapping[str, Exercise],
    wanted_s: float,
    most_rounds: int = 1,
) -> dict[int, RoutineStep]:
    """Index -> step of the steps that are left when they are made to fit.

    Amounts become smaller before exercises are left out: the longest exercise by the clock, down to
    `LEAST_TIMER_S`, then half of the sets of holds. Then the group that takes the most time loses
    its last exercise, until the rest fits. What was left out and still fits comes back, in written
    order. Sides and order stay. The first exercise of the warm-up stays, and one exercise that is
    no warm-up; these two may take longer than was wanted.

    wanted_s     planned seconds, with the ways from place to place
    most_rounds  where there is time left, each step gets one set more in turn, up to this many
                 times its sets
    """

    def over_s(kept: _Kept) -> float:
        return _length_s([kept[index] for index in sorted(kept)], exercises) - wanted_s

    kept = dict(enumerate(steps))
    if over_s(kept) <= 0:
        return _grown(kept, over_s, most_rounds)
    _shorten_timers(kept, exercises, over_s(kept))
    if over_s(kept) > 0:
        _halve_sets(kept, exercises)
    smaller = dict(kept)
    while over_s(kept) > 0 and (index := _next_out(kept, exercises)) is not None:
        del kept[index]
    for index, step in smaller.items():
        if index not in kept and over_s({**kept, index: step}) <= 0:
            kept[index] = step
    return kept


def lengths_of(
    steps: Sequence[RoutineStep], exercises: Mapping[str, Exercise], most_rounds: int = 1
) -> tuple[int, ...]:
    """The minutes of `LENGTHS_MIN` that the steps can have and that change their length. With
    `most_rounds`, as in `resized`, also those that at least `FILLED` of can be filled."""
    whole_s, found = _length_s(steps, exercises), []
    for minutes in LENGTHS_MIN:
        kept = resized(steps, exercises, 60 * minutes, most_rounds)
        length_s = _length_s([kept[index] for index in sorted(kept)], exercises)
        filled = length_s >= FILLED * 60 * minutes or whole_s > 60 * minutes
        if kept != dict(enumerate(steps)) and filled and length_s <= 60 * minutes:
            found.append(minutes)
    return tuple(found)


def _length_s(steps: Sequence[RoutineStep], exercises: Mapping[str, Exercise]) -> float:
    return planned_s(Routine("", "", "", 0, tuple(steps)), exercises)


def _grown(kept: _Kept, over_s: Callable[[_Kept], float], most_rounds: int) -> _Kept:
    """The steps with more sets, one more each in turn, while they fit."""
    rounds = [step for _ in range(1, most_rounds) for step in kept.items()]
    for index, step in rounds:
        for _ in range(step.sets):
            more = {**kept, index: replace(kept[index], sets=kept[index].sets + 1)}
            if over_s(more) <= 0:
                kept = more
    return kept


def _shorten_timers(kept: _Kept, exercises: Mapping[str, Exercise], over_s: float) -> None:
    """Take time off exercises by the clock, from the longest on, in whole half minutes."""

    def length_s(step: RoutineStep) -> float:
        return step.time_s or exercises[step.exercise].dose.time_s or 0.0

    timed = [index for index in kept if exercises[kept[index].exercise].category == "timer"]
    for index in sorted(timed, key=lambda index: -length_s(kept[index])):
        step = kept[index]
        spare_s = max(0.0, length_s(step) - LEAST_TIMER_S)
        off_s = min(spare_s, 30.0 * -(-over_s // 30.0))
        if off_s > 0:
            kept[index] = replace(step, time_s=length_s(step) - off_s)
            over_s -= off_s * step.sets


def _halve_sets(kept: _Kept, exercises: Mapping[str, Exercise]) -> None:
    """Halve the sets of holds, rounded up. Two sets of repetitions may be the two directions of a
    movement."""
    for index, step in kept.items():
        if exercises[step.exercise].category == "hold":
            kept[index] = replace(step, sets=-(-step.sets // 2))


def _next_out(kept: _Kept, exercises: Mapping[str, Exercise]) -> int | None:
    """Index of the step to leave out next; None when no more may be left out."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index in sorted(kept):
        groups[exercises[kept[index].exercise].group].append(index)
    if WARM_UP in groups:
        groups[WARM_UP] = groups[WARM_UP][1:]
    others = [index for name, indices in groups.items() if name != WARM_UP for index in indices]
    if len(others) == 1:
        del groups[exercises[kept[others[0]].exercise].group]
    heavy = max(groups.values(), key=lambda indices: _work(kept, exercises, indices), default=[])
    return heavy[-1] if heavy else None


def _work(kept: _Kept, exercises: Mapping[str, Exercise], indices: Sequence[int]) -> float:
    return sum(step_s(kept[index], exercises[kept[index].exercise]) for index in indices)
