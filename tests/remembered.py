"""Led sessions that are written into a history, with a clock of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from led import BOW, STAND, LedSession, Seen, hold, lead

from posecheck.io.store.history_writer import HistoryWriter, SessionTitle
from posecheck.session.plan import PlannedSet

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)
TITLE = SessionTitle("Lower back", "lower_back", level=2, model="lite")
TWO_SETS = (hold(STAND, 3.0), hold(BOW, 8.0))


@dataclass
class Clock:
    """Time that the test sets. `jump` is what the wall clock is ahead of the steady one."""

    t: float = 0.0
    begin: datetime = NINE
    jump: timedelta = field(default_factory=timedelta)

    def set(self, t: float) -> None:
        self.t = t

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.t) + self.jump


def writer(path: Path, clock: Clock) -> HistoryWriter:
    return HistoryWriter(path, now=clock.now, clock=lambda: clock.t)


def remember(
    path: Path,
    *pieces: tuple[Seen, float],
    sets: Sequence[PlannedSet] = TWO_SETS,
    clock: Clock | None = None,
    title: SessionTitle = TITLE,
) -> tuple[LedSession, HistoryWriter]:
    """Lead a session and write it into the history at `path`."""
    clock = clock or Clock()
    history = writer(path, clock)
    history.begin(title, sets)
    led = lead(sets, *pieces, history=history, clock=clock.set)
    history.end("left")
    return led, history
