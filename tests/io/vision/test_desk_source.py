"""What the desk reads from a frame: its brightness, a pose, or why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from sitters import TALL

from posecheck.desk.observation import DARK_LUMA, LIGHT_LUMA, DeskNoPoseReason, desk_observation_of
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
