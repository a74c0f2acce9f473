"""Reads exercises, routines and lessons from TOML files.

All mistakes of a file are reported in one run, as `file:line: key: why`. The types of the fields
in `exercise.py` are the schema; `lint.py` has the other checks. Nothing is returned from a file
with mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posecheck.exercise import Exercise, Lesson, Routine
from posecheck.io.paths import data_folder
from posecheck.io.routines.document import Document, read_document
from posecheck.io.routines.lint import (
    Problems,
    exercise_problems,
    lesson_problems,
    routine_problems,
    substitute_problems,
)
from posecheck.io.routines.problems import FileProblems, RoutineError
from posecheck.io.routines.schema import read

__all__ = [
    "Library",
    "RoutineError",
    "check_substitutes",
    "load_all",
    "load_exercise",
    "load_lesson",
    "load_routine",
]


@dataclass(frozen=True, slots=True)
class Library:
    """All exercises and routines of a folder, by id, and its lessons in their order."""

    exercises: Mapping[str, Exercise]
    routines: Mapping[str, Routine]
    lessons: Mapping[str, Lesson] = field(default_factory=dict)


def load_exercise(path: Path) -> Exercise:
    """Read one exercise. Raises RoutineError with all of its mistakes."""
    document, found = _open(path)
    exercise: Exercise = read(document.data, Exercise, (), found)
    _finish(found, exercise_problems(exercise, path.stem))
    return exercise


def load_routine(path: Path, exercises: Mapping[str, Exercise]) -> Routine:
    """Read one routine, whose steps name some of `exercises`. Raises RoutineError with all of its
    mistakes."""
    return _routine(path, exercises, frozenset())


def load_lesson(path: Path) -> Lesson:
    """Read one lesson. Raises RoutineError with all of its mistakes."""
    document, found = _open(path)
    lesson: Lesson = read(document.data, Lesson, (), found)
    _finish(found, lesson_problems(lesson, path.stem))
    return lesson


def load_all(folder: Path | None = None) -> Library:
    """Read `<folder>/exercises/*.toml` and `<folder>/*.toml`, and `<folder>/lessons/*.toml` where
    there is such a folder; the lessons of a folder without one are the shipped ones.

    folder  None for the shipped files

    Raises RoutineError with the mistakes of all files.
    """
    root = data_folder("routines") if folder is None else folder
    problems: list[str] = []
    exercises: dict[str, Exercise] = {}
    routines: dict[str, Routine] = {}
    paths = _files(root / "exercises")
    for path in paths:
        try:
            exercises[path.stem] = load_exercise(path)
        except RoutineError as error:
            problems += error.problems
    unread = frozenset(path.stem for path in paths) - exercises.keys()
    problems += check_substitutes(paths, exercises, unread)
    for path in _files(root):
        try:
            routines[path.stem] = _routine(path, exercises, unread)
        except RoutineError as error:
            problems += error.problems
    own = root / "lessons"
    lessons = _lessons(own if own.is_dir() else data_folder("routines") / "lessons", problems)
    if problems:
        raise RoutineError(tuple(problems))
    return Library(exercises, routines, lessons)


def _lessons(folder: Path, problems: list[str]) -> dict[str, Lesson]:
    """The lessons of a folder in their order; their mistakes are added to `problems`."""
    lessons: list[Lesson] = []
    for path in _files(folder):
        try:
            lessons.append(load_lesson(path))
        except RoutineError as error:
            problems += error.problems
    lessons.sort(key=lambda each: (each.order, each.id))
    return {each.id: each for each in lessons}


def check_substitutes(
    paths: Iterable[Path], exercises: Mapping[str, Exercise], unread: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The mistakes of substitutes, one line each; they can be checked once all exercises are read.

    paths      files of the exercises
    exercises  the exercises that could be read, by id
    unread     ids of exercises whose own files have mistakes
    """
    problems: list[str] = []
    for path in paths:
        if path.stem in exercises:
            wrong = list(substitute_problems(exercises[path.stem], exercises, unread))
            if wrong:
                _, found = _open(path)
                for key, why in wrong:
                    found.add(key, why)
                problems += found.problems()
    return tuple(problems)


def _routine(path: Path, exercises: Mapping[str, Exercise], unread: frozenset[str]) -> Routine:
    document, found = _open(path)
    routine: Routine = read(document.data, Routine, (), found)
    _finish(found, routine_problems(routine, path.stem, exercises, unread))
    return routine


def _open(path: Path) -> tuple[Document, FileProblems]:
    document = read_document(path)
    return document, FileProblems(document.name, lambda: document.lines)


def _finish(found: FileProblems, problems: Problems) -> None:
    """Add the problems of values that could be read; raise RoutineError if there is any problem."""
    for key, why in [(key, why) for key, why in problems if not found.covers(key)]:
        found.add(key, why)
    if found.problems():
        raise RoutineError(found.problems())


def _files(folder: Path) -> list[Path]:
    """The TOML files of a folder, sorted, without hidden files of the system or of an editor."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "no such folder"
        needed = "A folder of routines needs a folder 'exercises' in it."
        raise RoutineError((f"{folder}: {what}. {needed}",))
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))
