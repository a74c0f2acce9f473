"""The desk put together: what happens to the camera, the windows and the store, whatever a person
chooses. A recording stands in for the camera."""

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

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sitters import two_points

from posecheck.commands.desk import ALREADY, Desk, DeskWish, morning_after, open_desk
from posecheck.commands.window import Program
from posecheck.desk.alerts import Alert
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DeskNews
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import Library, load_all
from posecheck.io.store.desk_profile import PROFILE_FILE, THEN, find_profile, save_profile
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings, load_settings
from posecheck.ui.desk.notifier import DeskNotifier
from posecheck.ui.desk.nudge import StatusWindow
from posecheck.ui.desk.tray import Tray
from posecheck.ui.home.page import HomePage
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import LaunchOptions
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.settings_page import SettingsPage

CLIP = Path(__file__).parents[1] / "clips" / "desk_slouch_adam.mp4"
SIZE = (640, 480)
QUIET = Settings(screened="clear", talk="off")
WORDS = load_phrases("en")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_all(None)


Make = Callable[..., Desk]


@pytest.fixture
def opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, library: Library
) -> Iterator[Make]:
    """Makes the desk of a person who has been calibrated, unless told otherwise, and starts it."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    desks: list[Desk] = []

    def make(settings: Settings = QUIET, calibrated: bool = True, source: str = str(CLIP)) -> Desk:
        if calibrated:
            save_profile(CLIP.name, SIZE, two_points())
        wish = DeskWish(source=source, tray=False)
        desk = open_desk(wish, library, settings, load_phrases("en"))
        desks.append(desk)
        desk.start()
        return desk

    yield make
    for desk in desks:
        desk.close()


def watching(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.loop.watching and desk.view is not None, timeout=20_000)


def seen(desk: Desk, qtbot: QtBot) -> None:
    """Until there is a second to count."""
    watching(desk, qtbot)
    qtbot.waitUntil(lambda: desk.view is not None and sum(desk.view.day.values()) > 1, timeout=9000)


def test_a_pause_frees_the_camera_within_a_second(opened: Make, qtbot: QtBot) -> None:
    """From the menu, with the time at which it ends; "go on" opens it again."""
    desk = opened()
    watching(desk, qtbot)
    began = time.perf_counter()
    desk.sign.menu.paused.emit(15)
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=1000)
    assert time.perf_counter() - began < 1.0
    qtbot.waitUntil(lambda: desk.view is not None and desk.view.colour == "paused", timeout=3000)
    desk.sign.menu.resumed.emit()
    qtbot.waitUntil(lambda: desk.loop.watching, timeout=3000)


def test_quitting_ends_everything_soon(opened: Make, qtbot: QtBot) -> None:
    """The camera is free, the store closed, and another desk may begin."""
    desk = opened()
    watching(desk, qtbot)
    with qtbot.waitSignal(desk.quit_wanted):
        desk.sign.menu.quit_wanted.emit()
    began = time.perf_counter()
    desk.close()
    assert time.perf_counter() - began < 1.0
    assert not desk.loop.watching
    watching(opened(), qtbot)


def test_there_is_one_desk(opened: Make, qtbot: QtBot) -> None:
    """Two would fight for the camera and count each minute twice."""
    opened()
    with pytest.raises(SystemProblem) as refused:
        opened()
    assert str(refused.value) == ALREADY


def test_an_unknown_camera_is_off_until_the_person_is_ready(opened: Make, qtbot: QtBot) -> None:
    """The set-up's page comes by itself; the camera opens when "begin" is pressed, and is closed
    again when the person would rather not."""
    desk = opened(calibrated=False)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=20_000)
    page = desk.pages.setup
    assert page is not None
    assert page.isVisible()
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=1000)
    page.begin.click()
    qtbot.waitUntil(lambda: page.shown == "parts" and page.picture.has_picture, timeout=10_000)
    desk.pages.window.close()
    assert desk.pages.setup is None
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=1000)
    assert desk.loop.off == {"setup"}
    assert find_profile(CLIP.name, SIZE).calibration is None


@pytest.mark.parametrize("state", ["new", "expired", "damaged"])
def test_a_saved_set_up_that_cannot_be_used_is_told(
    state: str, opened: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    """On the page of the set-up that opens for it; a first set-up has nothing to explain."""
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
    told = {
        "new": "",
        "expired": WORDS["ui_desk_setup_expired"],
        "damaged": f"{file} is damaged; it is kept as desk-calibrations.broken.json. {THEN}",
    }
    assert page.why.text() == told[state]
    assert page.why.isVisible() == (state != "new")


def test_a_person_can_delete_all_that_the_desk_keeps_of_them(
    opened: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    """By keyboard, asked once; no day and no calibration stays on the disk, the minute that has
    begun neither, and the desk asks for a set-up as at its first start."""
    desk = opened()
    seen(desk, qtbot)
    desk.tell(DeskNews(minute=Minute(60.0, {"slouching": 60.0})))
    desk.tell(DeskNews(alerts=(Alert(1.0, "nudge", "slouch", "desk_slouch"),)))
    desk.pages.open_settings()
    page = desk.pages.window.page
    assert isinstance(page, SettingsPage)
    forget = page.desk.forget
    desk.pages.window.activateWindow()
    forget.ask.setFocus()
    QTest.keyClick(forget.ask, Qt.Key.Key_Return)
    assert (tmp_path / PROFILE_FILE).exists()
    QTest.keyClick(forget.keep, Qt.Key.Key_Tab)
    assert desk.pages.window.focusWidget() is forget.sure
    QTest.keyClick(forget.sure, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=5000)
    assert desk.pages.setup is not None
    assert desk.pages.setup.why.text() == WORDS["ui_desk_forgotten"]
    assert not desk.loop.watching
    assert not (tmp_path / PROFILE_FILE).exists()
    desk.close()
    with closing(DeskStore()) as store:
        day = store.day(date.today())
    assert (day.summary.seconds, day.nudges) == ({}, ())
    kept = b"".join(each.read_bytes() for each in tmp_path.glob("desk.sqlite3*"))
    assert kept.startswith(b"SQLite format 3")
    assert b"slouch" not in kept
    assert b"upright" not in kept


def test_whoever_keeps_their_data_loses_nothing(opened: Make, qtbot: QtBot) -> None:
    """Escape and the first button answer the question with no; the page stays."""
    desk = opened()
    watching(desk, qtbot)
    desk.tell(DeskNews(minute=Minute(60.0, {"slouching": 60.0})))
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
    assert desk.pages.store.summary(date.today()).seconds["slouching"] == 60.0
    assert find_profile(CLIP.name, SIZE).calibration is not None


def test_data_that_cannot_be_deleted_is_told(opened: Make, qtbot: QtBot, tmp_path: Path) -> None:
    """Not that it was; and the store can still be used."""
    desk = opened()
    watching(desk, qtbot)
    (tmp_path / PROFILE_FILE).unlink()
    (tmp_path / PROFILE_FILE).mkdir()
    desk.pages.loop.forget()
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=5000)
    assert desk.pages.setup is not None
    assert f"{tmp_path / PROFILE_FILE} cannot be written" in desk.pages.setup.why.text()
    assert desk.pages.store.day(date.today()).minutes == ()


def test_pictures_reach_the_preview_only_while_it_is_shown(opened: Make, qtbot: QtBot) -> None:
    """Closing the window is enough."""
    desk = opened()
    watching(desk, qtbot)
    desk.sign.menu.preview.emit()
    preview = desk.pages.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.picture.has_picture, timeout=5000)
    desk.pages.window.close()
    assert desk.pages.preview is None
    assert desk.loop.take().frame is None


def test_what_a_person_answers_to_a_nudge_is_stored(opened: Make) -> None:
    """And no answer is one as well; nothing is asked of who wants no nudges."""
    desk = opened()
    nudge = Alert(1.0, "nudge", "slouch", "desk_slouch")
    desk.tell(DeskNews(alerts=(nudge,)))
    assert desk.teller.nudge.isVisible()
    desk.teller.nudge.buttons["tall"].click()
    desk.tell(DeskNews(alerts=(nudge,)))
    desk.teller.nudge.later.click()
    desk.pages.change(replace(QUIET, nudges=False))
    desk.tell(DeskNews(alerts=(nudge,)))
    assert not desk.teller.nudge.isVisible()
    desk.close()
    told = DeskStore().day(date.today()).nudges
    assert [(kind, cause, answer) for _, kind, cause, answer in told] == [
        ("nudge", "slouch", "tall"), ("nudge", "slouch", "later"),
    ]  # fmt: skip


def test_minutes_are_stored_and_shown(opened: Make) -> None:
    """A minute of the stream is a minute of today."""
    desk = opened()
    desk.show()
    desk.tell(DeskNews(minute=Minute(60.0, {"upright": 60.0})))
    assert len(desk.pages.page.strip.ways) == 1
    desk.close()
    assert DeskStore().summary(date.today()).seconds == {"upright": 60.0}


def test_quitting_loses_no_seconds(opened: Make, qtbot: QtBot) -> None:
    """What there is of the minute is stored, also when other settings cut it in two."""
    desk = opened()
    seen(desk, qtbot)
    desk.pages.change(replace(QUIET, sensitivity="high"))
    qtbot.wait(1500)
    desk.close()
    assert desk.view is not None
    stored = DeskStore().summary(date.today()).seconds
    assert sum(stored.values()) == pytest.approx(sum(desk.view.day.values()), abs=0.3)


def test_other_looks_begin_nothing_anew(opened: Make, qtbot: QtBot) -> None:
    """The day's patience and cool-downs are lost only with what a monitor is made of."""
    desk = opened()
    seen(desk, qtbot)
    desk.pages.change(replace(QUIET, theme="dark", quiet_from="09:00", quiet_to="10:00"))
    qtbot.wait(1500)
    desk.close()
    assert len(DeskStore().day(date.today()).minutes) == 1  # cut by the end alone
    assert load_settings()[0].theme == "dark"


