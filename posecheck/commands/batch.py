"""`posecheck batch`: judges any number of recordings and writes the results as tables.

The program reads what is asked, gives the recordings to workers, stores each result as it comes,
and writes the tables at the end, in the order of the request: the same bytes from one worker and
from many. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from posecheck.commands.batch_job import (
    Failed,
    Fingerprint,
    Job,
    JobSettings,
    Judged,
    Outcome,
    fingerprint,
    judge,
)
from posecheck.commands.batch_request import BatchRequest, jobs_of
from posecheck.commands.batch_summary import counts_line
from posecheck.io.batch.manifest import entries_of, holds_landmarks
from posecheck.io.batch.packages import arrow, optional
from posecheck.io.batch.results import Concluded, ResultStore, Row, write_tables
from posecheck.io.motion.export import check_formats
from posecheck.io.output import prepare_folder, writing
from posecheck.io.requirements import check_mediapipe
from posecheck.io.routines.load import Library
from posecheck.io.vision.models import model_path, verify_model

if TYPE_CHECKING:
    from posecheck.commands.batch_cluster import JobRunner

SCRATCH, MISTAKES = ".workers", "mistakes"
TOLD = 10
"""Recordings without a result that are named on the terminal; the table names all."""
LINE_S = 30.0
"""Seconds between two lines of progress where stderr is no terminal."""

OnDone = Callable[[], None]


def batch(request: BatchRequest, library: Library) -> int:
    """Judge everything, and report. The exit code: 2 when a recording has no result, 1 after a
    mistake of posecheck."""
    entries, remarks = entries_of(request.inputs)
    settings = _settings(request, not all(holds_landmarks(entry.path) for entry in entries))
    jobs = jobs_of(entries, request, settings, library)
    for remark in remarks:
        _tell(remark)
    _check_packages(request)
    prepare_folder(request.out)
    store = ResultStore(request.out)
    begun = time.monotonic()
    run = _Run(jobs, request.out, store)
    with _runner(request, settings) as runner:
        known = run.take_stored(runner)
        if known:
            _tell(f"{known} of {len(jobs)} recordings are judged already.")
        with progress(len(jobs), known) as on_done:
            run.judge(runner, on_done)
    ordered = [run.done[job.entry] for job in jobs]
    write_tables(request.out, ordered, store, settings.provenance())
    return _report(request, run, time.monotonic() - begun)


def _settings(request: BatchRequest, pictures: bool) -> JobSettings:
    """What holds for all recordings. `pictures`: a model is needed. ModelError, SystemProblem."""
    settings = JobSettings("", "", frames=request.frames, exports=request.exports)
    settings = replace(settings, every_s=request.every_s)
    if not pictures:
        return settings
    check_mediapipe()
    content = verify_model(model_path(request.model))
    return replace(settings, model=request.model, model_sha256=hashlib.sha256(content).hexdigest())


def _check_packages(request: BatchRequest) -> None:
    """Raise PackageMissing before any work."""
    arrow()
    check_formats(request.exports)
    for module in ("distributed", *(() if request.scheduler else ("cryptography",))):
        optional(module, "batch", "posecheck batch")


@contextmanager
def _runner(request: BatchRequest, settings: JobSettings) -> Iterator[JobRunner]:
    # Imported here: nothing else of posecheck may load it, and it takes half a second.
    from posecheck.commands import batch_cluster as cluster

    if request.scheduler:
        opened = cluster.cluster_of(request.scheduler)
    else:
        number = request.workers or cluster.local_worker_count()
        opened = cluster.local_workers(number, request.out / SCRATCH, request.dashboard)
    with opened as client:
        if request.dashboard and client.dashboard_link:
            _tell(f"Dashboard: {client.dashboard_link}")
        yield cluster.JobRunner(client, settings, not request.scheduler, _tell)


class _Run:
    """What is known of every job.

    done      entry -> what came of it
    mistakes  how many mistakes of posecheck were met
    """

    def __init__(self, jobs: Sequence[Job], out: Path, store: ResultStore) -> None:
        self._jobs, self._out, self._store = jobs, out, store
        self.done: dict[int, Concluded] = {}
        self.statuses: Counter[str] = Counter()
        self.sentences: list[str] = []
        self.mistakes = 0

    def take_stored(self, runner: JobRunner) -> int:
        """Look for results of an earlier run, if there are any. How many were found."""
        if not self._store.any():
            return 0
        for job, outcome in runner.run(fingerprint, self._jobs):
            if isinstance(outcome, Fingerprint) and self._store.has(key := job.key(outcome.sha256)):
                self._conclude(job, key, self._store.rows(key)["recordings"][0])
        return len(self.done)

    def judge(self, runner: JobRunner, on_done: OnDone) -> None:
        """Judge the rest. BatchError, OutputError."""
        for job, outcome in runner.run(judge, self._rest()):
            self._take(job, outcome)
            on_done()

    def _rest(self) -> Iterable[Job]:
        return [job for job in self._jobs if job.entry not in self.done]

    def _take(self, job: Job, outcome: Outcome) -> None:
        if isinstance(outcome, Judged):
            self._store.save(outcome.result)
            row = outcome.result.rows["recordings"][0]
            self._conclude(job, outcome.result.key, row)
            return
        assert isinstance(outcome, Failed)
        if outcome.bug:
            self._keep_mistake(job, outcome.bug)
        self._conclude(job, None, failed_row(job, outcome.sentence))

    def _conclude(self, job: Job, key: str | None, row: Row) -> None:
        assert job.entry not in self.done, "a recording has two results"
        self.done[job.entry] = Concluded(
            job.entry, printable(job.recording), key, row if key is None else {}
        )
        self.statuses[row["status"]] += 1
        if row["status"] != "judged" and row["sentence"]:
            self.sentences.append(row["sentence"])

    def _keep_mistake(self, job: Job, bug: str) -> None:
        self.mistakes += 1
        path = self._out / MISTAKES / f"{job.entry:05d}.txt"
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{job.recording}\n\n{bug}", encoding="utf-8", errors="replace")


def failed_row(job: Job, sentence: str) -> Row:
    """The row of a recording without a result."""
    return {
        "status": "failed",
        "sentence": printable(sentence),
        "kind": "desk" if job.desk else None,
        "exercise": job.exercise.id if job.exercise else None,
        "side": job.side,
        "level": job.level,
    }


def printable(text: str) -> str:
    """Text without what Unicode lacks, as the names of files may hold it."""
    return text.encode("utf-8", "backslashreplace").decode()


def _report(request: BatchRequest, run: _Run, seconds: float) -> int:
    for sentence in sorted(run.sentences)[:TOLD]:
        _tell(sentence)
    if len(run.sentences) > TOLD:
        _tell(f"... and {len(run.sentences) - TOLD} more; see recordings.parquet.")
    if run.mistakes:
        _tell(f"posecheck has made a mistake. The details are in {request.out / MISTAKES}.")
    print(f"{counts_line(run.statuses)} in {_duration(seconds)}.")
    print(f"Written: {request.out}")
    if run.mistakes:
        return 1
    return 0 if set(run.statuses) <= {"judged"} else 2


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)


# --- progress -----------------------------------------------------------------------------------


@contextmanager
def progress(total: int, known: int) -> Iterator[OnDone]:
    """A bar on stderr with rate and remaining time; a line now and then where that is no terminal.
    Call what it gives once for each recording."""
    if not sys.stderr.isatty():
        yield _Lines(total, known).done
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        job = bar.add_task("", total=total, completed=known, rate="")
        pace = _Pace(total - known)

        def done() -> None:
            pace.done()
            bar.update(job, advance=1, rate=pace.rate_words)

        yield done


class _Pace:
    """How fast the recordings are judged."""

    def __init__(self, total: int) -> None:
        self._total, self._count, self._begun = total, 0, time.monotonic()

    def done(self) -> None:
        self._count += 1

    @property
    def rate_words(self) -> str:
        """ "12 a minute"."""
        return f"{60 * self._count / self._seconds:.0f} a minute"

    @property
    def left_s(self) -> float:
        return self._seconds / self._count * (self._total - self._count)

    @property
    def _seconds(self) -> float:
        return max(1e-3, time.monotonic() - self._begun)


class _Lines:
    """Progress as lines on stderr."""

    def __init__(self, total: int, known: int) -> None:
        self._total, self._count, self._pace = total, known, _Pace(total - known)
        self._told_at = time.monotonic()

    def done(self) -> None:
        self._count += 1
        self._pace.done()
        if time.monotonic() - self._told_at >= LINE_S:
            self._told_at = time.monotonic()
            _tell(
                f"{self._count} of {self._total} recordings, {self._pace.rate_words}, "
                f"{_duration(self._pace.left_s)} left"
            )


def _duration(seconds: float) -> str:
    """ "42 s", "12 min" or "3.5 h"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} h"
