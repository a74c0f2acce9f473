"""The closing summary on the screen: what was done, what helps next time, what can be kept.

The words are those of `posecheck.coach.summary`; the picture is drawn by
`ui/session/summary_picture.py`, and its whole text can be read by a screen reader and copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QImageWriter,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from posecheck.coach.summary import Summary, text_lines
from posecheck.io.output import OutputError, replacing, writing
from posecheck.io.store.settings import ThemeChoice
from posecheck.ui.session.summary_picture import paint_summary, summary_height, summary_picture
from posecheck.ui.widgets.controls import Page, button, column, label, row
from posecheck.ui.widgets.style import colours

LEAST_WIDTH = 360
"""The narrowest that the rows stay readable at."""
EDGE = 16.0
"""Around the sheet, for the sign of focus: the page has room of its own."""
FOCUS = 4
"""Width of the bar at the left of a sheet that the keyboard has come to."""
BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""The focus is where it was before another window or a menu had it."""


def save_picture(picture: QImage, path: Path) -> None:
    """Write a picture as PNG, whole or not at all. Raises OutputError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(picture)
    with writing(path), replacing(path) as part:
        part.write_bytes(buffer.data().data())


class SummarySheet(QWidget):
    """The painted summary, as wide as it is given and as tall as it needs."""

    def __init__(
        self, summary: Summary, phrases: Mapping[str, str], theme: ThemeChoice, font_scale: float
    ) -> None:
        super().__init__()
        self._summary, self._phrases = summary, phrases
        self._theme, self._font_scale = theme, font_scale
        self._reached = False
        self.setMinimumWidth(LEAST_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(phrases["sum_page"])
        self.setAccessibleDescription("\n".join(text_lines(summary, phrases)))
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return summary_height(width, self._summary, self._phrases, self._font_scale, EDGE)

    def sizeHint(self) -> QSize:
        width = max(LEAST_WIDTH, self.width())
        return QSize(width, self.heightForWidth(width))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Only who goes round by keyboard looks for the focus."""
        if event.reason() not in BACK:
            self._reached = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_summary(
                painter, self.size(), self._summary, self._phrases, self._theme,
                self._font_scale, EDGE,
            )  # fmt: skip
            if self.hasFocus() and self._reached:
                accent = QColor(colours(self._theme).accent)
                painter.fillRect(0, 0, FOCUS, self.height(), accent)


class SummaryPage(Page):
    """The summary with what can be done now. Escape is the way home.

    ask_path  asks the person where the picture goes; None when they change their mind
    saved     the path of the picture, as text, once it is written
    again     the same routine once more
    home      back to the beginning
    """

    saved = Signal(str)
    again = Signal()
    home = Signal()

    def __init__(
        self,
        summary: Summary,
        phrases: Mapping[str, str],
        theme: ThemeChoice,
        font_scale: float = 1.0,
        ask_path: Callable[[], Path | None] | None = None,
    ) -> None:
        super().__init__(phrases["sum_page"])
        self._summary, self._phrases = summary, phrases
        self._theme, self._font_scale = theme, font_scale
        self._ask_path = ask_path or self._dialog
        self.sheet = SummarySheet(summary, phrases, theme, font_scale)
        self.message = label("", "large")
        self.message.hide()
        keys = QKeySequence.StandardKey
        self.save_button = self._button("sum_save", QKeySequence(keys.Save), self._save)
        self.copy_button = self._button("sum_copy", QKeySequence(keys.Copy), self._copy)
        self.again_button = self._button("sum_again", QKeySequence("Ctrl+R"), self.again.emit)
        self.home_button = button(phrases["sum_home"], self.home.emit, "main")
        self.put(column(self.sheet, gap=0))
        self.foot(
            column(
                self.message,
                row(self.save_button, self.copy_button, 0, self.again_button, self.home_button),
            )
        )
        self.left.connect(self.home)

    def enter(self) -> None:
        """The keyboard begins at the sheet, which does not show it until Tab comes to it."""
        self.area.verticalScrollBar().setValue(0)
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, key: str, keys: QKeySequence, act: Callable[[], object]) -> QPushButton:
        made = button(self._phrases[key], act)
        made.setShortcut(keys)
        made.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))
        return made

    def _say(self, words: str) -> None:
        """Above the buttons, and to a screen reader."""
        self.message.setText(words)
        self.message.setAccessibleName(words)
        self.message.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self.message, QAccessible.Event.Alert))

    def _save(self) -> None:
        path = self._ask_path()
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".png")
        picture = summary_picture(self._summary, self._phrases, self._theme, self._font_scale)
        try:
            save_picture(picture, path)
        except OutputError as error:
            self._say(str(error))
            return
        self._say(self._phrases["sum_saved"].format(path=path))
        self.saved.emit(str(path))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(text_lines(self._summary, self._phrases)))
        self._say(self._phrases["sum_copied"])

    def _dialog(self) -> Path | None:
        title = self._phrases["sum_save"]
        name, _ = QFileDialog.getSaveFileName(self, title, "posecheck.png", "PNG (*.png)")
        return Path(name) if name else None
