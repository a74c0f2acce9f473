"""From poses to values: metric names with sides, values over time, values against a baseline.

A rule names a metric as `name`, `name.side` or `gap(part.side,part.side)`. `Measurer` turns a
stream of poses into the raw values that an exercise needs; `body/baseline.py` adds the values that
are relative to the person's own neutral. A value that cannot be known is NaN, never a guess. The
table of metrics is in `body/metrics.py`.
"""

from __future__ import annotations

import cmath
import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from statistics import median

from posecheck.body.back_contour import BackContour, back_contour
from posecheck.body.formulas import hands, moving_leg, wrist_elev
from posecheck.body.geometry import (
    NAN,
    Body,
    body_of,
    levelled,
    near_side,
    norm,
    safe,
    sub,
    turn_from_camera,
)
from posecheck.body.metrics import ANY, METRICS, Metric
from posecheck.body.near_side import NearSide
from posecheck.exercise import Exercise, View
from posecheck.pose import PAIRED, SIDES, Pose, Side, opposite
from posecheck.suggestion import nearest

Values = dict[str, float]

_TOKENS: Mapping[str, str] = {
    "near": "near", "far": "far", "work": "work", "other": "other",
    "left": "left", "right": "right", "L": "left", "R": "right",
    "min": "min", "max": "max", "mean": "mean", "mid": "mean", "both": "both",
    "moving_leg": "moving_leg",
}  # fmt: skip

_ONE_SIDE = ("near", "far", "work", "other", "left", "right", "L", "R")
"""The tokens that name one joint, as the ends of a gap must."""

_GAP = re.compile(r"(gap3?)\((\w+)\.(\w+),(\w+)\.(\w+)\)")


