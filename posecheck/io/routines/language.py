"""The languages: the phrases of each, and exercises and routines in its words.

English is the source. Its phrases are `routines/lang/en.toml`, one text for each key of
`phrases.PHRASES`; its exercises are the exercise files themselves, whose mistakes are reported in
one run, as `file:line: key: why`. Any other language is a folder `routines/lang/<code>/` of files
as in `overlay.py`. What is missing, stale or wrong in it is shown in English, with a line in the
log; `posecheck translate` says what it is. So a user's own exercise with the id of a shipped one
keeps its own texts.
"""

from __future__ import annotations

import gettext
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import TypeVar

from posecheck.coach.error_phrases import LanguagePhrases
from posecheck.coach.phrases import PHRASES
from posecheck.coach.plurals import COUNT, Plural, PluralRule
from posecheck.io.paths import data_folder
from posecheck.io.routines.document import read_document
from posecheck.io.routines.limits import wrong_characters
from posecheck.io.routines.load import Library
from posecheck.io.routines.overlay import Text, read_overlay
from posecheck.io.routines.problems import FileProblems, KeyPath, RoutineError
from posecheck.io.routines.texts import LISTS, texts_of, with_texts
from posecheck.suggestion import suggestion

ENGLISH = "en"
PHRASE_FILE, ROUTINE_FILE, EXERCISE_FOLDER = "phrases.toml", "routines.toml", "exercises"
LESSON_FOLDER = "lessons"
LANGUAGE_FILE = "language.toml"
_LOG = logging.getLogger("posecheck.languages")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Language:
    """A language that there are texts in.

    code    as in "de"
    name    as its speakers call it
    plural  which form of a phrase belongs to a count
    """

    code: str
    name: str
    plural: PluralRule


def language_folder(folder: Path | None = None) -> Path:
    """The folder of all languages; the shipped one for None."""
    return folder or data_folder("routines") / "lang"


def languages(folder: Path | None = None) -> tuple[Language, ...]:
    """All languages, English first. Raises RoutineError when one does not say what it is."""
    root = language_folder(folder)
    codes = sorted(path.parent.name for path in root.glob(f"*/{LANGUAGE_FILE}"))
    codes.sort(key=lambda code: code != ENGLISH)
    return tuple(_language(code, root) for code in codes)


def chosen_language(wanted: str, system: tuple[str, ...], folder: Path | None = None) -> str:
    """The code of the language to speak.

    wanted  a code; "" for the system's
    system  the system's languages, the preferred one first, such as "de-AT"

    Raises RoutineError when there is no such language; the system's falls back to English.
    """
    root = language_folder(folder)
    known = tuple(path.parent.name for path in sorted(root.glob(f"*/{LANGUAGE_FILE}")))
    if wanted:
        if wanted not in known:
            raise RoutineError((f"There is no language '{wanted}'; {suggestion(wanted, known)}",))
        return wanted
    own = (name.replace("_", "-").partition("-")[0].lower() for name in system)
    return next((code for code in own if code in known), ENGLISH)


def load_phrases(code: str, folder: Path | None = None) -> Mapping[str, str]:
    """Read the phrases of a language.

    code    of the language, such as "en"
    folder  holds `en.toml` and a folder for each other language; None for the shipped languages

    Raises RoutineError with all mistakes of the English file, or when there is no such language.
    """
    root = language_folder(folder)
    if code != ENGLISH:
        language = _language(code, root)
        english = load_phrases(ENGLISH, root)
        texts = _usable(root / code / PHRASE_FILE, phrase_texts(english))
        own = {str(key[0]): phrase(text, language.plural) for key, text in texts.items()}
        return LanguagePhrases({**english, **own}, english)
    document = read_document(root / f"{ENGLISH}.toml")
    found = FileProblems(document.name, lambda: document.lines)
    rule = gettext.c2py("n != 1")
    for key, value in document.data.items():
        if key not in PHRASES:
            found.add((key,), f"unknown phrase; {suggestion(key, tuple(PHRASES))}")
        elif why := wrong_phrase(value, PHRASES[key]):
            found.add((key,), why)
    for key in PHRASES.keys() - document.data.keys():
        found.add((key,), "is missing")
    if found.problems():
        raise RoutineError(found.problems())
    return {
        key: phrase(tuple(value) if isinstance(value, list) else value, rule)
        for key, value in document.data.items()
    }


def phrase(text: Text, rule: PluralRule) -> str:
    """A phrase as it is used: several forms become one `Plural`."""
    return text if isinstance(text, str) else Plural(text, rule)


def phrase_texts(phrases: Mapping[str, str]) -> dict[KeyPath, Text]:
    """The phrases as the texts of a file."""
    return {
        (key,): each.forms if isinstance(each, Plural) else each for key, each in phrases.items()
    }


