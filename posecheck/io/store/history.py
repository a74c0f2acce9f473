"""The history of the user's sessions, in one SQLite file beside the desk's days.

It is a file of its own because it is kept for years, while the desk's days are pruned, because both
may be written at the same time, and because damage to one must not take the other. No picture and
no pose is stored. Times are stored in UTC with the local day and the offset from UTC, so that a
session keeps its day also after a journey.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from posecheck import __version__
from posecheck.history.ladder import Chosen, PastSession
from posecheck.history.past import track_of
from posecheck.history.plan_values import PlanChoice
from posecheck.history.records import (
    FaultRecord,
    Feeling,
    History,
    PlannedRecord,
    RangeRecord,
    SessionRecord,
    SetRecord,
)
from posecheck.io.paths import data_home
from posecheck.io.store.database import Database
from posecheck.io.store.history_schema import STEPS

HISTORY_FILE = "history.sqlite3"
WHAT = "history of your sessions"
T = TypeVar("T")


def history_path() -> Path:
    """Where the history is kept."""
    return data_home() / HISTORY_FILE


class HistoryStore:
    """The file of the history; created when it is missing.

    What is added is on the disk when the call returns. Everything that reads or writes raises
    OutputError, one or two sentences for the user, when the disk refuses. Use it from one thread.

    path    None for `history_path()`; `database.MEMORY` keeps nothing
    remark  one sentence when a file that could not be used was set aside, else ""
    """

    def __init__(self, path: Path | None = None) -> None:
        self.database = Database(path or history_path(), STEPS, WHAT)

    @property
    def path(self) -> Path:
        return self.database.path

    @property
    def remark(self) -> str:
        return self.database.remark

    def close(self) -> None:
        """May be called twice."""
        self.database.close()

    def delete_all(self) -> None:
        """Remove all sessions, and the damaged files that were set aside."""
        self.database.delete()

    # --- writing --------------------------------------------------------------------------------

    def save(
        self,
        record: SessionRecord,
        feelings: Sequence[Feeling] = (),
        *,
        from_set: int = 0,
        from_feeling: int = 0,
    ) -> None:
        """Write a session as it stands, new or begun before. A naive `began` raises ValueError.

        from_set      sets before this one are written already
        feelings      all that were told in this session
        from_feeling  those before this one are written already
        """
        with self.database.changing() as db:
            session = _save_session(db, record)
            for number, each in enumerate(record.sets[from_set:], from_set):
                _save_set(db, session, number, each)
            for (exercise, metric), value in (record.rests or {}).items():
                db.execute(
                    "INSERT INTO calibrations (session_id, exercise, metric, value)"
                    " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                    (session, exercise, metric, value),
                )
            _save_feelings(db, record.id, feelings, from_feeling)

    def add_feeling(self, feeling: Feeling) -> None:
        """Add what the user told about pain before or after a session, or on the next day."""
        with self.database.changing() as db:
            _insert_feeling(db, feeling)

    def choose(self, choice: PlanChoice | Chosen) -> None:
        """Add a choice of the user about the plan; it replaces the same choice of the same day."""
        values = (
            (choice.action, choice.to.isoformat() if choice.to else "", None)
            if isinstance(choice, PlanChoice)
            else ("rung", "", choice.rung)
        )
        with self.database.changing() as db:
            db.execute(
                "INSERT OR REPLACE INTO choices (day, track, action, to_day, rung)"
                " VALUES (?, ?, ?, ?, ?)",
                (choice.day.isoformat(), choice.track, *values),
            )

    def choices(self) -> tuple[tuple[PlanChoice, ...], tuple[Chosen, ...]]:
        """The user's moves and skips, and the rungs that they set, oldest first."""
        with self.database.reading() as db:
            rows = db.execute(
                "SELECT day, track, action, to_day, rung FROM choices ORDER BY id"
            ).fetchall()
        moves = [
            PlanChoice(
                date.fromisoformat(day), track, action, date.fromisoformat(to) if to else None
            )
            for day, track, action, to, _ in rows
            if action != "rung"
        ]
        rungs = [
            Chosen(date.fromisoformat(day), track, rung)
            for day, track, action, _, rung in rows
            if action == "rung"
        ]
        return tuple(moves), tuple(rungs)

    # --- reading --------------------------------------------------------------------------------

    def history(self, since: date | None = None, until: date | None = None) -> History:
        """The sessions and feelings of the local days from `since` to `until`, both included; None
        is no limit. Oldest first."""
        days = (since or date.min).isoformat(), (until or date.max).isoformat()
        with self.database.reading() as db:
            return History(_sessions(db, days), _feelings(db, days))

    def past(self) -> tuple[PastSession, ...]:
        """All sessions as the plan sees them, oldest first; much faster than `history`."""
        query = """
            SELECT s.day, s.routine, s.outcome, s.track,
                total(t.score * (t.correct_s + t.wrong_s)),
                total(CASE WHEN t.score IS NULL THEN 0 ELSE t.correct_s + t.wrong_s END),
                group_concat(DISTINCT t.exercise),
                group_concat(DISTINCT CASE WHEN t.outcome = 'pain' THEN t.exercise END)
            FROM sessions s LEFT JOIN sets t ON t.session_id = s.id
            GROUP BY s.id ORDER BY s.at, s.id
        """
        with self.database.reading() as db:
            return tuple(_past(row) for row in db.execute(query))

    def last(self) -> SessionRecord | None:
        """The newest session; None when there is none."""
        with self.database.reading() as db:
            day = db.execute("SELECT day FROM sessions ORDER BY at DESC, id DESC LIMIT 1")
            found = day.fetchone()
            if found is None:
                return None
            return max(_sessions(db, (found[0], found[0])), key=lambda s: s.began)


