"""`posecheck` in a window: opens the parts of the program, connects them, runs the event loop.

`Program` makes the main window and the pages of sessions; `HomeDesk` has the desk that the user may
open from home. Only one of them has the camera at a time:

    event                                 desk's camera                  session
    ------------------------------------  -----------------------------  ------------------------
    the user chooses a session at home    closes (reason "session")      its page opens
    the session begins, also once more    has to be closed               waits, opens the camera
    the session ends or its page closes   opens again                    has closed the camera
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posecheck.coach.summary import text_lines
from posecheck.commands.personal_session import personal_session
from posecheck.commands.record_session import recorded_session
from posecheck.commands.remember_session import remembered_session
from posecheck.commands.translating import in_language
from posecheck.io.audio.sentence_voice import SentenceVoice
from posecheck.io.audio.transcript import Transcript
from posecheck.io.audio.voice import sound_of
from posecheck.io.output import OutputError
from posecheck.io.requirements import SystemProblem, check_mediapipe
from posecheck.io.routines.load import Library
from posecheck.io.store.history_writer import HistoryWriter
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.settings import Settings, SettingsFile, load_settings
from posecheck.io.vision.camera import CameraError, Source, list_cameras, open_source
from posecheck.io.vision.live import open_live
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC
from posecheck.io.vision.pose_model import preload
from posecheck.ui.application import display_trouble, gui_application, run_until_closed
from posecheck.ui.home.session_entry import HomeChoice, tags_today
from posecheck.ui.home.window import MainWindow
from posecheck.ui.memory.model import Memory
from posecheck.ui.session.launch import session_page
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import FIRST_CAMERA, LaunchOptions, session_request
from posecheck.ui.settings.model import SettingsModel, keep_unsaved
from posecheck.ui.settings.services import Services
from posecheck.ui.starting import hide_starting, tell_starting

if TYPE_CHECKING:
    from posecheck.commands.desk import Desk

PRELOAD_MS = 1000
"""Delay before the pose model is loaded beside home, so that home is drawn first."""
GO_WITHOUT = "Or be led by voice and clock, without a check: --no-camera."
LAST_WORDS_MS = 3000
"""Delay before a window closes by itself, so that "All done. Well done." can be spoken."""


def run_window(options: LaunchOptions, library: Library) -> int:
    """Open the window and run until it is closed. Returns the exit code.

    Raises CameraError, SystemProblem or OutputError when nothing can be begun.
    """
    check_mediapipe()
    if trouble := display_trouble():
        raise SystemProblem(trouble)
    loaded, remarks = load_settings()
    settings = settings_model(options, loaded)
    phrases, library = in_language(library, options.language, loaded.language)
    options = options.among(library)
    if options.begins:  # otherwise the window shows them at home
        print(*remarks, sep="\n", end="\n" if remarks else "", file=sys.stderr)
    with ExitStack() as stack:
        stack.callback(hide_starting)
        # Before anything loads OpenCV in another thread, which changes where Qt looks for plugins.
        application = gui_application()
        watched = options.watched and (options.sources or loaded.camera != NO_CAMERA_SPEC)
        if options.begins and watched:
            preload()
            tell_starting(phrases["starting_camera"])
        opened = _open_first(options, loaded, stack)
        path = options.transcript
        transcript = stack.enter_context(Transcript(path)) if path else None
        recorder = Recorder(options.record) if options.record else None
        if recorder is not None:
            stack.callback(recorder.close)
        program = Program(options, library, settings, phrases, transcript, opened, recorder)
        stack.callback(program.close)
        window = program.window(remarks)
        window.show()
        hide_starting()
        if not options.begins and watched:
            QTimer.singleShot(PRELOAD_MS, application, preload)
        code = run_until_closed(application)
        window.close()
    if program.trouble:
        raise SystemProblem(program.trouble)
    for line in program.summary_lines:
        print(line)
    return code


def settings_model(options: LaunchOptions, loaded: Settings) -> SettingsModel:
    """The settings of this process. A session over recordings needs no safety answers, and changes
    nothing in the user's file."""
    if options.begins and not _live(options.sources):
        answered = replace(loaded, screened=loaded.screened or "clear")
        return SettingsModel(answered, keep_unsaved)
    settings = SettingsModel(loaded)
    settings.watch(SettingsFile())
    return settings


