"""Whether this is a moment for a word: calls, full screen, quiet hours, the lock, the battery.

`DesktopState` looks around in a thread of its own, at most every two seconds and only when it is
asked. What cannot be known counts as nothing: who must not be disturbed has the quiet hours.
Everything is asked of this computer; nothing is asked of a network.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime
from datetime import time as clock_time
from threading import Lock, Thread
from typing import Protocol

from posecheck.desk.alerts import Circumstances
from posecheck.io.desktop.facts import Facts
from posecheck.io.requirements import SystemFinding

LOOK_EVERY_S = 2.0
"""A look costs about 10 ms of the processor on Linux, so half a per cent of it."""
STALE_S, WAIT_S = 10.0, 1.0
"""What is older is waited for, so long at most: a call may have begun. A look takes 0.05 s."""
LOCK_EVERY_S = 0.4
"""The camera must be off within a second of the lock."""
SLOW_LOCK_EVERY_S = 2.0
"""Where asking about the lock starts a program (macOS)."""
END_S = 1.5
"""The end of the program waits so long for a look that is under way, and no longer."""


class Desktop(Protocol):
    """What one system answers. Both may raise; `locked` must be quick."""

    def facts(self) -> Facts: ...

    def locked(self) -> bool | None: ...


def this_desktop() -> Desktop:
    """The one that runs here."""
    if sys.platform == "win32":
        from posecheck.io.desktop.windows import WindowsDesktop

        return WindowsDesktop()
    if sys.platform == "darwin":
        from posecheck.io.desktop.mac import MacDesktop

        return MacDesktop()
    from posecheck.io.desktop.linux import LinuxDesktop

    return LinuxDesktop()


class DesktopState:
    """The circumstances of the person at this computer. Nothing here raises.

    quiet      from and to, "HH:MM" each, as in the settings; may be changed at any time
    facts      what the last look found; nothing before the first one has ended
    """

    def __init__(self, quiet: tuple[str, str] = ("", ""), desktop: Desktop | None = None) -> None:
        self.quiet = quiet
        self.facts = Facts()
        self._desktop = desktop or this_desktop()
        self._looking = Lock()
        self._thread: Thread | None = None
        self._looked = self._asked = float("-inf")
        self._lock_every_s = SLOW_LOCK_EVERY_S if sys.platform == "darwin" else LOCK_EVERY_S
        self._locked: bool | None = None

    def circumstances(self, now: datetime) -> Circumstances:
        """What is known at this moment. Asked time and again it is at most some seconds old and
        never waits; after a pause it may take up to a second. Any thread may ask. `now` is local
        time. Do-not-disturb of the desktop counts as quiet hours."""
        if thread := self._look_again():
            thread.join(WAIT_S)
        facts = self.facts
        quiet = in_quiet_hours(now, *self.quiet) or facts.do_not_disturb is True
        return Circumstances(
            in_call=bool(facts.microphone),
            sharing=facts.sharing is True,
            full_screen=facts.full_screen is True,
            quiet_hours=quiet,
        )

    def locked(self, at_once: bool = False) -> bool:
        """The screen is locked, the computer goes to sleep or its lid is shut (without another
        screen): the camera must be off. At most 0.4 s old, with `at_once` new."""
        if at_once or time.monotonic() - self._asked >= self._lock_every_s:
            self._asked = time.monotonic()
            self._locked = locked_now(self._desktop)
        return self._locked is True

    def on_battery(self) -> bool:
        """Whether it runs on its battery, as far as that is known by now. Never waits."""
        self._look_again()
        return self.facts.battery is True

    @property
    def unknown(self) -> tuple[str, ...]:
        """A sentence for each thing that cannot be known here."""
        told = findings_of(self.facts, self._locked)
        return tuple(f"{each.name}: {each.text}." for each in told if each.ok is None)

    def look(self) -> Facts:
        """Look around now, which may take a second or two."""
        with self._looking:
            self.facts = facts_now(self._desktop)
            self._looked = time.monotonic()
        return self.facts

    def close(self) -> None:
        """Wait for the look that is under way, shortly. May be called twice."""
        if self._thread is not None:
            self._thread.join(END_S)

    def _look_again(self) -> Thread | None:
        """The look that is to be waited for; None when what is known is fresh enough."""
        age_s = time.monotonic() - self._looked
        if age_s < LOOK_EVERY_S:
            return None
        thread = self._thread
        if thread is None or not thread.is_alive():
            thread = Thread(target=self.look, name="circumstances", daemon=True)
            thread.start()
            self._thread = thread
        return thread if age_s >= STALE_S else None


def facts_now(desktop: Desktop) -> Facts:
    """What it answers, or nothing."""
    try:
        return desktop.facts()
    except Exception:  # whatever a system answers, the desk goes on without it
        return Facts()


def locked_now(desktop: Desktop) -> bool | None:
    """What it answers, or nothing."""
    try:
        return desktop.locked()
    except Exception:  # as above
        return None


def in_quiet_hours(now: datetime, begins: str, ends: str) -> bool:
    """Whether the clock of `now` stands between two times "HH:MM", the first included; over
    midnight when the second is the earlier. Never when one is empty or both are the same."""
    if not begins or not ends:
        return False
    start, end = clock_time.fromisoformat(begins), clock_time.fromisoformat(ends)
    clock = now.time()
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


# --- for posecheck doctor -----------------------------------------------------------------------


def findings() -> list[SystemFinding]:
    """What the desk can and cannot know on this computer. Takes up to a few seconds."""
    desktop = this_desktop()
    return findings_of(facts_now(desktop), locked_now(desktop))


def findings_of(facts: Facts, locked: bool | None) -> list[SystemFinding]:
    """The same from what has been found already."""
    quiet = "Set quiet hours for the desk."
    return [
        _microphone(facts.microphone),
        _known("Full screen", facts.full_screen, ("something fills the screen", "none now"),
               "films and presentations cannot be noticed", quiet),
        _known("Quiet", facts.do_not_disturb, ("do-not-disturb is on", "do-not-disturb is off"),
               "do-not-disturb of the desktop cannot be read", quiet),
        _known("Screen lock", locked, ("locked now", "would be noticed"),
               "a locked screen cannot be noticed", "Pause the desk when you leave it."),
        _known("Battery", facts.battery, ("in use", "not in use"), "cannot be read", ""),
    ]  # fmt: skip


def _microphone(users: Sequence[str] | None) -> SystemFinding:
    if users is None:
        install = "Install pulseaudio-utils (pactl), or set" if sys.platform == "linux" else "Set"
        text = "calls cannot be noticed"
        return SystemFinding("Calls", None, text, f"{install} quiet hours for the desk.")
    used = (
        f"{', '.join(users)} uses the microphone now" if users else "the microphone is not in use"
    )
    return SystemFinding("Calls", True, used)


def _known(
    name: str, answer: bool | None, said: tuple[str, str], not_known: str, advice: str
) -> SystemFinding:
    if answer is None:
        return SystemFinding(name, None, not_known, advice)
    return SystemFinding(name, True, said[0] if answer else said[1])
