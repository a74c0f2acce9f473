"""The day at the desk in minutes: what the store keeps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posecheck.desk.alerts import Alert
from posecheck.desk.day import Breaks, DayTally
from posecheck.desk.states import DeskState

MINUTE_S = 60.0
"""The store and the charts keep one entry a minute."""


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of the stream.

    t             stream seconds at its end
    seconds       seconds per state; together with `paused_s` about 60
    slumps        confirmed slumps
    nudges        nudges shown
    spoken        sentences spoken
    paused_s      seconds with the camera off
    changes       changes of position
    breaks_due    breaks that became due
    breaks_taken  breaks taken
    """

    t: float
    seconds: Mapping[DeskState, float]
    slumps: int = 0
    nudges: int = 0
    spoken: int = 0
    paused_s: float = 0.0
    changes: int = 0
    breaks_due: int = 0
    breaks_taken: int = 0


class MinuteLog:
    """Cuts the growing totals of a day into minutes.

    A minute is the difference between the totals at its end and at its start.
    """

    def __init__(self, tally: DayTally, breaks: Breaks) -> None:
        self._tally, self._breaks = tally, breaks
        self._start_t = self._before_t = math.nan
        self._begin(math.nan)

    @property
    def before_t(self) -> float:
        """Time of the last call of `pass_time`; NaN before the first one."""
        return self._before_t

    def pass_time(self, t: float, camera_off: bool) -> None:
        """The stream has reached time t; since the last call the camera was off or not."""
        if math.isnan(self._before_t):
            self._begin(t)
        elif camera_off:
            self._paused_s += t - self._before_t
        self._before_t = t

    def count(self, alerts: Iterable[Alert]) -> None:
        """Add alerts to the minute that runs."""
        for alert in alerts:
            if alert.kind in self._alerts:
                self._alerts[alert.kind] += 1

    def finished(self, t: float) -> Minute | None:
        """The minute that has just ended; None while it runs."""
        return self.cut(t) if t - self._start_t >= MINUTE_S else None

    def cut(self, t: float) -> Minute | None:
        """End the minute that runs at time t, however short; None when it has just begun."""
        if not t > self._start_t:
            return None
        minute = self._minute(t)
        self._begin(t)
        return minute

    def restart(self, t: float) -> None:
        """Begin the first minute of a day at t: the totals have been reset. A break that was due
        before midnight and is still to be taken is due on this day too."""
        self._begin(t)
        self._due = self._taken = 0
        self._before_t = t

    def _begin(self, t: float) -> None:
        tally, breaks = self._tally, self._breaks
        self._start_t = t
        self._seconds = dict(tally.seconds)
        self._changes, self._due, self._taken = tally.changes, breaks.due, breaks.taken
        self._alerts = {"amber": 0, "nudge": 0, "speak": 0}
        self._paused_s = 0.0

    def _minute(self, t: float) -> Minute:
        tally, breaks = self._tally, self._breaks
        seconds = {
            state: total - before
            for state, total in tally.seconds.items()
            if total > (before := self._seconds.get(state, 0.0))
        }
        return Minute(
            t,
            seconds,
            slumps=self._alerts["amber"],
            nudges=self._alerts["nudge"],
            spoken=self._alerts["speak"],
            paused_s=self._paused_s,
            changes=tally.changes - self._changes,
            breaks_due=breaks.due - self._due,
            breaks_taken=breaks.taken - self._taken,
        )
