"""Tests of the gate that closes while the body is in no posture of the exercise."""

from __future__ import annotations

import pytest
from bodies import Arm, Figure, Leg, series
from shipped import EXERCISES

from posecheck.pose import Pose
from posecheck.session.posture_gate import ASTRAY_S, PostureGate

ARM, LEG = Arm(90), Leg(90, 90)
ALL_FOURS = Figure(
    facing=90.0, incl=90.0, left_arm=ARM, right_arm=ARM, left_leg=LEG, right_leg=LEG
).pose()
SUPINE = Figure(facing=90.0, incl=-90.0, left_leg=LEG, right_leg=LEG).pose()


@pytest.mark.parametrize(
    ("then", "seconds", "closed"),
    [(None, 0.1, True), (None, ASTRAY_S + 0.2, False), (SUPINE, 0.1, False)],
)
def test_a_closed_gate_opens_on_the_posture_or_on_lasting_doubt(
    then: Pose | None, seconds: float, closed: bool
) -> None:
    """One frame without an answer does not let all fours pass as a supine twist again."""
    gate = PostureGate(EXERCISES["supine_spinal_twist"])
    for t, pose in series((ALL_FOURS, 1.5), (then, seconds)):
        gate.update(t, pose, working=True)
        if t == pytest.approx(1.4, abs=0.02):
            assert gate.outside
    assert gate.outside is closed
