"""What macOS reports about the lock and the battery. Follows Apple's manual pages; not tried.

The use of the microphone and full-screen windows stay unknown: only Apple's own languages can ask
for them.
"""

from __future__ import annotations

import plistlib
from typing import Any

from posecheck.io.desktop.facts import Facts
from posecheck.io.desktop.programs import answer_of


class MacDesktop:
    """The desktop of a Mac."""

    def facts(self) -> Facts:
        return Facts(battery=draws_battery(answer_of("pmset", "-g", "batt")))

    def locked(self) -> bool | None:
        return shows_lock(answer_of("ioreg", "-n", "Root", "-d1", "-a"))


def draws_battery(pmset: str | None) -> bool | None:
    """Whether it runs on its battery, from the text of `pmset -g batt`; None when unknown."""
    return None if not pmset else "'Battery Power'" in pmset.partition("\n")[0]


def shows_lock(ioreg: str | None) -> bool | None:
    """Whether the screen is locked, from the property list that `ioreg -n Root -d1 -a` prints; None
    when unknown."""
    try:
        root: Any = plistlib.loads((ioreg or "").encode())
    except Exception:  # plistlib raises whatever its parsers raise
        return None
    users = root.get("IOConsoleUsers", []) if isinstance(root, dict) else []
    if not isinstance(users, list) or not users:
        return None
    shown = [
        user for user in users if isinstance(user, dict) and user.get("kCGSSessionOnConsoleKey")
    ]
    return any(bool(user.get("CGSSessionScreenIsLocked")) for user in shown or users)
