"""The last minute of landmarks, kept in memory for a crash file. Never pixels, never masks.

Nothing is written unless posecheck crashes. `flight_recorded` wraps whatever gives detections.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # they bring numpy, which a crash of `posecheck list` does not need
    from collections.abc import Sequence

    from posecheck.coach.pipeline import Estimate
    from posecheck.pose import Detection, Frame, MaskNeed

KEPT_S = 60.0
"""Seconds of frame time that are kept."""

MOST_DETECTIONS = 4000
"""Detections at most: a minute at 60 frames per second, about 7 MB."""


class RecordedDetection(NamedTuple):
    """What one frame showed. `t`: the frame's time in seconds."""

    t: float
    detection: Detection


class FlightRecorder:
    """The detections of the last KEPT_S seconds of one source. Any thread may use it."""

    def __init__(self) -> None:
        self._kept: deque[RecordedDetection] = deque(maxlen=MOST_DETECTIONS)
        self._lock = Lock()

    def add(self, t: float, detection: Detection) -> None:
        """Record a frame. A time before the last one begins a new recording."""
        if detection.pose is not None and detection.pose.mask is not None:
            detection = replace(detection, pose=replace(detection.pose, mask=None))
        with self._lock:
            kept = self._kept
            if kept and t < kept[-1].t:
                kept.clear()
            while kept and t - kept[0].t > KEPT_S:
                kept.popleft()
            kept.append(RecordedDetection(t, detection))

    def detections(self) -> tuple[RecordedDetection, ...]:
        """What is kept, oldest first."""
        with self._lock:
            return tuple(self._kept)

    def forget(self) -> None:
        """Discard everything."""
        with self._lock:
            self._kept.clear()


LAST_MINUTE = FlightRecorder()
"""The recorder of this process. A crash hook cannot be handed one: the interpreter calls it."""


def flight_recorded(estimate: Estimate, recorder: FlightRecorder = LAST_MINUTE) -> Estimate:
    """The same estimator, with every detection also given to a recorder."""

    def estimate_and_record(frame: Frame, mask: MaskNeed) -> Detection:
        detection = estimate(frame, mask)
        recorder.add(frame.t, detection)
        return detection

    return estimate_and_record


def write_landmarks(path: Path, detections: Sequence[RecordedDetection]) -> None:
    """Write detections as a recording that `posecheck replay FILE --exercise ID` judges. Raises
    OutputError."""
    import math

    from posecheck import __version__
    from posecheck.io.store.recording import RecordingHeader, RecordingWriter
    from posecheck.io.store.recording_block import RecordedFrame, quantised

    header = RecordingHeader(
        made_by="crash", posecheck=__version__, source="camera", model="", level=2, sets=()
    )
    writer = RecordingWriter(path)
    writer.begin(header)
    for t, detection in detections:
        writer.add(RecordedFrame(t, quantised(detection), math.nan))
    writer.close()
