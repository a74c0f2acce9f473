"""Targets for today's body: eased after a mild pain, or moved to the range that is there.

Only rules of kind "range" move, and only their demanding bound: the one between the resting value
and the band. Alignment, gates and stops stay as the file says (biomechanics 2B "Personal range",
4.3). Rest values are keyed by metric, as the rules judge them (form.worst); NaN or missing is
unknown, except for a metric against the own neutral, which rests where it started.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from posecheck.body.baseline import LEARN_S, QUIET
from posecheck.body.geometry import NAN
from posecheck.body.measure import resolve
from posecheck.exercise import Exercise, HysteresisBand, Reps, Rule, SecondCondition
from posecheck.session.form import FLICKER_S, Verdict, excess, worst

PAIN_SHARE = 0.2
""""Come back a fifth of the way" (biomechanics 4.3)."""
MOST_SHARE = 0.4
"""The farthest that a bound moves towards rest (biomechanics 2B)."""
STEADY_S = 4.0
STEADY_DEG, STEADY_RATIO = 3.0, 0.03
"""Standard deviation over STEADY_S below which a value is the end of today's range and not a
movement: degrees (and percent), or a ratio (biomechanics 2B)."""
DEPTH_LEAST = 20.0
"""A forward bend that is asked to be deeper than this is not eased below it, degrees: less is
standing, not bending (biomechanics 2B). Bends whose own bound is lower follow the share alone."""


def eased(exercise: Exercise, rest: Mapping[str, float], share: float = PAIN_SHARE) -> Exercise:
    """The exercise with every target moved `share` of the way to rest, 0 to MOST_SHARE (more is
    taken as that): the demanding bound of range rules, and the peak of repetitions, whose rest is
    their own. A rule whose rest is unknown or inside its band stays as it is.

    Give it the exercise as the file has it: shares of an eased one add up.
    """
    share = min(share, MOST_SHARE)
    return replace(
        exercise,
        rules=tuple(_moved(rule, _at_rest(rule.metric, rest), share) for rule in exercise.rules),
        reps=_smaller(exercise.reps, rest, share) if exercise.reps else None,
    )


def todays(rule: Rule, value: float, rest: float) -> Rule | None:
    """The rule with its demanding bound moved to `value`, at most MOST_SHARE of the way to `rest`.
    None when the rule is not about range, when value or rest is unknown (NaN), when the value is
    not short of the band on the side of rest, or when the bound may not move."""
    limit = _moved(rule, rest, MOST_SHARE)
    if rule.min is not None and limit.min is not None and max(value, limit.min) < rule.min:
        return replace(rule, min=max(value, limit.min))
    if rule.max is not None and limit.max is not None and min(value, limit.max) > rule.max:
        return replace(rule, max=min(value, limit.max))
    return None


def _moved(rule: Rule, rest: float, share: float) -> Rule:
    """The demanding bound `share` of the way to rest; the same rule where there is none."""
    if rule.kind != "range" or rule.severity not in ("must", "advice"):
        return rule
    if rule.min is not None and rest < rule.min:
        low = rule.min - share * (rule.min - rest)
        if rule.min > DEPTH_LEAST and resolve(rule.metric).metric.name.startswith("trunk_incl"):
            low = max(low, DEPTH_LEAST)
        return replace(rule, min=low)
    if rule.max is not None and rest > rule.max:
        return replace(rule, max=rule.max + share * (rest - rule.max))
    return rule


def _smaller(reps: Reps, rest: Mapping[str, float], share: float) -> Reps:
    also = reps.also
    if also is not None:
        at = _at_rest(also.metric, rest)
        also = SecondCondition(also.metric, _nearer(also.peak, at, at, share)) if at == at else also
    return replace(
        reps, peak=_nearer(reps.peak, reps.rest.enter, reps.rest.leave, share), also=also
    )


def _nearer(peak: HysteresisBand, rest: float, limit: float, share: float) -> HysteresisBand:
    """A peak `share` of the way from its enter mark to rest. Both marks move by the same, and the
    leave mark does not pass `limit`: the rest must be left before the peak can be."""
    sign = 1.0 if peak.enter > rest else -1.0
    by = min(share * abs(peak.enter - rest), max(0.0, sign * (peak.leave - limit)))
    return HysteresisBand(peak.enter - sign * by, peak.leave - sign * by)


def _at_rest(spec: str, rest: Mapping[str, float]) -> float:
    """The resting value of a metric: measured, or known by definition, else NaN."""
    value = rest.get(spec, NAN)
    return value if value == value else _neutral(spec)


def _neutral(spec: str) -> float:
    """What a metric against the own neutral is there: what it makes of two equal values (0 for a
    difference, 1 for a ratio). NaN for other metrics."""
    metric = resolve(spec).metric
    if metric.fused:
        return 0.0  # the mean of a turn and a narrowing, both 0 at the neutral
    return metric.relate(1.0, 1.0) if metric.relate else NAN


class Targets:
    """The targets of a session: what the files say, where the person rests, what was eased.

    eased  ids of the exercises that have an eased target
    """

    def __init__(self) -> None:
        self.eased: set[str] = set()
        self._written: dict[str, Exercise] = {}
        self._rests: dict[str, Mapping[str, float]] = {}

    def written(self, exercise: Exercise) -> Exercise:
        """The exercise as its file has it: shares of an eased target would add up."""
        return self._written.get(exercise.id, exercise)

    def rest(self, exercise: Exercise) -> Mapping[str, float]:
        """Where its metrics rest; empty before anything is known."""
        return self._rests.get(exercise.id, {})

    def rested(self, exercise: Exercise, rest: Mapping[str, float]) -> None:
        """Remember where the metrics rest. The first set that saw it is believed: in a later one
        the person may be in the pose already when they are still."""
        if rest:
            self._rests.setdefault(exercise.id, rest)

    def after_pain(self, exercise: Exercise) -> Exercise:
        """A fifth of the way to rest; a second time, or after today's range, as far as a target
        may go. Never more than is asked now."""
        share = MOST_SHARE if exercise.id in self.eased else PAIN_SHARE
        return self._take(exercise, eased(self.written(exercise), self.rest(exercise), share))

    def of_today(self, exercise: Exercise, moved: Rule) -> Exercise:
        """With one rule moved to today's range."""
        rules = tuple(moved if rule.id == moved.id else rule for rule in exercise.rules)
        return self._take(exercise, replace(exercise, rules=rules))

    def _take(self, now: Exercise, then: Exercise) -> Exercise:
        self._written.setdefault(now.id, now)
        self.eased.add(now.id)
        return _less_demanding(now, then)


