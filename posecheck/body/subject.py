"""Keeps the skeleton on one person: follows them by place and size, and checks the skeleton.

The model picks any person: in 4 of 10 stills it took a bystander for the user while visibility
stayed at 0.94, and it kept a lying person's skeleton upside down for a whole clip at 1.00.
`SubjectLock` rejects poses that cannot be the same body. `TrackWatchdog` decides when to compare a
tracked pose with a fresh detection, and when the two have disagreed for too long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecheck.pose import SIDES, Joint, Pose, joint

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""


VISIBLE = 0.5
"""Visibility below which a joint counts as hidden."""
TRUNK_M = 0.5
"""Mid-hip to mid-shoulder of the model's bodies, metres; 0.84 to 1.08 times that in the clips."""

JUMP = 0.5
"""Trunk lengths that a body's centre may move from one frame to the next (biomechanics 1.1)."""
SPEED = 6.0
"""Trunk lengths per second (3 m/s) that no exercise exceeds: the limit at low frame rates. A quick
squat or sitting down reaches 1.5 m/s."""
FARTHEST = 1.5
"""Trunk lengths beyond which it is another body, however long ago the last frame was."""
GROWTH = 1.25
"""Change of scale from one frame to the next (biomechanics 1.1). The clips stay below 1.06."""
GROWTH_STEP_S = 0.2
"""Over a longer time the change of scale may be greater in proportion, up to three times: the
person walks up to the camera."""

SUBJECT_LOST_S = 1.0
"""After the picture was empty for longer, the next body is chosen without regard to the last
one."""
TAKEOVER_S = 2.0
"""When only another body is seen for longer, the largest becomes the subject."""
SEARCH_EVERY_S = 0.3
"""Minimum time between two searches for the subject while another body is seen."""
MEMORY_S = 10.0
"""How long the place of a lost person identifies them."""

DISAGREE = 0.3
"""Trunk lengths between two skeletons of one body above which they disagree. Right ones differ by
0.1, a wrong one by 1.8."""
CHECKS = 2
"""Disagreements in a row after which the tracked skeleton is wrong."""
CHECK_EVERY_S = (1.0, 2.0, 4.0, 8.0)
"""Time to the next check after the first, second, ... agreement in one posture. Wrong skeletons
begin at the start or with a change of posture, and a fresh detection costs as much as two tracked
frames."""
NOT_COMPARABLE_S = 1.0
"""Time to the next check after a comparison without a result."""
REPEATED_S = (0.3, 1.0, 3.0, 10.0)
"""Time to the next check after the first, second, ... reset of the track in a row: resets that do
not help become rare."""
TRUNK_UPRIGHT_DEG, TRUNK_LYING_DEG = 35.0, 55.0
"""Trunk from the vertical, degrees: upright below the first, lying above the second, unchanged
between."""

_TRUNK = np.array(
    [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP], dtype=np.intp
)
_COMPARED = np.array(
    [
        Joint.NOSE,
        *_TRUNK,
        *(joint(part, side) for part in ("knee", "ankle") for side in SIDES),
    ],
    dtype=np.intp,
)
_BODY = np.array(
    [
        *_COMPARED,
        *(joint(part, side) for part in ("ear", "elbow", "wrist") for side in SIDES),
    ],
    dtype=np.intp,
)
HIDDEN_WEIGHT = 1e-3
"""Weight added to every joint, so that a hidden one counts little but not nothing."""
SMALLEST_SCALE = 1e-3
"""Pixels per metre of a body without any extent."""
FEWEST_SHARED = 3
"""Joints that two poses must share to be compared; at a desk these are nose and shoulders."""


@dataclass(frozen=True, slots=True)
class BodyPlace:
    """Where a body is in the picture.

    centre  middle of shoulders and hips, x + yj, pixels
    size    pixels per metre: how near the body is, whatever its posture
    box     around its visible joints, pixels
    """

    centre: complex
    size: float
    box: Box

    @property
    def trunk(self) -> float:
        """A trunk length in pixels, not shortened when the body bends towards the camera."""
        return TRUNK_M * self.size