def _open_first(
    options: LaunchOptions, settings: Settings, stack: ExitStack
) -> Callable[[], Source] | None:
    """Open the source of a session that begins at once before the window, so that an error is
    reported on the command line. None when the source is to be opened later."""
    specs = options.sources or (settings.camera or FIRST_CAMERA,)
    if not options.begins or not (settings.screened or options.sources):
        return None
    if not options.watched or specs == (NO_CAMERA_SPEC,):
        return None
    try:
        source = open_live(specs, paced=not options.fast)
    except CameraError as error:
        if options.sources:
            raise
        raise CameraError(f"{error} {GO_WITHOUT}") from error
    for remark in source.remarks:
        print(remark, file=sys.stderr)
    if not settings.screened and _live(options.sources):
        source.close()  # the camera is off while the user answers the safety questions
        return None
    stack.callback(source.close)
    first = [source]
    return lambda: first.pop() if first else open_live(specs, paced=not options.fast)


class HomeDesk:
    """The desk that the user may open from home. It runs on when the windows are closed.

    desk     None until it was opened, and after it had to stop
    trouble  why it had to stop while no window could say so, "" otherwise
    """

    def __init__(
        self, library: Library, settings: SettingsModel, phrases: Mapping[str, str]
    ) -> None:
        self._library, self._settings, self._phrases = library, settings, phrases
        self.desk: Desk | None = None
        self.trouble = ""

    def show(self, report: Callable[[str], bool]) -> None:
        """Show the desk's window; start the desk first if it does not run. `report` gets a sentence
        when it cannot start, or later when it has to stop; False: no window shows the sentence."""
        # Imported late, because most sessions need no desk.
        from posecheck.commands.desk import DeskOptions, open_desk

        if self.desk is None:
            try:
                desk = open_desk(DeskOptions(), self._library, self._settings, self._phrases)
            except (CameraError, SystemProblem, OutputError) as problem:
                report(str(problem))
                return
            gui_application().setQuitOnLastWindowClosed(False)
            desk.quit_wanted.connect(lambda: self._end(desk.trouble, report))
            desk.start()
            self.desk = desk
        self.desk.show()

    def _end(self, trouble: str, report: Callable[[str], bool]) -> None:
        """The user quits, or the desk has to stop. The rest of the program runs on after a trouble
        that its window shows, and the desk may be opened again."""
        if trouble and report(trouble):
            self.close()
            self.desk = None
            gui_application().setQuitOnLastWindowClosed(True)
            return
        self.trouble = trouble
        # `exit`, not `quit`: Qt would first close the small windows, which refuse, and then stay.
        gui_application().exit(0)

    def lend_camera(self) -> None:
        """Close the desk's camera for a session. Returns at once."""
        if self.desk is not None:
            self.desk.lend_camera()

    def open_lent(self) -> Source:
        """Open the camera for a session once the desk has closed it. Called each time the session
        begins, in its thread."""
        desk = self.desk  # the thread of the windows may set it to None
        if desk is not None:
            desk.wait_for_camera()
        return open_live((self._settings.value.camera or FIRST_CAMERA,))

    def take_camera_back(self) -> None:
        """The session is over: the desk watches again."""
        if self.desk is not None:
            self.desk.take_camera_back()

    def close(self) -> None:
        if self.desk is not None:
            self.desk.close()


