"""What went otherwise than planned with each exercise, for the summary."""

from __future__ import annotations

from typing import Literal

from posecheck.pose import Side
from posecheck.session.plan import PlannedSet

SetOutcome = Literal["pain", "hard", "skipped"]
SET_OUTCOMES: tuple[SetOutcome, ...] = ("pain", "hard", "skipped")
"""The most telling first."""


class SetOutcomes:
    """notes  exercise id -> what is to be told about it; without those that went as planned"""

    def __init__(self) -> None:
        self.notes: dict[str, SetOutcome] = {}
        self._skipped: set[tuple[str, Side | None, int]] = set()

    def note(self, planned: PlannedSet, note: SetOutcome) -> None:
        """The most telling one of an exercise stays."""
        before = self.notes.get(planned.exercise.id)
        if before is None or SET_OUTCOMES.index(note) < SET_OUTCOMES.index(before):
            self.notes[planned.exercise.id] = note

    def skip(self, planned: PlannedSet) -> None:
        """This set is left out, until it is done after all."""
        self._skipped.add((planned.exercise.id, planned.side, planned.number))
        self.note(planned, "skipped")

    def done(self, planned: PlannedSet) -> None:
        """This set was carried to an end."""
        exercise = planned.exercise.id
        self._skipped.discard((exercise, planned.side, planned.number))
        if self.notes.get(exercise) == "skipped" and exercise not in {s[0] for s in self._skipped}:
            del self.notes[exercise]