class UnknownMetric(ValueError):
    """A metric name that nothing measures; the message names it and suggests a similar one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric name as a rule writes it, resolved.

    side   one of the side tokens; "" for a metric without a side
    ends   for gap(a,b): the two joints as (body part, side token)
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
        chosen_by = ("hip", "knee", "ankle") if self.side == "moving_leg" else ()
        parts = (*self.metric.joints, *chosen_by, *(part for part, _ in self.ends))
        return tuple(dict.fromkeys(parts))

    @property
    def sided(self) -> bool:
        """Whether the value depends on the working side."""
        tokens = {self.side, *(token for _, token in self.ends)}
        return self.metric.work or bool(tokens & {"work", "other"})

    @property
    def base(self) -> str:
        """The name of the raw value that the baseline must know; "" for a raw metric."""
        if not self.metric.base:
            return ""
        return f"{self.metric.base}.{self.side}" if self.side else self.metric.base


def _gap_metric(kind: str) -> Metric:
    where = "in the world" if kind == "gap3" else "in the picture"
    trunk = ("shoulder", "hip")
    return Metric(kind, "ratio", 0, 10, ANY, trunk, f"distance of two joints {where} / trunk")


_GAPS = {kind: _gap_metric(kind) for kind in ("gap", "gap3")}


@cache
def resolve(spec: str) -> Measure:
    """The measure that a metric name stands for.

    Raises UnknownMetric, with a suggestion, for an unknown metric, body part or side."""
    if found := _GAP.fullmatch(spec.replace(" ", "")):
        kind, part_a, side_a, part_b, side_b = found.groups()
        ends = tuple(
            (_part(p, spec), _token(s, spec, _ONE_SIDE))
            for p, s in ((part_a, side_a), (part_b, side_b))
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
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""


def _part(part: str, spec: str) -> str:
    if part not in PAIRED:
        raise UnknownMetric(f"unknown body part '{part}' in '{spec}'{_suggest(part, PAIRED)}")
    return part


def _token(token: str, spec: str, allowed: Iterable[str] = _TOKENS) -> str:
    if token not in allowed:
        raise UnknownMetric(f"unknown side '{token}' in '{spec}'{_suggest(token, allowed)}")
    return _TOKENS[token]


PAIRS = ("both", "min", "max")
"""Side tokens that stand for the values of both sides."""


@cache
def expand(spec: str) -> tuple[str, ...]:
    """The values behind a name that covers both sides: `x.both`, `x.min` and `x.max` stand for
    `x.left` and `x.right`; any other name stands for itself."""
    name, _, side = spec.partition(".")
    return (f"{name}.left", f"{name}.right") if side in PAIRS else (spec,)


def specs_of(exercise: Exercise) -> tuple[str, ...]:
    """Every metric name that the rules and the repetitions of an exercise use, each once."""
    names = [rule.metric for rule in exercise.rules]
    names += exercise.reps.metrics if exercise.reps else ()
    return tuple(dict.fromkeys(names))


def with_sides(spec: str) -> tuple[str, ...]:
    """A name and the values behind it; without `x.both`, which is no value of its own."""
    return expand(spec) if spec.endswith(".both") else tuple(dict.fromkeys((spec, *expand(spec))))


def _raw(spec: str) -> Iterable[str]:
    """The names of the raw values that a value is computed from."""
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
    """The function that finds the person's own left or right for a side token. Without a working
    side (exercises with none, or with alternating ones) "work" is the near side."""
    match token:
        case "near":
            return lambda b: b.near
        case "far":
            return lambda b: b.far
        case "work":
            return lambda b: work or b.near
        case "other":
            return lambda b: opposite(work or b.near)
        case "left":
            return lambda b: "left"
        case _:
            return lambda b: "right"


_COMBINE: Mapping[str, Callable[[float, float], float]] = {
    # min and max use the only limb that is seen; a mean needs both.
    "min": lambda a, b: b if math.isnan(a) else a if math.isnan(b) else min(a, b),
    "max": lambda a, b: b if math.isnan(a) else a if math.isnan(b) else max(a, b),
    "mean": lambda a, b: (a + b) / 2,
}
"""Side token -> how the values of left and right are combined."""


def _gap_value(measure: Measure, work: Side | None) -> _Value:
    (part_a, token_a), (part_b, token_b) = measure.ends
    side_a, side_b = _side(token_a, work), _side(token_b, work)
    if measure.metric.name == "gap":
        return lambda b: safe(abs(b.p(part_a, side_a(b)) - b.p(part_b, side_b(b))), b.trunk_px)
    return lambda b: safe(norm(sub(b.w(part_a, side_a(b)), b.w(part_b, side_b(b)))), b.trunk_m)


def _value(spec: str, work: Side | None) -> _Value | None:
    """The function of one body for a raw value; None for values over time and of the spine.

    The same function for the same value, so that bodies compute it only once (`Body.value`)."""
    return _shared_value(spec, work if resolve(spec).sided else None)


@cache
def _shared_value(spec: str, work: Side | None) -> _Value | None:
    measure = resolve(spec)
    if measure.ends:
        return _gap_value(measure, work)
    formula = measure.metric.formula
    if formula is None:
        return None
    if measure.side in _COMBINE:
        combine = _COMBINE[measure.side]
        return lambda b: combine(formula(b, "left"), formula(b, "right"))
    if measure.side == "moving_leg":
        return lambda b: NAN if (leg := moving_leg(b)) is None else formula(b, leg)
    side = _side(measure.side or "near", work)
    if measure.metric.work and work == "right":
        return lambda b: -formula(b, side(b))
    return lambda b: formula(b, side(b))


# --- values over time ---------------------------------------------------------------------------

SCORE_PARTS = ("trunk_to_leg", "hinge_ratio")
"""Raw values that `back_rounded_score` is made from, besides those of the back contour."""
BACK_EVERY_S = 0.15
"""The back contour is computed about 6 times a second (biomechanics 2D.3: 5 to 8 Hz)."""
BACK_KEPT_S = 0.5
"""A back contour older than this is unknown."""
ENERGY_S = 0.5
"""Window of `motion_energy` and `drift`."""
TREND_S = 1.0
"""Window of the extremes between which `wrist_swing` has its zero. It holds two quick circles, or
the half of a slow one."""
SWING_DEG = 50.0
"""Arms farther than this from the horizontal are on their way up or down, not circling."""
SPARSE_FACTOR = 3.0
"""With only two past values, they may be this many times older than the window: 1.5 s for the
drift. Recorders that leave out repeated pictures leave gaps of up to 1.4 s."""
CIRCLE_S, CIRCLE_LEAST_S = 3.0, 2.0
"""Window of `hand_circle`, and the part of it that must be known: a circle takes about 2 s."""
CIRCLE_DEG = 35.0
"""Arms farther than this from the horizontal are on their way up or down; a large circle reaches
25."""
SPEED_STALE_S = 1.0
"""A thigh angle older than this gives no speed."""
SPEED_STEP_S = 0.02
"""Frames closer than this give no speed of their own: the jitter of a landmark is as large from one
frame to the next at 60 frames a second as at 30, and would read as twice the speed."""

_BACK = tuple((f"back_{name}", name) for name in ("convexity", "concavity", "turn", "depth"))
"""Metric of the back contour -> attribute of `BackContour`."""


@dataclass(slots=True)
class _Past:
    """Recent (t, value) pairs, newest last, no older than `keep_s`, at least `step_s` apart."""

    keep_s: float
    step_s: float = 0.0
    items: deque[tuple[float, complex]] = field(default_factory=deque)

    def too_soon(self, t: float) -> bool:
        return bool(self.items) and t - self.items[-1][0] < self.step_s

    def add(self, t: float, value: complex) -> bool:
        """Add a value unless it is NaN or too soon, and drop old ones. Whether it was added."""
        items = self.items
        added = not (cmath.isnan(value) or self.too_soon(t))
        if added:
            items.append((t, value))
        while items and t - items[0][0] > self.keep_s and self._too_old(t - items[0][0]):
            items.popleft()
        return added

    def _too_old(self, age_s: float) -> bool:
        """At low frame rates the last two values stay longer, so that there is a speed at all."""
        return len(self.items) > 2 or age_s > SPARSE_FACTOR * self.keep_s


class _ShoulderMotion:
    """Speeds of mid-shoulder over the last ENERGY_S, in trunk lengths per second; NaN while fewer
    than two positions are known."""

    def __init__(self) -> None:
        self._past = _Past(ENERGY_S, SPEED_STEP_S)
        self._squares: deque[float] = deque()
        """Squared speeds between neighbouring positions, (pixels per second)^2."""

    def update(self, t: float, body: Body) -> tuple[float, float]:
        """(motion_energy, drift): the RMS of the speeds from frame to frame, and the speed from
        the oldest to the newest position. Landmarks that jitter on one spot have motion energy but
        do not drift."""
        past, squares = self._past.items, self._squares
        before = past[-1] if past else None
        if self._past.add(t, body.mid_shoulder) and before is not None:
            squares.append(abs((body.mid_shoulder - before[1]) / (t - before[0])) ** 2)
        while len(squares) >= max(1, len(past)):
            squares.popleft()
        if len(past) < 2:
            return NAN, NAN
        (t0, oldest), (t1, newest) = past[0], past[-1]
        energy = safe(math.sqrt(sum(squares) / len(squares)), body.scale)
        return energy, safe(abs(newest - oldest) / (t1 - t0), body.scale)


OVER_TIME = frozenset({"motion_energy", "drift", "swing_speed"})
"""Speeds: known from the second frame on."""


class _Circle:
    """The direction in which both hands circle, from the area that they go round.

    Seen from the front a hand on a circle to the front and back moves up and down only, but it is
    farther out while it is nearer to the camera. So a circle becomes a narrow ellipse, which hands
    that go over the top to the front go round one way, and the others the other way. From behind it
    is the reverse; there the left shoulder is on the image's left."""

    def __init__(self) -> None:
        self._past = _Past(CIRCLE_S, SPEED_STEP_S)

    def update(self, t: float, body: Body) -> float:
        """Area gone round forwards less backwards / area gone round either way, -1 to 1; 0 until
        CIRCLE_LEAST_S are known; NaN while a hand is unseen or an arm far from level."""
        place = hands(body)
        if cmath.isnan(place) or any(abs(wrist_elev(body, s)) > CIRCLE_DEG for s in SIDES):
            self._past.items.clear()
            return NAN
        self._past.add(t, place)
        places = [value for _, value in self._past.items]
        if t - self._past.items[0][0] < CIRCLE_LEAST_S:
            return 0.0
        middle = sum(places) / len(places)
        turns = [
            ((before - middle).conjugate() * (now - middle)).imag
            for before, now in pairwise(places)
        ]
        either = sum(map(abs, turns))
        across = body.p("shoulder", "right") - body.p("shoulder", "left")
        return math.copysign(sum(turns) / either, sum(turns) * across.real) if either else 0.0


