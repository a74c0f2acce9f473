"""What is spoken when: one line at a time, the most important first, nothing that is stale.

A voice is slow and a person in a pose is not: what cannot be said in its moment is better not said.
The tables below say what is spoken at all, what cuts off what, and how long a line may wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.coach.cues import CueKind, spoken_s

Talk = Literal["off", "quiet", "normal", "full"]
"""How much is spoken, least first."""

_AMOUNT: Mapping[Talk, int] = {"off": 0, "quiet": 1, "normal": 2, "full": 3}

LEAST_TALK: Mapping[CueKind, Talk] = {
    "pain": "quiet",  # safety
    "stop": "quiet",  # safety
    "halt": "quiet",  # as below
    "guide": "quiet",  # without it nobody knows what comes, or that it is over
    "sight": "quiet",  # without it the clock stands still and nobody knows why
    "correction": "quiet",  # what a coach is for
    "instruct": "normal",  # the coach says it the first time only
    "offer": "normal",
    "praise": "normal",
    "count": "normal",
    "hint": "full",  # an easier way, breathing: helpful, but not needed
}
"""The least talk that speaks a kind."""

IMPORTANCE: Mapping[CueKind, int] = {
    "pain": 10,
    "stop": 9,
    "halt": 8,
    "guide": 8,
    "instruct": 7,  # said once: it does not come again by itself, as sight and corrections do
    "sight": 6,  # what is not seen cannot be corrected
    "correction": 5,
    "offer": 4,
    "hint": 3,
    "praise": 2,
    "count": 1,
}
"""Who speaks first, and who may take the place of a line that waits. Higher wins."""

_PASSING: frozenset[CueKind] = frozenset({"correction", "hint", "praise", "count"})
_SHORT: frozenset[CueKind] = frozenset({"praise", "count"})
"""Over in a second: a number may wait for it, where for longer lines it would be stale."""
_ALL: frozenset[CueKind] = frozenset(IMPORTANCE)
_NONE: frozenset[CueKind] = frozenset()

CUTS: Mapping[CueKind, frozenset[CueKind]] = {
    "pain": _ALL,  # the person has just said that it hurts
    "stop": _ALL - {"pain"},  # the answer to a pain is heard to its end
    "halt": _PASSING | {"halt"},  # a pause is no more when it goes on, and the other way round
    "guide": _PASSING,  # they speak of what is over
    "sight": _PASSING,
    "correction": _PASSING,  # an older correction is out of date
    "instruct": _NONE,
    "offer": _NONE,
    "hint": _NONE,
    "praise": _NONE,
    "count": _NONE,
}
"""The kinds that a new line cuts off in the middle of a word. Others end their sentence first."""

SHELF_S: Mapping[CueKind, float] = {
    "pain": 10.0,  # waits for nothing but another voice's stop
    "stop": 3.0,  # as a correction
    "halt": 10.0,  # as below
    "guide": 10.0,  # what comes next is true until it comes
    "instruct": 12.0,  # waits for the announcement before it, which takes up to 10 s
    "sight": 4.0,  # said again every 8 s while it lasts
    "correction": 3.0,  # the body has moved on; it comes again if it has not
    "offer": 6.0,  # between two sets
    "hint": 3.0,  # belongs to the correction before it
    "praise": 1.5,  # later it praises something else
    "count": 0.7,  # a repetition takes about 2 s: a later number is a wrong number
}
"""Seconds a line may wait to be spoken, by kind; then it is dropped."""

JOIN_S = 1.0
"""Announcements and instructions that come within this time belong together and wait as one; one
instruction and the next always."""

SETTLE_S = 0.3
"""After a beginning, seconds in which what the engine says of itself may still be about the line
before: cutting one off and beginning the next took speech-dispatcher 0.05 s. The shortest word
lasts longer (0.6 s)."""
START_S = 1.5
"""An engine that is silent for so long after a beginning will not speak this line."""

SLOW, STUCK_S = 3.0, 2.0
"""A line that takes so many times its time and these seconds has hung: the engine is gone."""

_ANNOUNCEMENTS = ("guide", "halt", "instruct")


def spoken(kind: CueKind, talk: Talk) -> bool:
    """Whether lines of this kind are spoken at all."""
    return talk != "off" and _AMOUNT[talk] >= _AMOUNT[LEAST_TALK[kind]]


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Something to be spoken: the words and what they are for."""

    text: str
    kind: CueKind


@dataclass(frozen=True, slots=True)
class Action:
    """What the voice is to do now: first stop what it says, if `stop`; then say `begin`."""

    stop: bool = False
    begin: SpokenLine | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    line: SpokenLine
    since: float


