"""`posecheck batch` as a whole: real workers of this computer, and a real cluster on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import cloudpickle
import pyarrow.parquet as pq
import pytest
from clusters import DEADLINE_S, cluster, posecheck, until
from golden import FOLDER, expected

from posecheck.commands.batch_cluster import JobRunner, local_workers
from posecheck.commands.batch_job import Failed, Fingerprint, Job, JobSettings, Outcome

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="signals are not those of Windows"),
]

NAMES = ("plank_phone", "side_leg_raise_front", "superman_side", "triceps_back")
CLIP = Path(__file__).parents[1] / "clips" / "childs_pose_beth_R.mp4"


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with recordings, a damaged one, a video, and a manifest of all, in which one file
    does not exist."""
    folder = tmp_path_factory.mktemp("recordings")
    lines = ["recording,exercise"]
    for name in NAMES:
        shutil.copy(FOLDER / f"{name}.rec", folder)
        lines.append(f"{name}.rec,")
    (folder / "damaged.rec").write_bytes((FOLDER / "plank_phone.rec").read_bytes()[:40])
    shutil.copy(CLIP, folder / "child.mp4")
    lines += ["damaged.rec,plank", "gone.rec,plank", "child.mp4,childs_pose"]
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder


def batch(recordings: Path, out: Path, *more: object) -> subprocess.CompletedProcess[str]:
    words = ("--model", "lite", "--frames", "--export", "trc", "--export", "c3d")
    return posecheck("batch", recordings / "manifest.csv", "--out", out, *words, *more)


def tables(out: Path) -> dict[str, bytes]:
    """Everything that a run leaves, by name."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(out / f"{table}.parquet").to_pylist()
    return read


@pytest.fixture(scope="module")
def from_one(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one local worker."""
    out = tmp_path_factory.mktemp("one") / "out"
    done = batch(recordings, out, "--workers", 1)
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("7 recordings: 5 judged, 2 failed in "), done.stdout
    assert "There is no file" in done.stderr
    assert "damaged.rec" in done.stderr
    assert "Traceback" not in done.stderr
    return out


@pytest.mark.model
def test_one_bad_file_is_a_row_and_stops_nothing(from_one: Path) -> None:
    found = rows(from_one, "recordings")
    assert [row["entry"] for row in found] == list(range(7))
    assert [row["status"] for row in found] == [*["judged"] * 4, "failed", "failed", "judged"]
    assert "is damaged" in found[4]["sentence"]
    assert "There is no file" in found[5]["sentence"]
    golden = expected()
    sets = {row["recording"]: row for row in rows(from_one, "sets")}
    for name in NAMES:
        assert sets[f"{name}.rec"]["wrong_s"] == pytest.approx(golden[name]["wrong_s"], abs=0.01)
    assert not (from_one / ".workers").exists()
    assert {path.suffix for path in (from_one / "exports").iterdir()} == {".trc", ".sto", ".c3d"}


