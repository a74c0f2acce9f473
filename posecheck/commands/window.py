"""`posecheck` in a window: everything is opened here and put together, and the event loop runs.

The pages know nothing of files and cameras; this module gives them what they need.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posecheck.coach.cues import Cue
from posecheck.coach.summary import text_lines
from posecheck.commands.record_session import recorded
from posecheck.io.audio.transcript import Transcript
from posecheck.io.audio.voice import Voice
from posecheck.io.output import OutputError
from posecheck.io.requirements import SystemProblem, check_mediapipe
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.settings import Settings, load_settings, save_settings
from posecheck.io.vision.camera import CameraError, Source, list_cameras, open_source
from posecheck.io.vision.live import open_live
from posecheck.session.safety import GENTLE
from posecheck.ui.application import display_trouble, gui_application, run_until_closed
from posecheck.ui.home.window import MainWindow, Request
from posecheck.ui.session.page import SessionPage, SessionRequest
from posecheck.ui.session.request import FIRST_CAMERA, LaunchOptions, asked_for, instruction
from posecheck.ui.settings.first_start import Services

if TYPE_CHECKING:
    from posecheck.commands.desk import Desk

FREE_S = 3.0
"""Longest wait for the desk to let go of the camera."""
NO_ENGINE = "none"
"""No name of an engine of Qt."""
LAST_WORDS_MS = 3000
"""A window that closes by itself stays so long after the end: "All done. Well done." is still being
said."""


def run(wish: LaunchOptions, library: Library) -> int:
    """Open the window and stay until it is closed. The exit code.

    CameraError, SystemProblem, OutputError: nothing can be begun.
    """
    check_mediapipe()
    if trouble := display_trouble():
        raise SystemProblem(trouble)
    settings, remarks = load_settings()
    phrases = load_phrases(settings.language)
    if wish.begins:  # at home the window tells them
        print(*remarks, sep="\n", end="\n" if remarks else "", file=sys.stderr)
    with ExitStack() as stack:
        opened = _opened_at_once(wish, settings, stack)
        transcript = stack.enter_context(Transcript(wish.transcript)) if wish.transcript else None
        recorder = Recorder(wish.record) if wish.record else None
        if recorder is not None:
            stack.callback(recorder.close)
        application = gui_application()
        program = Program(wish, library, settings, phrases, transcript, opened, recorder)
        stack.callback(program.close)
        window = program.window(remarks)
        window.show()
        code = run_until_closed(application)
        window.close()
    if program.trouble:
        raise SystemProblem(program.trouble)
    for line in program.told:
        print(line)
    return code


def _opened_at_once(
    wish: LaunchOptions, settings: Settings, stack: ExitStack
) -> Callable[[], Source] | None:
    """The source of a session that begins at once is opened before the window: what is wrong with
    it is then told on the command line. None for one that is opened later."""
    specs = wish.sources or (settings.camera or FIRST_CAMERA,)
    if not wish.begins or not (settings.screened or wish.sources):
        return None
    source = open_live(specs, paced=not wish.fast)
    if not settings.screened and _live(wish.sources):
        source.close()  # no camera is on while the safety questions are answered
        return None
    stack.callback(source.close)
    given = [source]
    return lambda: given.pop() if given else open_live(specs, paced=not wish.fast)


class Program:
    """What pages ask the world for."""

    def __init__(
        self,
        wish: LaunchOptions,
        library: Library,
        settings: Settings,
        phrases: Mapping[str, str],
        transcript: Transcript | None,
        opened: Callable[[], Source] | None,
        recorder: Recorder | None = None,
    ) -> None:
        self.wish, self.told, self.trouble = wish, (), ""
        self._library, self._settings, self._phrases = library, settings, phrases
        self._transcript, self._opened, self._recorder = transcript, opened, recorder
        self._trial: Voice | None = None
        self.desk = None

    told: tuple[str, ...]
    """The summary of the last session, for the terminal."""
    trouble: str
    """Why it could not begin, where the window closed by itself and nobody read it there."""
    desk: Desk | None
    """The desk, once it was wanted."""

    def window(self, remarks: Sequence[str]) -> MainWindow:
        wish, settings = self.wish, self._settings
        # Files are no person: nobody has to be asked whether they may exercise.
        files = wish.begins and not _live(wish.sources)
        shown = replace(settings, screened=settings.screened or "clear") if files else settings
        made = MainWindow(
            self._phrases, self._library, shown, Services(list_cameras, open_source, self._speak),
            start=self._page, save=self._save, remarks=remarks, desk=True,
            full_screen=not wish.windowed,
        )  # fmt: skip
        made.home_page.desk_wanted.connect(lambda: self._show_desk(made))
        if wish.begins:
            made.begin_when_safe(self._first_page)
        return made

    def _show_desk(self, window: MainWindow) -> None:
        """The desk, begun by its first wish. It goes on when this window is closed."""
        # Imported late: it needs this module, and only who watches the desk needs it.
        from posecheck.commands.desk import DeskWish, open_desk

        if self.desk is None:
            try:
                desk = open_desk(DeskWish(), self._library, self._settings, self._phrases)
            except (CameraError, SystemProblem, OutputError) as problem:
                window.home_page.tell(str(problem))
                return
            application = gui_application()
            application.setQuitOnLastWindowClosed(False)
            # Not `quit`: the small windows refuse to be closed, and Qt would then stay.
            desk.quit_wanted.connect(lambda: application.exit(0))
            desk.pages.changed.connect(window.adopt)
            desk.pages.changed.connect(self._adopt)
            desk.start()
            self.desk = desk
        self.desk.show()

    def _first_page(self, settings: Settings) -> QWidget:
        """What the command line asked for, for a person of these settings."""
        wish = self.wish
        asked = asked_for(wish, settings, self._library, self._phrases, self._opened)
        if self._recorder is not None:
            language = settings.language
            asked = recorded(asked, self._recorder, wish.model, wish.sources, language)
        page = self._led(asked, replace(settings, talk=wish.talk or settings.talk))
        page.closed.connect(lambda: self._over(page))
        return page

    def _page(self, request: Request) -> QWidget:
        """What was chosen at home."""
        routines, exercises = self._library.routines, self._library.exercises
        routine = routines.get(GENTLE if request.gentle else request.routine)
        wish = LaunchOptions(
            routine=routine,
            exercise=None if routine else exercises.get(request.exercise),
            level=request.level,
            side=request.first,
            model=self.wish.model,
        )
        known = replace(self._settings, tags=request.tags)
        opened = self._from_desk if self.desk is not None else None
        asked = asked_for(wish, known, self._library, self._phrases, opened)
        if self.desk is not None:
            self.desk.loop.pause("break")
        page = self._led(asked, self._settings)
        page.finished.connect(self._give_back)
        page.closed.connect(self._give_back)
        return page

    def _from_desk(self) -> Source:
        """The camera, once the desk has let it go; asked again when a session begins once more."""
        if self.desk is not None:
            self.desk.loop.pause("break")
            self.desk.loop.wait_until_free(FREE_S)
        return open_live((self._settings.camera or FIRST_CAMERA,))

    def _give_back(self) -> None:
        """The desk watches again after a session."""
        if self.desk is not None:
            self.desk.loop.resume("break")

    def _led(self, asked: SessionRequest, settings: Settings) -> SessionPage:
        def voice() -> Voice:
            # No engine is started for who wants nothing spoken: that takes seconds.
            engine = NO_ENGINE if settings.talk == "off" else None
            return Voice(
                settings.talk, settings.language, engine=engine, transcript=self._transcript
            )

        return SessionPage(
            asked, self._phrases, voice, settings.theme, instruction, settings.text_scale
        )

    def _over(self, page: SessionPage) -> None:
        if page.summary is not None:
            self.told = text_lines(page.summary, self._phrases)
        unseen = QApplication.platformName() in ("offscreen", "minimal")
        if not (self.wish.close or unseen):
            return
        self.trouble = page.trouble
        hurry = bool(page.trouble) or self.wish.fast
        window = page.window()
        QTimer.singleShot(0 if hurry else LAST_WORDS_MS, window, window.close)

    def _adopt(self, settings: Settings) -> None:
        """Changed, and saved, at the desk."""
        self._settings = settings

    def _save(self, settings: Settings) -> None:
        self._settings = settings
        if self.desk is not None:
            self.desk.adopt(settings)
        if not self.wish.begins or _live(self.wish.sources):
            save_settings(settings)

    def _speak(self, text: str) -> bool:
        """Try the voice: whether it speaks."""
        if self._trial is None:
            self._trial = Voice("full", self._settings.language)
        self._trial.say(time.perf_counter(), (Cue(text, text, "guide"),))
        return not self._trial.problem

    def close(self) -> None:
        """The voice that was tried is let go, and the desk; the recording is whole."""
        if self._recorder is not None:
            self._recorder.close()
            if self._recorder.problem:
                print(self._recorder.problem, file=sys.stderr)
        if self._trial is not None:
            self._trial.close()
        if self.desk is not None:
            self.desk.close()


def _live(sources: Sequence[str]) -> bool:
    """Whether a person may be in front of it, rather than a recording."""
    if len(sources) > 1:
        return False
    return not sources or "://" in sources[0] or not Path(sources[0]).exists()
