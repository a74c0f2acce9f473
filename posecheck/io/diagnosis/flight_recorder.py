"""The last minute of landmarks, kept in memory for a crash file. Never pixels, never masks.

Nothing is written unless posecheck crashes. `recorded` wraps whatever gives detections.
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
    from posecheck.pose import Detection, Frame

KEPT_S = 60.0
"""Seconds of frame time that are kept."""

MOST = 4000
"""Detections at most: a minute at 60 frames per second, about 7 MB."""


class RecordedDetection(NamedTuple):
    """What one frame showed. `t`: the frame's time in seconds."""

    t: float
    detection: Detection


class FlightRecorder:
    """The detections of the last KEPT_S seconds of one source. Any thread may use it."""

    def __init__(self) -> None:
        self._kept: deque[RecordedDetection] = deque(maxlen=MOST)
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


def recorded(estimate: Estimate, recorder: FlightRecorder = LAST_MINUTE) -> Estimate:
    """The same estimator, with every detection also given to a recorder."""

    def estimate_and_record(frame: Frame, mask: bool) -> Detection:
        detection = estimate(frame, mask)
        recorder.add(frame.t, detection)
        return detection

    return estimate_and_record


def write_landmarks(path: Path, detections: Sequence[RecordedDetection]) -> None:
    """Write detections as a compressed .npz. Raises OSError.

    t                  (n,) seconds
    px                 (n, 33, 2) pixels of the frame, NaN without a pose
    world              (n, 33, 3) metres, NaN without a pose
    visibility         (n, 33) 0 to 1, NaN without a pose
    size               (n, 2) width and height of the frame in pixels, 0 without a pose
    no_pose_reason     (n,) text
    track_reset        (n,) bool
    other_person_size  (n,) share of the subject's size
    """
    import numpy as np

    from posecheck.pose import JOINTS

    count = len(detections)
    px = np.full((count, JOINTS, 2), np.nan, np.float32)
    world = np.full((count, JOINTS, 3), np.nan, np.float32)
    visibility = np.full((count, JOINTS), np.nan, np.float32)
    size = np.zeros((count, 2), np.int32)
    for index, (_, detection) in enumerate(detections):
        if (pose := detection.pose) is not None:
            px[index], world[index], visibility[index] = pose.px, pose.world, pose.visibility
            size[index] = pose.size
    found = [each.detection for each in detections]
    np.savez_compressed(
        path,
        t=np.array([each.t for each in detections], np.float64),
        px=px,
        world=world,
        visibility=visibility,
        size=size,
        no_pose_reason=np.array([each.no_pose_reason for each in found], np.str_),
        track_reset=np.array([each.track_reset for each in found], np.bool_),
        other_person_size=np.array([each.other_person_size for each in found], np.float32),
    )
