"""The geometry of one body in one frame: points, the trunk, which side is near the camera.

The formulas of `body/formulas.py` are written in terms of a `Body`. Picture points are complex
numbers (x + yj, pixels, x to the image's right, y down), so that a signed angle is one `phase`.
World points are (x, y, z) tuples (metres, z away from the camera). Everything here is plain Python:
for a single pose numpy takes several times as long. NaN points make every quantity that needs them
NaN.
"""

from __future__ import annotations

import math
from cmath import isnan, phase
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from posecheck.pose import PAIRED, Joint, Pose, Side, joint, once_per_pose, opposite

NAN = math.nan
Point = complex
Vector = tuple[float, float, float]

_INDEX: dict[tuple[str, Side], int] = {
    (part, side): joint(part, side) for part in PAIRED for side in ("left", "right")
}

NEAR_Z_M = 0.08
"""Depth difference of the two flanks, metres, above which depth decides which one is near
(biomechanics 2A.1: right in 29 of 29 side-view photographs)."""


def angle(a: Point, b: Point) -> float:
    """Unsigned angle between two picture vectors, degrees, 0 to 180."""
    return math.degrees(abs(phase(a.conjugate() * b)))


def signed_angle(a: Point, b: Point) -> float:
    """Signed angle from a to b, degrees, -180 to 180, positive clockwise on the screen."""
    return math.degrees(phase(a.conjugate() * b))


def sub(a: Vector, b: Vector) -> Vector:
    """a - b."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def norm(a: Vector) -> float:
    """Length of a vector, 0 or more."""
    return math.sqrt(dot(a, a))


def cross(a: Vector, b: Vector) -> Vector:
    """Vector product a x b."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def scaled(a: Vector, k: float) -> Vector:
    """k times a vector."""
    return (a[0] * k, a[1] * k, a[2] * k)


def middle(a: Vector, b: Vector) -> Vector:
    """The point half-way between two points."""
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)


def safe(numerator: float, denominator: float) -> float:
    """The quotient; NaN where the denominator is zero or NaN."""
    return numerator / denominator if denominator else NAN


def arccos(x: float) -> float:
    """Degrees, 0 to 180; x is clipped to -1 to 1 because of rounding. NaN for NaN."""
    return NAN if math.isnan(x) else math.degrees(math.acos(max(-1.0, min(1.0, x))))


def arcsin(x: float) -> float:
    """Degrees, -90 to 90; x is clipped to -1 to 1 because of rounding. NaN for NaN."""
    return NAN if math.isnan(x) else math.degrees(math.asin(max(-1.0, min(1.0, x))))


class Body:
    """The points and the trunk of one pose. Get it by `body_of`, which computes it only once.

    near          the flank towards the camera
    facing_sign   +1 when the right side is near, -1 when the left is: signed angles times this are
                  the same for both facings (biomechanics 2A.1)
    mid_shoulder, mid_hip   picture, pixels
    trunk         from mid-hip to mid-shoulder in the picture, pixels
    trunk_px, up  its length in pixels and its direction (a unit vector, NaN for no length)
    trunk_m, axis the same in the world: length in metres, unit vector
    """

    __slots__ = (
        "_points",
        "_results",
        "_world",
        "axis",
        "facing_sign",
        "mid_hip",
        "mid_shoulder",
        "near",
        "trunk",
        "trunk_m",
        "trunk_px",
        "up",
    )

    def __init__(self, pose: Pose, near: Side | None = None) -> None:
        self._points, self._world = _points(pose)
        self._results: dict[Callable[[Body], float], float] = {}
        self.near: Side = near or near_side(pose)
        self.facing_sign = 1 if self.near == "right" else -1
        self.mid_shoulder = self.mid("shoulder")
        self.mid_hip = self.mid("hip")
        self.trunk = self.mid_shoulder - self.mid_hip
        self.trunk_px = abs(self.trunk)
        self.up: Point = self.trunk / self.trunk_px if self.trunk_px else complex(NAN, NAN)
        axis = sub(self.mid3("shoulder"), self.mid3("hip"))
        self.trunk_m = norm(axis)
        self.axis: Vector = scaled(axis, 1 / self.trunk_m) if self.trunk_m else (NAN, NAN, NAN)

    @property
    def far(self) -> Side:
        """The flank away from the camera."""
        return opposite(self.near)

    def value(self, formula: Callable[[Body], float]) -> float:
        """The result of a formula, computed once per body: exercises share their measures."""
        result = self._results.get(formula)
        if result is None:
            result = self._results[formula] = formula(self)
        return result

    def p(self, part: str, side: Side) -> Point:
        """A joint in the picture, pixels."""
        return self._points[_INDEX[part, side]]

    def w(self, part: str, side: Side) -> Vector:
        """A joint in the world, metres."""
        return self._world[_INDEX[part, side]]

    @property
    def nose(self) -> Point:
        """The nose in the picture, pixels."""
        return self._points[Joint.NOSE]

    def mid(self, part: str) -> Point:
        """Middle of a pair in the picture, pixels; NaN unless both are seen."""
        return (self.p(part, "left") + self.p(part, "right")) / 2

    def mid3(self, part: str) -> Vector:
        """Middle of a pair in the world, metres; NaN unless both are seen."""
        return middle(self.w(part, "left"), self.w(part, "right"))

    @property
    def scale(self) -> float:
        """A length of this body, pixels, for ratios that must not need the hips (at a desk): the
        trunk, or the shoulder width where the hips are not seen."""
        if math.isnan(self.trunk_px):
            return abs(self.p("shoulder", "left") - self.p("shoulder", "right"))
        return self.trunk_px

    def best_mid(self, part: str) -> Point:
        """Middle of a pair in the picture, or its near joint where one of them is not seen."""
        both = self.mid(part)
        return self.p(part, self.near) if isnan(both) else both

    def leg(self, side: Side) -> float:
        """Length of thigh plus shank in the picture, pixels."""
        hip, knee, ankle = self.p("hip", side), self.p("knee", side), self.p("ankle", side)
        return abs(hip - knee) + abs(knee - ankle)

    def corner(self, a: str, b: str, c: str, side: Side) -> float:
        """Angle at joint b between a and c in the picture, degrees, 0 to 180."""
        at = self.p(b, side)
        return angle(self.p(a, side) - at, self.p(c, side) - at)

    def across(self, part: str) -> Vector:
        """From the right to the left joint of a pair in the world, metres."""
        return sub(self.w(part, "left"), self.w(part, "right"))


