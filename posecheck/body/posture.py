"""The posture of a body: standing, kneeling, seated, on all fours, folded, or lying on which side.

Each measure excludes the postures that it contradicts; the body may be in any of the rest. A hidden
joint, or a value between two classes, excludes neither class, so that only a body that is certainly
in another posture is sent back to the start. Form is judged by the rules, not here.

The ranges in this module are those of the middle 98 % of the frames of 35 rendered clips, each as
filmed, smaller and darker, and mirrored, and of 90 photographs.
"""

from __future__ import annotations

import math
from cmath import isnan
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from posecheck.body.geometry import NAN, Body, angle, body_of, cross, norm, safe
from posecheck.body.measure import resolve, specs_of
from posecheck.exercise import Exercise
from posecheck.pose import SIDES, Pose, once_per_pose

Posture = Literal[
    "standing", "bent", "kneeling", "seated", "floor", "reach", "four", "folded", "prone", "supine",
    "side",
]  # fmt: skip
"""bent: standing, the trunk level. kneeling: on the knees, the trunk upright. seated: on a chair.
floor: seated on the floor. reach: seated, the trunk far forward. folded: on the knees, the hips on
the heels. prone: face down, the hips stretched, lying or in a plank. side: on one flank, lying or
in a side plank."""
Postures = frozenset[Posture]

ALL_POSTURES: Postures = frozenset(get_args(Posture))
NO_POSTURES: Postures = frozenset()
UPRIGHT_POSTURES: Postures = frozenset({"standing", "kneeling", "seated", "floor"})
FACE_DOWN_POSTURES: Postures = frozenset({"bent", "reach", "four", "folded", "prone"})
FLOOR_POSTURES: Postures = frozenset({"four", "folded", "prone", "supine", "side"})
"""Postures in which the trunk is nearer to level than in any upright posture."""

UPRIGHT_DEG, LOW_DEG, LOW_WORLD_DEG, CHEST_DEG, LEVEL_DEG = 35.0, 40.0, 55.0, 45.0, 50.0
"""Trunk from the vertical, degrees. Standing and seated at the start: 0 to 20 in the picture, up to
33 in the world, tipped towards a camera in front; leaning back for a twist: 32 and 52. On all
fours: 67 to 92; lying: 70 to 97; in a crunch, a sagging plank or a side plank on the elbow: 60 up.
So below LOW_DEG in the picture and LOW_WORLD_DEG in the world a body is not on the floor, and above
LEVEL_DEG in both it is not upright."""
FACING, FLANK = 0.55, 0.70
"""How far the chest faces the floor, -1 (the ceiling) to 1 (the floor), a sine. On the back at the
start: -1.00 to -0.85; face down: 0.74 to 1.00; on one flank: -0.23 to 0.45."""
KNEES_LOW, KNEES_LEVEL, KNEES_FLAT = 0.55, 0.45, 0.30
"""The lower knee below the hips, trunk lengths. Standing: 0.59 to 0.88; all fours: 0.67 to 1.06,
and 0.46 with a leg lifted; seated: -0.64 to 0.41; lying face down: 0.01 to 0.17; plank: 0 to 0.35.
KNEES_FLAT is below every all fours, KNEES_LOW above every lying body."""
KNEES_SEATED, SHIN_OF_THIGH = 0.66, 1.4
"""A seated user who faces the camera: the thighs point at it, and the knees still hang 0.51 to 0.65
trunk lengths below the hips, the ankles 1.37 to 1.59 (real chairs), so that each shin looks 1.4 to
1.7 times as long as the thigh above it. At the start of standing exercises, rendered and real, the
knees hang 0.66 to 0.90 low in 99 % of the frames and the shin looks 0.83 to 1.11 times as long."""
FEET_LOW, FEET_HIGH, FEET_FLAT = 1.0, 0.9, 0.5
"""The lower ankle below the hips, trunk lengths. Standing: 1.17 to 1.67; kneeling: 0.75; on a
chair: 0.55 to 1.43 from every side; on the floor: -0.58 to 0.45, and up to 1.08 before a camera
that looks down."""
SHINS_DOWN, SHINS_FLAT = 0.45, 0.35
"""The lower ankle below the lower knee, trunk lengths. Standing: 0.58 to 1.2; on all fours and
kneeling: -0.42 to 0.12."""
HIPS_FOLDED, HIPS_OPEN, HIPS_STRETCHED = 60.0, 80.0, 140.0
"""Thigh against trunk, degrees. Child's pose: 18 to 43; seated forward bend: 18 to 44; all fours:
85 to 130 on the leg that kneels; lying face down or in a plank: 135 to 180."""
KNEES_FOLDED, KNEES_STRETCHED = 90.0, 120.0
"""Knee angle, degrees. Child's pose: 17 to 49; seated forward bend: 151 to 180."""

