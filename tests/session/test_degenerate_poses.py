"""Bodies that no camera sees: every exercise answers, and credits nothing."""

from __future__ import annotations

import numpy as np
import pytest
from shipped import EXERCISES

from posecheck.coach.guide import Guide
from posecheck.io.routines.language import load_phrases
from posecheck.pose import JOINTS, Observation, Pose, Side
from posecheck.session.plan import open_set

SIZE = (640, 480)
SEEN = np.ones(JOINTS)
DICE = np.random.default_rng(1)
MASK = np.zeros((480, 640), np.bool_)

DEGENERATE = {
    "all joints in one point": Pose(
        np.full((JOINTS, 2), 100.0), np.zeros((JOINTS, 3)), SEEN, SIZE, MASK
    ),
    "flat in the picture": Pose(
        np.full((JOINTS, 2), 100.0), DICE.normal(size=(JOINTS, 3)), SEEN, SIZE
    ),
    "flat in the world": Pose(
        DICE.uniform(0, 400, (JOINTS, 2)), np.zeros((JOINTS, 3)), SEEN, SIZE, ~MASK
    ),
    "nothing seen": Pose(np.full((JOINTS, 2), np.nan), np.full((JOINTS, 3), np.nan), SEEN, SIZE),
    "far outside": Pose(np.full((JOINTS, 2), 1e9), np.full((JOINTS, 3), 1e9), SEEN, SIZE),
    "endless": Pose(np.full((JOINTS, 2), np.inf), np.full((JOINTS, 3), np.inf), SEEN, SIZE),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DEGENERATE)
def test_a_degenerate_pose_is_no_error_and_no_credit(case: str) -> None:
    phrases = load_phrases("en")
    for exercise in EXERCISES.values():
        side: Side | None = "left" if exercise.sides == "each" else None
        guide = Guide([open_set(exercise, side)], phrases)
        for step in range(40):
            guide.update(step / 10, Observation(DEGENERATE[case], brightness=120.0))
        assert guide.view.session.progress.held_s == 0
        assert guide.view.session.progress.reps == 0
