"""What is wrong with the layout of a window: cut texts, and controls that cannot be reached."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from posecheck.ui.widgets.choices import Card
from posecheck.ui.widgets.page_window import MIN_WINDOW_HEIGHT, MIN_WINDOW_WIDTH

PANEL = 30
"""Height of a desktop's panel, pixels."""

SCREENS = {
    "netbook": QSize(1024, 600),
    "hd": QSize(1280, 720),
    "laptop": QSize(1366, 768),
    "full": QSize(1920, 1080),
}
"""Screens of small laptops and of a usual one, logical pixels."""


def window_on(screen: QSize) -> QSize:
    """The size of a window that fills a screen with a panel, without its frame."""
    return screen - QSize(12, 46 + PANEL)


def least_window(scale: float) -> QSize:
    """The smallest size of a window with texts of this scale."""
    return QSize(round(MIN_WINDOW_WIDTH * scale), MIN_WINDOW_HEIGHT)


def settle() -> None:
    """Process pending layouts. A scroll bar that appears causes another layout."""
    for _ in range(3):
        QApplication.processEvents()


def faults(window: QWidget) -> list[str]:
    """A sentence for each text that is cut and each control that is outside, in what is visible."""
    found: list[str] = []
    shown = [each for each in window.findChildren(QWidget) if each.isVisible()]
    for each in shown:
        if isinstance(each, QScrollArea):
            inner, view = each.widget(), each.viewport()
            if inner is not None and inner.width() > view.width():
                found.append(f"a page is {inner.width() - view.width()} px too wide")
        elif isinstance(each, QLabel) and each.text() and not _fits(each):
            found.append(f"cut: {each.text()!r} {each.size()} {each.sizeHint()}")
        elif isinstance(each, (QAbstractButton, QComboBox, QLineEdit)):
            found += _outside(each, window)
            if isinstance(each, QPushButton) and not isinstance(each, Card):
                wanted = each.sizeHint()
                if each.width() < wanted.width() or each.height() < wanted.height() - 4:
                    found.append(f"squeezed: {each.text()!r} {each.size()} {wanted}")
    return found


def _outside(control: QWidget, window: QWidget) -> list[str]:
    """Whether a control leaves the window, or the content of the area in which it scrolls."""
    around: QWidget = window
    above = control.parentWidget()
    while above is not None and above is not window:
        area = above.parentWidget()
        area = area.parentWidget() if area is not None else None
        if isinstance(area, QScrollArea) and area.widget() is above:
            around = above
            break
        above = above.parentWidget()
    place = QRect(control.mapTo(around, QPoint(0, 0)), control.size())
    name = control.accessibleName() or type(control).__name__
    return [] if around.rect().contains(place) else [f"outside: {name!r} {place} {around.size()}"]


def _fits(words: QLabel) -> bool:
    """Whether a label has room for its text."""
    if words.wordWrap():
        longest = max(words.text().replace("\u200b", " ").split(), key=len)
        wide = words.fontMetrics().horizontalAdvance(longest) <= words.width()
        return wide and words.height() >= words.heightForWidth(words.width())
    return words.width() >= words.sizeHint().width() - 1
