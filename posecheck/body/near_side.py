"""Which flank is towards the camera, decided once for everything that depends on it.

A single pose answers by `geometry.near_side`, and that answer may be wrong for a few frames when
limbs cross or a body turns. `NearSide` is the answer over time. `Measurer` owns one and publishes
its answer as `Measurer.near`; code that works on the stream of one person should take that answer
instead of asking a single pose.
"""

from __future__ import annotations

from posecheck.pose import Side
from posecheck.timing import Lasted

NEAR_AFTER_S = 1.0
"""Contrary evidence without a break that is needed before the near side changes
(biomechanics 2A.1)."""


class NearSide:
    """The near side over time: the first pose sets it, and NEAR_AFTER_S of contrary poses change
    it.

    side  the answer now; None before the first pose
    """

    def __init__(self) -> None:
        self.side: Side | None = None
        self._contrary = Lasted()

    def update(self, t: float, seen: Side | None) -> Side | None:
        """The near side at time t (seconds, increasing), given what the pose of this frame says
        (`geometry.near_side`); None without a pose, which ends a contrary stretch."""
        if self.side is None:
            self.side = seen
        contrary = seen is not None and seen != self.side
        if self._contrary.update(t, contrary) >= NEAR_AFTER_S:
            self.side = seen
            self._contrary.reset()
        return self.side
