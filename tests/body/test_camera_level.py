"""The lean of the camera: read from a user who stands straight, and taken off every angle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bodies import Figure, Leg, series, shifted

from posecheck.body.camera_level import STILL_S, CameraLevel, lies_along
from posecheck.body.geometry import body_of, levelled
from posecheck.body.measure import Measurer
from posecheck.pose import Pose

STANDING = Figure(facing=90.0).pose()
BENT = Figure(facing=90.0, incl=45.0).pose()


def seen_by_leaning(pose: Pose, degrees: float) -> Pose:
    """The pose before a camera by which everything is seen turned clockwise by these degrees."""
    return levelled(pose, -degrees)


def lean_after(pose: Pose, seconds: float = 1.0, fps: float = 20.0) -> float:
    level = CameraLevel()
    for t, seen in series((pose, seconds), fps=fps):
        level.update(t, seen)
    return level.lean


@pytest.mark.parametrize("fps", [2.0, 15.0, 60.0])
@pytest.mark.parametrize("degrees", [-10.0, -4.0, 4.0, 8.0])
def test_a_lean_is_read_from_quiet_standing(degrees: float, fps: float) -> None:
    """Either way, at every frame rate, within two degrees."""
    lean = lean_after(seen_by_leaning(STANDING, degrees), fps=fps)
    assert lean == pytest.approx(degrees, abs=2.0)


@pytest.mark.parametrize("degrees", [-1.0, 0.0, 1.0, 20.0])
def test_a_small_lean_is_the_bodys_and_a_large_one_is_not_corrected(degrees: float) -> None:
    """People lean by up to 2 degrees; a picture that is turned by 20 must be turned back."""
    assert lean_after(seen_by_leaning(STANDING, degrees)) == 0


def test_nothing_is_read_in_an_instant_or_from_a_bent_body() -> None:
    """It takes STILL_S of standing straight."""
    leaning = seen_by_leaning(STANDING, 8.0)
    assert lean_after(leaning, STILL_S - 0.1) == 0
    assert lean_after(seen_by_leaning(BENT, 8.0)) == 0
    level = CameraLevel()
    for t, _ in series((0, 2.0), fps=20.0):
        level.update(t, None)
    assert level.lean == 0


def test_nothing_is_read_at_the_edge_of_the_picture() -> None:
    """There upright lines lean before a level camera that looks down."""
    aside = shifted(seen_by_leaning(STANDING, 8.0), 0.3 * STANDING.size[0], 0)
    assert lean_after(aside) == 0


def test_a_reading_near_the_limit_does_not_change_for_ever() -> None:
    """Each change makes the neutral void, so swaying about the limit makes at most one."""
    level = CameraLevel()
    changes = 0
    for t, _ in series((0, 20.0), fps=10.0):
        changes += level.update(t, seen_by_leaning(STANDING, 3.0 + 0.4 * math.sin(3 * t)))
    assert changes <= 1


@pytest.mark.parametrize("spec", ["trunk_incl", "thigh_incl.near", "trunk_incl3_abs"])
def test_angles_against_the_vertical_lose_the_lean(spec: str) -> None:
    """In the picture and in the world."""
    true = Measurer([spec]).update(0.0, BENT)[spec]
    leaning = seen_by_leaning(BENT, 8.0)
    assert Measurer([spec]).update(0.0, leaning)[spec] != pytest.approx(true, abs=4.0)
    assert Measurer([spec]).update(0.0, leaning, lean=8.0)[spec] == pytest.approx(true, abs=0.01)


def test_levelling_there_and_back_changes_nothing() -> None:
    """It is a turn about the middle of the picture."""
    back = levelled(levelled(BENT, 7.0), -7.0)
    np.testing.assert_allclose(back.px, BENT.px, atol=1e-6)
    np.testing.assert_allclose(back.world, BENT.world, atol=1e-9)
    assert body_of(levelled(BENT, 7.0)).trunk_px == pytest.approx(body_of(BENT).trunk_px)


def test_a_body_along_the_picture_is_told_from_one_that_bends() -> None:
    """A camera on its side shows a standing body lying; bowing forwards bends the hips."""
    assert lies_along(seen_by_leaning(STANDING, 90.0))
    assert lies_along(seen_by_leaning(STANDING, -80.0))
    assert not lies_along(STANDING)
    level = Figure(facing=90.0, incl=90.0, left_leg=Leg(90, 0), right_leg=Leg(90, 0)).pose()
    assert not lies_along(level)
