"""A lock between two programs of a user, on a file that stays where it is.

The kernel holds the lock, not the presence or the content of the file. So a lock ends with its
program however that ended, and a file that is empty, old or of another computer locks nothing.
(`filelock` does the same on these systems, but takes 0.2 s to import and, where the kernel has no
locks, falls back to files that a crash leaves behind.)
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from posecheck.io.output import OutputError, writing

WAIT_S = 5.0
"""How long to wait for another program, whose changes of small files take milliseconds."""
RETRY_S = 0.01
MOST_BYTES = 1000
"""Bytes that are read of what the holder has written."""
MOST_REMOVALS = 100
"""Times that the file may be removed while a program waits for it; more is no accident."""
NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""Answers of a file system that has no locks."""


class FileLock:
    """A lock on `path`, whose folder exists. The file is created, and stays until `remove`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def acquire(self, wait_s: float = 0.0) -> bool:
        """Whether this program holds the lock now; waits for at most these seconds. A file system
        without locks always answers yes. Raises OSError when the file cannot be opened."""
        until = time.monotonic() + wait_s
        for _ in range(MOST_REMOVALS):
            file = self._open_locked(until)
            if file is None:
                return False
            self._file = file
            if self._is_at_path():
                return True
            self.release()  # the file was removed while this program waited for it
        return False

    def remove(self) -> bool:
        """Remove the file unless another program holds the lock; whether it was removed. A program
        that waits for it makes a new one. Raises OSError when it cannot be removed."""
        if not self.acquire():
            return False
        try:
            if sys.platform == "win32":
                self.release()  # Windows removes no file that is open
            self.path.unlink(missing_ok=True)
        finally:
            self.release()
        return True

    def _open_locked(self, until: float) -> int | None:
        """The file, open and locked; None when another program holds the lock until then."""
        # Not through a link, which could lead to any file: the content is replaced.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(self.path, flags, 0o600)
        try:
            while not _locked(file):
                if time.monotonic() >= until:
                    os.close(file)
                    return None
                time.sleep(RETRY_S)
        except OSError:
            os.close(file)
            raise
        return file

    def _is_at_path(self) -> bool:
        """Whether the locked file is still the one that other programs will open."""
        if sys.platform == "win32" or self._file is None:
            return True
        try:
            there = os.lstat(self.path)
        except OSError:
            return False
        own = os.fstat(self._file)
        return (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino)

    def write(self, text: str) -> None:
        """Tell other programs who holds the lock. On a full disk they are not told."""
        assert self._file is not None
        os.ftruncate(self._file, 0)
        with suppress(OSError):
            os.write(self._file, text.encode())

    def holder(self) -> str:
        """What the holder has written; "" when that cannot be read."""
        try:
            with self.path.open("rb") as file:
                return file.read(MOST_BYTES).decode(errors="replace")
        except OSError:
            return ""

    def release(self) -> None:
        """May be called twice."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file `path`, which other programs of the user change too. The lock is a
    hidden file beside it. Raises OutputError when that cannot be written, or when another program
    does not release the lock within WAIT_S."""
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = lock.acquire(WAIT_S)
    if not mine:
        raise OutputError(f"{path} is in use by another posecheck. Close that one.")
    try:
        yield
    finally:
        lock.release()


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        os.lseek(file, 1 << 30, os.SEEK_SET)  # far behind the text, which others read
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
        return True
