"""In which language posecheck speaks; `posecheck translate`: the files of a language."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from posecheck.io.desktop.languages import system_languages
from posecheck.io.routines.language import (
    ENGLISH,
    Language,
    chosen_language,
    languages,
    load_phrases,
    translated,
)
from posecheck.io.routines.load import Library
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.translation import start_language, translation_problems, write_files

MOST_SHOWN = 40
"""Lines about one language that are shown at once."""


def in_language(library: Library, option: str, setting: str) -> tuple[Mapping[str, str], Library]:
    """The phrases and the library in the language that is spoken.

    option   the code of the command line, "" for none; an unknown one raises RoutineError
    setting  the code of the settings, "" for the system's language; an unknown one is logged
    """
    code = spoken(option, setting)
    return load_phrases(code), translated(library, code)


def spoken(option: str, setting: str) -> str:
    """The code of the language that is spoken; arguments as for `in_language`."""
    if option:
        return chosen_language(option, ())
    try:
        return chosen_language(setting, system_languages())
    except RoutineError as error:
        logging.getLogger("posecheck.languages").warning("settings: %s", error)
        return chosen_language("", system_languages())


def translate(code: str | None, library: Library, folder: Path | None = None) -> int:
    """Write the files of a language again, and say what is missing in it; without a code, only
    say so for every language. Returns the exit code: 1 when there is something to do.

    Raises RoutineError and OutputError.
    """
    if code == ENGLISH:
        raise RoutineError(("English is the source: its texts are in routines/lang/en.toml.",))
    if code is not None:
        start_language(code, folder)
        write_files(code, library, folder)
    chosen = [
        each for each in languages(folder) if each.code in ((code,) if code else _own(folder))
    ]
    return max([_report(each, library, folder) for each in chosen], default=0)


def _own(folder: Path | None) -> tuple[str, ...]:
    return tuple(each.code for each in languages(folder) if each.code != ENGLISH)


def _report(language: Language, library: Library, folder: Path | None) -> int:
    problems = translation_problems(language.code, library, folder)
    for line in problems[:MOST_SHOWN]:
        print(line)
    if len(problems) > MOST_SHOWN:
        print(f"... and {len(problems) - MOST_SHOWN} more")
    what = f"{len(problems)} texts to look at" if problems else "complete"
    print(f"{language.name} ({language.code}): {what}.")
    return 1 if problems else 0
