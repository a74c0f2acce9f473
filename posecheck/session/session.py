"""A session: sets in order, each READY -> WORK -> REST. Observations in, events and a view out.

Theory of operation. In READY the person takes the start position and their neutral is learnt. In
WORK the set is judged. REST counts down. The transitions:

    from        to      when
    READY       WORK    the frame can be judged, nothing blocks the start, the neutral is known; an
                        unchecked set: after the lead of its start
    WORK        REST    the target is reached, or `end_set`
    WORK        READY   the body has left the exercise, the track was reset, or `place_again`
    REST        READY   the rest is over: the next set
    any         DONE    the last set has ended, or `end`

A live session, a recording and a replay are judged in the same way. What a live session requires
before a set begins is passed in as `start`; the rest of leading (signs, offers, giving a set up) is
built around the session. The module reads no clock and no camera.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.body.camera_level import CameraLevel
from posecheck.body.measure import Values, resolve, specs_of
from posecheck.exercise import Exercise
from posecheck.pose import MaskNeed, Observation, Side
from posecheck.session.events import (
    Blind,
    Blinded,
    Event,
    SessionDone,
    SetAnnounced,
    SetDone,
    SetEnd,
    Sighted,
    Unjudged,
    WorkStarted,
)
from posecheck.session.exercise_set import MakeStart, SetRunner
from posecheck.session.form import Verdict
from posecheck.session.placement import Placement
from posecheck.session.plan import PlannedSet
from posecheck.session.progress import Progress
from posecheck.session.start import SetStart, StartBlocker

Phase = Literal["ready", "work", "rest", "done"]


@dataclass(frozen=True, slots=True)
class SessionView:
    """The state of a session after one frame, for screens, voices and records.

    t              time of the frame, seconds
    planned        the current set
    index          its place in `planned_sets`
    values         what the rules were judged on, NaN where unknown; degrees and ratios
    blind          why the frame cannot be judged, "" when it can
    parts          the body parts that are needed and unseen
    unjudged       why the frame counts neither as right nor as wrong, "" when it does
    learning       the person's neutral is not known yet: they must keep still for it
    clock_s        seconds since the work began, for sets that end by the clock
    stalled_s      seconds of work since the last second or repetition that counted
    rest_s         seconds of rest left
    sets_begun     number of sets begun so far, repeated ones included
    planned_sets   the plan as it is now
    start_blocker  what a set waits for before it begins, "" for nothing
    placement      where the user should be; None when placement is not checked
    camera_lean    lean of the camera that is taken off the angles, degrees, + when upright bodies
                   lean clockwise in the picture; 0 when none is known
    near           the side towards the camera, as the rules are judged; None before the first
                   pose
    unchecked      the set is not judged
    watched        there is a camera; without one no set is judged
    begins_s       seconds until a set that is not judged begins; 0.0 when it has
    early_unseen_s seconds of this set in which nothing could be judged and its timer did not run:
                   before the form was first right, and while the start is required again
    """

    t: float
    phase: Phase
    planned: PlannedSet
    index: int
    progress: Progress
    verdict: Verdict
    values: Values
    blind: Blind | Literal[""] = ""
    parts: tuple[str, ...] = ()
    unjudged: Unjudged | Literal[""] = ""
    learning: bool = False
    clock_s: float = 0.0
    stalled_s: float = 0.0
    rest_s: float = 0.0
    sets_begun: int = 0
    planned_sets: tuple[PlannedSet, ...] = ()
    start_blocker: StartBlocker = ""
    placement: Placement | None = None
    near: Side | None = None
    camera_lean: float = 0.0
    unchecked: bool = False
    watched: bool = True
    begins_s: float = 0.0
    early_unseen_s: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds left in a timed set, and in a set of repetitions that goes on without form check;
        None in other sets."""
        target, progress = self.planned.target_s, self.progress
        if target is None:
            by_clock = self.unchecked and self.planned.reps is not None
            return self.planned.seconds_left(progress) - progress.unchecked_s if by_clock else None
        if self.planned.time_s is not None:
            return target - self.clock_s
        held_s = progress.held_s if self.planned.exercise.category == "hold" else 0.0
        return target - held_s - progress.unchecked_s

    @property
    def coming(self) -> PlannedSet | None:
        """The next set; None at the end."""
        following = self.index + 1
        return self.planned_sets[following] if following < len(self.planned_sets) else None


