"""What a Linux desktop reports about calls, films, locks and the battery.

Sources, where they exist: `pactl` (PulseAudio or PipeWire) or /proc/asound for the microphone;
D-Bus for the lock, sleep, the lid and do-not-disturb; `xprop` for the window in front on X11;
`gsettings` for do-not-disturb on GNOME; /sys/class/power_supply for the battery. On Wayland no
program may look at the windows of others; on GNOME a program that keeps the screen awake counts as
a film or a presentation. The functions that take texts are pure.
"""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from posecheck.io.desktop.dbus import Bus
from posecheck.io.desktop.facts import Facts
from posecheck.io.desktop.programs import answer_of

SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),  # KDE and others
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
"""Each answers GetActive and sends ActiveChanged."""
LOGIND = "org.freedesktop.login1"
LOGIND_PATH = "/org/freedesktop/login1"
SESSION_PATH = "/org/freedesktop/login1/session/auto"
KEEPS_AWAKE = 8
"""The bit of org.gnome.SessionManager.InhibitedActions: the session may not become idle."""
BANNERS_S = 10.0
"""Seconds between two calls of `gsettings`, which costs as much as all others together."""
POWER = Path("/sys/class/power_supply")
SOUND = Path("/proc/asound")


class LinuxDesktop:
    """A Linux desktop. `facts` may take a second or two, `locked` about 1 ms."""

    def __init__(self) -> None:
        self._session, self._system = Bus("session"), Bus("system")
        self._banners: str | None = None
        self._banners_until = -math.inf

    def facts(self) -> Facts:
        return Facts(
            microphone=microphone_users(),
            full_screen=self._film(),
            sharing=None,
            do_not_disturb=self._do_not_disturb(),
            battery=on_battery(POWER),
        )

    def locked(self) -> bool | None:
        """Whether it is locked or asleep, or the lid is shut without another screen."""
        manager = (LOGIND, LOGIND_PATH, f"{LOGIND}.Manager")
        answers = [
            self._system.read(LOGIND, SESSION_PATH, f"{LOGIND}.Session", "LockedHint"),
            *(self._session.ask(name, path, name, "GetActive") for name, path in SAVERS),
            self._system.read(*manager, "PreparingForSleep"),
        ]
        lid = self._system.read(*manager, "LidClosed")
        if lid is True:
            answers.append(self._system.read(*manager, "Docked") is False)
        known = [answer for answer in answers if isinstance(answer, bool)]
        return any(known) if known else None

    def _film(self) -> bool | None:
        if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
            name = "org.gnome.SessionManager"
            actions = self._session.read(
                name, "/org/gnome/SessionManager", name, "InhibitedActions"
            )
            return bool(actions & KEEPS_AWAKE) if isinstance(actions, int) else None
        return full_screen() if os.environ.get("DISPLAY") else None

    def _do_not_disturb(self) -> bool | None:
        name = "org.freedesktop.Notifications"
        path = "/org/freedesktop/Notifications"
        inhibited = self._session.read(name, path, name, "Inhibited")
        if isinstance(inhibited, bool):
            return inhibited
        if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":"):
            return None
        if time.monotonic() >= self._banners_until:
            key = ("org.gnome.desktop.notifications", "show-banners")
            self._banners = answer_of("gsettings", "get", *key)
            self._banners_until = time.monotonic() + BANNERS_S
        return None if self._banners is None else self._banners.strip() == "false"


# --- the microphone -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaptureStream:
    """One stream from a sound source, as `pactl list source-outputs` prints it."""

    source: str
    client: str
    corked: bool
    resample: str
    properties: Mapping[str, str]


def microphone_users(own: int | None = None) -> tuple[str, ...] | None:
    """Names of the programs that record now, except process `own` (this one); None when unknown."""
    own = os.getpid() if own is None else own
    outputs = answer_of("pactl", "list", "source-outputs")
    if outputs is None:
        return capture_users(SOUND, own)
    streams = list(capture_streams(outputs))
    if not streams:  # the usual case, for the price of one process
        return ()
    sources = answer_of("pactl", "list", "short", "sources") or ""
    return listeners(streams, sources, own)


