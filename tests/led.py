"""Led sessions as timelines, without a window: `lead(sets, (pose or key, seconds), ...)`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bodies import Arm, Figure, Leg, series

from posecheck.coach.cues import Cue
from posecheck.coach.guide import Command, Guide, GuideView
from posecheck.coach.tally import SessionStats
from posecheck.exercise import Camera, Dose, Exercise, Rule
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.history_writer import HistoryWriter
from posecheck.pose import NoPoseReason, Observation, Pose
from posecheck.session.events import Event
from posecheck.session.plan import PlannedSet

PHRASES = load_phrases("en")
STRAIGHT = Figure(facing=90.0).pose()
BENT = Figure(facing=90.0, left_leg=Leg(50, 80), right_leg=Leg(50, 80)).pose()
FRONTAL = Figure().pose()
UP = Arm(lift=175.0, out=90.0)
RAISED = Figure(facing=90.0, left_arm=UP, right_arm=UP).pose()


def leaning(degrees: float) -> Pose:
    return Figure(facing=90.0, incl=degrees).pose()


KNEE = Rule("bent", "knee_angle.near", "must", "alignment", "A", 5.0, 1.0, "Push the floor away",
            "Push the floor away.", 160.0)  # fmt: skip
HINGE = Rule("depth", "trunk_incl", "must", "range", "A", 3.0, 0.8, "Fold a little more",
             "Fold a little more.", 40.0)  # fmt: skip
STAND = Exercise(
    id="stand", name="Stand", group="core", category="hold", check="full", position="standing",
    sides="none", instructions=("Stand tall.", "Breathe."), dose=Dose(1, 2.0, hold_s=3.0),
    safety="", easier="Hold a chair.", camera=Camera("side", "Stand side-on.", (0.8, 1.2), (2, 3)),
    rules=(KNEE,),
)  # fmt: skip
BOW = replace(STAND, id="bow", name="Bow", group="hams", rules=(KNEE, HINGE))

Seen = Pose | NoPoseReason | Command
"""What a piece of a timeline shows. A command is a key, pressed at the beginning of the piece."""
COMMANDS = frozenset(Command.__args__)  # type: ignore[attr-defined]


def hold(exercise: Exercise = STAND, seconds: float = 3.0, rest_s: float = 2.0) -> PlannedSet:
    return PlannedSet(exercise, hold_s=seconds, rest_s=rest_s)


@dataclass
class LedSession:
    """Everything that a led session gave, with the times."""

    guide: Guide
    events: list[tuple[float, Event]] = field(default_factory=list)
    cues: list[tuple[float, Cue]] = field(default_factory=list)
    views: list[tuple[float, GuideView]] = field(default_factory=list)
    tally: SessionStats = field(default_factory=SessionStats)

    def of(self, kind: type[Event]) -> list[float]:
        return [t for t, event in self.events if isinstance(event, kind)]

    def said(self, key: str) -> list[float]:
        """When the spoken form of a phrase was said; only for phrases without words in braces."""
        return [t for t, cue in self.cues if cue.voice == PHRASES[f"{key}_say"]]

    @property
    def last(self) -> GuideView:
        return self.views[-1][1]

    def at(self, t: float) -> GuideView:
        return max((v for v in self.views if v[0] <= t + 1e-9), key=lambda v: v[0])[1]


def lead(
    planned_sets: Sequence[PlannedSet],
    *pieces: tuple[Seen, float],
    level: int = 2,
    fps: float = 20.0,
    reset_every_s: float = math.inf,
    history: HistoryWriter | None = None,
    clock: Callable[[float], object] = float,
    watched: bool = True,
    phrases: Mapping[str, str] = PHRASES,
) -> LedSession:
    """A led session over a timeline; the track is reset every `reset_every_s` seconds.

    history  remembers the session; its `begin` was called
    clock    called with the time of each frame before it is judged
    watched  as in `Guide`
    """
    led = LedSession(Guide(planned_sets, phrases, level, watched=watched))
    shown: Pose | NoPoseReason = ""
    spans: list[tuple[tuple[Pose | NoPoseReason, Command | None], float]] = []
    for seen, seconds in pieces:
        key: Command | None = None
        if isinstance(seen, str) and seen in COMMANDS:
            key = seen  # type: ignore[assignment]
        else:
            shown = seen  # type: ignore[assignment]
        spans.append(((shown, key), seconds))
    pressed, reset_t = None, 0.0
    for t, span in series(*spans, fps=fps):
        show, key = span
        clock(t)
        if key is not None and span is not pressed:
            led.guide.command(key)
            if history is not None:
                history.command(key)
        pressed = span
        pose = None if isinstance(show, str) else show
        no_pose_reason: NoPoseReason = show if isinstance(show, str) else ""
        track_reset = t - reset_t >= reset_every_s
        reset_t = t if track_reset else reset_t
        done = led.guide.update(t, Observation(pose, no_pose_reason, track_reset, brightness=120.0))
        view = led.guide.view
        led.tally.update(view.session.t, done.events, done.cues, view.session)
        if history is not None:
            history.keep(done.events, view, led.tally.sets, led.guide.rests)
        led.events += [(t, event) for event in done.events]
        led.cues += [(t, cue) for cue in done.cues]
        led.views.append((t, view))
    return led