class Session:
    """Judges the sets of a plan in order. `update` takes one observation and returns the events;
    `view` is the state afterwards.

    level  1 widens the limits for beginners (`form.widened`)
    start  makes the start of each set: `SetStart` for a recording, `LedStart` for a led user
    watched  False for a session without a camera: every set runs by the clock, without judging

    Raises ValueError when there is no set.
    """

    def __init__(
        self,
        planned_sets: Iterable[PlannedSet],
        level: int = 2,
        start: MakeStart = SetStart,
        watched: bool = True,
    ) -> None:
        self._planned_sets = tuple(planned_sets)
        if not self._planned_sets:
            raise ValueError("a session needs at least one set")
        self._level, self._start, self._watched = level, start, watched
        self._index = 0
        self._phase: Phase = "ready"
        self._since: float | None = None
        self._runner = self._made_runner(0)
        self._begun = 1
        self._announced = 0
        self._left_out: set[str] = set()
        self._ended: SetEnd = "done"
        self._was_blind: Blind | Literal[""] = ""
        self._early_unseen = _EarlyUnseen()
        self._camera = CameraLevel()
        self.view = self._snapshot(0.0)

    @property
    def needs_masks(self) -> bool:
        """Whether the current set is judged on the back contour, which needs segmentation masks; in
        a rest, whether the coming set is."""
        if self._phase == "rest" and (coming := self.view.coming) is not None:
            spine = any(resolve(spec).metric.spine for spec in specs_of(coming.exercise))
            return self._watched and spine
        return self._runner.measurer.needs_spine and not self._runner.unchecked

    def mask_need(self, t: float) -> MaskNeed:
        """Whether the pose at time t, or a later one of the set, should have its mask."""
        if not self.needs_masks:
            return "none"
        judged = self._phase in ("ready", "work")
        return "now" if judged and self._runner.measurer.wants_mask(t) else "soon"

    def update(self, t: float, observation: Observation) -> tuple[Event, ...]:
        """Judge one frame at time t (seconds, increasing). A reset of the track discards the
        neutral; what was counted stays. A repeated picture counts like a gap between frames."""
        events: list[Event] = []
        if self._since is None:
            self._since = t
        if self._announced != self._begun and self._phase != "done":
            self._announced = self._begun
            events.append(SetAnnounced(self._index))
        nothing_new = observation.repeated and not self._runner.unchecked
        if self._phase in ("ready", "work") and not nothing_new:
            events += self._observe(t, observation)
        match self._phase:
            case "ready" | "work" if nothing_new:
                pass
            case "ready":
                events += self._get_ready(t)
            case "work":
                events += self._work(t)
            case "rest" if t - self._since >= self._runner.planned.rest_s:
                events += self._next(t)
        self._early_unseen.update(t, self._phase, self._runner)
        self.view = self._snapshot(t)
        return tuple(events)

    # --- what the person or the guide decides ---------------------------------------------------

    def end(self, t: float, why: SetEnd) -> tuple[Event, ...]:
        """End the session and report the reason."""
        if self._phase == "done":
            return ()
        self._phase, self._since = "done", t
        self.view = self._snapshot(t)
        return (SessionDone(why),)

    def end_set(self, t: float, why: SetEnd) -> tuple[Event, ...]:
        """End the current set as if its target were reached, and report the reason."""
        events = self._finish(t, why) if self._phase in ("ready", "work") else []
        self.view = self._snapshot(t)
        return tuple(events)

    def jump(self, t: float, index: int) -> tuple[Event, ...]:
        """Begin a set of the plan. An index beyond the last set ends the session."""
        if index >= len(self._planned_sets):
            return self.end(t, "skipped")
        self._begin(t, max(0, index))
        self._strike()  # going back must not bring back what was left out
        self.view = self._snapshot(t)
        return ()

    @property
    def before(self) -> int | None:
        """Index of the set to go back to: in a rest the one just done, else the previous one. Sets
        that were left out are skipped. None when there is none."""
        first = self._index if self._phase == "rest" else self._index - 1
        groups = ((i, self._planned_sets[i].exercise.group) for i in range(first, -1, -1))
        return next((i for i, group in groups if group not in self._left_out), None)

    def leave_out(self, group: str) -> int:
        """Remove the coming sets of a group from the plan. Returns how many."""
        self._left_out.add(group)
        return self._strike()

    def _strike(self) -> int:
        before, first = len(self._planned_sets), self._index + 1
        coming = self._planned_sets[first:]
        kept = (planned for planned in coming if planned.exercise.group not in self._left_out)
        self._planned_sets = (*self._planned_sets[:first], *kept)
        return before - len(self._planned_sets)

    def ease(self, exercise: Exercise) -> None:
        """Judge this exercise by eased limits, in the current set and all coming ones."""
        self._planned_sets = tuple(
            replace(planned, exercise=exercise) if planned.exercise.id == exercise.id else planned
            for planned in self._planned_sets
        )
        if self._runner.planned.exercise.id == exercise.id:
            self._runner.ease(exercise)

    def uncheck(self) -> None:
        """Continue the current set by the clock, without form check."""
        self._runner.uncheck()

    def by_the_clock(self, start: MakeStart) -> None:
        """Continue without a camera: the current set and all coming ones. `start` makes their
        starts."""
        self._watched, self._start = False, start
        self._runner.by_the_clock(start)
        if self._phase == "work":
            self._phase, self._since = "ready", None
        self.view = self._snapshot(self.view.t)

    def place_again(self) -> tuple[Event, ...]:
        """Require the start of the set once more before the work continues: after a pause the user
        may be elsewhere. The neutral and what was counted are kept."""
        if self._phase not in ("ready", "work"):
            return ()
        self._phase, self._since = "ready", None
        events = self._runner.pause()
        self.view = self._snapshot(self.view.t)
        return tuple(events)

    # --- phases ---------------------------------------------------------------------------------

    def _observe(self, t: float, observation: Observation) -> list[Event]:
        """Let the set see a frame, with what is known of the camera."""
        events = self._learn_again() if observation.track_reset else []
        if self._counts_nothing and self._camera.update(t, observation.pose):
            self._runner.reset_neutral()
        self._runner.observe(t, observation, self._phase == "work", self._camera.lean)
        return [*events, *self._sight()]

    @property
    def _counts_nothing(self) -> bool:
        """Whether nothing of the set has counted. Later the exercise itself may lean the body."""
        progress = self._runner.progress
        return not (progress.held_s or progress.reps)

    def _learn_again(self) -> list[Event]:
        """The skeleton before was wrong or another person's: what was learnt from it is void."""
        runner = self._runner
        runner.reset_neutral()
        events = runner.pause()
        learns = runner.start_position.tells or runner.planned.exercise.category == "reps"
        if not (self._counts_nothing or (learns and runner.compared)):
            runner.baseline.give_up()  # a stillness now may be the exercise itself
        if not runner.unchecked:
            self._phase = "ready"
        return events

    def _return_to_start(self) -> list[Event]:
        """Return to READY because the body has left the exercise. A neutral from which nothing was
        counted is discarded: it may be that of a wrong posture."""
        if self._counts_nothing:
            self._runner.reset_neutral()
        return list(self.place_again())

    def _sight(self) -> list[Event]:
        before, now = self._was_blind, self._runner.blind
        self._was_blind = now
        if before == now:
            return []
        return [Blinded(now)] if now else [Sighted()]

    def _get_ready(self, t: float) -> list[Event]:
        runner = self._runner
        since = t if self._since is None else self._since
        if runner.unchecked:
            if runner.start.left_s(t - since) > 0:
                return []
        elif not runner.ready:
            return []
        if not runner.baseline.known:
            runner.baseline.give_up()
        self._phase, self._since = "work", t
        return [WorkStarted()]

    def _work(self, t: float) -> list[Event]:
        events = self._runner.judge(t)
        if self._runner.progress.state == "done":
            return events + self._finish(t, "done")
        if self._runner.gate.left_exercise:
            return events + self._return_to_start()
        return events

    def _finish(self, t: float, why: SetEnd) -> list[Event]:
        events: list[Event] = [SetDone(self._index, why)]
        self._phase, self._since, self._ended = "rest", t, why
        self._announced = self._begun
        if self._index == len(self._planned_sets) - 1:
            self._phase = "done"
            events.append(SessionDone(why))
        return events

    def _next(self, t: float) -> list[Event]:
        if self._index + 1 >= len(self._planned_sets):  # the coming sets were left out
            self._phase, self._since = "done", t
            return [SessionDone(self._ended)]
        self._begin(t, self._index + 1)
        self._announced = self._begun
        return [SetAnnounced(self._index)]

    def _begin(self, t: float, index: int) -> None:
        self._index = index
        self._runner = self._made_runner(index)
        self._early_unseen = _EarlyUnseen(t)
        self._begun += 1
        self._phase, self._since = "ready", t

    def _made_runner(self, index: int) -> SetRunner:
        runner = SetRunner(self._planned_sets[index], self._level, self._start)
        if not self._watched:
            runner.uncheck()
        return runner

    def _begins_s(self, waited_s: float) -> float:
        unjudged = self._phase == "ready" and self._runner.unchecked
        return self._runner.start.left_s(waited_s) if unjudged else 0.0

    def _snapshot(self, t: float) -> SessionView:
        runner = self._runner
        since = t if self._since is None else self._since
        rest_s = max(0.0, runner.planned.rest_s - (t - since)) if self._phase == "rest" else 0.0
        return SessionView(
            t=t,
            phase=self._phase,
            planned=runner.planned,
            index=self._index,
            progress=runner.progress,
            verdict=runner.verdict,
            values=runner.values,
            blind=runner.blind,
            parts=runner.parts,
            unjudged=runner.unjudged(self._phase == "work"),
            learning=not (runner.blind or runner.baseline.known),
            clock_s=runner.clock_s,
            stalled_s=runner.stalled_s,
            rest_s=rest_s,
            sets_begun=self._begun,
            planned_sets=self._planned_sets,
            start_blocker=runner.start_blocker if self._phase == "ready" else "",
            placement=runner.placement,
            near=runner.measurer.near,
            camera_lean=self._camera.lean,
            unchecked=runner.unchecked,
            watched=self._watched,
            begins_s=self._begins_s(t - since),
            early_unseen_s=self._early_unseen.seconds,
        )


class _EarlyUnseen:
    """Adds up `SessionView.early_unseen_s` for one set: what the timer of the set leaves out."""

    def __init__(self, begun_t: float | None = None) -> None:
        self.seconds = 0.0
        self._last_t = begun_t
        self._begun = False
        self._unseen_s = 0.0

    def update(self, t: float, phase: Phase, runner: SetRunner) -> None:
        """One frame at time t (seconds, increasing)."""
        gap_s = 0.0 if self._last_t is None else max(0.0, t - self._last_t)
        self._last_t = t
        progress = runner.progress
        grown, self._unseen_s = progress.unseen_s > self._unseen_s, progress.unseen_s
        waits = phase == "ready" and bool(runner.parts)
        hidden = bool(runner.blind) or waits or (phase == "work" and progress.state == "unseen")
        early = phase == "ready" or (phase == "work" and not self._begun)
        if hidden and early and not grown and not runner.unchecked:
            self.seconds += gap_s
        self._begun = self._begun or progress.state == "active"
