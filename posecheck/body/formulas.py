"""The formulas behind the metrics: one body in, a number out.

Conventions, unless a docstring says otherwise:

axes   picture: x to the image's right, y down, pixels, unmirrored. World: metres, x to the image's
       right, y down, z away from the camera
sign   the person's own: signed picture angles are multiplied by `Body.facing_sign`, so that a body
       facing left reads like one facing right (biomechanics 2A.1)
side   `s` is the person's own left or right; formulas without a side ignore it
NaN    the result is NaN when a joint that the formula needs was not seen, or a length it divides by
       is 0
source biomechanics 2A.2
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

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
from posecheck.pose import SIDES, Side, opposite

LOWERED = 30.0
"""Difference of the hip angles, degrees, from which one leg of a lying body is stretched away.
Source: measured, both legs up differ by 0 to 12, half way down by 20."""

# --- trunk and head -----------------------------------------------------------------------------


def trunk_incl(b: Body, _: Side) -> float:
    """Trunk (mid-hip to mid-shoulder) against the vertical in the picture, degrees, -180 to 180.

    0 upright, + leaning forward, about 90 face down, about -90 on the back."""
    return b.facing_sign * signed_angle(-1j, b.up)


def trunk_incl3_abs(b: Body, _: Side) -> float:
    """Trunk against the vertical in the world, degrees, 0 (upright) to 180 (upside down)."""
    return arccos(-b.axis[1])


def head_trunk(b: Body, _: Side) -> float:
    """Near ear about the near shoulder against the trunk in the picture, degrees, -180 to 180.

    + is the head in front of the trunk's line."""
    return b.facing_sign * signed_angle(b.up, b.p("ear", b.near) - b.p("shoulder", b.near))


def head_trunk_lat(b: Body, _: Side) -> float:
    """Head (mid-shoulder to mid-ear) against the trunk in the picture, degrees, -180 to 180.

    + is clockwise on the unmirrored picture: towards the image's right when upright."""
    return signed_angle(b.up, b.mid("ear") - b.mid_shoulder)


def line_roll(b: Body, part: str) -> float:
    """Line from the right to the left joint of a pair against the horizontal in the picture,
    degrees, -90 to 90.

    + is the person's left lower, seen from the front and from behind alike.
    """
    line = b.p(part, "left") - b.p(part, "right")
    return math.degrees(math.atan2(line.imag, abs(line.real)))


def ear_height(b: Body, s: Side) -> float:
    """Height of an ear above the shoulder of its side / shoulder width, in the picture."""
    width = abs(b.p("shoulder", "left") - b.p("shoulder", "right"))
    return safe((b.p("shoulder", s) - b.p("ear", s)).imag, width)


def ear_shoulder_height(b: Body, _: Side) -> float:
    """Height of mid-ear above mid-shoulder / shoulder width, in the picture; about 0.6 upright.

    Source: biomechanics 3.2 (EV)."""
    width = abs(b.p("shoulder", "left") - b.p("shoulder", "right"))
    return safe((b.mid_shoulder - b.mid("ear")).imag, width)


def hip_sag(b: Body, end: str) -> float:
    """Distance of mid-hip from the line between mid-shoulder and `end` / length of that line.

    + is towards the floor: along the line's normal that points down the picture, so that it holds
    for both facings. `end` is the middle of a pair, or its near joint where the far one is not
    seen.
    """
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
    """Shoulder line against the picture's vertical, degrees, 0 (stacked) to 90 (level)."""
    line = b.p("shoulder", "left") - b.p("shoulder", "right")
    return math.degrees(math.atan2(abs(line.real), abs(line.imag)))


def sw_ratio(b: Body, _: Side) -> float:
    """Shoulder width / trunk length in the picture, 0 or more; small is side-on."""
    return safe(abs(b.p("shoulder", "left") - b.p("shoulder", "right")), b.trunk_px)


# --- legs and arms ------------------------------------------------------------------------------


def hip_flex(b: Body, s: Side) -> float:
    """Thigh against the trunk's line in the picture, degrees, -180 to 180.

    0 straight, + flexion, - extension."""
    return -b.facing_sign * signed_angle(-b.up, b.p("knee", s) - b.p("hip", s))


def hip_angle3(b: Body, s: Side) -> float:
    """Angle at the hip between shoulder and knee in the world, degrees, 0 to 180 (straight)."""
    hip = b.w("hip", s)
    thigh, flank = sub(b.w("knee", s), hip), sub(b.w("shoulder", s), hip)
    return arccos(safe(dot(thigh, flank), norm(thigh) * norm(flank)))


def thigh_incl(b: Body, s: Side) -> float:
    """Thigh against hanging straight down in the picture, degrees, -180 to 180; + is forward."""
    return -b.facing_sign * signed_angle(1j, b.p("knee", s) - b.p("hip", s))


