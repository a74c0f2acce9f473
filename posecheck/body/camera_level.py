"""Reads how far the camera leans.

A camera that leans by one degree changes every angle against the vertical by one degree. A user
who stands straight and still shows it. Nothing else in the landmarks does: a body may lie, sit or
bend at any angle.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

from posecheck.body.framing import camera_roll
from posecheck.body.geometry import angle, body_of
from posecheck.pose import SIDES, Pose

STILL_S, WINDOW_S = 0.5, 1.5
"""The body must stand still for STILL_S; the lean is the median over the last WINDOW_S."""
SPREAD_DEG = 3.0
"""Maximum spread of the lean within the window, degrees: a body that sways is not read."""
LEANS_DEG, LEVEL_DEG = 3.0, 2.0
"""Degrees from which the camera leans, and below which it is level again. Less is the body's own.
Before level cameras, people who stand straight read -1.3 to 1.1 in 13 rendered clips and -1.1 to
2.1 in 7 recordings of real people; before a camera that leans by 8, 9.3."""
STEEPEST_DEG = 15.0
"""A larger lean, degrees, is not corrected: the picture must be turned."""
CENTRE = 0.15
"""The lean is read within this share of the picture's width from its middle: farther out, upright
lines lean by more than 4 degrees when the camera looks down by 20."""
STEP_DEG = 1.0
"""The lean in use follows a new reading that differs by at least this, degrees."""


LYING_DEG, ALONG_DEG = 25.0, 45.0
"""A trunk within LYING_DEG of the picture's horizontal, with thighs that go on along it within
ALONG_DEG, lies along the picture."""


def lies_along(pose: Pose) -> bool:
    """Whether a stretched body lies along the picture. In an exercise that is done upright, the
    camera then lies on its side, or the user does. False where thighs are not seen."""
    body = body_of(pose)
    lying = math.degrees(math.atan2(abs(body.up.imag), abs(body.up.real)))
    bends = [angle(body.trunk, body.p("hip", s) - body.p("knee", s)) for s in SIDES]
    return lying <= LYING_DEG and any(bend <= ALONG_DEG for bend in bends)


class CameraLevel:
    """Measures the lean of the camera while the user stands straight and still.

    lean  degrees, + clockwise; 0 while unknown, and when the camera is level or leans by more than
          STEEPEST_DEG
    """

    def __init__(self) -> None:
        self.lean = 0.0
        self._readings: deque[tuple[float, float]] = deque()

    def update(self, t: float, pose: Pose | None) -> bool:
        """Take a frame at time t (seconds, increasing). Returns whether `lean` has changed."""
        reading = math.nan if pose is None else _reading(pose)
        if math.isnan(reading):
            self._readings.clear()
            return False
        readings = self._readings
        readings.append((t, reading))
        while t - readings[0][0] > WINDOW_S:
            readings.popleft()
        values = [value for _, value in readings]
        if t - readings[0][0] < STILL_S or max(values) - min(values) > SPREAD_DEG:
            return False
        now = median(values)
        least = LEVEL_DEG if self.lean else LEANS_DEG
        lean = now if least <= abs(now) <= STEEPEST_DEG else 0.0
        if abs(lean - self.lean) < STEP_DEG:
            return False
        self.lean = lean
        return True


def _reading(pose: Pose) -> float:
    """The lean of a straight body in the middle of the picture, degrees; NaN for others."""
    body = body_of(pose)
    central = abs(body.mid_hip.real / pose.size[0] - 0.5) <= CENTRE
    return body.value(camera_roll) if central else math.nan
