"""Where a person's own limits lie in the camera's picture, for drawing them.

The judgement weighs several signs together (`posecheck.desk.signals`); what can be drawn is the one
that the eye understands: how far the head may sink, come nearer or come forward.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from posecheck.body.geometry import NAN
from posecheck.desk.calibration import NOMINAL, Calibration
from posecheck.desk.signals import BEGINS
from posecheck.pose import Joint, Pose

CLEAR_SW = 0.06
"""A usual slump that lowers the ears by less of a shoulder width (a low camera: the head comes
forward instead of down) is not shown as a height: half of where one-point slouching begins."""
DRAWN = 1.5
"""Index to which the band is drawn: where it is told apart no more (`posecheck.desk.signals`)."""
FACE = 0.80
"""Radius of the drawn head / ear gap."""

Place = tuple[float, float]
"""Pixels of the camera's picture, x to the right, y down, unmirrored."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Pixels of the camera's picture; NaN where it does not apply.

    ears, shoulders    where they are when sitting tall
    width              of the shoulders
    begins_y, slump_y  height of the ears where slouching begins and in the usual slump (front)
    face, face_begins  radius of the head when tall and where slouching begins (front, where the
                       height does not tell)
    begins_deg, slump_deg, tall_deg  line from shoulder to ear against the vertical, + towards
                       `forward`; trunk_deg  from hip to shoulder when tall (side)
    forward            1 when the person faces the image's right, -1 the left, 0 from the front
    """

    ears: Place
    shoulders: Place
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
    """The limits of a person. `begins`: the slouch index at which slouching begins, 0.6 unless the
    sensitivity has been changed."""
    value = calibration.tall.values
    ears = value.get("ear_x", NAN), value.get("ear_y", NAN)
    shoulders = value.get("shoulder_x", NAN), value.get("shoulder_y", NAN)
    width = value.get("unit", NAN)
    if calibration.view == "side":
        return _from_side(calibration, begins, ears, shoulders, width)
    span = calibration.slump.get("EY", NAN) if calibration.two_points else NOMINAL["EY"]
    if calibration.two_points and not calibration.weights.get("EY"):
        span = NAN
    if span >= CLEAR_SW:
        lowest = ears[1] + DRAWN * span * width
        return Limits(ears, shoulders, width, ears[1] + begins * span * width, lowest)
    nearer = calibration.slump.get("F", NAN)
    nearer = nearer if nearer > 0 else NOMINAL["F"]
    face = FACE * value.get("ear_gap", NAN)
    return Limits(ears, shoulders, width, face=face, face_begins=face * (1 + begins * nearer))


def _from_side(
    calibration: Calibration, begins: float, ears: Place, shoulders: Place, width: float
) -> Limits:
    tall = calibration.tall.values.get("neck_incl", NAN)
    span = calibration.slump.get("neck_incl", NOMINAL["neck_incl"])
    span = span if span > 0 else NOMINAL["neck_incl"]
    forward = -1 if calibration.tall.near == "left" else 1
    return Limits(
        ears, shoulders, width, tall_deg=tall, begins_deg=tall + begins * span,
        slump_deg=tall + DRAWN * span,
        trunk_deg=calibration.tall.values.get("trunk_incl", NAN), forward=forward,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """Where head and shoulders are in a picture, pixels; NaN what was not seen.

    ears    the middle of the seen ears, else the nose; radius of the head around it
    left, right  the shoulders
    """

    ears: Place
    radius: float
    left: Place
    right: Place


def head_of(pose: Pose) -> Head:
    """The head and the shoulders of a pose."""
    px = pose.px
    points = {joint: complex(*px[joint].tolist()) for joint in _USED}
    nose = points[Joint.NOSE]
    seen = [points[ear] for ear in (Joint.LEFT_EAR, Joint.RIGHT_EAR) if points[ear] == points[ear]]
    middle = sum(seen) / len(seen) if seen else nose
    gap = abs(seen[0] - seen[1]) if len(seen) == 2 else NAN
    radii = [each for each in (FACE * gap, 1.15 * abs(nose - middle)) if each == each]
    left, right = points[Joint.LEFT_SHOULDER], points[Joint.RIGHT_SHOULDER]
    return Head(
        (middle.real, middle.imag),
        max(radii, default=NAN),
        (left.real, left.imag),
        (right.real, right.imag),
    )


def flank_of(pose: Pose, forward: int) -> tuple[Place, Place]:
    """Hip and shoulder of the flank that is near when the person faces `forward`."""
    side = "LEFT" if forward < 0 else "RIGHT"
    hip, shoulder = (pose.px[Joint[f"{side}_{part}"]].tolist() for part in ("HIP", "SHOULDER"))
    return (hip[0], hip[1]), (shoulder[0], shoulder[1])


_USED = (
    Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER,
)  # fmt: skip


def along(start: Place, degrees: float, forward: int, length: float) -> Place:
    """The end of a line from `start`, inclined from the vertical towards `forward`."""
    angle = math.radians(degrees)
    return start[0] + forward * length * math.sin(angle), start[1] - length * math.cos(angle)


def known(place: Place) -> bool:
    """Whether a place was seen."""
    return place[0] == place[0] and place[1] == place[1]
