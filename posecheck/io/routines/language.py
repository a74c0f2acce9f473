"""The phrases of a language, from `routines/lang/<code>.toml`.

A file has one text for each key of `phrases.PHRASES`, with the same words in braces. All mistakes
are reported in one run, as `file:line: key: why`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from posecheck.coach.phrases import PHRASES
from posecheck.io.paths import data_folder
from posecheck.io.routines.document import read_document
from posecheck.io.routines.limits import wrong_characters
from posecheck.io.routines.problems import FileProblems, RoutineError
from posecheck.suggestion import suggestion


def load_phrases(code: str, folder: Path | None = None) -> Mapping[str, str]:
    """Read the phrases of a language.

    code    of the language, such as "en"
    folder  holds `<code>.toml`; None for the shipped languages

    Raises RoutineError with all mistakes of the file, or when there is no such language.
    """
    folder = folder or data_folder("routines") / "lang"
    codes = tuple(sorted(path.stem for path in folder.glob("*.toml")))
    if not re.fullmatch(r"[\w-]+", code) or code not in codes:
        raise RoutineError((f"There is no language '{code}'; {suggestion(code, codes)}",))
    document = read_document(folder / f"{code}.toml")
    found = FileProblems(document.name, lambda: document.lines)
    for key, text in document.data.items():
        if key not in PHRASES:
            found.add((key,), f"unknown phrase; {suggestion(key, tuple(PHRASES))}")
        elif not isinstance(text, str) or not text.strip():
            found.add((key,), "must be a text")
        elif why := wrong_characters(text) or _wrong_words(text, PHRASES[key]):
            found.add((key,), why)
    for key in PHRASES.keys() - document.data.keys():
        found.add((key,), "is missing")
    if found.problems():
        raise RoutineError(found.problems())
    return dict(document.data)


def _wrong_words(text: str, wanted: frozenset[str]) -> str:
    """What is wrong with the words in braces; "" when nothing is."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"braces do not match: {error}"
    names = {name for _, name, _, _ in parts if name is not None}
    styled = any(style or conversion for _, _, style, conversion in parts)
    if styled or any(not re.fullmatch(r"[a-z]+", name) for name in names):
        return "braces may hold only a word, as in {name}"
    if unknown := names - wanted:
        known = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "none here"
        return f"unknown word {{{min(unknown)}}}; known: {known}"
    if missing := wanted - names:
        return f"the word {{{min(missing)}}} is missing"
    return ""
