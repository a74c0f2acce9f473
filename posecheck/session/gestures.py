"""What a person says without a key: standing still, both arms up, gone.

Small machines over the poses of one person. A pose or a joint that is not seen is never taken for
a sign; it may be missing for a moment without ending one.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

from posecheck.body.baseline import QUIET
from posecheck.body.geometry import NAN, body_of, signed_angle
from posecheck.body.measure import ENERGY_S
from posecheck.pose import Joint, NoPoseReason, Pose, Side

DROPOUT_S = 0.3
"""What is missing for less than this is taken to be as it was: limbs and whole bodies flicker."""

UPRIGHT_DEG = 35.0
"""Trunk to the vertical in the picture up to which a person counts as upright. Lying bodies with
arms overhead (superman) read about 90, all fours about 80; who stands and stretches sways less."""
OVER_HEAD = 0.35
"""How far both wrists must be above the highest point seen of the face, in trunk lengths. Measured:
triceps_stretch reads up to 0.19, hands at or behind the head in photographs 0.15. Straight arms
reach about 0.65; the crown is about 0.25 above the eyes."""

_SIDES: tuple[Side, Side] = ("left", "right")
_FACE = [Joint.NOSE, Joint.LEFT_EYE, Joint.RIGHT_EYE, Joint.LEFT_EAR, Joint.RIGHT_EAR]


class Stillness:
    """Someone keeps still, standing or lying, for `for_s` seconds.

    Still is a `drift` (body/measure.py) of at most QUIET trunks per second, as the median of half a
    second: trembling landmarks are no movement. Only the shoulders tell; arms may move.
    """

    def __init__(self, for_s: float = 2.0) -> None:
        self._for_s = for_s
        self._drifts: deque[tuple[float, float]] = deque()
        self._seen_t = -math.inf
        self._since: float | None = None

    def update(self, t: float, drift: float) -> bool:
        """True from `for_s` on, as long as it lasts. Movement, or an unknown drift (NaN) for
        DROPOUT_S, begins anew. `t` in seconds, increasing."""
        if drift == drift:
            self._look(t, drift)
        elif t - self._seen_t >= DROPOUT_S:
            self._drifts.clear()
            self._since = None
        return self._since is not None and t - self._since >= self._for_s

    def _look(self, t: float, drift: float) -> None:
        self._seen_t = t
        self._drifts.append((t, drift))
        while t - self._drifts[0][0] > ENERGY_S:
            self._drifts.popleft()
        if median(value for _, value in self._drifts) > QUIET:
            self._since = None
        elif self._since is None:
            self._since = t


class ArmsUp:
    """Both arms overhead and the trunk upright for `for_s` seconds: the sign to pause or go on."""

    def __init__(self, for_s: float = 2.0) -> None:
        self._for_s = for_s
        self._armed = True
        self._known_t = -math.inf
        self._since: float | None = None

    def update(self, t: float, pose: Pose | None) -> bool:
        """True exactly once per raising. It can fire again when a wrist has been seen below the
        shoulders; not being seen is no lowering. `t` in seconds, increasing."""
        raised = None if pose is None else arms_raised(pose)
        if pose is not None and _lowered(pose):
            self._armed = True
        if raised is not None:
            self._known_t = t
        if raised is False or t - self._known_t >= DROPOUT_S:
            self._since = None
        if not raised:
            return False
        if self._since is None:
            self._since = t
        if not self._armed or t - self._since < self._for_s:
            return False
        self._armed = False
        return True


def arms_raised(pose: Pose) -> bool | None:
    """Whether both wrists are over the head and above their elbows, the elbows above the shoulders
    and the trunk within UPRIGHT_DEG of the picture's vertical. A hand that hangs from a raised
    elbow (triceps_stretch) is not raised. None when a wrist, elbow, shoulder or hip, or the whole
    face, is not seen."""
    body = body_of(pose)
    heights = pose.px[_FACE, 1].tolist()
    top = min((y for y in heights if y == y), default=NAN)
    over = [top - body.p("wrist", side).imag for side in _SIDES]
    arms = [("shoulder", "elbow"), ("elbow", "wrist")]
    rise = [(body.p(a, side) - body.p(b, side)).imag for a, b in arms for side in _SIDES]
    tilt = abs(signed_angle(-1j, body.up))
    if any(value != value for value in (*over, *rise, tilt)):
        return None
    return tilt <= UPRIGHT_DEG and min(over) >= OVER_HEAD * body.trunk_px and min(rise) > 0


def _lowered(pose: Pose) -> bool:
    """A wrist is seen below the shoulders. One will do: a far arm that hangs is often hidden."""
    body = body_of(pose)
    return any(body.p("wrist", side).imag > body.mid_shoulder.imag for side in _SIDES)


class Presence:
    """How long the person has been gone, or back. `t` in seconds, increasing."""

    def __init__(self) -> None:
        self._gone_since: float | None = None
        self._back_since: float | None = None
        self._seen_t = -math.inf

    def forgive(self) -> None:
        """What was before does not count as being gone."""
        self._gone_since = None

    def update(
        self, t: float, pose: Pose | None, no_pose_reason: NoPoseReason
    ) -> tuple[float, float]:
        """Seconds that nobody has been in the picture (0.0 while somebody is; another person is
        somebody), and seconds that the subject has been in it, however it flickers."""
        if no_pose_reason != "nobody":
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = t
        if pose is not None:
            self._seen_t = t
            self._back_since = t if self._back_since is None else self._back_since
        elif t - self._seen_t >= DROPOUT_S:
            self._back_since = None
        return _since(t, self._gone_since), _since(t, self._back_since)


def _since(t: float, begin: float | None) -> float:
    return 0.0 if begin is None else t - begin
