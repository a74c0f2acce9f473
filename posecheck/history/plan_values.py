"""What goes into the plan of a week, and what comes out, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from posecheck.exercise import Routine
from posecheck.history.plan_rules import Goal, Track


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants.

    minutes    of exercise a day, at most; walking is not part of them
    days       a week, 1 to 7
    walk       minutes of one walk, at most; 0 for no walks
    equipment  of `plan_rules.THINGS`
    older      65 or more: slower, and never level 3
    """

    goal: Goal = "back"
    minutes: int = 15
    days: int = 7
    walk: int = 30
    equipment: frozenset[str] = frozenset(("mat", "chair"))
    older: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the user told about their health.

    tags   keys of CONTRAINDICATIONS that were answered with yes
    asked  tag -> day of the answer; a tag without a day was answered at the first start
    pains  day -> pain of that day, 0 to 10
    """

    tags: frozenset[str] = frozenset()
    asked: Mapping[str, date] = field(default_factory=dict)
    pains: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """The user moves or skips what is due on a day."""

    day: date
    track: Track
    action: Literal["skip", "move"]
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is proposed: a key, and the words that its sentence needs."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanItem:
    """Something that is due.

    routine  what to do, at its level; None for walking, breathing and a lesson
    minutes  planned, rounded up
    rung     of its ladder
    lesson   id of a lesson, "" for none
    new      id of an exercise that was not done lately, "" for none
    done     it was done on its day
    """

    day: date
    track: Track
    minutes: int
    rung: int
    level: int
    why: tuple[Reason, ...]
    routine: Routine | None = None
    lesson: str = ""
    new: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """A week from Monday. Days before today have nothing: what was not done is not owed.

    ask    tags whose question has to be asked again before the next session
    rests  ids of exercises that rest because they hurt
    notes  what else to tell
    """

    monday: date
    items: tuple[PlanItem, ...]
    ask: tuple[str, ...]
    rests: frozenset[str]
    notes: tuple[Reason, ...]

    def of(self, day: date) -> tuple[PlanItem, ...]:
        """What is due on a day."""
        return tuple(item for item in self.items if item.day == day)
