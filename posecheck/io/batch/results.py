"""The folder of `posecheck batch`: stored results by key, and the tables made of them.

    DIR/recordings.parquet, sets.parquet, ...   the tables
    DIR/frames/00012-clip.parquet               a table for each recording, when wanted
    DIR/exports/00012-clip.trc                  exported landmarks, when wanted
    DIR/.results/ab/abc...json                  one stored result; a run that goes on reads it

A key stands for content, settings and versions, so a stored result is never wrong, only unused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from posecheck.io.batch.packages import arrow, parquet
from posecheck.io.batch.schema import ONE_FILE, TABLES, schema_of
from posecheck.io.output import OutputError, replacing, writing

STORED = ".results"
FRAMES, EXPORTS = "frames", "exports"
FRAMES_FILE = "frames.parquet"
"""The name of the frame table among the files of a stored result."""
ROWS_AT_ONCE = 20_000
"""Rows that are kept in memory before they are written to a table."""
LONGEST_NAME = 60
"""Characters of a recording's name in the name of its files."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The result of one recording, without its name and number.

    rows   table -> rows, without the columns `entry` and `recording`
    files  suffix or name -> content: "frames.parquet", ".trc", ".quality.csv"
    """

    key: str
    rows: Mapping[str, list[Row]]
    files: Mapping[str, bytes] = field(default_factory=dict)


class ResultStore:
    """Stored results by key. OutputError when the disk refuses."""

    def __init__(self, out: Path) -> None:
        self._folder = out / STORED

    def any(self) -> bool:
        """Whether there is any stored result."""
        return next(self._folder.glob("*/*.json"), None) is not None

    def save(self, result: StoredResult) -> None:
        """Store a result: its files first, so that a result that is there is whole."""
        path = self._path(result.key)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        for name, data in result.files.items():
            _write(self._file(result.key, name), data)
        content = {"key": result.key, "rows": result.rows, "files": sorted(result.files)}
        _write(path, json.dumps(content, ensure_ascii=False).encode(errors="backslashreplace"))

    def has(self, key: str) -> bool:
        """Whether the result of a key is there and whole."""
        content = self._read(key)
        return content is not None and all(
            self._file(key, name).is_file() for name in content["files"]
        )

    def rows(self, key: str) -> Mapping[str, list[Row]]:
        """The rows of a result. OutputError when it is not there or damaged."""
        content = self._read(key)
        if content is None:
            raise OutputError(
                f"The stored result {self._path(key)} is gone or damaged. Start the same command "
                "again."
            )
        rows: Mapping[str, list[Row]] = content["rows"]
        return rows

    def files(self, key: str) -> dict[str, Path]:
        """The files of a result, by suffix or name."""
        content = self._read(key) or {"files": {}}
        return {name: self._file(key, name) for name in content["files"]}

    def _read(self, key: str) -> dict[str, Any] | None:
        try:
            content = json.loads(self._path(key).read_bytes())
            whole = content["key"] == key and set(content) == {"key", "rows", "files"}
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return content if whole else None

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"

    def _file(self, key: str, name: str) -> Path:
        return self._folder / key[:2] / f"{key}-{name.lstrip('.')}"


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as part, writing(path):
        part.write_bytes(content)


# --- tables -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Concluded:
    """What came of an entry: the key of its stored result, or only its row in `recordings`."""

    entry: int
    recording: str
    key: str | None
    row: Row = field(default_factory=dict)


def write_tables(
    out: Path, concluded: Iterable[Concluded], store: ResultStore, provenance: Mapping[str, Any]
) -> None:
    """Write all tables and files of the folder, in the order of `concluded`.

    Every table is complete or as it was before. Files of recordings that are no longer among
    `concluded` are removed. Raises OutputError and PackageMissing.
    """
    about = json.dumps(provenance, sort_keys=True, ensure_ascii=False).encode()
    kept: set[Path] = set()
    with _Tables(out, about) as tables:
        for each in concluded:
            where = {"entry": each.entry, "recording": each.recording}
            if each.key is None:
                tables.add("recordings", [where | each.row])
                continue
            for name, rows in store.rows(each.key).items():
                tables.add(name, [where | row for row in rows])
            for name, path in store.files(each.key).items():
                kept.add(_place(out, each, name, path, about))
    for folder in (out / FRAMES, out / EXPORTS):
        _remove_others(folder, kept)


class _Tables:
    """Writers of the tables that are one file each."""

    def __init__(self, out: Path, provenance: bytes) -> None:
        self._out, self._provenance = out, provenance
        self._rows: dict[str, list[Row]] = {name: [] for name in ONE_FILE}
        self._open: dict[str, tuple[Any, Any]] = {}
        self._files = ExitStack()

    def __enter__(self) -> _Tables:
        pq = parquet()
        for name in ONE_FILE:
            schema, path = schema_of(name, self._provenance), self._out / f"{name}.parquet"
            part = self._files.enter_context(replacing(path))
            with writing(path):
                file = self._files.enter_context(part.open("wb"))
            writer = self._files.enter_context(pq.ParquetWriter(file, schema))
            self._open[name] = writer, schema
        return self

    def add(self, name: str, rows: list[Row]) -> None:
        """Add rows to a table. OutputError."""
        self._rows[name] += rows
        if len(self._rows[name]) >= ROWS_AT_ONCE:
            self._flush(name)

    def _flush(self, name: str) -> None:
        writer, schema = self._open[name]
        rows, self._rows[name] = self._rows[name], []
        with writing(self._out / f"{name}.parquet"):
            writer.write_table(arrow().Table.from_pylist(rows, schema=schema))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._files:
            if error is None:
                for name in ONE_FILE:
                    self._flush(name)
            else:
                raise error


def _place(out: Path, each: Concluded, name: str, stored: Path, provenance: bytes) -> Path:
    """Put a stored file where the user finds it."""
    label = file_label(each.entry, each.recording)
    if name != FRAMES_FILE:
        target = out / EXPORTS / f"{label}{name}"
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as part:
                shutil.copyfile(stored, part)
        return target
    target = out / FRAMES / f"{label}.parquet"
    pa, pq = arrow(), parquet()
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with stored.open("rb") as file:
            table = pq.read_table(file)
        length = table.num_rows
        entry = pa.array([each.entry] * length, pa.int64())
        recording = pa.array([each.recording] * length, pa.string())
        whole = pa.Table.from_arrays(
            [entry, recording, *table.columns], schema=schema_of("frames", provenance)
        )
        with replacing(target) as part, part.open("wb") as file:
            pq.write_table(whole, file)
    return target


def file_label(entry: int, recording: str) -> str:
    """The beginning of the names of a recording's files: "00012-clip"."""
    stem = recording.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or recording
    plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in stem)
    return f"{entry:05d}-{plain.strip('.')[:LONGEST_NAME]}"


def _remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove the files of an earlier run that no recording has any more."""
    if not folder.is_dir():
        return
    with writing(folder):
        for path in folder.iterdir():
            if path not in kept and path.is_file() and path.name[:5].isdigit():
                path.unlink()


def frames_content(rows: list[Row]) -> bytes:
    """The frame table of one recording, without the columns `entry` and `recording`, as Parquet.
    PackageMissing."""
    pa = arrow()
    schema = schema_of("frames", b"", without=2)
    sink = pa.BufferOutputStream()
    parquet().write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_rows(path: Path, table: str) -> Iterator[Row]:
    """The rows of a table that was written, in order. OutputError."""
    pq = parquet()
    try:
        with path.open("rb") as file:
            reader = pq.ParquetFile(file)
            missing = {column.name for column in TABLES[table]} - set(reader.schema_arrow.names)
            if missing:
                raise ValueError(", ".join(sorted(missing)))
            for batch in reader.iter_batches():
                yield from batch.to_pylist()
    except FileNotFoundError as error:
        raise OutputError(
            f"There is no {path.name} in {path.parent}. Give the folder of `posecheck batch --out`."
        ) from error
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{path} cannot be read as a table of posecheck: {error}. Make it again with "
            "`posecheck batch`."
        ) from error
