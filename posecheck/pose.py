"""The vocabulary of bodies: joints, camera frames, poses.

Nothing here measures or judges. Axes: pixels have x to the image's right, y down, the origin at the
top left corner, and are never mirrored; world coordinates are metres with the origin between the
hips, x to the image's right, y down, z away from the camera. A joint that was not seen is NaN in
both.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import wraps
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Side = Literal["left", "right"]
"""The person's own side, not that of a mirror image."""
SIDES: tuple[Side, Side] = ("left", "right")

_T = TypeVar("_T")


def opposite(side: Side) -> Side:
    """The person's other side."""
    return "right" if side == "left" else "left"


class Joint(IntEnum):
    """The 33 landmarks of BlazePose by index. Left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


JOINTS = len(Joint)
"""Number of joints."""

PAIRED = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
"""Body parts that exist on both sides and that metrics may name."""


def joint(part: str, side: Side) -> Joint:
    """The joint of a body part on the person's left or right. KeyError for an unknown part."""
    return Joint[f"{side}_{part}".upper()]


BONES: tuple[tuple[Joint, Joint], ...] = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    *(
        (joint(a, side), joint(b, side))
        for side in ("left", "right")
        for a, b in (
            ("ear", "shoulder"),
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("shoulder", "hip"),
            ("hip", "knee"),
            ("knee", "ankle"),
            ("ankle", "heel"),
            ("heel", "foot_index"),
        )
    ),
)
"""The lines of the drawn skeleton."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of the camera.

    t      seconds, increasing, from the start of the source
    image  uint8 (height, width, 3), BGR, unmirrored
    lost   the camera gives no pictures now: `image` is its last one
    """

    t: float
    image: NDArray[np.uint8]
    lost: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person in one frame.

    px          float64 (33, 2), pixels; NaN where the joint was not seen
    world       float64 (33, 3), metres; NaN where the joint was not seen
    visibility  float64 (33,), 0 to 1, the model's own estimate (high for many hidden joints)
    size        (width, height) of the frame in pixels
    mask        bool (height, width), True on the person; None when not requested
    derived     results computed from this pose, by key: many exercises may be judged on one pose.
                Not part of its value; the arrays must not change once a result is stored
    """

    px: NDArray[np.float64]
    world: NDArray[np.float64]
    visibility: NDArray[np.float64]
    size: tuple[int, int]
    mask: NDArray[np.bool_] | None = None
    derived: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)


def once_per_pose(function: Callable[[Pose], _T]) -> Callable[[Pose], _T]:
    """Decorator: compute a function of one pose once and keep the result in `Pose.derived`."""

    @wraps(function)
    def stored(pose: Pose) -> _T:
        if function not in pose.derived:
            pose.derived[function] = function(pose)
        result: _T = pose.derived[function]
        return result

    return stored


MaskNeed = Literal["none", "soon", "now"]
"""Whether the judge needs a segmentation mask: "none" in this set; "soon" in this set, but not in
this frame; "now" in this frame."""

NoPoseReason = Literal["", "nobody", "someone_else", "camera", "frozen"]
"""Why there is no pose of the subject in a frame; "" when there is one. "camera": the camera gives
no pictures now; "frozen": its picture stands still."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What the detector found in one frame.

    pose               the subject, as the model gave it (no NaN); None when the subject is not seen
    no_pose_reason     why there is no pose, "" when there is one
    track_reset        the track was restarted because its skeleton was wrong or another person's:
                       discard what was learnt from it
    other_person_size  size of the largest other person as a share of the subject's, at the last
                       search of the whole picture; 0 when the subject is alone
    repeated           the frame shows the same picture as the frame before
    """

    pose: Pose | None
    no_pose_reason: NoPoseReason = ""
    track_reset: bool = False
    other_person_size: float = 0.0
    repeated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What the judge knows of one frame: a `Detection` with trusted joints only.

    pose               the subject; distrusted joints are NaN. None when the subject is not seen
    no_pose_reason     as in `Detection`
    track_reset        as in `Detection`
    other_person_size  as in `Detection`
    brightness         mean luma of the picture, 0 black to 255 white; NaN when unknown
    repeated           the picture is the same as before, and not yet frozen: nothing new is seen
    """

    pose: Pose | None
    no_pose_reason: NoPoseReason = ""
    track_reset: bool = False
    other_person_size: float = 0.0
    brightness: float = math.nan
    repeated: bool = False
