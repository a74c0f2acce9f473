"""When something is said or shown: patience before it, pauses between, time to read it.

Three small machines of the coach. They choose; the parts that use them have the words.
Numbers: biomechanics 2B, "Which fault speaks".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from posecheck.exercise import Rule
from posecheck.session.session import SessionView
from posecheck.timing import Lasted

CUE_PATIENCE_S: Mapping[str, float] = {"stop": 0.0, "gate": 1.2, "must": 1.2, "advice": 2.5}
"""How long a rule must be broken before its cue, by severity."""
APART_S = 4.0
"""Between two spoken corrections."""
SAME_APART_S = 8.0
"""Between two times of the same correction, and between the first reminders of what cannot be
seen."""
REMIND_APART_S, REMINDED = 11.0, 3
"""Between later reminders, and how many come sooner. A user who needs longer is not hurried, but is
never left in silence for 12 s while something is waited for."""
MOST_SPOKEN, MOST_SPOKEN_INDIRECT = 3, 2
"""Times that a correction is spoken in a set; fewer for a metric of accuracy C."""
VISIBILITY_PATIENCE_S = 1.5
"""How long nothing can be judged before it is said."""
SEEN_S = 0.5
"""How long it can be judged again before that is said."""
MIN_SHOWN_S = 0.7
"""Minimum time for which a line or a state stays on the screen."""
STANDING_LINE_S = 1.5
"""Minimum time for which a standing line stays before another: four words are read from three
metres in about a second."""
FLASH_S = 2.5
"""A line that announces something gives way to others after this."""

_ORDER = ("stop", "gate", "must", "advice")


def top_fault(view: SessionView) -> Rule | None:
    """The one fault to show: stop before gate before must before advice, else as in the file."""
    seen = set(view.verdict.faults).difference(view.verdict.unseen)
    faults = [rule for rule in view.planned.exercise.rules if rule.id in seen]
    return min(faults, key=lambda rule: _ORDER.index(rule.severity), default=None)


def judging_trouble(view: SessionView) -> str:
    """Why nothing can be judged now, "" when it can: nobody, someone_else, sideways, frozen,
    few_pictures, view, wrong_side, entered, still, parts, or an advice of the placement."""
    advice = view.placement.advice if view.placement is not None else ""
    if view.blind:
        return view.blind if view.blind == "frozen" else advice or view.blind
    unknown = view.phase == "ready" or view.verdict.form == "unknown"
    if view.parts and unknown and view.phase in ("ready", "work"):
        return advice or "parts"
    if view.start_blocker == "entered":
        return "entered"
    learning = view.phase == "ready" and view.learning and view.start_blocker in ("", "still")
    return "still" if learning else ""


class CorrectionPolicy:
    """Which correction is spoken when, in one set."""

    def __init__(self) -> None:
        self._out_since: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self._spoken_t: dict[str, float] = {}
        self._last_t = -math.inf
        self._hinted = False

    def begin(self) -> None:
        """The timer runs for the first time. Corrections on the way into the pose do not count."""
        self._times.clear()
        self._hinted = False

    def times(self, rule: Rule) -> int:
        """How often the rule's correction was spoken since the beginning."""
        return self._times.get(rule.id, 0)

    def update(self, t: float, view: SessionView, free: bool) -> Rule | Literal["easier"] | None:
        """The rule to correct at time t; "easier" once the same words have not helped. `free`:
        nothing is being said that a correction must wait for."""
        for rule in view.planned.exercise.rules:
            broken = rule.id in view.verdict.out or rule.id in view.verdict.faults
            if not broken:
                self._out_since.pop(rule.id, None)
            else:
                self._out_since.setdefault(rule.id, t)
        chosen = self._chosen(t, view)
        if chosen is None or not self._due(t, chosen, free):
            return None
        self._last_t = self._spoken_t[chosen.id] = t
        if chosen.severity == "stop":
            return chosen
        if self.times(chosen) >= _most(chosen):
            self._hinted = True
            return "easier"
        self._times[chosen.id] = self.times(chosen) + 1
        return chosen

    def _chosen(self, t: float, view: SessionView) -> Rule | None:
        """The most important fault that has lasted and is not worn out."""
        lasting = [
            rule
            for rule in view.planned.exercise.rules
            if rule.id in view.verdict.faults
            and rule.id not in view.verdict.unseen
            and t - self._out_since[rule.id] >= CUE_PATIENCE_S[rule.severity]
            and not self._worn_out(rule)
        ]
        return min(lasting, key=lambda rule: _ORDER.index(rule.severity), default=None)

    def _worn_out(self, rule: Rule) -> bool:
        if rule.severity == "stop" or self.times(rule) < _most(rule):
            return False
        return rule.severity != "must" or self._hinted

    def _due(self, t: float, rule: Rule, free: bool) -> bool:
        again = t - self._spoken_t.get(rule.id, -math.inf) >= SAME_APART_S
        if rule.severity == "stop":
            return again
        return again and free and t - self._last_t >= APART_S