def translated(library: Library, code: str, folder: Path | None = None) -> Library:
    """The library with the texts of a language; what it lacks stays English."""
    if code == ENGLISH:
        return library
    root = language_folder(folder) / code
    exercises = {
        name: _with_own(exercise, root / EXERCISE_FOLDER / f"{name}.toml")
        for name, exercise in library.exercises.items()
    }
    english = {
        (name, *key): text
        for name, routine in library.routines.items()
        for key, text in texts_of(routine)
    }
    texts = _usable(root / ROUTINE_FILE, english)
    routines = {
        name: with_texts(routine, {key[1:]: text for key, text in texts.items() if key[0] == name})
        for name, routine in library.routines.items()
    }
    lessons = {
        name: _with_own(lesson, root / LESSON_FOLDER / f"{name}.toml")
        for name, lesson in library.lessons.items()
    }
    return replace(library, exercises=exercises, routines=routines, lessons=lessons)


def _with_own(value: T, path: Path) -> T:
    return with_texts(value, _usable(path, dict(texts_of(value))))


def _usable(path: Path, english: Mapping[KeyPath, Text]) -> dict[KeyPath, Text]:
    """The texts of a file that fit the English ones; what is missing or wrong is logged."""
    if not path.is_file():
        _LOG.warning("%s/%s is missing: English is shown", path.parent.name, path.name)
        return {}
    try:
        overlay = read_overlay(path)
    except RoutineError as error:
        _LOG.warning("%s: English is shown", error)
        return {}
    found: dict[KeyPath, Text] = {}
    lost = 0
    for key, text in english.items():
        entry = overlay.entries.get(key)
        if entry is None or not entry.translates(text) or wrong_text(key, entry.text, text):
            lost += 1
        else:
            found[key] = entry.text
    if lost:
        _LOG.warning("%s/%s: %d texts are shown in English", path.parent.name, path.name, lost)
    return found


def wrong_text(key: KeyPath, text: Text, english: Text) -> str:
    """Why a translation cannot take the place of an English text; "" when it can: it has the same
    words in braces, and several forms only where they are counted."""
    if key[-1] in LISTS:
        return next(filter(None, map(wrong_characters, _forms(text))), "")
    return wrong_phrase(
        list(text) if isinstance(text, tuple) else text, _words(_forms(english)[-1])
    )


def _forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def _words(text: str) -> frozenset[str]:
    """The words in braces of an English text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def overlay_files(code: str, folder: Path | None = None) -> Iterator[Path]:
    """The files of texts that a language has."""
    root = language_folder(folder) / code
    yield from sorted(path for path in root.rglob("*.toml") if path.name != LANGUAGE_FILE)


def _language(code: str, root: Path) -> Language:
    if not re.fullmatch(r"[\w-]+", code) or not (root / code / LANGUAGE_FILE).is_file():
        known = tuple(sorted(path.parent.name for path in root.glob(f"*/{LANGUAGE_FILE}")))
        raise RoutineError((f"There is no language '{code}'; {suggestion(code, known)}",))
    document = read_document(root / code / LANGUAGE_FILE)
    name, plural = (document.data.get(key, "") for key in ("name", "plural"))
    place = f"{code}/{document.name}"
    if not isinstance(name, str) or not name or wrong_characters(name):
        raise RoutineError((f"{place}:1: name: must be the name of the language",))
    try:
        rule = gettext.c2py(plural)
    except (ValueError, TypeError, RecursionError):
        why = f'{place}:1: plural: must be a rule of gettext for a count n, as in "n != 1"'
        raise RoutineError((why,)) from None
    return Language(code, name, rule)


def wrong_phrase(value: object, wanted: frozenset[str]) -> str:
    """What is wrong with a phrase, or with one of its forms; "" when nothing is."""
    forms = value if isinstance(value, list) else [value]
    if not forms or not all(isinstance(each, str) and each.strip() for each in forms):
        return "must be a text"
    if isinstance(value, list) and COUNT not in wanted:
        return "only a phrase with {count} has several forms"
    for number, text in enumerate(forms, 1):
        needed = wanted if number == len(forms) else wanted - {COUNT}
        if why := wrong_characters(text) or _wrong_words(text, wanted, needed):
            return why
    return ""


def _wrong_words(text: str, known: frozenset[str], needed: frozenset[str]) -> str:
    """What is wrong with the words in braces; "" when nothing is."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"braces do not match: {error}"
    names = {name for _, name, _, _ in parts if name is not None}
    styled = any(style or conversion for _, _, style, conversion in parts)
    if styled or any(not re.fullmatch(r"[a-z]+", name) for name in names):
        return "braces may hold only a word, as in {name}"
    if unknown := names - known:
        words = ", ".join(f"{{{name}}}" for name in sorted(known)) or "none here"
        return f"unknown word {{{min(unknown)}}}; known: {words}"
    if missing := needed - names:
        return f"the word {{{min(missing)}}} is missing"
    return ""
