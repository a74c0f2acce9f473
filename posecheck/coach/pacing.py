"""When something is said or shown: patience before it, room between, time to read it.

Four small machines of the coach. They choose; `coach/cues.py` has the words.
Numbers: biomechanics 2B, "Which fault speaks".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Literal

from posecheck.exercise import Camera, Exercise, Rule
from posecheck.session.session import SessionView

PATIENCE_S: Mapping[str, float] = {"stop": 0.0, "gate": 1.2, "must": 1.2, "advice": 2.5}
"""How long a rule must be broken before its cue, by level."""
APART_S = 4.0
"""Between two spoken corrections."""
SAME_APART_S = 8.0
"""Between two times of the same one; also between the first reminders of what cannot be seen."""
REMIND_APART_S, REMINDED = 11.0, 3
"""Between later reminders, and how many come sooner. Who needs longer is not hurried, but never
left in silence for 12 s while something is waited for."""
MOST, MOST_INDIRECT = 3, 2
"""Times a correction is spoken in a set; fewer for a metric of grade C."""
UNSEEN_S = 1.5
"""How long nothing can be judged before it is said."""
SEEN_S = 0.5
"""How long it can be judged again before that is said."""
DWELL_S = 0.7
"""A line on the screen stays at least this long."""
LINE_S = 1.5
"""One standing line stays for so long before another: four words are read from three metres in
about a second."""
FLASH_S = 2.5
"""A line that announces something gives way to others after this."""

_ORDER = ("stop", "gate", "must", "advice")


def top_fault(view: SessionView) -> Rule | None:
    """The one fault to show: stop before gate before must before advice, else as in the file."""
    seen = set(view.verdict.faults).difference(view.verdict.unseen)
    faults = [rule for rule in view.planned.exercise.rules if rule.id in seen]
    return min(faults, key=lambda rule: _ORDER.index(rule.severity), default=None)


class CorrectionPolicy:
    """Which correction is spoken when, in one set."""

    def __init__(self) -> None:
        self._out_since: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self._spoken_t: dict[str, float] = {}
        self._last_t = float("-inf")
        self._hinted = False

    def begin(self) -> None:
        """The exercise begins in earnest: what was said on the way into it is not counted."""
        self._times.clear()
        self._hinted = False

    def times(self, rule: Rule) -> int:
        return self._times.get(rule.id, 0)

    def update(self, t: float, view: SessionView, free: bool) -> Rule | Literal["easier"] | None:
        """The rule to speak for now; "easier" once the same words have not helped."""
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
            and t - self._out_since[rule.id] >= PATIENCE_S[rule.severity]
            and not self._worn_out(rule)
        ]
        return min(lasting, key=lambda rule: _ORDER.index(rule.severity), default=None)

    def _worn_out(self, rule: Rule) -> bool:
        if rule.severity == "stop" or self.times(rule) < _most(rule):
            return False
        return rule.severity != "must" or self._hinted

    def _due(self, t: float, rule: Rule, free: bool) -> bool:
        again = t - self._spoken_t.get(rule.id, float("-inf")) >= SAME_APART_S
        if rule.severity == "stop":
            return again
        return again and free and t - self._last_t >= APART_S


def _most(rule: Rule) -> int:
    return MOST_INDIRECT if rule.accuracy == "C" else MOST


class VisibilityCues:
    """When to say that something cannot be seen, and that it can be seen again. `now` is the
    trouble to show."""

    def __init__(self) -> None:
        self.now = ""
        self._why = ""
        self._since = 0.0
        self._last_t = float("-inf")
        self._said_t: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self._told = False

    def update(self, t: float, why: str, patience: float = UNSEEN_S, reading: bool = False) -> str:
        """What to speak of now: a trouble, "seen" once a trouble spoken of is over, or "".

        reading  instructions are being read: a trouble is told, but not yet told again
        """
        if why != self._why:
            self._why, self._since = why, t
        lasted = t - self._since
        if self._told and why in ("", "still") and lasted >= SEEN_S:
            self.now, self._told = why, False
            return "seen"
        if lasted < (patience if why else SEEN_S):
            return ""
        self.now = why
        if not why:
            return ""
        if not self._due(t, why) or (reading and why in self._said_t):
            return ""
        self._last_t = self._said_t[why] = t
        self._times[why] = self._times.get(why, 0) + 1
        self._told = why != "still"  # who kept still was in sight all the time
        return why

    def _due(self, t: float, why: str) -> bool:
        """A new trouble soon after another, the same one with patience."""
        again = SAME_APART_S if self._times.get(why, 0) < REMINDED else REMIND_APART_S
        since = t - self._said_t.get(why, float("-inf"))
        return since >= again and t - self._last_t >= APART_S


class InstructionScript:
    """What is read to one who is led before an exercise: where the camera belongs and how it is
    done, a sentence at a time, once in a session.

    hint     where the camera belongs, "" when that needs no telling any more
    reading  whether there is a sentence that can be read now
    """

    def __init__(self) -> None:
        self.hint = ""
        self.reading = False
        self._told: set[str] = set()
        self._camera: Camera | None = None
        self._script: deque[str] = deque()

    @property
    def more(self) -> bool:
        return bool(self._script)

    def start(self, exercise: Exercise) -> None:
        """Another set; one that was told before has no lesson."""
        self.clear()
        if exercise.id in self._told:
            return
        self._told.add(exercise.id)
        self._script.extend(exercise.instructions)
        camera = exercise.camera
        if camera is not None:
            self.hint = "" if _stays(self._camera, camera) else camera.hint
            self._camera = camera

    def clear(self) -> None:
        """It needs no reading any more."""
        self.hint = ""
        self._script.clear()

    def next(self, view: SessionView) -> str:
        """The sentence to read now, "" for none. The camera's place is not told to one who is in
        theirs already."""
        hint, self.hint = self.hint, ""
        if hint and view.phase == "ready" and view.start_blocker not in ("", "still"):
            return hint
        return self._script.popleft() if self._readable(view) else ""

    def look(self, view: SessionView) -> None:
        """Take notice of what is seen now: `reading` depends on it."""
        self.reading = bool(self.hint) or self._readable(view)

    def _readable(self, view: SessionView) -> bool:
        """How to start is read to one who is on the way there, the rest to one who is there, and
        nothing to an empty room."""
        if (
            not self._script
            or view.phase not in ("ready", "work")
            or view.start_blocker == "nobody"
        ):
            return False
        whole = len(self._script) == len(view.planned.exercise.instructions)
        return whole or view.start_blocker != "posture"


def _stays(before: Camera | None, now: Camera) -> bool:
    """Whether a camera that was placed for one exercise is right for another one."""
    if before is None or before.view != now.view:
        return False
    return max(before.height_m[0], now.height_m[0]) <= min(before.height_m[1], now.height_m[1])


class CueLine:
    """One line that stays long enough to be read."""

    def __init__(self) -> None:
        self._line = ""
        self._since = float("-inf")
        self._flash = ""
        self._flash_until = 0.0

    def update(self, t: float, flash: str, standing: str, at_once: bool) -> str:
        """The line at time t: an announcement for a while, else the standing line.

        at_once  for what cannot wait its turn: a stop, or another state; what was announced in
                 the one before is over
        """
        if at_once:
            self._flash_until = t
        if flash:
            self._flash, self._flash_until = flash, t + FLASH_S
        flashing = t < self._flash_until
        wanted = self._flash if flashing else standing
        stay_s = DWELL_S if flashing else LINE_S
        if wanted != self._line and (at_once or t - self._since >= stay_s):
            self._line, self._since = wanted, t
        return self._line


class Steady:
    """A line that stays at least DWELL_S, unless what comes cannot wait."""

    def __init__(self) -> None:
        self._line = ""
        self._since = float("-inf")

    def update(self, t: float, line: str, at_once: bool) -> str:
        """The line to show at time t (seconds, increasing)."""
        if line != self._line and (at_once or t - self._since >= DWELL_S):
            self._line, self._since = line, t
        return self._line
