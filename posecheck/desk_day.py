"""A day at the desk: sitting time, breaks that are due and taken, and one number for the evening.

Movement counts for more than straightness, because the evidence favours movement (biomechanics
3.5). Only seconds per state are kept, never a picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from posecheck.desk import SCORABLE, STEP_S, DeskState

BreakMode = Literal["30/2", "20-8-2", "50/10"]
Move = Literal["move", "stand"]


@dataclass(frozen=True, slots=True)
class _Plan:
    """sit_s until a break is due, what it begins with, stand_s of standing before it ends in
    movement (0: none)."""

    sit_s: float
    first: Move
    stand_s: float = 0.0


PLANS: dict[BreakMode, _Plan] = {
    "30/2": _Plan(1800.0, "move"),
    "20-8-2": _Plan(1200.0, "stand", 480.0),
    "50/10": _Plan(3000.0, "move"),
}
BREAK_S, HALF_BREAK_S = 120.0, 60.0
"""Absence or standing of two minutes ends the sitting, of one counts half."""
AGAIN_S = 300.0
"""A second reminder; then silence until the next cycle."""
IN_TIME_S = 600.0
"""A break within ten minutes of being due was taken."""
GONE: frozenset[DeskState] = frozenset({"away", "standing"})
NOTHING_KNOWN: frozenset[DeskState] = frozenset({"unreliable", "calibrating"})


@dataclass(frozen=True, slots=True)
class Reminder:
    """A break is due: get moving, or stand up first. `again` for the second and last time."""

    t: float
    what: Move
    again: bool = False


class Breaks:
    """`update(t, state)` once per frame. Seated-present time fills a cycle; breaks empty it."""

    def __init__(self, mode: BreakMode = "30/2") -> None:
        self._plan = PLANS[mode]
        self._before_t = math.nan
        self._gone_s = self._standing_s = 0.0
        self._remind_at: float | None = None
        self._due_t: float | None = None
        self._reminded = 0
        self._moved = False
        self.sitting_s = 0.0
        self.due = 0
        self.taken = 0

    def snooze(self, t: float, minutes: float) -> None:
        """Not now: once more in 5, 10 or 30 minutes."""
        if self._due_t is not None:
            self._remind_at, self._reminded = t + 60 * minutes, 1

    def update(self, t: float, state: DeskState) -> tuple[Reminder, ...]:
        step = min(STEP_S, t - self._before_t) if self._before_t == self._before_t else 0.0
        self._before_t = t
        if state in GONE:
            return self._gone(t, step, state)
        if state in NOTHING_KNOWN:
            return ()
        self._returned()
        self.sitting_s += step
        return self._remind(t)

    def _gone(self, t: float, step: float, state: DeskState) -> tuple[Reminder, ...]:
        self._gone_s += step
        if self._gone_s >= BREAK_S and (self.sitting_s or self._due_t is not None):
            self._end_cycle(t)
        self._standing_s += step if state == "standing" else 0.0
        stood = self._plan.stand_s and self._standing_s >= self._plan.stand_s
        if state == "standing" and stood and not self._moved:
            self._moved = True
            return (Reminder(t, "move"),)
        return ()

    def _returned(self) -> None:
        """Back on the chair: a short absence was half a break."""
        if HALF_BREAK_S <= self._gone_s < BREAK_S:
            self.sitting_s /= 2
        self._gone_s = self._standing_s = 0.0
        self._moved = False

    def _end_cycle(self, t: float) -> None:
        if self._due_t is not None and t - BREAK_S - self._due_t <= IN_TIME_S:
            self.taken += 1
        self.sitting_s, self._due_t, self._remind_at, self._reminded = 0.0, None, None, 0

    def _remind(self, t: float) -> tuple[Reminder, ...]:
        if self._due_t is None and self.sitting_s >= self._plan.sit_s:
            self.due += 1
            self._due_t = self._remind_at = t
        if self._remind_at is None or t < self._remind_at:
            return ()
        again = self._reminded > 0
        self._reminded += 1
        self._remind_at = None if again else t + AGAIN_S
        return (Reminder(t, self._plan.first, again),)


# --- the day in numbers -------------------------------------------------------------------------

LEAST_SCORABLE_S = 3600.0
CHANGES_PER_HOUR = 4
UPRIGHT_SHARE = 0.70
POSITION_S = 30.0
"""A position must last so long to be a change: sitting up for a moment is none."""

_POSITION: dict[DeskState, str] = {
    "upright": "upright", "reclined": "recline", "standing": "stand", "away": "away",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayScore:
    """0 to 100, and the shares (0 to 1) it is made of; `total` None with under an hour judged.
    A day without a break due has none missed."""

    variety: float
    breaks: float
    upright: float
    total: float | None


class DayTally:
    """Seconds per state, episodes of slouching and changes of position, from (t, state)."""

    def __init__(self) -> None:
        self.seconds: dict[DeskState, float] = {}
        self.changes = 0
        self._before_t = math.nan
        self._position = self._candidate = ""
        self._candidate_s = 0.0

    def update(self, t: float, state: DeskState) -> None:
        step = min(STEP_S, t - self._before_t) if self._before_t == self._before_t else 0.0
        self._before_t = t
        self.seconds[state] = self.seconds.get(state, 0.0) + step
        position = _POSITION.get(state, "")
        if position != self._candidate:
            self._candidate, self._candidate_s = position, 0.0
        self._candidate_s += step
        if position and position != self._position and self._candidate_s >= POSITION_S:
            self.changes += bool(self._position)
            self._position = position

    @property
    def scorable_s(self) -> float:
        return sum(s for state, s in self.seconds.items() if state in SCORABLE)

    @property
    def seated_s(self) -> float:
        return sum(s for state, s in self.seconds.items() if state not in GONE | NOTHING_KNOWN)


def daily_score(tally: DayTally, breaks_due: int, breaks_taken: int) -> DayScore:
    """0.45 position variety + 0.35 breaks + 0.20 upright share (biomechanics 3.5)."""
    hours = tally.seated_s / 3600
    variety = min(1.0, tally.changes / hours / CHANGES_PER_HOUR) if hours else 0.0
    breaks = min(1.0, breaks_taken / breaks_due) if breaks_due else 1.0
    fine = sum(tally.seconds.get(state, 0.0) for state in ("upright", "reclined", "standing"))
    judged = tally.scorable_s + tally.seconds.get("standing", 0.0)
    upright = min(1.0, fine / judged / UPRIGHT_SHARE) if judged else 0.0
    total = 100 * (0.45 * variety + 0.35 * breaks + 0.20 * upright)
    return DayScore(variety, breaks, upright, total if judged >= LEAST_SCORABLE_S else None)