def _less_demanding(a: Exercise, b: Exercise) -> Exercise:
    """One exercise with the wider bounds and the smaller peaks of two of its versions."""
    rules = tuple(
        replace(mine, min=_widest(min, mine.min, other.min), max=_widest(max, mine.max, other.max))
        for mine, other in zip(a.rules, b.rules, strict=True)
    )
    reps = a.reps
    if a.reps is not None and b.reps is not None:
        reps = min(a.reps, b.reps, key=lambda r: abs(r.peak.enter - r.rest.enter))
    return replace(b, rules=rules, reps=reps)


def _widest(
    choose: Callable[[float, float], float], a: float | None, b: float | None
) -> float | None:
    return None if a is None or b is None else choose(a, b)


class RestValues:
    """Where the metrics of an exercise's range rules are while the person rests. Metrics against
    the own neutral are left out: their rest needs no measuring.

    Give it the values of a set from its first frame until the exercise begins, and {} for frames
    that are blind. Medians of the first LEARN_S quiet seconds (drift at most QUIET, as for the
    baseline); restlessness before that starts anew, nothing after it changes them: a later
    stillness might be the exercise itself.
    """

    def __init__(self, exercise: Exercise) -> None:
        ranges = (rule for rule in exercise.rules if rule.kind == "range")
        self._rules = {r.metric: r for r in ranges if math.isnan(_neutral(r.metric))}
        self._samples: dict[str, list[float]] = {metric: [] for metric in self._rules}
        self._quiet_since: float | None = None
        self._known = False

    def update(self, t: float, values: Mapping[str, float]) -> None:
        """Take the values of one frame, with "drift" among them. `t` in seconds, increasing."""
        if self._known:
            return
        if not values.get("drift", NAN) <= QUIET:
            self._quiet_since = None
            for samples in self._samples.values():
                samples.clear()
            return
        if self._quiet_since is None:
            self._quiet_since = t
        for metric, rule in self._rules.items():
            if (value := worst(rule, values)) == value:
                self._samples[metric].append(value)
        self._known = t - self._quiet_since >= LEARN_S

    @property
    def values(self) -> dict[str, float]:
        """Medians by metric, of what is known so far; a metric that was not seen is missing."""
        return {metric: median(samples) for metric, samples in self._samples.items() if samples}


