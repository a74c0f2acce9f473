"""The desk's window and its pages: today, preview, set-up, settings, a break with exercises.

The pages know nothing of the worker. This module turns their signals into its commands, so that the
worker delivers pictures only while a page shows them:

    page      asks the worker for              when the page closes
    --------  -------------------------------  ----------------------------
    today     nothing                          the window is hidden
    preview   pictures                         no more pictures
    set-up    as in `setup_flow`               as in `setup_flow`
    break     the camera, as in `break_flow`   as in `break_flow`
    settings  nothing                          -
    safety    nothing                          -

Every page but today returns to today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posecheck.desk.break_choice import BreakOffer, break_routine
from posecheck.desk.monitor import SCALES, DeskView
from posecheck.desk.signals import BEGINS
from posecheck.io.output import OutputError
from posecheck.io.routines.load import Library
from posecheck.io.store.day_log import DayLog
from posecheck.io.store.desk_profile import Found
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import list_cameras, open_source
from posecheck.io.vision.desk_camera import DeskCamera
from posecheck.ui.desk.break_flow import BreakFlow
from posecheck.ui.desk.chart import minutes_of, week_of
from posecheck.ui.desk.preview_page import PreviewPage
from posecheck.ui.desk.setup_flow import SetupFlow, delete_stored_data
from posecheck.ui.desk.setup_page import SetupPage
from posecheck.ui.desk.today_page import DeskPage
from posecheck.ui.desk.update import DeskUpdate
from posecheck.ui.desk.window import DeskWindow
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.session.page import SessionPage
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage


class DeskPages(QObject):
    """Opens pages in the desk's window and connects them with the worker.

    camera  opened by a break's session while the worker has closed it
    speak   says a text aloud; False when that is not possible

    setup_begun      the set-up was opened: the user's pause is over
    break_completed  a break with exercises was done to its end
    """

    setup_begun = Signal()
    break_completed = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: SettingsModel,
        worker: DeskWorker,
        log: DayLog,
        camera: DeskCamera,
        speak: Callable[[str], bool],
        voices: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        super().__init__()
        self.worker, self.log = worker, log
        self.view: DeskView | None = None
        self.preview: PreviewPage | None = None
        self._phrases, self._library, self._settings = phrases, library, settings
        self._services = Services(list_cameras, open_source, speak, voices)
        self._camera = camera
        self._setup = SetupFlow(phrases, worker, speak)
        self._break = BreakFlow(phrases, library, settings, worker, camera)
        self.page = DeskPage(phrases)
        self.window = DeskWindow(phrases, self.page, settings.value)
        self._connect()

    def _connect(self) -> None:
        window, setup, session = self.window, self._setup, self._break
        self.page.left.connect(window.close)
        self.page.break_wanted.connect(self.start_break)
        window.gone.connect(self._close_page)
        setup.opened.connect(self._show_setup)
        setup.begun.connect(self.setup_begun)
        setup.left.connect(self._show_today)
        setup.unsaved.connect(window.tell)
        session.opened.connect(window.come)
        session.safety_wanted.connect(lambda: self._ask_safety(self.start_break))
        session.refused.connect(self._show_refusal)
        session.completed.connect(self.break_completed)
        session.left.connect(self._show_today)
        self._settings.changed.connect(self._dress)
        self._settings.unsaved.connect(window.tell)
        self.worker.trouble.connect(window.tell)
        self.worker.met.connect(self._meet_camera)
        self.worker.forgot.connect(self._delete_data)

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._settings.value

    @property
    def setup(self) -> SetupPage | None:
        """The page of the set-up while it is shown."""
        return self._setup.page

    @property
    def session(self) -> SessionPage | None:
        """The page of a break's session while it is shown."""
        return self._break.page

    # --- today ----------------------------------------------------------------------------------

    def show(self) -> None:
        """Bring the window with today to the front."""
        self.show_day()
        self.window.come()

    def show_update(self, update: DeskUpdate, until: str) -> None:
        """Show what the worker has delivered. `until`: when a pause ends, "HH:MM"."""
        self._setup.show(update)
        view = update.view
        if view is None:
            return
        self.view = view
        if self.preview is not None:
            image = update.frame.image if update.frame is not None else None
            self.preview.show_view(view, image, update.pose)
        if self.page.isVisible():
            self.page.show_view(view, until)

    def show_day(self) -> None:
        """Show the stored minutes of today and the week."""
        self.keep_trying(lambda: self._fill_page(date.today()))

    def keep_trying(self, access: Callable[[], object]) -> None:
        """Read or write the disk. When it refuses, the window shows why, and the desk goes on."""
        try:
            access()
        except OutputError as error:
            self.window.tell(str(error))

    def close(self) -> None:
        self.window.close()

    def _dress(self, now: Settings) -> None:
        self.window.dress(now)

    def _fill_page(self, today: date) -> None:
        self.page.show_day(minutes_of(self.log.store.day(today)))
        self.page.show_week(week_of(self.log.store.week(today)))

    def _show_today(self) -> None:
        self.show_day()
        self.window.show_page(self.page)

    def _close_page(self, page: QWidget) -> None:
        """The window has closed a page: end what it needed of the worker."""
        if page is self.preview:
            self.preview = None
            self.worker.show(False)
        elif page is self.setup:
            self._setup.close()
        elif page is self.session:
            self._break.close()

    # --- set-up and preview ---------------------------------------------------------------------

    def open_setup(self) -> None:
        """Show the set-up, unless a session has the camera; without a camera, today says so."""
        if self._camera.blank:
            self.show()
        elif self.session is None:
            self._setup.open()

    def _show_setup(self, page: SetupPage) -> None:
        page.picture.mirrored = self.settings.mirror_view
        self.window.come(page)

    def open_preview(self) -> None:
        """Show the picture of the camera with the user's limits; without one, today says so."""
        if self._camera.blank:
            self.show()
            return
        page = PreviewPage(self._phrases, self._setup.calibration, self._begins())
        page.picture.mirrored = self.settings.mirror_view
        page.left.connect(self._show_today)
        page.recalibrate.connect(self.open_setup)
        self.window.come(page)
        self.preview = page
        self.worker.show(True)  # after `come`: the page before this one may have ended pictures

    def _begins(self) -> float:
        """The slouch index at which slouching begins, at the chosen sensitivity."""
        return BEGINS * SCALES[self.settings.sensitivity]

    def _meet_camera(self, found: Found) -> None:
        """The worker has opened another camera, or has calibrated this one."""
        self._setup.calibration = found.calibration
        if self.preview is not None:
            self.preview.calibrate(found.calibration, self._begins())
        if found.calibration is not None:
            return
        if self.setup is None:
            self.open_setup()
        self._setup.explain_lack(found)

    def _delete_data(self) -> None:
        """The worker has forgotten the user: delete the files, then begin with the set-up."""
        result = self._phrases["ui_desk_forgotten"]
        try:
            delete_stored_data(self.log.store)
        except OutputError as error:
            result = str(error)
        self.view = self._setup.calibration = None
        self.open_setup()
        self._setup.explain(result)

    # --- settings -------------------------------------------------------------------------------

    def open_settings(self) -> None:
        """Show the settings, with the actions of a running desk."""
        page = SettingsPage(self._phrases, self._settings, self._services)
        page.safety_wanted.connect(lambda: self._ask_safety(self.open_settings))
        page.left.connect(self._show_today)
        page.desk.offer_actions()
        page.desk.recalibrate.connect(self.open_setup)
        page.desk.forget.wanted.connect(self.worker.forget)
        self.window.come(page)

    def _ask_safety(self, then: Callable[[], None]) -> None:
        """Show the safety questions; call `then` once the answers allow exercises."""
        page = FirstStart(
            self._phrases, self._settings, self._services, self._library, only_safety=True
        )
        page.finished.connect(lambda: then() if self.settings.screened else self._show_today())
        page.left.connect(self._show_today)
        self.window.come(page)

    # --- breaks ---------------------------------------------------------------------------------

    def offer(self) -> BreakOffer:
        """The break that suits today."""
        seconds = self.view.day if self.view is not None else {}
        return break_routine(seconds, self._library.routines)

    def start_break(self) -> None:
        """Begin the break that suits today, or show the one that runs."""
        self._break.start(self.offer())

    def _show_refusal(self, sentence: str) -> None:
        self.window.tell(sentence)
        self.show()
