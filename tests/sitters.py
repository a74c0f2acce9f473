"""A sitter in front of a camera, for the tests of the desk: as simulated in biomechanics 3.2.

Joints are those of `bodies.Figure`, moved by centimetres, seen through a pinhole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import numpy as np
from bodies import NECK, TRUNK, Arm, Figure, Leg
from numpy.typing import NDArray

from posecheck.desk.calibration import Calibration, CalibrationPose, calibrate, take_point
from posecheck.desk.observation import DeskNoPoseReason
from posecheck.desk.states import DeskReading, DeskState, PostureClassifier
from posecheck.pose import Joint, Pose

Offset = tuple[float, float, float]
"""Centimetres to the image's right, down, and nearer to the camera."""
SIZE = (640, 480)
FOCAL = 450.0
_HEAD = list(range(11))
_UPPER = [*range(11, 23)]


@dataclass(frozen=True, slots=True)
class Sitter:
    """Facing the camera, which is `away` m from the chest and `low` m below the eyes.

    head, shoulders  moved from upright; nod, turn, lean  degrees: chin down, face to the image's
    right, everything sideways about the hips; hand: a wrist at the mouth;
    oblique: all of it turned from the camera, degrees, the face to the image's right
    """

    head: Offset = (0.0, 0.0, 0.0)
    shoulders: Offset = (0.0, 0.0, 0.0)
    nod: float = 0.0
    turn: float = 0.0
    lean: float = 0.0
    hand: bool = False
    away: float = 0.65
    low: float = 0.0
    oblique: float = 0.0
    visibility: float = 0.95

    def pose(self, shake: float = 0.0, seed: int = 0) -> Pose:
        """The pose, with `shake` pixels of jitter on every joint."""
        px, world = _still(self)
        if shake:
            px = px + np.random.default_rng(seed).normal(0.0, shake, px.shape)
        return Pose(px, world, np.full(33, self.visibility), SIZE)


@lru_cache(maxsize=64)
def _still(sitter: Sitter) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pixels and metres without jitter, read-only. Timelines ask for a few sitters, each for
    thousands of frames."""
    world = Figure(lean=sitter.lean).pose().world.copy()
    world[_HEAD] = _turned(world[_HEAD], sitter.nod, sitter.turn)
    world[_HEAD] += _metres(sitter.head)
    world[_UPPER] += _metres(sitter.shoulders)
    world[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] += (0.0, 0.2, 0.0)
    if sitter.hand:
        world[Joint.LEFT_WRIST] = world[Joint.MOUTH_LEFT] + (0.02, 0.05, -0.02)
    c, s = np.cos(np.radians(sitter.oblique)), np.sin(np.radians(sitter.oblique))
    world = world @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    eyes = -(TRUNK + NECK) + sitter.low
    depth = world[:, 2:] + sitter.away
    px = (world[:, :2] - (0.0, eyes)) * FOCAL / depth + np.array(SIZE) / 2
    px.setflags(write=False)
    world.setflags(write=False)
    return px, world


def _metres(offset: Offset) -> tuple[float, float, float]:
    right, down, near = offset
    return right / 100, down / 100, -near / 100


def _turned(points: NDArray[np.float64], nod: float, turn: float) -> NDArray[np.float64]:
    centre = (points[Joint.LEFT_EAR] + points[Joint.RIGHT_EAR]) / 2
    c, s = np.cos(np.radians(nod)), np.sin(np.radians(nod))
    down = np.array([[1, 0, 0], [0, c, s], [0, -s, c]])
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    aside = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    # rows are points: nose (0, 0, -1) goes down (y grows) by nod and right by turn
    return np.asarray((points - centre) @ down @ aside + centre)


TALL = Sitter()
MODERATE = Sitter(head=(0, 5, 6), shoulders=(0, 3, 3))
SEVERE = Sitter(head=(0, 10, 12), shoulders=(0, 6, 6))
HEAD_FORWARD = Sitter(head=(0, 1, 6))
KEYBOARD = Sitter(nod=28)
ASIDE = Sitter(turn=35)
SHRUG = Sitter(shoulders=(0, -3.5, 0))
TILTED = Sitter(lean=12)
CHAIR_NEARER = Sitter(away=0.55)
AT_SCREEN = Sitter(head=(0, 12, 28), shoulders=(0, 8, 20))
RECLINED = Sitter(head=(0, 2, -13), shoulders=(0, 1, -10), nod=-8)
SIPPING = Sitter(hand=True, nod=-5)
STANDING = Sitter(head=(0, -35, 0), shoulders=(0, -35, 0))
PASSER_BY = Sitter(head=(35, -20, -120), shoulders=(35, -20, -120))


def side(incl: float = 0.0, head: float = 28.0, nod: float = 0.0) -> Pose:
    """A sitter's right flank from 1.5 m: trunk and head forward, degrees."""
    leg = Leg(hip=90 + incl, knee=90)
    figure = Figure(
        facing=90, incl=incl, head=head, right_arm=Arm(30, 0, 70), left_arm=Arm(30, 0, 70),
        right_leg=leg, left_leg=leg,
    )  # fmt: skip
    pose = figure.pose(SIZE, px_per_m=300.0)
    ear, nose = pose.px[Joint.RIGHT_EAR], pose.px[Joint.NOSE]
    reach, angle = np.hypot(*(nose - ear)), np.arctan2(*(nose - ear)[::-1]) + np.radians(nod)
    px = pose.px.copy()
    px[Joint.NOSE] = ear + reach * np.array([np.cos(angle), np.sin(angle)])
    return replace(pose, px=px)


