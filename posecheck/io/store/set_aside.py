"""A person's own files: nobody else may read them, and nothing of a person's is thrown away.

Small ones are of JSON, written whole or not at all. One that cannot be used is given another name.
A file may be a link, as in a folder of settings that the user shares between computers: the file
that it leads to is read, replaced and renamed, and the link stays.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from posecheck.io.errors import system_reason
from posecheck.io.output import OutputError, writing
from posecheck.io.store.file_lock import locked

MOST_SET_ASIDE_BYTES = 1_000_000
"""Bytes. Settings have three thousand, calibrations thirty; more is another kind of file."""

Fits = Callable[[Any], bool]


def read_own(path: Path, fits: Fits, then: str) -> tuple[Any, str]:
    """The values of a JSON file, and what to tell a person when it cannot be used: why, and `then`,
    a sentence about what comes of it. Never raises.

    None without a file, and for one whose values do not fit; that one is set aside.
    """
    try:
        if not path.exists():
            return None, ""
        data = _parsed(path)
        if fits(data):
            return data, ""
        with locked(path):  # another program may have put it right, or have set it aside
            data = _parsed(path) if path.exists() else None
            if fits(data):
                return data, ""
            aside = set_aside(path) if path.exists() else path
    except OSError as error:
        return None, f"{path} cannot be read or renamed ({system_reason(error)}). {then}"
    except OutputError as error:
        return None, f"{path} is damaged. {error} {then}"
    return None, f"{path} is damaged; it is kept as {aside.name}. {then}"


def change_own(path: Path, fits: Fits, change: Callable[[Any], Any]) -> None:
    """Replace the values of a JSON file by `change` of them, whole or not at all, in a folder that
    may be missing. `change` gets None when there is no file, or none that fits, which is set aside.

    No other program changes the file meanwhile. The new values are on the disk when this returns,
    also after a power cut; that takes a few milliseconds, on a turning disk some tens. Raises
    OutputError, also for a file that cannot be read: it may hold what would be lost.
    """
    with locked(path), writing(path):
        data = _parsed(path) if path.exists() else None
        if not fits(data):
            data = None
            if path.exists():
                set_aside(path)
        _write(path, change(data))


def forget_own(path: Path) -> None:
    """Remove the file, and what was set aside of it. Raises OutputError."""
    if not path.parent.is_dir():
        return
    with locked(path):
        for each in (path, behind_links(path), *_set_aside(path)):
            with writing(each):
                each.unlink(missing_ok=True)


def _write(path: Path, data: Any) -> None:
    """Write values as JSON, while the file is locked."""
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    target = behind_links(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)  # of a program that was killed; a link would lead elsewhere
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(file)
        os.replace(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Windows does so by itself."""
    if os.name == "nt":
        return
    file = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # some network file systems refuse it
        os.fsync(file)
    os.close(file)


def _parsed(path: Path) -> Any:
    """None for what is no JSON."""
    if not path.is_file() or path.stat().st_size > MOST_SET_ASIDE_BYTES:
        return None
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested too deeply
        return None


def set_aside(path: Path) -> Path:
    """Rename `path` to a free name beside it, settings.json to settings.broken.json, and answer
    with that. Where `path` is a link, the file behind it is renamed. Raises OSError."""
    path = behind_links(path)
    aside, count = path.with_name(f"{path.stem}.broken{path.suffix}"), 1
    while os.path.lexists(aside):
        count += 1
        aside = path.with_name(f"{path.stem}.broken-{count}{path.suffix}")
    path.rename(aside)
    return aside


def _set_aside(path: Path) -> list[Path]:
    """What was set aside of a file, and what a program that was killed has left of it."""
    target = behind_links(path)
    broken = target.parent.glob(f"{glob.escape(target.stem)}.broken*{glob.escape(target.suffix)}")
    return [*broken, target.with_name(f".{target.name}.part")]


def behind_links(path: Path) -> Path:
    """The file that a path leads to, which need not be there."""
    return Path(os.path.realpath(path))
