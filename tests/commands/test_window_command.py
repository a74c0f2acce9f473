"""`posecheck session` as a process: what it prints, writes and refuses."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from programs import program
from PySide6.QtCore import QLoggingCategory, QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sessions import CLIP, WORDS
from shipped import LIBRARY

from posecheck.io.paths import data_folder
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.settings import SETTINGS_FILE
from posecheck.io.vision.opencv import cv2
from posecheck.ui import starting
from posecheck.ui.application import gui_application, run_until_closed

CHILD = ("--exercise", "childs_pose")
SHORT = (*CHILD, "--source", CLIP, "--model", "lite", "--fast", "--level", 1, "--voice", "off")
"""A session that ends with its recording. It starts no speech engine."""
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def environment(home: Path, **more: str) -> dict[str, str]:
    """This environment without a display and with its own folder for the user's files."""
    kept = {name: text for name, text in os.environ.items() if name not in DISPLAYS}
    return {**kept, "POSECHECK_HOME": str(home), "PYTHONIOENCODING": "utf-8", **more}


def session(
    home: Path, *args: object, platform: str = "offscreen"
) -> subprocess.CompletedProcess[str]:
    shown = {"QT_QPA_PLATFORM": platform} if platform else {}
    return subprocess.run(
        [sys.executable, "-m", "posecheck", "session", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env=environment(home, **shown),
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one or two lines on stderr with these words, nothing on stdout."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) <= 2
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


# --- sessions that run --------------------------------------------------------------------------


@pytest.mark.process
def test_a_whole_session_prints_its_summary_and_writes_its_transcript(tmp_path: Path) -> None:
    """Nothing is printed on stderr. No file but the transcript, the log and the history is written,
    and the history holds nothing: sessions over files are not remembered."""
    transcript = tmp_path / "said.txt"
    done = session(tmp_path / "home", *SHORT, "--transcript", transcript)
    assert (done.returncode, done.stderr) == (0, "")
    assert LIBRARY.exercises["childs_pose"].name in done.stdout
    assert WORDS["sum_disclaimer"] in done.stdout
    assert " s  tone" in transcript.read_text()
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {
        "history.sqlite3",
        ".history.sqlite3.lock",
        "posecheck.log",
    }
    (kept,) = (path for path in files if path.name == "history.sqlite3")
    with closing(HistoryStore(kept)) as store:
        assert store.history().sessions == ()


@pytest.mark.process
def test_a_real_window_runs_a_session_and_closes(tmp_path: Path) -> None:
    """On an X server, not on Qt's offscreen platform."""
    server = program("xvfb-run")
    done = subprocess.run(
        [server, "-a", "-s", "-screen 0 1280x720x24",
         sys.executable, "-m", "posecheck", "session", *map(str, SHORT), "--close"],
        capture_output=True, text=True, timeout=120, check=False,
        env=environment(tmp_path),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert WORDS["sum_disclaimer"] in done.stdout


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither named pipes nor SIGINT")
def test_ctrl_c_ends_with_130_and_prints_the_summary(tmp_path: Path) -> None:
    """The thread and the camera are closed first."""
    transcript = tmp_path / "said.pipe"
    os.mkfifo(transcript)
    paced = [str(part) for part in SHORT if part != "--fast"]
    with subprocess.Popen(
        [sys.executable, "-m", "posecheck", "session", *paced, "--transcript", str(transcript)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
    ) as run, transcript.open() as lines:  # fmt: skip
        first = lines.readline()  # is written while the session runs
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert " s  tone" in first
    assert (run.returncode, err) == (130, "Stopped.\n")
    assert WORDS["sum_disclaimer"] in out


INTERRUPTED_DEMO = """
import os, signal, sys
from PySide6.QtCore import QLoggingCategory, QTimer
from PySide6.QtWidgets import QApplication
from posecheck.__main__ import main
from posecheck.ui import starting
from posecheck.ui.application import gui_application

gui_application(headless=True)
QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGINT))
sys.argv = ["posecheck", "demo", "--model", "lite"]
main()
"""
"""The signal is sent once the event loop runs, because no timer fires before that."""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="on Windows os.kill ends the process")
def test_ctrl_c_in_the_window_of_the_demo_ends_with_130(tmp_path: Path) -> None:
    """The demo handles the signal as a session does."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_DEMO], capture_output=True, text=True, timeout=120,
        check=False, cwd=tmp_path, env=environment(tmp_path, DISPLAY=":named"),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")
    assert "terminal" not in done.stdout


@pytest.mark.gui
@pytest.mark.skipif(sys.platform == "win32", reason="on Windows os.kill ends the process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_the_event_loop_and_its_handler_is_restored(
    number: signal.Signals, code: int, qtbot: QtBot
) -> None:
    """Ctrl-C and SIGTERM, which ends a login; the caller then closes cameras and the store."""
    application = gui_application()
    before = signal.getsignal(number)
    QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
    assert run_until_closed(application) == code
    assert signal.getsignal(number) is before


@pytest.mark.gui
def test_the_program_is_named_on_the_screen_while_it_starts(qtbot: QtBot) -> None:
    """One window, which says what the program does, and goes when the program's own is there."""
    starting.tell_starting("too early to be said")
    before = set(QApplication.topLevelWidgets())
    starting.show_starting()
    starting.show_starting()
    (shown,) = set(QApplication.topLevelWidgets()) - before
    assert shown.isVisible()
    assert shown.windowTitle() == "posecheck"
    starting.tell_starting("Opening <the> camera")
    assert isinstance(shown, QLabel)
    assert "Opening &lt;the&gt; camera" in shown.text()
    starting.hide_starting()
    assert not shown.isVisible()
    starting.hide_starting()


@pytest.mark.gui
def test_qt_calls_no_python_while_its_multimedia_libraries_are_loaded() -> None:
    """Their messages come while the loader's lock is held, which another thread may wait for with
    the interpreter: the session would stand still for ever."""
    QLoggingCategory.setFilterRules("")
    gui_application()

    def category(name: str) -> QLoggingCategory:
        return QLoggingCategory(name)  # type: ignore[arg-type]  # the stub asks for bytes

    assert not category("qt.multimedia.symbolsresolver").isWarningEnabled()
    assert not category("qt.multimedia.symbolsresolver").isDebugEnabled()
    assert category("qt.qpa.fonts").isWarningEnabled()


# --- sessions that are refused ------------------------------------------------------------------


@pytest.mark.process
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("full_dayly",), ("no routine 'full_dayly'", "full_daily")),
        (("full_daily", *CHILD), ("Give either a routine, --exercise or --programme.",)),
        ((), ("Name a routine, or one exercise with --exercise ID. See: posecheck list",)),
        ((*CHILD, "--voice", "loud"), ("no voice 'loud'",)),
        ((*CHILD, "--side", "up"), ("no side 'up'",)),
        ((*CHILD, "--model", "ful"), ("no model 'ful'", "full")),
        ((*CHILD, "--model", "nofile.task"), ("There is no model file nofile.task.",)),
        ((*CHILD, "--source", "/nowhere/film.mp4"), ("/nowhere/film.mp4",)),
        ((*CHILD, "--source", "97"), ("camera", "97")),
        ((*CHILD, "--source", "http://127.0.0.1:9/video"), ("http://127.0.0.1:9/video",)),
        ((*SHORT, "--transcript", "/nowhere/said.txt"), ("/nowhere/said.txt",)),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    args: tuple[object, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    """No window opens and nothing is asked, even on the first start."""
    refused(session(tmp_path, *args), *words)


@pytest.mark.model
@pytest.mark.process
def test_a_broken_model_is_one_sentence_when_the_window_is_invisible(tmp_path: Path) -> None:
    """The invisible window closes by itself."""
    model = tmp_path / "broken.task"
    model.write_bytes(b"no model")
    args = [model if part == "lite" else part for part in SHORT]
    refused(session(tmp_path, *args), "broken.task")


@pytest.mark.process
def test_without_a_display_there_is_no_session(tmp_path: Path) -> None:
    """It prints a sentence; Qt alone would abort the process."""
    refused(session(tmp_path, *SHORT, platform=""), "There is no display")


@pytest.mark.process
def test_a_broken_routine_is_one_sentence(tmp_path: Path) -> None:
    """It names the file."""
    folder = tmp_path / "routines"
    shutil.copytree(data_folder("routines"), folder, ignore=shutil.ignore_patterns("pictures"))
    broken = folder / "gentle.toml"
    broken.write_text(broken.read_text().replace("[[", "[", 1))
    done = session(tmp_path, "full_daily", "--source", CLIP, "--routines", folder)
    refused(done, "gentle.toml")


@pytest.mark.process
def test_broken_settings_are_reported_and_the_session_runs(tmp_path: Path) -> None:
    """The damaged file is renamed."""
    (tmp_path / SETTINGS_FILE).write_text("{ broken")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(5):
        cv2.imwrite(str(pictures / f"{number}.png"), np.full((48, 64, 3), 90, np.uint8))
    done = session(tmp_path, *(pictures if part == CLIP else part for part in SHORT))
    assert done.returncode == 0
    damaged, assumed = done.stderr.strip().splitlines()
    assert "settings.broken.json" in damaged
    assert "10 pictures a second were assumed" in assumed
    assert WORDS["sum_disclaimer"] in done.stdout


@pytest.mark.process
def test_a_session_without_a_camera(tmp_path: Path) -> None:
    """It opens no camera and loads no model, goes through all sets, and says that nothing was
    checked: in the terminal, in the transcript and in the history."""
    said = tmp_path / "said.txt"
    (tmp_path / SETTINGS_FILE).write_text('{"screened": "clear"}', encoding="utf-8")
    options = ("--no-camera", "--fast", "--transcript", said)
    done = session(tmp_path, "desk_break_3min", *options)
    assert done.returncode == 0, done.stderr
    assert WORDS["sum_head_unchecked"] in done.stdout
    assert "not checked" in done.stdout
    assert "correct" not in done.stdout
    assert WORDS["no_camera_say"] in said.read_text(encoding="utf-8")
    with closing(HistoryStore(tmp_path / "history.sqlite3")) as store:
        (kept,) = store.history().sessions
    assert kept.outcome == "done"
    assert kept.model == ""
    assert kept.correct_s == 0
    assert kept.unchecked_s > 60


@pytest.mark.process
def test_without_a_camera_nothing_is_watched_or_recorded(tmp_path: Path) -> None:
    refused(session(tmp_path, *CHILD, "--no-camera", "--source", CLIP), "--no-camera")


@pytest.mark.process
def test_a_missing_camera_names_the_way_without(tmp_path: Path) -> None:
    """Where the user named none."""
    (tmp_path / SETTINGS_FILE).write_text('{"screened": "clear"}', encoding="utf-8")
    refused(session(tmp_path, *CHILD), "none was found", "--no-camera")
