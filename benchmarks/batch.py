"""What many recordings cost beside a plain loop, and what a second worker brings.

    uv run python benchmarks/batch.py CLIP EXERCISE [--recordings 200] [--workers 1 2] [--json]

CLIP is a video or a recording of landmarks; it is judged again and again, as if it were so many
recordings. First in a plain loop in one worker process, one recording after the other, then by the
local workers of `posecheck batch`. Their start is measured apart. Last comes a model, not a
measurement: how long 10,000 recordings would take with 2, 8 and 64 workers, from the measured time
of one and 1 ms of scheduling for each. Goals are said to be met or not; the exit code is 0 either
way, because a busy machine is no mistake.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posecheck.commands.arguments import working_side
from posecheck.commands.batch_cluster import JobRunner, local_workers
from posecheck.commands.batch_job import Fingerprint, Job, JobSettings, Judged, Outcome, judge
from posecheck.io.batch.manifest import holds_landmarks
from posecheck.io.routines.load import load_all
from posecheck.io.vision.models import model_path, verify_model

OVERHEAD, SPEED_UP = 0.03, 1.9
FLAT_MB = 30.0
"""Growth of a worker between a fifth of the recordings and the end that is still called flat."""
SCHEDULING_S = 0.001
"""Time of Dask's scheduler for one task, as its documentation gives it."""
MODELLED, MODEL_RECORDINGS = (2, 8, 64), 10_000


@dataclass(frozen=True, slots=True)
class Goal:
    text: str
    value: float
    met: bool


def plain_loop(job: Job) -> Outcome:
    """Judge the recording as often as its name says, in this worker; the seconds as a "hash"."""
    judge(job)  # the imports and the first model are not measured
    begun = time.perf_counter()
    for _ in range(int(job.recording)):
        assert isinstance(judge(job), Judged)
    return Fingerprint(str(time.perf_counter() - begun))


def resident_mb() -> float:
    """Memory of the process that runs it, where Linux tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(jobs: Sequence[Job], workers: int) -> dict[str, float]:
    """Start of the workers and time of the recordings, seconds, and the memory of the largest."""
    memory: list[float] = []
    settings = jobs[0].settings
    started = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        local_workers(workers, Path(folder) / "scratch", False) as client,
    ):
        runner = JobRunner(client, settings, True, print)
        for _ in runner.run(judge, jobs[: 2 * workers]):
            pass  # the imports and the first model are not measured
        begun = time.perf_counter()
        for number, (_, outcome) in enumerate(runner.run(judge, jobs), 1):
            assert isinstance(outcome, Judged), outcome
            if number in (max(1, len(jobs) // 5), len(jobs)):
                memory.append(max(client.run(resident_mb).values()))
        taken = time.perf_counter() - begun
    return {
        "start_s": begun - started,
        "seconds": taken,
        "recordings_a_second": len(jobs) / taken,
        "memory_mb": memory[-1],
        "growth_mb": memory[-1] - memory[0],
    }


def measure_loop(job: Job) -> float:
    """Seconds of the plain loop, in a process like that of a worker."""
    with (
        tempfile.TemporaryDirectory() as folder,
        local_workers(1, Path(folder) / "scratch", False) as client,
    ):
        ((_, outcome),) = JobRunner(client, job.settings, True, print).run(plain_loop, [job])
    assert isinstance(outcome, Fingerprint), outcome
    return float(outcome.sha256)


def model(task_s: float) -> dict[str, float]:
    """Hours for MODEL_RECORDINGS: each worker is busy with a recording or the scheduler with
    handing out, whichever takes longer."""
    return {
        f"{workers} workers": MODEL_RECORDINGS * max(task_s / workers, SCHEDULING_S) / 3600
        for workers in MODELLED
    }


def goals(figures: dict[str, dict[str, float]], loop_s: float) -> list[Goal]:
    found = []
    one, two = figures.get("1 workers"), figures.get("2 workers")
    if one:
        overhead = one["seconds"] / loop_s - 1
        text = f"overhead over a plain loop: at most {OVERHEAD:.0%}"
        found.append(Goal(text, overhead, overhead <= OVERHEAD))
    if one and two:
        ratio = one["seconds"] / two["seconds"]
        text = f"two workers: at least {SPEED_UP} times as fast as one"
        found.append(Goal(text, ratio, ratio >= SPEED_UP))
    for name, rows in figures.items():
        growth = rows.get("growth_mb")
        if growth is not None:
            text = f"{name}: memory grows by less than {FLAT_MB:.0f} MB"
            found.append(Goal(text, growth, growth < FLAT_MB))
    return found


def main() -> None:
    library = load_all()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("exercise", choices=sorted(library.exercises), metavar="exercise")
    parser.add_argument("--recordings", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--model", choices=("lite", "full"), default="full")
    parser.add_argument("--json", action="store_true", help="figures for a program")
    asked = parser.parse_args()
    exercise = library.exercises[asked.exercise]
    settings = JobSettings("", "")
    if not holds_landmarks(asked.clip):
        content = verify_model(model_path(asked.model))
        settings = JobSettings(asked.model, hashlib.sha256(content).hexdigest())
    side, _ = working_side(exercise, None)
    path = str(asked.clip.absolute())
    jobs = [
        Job(number, str(asked.recordings), path, settings, exercise, side=side)
        for number in range(asked.recordings)
    ]
    loop_s = measure_loop(jobs[0])
    figures = {f"{number} workers": measure(jobs, number) for number in asked.workers}
    figures["model, not measured: hours for 10,000 such recordings"] = model(loop_s / len(jobs))
    figures["plain loop"] = {"seconds": loop_s, "one_s": loop_s / len(jobs)}
    found = goals(figures, loop_s)
    if asked.json:
        listed = [{"text": g.text, "value": g.value, "met": g.met} for g in found]
        print(json.dumps({"figures": figures, "goals": listed}))
        return
    for name, rows in figures.items():
        print(name)
        for row, value in rows.items():
            print(f"  {row:32} {value:9.3f}")
    for goal in found:
        print(f"{'met    ' if goal.met else 'NOT MET'}  {goal.text}  ({goal.value:.3f})")


if __name__ == "__main__":
    main()