def test_another_camera_is_opened_at_once(opened: Make, qtbot: QtBot, tmp_path: Path) -> None:
    """It is chosen in the settings; an unknown one asks to be set up."""
    other = shutil.copy(CLIP, tmp_path / "other.mp4")
    desk = opened(replace(QUIET, desk_camera=str(CLIP)), source="")
    watching(desk, qtbot)
    desk.adopt(replace(QUIET, desk_camera=str(other)))
    qtbot.waitUntil(lambda: desk.loop.camera == ("other.mp4", SIZE), timeout=5000)
    qtbot.waitUntil(lambda: desk.pages.setup is not None, timeout=5000)


def test_a_lost_camera_is_told_by_the_sign(opened: Make, qtbot: QtBot) -> None:
    """It is no pause, and a break in which a session has the camera is none either."""
    desk = opened()
    watching(desk, qtbot)
    assert isinstance(desk.sign, StatusWindow)
    says = desk.sign.says
    desk.loop.trouble.emit("The camera is gone.")
    assert says.text() == WORDS["halt_camera"]
    desk.loop.trouble.emit("")
    assert says.text() != WORDS["halt_camera"]
    desk.loop.pause("break")
    qtbot.waitUntil(lambda: says.text() == WORDS["ui_desk_break_section"], timeout=3000)


