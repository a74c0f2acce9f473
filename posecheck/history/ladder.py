"""Where the user stands on each ladder of the plan, from what they have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from posecheck.history.plan_rules import (
    AWAY_DAYS,
    CLEAN_SCORE,
    CLEAN_SESSIONS,
    LADDERS,
    OLDER_LEVEL,
    POOR_SCORE,
    POOR_SESSIONS,
    RISE_DAYS,
    RISE_DAYS_OLDER,
    TRACKS,
    Rung,
    Track,
)
from posecheck.history.records import SessionOutcome


@dataclass(frozen=True, slots=True)
class PastSession:
    """What the plan needs to know of a session.

    done   ids of the exercises that were begun
    hurt   ids of the exercises that a pain stopped
    score  mean form score, None where nothing was judged
    """

    day: date
    track: Track | None
    routine: str = ""
    outcome: SessionOutcome = "done"
    score: float | None = None
    done: frozenset[str] = frozenset()
    hurt: frozenset[str] = frozenset()

    @property
    def clean(self) -> bool:
        """Completed, in right form as far as it was judged, and without a pain stop [4.5]."""
        formed = self.score is None or self.score >= CLEAN_SCORE
        return self.outcome == "done" and not self.hurt and formed


Change = Literal["rise", "pain", "form", "away", "own", ""]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a track stands.

    rung    index in its ladder
    change  why it changed last, "" for never, and on which day
    """

    rung: int = 0
    change: Change = ""
    changed: date | None = None


@dataclass(slots=True)
class _State:
    standing: Standing = field(default_factory=Standing)
    clean: int = 0
    poor: int = 0
    last: date | None = None


def top(track: Track, older: bool) -> int:
    """The highest rung of a track for a user."""
    rungs = LADDERS[track]
    if not older:
        return len(rungs) - 1
    return max(i for i, rung in enumerate(rungs) if rung.level <= OLDER_LEVEL)


def rung_of(track: Track, standing: Standing) -> Rung:
    return LADDERS[track][standing.rung]


class Ladders:
    """All tracks, brought forward day by day."""

    def __init__(self, older: bool) -> None:
        self._older = older
        self._states = {track: _State() for track in TRACKS}
        self._risen: date | None = None

    def standings(self, today: date) -> dict[Track, Standing]:
        """Where each track stands on a day."""
        for track, state in self._states.items():
            self._away(track, state, today)
        return {track: state.standing for track, state in self._states.items()}

    def set_rung(self, day: date, track: Track, rung: int) -> None:
        """The user has chosen an amount; the ladder goes on from there."""
        state = self._states[track]
        self._away(track, state, day)
        state.last = state.last or day
        state.clean = state.poor = 0
        bounded = min(max(0, rung), top(track, self._older))
        state.standing = Standing(bounded, "own", day)

    def add_day(self, day: date, sessions: Sequence[PastSession]) -> None:
        """The sessions of a day, in order."""
        for session in sessions:
            if session.track:
                self._add(day, session.track, session)
        self._rise(day)

    def _add(self, day: date, track: Track, session: PastSession) -> None:
        state = self._states[track]
        self._away(track, state, day)
        state.last = day
        poor = session.score is not None and session.score < POOR_SCORE
        state.poor = state.poor + 1 if poor else 0
        state.clean = state.clean + 1 if session.clean else 0
        if session.hurt or session.outcome == "pain":
            self._move(state, -1, "pain", day)
        elif state.poor >= POOR_SESSIONS:
            self._move(state, -1, "form", day)

    def _rise(self, day: date) -> None:
        """Raise one track, the one whose last change is longest ago, at most once in some days."""
        pause = timedelta(days=RISE_DAYS_OLDER if self._older else RISE_DAYS)
        if self._risen is not None and day - self._risen < pause:
            return
        ready = [
            track
            for track, state in self._states.items()
            if state.clean >= CLEAN_SESSIONS and state.standing.rung < top(track, self._older)
        ]
        if not ready:
            return
        track = min(ready, key=lambda t: self._states[t].standing.changed or date.min)
        self._move(self._states[track], 1, "rise", day)
        self._risen = day

    def _away(self, track: Track, state: _State, day: date) -> None:
        if state.last is None or track == "lesson":
            return
        falls = ((day - state.last).days - 1) // AWAY_DAYS
        if falls > 0:
            self._move(state, -falls, "away", day)
            # Days that were counted are not counted again; what remains of them is.
            state.last = state.last + timedelta(days=falls * AWAY_DAYS)

    def _move(self, state: _State, by: int, change: Change, day: date) -> None:
        state.clean = state.poor = 0
        rung = max(0, state.standing.rung + by)
        if rung != state.standing.rung:
            state.standing = Standing(rung, change, day)
        else:
            state.standing = replace(state.standing, rung=rung)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The user has chosen a rung of a track on a day."""

    day: date
    track: Track
    rung: int


def standings(
    past: Sequence[PastSession], chosen: Sequence[Chosen], today: date, older: bool
) -> dict[Track, Standing]:
    """Where each track stands on the morning of `today`.

    past  oldest first; sessions of today and later do not count: what is planned for a day does not
          change while it is done
    """
    ladders = Ladders(older)
    events: list[PastSession | Chosen] = [each for each in past if each.day < today]
    events += [each for each in chosen if each.day <= today]
    events.sort(key=lambda each: (each.day, isinstance(each, PastSession)))
    for day, group in groupby(events, key=lambda each: each.day):
        sessions: list[PastSession] = []
        for each in group:
            if isinstance(each, Chosen):
                ladders.set_rung(day, each.track, each.rung)
            else:
                sessions.append(each)
        ladders.add_day(day, sessions)
    return ladders.standings(today)
