"""What one camera can say about a desk: how far the screen is, whether it stands straight before
the user, and whether the camera is high enough.

The camera stands for the screen: it is built into it, or sits on top of it. Each answer is given
only where it holds for every usual camera and head; anything else is unknown.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

from posecheck.desk.calibration import Calibration
from posecheck.desk.features import SIDE_TURN_DEG, front_features
from posecheck.pose import Pose

Distance = Literal["near", "fine", "far", "unknown"]
Height = Literal["fine", "low", "unknown"]
Square = Literal["fine", "turned", "unknown"]

NEAREST_M, FARTHEST_M = 0.45, 1.02
"""Between them a screen is about an arm's length away: OSHA names 20 to 40 inches (0.51 to 1.02 m),
HSE an arm's length; small screens of laptops are usual from 0.45 m."""
EARS_M = (0.13, 0.155)
"""Width between the points that the pose model calls ears, metres. In clips with a known camera the
models of a man and a woman read 0.150 and 0.135."""
FOCAL_SHARES = (0.617, 0.83)
"""Focal length / width of the picture, for horizontal fields of view of 78 to 62 degrees: those of
usual webcams, and of their narrower pictures in 4:3."""
STRAIGHT_DEG, TURNED_DEG = 12.0, 25.0
"""The chest is straight before the camera up to the first, and turned from it from the second.
People who sit straight read 1 to 7 degrees, rendered ones at 44 degrees 26 to 34."""
HEAD_YAW = 0.25
"""Up to this YAW the width between the ears is within 5 % of its own: a turn of 17 degrees."""
WINDOW_S = 3.0
"""The answers rest on the medians of these last seconds: a glance aside changes none of them."""
FEWEST = 3
"""Fewest readings in the window: at least one a second is taken."""


@dataclass(frozen=True, slots=True)
class WorkplaceView:
    """What is known of the desk now.

    distance  of the screen from the eyes
    height    whether the camera is high enough to tell sitting tall from sinking, which it is at
              about the height of the eyes
    square    whether the screen is straight before the chest
    """

    distance: Distance = "unknown"
    height: Height = "unknown"
    square: Square = "unknown"


class WorkplaceCheck:
    """`update(t, pose, calibration)` per frame, t in seconds and increasing."""

    def __init__(self) -> None:
        self._readings: deque[tuple[float, float, float]] = deque()

    def update(self, t: float, pose: Pose | None, calibration: Calibration | None) -> WorkplaceView:
        """One frame; what is known after it. `pose`: None while the user is not seen."""
        while self._readings and self._readings[0][0] < t - WINDOW_S:
            self._readings.popleft()
        if pose is not None:
            features = front_features(pose)
            self._readings.append((t, _ears(features, pose.size[0]), features["facing"]))
        ears = [each for _, each, _ in self._readings if not math.isnan(each)]
        facing = [abs(each) for _, _, each in self._readings if not math.isnan(each)]
        return WorkplaceView(_distance(ears), _height(calibration), _square(facing))


def _ears(features: Mapping[str, float], width: int) -> float:
    """Width between the ears / width of the picture; NaN while the head is turned or not seen."""
    turned = not abs(features["YAW"]) <= HEAD_YAW or not abs(features["facing"]) < SIDE_TURN_DEG
    return math.nan if turned else features["ear_gap"] / width


def _distance(ears: list[float]) -> Distance:
    share = median(ears) if len(ears) >= FEWEST else 0.0
    if share <= 0:
        return "unknown"
    least, most = (f * m / share for f, m in zip(FOCAL_SHARES, EARS_M, strict=True))
    if most < NEAREST_M:
        return "near"
    if least > FARTHEST_M:
        return "far"
    return "fine" if least >= NEAREST_M and most <= FARTHEST_M else "unknown"


def _height(calibration: Calibration | None) -> Height:
    """From the set-up: before a camera that is too low, tall and tired look alike."""
    if calibration is None or not calibration.two_points or calibration.view != "front":
        return "unknown"
    return "low" if calibration.cannot_tell else "fine"


def _square(facing: list[float]) -> Square:
    if len(facing) < FEWEST:
        return "unknown"
    turn = median(facing)
    if turn <= STRAIGHT_DEG:
        return "fine"
    return "turned" if turn >= TURNED_DEG else "unknown"
