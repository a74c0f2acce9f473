"""The window of the desk: one page at a time. Closing it only hides it; the desk goes on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.store.settings import Settings
from posecheck.ui.widgets.controls import card, column, label
from posecheck.ui.widgets.page_window import PageWindow


class DeskWindow(PageWindow):
    """Returns to `home` when a page or the window is closed."""

    def __init__(self, phrases: Mapping[str, str], home: QWidget, settings: Settings) -> None:
        super().__init__(home, "desk", QSize(1180, 800))
        self._phrases = phrases
        self.setWindowTitle(phrases["ui_desk_title"])
        self._notice = label("", "care")
        self._notice_card = card(column(self._notice), "notice")
        self._notice_card.hide()
        whole = QWidget()
        whole.setObjectName("page")
        whole.setLayout(column(self._notice_card, self.pages, gap=0))
        self.setCentralWidget(whole)
        self.dress(settings)

    def come(self, page: QWidget | None = None) -> None:
        """Come to the front, with this page or `home`."""
        self.show_page(page or self._home)
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def tell(self, sentence: str) -> None:
        """Show a sentence above the page; "" for none."""
        self._notice.setText(told(self._phrases, sentence))
        self._notice_card.setVisible(bool(sentence))

    def withdraw(self, sentence: str) -> None:
        """Show a sentence no longer; another one stays."""
        if sentence and self._notice.text() == told(self._phrases, sentence):
            self.tell("")

    def closeEvent(self, event: QCloseEvent) -> None:
        self.show_page(self._home)
        super().closeEvent(event)
