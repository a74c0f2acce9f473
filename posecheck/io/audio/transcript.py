"""A text file of everything that a session says and plays, line by line as it happens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Self

from posecheck.coach.tones import Tone
from posecheck.io.output import OutputError, writing


class Transcript:
    """One line for each sentence and each tone, with the seconds of the session:

          12.3 s  says   "Lift your hips a little."
          14.0 s  tone   rep
          15.1 s  muted  "That's it."

    `muted` replaces `says` and `tone` while the user has the sound off. A computer without a voice
    writes the same file.

    path  an earlier transcript is replaced, another file is not; only the user may read it.
          OutputError when it cannot be written, here and later
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with writing(path):
            plain = path.is_file() or not path.exists()  # not a terminal or a pipe
            if path.is_file():
                _refuse_foreign(path)
            flags = os.O_WRONLY | (os.O_CREAT | os.O_TRUNC if plain else 0)
            descriptor = os.open(path, flags, 0o600)
            if plain and hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)  # also of a file that was there
            self._file = open(descriptor, "w", encoding="utf-8", buffering=1)  # noqa: SIM115

    def say(self, t: float, text: str, muted: bool = False) -> None:
        self._write(t, "muted" if muted else "says", f'"{text}"')

    def tone(self, t: float, tone: Tone, muted: bool = False) -> None:
        self._write(t, "muted" if muted else "tone", tone)

    def close(self) -> None:
        with writing(self._path):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, t: float, what: str, words: str) -> None:
        with writing(self._path):
            self._file.write(f"{t:6.1f} s  {what:<5}  {words}\n")


_LINE = re.compile(rb" *\d+\.\d s  (says|tone|muted)  ")


def _refuse_foreign(path: Path) -> None:
    """OutputError when a file is there that is no transcript. OSError."""
    with path.open("rb") as file:
        line = file.readline(256)
    if line and _LINE.match(line) is None:
        raise OutputError(
            f"{path} is there already, and it is not a transcript of posecheck. Give another name, "
            "or move it away."
        )
