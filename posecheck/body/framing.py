"""How a body is framed: which joints must be seen, what is cut off, scale, camera angles.

The geometry of one pose, for `session/placement.py`, which decides how long a problem must last. A
joint that was not seen is estimated one bone's length on from the joint before it, to tell "beyond
the border" from "hidden inside the picture".
"""

from __future__ import annotations

import math
from cmath import isnan
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from posecheck.body.geometry import NAN, Body, Point
from posecheck.body.needs import TRUNK_PARTS, Need, needs_of
from posecheck.exercise import Exercise
from posecheck.pose import SIDES, Pose, Side, opposite

FramingMove = Literal["", "back", "left", "right", "lower", "raise"]
"""The move that brings a body into the picture, as in `placement.Advice`; "" for none."""

FITS = 0.94
"""Share of the picture up to which a body can be moved into it; a larger one must step back."""
STATURE_M = 1.7
"""Height of the model's bodies, metres, whatever the height of the person."""

# --- the place of a joint that was not seen ------------------------------------------------------

_PARENT: Mapping[str, tuple[str, float]] = {
    "ear": ("shoulder", 0.22),
    "elbow": ("shoulder", 0.30),
    "wrist": ("elbow", 0.26),
    "hip": ("shoulder", 0.50),
    "knee": ("hip", 0.42),
    "ankle": ("knee", 0.42),
    "heel": ("ankle", 0.08),
    "foot_index": ("ankle", 0.18),
}
"""The joint before it on the limb, and the distance in metres on an adult."""

NEAR_SHARE = 0.8
"""Share of a bone's length within which a border hides its end: bones are seen foreshortened."""
OUT_SHARE = 0.2
"""When no shoulder is seen: distance from the border, as a share of the width, within which the
nearest seen joint shows that the rest is beyond it. The model loses head and shoulders last."""

SEEN_M = 0.2
"""Length of bone in the picture's plane, metres, that a scale needs: shoulders at half a turn have
it."""

_LIMBS = (
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
)
_BONES: tuple[tuple[str, Side, str, Side], ...] = (
    ("shoulder", "left", "shoulder", "right"),
    ("hip", "left", "hip", "right"),
    *((a, side, b, side) for a, b in _LIMBS for side in SIDES),
)


def pixels_per_metre(body: Body) -> float:
    """Scale of the body: the lengths of its bones in the picture over those in the world's x-y
    plane, so that foreshortening does not matter. NaN when less than SEEN_M of bone is seen."""
    px = metres = 0.0
    for part_a, side_a, part_b, side_b in _BONES:
        length = abs(body.p(part_a, side_a) - body.p(part_b, side_b))
        if not math.isnan(length):
            a, b = body.w(part_a, side_a), body.w(part_b, side_b)
            px, metres = px + length, metres + math.hypot(a[0] - b[0], a[1] - b[1])
    return px / metres if metres > SEEN_M else NAN


def _unit(direction: Point, otherwise: Point) -> Point:
    length = abs(direction)
    return direction / length if length > 0 else otherwise


