"""Writes results completely or not at all.

A file is written under a temporary name in the same folder and renamed at the end, so a failure or
Ctrl-C leaves the previous file unchanged. The temporary name cannot be guessed and the file must be
new, so a link that someone has placed there is never followed. Only the user may read the files.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from posecheck.io.errors import UserError, system_reason

LONGEST_NAME = 255
"""Bytes of a file's name that every common file system takes."""

_PART = re.compile(r"\.posecheck-[0-9a-f]{16}\.part(\.\w{1,8})?")


class OutputError(UserError):
    """A result cannot be written."""


def prepare_folder(folder: Path) -> None:
    """Create the folder and test that it can be written, before long work. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _new_part(folder, "").unlink()
    except (FileExistsError, NotADirectoryError) as error:
        file = next((each for each in (folder, *folder.parents) if each.is_file()), folder)
        raise OutputError(f"{file} is a file, not a folder. Choose another place.") from error
    except OSError as error:
        raise _refused(folder, error) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError inside the context into an OutputError that names `path`."""
    try:
        yield
    except OSError as error:
        raise _refused(path, error) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a new, empty file to write to; it replaces `path` when the block ends without error.
    Raises OutputError."""
    with writing(path):
        part = _new_part(path.parent, path.suffix)
    try:
        yield part
        with writing(path):
            os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def remove_parts(folder: Path) -> None:
    """Remove what a run that was killed has left in a folder. No other run may write there."""
    with suppress(OSError):
        for each in folder.iterdir():
            if _PART.fullmatch(each.name):
                each.unlink()


def fitting(stem: str, ending: str) -> str:
    """A file's name from a stem that may be too long for it."""
    while len(os.fsencode(stem + ending)) > LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending


def _new_part(folder: Path, suffix: str) -> Path:
    """A new, empty file that only the user may read."""
    if not _PART.fullmatch(f".posecheck-{'0' * 16}.part{suffix}"):
        suffix = ""
    part = folder / f".posecheck-{secrets.token_hex(8)}.part{suffix}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(part, flags, 0o600))
    return part


def _refused(path: Path, error: OSError) -> OutputError:
    why = system_reason(error)
    if isinstance(error, PermissionError):
        path, why = path.absolute(), "this user may not write there"
    advice = {
        errno.ENOSPC: "Free some space.",
        errno.ENAMETOOLONG: "Choose a shorter name.",
    }.get(error.errno or 0, "Choose another place.")
    return OutputError(f"{path} cannot be written: {why}. {advice}")
