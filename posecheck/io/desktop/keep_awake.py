"""Keeps the screen on during a session, which takes up to half an hour without the keyboard.

Only this computer is asked: on Linux the desktop over its local session bus, on Windows and macOS
the system. Where it fails, the screen goes dark as usual, without a message.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from posecheck.io.desktop.dbus import is_local, local_address

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

SCREEN_SAVER, SCREEN_SAVER_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
REASON = "A guided session is running"

# SetThreadExecutionState, winbase.h
ES_CONTINUOUS, ES_SYSTEM_REQUIRED, ES_DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2

_numbers = itertools.count(1)


class Awake:
    """Keeps the screen on from construction until `close` or the end of the process.

    address  of the bus on Linux, such as "unix:path=/run/user/1000/bus"; None for this session's
             bus. An address that is not local is not used

    Construct and close it in the same thread, as Windows requires. Never raises.
    """

    def __init__(self, address: str | None = None) -> None:
        self._bus: QDBusConnection | None = None
        self._bus_name = f"posecheck-awake-{next(_numbers)}"
        self._keeper: subprocess.Popen[bytes] | None = None
        self._asked_windows = False
        with suppress(Exception):  # a screen that goes dark must not end a session
            if sys.platform == "win32":
                self._asked_windows = _keep_windows(ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED)
            elif sys.platform == "darwin":
                self._keeper = _keep_macos()
            else:
                self._bus = _keep_linux(address or local_address("session"), self._bus_name)

    def close(self) -> None:
        """Let the screen go dark again. May be called twice."""
        with suppress(Exception):
            if self._asked_windows:
                _keep_windows(0)
            if self._keeper is not None:
                self._keeper.terminate()
                self._keeper.wait(1.0)
            if self._bus is not None:
                # Leaving the bus ends the inhibition. UnInhibit would need a number of a type
                # (UINT32) that PySide cannot send.
                self._bus = None
                from PySide6.QtDBus import QDBusConnection

                QDBusConnection.disconnectFromBus(self._bus_name)
        self._asked_windows, self._keeper, self._bus = False, None, None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _keep_linux(address: str, name: str) -> QDBusConnection | None:
    if not is_local(address):
        return None
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    bus = QDBusConnection.connectToBus(address, name)
    if not bus.isConnected():
        QDBusConnection.disconnectFromBus(name)
        return None
    message = QDBusMessage.createMethodCall(
        SCREEN_SAVER, SCREEN_SAVER_PATH, SCREEN_SAVER, "Inhibit"
    )
    message.setAutoStartService(False)
    message.setArguments(["posecheck", REASON])
    bus.call(message, QDBus.CallMode.NoBlock)  # the answer is only needed for UnInhibit
    return bus


def _keep_windows(wanted: int) -> bool:
    """Set the execution state, 0 to reset it; whether Windows accepted it."""
    if sys.platform != "win32":
        return False
    kernel = ctypes.windll.kernel32
    kernel.SetThreadExecutionState.argtypes = [ctypes.c_uint32]
    return bool(kernel.SetThreadExecutionState(ES_CONTINUOUS | wanted))


def _keep_macos() -> subprocess.Popen[bytes]:
    """Start Apple's own program, which ends with this process."""
    return subprocess.Popen(
        ["/usr/bin/caffeinate", "-d", "-w", str(os.getpid())],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
