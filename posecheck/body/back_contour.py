"""The shape of the back, from the edge of the segmentation mask behind the trunk line.

There are no landmarks between hips and shoulders, so rounding is measured on the mask (biomechanics
2D.3) and checked against the shortening of the trunk chord and, when standing, the travel of the
hips. It detects clear rounding from the side; it cannot tell about 20 degrees of lumbar rounding
from a hinge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.body.geometry import NAN, Body
from posecheck.pose import Pose


@dataclass(frozen=True, slots=True)
class BackContour:
    """The back's edge between 15 % and 95 % of the way from mid-hip to mid-shoulder, measured at
    right angles to the trunk line, + behind it.

    convexity  greatest height of the edge over its chord / chord length; + is rounded
    concavity  greatest depth of the edge under its chord / chord length, as a negative ratio
    turn       angle by which the edge's direction turns from the lower to the upper end, degrees,
               -180 to 180; + is rounded. From a parabola fitted to the edge
    depth      median distance of the edge's middle part from the trunk line / near leg; NaN
               without the near ankle
    """

    convexity: float
    concavity: float
    turn: float
    depth: float


T_FROM, T_TO, SAMPLES = 0.15, 0.95, 33
"""Rays start at this many places on the trunk line, between these shares of its length."""
RAY_REACH = 0.60
"""Length of a ray behind the trunk line, leg lengths."""
RAY_STEPS = 240
"""Places on a ray at which the mask is read."""
REJECT = 0.45
"""An edge farther out is an arm, a leg or a chair on the ray, leg lengths."""
LEG_OF_THIGH = 1.95
"""Length of a leg / length of its thigh, where the ankle is not seen. In 9 recordings with
silhouettes the leg is 1.8 to 2.2 thighs long (median); with this length instead of the seen one the
contour turns by at most 1.9 degrees more or less, and its convexity changes by at most 0.007."""
VALID = 0.7
"""Share of the rays that must find the edge."""
SIDE_ON = 0.32
"""Shoulder width in trunk lengths up to which a body counts as side-on: 0.27 is 22 degrees off,
plus 0.05 for the hysteresis of the rules that require it (biomechanics 2D.3 and 2C)."""
ARM_BEHIND = 0.30
"""Trunk lengths behind the trunk line from which an elbow or a wrist spoils the contour; an arm
that hangs at the side is within 0.2 (biomechanics 2D.3 asks for the hands in front)."""

_TS = np.linspace(T_FROM, T_TO, SAMPLES)
_KS = np.linspace(0.0, RAY_REACH, RAY_STEPS)
_INNER = (_TS > 0.35) & (_TS < 0.8)
_PARABOLA = np.linalg.pinv(np.vander(_TS, 3))
"""Least-squares fit of a parabola to values at _TS: (3, SAMPLES)."""


def back_contour(pose: Pose, body: Body) -> BackContour | None:
    """The contour behind the line from mid-hip to mid-shoulder, computed once per pose and near
    side.

    None without a mask, a near thigh or a trunk, when the body is not side-on, when an arm is
    behind the back, or when fewer than VALID of the rays find an edge. Source: biomechanics 2D.3.
    """
    key = (back_contour, body.near)
    if key not in pose.derived:
        pose.derived[key] = _contour(pose, body)
    contour: BackContour | None = pose.derived[key]
    return contour


def _contour(pose: Pose, body: Body) -> BackContour | None:
    leg = body.leg(body.near)
    reach = _leg_length(body)
    if pose.mask is None or not body.trunk_px > 0 or not reach > 0:
        return None
    if _turned(body) or _arm_behind(body):
        return None
    edge = _edge(pose.mask, body, reach)
    ok = ~np.isnan(edge)
    if ok.mean() < VALID:
        return None
    profile = np.interp(_TS, _TS[ok], edge[ok]) * reach / body.trunk_px
    width = T_TO - T_FROM
    slope = (profile[-1] - profile[0]) / width
    chord = profile[0] + slope * (_TS - T_FROM)
    deviation = (profile - chord) / (width * (1 + slope**2))
    a, b, _ = _PARABOLA @ profile
    turn = np.degrees(np.arctan(2 * a * T_FROM + b) - np.arctan(2 * a * T_TO + b))
    depth = float(np.median(profile[_INNER])) * body.trunk_px / leg
    return BackContour(float(deviation.max()), float(deviation.min()), float(turn), depth)


def _leg_length(body: Body) -> float:
    """Length of the near leg, pixels, for how far the rays reach; from its thigh alone where the
    ankle is not seen. NaN without a thigh."""
    leg = body.leg(body.near)
    if not math.isnan(leg):
        return leg
    return LEG_OF_THIGH * abs(body.p("hip", body.near) - body.p("knee", body.near))


def _turned(body: Body) -> bool:
    """Whether the body is not side-on (or not seen): the outline is then not the back's."""
    width = abs(body.p("shoulder", "left") - body.p("shoulder", "right"))
    return not width <= SIDE_ON * body.trunk_px


