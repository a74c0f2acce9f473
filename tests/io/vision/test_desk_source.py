"""What the desk reads from a frame: its brightness, a pose, or why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from sitters import TALL, one_point

from posecheck.desk.monitor import DeskMonitor
from posecheck.desk.observation import DARK_LUMA, LIGHT_LUMA, DeskNoPoseReason, desk_observation_of
from posecheck.desk.session import DeskSession
from posecheck.io.vision.desk_source import FrameReader
from posecheck.pose import Detection, Frame, MaskNeed, NoPoseReason


def grey(t: float, luma: int) -> Frame:
    return Frame(t, np.full((48, 64, 3), luma, np.uint8))


def test_a_dark_frame_is_not_shown_to_the_model() -> None:
    """Dark begins at 30 of 255 and ends above 35: a flickering lamp changes nothing."""
    seen: list[float] = []

    def estimate(frame: Frame, mask: MaskNeed) -> Detection:
        seen.append(frame.t)
        return Detection(TALL.pose())

    reader = FrameReader(estimate)
    lumas = (60, 33, 25, 33, LIGHT_LUMA, 40, 31, DARK_LUMA)
    no_pose_reasons = [
        reader.read(grey(float(t), int(luma))).no_pose_reason for t, luma in enumerate(lumas)
    ]
    assert no_pose_reasons == ["", "", "too_dark", "too_dark", "too_dark", "", "", "too_dark"]
    assert seen == [0.0, 1.0, 5.0, 6.0]


@pytest.mark.parametrize("step_s", [0.2, 1.0, 2.0])
def test_a_picture_that_stands_still_is_neither_upright_nor_away(step_s: float) -> None:
    """At every rate of the desk: what passes after the last live picture is can't tell."""

    def estimate(frame: Frame, mask: MaskNeed) -> Detection:
        live = frame.t <= 20.0 or frame.t > 80.0
        return Detection(TALL.pose(0.5, round(10 * frame.t)), repeated=not live)

    reader = FrameReader(estimate)
    session = DeskSession(lambda calibration, before: DeskMonitor(calibration, restored=before))
    session.use(one_point(), 0.0)
    for k in range(round(100 / step_s)):
        session.observe(k * step_s, reader.read(grey(k * step_s, 100)))
        assert session.view is not None
        if 23.0 < k * step_s <= 80.0:
            reading = session.view.reading
            assert (reading.state, reading.why) == ("unreliable", "frozen")
    assert session.view is not None
    day = session.view.day
    assert day["unreliable"] == pytest.approx(60.0, abs=2 * step_s)
    assert day["upright"] == pytest.approx(39.0, abs=2 * step_s + 0.5)
    assert set(day) <= {"unreliable", "upright"}


@pytest.mark.parametrize(
    ("reason", "no_pose_reason"),
    [("", ""), ("nobody", "nobody"), ("camera", "nobody"), ("someone_else", "someone_else")],
)
def test_only_the_users_pose_is_observed(
    reason: NoPoseReason, no_pose_reason: DeskNoPoseReason
) -> None:
    """A pose of another person is none; a reset of the track is passed on."""
    observation = desk_observation_of(Detection(TALL.pose(), reason, track_reset=True))
    assert observation.no_pose_reason == no_pose_reason
    assert (observation.pose is None) == bool(no_pose_reason)
    assert observation.track_reset
