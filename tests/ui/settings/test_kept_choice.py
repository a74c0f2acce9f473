"""The settings name what is remembered and where, and delete it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from led import STRAIGHT
from pytestqt.qtbot import QtBot
from remembered import remember
from sessions import WORDS
from sitters import two_points

from posecheck.io.store.desk_profile import save_profile
from posecheck.io.store.desk_store import DAYS_FILE
from posecheck.io.store.file_lock import FileLock
from posecheck.io.store.history import HistoryStore, history_path
from posecheck.io.store.settings import Settings, load_settings, save_settings
from posecheck.io.store.window_places import WindowPlace, save_place
from posecheck.io.vision.camera import open_source
from posecheck.ui.settings.kept_choice import KeptChoice
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage

pytestmark = pytest.mark.gui


def test_sessions_are_deleted_only_after_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    remember(history_path(), (STRAIGHT, 12.0))
    choice = KeptChoice(WORDS, lambda: None)
    qtbot.addWidget(choice)
    assert str(tmp_path) in choice.place.text()

    def left() -> int:
        with closing(HistoryStore()) as store:
            return len(store.history().sessions)

    choice.forget.ask.click()
    choice.forget.keep.click()
    assert left() == 1
    choice.forget.ask.click()
    choice.forget.sure.click()
    assert left() == 0
    assert choice.outcome.text() == WORDS["ui_kept_forgotten"]


def test_everything_is_deleted_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Settings, answers, sessions, the set-up of the desk, the places of windows, logs, lock files
    that no program uses."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    save_settings(Settings(tags=("DISC",), screened="advice", comfort=(("2026-03-02", 7),)))
    remember(history_path(), (STRAIGHT, 12.0))
    save_profile("0", (640, 480), two_points())
    save_place("main", WindowPlace(0, 0, 800, 600))
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "crash-1.txt").write_text("mine")
    (tmp_path / ".old.json.lock").touch()
    used = FileLock(tmp_path / "desk.lock")
    used.acquire()
    model = SettingsModel(load_settings()[0])
    page = SettingsPage(WORDS, model, Services(list, open_source, lambda text: True))
    qtbot.addWidget(page)
    assert any(str(tmp_path) in each.text() for each in page.kept.folders)
    page.kept.forget_all.ask.click()
    with qtbot.waitSignal(page.emptied):
        page.kept.forget_all.sure.click()
    used.release()
    assert load_settings()[0] == model.value == Settings()
    with closing(HistoryStore()) as store:
        assert store.history().sessions == ()
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {
        *("settings.json", "history.sqlite3", ".history.sqlite3.lock", "desk.lock", DAYS_FILE),
    }
