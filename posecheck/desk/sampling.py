"""How soon the desk wants its next frame.

One a second in general; fewer while nothing changes; five a second only when the next frames decide
whether a slump is confirmed.
"""

from __future__ import annotations

import math

from posecheck.desk.alerts import AlertPolicy
from posecheck.desk.states import SLOUCHES, STILL_SW, DeskReading, DeskState

USUAL_S, SLOW_S, QUICK_S = 1.0, 2.0, 0.2
"""Seconds between frames: one or two a second cost next to nothing, five a second (biomechanics
3.3) are for deciding."""
QUICK_MOST_S = 60.0
"""Seconds of quick frames in one episode of slouching."""
CALM: frozenset[DeskState] = frozenset({"upright", "reclined", "away"})
CALM_S, UNMOVED_S = 120.0, 20.0
"""How long the state must have been the same, and nobody have moved, for slow frames."""
SINKING = 0.45
"""Slouch index that is not calm: where slouching, once begun, ends (biomechanics 3.2)."""


class SamplingRate:
    """How soon the next frame is wanted."""

    def __init__(self) -> None:
        self.min_interval_s = USUAL_S
        self._quick_s = 0.0
        self._before_t = self._moved_t = -math.inf
        self._places: tuple[complex, complex] | None = None

    def pause(self) -> None:
        self.min_interval_s, self._places = USUAL_S, None

    def update(self, reading: DeskReading, policy: AlertPolicy) -> None:
        t = reading.t
        if not policy.in_episode:
            self._quick_s = 0.0
        elif self.min_interval_s == QUICK_S:
            self._quick_s += t - self._before_t
        self._before_t = t
        self._follow(reading)
        if self._decisive(reading, policy):
            self.min_interval_s = QUICK_S
        else:
            self.min_interval_s = SLOW_S if self._quiet(reading) else USUAL_S

    def _decisive(self, reading: DeskReading, policy: AlertPolicy) -> bool:
        doubted = reading.checking or reading.question  # nothing is confirmed then
        decides = policy.confirming and reading.state in SLOUCHES and not doubted
        return decides and self._quick_s < QUICK_MOST_S

    def _follow(self, reading: DeskReading) -> None:
        """Remember when the person last moved."""
        now = reading.changes
        if not now or reading.state == "away":
            self._places = None
            return
        places = (complex(now["EX"], now["EY"]), complex(now["SX"], now["SY"]))
        if self._places is not None and not _near(places, self._places):
            self._moved_t = reading.t
        self._places = places

    def _quiet(self, reading: DeskReading) -> bool:
        same = reading.state in CALM and reading.t - reading.since >= CALM_S
        sinking = reading.index > SINKING
        return same and not sinking and reading.t - self._moved_t >= UNMOVED_S


def _near(places: tuple[complex, complex], before: tuple[complex, complex]) -> bool:
    """Not for unknown places: what is not seen may move."""
    return all(abs(a - b) <= STILL_SW for a, b in zip(places, before, strict=True))
