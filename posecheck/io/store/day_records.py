"""What the store of the desk answers: the minutes, the breaks and the nudges of a local day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from posecheck.desk.day import DayScore
from posecheck.desk.states import DeskState


@dataclass(frozen=True, slots=True)
class MinuteRecord:
    """One stored minute. `when` is its end in the local time of that day; `state` the one that
    lasted longest, None when the camera was off for most of it."""

    when: datetime
    state: DeskState | None
    seconds: Mapping[DeskState, float]
    paused_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A local day in numbers. Without minutes all are zero, and the score's total is None."""

    day: date
    seconds: Mapping[DeskState, float]
    paused_s: float
    slumps: int
    nudges: int
    spoken: int
    changes: int
    breaks_due: int
    breaks_taken: int
    score: DayScore


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A local day: its minutes in order, the offered breaks as (when, taken), the nudges as (when,
    kind, cause, answer). The counts of the summary come from the minutes."""

    summary: DaySummary
    minutes: tuple[MinuteRecord, ...] = ()
    breaks: tuple[tuple[datetime, bool], ...] = ()
    nudges: tuple[tuple[datetime, str, str, str], ...] = ()
