"""One desk for each user: the second start shows the window of the first.

The lock is that of the kernel (`posecheck.io.store.file_lock`), so what a crash, another computer
or another program has left in the file locks nothing. The file only tells who holds the lock.

A second program asks by a file, which the first one removes when it shows its window. No socket is
needed, and the user's folder may be on a network.
"""

from __future__ import annotations

import os
import platform
import time
from contextlib import suppress
from pathlib import Path

from posecheck.io.errors import system_reason
from posecheck.io.requirements import SystemProblem
from posecheck.io.store.file_lock import FileLock

LOCK_FILE = "desk.lock"
REQUEST_FILE = "desk.show"
LOOK_MS = 500
"""Interval for looking whether another program asks for the window."""
ANSWER_S = 5.0
"""How long to wait for an answer. Looking takes half a second, and a busy computer some more."""
ASK_S = 0.05

SHOWN = "posecheck is already watching the desk. Its window is open now."
ELSEWHERE = (
    "posecheck is watching the desk on the computer {host}, which uses the same folder of data, "
    "{folder}. Close it there, or set POSECHECK_HOME to another folder here."
)
SILENT = (
    "posecheck is already watching the desk, as process {pid} of this computer, but it does not "
    "answer. End that process, then start again."
)
UNKNOWN = (
    "posecheck cannot tell whether it is watching the desk already: {path} cannot be opened "
    "({reason}). {way}"
)

ELSE = "Let this user write to {folder}, or set POSECHECK_HOME to another folder."


class SingleInstance:
    """The right to watch the desk, for this user's folder of data.

    answer_s  how long to wait until the program that has the right shows its window
    """

    def __init__(self, folder: Path, answer_s: float = ANSWER_S) -> None:
        self._folder, self._answer_s = folder, answer_s
        self._lock = FileLock(folder / LOCK_FILE)
        self._request = folder / REQUEST_FILE

    def take(self) -> None:
        """Take the right, or let the program that has it show its window.

        Raises SystemProblem, which says what has happened and what to do, when another program has
        the right, and when the folder does not tell.
        """
        try:
            mine = self._lock.acquire()
        except OSError as error:
            raise SystemProblem(self._unknown(error)) from error
        if not mine:
            raise SystemProblem(self._ask())
        self.asked()  # a request to a program that has ended since
        self._lock.write(f"{os.getpid()}\n{platform.node()}\n")

    def asked(self) -> bool:
        """Whether another program has asked for the window since the last call."""
        try:
            self._request.unlink()
        except OSError:
            return False
        return True

    def release(self) -> None:
        """May be called twice."""
        self._lock.release()

    def _ask(self) -> str:
        """Ask for the window; a sentence about the answer."""
        pid, host = (*self._lock.holder().split("\n"), "", "")[:2]
        if host not in ("", platform.node()):
            return ELSEWHERE.format(host=_plain(host), folder=self._folder)
        with suppress(OSError):
            self._request.touch(mode=0o600)
        until = time.monotonic() + self._answer_s
        while time.monotonic() < until:
            if not self._request.exists():
                return SHOWN
            time.sleep(ASK_S)
        with suppress(OSError):
            self._request.unlink()
        return SILENT.format(pid=_plain(pid) or "?")

    def _unknown(self, error: OSError) -> str:
        path = self._lock.path
        way = "Remove that file." if os.path.lexists(path) else ELSE.format(folder=self._folder)
        return UNKNOWN.format(path=path, reason=system_reason(error), way=way)


def desk_runs(folder: Path) -> bool:
    """Whether a program watches the desk for this user's folder of data. False when the folder does
    not tell."""
    lock = FileLock(folder / LOCK_FILE)
    try:
        if not lock.path.exists():
            return False
        free = lock.acquire()
    except OSError:
        return False
    if free:
        lock.release()
    return not free


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
