"""The history as one file that other programs can read, and back: JSON, CSV or Parquet.

All formats hold every row and column of the store. CSV and Parquet are one table: the column
`table` names the table of a row, and cells of columns that the table does not have are empty. What
is read back is the same store, row by row; `docs/history.md` describes the columns.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from posecheck.io.errors import UserError, system_reason
from posecheck.io.store.database import migrate
from posecheck.io.store.history import WHAT, HistoryStore
from posecheck.io.store.history_schema import CHILDREN, STEPS, TABLES, columns

Format = Literal["json", "csv", "parquet"]
FORMATS: tuple[Format, ...] = ("json", "csv", "parquet")
FORMAT_NAME = "posecheck-history"
NO_PARQUET = (
    "Parquet needs the package pyarrow, which is not installed. Install it with: pip install "
    "pyarrow, or choose csv or json."
)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Table -> its rows, each by column."""
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "INTEGER": (int,),
    "REAL": (int, float),
    "TEXT": (str,),
}


class HistoryFileError(UserError):
    """A file that is to be imported cannot be used."""


def exported(store: HistoryStore, form: Format) -> bytes:
    """The whole history in a format. Raises OutputError of the store, and HistoryFileError when
    this installation cannot write Parquet."""
    with store.database.reading() as db:
        names = {table: columns(db, table) for table in TABLES}
        rows = {
            table: [
                dict(zip(names[table], row, strict=True))
                for row in db.execute(f"SELECT * FROM {table} ORDER BY id")
            ]
            for table in TABLES
        }
    if form == "json":
        data = {"format": FORMAT_NAME, "version": len(STEPS), "tables": rows}
        return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()
    if form == "csv":
        return _csv(rows, names)
    return _parquet(rows, names)


def import_file(store: HistoryStore, path: Path) -> tuple[int, int]:
    """Add the sessions and feelings of an exported file that the store does not have. An empty
    store gets the same rows as the exported one. Returns how many sessions were added and how many
    were there already. Raises HistoryFileError, and OutputError of the store; then nothing was
    added."""
    rows, version = _read(path)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as other:
        _fill(other, rows, version, path.name)
        return _merge(store, other)


# --- writing ------------------------------------------------------------------------------------