def place(pose: Pose) -> BodyPlace:
    """The place of a pose as the model gave it (no NaN). Joints are weighted by their visibility:
    one that is barely seen must not make the body jump."""
    weight = pose.visibility[_BODY] + HIDDEN_WEIGHT
    weight /= weight.sum()
    px, metres = pose.px[_BODY], pose.world[_BODY, :2]
    width = _spread(metres, weight)
    size = math.sqrt(_spread(px, weight) / width) if width > 0 else 0.0
    weight = pose.visibility[_TRUNK] + HIDDEN_WEIGHT
    x, y = (weight / weight.sum()) @ pose.px[_TRUNK]
    return BodyPlace(complex(x, y), max(size, SMALLEST_SCALE), _box(pose))


def _spread(points: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Weighted variance of points (n, 2); the weights (n,) sum to 1."""
    return float(weight @ ((points - weight @ points) ** 2).sum(axis=1))


def _box(pose: Pose) -> Box:
    """The box around the visible joints, or around all when none is visible."""
    seen = pose.px[pose.visibility >= VISIBLE]
    points = seen if len(seen) else pose.px
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def overlap(a: Box, b: Box) -> float:
    """The shared area of two boxes as a share of the smaller one, 0 to 1."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def largest(places: Sequence[BodyPlace]) -> int:
    """Index of the body nearest to the camera; ValueError when there is none."""
    return max(range(len(places)), key=lambda index: places[index].size)


def most_similar(places: Sequence[BodyPlace], to: BodyPlace) -> int:
    """Index of the body most similar to `to` in place and size; ValueError when there is none."""

    def difference(index: int) -> float:
        other = places[index]
        return abs(other.centre - to.centre) / to.trunk + 2 * abs(math.log(other.size / to.size))

    return min(range(len(places)), key=difference)


def disagreement(pose: Pose, fresh: Pose) -> float:
    """How far apart two skeletons of one body are, trunk lengths: the median over nose, shoulders,
    hips, knees and ankles that are visible in both. NaN when they share too few joints."""
    both = (pose.visibility[_COMPARED] >= VISIBLE) & (fresh.visibility[_COMPARED] >= VISIBLE)
    if both.sum() < FEWEST_SHARED:
        return math.nan
    apart = np.linalg.norm(pose.px[_COMPARED] - fresh.px[_COMPARED], axis=1)[both]
    return float(np.median(apart)) / place(fresh).trunk


SAME_BODY = 0.3
"""Two skeletons of one body share at least this much of the smaller box."""


def same_body(own: BodyPlace, places: Sequence[BodyPlace]) -> int | None:
    """Index of the detection that is the same body, seen rightly or wrongly; None when none is."""
    if not places:
        return None
    index = most_similar(places, own)
    return index if overlap(own.box, places[index].box) >= SAME_BODY else None


def other_person_size(own: BodyPlace, places: Sequence[BodyPlace]) -> float:
    """Size of the largest other body as a share of this one's; 0 when there is none."""
    others = [p.size / own.size for p in places if overlap(own.box, p.box) < SAME_BODY]
    return max(others, default=0.0)


def compare(pose: Pose, candidates: Sequence[Pose]) -> float:
    """Disagreement with the fresh detection that is the same body; NaN when none is."""
    index = same_body(place(pose), [place(candidate) for candidate in candidates])
    return math.nan if index is None else disagreement(pose, candidates[index])


LockResult = Literal["subject", "nobody", "other", "look"]
"""What the tracked body is; "look" asks for a fresh detection of everyone in the picture."""


class SubjectLock:
    """Decides from the place of the tracked body whether it is the subject.

    On "look" the caller detects everyone, calls `choose`, and then `hold` with the chosen place.

    changed  the person of the last choice may be another one than before: the subject was lost for
             too long, or another body stood in their place
    """

    def __init__(self) -> None:
        self.changed = False
        self._known = False
        self._last: BodyPlace | None = None
        self._seen_t = 0.0
        self._searching = True
        self._empty_since: float | None = None
        self._other_since: float | None = None
        self._searched_t = -math.inf

    def update(self, t: float, where: BodyPlace | None) -> LockResult:
        """The tracked body at time t (seconds, increasing); None when nothing was found."""
        if where is None:
            self._empty_since = t if self._empty_since is None else self._empty_since
            return "nobody"
        if self._empty_since is not None and t - self._empty_since > SUBJECT_LOST_S:
            self._searching = True
        self._empty_since = None
        if self._searching:
            return "look"
        if self._reaches(t, where):
            self.hold(t, where)
            return "subject"
        return self._other_body(t)

    def _other_body(self, t: float) -> LockResult:
        """Another body than the subject is tracked: search now and then, and give up in the end."""
        if self._other_since is None:
            self._other_since = t
        if t - self._other_since > TAKEOVER_S:
            self.forget()
            return "look"
        if t - self._searched_t < SEARCH_EVERY_S:
            return "other"
        self._searched_t = t
        return "look"

    def choose(self, t: float, places: Sequence[BodyPlace]) -> int | None:
        """Index of the body that is the subject; None when it is not among them."""
        if not places:
            return None
        unknown = self._last is None or (self._searching and t - self._seen_t > MEMORY_S)
        self.changed = unknown and self._known
        if self._last is None or unknown:
            return largest(places)
        index = most_similar(places, self._last)
        return index if self._searching or self._reaches(t, places[index]) else None

    def hold(self, t: float, where: BodyPlace) -> None:
        """The subject is at this place now."""
        self._last, self._seen_t = where, t
        self._searching, self._known = False, True
        self._empty_since = self._other_since = None
        self._searched_t = -math.inf

    def forget(self) -> None:
        """Forget the subject: the largest body becomes the next one."""
        self._last = None
        self._searching = True

    @property
    def last(self) -> BodyPlace | None:
        """Where the subject was when last seen."""
        return self._last

    def _reaches(self, t: float, where: BodyPlace) -> bool:
        """Whether the subject can have moved to this place since it was last seen."""
        assert self._last is not None
        step = t - self._seen_t
        way = abs(where.centre - self._last.centre) / self._last.trunk
        growth = abs(math.log(where.size / self._last.size))
        steps = min(3.0, max(1.0, step / GROWTH_STEP_S))
        far = min(FARTHEST, max(JUMP, SPEED * step))
        return way <= far and growth <= steps * math.log(GROWTH)


class TrackWatchdog:
    """Decides when to compare the tracked skeleton with a fresh detection, and when it is wrong.

    It begins with `judge` or `restarted`, when a body is chosen among fresh detections."""

    def __init__(self) -> None:
        self._due = math.inf
        self._agreed = 0
        self._disagreed = 0
        self._restarts = 0
        self._lying: bool | None = None

    def due(self, t: float, pose: Pose) -> bool:
        """Whether to begin a comparison with this pose; then call `begun`."""
        lying = _lying(pose, self._lying)
        if self._lying is not None and lying != self._lying:
            self._agreed, self._due = 0, t
        self._lying = lying
        return t >= self._due

    def begun(self) -> None:
        """A comparison is running: no other is due before its end unless the posture changes."""
        self._due = math.inf

    def judge(self, t: float, difference: float) -> bool:
        """Whether the skeleton is wrong, after a comparison with the result `difference` (trunk
        lengths, NaN for no result)."""
        if difference > DISAGREE:
            self._disagreed += 1
            self._agreed = 0
            self._wait(t, 0.0)
            return self._disagreed >= CHECKS
        if math.isnan(difference):
            self._wait(t, NOT_COMPARABLE_S)
            return False
        self._wait(t, CHECK_EVERY_S[min(self._agreed, len(CHECK_EVERY_S) - 1)])
        self._agreed += 1
        self._disagreed = self._restarts = 0
        return False

    def restarted(self, t: float) -> None:
        """The track was reset: check soon, but later after each reset that does not help."""
        self._due = t + REPEATED_S[min(self._restarts, len(REPEATED_S) - 1)]
        self._restarts += 1
        self._agreed = self._disagreed = 0

    def _wait(self, t: float, pause: float) -> None:
        self._due = min(self._due, t + pause)


def _lying(pose: Pose, before: bool | None) -> bool | None:
    """Whether the trunk is nearer to level than to upright; `before` in the wide gap between."""
    shoulders, hips = pose.px[_TRUNK[:2]].mean(axis=0), pose.px[_TRUNK[2:]].mean(axis=0)
    across, along = np.abs(shoulders - hips)
    inclination = math.degrees(math.atan2(float(across), float(along)))
    if inclination < TRUNK_UPRIGHT_DEG:
        return False
    return True if inclination > TRUNK_LYING_DEG else before
