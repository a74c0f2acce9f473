"""The history as a file: what is exported and read back is the same store, row by row."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from led import BOW, STRAIGHT, hold, leaning
from remembered import NINE, Clock, remember

from posecheck.history.ladder import Chosen
from posecheck.history.plan_values import PlanChoice
from posecheck.history.records import Feeling
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.history_export import (
    FORMATS,
    Format,
    HistoryFileError,
    exported,
    import_file,
)
from posecheck.io.store.history_schema import STEPS, TABLES


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with rows in every table."""
    path = tmp_path_factory.mktemp("history") / "history.sqlite3"
    pieces = ((STRAIGHT, 14.0), (leaning(47.0), 12.0), (STRAIGHT, 14.0), (leaning(47.0), 6.0))
    for days in (0, 3):
        clock = Clock(begin=NINE + timedelta(days=days))
        remember(
            path, *pieces, ("pain", 1.0), ("mild", 3.0), sets=[hold(BOW, 8.0)] * 2, clock=clock
        )
    with closing(HistoryStore(path)) as store:
        store.add_feeling(Feeling(NINE, "before", pain=4))
        tomorrow = NINE.date() + timedelta(days=1)
        store.choose(PlanChoice(NINE.date(), "walking", "move", tomorrow))
        store.choose(Chosen(NINE.date(), "walking", 2))
        with store.database.changing() as db:
            db.execute("INSERT INTO rejected (set_id, reason, count) VALUES (1, 'too_small', 3)")
            db.execute("UPDATE sessions SET name = 'Größe, \"quoted\"\n;' WHERE id = 2")
    assert all(rows_of(path).values())
    return path


def rows_of(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as db:
        return {t: db.execute(f"SELECT * FROM {t} ORDER BY id").fetchall() for t in TABLES}


def written(full: Path, form: Format, tmp_path: Path) -> Path:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    out = tmp_path / f"history.{form}"
    with closing(HistoryStore(full)) as store:
        out.write_bytes(exported(store, form))
    return out


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_store_gets_the_same_rows(full: Path, form: Format, tmp_path: Path) -> None:
    out, path = written(full, form, tmp_path), tmp_path / "new.sqlite3"
    with closing(HistoryStore(path)) as store:
        assert import_file(store, out) == (2, 0)
    assert rows_of(path) == rows_of(full)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS[:2])
def test_what_is_there_is_not_added_twice(full: Path, form: Format, tmp_path: Path) -> None:
    """Into the same store nothing; into one with another session, what it does not have."""
    out, path = written(full, form, tmp_path), tmp_path / "other.sqlite3"
    with closing(HistoryStore(full)) as store:
        before = rows_of(full)
        assert import_file(store, out) == (0, 2)
        assert rows_of(full) == before
    remember(path, (STRAIGHT, 12.0))
    with closing(HistoryStore(path)) as store:
        own = store.history().sessions
        assert import_file(store, out) == (2, 0)
        with closing(HistoryStore(full)) as other:
            added = other.history()
        now = store.history()
    assert len(now.sessions) == 3
    assert [s for s in now.sessions if s not in own] == list(added.sessions)
    assert [f for f in now.feelings if f in added.feelings] == list(added.feelings)


def test_a_spreadsheet_can_read_the_csv(full: Path, tmp_path: Path) -> None:
    """One header, one table, rectangular."""
    text = written(full, "csv", tmp_path).read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    sets = [row for row in rows if row["table"] == "sets"]
    assert {row["exercise"] for row in sets} == {"bow"}
    assert all(None not in row and None not in row.values() for row in rows)


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], str]:
    def made(data: dict[str, Any]) -> str:
        change(data)
        return json.dumps(data)

    return made


WRONG: dict[str, tuple[Callable[[dict[str, Any]], str], str]] = {
    "other": (lambda data: "hello", "not a history"),
    "list": (lambda data: "{}", "not a history"),
    "newer": (changed(lambda d: d.update(version=len(STEPS) + 1)), "newer posecheck"),
    "column": (changed(lambda d: d["tables"]["sets"][0].update(x=1)), "sets, row 1: there is no"),
    "type": (changed(lambda d: d["tables"]["sets"][1].update(reps="many")), "sets, row 2: reps"),
    "null": (changed(lambda d: d["tables"]["sessions"][0].update(name=None)), "sessions, row 1"),
    "owner": (changed(lambda d: d["tables"]["sets"][0].update(session_id=99)), "sets, row 1"),
    "table": (changed(lambda d: d["tables"].update(pictures=[{"id": 1}])), "no table 'pictures'"),
    "huge": (changed(lambda d: d["tables"]["sets"][0].update(reps=10**30)), "sets, row 1"),
    "nan": (changed(lambda d: d["tables"]["sets"][0].update(seconds=float("nan"))), "not a number"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_file_with_a_mistake_adds_nothing(full: Path, kind: str, tmp_path: Path) -> None:
    """A sentence says where the mistake is."""
    make, words = WRONG[kind]
    with closing(HistoryStore(full)) as store:
        data = json.loads(exported(store, "json"))
    wrong, path = tmp_path / "wrong.json", tmp_path / "new.sqlite3"
    wrong.write_text(make(data), encoding="utf-8")
    with closing(HistoryStore(path)) as store, pytest.raises(HistoryFileError, match=words):
        import_file(store, wrong)
    assert not any(rows_of(path).values())


def test_a_csv_that_was_cut_off_adds_nothing(full: Path, tmp_path: Path) -> None:
    out, path = written(full, "csv", tmp_path), tmp_path / "new.sqlite3"
    content = out.read_bytes()
    out.write_bytes(content[: len(content) * 2 // 3])
    with (
        closing(HistoryStore(path)) as store,
        pytest.raises(HistoryFileError, match="csv"),
    ):
        import_file(store, out)
    assert not any(rows_of(path).values())
