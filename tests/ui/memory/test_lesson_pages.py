"""Lessons in the window, and amounts that the user overrules."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from remembered import NINE
from sessions import WORDS
from shipped import LIBRARY

from posecheck.io.store.settings import Settings
from posecheck.ui.memory.lessons_page import LessonPage, LessonsPage
from posecheck.ui.memory.model import Memory
from posecheck.ui.memory.today_page import TodayPage
from posecheck.ui.settings.model import SettingsModel

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
