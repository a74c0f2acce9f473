"""A session: sets in order, each READY -> WORK -> REST, poses in, events and a view out.

READY waits until the person is seen from the right side and learns their neutral; WORK judges;
REST counts down. The whole core runs from here: measuring, form, progress. No clock, no camera.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posecheck.baseline import Baseline
from posecheck.body import NAN
from posecheck.events import (
    Blind,
    Blinded,
    Event,
    FaultCleared,
    FaultRaised,
    RepCounted,
    RepRejected,
    SessionDone,
    SetDone,
    Sighted,
    StateChanged,
    TaskStarted,
    WorkStarted,
)
from posecheck.exercise import Camera, Exercise, Routine, Rule, Step
from posecheck.form import NOT_SEEN, FormChecker, Verdict
from posecheck.measure import Measurer, Values, resolve, specs_of
from posecheck.pose import Pose, Side, Trouble, opposite
from posecheck.progress import Gauge, HoldTimer, Outcome, Progress, RepCounter, WatchClock

Phase = Literal["ready", "work", "rest", "done"]


@dataclass(frozen=True, slots=True)
class Task:
    """One set of one exercise on one side. Targets of None are open-ended (a recording)."""

    exercise: Exercise
    side: Side | None = None
    number: int = 1
    of: int = 1
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    rest_s: float = 0.0


def plan(
    routine: Routine, exercises: Mapping[str, Exercise], first: Side = "left"
) -> tuple[Task, ...]:
    """The sets of a routine in order: left and right back to back, starting with `first`."""
    return tuple(task for step in routine.steps for task in _sets(step, exercises, first))


def _sets(step: Step, exercises: Mapping[str, Exercise], first: Side) -> list[Task]:
    exercise = exercises[step.exercise]
    dose = exercise.dose
    sides: tuple[Side | None, ...] = (None,)
    if exercise.sides == "each":
        sides = (first, opposite(first)) if step.sides == 2 else (first,)
    hold_s = step.hold_s or (dose.hold_s if exercise.category == "hold" else None)
    reps = step.reps or (dose.reps if exercise.category == "reps" else None)
    order = [side for _ in range(step.sets) for side in sides]
    return [
        Task(exercise, side, number, len(order), hold_s, reps, step.time_s, dose.rest_s)
        for number, side in enumerate(order, 1)
    ]


@dataclass(frozen=True, slots=True)
class SessionView:
    """All that a screen, a voice or a record needs to know after one frame.

    values   what the rules were judged on, NaN where unknown; degrees and ratios
    blind    why nothing can be judged, "" when it can; `parts` the body parts not seen
    learning the person's neutral is not known yet: they must keep still for a moment
    clock_s  seconds since the work began, for sets that end by the clock
    rest_s   seconds of rest left
    """

    t: float
    phase: Phase
    task: Task
    index: int
    progress: Progress
    verdict: Verdict
    values: Values
    blind: Blind | Literal[""] = ""
    parts: tuple[str, ...] = ()
    learning: bool = False
    clock_s: float = 0.0
    rest_s: float = 0.0


VIEW_DEG: Mapping[str, tuple[float, float]] = {
    "front": (0.0, 35.0),
    "oblique": (10.0, 80.0),
    "side": (50.0, 90.0),
}
"""`view_turn` that counts as the view. Rendered clips (84-90 degrees) read 60 to 88 from the side,
2 to 8 from the front, and 26 to 34 at 44 degrees: the model reads oblique bodies as more frontal
than they are. Within +-20 degrees a side view costs 2 degrees of trunk angle, at 45 degrees 10."""
VIEW_MARGIN = 5.0
VIEW_PATIENCE_S = 0.5
WORD = {"foot_index": "foot", "ear": "head"}


class ViewCheck:
    """Is the body turned as the exercise needs it? Hysteresis, and half a second of patience."""

    def __init__(self, camera: Camera) -> None:
        self._band = VIEW_DEG[camera.view]
        self._tolerance = camera.tolerance
        self._right: bool | None = None
        self._since: float | None = None

    def update(self, t: float, turn: float, working: bool) -> bool:
        """`turn` in degrees; NaN tells nothing new. The first answer is the first look; later it
        takes patience to change it. Once the work has begun an exercise may turn the body by the
        tolerance of its camera."""
        if turn != turn:
            return self._right is True
        margin = (VIEW_MARGIN if self._right else 0.0) + (self._tolerance if working else 0.0)
        low, high = self._band
        right = low - margin <= turn <= high + margin
        if self._right is None:
            self._right = right
        elif right == self._right:
            self._since = None
        elif self._since is None:
            self._since = t
        elif t - self._since >= VIEW_PATIENCE_S:
            self._right, self._since = right, None
        return self._right


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
    gauge: Gauge = field(default_factory=Gauge)
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
            outcome: Outcome | None = machine.update(t, value, bad, also, hidden)
            if outcome == "counted":
                events += self._count(t)
            elif outcome is not None:
                events.append(RepRejected(outcome))
        state = self.gauge.update(t, verdict.form, verdict.stopped)
        if self.target is not None and self.reps >= self.target:
            state = "done"
        gauge = self.gauge
        return Progress(state, gauge.right_s, gauge.wrong_s, gauge.unseen_s, self.reps), events

    def _count(self, t: float) -> list[Event]:
        same = len(self.machines) == 2 and t - self.counted_t < SAME_S
        if same or (self.target is not None and self.reps >= self.target):
            return []
        self.reps, self.counted_t = self.reps + 1, t
        return [RepCounted(self.reps)]


class _Run:
    """One set: its measures, its rules, its progress."""

    def __init__(self, task: Task, level: int) -> None:
        exercise = task.exercise
        self.task = task
        self.learn_again()
        self.rules: dict[str, Rule] = {rule.id: rule for rule in exercise.rules}
        self.form = FormChecker(exercise.rules, level)
        self.view = ViewCheck(exercise.camera) if exercise.camera else None
        self.progress = Progress("ready")
        self.verdict = NOT_SEEN
        self.values: Values = {}
        self.blind: Blind | Literal[""] = ""
        self.parts: tuple[str, ...] = ()
        self.clock_s = 0.0
        self._faults: set[str] = set()
        self._strict = {r.id for r in exercise.rules if r.level != "advice"}
        self._hold = HoldTimer(task.hold_s) if exercise.category == "hold" else None
        self._watch = WatchClock(task.time_s or exercise.dose.time_s)
        self._reps = _counters(exercise, task.reps) if exercise.category == "reps" else None
        self._clock = WatchClock(task.time_s) if task.time_s is not None else None

    def learn_again(self) -> None:
        """Know nothing of the neutral and the near side; the seconds and the repetitions stay."""
        exercise = self.task.exercise
        specs = specs_of(exercise)
        self.measurer = Measurer(specs, self.task.side)
        self.baseline = Baseline(specs, self.task.side, exercise.position == "standing")

    def look(self, t: float, pose: Pose | None, trouble: Trouble, working: bool) -> None:
        """Measure, and say whether it can be judged."""
        raw = self.measurer.update(t, pose)
        facing = self.view is None or self.view.update(t, raw.get("view_turn", NAN), working)
        self.blind = _blind(pose, trouble, facing)
        self.baseline.learn(t, {} if self.blind else raw)
        self.values = self.baseline.relative(raw)

    def judge(self, t: float) -> list[Event]:
        """Form and progress of this frame. A blind frame has no faults and no credit."""
        before = self.progress.state
        verdict = self.form.update(t, {} if self.blind else self.values)
        self.verdict = NOT_SEEN if self.blind else verdict
        events: list[Event] = []
        if self._hold is not None:
            self.progress = self._hold.update(t, self.verdict.form, self.verdict.stopped)
        elif self._reps is not None:
            bad = bool(self.verdict.out & self._strict)
            hidden = bool(self._strict.intersection(self.verdict.unseen))
            values = {} if self.blind else self.values
            self.progress, events = self._reps.update(t, values, self.verdict, bad, hidden)
        else:
            self.progress = self._watch.update(t)
        if self._clock is not None:
            clock = self._clock.update(t)
            self.clock_s = clock.unseen_s
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

    def _unseen_parts(self) -> tuple[str, ...]:
        """Body parts that keep strict rules from being judged, in plain words."""
        names: list[str] = []
        for rule_id in self.verdict.unseen:
            if rule_id in self._strict:
                names += resolve(self.rules[rule_id].metric).joints
        return tuple(dict.fromkeys(WORD.get(n, n) for n in reversed(names)))


def _blind(pose: Pose | None, trouble: Trouble, facing: bool) -> Blind | Literal[""]:
    if trouble == "someone_else":
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


class Session:
    """Sets in order. `update` takes one pose (or None) and answers with what happened; `view`
    is the state after it. `lead_in_s`: time for the person to get ready once they are seen."""

    def __init__(self, tasks: Iterable[Task], level: int = 2, lead_in_s: float = 0.0) -> None:
        self._tasks = tuple(tasks)
        if not self._tasks:
            raise ValueError("a session needs at least one set")
        self._level, self._lead_in_s = level, lead_in_s
        self._index = 0
        self._phase: Phase = "ready"
        self._since: float | None = None
        self._run = _Run(self._tasks[0], level)
        self._announced = False
        self._was_blind: Blind | Literal[""] = ""
        self.view = self._snapshot(0.0)

    def wants_mask(self, t: float) -> bool:
        """Whether the pose of time t should carry its segmentation mask."""
        return self._phase in ("ready", "work") and self._run.measurer.wants_mask(t)

    @property
    def needs_spine(self) -> bool:
        """Whether any set is judged on the back contour, so that the model must give masks."""
        specs = {s for task in self._tasks for s in specs_of(task.exercise)}
        return any(resolve(s).metric.spine for s in specs)

    def update(
        self, t: float, pose: Pose | None, trouble: Trouble = "", anew: bool = False
    ) -> tuple[Event, ...]:
        """One frame at time t (seconds, increasing). `anew` as in `Sighting`: the neutral is learnt
        again, what was counted stays."""
        events: list[Event] = []
        if self._since is None:
            self._since = t
        if not self._announced:
            self._announced = True
            events.append(TaskStarted(self._index))
        if self._phase in ("ready", "work"):
            if anew:
                self._learn_again()
            self._run.look(t, pose, trouble, self._phase == "work")
            events += self._sight()
        if self._phase == "ready":
            events += self._get_ready(t)
        elif self._phase == "work":
            events += self._work(t)
        elif self._phase == "rest" and t - self._since >= self._run.task.rest_s:
            events += self._next(t)
        self.view = self._snapshot(t)
        return tuple(events)

    def _learn_again(self) -> None:
        self._run.learn_again()
        if not self._run.baseline.known:
            self._phase = "ready"

    def _sight(self) -> list[Event]:
        before, now = self._was_blind, self._run.blind
        self._was_blind = now
        if before == now:
            return []
        return [Blinded(now)] if now else [Sighted()]

    def _get_ready(self, t: float) -> list[Event]:
        run = self._run
        if run.blind and run.task.exercise.check != "none":
            self._since = t
            return []
        since = t if self._since is None else self._since
        if not run.baseline.known or t - since < self._lead_in_s:
            return []
        self._phase, self._since = "work", t
        return [WorkStarted()]

    def _work(self, t: float) -> list[Event]:
        events = self._run.judge(t)
        if self._run.progress.state == "done":
            events.append(SetDone(self._index))
            self._phase, self._since = "rest", t
            if self._index == len(self._tasks) - 1:
                self._phase = "done"
                events.append(SessionDone())
        return events

    def _next(self, t: float) -> list[Event]:
        self._index += 1
        self._run = _Run(self._tasks[self._index], self._level)
        self._phase, self._since = "ready", t
        return [TaskStarted(self._index)]

    def _snapshot(self, t: float) -> SessionView:
        run = self._run
        since = t if self._since is None else self._since
        left = max(0.0, run.task.rest_s - (t - since)) if self._phase == "rest" else 0.0
        return SessionView(
            t, self._phase, run.task, self._index, run.progress, run.verdict, run.values,
            run.blind, run.parts, not (run.blind or run.baseline.known), run.clock_s, left,
        )  # fmt: skip