# --- rows ---------------------------------------------------------------------------------------


def _stamp(when: datetime) -> tuple[float, int, str]:
    offset = when.utcoffset()
    if offset is None:
        raise ValueError("a time without its offset from UTC")
    return when.timestamp(), int(offset.total_seconds()), when.date().isoformat()


def _local(at: float, offset_s: int) -> datetime:
    return datetime.fromtimestamp(at, timezone(timedelta(seconds=offset_s)))


def _save_session(db: sqlite3.Connection, record: SessionRecord) -> int:
    """Insert or update the row of a session and answer with its id. What was planned is written
    once."""
    found = db.execute("SELECT id FROM sessions WHERE uid = ?", (record.id,)).fetchone()
    if found is not None:
        db.execute(
            "UPDATE sessions SET outcome = ?, seconds = ? WHERE id = ?",
            (record.outcome, record.seconds, found[0]),
        )
        return int(found[0])
    names = "uid, at, offset_s, day, name, routine, kind, track, level, outcome, seconds, version"
    row = (
        record.id, *_stamp(record.began), record.name, record.routine, record.kind, record.track,
        record.level, record.outcome, record.seconds, record.version or __version__, record.model,
    )  # fmt: skip
    cursor = db.execute(f"INSERT INTO sessions ({names}, model) VALUES ({_marks(row)})", row)
    session = int(cursor.lastrowid or 0)
    for place, each in enumerate(record.planned):
        planned = (
            session, place, each.exercise, each.side or "", each.number, each.of, each.hold_s,
            each.reps, each.time_s, each.rest_s,
        )  # fmt: skip
        db.execute(
            "INSERT INTO planned_sets (session_id, place, exercise, side, number, of, hold_s,"
            f" reps_wanted, time_s, rest_s) VALUES ({_marks(planned)})",
            planned,
        )
    return session


