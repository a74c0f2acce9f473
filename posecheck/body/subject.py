"""Whose skeleton it is: one body is held by place, size and history, and its skeleton is doubted.

The model takes whom it likes: a bystander was taken for the user in 4 of 10 stills while
visibility stayed at 0.94, and a lying person was held upside down for a whole clip at 1.00.
`SubjectLock` refuses poses that cannot be the same body; `TrackWatchdog` says when to compare a
tracked pose with a fresh detection and when the two have disagreed for too long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecheck.pose import Joint, Pose, Side, joint

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""

_SIDES: tuple[Side, Side] = ("left", "right")

VISIBLE = 0.5
"""Visibility below which a joint is taken for invented."""
TRUNK_M = 0.5
"""Mid-hip to mid-shoulder of the model's bodies, metres: 0.84 to 1.08 times that in the clips."""

JUMP = 0.5
"""Trunk lengths that a body's centre may move in one step (biomechanics 1.1)."""
SPEED = 6.0
"""Trunk lengths per second (3 m/s) beyond which no exercise moves a trunk: what a step may be at
few frames per second. A quick squat or sitting down reaches 1.5 m/s."""
FARTHEST = 1.5
"""Trunk lengths beyond which it is another body however long the step."""
GROWTH = 1.25
"""Change of scale in one step (biomechanics 1.1). The clips stay below 1.06 from side and front."""
GROWTH_STEP_S = 0.2
"""A longer step may grow in proportion, up to three times: someone walks up to the camera."""

LOST_S = 1.0
"""An empty picture for longer: the person has gone, whoever comes is looked at afresh."""
TAKEOVER_S = 2.0
"""Only another body for longer: the largest becomes the subject."""
ASK_S = 0.3
"""While another body is seen, how often to look for the right one."""
MEMORY_S = 10.0
"""How long the place of a lost person says who they were."""

DISAGREE = 0.3
"""Trunk lengths between two skeletons of one body; right ones differ by 0.1, a wrong one by 1.8."""
CHECKS = 2
"""Disagreements in a row that condemn the tracked skeleton."""
CHECK_EVERY_S = (1.0, 2.0, 4.0, 8.0)
"""Pause after the first, second, ... agreement in one posture: wrong locks begin at the start or
with a change of posture, and a fresh detection costs as much as two tracked frames."""
NOT_COMPARABLE_S = 1.0
REPEATED_S = (0.3, 1.0, 3.0, 10.0)
"""Pause after the first, second, ... fresh start in a row: if they do not help, do not shake."""
UPRIGHT_DEG, LYING_DEG = 35.0, 55.0
"""Trunk from the vertical: upright below the first, lying above the second, as before between."""

_TRUNK = np.array(
    [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP], dtype=np.intp
)
_COMPARED = np.array(
    [
        Joint.NOSE,
        *_TRUNK,
        *(joint(part, side) for part in ("knee", "ankle") for side in _SIDES),
    ],
    dtype=np.intp,
)
_BODY = np.array(
    [
        *_COMPARED,
        *(joint(part, side) for part in ("ear", "elbow", "wrist") for side in _SIDES),
    ],
    dtype=np.intp,
)
FAINT = 1e-3
"""What a joint of no visibility counts; pixels per metre of a body without any extent."""
FEWEST = 3
"""Joints that two poses must share to be compared: nose and shoulders at a desk."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body is in the picture.

    centre  middle of shoulders and hips, x + yj, pixels
    size    pixels per metre: how near the body is, in every posture alike
    box     around its visible joints, pixels
    """

    centre: complex
    size: float
    box: Box

    @property
    def trunk(self) -> float:
        """A trunk length in pixels, not shortened when the body bends towards the camera."""
        return TRUNK_M * self.size


