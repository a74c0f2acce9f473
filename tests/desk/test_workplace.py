"""What the camera says of a desk: only what holds for every usual camera and head."""

from __future__ import annotations

import pytest
from desk_streams import read_stream
from sitters import SEVERE, TALL, Sitter, one_point, point_of

from posecheck.desk.calibration import calibrate
from posecheck.desk.workplace import WorkplaceCheck, WorkplaceView


def seen(sitter: Sitter, seconds: int = 4) -> WorkplaceView:
    check = WorkplaceCheck()
    return [check.update(float(t), sitter.pose(0.5, t), None) for t in range(seconds)][-1]


@pytest.mark.parametrize(
    ("away", "distance"),
    [(0.3, "near"), (0.5, "unknown"), (0.65, "fine"), (1.2, "unknown"), (1.6, "far")],
)
def test_the_distance_is_told_where_every_camera_agrees(away: float, distance: str) -> None:
    assert seen(Sitter(away=away)).distance == distance


@pytest.mark.parametrize(("oblique", "square"), [(0, "fine"), (18, "unknown"), (35, "turned")])
def test_a_screen_at_the_side_is_told(oblique: float, square: str) -> None:
    assert seen(Sitter(oblique=oblique)).square == square


def test_a_turned_head_does_not_look_farther_away() -> None:
    """While it is turned the distance is what it was, and then unknown."""
    check = WorkplaceCheck()
    for t in range(4):
        check.update(float(t), TALL.pose(), None)
    turned = Sitter(turn=40).pose()
    assert check.update(4.0, turned, None).distance == "fine"
    views = [check.update(float(t), turned, None) for t in range(5, 10)]
    assert views[-1].distance == "unknown"
    assert views[-1].square == "fine"


def test_nobody_and_one_glimpse_tell_nothing() -> None:
    check = WorkplaceCheck()
    assert check.update(0.0, TALL.pose(), None) == WorkplaceView()
    assert check.update(9.0, None, None) == WorkplaceView()


def test_the_height_is_that_of_the_set_up() -> None:
    """The camera is too low where tall and tired sitting look alike. Without tired sitting it is
    unknown."""
    check = WorkplaceCheck()
    tall = point_of(TALL)
    assert check.update(0.0, None, calibrate(tall, point_of(SEVERE))).height == "fine"
    assert check.update(0.0, None, calibrate(tall, tall)).height == "low"
    assert check.update(0.0, None, one_point()).height == "unknown"


def test_the_model_sees_a_person_at_an_arms_length() -> None:
    """A recording whose camera is 0.74 m from the chest, straight before it."""
    check = WorkplaceCheck()
    views = [check.update(t, each.pose, None) for t, each in read_stream() if t < 8]
    assert {view.distance for view in views[len(views) // 2 :]} == {"fine"}
    assert {view.square for view in views[len(views) // 2 :]} == {"fine"}
