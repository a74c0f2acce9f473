"""The whole desk: what the user's commands do to the camera, the windows and the store. A recording
stands in for the camera."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shipped import LIBRARY
from sitters import two_points

from posecheck.commands.desk import Desk, DeskOptions, open_desk
from posecheck.commands.window import Program
from posecheck.desk.alerts import Alert
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DeskNews
from posecheck.io.desktop.single_instance import ELSEWHERE, LOCK_FILE, SHOWN, SingleInstance
from posecheck.io.paths import data_home
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.store.desk_profile import PROFILE_FILE, THEN, find_profile, save_profile
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings, load_settings
from posecheck.io.vision.source import CameraError
from posecheck.ui.application import gui_application
from posecheck.ui.desk.notifier import DeskNotifier
from posecheck.ui.desk.nudge import StatusWindow
from posecheck.ui.desk.pauses import next_morning
from posecheck.ui.desk.tray import Tray
from posecheck.ui.home.page import HomePage
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import LaunchOptions
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.settings_page import SettingsPage

pytestmark = [pytest.mark.model, pytest.mark.gui, pytest.mark.process]

CLIP = Path(__file__).parents[1] / "clips" / "desk_slouch_adam.mp4"
SIZE = (640, 480)
QUIET = Settings(screened="clear", talk="off")
WORDS = load_phrases("en")


@pytest.fixture(scope="module")
def library() -> Library:
    return LIBRARY


Make = Callable[..., Desk]


@pytest.fixture
def opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, library: Library
) -> Iterator[Make]:
    """Makes and starts a desk, by default with a stored calibration."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    desks: list[Desk] = []

    def make(settings: Settings = QUIET, calibrated: bool = True, source: str = str(CLIP)) -> Desk:
        if calibrated:
            save_profile(CLIP.name, SIZE, two_points())
        options = DeskOptions(source=source, tray=False)
        desk = open_desk(options, library, SettingsModel(settings), load_phrases("en"))
        desks.append(desk)
        desk.start()
        return desk

    yield make
    for desk in desks:
        desk.close()


def watching(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.worker.watching and desk.view is not None, timeout=20_000)


def seen(desk: Desk, qtbot: QtBot) -> None:
    """Wait until more than one second has been counted."""
    watching(desk, qtbot)
    qtbot.waitUntil(lambda: desk.view is not None and sum(desk.view.day.values()) > 1, timeout=9000)


def counted_on(desk: Desk, qtbot: QtBot) -> None:
    """Wait until another second has been counted."""
    assert desk.view is not None
    before = sum(desk.view.day.values())
    qtbot.waitUntil(
        lambda: desk.view is not None and sum(desk.view.day.values()) > before + 1, timeout=9000
    )


def test_a_pause_closes_the_camera_within_a_second(opened: Make, qtbot: QtBot) -> None:
    """Pause and resume through the menu."""
    desk = opened()
    watching(desk, qtbot)
    began = time.perf_counter()
    desk.sign.menu.paused.emit(15)
    qtbot.waitUntil(lambda: not desk.worker.watching, timeout=1000)
    assert time.perf_counter() - began < 1.0
    qtbot.waitUntil(lambda: desk.view is not None and desk.view.colour == "paused", timeout=3000)
    desk.sign.menu.resumed.emit()
    qtbot.waitUntil(lambda: desk.worker.watching, timeout=3000)


def test_quitting_ends_within_a_second(opened: Make, qtbot: QtBot) -> None:
    """The camera and the store are closed, and another desk can start."""
    desk = opened()
    watching(desk, qtbot)
    with qtbot.waitSignal(desk.quit_wanted):
        desk.sign.menu.quit_wanted.emit()
    began = time.perf_counter()
    desk.close()
    assert time.perf_counter() - began < 1.0
    assert not desk.worker.watching
    watching(opened(), qtbot)