class _Places:
    """The joints of one body in the picture, seen or estimated. What only an estimate needs is
    computed when one is made: in most frames every needed joint is seen."""

    def __init__(self, pose: Pose, body: Body) -> None:
        self._pose, self._body = pose, body
        self._size = pose.size
        self.scale = body.value(pixels_per_metre)
        ears = (body.p("ear", "left"), body.p("ear", "right"), body.nose)
        self._head = next((point for point in ears if not isnan(point)), complex(NAN, NAN))
        self.head_seen = not isnan(self._head)

    @cached_property
    def seen(self) -> list[Point]:
        """Every joint that is seen, pixels."""
        return [complex(x, y) for x, y in self._pose.px.tolist() if not math.isnan(x)]

    @cached_property
    def _down(self) -> Point:
        """The direction from the head to the feet along the trunk."""
        neck = self._body.best_mid("shoulder") - self._head
        return _unit(-self._body.up, _unit(neck, complex(0, 1)))

    def at(self, part: str, side: Side) -> Point:
        """Where the joint is or is estimated to be, pixels; NaN when it cannot be estimated."""
        seen = self._body.p(part, side)
        if not isnan(seen):
            return seen
        if part not in _PARENT:
            return self._shoulder(side)
        parent, metres = _PARENT[part]
        start = self.at(parent, side)
        return start + self._way(part, start, side) * metres * self.scale

    def _way(self, part: str, start: Point, side: Side) -> Point:
        """The direction from the joint before it: towards a border that is near, because a limb may
        bend there (a knee); else straight on."""
        if part in ("ear", "hip"):
            return self._down if part == "hip" else -self._down
        parent, metres = _PARENT[part]
        border, distance = self._border(start)
        if part == "elbow" or distance < NEAR_SHARE * metres * self.scale:
            return border
        return _unit(start - self.at(_PARENT[parent][0], side), self._down)

    def _shoulder(self, side: Side) -> Point:
        """A shoulder, which has no joint before it. Estimates, best first: beside the other
        shoulder as the hips are; mirrored at the head; towards the nearest border from the elbow,
        the hip, or the seen joint nearest to a border. One outside the picture is preferred,
        because the model sees shoulders that are inside."""
        body, far = self._body, opposite(side)
        other = body.p("shoulder", far)
        beside = other + body.p("hip", side) - body.p("hip", far)
        across = complex(2 * self._head.real - other.real, other.imag)
        places = [beside, across]
        for part, metres in (("elbow", 0.30), ("hip", 0.50)):
            start = body.p(part, side)
            places.append(start + self._border(start)[0] * metres * self.scale)
        if self.seen:
            last = min(self.seen, key=lambda point: self._border(point)[1])
            places.append(last + self._border(last)[0] * OUT_SHARE * self._size[0])
        known = [place for place in places if not isnan(place)]
        outside = [place for place in known if self._border(place)[1] < 0]
        return next(iter(outside or known), complex(NAN, NAN))

    def _border(self, point: Point) -> tuple[Point, float]:
        """The direction of the nearest border, and the distance to it, pixels; - is beyond it."""
        width, height = self._size
        return min(
            (complex(-1, 0), point.real),
            (complex(1, 0), width - point.real),
            (complex(0, -1), point.imag),
            (complex(0, 1), height - point.imag),
            key=lambda way: way[1],
        )


class _Bounds:
    """The borders that needed joints cross, and the move that brings them back."""

    def __init__(self, size: tuple[int, int], edge: float) -> None:
        self._edge, self._size = edge, size
        self._needed: list[Point] = []
        self._crossed: set[tuple[int, int]] = set()

    def crossed_by(self, point: Point) -> bool:
        """Whether a needed joint is too near to a border or beyond it; False for NaN."""
        if isnan(point):
            return False
        self._needed.append(point)
        crossed = False
        for axis, value in enumerate((point.real, point.imag)):
            share = value / self._size[axis]
            way = (share > 1 - self._edge) - (share < self._edge)
            if way:
                self._crossed.add((axis, way))
                crossed = True
        return crossed

    def move(self, places: _Places, upright: bool) -> FramingMove:
        """The move that helps: sideways, up or down if the opposite border has room, else back.
        `upright`: there must be room for the standing body."""
        if not self._crossed:
            return ""
        width, height = self._size
        points = (places.seen or [complex(0, 0)]) + self._needed
        x, y = [point.real / width for point in points], [point.imag / height for point in points]
        tall = STATURE_M * places.scale / height if upright else 0.0
        room = (max(x) - min(x), max(max(y) - min(y), tall))
        for axis, way in self._crossed:
            if (axis, -way) in self._crossed or room[axis] > FITS:
                return "back"
        axis, way = min(self._crossed)
        if axis == 0:
            return "right" if way > 0 else "left"
        return "lower" if way > 0 else "raise"


