"""What the user asked `posecheck batch` for, as one job for each recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posecheck.commands.analyze_desk import read_span
from posecheck.commands.arguments import find_exercise, read_side, working_side
from posecheck.commands.batch_job import Job, JobSettings
from posecheck.exercise import Exercise
from posecheck.io.batch.manifest import Entry, ManifestError, listed
from posecheck.io.errors import UserError
from posecheck.io.motion.export import Format
from posecheck.io.routines.load import Library
from posecheck.io.vision.source import CameraError, checked_fps

YES, NO = {"yes", "true", "1", "x"}, {"no", "false", "0", ""}
"""What may stand in the column `desk`."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """The options of `posecheck batch`. `exercise`, `side`, `level`, `fps` and `desk` hold for
    recordings of which a manifest says nothing.

    workers    None: one for each core
    scheduler  address of a Dask scheduler, "" for workers of this computer
    """

    inputs: tuple[str, ...]
    out: Path
    model: str
    exercise: str = ""
    side: str = ""
    level: str = ""
    fps: str = ""
    desk: bool = False
    workers: int | None = None
    scheduler: str = ""
    dashboard: bool = False
    frames: bool = False
    exports: tuple[Format, ...] = ()
    every_s: float | None = None


def jobs_of(
    entries: Sequence[Entry], request: BatchRequest, settings: JobSettings, library: Library
) -> list[Job]:
    """A job for each recording. ManifestError with everything that is wrong."""
    find = cache(lambda name: find_exercise(name, library))
    every = tuple(library.exercises.values())
    jobs: list[Job] = []
    problems: list[str] = []
    for number, entry in enumerate(entries):
        reading = _Reading(entry, request, find)
        values = reading.values()
        if reading.problems:
            problems += reading.problems
            continue
        path = str(entry.path.expanduser().absolute())
        job = Job(number, entry.recording, path, settings, **values)
        if job.exercise is None and not job.desk:
            if not job.landmarks:
                problems.append(
                    f"{reading.place}: exercise: say what is done in it, in a column of a manifest "
                    "or with --exercise ID."
                )
            job = Job(number, entry.recording, path, settings, exercises=every, **values)
        jobs.append(job)
    if problems:
        raise ManifestError(listed(problems))
    return jobs


class _Reading:
    """Reads the words of one entry.

    problems  what is wrong with them, with its place
    """

    def __init__(
        self, entry: Entry, request: BatchRequest, find: Callable[[str], Exercise]
    ) -> None:
        self._entry, self._request, self._find = entry, request, find
        self.place = entry.place or entry.recording
        self.problems: list[str] = []

    def values(self) -> dict[str, Any]:
        """The fields of a job that the entry decides."""
        values = dict(self._values())
        if values.get("desk"):
            for name in ("exercise", "side", "level"):
                if getattr(self._entry, name):
                    self._add(name, "a recording at a desk has none; leave it empty.")
                values.pop(name, None)
            values.pop("remark", None)
        elif values.get("calibrate") or values.get("slump"):
            self._add("calibrate", "this is for recordings at a desk; say so in the column desk.")
        return values

    def _values(self) -> Iterator[tuple[str, Any]]:
        entry, request = self._entry, self._request
        yield "desk", self._desk()
        yield from self._exercise_and_side(entry.exercise or request.exercise)
        level = entry.level or request.level
        if level and level not in ("1", "2", "3"):
            self._add("level", f"it must be 1, 2 or 3, not {level}.")
        elif level:
            yield "level", int(level)
        yield "fps", self._fps()
        for name in ("calibrate", "slump"):
            if text := getattr(entry, name):
                yield name, self._span(name, text)

    def _desk(self) -> bool:
        word = self._entry.desk.lower()
        if word not in YES | NO:
            self._add("desk", f"write yes or no, not {word}.")
        return word in YES or (self._request.desk and not self._entry.exercise and not word)

    def _fps(self) -> float | None:
        text = self._entry.fps or self._request.fps
        if not text:
            return None
        try:
            return checked_fps(float(text))
        except (ValueError, CameraError):
            self._add("fps", f"{text} is no number of pictures a second.")
            return None

    def _exercise_and_side(self, name: str) -> Iterator[tuple[str, Any]]:
        side = self._entry.side or self._request.side or None
        try:
            if not name:
                yield "side", read_side(side)
                return
            exercise = self._find(name)
            yield "exercise", exercise
            working, remark = working_side(exercise, side)
            yield "side", working
            yield "remark", remark
        except UserError as error:
            self._add("exercise" if side is None or "side" not in str(error) else "side", error)

    def _span(self, name: str, text: str) -> tuple[float, float] | None:
        try:
            span = read_span(text, name)
        except UserError as error:
            self._add(name, error)
            return None
        return None if span is None else (span.start, span.end)

    def _add(self, column: str, why: object) -> None:
        self.problems.append(f"{self.place}: {column}: {why}")