def test_a_second_desk_is_refused_and_the_first_shows_its_window(
    opened: Make, qtbot: QtBot
) -> None:
    """Two desks would compete for the camera and count each minute twice."""
    desk = opened()
    refused: list[str] = []

    def start() -> None:
        try:
            SingleInstance(data_home()).take()
        except SystemProblem as problem:
            refused.append(str(problem))

    second = Thread(target=start)  # beside the event loop, which the answer needs
    second.start()
    qtbot.waitUntil(lambda: not second.is_alive(), timeout=10_000)
    second.join()
    assert refused == [SHOWN]
    assert desk.pages.window.isVisible()


def test_what_a_crash_leaves_in_the_lock_file_stops_no_start(opened: Make, tmp_path: Path) -> None:
    """Nothing, another program's words, another computer's process: nobody holds the lock."""
    for content in (b"", b"\0\xff" * 300, b"999999\npython3.11\nother.local\nabc\nabc\n"):
        (tmp_path / LOCK_FILE).write_bytes(content)
        desk = opened()
        assert (tmp_path / LOCK_FILE).read_text().startswith(f"{os.getpid()}\n")
        desk.close()


def test_a_camera_without_calibration_is_off_until_the_set_up_begins(
    opened: Make, qtbot: QtBot
) -> None:
    """The set-up page opens by itself. Its "begin" button opens the camera, and closing the window
    closes it again."""
    desk = opened(calibrated=False)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=20_000)
    page = desk.pages.setup
    assert page is not None
    assert page.isVisible()
    qtbot.waitUntil(lambda: not desk.worker.watching, timeout=1000)
    page.begin.click()
    qtbot.waitUntil(lambda: page.picture._frame is not None, timeout=10_000)
    desk.pages.window.close()
    assert desk.pages.setup is None
    qtbot.waitUntil(lambda: not desk.worker.watching, timeout=1000)
    assert desk.worker.off == {"setup"}
    assert find_profile(CLIP.name, SIZE).calibration is None


@pytest.mark.parametrize("state", ["new", "expired", "damaged"])
def test_a_stored_calibration_that_cannot_be_used_is_explained(
    state: str, opened: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    """The set-up page says why it is shown; at the first set-up it says nothing."""
    file = tmp_path / PROFILE_FILE
    if state == "damaged":
        file.write_bytes(b"{")
    if state == "expired":
        old = datetime.now(UTC) - timedelta(days=15)
        save_profile(CLIP.name, SIZE, two_points(), now=old)
    desk = opened(calibrated=False)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=20_000)
    page = desk.pages.setup
    assert page is not None
    reasons = {
        "new": "",
        "expired": WORDS["ui_desk_setup_expired"],
        "damaged": f"{file} is damaged; it is kept as desk-calibrations.broken.json. {THEN}",
    }
    assert page.why.text() == reasons[state]
    assert page.why.isVisible() == (state != "new")


def test_the_user_can_delete_all_data_of_the_desk(
    opened: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    """By keyboard, with one confirmation. No day, no calibration and no current minute stays on the
    disk, and the desk asks for a set-up as at its first start."""
    desk = opened()
    seen(desk, qtbot)
    desk.handle_news(DeskNews(minute=Minute(60.0, {"slouching": 60.0})))
    desk.handle_news(DeskNews(alerts=(Alert(1.0, "nudge", "slouch", "desk_slouch"),)))
    desk.pages.open_settings()
    page = desk.pages.window.page
    assert isinstance(page, SettingsPage)
    forget = page.desk.forget
    desk.pages.window.activateWindow()
    forget.ask.setFocus()
    QTest.keyClick(forget.ask, Qt.Key.Key_Return)
    assert (tmp_path / PROFILE_FILE).exists()
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "posecheck.log").write_text("log", encoding="utf-8")
    (tmp_path / "log" / "crash-20260101-120000-1.rec").write_bytes(b"landmarks")
    QTest.keyClick(forget.keep, Qt.Key.Key_Tab)
    assert desk.pages.window.focusWidget() is forget.sure
    QTest.keyClick(forget.sure, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=5000)
    assert desk.pages.setup is not None
    assert desk.pages.setup.why.text() == WORDS["ui_desk_forgotten"]
    assert not desk.worker.watching
    assert not (tmp_path / PROFILE_FILE).exists()
    assert [*(tmp_path / "log").iterdir()] == []
    desk.close()
    with closing(DeskStore()) as store:
        day = store.day(date.today())
    assert (day.summary.seconds, day.nudges) == ({}, ())
    kept = b"".join(each.read_bytes() for each in tmp_path.glob("desk.sqlite3*"))
    assert kept.startswith(b"SQLite format 3")
    assert b"slouch" not in kept
    assert b"upright" not in kept