@pytest.mark.model
def test_a_video_is_judged_as_analyze_judges_it(from_one: Path, tmp_path: Path) -> None:
    words = ("analyze", CLIP, "-e", "childs_pose", "--model", "lite", "--export", "trc")
    done = posecheck(*words, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    (row,) = (row for row in rows(from_one, "sets") if row["recording"] == "child.mp4")
    (about,) = (row for row in rows(from_one, "recordings") if row["recording"] == "child.mp4")
    for name in ("correct_s", "wrong_s", "cant_tell_s", "before_start_s", "form_score"):
        assert row[name] == summary[name]
    for name in ("frames", "frames_judged", "seconds"):
        assert about[name] == summary[name]
    frames = pq.read_table(from_one / "frames" / "00006-child.parquet").to_pylist()
    assert 0 < len(frames) == summary["frames_judged"]
    lines = (tmp_path / "out" / "frames.jsonl").read_text().splitlines()
    assert [(frame["t_s"], frame["state"]) for frame in frames] == [
        (line["t"], line["state"])
        for line in map(json.loads, lines)
        if line.get("judged", True)  # one that is skipped repeats the last one
    ]
    alone = (tmp_path / "out" / f"{CLIP.stem}.trc").read_text().split("\n", 1)[1]
    assert (from_one / "exports" / "00006-child.trc").read_text().split("\n", 1)[1] == alone


@pytest.mark.model
def test_a_killed_run_goes_on_and_two_workers_give_the_same_bytes(
    recordings: Path, from_one: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("batch", recordings / "manifest.csv", "--out", out, "--model", "lite", "--frames",
             "--export", "trc", "--export", "c3d", "--workers", 2)  # fmt: skip
    first = subprocess.Popen(
        [sys.executable, "-m", "posecheck", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: [*(out / ".results").glob("*/*.json")] or first.poll() is not None, "a result")
    first.send_signal(signal.SIGKILL)
    assert first.wait(DEADLINE_S) == -signal.SIGKILL, "it ended before it was killed"
    assert not (out / "recordings.parquet").exists()
    done = batch(recordings, out, "--workers", 2)
    assert done.returncode == 2, done.stderr
    assert "of 7 recordings are judged already" in done.stderr
    assert tables(out) == tables(from_one)


@pytest.mark.model
def test_a_cluster_loses_and_doubles_nothing(
    recordings: Path, from_one: Path, tmp_path: Path
) -> None:
    """Of four workers one lacks the model, one has no posecheck, one is killed in the middle, and
    one alone sees a file."""
    without = tmp_path / "without"
    shutil.copytree(Path("posecheck"), without / "posecheck")
    shutil.copytree(Path("routines"), without / "routines")
    foreign = tmp_path / "foreign"
    (foreign / "posecheck").mkdir(parents=True)
    (foreign / "posecheck" / "__init__.py").write_text("raise ImportError('posecheck is not here')")
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    shutil.copy(FOLDER / "superman_side.rec", there / "only.rec")
    text = (recordings / "manifest.csv").read_text()
    manifest = recordings / "cluster.csv"
    more = ("/proc/self/cwd/only.rec,", "/proc/self/cwd/nowhere.rec,")
    manifest.write_text(text + "\n".join(more) + "\n")
    out = tmp_path / "out"
    with cluster(tmp_path / "cluster") as made:
        made.start_worker(without, without)
        made.start_worker(foreign, foreign)
        doomed = made.start_worker(here)
        made.start_worker(there)
        run = subprocess.Popen(
            [sys.executable, "-m", "posecheck", "batch", str(manifest), "--out", str(out),
             "--model", "lite", "--frames", "--export", "trc", "--export", "c3d",
             "--scheduler", made.address],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until(lambda: [*(out / ".results").glob("*/*.json")] or run.poll() is not None, "a result")
        doomed.kill()
        told, errors = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 2, errors
    assert told.startswith("9 recordings: 6 judged, 3 failed in "), told + errors
    assert "lacks the pose model" in errors
    assert "has no posecheck" in errors
    assert "Traceback" not in errors
    found = {row["recording"]: row for row in rows(out, "recordings")}
    assert found["/proc/self/cwd/only.rec"]["status"] == "judged"
    assert "nowhere.rec" in found["/proc/self/cwd/nowhere.rec"]["sentence"]
    for table in ("sets", "faults", "repetitions"):
        shared = [row for row in rows(out, table) if row["entry"] < 7]
        assert shared == rows(from_one, table)
    assert [row["entry"] for row in rows(out, "recordings")] == list(range(9))
    before, after = rows(from_one, "recordings"), rows(out, "recordings")[:7]
    assert [row["key"] for row in after] == [row["key"] for row in before]


def test_without_a_scheduler_or_workers_a_sentence_says_so(
    recordings: Path, tmp_path: Path
) -> None:
    one = recordings / "plank_phone.rec"
    words = ("batch", one, "--out", tmp_path / "out", "--scheduler")
    with cluster(tmp_path / "cluster") as made:
        foreign = tmp_path / "foreign"
        (foreign / "posecheck").mkdir(parents=True)
        (foreign / "posecheck" / "__init__.py").write_text("raise ImportError('not here')")
        made.start_worker(foreign, foreign)
        refused = posecheck(*words, made.address)
        assert refused.returncode == 2
        assert "No worker can judge" in refused.stderr
        address = made.address
    for wrong, sentence in (
        (address, "No Dask scheduler answers at"),
        ("10.0.0.5", "is no address of a Dask scheduler"),
    ):
        refused = posecheck(*words, wrong)
        assert refused.returncode == 2
        assert sentence in refused.stderr
        assert "Traceback" not in refused.stderr


def fatal(job: Job) -> Outcome:
    """Ends the worker for one of the jobs."""
    if job.recording == "fatal":
        os._exit(1)
    return Fingerprint(job.recording)


def test_a_recording_that_ends_its_workers_is_given_up_alone(tmp_path: Path) -> None:
    settings = JobSettings("", "")
    names = ("a", "fatal", "b", "c")
    jobs = [Job(number, name, name, settings) for number, name in enumerate(names)]
    remarks: list[str] = []
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        with local_workers(1, tmp_path / "scratch", False) as client:
            runner = JobRunner(client, settings, True, remarks.append)
            found = {job.recording: outcome for job, outcome in runner.run(fatal, jobs)}
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    given_up = found.pop("fatal")
    assert isinstance(given_up, Failed)
    assert "has ended every worker" in given_up.sentence
    assert found == {name: Fingerprint(name) for name in ("a", "b", "c")}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--summary", "a", "b"), "--summary takes one folder"),
        (("a", "--desk", "-e", "plank"), "--desk goes without --exercise"),
        (("a", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), "a scheduler has its own"),
        (("a", "--export", "trcc"), "There is no format 'trcc'; did you mean 'trc'?"),
        (("/nowhere", "-e", "plank"), "There is no file"),
    ],
)
def test_mistakes_of_the_command_are_reported(
    words: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    done = posecheck("batch", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