def _most(rule: Rule) -> int:
    return MOST_SPOKEN_INDIRECT if rule.accuracy == "C" else MOST_SPOKEN


class VisibilityCues:
    """When to say that something cannot be judged, and that it can be judged again.

    now  the trouble to show, "" for none
    """

    def __init__(self) -> None:
        self.now = ""
        self._trouble = ""
        self._lasted = Lasted()
        self._last_t = -math.inf
        self._said_t: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self._announced = False

    def update(self, t: float, trouble: str, patience_s: float, reading: bool) -> str:
        """What to speak of at time t: a trouble, "seen" once a trouble spoken of is over, or "".

        patience_s  how long the trouble must last
        reading     instructions are being read: a new trouble is reported, but not repeated
        """
        if trouble != self._trouble:
            self._trouble = trouble
            self._lasted.reset()
        lasted_s = self._lasted.update(t, True)
        if self._announced and trouble in ("", "still") and lasted_s >= SEEN_S:
            self.now, self._announced = trouble, False
            return "seen"
        if lasted_s < (patience_s if trouble else SEEN_S):
            return ""
        self.now = trouble
        if not trouble or not self._due(t, trouble) or (reading and trouble in self._said_t):
            return ""
        self._last_t = self._said_t[trouble] = t
        self._times[trouble] = self._times.get(trouble, 0) + 1
        self._announced = trouble != "still"  # a restless user was in sight all the time
        return trouble

    def _due(self, t: float, trouble: str) -> bool:
        """Whether to report a trouble: a new one soon after another, a known one at longer
        intervals."""
        again_s = SAME_APART_S if self._times.get(trouble, 0) < REMINDED else REMIND_APART_S
        since_s = t - self._said_t.get(trouble, -math.inf)
        return since_s >= again_s and t - self._last_t >= APART_S


class CueLine:
    """One line that stays long enough to be read."""

    def __init__(self) -> None:
        self._line = ""
        self._since = -math.inf
        self._flashes: list[tuple[str, float]] = []

    def update(self, t: float, flashes: Sequence[str], standing: str, at_once: bool) -> str:
        """The line at time t: an announcement for a while, else the standing line.

        flashes  what is announced in this frame; several are shown one after the other. They
                 replace those of earlier frames
        at_once  for what cannot wait: a stop, or another state. What was announced in the state
                 before is over
        """
        if at_once:
            self._flashes = []
        if flashes:
            self._flashes = [(line, t + FLASH_S * (n + 1)) for n, line in enumerate(flashes)]
        flash = next((line for line, until in self._flashes if t < until), None)
        flashing = flash is not None
        wanted = standing if flash is None else flash
        stay_s = MIN_SHOWN_S if flashing else STANDING_LINE_S
        if wanted != self._line and (at_once or t - self._since >= stay_s):
            self._line, self._since = wanted, t
        return self._line
