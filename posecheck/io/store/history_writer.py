"""Writes a guided session into the history while it runs.

At most the last second is lost when the program or the computer stops. A disk that refuses never
ends the session: the writer tries again, with everything since, and `problem` says at the end what
is missing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from posecheck import __version__
from posecheck.coach.guide import Command, GuideView
from posecheck.coach.tally import SetStats
from posecheck.history.account import SessionAccount, planned_record
from posecheck.history.records import Feeling, SessionKind, SessionOutcome, SessionRecord
from posecheck.io.output import OutputError
from posecheck.io.store.history import HistoryStore
from posecheck.session.events import Event
from posecheck.session.plan import PlannedSet

EVERY_S = 1.0
"""Longest time between two writes while a set goes on."""
AGAIN_S = 5.0
"""Time before the disk is tried again after it refused: a full disk is not asked at every frame."""


@dataclass(frozen=True, slots=True)
class SessionTitle:
    """What a session is called. Texts as in `SessionRecord`; `model` without its folder."""

    name: str
    routine: str = ""
    kind: SessionKind = "session"
    track: str = ""
    level: int = 2
    model: str = ""


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session and the writer that remembers it."""

    writer: HistoryWriter
    title: SessionTitle
    planned_sets: tuple[PlannedSet, ...]

    def begin(self) -> None:
        """The session begins, also once more."""
        self.writer.begin(self.title, self.planned_sets)


def local_now() -> datetime:
    """The local time with its offset from UTC."""
    return datetime.now().astimezone()


class HistoryWriter:
    """Writes one session after the other. Per session: `begin`, for each frame `command` and
    `keep`, then `end`, all in one thread. Never raises.

    path     file of the history, None for the user's own
    now      the local time; `clock` seconds that only increase
    problem  one sentence when the last write failed, else ""
    session  id of the session that runs or ran last, "" before the first
    """

    def __init__(
        self,
        path: Path | None = None,
        now: Callable[[], datetime] = local_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.problem, self.session = "", ""
        self._path, self._now, self._clock = path, now, clock
        self._store: HistoryStore | None = None
        self._account: SessionAccount | None = None
        self._due_at = 0.0
        self._begin_after_failure()

    def begin(self, title: SessionTitle, planned_sets: Sequence[PlannedSet]) -> None:
        """A session begins. Nothing is written before its first frame was judged: a session whose
        camera does not open is none."""
        self.session = uuid.uuid4().hex
        self.problem = ""
        self._begin_after_failure()
        self._account = SessionAccount(
            SessionRecord(
                id=self.session,
                began=self._now(),
                name=title.name,
                routine=title.routine,
                kind=title.kind,
                level=title.level,
                outcome="running",
                track=title.track,
                planned=tuple(planned_record(each) for each in planned_sets),
                version=__version__,
                model=title.model,
            )
        )
        self._due_at = 0.0

    def command(self, command: Command) -> None:
        """A key of the user that takes effect with the next frame."""
        if self._account is not None:
            self._account.command(command)

    def keep(
        self,
        events: Iterable[Event],
        view: GuideView,
        stats: Sequence[SetStats],
        rests: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        """A frame was judged; `stats` already count it. `rests` as in `SessionRecord`."""
        account = self._account
        if account is None:
            return
        account.update(self._now(), events, view, stats)
        account.record = replace(account.record, rests=rests)
        now = self._clock()
        if now >= self._due_at or (account.urgent and not self.problem):
            self._write(account, now)

    def end(self, outcome: SessionOutcome) -> None:
        """The session is over. What was written as "done" or "pain" before stays so."""
        account = self._account
        if account is None:
            return
        account.end(outcome)
        if account.begun:
            self._write(account, self._clock())
        self._account = None
        if self._store is not None:
            self._store.close()
            self._store = None

    def tell_after(self, better: int) -> str:
        """Remember how it is after the session that ran last: 1 better, 0 the same, -1 worse.
        Returns a sentence when the disk refuses, else "". May be called in another thread than the
        session's, once that has ended."""
        told = Feeling(self._now(), "after", better=better, session=self.session)
        try:
            with closing(HistoryStore(self._path)) as store:
                store.add_feeling(told)
        except OutputError as error:
            return str(error)
        return ""

    def _begin_after_failure(self) -> None:
        """Write everything of the session, because it is not known what the file has of it."""
        self._from_set = self._from_feeling = 0

    def _write(self, account: SessionAccount, now: float) -> None:
        record, feelings = account.taken(), account.feelings
        try:
            if self._store is None:
                self._store = HistoryStore(self._path)
            self._store.save(
                record,
                feelings,
                from_set=self._from_set,
                from_feeling=self._from_feeling,
            )
        except OutputError as error:
            self.problem = f"This session is not in your history from here on. {error}"
            self._due_at = now + AGAIN_S
            self._begin_after_failure()
            if self._store is not None:
                self._store.close()
                self._store = None
            return
        self.problem, self._due_at = "", now + EVERY_S
        self._from_set = max(0, len(record.sets) - 1)
        self._from_feeling = max(0, len(feelings) - 1)
