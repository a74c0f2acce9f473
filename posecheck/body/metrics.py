"""The table of metrics: name, unit, range, views, needed joints, formula and its source.

The conventions of `body/formulas.py` hold: signs are the person's own, and a value is NaN when a
joint that it needs was not seen. Numbers and definitions are from biomechanics 2A.2 unless a row
names another source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from posecheck.body import formulas as f
from posecheck.body.geometry import Formula, arcsin, safe, signed_angle, turn_from_camera
from posecheck.exercise import View

ANY: frozenset[View] = frozenset({"front", "side", "oblique"})
SAGITTAL: frozenset[View] = frozenset({"side", "oblique"})
FRONTAL: frozenset[View] = frozenset({"front", "oblique"})
SIDE_VIEW: frozenset[View] = frozenset({"side"})

Relate = Callable[[float, float], float]
"""A value now and the baseline's value of the same metric, both known -> the relative value."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the table.

    unit    "deg", "ratio" (of a body length), "%", "deg/s", "1/s" or "yes/no"
    low, high   the range that a value can take
    views   the views in which the value means what its name says
    joints  body parts that must be seen (of the side that the rule names, for a sided metric)
    about   what it is, with the sign
    formula one body -> value; None when it needs more than one body
    sided   the rule names a side: knee_angle.near
    work    the sign depends on the working side
    base, relate   a relative metric: the raw metric that is compared with its baseline, and how
    fused   the two relative metrics from which `Baseline` makes this one
    spine   needs the back contour (segmentation mask)
    source  where the definition or its numbers come from
    """

    name: str
    unit: str
    low: float
    high: float
    views: frozenset[View]
    joints: tuple[str, ...]
    about: str
    formula: Formula | None = None
    sided: bool = False
    work: bool = False
    base: str = ""
    relate: Relate | None = None
    fused: tuple[str, ...] = ()
    spine: bool = False
    source: str = "biomechanics 2A.2"


# --- the table ----------------------------------------------------------------------------------

_TRUNK = ("shoulder", "hip")
_LEG = ("hip", "knee", "ankle")
_ARM = ("shoulder", "elbow", "wrist")
_HEAD = ("shoulder", "hip", "ear")


# fmt: off
def _rows() -> Iterable[Metric]:
    m = Metric
    yield m("trunk_incl", "deg", -180, 180, SAGITTAL, _TRUNK,
            "trunk to the vertical, + forward, about 90 prone, -90 supine", f.trunk_incl)
    yield m("trunk_incl_abs", "deg", 0, 180, ANY, _TRUNK, "trunk to the vertical without sign",
            f.absolute(f.trunk_incl))
    yield m("trunk_incl3_abs", "deg", 0, 180, ANY, _TRUNK,
            "trunk axis to the vertical in the world", f.trunk_incl3_abs)
    yield m("trunk_lean", "deg", -180, 180, FRONTAL, _TRUNK,
            "trunk to the vertical, + towards the image's right",
            lambda b, s: signed_angle(-1j, b.up))
    yield m("trunk_slope", "deg", -90, 90, ANY, _TRUNK, "rise of the shoulders above the hips",
            lambda b, s: arcsin(-b.up.imag))
    yield m("head_trunk", "deg", -180, 180, SAGITTAL, _HEAD,
            "near ear about near shoulder against the trunk, + to the front", f.head_trunk)
    yield m("head_trunk_lat", "deg", -180, 180, FRONTAL, _HEAD, "head against the trunk, sideways",
            f.head_trunk_lat)
    yield m("neck_incl", "deg", -180, 180, SAGITTAL, ("shoulder", "ear"),
            "ear over shoulder to the vertical, + forward",
            lambda b, s: b.facing_sign * signed_angle(-1j, b.p("ear", b.near) - b.p("shoulder",
            b.near)))
    yield m("head_roll", "deg", -90, 90, FRONTAL, ("ear",),
            "ear line to the horizontal, + left ear lower", lambda b, s: f.line_roll(b, "ear"))
    yield m("head_roll_to_work", "deg", -90, 90, FRONTAL, ("ear",),
            "ear line to the horizontal, + the ear of the working side lower",
            lambda b, s: f.line_roll(b, "ear"), work=True)
    yield m("shoulder_tilt", "deg", -90, 90, FRONTAL, ("shoulder",),
            "shoulder line to the horizontal, + left lower",
            lambda b, s: f.line_roll(b, "shoulder"))
    yield m("ear_height", "ratio", -2, 3, FRONTAL, ("ear", "shoulder"),
            "ear above shoulder / shoulder width", f.ear_height, sided=True)
    yield m("ear_shoulder_height", "ratio", -2, 3, FRONTAL, ("ear", "shoulder"),
            "mid-ear above mid-shoulder / shoulder width", f.ear_shoulder_height,
            source="biomechanics 3.2 (EV)")
    yield m("hip_sag", "ratio", -1, 1, ANY, (*_TRUNK, "ankle"),
            "mid-hip off the line shoulders-ankles / its length, + towards the floor",
            lambda b, s: f.hip_sag(b, "ankle"))
    yield m("hip_sag_knee", "ratio", -1, 1, ANY, (*_TRUNK, "knee"),
            "the same with the knees as the end", lambda b, s: f.hip_sag(b, "knee"))
    yield m("shoulder_stack", "deg", 0, 90, FRONTAL, ("shoulder",),
            "shoulder line to the picture's vertical", f.shoulder_stack)
    yield m("sw_ratio", "ratio", 0, 5, ANY, _TRUNK, "shoulder width / trunk; small = side-on",
            f.sw_ratio)
    yield m("trunk_to_leg", "ratio", 0, 10, SAGITTAL, (*_TRUNK, *_LEG), "trunk chord / near leg",
            lambda b, s: safe(b.trunk_px, b.leg(b.near)))
    yield m("trunk_chord", "px", 0, 1e5, ANY, _TRUNK, "hips to shoulders in the picture",
            lambda b, s: b.trunk_px)
    yield m("ear_rise", "px", -1e5, 1e5, FRONTAL, ("hip", "ear"), "ears above the hips",
            lambda b, s: (b.mid_hip - b.mid("ear")).imag)
    yield m("shoulder_span", "px", 0, 1e5, FRONTAL, ("shoulder",), "shoulder width in the picture",
            lambda b, s: abs(b.p("shoulder", "left") - b.p("shoulder", "right")))
    # limbs
    yield m("hip_angle", "deg", 0, 180, ANY, ("shoulder", "hip", "knee"), "shoulder-hip-knee",
            lambda b, s: b.corner("shoulder", "hip", "knee", s), sided=True)
    yield m("hip_angle3", "deg", 0, 180, ANY, ("shoulder", "hip", "knee"),
            "shoulder-hip-knee in the world", f.hip_angle3, sided=True)
    yield m("hip_flex", "deg", -180, 180, SAGITTAL, ("shoulder", "hip", "knee"),
            "thigh against the trunk line, + flexion, - extension", f.hip_flex, sided=True)
    yield m("hip_ext", "deg", -180, 180, SAGITTAL, ("shoulder", "hip", "knee"),
            "hip extension, the opposite of hip_flex", lambda b, s: -f.hip_flex(b, s), sided=True)
    yield m("knee_angle", "deg", 0, 180, ANY, _LEG, "hip-knee-ankle, straight about 175",
            lambda b, s: b.corner("hip", "knee", "ankle", s), sided=True)
    yield m("elbow_angle", "deg", 0, 180, ANY, _ARM, "shoulder-elbow-wrist",
            lambda b, s: b.corner("shoulder", "elbow", "wrist", s), sided=True)
    yield m("shoulder_elev", "deg", 0, 180, ANY, ("hip", "shoulder", "elbow"),
            "upper arm against the flank: 0 down, 90 level, 180 overhead",
            lambda b, s: b.corner("hip", "shoulder", "elbow", s), sided=True)
    yield m("arm_ext", "deg", -180, 180, SIDE_VIEW, (*_TRUNK, "elbow"),
            "upper arm behind the trunk, + behind", f.arm_ext, sided=True)
    yield m("thigh_incl", "deg", -180, 180, SAGITTAL, ("hip", "knee"),
            "thigh from hanging, + forward", f.thigh_incl, sided=True)
    yield m("thigh_incl3", "deg", 0, 180, ANY, ("hip", "knee"),
            "thigh from hanging in the world, any direction", f.thigh_incl3, sided=True)
    yield m("shank_incl", "deg", -180, 180, SAGITTAL, ("knee", "ankle"),
            "shank to the vertical, + knee ahead of the ankle", f.shank_incl, sided=True)
    yield m("knee_rise", "ratio", -5, 5, ANY, (*_TRUNK, "knee"),
            "knee above the hips / trunk, - below",
            lambda b, s: safe((b.mid_hip - b.p("knee", s)).imag, b.trunk_px), sided=True)
    yield m("leg_slope", "deg", -90, 90, ANY, ("hip", "ankle"),
            "hip-to-ankle line above the horizontal", f.leg_slope, sided=True)
    yield m("leg_spread", "deg", 0, 180, ANY, ("hip", "ankle"), "angle between the two legs",
            f.leg_spread)
    yield m("lowered_knee", "deg", 0, 180, ANY, ("shoulder", *_LEG),
            "knee of the leg stretched away while the other stays bent; 180 while none is",
            f.lowered_knee)
    yield m("lowered_slope", "deg", -90, 90, ANY, ("shoulder", "hip", "knee", "ankle"),
            "hip-to-ankle line of the same leg above the horizontal; 90 while none is",
            f.lowered_slope)
    yield m("ankle_height", "ratio", -3, 3, ANY, _LEG, "ankle above the hips / leg",
            f.ankle_height, sided=True)
    yield m("leg_crossed", "ratio", -8, 8, ANY, (*_TRUNK, "knee", "ankle"),
            "knee above the other knee or ankle above the other ankle, whichever is more, / trunk",
            f.leg_crossed, sided=True, source="measured: crossed 0.14-0.6, feet down below -0.05")
    yield m("hand_to_knee", "ratio", 0, 8, ANY, (*_TRUNK, "wrist", "knee"),
            "smallest distance of a wrist from a knee / trunk", f.hand_to_knee,
            source="measured: hugged 0.02-0.32, marching 0.64 and more")
    yield m("ankle_cross", "ratio", -8, 8, FRONTAL, (*_TRUNK, "knee", "ankle"),
            "ankle beyond the other knee, away from its own side, / trunk", f.ankle_cross,
            sided=True)
    yield m("elbow_height", "ratio", -5, 5, ANY, (*_TRUNK, "elbow"),
            "elbow above the shoulder / trunk",
            lambda b, s: safe((b.p("shoulder", s) - b.p("elbow", s)).imag, b.trunk_px), sided=True)
    yield m("elbow_offset", "ratio", -5, 5, ANY, (*_TRUNK, "elbow"),
            "elbow beside the shoulder, + to the image's right, / trunk",
            lambda b, s: safe((b.p("elbow", s) - b.p("shoulder", s)).real, b.trunk_px), sided=True)
    yield m("arm_cross", "ratio", 0, 5, FRONTAL, (*_TRUNK, "wrist"),
            "wrist to the opposite shoulder in the world / trunk", f.arm_cross, sided=True)
    yield m("wrist_elev", "deg", -90, 90, FRONTAL, ("shoulder", "wrist"),
            "shoulder-to-wrist line above the horizontal", f.wrist_elev, sided=True)
    yield m("hip_back", "ratio", -2, 2, SIDE_VIEW, _LEG, "hips behind the ankles / leg",
            f.hip_back)
    yield m("hinge_ratio", "ratio", -7, 7, SIDE_VIEW, (*_TRUNK, *_LEG),
            "hip_back for the depth of the bend: high = hinge, low = waist bend",
            f.hinge_ratio)
    yield m("opposite_limbs", "yes/no", 0, 1, SIDE_VIEW, ("shoulder", "hip", "elbow", "knee"),
            "1: raised arm and raised leg on different sides; NaN while none is raised",
            f.opposite_limbs)
    # turning
    yield m("twist", "deg", -180, 180, ANY, _TRUNK,
            "shoulder line against hip line about the trunk, + shoulders to own left", f.twist)
    yield m("twist_abs", "deg", 0, 180, ANY, _TRUNK, "twist without sign", f.absolute(f.twist))
    yield m("twist_to_work", "deg", -180, 180, ANY, _TRUNK,
            "twist, + shoulders towards the working side", f.twist, work=True)
    yield m("pelvis_yaw", "deg", -180, 180, FRONTAL, ("hip",),
            "hip line about the vertical, + front to own left", lambda b, s: f.yaw(b, "hip"))
    yield m("head_yaw", "deg", -180, 180, FRONTAL, ("ear",),
            "ear line about the vertical, + face to own left", lambda b, s: f.yaw(b, "ear"))
    yield m("shoulder_yaw", "deg", -180, 180, FRONTAL, ("shoulder",),
            "shoulder line about the vertical, + front to own left",
            lambda b, s: f.yaw(b, "shoulder"))
    yield m("pelvis_roll3", "deg", -90, 90, FRONTAL, ("hip",),
            "hip line towards or away from the camera", f.pelvis_roll3)
    yield m("view_turn", "deg", 0, 90, ANY, _TRUNK,
            "body turned from the camera: 0 front or back, 90 a flank; any posture",
            lambda b, s: turn_from_camera(b), source="measured: sides read 60-88, fronts 2-8")
    # over time: computed by Measurer from the last frames
    yield m("motion_energy", "1/s", 0, 1000, ANY, _TRUNK,
            "RMS speed of mid-shoulder over 0.5 s in trunks per second")
    yield m("drift", "1/s", 0, 1000, ANY, _TRUNK,
            "speed of mid-shoulder from half a second ago to now in trunks per second")
    yield m("swing_speed", "deg/s", 0, 1e5, SAGITTAL, ("hip", "knee"),
            "speed of the working thigh, median of three", sided=False, work=True)
    yield m("wrist_swing", "deg", -180, 180, FRONTAL, ("shoulder", "wrist"),
            "wrist_elev less the middle of its extremes in the last second", sided=True)
    yield m("hand_circle", "ratio", -1, 1, FRONTAL, (*_TRUNK, "wrist"),
            "direction of circling hands, + forwards, - backwards, about 0 unclear",
            source="measured: circles with 40 cm and more across read 0.95-1.00 in their direction")
    # against the baseline
    yield m("trunk_incl_delta", "deg", -180, 180, ANY, _TRUNK,
            "trunk_incl less the start of the set", base="trunk_incl", relate=f.wrapped)
    yield m("head_trunk_delta", "deg", -180, 180, SAGITTAL, _HEAD, "head_trunk less neutral",
            base="head_trunk", relate=f.wrapped)
    yield m("head_trunk_delta_lying", "deg", -180, 180, SAGITTAL, _HEAD,
            "head_trunk less the first resting seconds of this lying pose", base="head_trunk",
            relate=f.wrapped)
    yield m("head_roll_delta", "deg", -180, 180, FRONTAL, ("ear",), "head_roll less neutral",
            base="head_roll", relate=f.minus)
    yield m("head_yaw_delta_abs", "deg", 0, 180, FRONTAL, ("ear",),
            "head_yaw less neutral, without sign", base="head_yaw",
            relate=lambda now, base: abs(f.wrapped(now, base)),
            source="measured: bent to a side 8-11, turned by 38 degrees 32")
    yield m("shoulder_tilt_delta", "deg", -180, 180, FRONTAL, ("shoulder",),
            "shoulder_tilt less neutral", base="shoulder_tilt", relate=f.minus)
    yield m("shrug_index", "ratio", -9, 9, FRONTAL, ("ear", "shoulder"),
            "loss of ear-shoulder height; 3 cm shrug about 0.16", sided=True, base="ear_height",
            relate=lambda now, base: 1 - safe(now, base))
    yield m("EV_delta_pct", "%", -900, 900, FRONTAL, ("ear", "shoulder"),
            "change of ear-shoulder height", base="ear_shoulder_height",
            relate=lambda now, base: 100 * (safe(now, base) - 1), source="biomechanics 3.2")
    yield m("ankle_rise", "ratio", -6, 6, ANY, _LEG, "ankle above its resting height / leg",
            sided=True, base="ankle_height", relate=f.minus)
    yield m("leg_elev", "deg", -180, 180, ANY, ("hip", "ankle"), "leg above its resting slope",
            sided=True, base="leg_slope", relate=f.minus)
    yield m("lift_trunk", "deg", -180, 180, ANY, _TRUNK, "shoulders above their resting slope",
            base="trunk_slope", relate=f.minus)
    yield m("torso_ratio", "ratio", 0, 10, SAGITTAL, (*_TRUNK, *_LEG),
            "trunk chord / leg against own neutral; rounding shortens it", base="trunk_to_leg",
            relate=safe)
    yield m("trunk_shortening", "ratio", 0, 10, ANY, _TRUNK,
            "trunk chord in the picture against own neutral; the user must stay in place",
            base="trunk_chord", relate=safe)
    yield m("sitting_height", "ratio", -10, 10, FRONTAL, ("hip", "ear"),
            "ears above the hips against own neutral; the user must stay in place",
            base="ear_rise", relate=safe, source="measured: tall 0.95-1.01, slumped 0.59-0.69")
    yield m("twist2d", "deg", 0, 90, FRONTAL, ("shoulder",),
            "turn of the chest from the loss of shoulder width, unsigned; in place",
            base="shoulder_span", relate=f.narrowing)
    yield m("pelvis_yaw_delta", "deg", -180, 180, FRONTAL, ("hip",), "pelvis_yaw less neutral",
            base="pelvis_yaw", relate=f.wrapped)
    yield m("pelvis_yaw_delta_to_work", "deg", -180, 180, FRONTAL, ("hip",),
            "pelvis_yaw less neutral, + towards the working side", work=True, base="pelvis_yaw",
            relate=f.wrapped)
    yield m("shoulder_yaw_delta_abs", "deg", 0, 180, FRONTAL, ("shoulder",),
            "shoulder_yaw less neutral, without sign", base="shoulder_yaw",
            relate=lambda now, base: abs(f.wrapped(now, base)))
    yield m("chest_yaw_to_work", "deg", -180, 180, FRONTAL, ("shoulder",),
            "turn of the chest to the working side: mean of shoulder yaw and signed twist2d",
            work=True, fused=("shoulder_yaw_delta_to_work", "twist2d"),
            source="biomechanics 6.1, finding 11: width has the size, depth the sign")
    yield m("knee_angle_delta", "deg", -180, 180, ANY, _LEG, "knee_angle less neutral, - bent",
            sided=True, base="knee_angle", relate=f.minus)
    yield m("shoulder_yaw_delta_to_work", "deg", -180, 180, FRONTAL, ("shoulder",),
            "shoulder_yaw less neutral, + towards the working side", work=True,
            base="shoulder_yaw", relate=f.wrapped)
    yield m("chest_turn", "deg", -180, 180, FRONTAL, ("shoulder",),
            "shoulder_yaw less neutral, + away from the working side", work=True,
            base="shoulder_yaw", relate=lambda now, base: -f.wrapped(now, base))
    yield m("pelvis_roll3_delta", "deg", -180, 180, FRONTAL, ("hip",), "pelvis_roll3 less neutral",
            base="pelvis_roll3", relate=f.minus)
    # back contour
    source = "biomechanics 2D.3"
    back = (*_TRUNK, "knee")
    yield m("back_convexity", "ratio", -2, 2, SIDE_VIEW, back,
            "greatest height of the back contour over its chord / chord", spine=True,
            source=source)
    yield m("back_concavity", "ratio", -2, 2, SIDE_VIEW, back,
            "greatest depth of the back contour under its chord / chord, negative", spine=True,
            source=source)
    yield m("back_turn", "deg", -180, 180, SIDE_VIEW, back,
            "turning angle of the back contour, + rounded", spine=True, source=source)
    yield m("back_depth", "ratio", 0, 1, SIDE_VIEW, back, "trunk line to back contour / leg",
            spine=True, source=source)
    yield m("back_turn_delta", "deg", -180, 180, SIDE_VIEW, back,
            "back_turn less neutral, + rounded", spine=True, source=source, base="back_turn",
            relate=f.minus)
    yield m("back_concavity_delta", "ratio", -2, 2, SIDE_VIEW, back,
            "back_concavity less neutral, - hollow",
            spine=True, source=source, base="back_concavity", relate=f.minus)
    yield m("back_rounded_score", "ratio", 0, 2, SAGITTAL, back,
            "0 fine, 1 clearly rounded: contour, chord shortening and hip travel together",
            spine=True, source=source)
# fmt: on


METRICS: Mapping[str, Metric] = {row.name: row for row in _rows()}
