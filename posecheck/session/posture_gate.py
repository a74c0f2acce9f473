"""Checks whether the body is in a posture of the exercise at all, before any verdict.

The gate closes only after a wrong posture has been certain for a while. A body whose posture is
uncertain passes.
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
"""After this long outside the exercise's postures, return the set to its start position. The
longest such stretch on correct bodies is 0.2 s."""


class PostureGate:
    """The posture gate of one set.

    astray         the body has certainly not been in the start position for ASTRAY_S
    foreign        the body has certainly been in no posture of the exercise for ASTRAY_S, and has
                   neither been seen in one since nor been uncertain for as long
    outside        foreign during the work: nothing is judged
    left_exercise  outside for ELSEWHERE_S: the user must take the start position again
    """

    def __init__(self, exercise: Exercise) -> None:
        self._postures = PostureCheck(exercise)
        self._astray, self._foreign, self._doubtful = Lasted(), Lasted(), Lasted()
        self.astray = self.foreign = self.outside = self.left_exercise = False

    def update(self, t: float, pose: Pose | None, working: bool) -> None:
        """Check one frame at time t (seconds, increasing). `working`: the set has begun, so that
        the body can leave the exercise."""
        start = pose is not None and self._postures.in_position(pose) is False
        self.astray = self._astray.update(t, start) >= ASTRAY_S
        elsewhere = None if pose is None else self._postures.elsewhere(pose)
        away_s = self._foreign.update(t, elsewhere is True)
        doubtful_s = self._doubtful.update(t, elsewhere is None)
        stays = self.foreign and elsewhere is None and doubtful_s < ASTRAY_S
        self.foreign = stays or away_s >= ASTRAY_S
        self.outside = working and self.foreign
        self.left_exercise = working and away_s >= ELSEWHERE_S

    def open(self) -> None:
        """Reset the gate: everything passes, as in a set that is not checked."""
        self._astray.reset()
        self._foreign.reset()
        self._doubtful.reset()
        self.astray = self.foreign = self.outside = self.left_exercise = False
