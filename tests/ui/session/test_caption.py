"""What is said, as text below the picture."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from shipped import LIBRARY

from posecheck.ui.session.caption import Caption
from posecheck.ui.widgets.style import LIGHT_PAGE

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_instruction_fits_in_two_lines(scale: float, qtbot: QtBot) -> None:
    """The longest things that are said, on a small screen: none is cut, and the height stays."""
    caption = Caption(LIGHT_PAGE, scale)
    qtbot.addWidget(caption)
    caption.resize(1012, caption.height())
    height = caption.height()
    for exercise in LIBRARY.exercises.values():
        for text in (" ".join(exercise.instructions[:2]), exercise.safety):
            caption.show_text(text)
            assert caption.heightForWidth(1012) <= height
            assert caption.fontInfo().pixelSize() >= 12
    caption.show_text("")
    assert caption.height() == height
