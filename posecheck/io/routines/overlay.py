"""The translated texts of one file, each with a mark of the English text that it translates.

`routines/lang/<code>/` has a file for the phrases, one for each exercise, and one for all routines.
A text of such a file is a line under the key of the English text:

    name = { text = "Armkreisen", english = "1f0c52" }

`english` is `mark_of` the English text. Where it differs from the mark of the present one, the
English text was changed later, and the translation is stale. A text without a mark, as in
`name = "Armkreisen"`, is of the present English text. An empty text is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecheck.io.routines.document import Document, read_document
from posecheck.io.routines.problems import FileProblems, KeyPath

Text = str | tuple[str, ...]
"""One text; or the forms of a plural; or words for a search, which need not be as many."""

REVIEW = ("reviewed_by", "reviewed_on")
"""The clinician who has read the file, and the day; "" for none yet."""
MARK_LENGTH = 6


def mark_of(english: Text) -> str:
    """The mark of an English text: a few digits of its SHA-256."""
    whole = english if isinstance(english, str) else "\n".join(english)
    return hashlib.sha256(whole.encode()).hexdigest()[:MARK_LENGTH]


@dataclass(frozen=True, slots=True)
class Entry:
    """A translated text. `english`: the mark of what it translates, "" for the present text."""

    text: Text
    english: str = ""

    def translates(self, english: Text) -> bool:
        """Whether it was made for this English text."""
        return self.english in ("", mark_of(english))


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a file of translated texts holds.

    entries   place of the text in the English file -> its translation
    review    the values of REVIEW
    problems  the mistakes of the file, by its lines; such an entry is left out
    """

    entries: Mapping[KeyPath, Entry]
    review: tuple[str, str]
    problems: FileProblems


def read_overlay(path: Path) -> Overlay:
    """Read a file. Raises RoutineError when it is no valid TOML."""
    document = read_document(path)
    found = FileProblems(f"{path.parent.name}/{document.name}", lambda: document.lines)
    review = tuple(_review(document, key, found) for key in REVIEW)
    values = {key: value for key, value in document.data.items() if key not in REVIEW}
    entries = dict(_entries(values, (), found))
    return Overlay(entries, (review[0], review[1]), found)


def _review(document: Document, key: str, found: FileProblems) -> str:
    value = document.data.get(key, "")
    if isinstance(value, str):
        return value
    found.add((key,), "must be a text")
    return ""


def _entries(
    values: Mapping[str, Any], key: KeyPath, found: FileProblems
) -> Iterator[tuple[KeyPath, Entry]]:
    for name, value in values.items():
        here = (*key, name)
        if isinstance(value, dict) and "english" not in value:
            yield from _entries(value, here, found)
            continue
        entry = _entry(value)
        if entry is None:
            found.add(here, 'must be a text, or { text = "...", english = "..." }')
        elif entry.text:
            yield here, entry


def _entry(value: Any) -> Entry | None:
    mark = ""
    if isinstance(value, dict):
        mark = value["english"]
        if value.keys() != {"text", "english"} or not isinstance(mark, str):
            return None
        value = value["text"]
    if isinstance(value, str):
        return Entry(value.strip() and value, mark)
    if isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value):
        return Entry(tuple(value), mark)
    return None
