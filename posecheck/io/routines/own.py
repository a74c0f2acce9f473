"""The user's own routines: TOML files in their data folder, written and read by the same rules as
the shipped ones.

A file that is given to someone else is the same file, with the ending `.posecheck`, which a desktop
can open with posecheck. Nothing is replaced unless the caller names what is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from pathlib import Path

from posecheck.exercise import Exercise, Routine, RoutineStep
from posecheck.io.output import replacing, writing
from posecheck.io.paths import data_home
from posecheck.io.routines.document import read_document
from posecheck.io.routines.lint import routine_problems
from posecheck.io.routines.load import load_routine
from posecheck.io.routines.problems import FileProblems, RoutineError
from posecheck.io.routines.schema import read

ENDING = ".posecheck"
"""Of a routine that is given to someone else."""
FOLDER = "routines"
LONGEST_ID = 60
"""Characters of an id, which is a file's name."""


class OwnRoutines:
    """The folder of the user's own routines.

    exercises  those that steps may name
    taken      ids that no own routine may have, those of the shipped routines
    """

    def __init__(
        self,
        exercises: Mapping[str, Exercise],
        taken: Collection[str] = (),
        folder: Path | None = None,
    ) -> None:
        self._exercises, self._taken = exercises, frozenset(taken)
        self._folder = folder or data_home() / FOLDER

    def load(self) -> tuple[dict[str, Routine], tuple[str, ...]]:
        """The routines by id, in the order of their names, and a sentence for each mistake of a
        file. A file with mistakes is left out and stays as it is."""
        found: dict[str, Routine] = {}
        problems: list[str] = []
        for path in self._files():
            if path.stem in self._taken:
                problems.append(f"{path}: a routine of posecheck has this name; rename the file.")
                continue
            try:
                found[path.stem] = load_routine(path, self._exercises)
            except RoutineError as error:
                problems += [f"{path.parent / each}" for each in error.problems]
        ordered = sorted(found.values(), key=lambda each: each.name.casefold())
        return {each.id: each for each in ordered}, tuple(problems)

    def save(self, routine: Routine, replaced: str = "") -> Routine:
        """Write a routine, and return it as it was written.

        replaced  id of the own routine whose file it replaces; "" for a new file, whose name comes
                  from the name of the routine

        Raises OutputError, and RoutineError when the routine is against the rules of files.
        """
        made = replace(routine, id=replaced or self._free_id(routine.name), fixed=True)
        made = replace(made, about=made.about.strip() or made.name)
        text = text_of(made)
        path = self._folder / f"{made.id}.toml"
        with writing(path):
            self._folder.mkdir(parents=True, exist_ok=True)
        check_routine(made, self._exercises, path.name)
        with replacing(path) as part, writing(path):
            part.write_text(text, encoding="utf-8")
        return made

    def remove(self, name: str) -> None:
        """Remove the file of an own routine. Raises OutputError."""
        path = self._folder / f"{name}.toml"
        with writing(path):
            path.unlink(missing_ok=True)

    def names(self) -> frozenset[str]:
        """The names of the routines, as they are compared: without capitals."""
        return frozenset(each.name.casefold() for each in self.load()[0].values())

    def _files(self) -> list[Path]:
        try:
            found = sorted(self._folder.glob("*.toml"))
        except OSError:
            return []
        return [path for path in found if not path.name.startswith(".")]

    def _free_id(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_ID] or "routine"
        there = {path.stem for path in self._files()} | self._taken | self._exercises.keys()
        made, count = stem, 1
        while made in there:
            count += 1
            made = f"{stem}_{count}"
        return made


def read_routine(path: Path, exercises: Mapping[str, Exercise]) -> Routine:
    """A routine of any file, which need not be called like its id: someone has sent it, or has
    given it another name. Raises RoutineError with all of its mistakes."""
    document = read_document(path)
    found = FileProblems(document.name, lambda: document.lines)
    routine: Routine = read(document.data, Routine, (), found)
    for key, why in list(routine_problems(routine, routine.id, exercises, frozenset())):
        if not found.covers(key):
            found.add(key, why)
    if found.problems():
        raise RoutineError(found.problems())
    return routine


def export_routine(routine: Routine, path: Path) -> Path:
    """Write a routine to a file for someone else. Returns the file, which has the ending of such
    files. Raises OutputError."""
    if path.suffix not in (ENDING, ".toml"):
        path = path.with_name(path.name + ENDING)
    made = replace(routine, id=routine.id or "routine")
    with replacing(path) as part, writing(path):
        part.write_text(text_of(made), encoding="utf-8")
    return path


def check_routine(routine: Routine, exercises: Mapping[str, Exercise], name: str) -> None:
    """Raises RoutineError when a routine is against the rules of files."""
    wrong = list(routine_problems(routine, routine.id, exercises, frozenset()))
    if wrong:
        lines = (f"{name}: {'.'.join(map(str, key))}: {why}" for key, why in wrong)
        raise RoutineError(tuple(lines))


def text_of(routine: Routine) -> str:
    """A routine as the text of its file. Reading it gives the same routine."""
    lines = [f"# {routine.name}. A routine of a user's own.".replace("\n", " "), ""]
    lines += [
        f"{field.name} = {_value(getattr(routine, field.name))}"
        for field in fields(Routine)
        if field.name != "steps"
    ]
    for step in routine.steps:
        lines += ["", "[[steps]]"]
        lines += [
            f"{field.name} = {_value(value)}"
            for field in fields(RoutineStep)
            if (value := getattr(step, field.name)) is not None
        ]
    return "\n".join(lines) + "\n"


def _value(value: str | bool | float) -> str:
    """A value in TOML, whose strings and numbers are written as in JSON."""
    return json.dumps(value, ensure_ascii=False)
