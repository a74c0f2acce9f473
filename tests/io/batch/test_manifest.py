"""What is to be judged: folders, patterns, CSV and Parquet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from posecheck.io.batch.manifest import ManifestError, entries_of, read_manifest


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def names(inputs: Iterable[object]) -> list[str]:
    return [Path(entry.recording).name for entry in entries_of([str(each) for each in inputs])[0]]


def manifest(folder: Path, text: str, name: str = "manifest.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_is_searched_with_all_its_folders(tmp_path: Path) -> None:
    touch(tmp_path, "b.MP4", "a.rec", "deep/er/c.mov", "notes.txt", ".hidden.mp4")
    assert names([tmp_path]) == ["a.rec", "b.MP4", "c.mov"]


def test_a_folder_of_images_is_one_recording(tmp_path: Path) -> None:
    touch(tmp_path, "shot/1.jpg", "shot/2.jpg")
    assert names([tmp_path / "shot"]) == ["shot"]


def test_a_folder_without_recordings_says_what_it_needs(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")
    with pytest.raises(ManifestError, match=r"no recording in .*videos \(avi, .*mp4.*rec"):
        entries_of([str(tmp_path)])


def test_a_pattern_names_files_in_order(tmp_path: Path) -> None:
    touch(tmp_path, "x/b.mp4", "x/a.mp4", "y/a.rec")
    assert names([f"{tmp_path}/**/*.mp4"]) == ["a.mp4", "b.mp4"]
    with pytest.raises(ManifestError, match="Nothing is named like"):
        entries_of([f"{tmp_path}/*.webm"])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    touch(tmp_path, "clip[1].mp4", "clip1.mp4")
    assert names([tmp_path / "clip[1].mp4"]) == ["clip[1].mp4"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_manifest_of_any_spreadsheet_is_read(tmp_path: Path, delimiter: str) -> None:
    rows = ("\ufeffrecording,exercise,side", "clips/a.mp4,plank,", '"b, c.mp4",,left')
    if delimiter != ",":
        rows = (*rows[:2], "b c.mp4,,left")
    text = "\r\n".join(row if '"' in row else row.replace(",", delimiter) for row in rows)
    path = manifest(tmp_path, text)
    entries, remarks = read_manifest(path)
    assert remarks == []
    assert [entry.exercise for entry in entries] == ["plank", ""]
    assert entries[0].recording == "clips/a.mp4"
    assert entries[0].path == tmp_path / "clips" / "a.mp4"
    assert entries[1].side == "left"
    assert entries[1].place == f"{path}:3"


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    text = manifest(tmp_path, "recording,exercise,level\na.mp4,plank,2\nb.mp4,,\n")
    table = pa.table(
        {"recording": ["a.mp4", "b.mp4"], "exercise": ["plank", None], "level": [2.0, None]}
    )
    binary = tmp_path / "manifest.parquet"
    pq.write_table(table, binary)
    of_text, of_parquet = read_manifest(text)[0], read_manifest(binary)[0]
    assert [(e.recording, e.exercise, e.level) for e in of_parquet] == [
        (e.recording, e.exercise, e.level) for e in of_text
    ]


def test_other_columns_are_named_and_left_alone(tmp_path: Path) -> None:
    path = manifest(tmp_path, "recording,participant\na.mp4,P01\n")
    entries, remarks = read_manifest(path)
    assert [entry.recording for entry in entries] == ["a.mp4"]
    assert remarks == [f"{path}: not used: participant."]


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    path = manifest(tmp_path, "recording,excercise\na.mp4,plank\n,plank\nb.mp4,plank,left\n")
    with pytest.raises(ManifestError) as found:
        read_manifest(path)
    lines = str(found.value).splitlines()
    assert lines == [
        f"{path}:1: unknown column 'excercise'; did you mean 'exercise'?",
        f"{path}:3: recording: no file is named.",
        f"{path}:4: the row has more cells than the first line names.",
    ]


def test_very_many_mistakes_are_counted(tmp_path: Path) -> None:
    path = manifest(tmp_path, "recording,side\n" + ",left\n" * 50)
    with pytest.raises(ManifestError) as found:
        read_manifest(path)
    assert str(found.value).splitlines()[-1] == "... and 30 more mistakes."


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"file,exercise\na.mp4,plank\n", "m.csv", "there is no column 'recording'"),
        (b"recording\n", "m.csv", "lists no recording"),
        (b"", "m.csv", "lists no recording"),
        (b"recording\n\xff\xfe\n", "m.csv", "is not UTF-8 text"),
        (b'recording\n"a.mp4\n', "m.csv", "the row cannot be read"),
        (b"recording\n", "m.parquet", "is no Parquet file"),
        (None, "m.csv", "There is no file"),
        (None, "m.parquet", "There is no file"),
    ],
)
def test_a_manifest_that_cannot_be_used_says_why(
    tmp_path: Path, content: bytes | None, name: str, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ManifestError, match=sentence):
        entries_of([str(path)])
