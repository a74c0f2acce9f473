"""Which joints a metric needs, found by hiding each one in turn.

`JointNeeds` measures two example bodies with the engine itself, once as they are and once for each
joint that is hidden. A joint whose absence makes a metric unknown in both bodies is needed. So what
the placement asks for, and what a set names as missing, cannot differ from what the formulas read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecheck.body.baseline import Baseline, required
from posecheck.body.measure import OVER_TIME, Measurer, Values, resolve, with_sides
from posecheck.exercise import Exercise
from posecheck.pose import JOINTS, PAIRED, SIDES, Joint, Pose, Side, joint, opposite

BACK = "back"
"""What is named when every joint is seen and the contour of the back is not found."""

TRUNK_PARTS = ("shoulder", "hip")


@dataclass(frozen=True, slots=True)
class Need:
    """Joints of one body part of which one must be seen: one side, or either.

    sides  the flank that the need prefers comes first
    """

    part: str
    sides: tuple[Side, ...]

    def met(self, pose: Pose, of: Callable[[Iterable[bool]], bool] = any) -> bool:
        """Whether one of the joints is seen. `of=all`: whether all of them are."""
        return of(not math.isnan(pose.px[joint(self.part, side), 0]) for side in self.sides)


def strict_specs(exercise: Exercise) -> tuple[str, ...]:
    """The metrics of an exercise without which nothing of it can be credited: those of its strict
    rules and of its repetitions. An advice, and a rule that is `if_seen`, may stay unknown."""
    rules = (rule for rule in exercise.rules if rule.severity != "advice" and not rule.if_seen)
    specs = [rule.metric for rule in rules]
    specs += exercise.reps.metrics if exercise.reps else ()
    return tuple(dict.fromkeys(specs))


def needs_of(exercise: Exercise, near: Side, work: Side | None) -> tuple[Need, ...]:
    """The joints that the strict rules and the repetitions of an exercise need, from head to foot.

    near  the flank towards the camera;  work  the working side, None where there is none
    """
    specs = strict_specs(exercise)
    found = needs_by_metric(specs, near, work, exercise.position == "standing")
    needs = {need for spec in specs for need in found[spec]}
    # A joint that one metric needs is not asked for a second time as one of two.
    single = {(need.part, need.sides[0]) for need in needs if len(need.sides) == 1}
    kept = (
        need
        for need in needs
        if len(need.sides) == 1 or not single & {(need.part, side) for side in need.sides}
    )
    return tuple(sorted(kept, key=lambda need: (PAIRED.index(need.part), need.sides)))


def unseen_parts(spec: str, needs: Iterable[Need], pose: Pose) -> tuple[str, ...]:
    """The body parts for want of which a metric is unknown in a pose, from head to foot.

    BACK where the contour of the back is what is missing; () where every joint is seen and the
    value is unknown for another reason.
    """
    needs = tuple(needs)
    missing = [need.part for need in needs if not need.met(pose)]
    if not missing:  # one of two is seen, and does not decide
        missing = [need.part for need in needs if not need.met(pose, all)]
    measures = [resolve(name) for name in with_sides(spec)]
    if not missing:  # a metric that makes do with one of several parts
        needed = {need.part for need in needs}
        others = {part for measure in measures for part in measure.joints} - needed
        missing = [
            part for part in PAIRED if part in others and not Need(part, SIDES).met(pose, all)
        ]
    if not missing and any(measure.metric.spine for measure in measures):
        return (BACK,)
    return tuple(dict.fromkeys(missing))


# --- by measuring -------------------------------------------------------------------------------


@cache
def needs_by_metric(
    specs: tuple[str, ...], near: Side, work: Side | None, standing: bool
) -> Mapping[str, tuple[Need, ...]]:
    """What each of several metrics needs, named as in rules.

    near      the flank towards the camera;  work  the working side, None where there is none
    standing  the exercise is done standing (`Baseline`)
    """
    probe = _Probe(specs, near, work, standing)
    return {spec: tuple(probe.needs(spec)) for spec in specs}


class _Probe:
    """The values of several metrics in the example bodies, with joints hidden."""

    def __init__(
        self, specs: tuple[str, ...], near: Side, work: Side | None, standing: bool
    ) -> None:
        self._specs, self._near, self._work, self._standing = specs, near, work, standing
        self._bodies = [_example(near, raised) for raised in SIDES]
        self._starts = [self._measured(body) for body in self._bodies]
        self._known: dict[tuple[Joint, ...], list[set[str]]] = {}

    def needs(self, spec: str) -> Iterator[Need]:
        """What a metric needs, from head to foot."""
        sides: tuple[Side, Side] = (self._near, opposite(self._near))
        for part in PAIRED:
            alone = [side for side in sides if self._lost(spec, (joint(part, side),))]
            for side in alone:
                yield Need(part, (side,))
            if not alone and self._lost(spec, tuple(joint(part, side) for side in sides)):
                yield Need(part, sides)

    def _lost(self, spec: str, hidden: tuple[Joint, ...]) -> bool:
        """Whether a metric is unknown in every body when these joints are hidden."""
        if hidden not in self._known:
            self._known[hidden] = [
                self._found(self._values(start, without(body, hidden)))
                for start, body in zip(self._starts, self._bodies, strict=True)
            ]
        return not any(spec in known for known in self._known[hidden])

    def _found(self, values: Values) -> set[str]:
        """The metrics that are known: one that covers both sides, only with both."""
        return {
            spec
            for spec in self._specs
            if not any(math.isnan(values.get(name, math.nan)) for name in required(spec))
        }

    def _values(self, start: Values, pose: Pose) -> Values:
        """The values of a pose, relative ones against those of a start."""
        baseline = Baseline(self._specs, self._work, self._standing)
        baseline.values = start
        return baseline.relative(self._measured(pose))

    def _measured(self, pose: Pose) -> Values:
        measurer = Measurer(self._specs, self._work)
        values = measurer.update(0.0, pose)
        if OVER_TIME.intersection(self._specs):  # a speed needs two frames
            values = measurer.update(0.1, pose)
        return values


def without(pose: Pose, hidden: Iterable[Joint]) -> Pose:
    """The pose with some joints unseen."""
    px, world = pose.px.copy(), pose.world.copy()
    at = list(hidden)
    px[at], world[at] = math.nan, math.nan
    return replace(pose, px=px, world=world)


_SIZE = (480, 360)
_PX_PER_M = 250.0
_ORIGIN = (220.0, 150.0)
"""Where the hips are in the picture, pixels."""
_BODY: Mapping[str, tuple[float, float, float]] = {
    "ear": (0.68, -0.06, 0.075),
    "shoulder": (0.50, -0.03, 0.18),
    "elbow": (0.62, 0.20, 0.20),
    "wrist": (0.78, 0.16, 0.20),
    "hip": (0.0, 0.0, 0.11),
    "knee": (0.05, 0.42, 0.12),
    "ankle": (-0.36, 0.46, 0.12),
    "heel": (-0.42, 0.42, 0.12),
    "foot_index": (-0.44, 0.54, 0.12),
}
_RAISED: Mapping[str, tuple[float, float, float]] = {
    "elbow": (0.78, -0.10, 0.22),
    "wrist": (1.02, -0.14, 0.22),
    "knee": (-0.41, -0.04, 0.12),
    "ankle": (-0.82, -0.06, 0.12),
    "heel": (-0.88, -0.02, 0.12),
    "foot_index": (-0.98, 0.02, 0.12),
}
"""A body on hands and knees, one leg and the opposite arm raised: in this posture every metric is
known. Metres from the hips: ahead, down, and to its own side."""
_DEPTH_SHIFT = 0.25
"""Pixels of shift to the side for each pixel of depth: no two joints coincide, and the body is
still side-on."""


@cache
def _example(near: Side, raised: Side) -> Pose:
    """The body on hands and knees with a flank towards the camera and a leg raised, and with the
    silhouette of its trunk."""
    facing = 1.0 if near == "right" else -1.0
    world = np.zeros((JOINTS, 3))
    for part, low in _BODY.items():
        for side in SIDES:
            arm = part in ("elbow", "wrist")
            up = side == (opposite(raised) if arm else raised)
            ahead, down, out = _RAISED.get(part, low) if up else low
            depth = -out if side == near else out
            world[joint(part, side)] = facing * ahead, down, depth
    px = world[:, :2] * _PX_PER_M + np.array(_ORIGIN)
    px[:, 0] += world[:, 2] * _PX_PER_M * _DEPTH_SHIFT
    return Pose(px, world, np.ones(JOINTS), _SIZE, _silhouette(px))


def _silhouette(px: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The trunk: everything within a third of its length of the line from hip to shoulder."""
    hips, shoulders = (
        px[[joint(part, s) for s in SIDES]].mean(axis=0) for part in ("hip", "shoulder")
    )
    trunk = shoulders - hips
    y, x = np.mgrid[: _SIZE[1], : _SIZE[0]]
    away = np.stack([x, y], axis=-1) - hips
    along = np.clip(away @ trunk / (trunk @ trunk), -0.2, 1.2)
    distance = np.linalg.norm(away - along[..., None] * trunk, axis=-1)
    return np.asarray(distance < np.linalg.norm(trunk) / 3, np.bool_)
