"""Questions over D-Bus, the local message bus of a Linux desktop, by means of Qt.

A call costs 0.1 ms of the processor, a fiftieth of starting `busctl`. The bus is a socket of this
computer; an address that names another computer is refused. Nothing is started by asking.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Literal

Which = Literal["session", "system"]

PATIENCE_MS = 150
"""Qt keeps Python waiting during a call, so a program that hangs must not be waited for long."""
LATER_S, SOON_S = 30.0, 2.0
"""Who is not there is left alone for so long; who gave no answer in time is busy, or hangs."""
SYSTEM_SOCKETS = ("/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket")


def reachable(which: Which) -> bool:
    """Whether there is such a bus on this computer."""
    return bool(local_address(which))


def local_address(which: Which) -> str:
    """Where the bus of this computer listens; "" where there is none, or one of another computer.
    Without this look libdbus might start one."""
    if address := os.environ.get(f"DBUS_{which.upper()}_BUS_ADDRESS"):
        return address if is_local(address) else ""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    session = (f"{runtime}/bus",) if runtime else ()
    sockets = SYSTEM_SOCKETS if which == "system" else session
    return next((f"unix:path={path}" for path in sockets if Path(path).is_socket()), "")


def is_local(address: str) -> bool:
    """Whether every way that an address of D-Bus offers is a socket of this computer."""
    ways = [way for way in address.split(";") if way]
    return bool(ways) and all(way.startswith("unix:") for way in ways)


class Bus:
    """The session's or the system's bus. Without one, or without QtDBus, nobody answers."""

    def __init__(self, which: Which) -> None:
        self._which: Which = which
        self._quiet_until: dict[tuple[str, ...], float] = {}

    def ask(self, service: str, path: str, interface: str, method: str, *texts: str) -> Any:
        """The first value of the answer; None without one. Never raises."""
        who = (service, path, interface, method, *texts)
        if time.monotonic() < self._quiet_until.get(who, 0.0):
            return None
        answer, again_s = self._ask(service, path, interface, method, *texts)
        if answer is None:
            self._quiet_until[who] = time.monotonic() + again_s
        return answer

    def read(self, service: str, path: str, interface: str, name: str) -> Any:
        """The value of a property; None without one. Never raises."""
        properties = "org.freedesktop.DBus.Properties"
        value = self.ask(service, path, properties, "Get", interface, name)
        return value.variant() if hasattr(value, "variant") else value

    def _ask(
        self, service: str, path: str, interface: str, method: str, *texts: str
    ) -> tuple[Any, float]:
        """The answer, and when to ask again if there is none."""
        if not reachable(self._which):
            return None, LATER_S
        try:
            from PySide6.QtDBus import QDBus, QDBusMessage
        except ImportError:
            return None, LATER_S
        message = QDBusMessage.createMethodCall(service, path, interface, method)
        message.setAutoStartService(False)
        if texts:
            message.setArguments(list(texts))
        reply = connection(self._which).call(message, QDBus.CallMode.Block, PATIENCE_MS)
        if reply.type() != QDBusMessage.MessageType.ReplyMessage:
            busy = reply.errorName() == "org.freedesktop.DBus.Error.NoReply"
            return None, SOON_S if busy else LATER_S
        return next(iter(reply.arguments()), None), LATER_S


def connection(which: Which) -> Any:
    """Qt's own connection, one for the whole program."""
    from PySide6.QtDBus import QDBusConnection

    return QDBusConnection.sessionBus() if which == "session" else QDBusConnection.systemBus()
