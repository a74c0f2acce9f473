"""What happens when a person says that it hurts (biomechanics 4.3, "During").

`PainFlow` asks what kind of pain it is, waits whether a mild one eases, and says what is to become
of the exercise. No silence resumes an exercise: only the answer "easing" does. A question that
nobody answers ends in the safe outcome, and after it the session goes on with another exercise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posecheck.body.geometry import NAN

Step = Literal["", "asking", "easing", "care", "ended"]
"""asking: which kind of pain; easing: a mild one is given time to ease; care: the text on what to
do is shown; ended: the session is over, and the same text is shown."""

Answer = Literal["sharp", "spreading", "mild", "easing", "not_easing"]

Effect = Literal["paused", "resume_eased", "stop_exercise", "end_session"]
"""paused: stop the clock, ease out; resume_eased: go on with targets moved towards rest (see
personal.eased); stop_exercise: over for today; end_session: so is the session."""

ASK_S = 20.0
"""An unanswered "what kind of pain" is taken for a sharp one after this: who cannot answer is not
fine."""
EASE_S = 10.0
"""A mild pain must ease within this (biomechanics 4.3: 5 to 10 s)."""
EASING_AT_S = (5.0, EASE_S)
"""When "Easing?" is asked; "easing" is believed from the first of them on, not sooner."""
ANSWERABLE_S = EASE_S - EASING_AT_S[0]
"""A mild pain is asked about when so much of its time is left; before that what to do is shown, and
"easing" is not believed."""
REPLY_S = 5.0
"""Time to answer the last "Easing?". Longer silence means no."""
CARE_S = 20.0
"""How long the care text stays unless it is closed: it is read in about 15 s."""
MOST_STOPS = 2
"""This many pain stops end the session (biomechanics 4.3)."""


@dataclass(frozen=True, slots=True)
class PainView:
    """What to show.

    left_s  seconds left of the 10 that a mild pain is given, 0 to 10; NaN in other steps
    due     "Easing?" is to be asked now; true on that one update
    stops   pain stops of this session so far
    read    the text on what to do has been closed, or shown for CARE_S, after the last stop
    """

    step: Step
    left_s: float = NAN
    due: bool = False
    stops: int = 0
    read: bool = False


class PainFlow:
    """One session's pain flow. `t` is seconds, increasing over all methods."""

    def __init__(self) -> None:
        self._step: Step = ""
        self._since = 0.0
        self._asked = 0
        self._stops = 0
        self._read = False
        self._effects: list[Effect] = []

    def press(self, t: float) -> None:
        """It hurts. Needs no confirmation. Said again while easing it means: not easing. In other
        steps it changes nothing: the exercise is at rest, and a key pressed twice is no answer."""
        self._expire(t)
        if self._step == "":
            self._enter("asking", t)
            self._effects.append("paused")
        elif self._step == "easing":
            self._stop(t, care=False)

    def answer(self, t: float, answer: Answer) -> None:
        """Take an answer; one that the step has no question for is ignored. Sharp or spreading
        pain is believed while easing too. "not_easing" counts at once, "easing" from the first
        question on."""
        self._expire(t)
        if self._step not in ("asking", "easing"):
            return
        match answer:
            case "sharp" | "spreading":
                self._stop(t, care=True)
            case "mild" if self._step == "asking":
                self._enter("easing", t)
            case "easing" if self._step == "easing" and t - self._since >= EASING_AT_S[0]:
                self._enter("", t)
                self._effects.append("resume_eased")
            case "not_easing" if self._step == "easing":
                self._stop(t, care=False)

    def close(self, t: float) -> None:
        """The care text was read: go on with the session, or leave it. In other steps nothing."""
        self._expire(t)
        if self._step == "care":
            self._enter("", t)
        elif self._step == "ended":
            self._read = True

    def update(self, t: float) -> tuple[PainView, tuple[Effect, ...]]:
        """The view at time t, and what has been decided since the last update, each once."""
        self._expire(t)
        effects, self._effects = tuple(self._effects), []
        if self._step != "easing":
            read = self._read or (self._step == "ended" and t - self._since >= CARE_S)
            return PainView(self._step, stops=self._stops, read=read), effects
        passed = t - self._since
        asked, self._asked = self._asked, sum(passed >= at for at in EASING_AT_S)
        left_s = max(0.0, EASE_S - passed)
        return PainView("easing", left_s, self._asked > asked, self._stops), effects

    def _expire(self, t: float) -> None:
        """What silence means. It never means going on with the exercise."""
        passed = t - self._since
        if self._step == "asking" and passed >= ASK_S:
            self._stop(t, care=True)
        elif self._step == "easing" and passed >= EASE_S + REPLY_S:
            self._stop(t, care=False)
        elif self._step == "care" and passed >= CARE_S:
            self._enter("", t)

    def _stop(self, t: float, care: bool) -> None:
        """A pain stop. A mild pain that did not ease is one too, but needs no care text."""
        self._stops += 1
        if self._stops >= MOST_STOPS:
            self._enter("ended", t)
            self._effects.append("end_session")
        else:
            self._enter("care" if care else "", t)
            self._effects.append("stop_exercise")

    def _enter(self, step: Step, t: float) -> None:
        self._step, self._since, self._asked = step, t, 0
