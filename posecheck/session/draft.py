"""A routine that the user looks at before the start, and changes: for one session, or to keep.

What the tags and the level have made of the routine is the beginning. The user leaves out, moves,
changes and adds steps, and chooses a length. A step that the user has left out stays in the draft,
so that it can be put back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.exercise import Exercise, Routine, RoutineStep
from posecheck.session.safety import levelled, own_step, step_s, suited, with_steps
from posecheck.session.shortening import lengths_of, resized

KNEELING = frozenset(("kneeling", "quadruped"))
"""Positions with the weight on the knees."""

StepState = Literal["in", "out", "no_time"]
"""in: is done; out: the user has left it out; no_time: it does not fit into the minutes."""


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A step of the draft as it is shown.

    key      stays with the step when it is moved
    step     with the amounts of the session, or, for one that is not done, its own
    planned  with the amounts before the length was chosen
    seconds  planned length
    """

    key: int
    exercise: Exercise
    step: RoutineStep
    planned: RoutineStep
    state: StepState
    seconds: float


class RoutineDraft:
    """The routine of a user with these tags at this level.

    most_rounds  as in `resized`: more than 1 where a longer length may be chosen

    changes  what the tags have changed
    minutes  the chosen length, None for the whole routine
    edited   whether the user has changed anything but the length
    """

    def __init__(
        self,
        routine: Routine,
        exercises: Mapping[str, Exercise],
        tags: Collection[str] = (),
        level: int = 2,
        most_rounds: int = 1,
    ) -> None:
        fitting, self.changes = suited(routine, exercises, tags)
        fitting = levelled(fitting, exercises, level)
        self.written, self.tags = routine, frozenset(tags)
        self.minutes: int | None = None
        self.edited = False
        self._exercises, self._most_rounds = exercises, most_rounds
        self._steps = dict(enumerate(fitting.steps))
        self._order = list(self._steps)
        self._out: set[int] = set()

    @property
    def routine(self) -> Routine:
        """What is done, with its planned length. It has no steps when all are left out."""
        done = [each.step for each in self.steps if each.state == "in"]
        made = with_steps(self.written, self._exercises, done)
        return replace(made, fixed=True)

    @property
    def whole(self) -> Routine:
        """The same without the chosen length: what is kept as the user's own."""
        kept = [self._steps[key] for key in self._kept]
        return replace(with_steps(self.written, self._exercises, kept), fixed=True)

    @property
    def steps(self) -> tuple[DraftStep, ...]:
        """All steps in order, also those that are not done."""
        kept = self._kept
        fitted = dict(enumerate(self._steps[key] for key in kept))
        if self.minutes is not None:
            wanted_s = 60.0 * self.minutes
            fitted = resized(tuple(fitted.values()), self._exercises, wanted_s, self._most_rounds)
        done = {kept[index]: step for index, step in fitted.items()}
        return tuple(self._shown(key, done.get(key)) for key in self._order)

    def _shown(self, key: int, done: RoutineStep | None) -> DraftStep:
        planned = self._steps[key]
        step, exercise = done or planned, self._exercises[planned.exercise]
        state: StepState = "out" if key in self._out else "no_time" if done is None else "in"
        return DraftStep(key, exercise, step, planned, state, step_s(step, exercise))

    @property
    def lengths(self) -> tuple[int, ...]:
        """The minutes that can be chosen instead of the whole."""
        kept = [self._steps[key] for key in self._kept]
        return lengths_of(kept, self._exercises, self._most_rounds)

    @property
    def kneeling(self) -> tuple[int, ...]:
        """Keys of the steps with the weight on the knees that are not left out."""
        return tuple(
            key
            for key in self._kept
            if self._exercises[self._steps[key].exercise].position in KNEELING
        )

    def leave_out(self, keys: Iterable[int], out: bool = True) -> None:
        """Leave out steps, or put them back."""
        self._out = self._out | set(keys) if out else self._out - set(keys)
        self._edit()

    def move(self, key: int, by: int) -> bool:
        """Move a step by one place, earlier (-1) or later (1). False at the end of the list."""
        place = self._order.index(key)
        if not 0 <= place + by < len(self._order):
            return False
        self._order.insert(place + by, self._order.pop(place))
        self._edit()
        return True

    def change(self, key: int, step: RoutineStep) -> None:
        """Give a step other amounts."""
        self._steps[key] = step
        self._edit()

    def add(self, exercise: str) -> int:
        """Add an exercise at the end with its own dose. Returns the key of the step. Raises
        ValueError for one that the tags exclude."""
        made = self._exercises[exercise]
        if self.tags & set(made.contraindications):
            raise ValueError(f"the user's tags exclude {exercise}")
        key = max(self._steps, default=-1) + 1
        self._steps[key] = own_step(made)
        self._order.append(key)
        self._edit()
        return key

    def holds(self, exercise: str) -> bool:
        """Whether an exercise is in the draft and not left out."""
        return any(self._steps[key].exercise == exercise for key in self._kept)

    @property
    def _kept(self) -> list[int]:
        return [key for key in self._order if key not in self._out]

    def _edit(self) -> None:
        self.edited = True
        if self.minutes is not None and self.minutes not in self.lengths:
            self.minutes = None


def composed(name: str, about: str, chosen: Iterable[Exercise]) -> Routine:
    """A routine of these exercises, each with its own dose: the warm-up first, then standing, on a
    chair and on the floor, each position once, and moves before holds."""
    places = ("standing", "chair")

    def order(each: Exercise) -> tuple[bool, int, str, bool]:
        place = places.index(each.position) if each.position in places else len(places)
        return each.group != "warmup", place, each.position, each.category == "hold"

    steps = tuple(own_step(each) for each in sorted(chosen, key=order))
    return Routine("", name, about, 0, steps)