def thigh_incl3(b: Body, s: Side) -> float:
    """Thigh against hanging straight down in the world, degrees, 0 to 180, in any direction."""
    thigh = sub(b.w("knee", s), b.w("hip", s))
    return arccos(safe(thigh[1], norm(thigh)))


def shank_incl(b: Body, s: Side) -> float:
    """Shank (ankle to knee) against the vertical in the picture, degrees, -180 to 180.

    + is the knee in front of the ankle."""
    return b.facing_sign * signed_angle(-1j, b.p("knee", s) - b.p("ankle", s))


def leg_slope(b: Body, s: Side) -> float:
    """Line from hip to ankle above the horizontal in the picture, degrees, -90 to 90."""
    leg = b.p("ankle", s) - b.p("hip", s)
    return arcsin(safe(-leg.imag, abs(leg)))


def lowered_knee(b: Body, _: Side) -> float:
    """On the back, angle hip-knee-ankle of the leg that is stretched away, degrees, 0 to 180; 180
    while none is."""
    return _of_lowered(b, lambda s: b.corner("hip", "knee", "ankle", s), 180.0)


def lowered_slope(b: Body, _: Side) -> float:
    """On the back, line from hip to ankle above the horizontal of the leg that is stretched away,
    degrees, -90 to 90; 90 while none is."""
    return _of_lowered(b, lambda s: leg_slope(b, s), 90.0)


def _of_lowered(b: Body, value: Callable[[Side], float], none: float) -> float:
    """The value of the leg whose hip is more open by at least LOWERED degrees; `none` while neither
    is."""
    more = b.corner("shoulder", "hip", "knee", "left") - b.corner(
        "shoulder", "hip", "knee", "right"
    )
    if abs(more) < LOWERED:
        return none
    return NAN if math.isnan(more) else value("left" if more > 0 else "right")


def leg_spread(b: Body, _: Side) -> float:
    """Angle between the hip-to-ankle lines of both legs in the picture, degrees, 0 to 180."""
    left = b.p("ankle", "left") - b.p("hip", "left")
    return angle(left, b.p("ankle", "right") - b.p("hip", "right"))


def ankle_height(b: Body, s: Side) -> float:
    """Height of an ankle above mid-hip / length of its leg, in the picture; - is below."""
    return safe((b.mid_hip - b.p("ankle", s)).imag, b.leg(s))


def ankle_cross(b: Body, s: Side) -> float:
    """How far the ankle is beyond the other knee, away from its own side, / trunk length.

    Along the picture's horizontal; + is beyond, - on its own side.
    """
    out = b.p("hip", s) - b.p("hip", opposite(s))
    beyond = b.p("knee", opposite(s)) - b.p("ankle", s)
    return safe(math.copysign(1.0, out.real) * beyond.real, b.trunk_px)


HUGGED = 0.45
"""A wrist nearer to a knee than this holds it, trunk lengths. Measured: hugged 0.02 to 0.32,
marching 0.64 and more."""


def hand_to_knee(b: Body, _: Side) -> float:
    """Smallest distance of a wrist from a knee / trunk length.

    A hand at a knee decides although another one is unseen; a greater distance is known only when
    both hands and both knees are seen, else NaN."""
    gaps = [abs(b.p("wrist", hand) - b.p("knee", leg)) for hand in SIDES for leg in SIDES]
    seen = [gap for gap in gaps if not math.isnan(gap)]
    nearest = safe(min(seen, default=NAN), b.trunk_px)
    return nearest if nearest <= HUGGED or len(seen) == len(gaps) else NAN


CROSSED = 0.1
"""Rise of a knee or an ankle above the other one from which the legs are crossed, trunk lengths.
Measured: crossed legs read 0.14 to 0.6, feet on the floor below -0.05."""


def leg_crossed(b: Body, s: Side) -> float:
    """How far a leg is above the other one / trunk length, in the picture; - is below.

    Knee above the other knee or ankle above the other ankle, whichever is more. One pair decides
    when it shows crossed legs; a smaller value is known only when both pairs are seen, else NaN.
    """
    rises = [
        safe((b.p(part, opposite(s)) - b.p(part, s)).imag, b.trunk_px) for part in ("knee", "ankle")
    ]
    seen = [rise for rise in rises if not math.isnan(rise)]
    rise = max(seen, default=NAN)
    return rise if rise >= CROSSED or len(seen) == len(rises) else NAN


def hip_back(b: Body, _: Side) -> float:
    """Distance of mid-hip behind the ankles / length of the near leg, in the picture; + is behind.

    The ankles are their middle, or the near ankle where the far one is not seen."""
    return -b.facing_sign * safe((b.mid_hip - b.best_mid("ankle")).real, b.leg(b.near))


def hinge_ratio(b: Body, s: Side) -> float:
    """`hip_back` for the depth of the bend: high in a hip hinge, low in a bend of the waist.

    Divided by the sine of the trunk's inclination, at least 0.3."""
    # In this order `max` keeps NaN.
    return hip_back(b, s) / max(abs(b.up.real), 0.3)


