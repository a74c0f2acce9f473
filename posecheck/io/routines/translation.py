"""What a translator has still to do in a language, and the files to do it in.

`write_files` writes every file of a language again: each text below its English one, in the
order of the English files. Texts that are there stay; a new text is empty; a text without a mark
gets the mark of the present English text; a text that is no longer used goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from posecheck.io.output import prepare_folder, writing
from posecheck.io.routines.language import (
    ENGLISH,
    EXERCISE_FOLDER,
    LANGUAGE_FILE,
    LESSON_FOLDER,
    PHRASE_FILE,
    ROUTINE_FILE,
    language_folder,
    load_phrases,
    overlay_files,
    phrase_texts,
    wrong_text,
)
from posecheck.io.routines.load import Library
from posecheck.io.routines.overlay import REVIEW, Entry, Text, mark_of, read_overlay
from posecheck.io.routines.problems import FileProblems, KeyPath, RoutineError
from posecheck.io.routines.texts import texts_of

NEW_LANGUAGE = """\
# name: as its speakers call it. plural: which form of a phrase belongs to a count n, as in gettext.
name = "{code}"
plural = "n != 1"
"""
LONGEST_CUE = 36
"""Characters of a correction. At 1080 lines the painter still draws it with letters of 80 px, in
two lines, which a user on the mat can read (tests/ui/draw/test_painter.py)."""
CUES = frozenset({"cue", "too_small", "too_fast"})
STALE = "is of an older English text. When it is right again, delete its english = "


@dataclass(frozen=True, slots=True)
class EnglishFile:
    """What a file of a language translates.

    name   path inside the folder of the language
    texts  place -> English text
    notes  place -> the comment that stands above it in the English file
    """

    name: str
    texts: Mapping[KeyPath, Text]
    notes: Mapping[KeyPath, str]


def english_files(library: Library, folder: Path | None = None) -> Iterator[EnglishFile]:
    """All texts to translate, file by file."""
    root = language_folder(folder)
    notes: dict[KeyPath, str] = {(key,): note for key, note in _notes(root / f"{ENGLISH}.toml")}
    yield EnglishFile(PHRASE_FILE, phrase_texts(load_phrases(ENGLISH, root)), notes)
    routines = {
        (name, *key): text
        for name, routine in sorted(library.routines.items())
        for key, text in texts_of(routine)
    }
    yield EnglishFile(ROUTINE_FILE, routines, {})
    for name, exercise in sorted(library.exercises.items()):
        yield EnglishFile(f"{EXERCISE_FOLDER}/{name}.toml", dict(texts_of(exercise)), {})
    for name, lesson in library.lessons.items():
        yield EnglishFile(f"{LESSON_FOLDER}/{name}.toml", dict(texts_of(lesson)), {})


def _notes(path: Path) -> Iterator[tuple[str, str]]:
    """The comments of the English phrases, each with the key that follows it."""
    note: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            note += [words] if (words := line.strip("#- ")) else []
        elif match := re.match(r"(\w+) = ", line):
            if note:
                yield match[1], " ".join(note)
            note = []


def translation_problems(
    code: str, library: Library, folder: Path | None = None
) -> tuple[str, ...]:
    """What is missing, stale, wrong or too long in a language, one line each. Raises RoutineError
    when a file is no TOML."""
    if code == ENGLISH:
        return ()
    root = language_folder(folder) / code
    problems: list[str] = []
    known = set()
    for file in english_files(library, folder):
        path = root / file.name
        known.add(path)
        if not path.is_file():
            problems.append(f"{code}/{file.name}:1: is missing, with {len(file.texts)} texts")
            continue
        overlay = read_overlay(path)
        _compare(overlay.entries, file.texts, overlay.problems)
        problems += overlay.problems.problems()
    problems += [
        f"{code}/{path.relative_to(root)}:1: there is no such English file"
        for path in overlay_files(code, folder)
        if path not in known
    ]
    return tuple(problems)


def _compare(
    entries: Mapping[KeyPath, Entry], english: Mapping[KeyPath, Text], found: FileProblems
) -> None:
    for key, text in english.items():
        entry = entries.get(key)
        if entry is None:
            if not found.covers(key):
                found.add(key, f"is missing: {_one_line(text)}")
        elif why := wrong_text(key, entry.text, text) or _too_long(key, entry.text):
            found.add(key, why)
        elif not entry.translates(text):
            found.add(key, f"{STALE}: {_one_line(text)}")
    for key in entries.keys() - english.keys():
        found.add(key, "there is no such English text")


def _too_long(key: KeyPath, text: Text) -> str:
    if key[-1] in CUES and len(text) > LONGEST_CUE:
        return f"has {len(text)} characters; at most {LONGEST_CUE} can be read from the mat"
    return ""


def _one_line(text: Text) -> str:
    return text if isinstance(text, str) else " / ".join(text)


def start_language(code: str, folder: Path | None = None) -> None:
    """Make the folder of a language with its LANGUAGE_FILE, if there is none. Raises OutputError,
    or RoutineError when the code cannot be that of a language."""
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z]{2,4})?", code):
        raise RoutineError((f"'{code}' is no code of a language. Give one such as fr or pt_BR.",))
    path = language_folder(folder) / code / LANGUAGE_FILE
    if path.exists():
        return
    prepare_folder(path.parent)
    with writing(path):
        path.write_text(NEW_LANGUAGE.format(code=code), encoding="utf-8")


def write_files(code: str, library: Library, folder: Path | None = None) -> None:
    """Write all files of a language. Raises OutputError, or RoutineError when one is no TOML."""
    root = language_folder(folder) / code
    for file in english_files(library, folder):
        path = root / file.name
        text = _written(file, path)
        prepare_folder(path.parent)
        with writing(path):
            path.write_text(text, encoding="utf-8")


def _written(file: EnglishFile, path: Path) -> str:
    overlay = read_overlay(path) if path.is_file() else None
    review = overlay.review if overlay else ("", "")
    lines = ["# Who has read these texts, with profession, and the day; empty for nobody yet."]
    lines += [f"{key} = {_quoted(value)}" for key, value in zip(REVIEW, review, strict=True)]
    for key, text in file.texts.items():
        entry = overlay.entries.get(key) if overlay else None
        if note := file.notes.get(key):
            lines += ["", f"# --- {note} ---"]
        lines += ["", f"# {_one_line(text)}"]
        if entry is not None and not entry.translates(text):
            lines.append(f"# This text {STALE}")
        lines.append(f"{'.'.join(map(str, key))} = {_line(entry, text)}")
    return "\n".join(lines) + "\n"


def _line(entry: Entry | None, english: Text) -> str:
    if entry is None:
        return '""'
    mark = entry.english or mark_of(english)
    return f'{{ text = {_quoted(entry.text)}, english = "{mark}" }}'


def _quoted(text: Text) -> str:
    """A text, or several, as TOML writes them: as JSON does, for what a text may hold."""
    return json.dumps(text, ensure_ascii=False)
