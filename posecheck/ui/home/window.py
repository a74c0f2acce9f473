"""The main window. It shows one page at a time and decides which page follows which.

    from                  signal or condition          to
    --------------------  ---------------------------  -----------------------------------------
    the start             safety questions open        first start
    the start             otherwise                    home
    first start, safety   finished                     home, then the requested session if it may
                                                       begin now
    home                  settings_wanted              settings
    home, settings        doctor_wanted                page for a doctor
    home, settings        safety_wanted                safety questions
    home                  a routine or exercise        as in `session_entry`; its own pages of
                                                       routines are in `routine_choice`
    question of the day   help_wanted                  home, at "about"
    home                  today, progress              those pages
    today                 lessons_wanted               the lessons, and from there each of them
    today                 a session of the plan        as in `session_entry`
    session               finished                     home
    session               settings_wanted              settings
    any of these          left (Escape, Back)          home

Sessions may fill the screen; leaving one for home restores the window's state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from posecheck.io.errors import UserError
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Settings
from posecheck.session.safety import GENTLE
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.home.locked_pages import DoctorPage
from posecheck.ui.home.page import HomePage
from posecheck.ui.home.session_entry import HomeChoice, SessionEntry, tags_today
from posecheck.ui.memory.lessons_page import LessonPage, LessonsPage
from posecheck.ui.memory.model import Memory
from posecheck.ui.memory.progress_page import ProgressPage
from posecheck.ui.memory.today_page import TodayPage
from posecheck.ui.session.page import SessionPage
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.page_window import PageWindow

HELP_KEY = Qt.Key.Key_F1
"""Opens the page with the signs of an emergency, from every page but those that show them."""


class MainWindow(PageWindow):
    """The window of the program.

    start    makes the page of a session; its signal `finished` returns to home. It may raise
             SystemProblem, which is shown at home
    today    the local date, called whenever it is needed: a window may stay open overnight
    remarks  sentences to show at home
    desk     whether the desk is offered
    memory   for the pages of today and progress; without it there are none
    full_screen  whether sessions fill the screen; they are seen from three metres

    The caller connects `home_page.desk_wanted`.
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: SettingsModel,
        services: Services,
        *,
        start: Callable[[HomeChoice], QWidget],
        today: Callable[[], date] = date.today,
        remarks: Iterable[str] = (),
        desk: bool = False,
        memory: Memory | None = None,
        full_screen: bool = True,
    ) -> None:
        home = HomePage(phrases, library, settings.value, remarks=remarks, desk=desk)
        super().__init__(home, "main", QSize(1280, 800))
        self.home_page = home
        self._phrases, self._settings, self._services = phrases, settings, services
        self._library = library
        self._lessons = library.lessons
        self._start, self._full_screen, self._today = start, full_screen, today
        self._before_session: Qt.WindowState | None = None
        self._requested: Callable[[Settings], QWidget] | None = None
        self._opened: Path | None = None
        self._answers: dict[str, bool] = {}
        kinds = {name: r.name for name, r in library.routines.items() if name.startswith(GENTLE)}
        self._entry = SessionEntry(phrases, settings, today, kinds)
        self.setWindowTitle("posecheck")
        self.setCentralWidget(self.pages)
        self._memory = memory
        self._connect()
        if memory is not None:
            home.choices.offer_memory(memory, self.show_today, self.show_progress)
        self._dress()
        if settings.value.screened:
            self.home()
        else:
            self.show_first_start()

    def _connect(self) -> None:
        home, entry = self.home_page, self._entry
        home.planned_chosen.connect(lambda planned: entry.enter(planned=planned))
        home.favourites_changed.connect(lambda ids: self._settings.change(favourites=ids))
        home.exercise_chosen.connect(lambda name: entry.enter(exercise=name))
        home.settings_wanted.connect(self.show_settings)
        home.safety_wanted.connect(self.ask_safety)
        home.doctor_wanted.connect(self.show_doctor)
        entry.safety_wanted.connect(self.ask_safety)
        entry.question.connect(self._show_question)
        entry.ready.connect(lambda choice: self._begin(lambda: self._start(choice)))
        self._settings.changed.connect(self._follow)
        self._settings.unsaved.connect(home.show_remark)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)

    # --- pages ----------------------------------------------------------------------------------

    def home(self) -> None:
        """Return to the choices."""
        if self._before_session is not None:
            self.setWindowState(self._before_session)
            self._before_session = None
        self.home_page.renew(self._of_today())
        self.show_page(self.home_page)

    def open_routine(self, path: Path) -> None:
        """Show the page of a routine of a file, now or once the safety questions are answered."""
        self._opened = path
        self._show_opened()

    def _show_opened(self) -> None:
        if self._opened is None or not self._settings.value.screened:
            return
        path, self._opened = self._opened, None
        try:
            self.home_page.routines.open_file(path)
        except UserError as error:  # the file was changed or removed meanwhile
            self.home_page.show_remark(str(error))

    def show_first_start(self) -> None:
        """Show all pages of the first start."""
        self.show_page(self._first_start(only_safety=False))

    def ask_safety(self) -> None:
        """Show only the safety questions; going back leaves the stored answers unchanged."""
        page = self._first_start(only_safety=True)
        page.left.connect(self.home)
        self.show_page(page)

    def show_settings(self) -> None:
        """Show the settings."""
        page = SettingsPage(self._phrases, self._settings, self._services)
        page.emptied.connect(self._begin_anew)
        page.safety_wanted.connect(self.ask_safety)
        page.doctor_wanted.connect(self.show_doctor)
        page.offer_doctor()
        page.left.connect(self.home)
        self.show_page(page)

    def show_doctor(self) -> None:
        """Show the page for a doctor."""
        page = DoctorPage(self._phrases, self._library, self._told)
        page.left.connect(self.home)
        self.show_page(page)

    def _told(self) -> tuple[list[str], tuple[str, ...]]:
        """The screening questions with a yes that were answered since the start, as texts, and the
        stored contraindications."""
        yes = [self._phrases[key] for key, answer in self._answers.items() if answer]
        return yes, self._settings.value.tags

    def _begin_anew(self, sentence: str) -> None:
        """Everything was deleted: at home the safety questions are open again."""
        self.home()
        self.home_page.show_remark(sentence)

    def show_today(self) -> None:
        """Show what is due today."""
        if self._memory is None:
            return
        page = TodayPage(self._phrases, self._memory)
        page.left.connect(self.home)
        page.progress_wanted.connect(self.show_progress)
        page.lessons_wanted.connect(self.show_lessons)
        page.help_wanted.connect(self._show_help)
        page.chosen.connect(lambda planned: self._entry.enter(planned=planned))
        self.show_page(page)

    def show_lessons(self) -> None:
        """Show all lessons."""
        page = LessonsPage(self._phrases, self._lessons.values())
        page.left.connect(self.show_today)
        page.chosen.connect(self.show_lesson)
        page.help_wanted.connect(self._show_help)
        self.show_page(page)

    def show_lesson(self, name: str) -> None:
        """Show one lesson."""
        words, services = self._phrases, self._services
        lesson, now = self._lessons[name], self._settings.value
        page = LessonPage(words, lesson, now, services.speak, services.hush)
        page.left.connect(self.show_lessons)
        self.show_page(page)

    def show_progress(self) -> None:
        """Show what changed over weeks."""
        if self._memory is None:
            return
        page = ProgressPage(self._phrases, self._memory)
        page.left.connect(self.home)
        self.show_page(page)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the current page too, so that it closes its camera."""
        self.page.close()
        super().closeEvent(event)

    def _first_start(self, only_safety: bool) -> FirstStart:
        page = FirstStart(
            self._phrases,
            self._settings,
            self._services,
            self._library,
            only_safety,
            self._answers,
        )
        page.finished.connect(self._finish_questions)
        return page

    def _finish_questions(self) -> None:
        self.home()
        self._begin_requested()
        self._show_opened()

    def _show_question(self, page: DailyQuestion) -> None:
        page.left.connect(self.home)
        page.help_wanted.connect(self._show_help)
        self.show_page(page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """HELP_KEY shows the signs of an emergency. A session and the first start have them on the
        screen or behind a key of their own, and stay."""
        if event.key() == HELP_KEY and not isinstance(self.page, SessionPage | FirstStart):
            self._show_help()
        else:
            super().keyPressEvent(event)

    def _show_help(self) -> None:
        self.home()
        self.home_page.show_page(self.home_page.about)

    # --- sessions -------------------------------------------------------------------------------

    def begin_when_safe(self, make: Callable[[Settings], QWidget]) -> None:
        """Show a session now, or once the safety questions allow it. `make` gets the settings of
        that moment and returns a page as `start` does."""
        self._requested = make
        self._begin_requested()

    def _begin_requested(self) -> None:
        now = self._settings.value
        if self._requested is None or not now.screened:
            return
        make, self._requested = self._requested, None
        self._begin(lambda: make(now))

    def _begin(self, make: Callable[[], QWidget]) -> None:
        """Show the page of a session, or at home the reason why there is none."""
        try:
            page = make()
        except SystemProblem as problem:
            self.home()
            self.home_page.show_remark(str(problem))
        else:
            self._show_session(page)

    def _show_session(self, page: QWidget) -> None:
        page.finished.connect(self.home)  # type: ignore[attr-defined]
        if isinstance(page, SessionPage):
            page.settings_wanted.connect(self._leave_for_settings)
        self.show_page(page)
        if self._full_screen:
            self._before_session = self.windowState()
            self.setWindowState(self._before_session | Qt.WindowState.WindowFullScreen)

    def _leave_for_settings(self) -> None:
        self.home()  # restores the window's state
        self.show_settings()

    # --- settings -------------------------------------------------------------------------------

    def _follow(self, now: Settings, before: Settings) -> None:
        """The settings have changed, here or in another program."""
        self._dress()
        answered_anew = (now.tags, now.screened) != (before.tags, before.screened)
        if answered_anew and self.page is self.home_page:
            self.home_page.renew(self._of_today())

    def _of_today(self) -> Settings:
        """The settings with the safety answers that count today."""
        now = self._settings.value
        return replace(now, tags=tags_today(now, self._today()))

    def _dress(self) -> None:
        """Apply theme and text size."""
        self.dress(self._settings.value)
