"""What `posecheck batch` is to judge: folders, patterns, single files, and manifests.

A manifest is a table (CSV or Parquet) with a row for each recording. Its columns are in `COLUMNS`;
only `recording` is needed. Paths are relative to the folder of the manifest.
"""

from __future__ import annotations

import csv
import glob
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecheck.io.batch.packages import parquet
from posecheck.io.errors import UserError, system_reason
from posecheck.suggestion import nearest

COLUMNS = ("recording", "exercise", "side", "level", "fps", "desk", "calibrate", "slump")
"""The columns of a manifest that posecheck reads."""
TABLES = frozenset({".csv", ".tsv", ".parquet"})
VIDEOS = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".wmv"}
)
LANDMARKS = frozenset({".rec", ".npz"})
"""Recordings of landmarks and streams of other programs, as `posecheck replay` reads them."""
DELIMITERS = ",;\t"
"""What separates the columns of a CSV file: spreadsheets of some languages write semicolons."""
MOST_NAMED = 20
"""Mistakes of a manifest that are listed; more are counted."""


class ManifestError(UserError):
    """What is to be judged cannot be read. The message names every mistake, one a line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording to judge, as it was asked for; "" where nothing was said.

    recording  the path as written, with "/" between folders
    path       where the file is
    place      "manifest.csv:12" for a row of a manifest, "" otherwise
    """

    recording: str
    path: Path
    exercise: str = ""
    side: str = ""
    level: str = ""
    fps: str = ""
    desk: str = ""
    calibrate: str = ""
    slump: str = ""
    place: str = ""


def is_recording(path: Path) -> bool:
    """Whether the name is that of a visible video or recording of landmarks."""
    return path.suffix.lower() in VIDEOS | LANDMARKS and not path.name.startswith(".")


def holds_landmarks(path: Path) -> bool:
    """Whether the name is that of recorded landmarks, which need no model."""
    return path.suffix.lower() in LANDMARKS


def entries_of(inputs: Sequence[str]) -> tuple[list[Entry], list[str]]:
    """Every recording that the inputs name, in their order, those of a folder sorted by name; and
    remarks about what is not used. Raises ManifestError.

    inputs  folders (searched with all their folders), patterns such as "clips/*.mp4", manifests
            and single recordings
    """
    found: list[Entry] = []
    remarks: list[str] = []
    for text in inputs:
        for path in _matches(text):
            if path.suffix.lower() in TABLES:
                entries, notes = read_manifest(path)
                found += entries
                remarks += notes
            elif path.is_dir():
                found += _inside(path)
            else:
                found.append(_entry(path))
    return found, remarks


def _matches(text: str) -> list[Path]:
    """The paths that an input names. A path that exists is no pattern, whatever is in its name."""
    path = Path(text).expanduser()
    if os.path.lexists(path) or not glob.has_magic(text):
        return [path]
    names = sorted(glob.glob(str(path), recursive=True))
    if not names:
        raise ManifestError(f"Nothing is named like {text}. Check the pattern and the folder.")
    return [each for each in map(Path, names) if not each.is_dir() or _holds_images(each)]


def _inside(folder: Path) -> list[Entry]:
    """The recordings of a folder; one that holds images and no recording is itself one."""
    try:
        paths = sorted(path for path in folder.rglob("*") if is_recording(path) and path.is_file())
    except OSError as error:
        raise ManifestError(
            f"The folder {folder} cannot be read: {system_reason(error)}."
        ) from error
    if not paths and _holds_images(folder):
        return [_entry(folder)]
    if not paths:
        raise ManifestError(
            f"There is no recording in {folder}. It needs videos ({_kinds(VIDEOS)}) or recordings "
            f"of landmarks ({_kinds(LANDMARKS)})."
        )
    return [_entry(path) for path in paths]


def _holds_images(folder: Path) -> bool:
    images = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}
    return any(each.suffix.lower() in images for each in folder.iterdir())


def _kinds(suffixes: Iterable[str]) -> str:
    return ", ".join(sorted(suffix[1:] for suffix in suffixes))


def _entry(path: Path) -> Entry:
    return Entry(path.as_posix(), path)


# --- manifests ----------------------------------------------------------------------------------


def read_manifest(path: Path) -> tuple[list[Entry], list[str]]:
    """The rows of a manifest, and remarks about columns that are not used. ManifestError."""
    rows = list(_parquet_rows(path) if path.suffix.lower() == ".parquet" else _csv_rows(path))
    names = list(rows[0][1]) if rows else []
    if not rows:
        raise ManifestError(f"{path} lists no recording. It needs a row for each.")
    problems, remarks = _about_columns(path, names)
    entries = []
    for line, row in rows:
        values = {name: _text(row.get(name)) for name in COLUMNS}
        if None in row:
            problems.append(f"{path}:{line}: the row has more cells than the first line names.")
        elif not values["recording"] and "recording" in names:
            problems.append(f"{path}:{line}: recording: no file is named.")
        name = (
            values.pop("recording").replace("\\", "/")
            if os.sep == "\\"
            else values.pop("recording")
        )
        where = path.parent / Path(name).expanduser()
        entries.append(Entry(name, where, **values, place=f"{path}:{line}"))
    if problems:
        raise ManifestError(listed(problems))
    return entries, remarks


def listed(problems: Sequence[str]) -> str:
    """Mistakes as the lines of one message; only the first when there are very many."""
    more = len(problems) - MOST_NAMED
    rest = [f"... and {more} more mistakes."] if more > 0 else []
    return "\n".join([*problems[:MOST_NAMED], *rest])


def _about_columns(path: Path, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Mistakes and remarks. A name like a known one is a mistake: its column would be missed."""
    known = [name for name in names if name]
    problems, unused = [], []
    for name in known:
        if name in COLUMNS:
            continue
        meant = nearest(name.strip().lower(), COLUMNS)
        if meant and meant not in known:
            problems.append(f"{path}:1: unknown column '{name}'; did you mean '{meant}'?")
        else:
            unused.append(name)
    if "recording" not in known and not problems:
        problems.append(f"{path}:1: there is no column 'recording', which names the files.")
    remarks = [f"{path}: not used: {', '.join(unused)}."] if unused else []
    return problems, remarks


def _csv_rows(path: Path) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    """Each row with the number of its last line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path} is not UTF-8 text. Save it as CSV (UTF-8).") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ManifestError(
            f"{path}:{reader.line_num}: the row cannot be read: {error}. Save the table as CSV "
            "once more."
        ) from error


def _parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    """Each row with its number, from 1."""
    arrow = parquet()
    try:
        with path.open("rb") as file:  # opened here: pyarrow would also take an address
            rows = arrow.read_table(file).to_pylist()
    except OSError as error:
        if error.strerror is None:  # pyarrow's own, about the content
            raise _not_parquet(path) from error
        raise _unreadable(path, error) from error
    except ValueError as error:  # of which ArrowInvalid is one
        raise _not_parquet(path) from error
    yield from enumerate(rows, 1)


def _unreadable(path: Path, error: OSError) -> ManifestError:
    if isinstance(error, FileNotFoundError):
        return ManifestError(f"There is no file {path}. Check the name and the folder.")
    return ManifestError(f"{path} cannot be read: {system_reason(error)}.")


def _not_parquet(path: Path) -> ManifestError:
    return ManifestError(f"{path} is no Parquet file, or it is damaged. Write it again.")


def _text(value: object) -> str:
    """A cell as text: spreadsheets and data frames write a whole number as 2.0."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
