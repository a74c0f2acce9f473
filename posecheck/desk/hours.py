"""The hours and days of the desk: how a user sat at each hour of the day, and on each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from posecheck.desk.states import OFF_CHAIR, SCORABLE, SLOUCHES, DeskState


@dataclass(frozen=True, slots=True)
class DeskHour:
    """An hour of the day (0 to 23), summed over days. Seconds.

    well_s   the posture was judged, and not sunk
    sunk_s   sunk down or head forward
    moved_s  standing or away
    other_s  looking elsewhere, or can't tell
    """

    hour: int
    well_s: float = 0.0
    sunk_s: float = 0.0
    moved_s: float = 0.0
    other_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DeskDay:
    """A day at the desk. Seconds, as in `DeskHour`."""

    day: date
    well_s: float = 0.0
    sunk_s: float = 0.0
    moved_s: float = 0.0
    other_s: float = 0.0


K = TypeVar("K", int, date)


def by_hour(minutes: Iterable[tuple[int, Mapping[DeskState, float]]]) -> tuple[DeskHour, ...]:
    """The hours with any time, in order. `minutes`: (hour of the local day, seconds per state)."""
    return tuple(DeskHour(hour, *sums) for hour, sums in _sums(minutes))


def by_day(minutes: Iterable[tuple[date, Mapping[DeskState, float]]]) -> tuple[DeskDay, ...]:
    """The days with any time, in order. `minutes`: (day, seconds per state)."""
    return tuple(DeskDay(day, *sums) for day, sums in _sums(minutes))


def _sums(minutes: Iterable[tuple[K, Mapping[DeskState, float]]]) -> list[tuple[K, list[float]]]:
    """Seconds of the four parts, by key, in order."""
    sums: dict[K, list[float]] = {}
    for key, seconds in minutes:
        total = sums.setdefault(key, [0.0] * 4)
        for state, value in seconds.items():
            total[_part(state)] += value
    return sorted(sums.items())


def _part(state: DeskState) -> int:
    if state in SLOUCHES:
        return 1
    if state in SCORABLE:
        return 0
    return 2 if state in OFF_CHAIR else 3
