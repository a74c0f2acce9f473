"""Judges recorded landmarks again with today's rules: a set, or a whole led session.

The judges are those of live sessions. A stream is decoded and its joints are filtered once;
however many judges there are, all of them take the same observations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue
from posecheck.coach.guide import Guide
from posecheck.coach.pipeline import FrameResult, Observer
from posecheck.coach.tally import SessionStats, SetStats
from posecheck.commands.recording import RecordingStats, Results, frame_line
from posecheck.exercise import Exercise
from posecheck.io.store.recording_block import RecordedFrame
from posecheck.pose import Frame, Observation, Side
from posecheck.session.events import Event
from posecheck.session.plan import PlannedSet, open_set
from posecheck.session.session import Session, SessionView

OnResult = Callable[[FrameResult], None]

NO_IMAGE = np.zeros((0, 0, 3), np.uint8)
"""Stands for the picture, which no recording holds."""
SAME_SPAN_S = 1e-6
"""Spans that are closer than this are one: sums of seconds are not exact."""


class Judge(Protocol):
    """Judges one stream. `update` takes its frames in order and returns what happened."""

    def wants_mask(self, t: float) -> bool:
        """Whether the frame of time t should carry its silhouette."""

    def update(self, frame: RecordedFrame, observation: Observation) -> tuple[Event, ...]:
        """The next frame."""


def observations(frames: Iterable[RecordedFrame]) -> Iterator[tuple[RecordedFrame, Observation]]:
    """Each frame with its observation, in order."""
    observer = Observer()
    for frame in frames:
        picture = Frame(frame.t, NO_IMAGE, frame.lost)
        seen = observer.update(picture, frame.detection)
        yield frame, replace(seen, brightness=frame.brightness)


def judged_by_all(
    frames: Iterable[RecordedFrame], judges: Sequence[Judge]
) -> Iterator[tuple[float, tuple[Event, ...]]]:
    """Pass every frame to every judge. Yields the time of each frame and the first judge's answer.

    A judge that does not want a silhouette gets none, as in a live session.
    """
    for frame, seen in observations(frames):
        bare = without_mask(seen)
        answers = [
            judge.update(frame, seen if bare is seen or judge.wants_mask(frame.t) else bare)
            for judge in judges
        ]
        yield frame.t, answers[0]


def without_mask(observation: Observation) -> Observation:
    """The same observation without a silhouette."""
    pose = observation.pose
    if pose is None or pose.mask is None:
        return observation
    return replace(observation, pose=replace(pose, mask=None))


class SetTrace:
    """When what happened in one set; seconds of the stream.

    held     spans in which seconds were credited
    faults   rule id -> spans in which the rule was broken
    blind_s  why frames counted neither as right nor as wrong, and for how long
    """

    def __init__(self) -> None:
        self.held: list[list[float]] = []
        self.faults: dict[str, list[list[float]]] = defaultdict(list)
        self.blind_s: dict[str, float] = defaultdict(float)
        self._broken: list[str] = []
        self._held_s = 0.0
        self._last_t: float | None = None

    def update(self, t: float, view: SessionView) -> None:
        """The state after the frame of time t."""
        last_t = t if self._last_t is None else self._last_t
        self._last_t = t
        if view.unjudged and view.phase in ("ready", "work"):
            self.blind_s[view.unjudged] += t - last_t
        for rule_id in self._broken:
            self.faults[rule_id][-1][1] = t
        broken = [rule for rule in view.verdict.faults if rule not in view.verdict.unseen]
        for rule_id in broken:
            if rule_id not in self._broken:
                self.faults[rule_id].append([t, t])
        self._broken = broken
        grown, self._held_s = view.progress.held_s - self._held_s, view.progress.held_s
        if grown > 0.0 and view.planned.exercise.category == "hold":
            self._credit(t - grown, t)

    def _credit(self, begin: float, end: float) -> None:
        if self.held and begin - self.held[-1][1] < SAME_SPAN_S:
            self.held[-1][1] = end
        else:
            self.held.append([begin, end])

    def answer(self, stream: str, set_stats: SetStats, end: float) -> dict[str, Any]:
        """The set as `posecheck replay --json` reports it."""
        planned = set_stats.planned
        advice = {r.id for r in planned.exercise.rules if r.severity == "advice"}
        return {
            "stream": stream,
            "exercise": planned.exercise.id,
            "side": planned.side,
            "held": [_rounded(span) for span in self.held],
            "reps": set_stats.progress.reps,
            "right_s": round(set_stats.correct_s, 3),
            "wrong_s": round(set_stats.wrong_s, 3),
            "unseen_s": round(set_stats.cant_tell_s, 3),
            "before_s": round(set_stats.before_s, 3),
            "faults": {rule: [_rounded(s) for s in spans] for rule, spans in self.faults.items()},
            "advice": sorted(advice.intersection(self.faults)),
            "end": round(end, 3),
            "blind": {why: round(seconds, 3) for why, seconds in self.blind_s.items()},
        }


def _rounded(span: Sequence[float]) -> list[float]:
    return [round(t, 3) for t in span]


class SetJudge:
    """One open-ended set of an exercise; `stats` and `traces` hold just that.

    results    adds the frames up; None where only `stats` are wanted
    phrases    what the coach says and shows; None for no coach
    on_result  takes each frame
    """

    def __init__(
        self,
        exercise: Exercise,
        side: Side | None,
        level: int,
        results: RecordingStats | None = None,
        phrases: Mapping[str, str] | None = None,
        on_result: OnResult | None = None,
    ) -> None:
        self.level, self.results, self._on_result = level, results, on_result
        self.stats, self.traces = SessionStats(), [SetTrace()]
        self._session = Session([open_set(exercise, side)], level)
        self._coach = None if phrases is None else Coach(phrases)

    def wants_mask(self, t: float) -> bool:
        return self._session.mask_need(t) == "now"

    def update(self, frame: RecordedFrame, observation: Observation) -> tuple[Event, ...]:
        t = frame.t
        events = self._session.update(t, observation)
        view = self._session.view
        self.traces[0].update(t, view)
        cues = () if self._coach is None else self._coach.update(t, events, view)
        self.stats.update(t, events, cues, view)
        if self.results is None and self._on_result is None:
            return events
        screen = "" if self._coach is None else self._coach.screen
        result = _result(t, observation, events, cues, view, screen)
        if self.results is not None:
            self.results.add(result)
        if self._on_result is not None:
            self._on_result(result)
        return events


def _result(
    t: float,
    observation: Observation,
    events: tuple[Event, ...],
    cues: tuple[Cue, ...],
    view: SessionView,
    screen: str,
) -> FrameResult:
    return FrameResult(
        frame=Frame(t, NO_IMAGE),
        pose=observation.pose,
        events=events,
        cues=cues,
        view=view,
        screen=screen,
        other_person_size=observation.other_person_size,
    )


class GuidedJudge:
    """A whole led session: the same plan, keys and light as when it was recorded."""

    def __init__(
        self,
        planned_sets: Sequence[PlannedSet],
        level: int,
        opening: Sequence[str],
        phrases: Mapping[str, str],
        results: Results | None = None,
        on_result: OnResult | None = None,
    ) -> None:
        self.level, self.results, self._on_result = level, results, on_result
        self.stats = SessionStats()
        self.traces: list[SetTrace] = []
        self._begun = -1
        self._guide = Guide(planned_sets, phrases, level, opening)

    def wants_mask(self, t: float) -> bool:
        return self._guide.mask_need(t) == "now"

    def update(self, frame: RecordedFrame, observation: Observation) -> tuple[Event, ...]:
        for command in frame.commands:
            self._guide.command(command)
        update = self._guide.update(frame.t, observation)
        view = self._guide.view.session
        self.stats.update(view.t, update.events, update.cues, view)
        if view.sets_begun != self._begun:
            self._begun = view.sets_begun
            self.traces.append(SetTrace())
        self.traces[-1].update(frame.t, view)
        if self.results is not None:
            line = frame_line(frame.t, view, self._guide.view.line, update.cues)
            self.results.write_line(line)
        if self._on_result is not None:
            self._on_result(
                _result(
                    frame.t, observation, update.events, update.cues, view, self._guide.view.line
                )
            )
        return update.events
