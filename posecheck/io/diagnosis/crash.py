"""Crash files: what is known of a bug, written where the user can find it.

A crash file is a text with the traceback, versions, the command and the last log lines. Beside it
lies a recording of the landmarks of the last minute, if there are any. Neither holds pixels,
passwords, the user's name or answers.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

from posecheck import __version__
from posecheck.io.diagnosis import log
from posecheck.io.diagnosis.flight_recorder import KEPT_S, LAST_MINUTE, write_landmarks
from posecheck.io.diagnosis.private import without_secrets, without_serial
from posecheck.io.errors import sentence_of, system_reason
from posecheck.io.output import writing
from posecheck.io.paths import log_home

MOST_FILES = 5
"""Crash files that are kept, those of earlier runs included; older ones are deleted."""

MOST_PER_RUN = 3
"""Crash files of one run. A slot may fail at every frame."""

MISTAKE = "posecheck has made a mistake."
DETAILS = "The details, without pictures, are in {path}."
NO_DETAILS = "The details cannot be written to {path}: {why}."
ENOUGH = f"Only the first {MOST_PER_RUN} mistakes of a run are written to a file."

REPORTED = "_posecheck_reported"
"""Attribute of an exception that has been reported. Its identity could be reused."""

_logger = logging.getLogger("posecheck.crash")

Place = tuple[str, str, int]
"""Type of the error, file and line where it was raised."""


class CrashReporter:
    """Writes crash files for the bugs of this process.

    installed  whether the hooks of the interpreter lead here
    bugs       number of bugs so far; the exit code of a process with any is 1
    """

    def __init__(self) -> None:
        self.installed = False
        self.bugs = 0
        self._arguments: tuple[str, ...] = ()
        self._verbose = False
        self._sentences: dict[Place, str] = {}
        self._unwritten = False
        self._lock = threading.Lock()

    def install(self, arguments: Sequence[str], *, verbose: bool = False) -> None:
        """Report every exception that nothing catches: in Qt slots and in other threads.

        arguments  of the command line, without the program's name
        verbose    also print the traceback
        """
        self._arguments, self._verbose = tuple(arguments), verbose
        self.installed = True
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def report(self, error: BaseException) -> str:
        """Write a crash file, unless there is one about this place; the sentence that names it."""
        with self._lock:
            vars(error)[REPORTED] = True
            self.bugs += 1
            place = _place(error)
            if place not in self._sentences:
                _logger.error("bug", exc_info=error)
                full = len(self._sentences) >= MOST_PER_RUN
                self._sentences[place] = ENOUGH if full else self._write(error)
            return self._sentences[place]

    def tell(self, error: BaseException) -> None:
        """Report a bug and say so on stderr, once for each place.

        With `verbose`, or when no crash file can be written, also print its traceback.
        """
        shown = REPORTED in vars(error)  # by a window
        if not shown:
            known = _place(error) in self._sentences
            sentence = self.report(error)
            if known:
                return
            print(f"{MISTAKE} {sentence}", file=sys.stderr)
        if self._verbose or self._unwritten:
            print(traceback_of(error), end="", file=sys.stderr)

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """`sys.excepthook`; PySide calls it for an exception in a slot."""
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        elif sentence := sentence_of(error):
            print(sentence, file=sys.stderr)
        else:
            self.tell(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        """`threading.excepthook`."""
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def _write(self, error: BaseException) -> str:
        """Write the files; the sentence about them."""
        folder = log_home()
        name = f"crash-{datetime.now():%Y%m%d-%H%M%S}-{len(self._sentences) + 1}"
        path = folder / f"{name}.txt"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(OSError):
                _discard_old(folder, MOST_FILES - 1)
            landmarks = _write_landmarks(path.with_suffix(".rec"))
            path.touch(mode=0o600)
            text = self._text(error, landmarks)
            path.write_text(text, encoding="utf-8", errors="replace")
        except Exception as failed:  # a hook of the interpreter must not fail
            self._unwritten = True
            why = system_reason(failed) if isinstance(failed, OSError) else repr(failed)
            return NO_DETAILS.format(path=path, why=why)
        return DETAILS.format(path=path)

    def _text(self, error: BaseException, landmarks: str) -> str:
        parts = (
            "posecheck crash file. It holds what is below and nothing else: no picture, no "
            "password, no answer to a question.",
            f"{log.computer()}\nposecheck {__version__}\n{versions()}",
            f"Command: {log.command_line(self._arguments)}\n"
            f"Thread: {without_serial(threading.current_thread().name)}",
            traceback_of(error),
            f"Landmarks: {landmarks}",
            "Last log lines:\n" + "\n".join(log.recent_lines()),
        )
        return without_secrets("\n\n".join(part.strip() for part in parts) + "\n")


REPORTER = CrashReporter()
"""The reporter of this process: the interpreter's hooks are one for each process, too."""


def bug_sentence(sentence: str, error: BaseException) -> str:
    """The sentence of a window about a bug, with the place of the crash file added.

    Outside the program itself (in tests, in benchmarks) nothing is written.
    """
    return f"{sentence} {REPORTER.report(error)}" if REPORTER.installed else sentence


def traceback_of(error: BaseException) -> str:
    """The traceback without secrets."""
    return without_secrets("".join(traceback.format_exception(error)))


def versions() -> str:
    """The installed distributions that posecheck may have loaded, one a line."""
    # Imported here, and read here: it takes a tenth of a second.
    from importlib.metadata import distributions

    wanted = ("posecheck-coach", "mediapipe", "numpy", "opencv", "pyside6", "typer", "rich",
              "platformdirs", "cv2-enumerate")  # fmt: skip
    found = {
        f"{name} {each.version}"
        for each in distributions()
        if (name := each.metadata["Name"]) and name.lower().replace("_", "-").startswith(wanted)
    }
    return "\n".join(sorted(found, key=str.lower))


def crash_files() -> tuple[Path, ...]:
    """The crash files that are kept, oldest first, without their landmarks."""
    return tuple(sorted(log_home().glob("crash-*.txt")))


def forget_diagnosis() -> None:
    """Delete the log, all crash files and the landmarks in memory. Raises OutputError."""
    LAST_MINUTE.forget()
    log.forget()
    with writing(log_home()):
        _discard_old(log_home(), 0)


def _write_landmarks(path: Path) -> str:
    """Write the last minute beside the text; a sentence about it."""
    detections = LAST_MINUTE.detections()
    if not detections:
        return "none; no camera or video was being judged."
    try:
        write_landmarks(path, detections)
    except Exception as error:  # whatever went wrong here, the traceback is worth more
        return f"not written ({error!r})."
    first, last = detections[0].t, detections[-1].t
    return (
        f"{path.name} beside this file holds the positions of joints, never pictures, in the last "
        f"{KEPT_S:.0f} s: {len(detections)} frames from {first:.3f} s to {last:.3f} s. "
        "Leave it out of a report if you like. `posecheck replay` reads it."
    )


def _discard_old(folder: Path, kept: int) -> None:
    """Delete all but the newest crash files, with their landmarks. Raises OSError."""
    files = sorted(folder.glob("crash-*.txt"))
    names = {path.stem for path in files[len(files) - kept :]} if kept else set()
    for path in folder.glob("crash-*.*"):
        if path.stem not in names and path.suffix in (".txt", ".rec"):
            path.unlink(missing_ok=True)


def _place(error: BaseException) -> Place:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return type(error).__name__, last.filename if last else "", (last.lineno or 0) if last else 0