@once_per_pose
def _points(pose: Pose) -> tuple[list[Point], list[Vector]]:
    """The joints in the picture and in the world."""
    px = np.ascontiguousarray(pose.px, np.float64).view(np.complex128)
    return px[:, 0].tolist(), [(x, y, z) for x, y, z in pose.world.tolist()]


@once_per_pose
def near_side(pose: Pose) -> Side:
    """The flank towards the camera, as one pose shows it; see `NearSide` for the answer over time.

    By the depth of shoulder and hip where the flanks differ by more than NEAR_Z_M, else by the
    summed visibility of ear, shoulder, elbow, hip, knee and ankle; "right" when these are equal.
    Source: biomechanics 2A.1.
    """
    _, world = _points(pose)

    def depth(side: Side) -> float:
        return (world[_INDEX["shoulder", side]][2] + world[_INDEX["hip", side]][2]) / 2

    difference = depth("left") - depth("right")
    if abs(difference) > NEAR_Z_M:
        return "left" if difference < 0 else "right"
    visibility = pose.visibility.tolist()

    def seen(side: Side) -> float:
        parts = ("ear", "shoulder", "elbow", "hip", "knee", "ankle")
        return sum(float(visibility[_INDEX[part, side]]) for part in parts)

    return "left" if seen("left") > seen("right") else "right"


def body_of(pose: Pose, near: Side | None = None) -> Body:
    """The body of a pose, computed once per pose and near side.

    near  the flank taken to be towards the camera; None for what this pose alone says
    """
    key = near or near_side(pose)
    body: Body | None = pose.derived.get(key)
    if body is None:
        body = pose.derived[key] = Body(pose, key)
    return body


def turn_from_camera(body: Body) -> float:
    """How far the body is turned from facing the camera, degrees, 0 (front or back towards it) to
    90 (a flank towards it).

    From the depth of the shoulder and hip lines in the world, weighted by their lengths, so that it
    holds for standing and lying bodies alike. One line is enough; NaN when neither is seen.
    """
    total = depth = 0.0
    for part in ("shoulder", "hip"):
        line = body.across(part)
        length = norm(line)
        if not math.isnan(length):
            total += length
            depth += abs(line[2])
    return arcsin(safe(depth, total))


Formula = Callable[[Body, Side], float]
"""A measure of one body and the person's own left or right; NaN where it is unknown."""


def levelled(pose: Pose, lean: float) -> Pose:
    """The pose as seen by a camera that does not lean: picture and world turned about the middle of
    the picture. The silhouette is left out, because it is not turned.

    lean  degrees, + clockwise, as `camera_roll` gives it; 0 gives the pose itself
    """
    if not lean:
        return pose
    key = (levelled, lean)
    if key not in pose.derived:
        angle = -math.radians(lean)
        cos, sin = math.cos(angle), math.sin(angle)
        px, world = pose.px.copy(), pose.world.copy()
        x, y = px[:, 0] - pose.size[0] / 2, px[:, 1] - pose.size[1] / 2
        px[:, 0] = pose.size[0] / 2 + cos * x - sin * y
        px[:, 1] = pose.size[1] / 2 + sin * x + cos * y
        world[:, 0] = cos * pose.world[:, 0] - sin * pose.world[:, 1]
        world[:, 1] = sin * pose.world[:, 0] + cos * pose.world[:, 1]
        pose.derived[key] = replace(pose, px=px, world=world, mask=None)
    turned: Pose = pose.derived[key]
    return turned