@dataclass(frozen=True, slots=True)
class Missing:
    """Needed joints that cannot be used, from head to foot.

    move    what brings the parts beyond a border back into the picture, "" when there are none
    cut     parts too near to a border or beyond it
    hidden  parts that are not seen although they must be inside the picture
    """

    move: FramingMove
    cut: tuple[str, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an exercise requires of the picture.

    needs      flank towards the camera -> the joints that must be seen
    side_view  the limbs of the far flank may be hidden by the body and are not required
    upright    the exercise begins standing and needs the legs: the picture must have room for a
               body that stands up, however far it is bent now
    """

    needs: Mapping[Side, tuple[Need, ...]]
    side_view: bool
    upright: bool


def wanted_of(exercise: Exercise, work: Side | None) -> Wanted:
    """What an exercise on a working side requires of the picture."""
    needs = {near: needs_of(exercise, near, work) for near in SIDES}
    side_view = exercise.camera is not None and exercise.camera.view == "side"
    legs = any(need.part in ("knee", "ankle", "heel", "foot_index") for need in needs["left"])
    return Wanted(needs, side_view, exercise.position == "standing" and legs)


def missing(
    pose: Pose, body: Body, wanted: Wanted, edge: float, shoulders: bool = False
) -> Missing:
    """The needed joints that cannot be used, and the head if it is cut off. A head hidden inside
    the picture does not matter.

    edge       distance that a needed joint must keep from a border, as a share of the picture
    shoulders  both shoulders are needed too, to tell the view
    """
    places = _Places(pose, body)
    bounds = _Bounds(pose.size, edge)
    cut: list[str] = []
    hidden: list[str] = []
    if not places.head_seen and bounds.crossed_by(places.at("ear", body.near)):
        cut.append("ear")
    for part, sides in _asked(wanted, body.near, shoulders):
        seen = [side for side in sides if not isnan(body.p(part, side))]
        for side in seen[:1] or sides[:1]:
            if bounds.crossed_by(places.at(part, side)):
                cut.append(part)
            elif not seen:
                hidden.append(part)
    return Missing(
        bounds.move(places, wanted.upright), tuple(dict.fromkeys(cut)), tuple(dict.fromkeys(hidden))
    )


def _asked(wanted: Wanted, near: Side, shoulders: bool) -> Iterator[tuple[str, tuple[Side, ...]]]:
    """Body parts, with the sides of which one must be seen."""
    if shoulders:
        yield "shoulder", ("left",)
        yield "shoulder", ("right",)
    for need in wanted.needs[near]:
        far_limb = need.sides == (opposite(near),) and need.part not in TRUNK_PARTS
        if not (wanted.side_view and far_limb):
            yield need.part, need.sides


# --- the camera's angles -------------------------------------------------------------------------

BEND_DEG = 8.0
"""Angle between legs and trunk, degrees, from which a body is bent."""
LONG_LEGS = 1.2
"""Trunk lengths from hip to ankle above which a body may stand. Standing: 1.5 to 1.7."""


def _legs(body: Body) -> Point:
    """From the ankles up to the hips in the picture, pixels: the mean of both legs, or one leg
    where the other is not seen down to its ankle."""
    left, right = (body.p("hip", side) - body.p("ankle", side) for side in ("left", "right"))
    if isnan(left) or isnan(right):
        return right if isnan(left) else left
    return (left + right) / 2


def camera_roll(body: Body) -> float:
    """Roll of the camera: how far a straight standing body is off the picture's vertical, degrees,
    -30 to 30, + clockwise. NaN for a body that bends, sits, lies or is not seen down to the ankles.
    """
    legs = _legs(body)
    if not (abs(legs) > LONG_LEGS * body.trunk_px > 0):
        return NAN
    below, above = (math.degrees(math.atan2(v.real, -v.imag)) for v in (legs, body.trunk))
    straight = abs(below - above) < BEND_DEG and max(abs(below), abs(above)) < 30
    return (below + above) / 2 if straight else NAN


def looking_down(body: Body) -> float:
    """How steeply the camera looks down on a body whose trunk is level and whose flank is near,
    degrees, -180 to 180, + from above: the near shoulder and hip are then lower in the world's y
    than the far ones. NaN when the body stands, points at the camera, or is not seen."""
    x = y = z = 0.0
    for part in ("shoulder", "hip"):
        dx, dy, dz = body.across(part)
        if not math.isnan(dx):
            far_to_near = -1.0 if dz > 0 else 1.0
            x, y, z = x + far_to_near * dx, y + far_to_near * dy, z + far_to_near * dz
    level = abs(body.up.imag) < 0.5 and abs(body.axis[2]) < 0.5
    across = abs(x) < 0.35 * math.hypot(x, y, z)
    return math.degrees(math.atan2(y, -z)) if level and across else NAN
