"""Which languages the user has chosen for the whole computer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

PLAIN = ("", "C", "POSIX")
"""Values of a locale that mean no language."""


def system_languages() -> tuple[str, ...]:
    """The user's languages, the preferred one first, such as "de-AT" or "pt_BR"; () for none."""
    if sys.platform in ("win32", "darwin"):
        from PySide6.QtCore import QLocale

        return tuple(QLocale.system().uiLanguages())
    return posix_languages(os.environ)


def posix_languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The languages of messages that the environment names, as gettext reads it: LC_ALL before
    LC_MESSAGES before LANG; LANGUAGE lists several, unless the locale is C."""
    names = (environment.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = _language(next((each for each in names if each), ""))
    if name in PLAIN:
        return ()
    listed = [_language(each) for each in environment.get("LANGUAGE", "").split(":")]
    return tuple(each for each in (*listed, name) if each not in PLAIN)


def _language(locale: str) -> str:
    """ "de_AT" of "de_AT.UTF-8@euro"."""
    return locale.partition(".")[0].partition("@")[0]
