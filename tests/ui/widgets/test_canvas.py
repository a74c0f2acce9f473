"""The painted part of a session page."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from posecheck.ui.draw.theme import DARK_SCENE
from posecheck.ui.widgets.canvas import Canvas

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("mirrored", [True, False])
def test_the_picture_is_a_mirror_or_the_view_of_the_camera(mirrored: bool, qtbot: QtBot) -> None:
    """The left of the camera's picture is shown on the right, or on the left."""
    canvas = Canvas(DARK_SCENE, 1.0)
    qtbot.addWidget(canvas)
    canvas.resize(640, 480)
    canvas.mirrored = mirrored
    picture = np.zeros((480, 640, 3), np.uint8)
    picture[:, :320] = 255
    canvas.show_picture(picture)
    drawn = canvas.grab().toImage()
    left, right = (
        sum(drawn.pixelColor(x, y).lightness() for x in range(at, at + 120, 20) for y in (200, 220))
        for at in (40, 480)
    )
    assert (right > left) is mirrored
