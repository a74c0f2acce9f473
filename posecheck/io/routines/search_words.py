"""Reads the words that people type to find an exercise: `routines/search/<language>.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posecheck.coach.library_search import ASPECTS, LibrarySearch, SearchWords
from posecheck.history.plan_steps import needed
from posecheck.io.paths import data_folder
from posecheck.io.routines.document import read_document
from posecheck.io.routines.limits import wrong_characters
from posecheck.io.routines.load import Library
from posecheck.io.routines.problems import FileProblems, RoutineError
from posecheck.suggestion import suggestion

IGNORED = "ignored"


def load_search_words(code: str, folder: Path | None = None) -> SearchWords:
    """The words of a language; of English for a language without a file.

    folder  None for the shipped files

    Raises RoutineError with all mistakes of the file.
    """
    root = folder or data_folder("routines") / "search"
    path = root / f"{code}.toml"
    return read_search_words(path if path.is_file() else root / "en.toml")


def library_search(library: Library, phrases: Mapping[str, str]) -> LibrarySearch:
    """The search of a library in the language of its phrases."""
    equipment = {name: needed(exercise) for name, exercise in library.exercises.items()}
    words = load_search_words(phrases["language_code"])
    return LibrarySearch(library.exercises.values(), phrases, words, equipment)


def read_search_words(path: Path) -> SearchWords:
    """The words of a file. Raises RoutineError with all of its mistakes."""
    document = read_document(path)
    found = FileProblems(document.name, lambda: document.lines)
    data = document.data
    for name in data.keys() - {IGNORED, *ASPECTS}:
        found.add((name,), f"unknown key; {suggestion(name, (IGNORED, *ASPECTS))}")
    ignored = _words(data.get(IGNORED, []), (IGNORED,), found)
    tables = {name: _table(name, data.get(name, {}), found) for name in ASPECTS}
    if found.problems():
        raise RoutineError(found.problems())
    return SearchWords(frozenset(ignored), tables)


def _table(name: str, data: Any, found: FileProblems) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(data, dict):
        found.add((name,), "must be a table")
        return {}
    for value in data.keys() - set(ASPECTS[name]):
        found.add((name, value), f"unknown; {suggestion(value, ASPECTS[name])}")
    return {value: _words(words, (name, value), found) for value, words in data.items()}


def _words(data: Any, key: tuple[str, ...], found: FileProblems) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(each, str) for each in data):
        found.add(key, "must be a list of texts")
        return ()
    for index, word in enumerate(data):
        if not word.strip() or wrong_characters(word):
            found.add((*key, index), "must be a word of one line")
    return tuple(data)