def arm_ext(b: Body, s: Side) -> float:
    """Upper arm against the trunk's line in the picture, degrees, -180 to 180.

    0 hanging along the trunk, + behind it."""
    return b.facing_sign * signed_angle(-b.up, b.p("elbow", s) - b.p("shoulder", s))


def arm_cross(b: Body, s: Side) -> float:
    """Distance from a wrist to the opposite shoulder / trunk length, in the world."""
    return safe(norm(sub(b.w("wrist", s), b.w("shoulder", opposite(s)))), b.trunk_m)


def wrist_elev(b: Body, s: Side) -> float:
    """Line from shoulder to wrist above the horizontal in the picture, degrees, -90 to 90."""
    arm = b.p("wrist", s) - b.p("shoulder", s)
    return arcsin(safe(-arm.imag, abs(arm)))


def hands(b: Body) -> complex:
    """Place of both hands about mid-shoulder in the picture / trunk length: outwards, the mean of
    both, as the real part, and upwards as the imaginary part.

    Hands that are nearer to the camera are farther out, on both sides alike; a turn of the body
    moves one hand out and the other one in, and leaves the mean. Source: perspective."""
    left, right = (b.p("wrist", s) - b.mid_shoulder for s in SIDES)
    outwards = (abs(left.real) + abs(right.real)) / 2
    upwards = -(left.imag + right.imag) / 2
    return complex(safe(outwards, b.trunk_px), safe(upwards, b.trunk_px))


def opposite_limbs(b: Body, _: Side) -> float:
    """Whether the raised arm and the raised leg are on different sides: 1 yes, 0 no.

    The raised arm is the one with the greater elevation, the raised leg the one with the smaller
    hip flexion, of those that are seen. NaN unless the arm's elevation is at least 120 degrees and
    the leg's hip flexion at most 45 degrees.
    """
    arms = {s: b.corner("hip", "shoulder", "elbow", s) for s in SIDES}
    legs = {s: -hip_flex(b, s) for s in SIDES}
    arm, leg = _greater(arms), _greater(legs)
    if arm is None or leg is None or not (arms[arm] >= 120 and legs[leg] >= -45):
        return NAN
    return float(arm != leg)


def _greater(values: Mapping[Side, float]) -> Side | None:
    """The side with the greater value; the one that is known, None when neither is."""
    known = [side for side in SIDES if not math.isnan(values[side])]
    return max(known, key=lambda side: values[side], default=None)


STRAIGHT_DEG = 150.0
"""Knee angle, degrees, above which a leg that is seen alone is not the one that moves. A leg that
stands reads 160 and more, one that kicks back less than 150 from early on."""


def moving_leg(b: Body) -> Side | None:
    """The leg whose knee is bent more. Where one knee angle is unknown, the other leg when it is
    bent, else the hidden one. None when neither angle is known."""
    knees = {s: b.corner("hip", "knee", "ankle", s) for s in SIDES}
    known = [side for side in SIDES if not math.isnan(knees[side])]
    if len(known) == 1:
        return known[0] if knees[known[0]] <= STRAIGHT_DEG else opposite(known[0])
    return min(known, key=lambda side: knees[side], default=None)


# --- turning, from the world landmarks ----------------------------------------------------------


def twist(b: Body, _: Side) -> float:
    """Turn from the hip line to the shoulder line about the trunk's axis, degrees, -180 to 180.

    + is the shoulders turned to the person's own left. Both lines are projected onto the plane at
    right angles to the trunk.
    """
    flat = []
    for part in ("shoulder", "hip"):
        line = b.across(part)
        flat.append(sub(line, scaled(b.axis, dot(line, b.axis))))
    shoulders, hips = flat
    return math.degrees(math.atan2(dot(cross(hips, shoulders), b.axis), dot(hips, shoulders)))


def yaw(b: Body, part: str) -> float:
    """Turn of the line from the right to the left joint of a pair about the vertical, degrees,
    -180 to 180.

    0 is facing the camera, + the front turned to the person's own left.
    """
    line = b.across(part)
    return math.degrees(math.atan2(line[2], line[0]))


def pelvis_roll3(b: Body, _: Side) -> float:
    """Hip line towards or away from the camera in the world, degrees, -90 to 90.

    + is the left hip farther from the camera."""
    line = b.across("hip")
    return arcsin(safe(line[2], norm(line)))


# --- against the baseline -----------------------------------------------------------------------


def minus(now: float, base: float) -> float:
    """Value now less the neutral one, in the metric's unit."""
    return now - base


def wrapped(now: float, base: float) -> float:
    """Angle now less the neutral one, degrees, -180 to 180."""
    return math.remainder(now - base, 360.0)


def narrowing(now: float, base: float) -> float:
    """Turn that explains a loss of width, degrees, 0 to 90, unsigned: arccos(now / neutral)."""
    return arccos(safe(now, base))


def absolute(formula: Formula) -> Formula:
    """The formula without its sign."""
    return lambda b, s: abs(formula(b, s))
