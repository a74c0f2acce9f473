"""The page with the summary of a session, and the buttons to save, copy or start again.

The words come from `posecheck.coach.summary`, and `summary_picture.py` paints them. A screen reader
reads the whole text, and it can be copied.
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

from posecheck.coach.error_phrases import told
from posecheck.coach.summary import Summary, text_lines
from posecheck.io.output import OutputError, replacing, writing
from posecheck.io.store.settings import ThemeChoice
from posecheck.ui.session.after_question import AfterQuestion
from posecheck.ui.session.summary_picture import paint_summary, summary_height, summary_picture
from posecheck.ui.widgets.controls import Page, button, column, label, row
from posecheck.ui.widgets.style import page_colours

MIN_SHEET_WIDTH = 360
"""Minimum width at which the rows are readable, pixels."""
SHEET_EDGE = 16.0
"""Space round the sheet for the focus bar, pixels. The page has margins of its own."""
EMPHASIS = 1.5
"""The results are read from the mat, 2.5 metres away: together with the scale of the page their
letters are at least 30 pixels high. The reasons and the notes are read at the screen."""
FOCUS_BAR_PX = 4
"""Width of the bar that shows at the left of the sheet that it has the focus, pixels."""
BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
RETURNED = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Reasons for which the focus comes back from another window or a menu."""


def save_picture(picture: QImage, path: Path) -> None:
    """Write a picture as PNG, completely or not at all. Raises OutputError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(picture)
    with writing(path), replacing(path) as part:
        part.write_bytes(buffer.data().data())


class SummarySheet(QWidget):
    """The painted summary. Its height follows from its width."""

    def __init__(
        self, summary: Summary, phrases: Mapping[str, str], theme: ThemeChoice, font_scale: float
    ) -> None:
        super().__init__()
        self._summary, self._phrases = summary, phrases
        self._theme, self._font_scale = theme, font_scale
        self._by_keyboard = False
        self.setMinimumWidth(MIN_SHEET_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(phrases["sum_page"])
        self.setAccessibleDescription("\n".join(text_lines(summary, phrases)))
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def enlarge(self, font_scale: float) -> None:
        """Use larger letters on the screen; a saved picture keeps its own."""
        self._font_scale = font_scale
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return summary_height(
            width, self._summary, self._phrases, self._font_scale, SHEET_EDGE, EMPHASIS
        )

    def sizeHint(self) -> QSize:
        width = max(MIN_SHEET_WIDTH, self.width())
        return QSize(width, self.heightForWidth(width))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Note whether the focus came by keyboard: only then it is shown."""
        if event.reason() not in RETURNED:
            self._by_keyboard = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_summary(
                painter, self.size(), self._summary, self._phrases, self._theme,
                self._font_scale, SHEET_EDGE, EMPHASIS,
            )  # fmt: skip
            if self.hasFocus() and self._by_keyboard:
                accent = QColor(page_colours(self._theme).accent)
                painter.fillRect(0, 0, FOCUS_BAR_PX, self.height(), accent)


class SummaryPage(Page):
    """The summary, with buttons for what the user can do now. Escape goes home.

    ask_path  asks the user where to save the picture; None when the user cancels

    again     the user wants to start the same session again
    home      the user wants to go home
    """

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
        self.after: AfterQuestion | None = None
        self.message = label("", "large")
        self.message.hide()
        keys = QKeySequence.StandardKey
        self.save_button = self._button("sum_save", QKeySequence(keys.Save), self._save)
        self.copy_button = self._button("sum_copy", QKeySequence(keys.Copy), self._copy)
        self.again_button = self._button("sum_again", QKeySequence("Ctrl+R"), self.again.emit)
        self.home_button = button(phrases["sum_home"], self.home.emit, "main")
        self.put(column(self.sheet, gap=0))
        self._questions = column()
        self.foot(
            column(
                self._questions,
                self.message,
                row(self.save_button, self.copy_button, 0, self.again_button, self.home_button),
            )
        )
        self.left.connect(self.home)

    def ask_after(self, tell: Callable[[int], str]) -> None:
        """Also ask how it is after the session; `tell` as in `AfterQuestion`."""
        self.after = AfterQuestion(self._phrases, tell)
        self._questions.addWidget(self.after)

    def enter(self) -> None:
        """Give the focus to the sheet, which shows it only after the Tab key."""
        self.area.verticalScrollBar().setValue(0)
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, key: str, keys: QKeySequence, act: Callable[[], object]) -> QPushButton:
        made = button(self._phrases[key], act)
        made.setShortcut(keys)
        made.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))
        return made

    def _say(self, words: str) -> None:
        """Show a message above the buttons, and announce it to a screen reader."""
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
            self._say(told(self._phrases, str(error)))
            return
        self._say(self._phrases["sum_saved"].format(path=path))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(text_lines(self._summary, self._phrases)))
        self._say(self._phrases["sum_copied"])

    def _dialog(self) -> Path | None:
        title = self._phrases["sum_save"]
        name, _ = QFileDialog.getSaveFileName(self, title, "posecheck.png", "PNG (*.png)")
        return Path(name) if name else None