def place(pose: Pose) -> Place:
    """The place of a pose as the model gave it (no NaN). Hidden joints count little, not nothing:
    a joint on the edge of being seen must not make the body jump."""
    weight = pose.visibility[_BODY] + FAINT
    weight /= weight.sum()
    px, metres = pose.px[_BODY], pose.world[_BODY, :2]
    width = _spread(metres, weight)
    size = math.sqrt(_spread(px, weight) / width) if width > 0 else 0.0
    weight = pose.visibility[_TRUNK] + FAINT
    x, y = (weight / weight.sum()) @ pose.px[_TRUNK]
    return Place(complex(x, y), max(size, FAINT), _box(pose))


def _spread(points: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Weighted variance of points (n, 2); the weights (n,) make 1."""
    return float(weight @ ((points - weight @ points) ** 2).sum(axis=1))


def _box(pose: Pose) -> Box:
    seen = pose.px[pose.visibility >= VISIBLE]
    points = seen if len(seen) else pose.px
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def overlap(a: Box, b: Box) -> float:
    """The shared part of two boxes, of the smaller one: 0 to 1."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def largest(places: Sequence[Place]) -> int:
    """Index of the body nearest to the camera; ValueError when there is none."""
    return max(range(len(places)), key=lambda index: places[index].size)


def nearest(places: Sequence[Place], to: Place) -> int:
    """Index of the body most like `to` in place and size; ValueError when there is none."""

    def difference(index: int) -> float:
        other = places[index]
        return abs(other.centre - to.centre) / to.trunk + 2 * abs(math.log(other.size / to.size))

    return min(range(len(places)), key=difference)


def disagreement(pose: Pose, fresh: Pose) -> float:
    """How far apart two skeletons of one body are: the median over nose, shoulders, hips, knees
    and ankles that both see, trunk lengths. NaN when they share too few joints."""
    both = (pose.visibility[_COMPARED] >= VISIBLE) & (fresh.visibility[_COMPARED] >= VISIBLE)
    if both.sum() < FEWEST:
        return math.nan
    apart = np.linalg.norm(pose.px[_COMPARED] - fresh.px[_COMPARED], axis=1)[both]
    return float(np.median(apart)) / place(fresh).trunk


SAME_BODY = 0.3
"""Boxes of one body's two skeletons share at least this much of the smaller one."""


def same_body(own: Place, places: Sequence[Place]) -> int | None:
    """Index of the detection that is the same body, rightly or wrongly seen; None when none is."""
    if not places:
        return None
    index = nearest(places, own)
    return index if overlap(own.box, places[index].box) >= SAME_BODY else None


def other_person_size(own: Place, places: Sequence[Place]) -> float:
    """Size of the largest other body as a share of this one's; 0 when there is no other."""
    others = [p.size / own.size for p in places if overlap(own.box, p.box) < SAME_BODY]
    return max(others, default=0.0)


def compare(pose: Pose, candidates: Sequence[Pose]) -> float:
    """Disagreement with that fresh detection which is the same body; NaN when none is."""
    index = same_body(place(pose), [place(candidate) for candidate in candidates])
    return math.nan if index is None else disagreement(pose, candidates[index])


LockResult = Literal["subject", "nobody", "other", "look"]


class SubjectLock:
    """Places of the tracked body in, whether it is the subject out. "look" asks for a fresh
    detection of everyone and a call of `choose`, then `hold` with the place that was taken.

    changed  the last choice need not be the person of before: they were lost for too long, or
             another body has stood where they were
    """

    def __init__(self) -> None:
        self.changed = False
        self._known = False
        self._last: Place | None = None
        self._seen = 0.0
        self._searching = True
        self._empty: float | None = None
        self._doubted: float | None = None
        self._asked = -math.inf

    def update(self, t: float, where: Place | None) -> LockResult:
        """The tracked body at time t (seconds, increasing); None when nothing was found."""
        if where is None:
            self._empty = t if self._empty is None else self._empty
            return "nobody"
        if self._empty is not None and t - self._empty > LOST_S:
            self._searching = True
        self._empty = None
        if self._searching:
            return "look"
        if self._reaches(t, where):
            self.hold(t, where)
            return "subject"
        return self._doubt(t)

    def _doubt(self, t: float) -> LockResult:
        if self._doubted is None:
            self._doubted = t
        if t - self._doubted > TAKEOVER_S:
            self.forget()
            return "look"
        if t - self._asked < ASK_S:
            return "other"
        self._asked = t
        return "look"

    def choose(self, t: float, places: Sequence[Place]) -> int | None:
        """Which of the bodies in the picture is the subject; None when it is not among them."""
        if not places:
            return None
        unknown = self._last is None or (self._searching and t - self._seen > MEMORY_S)
        self.changed = unknown and self._known
        if self._last is None or unknown:
            return largest(places)
        index = nearest(places, self._last)
        return index if self._searching or self._reaches(t, places[index]) else None

    def hold(self, t: float, where: Place) -> None:
        """This is the subject now."""
        self._last, self._seen = where, t
        self._searching, self._known = False, True
        self._empty = self._doubted = None
        self._asked = -math.inf

    def forget(self) -> None:
        """Nobody is known: the largest body will be taken."""
        self._last = None
        self._searching = True

    @property
    def last(self) -> Place | None:
        """Where the subject was when last seen."""
        return self._last

    def _reaches(self, t: float, where: Place) -> bool:
        assert self._last is not None
        step = t - self._seen
        way = abs(where.centre - self._last.centre) / self._last.trunk
        growth = abs(math.log(where.size / self._last.size))
        steps = min(3.0, max(1.0, step / GROWTH_STEP_S))
        far = min(FARTHEST, max(JUMP, SPEED * step))
        return way <= far and growth <= steps * math.log(GROWTH)


class TrackWatchdog:
    """When to compare the tracked skeleton with a fresh detection, and when to give it up. It
    begins with `judge` or `restarted`, when a body is chosen among fresh detections."""

    def __init__(self) -> None:
        self._due = math.inf
        self._agreed = 0
        self._doubts = 0
        self._restarts = 0
        self._lying: bool | None = None

    def due(self, t: float, pose: Pose) -> bool:
        """Whether to begin a comparison with this pose (then call `begun`)."""
        lying = _lying(pose, self._lying)
        if self._lying is not None and lying != self._lying:
            self._agreed, self._due = 0, t
        self._lying = lying
        return t >= self._due

    def begun(self) -> None:
        """A comparison is on its way; none is due before its end unless the posture changes."""
        self._due = math.inf

    def judge(self, t: float, difference: float) -> bool:
        """Whether the skeleton is wrong, after a comparison that gave `difference` (trunk lengths,
        NaN when it said nothing)."""
        if difference > DISAGREE:
            self._doubts += 1
            self._agreed = 0
            self._wait(t, 0.0)
            return self._doubts >= CHECKS
        if difference == difference:
            self._wait(t, CHECK_EVERY_S[min(self._agreed, len(CHECK_EVERY_S) - 1)])
            self._agreed += 1
            self._doubts = self._restarts = 0
        else:
            self._wait(t, NOT_COMPARABLE_S)
        return False

    def restarted(self, t: float) -> None:
        """The skeleton was begun anew: look again soon, but ever later if that does not help."""
        self._due = t + REPEATED_S[min(self._restarts, len(REPEATED_S) - 1)]
        self._restarts += 1
        self._agreed = self._doubts = 0

    def _wait(self, t: float, pause: float) -> None:
        self._due = min(self._due, t + pause)


def _lying(pose: Pose, before: bool | None) -> bool | None:
    """Whether the trunk is nearer to level than to upright, with a wide gap between."""
    shoulders, hips = pose.px[_TRUNK[:2]].mean(axis=0), pose.px[_TRUNK[2:]].mean(axis=0)
    across, along = np.abs(shoulders - hips)
    inclination = math.degrees(math.atan2(float(across), float(along)))
    if inclination < UPRIGHT_DEG:
        return False
    return True if inclination > LYING_DEG else before
