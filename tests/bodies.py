"""Builders for the tests: poses of a stick figure with known joint angles, silhouettes, timelines.

The figure is posed in three dimensions (world: x to the image's right, y down, z away, metres) and
projected, orthographically unless a distance is given. Angles are degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from posecheck.pose import JOINTS, Joint, Pose

T = TypeVar("T")
Array = NDArray[np.float64]

HIPS, SHOULDERS, TRUNK = 0.22, 0.36, 0.50
THIGH, SHANK, FOOT, HEEL = 0.42, 0.42, 0.20, 0.06
UPPER_ARM, FOREARM, HAND = 0.30, 0.26, 0.08
NECK, EARS = 0.20, 0.15
"""Segment lengths of an adult, metres; NECK from mid-shoulder to mid-ear."""
SIZE = (1280, 720)
PX_PER_M = 300.0


def _other(name: str) -> str:
    if "LEFT" in name:
        return name.replace("LEFT", "RIGHT")
    return name.replace("RIGHT", "LEFT")


EXCHANGED = [int(Joint[_other(name)]) for name in Joint.__members__]
"""For each joint the index of the same joint on the other side."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Angles of an arm, degrees. lift: from hanging, - is behind; out: direction of the raise, 0
    forward, 90 to the side; bend: flexion of the elbow."""

    lift: float = 0.0
    out: float = 0.0
    bend: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """Angles of a leg, degrees. hip: flexion from the trunk's line, - is extension; knee: flexion;
    spread: to its own side."""

    hip: float = 0.0
    knee: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A person. With all angles 0 it stands straight, facing the camera, arms hanging.

    facing  0 to the camera, 90 the right flank near (face to the image's right), -90 the left
    incl    trunk forward about the hips: 90 prone or on all fours, -90 supine
    lean    trunk to its own left; twist  shoulders to their own left against the hips
    head    head forward of the trunk's line; tilt  head to its own left
    shrug   metres by which the left and the right shoulder are raised
    roll    the whole figure clockwise in the picture; 90 lies on one side, facing the camera
    trunk   metres; a rounded back makes the trunk shorter
    """

    facing: float = 0.0
    incl: float = 0.0
    lean: float = 0.0
    twist: float = 0.0
    head: float = 0.0
    tilt: float = 0.0
    shrug: tuple[float, float] = (0.0, 0.0)
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    left_leg: Leg = Leg()
    right_leg: Leg = Leg()
    roll: float = 0.0
    trunk: float = TRUNK

    def pose(
        self,
        size: tuple[int, int] = SIZE,
        px_per_m: float = PX_PER_M,
        distance_m: float | None = None,
        visibility: float = 0.95,
        seen: Mapping[Joint, float] | None = None,
    ) -> Pose:
        """The figure in a picture, mid-hip in its middle. `seen` overrides `visibility`."""
        world = _world(self).copy()
        depth = np.ones(JOINTS) if distance_m is None else 1 + world[:, 2] / distance_m
        px = world[:, :2] * px_per_m / depth[:, None] + np.array(size) / 2
        opinion = np.full(JOINTS, visibility)
        for at, value in (seen or {}).items():
            opinion[at] = value
        return Pose(px, world, opinion, size)

    def _joints(self) -> Array:
        up = np.array([0.0, -1.0, 0.0])
        front = np.array([_sin(self.facing), 0.0, -_cos(self.facing)])
        pelvis_left = np.array([_cos(self.facing), 0.0, _sin(self.facing)])
        up, front = _turned(up, front, self.incl)
        hip_up = up
        up, left = _turned(up, pelvis_left, self.lean)
        chest, chest_left = _turned(front, left, self.twist)
        points = np.zeros((JOINTS, 3))
        neck = up * self.trunk
        self._head(points, neck, up, chest, chest_left)
        for name, sign, shrug, arm, leg in (
            ("LEFT", 1.0, self.shrug[0], self.left_arm, self.left_leg),
            ("RIGHT", -1.0, self.shrug[1], self.right_arm, self.right_leg),
        ):
            shoulder = neck + chest_left * sign * SHOULDERS / 2 + up * shrug
            _put_arm(points, name, shoulder, up, chest, chest_left * sign, arm)
            hip = pelvis_left * sign * HIPS / 2
            _put_leg(points, name, hip, hip_up, front, pelvis_left * sign, leg)
        c, s = _cos(self.roll), _sin(self.roll)
        return np.asarray(points @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]))

    def _head(self, points: Array, neck: Array, up: Array, front: Array, left: Array) -> None:
        up, front = _turned(up, front, self.head)
        up, left = _turned(up, left, self.tilt)
        ears = neck + up * NECK
        face = ears + front * 0.1
        points[Joint.NOSE] = face
        for name, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
            points[Joint[f"{name}_EAR"]] = ears + left * sign * EARS / 2
            points[Joint[f"MOUTH_{name}"]] = face - up * 0.05 + left * sign * 0.03
            for part, out in (("EYE_INNER", 0.02), ("EYE", 0.03), ("EYE_OUTER", 0.04)):
                points[Joint[f"{name}_{part}"]] = face + up * 0.03 + left * sign * out


@lru_cache(maxsize=256)
def _world(figure: Figure) -> Array:
    """The joints in metres, computed once: timelines ask for a few figures again and again."""
    return figure._joints()


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _turned(a: Array, b: Array, degrees: float) -> tuple[Array, Array]:
    """Two perpendicular directions, turned so that the first goes towards the second."""
    c, s = _cos(degrees), _sin(degrees)
    return a * c + b * s, b * c - a * s


