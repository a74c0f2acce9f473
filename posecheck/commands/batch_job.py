"""One recording of `posecheck batch`: what a worker is given, what it does, what it gives back.

Nothing here knows of workers and schedulers, and nothing is written: the result goes back to the
program that asked for it. `judge` uses the same functions as `analyze`, `analyze --desk` and
`replay`.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posecheck import __version__
from posecheck.commands.analyze_desk import Span
from posecheck.commands.batch_rows import RowCollector, desk_rows
from posecheck.exercise import Exercise
from posecheck.io.batch.manifest import holds_landmarks
from posecheck.io.batch.results import StoredResult
from posecheck.io.batch.schema import SCHEMA
from posecheck.io.errors import UserError, sentence_of
from posecheck.io.motion.export import Format
from posecheck.io.requirements import SystemProblem
from posecheck.io.vision.models import ModelError, model_path, verify_model
from posecheck.pose import Side

CHUNK = 2**20
"""Bytes that are read at once to compute a hash."""


@dataclass(frozen=True)
class JobSettings:
    """What is the same for every recording of a run.

    version       of posecheck
    model         lite, full or the path of a file; "" when all recordings hold landmarks
    model_sha256  of the model file
    every_s       seconds between the frames of a video that are judged; None for the exercise's own
    frames        whether a row for each frame is wanted
    exports       formats of landmarks that are wanted
    """

    model: str
    model_sha256: str
    frames: bool = False
    exports: tuple[Format, ...] = ()
    every_s: float | None = None
    version: str = __version__

    def provenance(self) -> dict[str, Any]:
        """What is written into every table. The model's file without its folder."""
        return {
            "posecheck": self.version,
            "schema": SCHEMA,
            "model": Path(self.model).name or None,
            "model_sha256": self.model_sha256 or None,
            "settings": {
                "frames": self.frames,
                "exports": list(self.exports),
                "every_s": self.every_s,
            },
        }


@dataclass(frozen=True)
class Job:
    """One recording to judge.

    path       as every worker that can see the file names it
    exercise   what is done in it; None: as a recording of landmarks says, or a desk
    exercises  all that a recording of landmarks may name, when `exercise` is None
    level      None: the recording's own, else 2
    fps        pictures per second of a recording that states no times; None when nobody said
    remark     about what was taken for granted, "" for nothing
    """

    entry: int
    recording: str
    path: str
    settings: JobSettings
    exercise: Exercise | None = None
    exercises: tuple[Exercise, ...] = ()
    side: Side | None = None
    level: int | None = None
    fps: float | None = None
    desk: bool = False
    calibrate: tuple[float, float] | None = None
    slump: tuple[float, float] | None = None
    remark: str = ""

    @property
    def landmarks(self) -> bool:
        """Whether the file holds landmarks instead of pictures."""
        return holds_landmarks(Path(self.path))

    def key(self, sha256: str) -> str:
        """The key of the result for a file of this content."""
        rules = rules_sha256(self.exercises if self.exercise is None else (self.exercise,))
        given = (
            *(self.side, self.level, self.fps, self.desk, self.calibrate, self.slump, self.remark),
        )
        settings = asdict(self.settings)
        if self.landmarks:  # another model has seen them long ago
            settings |= {"model": "", "model_sha256": "", "every_s": None}
        about = [SCHEMA, sha256, settings, self.landmarks, rules, given]
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