def _save_set(db: sqlite3.Connection, session: int, number: int, each: SetRecord) -> None:
    """Insert or update a set and what belongs to it."""
    row = (
        session, number, each.planned, each.exercise, each.side or "", int(each.checked),
        each.outcome, each.seconds, each.correct_s, each.wrong_s, each.cant_tell_s,
        each.unchecked_s, each.reps, each.score, int(each.eased),
    )  # fmt: skip
    db.execute(
        "INSERT INTO sets (session_id, number, place, exercise, side, checked, outcome, seconds,"
        f" correct_s, wrong_s, cant_tell_s, unchecked_s, reps, score, eased) VALUES ({_marks(row)})"
        " ON CONFLICT DO UPDATE SET outcome = excluded.outcome, seconds = excluded.seconds,"
        " correct_s = excluded.correct_s, wrong_s = excluded.wrong_s,"
        " cant_tell_s = excluded.cant_tell_s, unchecked_s = excluded.unchecked_s,"
        " reps = excluded.reps, score = excluded.score, eased = excluded.eased",
        row,
    )
    query = "SELECT id FROM sets WHERE session_id = ? AND number = ?"
    owner = int(db.execute(query, (session, number)).fetchone()[0])
    for reason, count in each.rejected:
        db.execute(
            "INSERT INTO rejected (set_id, reason, count) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET count = excluded.count",
            (owner, reason, count),
        )
    for fault in each.faults:
        db.execute(
            "INSERT INTO faults (set_id, rule, severity, cue, seconds, early_s)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET seconds = excluded.seconds, early_s = excluded.early_s",
            (owner, fault.rule, fault.severity, fault.cue, fault.seconds, fault.early_s),
        )
    for best in each.ranges:
        db.execute(
            "INSERT INTO ranges (set_id, metric, unit, value, band, kind, rises)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (owner, best.metric, best.unit, best.value, best.band, best.kind, int(best.rises)),
        )


def _save_feelings(
    db: sqlite3.Connection, session: str, feelings: Sequence[Feeling], begin: int
) -> None:
    """Write the pains of a session; those from `begin` on may have changed since."""
    query = "SELECT id FROM feelings WHERE session = ? AND moment = 'during' ORDER BY id"
    known = [row[0] for row in db.execute(query, (session,))]
    for number, each in enumerate(feelings[begin:], begin):
        if number < len(known):
            db.execute(
                "UPDATE feelings SET kind = ?, ending = ? WHERE id = ?",
                (each.kind, each.end, known[number]),
            )
        else:
            _insert_feeling(db, each)


def _insert_feeling(db: sqlite3.Connection, each: Feeling) -> None:
    row = (
        *_stamp(each.when), each.session, each.moment, each.pain, each.better, each.kind, each.end,
        each.exercise,
    )  # fmt: skip
    db.execute(
        "INSERT INTO feelings (at, offset_s, day, session, moment, pain, better, kind, ending,"
        f" exercise) VALUES ({_marks(row)})",
        row,
    )


def _marks(row: Sequence[object]) -> str:
    return ", ".join("?" * len(row))


def _past(row: tuple[Any, ...]) -> PastSession:
    day, routine, outcome, track, weighted, judged, done, hurt = row
    exercises = frozenset(done.split(",")) if done else frozenset[str]()
    return PastSession(
        day=date.fromisoformat(day),
        track=track_of(track, routine, exercises),
        routine=routine,
        outcome=outcome,
        score=weighted / judged if judged else None,
        done=exercises,
        hurt=frozenset(hurt.split(",")) if hurt else frozenset(),
    )


Days = tuple[str, str]


