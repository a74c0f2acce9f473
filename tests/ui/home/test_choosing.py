"""Choosing by the window alone: what a user sets out to do, with the keys that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shipped import EXERCISES, LIBRARY

from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.own import OwnRoutines
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import open_source
from posecheck.session.draft import KNEELING
from posecheck.ui.home.page import HomePage
from posecheck.ui.home.routine_page import RoutinePage
from posecheck.ui.home.session_entry import HomeChoice
from posecheck.ui.home.window import MainWindow
from posecheck.ui.settings.model import SettingsModel, keep_unsaved
from posecheck.ui.settings.services import Services

pytestmark = pytest.mark.gui

WORDS = load_phrases("en")
TODAY = "2026-02-03"


class Led(QWidget):
    """Stands in for the page of a session."""

    finished = Signal()

    def __init__(self, choice: HomeChoice) -> None:
        super().__init__()
        self.choice = choice


class Keyboard:
    """A window that is used by keys alone; they are counted."""

    def __init__(self, bot: QtBot, **settings: Any) -> None:
        known = Settings(screened="clear", comfort=((TODAY, 1),), reduced_motion=True, **settings)
        self.settings = SettingsModel(known, keep_unsaved)
        services = Services(cameras=lambda: [], preview=open_source, speak=lambda text: False)
        self.window = MainWindow(
            WORDS,
            LIBRARY,
            self.settings,
            services,
            start=Led,
            today=lambda: date.fromisoformat(TODAY),
            full_screen=False,
        )
        bot.addWidget(self.window)
        self.window.resize(1280, 720)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        bot.waitUntil(lambda: QApplication.focusWidget() is not None)
        self.keys = 0

    @property
    def home(self) -> HomePage:
        return self.window.home_page

    @property
    def page(self) -> RoutinePage:
        assert self.home.routines.routine is not None
        assert self.home.current is self.home.routines.routine
        return self.home.routines.routine

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key) -> None:
        self.keys += 1
        QTest.keyClick(self.focus, key)

    def write(self, text: str) -> None:
        self.keys += len(text)
        QTest.keyClicks(self.focus, text)

    def go(self, name: str) -> None:
        """Press Tab until a control of this name has the focus, then Return."""
        self.tab_to(name)
        self.press(Qt.Key.Key_Return)

    def tab_to(self, name: str) -> None:
        for _ in range(60):
            if self.focus.accessibleName().startswith(name):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {name!r}")

    @property
    def choice(self) -> HomeChoice:
        assert isinstance(self.window.page, Led)
        return self.window.page.choice


@pytest.fixture
def user(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    made = Keyboard(qtbot)
    yield made
    made.window.close()


def test_ten_minutes_for_the_hips_sitting(user: Keyboard) -> None:
    """Find, make a routine of what was found, choose the length, start."""
    user.go(WORDS["ui_practise_title"])
    user.write("hips sitting")
    user.go(WORDS["ui_library_make"].format(count=4)[:22])
    assert user.page.draft.lengths[0] == 10
    user.press(Qt.Key.Key_Right)
    user.press(Qt.Key.Key_Space)
    assert user.page.draft.minutes == 10
    user.press(Qt.Key.Key_Return)
    sets = user.choice.planned_sets
    assert {each.exercise.position for each in sets} <= {"chair", "sitting"}
    assert all("hips" in each.exercise.areas for each in sets)
    assert user.choice.name == "Hips sitting"
    assert user.keys <= 24, user.keys  # 12 of them are letters


def test_leave_out_what_kneels_and_put_one_back(user: Keyboard) -> None:
    """One button leaves it all out; each step says that the user has left it out."""
    user.home.routines.open("lower_back")
    user.go(WORDS["ui_routine_kneeling"][:20])
    page = user.page
    out = [each for each in page.draft.steps if each.state == "out"]
    assert out
    assert page.rows[out[0].key].state.text() == WORDS["ui_routine_left_out"]
    assert not page.kneeling.isVisible()
    assert user.focus is page.start  # the next thing to do
    page.rows[out[0].key].out.click()
    assert page.kneeling.isVisible()
    page.kneeling.click()
    user.press(Qt.Key.Key_Return)
    assert not {each.exercise.position for each in user.choice.planned_sets} & KNEELING


def test_a_routine_in_five_minutes(user: Keyboard) -> None:
    """From home: the routine, the length, start: no step needs a search or a scroll."""
    user.go(WORDS["ui_guided_title"])
    user.press(Qt.Key.Key_Return)  # the first routine has the focus
    user.press(Qt.Key.Key_Right)  # so has the length
    user.press(Qt.Key.Key_Space)
    assert user.page.draft.routine.seconds <= 300
    assert "5 min" in user.page.summary.text()
    user.press(Qt.Key.Key_Return)
    assert user.keys <= 6, user.keys
    assert user.choice.routine == "full_daily"


def test_a_routine_of_ones_own_is_built_kept_changed_and_deleted(user: Keyboard) -> None:
    """From the library, with the amounts of the user; nothing is replaced silently."""
    user.go(WORDS["ui_guided_title"])
    user.home.routines.page.build.click()
    assert user.focus is user.page.add
    user.press(Qt.Key.Key_Return)
    for name in ("knee rolls", "plank"):
        user.home.routines.adder.search.setText(name)  # type: ignore[union-attr]
        user.go(WORDS["ui_library_add"])
    user.press(Qt.Key.Key_Escape)
    page = user.page
    last = page.rows[page.draft.steps[1].key]
    last.earlier.click()
    assert [each.exercise.id for each in page.draft.steps] == ["plank", "knee_rolls"]
    last.amounts.click()
    assert last.panel is not None
    hold, sets = last.panel.controls[:2]
    hold.setCurrentIndex(0)  # type: ignore[attr-defined]
    sets.setCurrentIndex(1)  # type: ignore[attr-defined]
    page.save.click()
    page.name.setText("Gentle")
    user.press(Qt.Key.Key_Return)
    assert page.note.text() == WORDS["ui_routine_taken"].format(name="Gentle")
    page.name.setText("  Before   bed ")
    page.keep.click()
    kept, problems = OwnRoutines(EXERCISES, LIBRARY.routines).load()
    assert problems == ()
    assert kept["before_bed"].name == "Before bed"
    assert [(s.exercise, s.hold_s, s.sets) for s in kept["before_bed"].steps] == [
        ("plank", 5.0, 2),
        ("knee_rolls", None, 1),
    ]
    user.press(Qt.Key.Key_Escape)
    cards = user.home.routines.page.cards
    assert next(iter(cards)) == "before_bed"
    cards["before_bed"].click()
    user.page.remove.click()
    assert "before_bed" in OwnRoutines(EXERCISES).load()[0]  # it asks once more
    user.page.remove.click()
    assert "before_bed" not in OwnRoutines(EXERCISES).load()[0]
    assert user.home.current is user.home.routines.page


def test_a_routine_goes_out_as_a_file_and_comes_in_again(user: Keyboard, tmp_path: Path) -> None:
    """It opens on its page and is kept only when the user says so; mistakes are said there."""
    choice, file = user.home.routines, tmp_path / "for Ann.posecheck"
    choice.ask_file = lambda saving, name: file
    choice.open_found("Mine", ["seated_march", "plank"])
    user.page.name.setText("Mine")
    user.page.keep.click()
    user.page.export.click()
    assert user.page.note.text() == WORDS["ui_routine_exported"].format(path=file)
    user.page.remove.click()
    user.page.remove.click()
    choice.page.open.click()
    assert user.page.own == ""
    assert user.page.note.text() == WORDS["ui_routine_opened"].format(path=file)
    assert [s.exercise for s in user.page.draft.written.steps] == ["seated_march", "plank"]
    assert OwnRoutines(EXERCISES).load()[0] == {}
    file.write_text("name = 3\n", encoding="utf-8")
    user.press(Qt.Key.Key_Escape)
    choice.page.open.click()
    assert "for Ann.posecheck:1: name: must be a text" in choice.page.note.text()
    file.unlink()
    user.window.open_routine(file)
    assert "no such file" in user.home.choices._remarks.popitem()[0]


def test_favourites_are_kept_and_found(user: Keyboard) -> None:
    page = user.home.exercises
    user.home.show_page(page)
    page.search.setText("plank")
    page.about.favourite.click()
    assert user.settings.value.favourites == ("plank",)
    page.search.setText("")
    page.filters.favourites.setChecked(True)
    assert [each.id for each in page.found] == ["plank"]
    assert "(1)" in page.filter_button.text()
    page.filters.reset()
    assert len(page.found) == len(EXERCISES)


def test_what_was_changed_for_the_user_is_said_with_its_reason(qtbot: QtBot) -> None:
    user = Keyboard(qtbot, tags=("KNEE",))
    user.home.routines.open("lower_back")
    assert WORDS["tag_KNEE"] in user.page.changes.text()
    user.page.start.click()
    assert user.choice.remarks
    user.window.close()
