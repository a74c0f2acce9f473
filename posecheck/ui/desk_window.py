"""The window of the desk: one page at a time. Closing it only puts it away; the desk goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from posecheck.io.settings import Settings
from posecheck.ui.controls import card, column, label
from posecheck.ui.style import dress

NARROWEST, LOWEST = 850, 560
"""Pixels at a text scale of 1, as the main window."""


class DeskWindow(QMainWindow):
    """`home` is the page to come back to, when a page or the window is closed.

    gone  a page has been closed, this one; it is thrown away
    """

    gone = Signal(object)

    def __init__(self, title: str, home: QWidget, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(1180, 800)
        self.home = home
        self._notice = label("", "care")
        self._told = card(column(self._notice), "notice")
        self._told.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(home)
        whole = QWidget()
        whole.setObjectName("page")
        whole.setLayout(column(self._told, self._stack, gap=0))
        self.setCentralWidget(whole)
        self.dress(settings)

    @property
    def page(self) -> QWidget:
        """The page that is shown, or would be."""
        shown = self._stack.currentWidget()
        assert shown is not None
        return shown

    def dress(self, settings: Settings) -> None:
        self.setMinimumSize(round(NARROWEST * settings.text_scale), LOWEST)
        dress(self, settings.theme, settings.text_scale)

    def show_page(self, page: QWidget) -> None:
        """Show a page over all the window; the one before is closed, unless it is home."""
        before = self.page
        if page is not before:
            if self._stack.indexOf(page) < 0:
                self._stack.addWidget(page)
            self._stack.setCurrentWidget(page)
            if before is not self.home:
                before.close()  # a session lets go of its camera here
                self._stack.removeWidget(before)
                self.gone.emit(before)
                before.deleteLater()
        enter = getattr(page, "enter", page.setFocus)
        enter()

    def come(self, page: QWidget | None = None) -> None:
        """Come to the front, with this page."""
        self.show_page(page or self.home)
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def tell(self, sentence: str) -> None:
        """A sentence above everything, "" for none."""
        self._notice.setText(sentence)
        self._told.setVisible(bool(sentence))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.show_page(self.home)
        super().closeEvent(event)
