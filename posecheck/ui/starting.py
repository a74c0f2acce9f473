"""What is on the screen while the program starts: its name and what it does, on a plain window.

Loading the program takes a second. This module is imported before the rest and loads nothing of Qt
but what a window needs.
"""

from __future__ import annotations

import logging
from html import escape

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QLabel

from posecheck.ui.application import display_trouble, gui_application

SIZE = (640, 400)
STYLE = "background: #12161c; color: #f2f5f9;"
"""The colours of the dark theme."""
WORDS = "<p style='font-size: 36px'>posecheck</p><p style='font-size: 20px'>{stage}&nbsp;</p>"

_logger = logging.getLogger("posecheck.window")
_shown: list[QLabel] = []


def show_starting() -> None:
    """Show it at once, where a window can be shown at all. It stays until `hide_starting`."""
    if _shown or display_trouble():
        return
    application = gui_application()
    label = QLabel(WORDS.format(stage=""))
    label.setWindowTitle("posecheck")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setStyleSheet(STYLE)
    label.resize(*SIZE)
    label.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    label.show()
    _shown.append(label)
    _draw(application)
    _logger.info("starting: shown")


def tell_starting(stage: str) -> None:
    """Also say what the program does now, if the window is there."""
    application = QApplication.instance()
    if _shown and isinstance(application, QApplication):
        _shown[0].setText(WORDS.format(stage=escape(stage)))
        _draw(application)


def _draw(application: QApplication) -> None:
    """Draw now: the event loop does not run yet."""
    application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def hide_starting() -> None:
    """Remove it: the window of the program is there, or the program ends."""
    while _shown:
        _shown.pop().close()
