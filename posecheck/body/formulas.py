"""The formulas behind the metrics: one body in, a number out.

Each takes a `Body` and, where it is sided, the person's own left or right, and answers NaN when a
joint it needs was not seen. Signs are the person's own, so a body facing left reads like one
facing right. Definitions: biomechanics 2A.2; degrees, or ratios of a body length.
"""

from __future__ import annotations

import math

from posecheck.body.geometry import (
    NAN,
    Body,
    Formula,
    angle,
    arccos,
    arcsin,
    cross,
    dot,
    norm,
    safe,
    scaled,
    signed_angle,
    sub,
)
from posecheck.pose import Side, opposite

# --- trunk and head -----------------------------------------------------------------------------


def trunk_incl(b: Body, _: Side) -> float:
    return b.facing_sign * signed_angle(-1j, b.up)


def trunk_incl3_abs(b: Body, _: Side) -> float:
    return arccos(-b.axis[1])


def head_trunk(b: Body, _: Side) -> float:
    return b.facing_sign * signed_angle(b.up, b.p("ear", b.near) - b.p("shoulder", b.near))


def head_trunk_lat(b: Body, _: Side) -> float:
    return signed_angle(b.up, b.mid("ear") - b.mid_shoulder)


def line_roll(b: Body, part: str) -> float:
    """Angle of a left-right line to the horizontal, + = the person's left is lower; a line that
    points the other way (seen from behind) reads the same."""
    line = b.p(part, "left") - b.p(part, "right")
    return math.degrees(math.atan2(line.imag, abs(line.real)))


def ear_height(b: Body, s: Side) -> float:
    width = abs(b.p("shoulder", "left") - b.p("shoulder", "right"))
    return safe((b.p("shoulder", s) - b.p("ear", s)).imag, width)


def ear_shoulder_height(b: Body, _: Side) -> float:
    width = abs(b.p("shoulder", "left") - b.p("shoulder", "right"))
    return safe((b.mid_shoulder - b.mid("ear")).imag, width)


def hip_sag(b: Body, end: str) -> float:
    """Distance of mid-hip from the line mid-shoulder to `end` / its length, + = towards the floor.

    Along the line's normal that points down the picture, so it holds for both facings."""
    line = b.best_mid(end) - b.mid_shoulder
    length = abs(line)
    if not length:
        return NAN
    normal = line * 1j / length
    if normal.imag < 0:
        normal = -normal
    offset = b.mid_hip - b.mid_shoulder
    return (offset.real * normal.real + offset.imag * normal.imag) / length


def shoulder_stack(b: Body, _: Side) -> float:
    line = b.p("shoulder", "left") - b.p("shoulder", "right")
    return math.degrees(math.atan2(abs(line.real), abs(line.imag)))


def sw_ratio(b: Body, _: Side) -> float:
    return safe(abs(b.p("shoulder", "left") - b.p("shoulder", "right")), b.trunk_px)


# --- legs and arms ------------------------------------------------------------------------------


def hip_flex(b: Body, s: Side) -> float:
    return -b.facing_sign * signed_angle(-b.up, b.p("knee", s) - b.p("hip", s))


def hip_angle3(b: Body, s: Side) -> float:
    hip = b.w("hip", s)
    thigh, flank = sub(b.w("knee", s), hip), sub(b.w("shoulder", s), hip)
    return arccos(safe(dot(thigh, flank), norm(thigh) * norm(flank)))


def thigh_incl(b: Body, s: Side) -> float:
    return -b.facing_sign * signed_angle(1j, b.p("knee", s) - b.p("hip", s))


def thigh_incl3(b: Body, s: Side) -> float:
    thigh = sub(b.w("knee", s), b.w("hip", s))
    return arccos(safe(thigh[1], norm(thigh)))


def shank_incl(b: Body, s: Side) -> float:
    return b.facing_sign * signed_angle(-1j, b.p("knee", s) - b.p("ankle", s))


def leg_slope(b: Body, s: Side) -> float:
    leg = b.p("ankle", s) - b.p("hip", s)
    return arcsin(safe(-leg.imag, abs(leg)))


