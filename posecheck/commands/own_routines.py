"""The user's own routines and routine files, for the command line."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from posecheck.commands.arguments import find_routine
from posecheck.exercise import Routine
from posecheck.io.routines.load import Library
from posecheck.io.routines.own import ENDING, OwnRoutines, read_routine


def with_own(library: Library) -> Library:
    """The library with the user's own routines. Mistakes in their files are printed."""
    own, problems = OwnRoutines(library.exercises, library.routines).load()
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return Library(library.exercises, {**library.routines, **own})


def routine_named(word: str, library: Library) -> Routine:
    """The routine with this id, or of the file of this name. Raises CommandError and
    RoutineError."""
    path = Path(word)
    if path.suffix in (ENDING, ".toml") or (path.is_file() and word not in library.routines):
        return routine_of_file(path, library)
    return find_routine(word, library)


def routine_of_file(path: Path, library: Library) -> Routine:
    """The routine of a file. It has no id where another routine has the same one, so that the
    history keeps the two apart. Raises RoutineError."""
    routine = read_routine(path, library.exercises)
    there = library.routines.get(routine.id)
    return routine if there in (None, routine) else replace(routine, id="")
