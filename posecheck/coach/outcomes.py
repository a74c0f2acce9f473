"""What went otherwise than planned with each exercise, for the summary."""

from __future__ import annotations

from typing import Literal

from posecheck.pose import Side
from posecheck.session.plan import PlannedSet

SetOutcome = Literal["pain", "hard", "skipped"]
SET_OUTCOMES: tuple[SetOutcome, ...] = ("pain", "hard", "skipped")
"""The most important first."""


class SetOutcomes:
    """Remembers one outcome for each exercise.

    by_exercise  exercise id -> its most important outcome; exercises that went as planned are
                 missing
    """

    def __init__(self) -> None:
        self.by_exercise: dict[str, SetOutcome] = {}
        self._skipped: set[tuple[str, Side | None, int]] = set()

    def note(self, planned: PlannedSet, outcome: SetOutcome) -> None:
        """A set had this outcome. The most important one of an exercise stays."""
        before = self.by_exercise.get(planned.exercise.id)
        if before is None or SET_OUTCOMES.index(outcome) < SET_OUTCOMES.index(before):
            self.by_exercise[planned.exercise.id] = outcome

    def skip(self, planned: PlannedSet) -> None:
        """A set is left out, until it is done after all."""
        self._skipped.add((planned.exercise.id, planned.side, planned.number))
        self.note(planned, "skipped")

    def done(self, planned: PlannedSet) -> None:
        """A set has ended."""
        exercise = planned.exercise.id
        self._skipped.discard((exercise, planned.side, planned.number))
        skips = {skipped for skipped, _, _ in self._skipped}
        if self.by_exercise.get(exercise) == "skipped" and exercise not in skips:
            del self.by_exercise[exercise]