class Measurer:
    """Turns poses into raw values.

    specs  metric names as rules write them; the raw values that relative metrics need are added
    work   the working side; None where the exercise has none
    """

    def __init__(self, specs: Iterable[str], work: Side | None = None) -> None:
        wanted = {s: resolve(s) for spec in specs for s in _raw(spec)}
        self.needs_spine = any(m.metric.spine for m in wanted.values())
        self._values = [(s, f) for s in wanted if (f := _value(s, work)) is not None]
        self._swing = _value("thigh_incl.work", work) if "swing_speed" in wanted else None
        self._wrists = [
            (s, f, _Past(TREND_S))
            for s, m in wanted.items()
            if m.metric.name == "wrist_swing"
            and (f := _value(f"wrist_elev.{m.side}", work)) is not None
        ]
        self._circle = _Circle() if "hand_circle" in wanted else None
        self._near_side = NearSide()
        self._back: BackContour | None = None
        self._back_at = -math.inf
        self._motion = _ShoulderMotion()
        self._thigh = _Past(SPEED_STALE_S, SPEED_STEP_S)
        self._speeds: deque[float] = deque(maxlen=3)

    @property
    def near(self) -> Side | None:
        """The flank towards the camera, as `NearSide` decided; None before the first pose."""
        return self._near_side.side

    def wants_mask(self, t: float) -> bool:
        """Whether the pose at time t should carry its mask: the back contour is due again."""
        return self.needs_spine and t - self._back_at >= BACK_EVERY_S

    def update(self, t: float, pose: Pose | None, lean: float = 0.0) -> Values:
        """The raw values at time t (seconds, increasing); NaN where unknown, {} without a pose.
        `lean`: of the camera, degrees, which is taken off (`camera_level`)."""
        near = self._near_side.update(t, None if pose is None else near_side(pose))
        if pose is None:
            return {}
        body = body_of(levelled(pose, lean), near)
        values = {spec: body.value(formula) for spec, formula in self._values}
        values["motion_energy"], values["drift"] = self._motion.update(t, body)
        values["view_turn"] = body.value(turn_from_camera)
        if self._swing is not None:
            values["swing_speed"] = self._speed(t, body.value(self._swing))
        for spec, elevation, past in self._wrists:
            values[spec] = _detrended(t, past, body.value(elevation))
        if self._circle is not None:
            values["hand_circle"] = self._circle.update(t, body)
        if self.needs_spine:
            self._add_spine(t, pose, body_of(pose, near), values)
        return values

    def _add_spine(self, t: float, pose: Pose, body: Body, values: Values) -> None:
        """Add the values of the last back contour, which is renewed whenever a mask comes."""
        if pose.mask is not None:
            self._back, self._back_at = back_contour(pose, body), t
        back = self._back if t - self._back_at <= BACK_KEPT_S else None
        for spec, name in _BACK:
            values[spec] = getattr(back, name) if back else NAN

    def _speed(self, t: float, thigh: float) -> float:
        """Median of the last three speeds of the thigh, degrees per second, unsigned."""
        known = not math.isnan(thigh)
        if known and self._thigh.too_soon(t):
            return median(self._speeds) if self._speeds else NAN
        before = self._thigh.items[-1] if self._thigh.items else None
        self._thigh.add(t, thigh)
        if before is None or not known or t - before[0] > SPEED_STALE_S:
            self._speeds.clear()
            return NAN
        change = math.remainder(thigh - before[1].real, 360.0)
        self._speeds.append(abs(change) / (t - before[0]))
        return median(self._speeds)


def _detrended(t: float, past: _Past, value: float) -> float:
    """The value less the middle of its extremes over the last TREND_S; NaN beyond SWING_DEG. Unlike
    a mean, the middle is right from the first circle on, also after a time of stillness."""
    if not abs(value) <= SWING_DEG:
        return NAN
    past.add(t, value)
    seen = [v.real for _, v in past.items]
    return value - (min(seen) + max(seen)) / 2
