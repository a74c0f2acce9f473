"""What is said, as text below the picture."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from posecheck.ui.widgets.style import PageColours

LETTERS_PX, LINES = 26, 2
"""Height of the letters at a text scale of 1, pixels, and the lines that have room."""
MARGIN_PX = 8


class Caption(QLabel):
    """Two lines of text. Their height stays, so that nothing moves when a sentence begins or ends;
    a longer sentence is written smaller."""

    def __init__(self, colours: PageColours, scale: float) -> None:
        super().__init__()
        self._largest = round(LETTERS_PX * scale)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMargin(MARGIN_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._style = f"background: {colours.surface}; color: {colours.text}; font-size: {{px}}px;"
        self.setStyleSheet(self._style.format(px=self._largest))
        self.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + 2 * MARGIN_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def show_text(self, text: str) -> None:
        """Show a sentence, or nothing."""
        if text == self.text():
            return
        self.setText(text)
        for px in range(self._largest, 9, -1):
            self.setStyleSheet(self._style.format(px=px))
            if self.heightForWidth(self.width()) <= self.height():
                break
