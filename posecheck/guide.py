"""A guided session: the sets of a plan, with a person who leaves, pauses, hurts or cannot go on.

Around a `Session` and its `Coach`: signs that need no hand (standing still, both arms up, stepping
out), keys, the pain flow, today's range, going on without form check. A pause is time that the
session is not told of. Everything is decided here from poses, commands and the time of the frames;
keys, windows and voices only carry it out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.body import NAN
from posecheck.cues import Coach, Cue, Kind, phrased
from posecheck.events import Event, Halt, Halted, Resumed, SetDone
from posecheck.exercise import Exercise
from posecheck.gestures import Absence, ArmsUp
from posecheck.offers import Aids, Offer
from posecheck.pacing import FLASH_S, Steady
from posecheck.pain import Answer, Effect, PainFlow, PainView
from posecheck.personal import MOST_SHARE, PAIN_SHARE, eased
from posecheck.pose import Pose, Sighting
from posecheck.session import Session, SessionView, Task
from posecheck.wording import short_name

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

Note = Literal["pain", "hard", "skipped"]
NOTES: tuple[Note, ...] = ("pain", "hard", "skipped")
"""What the summary tells about an exercise, the most telling first."""

SLEPT_S = 5.0
"""A longer gap between two frames: the lid was closed, the machine slept."""
LEFT_S = 3.0
"""Nobody in the picture for so long during the work is a pause."""
WAITED_S = 30.0
"""Nobody for so long before the work: the session waits without asking any more."""
BACK_S = 0.7
"""Somebody in the picture for so long has come back."""


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
class Led:
    """What one frame brought."""

    events: tuple[Event, ...]
    cues: tuple[Cue, ...]


class Guide:
    """Leads one session.

    phrases  a value for every key of `phrases.PHRASES`
    opening  sentences to say first: what was changed for this person, and why
    notes    exercise id -> what went otherwise than planned, for the summary
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        phrases: Mapping[str, str],
        level: int = 2,
        opening: Sequence[str] = (),
    ) -> None:
        self._phrases = phrases
        self._session = Session(tasks, level, led=True)
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
        self._anew = self._hurt = False
        self._flash, self._flash_until = "", -math.inf
        self._as_written: dict[str, Exercise] = {}
        self._aids(self._session.view)
        self._eased: set[str] = set()
        self.notes: dict[str, Note] = {}
        self._line = Steady()
        self.view = self._snapshot(0.0)

    @property
    def needs_spine(self) -> bool:
        return self._session.needs_spine

    def wants_mask(self, t: float) -> bool:
        """Whether the pose of the frame of time t should carry its segmentation mask."""
        return not self._still_standing() and self._session.wants_mask(self._clock_at(t))

    def command(self, command: Command) -> None:
        """A key or a button; it takes effect with the next frame."""
        self._commands.append(command)

    def update(self, t: float, pose: Pose | None, seen: Sighting, light: float = NAN) -> Led:
        """One frame at time t (seconds, increasing): the trusted pose of what was `seen`, and the
        light of the picture."""
        events: list[Event] = []
        cues = [self._spoken(text) for text in self._opening]
        self._opening = ()
        last, self._last_t = self._last_t, t if self._last_t is None else max(t, self._last_t)
        if last is not None and t - last > SLEPT_S:
            self._session.place_again()
        commands, self._commands = self._commands, []
        for command in commands:
            self._obey(t, command, events, cues)
        before = self._pain_view.step
        self._pain_view, effects = self._pain.update(t)
        for effect in effects:
            self._suffer(effect, events, cues)
        self._anew = self._anew or seen.anew
        if self._pain_view.step == "easing" != before:
            cues.append(self._say("pain_mild", "pain"))
        if self._pain_view.due:
            cues.append(self._say("pain_easing", "pain"))
        self._read_signs(t, pose, seen, events, cues)
        if not self._still_standing():
            # What is said while the session stands still is over when it goes on.
            self._coach.heard(self._clock, cues)
            self._clock += 0.0 if last is None else max(0.0, min(SLEPT_S, t - last))
            self._go_on(pose, seen, light, events, cues)
        self.view = self._snapshot(t)
        return Led(tuple(events), tuple(cues))

    # --- time -----------------------------------------------------------------------------------

    def _still_standing(self) -> bool:
        return bool(self._halted or self._in_pain)

    @property
    def _in_pain(self) -> bool:
        return bool(self._pain_view.step)

    def _clock_at(self, t: float) -> float:
        return self._clock + (0.0 if self._last_t is None else t - self._last_t)

    # --- the session ----------------------------------------------------------------------------

    def _go_on(
        self,
        pose: Pose | None,
        seen: Sighting,
        light: float,
        events: list[Event],
        cues: list[Cue],
    ) -> None:
        clock, session = self._clock, self._session
        events += session.update(clock, pose, seen.trouble, self._anew, light, seen.rival)
        self._anew = False
        for event in events:
            if isinstance(event, SetDone) and event.why == "hard":
                self._note("hard")
            elif isinstance(event, SetDone) and self.notes.get(self._exercise.id) == "skipped":
                del self.notes[self._exercise.id]  # skipped first, done after all
        cues += self._coach.update(clock, events, session.view)
        self._help(session.view, cues)

    def _help(self, view: SessionView, cues: list[Cue]) -> None:
        """Offers, and those that are taken by one who stays."""
        if view.run != self._aided:
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
        exercise = view.task.exercise
        self._aided, self._aid = view.run, Aids(self._as_written.get(exercise.id, exercise))

    def _uncheck(self) -> None:
        view = self._session.view
        if not view.unchecked and view.phase in ("ready", "work"):
            self._session.uncheck()
            self._aid.close()

    def _take_range(self, cues: list[Cue]) -> None:
        if (moved := self._aid.todays) is None:
            return
        exercise = self._session.view.task.exercise
        rules = tuple(moved if rule.id == moved.id else rule for rule in exercise.rules)
        self._ease(replace(exercise, rules=rules))
        self._aid.close()
        cues.append(self._flashed("range_taken", "offer"))

    def _ease(self, exercise: Exercise) -> None:
        """From what the file says: shares of an eased target would add up."""
        self._as_written.setdefault(exercise.id, self._session.view.task.exercise)
        self._eased.add(exercise.id)
        self._session.ease(exercise)

    # --- keys -----------------------------------------------------------------------------------

    def _obey(self, t: float, command: Command, events: list[Event], cues: list[Cue]) -> None:
        if command == "pain":
            self._hurt = True
            self._pain.press(t)
        elif command in ANSWERS:
            self._pain.answer(t, ANSWERS[command])
        elif command == "close":
            if self._pain_view.step == "care":
                cues.append(self._say("rest", "pain"))  # cuts off what has been read already
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
            self._jump(view.index - 1, events)
            return
        if view.phase in ("ready", "work"):
            self._note("skipped")
        self._jump(view.index + 1, events)

    def _jump(self, index: int, events: list[Event]) -> None:
        events += self._session.jump(self._clock, index)
        self._aids(self._session.view)

    # --- signs ----------------------------------------------------------------------------------

    def _signs(self) -> None:
        self._arms = ArmsUp()
        self._away = Absence(LEFT_S)
        self._away_early = Absence(WAITED_S)
        self._back_since: float | None = None

    def _read_signs(
        self, t: float, pose: Pose | None, seen: Sighting, events: list[Event], cues: list[Cue]
    ) -> None:
        """Halt and go on by what is seen: no pictures, nobody, both arms up."""
        if seen.trouble == "camera":
            if self._halted != "camera":
                self._before_camera = self._halted
                self._halt("camera", events, cues)
            return
        raised = self._arms.update(t, pose)
        away, early = self._away.update(t, seen.trouble), self._away_early.update(t, seen.trouble)
        if self._halted:
            if self._may_go_on(t, pose, raised, away):
                self._resume(events, cues)
        elif not self._in_pain and not self._session.view.unchecked:
            self._read_working(raised, away, early, events, cues)

    def _may_go_on(self, t: float, pose: Pose | None, raised: bool, away: bool) -> bool:
        """Whether a halt is over; it may become another one."""
        match self._halted:
            case "camera" if self._before_camera == "person":
                self._halted = "person"  # a person's pause is ended by the person
            case "camera":
                return True
            case "left":
                return self._is_back(t, pose)
            case "person" if away and not self._session.view.unchecked:
                self._halted = "left"
        return self._halted == "person" and raised

    def _read_working(
        self, raised: bool, away: bool, early: bool, events: list[Event], cues: list[Cue]
    ) -> None:
        """Signs of one who is at an exercise, or on the way to it."""
        view = self._session.view
        if (away and view.phase == "work") or (early and view.phase == "ready"):
            self._halt("left", events, cues)
        elif raised and view.phase in ("ready", "work") and not view.task.exercise.overhead:
            self._halt("person", events, cues)

    def _is_back(self, t: float, pose: Pose | None) -> bool:
        if pose is None:
            self._back_since = None
        elif self._back_since is None:
            self._back_since = t
        return self._back_since is not None and t - self._back_since >= BACK_S

    def _halt(self, why: Halt, events: list[Event], cues: list[Cue]) -> None:
        self._halted, self._back_since = why, None
        events.append(Halted(why))
        cues.append(self._say(f"halt_{why}", "guide"))

    def _resume(self, events: list[Event], cues: list[Cue]) -> None:
        self._halted = ""
        self._signs()  # who goes on by a key may be out of sight
        self._session.place_again()
        events.append(Resumed())
        self._coach.hush()
        if not self._in_pain:
            cues.append(self._flashed("resumed", "guide"))

    # --- pain -----------------------------------------------------------------------------------

    def _suffer(self, effect: Effect, events: list[Event], cues: list[Cue]) -> None:
        session = self._session
        exercise = session.view.task.exercise
        match effect:
            case "paused":
                self._halted = ""
                self._coach.hush()
                cues += [self._say("pain_pause", "pain"), self._say("pain_ask", "pain")]
            case "resume_eased":
                # A second time, or after today's range, as far as a target may go.
                share = MOST_SHARE if exercise.id in self._eased else PAIN_SHARE
                written = self._as_written.get(exercise.id, exercise)
                self._ease(eased(written, self._aid.rest, share))
                session.place_again()
                cues.append(self._flashed("pain_resume", "pain"))
            case "stop_exercise":
                self._note("pain")
                session.leave_out(exercise.group)
                events += session.end_set(self._clock, "pain")
                cues.append(self._say("pain_stop", "pain", name=short_name(exercise)))
                if self._pain_view.step == "care":
                    cues.append(self._say("pain_care", "pain"))
            case "end_session":
                self._note("pain")
                events += session.end(self._clock, "pain")
                cues += [self._say("pain_end", "pain"), self._say("pain_care", "pain")]

    # --- words ----------------------------------------------------------------------------------

    def _say(self, key: str, kind: Kind, **words: object) -> Cue:
        return phrased(self._phrases, key, kind, **words)

    def _flashed(self, key: str, kind: Kind) -> Cue:
        """Said, and shown for a moment."""
        cue = self._say(key, kind)
        self._flash, self._flash_until = cue.text, (self._last_t or 0.0) + FLASH_S
        return cue

    @staticmethod
    def _spoken(text: str) -> Cue:
        return Cue(text, text, "guide")

    @property
    def _exercise(self) -> Exercise:
        return self._session.view.task.exercise

    def _note(self, note: Note) -> None:
        """The most telling one of an exercise stays."""
        exercise = self._session.view.task.exercise.id
        before = self.notes.get(exercise)
        if before is None or NOTES.index(note) < NOTES.index(before):
            self.notes[exercise] = note

    def _snapshot(self, t: float) -> GuideView:
        line, detail = self._lines(t)
        return GuideView(
            self._session.view,
            self._halted,
            self._pain_view,
            self._aid.offer,
            self._line.update(t, line, at_once=self._still_standing()),
            detail,
            frozenset(self._eased),
        )

    def _lines(self, t: float) -> tuple[str, str]:
        """The line of what goes on, and the smaller one below it."""
        words, step = self._phrases, self._pain_view.step
        if step == "easing":
            early = self._pain_view.left_s > HALF_EASED_S
            return words["pain_mild" if early else "pain_easing"], ""
        if step:
            key = {"asking": "pain_ask", "care": "pain_stop", "ended": "pain_end"}[step]
            return words[key], "" if step == "asking" else words["pain_care"]
        if self._halted:
            return words[f"halt_{self._halted}"], words[f"halt_{self._halted}_detail"]
        if t < self._flash_until:
            return self._flash, ""
        if offer := self._aid.offer:
            return words[f"offer_{offer}"], words[f"offer_{offer}_detail"]
        return self._coach.screen, self._coach.detail


HALF_EASED_S = 5.0
"""Of the ten seconds that a mild pain is given: before it, what to do is shown, after it the
question."""
