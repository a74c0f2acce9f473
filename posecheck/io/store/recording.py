"""Recordings of landmarks: what the estimator saw, as a file that can be judged again.

A recording holds joints, silhouettes and what came of them, never pictures. Its layout:

    posecheck landmarks\\n                     the first line tells the kind of file
    {"format": 1, "exercise": ...}\\n          one line of JSON: what was judged, and by which model
    [length, uint32 little-endian][block] ...  blocks of about a second (`recording_block`)
    [0]                                        the recording was closed

Each block is written as soon as it is whole, so a file that was cut off can be read up to there.
Only the person may read the file.
"""

from __future__ import annotations

import json
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from posecheck.exercise import Exercise
from posecheck.io.errors import UserError
from posecheck.io.output import OutputError, writing
from posecheck.io.store.recording_block import RecordedFrame, decode, encode
from posecheck.pose import Side
from posecheck.session.plan import PlannedSet

MAGIC = b"posecheck landmarks\n"
FORMAT = 1
"""A reader refuses a higher number. Raise it when an older reader would misread the file."""
BLOCK_S = 0.8
"""A block is closed with the first frame that comes this long after its first one, so that even
at a few frames a second no more than a second is lost."""
LONGEST_HEADER = 2**20
"""Bytes. The header of the longest routine needs 10 000."""

LENGTH = struct.Struct("<I")


_DAMAGE = (
    ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, struct.error,
    zlib.error,
)  # fmt: skip
"""What the parsers raise for content that no writer has written."""


class RecordingError(UserError):
    """A recording cannot be read. The message is one sentence or two for a person."""


@dataclass(frozen=True, slots=True)
class RecordedSet:
    """A set of the plan, with the id of its exercise; fields as in `PlannedSet`."""

    exercise: str
    side: Side | None = None
    number: int = 1
    of: int = 1
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    rest_s: float = 0.0

    @classmethod
    def of_planned(cls, planned: PlannedSet) -> RecordedSet:
        """The set without its exercise's rules: a replay takes today's."""
        return cls(
            planned.exercise.id, planned.side, planned.number, planned.of, planned.hold_s,
            planned.reps, planned.time_s, planned.rest_s,
        )  # fmt: skip

    def planned(self, exercise: Exercise) -> PlannedSet:
        """The set with the rules of an exercise."""
        return PlannedSet(
            exercise, self.side, self.number, self.of, self.hold_s, self.reps, self.time_s,
            self.rest_s,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordingHeader:
    """The header of a recording.

    made_by    analyze judges one open-ended set, session leads through a plan; crash keeps the last
               minute before a bug, without a set
    posecheck  version of the program
    source     name of the file or "camera"; no folder and no address
    language   of the phrases: the length of a sentence decides when the guide offers something
    opening    sentences that the guide said first
    """

    made_by: Literal["analyze", "session", "crash"]
    posecheck: str
    source: str
    model: str
    level: int
    sets: tuple[RecordedSet, ...]
    language: str = "en"
    opening: tuple[str, ...] = ()


# --- writing ------------------------------------------------------------------------------------


class RecordingWriter:
    """Writes one recording as it happens. A recording that is there already is replaced, another
    file is not. OutputError at construction and whenever the disk refuses.

    frames  how many were added
    """

    def __init__(self, path: Path) -> None:
        self._path, self.frames, self._begun = path, 0, False
        self._rows: list[RecordedFrame] = []
        with writing(path):
            self._made = not path.exists()
            if not self._made:
                _refuse_foreign(path)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._file: BinaryIO = open(os.open(path, flags, 0o600), "r+b", buffering=0)  # noqa: SIM115
            if hasattr(os, "fchmod"):
                os.fchmod(self._file.fileno(), 0o600)  # also of a file that was there

    def begin(self, header: RecordingHeader) -> None:
        """Write the header. What the file held before is gone."""
        line = json.dumps({"format": FORMAT, **asdict(header)}, separators=(",", ":"))
        with writing(self._path):
            self._file.seek(0)
            self._file.truncate()
            self._write(MAGIC + line.encode() + b"\n")
        self._begun = True

    def add(self, frame: RecordedFrame) -> None:
        """The next frame. Closes the block at hand when that is long enough."""
        if self._rows and not 0 <= frame.t - self._rows[0].t < BLOCK_S:
            self._flush()
        self._rows.append(frame)
        self.frames += 1

    def close(self) -> None:
        """Write what is left and close the file. One that was made and never begun is removed.
        May be called twice."""
        if self._file.closed:
            return
        try:
            if self._begun:
                self._flush()
                with writing(self._path):
                    self._write(LENGTH.pack(0))
            elif self._made:
                self._path.unlink(missing_ok=True)
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, as if it had been cut off here."""
        self._file.close()

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            block = encode(rows)
            with writing(self._path):
                self._write(LENGTH.pack(len(block)) + block)

    def _write(self, content: bytes) -> None:
        """All of it: an unbuffered file may take a part, as a disk does before it is full."""
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]


def _refuse_foreign(path: Path) -> None:
    """OutputError when a file is there that is no recording."""
    ordinary = stat.S_ISREG(path.stat().st_mode)
    if ordinary:
        with path.open("rb") as file:
            ordinary = file.read(len(MAGIC)) in (MAGIC, b"")
    if not ordinary:
        raise OutputError(
            f"{path} is there already and is no recording of posecheck, so it is not replaced. "
            "Give another name."
        )


# --- reading ------------------------------------------------------------------------------------


class Recording:
    """A recording to read. RecordingError when the file is none, or of a newer posecheck.

    header    what it says of itself
    complete  whether it was closed; known when `frames` has come to its end
    """

    def __init__(self, path: Path) -> None:
        self.path, self.complete = path, False
        with _reading(path), path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise RecordingError(
                    f"{path} is no recording of posecheck. Make one with --record of `posecheck "
                    "session` or `posecheck analyze`."
                )
            self.header = self._header(file.readline(LONGEST_HEADER))
            self._start = file.tell()

    def frames(self) -> Iterator[RecordedFrame]:
        """Every frame, up to the last whole block. RecordingError where the file is damaged."""
        self.complete, t = False, 0.0
        with _reading(self.path), self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(self._start)
            while len(prefix := file.read(LENGTH.size)) == LENGTH.size:
                (length,) = LENGTH.unpack(prefix)
                if not length:
                    self.complete = True
                    return
                if length > size - file.tell():
                    return  # cut off within this block
                try:
                    rows = decode(file.read(length))
                except _DAMAGE as error:
                    raise RecordingError(
                        f"{self.path} is damaged after {t:.1f} s. Restore it from a copy."
                    ) from error
                yield from rows
                t = rows[-1].t if rows else t

    def _header(self, line: bytes) -> RecordingHeader:
        """The header of the second line."""
        try:
            data: dict[str, Any] = json.loads(line)
            if data.pop("format") > FORMAT:
                raise RecordingError(
                    f"{self.path} was made by a newer posecheck ({data.get('posecheck', '?')}) "
                    "and cannot be read by this one. Update posecheck."
                )
            sets = tuple(RecordedSet(**each) for each in data.pop("sets"))
            opening = tuple(data.pop("opening", ()))
            header = RecordingHeader(**data, sets=sets, opening=opening)
        except _DAMAGE as error:
            raise RecordingError(
                f"The beginning of {self.path} is damaged. Restore it from a copy."
            ) from error
        return header


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """An OSError inside becomes a RecordingError that names the file."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise RecordingError(f"{path} cannot be read: {why}.") from error
