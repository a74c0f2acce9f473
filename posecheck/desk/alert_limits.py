"""What keeps alerts rare: the window that confirms a slump, the time a state must last, and the
limits on how often the user is disturbed."""

from __future__ import annotations

import math
from collections import deque

WINDOW_S = 45.0
SLOUCHING_SHARE, SCORABLE_S = 0.70, 25.0
"""Slouching is confirmed when it fills this share of the judged seconds in the window, of which
there must be at least SCORABLE_S."""

NUDGE_APART_S, SPEAK_APART_S = 600.0, 1200.0
SPOKEN_PER_HOUR, HOUR_S = 4, 3600.0
IGNORED_AFTER_S = 120.0
"""A nudge that changed nothing for this long was ignored."""
IGNORED_MOST, BACK_OFF_S = 3, 3600.0
"""After IGNORED_MOST ignored nudges in a row, suppress nudges for BACK_OFF_S."""

DWELL_GAP_S = 3.0
"""A shorter interruption does not reset the time a state has lasted."""


class SlouchWindow:
    """The judged seconds of the last WINDOW_S."""

    def __init__(self) -> None:
        self._items: deque[tuple[float, float, bool]] = deque()
        self._before: bool | None = None
        self._seconds = {True: 0.0, False: 0.0}

    def clear(self) -> None:
        self._items.clear()
        self._before = None
        self._seconds = {True: 0.0, False: 0.0}

    def update(self, t: float, step: float, slouching: bool | None) -> None:
        """`step` seconds that end at t; None when not judged.

        A change happened somewhere between two frames. Each of the two answers gets half of the
        step: otherwise a slump that begins between slow frames and ends between quick ones would
        become longer than it was.
        """
        before, self._before = self._before, slouching
        if slouching is not None:
            self._add(t, step / 2, slouching if before is None else before)
            self._add(t, step / 2, slouching)
        while self._items and t - self._items[0][0] >= WINDOW_S:
            _, seconds, which = self._items.popleft()
            self._seconds[which] -= seconds

    def _add(self, t: float, seconds: float, slouching: bool) -> None:
        self._items.append((t, seconds, slouching))
        self._seconds[slouching] += seconds

    @property
    def near(self) -> bool:
        """Whether there are as many slouching seconds as the fewest that confirm."""
        return self._seconds[True] >= SLOUCHING_SHARE * SCORABLE_S

    @property
    def confirmed(self) -> bool:
        """Whether the window holds enough judged seconds, and enough of them slouching."""
        total = self._seconds[True] + self._seconds[False]
        return total >= SCORABLE_S and self._seconds[True] >= SLOUCHING_SHARE * total


class RateLimiter:
    """How often the user may be disturbed: pauses between alerts, four sentences an hour, and no
    alerts after the user ignored several."""

    def __init__(self) -> None:
        self._nudged = self._spoken = -math.inf
        self._hour: deque[float] = deque()
        self._pending_t = math.nan
        self._ignored = 0
        self._quiet_until = -math.inf

    @property
    def pending(self) -> bool:
        """Whether the user has been nudged and has not answered yet."""
        return not math.isnan(self._pending_t)

    def may_nudge(self, t: float) -> bool:
        return t >= self._quiet_until and t - self._nudged >= NUDGE_APART_S

    def may_speak(self, t: float) -> bool:
        while self._hour and t - self._hour[0] >= HOUR_S:
            self._hour.popleft()
        rested = t - self._spoken >= SPEAK_APART_S and len(self._hour) < SPOKEN_PER_HOUR
        return t >= self._quiet_until and rested

    def nudged(self, t: float) -> None:
        """A nudge was shown: an answer is pending."""
        self._nudged = self._pending_t = t

    def spoken(self, t: float) -> None:
        """A sentence was spoken: an answer is pending."""
        self._spoken = self._pending_t = t
        self._hour.append(t)

    def forgive(self) -> None:
        """Discard the pending nudge: its effect is unknown."""
        self._pending_t = math.nan

    def heeded(self) -> None:
        """The user followed a nudge."""
        self._pending_t, self._ignored = math.nan, 0

    def paused(self, seconds: float) -> None:
        """Exclude these seconds from the time to answer: the user was away or not judged."""
        self._pending_t += seconds

    def snoozed(self, t: float) -> bool:
        """The user put the nudge off. Returns whether nudges are now suppressed."""
        self._pending_t = math.nan
        self._ignored += 1
        if self._ignored < IGNORED_MOST:
            return False
        self._ignored, self._quiet_until = 0, t + BACK_OFF_S
        return True

    def gave_up(self, t: float) -> bool:
        """Whether the pending nudge has just been ignored, and nudges are now suppressed."""
        return t - self._pending_t >= IGNORED_AFTER_S and self.snoozed(t)


class StateDwell:
    """Seconds for which a state has lasted, without short interruptions."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._last = -math.inf

    def clear(self) -> None:
        self._seconds = 0.0

    def update(self, t: float, step: float, on: bool) -> float:
        """The seconds after the frame at time t, which stands for `step` seconds."""
        if on:
            self._seconds += step
            self._last = t
        elif t - self._last > DWELL_GAP_S:
            self._seconds = 0.0
        return self._seconds