def test_a_hint_needs_no_window_where_there_is_a_tray(opened: Make) -> None:
    """The desktop shows it; a nudge with a choice has its own window everywhere."""
    desk = opened()
    teller = DeskNotifier(WORDS, Tray(WORDS), desk.pages, desk.voice)
    teller.alarm(Alert(1.0, "nudge", "tilted", "desk_tilted"))
    assert not teller.nudge.isVisible()
    teller.alarm(Alert(2.0, "nudge", "slouch", "desk_slouch"))
    assert teller.nudge.isVisible()
    teller.close()
    told = DeskStore().day(date.today()).nudges
    assert [(cause, answer) for _, _, cause, answer in told] == [("tilted", ""), ("slouch", "")]


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 3, 2, 17), datetime(2026, 3, 3, 4)),
        (datetime(2026, 3, 3, 1), datetime(2026, 3, 3, 4)),
    ],
)
def test_a_pause_until_tomorrow_ends_in_the_morning(now: datetime, ends: datetime) -> None:
    """Of the day that is meant: after midnight it is the one that has begun."""
    assert morning_after(now) == ends


def test_a_break_takes_the_camera_and_gives_it_back(opened: Make, qtbot: QtBot) -> None:
    """The session has it while its page is open. Left in its middle, it was no break."""
    desk = opened()
    watching(desk, qtbot)
    desk.teller.card.routine_chosen.emit()
    assert desk.pages.session is not None
    assert desk.loop.off == {"break"}
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=1000)
    desk.pages.window.close()
    assert desk.pages.session is None
    qtbot.waitUntil(lambda: desk.loop.watching, timeout=3000)
    assert DeskStore().day(date.today()).breaks == ()


