"""What changed over days and weeks, from the records. Shown on the progress page and in the report.

Only what was measured is said: a range has its error, a change smaller than it is none, and a
share is of the seconds that could be judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Literal

from posecheck.history.records import History, RangeRecord, SessionRecord, SetRecord
from posecheck.pose import Side

COMPARED = 3
"""Sessions at the beginning and at the end that are compared by their means (biomechanics 5.3)."""
TREND_SESSIONS = 6
"""Sessions with an exercise that a trend needs: three against three."""
RARER = 0.5
"""A fault became rarer when its share of the judged time fell at least to this part of what it was;
more often, when it rose to the reciprocal. Less is within the scatter of a few sessions."""
SHORTEST_FAULT_S = 0.5
"""A fault that rounds to 0 s is not counted, as in the summary of a session."""

Trend = Literal["more", "less", "same", "unknown"]
"""Of a range: more, less, no change beyond the error, or too few sessions or no known error. Of a
fault: more often, rarer, ..."""


@dataclass(frozen=True, slots=True)
class WeekTotals:
    """A week from Monday; seconds of form, and sessions."""

    monday: date
    sessions: int
    correct_s: float
    wrong_s: float
    cant_tell_s: float
    unchecked_s: float


@dataclass(frozen=True, slots=True)
class RangeTrend:
    """The best range of a metric, session by session.

    values  (day, value), oldest first, the best set of each session
    first, last  means of the first and last COMPARED sessions; None with fewer than TREND_SESSIONS
    """

    metric: str
    unit: str
    band: float | None
    rises: bool
    values: tuple[tuple[date, float], ...]
    first: float | None
    last: float | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class FaultTrend:
    """A fault of an exercise.

    sessions   in which it occurred, of those with the exercise
    seconds    after the form was first right
    shares     share of the judged time in the first and second half of the sessions, 0 to 1
    """

    exercise: str
    rule: str
    cue: str
    sessions: int
    of_sessions: int
    seconds: float
    shares: tuple[float, float]
    trend: Trend


@dataclass(frozen=True, slots=True)
class ExerciseProgress:
    """An exercise on one side.

    sets, planned  sets that reached their target, and sets that were planned
    right_share    right seconds of the judged ones, 0 to 1; None where nothing was judged
    rejected       reason -> repetitions that did not count
    """

    exercise: str
    side: Side | None
    sessions: int
    sets: int
    planned: int
    correct_s: float
    wrong_s: float
    cant_tell_s: float
    unchecked_s: float
    reps: int
    rejected: tuple[tuple[str, int], ...]
    ranges: tuple[RangeTrend, ...]
    pain_stops: int

    @property
    def right_share(self) -> float | None:
        judged = self.correct_s + self.wrong_s
        return self.correct_s / judged if judged else None

    @property
    def cant_tell_share(self) -> float:
        """Share of the time in which nothing could be judged, 0 to 1."""
        total = self.correct_s + self.wrong_s + self.cant_tell_s
        return self.cant_tell_s / total if total else 0.0


def weeks(sessions: Sequence[SessionRecord], since: date, until: date) -> tuple[WeekTotals, ...]:
    """Each week from that of `since` to that of `until`, also empty ones: gaps are gaps."""
    by_week: dict[date, list[SessionRecord]] = defaultdict(list)
    for each in sessions:
        by_week[monday(each.day)].append(each)
    found = []
    week = monday(since)
    while week <= until:
        sets = [s for session in by_week[week] for s in session.sets]
        found.append(
            WeekTotals(
                monday=week,
                sessions=len(by_week[week]),
                correct_s=sum(s.correct_s for s in sets),
                wrong_s=sum(s.wrong_s for s in sets),
                cant_tell_s=sum(s.cant_tell_s for s in sets),
                unchecked_s=sum(s.unchecked_s for s in sets),
            )
        )
        week += timedelta(days=7)
    return tuple(found)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def exercises(sessions: Sequence[SessionRecord]) -> tuple[ExerciseProgress, ...]:
    """Each exercise and side that was begun, most sessions first."""
    begun: dict[tuple[str, Side | None], list[tuple[SessionRecord, SetRecord]]] = defaultdict(list)
    planned: Counter[tuple[str, Side | None]] = Counter()
    for session in sessions:
        planned.update((each.exercise, each.side) for each in session.planned)
        for each in session.sets:
            begun[each.exercise, each.side].append((session, each))
    made = [_exercise(key, found, planned[key]) for key, found in begun.items()]
    return tuple(sorted(made, key=lambda e: (-e.sessions, e.exercise, e.side or "")))


def _exercise(
    key: tuple[str, Side | None], found: Sequence[tuple[SessionRecord, SetRecord]], planned: int
) -> ExerciseProgress:
    sets = [each for _, each in found]
    rejected: Counter[str] = Counter()
    for each in sets:
        rejected.update(dict(each.rejected))
    done = {(session.id, each.planned) for session, each in found if each.outcome == "done"}
    return ExerciseProgress(
        exercise=key[0],
        side=key[1],
        sessions=len({session.id for session, _ in found}),
        sets=len(done),
        planned=planned,
        correct_s=sum(each.correct_s for each in sets),
        wrong_s=sum(each.wrong_s for each in sets),
        cant_tell_s=sum(each.cant_tell_s for each in sets),
        unchecked_s=sum(each.unchecked_s for each in sets),
        reps=sum(each.reps for each in sets),
        rejected=tuple(rejected.most_common()),
        ranges=_ranges(found),
        pain_stops=sum(each.outcome == "pain" for each in sets),
    )


def _ranges(found: Sequence[tuple[SessionRecord, SetRecord]]) -> tuple[RangeTrend, ...]:
    """The trend of each metric of an exercise on one side."""
    best: dict[str, dict[str, tuple[date, float]]] = defaultdict(dict)
    known: dict[str, RangeRecord] = {}
    for session, each in found:
        for record in each.ranges:
            known[record.metric] = record
            before = best[record.metric].get(session.id)
            choose = max if record.rises else min
            value = record.value if before is None else choose(before[1], record.value)
            best[record.metric][session.id] = (session.day, value)
    return tuple(
        range_trend(record, tuple(best[metric].values())) for metric, record in known.items()
    )


def range_trend(record: RangeRecord, values: tuple[tuple[date, float], ...]) -> RangeTrend:
    """The trend of a metric over its sessions, oldest first. A change counts when the means of
    three sessions differ by more than the error (biomechanics 5.3)."""
    first = last = None
    trend: Trend = "unknown"
    if len(values) >= TREND_SESSIONS:
        first = fmean(value for _, value in values[:COMPARED])
        last = fmean(value for _, value in values[-COMPARED:])
        if record.band is not None:
            gain = (last - first) * (1 if record.rises else -1)
            trend = "same" if abs(gain) <= record.band else "more" if gain > 0 else "less"
    return RangeTrend(
        record.metric, record.unit, record.band, record.rises, values, first, last, trend
    )


def faults(sessions: Sequence[SessionRecord]) -> tuple[FaultTrend, ...]:
    """The faults that occurred in at least two sessions, the longest first."""
    by_exercise: dict[str, list[tuple[SessionRecord, list[SetRecord]]]] = defaultdict(list)
    for session in sessions:
        own: dict[str, list[SetRecord]] = defaultdict(list)
        for each in session.sets:
            own[each.exercise].append(each)
        for exercise, sets in own.items():
            by_exercise[exercise].append((session, sets))
    found = [
        trend
        for exercise, done in by_exercise.items()
        for trend in _faults(exercise, [sets for _, sets in done])
    ]
    return tuple(sorted(found, key=lambda f: -f.seconds))


def _faults(exercise: str, done: Sequence[Sequence[SetRecord]]) -> Iterable[FaultTrend]:
    """The faults of one exercise; `done`: its sets, session by session."""
    lasted: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(done))
    cues: dict[str, str] = {}
    for number, sets in enumerate(done):
        for each in sets:
            for fault in each.faults:
                lasted[fault.rule][number] += max(0.0, fault.seconds - fault.early_s)
                cues[fault.rule] = fault.cue
    judged = [sum(s.correct_s + s.wrong_s for s in sets) for sets in done]
    half = len(done) // 2
    for rule, seconds in lasted.items():
        occurred = sum(s >= SHORTEST_FAULT_S for s in seconds)
        if occurred < 2:
            continue
        shares = (
            _share(sum(seconds[:half]), sum(judged[:half])),
            _share(sum(seconds[half:]), sum(judged[half:])),
        )
        enough = len(done) >= TREND_SESSIONS
        yield FaultTrend(
            exercise=exercise,
            rule=rule,
            cue=cues[rule],
            sessions=occurred,
            of_sessions=len(done),
            seconds=sum(seconds),
            shares=shares,
            trend=_fault_trend(*shares) if enough else "unknown",
        )


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole else 0.0


def _fault_trend(before: float, after: float) -> Trend:
    if after <= RARER * before:
        return "less"
    return "more" if before <= RARER * after else "same"


def pains(history: History, told: Iterable[tuple[date, int]] = ()) -> dict[date, int]:
    """The pain of each day on which it was told, 0 to 10: the first answer of the day that was not
    given after a session. `told`: answers to the question of the day, kept in the settings."""
    found = dict(told)
    for each in history.feelings:
        if each.pain is not None and each.moment in ("before", "next_day"):
            found.setdefault(each.day, each.pain)
    return dict(sorted(found.items()))