def leg_spread(b: Body, _: Side) -> float:
    left = b.p("ankle", "left") - b.p("hip", "left")
    return angle(left, b.p("ankle", "right") - b.p("hip", "right"))


def ankle_height(b: Body, s: Side) -> float:
    return safe((b.mid_hip - b.p("ankle", s)).imag, b.leg(s))


def ankle_cross(b: Body, s: Side) -> float:
    """How far the ankle is beyond the other knee, away from its own side, / trunk."""
    out = b.p("hip", s) - b.p("hip", opposite(s))
    beyond = b.p("knee", opposite(s)) - b.p("ankle", s)
    return safe(math.copysign(1.0, out.real) * beyond.real, b.trunk_px)


def leg_crossed(b: Body, s: Side) -> float:
    rises = [(b.p(part, opposite(s)) - b.p(part, s)).imag for part in ("knee", "ankle")]
    seen = [rise for rise in rises if rise == rise]
    return safe(max(seen), b.trunk_px) if seen else NAN


def hip_back(b: Body, _: Side) -> float:
    return -b.facing_sign * safe((b.mid_hip - b.best_mid("ankle")).real, b.leg(b.near))


def hinge_ratio(b: Body, s: Side) -> float:
    # max in this order keeps an unknown trunk unknown
    return hip_back(b, s) / max(abs(b.up.real), 0.3)


def arm_ext(b: Body, s: Side) -> float:
    return b.facing_sign * signed_angle(-b.up, b.p("elbow", s) - b.p("shoulder", s))


def arm_cross(b: Body, s: Side) -> float:
    return safe(norm(sub(b.w("wrist", s), b.w("shoulder", opposite(s)))), b.trunk_m)


def wrist_elev(b: Body, s: Side) -> float:
    arm = b.p("wrist", s) - b.p("shoulder", s)
    return arcsin(safe(-arm.imag, abs(arm)))


def opposite_limbs(b: Body, _: Side) -> float:
    """1 when a raised arm (elevation 120 or more) and a raised leg (hip flexion 45 or less) are on
    different sides; 0 when they are on the same side; NaN while no such pair is raised."""
    arms = {s: b.corner("hip", "shoulder", "elbow", s) for s in ("left", "right")}
    legs = {s: hip_flex(b, s) for s in ("left", "right")}
    arm: Side = "left" if not arms["left"] <= arms["right"] else "right"
    leg: Side = "left" if not legs["left"] >= legs["right"] else "right"
    if not (arms[arm] >= 120 and legs[leg] <= 45):
        return NAN
    return float(arm != leg)


# --- turning, from the world landmarks ----------------------------------------------------------


def twist(b: Body, _: Side) -> float:
    """From the hip line to the shoulder line about the trunk axis, + = shoulders to own left."""
    flat = []
    for part in ("shoulder", "hip"):
        line = b.across(part)
        flat.append(sub(line, scaled(b.axis, dot(line, b.axis))))
    shoulders, hips = flat
    return math.degrees(math.atan2(dot(cross(hips, shoulders), b.axis), dot(hips, shoulders)))


def yaw(b: Body, part: str) -> float:
    """Turn of a left-right line about the vertical, + = the front turned to own left, 0 = facing
    the camera."""
    line = b.across(part)
    return math.degrees(math.atan2(line[2], line[0]))


def pelvis_roll3(b: Body, _: Side) -> float:
    line = b.across("hip")
    return arcsin(safe(line[2], norm(line)))


# --- against the baseline -----------------------------------------------------------------------


def minus(now: float, base: float) -> float:
    return now - base


def wrapped(now: float, base: float) -> float:
    """Difference of two angles, -180 to 180."""
    return math.remainder(now - base, 360.0)


def narrowing(now: float, base: float) -> float:
    """Turn that explains the loss of shoulder width, 0 to 90 degrees, unsigned."""
    return arccos(safe(now, base))


def absolute(formula: Formula) -> Formula:
    return lambda b, s: abs(formula(b, s))
