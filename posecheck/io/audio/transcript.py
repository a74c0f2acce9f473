"""A text file of everything that a session says and plays, line by line as it happens."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from posecheck.coach.tones import Tone
from posecheck.io.output import writing


class Transcript:
    """One line for each sentence and each tone, with the seconds of the session:

          12.3 s  says   "Lift your hips a little."
          14.0 s  tone   rep
          15.1 s  muted  "That's it."

    `muted` replaces `says` and `tone` while the user has the sound off. A computer without a voice
    writes the same file.

    path  an existing file is replaced. OutputError when it cannot be written, here and later
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with writing(path):
            self._file = path.open("w", encoding="utf-8", buffering=1)  # 1: line by line

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
