"""What macOS tells about the lock and the battery. Written from Apple's manual pages, not tried.

Whether a microphone is in use or a window fills the screen can be asked only in Apple's own
languages: both stay unknown.
"""

from __future__ import annotations

import plistlib
from typing import Any

from posecheck.io.desktop.facts import Facts
from posecheck.io.desktop.programs import answer_of


class MacDesktop:
    """The answers of this Mac."""

    def facts(self) -> Facts:
        return Facts(battery=draws_battery(answer_of("pmset", "-g", "batt")))

    def locked(self) -> bool | None:
        return shows_lock(answer_of("ioreg", "-n", "Root", "-d1", "-a"))


def draws_battery(pmset: str | None) -> bool | None:
    """From the text of `pmset -g batt`."""
    return None if not pmset else "'Battery Power'" in pmset.partition("\n")[0]


def shows_lock(ioreg: str | None) -> bool | None:
    """From the property list that `ioreg -n Root -d1 -a` prints; None when it is none."""
    try:
        root: Any = plistlib.loads((ioreg or "").encode())
    except Exception:  # plistlib raises whatever its parsers do
        return None
    users = root.get("IOConsoleUsers", []) if isinstance(root, dict) else []
    if not isinstance(users, list) or not users:
        return None
    shown = [
        user for user in users if isinstance(user, dict) and user.get("kCGSSessionOnConsoleKey")
    ]
    return any(bool(user.get("CGSSessionScreenIsLocked")) for user in shown or users)
