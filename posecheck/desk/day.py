"""A day at the desk: sitting time, breaks that are due and taken, and one score for the evening.

Movement counts more than straightness, because the evidence favours movement (biomechanics 3.5).
Only seconds per state are kept, never a picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.desk.alerts import FREE, Silence
from posecheck.desk.states import OFF_CHAIR, SCORABLE, SEATED, UNKNOWN_STATES, DeskState, Steps

BreakMode = Literal["30/2", "20-8-2", "50/10", "own"]
"""A rhythm of `PLANS`, or one with the user's own minutes."""
BreakAction = Literal["move", "stand"]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A rhythm of sitting and breaks.

    sit_s    seconds of sitting until a break is due
    first    what the break begins with
    stand_s  seconds of standing before the break ends in movement; 0: no standing
    """

    sit_s: float
    first: BreakAction
    stand_s: float = 0.0


PLANS: dict[BreakMode, _Plan] = {
    "30/2": _Plan(1800.0, "move"),
    "20-8-2": _Plan(1200.0, "stand", 480.0),
    "50/10": _Plan(3000.0, "move"),
}
OWN_SIT_MIN = 40
BREAK_S, HALF_BREAK_S = 120.0, 60.0
"""Two minutes of absence or standing end a cycle of sitting; one minute halves it."""
AGAIN_S = 300.0
"""Seconds from the first reminder to the second and last one of a cycle."""
IN_TIME_S = 600.0
"""A break within ten minutes of being due counts as taken."""

UNKNOWN_S = 600.0
"""A camera that was off for this long ends the cycle without counting a break: after an hour of a
locked screen, a reminder for what was sat before is more often wrong than right."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A break is due: get moving, or stand up first. `again` for the second and last time."""

    t: float
    what: BreakAction
    again: bool = False


