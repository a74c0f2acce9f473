"""How a body is placed, coarsely: standing, seated, on all fours, lying.

Told by two numbers of one pose: the trunk's inclination, and how far the knees are below the hips.
It answers whether somebody has come into the start position of an exercise yet; form is judged
elsewhere. Unknown is None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from posecheck.body import Body
from posecheck.exercise import Exercise
from posecheck.measure import resolve, specs_of
from posecheck.pose import Pose

Posture = Literal["standing", "seated", "four", "lying"]

UPRIGHT_DEG, LEVEL_DEG = 35.0, 50.0
"""Trunk from the vertical. In 35 rendered start positions, three cameras each: standing 0 to 6,
seated 0 to 27, all fours 68 to 75, lying 73 to 94."""
KNEES_LOW, KNEES_LEVEL = 0.55, 0.45
"""Mid-knee below mid-hip in trunk lengths: standing 0.72 to 0.82, all fours 0.67 to 0.87, seated
-0.6 to 0.32, lying -0.5 to 0.15. A high plank on the hands reads 0.27: it passes as lying."""

WANTED: Mapping[str, frozenset[Posture]] = {
    "standing": frozenset({"standing"}),
    "sitting": frozenset({"seated"}),
    "chair": frozenset({"seated"}),
    "quadruped": frozenset({"four"}),
    "kneeling": frozenset({"four"}),
    "supine": frozenset({"lying"}),
    "side-lying": frozenset({"lying"}),
    "prone": frozenset({"lying", "four"}),  # planks are entered from hands and knees
}
"""Position of an exercise -> postures to begin it from."""

_LEGS = frozenset({"hip", "knee", "ankle", "heel", "foot_index"})


def posture(pose: Pose) -> Posture | None:
    """The posture of a pose, None where trunk or legs are not seen or lie between the classes."""
    body = Body(pose)
    up, legs = body.up, body.mid("knee") - body.mid_hip
    if legs != legs:
        sides = [body.p("knee", side) - body.mid_hip for side in (body.near, body.far)]
        legs = next((leg for leg in sides if leg == leg), legs)
    if up != up or legs != legs:
        return None
    tilt = math.degrees(math.atan2(abs(up.real), -up.imag))
    low = legs.imag / body.chord
    if tilt <= UPRIGHT_DEG:
        return _class(low, "standing", "seated")
    return _class(low, "four", "lying") if tilt >= LEVEL_DEG else None


def _class(low: float, hanging: Posture, level: Posture) -> Posture | None:
    if low >= KNEES_LOW:
        return hanging
    return level if low <= KNEES_LEVEL else None


def in_position(exercise: Exercise, pose: Pose) -> bool | None:
    """Whether somebody is in the start position of an exercise; None where it cannot be told.
    An exercise of the upper body alone may be done seated too."""
    now = posture(pose)
    wanted = WANTED[exercise.position]
    if now is None or now in wanted:
        return None if now is None else True
    return wanted == {"standing"} and now == "seated" and not _needs_legs(exercise)


def _needs_legs(exercise: Exercise) -> bool:
    parts = {part for spec in specs_of(exercise) for part in resolve(spec).joints}
    return bool(parts & (_LEGS - {"hip"}))
