"""A baseline that follows the user very slowly, and only while they clearly sit well and still."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from posecheck.desk.calibration import SLOUCH_FEATURES, Calibration, departure
from posecheck.desk.features import Features

DRIFT_PER_MIN, DRIFT_MOST = 0.02, 0.25
"""Shares of the span from tall to slump by which a baseline may move per minute, and in total
(biomechanics 3.3)."""
NOMINAL_SPANS: Mapping[str, float] = {
    "EV": -20.0, "HS": 12.0, "EY": 0.20, "SWr": 0.08, "F": 0.17,
    "neck_incl": 20.0, "head_trunk": 20.0, "trunk_incl": 20.0,
}  # fmt: skip
"""The span of a user without a second point: 1/0.6 of where one-point slouching begins, SWr and F
of the moderate to severe slump of biomechanics 3.2."""
STILL_FOR_S, STILL_EXTENT = 8.0, 0.1
"""A user whose ears and shoulders stay within a tenth of a shoulder width for this long sits
still."""

_Places = tuple[float, complex, complex]
"""Time, ears, shoulders."""


class Drift:
    """How far a baseline has moved from the calibrated one: `offsets`, as changes."""

    def __init__(self, calibration: Calibration) -> None:
        names = SLOUCH_FEATURES[calibration.view]
        self._spans = {name: NOMINAL_SPANS[name] for name in names} | dict(calibration.slump)
        self.offsets: Features = dict.fromkeys(self._spans, 0.0)

    def follow(self, seconds: float, changes: Features) -> None:
        """Move towards `changes` (already corrected), by as much as these seconds of quiet
        uprightness allow."""
        for name, span in self._spans.items():
            value = departure(changes, name)
            if not math.isnan(value):
                most = abs(span) * DRIFT_PER_MIN * seconds / 60
                limit = abs(span) * DRIFT_MOST
                moved = self.offsets[name] + math.copysign(min(most, abs(value)), value)
                self.offsets[name] = max(-limit, min(limit, moved))

    def corrected(self, changes: Features) -> Features:
        """The changes against the moved baseline."""
        return {name: value - self.offsets.get(name, 0.0) for name, value in changes.items()}


class BaselineFollower:
    """Lets a `drift` follow the user while they sit well and have been still for STILL_FOR_S."""

    def __init__(self, calibration: Calibration) -> None:
        self.drift = Drift(calibration)
        self._still: deque[_Places] = deque()

    def moved(self) -> None:
        """The user moved, or was not seen: begin to wait for stillness again."""
        self._still.clear()

    def follow(self, t: float, step: float, changes: Features, sits_well: bool) -> None:
        """One frame at time t that stands for `step` seconds; `changes` are corrected ones."""
        ears = complex(changes["EX"], changes["EY"])
        shoulders = complex(changes["SX"], changes["SY"])
        if not sits_well or math.isnan(abs(ears)) or math.isnan(abs(shoulders)):
            self.moved()
            return
        self._still.append((t, ears, shoulders))
        while len(self._still) > 2 and t - self._still[1][0] >= STILL_FOR_S:
            self._still.popleft()
        if t - self._still[0][0] >= STILL_FOR_S and _extent(self._still) <= STILL_EXTENT:
            self.drift.follow(step, changes)


def _extent(places: deque[_Places]) -> float:
    """The largest movement of ears or shoulders, horizontal or vertical, in shoulder widths."""
    spans = []
    for which in (1, 2):
        points = [place[which] for place in places]
        for values in ([p.real for p in points], [p.imag for p in points]):
            spans.append(max(values) - min(values))
    return max(spans)
