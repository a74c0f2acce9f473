"""The folder of one recording's results: whose results it holds, and who writes there now.

Results replace earlier results of the same recording and nothing else. A recording is known by its
place and by its content, so a camera that writes every day's `clip.mp4` in the same place loses no
results, and neither do two folders with a `clip.mp4` each.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from posecheck.io.output import OutputError, fitting, prepare_folder, remove_parts, writing

FRAMES, SUMMARY = "frames.jsonl", "summary.json"

SAMPLE_BYTES = 2**20
"""So much of the beginning and of the end of a recording tells it from others."""

LONGEST_SUMMARY = 64 * 2**20
"""Bytes. A longer summary.json is not posecheck's."""

_MARK = b"free" + b"posecheck "
"""The last box of a video that posecheck has written, with the recording behind it. Players ignore
boxes of this kind."""


class _BusyError(OutputError):
    """Another run writes into the folder."""


def recording_id(path: Path) -> str:
    """32 hexadecimal digits that are the same for the same recording in the same place. They tell
    nothing about either. OSError when it cannot be read."""
    digest = hashlib.sha256(os.fsencode(path.resolve()) + b"\0")
    if path.is_dir():
        for each in sorted(path.iterdir()):
            digest.update(os.fsencode(each.name) + b"\0%d\0" % each.stat().st_size)
    else:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            digest.update(b"%d\0" % size)
            file.seek(0)
            digest.update(file.read(SAMPLE_BYTES))
            file.seek(max(0, size - SAMPLE_BYTES))
            digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()[:32]


def stem_of(recording: Path) -> str:
    """What results are named after: a file's name without its suffix, a folder's whole name."""
    path = recording if recording.name else recording.absolute()
    return (path.name if path.is_dir() else path.stem) or "recording"


def default_folder(recording: Path) -> Path:
    """Where the results of a recording go when the user names no folder."""
    return Path(fitting(stem_of(recording), "-posecheck"))


@contextmanager
def claimed(
    folder: Path,
    recording: Path,
    videos: Sequence[str] = (),
    exports: Sequence[str] = (),
    *,
    numbered: bool = False,
) -> Iterator[tuple[Path, str]]:
    """A folder for the results of a recording, which no other run writes into meanwhile, and the
    recording's `recording_id`.

    videos    names of the videos that will be written into it
    exports   names of the exported landmarks that will be written into it
    numbered  take FOLDER-2, FOLDER-3, ... where a folder holds results of another recording

    Raises OutputError.
    """
    with writing(recording):
        recorded = recording_id(recording)
    for place in _places(folder) if numbered else (folder,):
        with ExitStack() as stack:
            try:
                stack.enter_context(_to_itself(place))
            except _BusyError:
                if numbered:
                    continue
                raise
            foreign = _foreign(place, recorded, videos, exports)
            if foreign is None:
                yield place, recorded
                return
        if not numbered:
            raise OutputError(
                f"{foreign} is there already, and it is not posecheck's result of this recording. "
                "Choose another folder with --out, or move it away."
            )


def _places(folder: Path) -> Iterator[Path]:
    yield folder
    for number in count(2):
        yield folder.with_name(fitting(folder.name, f"-{number}"))


@contextmanager
def _to_itself(folder: Path) -> Iterator[None]:
    """Create the folder, keep other runs out, and remove what a killed one has left."""
    prepare_folder(folder)
    with _locked(folder):
        remove_parts(folder)
        yield


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The system frees the lock of a run that is killed. A file system without locks keeps nobody
    out."""
    path, flags = folder, os.O_RDONLY
    if sys.platform == "win32":  # has no locks on folders
        path, flags = folder / ".posecheck-lock", os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, flags)
    try:
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError) as error:
            raise _BusyError(
                f"Another posecheck writes its results into {folder} now. Wait until it has "
                "finished, or choose another folder with --out."
            ) from error
        except OSError:
            pass
        yield
    finally:
        os.close(descriptor)
        if path is not folder:
            with suppress(OSError):
                path.unlink()


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _foreign(
    folder: Path, recorded: str, videos: Sequence[str], exports: Sequence[str]
) -> Path | None:
    """The first file that results would replace though it is not a result of this recording."""
    summary, frames = folder / SUMMARY, folder / FRAMES
    if os.path.lexists(summary):
        if _recording_of(summary) != recorded:
            return summary
    elif os.path.lexists(frames) and not _is_unfinished(frames):
        return frames
    for path in (folder / name for name in set(exports).difference(exports_in(folder))):
        if os.path.lexists(path):
            return path
    marked = (folder / name for name in videos)
    return next((each for each in marked if not may_replace_video(each, recorded)), None)


def exports_in(folder: Path) -> list[str]:
    """Names of the exported landmarks that the summary in a folder lists and that are there."""
    names = _content_of(folder / SUMMARY).get("exports")
    if not isinstance(names, list):
        return []
    return [name for name in names if isinstance(name, str) and os.path.lexists(folder / name)]


def _recording_of(summary: Path) -> str | None:
    """The recording that a summary is of; None when it is not posecheck's."""
    recorded = _content_of(summary).get("recording")
    return recorded if isinstance(recorded, str) else None


def _content_of(summary: Path) -> dict[str, Any]:
    """What a summary of posecheck holds; nothing when it is not posecheck's."""
    try:
        if summary.stat().st_size > LONGEST_SUMMARY:
            return {}
        content = json.loads(summary.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) and "posecheck" in content else {}


def _is_unfinished(frames: Path) -> bool:
    """Whether a file holds frames of a run that was killed between its two results."""
    try:
        with frames.open("rb") as file:
            line = json.loads(file.readline(2**20))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(line, dict) and {"t", "state", "measures"} <= line.keys()


def mark_video(path: Path, recorded: str) -> None:
    """Write into an MP4 that posecheck has made it. OSError."""
    mark = _MARK + recorded.encode()
    with path.open("ab") as file:
        file.write((len(mark) + 4).to_bytes(4) + mark)


def may_replace_video(path: Path, recorded: str) -> bool:
    """Whether there is no file, or a video that posecheck has made of this recording."""
    mark = _MARK + recorded.encode()
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(mark)))
            return file.read() == mark
    except FileNotFoundError:
        return not path.is_symlink()
    except OSError:
        return False