class Speech:
    """Chooses what a voice says. `talk` may be changed at any time.

    At most one line is spoken and one waits.
    """

    def __init__(self, talk: Talk) -> None:
        self.talk: Talk = talk
        self._now: SpokenLine | None = None
        self._begun_t = self._now_t = 0.0
        self._heard = False
        self._waiting: _Waiting | None = None

    def update(
        self, t: float, lines: Iterable[SpokenLine] = (), speaking: bool | None = None
    ) -> Action:
        """What to do at time t (seconds, increasing).

        lines     what is new to be said
        speaking  whether the voice is speaking; None where there is none, or it is muted: then a
                  line takes the time that its words would
        """
        before = self._still_spoken(t, speaking)
        self._now = before if before is None or spoken(before.kind, self.talk) else None
        wanted = [line for line in lines if line.text and spoken(line.kind, self.talk)]
        if self._now is None:
            self._take_waiting(t)
        for line in sorted(wanted, key=lambda line: -IMPORTANCE[line.kind]):
            self._offer(t, line)
        if self._now is before:
            return Action()
        self._begun_t, self._heard = t, False
        return Action(stop=before is not None, begin=self._now)

    def _still_spoken(self, t: float, speaking: bool | None) -> SpokenLine | None:
        """The line that was begun, None when it is over."""
        if self._now is None:
            return None
        lasted, usual = t - self._begun_t, spoken_s(self._now.text)
        if speaking is None:
            return self._now if lasted < usual else None
        if lasted < SETTLE_S:
            return self._now
        self._heard = self._heard or speaking
        ended = not speaking and (self._heard or lasted >= START_S)
        return None if ended or lasted >= SLOW * usual + STUCK_S else self._now

    def _take_waiting(self, t: float) -> None:
        waiting = self._fresh(t)
        self._waiting = None
        if waiting is not None and spoken(waiting.line.kind, self.talk):
            self._now = waiting.line

    def _fresh(self, t: float) -> _Waiting | None:
        """What waits, None when that is stale."""
        waiting = self._waiting
        if waiting is None or t - waiting.since > SHELF_S[waiting.line.kind]:
            return None
        return waiting

    def _offer(self, t: float, line: SpokenLine) -> None:
        """Speak it now, let it wait, or drop it."""
        if self._now is None:
            self._begin(t, line)
        elif line == self._now:
            return  # it is being said
        elif self._now.kind in CUTS[line.kind] and not self._fresh_answer(t):
            self._begin(t, line)
            self._drop_waiting(line)
        elif line.kind != "count" or self._now.kind in _SHORT:
            self._wait(t, line)

    def _begin(self, t: float, line: SpokenLine) -> None:
        self._now, self._now_t = line, t

    def _fresh_answer(self, t: float) -> bool:
        """Whether what is to be said now is an answer to a pain that came with this one: both are
        said."""
        return self._now_t == t and self._now is not None and self._now.kind == "pain"

    def _drop_waiting(self, line: SpokenLine) -> None:
        """What the line would have cut off is not said after it either. Announcements stay, but
        not when something hurts."""
        if self._waiting is None:
            return
        kind = self._waiting.line.kind
        if kind in CUTS[line.kind] and (kind != "guide" or line.kind == "pain"):
            self._waiting = None

    def _wait(self, t: float, line: SpokenLine) -> None:
        old = self._fresh(t)
        if old is None:
            self._waiting = _Waiting(line, t)
        elif _belong_together(old.line, line, t - old.since):
            self._waiting = _Waiting(_joined(old.line, line), old.since)
        elif _replaces(line, old.line):
            self._waiting = _Waiting(line, t)


def _belong_together(old: SpokenLine, new: SpokenLine, apart_s: float) -> bool:
    """Instructions are said once: one that waits is not lost to the next."""
    if old.kind == new.kind:
        return old.kind == "instruct" or (old.kind == "guide" and apart_s <= JOIN_S)
    return old.kind in _ANNOUNCEMENTS and new.kind in _ANNOUNCEMENTS and apart_s <= JOIN_S


def _joined(old: SpokenLine, new: SpokenLine) -> SpokenLine:
    """Both, one after the other; an announcement if either is one."""
    if new.text == old.text:
        return old
    kind: CueKind = new.kind if old.kind == "instruct" else old.kind
    return SpokenLine(f"{old.text} {new.text}", kind)


def _replaces(new: SpokenLine, old: SpokenLine) -> bool:
    """Announcements are not lost: one takes the place of everything but the answer to a pain."""
    if new.kind in ("guide", "halt"):
        return old.kind != "pain"
    return IMPORTANCE[new.kind] >= IMPORTANCE[old.kind]
