"""Where an exercise begins for this user: at the last pain-free range, a step back after pain.

Only range rules move, by at most `personal_range.MOST_SHARE` of the way to rest, and never beyond
what the file asks for. Alignment, gates and stops stay as they are (biomechanics 2B "Personal
range", 4.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from posecheck.exercise import Exercise, Rule
from posecheck.history.records import History, SessionRecord
from posecheck.session.personal_range import (
    PAIN_SHARE,
    at_rest,
    eased,
    less_demanding,
    todays,
)

SESSIONS_BACK = 10
"""Sessions with an exercise that are looked at; an older range says little about today."""


def personal_start(exercise: Exercise, history: History) -> Exercise:
    """The exercise as it begins today; the same object when nothing moves."""
    done = [s for s in history.sessions if any(x.exercise == exercise.id for x in s.sets)]
    recent = done[-SESSIONS_BACK:]
    if not recent:
        return exercise
    hurt = {(f.session, f.exercise) for f in history.feelings if f.moment == "during"}
    rest = _rest(exercise.id, recent)
    start = exercise
    calm = [s for s in recent if (s.id, exercise.id) not in hurt]
    if calm and (values := _best(exercise.id, calm[-1])):
        rules = tuple(_begun(rule, values, rest) for rule in exercise.rules)
        start = replace(exercise, rules=rules)
    if (recent[-1].id, exercise.id) in hurt:
        start = less_demanding(start, eased(exercise, rest, PAIN_SHARE))
    return exercise if start == exercise else start


def _rest(exercise: str, sessions: Sequence[SessionRecord]) -> dict[str, float]:
    """The rest values of the metrics of an exercise, the newest of each."""
    return {
        metric: value
        for session in sessions
        for (of, metric), value in (session.rests or {}).items()
        if of == exercise
    }


def _best(exercise: str, session: SessionRecord) -> dict[str, float]:
    """The best range of each metric in a session; of two sides the smaller one, so that neither
    begins beyond what it can do."""
    found: dict[str, float] = {}
    by_side: dict[tuple[str, str], float] = {}
    for each in session.sets:
        for best in each.ranges if each.exercise == exercise else ():
            if best.kind != "hold":
                continue
            key = best.metric, each.side or ""
            choose = max if best.rises else min
            by_side[key] = choose(by_side.get(key, best.value), best.value)
            values = [value for (metric, _), value in by_side.items() if metric == best.metric]
            found[best.metric] = min(values) if best.rises else max(values)
    return found


def _begun(rule: Rule, values: Mapping[str, float], rest: Mapping[str, float]) -> Rule:
    """A rule with its demanding bound at the user's range, where that is short of it."""
    if rule.severity != "must" or rule.metric not in values:
        return rule
    return todays(rule, values[rule.metric], at_rest(rule.metric, rest)) or rule
