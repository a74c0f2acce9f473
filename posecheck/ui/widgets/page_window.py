"""A window that shows one page at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from posecheck.io.store.settings import Settings
from posecheck.ui.widgets.style import dress

MIN_WINDOW_WIDTH, MIN_WINDOW_HEIGHT = 850, 560
"""Size of the smallest window at a text scale of 1, pixels. 1.5 times its width fits a screen with
1280 columns."""


class PageWindow(QMainWindow):
    """A window that shows one page at a time. The home page is kept; any other page is closed and
    deleted when another one is shown.

    A derived class puts `pages` in its place in the window.

    gone  a page was closed: the page
    """

    gone = Signal(object)

    def __init__(self, home: QWidget) -> None:
        super().__init__()
        self._home = home
        self.pages = QStackedWidget()
        self.pages.addWidget(home)

    @property
    def page(self) -> QWidget:
        """The current page, whether or not the window is visible."""
        shown = self.pages.currentWidget()
        assert shown is not None
        return shown

    def show_page(self, page: QWidget) -> None:
        """Show a page. The page before it is closed, unless it is home."""
        before = self.page
        if page is not before:
            if self.pages.indexOf(page) < 0:
                self.pages.addWidget(page)
            self.pages.setCurrentWidget(page)
            if before is not self._home:
                before.close()  # this frees the page's camera
                self.pages.removeWidget(before)
                self.gone.emit(before)
                before.deleteLater()
        enter = getattr(page, "enter", page.setFocus)
        enter()

    def dress(self, settings: Settings) -> None:
        """Apply the colours, the size of the letters and the minimum size of the window."""
        # Wider with larger texts, so that texts side by side are never cut.
        self.setMinimumSize(round(MIN_WINDOW_WIDTH * settings.text_scale), MIN_WINDOW_HEIGHT)
        dress(self, settings.theme, settings.text_scale)
