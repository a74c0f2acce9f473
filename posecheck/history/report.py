"""What a report says, as frozen values: `report_of` reads it from the history.

HTML, PDF and JSON are made from these values alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from posecheck.exercise import Exercise
from posecheck.history.programme import Programme
from posecheck.history.progress import (
    ExerciseProgress,
    FaultTrend,
    WeekTotals,
    exercises,
    faults,
    pains,
    weeks,
)
from posecheck.history.records import Feeling, History, SessionOutcome, SessionRecord


@dataclass(frozen=True, slots=True)
class Unjudged:
    """What the camera does not judge of an exercise."""

    exercise: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedAnswer:
    """A step of a physiotherapist's programme, and what was done of it.

    reps, seconds  of each set; both None for the dose of the exercise's own file
    wanted  sessions in the period, from the programme's days a week
    done    sessions in which every set of it reached its target
    """

    exercise: str
    sides: int
    sets: int
    reps: int | None
    seconds: float | None
    wanted: int
    done: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report over the days from `since` to `until`, both included.

    names       exercise id -> name
    outcomes    how many sessions ended in which way
    changes     mean pain of the first and of the last seven days on which it was told, None with
                fewer than fourteen such days
    versions    of posecheck and its pose models that made the records
    """

    since: date
    until: date
    made: datetime
    sessions: tuple[SessionRecord, ...]
    days: int
    outcomes: tuple[tuple[SessionOutcome, int], ...]
    weeks: tuple[WeekTotals, ...]
    exercises: tuple[ExerciseProgress, ...]
    faults: tuple[FaultTrend, ...]
    pains: tuple[tuple[date, int], ...]
    after: tuple[Feeling, ...]
    events: tuple[Feeling, ...]
    changes: tuple[float, float] | None
    unjudged: tuple[Unjudged, ...]
    names: Mapping[str, str]
    versions: tuple[tuple[str, str], ...]
    programme: Programme | None = None
    answers: tuple[PlannedAnswer, ...] = ()

    @property
    def correct_s(self) -> float:
        return sum(week.correct_s for week in self.weeks)


PAIN_DAYS = 7
"""Days at each end that are compared: a week evens out better and worse days."""


def report_of(
    history: History,
    since: date,
    until: date,
    made: datetime,
    library: Mapping[str, Exercise],
    *,
    told: Iterable[tuple[date, int]] = (),
    programme: Programme | None = None,
) -> Report:
    """The report over a period; `history` may be longer. `told`: (day, pain of that day)."""
    sessions = tuple(s for s in history.sessions if since <= s.day <= until)
    feelings = tuple(f for f in history.feelings if since <= f.day <= until)
    kept = History(sessions, feelings)
    daily = tuple((d, p) for d, p in pains(kept, told).items() if since <= d <= until)
    progress = exercises(sessions)
    used = sorted({each.exercise for each in progress})
    outcomes = Counter(each.outcome for each in sessions)
    return Report(
        since=since,
        until=until,
        made=made,
        sessions=sessions,
        days=len({each.day for each in sessions}),
        outcomes=tuple(outcomes.most_common()),
        weeks=weeks(sessions, since, until),
        exercises=progress,
        faults=tuple(_in_words_of(library, each) for each in faults(sessions)),
        pains=daily,
        after=tuple(f for f in feelings if f.moment == "after"),
        events=tuple(f for f in feelings if f.moment == "during"),
        changes=_change([pain for _, pain in daily]),
        unjudged=tuple(
            Unjudged(key, _unjudged(library[key]))
            for key in used
            if key in library and _unjudged(library[key])
        ),
        names={key: _name(library[key]) if key in library else key for key in used},
        versions=tuple(sorted({(each.version, each.model) for each in sessions})),
        programme=programme,
        answers=_answers(programme, sessions, since, until) if programme else (),
    )


def _name(exercise: Exercise) -> str:
    """The name without what its file says in brackets."""
    return re.sub(r" *\([^)]*\)", "", exercise.name)


def _in_words_of(library: Mapping[str, Exercise], fault: FaultTrend) -> FaultTrend:
    """The fault with the cue of today's file, where it still has the rule: the record may be in
    another language."""
    exercise = library.get(fault.exercise)
    rules = exercise.rules if exercise else ()
    return replace(fault, cue=next((r.cue for r in rules if r.id == fault.rule), fault.cue))


def _unjudged(exercise: Exercise) -> tuple[str, ...]:
    if exercise.check == "none":
        return (exercise.why_unchecked,)
    return exercise.not_checked


def _change(daily: Sequence[int]) -> tuple[float, float] | None:
    if len(daily) < 2 * PAIN_DAYS:
        return None
    first, last = daily[:PAIN_DAYS], daily[-PAIN_DAYS:]
    return sum(first) / PAIN_DAYS, sum(last) / PAIN_DAYS


def _answers(
    programme: Programme, sessions: Sequence[SessionRecord], since: date, until: date
) -> tuple[PlannedAnswer, ...]:
    """Each step of the programme against the sessions of the days in which it holds."""
    begin, end = max(since, programme.begins), min(until, programme.ends)
    days = max(0, (end - begin).days + 1)
    wanted = round(days * programme.days_a_week / 7)
    own = [s for s in sessions if s.kind == "programme" and begin <= s.day <= end]
    found = []
    for step in programme.steps:
        done = 0
        for session in own:
            places = {n for n, p in enumerate(session.planned) if p.exercise == step.exercise}
            reached = {s.planned for s in session.sets if s.outcome == "done"}
            done += bool(places) and places <= reached
        seconds = step.hold_s or step.time_s
        found.append(
            PlannedAnswer(step.exercise, step.sides, step.sets, step.reps, seconds, wanted, done)
        )
    return tuple(found)