def _union(names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The columns of all tables with their types, each once."""
    return {column: kind for table in names.values() for column, kind in table.items()}


def _csv(rows: Rows, names: Mapping[str, Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["table", *_union(names)], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow({"table": "version", "id": len(STEPS)})
    for table, each in rows.items():
        writer.writerows({"table": table, **row} for row in each)
    return text.getvalue().encode()


def _parquet(rows: Rows, names: Mapping[str, Mapping[str, str]]) -> bytes:
    pa, pq = _pyarrow()
    kinds = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}
    union = _union(names)
    flat = [{"table": "version", "id": len(STEPS)}]
    flat += [{"table": table, **row} for table, each in rows.items() for row in each]
    fields = [("table", pa.string()), *((name, kinds[kind]) for name, kind in union.items())]
    table = pa.Table.from_pylist(flat, schema=pa.schema(fields))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise HistoryFileError(NO_PARQUET) from error
    return pyarrow, pyarrow.parquet


# --- reading ------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[Rows, int]:
    """The rows of a file and the version of its store."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HistoryFileError(f"{path} cannot be read: {system_reason(error)}.") from error
    if content.startswith(b"PAR1"):
        return _of_parquet(content, path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _foreign(path) from error
    return _of_json(text, path) if text.lstrip().startswith("{") else _of_csv(text, path)


def _foreign(path: Path) -> HistoryFileError:
    return HistoryFileError(
        f"{path} is not a history that posecheck has exported. Give a file that was written by: "
        "posecheck history --export json --out FILE"
    )


def _of_json(text: str, path: Path) -> tuple[Rows, int]:
    try:
        data = json.loads(text)
        tables, version = data["tables"], data["version"]
        fits = data["format"] == FORMAT_NAME and isinstance(version, int)
        rows = {str(table): [dict(row) for row in each] for table, each in tables.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _foreign(path) from error
    if not fits:
        raise _foreign(path)
    return rows, version


def _of_csv(text: str, path: Path) -> tuple[Rows, int]:
    kinds = _all_kinds()
    reader = csv.DictReader(io.StringIO(text, newline=""))
    flat: list[dict[str, Any]] = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise HistoryFileError(f"{path}:{reader.line_num}: the row is cut off.")
            named = {name: cell for name, cell in row.items() if name == "table"}
            cells = {n: _cell(c, kinds.get(n, "TEXT")) for n, c in row.items() if n != "table"}
            flat.append({**named, **cells})
    except (ValueError, csv.Error) as error:
        raise HistoryFileError(f"{path}:{reader.line_num}: {error}.") from error
    return _by_table(flat, path)


def _cell(text: str, kind: str) -> Any:
    if kind == "TEXT":
        return text
    if not text:
        return None
    return int(text) if kind == "INTEGER" else float(text)


def _of_parquet(content: bytes, path: Path) -> tuple[Rows, int]:
    pa, pq = _pyarrow()
    try:
        flat = pq.read_table(io.BytesIO(content)).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise HistoryFileError(f"{path} is damaged: {error}.") from error
    return _by_table(flat, path)


def _by_table(flat: Sequence[Mapping[str, Any]], path: Path) -> tuple[Rows, int]:
    """Rows of the one table, sorted into those of the store. Cells that are empty because the table
    has no such column are left out."""
    if not flat or flat[0].get("table") != "version" or not isinstance(flat[0].get("id"), int):
        raise _foreign(path)
    version = int(flat[0]["id"])
    known = _columns_of(version)
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for row in flat[1:]:
        table = str(row.get("table"))
        own = known.get(table, {})
        kept = {n: c for n, c in row.items() if n in own or (n != "table" and c not in ("", None))}
        rows.setdefault(table, []).append(kept)
    return rows, version


def _columns_of(version: int) -> dict[str, dict[str, str]]:
    """The tables of a version with their columns."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db, STEPS[: max(0, version)], WHAT)
        return {table: found for table in TABLES if (found := columns(db, table))}


def _all_kinds() -> dict[str, str]:
    return _union(_columns_of(len(STEPS)))


def _fill(db: sqlite3.Connection, rows: Rows, version: int, name: str) -> None:
    """A store in memory with the rows of a file, of the version of the file and then of today."""
    if not 0 < version <= len(STEPS):
        raise HistoryFileError(
            f"{name} was exported by a newer posecheck. Install that one again to read it."
        )
    migrate(db, STEPS[:version], WHAT)
    db.execute("PRAGMA foreign_keys = ON")
    known = {table: columns(db, table) for table in TABLES}
    for table in sorted(rows, key=lambda t: TABLES.index(t) if t in TABLES else -1):
        if not known.get(table):
            raise HistoryFileError(f"{name}: a history has no table '{table}'.")
        for number, row in enumerate(rows[table], 1):
            where = f"{name}: {table}, row {number}"
            if wrong := next(_wrong_cells(row, known[table]), ""):
                raise HistoryFileError(f"{where}: {wrong}.")
            try:
                marks = ", ".join("?" * len(row))
                db.execute(
                    f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())
                )
            except (sqlite3.Error, OverflowError) as error:
                raise HistoryFileError(f"{where}: {error}.") from error
    migrate(db, STEPS, WHAT)


def _wrong_cells(row: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[str]:
    for column, value in row.items():
        if column not in known:
            yield f"there is no column '{column}'"
        elif value is None:
            continue
        elif isinstance(value, bool) or not isinstance(value, PYTHON_TYPES[known[column]]):
            yield f"{column} must be of type {known[column]}, not {value!r}"
        elif isinstance(value, float) and value != value:
            yield f"{column} is not a number"


def _merge(store: HistoryStore, other: sqlite3.Connection) -> tuple[int, int]:
    """Add to the store what it does not have. Ids stay as they are where they are free in all
    tables, as in an empty store; else new ones follow the highest."""
    with store.database.changing() as db:
        known = {row[0] for row in db.execute("SELECT uid FROM sessions")}
        same = "at, session, moment, exercise"
        told = set(db.execute(f"SELECT {same} FROM feelings"))
        chosen = set(db.execute("SELECT day, track, action FROM choices"))
        shift = {table: _highest(db, table) for table in TABLES}
        names = {table: columns(db, table) for table in TABLES}
        added = there = 0
        kept: dict[str, set[int]] = {table: set() for table in TABLES}
        for table in TABLES:
            owner, parent = CHILDREN.get(table, ("", ""))
            for row in other.execute(f"SELECT * FROM {table} ORDER BY id"):
                cells = dict(zip(names[table], row, strict=True))
                if parent and cells[owner] not in kept[parent]:
                    continue
                if table == "sessions" and cells["uid"] in known:
                    there += 1
                    continue
                if table == "choices" and (cells["day"], cells["track"], cells["action"]) in chosen:
                    continue
                if table == "feelings" and tuple(cells[n] for n in same.split(", ")) in told:
                    continue
                kept[table].add(cells["id"])
                added += table == "sessions"
                cells["id"] += shift[table]
                if parent:
                    cells[owner] += shift[parent]
                marks = ", ".join("?" * len(cells))
                db.execute(
                    f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({marks})",
                    list(cells.values()),
                )
    return added, there


def _highest(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
