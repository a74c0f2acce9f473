"""Counts the repetitions of one set on one or two limbs, and times its form."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from posecheck.body.geometry import NAN
from posecheck.body.measure import Values, expand
from posecheck.exercise import Reps
from posecheck.session.events import Event, RepCounted, RepRejected
from posecheck.session.form import Verdict
from posecheck.session.progress import FormTimer, Progress
from posecheck.session.rep_counter import RepCounter, RepOutcome
from posecheck.timing import Lasted

SAME_REP_S = 0.2
"""Two limbs that finish a repetition within this time, and were at their peaks together, count as
one: the model sometimes puts the labels of both legs on the raised one."""
EVIDENCE_S = 6.0
"""Right form counts as the exercise for this long, and for at least EVIDENCE_REPS times the longest
repetition, after a repetition was last under way. Between two repetitions people rest for up to
3 s; a user who stands still in right form is not doing the exercise."""
NO_EVIDENCE: tuple[RepOutcome, ...] = ("bad_form", "too_slow")
"""After such a movement right form is not credited until the next one is under way: it may have
been another exercise."""
EVIDENCE_REPS = 1.5
"""A repetition and the rest before the next one fit in."""


@dataclass(slots=True)
class LimbCounters:
    """Counts the repetitions of a set.

    metrics     the metric of each limb
    machines    a counter for each limb
    second      the metric of the second condition, "" for none
    target      repetitions after which the set is done, None for an open-ended set
    evident_s   how long right form counts after a repetition was last under way
    form_timer  seconds of right, wrong and unknown form
    reps        repetitions counted
    counted_t   time of the last one
    longest_s   longest time that a repetition may last
    hidden_s    how long each limb has been unseen
    counted_peak   times at which it was first and last at its peak
    posed       a limb of two was kept away from its rest for longer than a repetition lasts. Until
                both rest nothing counts: the model may exchange the limbs of a pose
    evident_t   time at which a repetition was last under way
    """

    metrics: tuple[str, ...]
    machines: tuple[RepCounter, ...]
    second: str
    target: int | None
    evident_s: float = EVIDENCE_S
    form_timer: FormTimer = field(default_factory=FormTimer)
    reps: int = 0
    counted_t: float = -math.inf
    counted_peak: tuple[float, float] = (math.inf, -math.inf)
    posed: bool = False
    evident_t: float = -math.inf
    longest_s: float = math.inf
    hidden_s: list[Lasted] = field(default_factory=list)

    @classmethod
    def of(cls, reps: Reps, target: int | None) -> LimbCounters:
        """The counters for the repetitions that an exercise describes."""
        machines = tuple(RepCounter(reps) for _ in reps.limbs)
        evident_s = max(EVIDENCE_S, EVIDENCE_REPS * reps.max_s)
        second = reps.also.metric if reps.also else ""
        return cls(
            reps.limbs, machines, second, target, evident_s,
            longest_s=reps.max_s, hidden_s=[Lasted() for _ in machines],
        )  # fmt: skip

    def unknown(self, t: float, values: Values) -> tuple[str, ...]:
        """The metrics for want of which a repetition would go unnoticed at time t (seconds,
        increasing): those of all limbs while none is seen, that of one limb once it has been unseen
        for as long as a repetition may last, and the second condition where it decides."""
        second = values.get(self.second, NAN)
        seen = [values.get(metric, NAN) for metric in self.metrics]
        none = all(map(math.isnan, seen))
        lost = []
        for metric, hidden_s in zip(self.metrics, self.hidden_s, strict=True):
            partly = any(math.isnan(values.get(name, NAN)) for name in (metric, *expand(metric)))
            if hidden_s.update(t, partly) > self.longest_s or none:
                lost.append(metric)
        limbs = zip(self.machines, seen, strict=True)
        blind = any(not math.isnan(v) and machine.blind(v, second) for machine, v in limbs)
        return tuple(lost) or ((self.second,) if blind else ())

    def update(
        self, t: float, values: Values, verdict: Verdict, bad: bool, hidden: bool
    ) -> tuple[Progress, list[Event]]:
        """Count one frame at time t (seconds, increasing).

        bad     a strict rule is broken in this frame
        hidden  a strict rule cannot be judged in this frame
        """
        events: list[Event] = []
        for machine, outcome in self._outcomes(t, values, bad, hidden):
            if outcome == "counted":
                events += self._count(t, machine.peak)
            else:
                events.append(RepRejected(outcome))
            if outcome in NO_EVIDENCE:
                self.evident_t = -math.inf
        evident = self._evident(t, bad)
        state = self.form_timer.update(t, verdict.form, verdict.stopped, evident=evident)
        if self.target is not None and self.reps >= self.target:
            state = "done"
        timer = self.form_timer
        progress = Progress(
            state=state, held_s=timer.right_s, wrong_s=timer.wrong_s, unseen_s=timer.unseen_s,
            reps=self.reps,
        )  # fmt: skip
        return progress, events

    def _outcomes(
        self, t: float, values: Values, bad: bool, hidden: bool
    ) -> Iterator[tuple[RepCounter, RepOutcome]]:
        """What became of the movements that ended with this frame."""
        second = values.get(self.second, NAN)
        seen = [values.get(metric, NAN) for metric in self.metrics]
        if len(seen) == 2:
            for machine, value, other in zip(self.machines, seen, self.machines[::-1], strict=True):
                if math.isnan(value) and other.resting:
                    machine.assume_rest()
        for machine, value in zip(self.machines, seen, strict=True):
            outcome = machine.update(t, value, bad, second, hidden)
            if outcome is not None:
                yield machine, outcome

    def _evident(self, t: float, bad: bool) -> bool:
        """Whether there is a sign of the exercise: a repetition that was under way in right form a
        short time ago, and none that has become a pose."""
        stuck = any(machine.stuck(t) for machine in self.machines)
        self.posed = len(self.machines) == 2 and (
            stuck or (self.posed and not all(machine.resting for machine in self.machines))
        )
        if self.posed:
            self.evident_t = -math.inf
        elif not bad and any(machine.under_way(t) for machine in self.machines):
            self.evident_t = t
        return t - self.evident_t <= self.evident_s and not stuck

    def ease(self, reps: Reps) -> None:
        """Continue with eased bands of the same movement."""
        for machine in self.machines:
            machine.ease(reps)

    def pause(self) -> None:
        """Pause with the session, as in `FormTimer` and `RepCounter`."""
        self.form_timer.pause()
        for machine, hidden in zip(self.machines, self.hidden_s, strict=True):
            machine.pause()
            hidden.reset()

    def _count(self, t: float, peak: tuple[float, float]) -> list[Event]:
        together = peak[0] <= self.counted_peak[1] and self.counted_peak[0] <= peak[1]
        same = together and len(self.machines) == 2 and t - self.counted_t < SAME_REP_S
        if same or self.posed or (self.target is not None and self.reps >= self.target):
            return []
        self.reps, self.counted_t, self.counted_peak = self.reps + 1, t, peak
        return [RepCounted(self.reps)]
