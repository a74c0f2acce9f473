"""What a desktop reports about the user's current activity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """Result of one poll. None: the desktop gave no answer.

    microphone      names of the programs that record now; empty when none does
    full_screen     a film, a game or a presentation fills the screen
    sharing         the screen is shared with others
    do_not_disturb  the user has switched notifications off
    battery         the computer runs on its battery
    """

    microphone: tuple[str, ...] | None = None
    full_screen: bool | None = None
    sharing: bool | None = None
    do_not_disturb: bool | None = None
    battery: bool | None = None
