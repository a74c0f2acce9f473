"""What the desk writes into its store while it runs, with the time of day."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DayState
from posecheck.io.output import OutputError
from posecheck.io.store.desk_store import DeskStore


class DayLog:
    """The desk's store, and the part of today that was stored before the start.

    Its methods raise OutputError when the disk refuses.
    """

    def __init__(self, store: DeskStore, before: DayState) -> None:
        self.store = store
        self._before, self._started_on = before, date.today()

    def day_before_start(self) -> DayState:
        """The part of today before the start. Empty on a later day: the first monitor may be made
        long after the start, when the camera was missing. May be called from any thread."""
        return self._before if date.today() == self._started_on else DayState()

    def add_minute(self, minute: Minute, ago_s: float) -> None:
        """Store a minute that ended these seconds ago."""
        self.store.add_minute(_now() - timedelta(seconds=max(0.0, ago_s)), minute)

    def add_break(self) -> None:
        """Store a break that was completed now."""
        self.store.add_break(_now(), True)

    def close(self) -> None:
        self.store.close()


def open_day_log() -> DayLog:
    """The log of today. When the disk refuses, a sentence goes to stderr and the days are kept in
    memory until the program ends. Never raises OutputError."""
    try:
        store = DeskStore()
        before = store.day_state(_now())
    except OutputError as error:
        print(error, file=sys.stderr)
        return DayLog(DeskStore(Path(":memory:")), DayState())
    if store.remark:
        print(store.remark, file=sys.stderr)
    return DayLog(store, before)


def _now() -> datetime:
    return datetime.now().astimezone()
