"""Adapts the targets of a session: eased after a mild pain, or moved to the user's range of today.

Only rules of kind "range" move, and only their demanding bound, which lies between the resting
value and the band. Rules of alignment, gates and stops stay as the file has them (biomechanics 2B
"Personal range", 4.3). Rest values are keyed by metric, as the rules judge them (`form.worst`). A
rest value that is NaN or missing is unknown, except for a metric relative to the person's neutral,
which rests at the neutral.
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
"""Share of the way to rest by which a mild pain moves a target: "come back a fifth of the way"
(biomechanics 4.3)."""
MOST_SHARE = 0.4
"""Maximum share of the way to rest by which a target moves (biomechanics 2B)."""
STEADY_S = 4.0
STEADY_DEG, STEADY_RATIO = 3.0, 0.03
"""Standard deviation over STEADY_S, below which a value is taken for the end of today's range and
not for a movement: in degrees or per cent, and for ratios (biomechanics 2B)."""
DEPTH_LEAST = 20.0
"""Minimum bound of an eased forward bend, degrees: less is standing and not bending (biomechanics
2B). A bend whose file asks for less follows the share alone."""


def eased(exercise: Exercise, rest: Mapping[str, float], share: float = PAIN_SHARE) -> Exercise:
    """The exercise with every target moved by `share` of the way to rest, 0 to MOST_SHARE; larger
    shares are clipped. Targets are the demanding bounds of range rules and the peak of repetitions,
    which has its own rest. A rule whose rest value is unknown or inside its band is unchanged.

    Pass the exercise as its file has it: easing an eased exercise would add the shares up.
    """
    share = min(share, MOST_SHARE)
    return replace(
        exercise,
        rules=tuple(_moved(rule, at_rest(rule.metric, rest), share) for rule in exercise.rules),
        reps=_smaller(exercise.reps, rest, share) if exercise.reps else None,
    )


def todays(rule: Rule, value: float, rest: float) -> Rule | None:
    """The rule with its demanding bound moved to `value`, by at most MOST_SHARE of the way to
    `rest`. None when the rule is not of kind "range", when `value` or `rest` is NaN, when `value`
    is not outside the band on the side of rest, or when the bound may not move."""
    limit = _moved(rule, rest, MOST_SHARE)
    if rule.min is not None and limit.min is not None and max(value, limit.min) < rule.min:
        return replace(rule, min=max(value, limit.min))
    if rule.max is not None and limit.max is not None and min(value, limit.max) > rule.max:
        return replace(rule, max=min(value, limit.max))
    return None


def _moved(rule: Rule, rest: float, share: float) -> Rule:
    """The rule with its demanding bound moved by `share` of the way to rest; unchanged where it has
    none."""
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
        at = at_rest(also.metric, rest)
        if not math.isnan(at):
            also = SecondCondition(also.metric, _nearer(also.peak, at, at, share))
    return replace(
        reps, peak=_nearer(reps.peak, reps.rest.enter, reps.rest.leave, share), also=also
    )


def _nearer(peak: HysteresisBand, rest: float, limit: float, share: float) -> HysteresisBand:
    """The peak moved by `share` of the way from its enter threshold to rest. Both thresholds move
    by the same amount, and the leave threshold stops at `limit`, so that the limb leaves the peak
    before it reaches the rest."""
    sign = 1.0 if peak.enter > rest else -1.0
    by = min(share * abs(peak.enter - rest), max(0.0, sign * (peak.leave - limit)))
    return HysteresisBand(peak.enter - sign * by, peak.leave - sign * by)


def at_rest(spec: str, rest: Mapping[str, float]) -> float:
    """The resting value of a metric, measured or by definition; NaN when unknown."""
    value = rest.get(spec, NAN)
    return _neutral(spec) if math.isnan(value) else value


def _neutral(spec: str) -> float:
    """The value that a relative metric has at the neutral: 0 for a difference, 1 for a ratio. NaN
    for other metrics."""
    metric = resolve(spec).metric
    if metric.fused:
        return 0.0  # the mean of a turn and a narrowing, both 0 at the neutral
    return metric.relate(1.0, 1.0) if metric.relate else NAN


class Targets:
    """The targets of a session: exercises as their files have them, rest values, eased exercises.

    eased  ids of the exercises that have an eased target
    """

    def __init__(self, written: Mapping[str, Exercise] | None = None) -> None:
        """`written`: by id, the files' versions of exercises that begin with a moved target."""
        self._written: dict[str, Exercise] = dict(written or {})
        self.eased: set[str] = set(self._written)
        self._rests: dict[str, Mapping[str, float]] = {}

    def written(self, exercise: Exercise) -> Exercise:
        """The exercise as its file has it, whatever has been eased since."""
        return self._written.get(exercise.id, exercise)

    def rest(self, exercise: Exercise) -> Mapping[str, float]:
        """The rest values of the exercise's metrics; empty before any is known."""
        return self._rests.get(exercise.id, {})

    @property
    def rests(self) -> dict[tuple[str, str], float]:
        """(exercise id, metric) -> its rest value, for all that are known."""
        return {
            (exercise, metric): value
            for exercise, rest in self._rests.items()
            for metric, value in rest.items()
        }

    def rested(self, exercise: Exercise, rest: Mapping[str, float]) -> None:
        """Store rest values. Those of the first set are kept: in a later set the person may already
        be in the pose when they are still."""
        if rest:
            self._rests.setdefault(exercise.id, rest)

    def after_pain(self, exercise: Exercise) -> Exercise:
        """The exercise eased by PAIN_SHARE or, if it was eased before, by MOST_SHARE. No target
        becomes more demanding than it is now."""
        share = MOST_SHARE if exercise.id in self.eased else PAIN_SHARE
        return self._take(exercise, eased(self.written(exercise), self.rest(exercise), share))

    def of_today(self, exercise: Exercise, moved: Rule) -> Exercise:
        """The exercise with one rule moved to today's range."""
        rules = tuple(moved if rule.id == moved.id else rule for rule in exercise.rules)
        return self._take(exercise, replace(exercise, rules=rules))

    def _take(self, now: Exercise, then: Exercise) -> Exercise:
        self._written.setdefault(now.id, now)
        self.eased.add(now.id)
        return less_demanding(now, then)


