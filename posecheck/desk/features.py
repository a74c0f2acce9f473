"""What a camera sees of someone at a desk: one trusted pose in, numbers out.

Two views. From the front (a laptop camera) only head, shoulders and wrists are used: hips and legs
are behind the desk and the model invents them, up to several trunk lengths off. From the side the
near flank is used, legs where they are seen. Lengths are pixels of the picture; what they mean is
known only against a calibration (`posecheck.desk.calibration`). Definitions: biomechanics 3.
"""

from __future__ import annotations

import math
from typing import Literal

from posecheck.body.formulas import ear_shoulder_height, head_trunk, line_roll, trunk_incl
from posecheck.body.geometry import NAN, Body, Point, safe, signed_angle, turn_from_camera
from posecheck.pose import Joint, Pose, Side

View = Literal["front", "side"]
Features = dict[str, float]
"""Name -> value; NaN where a joint that is needed was not seen."""

SIDE_TURN_DEG = 45.0
"""`turn_from_camera` from which a sitter is seen from the side. Rendered sitters read 1 to 7 from
the front, 63 to 77 from the side, and 26 to 34 at 44 degrees: oblique views read low, and the
ratios of the front view still hold there."""

UNIT_OF_TRUNK = 0.72
"""Shoulder width / trunk of an adult (0.36 m / 0.50 m): the unit of places, where the shoulders
overlap. Shoulder breadth is 0.23, trunk 0.29-0.32 of the body height."""

ASKED = (
    Joint.LEFT_EAR, Joint.RIGHT_EAR, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER,
)  # fmt: skip
"""Joints without which nothing can be said from the front."""

_WRISTS = (Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
_FACE = (Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR)


def features_of(pose: Pose, view: View, near: Side | None = None) -> Features:
    """The features of one pose. `near` is the flank that a side calibration has settled on."""
    return front_features(pose) if view == "front" else side_features(pose, near)


def front_features(pose: Pose) -> Features:
    """Head and shoulders from the front.

    SW        shoulder width, px
    EV        ears above the shoulders / shoulder width; about 0.6 upright
    ear_gap, eye_gap   width of the face by ears and by eyes, px
    PIT, YAW  nose from mid-ear / ear gap, down and to the image's right, along the head's own
              axes: a head that leans to a side must not read as nodding or turned
    ROLL, STILT        angle of ear and shoulder line, degrees, + = the person's left is lower
    ear_x, ear_y, shoulder_x, shoulder_y   middles, px;  unit = SW, px
    bearing   mid-ear from the picture's middle / its width, + right
    hand      nearest wrist to nose or ear / shoulder width; NaN when no wrist is seen
    seen      least visibility of ears and shoulders, 0 to 1
    """
    body = Body(pose, "left")  # nothing here is of one flank
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
        "bearing": ears.real / pose.size[0] - 0.5,
        "hand": _hand(points, width),
        "seen": float(pose.visibility[list(ASKED)].min()),
    }


def side_features(pose: Pose, near: Side | None = None) -> Features:
    """The near flank from the side. Angles in degrees, + forwards; see `front_features` for the
    places.

    neck_incl  shoulder to ear against the vertical; 26 to 33 in most relaxed people
    head_trunk the same against the trunk
    trunk_incl hip to shoulder against the vertical
    face       ear to nose against the vertical: grows when the chin drops
    head_yaw   turn of the ear line in the world, 0 across the picture, 90 in depth
    hip_angle.near, knee_angle.near, elbow_angle.near   180 is straight
    feet       rise from toe to heel or heel to toe / foot length; 0 is flat
    chord      trunk in the picture, px;  turned  the body from the camera, 90 is a flank
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
        "head_yaw": math.degrees(math.atan2(abs(z), abs(x))) if x == x else NAN,
        "hip_angle.near": body.corner("shoulder", "hip", "knee", side),
        "knee_angle.near": body.corner("hip", "knee", "ankle", side),
        "elbow_angle.near": body.corner("shoulder", "elbow", "wrist", side),
        "feet": safe(abs((heel - toe).imag), abs(heel - toe)),
        "chord": body.trunk_px,
        "turned": turn_from_camera(body),
        **_places(ear, shoulder, unit),
        "hand": _hand(_points(pose), unit),
        "seen": min(
            float(pose.visibility[Joint[f"{side}_{part}".upper()]])
            for part in ("ear", "shoulder", "hip")
        ),
    }


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
    seen = [gap for gap in gaps if gap == gap]
    return safe(min(seen), unit) if seen else NAN


SETTLE_S = 1.0
"""A change has arrived to 95 % after this long (biomechanics 3.2: EMA 1 s). Slower smoothing would
call the first second after sitting up slouching."""
KEPT_S = 0.5
"""How long the last value stands in for a joint that flickers (biomechanics 2B)."""


class Smoother:
    """Exponential smoothing of each feature, for any frame rate; unknown after half a second."""

    def __init__(self) -> None:
        self._values: Features = {}
        self._seen: Features = {}
        self._t = -math.inf

    def forget(self) -> None:
        """Another person or a gap: go on from the next frame alone."""
        self._values.clear()
        self._seen.clear()

    def update(self, t: float, raw: Features) -> Features:
        """The smoothed features at time t (seconds, increasing)."""
        share = 1 - math.exp(-3 * max(0.0, t - self._t) / SETTLE_S)
        self._t = t
        for name, value in raw.items():
            if value == value:
                before = self._values.get(name, value)
                self._values[name] = before + share * (value - before)
                self._seen[name] = t
        return {name: self._value(t, name) for name in raw}

    def _value(self, t: float, name: str) -> float:
        return self._values[name] if t - self._seen.get(name, -math.inf) <= KEPT_S else NAN