def capture_streams(outputs: str) -> Iterator[CaptureStream]:
    """The streams in the untranslated text of `pactl list source-outputs`."""
    for block in re.split(r"^Source Output #\d+$", outputs, flags=re.MULTILINE)[1:]:
        fields = dict(re.findall(r"^\t([A-Z][\w ]*): (.*)$", block, re.MULTILINE))
        properties = dict(re.findall(r'^\t\t([\w.-]+) = "(.*)"$', block, re.MULTILINE))
        yield CaptureStream(
            fields.get("Source", ""),
            fields.get("Client", "n/a"),
            fields.get("Corked") == "yes",
            fields.get("Resample method", ""),
            properties,
        )


def listeners(streams: list[CaptureStream], sources: str, own: int) -> tuple[str, ...]:
    """Names of the programs that record a microphone, each once.

    sources  the text of `pactl list short sources`
    own      process to leave out

    Streams without a speaker are left out: the sound of the loudspeakers, level meters, halted
    streams, and parts of the sound system itself (echo cancelling, filters).
    """
    rows = (line.split("\t") for line in sources.splitlines())
    monitors = {row[0] for row in rows if len(row) > 1 and row[1].endswith(".monitor")}
    users = []
    for each in streams:
        found = each.properties
        system = each.client == "n/a" or "node.link-group" in found
        loudspeaker = each.source in monitors or found.get("stream.capture.sink") == "true"
        meter = each.resample == "peaks" or found.get("stream.monitor") == "true"
        mine = found.get("application.process.id") == str(own)
        if not (system or loudspeaker or meter or mine or each.corked):
            users.append(found.get("application.name") or "a program")
    return tuple(dict.fromkeys(users))


def capture_users(sound: Path, own: int) -> tuple[str, ...] | None:
    """The same from ALSA's state files, which hold no names of programs and no microphones over
    Bluetooth. None without ALSA."""
    if not sound.is_dir():
        return None
    texts = (_text(path) for path in sorted(sound.glob("card*/pcm*c/sub*/status")))
    return ("a program",) if any(is_capturing(text, own) for text in texts) else ()


def is_capturing(status: str, own: int) -> bool:
    """Whether a /proc/asound/card*/pcm*c/sub*/status shows a recording by another process."""
    fields = dict(re.findall(r"^(\w+)\s*:\s*(\S+)", status, re.MULTILINE))
    return fields.get("state") == "RUNNING" and fields.get("owner_pid") != str(own)


# --- the window in front ------------------------------------------------------------------------


def full_screen() -> bool | None:
    """Whether a window of another process fills the screen (X11); None when unknown."""
    root = answer_of("xprop", "-root", "_NET_ACTIVE_WINDOW")
    if root is None or "not found" in root or "no such atom" in root:
        return None  # no xprop, or a window manager that does not report it
    window = active_window(root)
    if not window:
        return False
    properties = answer_of("xprop", "-id", window, "_NET_WM_STATE", "_NET_WM_PID")
    return None if properties is None else fills_screen(properties, os.getpid())


def active_window(root: str) -> str:
    """The window in the text of `xprop -root _NET_ACTIVE_WINDOW`; "" when there is none."""
    found = re.search(r"window id # (0x[0-9a-f]+)", root)
    return found[1] if found and int(found[1], 16) else ""


def fills_screen(properties: str, own: int) -> bool:
    """Whether the text of `xprop -id ... _NET_WM_STATE _NET_WM_PID` describes a full-screen window
    of another process than `own`."""
    process = re.search(r"^_NET_WM_PID\(CARDINAL\) = (\d+)", properties, re.MULTILINE)
    if process and int(process[1]) == own:
        return False
    state = re.search(r"^_NET_WM_STATE\(ATOM\) = (.*)$", properties, re.MULTILINE)
    return bool(state) and "_NET_WM_STATE_FULLSCREEN" in re.split(
        r",\s*", state[1] if state else ""
    )


# --- the battery --------------------------------------------------------------------------------


def on_battery(folder: Path) -> bool | None:
    """Whether a battery discharges and no mains is connected, from /sys/class/power_supply.

    False without a battery; None without the folder. Batteries of mice and headsets do not count.
    """
    if not folder.is_dir():
        return None
    supplies = [
        {name: _text(at / name) for name in ("type", "scope", "status", "online")}
        for at in sorted(folder.iterdir())
    ]
    own = [each for each in supplies if each["scope"] != "Device"]
    if any(each["type"] in ("Mains", "USB") and each["online"] == "1" for each in own):
        return False
    return any(each["type"] == "Battery" and each["status"] == "Discharging" for each in own)


def _text(path: Path) -> str:
    """The text of a kernel file; empty when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
