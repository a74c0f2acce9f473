"""From poses to values: metric names with sides, values over time, values against a baseline.

A rule names a metric as `name`, `name.side` or `gap(part.side,part.side)`. `Measurer` turns a
stream of poses into the raw values an exercise needs; what is measured against the person's own
neutral is added by `body/baseline.py`. A value that cannot be known is NaN, never a guess. The
formulas are in `body/metrics.py`.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from posecheck.body.back_contour import BackContour, back_contour
from posecheck.body.geometry import NAN, Body, norm, safe, sub, turn_from_camera
from posecheck.body.metrics import ANY, METRICS, Metric
from posecheck.exercise import Exercise, View
from posecheck.pose import PAIRED, Pose, Side, opposite

Values = dict[str, float]

_TOKENS: Mapping[str, str] = {
    "near": "near", "far": "far", "work": "work", "other": "other",
    "left": "left", "right": "right", "L": "left", "R": "right",
    "min": "min", "max": "max", "mean": "mean", "mid": "mean", "both": "both",
    "moving_leg": "moving_leg",
}  # fmt: skip

_GAP = re.compile(r"(gap3?)\((\w+)\.(\w+),(\w+)\.(\w+)\)")


class UnknownMetric(ValueError):
    """A metric name that nothing measures; the text says which and suggests one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric name as a rule writes it, understood.

    side   one of the side tokens, "" for a metric without side
    ends   for gap(a,b): the two joints as (part, token)
    """

    spec: str
    metric: Metric
    side: str = ""
    ends: tuple[tuple[str, str], ...] = ()

    @property
    def views(self) -> frozenset[View]:
        return self.metric.views

    @property
    def joints(self) -> tuple[str, ...]:
        """Body parts that must be seen."""
        return (*self.metric.joints, *(part for part, _ in self.ends))

    @property
    def sided(self) -> bool:
        """Whether it means nothing without a working side."""
        tokens = {self.side, *(token for _, token in self.ends)}
        return self.metric.work or bool(tokens & {"work", "other"})

    @property
    def base(self) -> str:
        """The spec of the raw value that the baseline must know; "" for a raw metric."""
        if not self.metric.base:
            return ""
        return f"{self.metric.base}.{self.side}" if self.side else self.metric.base


def _gap_metric(kind: str) -> Metric:
    where = "in the world" if kind == "gap3" else "in the picture"
    trunk = ("shoulder", "hip")
    return Metric(kind, "ratio", 0, 10, ANY, trunk, f"distance of two joints {where} / trunk")


_GAPS = {kind: _gap_metric(kind) for kind in ("gap", "gap3")}


def resolve(spec: str) -> Measure:
    """Understand a metric name. UnknownMetric, with a suggestion, when there is no such thing."""
    if found := _GAP.fullmatch(spec.replace(" ", "")):
        kind, part_a, side_a, part_b, side_b = found.groups()
        ends = tuple(
            (_part(p, spec), _token(s, spec)) for p, s in ((part_a, side_a), (part_b, side_b))
        )
        return Measure(spec, _GAPS[kind], "", ends)
    name, _, side = spec.partition(".")
    metric = METRICS.get(name)
    if metric is None:
        raise UnknownMetric(f"unknown metric '{name}'{_suggest(name, METRICS)}")
    if metric.sided != bool(side):
        need = "needs a side, as in" if metric.sided else "has no side; write"
        raise UnknownMetric(f"metric '{name}' {need} '{name}{'.near' if metric.sided else ''}'")
    return Measure(spec, metric, _token(side, spec) if side else "")


def _suggest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def _part(part: str, spec: str) -> str:
    if part not in PAIRED:
        raise UnknownMetric(f"unknown body part '{part}' in '{spec}'{_suggest(part, PAIRED)}")
    return part


def _token(token: str, spec: str) -> str:
    if token not in _TOKENS:
        raise UnknownMetric(f"unknown side '{token}' in '{spec}'{_suggest(token, _TOKENS)}")
    return _TOKENS[token]


PAIRS = ("both", "min", "max")


def expand(spec: str) -> tuple[str, ...]:
    """The values behind a name that speaks of both sides: `x.both`, `x.min` and `x.max` stand for
    `x.left` and `x.right`; any other name stands for itself."""
    name, _, side = spec.partition(".")
    return (f"{name}.left", f"{name}.right") if side in PAIRS else (spec,)


def specs_of(exercise: Exercise) -> tuple[str, ...]:
    """Every metric name an exercise is judged and counted on, each once."""
    names = [rule.metric for rule in exercise.rules]
    if reps := exercise.reps:
        names += [f"{reps.metric}.both" if reps.each else reps.metric]
        names += [reps.also.metric] if reps.also else []
    return tuple(dict.fromkeys(names))


def with_sides(spec: str) -> tuple[str, ...]:
    """A name and the values behind it; `x.both` is no value of its own."""
    return expand(spec) if spec.endswith(".both") else tuple(dict.fromkeys((spec, *expand(spec))))


def _raw(spec: str) -> Iterable[str]:
    """The raw values that a name is made from."""
    for name in with_sides(spec):
        measure = resolve(name)
        for part in measure.metric.fused:
            yield resolve(part).base
        if not measure.metric.fused:
            yield measure.base or name
        if measure.metric.name == "back_rounded_score":
            yield from SCORE_PARTS


# --- values of one body -------------------------------------------------------------------------

_Value = Callable[[Body], float]


def _side(token: str, work: Side | None) -> Callable[[Body], Side]:
    """The person's own left or right that a token names; work is the near side where none is
    given (exercises without a working side, or with alternating ones)."""
    match token:
        case "near":
            return lambda b: b.near
        case "far":
            return lambda b: b.far
        case "work":
            return lambda b: work or b.near
        case "other":
            return lambda b: opposite(work or b.near)
        case "moving_leg":
            return lambda b: (
                "left"
                if not b.corner("hip", "knee", "ankle", "left")
                >= b.corner("hip", "knee", "ankle", "right")
                else "right"
            )
        case "left":
            return lambda b: "left"
        case _:
            return lambda b: "right"


_COMBINE: Mapping[str, Callable[[float, float], float]] = {
    # min and max take the one limb that is seen; a mean needs both
    "min": lambda a, b: min(a, b) if a == a and b == b else (a if a == a else b),
    "max": lambda a, b: max(a, b) if a == a and b == b else (a if a == a else b),
    "mean": lambda a, b: (a + b) / 2,
}


def _gap_value(measure: Measure, work: Side | None) -> _Value:
    (part_a, token_a), (part_b, token_b) = measure.ends
    side_a, side_b = _side(token_a, work), _side(token_b, work)
    if measure.metric.name == "gap":
        return lambda b: safe(abs(b.p(part_a, side_a(b)) - b.p(part_b, side_b(b))), b.trunk_px)
    return lambda b: safe(norm(sub(b.w(part_a, side_a(b)), b.w(part_b, side_b(b)))), b.trunk_m)


def _value(measure: Measure, work: Side | None) -> _Value | None:
    """The function of one body for a raw measure; None for values over time and of the spine."""
    if measure.ends:
        return _gap_value(measure, work)
    formula = measure.metric.formula
    if formula is None:
        return None
    if measure.side in _COMBINE:
        combine = _COMBINE[measure.side]
        return lambda b: combine(formula(b, "left"), formula(b, "right"))
    side = _side(measure.side or "near", work)
    if measure.metric.work and work == "right":
        return lambda b: -formula(b, side(b))
    return lambda b: formula(b, side(b))


# --- values over time ---------------------------------------------------------------------------

SCORE_PARTS = ("trunk_to_leg", "hinge_ratio")
NEAR_AFTER_S = 1.0
"""Contrary evidence needed before the near side changes (biomechanics 2A.1)."""
BACK_EVERY_S = 0.15
"""The back contour is made about 6 times a second (biomechanics 2D.3: 5 to 8 Hz)."""
BACK_KEPT_S = 0.5
ENERGY_S = 0.5
TREND_S = 4.0
SWING_DEG = 50.0
"""Arms farther than this from level are on their way up or down, not circling."""
FEW = 2.5
"""How much older than usual a past value may be when there are but two: 1.25 s for the drift."""
STALE_S = 1.0
STEP_S = 0.02
"""Frames closer than this give no speed of their own: the jitter of a landmark is as large from one
frame to the next at 60 frames a second as at 30, and would read as twice the speed."""


@dataclass(slots=True)
class _Past:
    """Recent (t, value) pairs, newest last, no older than `keep_s`, at least `step_s` apart."""

    keep_s: float
    step_s: float = 0.0
    items: deque[tuple[float, complex]] = field(default_factory=deque)

    def too_soon(self, t: float) -> bool:
        return bool(self.items) and t - self.items[-1][0] < self.step_s

    def add(self, t: float, value: complex) -> None:
        if value == value and not self.too_soon(t):
            self.items.append((t, value))
        while self.items and self._past(t - self.items[0][0]):
            self.items.popleft()

    def _past(self, age_s: float) -> bool:
        """Older than is kept. Of few frames a second the last two stay, to have a speed at all."""
        return age_s > self.keep_s and (len(self.items) > 2 or age_s > FEW * self.keep_s)


class Measurer:
    """Poses in, raw values out.

    specs  metric names as rules write them; what they are relative to is added
    work   the working side; None where the exercise has none
    """

    def __init__(self, specs: Iterable[str], work: Side | None = None) -> None:
        wanted = {s: resolve(s) for spec in specs for s in _raw(spec)}
        self.needs_spine = any(m.metric.spine for m in wanted.values())
        self._values = {s: f for s, m in wanted.items() if (f := _value(m, work)) is not None}
        self._swing = _value(resolve("thigh_incl.work"), work) if "swing_speed" in wanted else None
        self._wrists = {
            s: f
            for s, m in wanted.items()
            if m.metric.name == "wrist_swing"
            and (f := _value(resolve(f"wrist_elev.{m.side}"), work)) is not None
        }
        self._near: Side | None = None
        self._contrary_since: float | None = None
        self._back: BackContour | None = None
        self._back_at = -math.inf
        self._energy = _Past(ENERGY_S, STEP_S)
        self._thigh = _Past(STALE_S, STEP_S)
        self._wrist = {s: _Past(TREND_S) for s in self._wrists}
        self._speeds: deque[float] = deque(maxlen=3)

    def wants_mask(self, t: float) -> bool:
        """Whether the pose at time t should carry its mask: the back contour is due again."""
        return self.needs_spine and t - self._back_at >= BACK_EVERY_S

    def update(self, t: float, pose: Pose | None) -> Values:
        """The raw values at time t (seconds, increasing). Nothing (all unknown) without a pose."""
        if pose is None:
            return {}
        body = self._latched(t, pose)
        values = {spec: value(body) for spec, value in self._values.items()}
        values["motion_energy"] = self._motion(t, body)
        values["drift"] = self._drift(body)
        values["view_turn"] = turn_from_camera(body)
        if self._swing is not None:
            values["swing_speed"] = self._speed(t, self._swing(body))
        for spec, elevation in self._wrists.items():
            values[spec] = self._detrended(t, self._wrist[spec], elevation(body))
        if self.needs_spine:
            values.update(self._spine(t, pose, body))
        return values

    def _spine(self, t: float, pose: Pose, body: Body) -> Values:
        """The last contour, made anew when a mask comes; unknown once it is older than 0.5 s."""
        if pose.mask is not None:
            self._back, self._back_at = back_contour(pose, body), t
        back = self._back if t - self._back_at <= BACK_KEPT_S else None
        names = ("convexity", "concavity", "turn", "depth")
        return {f"back_{name}": getattr(back, name) if back else NAN for name in names}

    def _latched(self, t: float, pose: Pose) -> Body:
        """The near side changes only after a second of contrary evidence."""
        fresh = Body(pose)
        if self._near is None:
            self._near = fresh.near
        if fresh.near == self._near:
            self._contrary_since = None
            return fresh
        if self._contrary_since is None:
            self._contrary_since = t
        if t - self._contrary_since >= NEAR_AFTER_S:
            self._near, self._contrary_since = fresh.near, None
            return fresh
        return Body(pose, self._near)

    def _motion(self, t: float, body: Body) -> float:
        """RMS speed of mid-shoulder over the last half second, trunks per second."""
        self._energy.add(t, body.mid_shoulder)
        past = list(self._energy.items)
        if len(past) < 2:
            return NAN
        squares = [abs((b - a) / (tb - ta)) ** 2 for (ta, a), (tb, b) in pairwise(past)]
        return safe(math.sqrt(sum(squares) / len(squares)), body.scale)

    def _drift(self, body: Body) -> float:
        """Speed from the oldest to the newest place of mid-shoulder in that time: landmarks that
        tremble on one spot do not drift."""
        past = self._energy.items
        if len(past) < 2:
            return NAN
        (t0, a), (t1, b) = past[0], past[-1]
        return safe(abs(b - a) / (t1 - t0), body.scale)

    def _speed(self, t: float, thigh: float) -> float:
        if thigh == thigh and self._thigh.too_soon(t):
            return median(self._speeds) if self._speeds else NAN
        before = self._thigh.items[-1] if self._thigh.items else None
        self._thigh.add(t, thigh)
        if before is None or thigh != thigh or t - before[0] > STALE_S:
            self._speeds.clear()
            return NAN
        change = math.remainder(thigh - before[1].real, 360.0)
        self._speeds.append(abs(change) / (t - before[0]))
        return median(self._speeds)

    @staticmethod
    def _detrended(t: float, past: _Past, value: float) -> float:
        if not abs(value) <= SWING_DEG:
            return NAN
        past.add(t, value)
        return value - sum(v.real for _, v in past.items) / len(past.items)
