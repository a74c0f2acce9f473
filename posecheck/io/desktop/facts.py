"""What a desktop can be asked about the person's moment; None wherever it gave no answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """One look around.

    microphone      programs that listen to it now; empty when none does
    full_screen     a film, a game or a presentation fills the screen
    sharing         the screen is shown to others
    do_not_disturb  the person has asked the desktop for quiet
    battery         it runs on its battery
    """

    microphone: tuple[str, ...] | None = None
    full_screen: bool | None = None
    sharing: bool | None = None
    do_not_disturb: bool | None = None
    battery: bool | None = None
