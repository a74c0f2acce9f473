"""Cues that no event asks for, during the work of one set: seconds left, breathing, praise."""

from __future__ import annotations

import math

from posecheck.coach.cues import Cue, Phrasebook
from posecheck.session.session import SessionView

COUNTDOWN_AT_S = (5, 10)
"""Seconds left that are counted down, in holds longer than these by COUNT_ROOM_S."""
COUNT_ROOM_S = 3.0
HALFWAY_FROM_S = 28.0
"""Shorter holds have no halfway: it would come within 4 s of the ten seconds left."""
BREATHE_S = 15.0
"""Between two reminders to breathe."""
PRAISE_APART_S = 15.0
PRAISE_WITHIN_S = 2.0
"""Right form this soon after a fault is the answer to its correction."""


class Countdown:
    """Halfway and the last seconds of one timed set."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._counted: set[str] = set()

    def update(self, view: SessionView) -> list[Cue]:
        """The cue for the time that has just been passed, if any. Times passed together give one
        cue."""
        left, whole = view.seconds_left, view.planned.target_s
        if whole is None and left is not None:  # repetitions that go by the clock
            whole = left + view.progress.unchecked_s
        if left is None or whole is None or left <= 0:
            return []
        marks: list[tuple[str, float]] = [
            (f"left_{mark}", mark) for mark in COUNTDOWN_AT_S if whole > mark + COUNT_ROOM_S
        ]
        if whole >= HALFWAY_FROM_S:
            marks.append(("halfway", whole / 2))
        due = [key for key, mark in marks if left <= mark]
        fresh = due[:1] if due and due[0] not in self._counted else []
        self._counted.update(due)
        return [self._book.cue(key, "count") for key in fresh]


class Breathing:
    """Reminds the user to breathe in core exercises, where people hold their breath."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._last_t: float | None = None

    def begin(self, t: float) -> None:
        """The set's first right second."""
        self._last_t = t

    def update(self, t: float, view: SessionView, free: bool) -> list[Cue]:
        """The reminder when it is due at time t. `free`: nothing is being said."""
        if view.planned.exercise.group != "core" or view.progress.state != "active":
            return []
        if self._last_t is None or t - self._last_t < BREATHE_S or not free:
            return []
        self._last_t = t
        return [self._book.cue("breathe", "hint")]


class Praise:
    """Praises a correction that was spoken and followed, once the timer runs again."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._followed_t = self._praised_t = -math.inf

    def followed(self, t: float) -> None:
        """A fault that was corrected aloud is over."""
        self._followed_t = t

    def update(self, t: float, view: SessionView) -> list[Cue]:
        """The praise when it is due at time t. Leaving the pose also ends a fault, so only right
        form within PRAISE_WITHIN_S is praised."""
        if t - self._followed_t > PRAISE_WITHIN_S or view.verdict.form != "right":
            return []
        if view.progress.state != "active" or t - self._praised_t < PRAISE_APART_S:
            return []
        self._praised_t, self._followed_t = t, -math.inf
        return [self._book.cue("praise", "praise")]
