"""A guided session: the sets of a plan, with pauses, pain, absence and sets that do not succeed.

`Guide` only decides which part acts in a frame. The parts around its `Session` and its `Coach`:

    halts          pauses: keys, both arms, leaving, a lost camera
    pain_response  the pain flow and what follows from it
    offers         going on without form check, today's range
    giving_up      sets that do not succeed
    guide_lines    the lines on the screen

While a session stands still its clock stops, so the judge needs no code for pauses. Everything is
decided here from observations, commands and the time of the frames; keys, windows and voices only
carry it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue, Phrasebook
from posecheck.coach.giving_up import too_hard
from posecheck.coach.guide_lines import GuideLines
from posecheck.coach.halts import Halts
from posecheck.coach.instructor import Instructor
from posecheck.coach.offers import Offer, Offers
from posecheck.coach.outcomes import SetOutcome, SetOutcomes
from posecheck.coach.pain import PainAnswer, PainView
from posecheck.coach.pain_response import PainResponse
from posecheck.exercise import Exercise
from posecheck.pose import MaskNeed, Observation
from posecheck.session.events import (
    Event,
    Halt,
    Halted,
    Resumed,
    SetAnnounced,
    SetDone,
)
from posecheck.session.plan import PlannedSet
from posecheck.session.session import Session, SessionView
from posecheck.session.start import ClockStarts, LedStart

Command = Literal[
    "pause", "skip", "back", "pain", "sharp", "spreading", "mild", "easing", "not_easing", "close",
    "uncheck", "range",
]  # fmt: skip
"""What a key or a button asks for.

