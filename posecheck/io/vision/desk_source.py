"""What the desk's thread reads: its camera and a clock that runs during sleep."""

from __future__ import annotations

import time
from pathlib import Path

from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.live import Playlist

CAMERA_SIZE = (640, 480)
"""Asked of a camera: the model looks at 256 x 256, and a larger picture costs more to decode."""
FIRST_EVERY_S = 1.0
"""Between two pictures until the monitor says otherwise."""


def open_desk_source(spec: str, fast: bool = False) -> Source:
    """A camera or stream as the desk needs it; a file stands in for one, paced unless `fast`.
    CameraError."""
    if Path(spec).exists() and not spec.startswith("/dev/"):
        return Playlist([spec], paced=not fast)
    return open_source(spec, camera_size=CAMERA_SIZE, min_interval_s=FIRST_EVERY_S)


def desk_clock() -> float:
    """Seconds that also pass while the computer sleeps, from any start."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS counts sleep in the second
        if (clock := getattr(time, name, None)) is not None:
            return float(time.clock_gettime(clock))
    return time.perf_counter()