def _arm_behind(body: Body) -> bool:
    """Whether the near elbow or wrist is behind the back: its outline would pass for the back's."""
    for part in ("elbow", "wrist"):
        along = (body.p(part, body.near) - body.mid_hip) * body.up.conjugate() / body.trunk_px
        # along: real is the share of the trunk's height, imag trunk lengths to its side
        if 0 < along.real < 1 and body.facing_sign * -along.imag > ARM_BEHIND:
            return True
    return False


def _edge(mask: NDArray[np.bool_], body: Body, leg: float) -> NDArray[np.float64]:
    """Per ray, the distance to the end of its first stretch inside the mask, leg lengths; NaN where
    there is no such stretch, or where it ends at the picture's border or beyond REJECT."""
    dorsal = -body.facing_sign * 1j * body.up
    start = body.mid_hip + _TS * (body.mid_shoulder - body.mid_hip)
    points = start[:, None] + dorsal * _KS[None, :] * leg
    x = np.rint(points.real).astype(np.intp)
    y = np.rint(points.imag).astype(np.intp)
    height, width = mask.shape
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    on = np.zeros(inside.shape, np.bool_)
    on[inside] = mask[y[inside], x[inside]]
    started = np.maximum.accumulate(on, axis=1)
    ended = np.maximum.accumulate(started & ~on, axis=1)
    last = (on & ~ended).cumsum(axis=1).argmax(axis=1)
    edge = np.where(on.any(axis=1), _KS[last], np.nan)
    cut = ~inside[np.arange(SAMPLES), np.minimum(last + 1, RAY_STEPS - 1)]
    edge[(edge >= REJECT) | cut] = np.nan
    return edge


def _clip2(value: float) -> float:
    return max(0.0, min(2.0, value))


def rounded_score(values: Mapping[str, float], base: Mapping[str, float], standing: bool) -> float:
    """How rounded the back is: 0 fine, 1 clearly rounded, up to 2; a ratio without unit.

    Weighted mean of the contour (0.5), the shortening of the trunk chord (0.25) and, if `standing`,
    the travel of the hips (0.25), over the parts that are known; NaN when none is.
    Source: biomechanics 2D.3.

    values  raw values of this frame;  base  those of the baseline
    """
    parts: list[tuple[float, float]] = []
    convexity, turn, depth = (values.get(f"back_{k}", NAN) for k in ("convexity", "turn", "depth"))
    if not math.isnan(convexity):
        scores = [_clip2((convexity - 0.055) / 0.035), _clip2((turn - 20) / 15)]
        own = base.get("back_depth", NAN)
        if not math.isnan(depth):
            deep = (depth - 0.25) / 0.03 if math.isnan(own) else (depth / own - 1.15) / 0.15
            scores.append(_clip2(deep))
        parts.append((0.5, sum(scores) / len(scores)))
    trunk, own_trunk = values.get("trunk_to_leg", NAN), base.get("trunk_to_leg", NAN)
    if not (math.isnan(trunk) or math.isnan(own_trunk)):
        parts.append((0.25, _clip2((0.88 - trunk / own_trunk) / 0.08)))
    hinge = values.get("hinge_ratio", NAN)
    if standing and not math.isnan(hinge):
        parts.append((0.25, _clip2((0.30 - hinge) / 0.08)))
    total = sum(weight for weight, _ in parts)
    return sum(weight * part for weight, part in parts) / total if total else NAN