def point_of(pose: Sitter | Pose, seconds: float = 6.0, shake: float = 0.5) -> CalibrationPose:
    """A steady calibration point of this posture."""
    samples = [(k / 10, jittered(pose, shake, k)) for k in range(round(seconds * 10))]
    point = take_point(samples)
    assert isinstance(point, CalibrationPose), point
    return point


def jittered(pose: Sitter | Pose, shake: float, seed: int) -> Pose:
    if isinstance(pose, Sitter):
        return pose.pose(shake, seed)
    noise = np.random.default_rng(seed).normal(0.0, shake, pose.px.shape)
    return replace(pose, px=pose.px + noise)


@lru_cache(maxsize=16)
def one_point(tall: Sitter | Pose = TALL) -> Calibration:
    return calibrate(point_of(tall))


@lru_cache(maxsize=16)
def two_points(low: float = 0.0) -> Calibration:
    return calibrate(
        point_of(replace(TALL, low=low)), point_of(replace(MODERATE, low=low))
    )  # fmt: skip


def watched(
    watch: PostureClassifier,
    timeline: Iterable[tuple[float, Sitter | Pose | None]],
    shake: float = 0.5,
    no_pose_reason: DeskNoPoseReason = "",
) -> Iterator[DeskReading]:
    """Every reading of a timeline (`bodies.series`); None is an empty frame."""
    for number, (t, who) in enumerate(timeline):
        pose = None if who is None else jittered(who, shake, number)
        yield watch.update(t, pose, no_pose_reason)


def settled(who: Sitter | Pose, calibration: Calibration | None = None) -> DeskState:
    """The state after three seconds of this posture."""
    watch = PostureClassifier(calibration or one_point())
    return [watch.update(k / 5, jittered(who, 0.5, k)).state for k in range(15)][-1]


# --- a whole day -------------------------------------------------------------------------------

Piece = tuple[Sitter | None, float]


def habits(random: Random) -> list[Piece]:
    """A few minutes of ordinary desk work, without a lasting slump."""
    near = [Sitter(head=(0, random.uniform(-1, 1), random.uniform(-1.5, 1.5))) for _ in range(3)]
    pieces: list[Piece] = [
        (random.choice(near), random.uniform(60, 200)),
        (KEYBOARD, random.uniform(2, 60)),
        (ASIDE, random.uniform(2, 90)),
        (SIPPING, random.uniform(2, 8)),
        (RECLINED, random.uniform(5, 240)),
        (MODERATE, random.uniform(3, 15)),
        (HEAD_FORWARD, random.uniform(3, 15)),
        (TILTED, random.uniform(2, 40)),
        (AT_SCREEN, random.uniform(2, 10)),
        (CHAIR_NEARER, random.uniform(10, 120)),
        (PASSER_BY, random.uniform(1, 4)),
        (None, random.uniform(1, 4)),
    ]
    random.shuffle(pieces)
    return [piece for bit in pieces for piece in (bit, (random.choice(near), 20.0))]


def working_day(random: Random, hours: float = 8.0) -> Iterator[tuple[Sitter | None, float, bool]]:
    """(sitter, seconds, whether it is a slump that must be noticed), for at least `hours`."""
    total = 0.0
    yield TALL, 120.0, False
    while total < hours * 3600:
        for _ in range(3):
            for who, seconds in habits(random):
                yield who, seconds, False
                total += seconds
        slump = random.choice([MODERATE, SEVERE, HEAD_FORWARD])
        yield slump, random.uniform(185, 420), True
        yield TALL, 60.0, False
        yield random.choice([STANDING, None]), random.uniform(60, 600), False
        yield TALL, 60.0, False
        total += 700


@lru_cache(maxsize=256)
def poses_of(who: Sitter) -> tuple[Pose, ...]:
    """Seven jittered poses of a sitter: making one for every second of a day takes long."""
    return tuple(who.pose(0.7, k) for k in range(7))