class Program:
    """Makes the main window and its sessions, from the command line's options or from home.

    summary_lines  the summary of the command line's session, for the terminal
    trouble        why the program had to end: the session of the command line could not begin and
                   its window closed by itself, or the desk stopped while no window was open
    """

    def __init__(
        self,
        options: LaunchOptions,
        library: Library,
        settings: SettingsModel,
        phrases: Mapping[str, str],
        transcript: Transcript | None,
        opened: Callable[[], Source] | None,
        recorder: Recorder | None = None,
    ) -> None:
        """`opened` opens the source of the command line's session; None for the session to open
        it from the options. `recorder` writes what the estimator sees in that session."""
        self.summary_lines: tuple[str, ...] = ()
        self._trouble = ""
        self._told: set[str] = set()
        self._options, self._library = options, library
        self._settings, self._phrases = settings, phrases
        self._transcript, self._opened, self._recorder = transcript, opened, recorder
        self._writer = HistoryWriter()
        self._trial = SentenceVoice(phrases["language_code"], lambda: sound_of(settings.value))
        self._home_desk = HomeDesk(library, settings, phrases)

    @property
    def trouble(self) -> str:
        return self._trouble or self._home_desk.trouble

    @property
    def desk(self) -> Desk | None:
        """The desk, once the user has opened it."""
        return self._home_desk.desk

    def window(self, remarks: Sequence[str]) -> MainWindow:
        """The main window, with the session of the command line if it names one."""
        options = self._options
        made = MainWindow(
            self._phrases,
            self._library,
            self._settings,
            Services(
                list_cameras,
                open_source,
                self._trial.speak,
                self._trial.names,
                self._trial.close,
            ),
            start=self._page_from_home,
            remarks=remarks,
            desk=True,
            memory=Memory(self._library, self._settings),
            full_screen=not options.windowed,
        )

        def report(sentence: str) -> bool:
            made.home_page.show_remark(sentence)
            return made.isVisible()

        made.home_page.desk_wanted.connect(lambda: self._home_desk.show(report))
        if options.begins:
            made.begin_when_safe(self._page_from_options)
        if options.opened is not None:
            made.open_routine(options.opened)
        return made

    def close(self) -> None:
        """Complete the recording; stop the trial voice and the desk."""
        if self._recorder is not None:
            self._recorder.close()
            if self._recorder.problem:
                print(self._recorder.problem, file=sys.stderr)
        self._trial.close()
        self._home_desk.close()

    def _page_from_options(self, settings: Settings) -> QWidget:
        """The page of the session that the command line names."""
        options = self._options
        request = session_request(options, settings, self._library, self._phrases, self._opened)
        if options.remember or _live(options.sources):
            if self._recorder is None:  # a replay begins with the targets of the files
                request = personal_session(request, self._phrases, date.today())
            request = remembered_session(request, self._writer, options.routine, options.model)
        if self._recorder is not None:
            request = recorded_session(
                request,
                self._recorder,
                options.model,
                options.sources,
                self._phrases["language_code"],
            )
        known = replace(settings, talk=options.talk or settings.talk)
        page = session_page(request, self._phrases, known, self._transcript, self._told)
        page.closed.connect(lambda: self._end(page))
        return page

    def _page_from_home(self, choice: HomeChoice) -> QWidget:
        """The page of a session that was chosen at home."""
        planned = () if choice.gentle else choice.planned_sets
        routine = self._library.routines.get(
            choice.gentle_routine if choice.gentle else choice.routine
        )
        options = LaunchOptions(
            routine=None if planned else routine,
            exercise=None if routine else self._library.exercises.get(choice.exercise),
            model=self._options.model,
            planned_sets=planned,
            name=choice.name if planned else "",
            remarks=choice.remarks if planned else (),
            watched=choice.watched,
        )
        now = self._settings.value
        opened = None if self.desk is None else self._home_desk.open_lent
        known = replace(now, tags=tags_today(now, date.today()))
        request = session_request(options, known, self._library, self._phrases, opened)
        request = personal_session(request, self._phrases, date.today())
        track = choice.track if planned else ""
        request = remembered_session(request, self._writer, routine, options.model, track=track)
        self._home_desk.lend_camera()
        page = session_page(request, self._phrases, now, self._transcript, self._told)
        page.finished.connect(self._home_desk.take_camera_back)
        page.closed.connect(self._home_desk.take_camera_back)
        return page

    def _end(self, page: SessionPage) -> None:
        """The session of the command line is over: keep its summary, and close the window if that
        was requested or if nobody can see it."""
        if page.summary is not None:
            self.summary_lines = text_lines(page.summary, self._phrases)
        invisible = QApplication.platformName() in ("offscreen", "minimal")
        if not (self._options.close or invisible):
            return
        self._trouble = page.trouble
        at_once = bool(page.trouble) or self._options.fast
        window = page.window()
        QTimer.singleShot(0 if at_once else LAST_WORDS_MS, window, window.close)


def _live(sources: Sequence[str]) -> bool:
    """Whether the source may be a camera or a stream, with the user in front of it."""
    if len(sources) > 1:
        return False
    return not sources or "://" in sources[0] or not Path(sources[0]).exists()
