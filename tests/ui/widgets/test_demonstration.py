"""Exercises in motion: when they move, what they cost nothing for, and both sides."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from shipped import LIBRARY

from posecheck.coach.scene import Scene
from posecheck.ui.draw.picture import array_of
from posecheck.ui.widgets.canvas import Canvas
from posecheck.ui.widgets.demonstration import (
    GAP_PX,
    REDUCED_MOTION,
    Demonstration,
    Film,
    ends_of,
    film_of,
    still_of,
)
from posecheck.ui.widgets.pictures import picture_of, two_ends
from posecheck.ui.widgets.style import scene_colours

pytestmark = pytest.mark.gui

ENDLESS = {"arm_circles", "shoulder_rolls"}
"""Repetitions that circle: their movement has no ends."""
BOTH_IN_ONE = {"cat_cow"}
"""Repetitions whose picture shows both ends."""


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def shown(qtbot: QtBot, window: QMainWindow, exercise: str) -> Demonstration:
    """A demonstration in a window that is shown."""
    made = Demonstration()
    window.setCentralWidget(made)
    made.show_exercise(exercise)
    with qtbot.waitExposed(window):
        window.show()
    return made


def film_images(exercise: str, side: str | None, count: int) -> list[QImage]:
    """The first images of a film as it plays."""
    film, images = Film(), list[QImage]()
    film.show_exercise(exercise, side)  # type: ignore[arg-type]
    film.play()
    for _ in range(count):
        image = film.image(calm=False)
        assert image is not None
        images.append(image)
        film._step()
    film.stop()
    return images


def test_it_moves_while_it_is_visible(qtbot: QtBot, window: QMainWindow) -> None:
    """A hidden one decodes nothing."""
    demonstration = shown(qtbot, window, "cat_cow")
    assert demonstration.playing
    with qtbot.waitSignal(demonstration._film.stepped):
        pass
    window.hide()
    assert not demonstration.playing
    window.show()
    assert demonstration.playing


def test_reduced_motion_shows_a_still(qtbot: QtBot, window: QMainWindow) -> None:
    """Also when the setting is changed while it plays."""
    demonstration = shown(qtbot, window, "plank")
    window.setProperty(REDUCED_MOTION, True)
    demonstration.grab()
    assert not demonstration.playing
    before = demonstration.grab().toImage()
    assert before == demonstration.grab().toImage()
    window.hide()
    window.show()
    assert not demonstration.playing


def test_an_exercise_without_a_picture_takes_no_room(qtbot: QtBot, window: QMainWindow) -> None:
    demonstration = shown(qtbot, window, "plank")
    demonstration.show_exercise("walking")
    assert not demonstration.isVisible()
    assert not demonstration.playing


def test_a_film_begins_again_after_its_last_picture(qtbot: QtBot) -> None:
    """It repeats without a gap."""
    images = film_images("plank", None, 90)
    again = next(n for n in range(40, 90) if images[n] == images[0])
    assert images[again + 1] == images[1]
    assert len({image.cacheKey() for image in images}) == len(images)
    assert images[0] != images[20]


def test_the_other_side_is_a_mirror_image(qtbot: QtBot) -> None:
    """In the film and in the still."""
    (left,), (right,) = (film_images("bird_dog", side, 1) for side in ("left", "right"))
    assert (array_of(left)[:, ::-1] == array_of(right)).all()
    one, other = still_of("bird_dog", "left"), still_of("bird_dog", "right")
    assert one is not None
    assert other is not None
    assert (array_of(one)[:, ::-1] == array_of(other)).all()


def test_a_still_of_repetitions_shows_both_ends(qtbot: QtBot) -> None:
    """The beginning of the film, and the goal."""
    made, goal = ends_of("crunch", None), still_of("crunch", None)
    assert made is not None
    assert goal is not None
    half = (made.height() - GAP_PX) // 2
    upper, lower = (made.copy(0, y, made.width(), half) for y in (0, made.height() - half))
    goal = goal.convertToFormat(made.format())
    assert upper != lower
    assert lower == goal.copy(0, (goal.height() - half) // 2, goal.width(), half)
    assert ends_of("plank", None) is still_of("plank", None)


def test_every_checked_exercise_has_its_film() -> None:
    """And every one of repetitions has its two ends, or its reason."""
    pictured = [each for each in LIBRARY.exercises.values() if picture_of(each.id)]
    assert len(pictured) >= 33
    assert all(film_of(each.id) for each in pictured)
    repeated = {each.id for each in pictured if each.category == "reps"}
    assert repeated <= {*two_ends(), *ENDLESS, *BOTH_IN_ONE}


def test_a_session_shows_motion_except_in_a_hold(qtbot: QtBot) -> None:
    """A user who holds a pose is not shown how to leave it."""
    canvas = Canvas(scene_colours("dark"), 1.0)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.show_scene(Scene("placing", "", exercise="plank"))
    assert canvas._film.playing
    canvas.show_scene(Scene("active", "", exercise="plank", shows_motion=False))
    assert not canvas._film.playing
    assert canvas._demonstration("plank", None) is still_of("plank", None)
    canvas.show_scene(Scene("rest", "", exercise="cat_cow"))
    assert canvas._film.playing
    canvas.hide()
    assert not canvas._film.playing
