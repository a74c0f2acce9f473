"""What is on the screen while the program starts: its name, on a plain dark window.

Loading the program takes a second. This module is imported before the rest and loads nothing of Qt
but what a window needs.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QLabel, QWidget

from posecheck.ui.application import display_trouble, gui_application

SIZE = (640, 400)
STYLE = "background: #12161c; color: #f2f5f9; font-size: 36px;"
"""The colours of the dark theme."""

_logger = logging.getLogger("posecheck.window")
_shown: list[QWidget] = []


def show_starting() -> None:
    """Show it at once, where a window can be shown at all. It stays until `hide_starting`."""
    if _shown or display_trouble():
        return
    application = gui_application()
    label = QLabel("posecheck")
    label.setWindowTitle("posecheck")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setStyleSheet(STYLE)
    label.resize(*SIZE)
    label.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    label.show()
    _shown.append(label)
    # The event loop does not run yet: draw it now.
    application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    _logger.info("starting: shown")


def hide_starting() -> None:
    """Remove it: the window of the program is there, or the program ends."""
    while _shown:
        _shown.pop().close()
