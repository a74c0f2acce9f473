"""Judges the form: rules with hysteresis and patience, and "not seen" as a third answer.

`FormChecker` takes the values of one frame and returns a frozen `Verdict`. It counts neither
seconds nor repetitions, and `update` never raises.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.body.geometry import NAN
from posecheck.body.measure import expand
from posecheck.exercise import Rule

Form = Literal["right", "wrong", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of the rules on one frame.

    out      ids of the rules that are broken in this frame, after hysteresis and before patience
    faults   ids of the rules broken for at least their patience, in the order of the file
    unseen   ids of the rules whose metric is unknown in this frame
    placed   True when every gate is inside, False when one is out, None when one is unknown and
             none is out
    form     gates, musts and stops together: "right" when all are inside, "wrong" when one is out,
             else "unknown"
    stopped  a stop is among the faults
    """

    out: frozenset[str]
    faults: tuple[str, ...]
    unseen: tuple[str, ...]
    placed: bool | None
    form: Form
    stopped: bool = False


NOT_SEEN = Verdict(frozenset(), (), (), None, "unknown")


FLICKER_S = 0.5
"""A metric that is unseen for at most this long does not restart a rule's patience: limbs that hide
each other flicker. After a longer gap the rule no longer counts as out, but a fault remains."""
REMEMBERED_S = 5.0
"""So long the gate that tells another exercise from this one stays shut after its joints were last
seen: a foot behind a chair leg is hidden for up to 8 s at a time, and is still crossed."""


@dataclass(slots=True)
class _State:
    out_since: float | None = None
    fault: bool = False
    unseen: bool = False
    lost: bool = False
    seen_t: float = 0.0

    @property
    def out(self) -> bool:
        return self.out_since is not None and not self.lost


def widened(rule: Rule, level: int) -> Rule:
    """The rule at a level. Level 1 moves the bounds of a must outward by one more margin, but never
    those of a stop or of the body line (biomechanics 2B, beginner widening). Other levels leave the
    rule unchanged."""
    if level != 1 or rule.severity != "must" or rule.metric.startswith("hip_sag"):
        return rule
    low = None if rule.min is None else rule.min - rule.margin
    high = None if rule.max is None else rule.max + rule.margin
    return replace(rule, min=low, max=high)


def excess(rule: Rule, value: float) -> float:
    """Distance of a value from [min, max], 0 or more, in the unit of the metric; 0 inside, NaN for
    NaN."""
    if math.isnan(value):
        return NAN
    below = rule.min - value if rule.min is not None else 0.0
    above = value - rule.max if rule.max is not None else 0.0
    return max(0.0, below, above)


def worst(rule: Rule, values: Mapping[str, float]) -> float:
    """The value that a rule is judged on; NaN when it cannot be known.

    `x.both` gives the side that is farther out. When only one side is seen, it decides if it is out
    by more than the margin; if it is fine, the other one may still be out. For `x.min` and `x.max`
    a single side decides only when it is inside: the hidden side may be the leg that the exercise
    wants bent. Where the rule excludes another exercise (`if_seen`), it decides only when the
    hidden side could not change the answer.
    """
    sides = [values.get(spec, NAN) for spec in expand(rule.metric)]
    if len(sides) == 1:
        return sides[0]
    seen = [v for v in sides if not math.isnan(v)]
    if not seen:
        return NAN
    if rule.metric.endswith(".both"):
        value = max(seen, key=lambda v: excess(rule, v))
        return value if len(seen) == 2 or excess(rule, value) > rule.margin else NAN
    if len(seen) == 2:
        return min(seen) if rule.metric.endswith(".min") else max(seen)
    inside = excess(rule, seen[0]) == 0
    if rule.if_seen:
        # The least of both sides is at most this one, the greatest of them at least.
        least = rule.metric.endswith(".min")
        kept, broken = (rule.max, rule.min) if least else (rule.min, rule.max)
        return seen[0] if (broken if inside else kept) is None else NAN
    return seen[0] if inside else NAN


class FormChecker:
    """The rules of one exercise at one level (1 beginner, 2 as written, 3 as written)."""

    def __init__(self, rules: Iterable[Rule], level: int = 2) -> None:
        self._states: dict[str, _State] = {}
        self.take(rules, level)

    def take(self, rules: Iterable[Rule], level: int) -> None:
        """Judge by these rules from now on. A rule whose id was known before keeps its state."""
        self.rules = tuple(widened(rule, level) for rule in rules)
        self._gates = [rule for rule in self.rules if rule.severity == "gate"]
        self._others = [rule for rule in self.rules if rule.severity != "gate"]
        self._strict = [rule for rule in self._others if rule.severity in ("must", "stop")]
        self._stops = [rule for rule in self._others if rule.severity == "stop"]
        self._states = {rule.id: self._states.get(rule.id, _State()) for rule in self.rules}

    def update(self, t: float, values: Mapping[str, float]) -> Verdict:
        """Judge one frame at time t (seconds, increasing). While a gate is out, the other rules are
        reset: a person on the way into the pose has no faults yet."""
        for rule in self._gates:
            self._judge(t, rule, worst(rule, values))
        placed = self._all_inside(self._gates)
        for rule in self._others:
            if placed is False:
                self._states[rule.id] = _State()
            else:
                self._judge(t, rule, worst(rule, values))
        states = self._states
        return Verdict(
            out=frozenset([rule_id for rule_id, state in states.items() if state.out]),
            faults=tuple([rule_id for rule_id, state in states.items() if state.fault]),
            unseen=tuple([rule_id for rule_id, state in states.items() if state.unseen]),
            placed=placed,
            form=self._form(placed),
            stopped=any(states[rule.id].fault for rule in self._stops),
        )

    def _judge(self, t: float, rule: Rule, value: float) -> None:
        state = self._states[rule.id]
        beyond = excess(rule, value)
        hidden = math.isnan(beyond)
        state.unseen = hidden and not rule.if_seen
        patience_s = REMEMBERED_S if rule.if_seen and state.fault else FLICKER_S
        state.lost = hidden and t - state.seen_t > patience_s
        if hidden:
            if state.lost and (rule.if_seen or not state.fault):
                state.out_since, state.fault = None, False
            return
        state.seen_t = t
        if beyond == 0:
            state.out_since, state.fault = None, False
        elif beyond > rule.margin and state.out_since is None:
            state.out_since = t
        if state.out_since is not None and t - state.out_since >= rule.grace_s:
            state.fault = True

    def _all_inside(self, rules: list[Rule]) -> bool | None:
        states = [self._states[r.id] for r in rules]
        if any(s.out for s in states):
            return False
        return None if any(s.unseen for s in states) else True

    def _form(self, placed: bool | None) -> Form:
        if placed is False:
            return "wrong"
        strict = self._all_inside(self._strict)
        if strict is False:
            return "wrong"
        return "right" if placed and strict else "unknown"
