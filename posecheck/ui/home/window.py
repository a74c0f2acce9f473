"""The main window: one page at a time, and the way from a choice to a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from posecheck.io.output import OutputError
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Settings, with_comfort, with_session_day
from posecheck.session.safety import wants_gentle
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.home.page import HomePage
from posecheck.ui.session.page import SessionPage
from posecheck.ui.settings.first_start import FirstStart, Services
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.page_window import PageWindow


@dataclass(frozen=True, slots=True)
class Request:
    """What a person wants to do now. Either `routine` or `exercise` is an id, the other is "".

    gentle  the person took the gentle set that was offered instead
    first   the side that begins today
    """

    routine: str
    exercise: str
    level: int
    tags: tuple[str, ...]
    gentle: bool
    first: Literal["left", "right"]


class MainWindow(PageWindow):
    """The window of the program.

    start    makes the page of a session; home comes back when the page's signal `finished` fires
    save     writes the settings after every change; may raise OutputError
    today    the date, asked whenever it is needed: a window may stay open overnight
    remarks  sentences to be told at home
    desk     whether the desk is offered
    full_screen  sessions fill the screen: they are seen from three metres

    `desk_wanted` of `home_page` is for the caller.
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: Settings,
        world: Services,
        *,
        start: Callable[[Request], QWidget],
        save: Callable[[Settings], object],
        today: Callable[[], date] = date.today,
        remarks: Iterable[str] = (),
        desk: bool = False,
        full_screen: bool = True,
    ) -> None:
        home = HomePage(phrases, library, settings, remarks=remarks, desk=desk)
        super().__init__(home)
        self.home_page = home
        self.settings = settings
        self._phrases, self._library, self._world = phrases, library, world
        self._start, self._save, self._today = start, save, today
        self._full_screen = full_screen
        self._before_session: Qt.WindowState | None = None
        self._wished: Callable[[Settings], QWidget] | None = None
        self._answers: dict[str, bool] = {}
        self.setWindowTitle("posecheck")
        self.resize(1280, 800)
        self.setCentralWidget(self.pages)
        home.routine_chosen.connect(lambda name: self._ask(routine=name))
        home.exercise_chosen.connect(lambda name: self._ask(exercise=name))
        home.settings_wanted.connect(self.show_settings)
        home.safety_wanted.connect(self.ask_safety)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()
        if settings.screened:
            self.home()
        else:
            self.show_first_start()

    def home(self) -> None:
        """Back to the choices."""
        if self._before_session is not None:
            self.setWindowState(self._before_session)
            self._before_session = None
        self.home_page.renew(self.settings)
        self.show_page(self.home_page)

    def begin_when_safe(self, make: Callable[[Settings], QWidget]) -> None:
        """Show a session at once, or as soon as the safety questions allow it. `make` gets the
        settings of that moment and answers with a page as `start` does."""
        self._wished = make
        self._begin_wished()

    def adopt(self, settings: Settings) -> None:
        """The settings were changed, and saved, elsewhere."""
        self.settings = settings
        self._dress()

    def show_first_start(self) -> None:
        """All the pages of the first start."""
        first = FirstStart(self._phrases, self.settings, self._world, answers=self._answers)
        first.looks.connect(self._keep)
        first.finished.connect(self._finished)
        self.show_page(first)

    def ask_safety(self) -> None:
        """Only the safety questions; going back leaves the answers as they were."""
        first = FirstStart(
            self._phrases, self.settings, self._world, only_safety=True, answers=self._answers
        )
        first.finished.connect(self._finished)
        first.left.connect(self.home)
        self.show_page(first)

    def show_settings(self) -> None:
        """The settings."""
        page = SettingsPage(self._phrases, self.settings, self._world)
        page.changed.connect(self._keep)
        page.safety_wanted.connect(self.ask_safety)
        page.left.connect(self.home)
        self.show_page(page)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The page that is shown lets go of its camera."""
        self.page.close()
        super().closeEvent(event)

    def _finished(self, settings: Settings) -> None:
        self._keep(settings)
        self.home()
        self._begin_wished()

    def _begin_wished(self) -> None:
        if self._wished is None or not self.settings.screened:
            return
        make, self._wished = self._wished, None
        self._try(lambda: make(self.settings))

    def _try(self, make: Callable[[], QWidget]) -> None:
        """Show the page of a session, or why there is none."""
        try:
            page = make()
        except SystemProblem as problem:
            self.home()
            self.home_page.tell(str(problem))
        else:
            self._lead(page)

    def _lead(self, page: QWidget) -> None:
        page.finished.connect(self.home)  # type: ignore[attr-defined]
        if isinstance(page, SessionPage):
            page.settings_wanted.connect(self._leave_for_settings)
        self.show_page(page)
        if self._full_screen:
            self._before_session = self.windowState()
            self.setWindowState(self._before_session | Qt.WindowState.WindowFullScreen)

    def _leave_for_settings(self) -> None:
        self.home()  # what a session changed about the window is taken back there
        self.show_settings()

    def _keep(self, settings: Settings) -> None:
        """The settings are these from now on, on the disk too if it can be written."""
        self.settings = settings
        self._dress()
        try:
            self._save(settings)
        except OutputError as error:
            self.home_page.tell(str(error))

    def _dress(self) -> None:
        self.dress(self.settings)

    def _ask(self, routine: str = "", exercise: str = "") -> None:
        """The question of the day comes before its first session, and before each on a bad day."""
        if not self.settings.screened:
            self.ask_safety()
            return
        day = self._today().isoformat()
        answers = dict(self.settings.comfort)
        pain = answers.pop(day, None)
        past = tuple(answers.values())
        if pain is not None and not wants_gentle(pain, past):
            self._begin(routine, exercise, gentle=False)
            return
        page = DailyQuestion(self._phrases, past, pain)
        page.answered.connect(lambda n, gentle: self._answered(routine, exercise, n, gentle))
        page.skipped.connect(lambda: self._begin(routine, exercise, gentle=False))
        page.left.connect(self.home)
        page.help_wanted.connect(self._help)
        self.show_page(page)

    def _answered(self, routine: str, exercise: str, pain: int, gentle: bool) -> None:
        self._keep(with_comfort(self.settings, self._today(), pain))
        self._begin(routine, exercise, gentle)

    def _help(self) -> None:
        self.home()
        self.home_page.show_page(self.home_page.about)

    def _begin(self, routine: str, exercise: str, gentle: bool) -> None:
        self._keep(with_session_day(self.settings, self._today()))
        known = self.settings
        request = Request(routine, exercise, known.level, known.tags, gentle, known.start_side)
        self._try(lambda: self._start(request))
