"""Carries a skeleton from the picture that it was found in to a newer one, by optical flow.

A picture is shown as soon as it arrives, and its skeleton is known a frame or two later. Until
then the last skeleton is moved with the picture under its joints, so that both belong together.
Only the drawing uses it; nothing is judged on a carried joint.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import Image
from posecheck.pose import Pose

WIDTH_PX = 320
"""Width of the pictures in which the flow is measured. With 480 or 640 it is no more exact."""
WINDOW_PX, LEVELS = 15, 2
"""Window of Lucas and Kanade's method, and how often the picture is halved: a joint may move by a
tenth of the picture in a frame. In the clips of fast exercises, at 15 frames a second, joints that
move are 0.096 of the trunk's length beside the next frame's skeleton; carried they are 0.034. The
still ones are moved by 0.0001."""
ROUNDS, PRECISION_PX = 10, 0.03
"""The search for a joint ends after so many steps or with a smaller one."""
LONGEST_STEP = 0.1
"""Share of the picture's width that a joint moves at most from one picture to the next. A longer
way is a mistake of the flow, and the joint stays."""
KEPT = 16
"""Pictures that are kept until their skeleton comes: half a second, after which none is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """A picture that was shown, small and grey. It does not keep the large one in memory."""

    image: Callable[[], Image | None]
    grey: NDArray[np.uint8]

    @classmethod
    def of(cls, image: Image) -> _Picture:
        height, width = image.shape[:2]
        size = WIDTH_PX, max(1, round(height * WIDTH_PX / width))
        small = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        return cls(weakref.ref(image), np.asarray(grey, np.uint8))


class SkeletonFlow:
    """Keeps the newest skeleton on the newest picture.

    pose  the newest skeleton where the newest picture shows it, joints that were not seen NaN; None
          for none
    """

    def __init__(self) -> None:
        self.pose: Pose | None = None
        self._shown: deque[_Picture] = deque(maxlen=KEPT)

    def show(self, image: Image) -> None:
        """A picture, newer than all before, is shown. The skeleton moves with it."""
        newest = _Picture.of(image)
        if self._shown and self.pose is not None:
            self.pose = _carried(self.pose, self._shown[-1], newest)
        self._shown.append(newest)

    def found(self, pose: Pose | None, image: Image) -> None:
        """The skeleton of a picture is known; None when there is nobody. It is carried to the
        newest picture that was shown."""
        self.pose = pose
        if pose is None or not self._shown or self._shown[-1].image() is image:
            return
        shown = list(self._shown)
        places = [k for k, picture in enumerate(shown) if picture.image() is image]
        # A picture that was never shown: from it to the newest one at once.
        way = shown[places[-1] :] if places else [_Picture.of(image), shown[-1]]
        for before, after in pairwise(way):
            pose = _carried(pose, before, after)
        self.pose = pose


def _carried(pose: Pose, before: _Picture, after: _Picture) -> Pose:
    """The skeleton of a picture where another picture shows it."""
    seen = ~np.isnan(pose.px[:, 0])
    if before.grey.shape != after.grey.shape or not seen.any():
        return pose
    scale = WIDTH_PX / pose.size[0]
    joints = (pose.px[seen] * scale).astype(np.float32).reshape(-1, 1, 2)
    moved, found, _ = cv2.calcOpticalFlowPyrLK(
        before.grey, after.grey, joints, joints.copy(),
        winSize=(WINDOW_PX, WINDOW_PX), maxLevel=LEVELS,
        criteria=(cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ROUNDS, PRECISION_PX),
    )  # fmt: skip
    steps = (moved - joints).reshape(-1, 2)
    good = (found[:, 0] == 1) & (np.linalg.norm(steps, axis=1) <= LONGEST_STEP * WIDTH_PX)
    px = pose.px.copy()
    px[seen] += np.where(good[:, None], steps, 0.0) / scale
    return replace(pose, px=px)
