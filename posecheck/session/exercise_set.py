"""One set of an exercise: what is asked, its measures, its rules, its progress.

A `SetRunner` takes the poses of one set and judges them. Which set comes when, and what starts and
ends it, is the session's business. No clock, no camera.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from posecheck.body.baseline import Baseline
from posecheck.body.geometry import NAN
from posecheck.body.measure import Measurer, Values, resolve, specs_of
from posecheck.body.posture import elsewhere, in_position
from posecheck.exercise import Exercise, Reps, Routine, Rule, Step
from posecheck.pose import NoPoseReason, Pose, Side, opposite
from posecheck.session.events import (
    Blind,
    Event,
    FaultCleared,
    FaultRaised,
    RepCounted,
    RepRejected,
    StateChanged,
)
from posecheck.session.form import NOT_SEEN, FormChecker, Verdict
from posecheck.session.gestures import Stillness
from posecheck.session.placement import WORD, Placement, PlacementCoach, ViewCheck
from posecheck.session.progress import (
    FormTimer,
    HoldTimer,
    Progress,
    RepCounter,
    RepOutcome,
    Stopwatch,
)


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """One set of one exercise on one side. Targets of None are open-ended (a recording)."""

    exercise: Exercise
    side: Side | None = None
    number: int = 1
    of: int = 1
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    rest_s: float = 0.0

    @property
    def target_s(self) -> float | None:
        """Seconds that a timed set lasts, None where it ends otherwise or not at all."""
        if self.time_s is not None:
            return self.time_s
        match self.exercise.category:
            case "hold":
                return self.hold_s
            case "timer":
                return self.exercise.dose.time_s
        return None


CHANGE_S = 6.0
"""Rest before the other side, or before another exercise (biomechanics 4.1, 4.2): what was worked
rests meanwhile, and the next set begins only when the person is in place."""


def plan(
    routine: Routine, exercises: Mapping[str, Exercise], first: Side = "left"
) -> tuple[PlannedSet, ...]:
    """The sets of a routine in order: left and right back to back, starting with `first`."""
    return tuple(planned for step in routine.steps for planned in _sets(step, exercises, first))


def _sets(step: Step, exercises: Mapping[str, Exercise], first: Side) -> list[PlannedSet]:
    exercise = exercises[step.exercise]
    dose = exercise.dose
    sides: tuple[Side | None, ...] = (None,)
    if exercise.sides == "each":
        sides = (first, opposite(first)) if step.sides == 2 else (first,)
    hold_s = step.hold_s or (dose.hold_s if exercise.category == "hold" else None)
    # A set by the clock has no number of repetitions unless its line gives one.
    by_count = exercise.category == "reps" and step.time_s is None
    reps = step.reps or (dose.reps if by_count else None)
    order = [side for _ in range(step.sets) for side in sides]
    change_s = min(CHANGE_S, dose.rest_s)
    rests = [dose.rest_s if now == after else change_s for now, after in pairwise(order)]
    rests.append(change_s)
    return [
        PlannedSet(exercise, side, number, len(order), hold_s, reps, step.time_s, rest_s)
        for number, (side, rest_s) in enumerate(zip(order, rests, strict=True), 1)
    ]


SAME_S = 0.2
"""Two limbs that finish within this time are one limb with two labels: the model sometimes puts
both legs on the one that is raised."""


@dataclass(slots=True)
class _Counters:
    """Repetitions of one or both limbs and the state of the set."""

    metrics: tuple[str, ...]
    machines: tuple[RepCounter, ...]
    also: str
    target: int | None
    form_timer: FormTimer = field(default_factory=FormTimer)
    reps: int = 0
    counted_t: float = -math.inf

    def update(
        self, t: float, values: Values, verdict: Verdict, bad: bool, hidden: bool
    ) -> tuple[Progress, list[Event]]:
        events: list[Event] = []
        also = values.get(self.also, NAN)
        seen = [values.get(metric, NAN) for metric in self.metrics]
        if len(seen) == 2:
            for machine, value, other in zip(self.machines, seen, self.machines[::-1], strict=True):
                if value != value and other.resting:
                    machine.assume_rest()
        for machine, value in zip(self.machines, seen, strict=True):
            outcome: RepOutcome | None = machine.update(t, value, bad, also, hidden)
            if outcome == "counted":
                events += self._count(t)
            elif outcome is not None:
                events.append(RepRejected(outcome))
        state = self.form_timer.update(t, verdict.form, verdict.stopped)
        if self.target is not None and self.reps >= self.target:
            state = "done"
        form_timer = self.form_timer
        return Progress(
            state, form_timer.right_s, form_timer.wrong_s, form_timer.unseen_s, self.reps
        ), events

    def ease(self, reps: Reps) -> None:
        for machine in self.machines:
            machine.ease(reps)

    def pause(self) -> None:
        self.form_timer.pause()
        for machine in self.machines:
            machine.pause()

    def _count(self, t: float) -> list[Event]:
        same = len(self.machines) == 2 and t - self.counted_t < SAME_S
        if same or (self.target is not None and self.reps >= self.target):
            return []
        self.reps, self.counted_t = self.reps + 1, t
        return [RepCounted(self.reps)]


StartBlocker = Literal["", "nobody", "place", "posture", "still"]
"""What is missing before a led set can begin: the person, the right place, the start position, two
quiet seconds."""

ASTRAY_S = 0.7
"""Another posture must last so long: rolled to one side the model reads a lying body now as lying,
now as on all fours."""
ELSEWHERE_S = 2.0
"""Who works in a posture that the exercise does not know for so long is asked to come back to its
start. On right bodies the longest such stretch is 0.2 s."""
STILL_S = 2.0
"""Who keeps still in the right place for so long is ready."""


class SetRunner:
    """One set: its measures, its rules, its progress.

    stalled_s  seconds of work since the last second or repetition that counted
    led  a person is being led: their place is looked after and they give the sign to begin by
         keeping still. A recording begins as soon as it can be judged.
    """

    def __init__(self, planned: PlannedSet, level: int, led: bool = False) -> None:
        exercise = planned.exercise
        self.planned = planned
        self._led = led
        self.learn_again()
        self.view = ViewCheck(exercise.camera) if exercise.camera else None
        self.begin_again()
        self.progress = Progress("ready")
        self.verdict = NOT_SEEN
        self.values: Values = {}
        self.blind: Blind | Literal[""] = ""
        self.parts: tuple[str, ...] = ()
        self.clock_s = 0.0
        self.stalled_s = 0.0
        self._judged_t: float | None = None
        self.unchecked = exercise.check == "none"
        self._faults: set[str] = set()
        self._level = level
        self._take_rules(exercise)
        self.form = FormChecker(exercise.rules, level)
        self._hold = HoldTimer(planned.hold_s) if exercise.category == "hold" else None
        self._watch = Stopwatch(planned.time_s or exercise.dose.time_s)
        self._reps = _counters(exercise, planned.reps) if exercise.category == "reps" else None
        self._clock = Stopwatch(planned.time_s) if planned.time_s is not None else None

    def _take_rules(self, exercise: Exercise) -> None:
        self.rules: dict[str, Rule] = {rule.id: rule for rule in exercise.rules}
        self._strict = {r.id for r in exercise.rules if r.severity != "advice"}

    def learn_again(self) -> None:
        """Know nothing of the neutral and the near side; the seconds and the repetitions stay."""
        exercise = self.planned.exercise
        specs = specs_of(exercise)
        self.measurer = Measurer(specs, self.planned.side)
        self.baseline = Baseline(specs, self.planned.side, exercise.position == "standing")

    def pause(self) -> list[Event]:
        """The session stood still, and the person may be elsewhere: look after their place and
        their stillness as at the start, and let the timer arm anew. What was counted stays."""
        self.begin_again()
        self.verdict, self._faults = NOT_SEEN, set()
        self._judged_t = None
        if self.unchecked:
            return []
        if self._hold is not None:
            self._hold.pause()
        if self._reps is not None:
            self._reps.pause()
        if self.progress.state != "active":
            return []
        self.progress = replace(self.progress, state="paused")
        return [StateChanged("active", "paused")]

    def begin_again(self) -> None:
        """Look after the place and the stillness as at the start."""
        self._astray_since: float | None = None
        self._gone_since: float | None = None
        self.gone_s = 0.0
        self.placement: Placement | None = None
        self._place = (
            PlacementCoach(self.planned.exercise, self.planned.side) if self._led else None
        )
        self._stillness = Stillness(STILL_S)
        self.still = False
        self.start_blocker: StartBlocker = "nobody" if self._led else ""

    def ease(self, exercise: Exercise) -> None:
        """Go on with eased limits of the same exercise: what was counted stays."""
        self.planned = replace(self.planned, exercise=exercise)
        self._take_rules(exercise)
        self.form.take(exercise.rules, self._level)
        if self._reps is not None and exercise.reps is not None:
            self._reps.ease(exercise.reps)

    def uncheck(self) -> None:
        """Go on by the clock, unjudged: for as long as the rest of the set would take."""
        if self.unchecked:
            return
        self.unchecked = True
        ends = self._clock is None
        self._watch = Stopwatch(_time_left(self.planned, self.progress) if ends else None)

    def look(
        self,
        t: float,
        pose: Pose | None,
        no_pose_reason: NoPoseReason,
        working: bool,
        light: float = NAN,
        other_person_size: float = 0.0,
    ) -> None:
        """Measure, and say whether it can be judged."""
        raw = self.measurer.update(t, pose)
        facing = self.view is None or self.view.update(t, raw.get("view_turn", NAN), working)
        self.blind = _blind(pose, no_pose_reason, facing)
        if self._place is not None:
            self.gone_s = self._gone(t, pose) if working else 0.0
            self.start_blocker = self._posture(t, pose)
            if not self.start_blocker:
                self.placement = self._place.update(
                    t, pose, no_pose_reason, light, other_person_size
                )
                self.start_blocker = self._start_blocker(pose)
            self.still = self._stillness.update(
                t, NAN if self.start_blocker else raw.get("drift", NAN)
            )
            settled = self.placement is None or self.placement.settled
            self.start_blocker = self.start_blocker or ("" if self.still and settled else "still")
        ready = not self.blind and self.start_blocker in ("", "still")
        self.baseline.learn(t, raw if ready else {})
        self.values = self.baseline.relative(raw)

    def _posture(self, t: float, pose: Pose | None) -> StartBlocker:
        """Whether the start position is still to be taken. Where to stand or lie is judged when it
        is: on the way to the floor everything about the place is wrong."""
        astray = pose is not None and in_position(self.planned.exercise, pose) is False
        if self.unchecked or not astray:
            self._astray_since = None
        elif self._astray_since is None:
            self._astray_since = t
        since = self._astray_since
        return "posture" if since is not None and t - since >= ASTRAY_S else ""

    def _gone(self, t: float, pose: Pose | None) -> float:
        """Seconds for which the body has certainly been in no posture of the exercise."""
        away = pose is not None and elsewhere(self.planned.exercise, pose) is True
        if self.unchecked or not away:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = t
        return 0.0 if self._gone_since is None else t - self._gone_since

    @property
    def gone(self) -> bool:
        """The body has left the exercise: its start position is to be taken again."""
        return self.gone_s >= ELSEWHERE_S

    @property
    def _unjudged(self) -> bool:
        return bool(self.blind) or self.gone_s >= ASTRAY_S

    def _start_blocker(self, pose: Pose | None) -> StartBlocker:
        if self.unchecked:
            return ""
        if pose is None:
            return "nobody"
        return "place" if self.placement is not None and self.placement.advice else ""

    def judge(self, t: float) -> list[Event]:
        """Form and progress of this frame. A blind frame has no faults and no credit."""
        before, counted = self.progress.state, self._counted
        verdict = self.form.update(t, {} if self._unjudged else self.values)
        self.verdict = NOT_SEEN if self._unjudged or self.unchecked else verdict
        events = self._progress(t)
        step = 0.0 if self._judged_t is None else t - self._judged_t
        self._judged_t = t
        self.stalled_s = self.stalled_s + step if self._counted == counted else 0.0
        if self._clock is not None:
            hidden = self.blind or self.progress.state == "unseen"
            clock = self._clock.update(t, stands=bool(hidden) and not self.unchecked)
            self.clock_s = clock.unchecked_s
            if clock.state == "done":
                self.progress = replace(self.progress, state="done")
        if before != self.progress.state:
            events.append(StateChanged(before, self.progress.state))
        self.parts = self._unseen_parts()
        if not self.blind:
            was, self._faults = self._faults, set(self.verdict.faults)
            events += [FaultRaised(r) for i, r in self.rules.items() if i in self._faults - was]
            events += [FaultCleared(r) for i, r in self.rules.items() if i in was - self._faults]
        return events

    @property
    def _counted(self) -> float:
        timed = self.planned.exercise.category == "hold"
        return self.progress.held_s if timed else float(self.progress.reps)

    def _progress(self, t: float) -> list[Event]:
        """Seconds and repetitions of this frame, by what the set is judged on."""
        if self.unchecked or (self._hold is None and self._reps is None):
            clock = self._watch.update(t)
            self.progress = replace(self.progress, state=clock.state, unchecked_s=clock.unchecked_s)
            return []
        if self._hold is not None:
            self.progress = self._hold.update(t, self.verdict.form, self.verdict.stopped)
            return []
        assert self._reps is not None
        bad = bool(self.verdict.out & self._strict)
        hidden = bool(self._strict.intersection(self.verdict.unseen))
        values = {} if self._unjudged else self.values
        self.progress, events = self._reps.update(t, values, self.verdict, bad, hidden)
        return events

    def _unseen_parts(self) -> tuple[str, ...]:
        """Body parts that keep strict rules from being judged, in plain words."""
        names: list[str] = []
        for rule_id in self.verdict.unseen:
            if rule_id in self._strict:
                names += resolve(self.rules[rule_id].metric).joints
        return tuple(dict.fromkeys(WORD.get(n, n) for n in reversed(names)))


def _time_left(planned: PlannedSet, progress: Progress) -> float:
    """Seconds that the rest of a set takes when nobody counts it."""
    exercise = planned.exercise
    if exercise.category == "hold":
        return max(0.0, (planned.hold_s or exercise.dose.hold_s or 0.0) - progress.held_s)
    if exercise.reps is None:
        return planned.time_s or exercise.dose.time_s or 0.0
    left = (planned.reps or exercise.dose.reps or 0) - progress.reps
    return max(0, left) * _pace(exercise.reps)


def _pace(reps: Reps) -> float:
    """Seconds for one repetition at an easy pace: between the shortest and the longest that counts,
    nearer to the shortest, as the doses of the routines are reckoned."""
    return reps.min_s + (reps.max_s - reps.min_s) / 3


def _blind(pose: Pose | None, no_pose_reason: NoPoseReason, facing: bool) -> Blind | Literal[""]:
    if no_pose_reason == "someone_else":
        return "someone_else"
    if pose is None:
        return "nobody"
    return "" if facing else "view"


def _counters(exercise: Exercise, target: int | None) -> _Counters:
    reps = exercise.reps
    assert reps is not None
    metrics = (f"{reps.metric}.left", f"{reps.metric}.right") if reps.each else (reps.metric,)
    machines = tuple(RepCounter(reps) for _ in metrics)
    return _Counters(metrics, machines, reps.also.metric if reps.also else "", target)
