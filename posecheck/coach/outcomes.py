"""What went otherwise than planned with each exercise, for the summary."""

from __future__ import annotations

from typing import Literal

from posecheck.pose import Side
from posecheck.session.exercise_set import Task

Note = Literal["pain", "hard", "skipped"]
NOTES: tuple[Note, ...] = ("pain", "hard", "skipped")
"""The most telling first."""


class Remarks:
    """notes  exercise id -> what is to be told about it; without those that went as planned"""

    def __init__(self) -> None:
        self.notes: dict[str, Note] = {}
        self._skipped: set[tuple[str, Side | None, int]] = set()

    def note(self, task: Task, note: Note) -> None:
        """The most telling one of an exercise stays."""
        before = self.notes.get(task.exercise.id)
        if before is None or NOTES.index(note) < NOTES.index(before):
            self.notes[task.exercise.id] = note

    def skip(self, task: Task) -> None:
        """This set is left out, until it is done after all."""
        self._skipped.add((task.exercise.id, task.side, task.number))
        self.note(task, "skipped")

    def done(self, task: Task) -> None:
        """This set was carried to an end."""
        exercise = task.exercise.id
        self._skipped.discard((exercise, task.side, task.number))
        if self.notes.get(exercise) == "skipped" and exercise not in {s[0] for s in self._skipped}:
            del self.notes[exercise]
