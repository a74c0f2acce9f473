"""A guided session: the sets of a plan, with a person who leaves, pauses, hurts or cannot go on.

Around a `Session` and its `Coach`: signs that need no hand (standing still, both arms up, stepping
out), keys, the pain flow, today's range, going on without form check. A pause is time that the
session is not told of. Everything is decided here from poses, commands and the time of the frames;
keys, windows and voices only carry it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Literal

from posecheck.coach.cues import Coach, Cue, Kind, phrased
from posecheck.coach.offers import Offer, OfferPolicy
from posecheck.coach.outcomes import SetOutcome, SetOutcomes
from posecheck.coach.pacing import FLASH_S, Steady
from posecheck.coach.pain import ANSWERABLE_S, Answer, Effect, PainFlow, PainView
from posecheck.coach.speech_queue import duration_s
from posecheck.coach.wording import short_name
from posecheck.exercise import Exercise
from posecheck.pose import Observation
from posecheck.session.events import (
    Event,
    Halt,
    Halted,
    Resumed,
    SetAnnounced,
    SetDone,
    StateChanged,
)
from posecheck.session.gestures import ArmsUp, Presence
from posecheck.session.personal_range import Targets
from posecheck.session.plan import PlannedSet
from posecheck.session.session import Session, SessionView
from posecheck.session.start import LedStart

Command = Literal[
    "pause", "skip", "back", "pain", "sharp", "spreading", "mild", "easing", "not_easing", "close",
    "uncheck", "range",
]  # fmt: skip
"""What a key or a button asks for. pause also goes on; close ends the care text; uncheck goes on
without form check; range takes today's range."""

ANSWERS: Mapping[Command, Answer] = {
    "sharp": "sharp", "spreading": "spreading", "mild": "mild", "easing": "easing",
    "not_easing": "not_easing",
}  # fmt: skip

SLEPT_S = 5.0
"""A longer gap between two frames: the lid was closed, the machine slept."""
LEFT_S = 3.0
"""Nobody in the picture for so long during the work is a pause."""
WAITED_S = 30.0
"""Nobody for so long before the work: the session waits without asking any more."""
BACK_S = 0.7
"""Somebody in the picture for so long has come back."""
CALLED_S = 20.0
"""One who has left is told after so long how to go on, and then each time after twice as long: they
may lie there unseen, or be at the door."""


@dataclass(frozen=True, slots=True)
class GuideView:
    """All that a screen needs to know beside the camera's picture.

    session  the session; while halted or in pain as it was before
    halted   why everything stands still, "" when it goes on
    pain     the pain flow
    offer    what is offered now
    line     the line to show, never flickering; `detail` a second one
    eased    ids of exercises with an eased target: today's range or after a mild pain
    """

    session: SessionView
    halted: Halt | Literal[""]
    pain: PainView
    offer: Offer
    line: str
    detail: str
    eased: frozenset[str]


@dataclass(frozen=True, slots=True)
class GuideUpdate:
    """What one frame brought."""

    events: tuple[Event, ...]
    cues: tuple[Cue, ...]


