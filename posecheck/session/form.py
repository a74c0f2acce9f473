"""Is the form right? Rules with hysteresis and patience, and a third answer: not seen.

`FormChecker` takes the values of one frame and answers with a frozen `Verdict`. It knows nothing
of seconds held or repetitions; it never raises in `update`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.body.geometry import NAN
from posecheck.body.measure import expand
from posecheck.exercise import Rule

Form = Literal["right", "wrong", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one frame.

    out     ids of the rules that are broken at this moment (hysteresis, no patience yet)
    faults  ids broken for longer than their patience, in the order of the file
    unseen  ids of rules whose metric is unknown now
    placed  every gate inside; None when a gate is unknown and none is out
    form    gates, musts and stops together: all inside, any out, or not to be known
    stopped a stop is among the faults
    """

    out: frozenset[str]
    faults: tuple[str, ...]
    unseen: tuple[str, ...]
    placed: bool | None
    form: Form
    stopped: bool = False


NOT_SEEN = Verdict(frozenset(), (), (), None, "unknown")


FLICKER_S = 0.5
"""A metric unseen for less than this does not start a rule's patience anew: limbs that hide each
other flicker. After it nobody can say that the rule is broken now, though a fault stays one."""


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
    """Level 1 moves a must bound outward by one more margin; never a stop, never the body line
    (biomechanics 2B, beginner widening). Other levels leave the rule as it is."""
    if level != 1 or rule.severity != "must" or rule.metric.startswith("hip_sag"):
        return rule
    low = None if rule.min is None else rule.min - rule.margin
    high = None if rule.max is None else rule.max + rule.margin
    return replace(rule, min=low, max=high)


def excess(rule: Rule, value: float) -> float:
    """How far a value is outside [min, max]; 0 inside, negative never, NaN for NaN."""
    if value != value:
        return NAN
    below = rule.min - value if rule.min is not None else 0.0
    above = value - rule.max if rule.max is not None else 0.0
    return max(0.0, below, above)


def worst(rule: Rule, values: Mapping[str, float]) -> float:
    """The value a rule is judged on; NaN when it cannot be known.

    Of `x.both` the side that is farther out: a side that is out decides even when the other is not
    seen; a fine side does not. Of `x.min` and `x.max` one side alone decides only when it is
    inside: the one not seen might be the bent leg that was asked for.
    """
    sides = [values.get(spec, NAN) for spec in expand(rule.metric)]
    if len(sides) == 1:
        return sides[0]
    seen = [v for v in sides if v == v]
    if not seen:
        return NAN
    if rule.metric.endswith(".both"):
        value = max(seen, key=lambda v: excess(rule, v))
        return value if len(seen) == 2 or excess(rule, value) > rule.margin else NAN
    if len(seen) == 2:
        return min(seen) if rule.metric.endswith(".min") else max(seen)
    return seen[0] if excess(rule, seen[0]) == 0 else NAN


class FormChecker:
    """The rules of one exercise at one level (1 beginner, 2 as written, 3 as written)."""

    def __init__(self, rules: Iterable[Rule], level: int = 2) -> None:
        self._states: dict[str, _State] = {}
        self.take(rules, level)

    def take(self, rules: Iterable[Rule], level: int) -> None:
        """Judge by these rules from now on; a rule that was there before keeps its state."""
        self.rules = tuple(widened(rule, level) for rule in rules)
        self._gates = [rule for rule in self.rules if rule.severity == "gate"]
        self._others = [rule for rule in self.rules if rule.severity != "gate"]
        self._strict = [rule for rule in self._others if rule.severity in ("must", "stop")]
        self._stops = [rule for rule in self._others if rule.severity == "stop"]
        self._states = {rule.id: self._states.get(rule.id, _State()) for rule in self.rules}

    def update(self, t: float, values: Mapping[str, float]) -> Verdict:
        """Judge one frame. While a gate is out the other rules are at rest: a person on the way
        into the pose has no faults yet."""
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
        state.unseen = beyond != beyond
        state.lost = state.unseen and t - state.seen_t > FLICKER_S
        if state.unseen:
            if state.lost and not state.fault:
                state.out_since = None
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
