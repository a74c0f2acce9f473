"""The text to attach to a bug report: what it holds, and what it must not hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from posecheck.commands.doctor_report import write_report
from posecheck.io.output import OutputError

pytestmark = pytest.mark.process

HOLDS = "## posecheck doctor --report"
LEFT_OUT = "It leaves out: the answers to the safety questions and about pain"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's folder with settings, answers about health, a log and a crash file."""
    settings = {
        "camera": "http://user:secret@cam.example/live",
        "desk_camera": "Cam SN 8F3A2210C4",
        "level": 3,
        "tags": ["THR", "NO_SUCH_TAG"],
        "screened": "advice",
        "comfort": [["2026-01-31", 7]],
        "theme": "purple",
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "posecheck.log").write_text("".join(f"log line {n}.\n" for n in range(500)))
    (folder / "crash-20260131-120000-1.txt").write_text("crash")
    return tmp_path


def report(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "POSECHECK_HOME": str(home), "PYTHONIOENCODING": "utf-8", "LOGNAME": "annika",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "posecheck", "doctor", *args], cwd=home, env=environment,
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_a_report_holds_what_helps_and_nothing_private(home: Path) -> None:
    """Printed without a file."""
    done = report(home, "--report")
    assert (done.returncode, done.stderr) == (0, "")
    text = done.stdout
    assert text.startswith(HOLDS)
    for part in (
        LEFT_OUT, "posecheck 0.", "mediapipe 0.10.31", "numpy ", "Python: ok: ", "Models: ok: ",
        "level = 3", "camera = 'http://cam.example/live'", "desk_camera = 'Cam SN <serial>'",
        "settings.json: theme must be", "crash-20260131-120000-1.txt", "log line 499.",
        "log line 400.",
    ):  # fmt: skip
        assert part in text, part
    for private in (
        "secret", "user:", "8F3A2210C4", "THR", "NO_SUCH_TAG", "advice\n", "2026-01-31",
        "tags", "screened", "comfort", "log line 399.",
    ):  # fmt: skip
        assert private not in text, private
    assert str(Path.home()) + os.sep not in text
    assert "annika" not in text


def test_a_report_is_written_to_a_file(home: Path) -> None:
    """And what it holds is said."""
    done = report(home, "--report", "report.txt")
    assert done.returncode == 0, done.stderr
    assert LEFT_OUT in done.stdout
    assert "Written: report.txt" in done.stdout
    assert (home / "report.txt").read_text(encoding="utf-8").startswith(HOLDS)


def test_the_name_of_the_user_is_replaced(home: Path) -> None:
    """Also where it is part of the path that results would be written to."""
    (folder := home / "annika").mkdir()
    done = report(folder, "--report")
    assert "GB free in" in done.stdout
    assert "annika" not in done.stdout


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("report.txt",), "A file is written only with --report."),
        (("--report", "no/such/place.txt"), "cannot be written"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused(
    args: tuple[str, ...], sentence: str, home: Path
) -> None:
    """With a sentence."""
    done = report(home, *args)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_users_own_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("Dear diary")
    with pytest.raises(OutputError, match="not a report of posecheck"):
        write_report(file)
    assert file.read_text() == "Dear diary"
