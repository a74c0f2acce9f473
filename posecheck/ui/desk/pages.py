"""The desk's window and the pages in it: today, what it sees, the set-up, settings, a break.

Pages know nothing of the loop; here their wishes become its commands, and the camera is on only
while one of them or the watch needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posecheck.desk.break_choice import BreakOffer, break_routine
from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import SCALES, DeskView
from posecheck.desk.signals import BEGINS
from posecheck.exercise import Routine
from posecheck.io.audio.voice import Voice
from posecheck.io.diagnosis.crash import forget_diagnosis
from posecheck.io.output import OutputError
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.load import Library
from posecheck.io.store.desk_profile import Found, forget_profiles, save_profile
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import Source, list_cameras, open_source
from posecheck.io.vision.live import open_live
from posecheck.session.safety import planned_s
from posecheck.ui.desk.chart import minutes_of, week_of
from posecheck.ui.desk.preview_page import PreviewPage
from posecheck.ui.desk.setup_page import SetupPage
from posecheck.ui.desk.today_page import DeskPage
from posecheck.ui.desk.update import DeskUpdate
from posecheck.ui.desk.window import DeskWindow
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import LaunchOptions, asked_for, instruction
from posecheck.ui.settings import first_start
from posecheck.ui.settings.settings_page import SettingsPage

BREAK_LEVEL = 2
"""At level 3 a break of three minutes would take eight."""
FREE_S = 3.0
"""Longest wait for the camera before a break's session opens it."""