def test_a_deletion_that_is_not_confirmed_deletes_nothing(opened: Make, qtbot: QtBot) -> None:
    """Escape and the first button answer no, and the page stays."""
    desk = opened()
    watching(desk, qtbot)
    desk.handle_news(DeskNews(minute=Minute(60.0, {"slouching": 60.0})))
    desk.pages.open_settings()
    page = desk.pages.window.page
    assert isinstance(page, SettingsPage)
    forget = page.desk.forget
    forget.ask.click()
    QTest.keyClick(forget.keep, Qt.Key.Key_Escape)
    assert forget.ask.isVisible()
    assert not forget.sure.isVisible()
    forget.ask.click()
    forget.keep.click()
    assert not forget.sure.isVisible()
    assert desk.pages.window.page is page
    assert desk.pages.log.store.summary(date.today()).seconds["slouching"] == 60.0
    assert find_profile(CLIP.name, SIZE).calibration is not None


def test_a_failed_deletion_is_reported(opened: Make, qtbot: QtBot, tmp_path: Path) -> None:
    """The page shows the error, and the store can still be used."""
    desk = opened()
    watching(desk, qtbot)
    (tmp_path / PROFILE_FILE).unlink()
    (tmp_path / PROFILE_FILE).mkdir()
    desk.pages.worker.forget()
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=5000)
    assert desk.pages.setup is not None
    assert f"{tmp_path / PROFILE_FILE} cannot be written" in desk.pages.setup.why.text()
    assert desk.pages.log.store.day(date.today()).minutes == ()


def test_pictures_reach_the_preview_only_while_it_is_shown(opened: Make, qtbot: QtBot) -> None:
    """Closing the window ends the pictures."""
    desk = opened()
    watching(desk, qtbot)
    desk.sign.menu.preview.emit()
    preview = desk.pages.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.picture._frame is not None, timeout=5000)
    desk.pages.window.close()
    assert desk.pages.preview is None
    assert desk.worker.take().frame is None


def test_the_answer_to_a_nudge_is_stored(opened: Make) -> None:
    """So is "later". With nudges turned off there is no window and no entry."""
    desk = opened()
    nudge = Alert(1.0, "nudge", "slouch", "desk_slouch")
    desk.handle_news(DeskNews(alerts=(nudge,)))
    assert desk.notifier.nudge.isVisible()
    desk.notifier.nudge.buttons["tall"].click()
    desk.handle_news(DeskNews(alerts=(nudge,)))
    desk.notifier.nudge.later.click()
    desk.settings.change(nudges=False)
    desk.handle_news(DeskNews(alerts=(nudge,)))
    assert not desk.notifier.nudge.isVisible()
    desk.close()
    stored = DeskStore().day(date.today()).nudges
    assert [(kind, cause, answer) for _, kind, cause, answer in stored] == [
        ("nudge", "slouch", "tall"), ("nudge", "slouch", "later"),
    ]  # fmt: skip


def test_minutes_are_stored_and_shown(opened: Make) -> None:
    """A minute of the recording counts as a minute of today."""
    desk = opened()
    desk.show()
    desk.handle_news(DeskNews(minute=Minute(60.0, {"upright": 60.0})))
    assert len(desk.pages.page.strip.ways) == 1
    desk.close()
    assert DeskStore().summary(date.today()).seconds == {"upright": 60.0}


