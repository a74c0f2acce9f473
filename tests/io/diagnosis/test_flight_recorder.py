"""The last minute of landmarks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from posecheck.io.diagnosis.flight_recorder import (
    KEPT_S,
    MOST,
    FlightRecorder,
    recorded,
    write_landmarks,
)
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
    for step in range(MOST + 500):
        recorder.add(step / 1e6, Detection(None, "nobody"))
    assert len(recorder.detections()) == MOST


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
    estimate = recorded(lambda frame, wanted: Detection(replace(pose(3.0), mask=mask)), recorder)
    given = estimate(Frame(1.0, EMPTY), True)
    assert given.pose is not None
    assert given.pose.mask is mask
    (kept,) = recorder.detections()
    assert kept.detection.pose is not None
    assert kept.detection.pose.mask is None
    recorder.forget()
    assert recorder.detections() == ()


def test_landmarks_are_written_with_numbers_only(tmp_path: Path) -> None:
    """A pose, and a frame without one."""
    recorder = FlightRecorder()
    recorder.add(0.5, Detection(pose(7.0), track_reset=True, other_person_size=0.25))
    recorder.add(0.6, Detection(None, "nobody"))
    write_landmarks(tmp_path / "a.npz", recorder.detections())
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        assert found["t"].tolist() == [0.5, 0.6]
        assert found["px"].shape == (2, JOINTS, 2)
        assert (found["px"][0] == 7.0).all()
        assert np.isnan(found["world"][1]).all()
        assert found["size"].tolist() == [[64, 48], [0, 0]]
        assert found["no_pose_reason"].tolist() == ["", "nobody"]
        assert found["track_reset"].tolist() == [True, False]
        assert found["other_person_size"].tolist() == [0.25, 0.0]