class DeskPages(QObject):
    """The window, its pages, and what they want of the loop.

    spec     what `open_source` opens for a break, may be replaced; fast: a file as fast as it goes
    speak    says a text aloud, and answers whether it can
    settings may be replaced by `change`

    changed   other settings: to be saved
    set_up    the set-up begins: whatever kept the camera off is over
    took      a break has been done to its end
    """

    changed = Signal(object)
    set_up = Signal()
    took = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: Settings,
        loop: DeskWorker,
        store: DeskStore,
        spec: str,
        fast: bool,
        speak: Callable[[str], bool],
    ) -> None:
        super().__init__()
        self.settings, self.loop, self.store = settings, loop, store
        self.view: DeskView | None = None
        self.calibration: Calibration | None = None
        self.setup: SetupPage | None = None
        self.preview: PreviewPage | None = None
        self.session: SessionPage | None = None
        self._phrases, self._library = phrases, library
        self.spec, self._fast, self._speak = spec, fast, speak
        self.page = DeskPage(phrases)
        self.window = DeskWindow(phrases["ui_desk_title"], self.page, settings)
        self.page.left.connect(self.window.close)
        self.page.break_wanted.connect(self.start_break)
        self.window.gone.connect(self._gone)
        loop.trouble.connect(self.window.tell)
        loop.met.connect(self._met)
        loop.forgot.connect(self._erase)

    def show(self) -> None:
        """Today."""
        self.show_day()
        self.window.come()

    def show_taken(self, taken: DeskUpdate, until: str) -> None:
        """What came from the loop, on the page that wants it. `until`: when a pause ends."""
        self.view = taken.view or self.view
        image = taken.frame.image if taken.frame is not None else None
        if self.setup is not None and taken.setup is not None:
            said = taken.said[-1] if taken.said else ""
            self.setup.show_view(replace(taken.setup, said=said), image, taken.pose)
            if taken.setup.calibration is not None:
                self._keep_profile(taken.setup.calibration)
        if taken.view is None:
            return
        if self.preview is not None:
            self.preview.show_view(taken.view, image, taken.pose)
        if self.page.isVisible():
            self.page.show_view(taken.view, until)

    def show_day(self) -> None:
        """The strip of today and the week, from the store."""
        self.keep_trying(lambda: self._fill_page(date.today()))

    def keep_trying(self, write: Callable[[], object]) -> None:
        """Write or read something; a disk that refuses is told, and the desk goes on."""
        try:
            write()
        except OutputError as error:
            self.window.tell(str(error))

    def offer(self) -> BreakOffer:
        """The break that suits today."""
        seconds = self.view.day if self.view is not None else {}
        return break_routine(seconds, self._library.routines)

    def change(self, settings: Settings) -> None:
        """The settings are these from now on."""
        self.settings = settings
        self.window.dress(settings)
        self.changed.emit(settings)

    def close(self) -> None:
        self.window.close()

    def _fill_page(self, today: date) -> None:
        self.page.show_day(minutes_of(self.store.day(today)))
        self.page.show_week(week_of(self.store.week(today)))

    def _home(self) -> None:
        self.show_day()
        self.window.show_page(self.page)

    def _gone(self, page: QWidget) -> None:
        """A page has been closed, by whatever: what it needed of the loop is over."""
        if page is self.preview:
            self.preview = None
            self.loop.show(False)
        elif page is self.setup:
            self.setup = None
            self.loop.show(False)
            self.loop.leave_setup()
            if self.calibration is not None:
                self.loop.resume("setup")
            else:  # nothing can be judged, so nobody is watched
                self.loop.pause("setup")
        elif page is self.session:
            self.session = None
            self.loop.resume("break")

    # --- the set-up -------------------------------------------------------------------------------

    def _met(self, found: Found) -> None:
        """The camera is known, or not yet: then it is off until the person is ready."""
        self.calibration = found.calibration
        if self.preview is not None:
            self.preview.calibrate(found.calibration, self._begins())
        if found.calibration is not None:
            return
        if self.setup is None:
            self.open_setup()
        if self.setup is not None:
            old = self._phrases["ui_desk_setup_expired"] if found.lack == "expired" else ""
            self.setup.explain(old or found.remark)

    def open_setup(self) -> None:
        """The set-up's pages. The camera opens when the person is ready."""
        if self.session is not None:
            return
        if self.setup is None:
            page = SetupPage(self._phrases, self._speak)
            page.began.connect(self._begin_setup)
            page.skip_wanted.connect(self.loop.skip_part)
            page.finished.connect(self._home)
            page.left.connect(self._home)
            self.loop.pause("setup")
            self.set_up.emit()
            self.window.show_page(page)
            self.setup = page
        self.window.come(self.setup)

    def _begin_setup(self) -> None:
        self.loop.set_up()
        self.loop.show(True)
        self.loop.resume("setup")

    def _erase(self) -> None:
        """The loop has forgotten the person; now the files, and the desk begins anew."""
        told = self._phrases["ui_desk_forgotten"]
        try:
            self.store.forget_all()
            if not self.store.on_disk:  # what could not be opened may lie there all the same
                with closing(DeskStore()) as days:
                    days.forget_all()
            forget_profiles()
            forget_diagnosis()
        except OutputError as error:
            told = str(error)
        self.view = self.calibration = None
        self.open_setup()
        if self.setup is not None:
            self.setup.explain(told)

    def _keep_profile(self, calibration: Calibration) -> None:
        camera = self.loop.camera
        if camera is not None:
            self.keep_trying(lambda: save_profile(*camera, calibration))

    # --- windows ----------------------------------------------------------------------------------

    def open_preview(self) -> None:
        """What the camera sees, with the person's own limits."""
        page = PreviewPage(self._phrases, self.calibration, self._begins())
        page.left.connect(self._home)
        page.recalibrate.connect(self.open_setup)
        self.window.come(page)
        self.preview = page
        self.loop.show(True)  # not before: the page in front of it has just let the pictures go

    def open_settings(self) -> None:
        page = SettingsPage(self._phrases, self.settings, self._first_world())
        page.changed.connect(self.change)
        page.safety_wanted.connect(lambda: self._ask_safety(self.open_settings))
        page.left.connect(self._home)
        page.desk.offer_actions()
        page.desk.recalibrate.connect(self.open_setup)
        page.desk.forget.wanted.connect(self.loop.forget)
        self.window.come(page)

    def _begins(self) -> float:
        return BEGINS * SCALES[self.settings.sensitivity]

    def _first_world(self) -> first_start.Services:
        return first_start.Services(list_cameras, open_source, self._speak)

    # --- a break with exercises -------------------------------------------------------------------

    def start_break(self) -> None:
        """The checked routine that suits the day; the desk's camera is its camera meanwhile."""
        if self.session is not None:
            self.window.come(self.session)
            return
        if not self.settings.screened:
            self._ask_safety(self.start_break)
            return
        level = min(self.settings.level, BREAK_LEVEL)
        routine = routine_of(self.offer(), self._library)
        wish = LaunchOptions(routine=routine, sources=(self.spec,), level=level)
        try:
            asked = asked_for(
                wish, self.settings, self._library, self._phrases, self._open_for_break
            )
        except SystemProblem as problem:  # nothing of it suits this person
            self.window.tell(str(problem))
            self.show()
            return
        self.loop.pause("break")
        known = self.settings
        page = SessionPage(
            asked,
            self._phrases,
            lambda: Voice(known.talk, known.language),
            known.theme,
            instruction,
            known.text_scale,
        )
        page.closed.connect(self._break_over)
        page.finished.connect(self._home)
        self.session = page
        self.window.come(page)

    def _open_for_break(self) -> Source:
        self.loop.wait_until_free(FREE_S)
        return open_live([self.spec], paced=not self._fast)

    def _break_over(self) -> None:
        """It was a break if it was done to its end. The session's page is still shown, and may
        begin once more, so the camera stays its own."""
        if self.session is not None and self.session.loop.complete:
            self.loop.took_break()
            self.took.emit()

    def _ask_safety(self, then: Callable[[], None]) -> None:
        """The safety questions, before the first exercise."""
        page = first_start.FirstStart(
            self._phrases, self.settings, self._first_world(), only_safety=True
        )
        page.finished.connect(lambda settings: self._screened(settings, then))
        page.left.connect(self._home)
        self.window.come(page)

    def _screened(self, settings: Settings, then: Callable[[], None]) -> None:
        self.change(settings)
        if settings.screened:
            then()
        else:
            self._home()


def routine_of(offer: BreakOffer, library: Library) -> Routine:
    """The break as a routine: its own steps where the library has them, else the shipped one."""
    shipped = library.routines[offer.routine]
    steps = tuple(step for step in offer.steps if step.exercise in library.exercises)
    made = replace(shipped, steps=steps or shipped.steps)
    return replace(made, seconds=round(planned_s(made, library.exercises)))
