"""Reports at once when the screen is locked, the computer goes to sleep or its lid is shut.

A desktop on D-Bus sends signals; a poll twice a second serves all others and catches lost signals.
Needs a running Qt application.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import SLOT, QObject, QTimer, Signal, Slot

from posecheck.io.desktop.circumstances import LOCK_EVERY_S, DesktopState
from posecheck.io.desktop.dbus import Which, connection, reachable
from posecheck.io.desktop.linux import LOGIND, LOGIND_PATH, SAVERS


class LockWatch(QObject):
    """`changed(True)` when the camera must be off, `changed(False)` when the user may be back."""

    changed = Signal(bool)

    def __init__(self, desktop: DesktopState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desktop = desktop
        self._locked = False
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * LOCK_EVERY_S))
        self._timer.timeout.connect(self._poll)
        self._timer.start()
        if sys.platform == "linux":
            self._listen()

    @property
    def locked(self) -> bool:
        """The state reported last."""
        return self._locked

    def stop(self) -> None:
        """Report nothing more."""
        self._timer.stop()
        self.blockSignals(True)

    def _listen(self) -> None:
        changes = "org.freedesktop.DBus.Properties"
        signals: list[tuple[Which, str, str, str]] = [
            *(("session", path, name, "ActiveChanged") for name, path in SAVERS),
            ("system", LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep"),
            ("system", "", changes, "PropertiesChanged"),  # the lid; the lock of a session
        ]
        for which, path, interface, name in signals:
            if reachable(which):
                bus = connection(which)
                service = "" if which == "session" else LOGIND
                slot = "check()" if interface == changes else "report(bool)"
                bus.connect(service, path, interface, name, self, SLOT(slot))

    @Slot(bool)
    def report(self, locked: bool) -> None:
        """The desktop has locked or unlocked. Only an unlock is checked with every source."""
        self._change_to(locked or self._desktop.locked(at_once=True))

    @Slot()
    def check(self) -> None:
        """Something has changed: ask again and report."""
        self._change_to(self._desktop.locked(at_once=True))

    @Slot()
    def _poll(self) -> None:
        self._change_to(self._desktop.locked())

    def _change_to(self, locked: bool) -> None:
        if locked != self._locked:
            self._locked = locked
            self.changed.emit(locked)
