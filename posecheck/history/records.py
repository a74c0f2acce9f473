"""What is remembered of a session, as frozen values.

Durations are in seconds, pain is 0 (none) to 10 (worst imaginable), times are aware local
datetimes. Nothing here can hold a picture or a pose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from posecheck.pose import Side

SessionOutcome = Literal["running", "done", "left", "pain", "error"]
"""How a session ended. "running" that no program runs any more was interrupted: the computer or the
program stopped."""

SetOutcomeNow = Literal["running", "done", "hard", "pain", "skipped", "left"]
"""How a set ended; "left": the session ended before the set did."""

SessionKind = Literal["session", "break", "programme"]
"""A session of the user's own choice or of the plan; a break from the desk; a session of a
physiotherapist's programme."""

Moment = Literal["before", "during", "after", "next_day"]
"""When a pain was told, relative to a session."""

PainKind = Literal["", "sharp", "spreading", "mild"]
PainEnd = Literal["", "eased", "stopped", "ended"]
"""What became of a pain during a session: it eased and the exercise went on; the exercise was
stopped; the session was ended."""

RangeKind = Literal["hold", "reps"]
"""hold: median of the best five seconds of a hold. reps: median of the peaks of the repetitions
that counted."""


@dataclass(frozen=True, slots=True)
class FaultRecord:
    """How long a rule was a fault in a set; `early_s` of it was before the form was first right."""

    rule: str
    severity: str
    cue: str
    seconds: float
    early_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RangeRecord:
    """The best range of a metric in a set.

    value  in `unit`
    band   error of the value in `unit`, plus or minus; None where no error is known, and then no
           change is ever claimed
    rises  more range is a larger value
    """

    metric: str
    unit: str
    value: float
    band: float | None
    kind: RangeKind
    rises: bool


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A set that was planned. Targets as in `session.plan.PlannedSet`."""

    exercise: str
    side: Side | None
    number: int
    of: int
    hold_s: float | None
    reps: int | None
    time_s: float | None
    rest_s: float


@dataclass(frozen=True, slots=True)
class SetRecord:
    """A set that was begun.

    planned     its place in the session's plan, from 0
    checked     the camera can judge the exercise
    seconds     from the announcement on; the other seconds are parts of it
    score       form score, 0 to 100; None where nothing was judged
    eased       the target was moved to the user's own range
    rejected    reason -> repetitions that did not count
    """

    planned: int
    exercise: str
    side: Side | None
    checked: bool
    outcome: SetOutcomeNow
    seconds: float = 0.0
    correct_s: float = 0.0
    wrong_s: float = 0.0
    cant_tell_s: float = 0.0
    unchecked_s: float = 0.0
    reps: int = 0
    score: float | None = None
    eased: bool = False
    rejected: tuple[tuple[str, int], ...] = ()
    faults: tuple[FaultRecord, ...] = ()
    ranges: tuple[RangeRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Feeling:
    """What the user told about pain.

    pain      0 to 10; None when only its kind was told
    better    compared with before: 1 better, 0 the same, -1 worse; None when not asked
    exercise  during which, "" for none
    """

    when: datetime
    moment: Moment
    pain: int | None = None
    better: int | None = None
    kind: PainKind = ""
    end: PainEnd = ""
    exercise: str = ""
    session: str = ""

    @property
    def day(self) -> date:
        return self.when.date()


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session.

    id       a random name that is unique over all stores
    name     as shown, such as "Lower back"
    routine  id of the routine, "" for a single exercise
    track    the part of the plan that it belongs to, "" outside the plan
    level    1 to 3
    seconds  of its sets with getting ready, without rests
    rests    (exercise, metric) -> where the metric is at rest, as it was learnt
    version  of posecheck; `model`: name of the pose model
    """

    id: str
    began: datetime
    name: str
    routine: str
    kind: SessionKind
    level: int
    outcome: SessionOutcome
    track: str = ""
    seconds: float = 0.0
    planned: tuple[PlannedRecord, ...] = ()
    sets: tuple[SetRecord, ...] = ()
    rests: Mapping[tuple[str, str], float] | None = None
    version: str = ""
    model: str = ""

    @property
    def day(self) -> date:
        return self.began.date()

    @property
    def correct_s(self) -> float:
        return sum(each.correct_s for each in self.sets)

    @property
    def unchecked_s(self) -> float:
        return sum(each.unchecked_s for each in self.sets)

    @property
    def pain_stop(self) -> bool:
        """A pain stopped an exercise or the session."""
        return self.outcome == "pain" or any(each.outcome == "pain" for each in self.sets)

    @property
    def score(self) -> float | None:
        """Mean form score of the sets, weighted by their judged seconds; None where nothing was
        judged."""
        judged = [(s.score, s.correct_s + s.wrong_s) for s in self.sets if s.score is not None]
        total = sum(weight for _, weight in judged)
        if not total:
            return None
        return sum(score * weight for score, weight in judged) / total


@dataclass(frozen=True, slots=True)
class History:
    """All that is remembered, oldest first."""

    sessions: tuple[SessionRecord, ...] = ()
    feelings: tuple[Feeling, ...] = ()