def less_demanding(a: Exercise, b: Exercise) -> Exercise:
    """Of two versions of one exercise, the wider bounds and the smaller peak."""
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
    """Measures the rest values of an exercise's range rules. Metrics relative to the neutral are
    left out: their rest value is known.

    Call `update` from the first frame of a set until the exercise begins, with {} for frames that
    cannot be judged. A rest value is the median over the first LEARN_S quiet seconds (drift at most
    QUIET, as for the baseline). Movement before that restarts the collection. Later frames change
    nothing, because the person's next stillness may be the exercise itself.
    """

    def __init__(self, exercise: Exercise) -> None:
        ranges = (rule for rule in exercise.rules if rule.kind == "range")
        self._rules = {r.metric: r for r in ranges if math.isnan(_neutral(r.metric))}
        self._samples: dict[str, list[float]] = {metric: [] for metric in self._rules}
        self._quiet_since: float | None = None
        self._known = False

    def update(self, t: float, values: Mapping[str, float]) -> None:
        """Add the values of one frame at time t (seconds, increasing); they must include
        "drift"."""
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
            if not math.isnan(value := worst(rule, values)):
                self._samples[metric].append(value)
        self._known = t - self._quiet_since >= LEARN_S

    @property
    def values(self) -> dict[str, float]:
        """The medians so far, by metric; a metric that was not seen is missing."""
        return {metric: median(samples) for metric, samples in self._samples.items() if samples}


@dataclass(frozen=True, slots=True)
class RangeOffer:
    """The offer to use today's range: the moved rule, for the rest of the session."""

    rule: Rule


class PersonalRange:
    """Decides when to offer today's range in one set. `exercise`: as its file has it.

    An offer needs all of this: only musts of kind "range" are broken, each of them short of its
    band; every other strict rule is seen and right; there was no pain; and the value has been
    steady for STEADY_S, within MOST_SHARE of the way to rest. Farther off, the moved bound would
    not be met either: the person has not begun, or needs the easier variant. Each rule is offered
    once, one at a time, in the order of the file.
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
        """The current offer, None for none. It stays while its conditions hold; a gap of up to
        FLICKER_S in which they cannot be seen does not end it. `pain`: there was pain in this
        exercise. `t` in seconds, increasing."""
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
        """Whether range musts are the only strict rules that are broken; None when that cannot be
        seen."""
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
            if not math.isnan(value := worst(rule, values)):
                past.append((t, value))
            while past and t - past[0][0] > STEADY_S:
                past.popleft()

    def _steady(self, rule: Rule) -> bool:
        values = [value for _, value in self._past.get(rule.id, ())]
        most = STEADY_RATIO if resolve(rule.metric).metric.unit == "ratio" else STEADY_DEG
        return bool(values) and float(np.std(values)) < most

    def _new_offer(self, t: float, rest: Mapping[str, float]) -> RangeOffer | None:
        """An offer for the first rule that may have one, if every broken rule is short of its
        band."""
        found: Rule | None = None
        for rule in (rule for rule_id, rule in self._ranges.items() if rule_id in self._past):
            past = self._past[rule.id]
            value = median(v for _, v in past) if past else NAN
            moved = todays(rule, value, at_rest(rule.metric, rest))
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
