"""From the first start to the summary by keyboard alone, over a real recording."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sessions import CHILD, MAX_WAIT_MS, WORDS, Endless, silent_voice
from shipped import LIBRARY

from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.session.plan import PlannedSet
from posecheck.session.safety import SCREENING
from posecheck.ui.home.session_entry import HomeChoice
from posecheck.ui.home.window import MainWindow
from posecheck.ui.session.caption import Caption
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import SessionRequest
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel, keep_unsaved
from posecheck.ui.settings.services import Services

pytestmark = [pytest.mark.gui, pytest.mark.model, pytest.mark.slow]

Key = Qt.Key


class Journey:
    """A window whose sessions hold a child's pose for two seconds, and keys at its focus."""

    def __init__(self, bot: QtBot) -> None:
        self.bot = bot
        self.settings = SettingsModel(Settings(), keep_unsaved)
        self.begun: list[HomeChoice] = []
        self.window = MainWindow(
            WORDS,
            LIBRARY,
            self.settings,
            Services(cameras=list, preview=open_source, speak=lambda text: False),
            start=self._start,
            today=lambda: date(2026, 2, 3),
            full_screen=False,
        )
        bot.addWidget(self.window)
        self.window.resize(1280, 720)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)

    def _start(self, choice: HomeChoice) -> QWidget:
        self.begun.append(choice)
        request = SessionRequest(
            "Child's pose", (PlannedSet(CHILD, hold_s=2.0, rest_s=1.0),), 1, (), (), Endless,
            lambda masks: open_pose_model("lite", masks),
        )  # fmt: skip
        return SessionPage(request, WORDS, silent_voice, "light", captions=True)

    @property
    def focus(self) -> QWidget:
        """What has the focus. Without a window manager the window is not active any more when the
        lists of a page that is gone have been closed."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            self.until(lambda: QApplication.focusWidget() is not None)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.focus, key)

    def tab_to(self, name: str) -> None:
        """Press Tab until a control whose name starts with this has the focus."""
        for _ in range(80):
            if self.focus.accessibleName().startswith(name):
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {name!r}")

    def until(self, holds: Callable[[], bool]) -> None:
        self.bot.waitUntil(holds, timeout=MAX_WAIT_MS)


def test_from_the_first_start_to_the_summary_by_keyboard(qtbot: QtBot) -> None:
    """Tab, Space, Return, arrows, letters and Escape. What is said is there to read meanwhile, and
    the summary leads home."""
    here = Journey(qtbot)
    here.press(Key.Key_Return)
    for key in SCREENING:
        here.tab_to(f"{WORDS[key]} {WORDS['ui_yes']}")
        here.press(Key.Key_Right, Key.Key_Space)
    here.press(Key.Key_Return)
    for _ in range(4):  # conditions, camera, voice, level: as they are
        first = here.window.page
        assert isinstance(first, FirstStart)
        here.tab_to(WORDS["ui_finish" if first.current == "level" else "ui_next"])
        here.press(Key.Key_Return)
    home = here.window.home_page
    assert here.window.page is home
    here.tab_to(WORDS["ui_practise_title"])
    here.press(Key.Key_Return)
    assert isinstance(here.focus, QLineEdit)
    QTest.keyClicks(here.focus, "child")
    here.press(Key.Key_Return)
    here.press(Key.Key_2, Key.Key_Return)  # the pain of today
    page = here.window.page
    assert isinstance(page, SessionPage)
    assert [choice.exercise for choice in here.begun] == ["childs_pose"]
    caption = page.findChildren(Caption)[0]
    read: list[str] = []
    said = page._sound

    def follow() -> bool:
        if said.caption and caption.text() == said.caption and caption.isVisible():
            read.append(caption.text())
        return isinstance(page.panel, SummaryPage)

    here.until(lambda: page.scene.pose is not None)
    here.press(Key.Key_Space)
    here.until(lambda: page.scene.display_state == "halted")
    here.press(Key.Key_H)
    here.until(lambda: page.panel is not None)
    here.press(Key.Key_Escape)
    here.until(lambda: page.panel is None)
    here.press(Key.Key_Space)
    here.until(follow)
    assert len(set(read)) >= 2
    panel = page.panel
    assert isinstance(panel, SummaryPage)
    here.tab_to(WORDS["sum_home"])
    here.press(Key.Key_Return)
    assert here.window.page is home
