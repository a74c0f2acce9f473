"""One set of an exercise: measures, rules and progress.

A `SetRunner` judges the observations of one set. The session decides which set comes next and when
a set begins and ends. The module reads no clock and no camera.

Theory of operation. Every frame goes through `observe`, which measures the body and decides whether
it can be judged: the subject is seen, is turned as the exercise needs it (`ViewCheck`), and is in a
posture of the exercise (`PostureGate`). This policy is the same for a live session, a recording and
a replay. A `SetStart`, which the caller passes in, decides what else the set waits for before it
begins. During the work `judge` follows: the rules give a verdict, and the verdict drives the
seconds and the repetitions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from posecheck.body.baseline import LEARN_S, Baseline, is_relative, unlearnt
from posecheck.body.camera_level import lies_along
from posecheck.body.geometry import NAN, body_of, levelled
from posecheck.body.measure import Measurer, Values, specs_of
from posecheck.body.needs import BACK, TRUNK_PARTS, needs_by_metric, strict_specs, unseen_parts
from posecheck.exercise import UPRIGHT_POSITIONS, Exercise, Rule
from posecheck.pose import PAIRED, Observation, Pose
from posecheck.session.events import (
    Blind,
    Event,
    FaultCleared,
    FaultRaised,
    StateChanged,
    Unjudged,
)
from posecheck.session.form import NOT_SEEN, FormChecker, Verdict
from posecheck.session.limb_counters import LimbCounters
from posecheck.session.placement import WORD, Placement, Stance, ViewCheck
from posecheck.session.plan import PlannedSet
from posecheck.session.posture_gate import PostureGate
from posecheck.session.progress import HoldTimer, Progress, Stopwatch
from posecheck.session.start import SetStart, StartBlocker
from posecheck.session.start_position import StartFault, StartPosition
from posecheck.session.wrong_side import WrongSide
from posecheck.timing import Lasted

MakeStart = Callable[[PlannedSet], SetStart]
"""Makes the start of a set; called again when the set must start again after a pause."""

FEW_GAP_S, FEW_S = 0.45, 2.0
"""Repetitions are not counted once every gap between pictures was longer than FEW_GAP_S for FEW_S.
Of 102 repetitions of the rendered clips 100 count at 3 pictures a second, 39 at one.
Programs that leave out repeated pictures leave such gaps only while the body is still."""
SIDEWAYS_S = 1.0
"""A body must lie along the picture for this long: landmarks of an upright body may jump there."""


class SetRunner:
    """One set: its measures, its rules, its progress.

    planned        the plan of the set; its exercise may be eased during the set
    progress       seconds, repetitions and the state of the set
    verdict        verdict of the rules on the last frame
    values         metric -> value of the last frame, NaN or missing where unknown
    blind          why the last frame cannot be judged, "" when it can
    parts          unseen body parts for want of which nothing can be judged, or counted, or learnt
    start_blocker  what the set waits for before it begins, "" for nothing
    compared       metrics without which nothing counts and that need the neutral
    unchecked      the set is not judged
    clock_s        seconds of work of a set that ends by the clock
    stalled_s      seconds of work since the last second or repetition that counted
    """

    def __init__(self, planned: PlannedSet, level: int, start: MakeStart) -> None:
        exercise = planned.exercise
        self.planned = planned
        self.progress = Progress("ready")
        self.verdict = NOT_SEEN
        self.values: Values = {}
        self.blind: Blind | Literal[""] = ""
        self.parts: tuple[str, ...] = ()
        self.unchecked = exercise.check == "none"
        self.clock_s = self.stalled_s = 0.0
        self._level = level
        self._make_start = start
        self._judged_t: float | None = None
        self._pose: Pose | None = None
        self._entered = False
        self._inside, self._inside_s = Lasted(), 0.0
        self._faults: set[str] = set()
        self._view = ViewCheck(exercise.camera) if exercise.camera else None
        self._upright = exercise.position in UPRIGHT_POSITIONS
        self._along, self._sparse = Lasted(), Lasted()
        self._seen_t: float | None = None
        self.gate = PostureGate(exercise)
        self._wrong_side = WrongSide(planned, level)
        self.form = FormChecker(planned.rules, level)
        self._take_rules()
        self._hold = HoldTimer(planned.hold_s) if exercise.category == "hold" else None
        reps = exercise.reps if exercise.category == "reps" else None
        self._reps = None if reps is None else LimbCounters.of(reps, planned.reps)
        self._stopwatch = Stopwatch(planned.time_s or exercise.dose.time_s)
        self._clock = Stopwatch(planned.time_s) if planned.time_s is not None else None
        self.reset_neutral()
        self.reset_start()

    def _take_rules(self) -> None:
        exercise, rules = self.planned.exercise, self.planned.rules
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules}
        self._strict = {r.id for r in rules if r.severity != "advice"}
        self._needed = strict_specs(exercise)
        self.compared = tuple(spec for spec in self._needed if is_relative(spec))

    # --- resets -----------------------------------------------------------------------------------

    def reset_neutral(self) -> None:
        """Discard the neutral and the near side; the seconds and the repetitions stay."""
        exercise = self.planned.exercise
        specs = specs_of(exercise)
        self.measurer = Measurer(specs, self.planned.side)
        standing = exercise.position == "standing"
        self.baseline = Baseline(specs, self.planned.side, standing, self.compared)
        self.start_position = StartPosition(exercise, self.compared, self._level)
        self._wrong_side.reset()

    def reset_start(self) -> None:
        """Require everything that a start needs, as at the beginning."""
        self.start = self._make_start(self.planned)
        self.start_blocker: StartBlocker = self.start.initial
        self.gate.open()

    def pause(self) -> list[Event]:
        """Pause with the session. The user may be elsewhere afterwards, so the start is required
        again and the timer must resume. What was counted stays."""
        self.reset_start()
        self.form = FormChecker(self.planned.rules, self._level)
        self.verdict, self.parts, self._faults, self._pose = NOT_SEEN, (), set(), None
        self._judged_t = None
        self._stopwatch.pause()
        if self._clock is not None:
            self._clock.pause()
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

    def ease(self, exercise: Exercise) -> None:
        """Continue with eased limits of the same exercise. What was counted stays."""
        self.planned = replace(self.planned, exercise=exercise)
        self._take_rules()
        self.form.take(self.planned.rules, self._level)
        if self._reps is not None and exercise.reps is not None:
            self._reps.ease(exercise.reps)

    def uncheck(self) -> None:
        """Continue by the clock without judging, for as long as the rest of the set would take."""
        if self.unchecked:
            return
        self.unchecked = True
        ends = self._clock is None
        self._stopwatch = Stopwatch(self.planned.seconds_left(self.progress) if ends else None)

    def by_the_clock(self, start: MakeStart) -> None:
        """Continue without a camera, from the start of the set. What was counted stays."""
        self.uncheck()
        self._make_start = start
        self.pause()

    # --- one frame --------------------------------------------------------------------------------

    def observe(self, t: float, observation: Observation, working: bool, lean: float = 0.0) -> None:
        """Measure one frame and decide whether it can be judged.

        working  the set has begun
        lean     of the camera, degrees (`CameraLevel`)
        """
        lacked = bool(self.parts)
        raw = self.measurer.update(t, observation.pose, lean)
        pose = None if observation.pose is None else levelled(observation.pose, lean)
        facing = self._view is None or self._view.update(t, raw.get("view_turn", NAN), working)
        fault = self._start_fault(t, pose, raw, working)
        facing = facing and fault != "view"
        along = self._upright and observation.pose is not None and lies_along(observation.pose)
        sideways = self._along.update(t, along) >= SIDEWAYS_S
        turn_known = facing or not math.isnan(raw.get("view_turn", NAN))
        self.blind = _blind(observation, sideways, facing, turn_known)
        if self._few_pictures(t) and working and not self.blind:
            self.blind = "few_pictures"
        if self.unchecked:
            self.gate.open()
        else:
            self.gate.update(t, pose, working)
        self._entered = fault == "entered"
        self._inside_s = self._inside.update(t, self._entered)
        if self._away(working):
            # On the way to the start position every check of the placement would fail.
            self.start_blocker = "posture"
            self.start.wait(t)
        elif self._entered and self.compared:
            self.start_blocker = "entered"
            self.start.wait(t)
        else:
            drift = raw.get("drift", NAN)
            stance = Stance(facing, self.measurer.near)
            self.start_blocker = self.start.update(
                t, observation, stance, drift, not self.unchecked
            )
        settled = not self.blind and self.start_blocker in ("", "still")
        ready = settled and not self.gate.astray and not self._entered
        self.baseline.learn(t, raw if ready else {})
        self.values = self.baseline.relative(raw)
        self._pose = pose
        self.parts = self._parts_before_work(raw, working)
        if not self.unchecked:
            judged = working and not self.blind and not self.gate.outside
            form, reps = self.verdict.form, self.progress.reps
            self._wrong_side.update(t, pose, ready, judged, form, reps, lacked)
            if judged and self._wrong_side.working:
                self.blind = "wrong_side"

    def _few_pictures(self, t: float) -> bool:
        """Whether the pictures come too seldom to count repetitions."""
        gap = 0.0 if self._seen_t is None else t - self._seen_t
        self._seen_t = t
        return self._sparse.update(t, self._reps is not None and gap > FEW_GAP_S) >= FEW_S

    def judge(self, t: float) -> list[Event]:
        """Judge the frame that was observed last. A frame that cannot be judged brings neither
        faults nor credit."""
        before, counted = self.progress.state, self._counted
        hidden = bool(self.blind) or self.gate.outside
        values = {} if hidden else self.values
        self.verdict = NOT_SEEN
        uncounted: tuple[str, ...] = ()
        if not self.unchecked:
            verdict = self.form.update(t, values)
            uncounted = () if self._reps is None else self._reps.unknown(t, values)
            self.verdict = NOT_SEEN if hidden else _without_evidence(verdict, bool(uncounted))
        events = self._progress(t, hidden)
        step = 0.0 if self._judged_t is None else t - self._judged_t
        self._judged_t = t
        self.stalled_s = self.stalled_s + step if self._counted == counted else 0.0
        self._run_clock(t)
        if before != self.progress.state:
            events.append(StateChanged(before, self.progress.state))
        if not hidden:
            self.parts = self._unseen_parts(uncounted)
        return events if hidden or self.unchecked else events + self._fault_events()

    def _start_fault(self, t: float, pose: Pose | None, raw: Values, working: bool) -> StartFault:
        """Why the body is not at the start, while the neutral is still to be learnt there."""
        if pose is None or working or self.unchecked or self.baseline.known:
            return ""
        return self.start_position.update(t, body_of(pose, self.measurer.near), raw)

    def _away(self, working: bool) -> bool:
        """Whether the start position is still to be taken. A set whose strict rules need no neutral
        may also begin in another posture of its exercise."""
        gate = self.gate
        return gate.astray if working or self.compared else gate.astray and gate.foreign

    @property
    def ready(self) -> bool:
        """Whether the work may begin. A person who is in the pose already begins without a neutral:
        what is relative to it stays unknown."""
        if self.blind or self.start_blocker:
            return False
        inside = self.gate.astray or self._inside_s >= LEARN_S
        return self.baseline.known or (inside and not self.compared)

    @property
    def placement(self) -> Placement | None:
        """Where the user should be; None when placement is not checked."""
        return self.start.placement

    def unjudged(self, working: bool) -> Unjudged | Literal[""]:
        """Why the frame counts neither as right nor as wrong, "" when it does."""
        if self.unchecked:
            return ""
        if self.blind:
            return self.blind
        if self.gate.outside or (self._away(working) and not working):
            return "posture"
        if self.start_blocker == "entered":
            return "entered"
        waits = not working or self.verdict.form == "unknown"
        return "parts" if self.parts and waits else ""

    @property
    def _counted(self) -> float:
        timed = self.planned.exercise.category == "hold"
        return self.progress.held_s if timed else float(self.progress.reps)

    def _progress(self, t: float, hidden: bool) -> list[Event]:
        """Update the progress by this frame: repetitions, a hold, or the clock."""
        verdict = self.verdict
        if self._reps is not None and not self.unchecked:
            bad = bool(verdict.out & self._strict)
            unseen = bool(self._strict.intersection(verdict.unseen))
            values = {} if hidden else self.values
            self.progress, events = self._reps.update(t, values, verdict, bad, unseen)
            return events
        if self._hold is not None and not self.unchecked:
            self.progress = self._hold.update(t, verdict.form, verdict.stopped)
            return []
        watch = self._stopwatch.update(t)
        self.progress = replace(self.progress, state=watch.state, unchecked_s=watch.unchecked_s)
        return []

    def _run_clock(self, t: float) -> None:
        """Advance the clock of a set that ends by time. It stops while nothing can be judged."""
        if self._clock is None:
            return
        hidden = bool(self.blind) or self.progress.state == "unseen"
        clock = self._clock.update(t, stands=hidden and not self.unchecked)
        self.clock_s = clock.unchecked_s
        if clock.state == "done":
            self.progress = replace(self.progress, state="done")

    def _fault_events(self) -> list[Event]:
        before, self._faults = self._faults, set(self.verdict.faults)
        raised = [r for i, r in self.rules.items() if i in self._faults - before]
        cleared = [r for i, r in self.rules.items() if i in before - self._faults]
        return [*map(FaultRaised, raised), *map(FaultCleared, cleared)]

    def _parts_before_work(self, raw: Values, working: bool) -> tuple[str, ...]:
        """The unseen parts for want of which the view is unknown, or the neutral cannot be learnt
        from raw values."""
        if self.blind == "parts":
            return self._missing(("view_turn",))
        if working or self.blind or self.unchecked or self.baseline.known:
            return ()
        unknown = [spec for spec in self.compared if unlearnt(spec, raw)]
        if math.isnan(raw.get("drift", NAN)):
            unknown.append("drift")
        return self._missing(tuple(unknown), trunk=True)

    def _unseen_parts(self, uncounted: tuple[str, ...]) -> tuple[str, ...]:
        """The unseen parts for want of which a strict rule is unknown, or repetitions are."""
        unseen = (i for i in self.verdict.unseen if i in self._strict)
        return self._missing((*(self.rules[i].metric for i in unseen), *uncounted))

    def _missing(self, specs: tuple[str, ...], trunk: bool = False) -> tuple[str, ...]:
        """The unseen parts that some metrics need, from head to foot, in plain words. `trunk`: also
        the parts of the trunk that any strict metric needs: without them no stillness is seen."""
        pose, near = self._pose, self.measurer.near
        if pose is None or near is None or not (specs or trunk):
            return ()
        planned = self.planned
        standing = planned.exercise.position == "standing"
        needs = needs_by_metric((*self._needed, "drift", "view_turn"), near, planned.side, standing)
        names = {part for spec in specs for part in unseen_parts(spec, needs[spec], pose)}
        if trunk:
            asked = (need for spec in self._needed for need in needs[spec])
            names |= {n.part for n in asked if n.part in TRUNK_PARTS and not n.met(pose)}
        return tuple(WORD.get(part, part) for part in (*PAIRED, BACK) if part in names)


def _without_evidence(verdict: Verdict, uncounted: bool) -> Verdict:
    """The verdict, with right form unknown while repetitions would go unnoticed."""
    if not uncounted or verdict.form != "right":
        return verdict
    return replace(verdict, form="unknown")


def _blind(
    observation: Observation, sideways: bool, facing: bool, turn_known: bool
) -> Blind | Literal[""]:
    if observation.no_pose_reason in ("someone_else", "frozen"):
        return observation.no_pose_reason
    if observation.pose is None:
        return "nobody"
    if sideways:
        return "sideways"
    if not turn_known:
        return "parts"
    return "" if facing else "view"
