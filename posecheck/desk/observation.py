"""What one camera frame tells the desk: the pose in it, or why it cannot be judged.

The pose is as the model gave it. `DeskMonitor` and `Setup` discard the joints that cannot be
trusted, each with a filter of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posecheck.pose import Detection, Pose

DeskNoPoseReason = Literal["", "nobody", "someone_else", "too_dark", "frozen"]
"""Why a frame shows no pose of the user; "" when it shows one."""

DARK_LUMA = 30.0
"""Mean brightness (0 to 255) at which a frame becomes too dark to judge. In rendered frames made
darker, the model finds the person in half of them at 30 and in 8 % at 16, and measures well when it
finds one; below, a missing face means nothing."""
LIGHT_LUMA = 35.0
"""Mean brightness above which a dark frame can be judged again: a flickering lamp must not make the
answer change from frame to frame."""


@dataclass(frozen=True, slots=True, eq=False)
class DeskObservation:
    """One frame.

    pose         the user, as the model gave it; None when `no_pose_reason` says why
    track_reset  as in `Detection`: discard what was learnt from earlier poses
    repeated     as in `Observation`: nothing new is seen
    """

    pose: Pose | None
    no_pose_reason: DeskNoPoseReason = ""
    track_reset: bool = False
    repeated: bool = False


TOO_DARK = DeskObservation(None, "too_dark")
FROZEN = DeskObservation(None, "frozen")


def desk_observation_of(detection: Detection) -> DeskObservation:
    """The observation for a detection. A pose of another person is discarded."""
    if detection.pose is not None and not detection.no_pose_reason:
        return DeskObservation(detection.pose, track_reset=detection.track_reset)
    other = detection.no_pose_reason == "someone_else"
    no_pose_reason: DeskNoPoseReason = "someone_else" if other else "nobody"
    return DeskObservation(None, no_pose_reason, detection.track_reset)
