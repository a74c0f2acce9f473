"""Where the user's own limits lie in the camera's picture, for drawing them.

The judge weighs several signs together (`posecheck.desk.signals`). The drawing shows the one that
the eye understands: how far the head may sink, come nearer or come forward.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from posecheck.body.geometry import NAN
from posecheck.desk.baseline import NOMINAL_SPANS
from posecheck.desk.calibration import Calibration
from posecheck.desk.signals import BEGINS
from posecheck.pose import Joint, Pose

CLEAR_SW = 0.06
"""A usual slump that lowers the ears by less than this, in shoulder widths, is not shown as a
height: with a low camera the head comes forward instead of down. Half of where one-point slouching
begins."""
DRAWN = 1.5
"""Slouch index to which the band is drawn: the largest that `posecheck.desk.signals` gives."""
FACE = 0.80
"""Radius of the drawn head / ear gap."""

ImagePoint = tuple[float, float]
"""Pixels of the camera's picture, x to the right, y down, unmirrored."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Pixels of the camera's picture; NaN where it does not apply.

    ears, shoulders    midpoints when sitting tall
    width              of the shoulders
    begins_y, slump_y  height of the ears where slouching begins and at the end of the band (front)
    face, face_begins  radius of the head when tall and where slouching begins (front, where the
                       height does not tell)
    tall_deg, begins_deg, slump_deg
                       line from shoulder to ear against the vertical, + towards `forward`: when
                       tall, where slouching begins, at the end of the band (side)
    trunk_deg          line from hip to shoulder when tall (side)
    forward            1 when the user faces the image's right, -1 the left, 0 in the front view
    """

    ears: ImagePoint
    shoulders: ImagePoint
    width: float
    begins_y: float = NAN
    slump_y: float = NAN
    face: float = NAN
    face_begins: float = NAN
    tall_deg: float = NAN
    begins_deg: float = NAN
    slump_deg: float = NAN
    trunk_deg: float = NAN
    forward: int = 0


def limits_of(calibration: Calibration, begins: float = BEGINS) -> Limits:
    """The limits of a user. `begins`: the slouch index at which slouching begins, 0.6 unless the
    sensitivity was changed."""
    value = calibration.tall.values
    ears = value.get("ear_x", NAN), value.get("ear_y", NAN)
    shoulders = value.get("shoulder_x", NAN), value.get("shoulder_y", NAN)
    width = value.get("unit", NAN)
    if calibration.view == "side":
        return _from_side(calibration, begins, ears, shoulders, width)
    span = calibration.slump.get("EY", NAN) if calibration.two_points else NOMINAL_SPANS["EY"]
    if calibration.two_points and not calibration.weights.get("EY"):
        span = NAN
    if span >= CLEAR_SW:
        lowest = ears[1] + DRAWN * span * width
        return Limits(ears, shoulders, width, ears[1] + begins * span * width, lowest)
    nearer = calibration.slump.get("F", NAN)
    nearer = nearer if nearer > 0 else NOMINAL_SPANS["F"]
    face = FACE * value.get("ear_gap", NAN)
    return Limits(ears, shoulders, width, face=face, face_begins=face * (1 + begins * nearer))


def _from_side(
    calibration: Calibration, begins: float, ears: ImagePoint, shoulders: ImagePoint, width: float
) -> Limits:
    tall = calibration.tall.values.get("neck_incl", NAN)
    span = calibration.slump.get("neck_incl", NOMINAL_SPANS["neck_incl"])
    span = span if span > 0 else NOMINAL_SPANS["neck_incl"]
    forward = -1 if calibration.tall.near == "left" else 1
    return Limits(
        ears, shoulders, width, tall_deg=tall, begins_deg=tall + begins * span,
        slump_deg=tall + DRAWN * span,
        trunk_deg=calibration.tall.values.get("trunk_incl", NAN), forward=forward,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """Where head and shoulders are in a picture, pixels; NaN for what was not seen.

    ears         the midpoint of the seen ears, else the nose
    radius       of the head around it
    left, right  the shoulders
    """

    ears: ImagePoint
    radius: float
    left: ImagePoint
    right: ImagePoint


def head_of(pose: Pose) -> Head:
    """The head and the shoulders of a pose."""
    px = pose.px
    points = {joint: complex(*px[joint].tolist()) for joint in _USED}
    nose = points[Joint.NOSE]
    ears = (points[Joint.LEFT_EAR], points[Joint.RIGHT_EAR])
    seen = [ear for ear in ears if not math.isnan(ear.real)]
    middle = sum(seen) / len(seen) if seen else nose
    gap = abs(seen[0] - seen[1]) if len(seen) == 2 else NAN
    radii = [each for each in (FACE * gap, 1.15 * abs(nose - middle)) if not math.isnan(each)]
    left, right = points[Joint.LEFT_SHOULDER], points[Joint.RIGHT_SHOULDER]
    return Head(
        (middle.real, middle.imag),
        max(radii, default=NAN),
        (left.real, left.imag),
        (right.real, right.imag),
    )


def flank_of(pose: Pose, forward: int) -> tuple[ImagePoint, ImagePoint]:
    """Hip and shoulder of the near side of a user who faces `forward`."""
    side = "LEFT" if forward < 0 else "RIGHT"
    hip, shoulder = (pose.px[Joint[f"{side}_{part}"]].tolist() for part in ("HIP", "SHOULDER"))
    return (hip[0], hip[1]), (shoulder[0], shoulder[1])


_USED = (
    Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER,
)  # fmt: skip


def along(start: ImagePoint, degrees: float, forward: int, length: float) -> ImagePoint:
    """The end of a line from `start`, inclined from the vertical towards `forward`."""
    angle = math.radians(degrees)
    return start[0] + forward * length * math.sin(angle), start[1] - length * math.cos(angle)


def was_seen(place: ImagePoint) -> bool:
    """Whether a point is known."""
    return not (math.isnan(place[0]) or math.isnan(place[1]))
