"""Calls over D-Bus, the local message bus of a Linux desktop, through Qt.

A call costs 0.1 ms of processor time, a fiftieth of starting `busctl`. The bus is a socket of this
computer; an address that names another computer is refused. A call starts no service.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Literal

Which = Literal["session", "system"]

CALL_TIMEOUT_MS = 150
"""Qt blocks Python during a call, so a program that hangs must time out soon."""
ABSENT_RETRY_S, BUSY_RETRY_S = 30.0, 2.0
"""Seconds before a service is asked again: one that is absent, and one that timed out."""
SYSTEM_SOCKETS = ("/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket")


def reachable(which: Which) -> bool:
    """Whether this computer has such a bus."""
    return bool(local_address(which))


def local_address(which: Which) -> str:
    """The address of this computer's bus; "" when there is none or when it is another computer's.

    Checked first because libdbus might start a bus that is missing.
    """
    if address := os.environ.get(f"DBUS_{which.upper()}_BUS_ADDRESS"):
        return address if is_local(address) else ""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    session = (f"{runtime}/bus",) if runtime else ()
    sockets = SYSTEM_SOCKETS if which == "system" else session
    return next((f"unix:path={path}" for path in sockets if Path(path).is_socket()), "")


def is_local(address: str) -> bool:
    """Whether every alternative in a D-Bus address is a socket of this computer."""
    ways = [way for way in address.split(";") if way]
    return bool(ways) and all(way.startswith("unix:") for way in ways)


class Bus:
    """The session's or the system's bus. Without a bus, or without QtDBus, every answer is None."""

    def __init__(self, which: Which) -> None:
        self._which: Which = which
        self._quiet_until: dict[tuple[str, ...], float] = {}

    def ask(self, service: str, path: str, interface: str, method: str, *texts: str) -> Any:
        """Call a method; the first value of the answer, None without one. Never raises."""
        call = (service, path, interface, method, *texts)
        if time.monotonic() < self._quiet_until.get(call, 0.0):
            return None
        answer, again_s = self._ask(service, path, interface, method, *texts)
        if answer is None:
            self._quiet_until[call] = time.monotonic() + again_s
        return answer

    def read(self, service: str, path: str, interface: str, name: str) -> Any:
        """Read a property; None without an answer. Never raises."""
        properties = "org.freedesktop.DBus.Properties"
        value = self.ask(service, path, properties, "Get", interface, name)
        return value.variant() if hasattr(value, "variant") else value

    def _ask(
        self, service: str, path: str, interface: str, method: str, *texts: str
    ) -> tuple[Any, float]:
        """The answer, and the seconds to wait before the next call when there is none."""
        if not reachable(self._which):
            return None, ABSENT_RETRY_S
        try:
            from PySide6.QtDBus import QDBus, QDBusMessage
        except ImportError:
            return None, ABSENT_RETRY_S
        message = QDBusMessage.createMethodCall(service, path, interface, method)
        message.setAutoStartService(False)
        if texts:
            message.setArguments(list(texts))
        reply = connection(self._which).call(message, QDBus.CallMode.Block, CALL_TIMEOUT_MS)
        if reply.type() != QDBusMessage.MessageType.ReplyMessage:
            busy = reply.errorName() == "org.freedesktop.DBus.Error.NoReply"
            return None, BUSY_RETRY_S if busy else ABSENT_RETRY_S
        return next(iter(reply.arguments()), None), ABSENT_RETRY_S


def connection(which: Which) -> Any:
    """Qt's connection, shared by the whole program."""
    from PySide6.QtDBus import QDBusConnection

    return QDBusConnection.sessionBus() if which == "session" else QDBusConnection.systemBus()
