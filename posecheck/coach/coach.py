"""The coach: events and faults in, a few well-timed cues out.

The coach gives one correction at a time, the most important first, with pauses between. It reports
what cannot be seen kindly and repeats it rarely. Words come from the exercises and from
`routines/lang/`; times are those of the frames. Numbers: biomechanics 2B, "Which fault speaks".

`Coach` only decides which part speaks; the parts know what to say:

    announcements  sets, rests, the end
    visibility     what keeps the form from being judged
    pacing         which correction is due; how long a line stays
    countdown      seconds left, breathing, praise
    instructor     what is said only to a led user
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posecheck.coach.announcements import Announcements
from posecheck.coach.countdown import Breathing, Countdown, Praise
from posecheck.coach.cues import Cue, CueKind, Phrasebook, spoken_s
from posecheck.coach.instructor import SilentInstructor
from posecheck.coach.pacing import CorrectionPolicy, CueLine, top_fault
from posecheck.coach.visibility import Visibility
from posecheck.session.events import (
    Event,
    FaultCleared,
    RepCounted,
    RepRejected,
    Resumed,
    SessionDone,
    SetAnnounced,
    SetDone,
    SetEnd,
    StateChanged,
    WorkStarted,
)
from posecheck.session.session import SessionView

SILENT = SilentInstructor()


class Coach:
    """Turns the events and views of one session into cues.

    phrases     the coach's own words, a value for every key of `phrases.PHRASES`
    instructor  what is said to a led user besides; a recording has a silent one
    screen      the one line to show now, "" for none; it never flickers
    """

    def __init__(self, phrases: Mapping[str, str], instructor: SilentInstructor = SILENT) -> None:
        self.screen = ""
        self._book = Phrasebook(phrases)
        self._instructor = instructor
        self._announcements = Announcements(self._book)
        self._visibility = Visibility(self._book, instructor)
        self._praise = Praise(self._book)
        self._line = CueLine()
        self._busy_until = 0.0
        self._begin_set()

    def update(self, t: float, events: Iterable[Event], view: SessionView) -> tuple[Cue, ...]:
        """The cues of one frame at time t (seconds, increasing), the most urgent first."""
        events = tuple(events)
        free = t >= self._busy_until
        cues = [cue for event in events for cue in self._answer(t, event, view)]
        if view.phase in ("ready", "work") and not view.unchecked:
            cues += self._judge(t, view)
        if view.phase == "work":
            cues += self._praise.update(t, view)
            cues += self._countdown.update(view)
            cues += self._breathing.update(t, view, free)
        cues += self._instructor.update(t, view, free and not cues)
        self.heard(t, (cue for cue in cues if cue.kind not in ("correction", "hint")))
        # What is said is shown meanwhile, so that eye and ear get the same message.
        flashes = [cue.text for cue in sorted(cues, key=lambda cue: not cue.urgent) if cue.text]
        turned = any(isinstance(event, StateChanged) for event in events)
        at_once = turned or any(cue.urgent for cue in cues)
        standing = self._standing_line(view)
        self.screen = self._line.update(t, flashes, standing, at_once)
        return tuple(sorted(cues, key=lambda cue: not cue.urgent))

    def heard(self, t: float, cues: Iterable[Cue]) -> None:
        """Cues that are being said, by the coach or by others: the coach's own wait until they are
        over."""
        for cue in cues:
            self._busy_until = max(self._busy_until, t) + spoken_s(cue.voice)

    def hush(self) -> None:
        """Take down the line: the session stood still, and nothing of it holds any more."""
        self._line, self.screen = CueLine(), ""
        self._instructor.hush()

    @property
    def detail(self) -> str:
        """The sentence of the instructions that is being read, "" for none."""
        return self._instructor.detail

    @property
    def instructing(self) -> bool:
        """Whether the instructions of the exercise are being read."""
        return self._instructor.instructing

    # --- events ---------------------------------------------------------------------------------

    def _answer(self, t: float, event: Event, view: SessionView) -> list[Cue]:
        self._instructor.notice(t, event, view)
        match event:
            case StateChanged(now="active"):
                return self._begin(t, view)
            case RepCounted(reps=reps):
                return [self._book.cue("rep", "count", count=reps)]
            case RepRejected(why=why):
                return [self._announcements.rejected(view.planned.exercise, why)]
            case FaultCleared(rule=rule):
                if self._begun and self._corrections.times(rule) and rule.severity != "advice":
                    self._praise.followed(t)
            case Resumed():
                self._visibility.reset()
        return self._announce(event, view)

    def _announce(self, event: Event, view: SessionView) -> list[Cue]:
        """What is said between the parts of a session."""
        match event:
            case SetAnnounced():
                self._begin_set()
                return [self._announcements.set_announced(view.planned)]
            case WorkStarted():
                return self._announcements.work_started(view)
            case SetDone(why=why):
                return self._set_done(view, why)
            case SessionDone(why=why):
                return [self._announcements.session_done(why)]
        return []

    def _begin_set(self) -> None:
        """What was said in the set before no longer counts."""
        self._corrections = CorrectionPolicy()
        self._visibility.reset()
        self._countdown, self._breathing = Countdown(self._book), Breathing(self._book)
        self._begun = False

    def _begin(self, t: float, view: SessionView) -> list[Cue]:
        """The timer runs, for the first time in this set or again."""
        if self._begun:
            return []
        self._begun = True
        self._corrections.begin()
        self._breathing.begin(t)
        if view.planned.exercise.category != "hold":
            return []
        return [self._book.cue("hold", "guide")]

    def _set_done(self, view: SessionView, why: SetEnd) -> list[Cue]:
        cues = [self._book.cue("hard", "guide")] if why == "hard" else []
        # After a pain, the answer to it says all there is to say.
        if view.phase == "rest" and view.coming is not None and why != "pain":
            cues.append(self._announcements.rest(view.planned, view.coming))
            cues += self._instructor.next_position(view.planned, view.coming)
        return cues

    # --- what the frames say --------------------------------------------------------------------

    def _judge(self, t: float, view: SessionView) -> list[Cue]:
        """What keeps the form from being judged, or else the correction that is due."""
        if (cues := self._visibility.update(t, view)) is not None:
            return cues
        entry_s = 0.0 if self._begun else self._instructor.entry_s(view)
        free = t >= self._busy_until + entry_s
        correction = self._corrections.update(t, view, free)
        if correction == "easier":
            easier = view.planned.exercise.easier
            return [self._book.cue("easier", "hint", easier=easier)] if easier else []
        if correction is None:
            return []
        kind: CueKind = "stop" if correction.severity == "stop" else "correction"
        return [Cue(correction.cue, correction.voice, kind, correction.id)]

    def _standing_line(self, view: SessionView) -> str:
        """The line of a state that lasts; announcements stand before it for a while."""
        if view.phase in ("rest", "done"):
            return self._book[view.phase]
        if view.unchecked and not view.watched and view.planned.reps:
            return self._book["own_pace"].format(count=view.planned.reps)
        if view.unchecked:
            return self._book["unchecked"]
        return self._visibility.line or self._instructor.line(view, self._form_line(view))

    def _form_line(self, view: SessionView) -> str:
        rule = top_fault(view)
        if rule is not None:
            return rule.cue
        if view.progress.state == "ready" and not view.progress.reps:
            reps = view.planned.exercise.category == "reps"
            return self._book["waiting_rep" if reps else "waiting_pose"]
        holding = view.planned.exercise.category == "hold" and view.progress.state == "active"
        return self._book["hold"] if holding and view.verdict.form == "right" else ""
