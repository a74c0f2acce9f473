"""Tests of the counting on two limbs, and of what is a sign of the exercise."""

from __future__ import annotations

import math

import pytest
from bodies import series

from posecheck.exercise import HysteresisBand, Reps
from posecheck.session.events import RepCounted
from posecheck.session.form import Verdict
from posecheck.session.limb_counters import LimbCounters
from posecheck.session.progress import Progress

KICK = Reps(
    "knee_angle",
    rest=HysteresisBand(140, 132),
    peak=HysteresisBand(98, 108),
    min_s=0.15,
    max_s=2.5,
    rest_s=0.12,
    each=True,
)
LEFT, RIGHT = KICK.limbs
FINE = Verdict(frozenset(), (), (), True, "right")
LONG, BENT, HIDDEN = 170.0, 60.0, math.nan


def count(
    *pieces: tuple[tuple[float, float], float], bad: tuple[float, float] = (0.0, 0.0)
) -> tuple[Progress, list[float]]:
    """The progress at the end, and the times of the repetitions. Pieces: ((left, right), seconds).
    `bad`: from and to which a strict rule is broken."""
    counters, times = LimbCounters.of(KICK, None), []
    progress = Progress("ready")
    for t, (left, right) in series(*pieces, fps=20.0):
        broken = bad[0] <= t < bad[1]
        values = {LEFT: left, RIGHT: right}
        progress, events = counters.update(t, values, FINE, broken, hidden=False)
        times += [t for event in events if isinstance(event, RepCounted)]
    return progress, times


STAND = ((LONG, LONG), 1.0)


def test_two_limbs_bent_together_are_one_repetition() -> None:
    """The model put both labels on the raised leg."""
    progress, _ = count(STAND, ((BENT, BENT), 0.5), STAND)
    assert progress.reps == 1


def test_two_limbs_that_rest_together_after_one_another_are_two() -> None:
    """The first leg was lost on its way down, so that both repetitions end in one moment."""
    left, hidden, right = ((BENT, LONG), 0.3), ((HIDDEN, LONG), 0.1), ((120.0, BENT), 0.3)
    progress, times = count(STAND, left, hidden, right, STAND)
    assert progress.reps == 2
    assert times[1] - times[0] < 0.2


@pytest.mark.parametrize("pose_s", [3.0, 8.0])
def test_a_pose_is_no_repetition_even_when_its_legs_are_exchanged(pose_s: float) -> None:
    """A quad stretch is not a set of butt kicks: right form without credit, no count."""
    pose, exchanged, again = ((LONG, BENT), pose_s), ((BENT, LONG), 0.7), ((LONG, BENT), pose_s)
    progress, times = count(STAND, pose, exchanged, again, exchanged, again)
    assert times == []
    assert progress.held_s <= KICK.max_s + 0.1
    assert progress.state == "ready"


def test_after_a_pose_that_ended_kicks_count_again() -> None:
    kicks = [((LONG, BENT), 0.4), STAND, ((BENT, LONG), 0.4), STAND]
    progress, _ = count(STAND, ((LONG, BENT), 4.0), STAND, *kicks)
    assert progress.reps == 2


def test_a_movement_in_bad_form_is_no_sign_of_the_exercise() -> None:
    """Standing right between hugged knees is not credited as a march."""
    hug = ((LONG, BENT), 1.0)
    fine, _ = count(STAND, hug, STAND, STAND)
    bad, times = count(STAND, hug, STAND, STAND, bad=(1.0, 2.0))
    assert fine.held_s > 2.5
    assert times == []
    assert bad.held_s < 0.2
