"""When something is said or shown: patience before it, room between, time to read it.

Three small machines of the coach, one set long. They choose; `cues.py` has the words.
Numbers: biomechanics 2B, "Which fault speaks".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from posecheck.exercise import Rule
from posecheck.session import SessionView

PATIENCE_S: Mapping[str, float] = {"stop": 0.0, "gate": 1.2, "must": 1.2, "advice": 2.5}
"""How long a rule must be broken before its cue, by level."""
APART_S = 4.0
"""Between two spoken corrections."""
SAME_APART_S = 8.0
"""Between two times of the same one; also between two reminders of what cannot be seen."""
MOST, MOST_INDIRECT = 3, 2
"""Times a correction is spoken in a set; fewer for a metric of grade C."""
UNSEEN_S = 1.5
"""How long nothing can be judged before it is said."""
SEEN_S = 0.5
"""How long it can be judged again before that is said."""
DWELL_S = 0.7
"""A line on the screen stays at least this long."""
FLASH_S = 2.0
"""A line that announces something gives way to others after this."""

_ORDER = ("stop", "gate", "must", "advice")


def top_fault(view: SessionView) -> Rule | None:
    """The one fault to show: stop before gate before must before advice, else as in the file."""
    seen = set(view.verdict.faults).difference(view.verdict.unseen)
    faults = [rule for rule in view.task.exercise.rules if rule.id in seen]
    return min(faults, key=lambda rule: _ORDER.index(rule.level), default=None)


class Corrections:
    """Which correction is spoken when, in one set."""

    def __init__(self) -> None:
        self._out_since: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self._spoken_t: dict[str, float] = {}
        self._last_t = float("-inf")
        self._hinted = False

    def times(self, rule: Rule) -> int:
        return self._times.get(rule.id, 0)

    def update(self, t: float, view: SessionView, free: bool) -> Rule | Literal["easier"] | None:
        """The rule to speak for now; "easier" once the same words have not helped."""
        for rule in view.task.exercise.rules:
            broken = rule.id in view.verdict.out or rule.id in view.verdict.faults
            if not broken:
                self._out_since.pop(rule.id, None)
            else:
                self._out_since.setdefault(rule.id, t)
        chosen = self._chosen(t, view)
        if chosen is None or not self._due(t, chosen, free):
            return None
        self._last_t = self._spoken_t[chosen.id] = t
        if chosen.level == "stop":
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
            for rule in view.task.exercise.rules
            if rule.id in view.verdict.faults
            and rule.id not in view.verdict.unseen
            and t - self._out_since[rule.id] >= PATIENCE_S[rule.level]
            and not self._worn_out(rule)
        ]
        return min(lasting, key=lambda rule: _ORDER.index(rule.level), default=None)

    def _worn_out(self, rule: Rule) -> bool:
        if rule.level == "stop" or self.times(rule) < _most(rule):
            return False
        return rule.level != "must" or self._hinted

    def _due(self, t: float, rule: Rule, free: bool) -> bool:
        again = t - self._spoken_t.get(rule.id, float("-inf")) >= SAME_APART_S
        if rule.level == "stop":
            return again
        return again and free and t - self._last_t >= APART_S


def _most(rule: Rule) -> int:
    return MOST_INDIRECT if rule.grade == "C" else MOST


class Sight:
    """When to say that something cannot be seen, and that it can be seen again. `now` is the
    trouble to show."""

    def __init__(self) -> None:
        self.now = ""
        self._why = ""
        self._since = 0.0
        self._said_t = float("-inf")
        self._told = False

    def update(self, t: float, why: str, patience: float = UNSEEN_S) -> str:
        """What to speak of now: a trouble, "seen" once a trouble spoken of is over, or ""."""
        if why != self._why:
            self._why, self._since = why, t
        if t - self._since < (patience if why else SEEN_S):
            return ""
        self.now = why
        if not why:
            told, self._told = self._told, False
            return "seen" if told else ""
        if t - self._said_t < SAME_APART_S:
            return ""
        self._said_t = t
        self._told = why != "still"  # who kept still was in sight all the time
        return why


class Screen:
    """One line that stays long enough to be read."""

    def __init__(self) -> None:
        self._line = ""
        self._since = float("-inf")
        self._flash = ""
        self._flash_until = 0.0

    def update(self, t: float, flash: str, standing: str, at_once: bool) -> str:
        """The line at time t: an announcement for a while, else the standing line.

        at_once  for what cannot wait its turn: a stop
        """
        if flash:
            self._flash, self._flash_until = flash, t + FLASH_S
        wanted = self._flash if t < self._flash_until else standing
        if wanted != self._line and (at_once or t - self._since >= DWELL_S):
            self._line, self._since = wanted, t
        return self._line
