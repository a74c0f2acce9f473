"""Writes results completely or not at all.

A file is written under a temporary name in the same folder and renamed at the end, so a failure or
Ctrl-C leaves the previous file unchanged.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posecheck.io.errors import UserError, system_reason


class OutputError(UserError):
    """A result cannot be written."""


def prepare_folder(folder: Path) -> None:
    """Create the folder and test that it can be written, before long work. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".posecheck-{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
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
    """Yield a temporary name to write to; `path` is replaced when the block ends without error."""
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield part
        with writing(path):
            os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> OutputError:
    why = system_reason(error)
    if isinstance(error, PermissionError):
        path, why = path.absolute(), "this user may not write there"
    advice = "Free some space." if error.errno == errno.ENOSPC else "Choose another place."
    return OutputError(f"{path} cannot be written: {why}. {advice}")
