"""The back from the silhouette: how the edge of the segmentation mask runs behind the trunk line.

Landmarks have nothing between hips and shoulders, so rounding is read from the mask (biomechanics
2D.3), checked against the shortened trunk chord and, standing, the travel of the hips. It spots
clear rounding from the side; about 20 degrees of lumbar rounding cannot be told from a hinge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.body.geometry import NAN, Body
from posecheck.pose import Pose


@dataclass(frozen=True, slots=True)
class BackContour:
    """The back's edge in trunk coordinates; ratios of its chord, `turn` degrees, `depth` in leg
    lengths."""

    convexity: float
    concavity: float
    turn: float
    depth: float


T_FROM, T_TO, SAMPLES = 0.15, 0.95, 33
REACH = 0.60
"""How far behind the trunk line the edge is looked for, leg lengths."""
REJECT = 0.45
"""An edge farther out is an arm, a leg or a chair on the ray, leg lengths."""
VALID = 0.7
"""Share of the rays that must find the edge."""
STEPS = 240
SIDE_ON = 0.32
"""Shoulder width in trunk lengths up to which a body is side-on: 0.27 is 22 degrees off, and 0.05
for the hysteresis of the rules that ask for it (biomechanics 2D.3 and 2C)."""
ARM_BEHIND = 0.30
"""Trunk lengths behind the trunk line from which an elbow or a wrist spoils the contour; an arm
that hangs at the side is within 0.2 (biomechanics 2D.3: "hands in front, please")."""

_TS = np.linspace(T_FROM, T_TO, SAMPLES)
_KS = np.linspace(0.0, REACH, STEPS)


def back_contour(pose: Pose, body: Body) -> BackContour | None:
    """The contour behind the line mid-hip to mid-shoulder; None without mask, leg or trunk, or
    when fewer than 70 % of the rays find an edge."""
    leg = body.leg(body.near)
    if pose.mask is None or not body.trunk_px > 0 or not leg > 0:
        return None
    if _turned(body) or _arm_behind(body):
        return None
    edge = _edge(pose.mask, body, leg)
    ok = ~np.isnan(edge)
    if ok.mean() < VALID:
        return None
    profile = np.interp(_TS, _TS[ok], edge[ok]) * leg / body.trunk_px
    width = T_TO - T_FROM
    slope = (profile[-1] - profile[0]) / width
    trunk_px = profile[0] + slope * (_TS - T_FROM)
    deviation = (profile - trunk_px) / (width * (1 + slope**2))
    a, b, _ = np.polyfit(_TS, profile, 2)
    turn = np.degrees(np.arctan(2 * a * T_FROM + b) - np.arctan(2 * a * T_TO + b))
    inner = (_TS > 0.35) & (_TS < 0.8)
    depth = float(np.median(profile[inner])) * body.trunk_px / leg
    return BackContour(float(deviation.max()), float(deviation.min()), float(turn), depth)


def _turned(body: Body) -> bool:
    """Whether the flank is not towards the camera: the outline is then no back."""
    width = abs(body.p("shoulder", "left") - body.p("shoulder", "right"))
    return not width <= SIDE_ON * body.trunk_px


def _arm_behind(body: Body) -> bool:
    """Whether the near elbow or wrist is behind the back, where it would be taken for it."""
    for part in ("elbow", "wrist"):
        along = (body.p(part, body.near) - body.mid_hip) * body.up.conjugate() / body.trunk_px
        # along: real = share of the trunk's height, imag = trunk lengths to its side
        if 0 < along.real < 1 and body.facing_sign * -along.imag > ARM_BEHIND:
            return True
    return False


def _edge(mask: NDArray[np.bool_], body: Body, leg: float) -> NDArray[np.float64]:
    """Per ray, distance to the end of its first stretch inside the mask, leg lengths; NaN where
    there is none, or where it ends at the picture's border or beyond REJECT."""
    dorsal = -body.facing_sign * 1j * body.up
    start = body.mid_hip + _TS * (body.mid_shoulder - body.mid_hip)
    points = start[:, None] + dorsal * _KS[None, :] * leg
    x = np.rint(points.real).astype(np.intp)
    y = np.rint(points.imag).astype(np.intp)
    height, width = mask.shape
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    on = mask[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] & inside
    started = np.maximum.accumulate(on, axis=1)
    ended = np.maximum.accumulate(started & ~on, axis=1)
    last = (on & ~ended).cumsum(axis=1).argmax(axis=1)
    edge = np.where(on.any(axis=1), _KS[last], np.nan)
    cut = ~inside[np.arange(SAMPLES), np.minimum(last + 1, STEPS - 1)]
    edge[(edge >= REJECT) | cut] = np.nan
    return edge


def _clip2(value: float) -> float:
    return max(0.0, min(2.0, value))


def rounded_score(values: Mapping[str, float], base: Mapping[str, float], standing: bool) -> float:
    """0 = fine, 1 = clearly rounded (biomechanics 2D.3): silhouette 0.5, chord shortening 0.25,
    hip travel 0.25 (standing only), renormalised over what is known; NaN when nothing is."""
    parts: list[tuple[float, float]] = []
    convexity, turn, depth = (values.get(f"back_{k}", NAN) for k in ("convexity", "turn", "depth"))
    if convexity == convexity:
        own = base.get("back_depth", NAN)
        deep = (depth / own - 1.15) / 0.15 if own == own else (depth - 0.25) / 0.03
        score = (_clip2((convexity - 0.055) / 0.035) + _clip2((turn - 20) / 15) + _clip2(deep)) / 3
        parts.append((0.5, score))
    trunk, own_trunk = values.get("trunk_to_leg", NAN), base.get("trunk_to_leg", NAN)
    if trunk == trunk and own_trunk == own_trunk:
        parts.append((0.25, _clip2((0.88 - trunk / own_trunk) / 0.08)))
    hinge = values.get("hinge_ratio", NAN)
    if standing and hinge == hinge:
        parts.append((0.25, _clip2((0.30 - hinge) / 0.08)))
    total = sum(weight for weight, _ in parts)
    return sum(weight * part for weight, part in parts) / total if total else NAN
