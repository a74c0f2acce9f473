"""The tables of the history, and the steps from each version to the next.

A column that may be NULL is a number. Texts are never NULL: "" stands for none, so that a table in
CSV can be read back without doubt. A column name means one type in all tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,      -- random, unique over all stores
        at REAL NOT NULL,              -- when it began, seconds since 1970 in UTC
        offset_s INTEGER NOT NULL,     -- what local time was ahead of UTC
        day TEXT NOT NULL,             -- the local day, ISO
        name TEXT NOT NULL,
        routine TEXT NOT NULL,         -- id, '' for a single exercise
        kind TEXT NOT NULL,            -- session, break, programme
        track TEXT NOT NULL,           -- part of the plan, '' outside it
        level INTEGER NOT NULL,
        outcome TEXT NOT NULL,         -- running, done, left, pain, error
        seconds REAL NOT NULL,
        version TEXT NOT NULL,         -- of posecheck
        model TEXT NOT NULL            -- of the pose model
    );
    CREATE INDEX sessions_of_day ON sessions (day, at);
    CREATE TABLE planned_sets (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,        -- from 0
        exercise TEXT NOT NULL,
        side TEXT NOT NULL,            -- left, right, '' for none
        number INTEGER NOT NULL,       -- set `number` of `of` of its step
        of INTEGER NOT NULL,
        hold_s REAL, reps_wanted INTEGER, time_s REAL,
        rest_s REAL NOT NULL,
        UNIQUE (session_id, place)
    );
    CREATE TABLE sets (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,       -- in the order they were begun, from 0
        place INTEGER NOT NULL,        -- in planned_sets
        exercise TEXT NOT NULL,
        side TEXT NOT NULL,
        checked INTEGER NOT NULL,      -- 1: the camera can judge the exercise
        outcome TEXT NOT NULL,         -- running, done, hard, pain, skipped, left
        seconds REAL NOT NULL,         -- all, with getting ready
        correct_s REAL NOT NULL, wrong_s REAL NOT NULL,
        cant_tell_s REAL NOT NULL, unchecked_s REAL NOT NULL,
        reps INTEGER NOT NULL,
        score REAL,                    -- 0 to 100
        eased INTEGER NOT NULL,        -- 1: the target was moved to the user's own range
        UNIQUE (session_id, number)
    );
    CREATE TABLE rejected (
        id INTEGER PRIMARY KEY,
        set_id INTEGER NOT NULL REFERENCES sets (id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        count INTEGER NOT NULL,
        UNIQUE (set_id, reason)
    );
    CREATE TABLE faults (
        id INTEGER PRIMARY KEY,
        set_id INTEGER NOT NULL REFERENCES sets (id) ON DELETE CASCADE,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        cue TEXT NOT NULL,
        seconds REAL NOT NULL,
        early_s REAL NOT NULL,         -- before the form was first right
        UNIQUE (set_id, rule)
    );
    CREATE TABLE ranges (
        id INTEGER PRIMARY KEY,
        set_id INTEGER NOT NULL REFERENCES sets (id) ON DELETE CASCADE,
        metric TEXT NOT NULL,
        unit TEXT NOT NULL,
        value REAL NOT NULL,
        band REAL,                     -- error, plus or minus, NULL where unknown
        kind TEXT NOT NULL,            -- hold, reps
        rises INTEGER NOT NULL,        -- 1: more range is a larger value
        UNIQUE (set_id, metric)
    );
    CREATE TABLE feelings (
        id INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        offset_s INTEGER NOT NULL,
        day TEXT NOT NULL,
        session TEXT NOT NULL,         -- sessions.uid, '' for none
        moment TEXT NOT NULL,          -- before, during, after, next_day
        pain INTEGER,                  -- 0 to 10
        better INTEGER,                -- 1 better, 0 the same, -1 worse
        kind TEXT NOT NULL,            -- sharp, spreading, mild, ''
        ending TEXT NOT NULL,          -- eased, stopped, ended, ''
        exercise TEXT NOT NULL
    );
    CREATE INDEX feelings_of_day ON feelings (day, at);
    CREATE TABLE calibrations (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        exercise TEXT NOT NULL,
        metric TEXT NOT NULL,
        value REAL NOT NULL,           -- of the metric at rest
        UNIQUE (session_id, exercise, metric)
    );
    """,
    """
    CREATE TABLE choices (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,             -- on which the plan proposed it
        track TEXT NOT NULL,
        action TEXT NOT NULL,          -- skip, move, rung
        to_day TEXT NOT NULL,          -- of a move, else ''
        rung INTEGER,                  -- of a rung
        UNIQUE (day, track, action)
    );
    """,
)
"""The steps from each version of the file (PRAGMA user_version, 0 is empty) to the next."""

CHILDREN: Mapping[str, tuple[str, str]] = {
    "planned_sets": ("session_id", "sessions"),
    "sets": ("session_id", "sessions"),
    "rejected": ("set_id", "sets"),
    "faults": ("set_id", "sets"),
    "ranges": ("set_id", "sets"),
    "calibrations": ("session_id", "sessions"),
}
"""Table -> the column that names a row of another table, and that table."""

TABLES = ("sessions", "feelings", "choices", *CHILDREN)
"""All tables, each after the one that it names."""


def columns(db: sqlite3.Connection, table: str) -> dict[str, str]:
    """The columns of a table in order, with their types: INTEGER, REAL or TEXT."""
    return {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({table})")}
