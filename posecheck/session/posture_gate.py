"""Whether the body is in a posture of the exercise at all: the gate before every verdict.

Both answers need certainty for a while. A body whose posture cannot be told passes.
"""

from __future__ import annotations

from posecheck.body.posture import PostureCheck
from posecheck.exercise import Exercise
from posecheck.pose import Pose
from posecheck.timing import Lasted

ASTRAY_S = 0.7
"""Minimum time in another posture before it is believed. Rolled to one side, a lying body reads now
as lying, now as on all fours."""
ELSEWHERE_S = 2.0
"""After this long outside the exercise's postures, the set goes back to its start position. On
right bodies the longest such stretch is 0.2 s."""


class PostureGate:
    """Follows one set.

    astray         certainly not in the start position, for ASTRAY_S
    foreign        certainly in no posture that the exercise passes through, for ASTRAY_S
    outside        foreign during the work: nothing is judged
    left_exercise  outside for ELSEWHERE_S: the start position is to be taken again
    """

    def __init__(self, exercise: Exercise) -> None:
        self._postures = PostureCheck(exercise)
        self._astray, self._foreign, self._elsewhere = Lasted(), Lasted(), Lasted()
        self.astray = self.foreign = self.outside = self.left_exercise = False

    def update(self, t: float, pose: Pose | None, working: bool) -> None:
        """One frame at time t (seconds, increasing). `working`: the set has begun, so that a body
        can leave the exercise."""
        start = pose is not None and self._postures.in_position(pose) is False
        self.astray = self._astray.update(t, start) >= ASTRAY_S
        away = pose is not None and self._postures.elsewhere(pose) is True
        self.foreign = self._foreign.update(t, away) >= ASTRAY_S
        away_s = self._elsewhere.update(t, away and working)
        self.outside, self.left_exercise = away_s >= ASTRAY_S, away_s >= ELSEWHERE_S

    def open(self) -> None:
        """Let everything pass: the set is not checked."""
        for lasted in (self._astray, self._foreign, self._elsewhere):
            lasted.reset()
        self.astray = self.foreign = self.outside = self.left_exercise = False