START: Mapping[str, Postures] = {
    "standing": frozenset({"standing"}),
    "sitting": frozenset({"floor"}),
    "chair": frozenset({"seated"}),
    "quadruped": frozenset({"four"}),
    "kneeling": frozenset({"four", "folded", "kneeling"}),
    "supine": frozenset({"supine"}),
    "side-lying": frozenset({"side"}),
    "prone": frozenset({"prone"}),
}
"""Position of an exercise -> postures from which it begins."""
PASSED: Mapping[str, Postures] = {
    "standing": frozenset({"bent"}),
    "sitting": frozenset({"reach"}),
    "chair": frozenset({"reach", "bent"}),
    "quadruped": NO_POSTURES,
    "kneeling": FACE_DOWN_POSTURES
    | {"kneeling", "floor"},  # one leg forward, upright or folded over it
    "supine": NO_POSTURES,
    "side-lying": NO_POSTURES,
    "prone": NO_POSTURES,
}
"""Position of an exercise -> further postures that its hold and its faults pass through."""
PLANK, PRESSED_UP, KNEES_SINK, TURN = "hip_sag", "trunk_slope", "knee_rise", "twist_abs"
"""Metrics whose rules show that an exercise lifts the hips off the floor; that it lifts the chest;
that it rolls the lying body half-way to the side (the chest then reads -0.92 to -0.43); and that it
turns the chest of a body on one flank to the ceiling."""

_LEGS = frozenset({"knee", "ankle", "heel", "foot_index"})


@once_per_pose
def postures(pose: Pose) -> Postures:
    """The postures that a body may be in; all of them where trunk and legs are not seen. Empty
    where the measures contradict each other."""
    body = body_of(pose)
    return ALL_POSTURES - _by_trunk(body) - _by_knees(body) - _by_feet(body) - _by_bends(body)


class PostureCheck:
    """The postures of one exercise, looked up once for all its frames.

    start  postures from which the exercise begins. An exercise of the upper body alone may be done
           seated too
    work   postures that it passes through from its start to its hold, faults included
    """

    def __init__(self, exercise: Exercise) -> None:
        self.start = _start(exercise)
        self.work = _work(exercise)

    def in_position(self, pose: Pose) -> bool | None:
        """Whether the body is in a start position; None when uncertain."""
        return _within(postures(pose), self.start)

    def elsewhere(self, pose: Pose) -> bool | None:
        """Whether the body is in none of the exercise's postures; None when uncertain."""
        inside = _within(postures(pose), self.work)
        return None if inside is None else not inside


def _within(now: Postures, allowed: Postures) -> bool | None:
    """Whether the body is in one of the allowed postures; None where it may or may not be."""
    if not now:
        return None
    if now <= allowed:
        return True
    return None if now & allowed else False


def _start(exercise: Exercise) -> Postures:
    """`PostureCheck.start`."""
    allowed = START[exercise.position]
    if exercise.position == "standing" and not _needs_legs(exercise):
        return allowed | {"seated", "floor"}
    # A plank is entered from hands and knees.
    return allowed | {"four"} if _judges(exercise, PLANK, "prone") else allowed


def _work(exercise: Exercise) -> Postures:
    """`PostureCheck.work`."""
    allowed = _start(exercise) | PASSED[exercise.position]
    if _judges(exercise, PLANK, "prone"):
        return allowed | {"bent"}  # with the hips high a plank looks like a bow
    if _judges(exercise, PRESSED_UP, "prone"):
        return allowed | {"floor", "reach", "seated"}  # a chest high above hips that stay down
    if exercise.position == "chair" and exercise.reps is not None:
        return allowed | {"standing"}  # rising from the chair
    if _judges(exercise, TURN, "side-lying"):
        return allowed | {"supine"}
    return allowed | {"side"} if _judges(exercise, KNEES_SINK, "supine") else allowed


def _judges(exercise: Exercise, metric: str, position: str) -> bool:
    """Whether an exercise in that position has a rule or a repetition on that metric."""
    specs = specs_of(exercise)
    return exercise.position == position and any(spec.split(".")[0] == metric for spec in specs)


def _needs_legs(exercise: Exercise) -> bool:
    """Whether any metric that an exercise needs has a joint of the legs."""
    specs = [rule.metric for rule in exercise.rules if not rule.if_seen]
    specs += exercise.reps.metrics if exercise.reps else ()
    parts = {part for spec in specs for part in resolve(spec).joints}
    return bool(parts & _LEGS)


def _by_trunk(body: Body) -> Postures:
    """The postures that the trunk's inclination and the facing of the chest exclude."""
    tilt = math.degrees(math.atan2(abs(body.up.real), -body.up.imag))
    world = angle(complex(-body.axis[1], math.hypot(body.axis[0], body.axis[2])), 1 + 0j)
    out = NO_POSTURES
    if tilt <= LOW_DEG and world <= LOW_WORLD_DEG:
        out |= FLOOR_POSTURES
    if tilt <= UPRIGHT_DEG and world <= UPRIGHT_DEG:
        out |= {"bent", "reach"}
    if tilt >= LEVEL_DEG and world >= LEVEL_DEG:
        out |= UPRIGHT_POSTURES
    return out | _by_chest(_chest(body)) if world >= CHEST_DEG else out


