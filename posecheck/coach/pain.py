"""What happens when a user says that it hurts (biomechanics 4.3, "During").

Theory of operation. `PainFlow` asks what kind of pain it is, waits for a mild one to ease, and
decides what becomes of the exercise:

    ""      no pain
    asking  the user is asked for the kind of pain
    easing  a mild pain is given EASE_S to ease; "Easing?" is asked twice
    care    the text on what to do is shown
    ended   the session is over, and the same text is shown

`PAIN_TRANSITIONS` has all of it; an input that has no row in a step changes nothing. Two rules come
on top. "easing" is believed from the first question on, not sooner. The MOST_STOPSth stop of the
exercise ends the session. No silence resumes an exercise: only the answer "easing" does. A question
without an answer has the safe outcome, and after it the session goes on with another exercise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PainStep = Literal["", "asking", "easing", "care", "ended"]

PainAnswer = Literal["sharp", "spreading", "mild", "easing", "not_easing"]

PainInput = PainAnswer | Literal["press", "close", "silence"]

PainEffect = Literal["paused", "resume_eased", "stop_exercise", "end_session"]
"""paused         stop the clock, ease out
resume_eased   go on with targets moved towards rest (`personal_range.eased`)
stop_exercise  the exercise is over for today
end_session    the session is over"""

ASK_S = 20.0
"""A question for the kind of pain that stays unanswered for this long means a sharp one: a user who
cannot answer is not fine."""
EASE_S = 10.0
"""A mild pain must ease within this (biomechanics 4.3: 5 to 10 s)."""
EASING_AT_S = (5.0, EASE_S)
"""When "Easing?" is asked; "easing" is believed from the first of them on."""
ANSWERABLE_S = EASE_S - EASING_AT_S[0]
"""A mild pain is asked about when this much of its time is left; before that the screen shows what
to do."""
REPLY_S = 5.0
"""Time to answer the last "Easing?". Longer silence means no."""
CARE_S = 20.0
"""How long the care text stays unless it is closed: it is read in about 15 s."""
MOST_STOPS = 2
"""This many pain stops end the session (biomechanics 4.3)."""

SILENCE_S: Mapping[PainStep, float] = {"asking": ASK_S, "easing": EASE_S + REPLY_S, "care": CARE_S}
"""How long a step waits for an answer before its silence is taken for one."""

PAIN_TRANSITIONS: Mapping[tuple[PainStep, PainInput], tuple[PainStep, PainEffect | None]] = {
    # Saying that it hurts needs no confirmation. Said again while easing it means: not easing. In
    # other steps it changes nothing: the exercise is at rest, and a key pressed twice is no answer.
    ("", "press"): ("asking", "paused"),
    ("easing", "press"): ("", "stop_exercise"),
    # Sharp or spreading pain is believed while easing too.
    ("asking", "sharp"): ("care", "stop_exercise"),
    ("asking", "spreading"): ("care", "stop_exercise"),
    ("easing", "sharp"): ("care", "stop_exercise"),
    ("easing", "spreading"): ("care", "stop_exercise"),
    ("asking", "mild"): ("easing", None),
    # A mild pain that did not ease is a stop too, but needs no care text.
    ("easing", "easing"): ("", "resume_eased"),
    ("easing", "not_easing"): ("", "stop_exercise"),
    ("asking", "silence"): ("care", "stop_exercise"),
    ("easing", "silence"): ("", "stop_exercise"),
    ("care", "close"): ("", None),
    ("care", "silence"): ("", None),
}


@dataclass(frozen=True, slots=True)
class PainView:
    """What to show.

    left_s  seconds left of the EASE_S that a mild pain is given, 0 to 10; NaN in other steps
    due     "Easing?" is to be asked now; true in one update
    read    the text on what to do has been closed, or shown for CARE_S, after the last stop
    """

    step: PainStep
    left_s: float = math.nan
    due: bool = False
    read: bool = False


class PainFlow:
    """One session's pain flow. `t` is in seconds, increasing over all methods."""

    def __init__(self) -> None:
        self._step: PainStep = ""
        self._since = 0.0
        self._asked = 0
        self._stops = 0
        self._read = False
        self._effects: list[PainEffect] = []

    def press(self, t: float) -> None:
        """It hurts."""
        self._expire(t)
        self._take(t, "press")

    def answer(self, t: float, answer: PainAnswer) -> None:
        """Take an answer. One that the step has no question for is ignored."""
        self._expire(t)
        if answer == "easing" and t - self._since < EASING_AT_S[0]:
            return
        self._take(t, answer)

    def close(self, t: float) -> None:
        """The care text was read: go on with the session, or leave it."""
        self._expire(t)
        self._take(t, "close")
        self._read = self._read or self._step == "ended"

    def update(self, t: float) -> tuple[PainView, tuple[PainEffect, ...]]:
        """The view at time t, and what has been decided since the last update, each once."""
        self._expire(t)
        effects, self._effects = tuple(self._effects), []
        passed_s = t - self._since
        if self._step != "easing":
            read = self._read or (self._step == "ended" and passed_s >= CARE_S)
            return PainView(step=self._step, read=read), effects
        asked, self._asked = self._asked, sum(passed_s >= at_s for at_s in EASING_AT_S)
        view = PainView(
            step="easing",
            left_s=max(0.0, EASE_S - passed_s),
            due=self._asked > asked,
        )
        return view, effects

    def _expire(self, t: float) -> None:
        if t - self._since >= SILENCE_S.get(self._step, math.inf):
            self._take(t, "silence")

    def _take(self, t: float, said: PainInput) -> None:
        found = PAIN_TRANSITIONS.get((self._step, said))
        if found is None:
            return
        step, effect = found
        if effect == "stop_exercise":
            self._stops += 1
            if self._stops >= MOST_STOPS:
                step, effect = "ended", "end_session"
        if effect is not None:
            self._effects.append(effect)
        self._step, self._since, self._asked = step, t, 0