def test_quitting_loses_no_seconds(opened: Make, qtbot: QtBot) -> None:
    """The current minute is stored, also after a settings change has split it."""
    desk = opened()
    seen(desk, qtbot)
    desk.settings.change(sensitivity="high")
    counted_on(desk, qtbot)
    desk.close()
    assert desk.view is not None
    stored = DeskStore().summary(date.today()).seconds
    assert sum(stored.values()) == pytest.approx(sum(desk.view.day.values()), abs=0.3)


def test_only_some_settings_renew_the_monitor(opened: Make, qtbot: QtBot) -> None:
    """Theme and quiet hours keep it, and with it the waiting times of its alerts."""
    desk = opened()
    seen(desk, qtbot)
    desk.settings.change(theme="dark", quiet_from="09:00", quiet_to="10:00")
    counted_on(desk, qtbot)
    desk.close()
    assert len(DeskStore().day(date.today()).minutes) == 1  # split by nothing but the end
    assert load_settings()[0].theme == "dark"


def test_another_camera_is_opened_at_once(opened: Make, qtbot: QtBot, tmp_path: Path) -> None:
    """After a change of the settings; a camera without calibration opens the set-up."""
    other = shutil.copy(CLIP, tmp_path / "other.mp4")
    desk = opened(replace(QUIET, desk_camera=str(CLIP)), source="")
    watching(desk, qtbot)
    desk.settings.change(desk_camera=str(other))
    qtbot.waitUntil(lambda: desk.worker.camera == ("other.mp4", SIZE), timeout=5000)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=5000)


def test_the_status_window_shows_a_lost_camera(opened: Make, qtbot: QtBot) -> None:
    """A lost camera and a break are not shown as a pause."""
    desk = opened()
    watching(desk, qtbot)
    assert isinstance(desk.sign, StatusWindow)
    says = desk.sign.says
    desk.worker.trouble.emit("The camera is gone.")
    assert says.text() == WORDS["halt_camera"]
    desk.worker.trouble.emit("")
    assert says.text() != WORDS["halt_camera"]
    desk.worker.pause("break")
    qtbot.waitUntil(lambda: says.text() == WORDS["ui_desk_break_section"], timeout=3000)


def test_with_a_tray_a_hint_is_a_notification(opened: Make) -> None:
    """A nudge that offers a choice has a window even with a tray."""
    desk = opened()
    notifier = DeskNotifier(WORDS, Tray(WORDS), desk.pages, desk.voice)
    notifier.alarm(Alert(1.0, "nudge", "tilted", "desk_tilted"))
    assert not notifier.nudge.isVisible()
    notifier.alarm(Alert(2.0, "nudge", "slouch", "desk_slouch"))
    assert notifier.nudge.isVisible()
    notifier.close()
    stored = DeskStore().day(date.today()).nudges
    assert [(cause, answer) for _, _, cause, answer in stored] == [("tilted", ""), ("slouch", "")]


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 3, 2, 17), datetime(2026, 3, 3, 4)),
        (datetime(2026, 3, 3, 1), datetime(2026, 3, 3, 4)),
    ],
)
def test_a_pause_until_tomorrow_ends_in_the_morning(now: datetime, ends: datetime) -> None:
    """After midnight it ends on the same day."""
    assert next_morning(now) == ends


def test_a_break_borrows_the_camera(opened: Make, qtbot: QtBot) -> None:
    """The session has it while its page is open. Leaving the session stores no break."""
    desk = opened()
    watching(desk, qtbot)
    desk.notifier.card.routine_chosen.emit()
    assert desk.pages.session is not None
    assert desk.worker.off == {"break"}
    qtbot.waitUntil(lambda: not desk.worker.watching, timeout=1000)
    desk.pages.window.close()
    assert desk.pages.session is None
    qtbot.waitUntil(lambda: desk.worker.watching, timeout=3000)
    assert DeskStore().day(date.today()).breaks == ()


