"""The best range of each metric in a set: how far the user came, and stayed, in right form.

Holds: the median of the best five seconds (biomechanics 4.5). Repetitions: the median of the peaks
of those that counted. Values of frames in wrong alignment or beyond a stop do not count: a range
that was reached by leaving the form is not a range of the exercise.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from statistics import median

from posecheck.body.measure import resolve
from posecheck.exercise import Exercise, Rule
from posecheck.history.error_bands import error_band
from posecheck.history.records import RangeRecord
from posecheck.session.form import worst
from posecheck.session.session import SessionView

WINDOW_S = 5.0
"""Length of the window of a hold (biomechanics 4.5)."""
MOST_GAP_S = 1.1
"""A longer gap between two known values begins a new window: what happened in it is unknown. One
frame a second still makes a window (`session.progress.KNOWN_GAP_S`)."""


@dataclass(slots=True)
class _Hold:
    """The best window of one range rule."""

    rule: Rule
    past: deque[tuple[float, float]] = field(default_factory=deque)
    best: float = math.nan

    @property
    def rises(self) -> bool:
        """All range rules begin at rest on the undemanding side: a lower bound asks for more, an
        upper bound alone for less."""
        return self.rule.min is not None

    def update(self, t: float, value: float) -> None:
        past = self.past
        if math.isnan(value):
            return
        if past and t - past[-1][0] > MOST_GAP_S:
            past.clear()
        past.append((t, value))
        while len(past) > 1 and t - past[1][0] >= WINDOW_S:
            past.popleft()
        if t - past[0][0] >= WINDOW_S:
            self.best = _farther(self.best, median(v for _, v in past), self.rises)

    def forget(self) -> None:
        self.past.clear()


class BestRanges:
    """Watches one set. `update` takes each view; `records` are the best ranges so far."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        hold = exercise.category == "hold"
        ranges = [r for r in exercise.rules if r.kind == "range" and hold]
        self._holds = {rule.id: _Hold(rule) for rule in ranges}
        self._alignment = {r.id for r in exercise.rules if r.severity != "advice"} - set(
            self._holds
        )
        self._peak = math.nan
        self._peaks: list[float] = []
        self._reps = 0

    def update(self, view: SessionView) -> None:
        """Add the frame of a view."""
        if view.phase != "work" or view.unchecked:
            return
        if self._exercise.reps is not None:
            self._add_repetition(view)
        wrong = bool(self._alignment & (view.verdict.out | set(view.verdict.unseen)))
        # Before the form was right once, the user may stand and wait: that is no range.
        waits = view.progress.state == "ready"
        if view.blind or wrong or waits or view.verdict.stopped:
            for hold in self._holds.values():
                hold.forget()
            return
        for hold in self._holds.values():
            hold.update(view.t, worst(hold.rule, view.values))

    def _add_repetition(self, view: SessionView) -> None:
        """Follow the peak; keep it when the repetition counts, drop it when it was refused."""
        reps = self._exercise.reps
        assert reps is not None
        values = [view.values.get(limb, math.nan) for limb in reps.limbs]
        rises = reps.peak.enter > reps.rest.enter
        for value in values:
            if not math.isnan(value) and not view.blind:
                self._peak = _farther(self._peak, value, rises)
        if view.progress.reps > self._reps:
            self._reps = view.progress.reps
            if not math.isnan(self._peak):
                self._peaks.append(self._peak)
            self._peak = math.nan

    def refuse(self) -> None:
        """A repetition did not count: its peak does not count either."""
        self._peak = math.nan

    @property
    def records(self) -> tuple[RangeRecord, ...]:
        """The ranges that are known so far."""
        found = [_of_hold(hold) for hold in self._holds.values() if not math.isnan(hold.best)]
        reps = self._exercise.reps
        if reps is not None and self._peaks:
            rises = reps.peak.enter > reps.rest.enter
            unit = resolve(reps.limbs[0]).metric.unit
            band = error_band(reps.metric, unit)
            value = round(median(self._peaks), 3)
            found.append(RangeRecord(reps.metric, unit, value, band, "reps", rises))
        return tuple(found)


def _of_hold(hold: _Hold) -> RangeRecord:
    metric = hold.rule.metric
    unit = resolve(metric).metric.unit
    band = error_band(metric, unit, hold.rule.accuracy)
    return RangeRecord(metric, unit, round(hold.best, 3), band, "hold", hold.rises)


def _farther(best: float, value: float, rises: bool) -> float:
    if math.isnan(best):
        return value
    return max(best, value) if rises else min(best, value)
