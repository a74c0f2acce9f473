"""What the desk reads from the machine: its camera, a clock that also runs while the computer
sleeps, and frames, live and recorded ones alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

from posecheck.body.brightness import brightness
from posecheck.body.liveness import Liveness
from posecheck.desk.observation import (
    DARK_LUMA,
    FROZEN,
    LIGHT_LUMA,
    TOO_DARK,
    DeskObservation,
    desk_observation_of,
)
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.live import Playlist
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC, ClockSource
from posecheck.pose import Detection, Frame, MaskNeed
from posecheck.timing import Hysteresis

DESK_CAMERA_SIZE = (640, 480)
"""Size to request from a camera. The model works on 256 x 256 pixels, and a larger frame costs more
to decode."""
FIRST_INTERVAL_S = 1.0
"""Seconds between frames until the monitor sets an interval."""
DESK_CALM_S = 60.0
"""`calm_s` of the estimator at the desk. A person there is alone and stays in place, and at one
frame per second the usual fresh detections are a sixth of all the work."""


def open_desk_source(spec: str, fast: bool = False) -> Source:
    """A camera or stream with the settings of the desk, or only the time. A file stands in for a
    camera; it is played in real time unless `fast`. Raises CameraError."""
    if spec == NO_CAMERA_SPEC:
        clock = ClockSource()
        clock.min_interval_s = FIRST_INTERVAL_S
        return clock
    if os.path.exists(spec) and not spec.startswith("/dev/"):
        return Playlist([spec], paced=not fast)
    return open_source(spec, camera_size=DESK_CAMERA_SIZE, min_interval_s=FIRST_INTERVAL_S)


def desk_clock() -> float:
    """Seconds from an arbitrary start; they also pass while the computer sleeps."""
    # Linux has the first clock; on macOS the second one counts sleep.
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if (clock := getattr(time, name, None)) is not None:
            return float(time.clock_gettime(clock))
    return time.perf_counter()


class FrameReader:
    """Turns camera frames into observations. The model does not see a frame that is too dark: it
    would find a person anywhere in the noise. A picture that stands still shows nobody."""

    def __init__(self, estimate: Callable[[Frame, MaskNeed], Detection]) -> None:
        self._estimate = estimate
        self._dark = Hysteresis(begins=DARK_LUMA, ends=LIGHT_LUMA)
        self._liveness = Liveness()

    def read(self, frame: Frame) -> DeskObservation:
        """The observation of one frame; frames in order."""
        if self._dark.update(brightness(frame.image)):
            return TOO_DARK
        detection = self._estimate(frame, "none")
        picture = self._liveness.update(frame.t, detection.repeated)
        if picture == "frozen":
            return FROZEN
        return replace(desk_observation_of(detection), repeated=picture == "repeated")