def _put_arm(
    points: Array, name: str, shoulder: Array, up: Array, front: Array, out: Array, arm: Arm
) -> None:
    away = front * _cos(arm.out) + out * _sin(arm.out)

    def along(degrees: float) -> Array:
        return np.asarray(away * _sin(degrees) - up * _cos(degrees))

    elbow = shoulder + along(arm.lift) * UPPER_ARM
    wrist = elbow + along(arm.lift + arm.bend) * FOREARM
    fingers = wrist + along(arm.lift + arm.bend) * HAND
    points[Joint[f"{name}_SHOULDER"]] = shoulder
    points[Joint[f"{name}_ELBOW"]] = elbow
    points[Joint[f"{name}_WRIST"]] = wrist
    for part in ("PINKY", "INDEX", "THUMB"):
        points[Joint[f"{name}_{part}"]] = fingers


def _put_leg(
    points: Array, name: str, hip: Array, up: Array, front: Array, out: Array, leg: Leg
) -> None:
    def along(degrees: float) -> Array:
        sagittal = front * _sin(degrees) - up * _cos(degrees)
        return np.asarray(sagittal * _cos(leg.spread) + out * _sin(leg.spread))

    def across(degrees: float) -> Array:
        return np.asarray(front * _cos(degrees) + up * _sin(degrees))

    bend = leg.hip - leg.knee
    knee = hip + along(leg.hip) * THIGH
    ankle = knee + along(bend) * SHANK
    points[Joint[f"{name}_HIP"]] = hip
    points[Joint[f"{name}_KNEE"]] = knee
    points[Joint[f"{name}_ANKLE"]] = ankle
    points[Joint[f"{name}_HEEL"]] = ankle - across(bend) * HEEL
    points[Joint[f"{name}_FOOT_INDEX"]] = ankle + across(bend) * FOOT


# --- the same pose, changed ---------------------------------------------------------------------


def mirrored(pose: Pose) -> Pose:
    """The pose as seen in a mirror: x flipped, left and right exchanged."""
    px, world = pose.px[EXCHANGED].copy(), pose.world[EXCHANGED].copy()
    px[:, 0] = pose.size[0] - 1 - px[:, 0]
    world[:, 0] *= -1
    mask = None if pose.mask is None else pose.mask[:, ::-1].copy()
    return replace(pose, px=px, world=world, visibility=pose.visibility[EXCHANGED], mask=mask)


def scaled(pose: Pose, k: int) -> Pose:
    """The same pose in a picture with k times the pixels."""
    mask = None if pose.mask is None else pose.mask.repeat(k, 0).repeat(k, 1)
    middle = (k - 1) / 2
    size = (pose.size[0] * k, pose.size[1] * k)
    return replace(pose, px=pose.px * k + middle, size=size, mask=mask)


def shifted(pose: Pose, dx: float, dy: float) -> Pose:
    """The pose moved in the picture, pixels."""
    return replace(pose, px=pose.px + np.array([dx, dy]))


def without(pose: Pose, *joints: Joint) -> Pose:
    """The pose with some joints not seen."""
    px, world = pose.px.copy(), pose.world.copy()
    px[list(joints)] = np.nan
    world[list(joints)] = np.nan
    return replace(pose, px=px, world=world)


def unlike(pose: Pose, visibility: Mapping[Joint, float]) -> Pose:
    """The pose with another visibility of some joints."""
    opinion = pose.visibility.copy()
    for at, value in visibility.items():
        opinion[at] = value
    return replace(pose, visibility=opinion)


def painted(
    pose: Pose,
    facing_right: bool = True,
    depth: float = 0.25,
    bulge: float = 0.0,
    thick: float = 0.15,
    upto: float = 1.05,
) -> Pose:
    """The pose with the silhouette of a trunk as its mask. The back runs `depth` trunk lengths
    behind the line from hips to shoulders and bows out (or in, when negative) so that its
    `back_convexity` (or `back_concavity`) is `bulge`. `upto`: how far up the trunk it reaches."""
    width, height = pose.size
    hip = (pose.px[Joint.LEFT_HIP] + pose.px[Joint.RIGHT_HIP]) / 2
    trunk = (pose.px[Joint.LEFT_SHOULDER] + pose.px[Joint.RIGHT_SHOULDER]) / 2 - hip
    length = float(np.hypot(*trunk))
    up = trunk / length
    back = np.array([up[1], -up[0]]) * (1 if facing_right else -1)
    ys, xs = np.mgrid[0:height, 0:width]
    dx, dy = xs - hip[0], ys - hip[1]
    along = (dx * up[0] + dy * up[1]) / length
    behind = (dx * back[0] + dy * back[1]) / length
    part = (along - 0.15) / 0.8
    edge = depth + 0.8 * bulge * 4 * part * (1 - part)
    mask = (along > -0.1) & (along < upto) & (behind > -thick) & (behind <= edge)
    return replace(pose, mask=mask)


def series(
    *pieces: tuple[T, float], fps: float = 30.0, start: float = 0.0
) -> Iterator[tuple[float, T]]:
    """A timeline: (t, value) at a steady frame rate, each value for its number of seconds."""
    end = start
    frame = 0
    for value, seconds in pieces:
        end += seconds
        while (t := start + frame / fps) < end - 1e-9:
            yield t, value
            frame += 1
