"""The days at the desk: seconds per state for every minute, in one SQLite file.

No picture and no pose is stored, and only the user may read the file. Times are stored in UTC
together with the local day and the offset from UTC, so that a day is the user's own day, also on
the two days of the year with 23 or 25 hours and after a journey.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from posecheck.desk.day import (
    BREAK_S,
    DayTally,
    daily_score,
)
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DayState
from posecheck.desk.states import OFF_CHAIR, SEATED, STATES, DeskState
from posecheck.io.output import OutputError
from posecheck.io.paths import data_home
from posecheck.io.store.database import (
    MEMORY,
    Identity,
    forget_database,
    forget_log,
    identity,
    is_damaged,
    open_database,
    speaking,
)
from posecheck.io.store.day_records import DayRecord, DaySummary, MinuteRecord

DAYS_FILE = "desk.sqlite3"
WHAT = "history of the desk"
KEEP_DAYS = 400
"""Days with minutes: more than a year of them. They are counted, and not compared with the date of
today, because a clock that is wrong for a minute would remove all of them."""
WAITING_MOST = 3000
"""Rows of a table that wait in memory for a disk that refuses: two days of minutes, 1 MB."""
WAITING = "What the desk counts is kept until then, for two days at most."

Found = TypeVar("Found")

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
"""The steps from each version of the file to the next, as in `open_database`."""
TABLES = {
    "minutes": "seconds, paused_s, slumps, nudges, spoken, changes, breaks_due, breaks_taken",
    "breaks": "taken",
    "nudges": "kind, cause, answer",
}
"""The columns of each table after those of the time."""


class DeskStore:
    """The file of the days, by default in `data_home()`; created when it is missing.

    Every `when` is an aware local datetime; a naive one raises ValueError. What is added is on the
    disk when the call returns, also after a power cut (`posecheck.io.store.database`), which takes
    some milliseconds. While the disk refuses it waits in memory, `waiting_most` rows at most,
    counts for every question, and is written with the next addition that succeeds. A file that is
    damaged is set aside, and one that another program removed is begun again, also while the store
    is open.

    The constructor, `prune`, `forget_all` and everything that reads raise OutputError, one or two
    sentences for the user, when the disk refuses; with `patient` the constructor does not. Use the
    store from one thread. A store of ":memory:" keeps nothing.

    remark   one sentence when a file that could not be used was set aside or had been removed, else
             ""; the user has seen it once it was taken with `take_remark`
    trouble  why what was added is not on the disk, and what becomes of it; "" when it is
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        patient: bool = False,
        keep_days: int = KEEP_DAYS,
        waiting_most: int = WAITING_MOST,
    ) -> None:
        """`keep_days`: days that `prune` leaves."""
        self._path = data_home() / DAYS_FILE if path is None else path
        self._keep_days, self._waiting_most = keep_days, waiting_most
        self.remark = self.trouble = ""
        self._db: sqlite3.Connection | None = None
        self._identity: Identity = ()
        self._waiting, _ = open_database(MEMORY, MIGRATIONS, WHAT)
        try:
            self._disk()
        except OutputError as error:
            if not patient:
                self._waiting.close()
                raise
            self.trouble = f"{error} {WAITING}"

    @property
    def path(self) -> Path:
        return self._path

    def take_remark(self) -> str:
        """The remark, once."""
        remark, self.remark = self.remark, ""
        return remark

    def add_minute(self, when: datetime, minute: Minute) -> None:
        """Add a minute that ended at `when`. It belongs to the local day in which it began."""
        covered = timedelta(seconds=sum(minute.seconds.values()) + minute.paused_s)
        began = (when.astimezone(UTC) - covered).astimezone(when.tzinfo)
        seconds = {state: round(value, 1) for state, value in minute.seconds.items() if value > 0}
        counts = (minute.slumps, minute.nudges, minute.spoken, minute.changes)
        breaks = (minute.breaks_due, minute.breaks_taken)
        values = (json.dumps(seconds), round(minute.paused_s, 1), *counts, *breaks)
        self._add("minutes", when, began.date(), values)

    def add_break(self, when: datetime, taken: bool) -> None:
        """Add how an offered break ended: taken, or put off for good."""
        self._add("breaks", when, when.date(), (int(taken),))

    def add_nudge(self, when: datetime, kind: str, cause: str, answer: str = "") -> None:
        """Add an alert (kind and cause as in `posecheck.desk.alerts.Alert`) and the answer."""
        self._add("nudges", when, when.date(), (kind, cause, answer))

    def flush(self) -> None:
        """Try to write what waits in memory; `trouble` says why it could not be written."""
        try:
            self._using(self._write_waiting)
        except OutputError as error:
            self.trouble = f"{error} {WAITING}"
            self._bound_waiting()
        else:
            self.trouble = ""

    def prune(self) -> None:
        """With more than `keep_days` days, remove the oldest one. Call it once a day: whatever the
        clock says, a day is lost for a new day and no more."""

        def remove_oldest(db: sqlite3.Connection) -> None:
            query = "SELECT COUNT(DISTINCT day), MIN(day) FROM minutes"
            count, oldest = db.execute(query).fetchone()
            if count > self._keep_days:
                for table in TABLES:
                    db.execute(f"DELETE FROM {table} WHERE day <= ?", (oldest,))

        self._using(remove_oldest)

    def day(self, day: date) -> DayRecord:
        """The local day; an empty one when nothing was stored."""
        minutes = self.minutes(day)
        breaks = self._rows("breaks", "at, offset_s, taken", day, _break)
        nudges = self._rows("nudges", "at, offset_s, kind, cause, answer", day, _nudge)
        return DayRecord(self.summary(day), minutes, breaks, nudges)

    def minutes(self, day: date) -> tuple[MinuteRecord, ...]:
        """The minutes of the local day."""
        return self._rows("minutes", "at, offset_s, seconds, paused_s", day, _minute)

    def summary(self, day: date) -> DaySummary:
        """The local day without its minutes."""
        columns = "paused_s, slumps, nudges, spoken, changes, breaks_due, breaks_taken, seconds"
        seconds: Counter[DeskState] = Counter()
        sums = [0.0] * 7
        for counts, states in self._rows("minutes", columns, day, _counts):
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            seconds.update(states)
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
        last minute has just ended: a program that was closed for two minutes saw no sitting.
        Minutes after `now`, of a clock that was ahead, do not count as sitting."""
        record = self.day(now.date())
        known = record.summary
        before = [minute for minute in record.minutes if minute.when <= now]
        return DayState(
            seconds=known.seconds,
            changes=known.changes,
            breaks_due=known.breaks_due,
            breaks_taken=known.breaks_taken,
            sitting_s=_sitting_s(before, now),
            reminded=True,
        )

    def forget_all(self) -> None:
        """Remove every day, and the damaged files that were set aside. The store stays usable, even
        when a file cannot be removed."""
        self._clear_waiting()
        self.trouble = ""
        self._release()
        try:
            if self.on_disk:
                forget_database(self._path)
        finally:
            self._disk()
            self.remark = ""

    def close(self) -> None:
        """Try once more to write what waits. May be called twice."""
        with suppress(sqlite3.Error):
            if self.trouble:
                self.flush()
            self._waiting.close()
        self._release()

    @property
    def on_disk(self) -> bool:
        """False for a store of ":memory:"."""
        return str(self._path) != ":memory:"

    # --- the file -------------------------------------------------------------------------------

    def _disk(self, damaged: bool = False) -> sqlite3.Connection:
        """The open file. Raises OutputError."""
        now = identity(self._path) if self.on_disk and self._db is not None else self._identity
        if now != self._identity or damaged:
            # Closing moves the log into the file, if that is still there.
            self._release()
            if now[:1] != self._identity[:1]:
                if now[1:] == self._identity[1:]:
                    forget_log(self._path)  # of the file that is gone; it would change this one
                self.remark = (
                    f"Another program has removed or replaced {self._path}. "
                    f"The {WHAT} goes on with what is there now."
                )
        if self._db is None:
            self._db, remark = open_database(self._path, MIGRATIONS, WHAT, damaged=damaged)
            self.remark = remark or self.remark
            self._identity = identity(self._path) if self.on_disk else ()
        return self._db

    def _using(self, action: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do something with the file, all of it or nothing; a file that turns out to be damaged is
        set aside first. Raises OutputError."""
        try:
            return self._once(action)
        except OutputError as error:
            cause = error.__cause__
            if not (isinstance(cause, sqlite3.Error) and is_damaged(cause, self._path)):
                raise
        self._disk(damaged=True)
        return self._once(action)

    def _once(self, action: Callable[[sqlite3.Connection], Found]) -> Found:
        db = self._disk()
        with speaking(self._path), db:
            return action(db)

    def _release(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _add(self, table: str, when: datetime, day: date, values: Sequence[object]) -> None:
        offset = when.utcoffset()
        if offset is None:
            raise ValueError("a time without its offset from UTC")
        row = (when.timestamp(), int(offset.total_seconds()), day.isoformat(), *values)
        with self._waiting:
            self._waiting.execute(_insertion(table), row)
        self.flush()

    def _write_waiting(self, db: sqlite3.Connection) -> None:
        for table in TABLES:
            rows = self._waiting.execute(f"SELECT {_columns(table)} FROM {table} ORDER BY id")
            db.executemany(_insertion(table), rows.fetchall())
        db.commit()
        self._clear_waiting()

    def _clear_waiting(self) -> None:
        with self._waiting:
            for table in TABLES:
                self._waiting.execute(f"DELETE FROM {table}")

    def _bound_waiting(self) -> None:
        with self._waiting:
            for table in TABLES:
                newest = f"SELECT id FROM {table} ORDER BY id DESC LIMIT {self._waiting_most}"
                self._waiting.execute(f"DELETE FROM {table} WHERE id NOT IN ({newest})")

    def _rows(
        self, table: str, columns: str, day: date, read: Callable[..., Found]
    ) -> tuple[Found, ...]:
        """The rows of a day in the order of their times, on the disk and waiting, as `read` makes
        them. Rows that it cannot read are left out: single values may be damaged."""
        query = f"SELECT {columns} FROM {table} WHERE day = ? ORDER BY at, id"

        def fetch(db: sqlite3.Connection) -> list[Any]:
            return db.execute(query, (day.isoformat(),)).fetchall()

        stored = [] if self._db is None and self.trouble else self._using(fetch)
        return tuple(_readable([*stored, *fetch(self._waiting)], read))


# --- rows and values ----------------------------------------------------------------------------


def _columns(table: str) -> str:
    return f"at, offset_s, day, {TABLES[table]}"


def _insertion(table: str) -> str:
    columns = _columns(table)
    marks = ", ".join("?" * len(columns.split(",")))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"


def _readable(rows: Iterable[Sequence[Any]], read: Callable[..., Found]) -> Iterable[Found]:
    for row in rows:
        with suppress(TypeError, ValueError, OverflowError, OSError):
            yield read(*row)


def _local(at: float, offset_s: int) -> datetime:
    return datetime.fromtimestamp(at, timezone(timedelta(seconds=offset_s)))


def _seconds(text: str) -> dict[DeskState, float]:
    """Seconds per state, without states that this version does not know."""
    plain = json.loads(text)
    return {state: _amount(plain[state]) for state in STATES if state in plain}


def _amount(value: Any) -> float:
    """A number that can be added up. Raises ValueError or TypeError."""
    if isinstance(value, str) or not isfinite(value) or not 0 <= value <= MOST_AMOUNT:
        raise ValueError("not an amount of seconds or events")
    return float(value)


MOST_AMOUNT = 1e6
"""More seconds than a week has, or events than a week can have: the row is damaged."""


def _counts(*columns: Any) -> tuple[list[float], dict[DeskState, float]]:
    *counts, text = columns
    return [_amount(count) for count in counts], _seconds(text)


def _minute(at: float, offset_s: int, text: str, paused_s: float) -> MinuteRecord:
    when, seconds, paused_s = _local(at, offset_s), _seconds(text), _amount(paused_s)
    longest = max(seconds, key=lambda state: seconds[state], default=None)
    state = longest if longest and seconds[longest] >= paused_s else None
    return MinuteRecord(when, state, seconds, paused_s)


def _break(at: float, offset_s: int, taken: int) -> tuple[datetime, bool]:
    return _local(at, offset_s), bool(taken)


def _nudge(at: float, offset_s: int, *words: Any) -> tuple[datetime, str, str, str]:
    kind, cause, answer = words
    if not all(isinstance(word, str) for word in words):
        raise TypeError("not words")
    return _local(at, offset_s), kind, cause, answer


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
