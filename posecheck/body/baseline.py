"""The person's own neutral, and what is measured against it.

`Baseline` learns medians of raw values in the first quiet seconds of a set; relative metrics (a
difference, a ratio, a turn) are these values now against those then. Unknown stays NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import median

from posecheck.body.back_contour import rounded_score
from posecheck.body.geometry import NAN
from posecheck.body.measure import Values, resolve, with_sides
from posecheck.pose import Side

QUIET = 0.15
"""Drift of mid-shoulder, trunks per second, below which a person counts as still. A still hold
moves at 0.03 (biomechanics 2A.2), the landmarks of lying bodies drift by up to 0.1, and entering a
pose moves the shoulders at 0.5."""
JUMP_S, JUMPS_S = 0.12, 0.3
"""Restlessness shorter than this, and shorter than that in all, is landmarks that jump: it gives no
sample, and ends none. A jump reads as two frames of drift, when it comes and when it is the oldest.
"""
LEARN_S = 1.2
"""Quiet time that makes a baseline (biomechanics 2A.4: 1-2 s)."""


class Baseline:
    """The person's own neutral: medians of the first quiet seconds.

    `learn` it while nothing is asked of the person yet; `relative` adds to raw values what is
    measured against it (NaN until it is known, and for the whole set where a joint it needs was
    not seen: a later stillness might be the exercise itself).
    """

    def __init__(
        self, specs: Iterable[str], work: Side | None = None, standing: bool = False
    ) -> None:
        measures = [resolve(s) for spec in specs for s in with_sides(spec)]
        self._fused = [m for m in measures if m.metric.fused]
        measures += [resolve(part) for m in self._fused for part in m.metric.fused]
        self._relative = {m.spec: m for m in measures if m.metric.base}
        self._score = any(m.metric.name == "back_rounded_score" for m in measures)
        self._standing = standing
        self._sign = -1.0 if work == "right" else 1.0
        bases = {m.base for m in self._relative.values()}
        if self._score:
            bases |= {"back_depth", "trunk_to_leg"}
        self._samples: dict[str, list[float]] = {base: [] for base in bases}
        self._quiet_since: float | None = None
        self._restless_since: float | None = None
        self._jumps_s = 0.0
        self.values: Values = {}
        self.known = not bases

    def learn(self, t: float, values: Mapping[str, float]) -> None:
        """Take a sample; restlessness starts the collection anew. Once known it stays."""
        if self.known:
            return
        if not values.get("drift", NAN) <= QUIET:
            self._restless(t)
            return
        if self._restless_since is not None:
            self._jumps_s += t - self._restless_since
            self._restless_since = None
        if self._quiet_since is None:
            self._quiet_since = t
        for base, samples in self._samples.items():
            if (value := values.get(base, NAN)) == value:
                samples.append(value)
        if t - self._quiet_since >= LEARN_S:
            self.values = {base: median(s) for base, s in self._samples.items() if s}
            self.known = True

    def _restless(self, t: float) -> None:
        """Movement begins the collection anew; single jumps of the landmarks do not."""
        if self._restless_since is None:
            self._restless_since = t
        lasted = t - self._restless_since
        if lasted >= JUMP_S or self._jumps_s + lasted >= JUMPS_S:
            self._quiet_since, self._jumps_s = None, 0.0
            for samples in self._samples.values():
                samples.clear()

    def give_up(self) -> None:
        """It can no longer be learnt: what is relative to it stays unknown."""
        self.known = True

    def relative(self, values: Values) -> Values:
        """The values with the relative ones added."""
        full = dict(values)
        for spec, measure in self._relative.items():
            now, base = values.get(measure.base, NAN), self.values.get(measure.base, NAN)
            relate = measure.metric.relate
            assert relate is not None
            sign = self._sign if measure.metric.work else 1.0
            full[spec] = sign * relate(now, base) if now == now and base == base else NAN
        for measure in self._fused:
            yaw, size = (full[part] for part in measure.metric.fused)
            full[measure.spec] = (yaw + math.copysign(size, yaw)) / 2
        if self._score:
            full["back_rounded_score"] = rounded_score(values, self.values, self._standing)
        return full
