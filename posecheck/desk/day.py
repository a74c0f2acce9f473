"""A day at the desk: sitting time, breaks that are due and taken, and one number for the evening.

Movement counts for more than straightness, because the evidence favours movement (biomechanics
3.5). Only seconds per state are kept, never a picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.desk.states import SCORABLE, DeskState, Steps

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


UNKNOWN_S = 600.0
"""A camera off for so long ends the cycle, taken by nobody: a reminder for what was sat before an
hour of locked screen is more often wrong than right."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A break is due: get moving, or stand up first. `again` for the second and last time."""

    t: float
    what: Move
    again: bool = False


class Breaks:
    """`update(t, state)` once per frame. Seated-present time fills a cycle; breaks empty it.

    sitting_s  seconds on the chair in this cycle
    due, taken  breaks of this day
    """

    def __init__(
        self,
        mode: BreakMode = "30/2",
        sitting_s: float = 0.0,
        due: int = 0,
        taken: int = 0,
        told: bool = False,
    ) -> None:
        """`told`: the break that these seconds ask for has been counted and reminded of."""
        self._plan = PLANS[mode]
        self._steps = Steps()
        self._gone_s = self._away_s = self._standing_s = 0.0
        self._remind_at: float | None = None
        self._due_t: float | None = None
        self._off_t: float | None = None
        self._reminded = 0
        self._moved = False
        self.sitting_s, self.due, self.taken = sitting_s, due, taken
        self._told = told and sitting_s >= self._plan.sit_s

    @property
    def waiting(self) -> bool:
        """Whether a break is due and was not taken yet."""
        return self._due_t is not None

    @property
    def until_s(self) -> float:
        """Seconds until the next reminder if things go on as they are; 0 when one is due."""
        if self._standing_s and self._plan.stand_s and not self._moved:
            return max(0.0, self._plan.stand_s - self._standing_s)
        return 0.0 if self.waiting else max(0.0, self._plan.sit_s - self.sitting_s)

    def snooze(self, t: float, minutes: float) -> None:
        """Not now: once more in 5, 10 or 30 minutes."""
        if self._due_t is not None:
            self._remind_at, self._reminded = t + 60 * minutes, 1

    def took(self, began: float) -> None:
        """A checked break that began at `began` has been finished."""
        self._end_cycle(began)
        self._standing_s, self._moved = 0.0, True

    def new_day(self) -> None:
        """The counts begin anew; who sits goes on sitting."""
        self.due, self.taken = int(self.waiting), 0

    def pause(self, t: float) -> None:
        """The camera is off: neither sitting nor a break."""
        self._steps.pause()
        self._off_t = t if self._off_t is None else self._off_t

    def update(self, t: float, state: DeskState, silent: bool = False) -> tuple[Reminder, ...]:
        """What to remind of; while `silent`, as in a call, reminders wait."""
        step = self._steps.update(t)
        if self._off_t is not None:
            self._resume(t - self._off_t)
        if state in GONE:
            return self._gone(t, step, state, silent)
        if state in NOTHING_KNOWN:
            return ()
        self._returned()
        self.sitting_s += step
        return self._remind(t, silent)

    def _resume(self, off_s: float) -> None:
        self._off_t = None
        if off_s >= UNKNOWN_S:
            self._forget_cycle()

    def _gone(self, t: float, step: float, state: DeskState, silent: bool) -> tuple[Reminder, ...]:
        self._gone_s += step
        if self._gone_s >= BREAK_S and (self.sitting_s or self.waiting):
            self._end_cycle(t - self._gone_s)
        self._away_s = self._away_s + step if state == "away" else 0.0
        if self._away_s >= BREAK_S:
            self._standing_s, self._moved = 0.0, False  # moved without being told
        elif state == "standing":
            self._standing_s += step
        stood = self._plan.stand_s and self._standing_s >= self._plan.stand_s
        if state == "standing" and stood and not self._moved and not silent:
            self._moved = True
            return (Reminder(t, "move"),)
        return ()

    def _returned(self) -> None:
        """Back on the chair: a short absence was half a break."""
        if HALF_BREAK_S <= self._gone_s < BREAK_S:
            self.sitting_s /= 2
        self._gone_s = self._away_s = self._standing_s = 0.0
        self._moved = False

    def _end_cycle(self, began: float) -> None:
        """A break that began at `began` was long enough. Who was never told is never late."""
        if self._due_t is not None and (began - self._due_t <= IN_TIME_S or not self._reminded):
            self.taken += 1
        self._forget_cycle()

    def _forget_cycle(self) -> None:
        self.sitting_s, self._due_t, self._remind_at, self._reminded = 0.0, None, None, 0

    def _remind(self, t: float, silent: bool) -> tuple[Reminder, ...]:
        if self._due_t is None and self.sitting_s >= self._plan.sit_s:
            self._due_t = t
            if self._told:  # once more, as after any first reminder
                self._remind_at, self._reminded, self._told = t + AGAIN_S, 1, False
            else:
                self.due, self._remind_at = self.due + 1, t
        if self._remind_at is None or t < self._remind_at or silent:
            return ()
        again = self._reminded > 0
        if not again:
            self._due_t = t
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

    def __init__(self, seconds: Mapping[DeskState, float] | None = None, changes: int = 0) -> None:
        self.seconds: dict[DeskState, float] = dict(seconds or {})
        self.changes = changes
        self._steps = Steps()
        self._position = self._candidate = ""
        self._candidate_s = 0.0

    def new_day(self) -> None:
        """Begin anew; who sits goes on sitting."""
        self.seconds.clear()
        self.changes = 0

    def pause(self) -> None:
        """The camera is off: the time is nobody's."""
        self._steps.pause()

    def update(self, t: float, state: DeskState) -> None:
        step = self._steps.update(t)
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
