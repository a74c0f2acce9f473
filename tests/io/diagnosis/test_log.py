"""The log file, written by real processes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from posecheck.io.diagnosis.log import LogFile

SECRET = "http://user:secret@127.0.0.1:1/x"


def posecheck(home: Path, *args: object) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "POSECHECK_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, "-m", "posecheck", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120,
        cwd=home, check=False,
    )  # fmt: skip


def text_of(home: Path) -> str:
    """Everything that was logged."""
    return "".join(
        path.read_text(encoding="utf-8") for path in sorted((home / "log").glob("posecheck.log*"))
    )


def test_a_log_file_never_grows_beyond_its_size(tmp_path: Path) -> None:
    """The oldest lines go; the newest are there."""
    handler = LogFile(tmp_path / "a.log", largest=2000, backups=2)
    for number in range(200):
        message = f"line {number} of a test"
        handler.handle(logging.LogRecord("posecheck", 20, "", 0, message, None, None))
    handler.close()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["a.log", "a.log.1", "a.log.2"]
    assert all(path.stat().st_size <= 2000 for path in files)
    if os.name == "posix":
        assert {path.stat().st_mode & 0o077 for path in files} == {0}
    assert "line 199 of" in files[0].read_text(encoding="utf-8")
    assert "line 0 of" not in "".join(path.read_text(encoding="utf-8") for path in files)


def test_a_disk_that_refuses_the_log_disturbs_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder stands in the place of the file."""
    handler = LogFile(tmp_path)
    handler.handle(logging.LogRecord("posecheck", 20, "", 0, "lost", None, None))
    handler.close()
    assert capsys.readouterr().err == ""


@pytest.mark.process
def test_a_log_that_was_forgotten_begins_again(tmp_path: Path) -> None:
    """With what is logged afterwards, and nothing from before."""
    code = (
        "import logging; from posecheck.io.diagnosis import log; log.start(['before']); "
        "log.keep_log_file(); log.forget(); logging.getLogger('posecheck.x').info('after')"
    )
    environment = {**os.environ, "POSECHECK_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    log = text_of(tmp_path)
    assert "after" in log
    assert "before" not in log


@pytest.mark.process
def test_a_session_logs_what_it_did_without_passwords(tmp_path: Path) -> None:
    """Version, computer, command and the reason of its end, for a camera that does not answer."""
    done = posecheck(tmp_path, "session", "-e", "plank", "--source", SECRET)
    assert done.returncode == 2
    assert "secret" not in done.stderr
    log = text_of(tmp_path)
    for part in (
        "posecheck 0.", f"Python {sys.version_info[0]}.{sys.version_info[1]}",
        "command: posecheck session -e plank --source http://127.0.0.1:1/x",
        "ended: http://127.0.0.1:1/x cannot be reached",
    ):  # fmt: skip
        assert part in log
    assert "secret" not in log
    assert "user" not in log.replace("<user>", "")
    if os.name == "posix":
        assert (tmp_path / "log" / "posecheck.log").stat().st_mode & 0o077 == 0


@pytest.mark.process
def test_wrong_settings_are_logged_but_no_answer_about_health(tmp_path: Path) -> None:
    """A tag is named, its value is not."""
    (tmp_path / "settings.json").write_text('{"level": 7, "tags": ["BROKEN_KNEE"]}')
    posecheck(tmp_path, "session", "-e", "plank", "--source", SECRET)
    log = text_of(tmp_path)
    assert "settings: settings.json: level must be 1, 2 or 3, not 7" in log
    assert "settings: tags (not shown" in log
    assert "BROKEN_KNEE" not in log


@pytest.mark.process
@pytest.mark.parametrize(
    "args", [("list",), ("analyze", "missing.mp4", "-e", "plank"), ("session", "--help")]
)
def test_a_command_without_a_window_writes_no_log(args: tuple[str, ...], tmp_path: Path) -> None:
    """Unless it is asked to."""
    posecheck(tmp_path, *args)
    assert [*tmp_path.iterdir()] == []
    done = posecheck(tmp_path, "--verbose", *args)
    assert f"command: posecheck --verbose {args[0]}" in done.stderr
    assert f"command: posecheck --verbose {args[0]}" in text_of(tmp_path)


@pytest.mark.process
def test_verbose_shows_the_traceback_of_a_refusal(tmp_path: Path) -> None:
    """Without its secrets."""
    done = posecheck(tmp_path, "--verbose", "session", "-e", "plank", "--source", SECRET)
    assert "Traceback" in done.stderr
    assert "CameraError" in done.stderr
    assert "secret" not in done.stderr
