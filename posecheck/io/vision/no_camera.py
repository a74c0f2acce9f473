"""A session without a camera: frames that carry only the time, and no model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

import numpy as np

from posecheck.io.vision.pose_model import PoseModel
from posecheck.io.vision.source import Source
from posecheck.pose import Detection, Frame

NO_CAMERA_SPEC = "none"
"""The source of users who do without a camera, in the settings."""
TICK_S = 0.1
"""Seconds between two frames: keys answer within this time, and seconds are counted down evenly."""
NOBODY = Detection(None)


class ClockSource(Source):
    """Gives the time as blank frames. `min_interval_s` lengthens the time between them. Without
    `paced` the time passes as fast as it goes."""

    live = True
    blank = True

    def __init__(self, paced: bool = True) -> None:
        super().__init__("", (16, 9))
        self._paced = paced
        self._stop = Event()

    def __iter__(self) -> Iterator[Frame]:
        image = np.zeros((9, 16, 3), np.uint8)
        began, t = time.perf_counter(), 0.0
        while not self._stop.wait(max(TICK_S, self.min_interval_s) if self._paced else 0.0):
            t = time.perf_counter() - began if self._paced else t + TICK_S
            yield Frame(t, image)

    def close(self) -> None:
        self._stop.set()


def no_model(masks: bool = False) -> PoseModel:
    """A pose model that never sees a person. No model is loaded."""
    return PoseModel(lambda frame, need: NOBODY, lambda: None)
