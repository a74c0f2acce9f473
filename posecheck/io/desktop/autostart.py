"""Starts the desk at login: one entry for this user, made and removed on request.

Linux: a file in the autostart folder (freedesktop.org, Desktop Application Autostart
Specification). Windows: a value of the Run key. macOS: a file in LaunchAgents. The last two follow
the vendors' documentation and have not been tried.
"""

from __future__ import annotations

import os
import plistlib
import sys
from pathlib import Path

from posecheck.io.output import OutputError, replacing, writing

ENTRY_NAME = "posecheck-desk"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


def installed() -> bool:
    """Whether the desk starts at login. False when the entry cannot be read."""
    if sys.platform == "win32":
        return _run_value() is not None
    try:
        text = entry_path().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return sys.platform == "darwin" or is_active(text)


def install() -> None:
    """Start `posecheck desk` at login, with this Python. Raises OutputError."""
    if sys.platform == "win32":
        _set_run_value(" ".join(f'"{word}"' for word in command()))
        return
    path = entry_path()
    text = agent(command()) if sys.platform == "darwin" else entry(command())
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, writing(path):
        part.write_text(text, encoding="utf-8")


def remove() -> None:
    """Do not start it at login any more. Does nothing without an entry. Raises OutputError."""
    if sys.platform == "win32":
        _set_run_value(None)
        return
    path = entry_path()
    with writing(path):
        path.unlink(missing_ok=True)


def entry_path() -> Path:
    """The file of the entry (Linux, macOS)."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{ENTRY_NAME}.plist"
    return config_home() / "autostart" / f"{ENTRY_NAME}.desktop"


def config_home() -> Path:
    """The folder of the user's configuration (Linux). The specification says to ignore a path that
    is not absolute."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(home) if Path(home).is_absolute() else Path.home() / ".config"


def command() -> tuple[str, ...]:
    """The command that starts the desk, which then waits for its camera."""
    return (*this_python(), "-m", "posecheck", "desk", "--patient")


def this_python() -> tuple[str, ...]:
    """The Python that runs posecheck; on Windows the one that opens no console."""
    python = Path(sys.executable)
    quiet = python.with_name("pythonw.exe")
    return (str(quiet if quiet.exists() else python),)


def entry(words: tuple[str, ...]) -> str:
    """The text of the desktop entry that runs a command."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=posecheck desk",
        "Comment=Watches how you sit, and suggests moving",
        f"Exec={' '.join(map(quoted, words))}",
        "Terminal=false",
        "X-GNOME-Autostart-enabled=true",
    )
    return "\n".join(lines) + "\n"


def quoted(word: str) -> str:
    """A word of an Exec line: quoted as for a shell, percent signs doubled, and every backslash
    doubled again, because the line is itself a string in the file."""
    shell = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word)
    return f'"{shell}"'.replace("\\", "\\\\").replace("%", "%%")


def is_active(text: str) -> bool:
    """Whether a desktop entry is switched on; tools of desktops may switch it off."""
    pairs = (line.partition("=") for line in text.splitlines())
    values = {name.strip(): value.strip().lower() for name, _, value in pairs}
    hidden = values.get("Hidden") == "true"
    return not hidden and values.get("X-GNOME-Autostart-enabled", "true") != "false"


def agent(words: tuple[str, ...]) -> str:
    """The property list of a launch agent that runs a command at login."""
    values = {"Label": ENTRY_NAME, "ProgramArguments": list(words), "RunAtLoad": True}
    return plistlib.dumps(values).decode("utf-8")


def _run_value() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            return str(winreg.QueryValueEx(key, ENTRY_NAME)[0])
    except OSError:
        return None


def _set_run_value(text: str | None) -> None:
    if sys.platform != "win32":
        return
    import winreg

    try:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            if text is not None:
                winreg.SetValueEx(key, ENTRY_NAME, 0, winreg.REG_SZ, text)
            elif _run_value() is not None:
                winreg.DeleteValue(key, ENTRY_NAME)
    except OSError as error:
        raise OutputError(f"Windows refuses to change what starts at login: {error}.") from error