def _chest(body: Body) -> float:
    """How far the chest faces the floor, -1 (the ceiling) to 1; NaN when the trunk is not seen."""
    front = cross(body.across("shoulder"), body.axis)
    length = norm(front)
    return front[1] / length if length else NAN


def _by_chest(down: float) -> Postures:
    """The postures that the facing of a level chest excludes; `down` as in `_chest`."""
    out = NO_POSTURES
    if down > -FACING:
        out |= {"supine"}
    if down < FACING:
        out |= FACE_DOWN_POSTURES
    return out | {"side"} if abs(down) > FLANK else out


def _by_knees(body: Body) -> Postures:
    """The postures that the height of the lower knee excludes. One low knee is enough; a high one
    counts only when both are seen."""
    low, both = _lowest(body, "knee")
    feet, _ = _lowest(body, "ankle")
    out = NO_POSTURES
    if low >= KNEES_LOW:
        out |= {"prone", "reach", "floor"}
    if low >= KNEES_SEATED and feet >= FEET_LOW:
        out |= {"seated"}
    if both and low <= KNEES_LEVEL:
        out |= {"standing", "bent", "kneeling"}
    if _thighs_at_camera(body):
        out |= {"standing"}
    return out | {"four"} if both and low <= KNEES_FLAT else out


def _thighs_at_camera(body: Body) -> bool:
    """Whether both thighs point at the camera, as those of a user on a chair in front of it. One
    thigh alone, or one that is higher than the other, may be that of a lifted knee."""
    for side in SIDES:
        knee, ankle = body.p("knee", side), body.p("ankle", side)
        thigh, shin = (knee - body.mid_hip).imag, (ankle - knee).imag
        hangs = thigh >= KNEES_LEVEL * body.trunk_px  # False where a joint is unseen, as below
        if not (hangs and shin >= SHIN_OF_THIGH * thigh):
            return False
    return True


def _by_feet(body: Body) -> Postures:
    """The postures that the height of the lower foot excludes."""
    foot, both = _lowest(body, "ankle")
    shins = _shins(body)
    out = NO_POSTURES
    if both and foot <= FEET_HIGH:
        out |= {"standing"}
    if both and foot <= FEET_FLAT:
        out |= {"seated"}
    if shins >= SHINS_DOWN:
        out |= {"kneeling", "four", "folded"}
    return out | {"bent"} if both and shins <= SHINS_FLAT else out


def _by_bends(body: Body) -> Postures:
    """The postures that the bends of hips and knees exclude."""
    hips = [angle(body.trunk, body.p("knee", side) - body.p("hip", side)) for side in SIDES]
    knees = [body.corner("hip", "knee", "ankle", side) for side in SIDES]
    out = NO_POSTURES
    if _highest(hips) <= HIPS_FOLDED:
        out |= {"four", "prone"}
    if _highest(hips) >= HIPS_OPEN:
        out |= {"folded"}
    if -_highest(-hip for hip in hips) >= HIPS_STRETCHED:
        # On hands and knees the leg that is seen may be raised and the hidden one kneel.
        out |= {"reach"} if any(map(math.isnan, hips)) else {"four", "reach"}
    if _highest(knees) <= KNEES_FOLDED:
        out |= {"bent"} if _shins(body) >= SHINS_DOWN else {"bent", "reach"}
    return out | {"folded"} if _highest(knees) >= KNEES_STRETCHED else out


def _shins(body: Body) -> float:
    """How far the lower ankle is below the lower knee, trunk lengths, of the legs that are seen
    from knee to ankle; NaN when there is none."""
    legs = [(body.p("knee", side), body.p("ankle", side)) for side in SIDES]
    seen = [(knee.imag, ankle.imag) for knee, ankle in legs if not isnan(knee + ankle)]
    if not seen:
        return NAN
    knees, ankles = zip(*seen, strict=True)
    return safe(max(ankles) - max(knees), body.trunk_px)


def _lowest(body: Body, part: str) -> tuple[float, bool]:
    """How far the lower joint of a pair is below mid-hip, trunk lengths (NaN when neither is seen),
    and whether both are seen."""
    heights = [safe((body.p(part, side) - body.mid_hip).imag, body.trunk_px) for side in SIDES]
    return _highest(heights), not any(map(math.isnan, heights))


def _highest(values: Iterable[float]) -> float:
    """The highest of the known values; NaN when there is none."""
    return max((value for value in values if not math.isnan(value)), default=NAN)