class Breaks:
    """`update(t, state)` once per frame. Time on the chair fills a cycle; breaks empty it.

    Theory of operation. A cycle goes through these stages:

        sitting   `sitting_s` grows; unknown states and a camera that is off change nothing
        due       sit_s reached (counted once); `waiting`; reminder, one more after AGAIN_S or
                  after a snooze
        over      after BREAK_S off the chair, or a checked break: a new cycle begins, and the break
                  counts as taken if it began in time
        discarded after UNKNOWN_S with the camera off

    In a plan with standing, the user who stood for stand_s is reminded to move.

    sitting_s  seconds on the chair in this cycle
    due        breaks of this day that became due
    taken      breaks of this day that were taken
    """

    def __init__(
        self,
        mode: BreakMode = "30/2",
        sitting_s: float = 0.0,
        due: int = 0,
        taken: int = 0,
        reminded: bool = False,
        own_sit_min: float = OWN_SIT_MIN,
    ) -> None:
        """`reminded`: the break that `sitting_s` calls for has been counted and reminded of.
        `own_sit_min`: minutes of sitting in the mode "own"."""
        self._plan = PLANS.get(mode) or _Plan(60.0 * own_sit_min, "move")
        self._steps = Steps()
        self._gone_s = self._away_s = self._standing_s = 0.0
        self._remind_t = self._due_t = self._off_t = math.nan
        self._reminders = 0
        self._moved = False
        self.sitting_s, self.due, self.taken = sitting_s, due, taken
        self._restored_due = reminded and sitting_s >= self._plan.sit_s

    def continue_from(self, before: Breaks) -> None:
        """Take over what goes on in the same stream: an absence, a stand, a break that is due by
        this rhythm too, and when it is reminded of. The counts are those given at the start."""
        self._gone_s, self._away_s = before._gone_s, before._away_s
        self._standing_s, self._moved, self._off_t = (
            before._standing_s,
            before._moved,
            before._off_t,
        )
        if before.waiting and self.sitting_s >= self._plan.sit_s:
            self._due_t, self._remind_t = before._due_t, before._remind_t
            self._reminders, self._restored_due = before._reminders, False

    @property
    def waiting(self) -> bool:
        """Whether a break is due and has not been taken."""
        return not math.isnan(self._due_t)

    @property
    def until_s(self) -> float:
        """Seconds until the next reminder if the user goes on as now; 0 when one is due."""
        if self._standing_s and self._plan.stand_s and not self._moved:
            return max(0.0, self._plan.stand_s - self._standing_s)
        return 0.0 if self.waiting else max(0.0, self._plan.sit_s - self.sitting_s)

    def snooze(self, t: float, minutes: float) -> None:
        """Remind once more after these minutes."""
        if self.waiting:
            self._remind_t, self._reminders = t + 60 * minutes, 1

    def took(self, began: float) -> None:
        """The user finished a checked break that began at `began`."""
        self._end_cycle(began)
        self._standing_s, self._moved = 0.0, True

    def new_day(self) -> None:
        """Reset the counts; the cycle goes on."""
        self.due, self.taken = int(self.waiting or self._restored_due), 0

    def pause(self, t: float) -> None:
        """The camera is off: neither sitting nor a break."""
        self._steps.pause()
        self._off_t = t if math.isnan(self._off_t) else self._off_t

    def update(
        self, t: float, state: DeskState, circumstances: Silence = FREE
    ) -> tuple[Reminder, ...]:
        """The reminders of one frame; while something forbids them, as a call does, they wait."""
        step = self._steps.update(t)
        if not math.isnan(self._off_t):
            self._resume(t - self._off_t)
        if state in OFF_CHAIR:
            return self._leave(t, step, state, circumstances)
        if state in UNKNOWN_STATES:
            return ()
        self._return()
        self.sitting_s += step
        return self._remind(t, circumstances)

    def _resume(self, off_s: float) -> None:
        self._off_t = math.nan
        if off_s >= UNKNOWN_S:
            self._discard_cycle()

    def _leave(
        self, t: float, step: float, state: DeskState, circumstances: Silence
    ) -> tuple[Reminder, ...]:
        """Off the chair."""
        self._gone_s += step
        if self._gone_s >= BREAK_S and (self.sitting_s or self.waiting):
            self._end_cycle(t - self._gone_s)
        self._away_s = self._away_s + step if state == "away" else 0.0
        if self._away_s >= BREAK_S:
            self._standing_s, self._moved = 0.0, False  # the user moved without a reminder
        elif state == "standing":
            self._standing_s += step
        stood = self._plan.stand_s and self._standing_s >= self._plan.stand_s
        due = state == "standing" and stood and not self._moved
        if due and not circumstances.silent:
            self._moved = True
            return (Reminder(t, "move"),)
        return ()

    def _return(self) -> None:
        """Back on the chair: a short absence was half a break."""
        if HALF_BREAK_S <= self._gone_s < BREAK_S:
            self.sitting_s /= 2
        self._gone_s = self._away_s = self._standing_s = 0.0
        self._moved = False

    def _end_cycle(self, began: float) -> None:
        """A break that began at `began` was long enough. Without a reminder it cannot be late."""
        in_time = self.waiting and (began - self._due_t <= IN_TIME_S or not self._reminders)
        if in_time or self._restored_due:
            self.taken += 1
        self._discard_cycle()

    def _discard_cycle(self) -> None:
        self._restored_due = False
        self.sitting_s, self._reminders = 0.0, 0
        self._due_t = self._remind_t = math.nan

    def _remind(self, t: float, circumstances: Silence) -> tuple[Reminder, ...]:
        if not self.waiting and self.sitting_s >= self._plan.sit_s:
            self._fall_due(t)
        if not t >= self._remind_t or circumstances.silent:
            return ()
        again = self._reminders > 0
        if not again:
            self._due_t = t
        self._reminders += 1
        self._remind_t = math.nan if again else t + AGAIN_S
        return (Reminder(t, self._plan.first, again),)

    def _fall_due(self, t: float) -> None:
        self._due_t = t
        if self._restored_due:  # counted before the restart: remind once more, as after a first one
            self._remind_t, self._reminders, self._restored_due = t + AGAIN_S, 1, False
        else:
            self.due, self._remind_t = self.due + 1, t


# --- the day in numbers -------------------------------------------------------------------------

LEAST_SCORABLE_S = 3600.0
CHANGES_PER_HOUR = 4
UPRIGHT_SHARE = 0.70
POSITION_S = 30.0
"""Minimum seconds of a position to count as a change: sitting up for a moment is none."""

_POSITION: dict[DeskState, str] = {
    "upright": "upright", "reclined": "recline", "standing": "stand", "away": "away",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayScore:
    """The score, 0 to 100, and the shares (0 to 1) that it consists of. `total` is None while less
    than an hour was judged. A day without a break due has no break missed."""

    variety: float
    breaks: float
    upright: float
    total: float | None


class DayTally:
    """Totals of the day from (t, state): `seconds` per state and `changes` of position."""

    def __init__(self, seconds: Mapping[DeskState, float] | None = None, changes: int = 0) -> None:
        self.seconds: dict[DeskState, float] = dict(seconds or {})
        self.changes = changes
        self._steps = Steps()
        self._position = self._candidate = ""
        self._candidate_s = 0.0

    def new_day(self) -> None:
        """Reset the totals; the position goes on."""
        self.seconds.clear()
        self.changes = 0

    def pause(self) -> None:
        """The camera is off: the time counts for no state."""
        self._steps.pause()

    def update(self, t: float, state: DeskState) -> None:
        """One frame."""
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
        """Seconds in which the posture was judged."""
        return sum(s for state, s in self.seconds.items() if state in SCORABLE)

    @property
    def seated_s(self) -> float:
        """Seconds on the chair."""
        return sum(s for state, s in self.seconds.items() if state in SEATED)


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
