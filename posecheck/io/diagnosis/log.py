"""The log: what posecheck did, for a bug report. Never pixels, landmarks, passwords or answers.

Every module logs to `logging.getLogger("posecheck.<part>")`. Until `start` nothing is written. The
last lines are always kept in memory, for a crash file; commands with a window also write a file
that rotates.
"""

from __future__ import annotations

import logging
import os
import platform
from collections import deque
from collections.abc import Sequence
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from posecheck import __version__
from posecheck.io.diagnosis.private import argument_without_secrets, without_secrets
from posecheck.io.output import writing
from posecheck.io.paths import log_home

LOG = "posecheck.log"

LOG_BYTES = 512 * 1024
"""Size at which the file is rotated: about a month of a desk that loses its camera daily."""

LOG_BACKUPS = 2
"""Older files that are kept: posecheck.log.1 and posecheck.log.2."""

LINES_IN_MEMORY = 200
"""Lines kept for a crash file: a session writes about ten."""

LONGEST_LINE = 4000
"""Characters of one entry, its traceback aside. A message may hold a value of any length."""

ABOUT_HEALTH = ("tags", "screened", "comfort")
"""Names of settings that hold the user's answers about their health."""

_logger = logging.getLogger("posecheck")
_logger.addHandler(logging.NullHandler())  # without `start`, not even warnings go to stderr


class _Formatter(logging.Formatter):
    """Time, level, process, thread, part and message, without secrets."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s.%(msecs)03d %(levelname)-7s %(process)d %(threadName)s %(name)s: "
            "%(message)s",
            "%Y-%m-%d %H:%M:%S",
        )

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _Memory(logging.Handler):
    """Keeps the last lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(_Formatter())
        self.lines: deque[tuple[int, str]] = deque(maxlen=LINES_IN_MEMORY)

    def emit(self, record: logging.LogRecord) -> None:
        # As text: a record with a traceback would keep the pictures of its frames alive.
        self.lines.append((record.levelno, self.format(record)))


class LogFile(RotatingFileHandler):
    """A file that only the user may read, of bounded size. A disk that refuses is ignored: the
    session matters more than its log."""

    def __init__(self, path: Path, largest: int = LOG_BYTES, backups: int = LOG_BACKUPS) -> None:
        super().__init__(
            path, maxBytes=largest, backupCount=backups, encoding="utf-8", errors="replace",
            delay=True,
        )  # fmt: skip
        self.setFormatter(_Formatter())

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="replace")

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:  # Windows does not rename a file that another posecheck has open
            if self.stream is None:
                self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:
        pass


class _Terminal(logging.StreamHandler[TextIO]):
    """A copy of stderr: loading the pose model silences the original for a second."""

    def __init__(self) -> None:
        try:
            copy = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
        except OSError:  # started without a terminal
            copy = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        super().__init__(copy)
        self.setFormatter(_Formatter())

    def close(self) -> None:
        self.stream.close()
        super().close()


_memory = _Memory()


def start(arguments: Sequence[str], *, verbose: bool = False) -> None:
    """Begin to log: in memory, and on stderr when `verbose`.

    arguments  of the command line, without the program's name
    """
    _logger.setLevel(logging.DEBUG)
    _logger.propagate = False  # libraries put handlers of their own on the root
    _logger.addHandler(_memory)
    if verbose:
        _logger.addHandler(_Terminal())
    _logger.info("posecheck %s, %s", __version__, computer())
    _logger.info("command: %s", command_line(arguments))


def keep_log_file(*, verbose: bool = False) -> None:
    """Also write the log to a file from now on, beginning with what is in memory.

    Does nothing when there is a file already. Without a folder that can be written there is no
    file, and no message.
    """
    if any(isinstance(handler, LogFile) for handler in _logger.handlers):
        return
    path = log_home() / LOG
    level = logging.DEBUG if verbose else logging.INFO
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.writelines(
                f"{line}\n" for importance, line in _memory.lines if importance >= level
            )
    except OSError as error:
        _logger.info("no log file: %s", error)
        return
    handler = LogFile(path)
    handler.setLevel(level)
    _logger.addHandler(handler)


def log_refusal(error: Exception, sentence: str) -> None:
    """Log an error of the user's or of the installation's that ended the command."""
    _logger.info("ended: %s", sentence)
    _logger.debug("ended by", exc_info=error)


def log_settings_problems(problems: Sequence[str]) -> None:
    """Log what was wrong in the settings, each as "settings.json: <name> must be …". Of answers
    about health only the name is logged."""
    for problem in problems:
        name = problem.partition(": ")[2].partition(" ")[0]
        shown = f"{name} (not shown: it is about health)" if name in ABOUT_HEALTH else problem
        _logger.warning("settings: %s", shown)


def forget() -> None:
    """Delete the log files and the lines in memory. What is logged later begins a new file.

    Raises OutputError.
    """
    _memory.lines.clear()
    for handler in _logger.handlers:
        if isinstance(handler, LogFile):
            handler.close()
    for path in log_home().glob(f"{LOG}*"):
        with writing(path):
            path.unlink(missing_ok=True)


def recent_lines() -> tuple[str, ...]:
    """The last lines of this process, oldest first."""
    return tuple(line for _, line in tuple(_memory.lines))


def file_lines(count: int) -> tuple[str, ...]:
    """The last lines of the log file, oldest first; empty when there is none."""
    try:
        text = (log_home() / LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(text.splitlines()[-count:])


def computer() -> str:
    """Python and the operating system, in one line."""
    # Not platform.platform(): it starts another program to ask for the processor.
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"Python {platform.python_version()}, {system}"


def command_line(arguments: Sequence[str]) -> str:
    """The command as it was typed, without secrets."""
    return " ".join(("posecheck", *map(argument_without_secrets, arguments)))