@cache
def rules_sha256(exercises: tuple[Exercise, ...]) -> str:
    """A hash of everything that the files of these exercises say."""
    text = json.dumps([asdict(each) for each in exercises], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Judged:
    """The recording was judged."""

    result: StoredResult


@dataclass(frozen=True)
class Failed:
    """The recording cannot be judged, by any worker. `bug`: the traceback of a mistake of
    posecheck, "" for none."""

    sentence: str
    bug: str = ""


@dataclass(frozen=True)
class NotThere:
    """This worker does not see the file; another may."""

    sentence: str


@dataclass(frozen=True)
class Unfit:
    """This worker cannot judge any recording."""

    sentence: str


@dataclass(frozen=True)
class Fingerprint:
    """The hash of the content of a recording."""

    sha256: str


Outcome = Judged | Failed | NotThere | Unfit | Fingerprint


class BatchError(UserError):
    """A run cannot go on, or a recording has no result."""


def unfitness(settings: JobSettings) -> str:
    """Why this computer cannot judge with these settings, as the end of a sentence that begins with
    its name; "" when it can."""
    if __version__ != settings.version:
        return f"has posecheck {__version__}, not {settings.version}"
    if not settings.model:
        return ""
    try:
        content = verify_model(model_path(settings.model))
    except ModelError as error:
        return f"lacks the pose model: {error}"
    if hashlib.sha256(content).hexdigest() != settings.model_sha256:
        return f"has another build of the pose model {settings.model}"
    return ""


def fingerprint(job: Job) -> Outcome:
    """The hash of the recording's content."""
    try:
        return Fingerprint(content_sha256(Path(job.path)))
    except FileNotFoundError:
        return NotThere(_missing(job))
    except OSError as error:
        return Failed(f"{job.recording} cannot be read: {(error.strerror or str(error)).lower()}.")


def judge(job: Job) -> Outcome:
    """Judge the recording. Never raises: what went wrong is in the outcome."""
    if why := unfitness(job.settings):
        return Unfit(why)
    printed = fingerprint(job)
    if not isinstance(printed, Fingerprint):
        return printed
    try:
        return Judged(_result(job, printed.sha256))
    except (ModelError, SystemProblem, ImportError) as error:
        return Unfit(f"cannot work: {sentence_of(error)}")
    except MemoryError:
        return Failed(f"{job.recording} needs more memory than there is.")
    except Exception as error:
        if sentence := sentence_of(error):
            return Failed(sentence)
        mistake = f"posecheck has made a mistake with {job.recording}: {error!r}."
        return Failed(mistake, traceback.format_exc())


def content_sha256(path: Path) -> str:
    """SHA-256 of a file; of a folder that of the names and contents of its images. OSError."""
    whole = hashlib.sha256()
    if path.is_dir():
        for image in sorted(each for each in path.iterdir() if each.is_file()):
            whole.update(image.name.encode(errors="surrogateescape") + b"\0")
            whole.update(content_sha256(image).encode())
        return whole.hexdigest()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            whole.update(part)
    return whole.hexdigest()


def _missing(job: Job) -> str:
    return f"There is no file {job.path}. Check the name and the folder."


# --- judging ------------------------------------------------------------------------------------


def _result(job: Job, sha256: str) -> StoredResult:
    key = job.key(sha256)
    sentences = [job.remark] if job.remark else []
    if job.desk:
        rows = _judge_desk(job, sentences)
        files: dict[str, bytes] = {}
    else:
        collector = RowCollector(job.settings.frames, job.settings.exports)
        judging = _judge_landmarks if job.landmarks else _judge_video
        row = judging(job, collector, sentences)
        rows = collector.rows(row)
        files = collector.files(Path(job.path).stem)
    whole = {"sentence": " ".join(sentences) or None, "sha256": sha256, "key": key}
    rows["recordings"] = [each | whole for each in rows["recordings"]]
    return StoredResult(key, rows, files)


def _judge_video(job: Job, collector: RowCollector, sentences: list[str]) -> dict[str, Any]:
    from posecheck.commands.analyze import AnalysisRequest, analysed
    from posecheck.commands.set_report import remarks

    exercise = job.exercise
    if exercise is None:
        raise BatchError(NO_EXERCISE.format(recording=job.recording))
    level = job.level or DEFAULT_LEVEL
    request = AnalysisRequest(
        *(Path(job.path), exercise, job.side, None, False, job.settings.model, level),
        every_s=job.settings.every_s,
        fps=job.fps,
    )
    with ExitStack() as stack:
        analysis = analysed(request, stack, watchers=(collector.watching,))
    sentences += [analysis.truncated] if analysis.truncated else []
    sentences += remarks(analysis, job.recording)
    collector.stats = [analysis.set_stats]
    return {
        "status": _status(analysis.nobody, analysis.twins),
        "kind": "exercise",
        "exercise": exercise.id,
        "side": job.side,
        "level": level,
        "frames": analysis.frames,
        "frames_judged": analysis.judged,
        "seconds": analysis.seconds,
        "others_s": analysis.beside_s,
    }


DEFAULT_LEVEL = 2
"""The level of `posecheck analyze`."""
NO_EXERCISE = "{recording} does not say what is done in it. Name it with --exercise ID."


def _status(nobody: bool, twins: bool) -> str:
    return "two_people" if twins else "nobody" if nobody else "judged"


def _judge_landmarks(job: Job, collector: RowCollector, sentences: list[str]) -> dict[str, Any]:
    from posecheck.commands.rejudge_file import judged_file
    from posecheck.commands.set_report import remarks

    done = judged_file(
        Path(job.path), job.exercise, job.side, job.level, job.exercises, collector.add
    )
    sentences += [done.cut_off] if done.cut_off else []
    collector.stats = done.stats
    row: dict[str, Any] = {
        "status": "judged",
        "kind": "exercise" if done.analysis else "session",
        "level": done.level,
        "frames": done.frames,
        "frames_judged": done.frames,
        "seconds": done.seconds,
    }
    if done.analysis:
        planned = done.analysis.set_stats.planned
        sentences += remarks(done.analysis, job.recording)
        row |= {
            "status": _status(done.analysis.nobody, done.analysis.twins),
            "exercise": planned.exercise.id,
            "side": planned.side,
            "others_s": done.analysis.beside_s,
        }
    return row


def _judge_desk(job: Job, sentences: list[str]) -> dict[str, list[dict[str, Any]]]:
    from posecheck.commands.analyze_desk import DeskRecording, judged_desk

    if job.landmarks:
        raise BatchError(f"{job.recording} holds landmarks; sitting is judged from a video.")
    tall, slump = (None if each is None else Span(*each) for each in (job.calibrate, job.slump))
    with ExitStack() as stack:
        request = DeskRecording(Path(job.path), None, job.settings.model, tall, slump, job.fps)
        result = judged_desk(request, stack, sentences.append)
    sentences += [result["truncated"]] if result["truncated"] else []
    return desk_rows(result)
