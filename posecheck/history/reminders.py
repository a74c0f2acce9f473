"""When to remind of what is due today: at times that the user chose, once each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

LATE = timedelta(hours=2)
"""How long a reminder waits for a free moment: after that it is no longer of its time."""
MOST_TIMES = 3
"""Times a day: more would be nagging."""


class Reminders:
    """Decides when to remind. `update` may be called at any pace."""

    def __init__(self) -> None:
        self._told: set[tuple[date, time]] = set()

    def update(self, now: datetime, times: Iterable[str], silent: bool, done: bool) -> bool:
        """Whether to remind now.

        now     local time
        times   "HH:MM"
        silent  a call, full screen or quiet hours: wait
        done    there was a session today, or nothing is due: stay quiet for the day
        """
        self._told = {told for told in self._told if told[0] >= now.date()}
        open_times = self._open(now, times)
        if not open_times or silent:
            return False
        self._told |= {(now.date(), at) for at in open_times}
        return not done

    def waits(self, now: datetime, times: Iterable[str]) -> bool:
        """Whether a reminder of now waits for a free moment."""
        return bool(self._open(now, times))

    def _open(self, now: datetime, times: Iterable[str]) -> list[time]:
        return [
            at
            for at in map(time.fromisoformat, sorted(set(times))[:MOST_TIMES])
            if (now.date(), at) not in self._told and _since(now, at) is not None
        ]


def _since(now: datetime, at: time) -> timedelta | None:
    """How long ago a time of today was; None when it is to come, or too long ago."""
    ago = now.replace(tzinfo=None) - datetime.combine(now.date(), at)
    return ago if timedelta() <= ago <= LATE else None
