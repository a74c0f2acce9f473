"""What the session, its targets and the voice do about a pain.

`pain.py` decides; this module carries it out.
"""

from __future__ import annotations

from posecheck.coach.cues import Cue, Phrasebook
from posecheck.coach.guide_lines import GuideLines
from posecheck.coach.offers import Offers
from posecheck.coach.outcomes import SetOutcomes
from posecheck.coach.pain import PainAnswer, PainEffect, PainFlow, PainView
from posecheck.coach.wording import short_name
from posecheck.session.events import Event, StateChanged
from posecheck.session.session import Session


class PainResponse:
    """The pain flow of one session and its effects.

    view  what to show
    hurt  there was a pain in this session
    """

    def __init__(
        self,
        session: Session,
        offers: Offers,
        outcomes: SetOutcomes,
        lines: GuideLines,
        book: Phrasebook,
    ) -> None:
        self.view = PainView("")
        self.hurt = False
        self._flow = PainFlow()
        self._session, self._offers, self._outcomes = session, offers, outcomes
        self._lines, self._book = lines, book

    @property
    def stops_session(self) -> bool:
        """Whether the session stands still because of a pain."""
        return bool(self.view.step)

    def press(self, t: float) -> None:
        """It hurts."""
        self.hurt = True
        self._flow.press(t)

    def answer(self, t: float, answer: PainAnswer) -> None:
        self._flow.answer(t, answer)

    def close(self, t: float) -> list[Cue]:
        """Close the care text. What comes next is said at once and cuts off what has been read."""
        closes = self.view.step == "care"
        self._flow.close(t)
        if not closes:
            return []
        over = self._session.view.phase == "done"
        return [self._book.cue("over" if over else "rest", "pain")]

    def update(self, t: float) -> tuple[PainEffect, ...]:
        """What has been decided by time t; the caller has it carried out."""
        before = self.view.step
        self.view, effects = self._flow.update(t)
        self._mild = self.view.step == "easing" != before
        return effects

    def questions(self) -> list[Cue]:
        """What to do with a mild pain, and whether it eases."""
        keys = [("pain_mild", self._mild), ("pain_easing", self.view.due)]
        return [self._book.cue(key, "pain") for key, due in keys if due]

    def carry_out(self, effect: PainEffect, clock_s: float) -> tuple[list[Event], list[Cue]]:
        """Carry out a decision at `clock_s` seconds of the session."""
        match effect:
            case "paused":
                return self._pause()
            case "resume_eased":
                self._offers.ease_after_pain()
                self._session.place_again()
                return [], [self._lines.flashed(self._book.cue("pain_resume", "pain"))]
            case "stop_exercise":
                return self._stop_exercise(clock_s)
            case "end_session":
                self._outcomes.note(self._session.view.planned, "pain")
                events = self._session.end(clock_s, "pain")
                return list(events), self._say("pain_end", "pain_care")

    def _pause(self) -> tuple[list[Event], list[Cue]]:
        running = self._session.view.progress.state == "active"
        events: list[Event] = [StateChanged("active", "paused")] if running else []
        return events, self._say("pain_pause", "pain_ask")

    def _stop_exercise(self, clock_s: float) -> tuple[list[Event], list[Cue]]:
        """The exercise and all of its group are over for today."""
        planned = self._session.view.planned
        self._outcomes.note(planned, "pain")
        self._session.leave_out(planned.exercise.group)
        events = self._session.end_set(clock_s, "pain")
        name = short_name(planned.exercise)
        cues = [self._book.cue("pain_stop", "pain", name=name)]
        return list(events), cues + (self._say("pain_care") if self.view.step == "care" else [])

    def _say(self, *keys: str) -> list[Cue]:
        return [self._book.cue(key, "pain") for key in keys]
