"""The last minute of landmarks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from posecheck.io.diagnosis.flight_recorder import (
    KEPT_S,
    MOST_DETECTIONS,
    FlightRecorder,
    flight_recorded,
    write_landmarks,
)
from posecheck.io.store.recording import Recording
from posecheck.pose import JOINTS, Detection, Frame, Pose

EMPTY = np.zeros((4, 6, 3), np.uint8)


def pose(x: float) -> Pose:
    """A pose whose joints all have this x."""
    px = np.full((JOINTS, 2), x)
    return Pose(px, np.zeros((JOINTS, 3)), np.ones(JOINTS), (64, 48))


def test_only_the_last_minute_is_kept() -> None:
    """Of the frames' own time."""
    recorder = FlightRecorder()
    for step in range(1000):
        recorder.add(step / 10, Detection(pose(step)))
    kept = recorder.detections()
    assert kept[-1].t == 99.9
    assert KEPT_S - 0.1 <= kept[-1].t - kept[0].t <= KEPT_S


def test_frames_without_time_between_them_are_bounded_too() -> None:
    """A source that gives a thousand frames per second."""
    recorder = FlightRecorder()
    for step in range(MOST_DETECTIONS + 500):
        recorder.add(step / 1e6, Detection(None, "nobody"))
    assert len(recorder.detections()) == MOST_DETECTIONS


def test_another_source_begins_a_new_recording() -> None:
    """Its time begins at 0 again."""
    recorder = FlightRecorder()
    for t in (0.0, 5.0, 0.0, 1.0):
        recorder.add(t, Detection(None, "nobody"))
    assert [each.t for each in recorder.detections()] == [0.0, 1.0]


def test_an_estimator_is_recorded_without_masks() -> None:
    """The caller gets its mask; the recorder keeps none."""
    mask = np.ones((48, 64), np.bool_)
    recorder = FlightRecorder()
    estimate = flight_recorded(
        lambda frame, wanted: Detection(replace(pose(3.0), mask=mask)), recorder
    )
    given = estimate(Frame(1.0, EMPTY), "now")
    assert given.pose is not None
    assert given.pose.mask is mask
    (kept,) = recorder.detections()
    assert kept.detection.pose is not None
    assert kept.detection.pose.mask is None
    recorder.forget()
    assert recorder.detections() == ()


def test_landmarks_are_written_as_a_recording(tmp_path: Path) -> None:
    """A pose, and a frame without one: what `posecheck replay` reads."""
    recorder = FlightRecorder()
    recorder.add(0.5, Detection(pose(7.0), track_reset=True, other_person_size=0.25))
    recorder.add(0.6, Detection(None, "nobody"))
    write_landmarks(tmp_path / "a.rec", recorder.detections())
    first, second = Recording(tmp_path / "a.rec").frames()
    assert (first.t, second.t) == (0.5, 0.6)
    assert first.detection.pose is not None
    assert (first.detection.pose.px == 7.0).all()
    assert first.detection.pose.size == (64, 48)
    assert (first.detection.track_reset, first.detection.other_person_size) == (True, 0.25)
    assert (second.detection.pose, second.detection.no_pose_reason) == (None, "nobody")
