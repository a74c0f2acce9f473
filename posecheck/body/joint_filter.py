"""Which joints to believe: invented ones become NaN.

The model gives 33 joints whatever it sees; its own visibility stays high for many hidden ones.
So a joint must also lie in the picture, its bone must keep its length from frame to frame, and
left and right must not change places. `JointFilter` is a small machine over the stream of one
person.
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
"""How long a limb that has jumped stays unseen, unless it jumps back; then it is believed."""
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
_DISTAL: dict[Joint | str, list[int]] = {
    joint(part, side): [int(joint(p, side)) for p in chain]
    for side in _SIDES
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
        name: [int(joint(part, side)) for part in parts for side in _SIDES]
        for name, (_, parts) in _PAIRS.items()
    },
}
"""The joints that a doubt takes away. Points are complex numbers here and the loops plain Python:
for eight bones numpy takes five times as long."""


class JointFilter:
    """Poses of one person in, the same poses with untrusted joints as NaN out."""

    def __init__(self) -> None:
        self._usable = np.zeros(JOINTS, dtype=bool)
        self._before: list[complex] | None = None
        self._before_t = 0.0
        self._lengths: dict[Joint, float] = {}
        self._doubt: dict[Joint | str, float] = {}

    def forget(self) -> None:
        """Another person, or the same one after a gap: compare with nothing that was."""
        self._before = None
        self._usable = np.zeros(JOINTS, dtype=bool)
        self._doubt.clear()

    def update(self, t: float, pose: Pose) -> Pose:
        """The pose of time t (seconds) with every joint that is not to be believed as NaN."""
        self._usable = np.where(self._usable, pose.visibility >= HIDDEN, pose.visibility >= SEEN)
        points = [complex(x, y) for x, y in pose.px.tolist()]
        bad = ~self._usable | _outside(points, pose.size)
        if self._before is None or t - self._before_t > BONE_STEP_S:
            self._lengths.clear()
            self._doubt.clear()
        else:
            self._exchanged(t, points, self._before)
        self._bones(t, points)
        for key in self._doubt:
            bad[_UNSEEN[key]] = True
        self._before, self._before_t = points, t
        px, world = pose.px.copy(), pose.world.copy()
        px[bad] = np.nan
        world[bad] = np.nan
        return replace(pose, px=px, world=world)

    def _bones(self, t: float, now: list[complex]) -> None:
        """A bone that jumps in length is doubted until it is back at the length last believed, or
        has kept its new one long enough to be believed."""
        most = BONE_CHANGE * _trunk(now)
        for a, b in _LIMBS:
            length = abs(now[a] - now[b])
            jumped = abs(length - self._lengths.get(b, length)) > most
            if jumped and t - self._doubt.setdefault(b, t) <= DISTRUST_S:
                continue
            self._lengths[b] = length
            self._doubt.pop(b, None)

    def _exchanged(self, t: float, now: list[complex], before: list[complex]) -> None:
        """A pair that changes places is doubted until it changes back, or for DISTRUST_S."""
        trunk = _trunk(now)
        for name, pairs in _EXCHANGED.items():
            count = len(pairs)
            stay = sum(abs(now[a] - before[a]) + abs(now[b] - before[b]) for a, b in pairs) / count
            swap = sum(abs(now[a] - before[b]) + abs(now[b] - before[a]) for a, b in pairs) / count
            if stay > SWAP_JUMP * trunk and swap < SWAP_GAIN * stay:
                if self._doubt.pop(name, None) is None:
                    self._doubt[name] = t
            elif t - self._doubt.get(name, t) > DISTRUST_S:
                del self._doubt[name]


def _outside(points: list[complex], size: tuple[int, int]) -> NDArray[np.bool_]:
    width, height = size
    x, y = BORDER * width, BORDER * height
    inside = [-x <= p.real <= width + x and -y <= p.imag <= height + y for p in points]
    return ~np.array(inside)


def _trunk(points: list[complex]) -> float:
    shoulders = points[Joint.LEFT_SHOULDER] + points[Joint.RIGHT_SHOULDER]
    return abs(shoulders - points[Joint.LEFT_HIP] - points[Joint.RIGHT_HIP]) / 2
