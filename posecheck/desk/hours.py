"""The hours of the desk: how a user sat at each hour of the day, over many days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


def by_hour(minutes: Iterable[tuple[int, Mapping[DeskState, float]]]) -> tuple[DeskHour, ...]:
    """The hours with any time, in order. `minutes`: (hour of the local day, seconds per state)."""
    sums: dict[int, list[float]] = {}
    for hour, seconds in minutes:
        total = sums.setdefault(hour, [0.0] * 4)
        for state, value in seconds.items():
            total[_part(state)] += value
    return tuple(DeskHour(hour, *sums[hour]) for hour in sorted(sums))


def _part(state: DeskState) -> int:
    if state in SLOUCHES:
        return 1
    if state in SCORABLE:
        return 0
    return 2 if state in OFF_CHAIR else 3