class Guide:
    """Leads one session.

    phrases  a value for every key of `phrases.PHRASES`
    opening  sentences to say first: what was changed for this person, and why
    """

    def __init__(
        self,
        planned_sets: Sequence[PlannedSet],
        phrases: Mapping[str, str],
        level: int = 2,
        opening: Sequence[str] = (),
    ) -> None:
        self._phrases = phrases
        self._session = Session(planned_sets, level, start=LedStart)
        self._coach = Coach(phrases, led=True)
        self._opening = tuple(opening)
        self._pain = PainFlow()
        self._pain_view = PainView("")
        self._halted: Halt | Literal[""] = ""
        self._before_camera: Halt | Literal[""] = ""
        self._commands: list[Command] = []
        self._clock = 0.0
        self._last_t: float | None = None
        self._signs()
        self._called_t, self._call_s = 0.0, CALLED_S
        self._anew = self._hurt = False
        self._flashes: list[tuple[str, float]] = []
        self._targets = Targets()
        self._aided, self._aid = self._session.view.sets_begun, OfferPolicy(self._exercise)
        self._remarks = SetOutcomes()
        self._line = Steady()
        self.view = self._snapshot(0.0)

    @property
    def notes(self) -> Mapping[str, SetOutcome]:
        """As of `SetOutcomes`."""
        return self._remarks.notes

    @property
    def needs_spine(self) -> bool:
        return self._session.needs_spine

    def wants_mask(self, t: float) -> bool:
        """Whether the pose of the frame of time t should carry its segmentation mask."""
        return not self._still_standing() and self._session.wants_mask(self._clock_at(t))

    def command(self, command: Command) -> None:
        """A key or a button; it takes effect with the next frame."""
        self._commands.append(command)

    def update(self, t: float, observation: Observation) -> GuideUpdate:
        """One frame at time t (seconds, increasing)."""
        events: list[Event] = []
        cues = [Cue(text, text, "guide") for text in self._opening]
        self._flash(t, *self._opening)
        self._opening = ()
        last, self._last_t = self._last_t, t if self._last_t is None else max(t, self._last_t)
        if last is not None and t - last > SLEPT_S:
            events += self._session.place_again()
        commands, self._commands = self._commands, []
        for command in _without_pairs(commands):
            self._obey(t, command, events, cues)
        before = self._pain_view.step
        self._pain_view, effects = self._pain.update(t)
        for effect in effects:
            self._suffer(effect, events, cues)
        self._anew = self._anew or observation.track_reset
        if self._pain_view.step == "easing" != before:
            cues.append(self._say("pain_mild", "pain"))
        if self._pain_view.due:
            cues.append(self._say("pain_easing", "pain"))
        self._read_signs(t, observation, events, cues)
        if not self._still_standing():
            # What is said while the session stands still is over when it goes on.
            self._coach.heard(self._clock, cues)
            self._clock += 0.0 if last is None else max(0.0, min(SLEPT_S, t - last))
            self._go_on(observation, events, cues)
        self.view = self._snapshot(t)
        return GuideUpdate(tuple(events), tuple(cues))

    # --- time -----------------------------------------------------------------------------------

    def _still_standing(self) -> bool:
        return bool(self._halted or self._in_pain)

    @property
    def _in_pain(self) -> bool:
        return bool(self._pain_view.step)

    def _clock_at(self, t: float) -> float:
        return self._clock + (0.0 if self._last_t is None else t - self._last_t)

    # --- the session ----------------------------------------------------------------------------

    def _go_on(self, observation: Observation, events: list[Event], cues: list[Cue]) -> None:
        clock, session = self._clock, self._session
        events += session.update(clock, replace(observation, track_reset=self._anew))
        self._anew = False
        for event in events:
            if isinstance(event, SetAnnounced):
                self._presence.forgive()
            elif isinstance(event, SetDone):
                self._remarks.done(session.view.planned)
                if event.why == "hard":
                    self._remarks.note(session.view.planned, "hard")
        cues += self._coach.update(clock, events, session.view)
        self._help(session.view, cues)

    def _help(self, view: SessionView, cues: list[Cue]) -> None:
        """Offers, and those that are taken by one who stays."""
        if view.sets_begun != self._aided:
            self._aids(view)
        for step in self._aid.update(self._clock, view, self._coach.instructing, self._hurt):
            match step:
                case "offer_unchecked" | "offer_range":
                    offered = self._say(step, "offer")
                    self._coach.heard(self._clock, [offered])
                    cues.append(offered)
                case "take_unchecked":
                    self._uncheck()
                case "take_range":
                    self._take_range(cues)

    def _aids(self, view: SessionView) -> None:
        self._keep_rest()
        exercise = view.planned.exercise
        rest = self._targets.rest(exercise)
        self._aided, self._aid = view.sets_begun, OfferPolicy(self._targets.written(exercise), rest)

    def _keep_rest(self) -> None:
        self._targets.rested(self._aid.exercise, self._aid.rest)

    def _uncheck(self) -> None:
        view = self._session.view
        if not view.unchecked and view.phase in ("ready", "work"):
            self._session.uncheck()
            self._aid.close()

    def _take_range(self, cues: list[Cue]) -> None:
        if (moved := self._aid.todays) is None:
            return
        self._session.ease(self._targets.of_today(self._exercise, moved))
        self._aid.close()
        cues.append(self._flashed("range_taken", "offer"))

    # --- keys -----------------------------------------------------------------------------------

    def _obey(self, t: float, command: Command, events: list[Event], cues: list[Cue]) -> None:
        if command == "pain":
            self._hurt = True
            self._pain.press(t)
        elif command in ANSWERS:
            self._pain.answer(t, ANSWERS[command])
        elif command == "close":
            if self._pain_view.step == "care":  # cuts off what has been read already
                over = self._session.view.phase == "done"
                cues.append(self._say("over" if over else "rest", "pain"))
            self._pain.close(t)
        elif not self._in_pain:
            self._steer(command, events, cues)

    def _steer(self, command: Command, events: list[Event], cues: list[Cue]) -> None:
        """A key goes on where the session stands still; nothing goes on without a camera."""
        view = self._session.view
        if view.phase == "done" or self._halted == "camera":
            return
        if self._halted:
            self._resume(events, cues)
            if command == "pause":
                return
        if command == "pause":
            self._halt("person", events, cues)
        elif command == "uncheck":
            self._uncheck()
        elif command == "range":
            self._take_range(cues)
        else:
            self._turn(command, view, events)

    def _turn(self, command: Command, view: SessionView, events: list[Event]) -> None:
        """Back to the set before, or on to the next."""
        if command == "back":
            if (before := self._session.before) is not None:
                self._jump(before, events)
            return
        if view.phase in ("ready", "work"):
            self._remarks.skip(view.planned)
        self._jump(view.index + 1, events)

    def _jump(self, index: int, events: list[Event]) -> None:
        events += self._session.jump(self._clock, index)
        self._aids(self._session.view)

    # --- signs ----------------------------------------------------------------------------------

    def _signs(self) -> None:
        self._arms, self._presence = ArmsUp(), Presence()

    def _read_signs(
        self, t: float, observation: Observation, events: list[Event], cues: list[Cue]
    ) -> None:
        """Halt and go on by what is seen: no pictures, nobody, both arms up."""
        if observation.no_pose_reason == "camera":
            if self._halted != "camera":
                self._before_camera = self._halted
                self._halt("camera", events, cues)
            return
        raised = self._arms.update(t, observation.pose)
        gone_s, back_s = self._presence.update(t, observation.pose, observation.no_pose_reason)
        if self._halted:
            if self._may_go_on(raised, gone_s, back_s):
                self._resume(events, cues)
            elif self._halted == "left":
                self._call(t, cues)
        elif not self._in_pain:
            self._read_working(raised, gone_s, events, cues)

    def _may_go_on(self, raised: bool, gone_s: float, back_s: float) -> bool:
        """Whether a halt is over; it may become another one."""
        match self._halted:
            case "camera" if self._before_camera:
                self._halted = self._before_camera  # ended by what ends it, not by the camera
            case "camera":
                return True
            case "left":
                return back_s >= BACK_S
            case "person" if gone_s >= LEFT_S and not self._session.view.unchecked:
                self._halted = "left"
        return self._halted == "person" and raised

    def _read_working(
        self, raised: bool, gone_s: float, events: list[Event], cues: list[Cue]
    ) -> None:
        """Signs of one who is at an exercise, or on the way to it."""
        view = self._session.view
        patience = {"work": LEFT_S, "ready": WAITED_S}.get(view.phase, math.inf)
        if gone_s >= patience and not view.unchecked:
            self._halt("left", events, cues)
        elif raised and patience < math.inf and not view.planned.exercise.overhead:
            self._halt("person", events, cues)

    def _call(self, t: float, cues: list[Cue]) -> None:
        """Call one who is not seen, ever more seldom."""
        if t - self._called_t >= self._call_s:
            self._called_t, self._call_s = t, 2 * self._call_s
            cues.append(self._say("halt_call", "halt"))

    def _halt(self, why: Halt, events: list[Event], cues: list[Cue]) -> None:
        self._halted = why
        self._called_t, self._call_s = self._last_t or 0.0, CALLED_S
        events.append(Halted(why))
        cues.append(self._say(f"halt_{why}", "halt"))

    def _resume(self, events: list[Event], cues: list[Cue]) -> None:
        self._halted = ""
        self._signs()  # who goes on by a key may be out of sight
        self._session.place_again()  # that the timer stands was told when it was halted
        events.append(Resumed())
        self._coach.hush()
        if not self._in_pain:
            cues.append(self._flashed("resumed", "halt"))

    # --- pain -----------------------------------------------------------------------------------

    def _suffer(self, effect: Effect, events: list[Event], cues: list[Cue]) -> None:
        session = self._session
        exercise = session.view.planned.exercise
        match effect:
            case "paused":
                self._halted = ""
                if session.view.progress.state == "active":
                    events.append(StateChanged("active", "paused"))
                self._coach.hush()
                cues += [self._say("pain_pause", "pain"), self._say("pain_ask", "pain")]
            case "resume_eased":
                self._keep_rest()
                session.ease(self._targets.after_pain(exercise))
                session.place_again()
                cues.append(self._flashed("pain_resume", "pain"))
            case "stop_exercise":
                self._remarks.note(session.view.planned, "pain")
                session.leave_out(exercise.group)
                events += session.end_set(self._clock, "pain")
                cues.append(self._say("pain_stop", "pain", name=short_name(exercise)))
                if self._pain_view.step == "care":
                    cues.append(self._say("pain_care", "pain"))
            case "end_session":
                self._remarks.note(session.view.planned, "pain")
                events += session.end(self._clock, "pain")
                cues += [self._say("pain_end", "pain"), self._say("pain_care", "pain")]

    # --- words ----------------------------------------------------------------------------------

    def _say(self, key: str, kind: Kind, **words: object) -> Cue:
        return phrased(self._phrases, key, kind, **words)

    def _flashed(self, key: str, kind: Kind) -> Cue:
        """Said, and shown for a moment."""
        cue = self._say(key, kind)
        self._flash(self._last_t or 0.0, cue.text)
        return cue

    def _flash(self, t: float, *lines: str) -> None:
        """Show lines one after the other from t on, each while it is said."""
        if lines:
            ends = accumulate((max(FLASH_S, duration_s(line)) for line in lines), initial=t)
            self._flashes = list(zip(lines, islice(ends, 1, None), strict=True))

    @property
    def _exercise(self) -> Exercise:
        return self._session.view.planned.exercise

    def _snapshot(self, t: float) -> GuideView:
        line, detail = self._lines(t)
        return GuideView(
            self._session.view,
            self._halted,
            self._pain_view,
            self._aid.offer,
            self._line.update(t, line, at_once=self._still_standing()),
            detail,
            frozenset(self._targets.eased),
        )

    def _lines(self, t: float) -> tuple[str, str]:
        """The line of what goes on, and the smaller one below it."""
        words, step = self._phrases, self._pain_view.step
        if step == "easing":
            early = self._pain_view.left_s > ANSWERABLE_S
            return words["pain_mild" if early else "pain_easing"], ""
        if step:
            key = {"asking": "pain_ask", "care": "pain_stop", "ended": "pain_end"}[step]
            return words[key], "" if step == "asking" else words["pain_care"]
        if self._halted:
            return words[f"halt_{self._halted}"], words[f"halt_{self._halted}_detail"]
        if flash := next((line for line, until in self._flashes if t < until), ""):
            return flash, ""
        if offer := self._aid.offer:
            return words[f"offer_{offer}"], words[f"offer_{offer}_detail"]
        return self._coach.screen, self._coach.detail


def _without_pairs(commands: Iterable[Command]) -> list[Command]:
    """Commands of one frame without pauses that are taken back at once: help was opened and closed
    before the first picture."""
    kept: list[Command] = []
    for command in commands:
        if command == "pause" and kept[-1:] == ["pause"]:
            kept.pop()
        else:
            kept.append(command)
    return kept
