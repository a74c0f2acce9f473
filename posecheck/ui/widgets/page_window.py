"""A window that shows one page at a time and remembers its size and place."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMargins, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from posecheck.io.output import OutputError
from posecheck.io.store.settings import Settings
from posecheck.io.store.window_places import WindowPlace, load_place, save_place
from posecheck.ui.widgets.demonstration import REDUCED_MOTION
from posecheck.ui.widgets.style import dress

MIN_WINDOW_WIDTH, MIN_WINDOW_HEIGHT = 640, 480
"""Size of the smallest window at a text scale of 1, pixels. 1.5 times its width fits a screen with
1024 columns; the height is the same for every text scale, because pages scroll."""
FRAME = QMargins(6, 40, 6, 6)
"""Space for the frame and title bar of a window, pixels. The desktop tells it only once the window
is shown."""


class PageWindow(QMainWindow):
    """A window that shows one page at a time. The home page is kept; any other page is closed and
    deleted when another one is shown.

    A derived class puts `pages` in its place in the window.

    name    names the window in the stored places
    wanted  size at the first start, pixels, if the screen is large enough

    gone    a page was closed: the page
    """

    gone = Signal(object)

    def __init__(self, home: QWidget, name: str, wanted: QSize) -> None:
        super().__init__()
        self._home, self._name = home, name
        self.pages = QStackedWidget()
        self.pages.addWidget(home)
        self._begun = self._take_place(wanted)

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
        least = QSize(round(MIN_WINDOW_WIDTH * settings.text_scale), MIN_WINDOW_HEIGHT)
        self.setMinimumSize(least.boundedTo(_available_area(self).size().shrunkBy(FRAME)))
        self.setProperty(REDUCED_MOTION, settings.reduced_motion)
        dress(self, settings.theme, settings.text_scale)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember size and place if the user has changed them."""
        now = self._place()
        if now != self._begun:
            try:
                save_place(self._name, now)
            except OutputError as error:  # not worth a message: the next window has its usual size
                logging.getLogger("posecheck.ui").info("window place not saved: %s", error)
            self._begun = now
        super().closeEvent(event)

    def _take_place(self, wanted: QSize) -> WindowPlace:
        """Take the stored place or the middle of the screen, inside the free area. Returns it."""
        kept = load_place(self._name)
        area = _available_area(self)
        if kept is None:
            framed = QRect(0, 0, wanted.width(), wanted.height()) + FRAME
            framed.moveCenter(area.center())
            place = fitted(QRect(framed.topLeft(), wanted), area)
        else:
            stored = QRect(kept.x, kept.y, kept.width, kept.height)
            screen = QGuiApplication.screenAt(stored.center())
            place = fitted(stored, area if screen is None else screen.availableGeometry())
        self.resize(place.size())
        self.move(place.topLeft())
        if kept is not None and kept.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        return WindowPlace(place.x(), place.y(), place.width(), place.height(), self.isMaximized())

    def _place(self) -> WindowPlace:
        """Where the window is; while it fills the screen, its size from before."""
        if self.isMaximized() or self.isFullScreen():
            size, begun = self.normalGeometry().size(), self._begun
            return WindowPlace(begun.x, begun.y, size.width(), size.height(), self.isMaximized())
        return WindowPlace(self.x(), self.y(), self.width(), self.height())


def fitted(wanted: QRect, area: QRect) -> QRect:
    """The place of a window that is wanted here, made smaller and moved so that it lies in the area
    together with its frame. As in Qt, the corner is that of the frame, and the size is without
    it: a window that was moved to the corner of the area begins with its title bar there."""
    room = area.size().shrunkBy(FRAME)
    size = wanted.size().boundedTo(room)
    x = max(area.x(), min(wanted.x(), area.x() + room.width() - size.width()))
    y = max(area.y(), min(wanted.y(), area.y() + room.height() - size.height()))
    return QRect(x, y, size.width(), size.height())


def _available_area(window: QWidget) -> QRect:
    """The area of the screen that no panel covers."""
    screen = window.screen() or QGuiApplication.primaryScreen()
    return screen.availableGeometry()
