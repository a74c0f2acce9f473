"""Removes from a text what must not be in a log, a crash file or a report.

Passwords of camera addresses, the user's name and home folder, and serial numbers in camera names.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

_CREDENTIALS = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*:/{1,2})\S*@")
"""Up to the last @ before a space: a password may itself hold an @ or a slash. One slash only,
because pathlib makes one of two."""

_QUERY = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*:/{1,2}[^\s?]+)\?[^\s'\"]*")
"""A camera's address may carry its password as a parameter."""

_SERIAL = re.compile(r"\b(?!\d+x\d+\b)(?=(?:[A-Za-z_-]*\d){4})[A-Za-z0-9_-]{8,}\b")
"""A word of at least 8 characters with at least 4 digits. Names of models, such as C920, are
shorter, and so are the vendor and product numbers of USB (046d:0892). Sizes (1280x720) are kept."""

_OWNER = re.compile(r"^.*['’]s (?=iPhone|iPad|Mac)")
"""Apple names a phone's camera after its owner."""

SHORTEST_NAME = 3
"""Characters. A shorter user name is not replaced: it would be found inside other words."""


NAMES_OF_NOBODY = ("posecheck", "python", "root")
"""Accounts that say nothing about the user, and words that a log needs."""


def without_secrets(text: str) -> str:
    """The text without passwords, the user's home folder and the user's name.

    An address keeps its scheme, computer and path. The home folder becomes "~", the name "<user>".
    """
    text = without_credentials(text)
    for pattern, shown in _own():
        text = pattern.sub(shown, text)
    return text


def without_credentials(text: str) -> str:
    """The text without the users, passwords and parameters of addresses in it."""
    return _QUERY.sub(r"\1", _CREDENTIALS.sub(r"\1", text))


def argument_without_secrets(argument: str) -> str:
    """The same for one argument of the command line, where a password may even hold spaces."""
    scheme, slashes, rest = argument.partition("://")
    address = f"{scheme}{slashes}{rest.rpartition('@')[2]}" if slashes else argument
    return without_secrets(address)


def without_serial(camera: str) -> str:
    """A camera's name without a serial number and without the name of a phone's owner."""
    return _SERIAL.sub("<serial>", _OWNER.sub("", camera))


@cache
def _own() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns for the home folder and the user's name, with their replacements."""
    patterns = []
    home = _home()
    if len(Path(home).parts) > 1:  # not the root, which is in every path
        forms = sorted({home, Path(home).as_posix(), home.replace("\\", "\\\\")}, key=len)
        either = "|".join(re.escape(form) for form in reversed(forms))
        patterns.append((re.compile(rf"(?<![\w.~-])(?:{either})(?![\w-])"), "~"))
    name = _user()
    if len(name) >= SHORTEST_NAME and name not in NAMES_OF_NOBODY:
        patterns.append((re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])"), "<user>"))
    return tuple(patterns)


def _home() -> str:
    return _variable("HOME", "USERPROFILE").rstrip("/\\")


def _user() -> str:
    return _variable("LOGNAME", "USER", "USERNAME") or Path(_home()).name


def _variable(*names: str) -> str:
    """The first of these environment variables that is set. Not `getpass`, not `Path.home`: without
    a variable they ask the system's list of users, which may open a socket."""
    return next((os.environ[name] for name in names if os.environ.get(name)), "")
