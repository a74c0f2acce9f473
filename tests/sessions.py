"""Guided sessions in a window: an endless recording as the camera, and a voice without sound."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Event

import numpy as np
from PySide6.QtCore import QLoggingCategory, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shipped import LIBRARY

from posecheck.coach.scene import DisplayState
from posecheck.io.audio.voice import MOCK, Voice
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.pose import Frame
from posecheck.session.plan import PlannedSet
from posecheck.ui.application import SILENT_WHILE_LOADING
from posecheck.ui.home.window import MainWindow
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import SessionRequest
from posecheck.ui.settings.model import SettingsModel, keep_unsaved
from posecheck.ui.settings.services import Services

WORDS = load_phrases("en")
CHILD = LIBRARY.exercises["childs_pose"]
CLIP = str(Path(__file__).resolve().parent / "clips" / "childs_pose_beth_R.mp4")
MAX_WAIT_MS = 30_000
"""Longest wait of a test for something to appear, ms."""


@lru_cache(maxsize=1)
def frames_of_clip() -> tuple[Frame, ...]:
    """The frames of the clip, read once."""
    with open_source(CLIP) as source:
        return tuple(source)


class Endless(Source):
    """Repeats a clip until it is closed, with stamps of ten frames a second.

    gate    no frame comes before it is set; None for no gate
    closed  set by `close`
    """

    live = True

    def __init__(self, gate: Event | None = None) -> None:
        super().__init__("endless", (640, 480))
        self.gate, self.closed = gate, Event()

    def __iter__(self) -> Iterator[Frame]:
        while self.gate is not None and not self.gate.wait(0.02) and not self.closed.is_set():
            pass
        frames = frames_of_clip()
        number = 0
        while not self.closed.wait(0.01):
            yield replace(frames[number % len(frames)], t=number / 10)
            number += 1

    def close(self) -> None:
        self.closed.set()


class Crashing(Source):
    """A source that raises an unexpected error after some frames."""

    def __init__(self, frames: int) -> None:
        super().__init__("broken", (64, 48))
        self._frames = frames

    def __iter__(self) -> Iterator[Frame]:
        for number in range(self._frames):
            yield Frame(number / 10, np.zeros((48, 64, 3), np.uint8))
        raise ValueError("an error in the program")

    def close(self) -> None:
        """Nothing is open."""


def threads() -> list[str]:
    """The names of the running threads of sessions and cameras."""
    names = (thread.name for thread in threading.enumerate())
    return [name for name in names if name.startswith(("session", "camera"))]


def silent_voice() -> Voice:
    """A voice with Qt's mock engine."""
    return Voice("full", engine=MOCK)


class SessionWindow:
    """A main window with a guided session. Keys go to the widget that has the focus."""

    def __init__(
        self,
        bot: QtBot,
        open_camera: Callable[[], Source],
        *,
        sets: int = 3,
        hold_s: float = 30.0,
        model: str = "lite",
        voice: Callable[[], Voice] = silent_voice,
        scale: float = 1.0,
    ) -> None:
        self.bot = bot
        # As `gui_application` does: the handler of pytest-qt is Python too, and would wait for ever
        # where a session loads the pose model while Qt loads its sound.
        QLoggingCategory.setFilterRules(SILENT_WHILE_LOADING)
        settings = Settings(screened="clear", text_scale=scale, theme="dark")
        planned_sets = tuple(PlannedSet(CHILD, hold_s=hold_s, rest_s=1.0) for _ in range(sets))
        request = SessionRequest(
            "Child's pose",
            planned_sets,
            1,
            (),
            (),
            open_camera,
            lambda masks: open_pose_model(model, masks),
        )
        self.page = SessionPage(request, WORDS, voice, "dark", scale)
        services = Services(cameras=lambda: [], preview=open_source, speak=lambda text: False)
        self.window = MainWindow(
            WORDS,
            LIBRARY,
            SettingsModel(settings, keep_unsaved),
            services,
            start=lambda choice: QWidget(),
            full_screen=False,
        )
        bot.addWidget(self.window)
        self.window.resize(1280, 720)
        self.window.begin_when_safe(lambda settings: self.page)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        bot.waitUntil(lambda: QApplication.focusWidget() is not None)

    def until(self, holds: Callable[[], bool]) -> None:
        """Process events until a condition holds."""
        self.bot.waitUntil(holds, timeout=MAX_WAIT_MS)

    def until_seen(self) -> None:
        """Process events until a judged frame with a pose is drawn."""
        self.until(lambda: self.page.scene.pose is not None)

    def press(self, key: Qt.Key) -> None:
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key)

    def until_state(self, state: DisplayState) -> None:
        self.until(lambda: self.page.scene.display_state == state)

    def until_panel(self, kind: type[QWidget]) -> None:
        self.until(lambda: isinstance(self.page.panel, kind))