def test_no_exercise_before_the_safety_questions(opened: Make) -> None:
    """Who comes to the desk first has not been asked yet."""
    desk = opened(replace(QUIET, screened=""))
    desk.teller.card.routine_chosen.emit()
    assert isinstance(desk.pages.window.page, FirstStart)
    assert desk.pages.session is None


def posecheck(home: Path, *args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posecheck", "desk", *map(str, args)], capture_output=True,
        text=True, timeout=120, check=False, env=os.environ | {"POSECHECK_HOME": str(home)},
    )  # fmt: skip


def test_the_command_watches_a_recording(tmp_path: Path) -> None:
    """It ends with the recording and says how the day was; nothing but numbers is kept."""
    (tmp_path / "settings.json").write_text('{"screened": "clear"}', encoding="utf-8")
    save_profile(CLIP.name, SIZE, two_points(), folder=tmp_path)
    done = posecheck(tmp_path, "--source", CLIP, "--fast", "--no-tray", "--for", 20)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Today: ")
    assert "nothing" not in done.stdout
    kept = {path.suffix for path in tmp_path.iterdir()}
    assert kept <= {".json", ".sqlite3", ".sqlite3-wal", ".sqlite3-shm"}


def test_the_command_tells_that_the_set_up_was_not_done(tmp_path: Path) -> None:
    """Without it nothing is watched, and a person has to know what to do."""
    done = posecheck(tmp_path, "--source", CLIP, "--fast", "--no-tray", "--for", 5)
    assert (done.returncode, done.stderr) == (0, "")
    told = "Nothing was watched, because the set-up has not been done."
    assert done.stdout.startswith(told)
    assert f"posecheck analyze --desk {CLIP}" in done.stdout


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--source", "missing.mp4"), "There is no file missing.mp4."),
        (("--source", "97"), "No camera answers at index 97"),
        (("--model", "tiny"), "There is no model 'tiny'"),
    ],
)
def test_what_cannot_be_begun_is_a_sentence(
    tmp_path: Path, args: tuple[str, ...], sentence: str
) -> None:
    """No traceback, no window, exit code 2."""
    done = posecheck(tmp_path, *args)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_desk_is_begun_from_home_and_a_session_borrows_its_camera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, library: Library
) -> None:
    """The third choice at home; the desk rests while a session is led, and watches again after."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    save_profile(CLIP.name, SIZE, two_points())
    known = replace(
        QUIET, camera=str(CLIP), desk_camera=str(CLIP), comfort=((date.today().isoformat(), 0),)
    )
    program = Program(LaunchOptions(windowed=True), library, known, load_phrases("en"), None, None)
    window = program.window(())
    qtbot.addWidget(window)
    window.show()
    window.home_page.desk_wanted.emit()
    assert program.desk is not None
    loop = program.desk.loop
    qtbot.waitUntil(lambda: loop.watching, timeout=20_000)
    window.home_page.exercise_chosen.emit("childs_pose")
    assert isinstance(window.page, SessionPage)
    qtbot.waitUntil(lambda: not loop.watching, timeout=2000)
    window.page.finished.emit()
    assert isinstance(window.page, HomePage)
    qtbot.waitUntil(lambda: loop.watching, timeout=10_000)
    program.close()
    assert not loop.watching


def test_a_desk_that_cannot_begin_is_told_at_home(
    opened: Make, qtbot: QtBot, library: Library
) -> None:
    """One desk is there already: a sentence, and nothing else happens."""
    opened()
    program = Program(LaunchOptions(), library, QUIET, load_phrases("en"), None, None)
    window = program.window(())
    qtbot.addWidget(window)
    window.home_page.desk_wanted.emit()
    assert program.desk is None
    assert ALREADY in [each.text() for each in window.findChildren(QLabel)]
