"""What a camera sees of a user at a desk: one trusted pose in, numbers out.

There are two views. From the front (a laptop camera) only head, shoulders and wrists are used: hips
and legs are behind the desk, and the model invents them, up to several trunk lengths off. From the
side the near half of the body is used, with the legs where they are seen. Lengths are pixels of the
frame; they have a meaning only in relation to a calibration (`posecheck.desk.calibration`).
Definitions: biomechanics 3.
"""

from __future__ import annotations

import math
from typing import Literal

from posecheck.body.formulas import ear_shoulder_height, head_trunk, line_roll, trunk_incl
from posecheck.body.geometry import (
    NAN,
    Body,
    Point,
    cross,
    safe,
    signed_angle,
    turn_from_camera,
)
from posecheck.pose import Joint, Pose, Side, joint, once_per_pose

SitterView = Literal["front", "side"]
Features = dict[str, float]
"""Name -> value; NaN where a needed joint was not seen."""

SIDE_TURN_DEG = 45.0
"""`turn_from_camera` from which the side view applies. Rendered sitters read 1 to 7 degrees from
the front, 63 to 77 from the side, and 26 to 34 at 44 degrees: oblique views read low, and the
ratios of the front view still hold there."""

UNIT_OF_TRUNK = 0.72
"""Shoulder width / trunk of an adult (0.36 m / 0.50 m): gives the unit of positions where the
shoulders overlap. Shoulder breadth is 0.23, the trunk 0.29 to 0.32 of the body height."""

FRONT_JOINTS = (
    Joint.LEFT_EAR, Joint.RIGHT_EAR, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER,
)  # fmt: skip
"""Joints that the front view cannot do without."""

