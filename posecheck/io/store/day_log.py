"""What the desk writes into its store while it runs, with the time of day."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta

from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DayState
from posecheck.io.clock import steady_s
from posecheck.io.output import OutputError
from posecheck.io.store.desk_store import DeskStore

CLOCK_JUMPED_S = 3600.0
"""Seconds by which the clock may differ from the time that has passed. Clocks are set by less than
a second, by hand by minutes; an hour or a year is a mistake of this clock, now or before."""


class DayLog:
    """The desk's store, and the part of today that was stored before the start.

    What is added is never lost to a disk that refuses (`DeskStore`), and nothing raises.

    now     the time of day, aware and local
    steady  seconds of a clock that cannot be set
    """

    def __init__(
        self,
        store: DeskStore,
        before: DayState,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        steady: Callable[[], float] = steady_s,
    ) -> None:
        self.store = store
        self._now, self._steady = now, steady
        self._before, self._started_on = before, now().date()
        self._pruned_on: date | None = None
        self._clock_zero_s = self._clock_less_steady_s()

    @property
    def trouble(self) -> str:
        """Why what was added is not on the disk, a sentence or two; "" when it is."""
        return self.store.trouble

    def take_remark(self) -> str:
        """What became of a file that could not be used, once; "" for nothing."""
        return self.store.take_remark()

    def day_before_start(self) -> DayState:
        """The part of today before the start. Empty on a later day: the first monitor may be made
        long after the start, when the camera was missing. May be called from any thread."""
        return self._before if self._now().date() == self._started_on else DayState()

    def add_minute(self, minute: Minute, ago_s: float) -> None:
        """Store a minute that ended these seconds ago."""
        self.store.add_minute(self._now() - timedelta(seconds=max(0.0, ago_s)), minute)
        self._prune(self._now().date())

    def add_break(self) -> None:
        """Store a break that was completed now."""
        self.store.add_break(self._now(), True)

    def add_nudge(self, kind: str, cause: str, answer: str) -> None:
        """Store an alert that was answered now."""
        self.store.add_nudge(self._now(), kind, cause, answer)

    def close(self) -> None:
        self.store.close()

    def _prune(self, today: date) -> None:
        """Once a day, unless the clock was set by much while this program ran."""
        jumped = abs(self._clock_less_steady_s() - self._clock_zero_s) > CLOCK_JUMPED_S
        if today == self._pruned_on or jumped or self.trouble:
            return
        try:
            self.store.prune()
        except OutputError:  # the next minute says why
            return
        self._pruned_on = today

    def _clock_less_steady_s(self) -> float:
        """Constant while the clock is not set."""
        return self._now().timestamp() - self._steady()


def open_day_log() -> DayLog:
    """The log of today. When the disk refuses, a sentence goes to stderr, and what is added waits
    until the disk takes it. Never raises OutputError."""
    store = DeskStore(patient=True)
    try:
        before = store.day_state(datetime.now().astimezone())
    except OutputError as error:
        print(error, file=sys.stderr)
        before = DayState()
    for sentence in (store.trouble, store.remark):
        if sentence:
            print(sentence, file=sys.stderr)
    return DayLog(store, before)
