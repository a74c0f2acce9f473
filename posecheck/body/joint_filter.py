"""Which joints to trust: the others become NaN.

The model gives 33 joints whatever it sees, and its own visibility stays high for many hidden ones.
So a joint must also lie in the picture, its bone must keep its length from frame to frame, and left
and right must not be exchanged. `JointFilter` is a small machine over the stream of one person.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecheck.pose import JOINTS, SIDES, Joint, Pose, joint

SEEN, HIDDEN = 0.5, 0.4
"""Visibility at which a joint becomes usable and below which it stops being. Biomechanics 2B says
0.6 and 0.5; on the rendered clips limbs at 0.4 to 0.5 are wrong by more than 0.3 trunk lengths as
seldom (elbow 1, knee 3, wrist 5, ankle 11 %) as limbs at 0.5 to 0.9, ankles below 0.4 in 41 %."""
BORDER = 0.01
"""How far outside the picture a joint may lie, as a share of its size: landmark jitter."""
BONE_CHANGE = 0.25
"""Change of a bone's length between two frames, trunk lengths, that no movement explains."""
BONE_STEP_S = 0.15
"""Maximum time between two frames whose bone lengths are compared."""
DISTRUST_S = 0.3
"""How long a limb that has jumped is distrusted, unless it jumps back before."""
SWAP_GAIN = 0.35
"""A pair is exchanged when swapping its labels leaves less than this share of the jump."""
SWAP_JUMP = 0.25
"""A jump of fewer trunk lengths is movement, not an exchange."""

_LIMBS = [
    (joint(a, side), joint(b, side))
    for side in SIDES
    for a, b in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
]
_DISTAL: dict[Joint | str, list[int]] = {
    joint(part, side): [int(joint(p, side)) for p in chain]
    for side in SIDES
    for part, chain in {
        "knee": ("knee", "ankle", "heel", "foot_index"),
        "ankle": ("ankle", "heel", "foot_index"),
        "elbow": ("elbow", "wrist", "pinky", "index", "thumb"),
        "wrist": ("wrist", "pinky", "index", "thumb"),
    }.items()
}
_PAIRS = {
    "legs": (("knee", "ankle"), ("knee", "ankle", "heel", "foot_index")),
    "arms": (("elbow", "wrist"), ("elbow", "wrist", "pinky", "index", "thumb")),
}
_EXCHANGED = {
    name: [(joint(part, "left"), joint(part, "right")) for part in parts]
    for name, (parts, _) in _PAIRS.items()
}
_UNSEEN: dict[Joint | str, list[int]] = {
    **_DISTAL,
    **{
        name: [int(joint(part, side)) for part in parts for side in SIDES]
        for name, (_, parts) in _PAIRS.items()
    },
}
"""Distrusted limb or pair -> the joints that are then NaN. Points are complex numbers here and the
loops plain Python: for eight bones numpy takes five times as long."""


class JointFilter:
    """Takes the poses of one person and returns them with distrusted joints set to NaN.

    A joint is distrusted when its visibility is too low (with hysteresis), when it lies outside the
    picture, after a jump of its bone's length, or after its pair has been exchanged.
    """

    def __init__(self) -> None:
        self._usable = np.zeros(JOINTS, dtype=bool)
        self._before: list[complex] | None = None
        self._before_t = 0.0
        self._lengths: dict[Joint, float] = {}
        self._distrusted_since: dict[Joint | str, float] = {}

    def forget(self) -> None:
        """Reset, for another person or for the same one after a gap."""
        self._before = None
        self._usable = np.zeros(JOINTS, dtype=bool)
        self._distrusted_since.clear()

    def follow(self, t: float, pose: Pose | None, track_reset: bool) -> Pose | None:
        """As `update`, for every frame of a stream. Reset where the person is not seen (None, which
        is returned) and where the track was reset."""
        if pose is None or track_reset:
            self.forget()
        return None if pose is None else self.update(t, pose)

    def update(self, t: float, pose: Pose) -> Pose:
        """The pose at time t (seconds, increasing) with NaN for every distrusted joint in `px` and
        `world`. The given pose has no NaN and stays as it is."""
        self._usable = np.where(self._usable, pose.visibility >= HIDDEN, pose.visibility >= SEEN)
        points = [complex(x, y) for x, y in pose.px.tolist()]
        bad = ~self._usable | _outside(points, pose.size)
        if self._before is None or t - self._before_t > BONE_STEP_S:
            self._lengths.clear()
            self._distrusted_since.clear()
        else:
            self._exchanged(t, points, self._before)
        self._bones(t, points)
        for key in self._distrusted_since:
            bad[_UNSEEN[key]] = True
        self._before, self._before_t = points, t
        px, world = pose.px.copy(), pose.world.copy()
        px[bad] = np.nan
        world[bad] = np.nan
        return replace(pose, px=px, world=world)

    def _bones(self, t: float, now: list[complex]) -> None:
        """Distrust a bone whose length jumps until it returns to the length trusted last, or for
        DISTRUST_S."""
        most = BONE_CHANGE * _trunk(now)
        for a, b in _LIMBS:
            length = abs(now[a] - now[b])
            jumped = abs(length - self._lengths.get(b, length)) > most
            if jumped and t - self._distrusted_since.setdefault(b, t) <= DISTRUST_S:
                continue
            self._lengths[b] = length
            self._distrusted_since.pop(b, None)

    def _exchanged(self, t: float, now: list[complex], before: list[complex]) -> None:
        """Distrust a pair that is exchanged until it is exchanged back, or for DISTRUST_S."""
        trunk = _trunk(now)
        for name, pairs in _EXCHANGED.items():
            count = len(pairs)
            stay = sum(abs(now[a] - before[a]) + abs(now[b] - before[b]) for a, b in pairs) / count
            swap = sum(abs(now[a] - before[b]) + abs(now[b] - before[a]) for a, b in pairs) / count
            if stay > SWAP_JUMP * trunk and swap < SWAP_GAIN * stay:
                if self._distrusted_since.pop(name, None) is None:
                    self._distrusted_since[name] = t
            elif t - self._distrusted_since.get(name, t) > DISTRUST_S:
                del self._distrusted_since[name]


def _outside(points: list[complex], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Whether each joint lies outside the picture, (33,)."""
    width, height = size
    x, y = BORDER * width, BORDER * height
    inside = [-x <= p.real <= width + x and -y <= p.imag <= height + y for p in points]
    return ~np.array(inside)


def _trunk(points: list[complex]) -> float:
    """Trunk length, pixels."""
    shoulders = points[Joint.LEFT_SHOULDER] + points[Joint.RIGHT_SHOULDER]
    return abs(shoulders - points[Joint.LEFT_HIP] - points[Joint.RIGHT_HIP]) / 2
