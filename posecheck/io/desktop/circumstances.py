"""Whether the user may be disturbed now: calls, full screen, quiet hours, the lock, the battery.

`DesktopState` polls the desktop in a thread of its own, at most every two seconds and only while
it is asked. An unknown fact counts as absent; a user who must not be disturbed can set quiet hours.
Only this computer is asked, never a network.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from datetime import time as clock_time
from threading import Lock, Thread
from typing import Protocol

from posecheck.desk.alerts import Circumstances
from posecheck.io.desktop.facts import Facts
from posecheck.io.requirements import SystemFinding

POLL_INTERVAL_S = 2.0
"""Seconds between two polls. One costs about 10 ms of processor time on Linux: half a per cent."""
STALE_S, POLL_WAIT_S = 10.0, 1.0
"""Facts older than STALE_S are polled again before an answer, because a call may have begun; the
answer waits POLL_WAIT_S at most. A poll takes 0.05 s."""
LOCK_EVERY_S = 0.4
"""Seconds between two questions about the lock: the camera must be off within a second."""
SLOW_LOCK_EVERY_S = 2.0
"""The same where the question starts a program (macOS)."""
CLOSE_WAIT_S = 1.5
"""Seconds that `close` waits for a poll at most."""


class Desktop(Protocol):
    """The questions that every system answers. Both may raise; `locked` must be quick."""

    def facts(self) -> Facts: ...

    def locked(self) -> bool | None: ...


def this_desktop() -> Desktop:
    """The desktop of this computer."""
    if sys.platform == "win32":
        from posecheck.io.desktop.windows import WindowsDesktop

        return WindowsDesktop()
    if sys.platform == "darwin":
        from posecheck.io.desktop.mac import MacDesktop

        return MacDesktop()
    from posecheck.io.desktop.linux import LinuxDesktop

    return LinuxDesktop()


class DesktopState:
    """What this computer's desktop reports about the user's current activity. Never raises.

    quiet  start and end of the quiet hours, "HH:MM" each, as in the settings; may be changed at any
           time
    facts  result of the last poll; all unknown before the first poll has ended
    """

    def __init__(self, quiet: tuple[str, str] = ("", ""), desktop: Desktop | None = None) -> None:
        self.quiet = quiet
        self.facts = Facts()
        self._desktop = desktop or this_desktop()
        self._polling = Lock()
        self._thread: Thread | None = None
        self._polled = self._asked = float("-inf")
        self._lock_every_s = SLOW_LOCK_EVERY_S if sys.platform == "darwin" else LOCK_EVERY_S
        self._locked: bool | None = None

    def circumstances(self, now: datetime) -> Circumstances:
        """What forbids a message now.

        Called every few seconds, it returns at once with facts that are some seconds old at most;
        after a pause it may take up to a second. Any thread may call it. Do-not-disturb of the
        desktop counts as quiet hours.

        now  local time
        """
        if thread := self._poll_when_due():
            thread.join(POLL_WAIT_S)
        facts = self.facts
        quiet = in_quiet_hours(now, *self.quiet) or facts.do_not_disturb is True
        return Circumstances(
            in_call=bool(facts.microphone),
            sharing=facts.sharing is True,
            full_screen=facts.full_screen is True,
            quiet_hours=quiet,
        )

    def locked(self, at_once: bool = False) -> bool:
        """Whether the camera must be off: the screen is locked, the computer goes to sleep, or its
        lid is shut and there is no other screen. The answer is at most 0.4 s old; `at_once` asks
        again."""
        if at_once or time.monotonic() - self._asked >= self._lock_every_s:
            self._asked = time.monotonic()
            self._locked = locked_now(self._desktop)
        return self._locked is True

    def on_battery(self) -> bool:
        """Whether the computer runs on its battery, False while unknown. Never waits."""
        self._poll_when_due()
        return self.facts.battery is True

    @property
    def unknown(self) -> tuple[str, ...]:
        """A sentence for each fact that this computer does not report."""
        found = findings_of(self.facts, self._locked)
        return tuple(f"{each.name}: {each.text}." for each in found if each.ok is None)

    def poll(self) -> Facts:
        """Poll now, which may take a second or two."""
        with self._polling:
            self.facts = facts_now(self._desktop)
            self._polled = time.monotonic()
        return self.facts

    def close(self) -> None:
        """Wait shortly for a poll that is running. May be called twice."""
        if self._thread is not None:
            self._thread.join(CLOSE_WAIT_S)

    def _poll_when_due(self) -> Thread | None:
        """Start a poll when one is due; its thread when the caller must wait for it, else None."""
        age_s = time.monotonic() - self._polled
        if age_s < POLL_INTERVAL_S:
            return None
        thread = self._thread
        if thread is None or not thread.is_alive():
            thread = Thread(target=self.poll, name="circumstances", daemon=True)
            thread.start()
            self._thread = thread
        return thread if age_s >= STALE_S else None


def facts_now(desktop: Desktop) -> Facts:
    """The desktop's facts; all unknown when it fails."""
    try:
        return desktop.facts()
    except Exception:  # whatever a system answers, the desk works without it
        return Facts()


def locked_now(desktop: Desktop) -> bool | None:
    """Whether the desktop is locked; None when unknown or when it fails."""
    try:
        return desktop.locked()
    except Exception:  # as above
        return None


def on_work_days(found: Circumstances, now: datetime, days: Collection[int]) -> Circumstances:
    """The circumstances, with quiet hours on the days without work. `days`: 1 (Monday) to 7."""
    return found if now.isoweekday() in days else replace(found, quiet_hours=True)


def in_quiet_hours(now: datetime, begins: str, ends: str) -> bool:
    """Whether the clock time of `now` is between `begins` (included) and `ends` (excluded).

    begins, ends  "HH:MM". The hours pass midnight when `ends` is the earlier. An empty or equal
                  pair means no quiet hours
    """
    if not begins or not ends:
        return False
    start, end = clock_time.fromisoformat(begins), clock_time.fromisoformat(ends)
    clock = now.time()
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


# --- in words -----------------------------------------------------------------------------------


def findings_of(facts: Facts, locked: bool | None) -> list[SystemFinding]:
    """What the computer reports and does not report to the desk. `locked`: None when unknown."""
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
