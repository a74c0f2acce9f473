"""Decides what is spoken and when: one line at a time, the most important first, none that is
stale.

A voice is slow, and the user moves on meanwhile: a line that cannot be spoken in time is discarded.
The tables below define which kinds are spoken, which ones cut off others, and how long a line may
wait.
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
    "guide": "quiet",  # without it the user does not know what comes, or that it is over
    "sight": "quiet",  # without it the clock stands still and the user does not know why
    "correction": "quiet",  # what a coach is for
    "instruct": "normal",  # the coach says it the first time only
    "offer": "normal",
    "praise": "normal",
    "count": "normal",
    "hint": "full",  # an easier way, breathing: helpful, but not needed
}
"""The smallest amount of talk in which a kind is spoken."""

IMPORTANCE: Mapping[CueKind, int] = {
    "pain": 10,
    "stop": 9,
    "halt": 8,
    "guide": 8,
    "instruct": 7,  # said once; sight and corrections come again by themselves
    "sight": 6,  # what is not seen cannot be corrected
    "correction": 5,
    "offer": 4,
    "hint": 3,
    "praise": 2,
    "count": 1,
}
"""Which kind is spoken first, and which may replace a line that waits. Higher wins."""

_PASSING: frozenset[CueKind] = frozenset({"correction", "hint", "praise", "count"})
_SHORT: frozenset[CueKind] = frozenset({"praise", "count"})
"""Kinds that are over in a second. A number may wait for them; after a longer line it would be
stale."""
_ALL: frozenset[CueKind] = frozenset(IMPORTANCE)
_NONE: frozenset[CueKind] = frozenset()

CUTS: Mapping[CueKind, frozenset[CueKind]] = {
    "pain": _ALL,  # the user has just said that it hurts
    "stop": _ALL - {"pain"},  # the answer to a pain is heard to its end
    "halt": _PASSING | {"halt"},  # going on ends a pause, and the other way round
    "guide": _PASSING,  # they are about what is over
    "sight": _PASSING,
    "correction": _PASSING,  # an older correction is out of date
    "instruct": _NONE,
    "offer": _NONE,
    "hint": _NONE,
    "praise": _NONE,
    "count": _NONE,
}
"""The kinds that a new line cuts off in the middle of a word. Others are spoken to their end."""

SHELF_S: Mapping[CueKind, float] = {
    "pain": 10.0,  # waits only for the voice to stop
    "stop": 3.0,  # as a correction
    "halt": 10.0,  # as below
    "guide": 10.0,  # what comes next is true until it comes
    "instruct": 12.0,  # waits for the announcement before it, which takes up to 10 s
    "sight": 4.0,  # said again every 8 s while it lasts
    "correction": 3.0,  # the body has moved on; it comes again if it has not
    "offer": 6.0,  # between two sets
    "hint": 3.0,  # belongs to the correction before it
    "praise": 1.5,  # later it would praise something else
    "count": 0.7,  # a repetition takes about 2 s: a later number is a wrong number
}
"""Seconds for which a line may wait to be spoken, by kind; then it is discarded."""

JOIN_S = 1.0
"""Announcements and instructions that come within this time belong together and wait as one line.
Two instructions always belong together."""

ENGINE_SETTLE_S = 0.3
"""Seconds after the start of a line in which the engine's report may still be about the line
before: speech-dispatcher took 0.05 s to cut one line off and to start the next. The shortest word
lasts longer (0.6 s)."""
ENGINE_START_S = 1.5
"""An engine that is silent for this long after the start of a line will not speak it."""

SLOW, STUCK_S = 3.0, 2.0
"""A line that takes more than SLOW times its estimated length and STUCK_S has hung: the engine is
gone."""

_ANNOUNCEMENTS = ("guide", "halt", "instruct")


def spoken(kind: CueKind, talk: Talk) -> bool:
    """Whether lines of this kind are spoken at all."""
    return talk != "off" and _AMOUNT[talk] >= _AMOUNT[LEAST_TALK[kind]]


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Something to be spoken: the words, and what they are for."""

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
    """Chooses what a voice says. At most one line is spoken and one waits.

    talk  how much is spoken; it may be changed at any time
    """

    def __init__(self, talk: Talk) -> None:
        self.talk: Talk = talk
        self._now: SpokenLine | None = None
        self._begun_t = self._now_t = 0.0
        self._heard = False
        self._waiting: _Waiting | None = None

    @property
    def now(self) -> str:
        """The line that is spoken, "" for none."""
        return self._now.text if self._now is not None else ""

    def update(
        self, t: float, lines: Iterable[SpokenLine] = (), speaking: bool | None = None
    ) -> Action:
        """What to do at time t (seconds, increasing).

        lines     new lines
        speaking  whether the voice is speaking; None without a voice or with a muted one: a line
                  then takes the estimated time of its words
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
        """The line that is being spoken, None when it is over."""
        if self._now is None:
            return None
        lasted, usual = t - self._begun_t, spoken_s(self._now.text)
        if speaking is None:
            return self._now if lasted < usual else None
        if lasted < ENGINE_SETTLE_S:
            return self._now
        self._heard = self._heard or speaking
        ended = not speaking and (self._heard or lasted >= ENGINE_START_S)
        return None if ended or lasted >= SLOW * usual + STUCK_S else self._now

    def _take_waiting(self, t: float) -> None:
        waiting = self._fresh(t)
        self._waiting = None
        if waiting is not None and spoken(waiting.line.kind, self.talk):
            self._now = waiting.line

    def _fresh(self, t: float) -> _Waiting | None:
        """The line that waits, None when it is stale."""
        waiting = self._waiting
        if waiting is None or t - waiting.since > SHELF_S[waiting.line.kind]:
            return None
        return waiting

    def _offer(self, t: float, line: SpokenLine) -> None:
        """Speak a line now, let it wait, or discard it."""
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
        """Whether the line to speak now is the answer to a pain that came at the same time. It is
        not cut off, so that both are spoken."""
        return self._now_t == t and self._now is not None and self._now.kind == "pain"

    def _drop_waiting(self, line: SpokenLine) -> None:
        """Discard a waiting line that the new line would have cut off. Announcements stay, except
        after a pain."""
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
    """Whether two lines wait as one. Instructions come once and must not replace each other."""
    if old.kind == new.kind:
        return old.kind == "instruct" or (old.kind == "guide" and apart_s <= JOIN_S)
    return old.kind in _ANNOUNCEMENTS and new.kind in _ANNOUNCEMENTS and apart_s <= JOIN_S


def _joined(old: SpokenLine, new: SpokenLine) -> SpokenLine:
    """Both lines, one after the other; an announcement if either is one."""
    if new.text == old.text:
        return old
    kind: CueKind = new.kind if old.kind == "instruct" else old.kind
    return SpokenLine(f"{old.text} {new.text}", kind)


def _replaces(new: SpokenLine, old: SpokenLine) -> bool:
    """Whether a new line replaces the one that waits. Announcements are not lost: they replace
    everything but the answer to a pain."""
    if new.kind in ("guide", "halt"):
        return old.kind != "pain"
    return IMPORTANCE[new.kind] >= IMPORTANCE[old.kind]
