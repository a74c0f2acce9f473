"""A physiotherapist's programme: exercises, doses, bands, dates and stop rules, in one file.

It is shown as theirs and never changed by posecheck. A band may move what a range rule asks for; no
file can relax an alignment or a stop rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from posecheck.exercise import Exercise, Routine, RoutineStep

PROGRAMME = "programme"
"""Id of a programme among the routines."""


@dataclass(frozen=True, slots=True)
class ProgrammeBand:
    """What a range rule of an exercise asks for in this programme, in the unit of its metric."""

    exercise: str
    rule: str
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class StopRule:
    """When not to begin: pain of today, 0 to 10, of at least `pain`, or at least `rise` above that
    of the day before. `words`: what else to stop for, shown before every session."""

    pain: int = 7
    rise: int = 3
    words: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeFile:
    """The file as it is written; days are ISO texts such as 2026-01-31."""

    title: str
    author: str
    begins: str
    ends: str
    days_a_week: int
    steps: tuple[RoutineStep, ...]
    written: str = ""
    note: str = ""
    bands: tuple[ProgrammeBand, ...] = ()
    stop: StopRule = StopRule()


@dataclass(frozen=True, slots=True)
class Programme:
    """A checked programme, from `begins` to `ends`, both included."""

    title: str
    author: str
    begins: date
    ends: date
    days_a_week: int
    steps: tuple[RoutineStep, ...]
    note: str
    bands: tuple[ProgrammeBand, ...]
    stop: StopRule

    def holds(self, day: date) -> bool:
        """Whether the programme is to be followed on a day."""
        return self.begins <= day <= self.ends

    def stops(self, today: int | None, yesterday: int | None) -> bool:
        """Whether its stop rule forbids a session with this pain; unknown pain forbids nothing."""
        if today is None:
            return False
        return today >= self.stop.pain or (
            yesterday is not None and today - yesterday >= self.stop.rise
        )

    @property
    def routine(self) -> Routine:
        """Its exercises as a routine."""
        about = f"From {self.author}."
        return Routine(PROGRAMME, self.title, about, 0, self.steps)

    def banded(self, exercises: Mapping[str, Exercise]) -> dict[str, Exercise]:
        """The exercises with the programme's bands."""
        found = dict(exercises)
        for band in self.bands:
            exercise = found[band.exercise]
            rules = tuple(
                replace(rule, min=band.min, max=band.max) if rule.id == band.rule else rule
                for rule in exercise.rules
            )
            found[band.exercise] = replace(exercise, rules=rules)
        return found
