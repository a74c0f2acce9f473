"""Which joints to believe: invented ones become NaN.

The model gives 33 joints whatever it sees; its own visibility stays high for many hidden ones.
So a joint must also lie in the picture, its bone must keep its length from frame to frame, and
left and right must not change places. `Trust` is a small machine over the stream of one person.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecheck.pose import JOINTS, Joint, Pose, Side, joint

SEEN, HIDDEN = 0.5, 0.4
"""Visibility at which a joint becomes usable and below which it stops being. Biomechanics 2B says
0.6 and 0.5; on the rendered clips limbs at 0.4 to 0.5 are wrong by more than 0.3 trunk lengths as
seldom (elbow 1, knee 3, wrist 5, ankle 11 %) as limbs at 0.5 to 0.9, ankles below 0.4 in 41 %."""
BORDER = 0.01
"""How far outside the picture a joint may lie, of the picture's size: landmark jitter."""
BONE_CHANGE = 0.25
"""Change of a bone's length in one step, in trunk lengths, that no movement explains."""
BONE_STEP_S = 0.15
"""Steps longer than this are too long to compare bone lengths over."""
DISTRUST_S = 0.3
"""How long a limb stays unseen after its last jump; after that the new place is believed."""
SWAP_GAIN = 0.35
"""A pair has changed places when exchanging its labels leaves less than this share of the jump."""
SWAP_JUMP = 0.25
"""Jumps smaller than this many trunk lengths are movement, not an exchange."""

_SIDES: tuple[Side, Side] = ("left", "right")
_LIMBS = [
    (joint(a, side), joint(b, side))
    for side in _SIDES
    for a, b in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
]
_DISTAL: dict[Joint, list[int]] = {
    joint(part, side): [int(joint(p, side)) for p in chain]
    for side in _SIDES
    for part, chain in {
        "knee": ("knee", "ankle", "heel", "foot_index"),
        "ankle": ("ankle", "heel", "foot_index"),
        "elbow": ("elbow", "wrist", "pinky", "index", "thumb"),
        "wrist": ("wrist", "pinky", "index", "thumb"),
    }.items()
}
_STARTS = np.array([a for a, _ in _LIMBS])
_ENDS = np.array([b for _, b in _LIMBS])
_PAIRS = {
    "legs": (("knee", "ankle"), ("knee", "ankle", "heel", "foot_index")),
    "arms": (("elbow", "wrist"), ("elbow", "wrist", "pinky", "index", "thumb")),
}


class Trust:
    """Poses of one person in, the same poses with untrusted joints as NaN out."""

    def __init__(self) -> None:
        self._usable = np.zeros(JOINTS, dtype=bool)
        self._before: NDArray[np.float64] | None = None
        self._before_t = 0.0
        self._doubt: dict[Joint | str, float] = {}

    def forget(self) -> None:
        """Another person, or the same one after a gap: compare with nothing that was."""
        self._before = None
        self._doubt.clear()

    def update(self, t: float, pose: Pose) -> Pose:
        """The pose of time t (seconds) with every joint that is not to be believed as NaN."""
        self._usable = np.where(self._usable, pose.visibility >= HIDDEN, pose.visibility >= SEEN)
        bad = ~self._usable | _outside(pose)
        trunk = _trunk(pose.px)
        if self._before is not None and t - self._before_t <= BONE_STEP_S:
            self._compare(t, pose.px, self._before, trunk)
        for key, since in list(self._doubt.items()):
            if t - since > DISTRUST_S:
                del self._doubt[key]
            else:
                bad[_joints_of(key)] = True
        self._before, self._before_t = pose.px, t
        px, world = pose.px.copy(), pose.world.copy()
        px[bad] = np.nan
        world[bad] = np.nan
        return replace(pose, px=px, world=world)

    def _compare(
        self, t: float, px: NDArray[np.float64], before: NDArray[np.float64], trunk: float
    ) -> None:
        lengths = np.linalg.norm(px[_STARTS] - px[_ENDS], axis=1)
        earlier = np.linalg.norm(before[_STARTS] - before[_ENDS], axis=1)
        for index in np.flatnonzero(np.abs(lengths - earlier) > BONE_CHANGE * trunk):
            self._doubt[_LIMBS[index][1]] = t
        for name, (parts, _) in _PAIRS.items():
            left = np.array([joint(p, "left") for p in parts])
            right = np.array([joint(p, "right") for p in parts])
            stay = _jump(px, before, left, left) + _jump(px, before, right, right)
            swap = _jump(px, before, left, right) + _jump(px, before, right, left)
            if stay > SWAP_JUMP * trunk and swap < SWAP_GAIN * stay:
                self._doubt[name] = t


def _joints_of(key: Joint | str) -> list[int]:
    if isinstance(key, Joint):
        return _DISTAL[key]
    return [int(joint(part, side)) for part in _PAIRS[key][1] for side in _SIDES]


def _jump(
    now: NDArray[np.float64],
    before: NDArray[np.float64],
    at: NDArray[np.intp],
    was: NDArray[np.intp],
) -> float:
    return float(np.linalg.norm(now[at] - before[was], axis=1).mean())


def _outside(pose: Pose) -> NDArray[np.bool_]:
    size = np.array(pose.size, dtype=float)
    slack = BORDER * size
    outside: NDArray[np.bool_] = np.any((pose.px < -slack) | (pose.px > size + slack), axis=1)
    return outside


def _trunk(px: NDArray[np.float64]) -> float:
    shoulders = (px[Joint.LEFT_SHOULDER] + px[Joint.RIGHT_SHOULDER]) / 2
    hips = (px[Joint.LEFT_HIP] + px[Joint.RIGHT_HIP]) / 2
    return float(np.linalg.norm(shoulders - hips))