def test_no_exercise_before_the_safety_questions(opened: Make) -> None:
    """A break asks them first when they have not been answered."""
    desk = opened(replace(QUIET, screened=""))
    desk.notifier.card.routine_chosen.emit()
    assert isinstance(desk.pages.window.page, FirstStart)
    assert desk.pages.session is None


def posecheck(home: Path, *args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posecheck", "desk", *map(str, args)], capture_output=True,
        text=True, timeout=120, check=False, env=os.environ | {"POSECHECK_HOME": str(home)},
    )  # fmt: skip


def test_the_command_watches_a_recording(tmp_path: Path) -> None:
    """It ends with the recording and prints the day. Only numbers and the log are stored."""
    (tmp_path / "settings.json").write_text('{"screened": "clear"}', encoding="utf-8")
    save_profile(CLIP.name, SIZE, two_points(), folder=tmp_path)
    done = posecheck(tmp_path, "--source", CLIP, "--fast", "--no-tray", "--for", 20)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Today: ")
    assert "nothing" not in done.stdout
    kept = {path.suffix for path in tmp_path.iterdir() if path.is_file()}
    assert kept <= {".json", ".lock", ".sqlite3", ".sqlite3-wal", ".sqlite3-shm"}
    assert [path.name for path in tmp_path.rglob("log/*")] == ["posecheck.log"]


def test_the_command_says_that_the_set_up_was_not_done(tmp_path: Path) -> None:
    """Nothing was watched, and the output says what to do."""
    done = posecheck(tmp_path, "--source", CLIP, "--fast", "--no-tray", "--for", 5)
    assert (done.returncode, done.stderr) == (0, "")
    sentence = "Nothing was watched, because the set-up has not been done."
    assert done.stdout.startswith(sentence)
    assert f"posecheck analyze --desk {CLIP}" in done.stdout


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--source", "missing.mp4"), "There is no file missing.mp4."),
        (("--source", "97"), "No camera answers at index 97"),
        (("--model", "tiny"), "There is no model 'tiny'"),
    ],
)
def test_a_desk_that_cannot_start_prints_one_sentence(
    tmp_path: Path, args: tuple[str, ...], sentence: str
) -> None:
    """Exit code 2, without a traceback and without a window."""
    done = posecheck(tmp_path, *args)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_session_borrows_the_camera_of_a_desk_opened_from_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, library: Library
) -> None:
    """The desk closes the camera while the session's page is open."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    save_profile(CLIP.name, SIZE, two_points())
    known = replace(
        QUIET, camera=str(CLIP), desk_camera=str(CLIP), comfort=((date.today().isoformat(), 0),)
    )
    program = Program(
        LaunchOptions(windowed=True), library, SettingsModel(known), load_phrases("en"), None, None
    )
    window = program.window(())
    qtbot.addWidget(window)
    window.show()
    window.home_page.desk_wanted.emit()
    assert program.desk is not None
    worker = program.desk.worker
    qtbot.waitUntil(lambda: worker.watching, timeout=20_000)
    window.home_page.exercise_chosen.emit("childs_pose")
    assert isinstance(window.page, SessionPage)
    qtbot.waitUntil(lambda: not worker.watching, timeout=2000)
    window.page.finished.emit()
    assert isinstance(window.page, HomePage)
    qtbot.waitUntil(lambda: worker.watching, timeout=10_000)
    program.close()
    assert not worker.watching


def test_home_shows_why_the_desk_cannot_start(
    opened: Make, qtbot: QtBot, library: Library, tmp_path: Path
) -> None:
    """A desk of another computer has the same folder: a sentence names it, and no desk is made."""
    desk = opened()
    (tmp_path / LOCK_FILE).write_text("1234\nother.local\n")
    program = Program(
        LaunchOptions(), library, SettingsModel(QUIET), load_phrases("en"), None, None
    )
    window = program.window(())
    qtbot.addWidget(window)
    window.home_page.desk_wanted.emit()
    assert program.desk is None
    sentence = ELSEWHERE.format(host="other.local", folder=tmp_path)
    assert sentence in [each.text() for each in window.findChildren(QLabel)]
    assert not desk.pages.window.isVisible()


@pytest.mark.parametrize("visible", [True, False], ids=["window", "tray"])
def test_a_desk_that_has_to_stop_says_why(
    visible: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, library: Library
) -> None:
    """Home shows the sentence, and the desk may be opened again. Without a window the program ends
    with the sentence."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    save_profile(CLIP.name, SIZE, two_points())
    settings = SettingsModel(replace(QUIET, desk_camera=str(CLIP)))
    program = Program(LaunchOptions(windowed=True), library, settings, WORDS, None, None)
    window = program.window(())
    qtbot.addWidget(window)
    window.setVisible(visible)
    window.home_page.desk_wanted.emit()
    desk = program.desk
    assert desk is not None
    desk.worker.ended.emit("The model is damaged.")
    assert (program.desk is None) is visible
    assert program.trouble == ("" if visible else "The model is damaged.")
    texts = [each.text() for each in window.findChildren(QLabel)]
    assert "The model is damaged." in texts
    if visible:
        window.home_page.desk_wanted.emit()
        assert program.desk is not None
    program.close()
    # The program has told Qt to end, and every later loop would end at once. A loop of the
    # application's own forgets that.
    application = gui_application()
    application.setQuitOnLastWindowClosed(True)
    QTimer.singleShot(0, application.quit)
    application.exec()


