"""A window that shows one page at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from posecheck.io.store.settings import Settings
from posecheck.ui.widgets.style import dress

NARROWEST, LOWEST = 850, 560
"""Pixels of the smallest window at a text scale of 1; 1.5 times as wide fits a screen of 1280."""


class PageWindow(QMainWindow):
    """`home` is the page to come back to; any other is thrown away when the next one comes.

    gone  a page has been closed, this one

    Who derives from it gives `pages` its place in the window.
    """

    gone = Signal(object)

    def __init__(self, home: QWidget) -> None:
        super().__init__()
        self._home = home
        self.pages = QStackedWidget()
        self.pages.addWidget(home)

    @property
    def page(self) -> QWidget:
        """The page that is shown, or would be."""
        shown = self.pages.currentWidget()
        assert shown is not None
        return shown

    def show_page(self, page: QWidget) -> None:
        """Show a page over all the window; the one before is closed, unless it is home."""
        before = self.page
        if page is not before:
            if self.pages.indexOf(page) < 0:
                self.pages.addWidget(page)
            self.pages.setCurrentWidget(page)
            if before is not self._home:
                before.close()  # a page lets go of its camera here
                self.pages.removeWidget(before)
                self.gone.emit(before)
                before.deleteLater()
        enter = getattr(page, "enter", page.setFocus)
        enter()

    def dress(self, settings: Settings) -> None:
        """The colours, the size of the letters, and the least size of the window."""
        # Wider for larger texts, so that what stands side by side never needs to be cut.
        self.setMinimumSize(round(NARROWEST * settings.text_scale), LOWEST)
        dress(self, settings.theme, settings.text_scale)
