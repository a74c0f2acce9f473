"""What the desk's thread reads: its camera and a clock that runs during sleep."""

from __future__ import annotations

import time
from pathlib import Path

from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.live import Playlist

CAMERA_SIZE = (640, 480)
"""Size to ask a camera for: the model sees 256 x 256, and a larger picture costs more to decode."""
FIRST_INTERVAL_S = 1.0
"""Seconds between two frames until the monitor states its own interval."""


def open_desk_source(spec: str, fast: bool = False) -> Source:
    """Open a camera or stream as the desk needs it. Raises CameraError.

    A file stands in for a camera and is played in real time, or as fast as possible with `fast`.
    """
    if Path(spec).exists() and not spec.startswith("/dev/"):
        return Playlist([spec], paced=not fast)
    return open_source(spec, camera_size=CAMERA_SIZE, min_interval_s=FIRST_INTERVAL_S)


def desk_clock() -> float:
    """Seconds from an arbitrary start; the clock also runs while the computer sleeps."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; on macOS the second counts sleep
        if (clock := getattr(time, name, None)) is not None:
            return float(time.clock_gettime(clock))
    return time.perf_counter()
