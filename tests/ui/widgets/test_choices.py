"""Controls for choosing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posecheck.ui.widgets.choices import Chooser, Toggles

pytestmark = pytest.mark.gui


def test_an_ampersand_is_shown(qtbot: QtBot) -> None:
    """As in "Glutes & hamstrings", whose next letter Qt would underline instead."""
    shown = Toggles({1: "Glutes & hamstrings"}, "Which routines?")
    qtbot.addWidget(shown)
    assert shown.buttons[1].text() == "Glutes && hamstrings"
    assert shown.buttons[1].accessibleName() == "Which routines? Glutes & hamstrings"


def test_the_mouse_wheel_does_not_change_a_choice(qtbot: QtBot) -> None:
    """It is left to the page, which scrolls."""
    chooser = Chooser()
    qtbot.addWidget(chooser)
    chooser.addItems(["one", "two", "three"])
    chooser.show()
    chooser.setFocus()
    down = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(chooser, down)
    assert chooser.currentText() == "one"
    assert not down.isAccepted()
