"""Stored results and the tables made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from posecheck.io.batch.results import (
    FRAMES_FILE,
    Concluded,
    ResultStore,
    Row,
    StoredResult,
    file_label,
    frames_content,
    read_rows,
    write_tables,
)
from posecheck.io.batch.schema import ONE_FILE, TABLES
from posecheck.io.output import OutputError

ABOUT = {"posecheck": "0", "model": "full"}
FRAME = {"set": 0, "t_s": 0.0, "state": "ready", "faults": [], "measures": [("knee", 1.5)]}


def stored(key: str, **more: bytes) -> StoredResult:
    rows: dict[str, list[Row]] = {
        "recordings": [{"status": "judged", "sentence": None, "seconds": 2.5, "key": key}],
        "sets": [{"set": 0, "exercise": "plank", "held": [{"start_s": 0.5, "end_s": 1.5}]}],
    }
    files = {FRAMES_FILE: frames_content([FRAME]), ".trc": b"points"}
    return StoredResult(key, rows, files | {name: data for name, data in more.items()})


def written(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".results" not in path.parts
    }


def concluded(entry: int, key: str | None) -> Concluded:
    row = {} if key else {"status": "failed", "sentence": "It is broken."}
    return Concluded(entry, f"clips/{entry}.mp4", key, row)


def test_a_stored_result_is_found_again(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    assert not store.any()
    store.save(stored("ab1"))
    assert store.any()
    assert ResultStore(tmp_path).has("ab1")
    assert not store.has("ab2")
    assert store.rows("ab1")["recordings"][0]["seconds"] == 2.5


@pytest.mark.parametrize("damage", ["cut", "empty", "renamed", "file"])
def test_a_damaged_result_is_not_used(tmp_path: Path, damage: str) -> None:
    store = ResultStore(tmp_path)
    store.save(stored("ab1"))
    path = tmp_path / ".results" / "ab" / "ab1.json"
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-20])
        case "empty":
            path.write_bytes(b"")
        case "renamed":
            path.write_text(json.dumps({"key": "other", "rows": {}, "files": []}))
        case _:
            (path.parent / "ab1-trc").unlink()
    assert not store.has("ab1")
    if damage != "file":
        with pytest.raises(OutputError, match="gone or damaged"):
            store.rows("ab1")


def test_the_tables_hold_every_entry_once_and_in_order(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    store.save(stored("ab1"))
    store.save(stored("cd2"))
    write_tables(
        tmp_path, [concluded(0, "cd2"), concluded(1, None), concluded(2, "ab1")], store, ABOUT
    )
    rows = list(read_rows(tmp_path / "recordings.parquet", "recordings"))
    assert [(row["entry"], row["status"]) for row in rows] == [
        (0, "judged"),
        (1, "failed"),
        (2, "judged"),
    ]
    assert rows[1]["sentence"] == "It is broken."
    assert rows[1]["seconds"] is None
    sets = list(read_rows(tmp_path / "sets.parquet", "sets"))
    assert [row["recording"] for row in sets] == ["clips/0.mp4", "clips/2.mp4"]
    assert sets[0]["held"] == [{"start_s": 0.5, "end_s": 1.5}]
    frames = pq.read_table(tmp_path / "frames" / "00002-2.parquet")
    assert frames.column_names == [column.name for column in TABLES["frames"]]
    assert frames.to_pylist()[0]["measures"] == [("knee", 1.5)]
    assert (tmp_path / "exports" / "00000-2.trc").exists() is False
    assert (tmp_path / "exports" / "00000-0.trc").read_bytes() == b"points"


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    folders = tmp_path / "a", tmp_path / "b"
    for folder, keys in zip(folders, (("ab1", "cd2"), ("cd2", "ab1")), strict=True):
        store = ResultStore(folder)
        for key in keys:  # as they came
            store.save(stored(key))
        write_tables(folder, [concluded(0, "ab1"), concluded(1, "cd2")], store, ABOUT)
    assert written(folders[0]) == written(folders[1])


def test_files_of_recordings_that_are_gone_are_removed(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    store.save(stored("ab1"))
    write_tables(tmp_path, [concluded(0, None), concluded(1, "ab1")], store, ABOUT)
    (tmp_path / "exports" / "notes.txt").write_text("my own")
    write_tables(tmp_path, [concluded(0, "ab1")], store, ABOUT)
    assert [path.name for path in (tmp_path / "frames").iterdir()] == ["00000-0.parquet"]
    assert {p.name for p in (tmp_path / "exports").iterdir()} == {"00000-0.trc", "notes.txt"}


def test_a_failure_leaves_the_tables_as_they_were(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    store.save(stored("ab1"))
    write_tables(tmp_path, [concluded(0, "ab1")], store, ABOUT)
    before = written(tmp_path)
    with pytest.raises(OutputError, match="gone or damaged"):
        write_tables(tmp_path, [concluded(0, "ab1"), concluded(1, "ef3")], store, ABOUT)
    assert written(tmp_path) == before


def test_units_and_provenance_are_in_the_metadata(tmp_path: Path) -> None:
    write_tables(tmp_path, [concluded(0, None)], ResultStore(tmp_path), ABOUT)
    for name in ONE_FILE:
        schema = pq.read_schema(tmp_path / f"{name}.parquet")
        assert json.loads(schema.metadata[b"posecheck"]) == ABOUT
        for column in TABLES[name]:
            notes = schema.field(column.name).metadata
            assert notes.get(b"unit", b"").decode() == column.unit
            assert notes[b"description"].decode() == column.about


def test_seconds_and_minutes_say_so_in_their_names() -> None:
    units = {"s": ("_s", "seconds", "spans", "held"), "min": ("minutes",)}
    for columns in TABLES.values():
        for column in columns:
            if column.unit in units:
                assert column.name.endswith(units[column.unit]), column.name


@pytest.mark.parametrize("content", [None, b"no table", b"other"])
def test_a_folder_without_tables_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "recordings.parquet"
    if content == b"other":
        write_tables(tmp_path, [concluded(0, None)], ResultStore(tmp_path), ABOUT)
        path = tmp_path / "sets.parquet"
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(OutputError, match=r"There is no|cannot be read as a table"):
        list(read_rows(path, "recordings"))


def test_file_names_are_plain() -> None:
    assert file_label(7, "a/b: c?.mp4") == "00007-b__c_"
    assert file_label(123456, "../..") == "123456-"
    assert len(file_label(0, "x" * 500 + ".mp4")) == 66
