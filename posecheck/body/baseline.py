"""The person's own neutral, and the values that are relative to it.

`Baseline` learns medians of raw values in the first quiet seconds of a set. A relative metric (a
difference, a ratio, a turn) compares a raw value now with its median then. Unknown stays NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from statistics import median

from posecheck.body.back_contour import rounded_score
from posecheck.body.geometry import NAN
from posecheck.body.measure import Measure, Values, expand, resolve, with_sides
from posecheck.body.metrics import Relate
from posecheck.pose import Side
from posecheck.timing import Lasted

QUIET = 0.15
"""Drift of mid-shoulder, trunk lengths per second, up to which a person counts as still. A still
hold moves at 0.03 (biomechanics 2A.2), the landmarks of lying bodies drift by up to 0.1, and
entering a pose moves the shoulders at 0.5."""
JUMP_S, JUMPS_S = 0.12, 0.3
"""Movement shorter than JUMP_S, and shorter than JUMPS_S in total, is taken for landmarks that
jump: these frames give no sample but do not restart the collection. A jump reads as drift in two
frames: when it happens, and when it is the oldest position of the window."""
SEEN_SHARE = 0.5
"""Share of the quiet frames in which a value that strict rules compare with must be known: a median
of less is a matter of chance."""
LEARN_S = 1.2
"""Quiet time that makes a baseline (biomechanics 2A.4: 1 to 2 s)."""


def is_relative(spec: str) -> bool:
    """Whether a metric, named as in a rule, compares with the person's own neutral."""
    metrics = [resolve(s).metric for s in with_sides(spec)]
    return any(m.base or m.fused or m.name == "back_rounded_score" for m in metrics)


def required(spec: str) -> tuple[str, ...]:
    """The values that must be known for a name as in a rule: of `x.both` those of both sides."""
    return expand(spec) if spec.endswith(".both") else (spec,)


def bases_of(spec: str) -> frozenset[str]:
    """The raw values whose neutral a metric, named as in a rule, cannot do without."""
    measures = _measures((spec,), required)
    return frozenset(measure.base for measure in measures if measure.metric.base)


def unlearnt(spec: str, values: Mapping[str, float]) -> bool:
    """Whether the neutral of a metric cannot be learnt from the raw values of a frame."""
    return any(math.isnan(values.get(base, NAN)) for base in bases_of(spec))


def _measures(
    specs: Iterable[str], names: Callable[[str], tuple[str, ...]] = with_sides
) -> list[Measure]:
    """The measures of names as in rules, and those that a fused one is made from."""
    measures = [resolve(name) for spec in specs for name in names(spec)]
    return measures + [resolve(part) for m in measures for part in m.metric.fused]


class Baseline:
    """The person's own neutral: medians of the first quiet seconds.

    Call `learn` before the work begins. `relative` adds the relative values to raw ones: NaN until
    the neutral is known.

    strict    of the specs, those without whose neutral nothing can be judged: the neutral is not
              known before it has them. One of the others stays unknown for the whole set where a
              joint was not seen, because the user's next stillness may be the exercise itself

    values    raw metric name -> median; empty until known
    known     nothing more will be learnt
    """

    def __init__(
        self,
        specs: Iterable[str],
        work: Side | None = None,
        standing: bool = False,
        strict: Iterable[str] = (),
    ) -> None:
        measures = _measures(specs)
        self._fused = [m for m in measures if m.metric.fused]
        self._sign = -1.0 if work == "right" else 1.0
        self._relative = {m.spec: self._relation(m) for m in measures if m.metric.base}
        self._score = any(m.metric.name == "back_rounded_score" for m in measures)
        self._standing = standing
        bases = {base for base, _, _ in self._relative.values()}
        if self._score:
            bases |= {"back_depth", "trunk_to_leg"}
        self._samples: dict[str, list[float]] = {base: [] for base in bases}
        self._required = {base for spec in strict for base in bases_of(spec)}
        self._frames = 0
        self._quiet, self._moving = Lasted(), Lasted()
        self._jumps_s = 0.0
        self.values: Values = {}
        self.known = not bases

    def _relation(self, measure: Measure) -> tuple[str, Relate, float]:
        """The raw metric of a relative one, how now and then are compared, and the sign."""
        assert measure.metric.relate is not None
        return measure.base, measure.metric.relate, self._sign if measure.metric.work else 1.0

    def learn(self, t: float, values: Mapping[str, float]) -> None:
        """Add the raw values of time t (seconds, increasing) to the samples; movement restarts the
        collection. Does nothing once the neutral is known."""
        if self.known:
            return
        if not values.get("drift", NAN) <= QUIET:
            self._moved(t)
            return
        if self._moving.running:
            self._jumps_s += self._moving.update(t, True)
            self._moving.reset()
        quiet_s = self._quiet.update(t, True)
        self._frames += 1
        for base, samples in self._samples.items():
            if not math.isnan(value := values.get(base, NAN)):
                samples.append(value)
        if quiet_s < LEARN_S:
            return
        if self._complete:
            self.values = {base: median(s) for base, s in self._samples.items() if s}
            self.known = True
        else:
            self._restart()

    @property
    def _complete(self) -> bool:
        """Whether every base that is required was seen in SEEN_SHARE of the quiet frames."""
        least = SEEN_SHARE * self._frames
        return all(len(self._samples[base]) >= least for base in self._required)

    def _moved(self, t: float) -> None:
        """Restart the collection after movement, but not after single jumps of the landmarks."""
        lasted = self._moving.update(t, True)
        if lasted >= JUMP_S or self._jumps_s + lasted >= JUMPS_S:
            self._restart()

    def _restart(self) -> None:
        self._quiet.reset()
        self._jumps_s, self._frames = 0.0, 0
        for samples in self._samples.values():
            samples.clear()

    def give_up(self) -> None:
        """Stop learning: the relative values stay NaN."""
        self.known = True

    def relative(self, values: Values) -> Values:
        """A copy of the raw values with the relative ones added."""
        full = dict(values)
        for spec, (base, relate, sign) in self._relative.items():
            now, then = values.get(base, NAN), self.values.get(base, NAN)
            unknown = math.isnan(now) or math.isnan(then)
            full[spec] = NAN if unknown else sign * relate(now, then)
        for measure in self._fused:
            yaw, size = (full[part] for part in measure.metric.fused)
            full[measure.spec] = (yaw + math.copysign(size, yaw)) / 2
        if self._score:
            full["back_rounded_score"] = rounded_score(values, self.values, self._standing)
        return full