def test_the_window_and_the_desk_share_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, library: Library
) -> None:
    """A change on either settings page reaches the other program and the file."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    save_profile(CLIP.name, SIZE, two_points())
    settings = SettingsModel(replace(QUIET, desk_camera=str(CLIP)))
    program = Program(LaunchOptions(windowed=True), library, settings, WORDS, None, None)
    window = program.window(())
    qtbot.addWidget(window)
    window.home_page.desk_wanted.emit()
    desk = program.desk
    assert desk is not None
    window.show_settings()
    page = window.page
    assert isinstance(page, SettingsPage)
    page.desk.mode.choose("50/10")
    assert desk.pages.settings.break_mode == "50/10"
    desk.pages.open_settings()
    other = desk.pages.window.page
    assert isinstance(other, SettingsPage)
    other.scale.choose(1.5)
    page.desk.nudges.click()
    wanted = replace(QUIET, desk_camera=str(CLIP), break_mode="50/10", text_scale=1.5, nudges=False)
    assert settings.value == load_settings()[0] == wanted
    program.close()


# --- without a camera ---------------------------------------------------------------------------


def test_a_desk_without_a_camera_goes_by_the_clock(opened: Make, qtbot: QtBot) -> None:
    """The window says so at once, and offers to look for a camera; a break needs none either."""
    desk = opened(calibrated=False, source="")
    qtbot.waitUntil(lambda: desk.view is not None, timeout=20_000)
    page = desk.pages.page
    assert desk.pages.window.isVisible()
    assert desk.view is not None
    assert desk.view.reading.state == "unwatched"
    assert page.camera.isVisible()
    desk.pages.open_setup()
    desk.pages.open_preview()
    assert desk.pages.setup is None
    assert desk.pages.preview is None
    assert not any(each.isVisible() for each in page.of_camera)
    page.camera.click()
    told = [each.text() for each in desk.pages.window.findChildren(QLabel) if each.isVisible()]
    assert load_phrases("en")["ui_desk_clock_still"] in told
    page.break_wanted.emit()
    session = desk.pages.session
    assert session is not None
    qtbot.waitUntil(lambda: session.judged_t > 0, timeout=20_000)
    assert not session.scene.watched


def test_a_camera_that_was_named_must_exist(opened: Make) -> None:
    """What the user typed is not replaced silently."""
    with pytest.raises(CameraError):
        opened(source="97")
