"""How long something has lasted, how long something is kept, and where a yes turns into a no.

Three small machines that every package uses. Times are seconds of the frames, increasing; nothing
here reads a clock.
"""

from __future__ import annotations

import math
from typing import Generic, TypeVar

T = TypeVar("T")


class Lasted:
    """Measures how long a condition has held without a break.

    The first frame in which the condition holds counts 0 s. One frame in which it does not hold
    ends the stretch.
    """

    def __init__(self) -> None:
        self._since: float | None = None

    def update(self, t: float, holds: bool) -> float:
        """Seconds for which the condition has held at time t; 0 while it does not hold."""
        if not holds:
            self._since = None
        elif self._since is None:
            self._since = t
        return 0.0 if self._since is None else t - self._since

    def reset(self) -> None:
        """End the stretch."""
        self._since = None

    @property
    def running(self) -> bool:
        """Whether the condition held in the last frame."""
        return self._since is not None


class MinDwell(Generic[T]):
    """Keeps a value for a minimum time before another one replaces it, so that nothing flickers.

    value  what is shown now
    """

    def __init__(self, min_s: float, value: T) -> None:
        self.value = value
        self._min_s = min_s
        self._since = -math.inf

    def update(self, t: float, wanted: T, *, at_once: bool = False) -> T:
        """The value to show at time t; with `at_once` the wanted one, without delay."""
        if wanted != self.value and (at_once or t - self._since >= self._min_s):
            self.value, self._since = wanted, t
        return self.value


class Hysteresis:
    """A yes that begins at one limit and ends at another, so that a value between them changes
    nothing.

    begins, ends  with `begins` above `ends`, a value of at least `begins` turns it on and a value
                  below `ends` turns it off; with `begins` below `ends`, a value of at most `begins`
                  turns it on and a value above `ends` turns it off
    on            the answer now
    """

    def __init__(self, begins: float, ends: float, on: bool = False) -> None:
        self.begins, self.ends, self.on = begins, ends, on

    def update(self, value: float) -> bool:
        """The answer for a new value. NaN changes nothing."""
        if math.isnan(value):
            return self.on
        sign = 1.0 if self.begins >= self.ends else -1.0
        limit = self.ends if self.on else self.begins
        self.on = sign * value >= sign * limit
        return self.on


class Backoff:
    """Seconds to wait before the next attempt: `first_s`, doubled after each, at most `most_s`.

    The waits start again after it has worked for at least as long as the last wait. So a rare
    glitch never costs more than `first_s`, and at most half of the time is spent waiting.
    """

    def __init__(self, first_s: float, most_s: float) -> None:
        self._first_s, self._most_s = first_s, most_s
        self._last_s = 0.0

    def next_s(self, worked_s: float) -> float:
        """The wait after an attempt that worked for so many seconds, 0 when it failed at once."""
        grown_s = max(self._first_s, min(2 * self._last_s, self._most_s))
        worked = worked_s >= self._last_s
        self._last_s = self._first_s if worked else grown_s
        return self._last_s

    def reset(self) -> None:
        """Start again."""
        self._last_s = 0.0
