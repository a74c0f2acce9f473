"""Signs that a person gives without a key: keeping still, raising both arms, leaving.

Each machine reads the poses of one person. An unseen pose or joint is never taken for a sign, and
one that is missing for less than DROPOUT_S does not end a sign.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

from posecheck.body.baseline import QUIET
from posecheck.body.geometry import NAN, body_of, signed_angle
from posecheck.body.measure import ENERGY_S
from posecheck.pose import SIDES, Joint, NoPoseReason, Pose, once_per_pose

DROPOUT_S = 0.3
"""A limb or a body that is missing for less than this is taken to be unchanged: both flicker."""

ARMS_UP_TRUNK_DEG = 35.0
"""Maximum angle between the trunk and the vertical, degrees, at which a person counts as upright.
Lying bodies with arms overhead (superman) read about 90 and all fours about 80; a standing
user who stretches sways by less than this."""
OVER_HEAD = 0.35
"""Minimum height of both wrists above the highest visible point of the face, trunk lengths.
Measured: triceps_stretch reads up to 0.19, hands at or behind the head in photographs 0.15.
Straight arms reach about 0.65; the crown is about 0.25 above the eyes."""

_FACE = [Joint.NOSE, Joint.LEFT_EYE, Joint.RIGHT_EYE, Joint.LEFT_EAR, Joint.RIGHT_EAR]


class Stillness:
    """Whether a person has kept still, standing or lying, for `for_s` seconds.

    Still means a `drift` (body/measure.py) of at most QUIET trunk lengths per second. The median
    over ENERGY_S is used, because landmarks that jitter are no movement. Only the shoulders are
    considered; the arms may move.
    """

    def __init__(self, for_s: float = 2.0) -> None:
        self._for_s = for_s
        self._drifts: deque[tuple[float, float]] = deque()
        self._seen_t = -math.inf
        self._since: float | None = None

    def update(self, t: float, drift: float) -> bool:
        """True once the person has been still for `for_s` and until they move. Movement, or an
        unknown drift (NaN) for DROPOUT_S, restarts the time. `t` in seconds, increasing."""
        if not math.isnan(drift):
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
    """The sign to pause or to continue: both arms overhead and the trunk upright for `for_s`
    seconds."""

    def __init__(self, for_s: float = 2.0) -> None:
        self._for_s = for_s
        self._armed = True
        self._known_t = -math.inf
        self._since: float | None = None

    def update(self, t: float, pose: Pose | None) -> bool:
        """True exactly once each time the arms are raised. It can be True again only after a wrist
        was seen below the shoulders. `t` in seconds, increasing."""
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


@once_per_pose
def arms_raised(pose: Pose) -> bool | None:
    """Whether both arms are raised: the wrists over the head and above their elbows, the elbows
    above the shoulders, and the trunk within ARMS_UP_TRUNK_DEG of the picture's vertical. A hand
    that hangs from a raised elbow (triceps_stretch) is not raised. None when a wrist, an elbow, a
    shoulder, a hip or the whole face is not seen."""
    body = body_of(pose)
    heights = pose.px[_FACE, 1].tolist()
    top = min((y for y in heights if not math.isnan(y)), default=NAN)
    over = [top - body.p("wrist", side).imag for side in SIDES]
    arms = [("shoulder", "elbow"), ("elbow", "wrist")]
    rise = [(body.p(a, side) - body.p(b, side)).imag for a, b in arms for side in SIDES]
    tilt = abs(signed_angle(-1j, body.up))
    if any(math.isnan(value) for value in (*over, *rise, tilt)):
        return None
    return tilt <= ARMS_UP_TRUNK_DEG and min(over) >= OVER_HEAD * body.trunk_px and min(rise) > 0


@once_per_pose
def _lowered(pose: Pose) -> bool:
    """Whether a wrist is seen below the shoulders. One wrist is enough: the far arm, when it hangs,
    is often hidden."""
    body = body_of(pose)
    return any(body.p("wrist", side).imag > body.mid_shoulder.imag for side in SIDES)


class Presence:
    """Measures how long the person has been gone, or back. `t` in seconds, increasing."""

    def __init__(self) -> None:
        self._gone_since: float | None = None
        self._back_since: float | None = None
        self._seen_t = -math.inf

    def forgive(self) -> None:
        """Discard the absence so far."""
        self._gone_since = None

    def update(
        self, t: float, pose: Pose | None, no_pose_reason: NoPoseReason
    ) -> tuple[float, float]:
        """Seconds for which the picture has been empty (0.0 while anyone is in it, the subject or
        not), and seconds for which the subject has been in it, gaps under DROPOUT_S included."""
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
