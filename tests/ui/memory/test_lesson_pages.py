"""Lessons in the window, and amounts that the user overrules."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from remembered import NINE
from sessions import WORDS
from shipped import LIBRARY

from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import open_source
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.home.session_entry import HomeChoice, PlannedChoice, SessionEntry
from posecheck.ui.home.window import MainWindow
from posecheck.ui.memory.lessons_page import LessonPage, LessonsPage
from posecheck.ui.memory.model import Memory
from posecheck.ui.memory.today_page import TodayPage
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services

pytestmark = pytest.mark.gui


def test_all_lessons_can_be_opened_in_their_order(qtbot: QtBot) -> None:
    page = LessonsPage(WORDS, LIBRARY.lessons.values())
    qtbot.addWidget(page)
    assert list(page.buttons) == list(LIBRARY.lessons)
    with qtbot.waitSignal(page.chosen) as chosen:
        page.buttons["sitting"].click()
    assert chosen.args == ["sitting"]


@pytest.mark.parametrize(("talk", "voice"), [("full", True), ("full", False), ("off", True)])
def test_a_lesson_is_read_aloud_until_the_page_is_left(
    talk: str, voice: bool, qtbot: QtBot
) -> None:
    """All of its words, unless the voice is off; without a voice it says so."""
    spoken: list[str] = []
    hushed: list[bool] = []

    def speak(text: str) -> bool:
        spoken.append(text)
        return voice

    lesson = LIBRARY.lessons["desk_setup"]
    page = LessonPage(WORDS, lesson, Settings(talk=talk), speak, lambda: hushed.append(True))  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    page.hear.click()
    assert len(spoken) == (talk != "off")
    assert all(text in each for each in spoken for text in lesson.text)
    assert all(point.text in each for each in spoken for point in lesson.checklist)
    assert page.says.isVisibleTo(page) is (talk == "off" or not voice)
    page.hide()
    assert hushed == [True]


def test_less_and_more_are_kept_and_the_plan_follows(tmp_path: Path, qtbot: QtBot) -> None:
    """One rung each time, within the ladder; a sore day offers neither."""

    def today(settings: Settings) -> TodayPage:
        model = SettingsModel(settings, lambda value, _: value)
        page = TodayPage(WORDS, Memory(LIBRARY, model, tmp_path / "h.sqlite3", lambda: NINE))
        qtbot.addWidget(page)
        return page

    page = today(Settings(screened="clear", plan_minutes=30))
    card = page.items["strength"]
    assert (card.less.isVisibleTo(card), card.more.isVisibleTo(card)) == (False, True)
    assert (card.item.rung, card.item.level) == (0, 1)
    card.more.click()
    card = today(Settings(screened="clear", plan_minutes=30)).items["strength"]
    assert (card.item.rung, card.item.level) == (1, 2)
    assert card.less.isVisibleTo(card)
    assert not page.items["lesson"].more.isVisibleTo(page.items["lesson"])
    sore = Settings(screened="clear", comfort=((NINE.date().isoformat(), 8),))
    gentle = today(sore).items["mobility"]
    assert not gentle.more.isVisibleTo(gentle)


def test_on_a_sore_day_the_user_chooses_what_feels_best(qtbot: QtBot) -> None:
    """Of several gentle routines; one alone is no choice."""
    assert DailyQuestion(WORDS, (), 8, {"gentle": "Gentle"}).kind is None
    settings = SettingsModel(Settings(screened="clear"), lambda value, _: value)
    kinds = {"gentle": "Gentle", "gentle_bending": "Gentle, bending"}
    entry = SessionEntry(WORDS, settings, NINE.date, kinds)
    pages: list[DailyQuestion] = []
    ready: list[HomeChoice] = []
    entry.question.connect(pages.append)
    entry.ready.connect(ready.append)
    entry.enter(planned=PlannedChoice("Lower back", (), routine="lower_back"))
    (page,) = pages
    qtbot.addWidget(page)
    page.pain.choose(8)
    assert page.kind is not None
    assert page.kind.isVisibleTo(page)
    assert page.gentle_routine == "gentle"
    page.kind.choose("gentle_bending")
    page.gentle.click()
    assert [(each.gentle, each.gentle_routine) for each in ready] == [(True, "gentle_bending")]


def test_help_is_one_step_away(qtbot: QtBot, tmp_path: Path) -> None:
    """From Today and the lessons by a button, from every page by F1."""
    settings = SettingsModel(Settings(screened="clear"), lambda value, _: value)
    memory = Memory(LIBRARY, settings, tmp_path / "h.sqlite3", lambda: NINE)
    services = Services(list, open_source, lambda text: True)
    window = MainWindow(
        WORDS, LIBRARY, settings, services, start=lambda _: QWidget(), memory=memory
    )
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    for show in (window.show_settings, window.show_progress, window.show_today):
        show()
        QTest.keyClick(window.page, Qt.Key.Key_F1)
        assert window.page is window.home_page
        assert window.home_page.current is window.home_page.about
    window.show_today()
    today = window.page
    assert isinstance(today, TodayPage)
    today.lessons.click()
    lessons = window.page
    assert isinstance(lessons, LessonsPage)
    lessons.buttons["traffic_light"].click()
    assert isinstance(window.page, LessonPage)
    window.page.left.emit()
    assert isinstance(window.page, LessonsPage)
    window.page.help_wanted.emit()
    assert window.home_page.current is window.home_page.about