@dataclass(frozen=True, slots=True)
class RangeOffer:
    """ "Use today's range": the rule to judge by for the rest of the session."""

    rule: Rule


class PersonalRange:
    """One set's offers of today's range, from the exercise as the file has it.

    An offer comes when range musts are all that is missing, each short of its band, everything
    else strict is seen to be right, there is no pain, and the value has been steady for STEADY_S
    within the MOST_SHARE that the bound may move. Farther off, the moved bound would not be met
    either; there the person has not begun, or needs the easier variant. A rule is offered once,
    one rule at a time, in the order of the file.
    """

    def __init__(self, exercise: Exercise) -> None:
        strict = [rule for rule in exercise.rules if rule.severity != "advice"]
        self._strict = {rule.id for rule in strict}
        self._ranges = {r.id: r for r in strict if r.severity == "must" and r.kind == "range"}
        self._past: dict[str, deque[tuple[float, float]]] = {}
        self._good_t = -math.inf
        self._since: dict[str, float] = {}
        self._offered: set[str] = set()
        self._offer: RangeOffer | None = None

    def update(
        self,
        t: float,
        verdict: Verdict,
        values: Mapping[str, float],
        rest: Mapping[str, float],
        pain: bool,
    ) -> RangeOffer | None:
        """The offer that stands now. The same one stands as long as its reasons do; what is not
        seen for less than FLICKER_S ends nothing. `pain`: there was pain in this exercise. `t` in
        seconds, increasing."""
        good = False if pain else self._only_range_missing(verdict)
        if good is False or t - self._good_t > FLICKER_S:
            self._past.clear()
            self._since.clear()
            self._offer = None
        if good:
            self._good_t = t
            self._take(t, verdict, values)
        if self._offer is not None and not self._steady(self._offer.rule):
            self._offer = None
        if good and self._offer is None:
            self._offer = self._new_offer(t, rest)
        return self._offer

    def _only_range_missing(self, verdict: Verdict) -> bool | None:
        """None when it cannot be seen."""
        broken = verdict.out & self._strict
        if not broken <= self._ranges.keys():
            return False
        if verdict.placed is None or self._strict.intersection(verdict.unseen):
            return None
        return bool(broken)

    def _take(self, t: float, verdict: Verdict, values: Mapping[str, float]) -> None:
        for rule_id, rule in self._ranges.items():
            if rule_id not in verdict.out:
                self._past.pop(rule_id, None)
                self._since.pop(rule_id, None)
                if self._offer is not None and self._offer.rule.id == rule_id:
                    self._offer = None
                continue
            self._since.setdefault(rule_id, t)
            past = self._past.setdefault(rule_id, deque())
            if (value := worst(rule, values)) == value:
                past.append((t, value))
            while past and t - past[0][0] > STEADY_S:
                past.popleft()

    def _steady(self, rule: Rule) -> bool:
        values = [value for _, value in self._past.get(rule.id, ())]
        most = STEADY_RATIO if resolve(rule.metric).metric.unit == "ratio" else STEADY_DEG
        return bool(values) and float(np.std(values)) < most

    def _new_offer(self, t: float, rest: Mapping[str, float]) -> RangeOffer | None:
        """For the first rule that may have one, if every missing rule is short of its band."""
        found: Rule | None = None
        for rule in (rule for rule_id, rule in self._ranges.items() if rule_id in self._past):
            past = self._past[rule.id]
            value = median(v for _, v in past) if past else NAN
            moved = todays(rule, value, _at_rest(rule.metric, rest))
            if moved is None:
                return None
            if found is None and excess(moved, value) == 0 and self._ready(t, rule):
                found = moved
        if found is None:
            return None
        self._offered.add(found.id)
        return RangeOffer(found)

    def _ready(self, t: float, rule: Rule) -> bool:
        lasted = t - self._since[rule.id] >= STEADY_S
        return lasted and rule.id not in self._offered and self._steady(rule)
