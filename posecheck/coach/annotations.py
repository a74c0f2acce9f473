"""Where on the body a broken rule shows: the limbs, the joint for the words, the scale.

`annotate` is a pure function: it takes a rule, the pose that breaks it and the values that it was
judged on, and returns what the painter draws. The lines may contain joints that were not seen; the
painter leaves them out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from posecheck.body.geometry import near_side
from posecheck.body.measure import Measure, expand, resolve
from posecheck.coach.scene import FaultAnnotation
from posecheck.coach.wording import value_words
from posecheck.exercise import Rule
from posecheck.pose import PAIRED, Joint, Pose, Side, joint, opposite
from posecheck.session.form import excess, worst

_LINE = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "foot_index")
_ARM = ("shoulder", "elbow", "wrist")
"""The two chains of joints on one side of the body."""

_AT: Mapping[str, str] = {
    "head": "ear", "neck": "ear", "EV": "ear", "shrug": "shoulder", "trunk": "shoulder",
    "torso": "shoulder", "lift": "shoulder", "chest": "shoulder", "twist": "shoulder",
    "twist2d": "shoulder", "back": "shoulder", "sw": "shoulder", "sitting": "shoulder",
    "pelvis": "hip", "hinge": "hip", "arm": "elbow", "thigh": "knee", "shank": "knee",
    "leg": "knee", "swing": "knee", "opposite": "knee",
}  # fmt: skip
"""First word of a metric's name -> the body part that moves when the fault is corrected."""

REACH_MARGINS = 3.0
"""The scale goes beyond the limits by this many margins of the rule. The value of a fault is at
least one margin out: it then stands clearly outside the band and seldom at the end of the scale."""


def annotate(
    rule: Rule,
    pose: Pose,
    side: Side | None,
    near: Side | None,
    values: Mapping[str, float],
    phrases: Mapping[str, str],
) -> FaultAnnotation | None:
    """What to draw at the body for a broken rule; None when none of its joints was seen.

    side    the working side; None for the side towards the camera
    near    the side towards the camera, as the rules were judged; None to ask this pose alone
    values  what the rule was judged on; where NaN, the annotation has no words
    """
    measure = resolve(rule.metric)
    near = near or near_side(pose)
    sides = _sides(rule, measure, near, side, values)
    lines = _ends(measure, near, side) or _lines(measure, sides)
    at = _at(measure, pose, sides, lines)
    if at is None:
        return None
    value, words = worst(rule, values), value_words(phrases, rule, values)
    return FaultAnnotation(
        lines=lines,
        at=at,
        words=words,
        value=value,
        low=rule.min,
        high=rule.max,
        reach=_reach(rule, measure),
        severity=rule.severity,
    )


def _sides(
    rule: Rule, measure: Measure, near: Side, work: Side | None, values: Mapping[str, float]
) -> tuple[Side, ...]:
    """The sides of the body that the value came from, the one for the words first."""
    both: tuple[Side, Side] = (near, opposite(near))
    if measure.side in ("both", "min", "max"):
        value = worst(rule, values)
        left, right = (values.get(spec, math.nan) for spec in expand(rule.metric))
        if measure.side == "both":
            left, right = excess(rule, left), excess(rule, right)
            value = max((v for v in (left, right) if not math.isnan(v)), default=value)
        return ("left",) if left == value else ("right",) if right == value else both
    if not measure.side or measure.side == "mean":
        return both
    return (_own(measure.side, near, work),)


def _own(token: str, near: Side, work: Side | None) -> Side:
    """The person's left or right that a side token of a metric means."""
    working = work or near
    sides: Mapping[str, Side] = {
        "left": "left", "right": "right", "far": opposite(near), "work": working,
        "other": opposite(working),
    }  # fmt: skip
    return sides.get(token, near)


def _ends(measure: Measure, near: Side, work: Side | None) -> tuple[tuple[Joint, ...], ...]:
    """The straight line between the two joints of gap(a,b); () for other metrics."""
    ends = tuple(joint(part, _own(token, near, work)) for part, token in measure.ends)
    return (ends,) if ends else ()


def _lines(measure: Measure, sides: tuple[Side, ...]) -> tuple[tuple[Joint, ...], ...]:
    """The chains of joints between the body parts that a measure needs; for a single part the line
    across the body."""
    parts = set(measure.joints)
    if len(parts) == 1:
        part = next(iter(parts))
        return ((joint(part, "left"), joint(part, "right")),)
    chains = [_span(_LINE, parts)]
    if parts & {"elbow", "wrist"}:
        chains.append(_span(_ARM, parts | {"shoulder"}))
    return tuple(
        tuple(joint(part, side) for part in chain)
        for side in sides
        for chain in chains
        if len(chain) > 1
    )


def _span(chain: tuple[str, ...], parts: set[str]) -> tuple[str, ...]:
    """The piece of a chain from the first to the last of the parts; () for none of them."""
    found = [index for index, part in enumerate(chain) if part in parts]
    return chain[found[0] : found[-1] + 1] if found else ()


def _at(
    measure: Measure, pose: Pose, sides: tuple[Side, ...], lines: tuple[tuple[Joint, ...], ...]
) -> Joint | None:
    """The joint for the words: the one that the metric is named for, else any that was seen."""
    name = measure.metric.name.split("_")[0]  # the knee of knee_angle
    part = name if name in PAIRED else _AT.get(name)
    first = [joint(part, side) for side in sides] if part else []
    wanted = [*first, *(j for line in lines for j in line)]
    return next((j for j in wanted if not math.isnan(pose.px[j, 0])), None)


def _reach(rule: Rule, measure: Measure) -> tuple[float, float]:
    """The ends of the scale, low end first: the limits and some room beyond them, within the
    metric's range. They depend on the rule alone, so that the scale stands still while the value
    moves."""
    room = REACH_MARGINS * rule.margin
    if rule.min is not None and rule.max is not None:
        room = max(room, (rule.max - rule.min) / 2)
    if not room:  # a metric that is a yes or a no has no margin
        room = (measure.metric.high - measure.metric.low) / 2
    low = rule.min if rule.min is not None else (rule.max or 0.0) - room
    high = rule.max if rule.max is not None else (rule.min or 0.0) + room
    return max(measure.metric.low, low - room), min(measure.metric.high, high + room)
