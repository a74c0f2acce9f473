"""The days at the desk: seconds per state for every minute, in one SQLite file.

No picture and no pose is stored, and only the user may read the file. Times are stored in UTC
together with the local day and the offset from UTC, so that a day is the user's own day, also on
the two days of the year with 23 or 25 hours and after a journey.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from posecheck.desk.day import (
    BREAK_S,
    DayScore,
    DayTally,
    daily_score,
)
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DayState
from posecheck.desk.states import OFF_CHAIR, SEATED, STATES, DeskState
from posecheck.io.output import OutputError, writing
from posecheck.io.paths import data_home
from posecheck.io.store.set_aside import reason, set_aside

DAYS_FILE = "desk.sqlite3"
KEEP_DAYS = 400
"""A year to look back on, and a month for comparison."""
BUSY_TIMEOUT_S = 1.0
"""How long to wait while a second posecheck writes, which takes milliseconds."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE IF NOT EXISTS minutes (
        id INTEGER PRIMARY KEY,
        at REAL NOT NULL,           -- its end, seconds since 1970 in UTC
        offset_s INTEGER NOT NULL,  -- what local time was ahead of UTC
        day TEXT NOT NULL,          -- the local day, ISO
        seconds TEXT NOT NULL,      -- JSON: seconds per state
        paused_s REAL NOT NULL,
        slumps INTEGER NOT NULL, nudges INTEGER NOT NULL, spoken INTEGER NOT NULL,
        changes INTEGER NOT NULL, breaks_due INTEGER NOT NULL, breaks_taken INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS minutes_of_day ON minutes (day, at);
    CREATE TABLE IF NOT EXISTS breaks (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, offset_s INTEGER NOT NULL, day TEXT NOT NULL,
        taken INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS breaks_of_day ON breaks (day, at);
    CREATE TABLE IF NOT EXISTS nudges (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, offset_s INTEGER NOT NULL, day TEXT NOT NULL,
        kind TEXT NOT NULL, cause TEXT NOT NULL, answer TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS nudges_of_day ON nudges (day, at);
    """,
)
"""The steps from each version of the file (PRAGMA user_version, 0 is empty) to the next."""


@dataclass(frozen=True, slots=True)
class MinuteRecord:
    """One stored minute. `when` is its end in the local time of that day; `state` the one that
    lasted longest, None when the camera was off for most of it."""

    when: datetime
    state: DeskState | None
    seconds: Mapping[DeskState, float]
    paused_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A local day in numbers. Without minutes all are zero, and the score's total is None."""

    day: date
    seconds: Mapping[DeskState, float]
    paused_s: float
    slumps: int
    nudges: int
    spoken: int
    changes: int
    breaks_due: int
    breaks_taken: int
    score: DayScore


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A local day: its minutes in order, the offered breaks as (when, taken), the nudges as (when,
    kind, cause, answer). The counts of the summary come from the minutes."""

    summary: DaySummary
    minutes: tuple[MinuteRecord, ...] = ()
    breaks: tuple[tuple[datetime, bool], ...] = ()
    nudges: tuple[tuple[datetime, str, str, str], ...] = ()


class DeskStore:
    """The file of the days, by default in `data_home()`; created when it is missing.

    Every `when` is an aware local datetime; a naive one raises ValueError. What is added is on the
    disk when the call returns. Everything that reads or writes raises OutputError, one or two
    sentences for the user, when the disk refuses. Use it from one thread. A store of ":memory:"
    keeps nothing, and replaces this one after an OutputError.

    remark  one sentence when a file that could not be used was set aside, else ""
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = data_home() / DAYS_FILE if path is None else path
        self._pruned: date | None = None
        self.remark = ""
        self._db = self._opened()

    @property
    def path(self) -> Path:
        return self._path

    def add_minute(self, when: datetime, minute: Minute) -> None:
        """Add a minute that ended at `when`. It belongs to the local day in which it began."""
        covered = timedelta(seconds=sum(minute.seconds.values()) + minute.paused_s)
        began = (when.astimezone(UTC) - covered).astimezone(when.tzinfo)
        seconds = {state: round(value, 1) for state, value in minute.seconds.items() if value > 0}
        columns = "seconds, paused_s, slumps, nudges, spoken, changes, breaks_due, breaks_taken"
        counts = (minute.slumps, minute.nudges, minute.spoken, minute.changes)
        breaks = (minute.breaks_due, minute.breaks_taken)
        values = (json.dumps(seconds), round(minute.paused_s, 1), *counts, *breaks)
        self._add("minutes", columns, when, began.date(), values)
        if began.date() != self._pruned:
            self._prune(began.date())

    def add_break(self, when: datetime, taken: bool) -> None:
        """Add how an offered break ended: taken, or put off for good."""
        self._add("breaks", "taken", when, when.date(), (int(taken),))

    def add_nudge(self, when: datetime, kind: str, cause: str, answer: str = "") -> None:
        """Add an alert (kind and cause as in `posecheck.desk.alerts.Alert`) and the answer."""
        self._add("nudges", "kind, cause, answer", when, when.date(), (kind, cause, answer))

    def day(self, day: date) -> DayRecord:
        """The local day; an empty one when nothing was stored."""
        columns = "at, offset_s, seconds, paused_s"
        minutes = tuple(
            _minute(_local(at, offset), _seconds(text), paused)
            for at, offset, text, paused in self._rows("minutes", columns, day)
        )
        breaks = self._rows("breaks", "at, offset_s, taken", day)
        nudges = self._rows("nudges", "at, offset_s, kind, cause, answer", day)
        return DayRecord(
            self.summary(day),
            minutes,
            tuple((_local(at, offset), bool(taken)) for at, offset, taken in breaks),
            tuple((_local(at, offset), *words) for at, offset, *words in nudges),
        )

    def summary(self, day: date) -> DaySummary:
        """The local day without its minutes."""
        columns = "paused_s, slumps, nudges, spoken, changes, breaks_due, breaks_taken, seconds"
        seconds: Counter[DeskState] = Counter()
        sums = [0.0] * 7
        for *counts, text in self._rows("minutes", columns, day):
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            seconds.update(_seconds(text))
        paused_s, *rest = sums
        slumps, nudges, spoken, changes, due, taken = (int(count) for count in rest)
        tally = DayTally()
        tally.seconds, tally.changes = dict(seconds), changes
        return DaySummary(
            day,
            seconds=dict(seconds),
            paused_s=paused_s,
            slumps=slumps,
            nudges=nudges,
            spoken=spoken,
            changes=changes,
            breaks_due=due,
            breaks_taken=taken,
            score=daily_score(tally, due, taken),
        )

    def week(self, until: date) -> tuple[DaySummary, ...]:
        """The seven local days that end with `until`, oldest first."""
        return tuple(self.summary(until - timedelta(days=back)) for back in range(6, -1, -1))

    def day_state(self, now: datetime) -> DayState:
        """The day so far for a monitor that starts now. The sitting time continues only when the
        last minute has just ended: a program that was closed for two minutes saw no sitting."""
        record = self.day(now.date())
        known = record.summary
        sitting_s = _sitting_s(record.minutes, now)
        return DayState(
            seconds=known.seconds,
            changes=known.changes,
            breaks_due=known.breaks_due,
            breaks_taken=known.breaks_taken,
            sitting_s=sitting_s,
            reminded=True,
        )

    def forget_all(self) -> None:
        """Remove every day, and the damaged files that were set aside. The store stays usable, even
        when a file cannot be removed."""
        self.close()
        folder, stem = self._path.parent, self._path.stem
        files = [*folder.glob(f"{stem}.broken*{self._path.suffix}*")] if self.on_disk else []
        try:
            for path in (*_with_companions(self._path), *files) if self.on_disk else ():
                with writing(path):
                    path.unlink(missing_ok=True)
        finally:
            self._pruned, self.remark = None, ""
            self._db = self._opened()

    def close(self) -> None:
        """May be called twice."""
        with suppress(sqlite3.Error):
            self._db.close()

    @property
    def on_disk(self) -> bool:
        """False for a store of ":memory:"."""
        return str(self._path) != ":memory:"

    def _opened(self) -> sqlite3.Connection:
        if not self.on_disk:
            return _connected(self._path)
        folder = self._path.parent
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with writing(self._path):
            # Before the first byte, so that no other user can ever read the file. SQLite gives its
            # companion files the same permissions.
            self._path.touch(mode=0o600)
        with _speaking(self._path):
            try:
                return _connected(self._path)
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
        self.remark = self._kept_aside()
        with _speaking(self._path):
            self._path.touch(mode=0o600)
            return _connected(self._path)

    def _kept_aside(self) -> str:
        try:
            aside = set_aside(self._path)
            for companion in _with_companions(self._path)[1:]:
                # Move the log of a damaged file too: it must not be applied to the new file.
                if companion.exists():
                    companion.rename(companion.with_name(companion.name.replace(
                        self._path.name, aside.name)))  # fmt: skip
        except OSError as error:
            raise OutputError(
                f"{self._path} is damaged and cannot be renamed ({reason(error)}). "
                "Rename it or remove it."
            ) from error
        return (
            f"The history of the desk could not be read and starts again; the damaged file is kept "
            f"as {aside}."
        )

    def _add(
        self, table: str, columns: str, when: datetime, day: date, values: Sequence[object]
    ) -> None:
        offset = when.utcoffset()
        if offset is None:
            raise ValueError("a time without its offset from UTC")
        row = (when.timestamp(), int(offset.total_seconds()), day.isoformat(), *values)
        marks = ", ".join("?" * len(row))
        with _speaking(self._path), self._db:
            self._db.execute(
                f"INSERT INTO {table} (at, offset_s, day, {columns}) VALUES ({marks})", row
            )

    def _rows(self, table: str, columns: str, day: date) -> list[Any]:
        query = f"SELECT {columns} FROM {table} WHERE day = ? ORDER BY at, id"
        with _speaking(self._path):
            return self._db.execute(query, (day.isoformat(),)).fetchall()

    def _prune(self, today: date) -> None:
        """Once a day: remove what is older than KEEP_DAYS."""
        oldest = (today - timedelta(days=KEEP_DAYS)).isoformat()
        with _speaking(self._path), self._db:
            for table in ("minutes", "breaks", "nudges"):
                self._db.execute(f"DELETE FROM {table} WHERE day < ?", (oldest,))
        self._pruned = today


# --- the file -----------------------------------------------------------------------------------


def _connected(path: Path) -> sqlite3.Connection:
    """Open the file, check that it is not damaged, and migrate it. Raises sqlite3.Error."""
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        # With the log a killed program loses nothing that was added, and a power cut loses at most
        # the last minutes, never the file. NORMAL seldom waits for the disk.
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")
        migrate(db)
    except UnicodeDecodeError as error:  # damage within the words of SQLite's own message
        db.close()
        raise sqlite3.DatabaseError("database disk image is malformed") from error
    except BaseException:
        db.close()
        raise
    return db


def migrate(db: sqlite3.Connection, steps: Sequence[str] = MIGRATIONS) -> None:
    """Bring a file to version len(steps), each step completely or not at all. OutputError for a
    file of a newer posecheck."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(steps):
        raise OutputError(
            "The history of the desk was written by a newer posecheck. Install that one again, or "
            "move the file away."
        )
    for number in range(version, len(steps)):
        # IMMEDIATE: of two programs that start at once the second waits, and finds the step done.
        script = f"BEGIN IMMEDIATE; {steps[number]}; PRAGMA user_version = {number + 1}; COMMIT;"
        try:
            db.executescript(script)
        except sqlite3.Error:
            db.rollback()
            raise


def _damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is damaged, rather than the disk at fault."""
    name = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    return name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


def _with_companions(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """An error of SQLite inside becomes an OutputError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        raise OutputError(f"{path} cannot be used: {_why(name, error)}") from error


def _why(name: str, error: sqlite3.Error) -> str:
    ways = {
        "SQLITE_FULL": "the disk is full. Free some space.",
        "SQLITE_READONLY": "this user may not write there.",
        "SQLITE_CANTOPEN": "this user may not write there, or the folder is gone.",
        "SQLITE_BUSY": "another posecheck is using it. Close that one.",
        "SQLITE_IOERR": "the disk does not take it. Free some space, or look after the disk.",
        "SQLITE_CORRUPT": "it is damaged. Start posecheck again.",
    }
    return next((text for start, text in ways.items() if name.startswith(start)), f"{error}.")


# --- rows and values ----------------------------------------------------------------------------


def _local(at: float, offset_s: int) -> datetime:
    return datetime.fromtimestamp(at, timezone(timedelta(seconds=offset_s)))


def _seconds(text: str) -> dict[DeskState, float]:
    """Seconds per state, without states that this version does not know."""
    try:
        plain = json.loads(text)
        return {state: float(plain[state]) for state in STATES if state in plain}
    except (ValueError, TypeError):  # another program has written to the file
        return {}


def _minute(when: datetime, seconds: Mapping[DeskState, float], paused_s: float) -> MinuteRecord:
    longest = max(seconds, key=lambda state: seconds[state], default=None)
    state = longest if longest and seconds[longest] >= paused_s else None
    return MinuteRecord(when, state, seconds, paused_s)


def _sitting_s(minutes: Sequence[MinuteRecord], now: datetime) -> float:
    """Seconds on the chair since the last break, or since a gap as long as a break."""
    sitting_s, gone_s, after = 0.0, 0.0, now
    for minute in reversed(minutes):
        gap_s = (after - minute.when).total_seconds()
        gone_s += sum(minute.seconds.get(state, 0.0) for state in OFF_CHAIR)
        if gap_s >= BREAK_S or gone_s >= BREAK_S:
            break
        seated_s = sum(s for state, s in minute.seconds.items() if state in SEATED)
        gone_s = 0.0 if seated_s else gone_s
        sitting_s += seated_s
        covered_s = sum(minute.seconds.values()) + minute.paused_s
        after = minute.when - timedelta(seconds=covered_s)
    return sitting_s
