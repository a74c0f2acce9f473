"""A session: sets in order, each READY -> WORK -> REST, poses in, events and a view out.

READY waits until the person is seen from the right side and learns their neutral; WORK judges;
REST counts down. The whole core runs from here: measuring, form, progress. No clock, no camera.
A led session also looks after the person's place, and gives up a set that does not succeed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.body.geometry import NAN
from posecheck.body.measure import Values, resolve, specs_of
from posecheck.exercise import Exercise
from posecheck.pose import NoPoseReason, Pose
from posecheck.session.events import (
    Blind,
    Blinded,
    Event,
    SessionDone,
    SetAnnounced,
    SetDone,
    SetEnd,
    Sighted,
    WorkStarted,
)
from posecheck.session.exercise_set import PlannedSet, SetRunner, StartBlocker, plan
from posecheck.session.form import Verdict
from posecheck.session.placement import Placement
from posecheck.session.progress import Progress

__all__ = ["Phase", "PlannedSet", "Session", "SessionView", "plan"]

Phase = Literal["ready", "work", "rest", "done"]

HARD_S = 45.0
"""Seconds of wrong form after which a led set ends kindly (biomechanics 2B)."""
NOT_BEGUN_S = 90.0
"""Seconds of work in which a led set never begins, or counts nothing more, before it ends: twice
HARD_S, because coming into a pose takes its time."""
UNCHECKED_LEAD_S = 8.0
"""Time to get ready for a set that no camera checks."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """All that a screen, a voice or a record needs to know after one frame.

    values   what the rules were judged on, NaN where unknown; degrees and ratios
    blind    why nothing can be judged, "" when it can; `parts` the body parts not seen
    learning the person's neutral is not known yet: they must keep still for a moment
    clock_s  seconds since the work began, for sets that end by the clock
    rest_s   seconds of rest left
    run      counts the sets that were begun, in whatever order; `index` is the place in the plan
    tasks    the plan as it is now
    hurdle   what a led set waits for before it begins, "" for nothing
    placement  where the person should be, in a led session
    unchecked  nobody judges this set
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
    learning: bool = False
    clock_s: float = 0.0
    rest_s: float = 0.0
    run: int = 0
    planned_sets: tuple[PlannedSet, ...] = ()
    start_blocker: StartBlocker = ""
    placement: Placement | None = None
    unchecked: bool = False

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go in a timed set, None where there is no such end."""
        target, progress = self.planned.target_s, self.progress
        if target is None:
            return None
        if self.planned.time_s is not None:
            return target - self.clock_s
        held_s = progress.held_s if self.planned.exercise.category == "hold" else 0.0
        return target - held_s - progress.unchecked_s

    @property
    def coming(self) -> PlannedSet | None:
        """The set after this one, None at the end."""
        return (
            self.planned_sets[self.index + 1] if self.index + 1 < len(self.planned_sets) else None
        )


class Session:
    """Sets in order. `update` takes one pose (or None) and answers with what happened; `view`
    is the state after it.

    led  a person is led live: their place is looked after, and a set that does not succeed ends.
         False for a recording, which begins as soon as it can be judged and ends when it ends.
    """

    def __init__(
        self, planned_sets: Iterable[PlannedSet], level: int = 2, led: bool = False
    ) -> None:
        self._planned_sets = tuple(planned_sets)
        if not self._planned_sets:
            raise ValueError("a session needs at least one set")
        self._level, self._led = level, led
        self._index = 0
        self._phase: Phase = "ready"
        self._since: float | None = None
        self._run = SetRunner(self._planned_sets[0], level, led)
        self._runs = 1
        self._announced = 0
        self._left_out: set[str] = set()
        self._ended: SetEnd = "done"
        self._was_blind: Blind | Literal[""] = ""
        self.view = self._snapshot(0.0)

    def wants_mask(self, t: float) -> bool:
        """Whether the pose of time t should carry its segmentation mask."""
        return self._phase in ("ready", "work") and self._run.measurer.wants_mask(t)

    @property
    def needs_spine(self) -> bool:
        """Whether any set is judged on the back contour, so that the model must give masks."""
        specs = {s for planned in self._planned_sets for s in specs_of(planned.exercise)}
        return any(resolve(s).metric.spine for s in specs)

    def update(
        self,
        t: float,
        pose: Pose | None,
        no_pose_reason: NoPoseReason = "",
        track_reset: bool = False,
        light: float = NAN,
        other_person_size: float = 0.0,
    ) -> tuple[Event, ...]:
        """One frame at time t (seconds, increasing). `track_reset` as in `Detection`: the neutral
        is learnt again, what was counted stays. `light` and the other person as in
        `PlacementCoach`."""
        events: list[Event] = []
        if self._since is None:
            self._since = t
        if self._announced != self._runs and self._phase != "done":
            self._announced = self._runs
            events.append(SetAnnounced(self._index))
        if self._phase in ("ready", "work"):
            if track_reset:
                events += self._learn_again()
            self._run.look(t, pose, no_pose_reason, self._phase == "work", light, other_person_size)
            events += self._sight()
        if self._phase == "ready":
            events += self._get_ready(t)
        elif self._phase == "work":
            events += self._work(t)
        elif self._phase == "rest" and t - self._since >= self._run.planned.rest_s:
            events += self._next(t)
        self.view = self._snapshot(t)
        return tuple(events)

    # --- what the person or the guide decides ---------------------------------------------------

    def end(self, t: float, why: SetEnd) -> tuple[Event, ...]:
        """End the session here; the reason is told."""
        if self._phase == "done":
            return ()
        self._phase, self._since = "done", t
        self.view = self._snapshot(t)
        return (SessionDone(why),)

    def jump(self, t: float, index: int) -> tuple[Event, ...]:
        """Go to a set of the plan, from its beginning; beyond the last one the session is over."""
        if index >= len(self._planned_sets):
            return self.end(t, "skipped")
        self._begin(t, max(0, index))
        self._strike()  # who goes back does not come by what is left out again
        self.view = self._snapshot(t)
        return ()

    def end_set(self, t: float, why: SetEnd) -> tuple[Event, ...]:
        """End the set at hand, as if its target were reached; the reason is told."""
        events = self._finish(t, why) if self._phase in ("ready", "work") else []
        self.view = self._snapshot(t)
        return tuple(events)

    @property
    def before(self) -> int | None:
        """The set to go back to: in a rest the one just done, else the one before; what is left
        out is passed over. None when there is none."""
        first = self._index if self._phase == "rest" else self._index - 1
        groups = ((i, self._planned_sets[i].exercise.group) for i in range(first, -1, -1))
        return next((i for i, group in groups if group not in self._left_out), None)

    def leave_out(self, group: str) -> int:
        """Strike the coming sets of a group from the plan; how many there were."""
        self._left_out.add(group)
        return self._strike()

    def _strike(self) -> int:
        before, first = len(self._planned_sets), self._index + 1
        kept = (k for k in self._planned_sets[first:] if k.exercise.group not in self._left_out)
        self._planned_sets = (*self._planned_sets[:first], *kept)
        return before - len(self._planned_sets)

    def ease(self, exercise: Exercise) -> None:
        """Eased limits of an exercise, for this set and all that come."""
        self._planned_sets = tuple(
            replace(planned, exercise=exercise) if planned.exercise.id == exercise.id else planned
            for planned in self._planned_sets
        )
        if self._run.planned.exercise.id == exercise.id:
            self._run.ease(exercise)

    def uncheck(self) -> None:
        """Go on with this set without form check, by the clock."""
        self._run.uncheck()

    def place_again(self) -> tuple[Event, ...]:
        """The person may be elsewhere after a pause: look after their place and their stillness
        before the work goes on. The neutral is kept, and what was counted."""
        if self._phase not in ("ready", "work"):
            return ()
        self._phase, self._since = "ready", None
        return tuple(self._run.pause())

    # --- phases ---------------------------------------------------------------------------------

    def _learn_again(self) -> list[Event]:
        run = self._run
        run.learn_again()
        if not self._led:
            self._phase = self._phase if run.baseline.known else "ready"
            return []
        events = run.pause()
        if run.progress.held_s or run.progress.reps:
            run.baseline.give_up()  # a stillness now would be the exercise itself
        if not run.unchecked:
            self._phase = "ready"
        return events

    def _place_anew(self) -> list[Event]:
        """The body has left the exercise: back to its start position. A neutral from which nothing
        was counted may be that of the wrong posture."""
        progress = self._run.progress
        if not (progress.held_s or progress.reps):
            self._run.learn_again()
        return list(self.place_again())

    def _sight(self) -> list[Event]:
        before, now = self._was_blind, self._run.blind
        self._was_blind = now
        if before == now:
            return []
        return [Blinded(now)] if now else [Sighted()]

    def _get_ready(self, t: float) -> list[Event]:
        run = self._run
        since = t if self._since is None else self._since
        if run.unchecked:
            if self._led and t - since < UNCHECKED_LEAD_S:
                return []
        elif run.blind or run.start_blocker or not run.baseline.known:
            return []
        self._phase, self._since = "work", t
        return [WorkStarted()]

    def _work(self, t: float) -> list[Event]:
        events = self._run.judge(t)
        if self._run.progress.state == "done":
            return events + self._finish(t, "done")
        if self._run.gone:
            return events + self._place_anew()
        progress = self._run.progress
        stuck = progress.wrong_s > HARD_S or self._run.stalled_s > NOT_BEGUN_S
        if self._led and not self._run.unchecked and stuck:
            return events + self._finish(t, "hard")
        return events

    def _finish(self, t: float, why: SetEnd) -> list[Event]:
        events: list[Event] = [SetDone(self._index, why)]
        self._phase, self._since, self._ended = "rest", t, why
        self._announced = self._runs
        if self._index == len(self._planned_sets) - 1:
            self._phase = "done"
            events.append(SessionDone(why))
        return events

    def _next(self, t: float) -> list[Event]:
        if self._index + 1 >= len(
            self._planned_sets
        ):  # what was to come has been struck from the plan
            self._phase, self._since = "done", t
            return [SessionDone(self._ended)]
        self._begin(t, self._index + 1)
        self._announced = self._runs
        return [SetAnnounced(self._index)]

    def _begin(self, t: float, index: int) -> None:
        self._index = index
        self._run = SetRunner(self._planned_sets[index], self._level, self._led)
        self._runs += 1
        self._phase, self._since = "ready", t

    def _snapshot(self, t: float) -> SessionView:
        run = self._run
        since = t if self._since is None else self._since
        left = max(0.0, run.planned.rest_s - (t - since)) if self._phase == "rest" else 0.0
        return SessionView(
            t, self._phase, run.planned, self._index, run.progress, run.verdict, run.values,
            run.blind, run.parts, not (run.blind or run.baseline.known), run.clock_s, left,
            self._runs, self._planned_sets, run.start_blocker if self._phase == "ready" else "",
            run.placement, run.unchecked,
        )  # fmt: skip
