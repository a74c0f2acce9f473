"""The button that deletes the user's data, and the question it asks first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posecheck.ui.widgets.controls import announce, button, card, column, label, row


class ForgetChoice(QWidget):
    """A button that is replaced by a question once it is pressed. Escape deletes nothing.

    key     phrases: of the button, and with _ask, _yes and _no of the question

    wanted  the user has confirmed the deletion
    """

    wanted = Signal()

    def __init__(self, phrases: Mapping[str, str], key: str = "ui_desk_forget") -> None:
        super().__init__()
        self.question = label(phrases[f"{key}_ask"], "care")
        question = self.question.text()
        self.ask = button(phrases[key], self._ask)
        self.keep = button(phrases[f"{key}_no"], self._keep, "main", question)
        self.sure = button(phrases[f"{key}_yes"], self._sure, about=question)
        self._asks = card(column(self.question, row(self.keep, self.sure, 0), gap=14), "notice")
        self._asks.hide()
        self.setLayout(column(row(self.ask, 0), self._asks))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._asks.isVisible():
            self._keep()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        self.ask.hide()
        self._asks.show()
        self.keep.setFocus(Qt.FocusReason.TabFocusReason)
        announce(self, self.question.text())

    def _keep(self) -> None:
        self._asks.hide()
        self.ask.show()
        self.ask.setFocus(Qt.FocusReason.TabFocusReason)

    def _sure(self) -> None:
        self._keep()
        self.wanted.emit()
