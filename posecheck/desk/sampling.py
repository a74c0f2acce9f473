"""How soon the desk needs its next frame.

Usually one per second; fewer while nothing changes; five per second only while the next frames
decide whether a slump is confirmed.
"""

from __future__ import annotations

import math

from posecheck.desk.alerts import AlertPolicy
from posecheck.desk.baseline import STILL_EXTENT
from posecheck.desk.states import SLOUCHES, DeskReading, DeskState

USUAL_S, SLOW_S, QUICK_S = 1.0, 2.0, 0.2
"""Seconds between frames: one or two frames per second cost next to nothing, five per second
(biomechanics 3.3) are for deciding."""
QUICK_MOST_S = 60.0
"""Maximum seconds of quick frames in one episode of slouching."""
PREVIEW_S = 0.2
"""Maximum seconds between frames while the user looks at them, and in recordings. At one frame per
second the model, which follows a person from frame to frame, shows the posture before for up to 4 s
after a movement (measured on rendered sitters); alerts wait longer than that, eyes do not."""
CALM_STATES: frozenset[DeskState] = frozenset({"upright", "reclined", "away"})
UNCHANGED_S, UNMOVED_S = 120.0, 20.0
"""Seconds for which the state must be unchanged, and the user unmoved, before frames get slow."""
SINKING_INDEX = 0.45
"""Slouch index above which the user is not calm: where slouching ends once it has begun
(biomechanics 3.2)."""


class SamplingRate:
    """How soon the next frame is needed: `min_interval_s`, seconds."""

    def __init__(self) -> None:
        self.min_interval_s = USUAL_S
        self._quick_s = 0.0
        self._before_t = self._moved_t = -math.inf
        self._places: tuple[complex, complex] | None = None

    def pause(self) -> None:
        """The camera is off."""
        self.min_interval_s, self._places = USUAL_S, None

    def update(self, reading: DeskReading, policy: AlertPolicy) -> None:
        """One frame, after `policy` has seen it."""
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
        """Remember when the user last moved."""
        now = reading.changes
        if not now or reading.state == "away":
            self._places = None
            return
        places = (complex(now["EX"], now["EY"]), complex(now["SX"], now["SY"]))
        if self._places is not None and not _near(places, self._places):
            self._moved_t = reading.t
        self._places = places

    def _quiet(self, reading: DeskReading) -> bool:
        unchanged = reading.state in CALM_STATES and reading.t - reading.since >= UNCHANGED_S
        sinking = reading.index > SINKING_INDEX
        return unchanged and not sinking and reading.t - self._moved_t >= UNMOVED_S


def _near(places: tuple[complex, complex], before: tuple[complex, complex]) -> bool:
    """False for unknown places: an unseen joint may move."""
    return all(abs(a - b) <= STILL_EXTENT for a, b in zip(places, before, strict=True))