pause         stand still, or go on
skip, back    to the next set, or to the one before
pain          it hurts; sharp to not_easing are the answers to its questions
close         close the care text
uncheck       go on without form check; while the camera is lost, without it to the end
range         take today's range
"""

ANSWERS: Mapping[Command, PainAnswer] = {
    "sharp": "sharp", "spreading": "spreading", "mild": "mild", "easing": "easing",
    "not_easing": "not_easing",
}  # fmt: skip

SLEPT_S = 5.0
"""After a longer gap between two frames the lid was closed or the machine slept."""


@dataclass(frozen=True, slots=True)
class GuideView:
    """All that a screen needs to know beside the camera's picture.

    session  the session; while halted or in pain as it was before
    halted   why everything stands still, "" when it goes on
    pain     the pain flow
    offer    what is offered now, "" for nothing
    line     the line to show; it never flickers
    detail   a second line, "" for none
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
    opening  sentences to say first: what was changed for this user, and why
    written  by id, the files' versions of exercises that begin at the user's own range
    watched  as in `Session`
    view     what to show after the last frame
    """

    def __init__(
        self,
        planned_sets: Sequence[PlannedSet],
        phrases: Mapping[str, str],
        level: int = 2,
        opening: Sequence[str] = (),
        written: Mapping[str, Exercise] | None = None,
        watched: bool = True,
    ) -> None:
        self._book = book = Phrasebook(phrases)
        self._coach = Coach(phrases, Instructor(phrases))
        self._clock_starts = ClockStarts(lambda: self._coach.instructing)
        start = LedStart if watched else self._clock_starts
        self._session = session = Session(planned_sets, level, start, watched)
        self._outcomes = SetOutcomes()
        self._lines = lines = GuideLines(book, watched)
        self._halts = Halts()
        self._offers = Offers(session, self._coach, lines, book, written)
        self._pain = PainResponse(session, self._offers, self._outcomes, lines, book)
        self._opening = (*opening, *([] if watched else [phrases["no_camera_say"]]))
        self._commands: list[Command] = []
        # A pause is subtracted: without pauses the session has the time of the frames.
        self._clock_s = self._last_t = self._lost_s = 0.0
        self._begun = False
        self._halt_reported = False
        self._track_reset = False
        self._events: list[Event] = []
        self._cues: list[Cue] = []
        self.view = self._snapshot(0.0)

    @property
    def outcomes(self) -> Mapping[str, SetOutcome]:
        """Exercise id -> what went otherwise than planned."""
        return self._outcomes.by_exercise

    @property
    def rests(self) -> Mapping[tuple[str, str], float]:
        """(exercise id, metric) -> where the metric is at rest, as it was learnt."""
        return self._offers.rests

    @property
    def needs_masks(self) -> bool:
        """As in `Session`."""
        return self._session.needs_masks

    def mask_need(self, t: float) -> MaskNeed:
        """Whether the pose of the frame of time t, or a later one of the set, should have its
        mask."""
        since_s = t - self._last_t if self._begun else 0.0
        need = self._session.mask_need(self._clock_s + since_s)
        return "soon" if need == "now" and self._stands_still else need

    def command(self, command: Command) -> None:
        """A key or a button; it takes effect with the next frame."""
        self._commands.append(command)

    def update(self, t: float, observation: Observation) -> GuideUpdate:
        """One frame at time t (seconds, increasing)."""
        self._events, self._cues = [], []
        self._open()
        elapsed_s = self._elapsed_s(t)
        if elapsed_s > SLEPT_S:
            self._events += self._session.place_again()
        commands, self._commands = self._commands, []
        for command in _without_pairs(commands):
            self._obey(t, command)
        self._answer_pain(t)
        self._report(self._halts.update(t, observation, self._session.view, self._in_pain))
        if self._halts.call_due(t):
            self._cues.append(self._book.cue("halt_call", "halt"))
        self._track_reset = self._track_reset or observation.track_reset
        if not self._stands_still:
            # What is said while the session stands still is over when it goes on.
            self._coach.heard(self._clock_s, self._cues)
            self._lost_s += max(0.0, elapsed_s - SLEPT_S)
            self._clock_s = self._last_t - self._lost_s
            self._go_on(observation)
        else:
            self._lost_s += elapsed_s
        self.view = self._snapshot(t)
        return GuideUpdate(events=tuple(self._events), cues=tuple(self._cues))

    def _open(self) -> None:
        """Say what was changed for this user, in the first frame."""
        if self._opening:
            self._cues += [Cue(text, text, "guide") for text in self._opening]
            self._lines.flash(*self._opening, opening=True)
            self._opening = ()

    def _elapsed_s(self, t: float) -> float:
        """Seconds since the frame before; 0 in the first one."""
        if not self._begun:
            self._begun, self._last_t, self._lost_s = True, t, t
        last, self._last_t = self._last_t, max(t, self._last_t)
        return self._last_t - last

    @property
    def _in_pain(self) -> bool:
        return self._pain.stops_session

    @property
    def _stands_still(self) -> bool:
        return bool(self._halts.reason or self._in_pain)

    # --- the session goes on --------------------------------------------------------------------

    def _go_on(self, observation: Observation) -> None:
        self._events += self._judge(observation)
        if too_hard(self._session.view):
            self._events += self._session.end_set(self._clock_s, "hard")
        view = self._session.view
        for event in self._events:
            if isinstance(event, SetAnnounced):
                self._halts.forgive_absence()
            elif isinstance(event, SetDone):
                self._outcomes.done(view.planned)
                if event.why == "hard":
                    self._outcomes.note(view.planned, "hard")
        self._cues += self._coach.update(self._clock_s, self._events, view)
        self._cues += self._offers.update(self._clock_s, self._pain.hurt)

    def _judge(self, observation: Observation) -> tuple[Event, ...]:
        """Judge a frame. A track that was reset while the session stood still counts now."""
        track_reset, self._track_reset = self._track_reset, False
        return self._session.update(self._clock_s, replace(observation, track_reset=track_reset))

    # --- keys -----------------------------------------------------------------------------------

    def _obey(self, t: float, command: Command) -> None:
        if command == "pain":
            self._pain.press(t)
        elif command in ANSWERS:
            self._pain.answer(t, ANSWERS[command])
        elif command == "close":
            self._cues += self._pain.close(t)
        elif self._in_pain or self._session.view.phase == "done":
            pass
        elif self._halts.reason != "camera":
            self._steer(t, command)
        elif command == "uncheck":  # nothing else goes on while the camera is lost
            self._go_by_the_clock()

    def _steer(self, t: float, command: Command) -> None:
        """Any key ends a pause."""
        if self._halts.reason or command == "pause":
            self._report(self._halts.key(t))
        match command:
            case "uncheck":
                self._offers.uncheck()
            case "range":
                self._cues += self._offers.take_range()
            case "back" if self._session.before is not None:
                self._jump(self._session.before)
            case "skip":
                self._skip()

    def _go_by_the_clock(self) -> None:
        """The camera is lost, and the user goes on without it."""
        self._halts.give_up_camera()
        self._session.by_the_clock(self._clock_starts)
        self._lines.unwatch()
        self._coach.hush()
        self._offers.begin_set()
        self._report_resumed()
        self._cues.append(self._lines.flashed(self._book.cue("no_camera", "halt")))

    def _skip(self) -> None:
        view = self._session.view
        if view.phase in ("ready", "work"):
            self._outcomes.skip(view.planned)
        self._jump(view.index + 1)

    def _jump(self, index: int) -> None:
        self._events += self._session.jump(self._clock_s, index)
        self._offers.begin_set()

    # --- halts and pain -------------------------------------------------------------------------

    def _report(self, reports: Iterable[Halted | Resumed]) -> None:
        """Say that the session stands still or goes on. While a pain stops it, the end of a halt
        is not reported: the session goes on after the pain."""
        for report in reports:
            if isinstance(report, Halted):
                self._halt_reported = True
                self._events.append(report)
                why = report.why if self._session.view.watched else "clock"
                self._cues.append(self._book.cue(f"halt_{why}", "halt"))
                continue
            self._session.place_again()  # that the timer stands was reported by the halt
            self._coach.hush()
            if not self._in_pain:
                self._report_resumed()
                self._cues.append(self._lines.flashed(self._book.cue("resumed", "halt")))

    def _report_resumed(self) -> None:
        self._halt_reported = False
        self._events.append(Resumed())

    def _answer_pain(self, t: float) -> None:
        for effect in self._pain.update(t):
            events, cues = self._pain.carry_out(effect, self._clock_s)
            if effect == "paused":
                events = [] if self._halt_reported else events  # the timer stands already
                self._halts.clear()
                self._coach.hush()
            self._events += events
            self._cues += cues
        self._cues += self._pain.questions()
        if self._halt_reported and not self._stands_still:
            self._report_resumed()

    def _snapshot(self, t: float) -> GuideView:
        pain, halted, offer = self._pain.view, self._halts.reason, self._offers.offer
        working = self._session.view.phase == "work"
        line, detail = self._lines.update(t, pain, halted, offer, self._coach, working)
        return GuideView(
            session=self._session.view,
            halted=halted,
            pain=pain,
            offer=offer,
            line=line,
            detail=detail,
            eased=self._offers.eased,
        )


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