_WRISTS = (Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
_FACE = (Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR)


def features_of(pose: Pose, view: SitterView, near: Side | None = None) -> Features:
    """The features of one pose. `near` is the near side of a side calibration."""
    return front_features(pose) if view == "front" else side_features(pose, near)


@once_per_pose
def front_features(pose: Pose) -> Features:
    """Head and shoulders from the front.

    SW                 shoulder width, px
    EV                 height of the ears above the shoulders / shoulder width; about 0.6 upright
    ear_gap, eye_gap   width of the face by ears and by eyes, px
    PIT, YAW           offset of the nose from mid-ear / ear gap, + down and + to the image's right,
                       along the head's own axes: a head that leans to a side must not read as
                       nodding or turned
    ROLL, STILT        angle of the ear and shoulder lines, degrees, + = the user's left is lower
    ear_x, ear_y, shoulder_x, shoulder_y   midpoints, px
    unit               SW, px
    facing             turn of the chest from the camera, degrees, + to the image's right
    bearing            offset of mid-ear from the middle of the frame / its width, + right
    hand               distance from the nearest wrist to nose or ear / shoulder width; NaN when no
                       wrist is seen
    seen               lowest visibility of ears and shoulders, 0 to 1
    """
    body = Body(pose, "left")  # no feature here depends on the side
    ears, shoulders = body.mid("ear"), body.mid_shoulder
    width = abs(body.p("shoulder", "left") - body.p("shoulder", "right"))
    gap = abs(body.p("ear", "left") - body.p("ear", "right"))
    roll = line_roll(body, "ear")
    left_is_right = (body.p("ear", "left") - body.p("ear", "right")).real > 0
    tilted = math.radians(roll if left_is_right else -roll)
    nose = (body.nose - ears) * complex(math.cos(tilted), -math.sin(tilted))
    points = _points(pose)
    return {
        "SW": width,
        "EV": ear_shoulder_height(body, "left"),
        "ear_gap": gap,
        "eye_gap": abs(points[Joint.LEFT_EYE] - points[Joint.RIGHT_EYE]),
        "PIT": safe(nose.imag, gap),
        "YAW": safe(nose.real, gap),
        "ROLL": roll,
        "STILT": line_roll(body, "shoulder"),
        **_places(ears, shoulders, width),
        "facing": math.copysign(turn_from_camera(body), _chest_x(body)),
        "bearing": ears.real / pose.size[0] - 0.5,
        "hand": _hand(points, width),
        "seen": float(pose.visibility[list(FRONT_JOINTS)].min()),
    }


def side_features(pose: Pose, near: Side | None = None) -> Features:
    """The near half of the body from the side. Angles in degrees, + forwards; see `front_features`
    for the positions, `hand` and `seen`.

    neck_incl   shoulder to ear against the vertical; 26 to 33 in most relaxed people
    head_trunk  shoulder to ear against the trunk
    trunk_incl  hip to shoulder against the vertical
    face        ear to nose against the vertical: grows when the chin drops
    head_yaw    turn of the ear line in world coordinates, 0 across the frame, 90 in depth
    hip_angle.near, knee_angle.near, elbow_angle.near   180 is straight
    feet        rise from toe to heel or heel to toe / foot length; 0 is flat
    chord       length of the trunk in the frame, px
    turned      turn of the body from the camera, 90 is the side view
    unit        UNIT_OF_TRUNK * chord, px
    """
    body = Body(pose, near)
    side = body.near
    ear, shoulder = body.p("ear", side), body.p("shoulder", side)
    unit = UNIT_OF_TRUNK * body.trunk_px
    x, _, z = body.across("ear")
    heel, toe = body.p("heel", side), body.p("foot_index", side)
    return {
        "neck_incl": body.facing_sign * signed_angle(-1j, ear - shoulder),
        "head_trunk": head_trunk(body, side),
        "trunk_incl": trunk_incl(body, side),
        "face": body.facing_sign * signed_angle(-1j, body.nose - ear),
        "head_yaw": math.degrees(math.atan2(abs(z), abs(x))) if not math.isnan(x) else NAN,
        "hip_angle.near": body.corner("shoulder", "hip", "knee", side),
        "knee_angle.near": body.corner("hip", "knee", "ankle", side),
        "elbow_angle.near": body.corner("shoulder", "elbow", "wrist", side),
        "feet": safe(abs((heel - toe).imag), abs(heel - toe)),
        "chord": body.trunk_px,  # named so in stored calibrations
        "turned": turn_from_camera(body),
        **_places(ear, shoulder, unit),
        "hand": _hand(_points(pose), unit),
        "seen": min(
            float(pose.visibility[joint(part, side)]) for part in ("ear", "shoulder", "hip")
        ),
    }


def _chest_x(body: Body) -> float:
    """How far the chest faces the image's right, metres squared; NaN when it is not seen."""
    return cross(body.across("shoulder"), body.axis)[0]


def _places(ear: Point, shoulder: Point, unit: float) -> Features:
    return {
        "ear_x": ear.real,
        "ear_y": ear.imag,
        "shoulder_x": shoulder.real,
        "shoulder_y": shoulder.imag,
        "unit": unit,
    }


def _points(pose: Pose) -> list[Point]:
    return [complex(x, y) for x, y in pose.px.tolist()]


def _hand(points: list[Point], unit: float) -> float:
    gaps = [abs(points[wrist] - points[part]) for wrist in _WRISTS for part in _FACE]
    seen = [gap for gap in gaps if not math.isnan(gap)]
    return safe(min(seen), unit) if seen else NAN


SMOOTHING_S = 1.0
"""After this long a smoothed value has followed 95 % of a change (biomechanics 3.2: EMA 1 s).
Slower smoothing would call the first second after sitting up slouching."""
FLICKER_KEPT_S = 0.5
"""The last value stands in for a flickering joint for this long (biomechanics 2B)."""


class Smoother:
    """Exponential smoothing of each feature, for any frame rate; NaN after FLICKER_KEPT_S without
    value."""

    def __init__(self) -> None:
        self._values: Features = {}
        self._seen: Features = {}
        self._t = -math.inf

    def forget(self) -> None:
        """Another person or a gap: begin again with the next frame."""
        self._values.clear()
        self._seen.clear()

    def update(self, t: float, raw: Features) -> Features:
        """The smoothed features at time t (seconds, increasing)."""
        share = 1 - math.exp(-3 * max(0.0, t - self._t) / SMOOTHING_S)
        self._t = t
        for name, value in raw.items():
            if not math.isnan(value):
                before = self._values.get(name, value)
                self._values[name] = before + share * (value - before)
                self._seen[name] = t
        return {name: self._value(t, name) for name in raw}

    def _value(self, t: float, name: str) -> float:
        return self._values[name] if t - self._seen.get(name, -math.inf) <= FLICKER_KEPT_S else NAN
