"""A bug leaves a crash file, whichever thread it happens in: real processes that meet one."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from posecheck.io.diagnosis.crash import MOST_FILES, forget_diagnosis
from posecheck.io.store.recording import Recording

pytestmark = pytest.mark.process

TESTS = Path(__file__).parents[2]
ADDRESS = "http://user:secret@127.0.0.1:1/x"
SENTENCE = "The details, without pictures, are in "


def broken(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run `tests/broken_program.py`."""
    environment = {
        **os.environ,
        "POSECHECK_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(TESTS),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, str(TESTS / "broken_program.py"), *args],
        capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120, check=False,
    )  # fmt: skip


def crash_files(home: Path) -> list[Path]:
    return sorted((home / "log").glob("crash-*.txt"))


def test_a_bug_of_a_command_is_one_sentence_and_a_file(tmp_path: Path) -> None:
    """The sentence names the file; the file holds everything but secrets."""
    done = broken(tmp_path, "command", ADDRESS)
    assert done.returncode == 1
    (path,) = crash_files(tmp_path)
    assert done.stderr == f"posecheck has made a mistake. {SENTENCE}{path}.\n"
    text = path.read_text(encoding="utf-8")
    for part in (
        "posecheck 0.", "mediapipe 0.10.31", f"Python {sys.version_info[0]}.",
        "Command: posecheck command http://127.0.0.1:1/x",
        "Thread: MainThread", "Traceback (most recent call last)", "in bug",
        "ValueError: cannot go on with http://127.0.0.1:1/x",
        "posecheck.test: about to open http://127.0.0.1:1/x",
        "Landmarks: none",
    ):  # fmt: skip
        assert part in text
    assert "secret" not in text
    assert str(Path.home()) + os.sep not in text
    assert [each.name for each in path.parent.iterdir()] == [path.name], "no log file, no landmarks"
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_verbose_also_shows_the_traceback(tmp_path: Path) -> None:
    """Without its secrets, and in the log file too."""
    done = broken(tmp_path, "--verbose", "command", ADDRESS)
    log = (tmp_path / "log" / "posecheck.log").read_text(encoding="utf-8")
    for text in (done.stderr, log):
        assert "ValueError: cannot go on with http://127.0.0.1:1/x" in text
        assert "secret" not in text


@pytest.mark.parametrize("where", ["thread", "slot"])
def test_a_bug_that_nothing_catches_is_reported_once(where: str, tmp_path: Path) -> None:
    """The program goes on and ends with 1; the same bug again does not fill the disk."""
    done = broken(tmp_path, where, ADDRESS)
    assert done.returncode == 1
    (path,) = crash_files(tmp_path)
    assert done.stderr == f"posecheck has made a mistake. {SENTENCE}{path}.\n"
    assert "secret" not in path.read_text(encoding="utf-8")
    if where == "slot":
        assert done.stdout == "ended as usual\n"


@pytest.mark.parametrize(
    ("where", "thread", "frames"), [("worker", "session", 12), ("desk-worker", "desk", 12)]
)
def test_a_broken_estimator_leaves_its_landmarks(
    where: str, thread: str, frames: int, tmp_path: Path
) -> None:
    """The window shows a sentence with the place of the file; joints are kept, pixels are not."""
    done = broken(tmp_path, where)
    assert done.returncode == 1
    (path,) = crash_files(tmp_path)
    (shown,) = done.stdout.splitlines()
    assert shown.startswith("posecheck has made a mistake and had to ")
    assert shown.endswith(f"{SENTENCE}{path}.")
    assert done.stderr == "", "the window has said it"
    text = path.read_text(encoding="utf-8")
    assert f"Thread: {thread}" in text
    assert "IndexError: the estimator is broken" in text
    assert f"{path.stem}.rec beside this file" in text
    assert f"{frames} frames" in text
    kept = [*Recording(path.with_suffix(".rec")).frames()]
    assert len(kept) == frames
    assert all(a.t < b.t for a, b in pairwise(kept))
    pose = kept[0].detection.pose
    assert pose is not None
    assert pose.px[0].tolist() == [200.0, 50.0]
    assert pose.mask is None, "no picture"


def test_without_a_place_for_the_file_the_traceback_is_shown(tmp_path: Path) -> None:
    """A file stands in the place of the folder."""
    (tmp_path / "log").write_text("mine")
    done = broken(tmp_path, "command", ADDRESS)
    assert done.returncode == 1
    assert "The details cannot be written to" in done.stderr
    assert "ValueError: cannot go on with http://127.0.0.1:1/x" in done.stderr
    assert "secret" not in done.stderr


def test_only_the_newest_crash_files_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all of them, the log too, are deleted with everything else that is kept about a user."""
    folder = tmp_path / "log"
    folder.mkdir()
    for number in range(MOST_FILES + 3):
        for suffix in ("txt", "rec"):
            (folder / f"crash-20200101-00000{number}-1.{suffix}").write_text("old")
    broken(tmp_path, "command", ADDRESS)
    kept = crash_files(tmp_path)
    assert len(kept) == MOST_FILES
    assert {path.stem for path in folder.glob("*.rec")} == {path.stem for path in kept[:-1]}
    (folder / "posecheck.log").write_text("log")
    (folder / "mine.txt").write_text("mine")
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    forget_diagnosis()
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