def _sessions(db: sqlite3.Connection, days: Days) -> tuple[SessionRecord, ...]:
    sets = _sets(db, days)
    joined = "JOIN sessions s ON s.id = x.session_id WHERE s.day BETWEEN ? AND ?"
    planned = _grouped(
        (row[0], PlannedRecord(row[1], _side(row[2]), *row[3:]))
        for row in db.execute(
            "SELECT x.session_id, x.exercise, x.side, x.number, x.of, x.hold_s, x.reps_wanted,"
            f" x.time_s, x.rest_s FROM planned_sets x {joined} ORDER BY x.session_id, x.place",
            days,
        )
    )
    rests = _grouped(
        (row[0], (row[1:3], row[3]))
        for row in db.execute(
            f"SELECT x.session_id, x.exercise, x.metric, x.value FROM calibrations x {joined}", days
        )
    )
    query = (
        "SELECT id, uid, at, offset_s, name, routine, kind, level, outcome, track, seconds,"
        " version, model FROM sessions WHERE day BETWEEN ? AND ? ORDER BY at, id"
    )
    found: list[SessionRecord] = []
    for row in db.execute(query, days):
        key, uid, at, offset, name, routine, kind, level, outcome, track, seconds, *made_by = row
        version, model = made_by
        found.append(
            SessionRecord(
                id=uid,
                began=_local(at, offset),
                name=name,
                routine=routine,
                kind=kind,
                level=level,
                outcome=outcome,
                track=track,
                seconds=seconds,
                planned=tuple(planned.get(key, ())),
                sets=tuple(sets.get(key, ())),
                rests=dict(rests[key]) if key in rests else None,
                version=version,
                model=model,
            )
        )
    return tuple(found)


def _sets(db: sqlite3.Connection, days: Days) -> dict[int, list[SetRecord]]:
    """The sets of each session, by the session's id."""
    joined = (
        "JOIN sets t ON t.id = x.set_id JOIN sessions s ON s.id = t.session_id"
        " WHERE s.day BETWEEN ? AND ?"
    )
    rejected = _grouped(
        (row[0], row[1:])
        for row in db.execute(f"SELECT x.set_id, x.reason, x.count FROM rejected x {joined}", days)
    )
    faults = _grouped(
        (row[0], FaultRecord(*row[1:]))
        for row in db.execute(
            f"SELECT x.set_id, x.rule, x.severity, x.cue, x.seconds, x.early_s FROM faults x"
            f" {joined} ORDER BY x.set_id, x.rule",
            days,
        )
    )
    ranges = _grouped(
        (owner, RangeRecord(metric, unit, value, band, kind, bool(rises)))
        for owner, metric, unit, value, band, kind, rises in db.execute(
            f"SELECT x.set_id, x.metric, x.unit, x.value, x.band, x.kind, x.rises FROM ranges x"
            f" {joined} ORDER BY x.id",
            days,
        )
    )
    query = (
        "SELECT x.session_id, x.id, x.place, x.exercise, x.side, x.checked, x.outcome, x.seconds,"
        " x.correct_s, x.wrong_s, x.cant_tell_s, x.unchecked_s, x.reps, x.score, x.eased"
        " FROM sets x JOIN sessions s ON s.id = x.session_id WHERE s.day BETWEEN ? AND ?"
        " ORDER BY x.session_id, x.number"
    )
    found: dict[int, list[SetRecord]] = defaultdict(list)
    for row in db.execute(query, days):
        session, key, place, exercise, side, checked, outcome, *seconds, reps, score, eased = row
        total, correct, wrong, cant_tell, unchecked = seconds
        made = SetRecord(
            planned=place,
            exercise=exercise,
            side=_side(side),
            checked=bool(checked),
            outcome=outcome,
            seconds=total,
            correct_s=correct,
            wrong_s=wrong,
            cant_tell_s=cant_tell,
            unchecked_s=unchecked,
            reps=reps,
            score=score,
            eased=bool(eased),
            rejected=tuple(sorted(rejected.get(key, ()))),
            faults=tuple(faults.get(key, ())),
            ranges=tuple(ranges.get(key, ())),
        )
        found[session].append(made)
    return found


def _feelings(db: sqlite3.Connection, days: Days) -> tuple[Feeling, ...]:
    query = (
        "SELECT at, offset_s, moment, pain, better, kind, ending, exercise, session FROM feelings"
        " WHERE day BETWEEN ? AND ? ORDER BY at, id"
    )
    return tuple(Feeling(_local(row[0], row[1]), *row[2:]) for row in db.execute(query, days))


def _side(text: str) -> Any:
    return text or None


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
