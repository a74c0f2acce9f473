"""The Qt application of the process, on the display or in memory only."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading

from PySide6.QtCore import (
    QLoggingCategory,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from posecheck.io.clock import follow_time_zone
from posecheck.io.requirements import SystemProblem
from posecheck.io.system_libraries import install_words


def gui_application(*, headless: bool = False) -> QApplication:
    """The application, created when there is none yet. Without it no text can be drawn.

    headless  draw in memory only, without a display. It has no effect on an existing application,
              which can draw in memory as well

    Raises SystemProblem when this machine cannot show or draw anything: without a display or a
    font.
    """
    QLoggingCategory.setFilterRules(SILENT_WHILE_LOADING)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        if not headless and not has_display():
            raise SystemProblem(NO_DISPLAY)
        qInstallMessageHandler(_log_message)
        # Not an environment variable, which child processes would inherit.
        platform = ["-platform", "offscreen"] if headless else []
        before = qInstallMessageHandler(_print_startup_message)
        application = QApplication([sys.argv[0] or "posecheck", *platform])
        qInstallMessageHandler(before)
        application.setApplicationName("posecheck")
    if not QFontDatabase.families():
        raise SystemProblem(
            "No font is installed, so nothing can be written on a picture; install one with: "
            + install_words("fonts-dejavu-core", "dejavu-sans-fonts")
            + "."
        )
    return application


def _log_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Log Qt's messages instead of printing them: sound servers and codecs do not concern the user.
    Print a message that ends the process."""
    if kind is QtMsgType.QtFatalMsg:
        print(text, file=sys.stderr)
    else:
        logging.getLogger("posecheck.qt").debug(text)


def display_trouble() -> str:
    """Why no window can be opened, as a sentence; "" when one can. A display that the environment
    names is tried in a child process, because Qt ends a process that cannot connect to it."""
    if not has_display() or QApplication.instance() is not None:
        return "" if has_display() else NO_DISPLAY
    if sys.platform in ("win32", "darwin"):
        return ""
    connected, said = _try_display()
    if connected:
        return ""
    if "xcb-cursor" in said and "could not connect to display" not in said:
        return "A library of the display is missing; install it with: " + install_words(
            "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 "
            "libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0",
            "xcb-util-cursor",
        )
    return NO_DISPLAY


def _try_display() -> tuple[bool, str]:
    """Whether a child process can connect to the display, and what Qt said there.

    A new Python would take a third of a second to load Qt once more. A fork has it already, and is
    safe while the process has no other thread.
    """
    if threading.active_count() > 1:
        probe = "from PySide6.QtWidgets import QApplication; QApplication([])"
        tried = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, check=False
        )
        return tried.returncode == 0, tried.stderr
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writing, 2)
        os.closerange(3, writing + 1)  # the files of the parent are not the child's
        QApplication([])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        text = said.read().decode(errors="replace")
    return os.waitpid(child, 0)[1] == 0, text


def run_until_closed(application: QApplication) -> int:
    """Run the event loop until something exits it, and return its exit code: INTERRUPTED after
    Ctrl-C, 0 after SIGTERM or SIGHUP (the end of a login, a terminal that is closed). The caller
    then closes what it has opened, so that cameras are freed and the current minute is stored."""
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(HEARTBEAT_MS)
    travel = QTimer()
    travel.timeout.connect(follow_time_zone)
    travel.start(TIME_ZONE_MS)
    codes = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: 0}
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # nohup
        codes[hang_up] = 0
    before = {
        number: signal.signal(number, lambda *_, code=code: application.exit(code))
        for number, code in codes.items()
    }
    try:
        return application.exec()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


SILENT_WHILE_LOADING = "qt.multimedia.*=false"
"""Qt's multimedia libraries report missing codecs while the system loads them, with the lock of its
loader held. The handler of messages is Python, so it would wait there for the interpreter, which a
thread that loads the pose model's library holds while it waits for the loader: both for ever. Qt
drops these messages before they reach the handler."""
HEARTBEAT_MS = 200
"""Interval of a timer that runs some Python. Python handles Ctrl-C only between two of its own
instructions, and Qt's event loop runs none."""
TIME_ZONE_MS = 10_000
"""Interval for looking whether the computer's time zone has changed."""
INTERRUPTED = 130
"""Exit code after Ctrl-C."""
NO_DISPLAY = "There is no display to open a window on. Start posecheck from a desktop."


def _print_startup_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Print Qt's messages while it starts, except its advice about locales: Qt changes to UTF-8 by
    itself, and posecheck reads and writes UTF-8 whatever the locale is."""
    if not text.startswith("Detected locale"):
        print(text, file=sys.stderr)


def has_display() -> bool:
    """Whether the environment names a display, or the system always has one."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"))
