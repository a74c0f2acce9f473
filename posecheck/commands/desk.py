"""`posecheck desk`: opens the parts of the desk and connects them.

Theory of operation. The worker's thread watches the camera and sends updates; everything else runs
in the thread of the windows. `Desk` makes the parts, connects their signals and closes them. Each
part owns one thing:

    part          module                      owns
    ------------  --------------------------  -----------------------------------------------
    instance      io/desktop/single_instance  the lock file: one desk per user
    DeskCamera    io/vision/desk_camera       which source is opened, and the one opened first
    DesktopState  io/desktop/circumstances    calls, quiet hours, full screen, battery
    DayLog        io/store/day_log            the store of minutes, breaks and answers
    DeskWorker    ui/desk/worker              the thread: camera, model, monitor
    DeskPauses    ui/desk/pauses              pause, lock and battery as reasons to be off
    DeskStatus    ui/desk/status              tray icon or small window
    DeskPages     ui/desk/pages               the window, its pages, the set-up, breaks
    DeskNotifier  ui/desk/notifier            nudges, reminders, spoken sentences
    SettingsModel ui/settings/model           the settings of this process

    signal                      effect
    --------------------------  -----------------------------------------------------------------
    worker: fresh               take the update: store its minutes, report its alerts, show it
    worker: trouble             show a lost camera, notify once for each loss
    worker: ended               quit; a sentence means that the desk cannot go on
    settings: changed           renew the monitor or open another camera, if these fields changed
    menus: paused, resumed      pauses; hide what the user could answer
    pauses: resumed             open the set-up if only it keeps the camera off
    pages: setup_begun          end the user's pause
    pages: break_completed      store the break
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from posecheck.commands.desk_reminder import DeskReminder
from posecheck.commands.translating import in_language
from posecheck.desk.alerts import Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews, DeskView
from posecheck.io.audio.sentence_voice import SentenceVoice
from posecheck.io.audio.voice import sound_of
from posecheck.io.desktop.circumstances import DesktopState, on_work_days
from posecheck.io.desktop.single_instance import LOOK_MS, SingleInstance
from posecheck.io.output import writing
from posecheck.io.paths import data_home
from posecheck.io.requirements import SystemProblem, check_mediapipe
from posecheck.io.routines.load import Library
from posecheck.io.store.day_log import open_day_log
from posecheck.io.store.desk_profile import find_profile
from posecheck.io.store.settings import Settings, SettingsFile, load_settings
from posecheck.io.vision.desk_camera import DeskCamera
from posecheck.io.vision.desk_source import DESK_CALM_S
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.io.vision.source import CameraError
from posecheck.ui.application import display_trouble, gui_application, run_until_closed
from posecheck.ui.desk.break_flow import CAMERA_WAIT_S
from posecheck.ui.desk.notifier import DeskNotifier
from posecheck.ui.desk.nudge import StatusWindow
from posecheck.ui.desk.pages import DeskPages
from posecheck.ui.desk.pauses import DeskPauses
from posecheck.ui.desk.status import DeskStatus
from posecheck.ui.desk.tray import DeskMenu, Tray
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.memory.model import Memory
from posecheck.ui.session.request import FIRST_CAMERA
from posecheck.ui.settings.model import SettingsModel


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """The options of the command line.

    source     a camera, a stream or a file; "" for the one of the settings
    calibrate  show the set-up first, even with a calibration
    tray       False: use the small window even where there is a tray
    patient    keep trying when the camera cannot be opened at first, as at login
    seconds    quit after this time; None to run until the user quits
    fast       read a file as fast as possible, not in real time
    language   code of the language; "" for that of the settings
    """

    source: str = ""
    calibrate: bool = False
    tray: bool = True
    model: str = "lite"
    patient: bool = False
    seconds: float | None = None
    fast: bool = False
    language: str = ""


def run_desk(options: DeskOptions, library: Library) -> int:
    """Watch the desk until the user quits. Returns the exit code.

    Raises CameraError, SystemProblem or OutputError when the desk cannot start, and SystemProblem
    when it had to stop.
    """
    check_mediapipe()
    if trouble := display_trouble():
        raise SystemProblem(trouble)
    loaded, remarks = load_settings()
    print(*remarks, sep="\n", end="\n" if remarks else "", file=sys.stderr)
    phrases, library = in_language(library, options.language, loaded.language)
    with ExitStack() as stack:
        application = gui_application()
        settings = SettingsModel(loaded)
        settings.watch(SettingsFile())
        desk = open_desk(options, library, settings, phrases)
        stack.callback(desk.close)
        quit_with(desk, application)
        if options.seconds is not None:
            QTimer.singleShot(round(1000 * options.seconds), lambda: application.exit(0))
        desk.start()
        code = run_until_closed(application)
    if desk.trouble:
        raise SystemProblem(desk.trouble)
    if options.seconds is not None or not desk.live:
        print(no_account(options, desk.live) if desk.not_set_up else day_account(desk.view))
    return code


def open_desk(
    options: DeskOptions, library: Library, settings: SettingsModel, phrases: Mapping[str, str]
) -> Desk:
    """Make the desk without starting it.

    Raises SystemProblem when this user's desk runs already, which shows its window then;
    CameraError when its camera cannot be opened; OutputError without a folder for its data.
    """
    folder = data_home()
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    instance = SingleInstance(folder)
    instance.take()
    try:
        return Desk(options, library, settings, phrases, instance)
    except BaseException:
        instance.release()
        raise


def quit_with(desk: Desk, application: QApplication) -> None:
    """End the application with the desk, not with the last window."""
    application.setQuitOnLastWindowClosed(False)
    # `exit`, not `quit`: Qt would first close the small windows, which refuse, and then stay.
    desk.quit_wanted.connect(lambda: application.exit(0))


class Desk(QObject):
    """The desk from `start` to `close`.

    quit_wanted  the user wants to quit, a recording is over, or the worker cannot go on

    live         False for a recording
    trouble      why the worker could not go on: a sentence
    """

    quit_wanted = Signal()

    def __init__(
        self,
        options: DeskOptions,
        library: Library,
        settings: SettingsModel,
        phrases: Mapping[str, str],
        instance: SingleInstance,
    ) -> None:
        super().__init__()
        self.settings, self.trouble, self._store_trouble = settings, "", ""
        self._phrases = phrases
        self._options, self._instance = options, instance
        now = settings.value
        self._camera = DeskCamera(
            _spec_of(options, now),
            fast=options.fast,
            patient=options.patient,
            otherwise="" if options.source else NO_CAMERA_SPEC,
        )
        self.live = self._camera.live
        self._log = open_day_log()
        self._desktop = DesktopState((now.quiet_from, now.quiet_to))
        self.voice = SentenceVoice(phrases["language_code"], lambda: sound_of(settings.value))
        self.worker = DeskWorker(
            self._camera.open,
            lambda masks: open_pose_model(options.model, masks, DESK_CALM_S),
            self._make_monitor,
            profile=find_profile,
            circumstances=self._circumstances,
        )
        self.pages = DeskPages(
            phrases,
            library,
            settings,
            self.worker,
            self._log,
            self._camera,
            self.voice.speak,
            self.voice.names,
        )
        self._pauses = DeskPauses(
            self.worker, self._desktop, settings, lambda: self.pages.setup is not None
        )
        self._status = DeskStatus(phrases, now, options.tray, self.worker)
        self.notifier = DeskNotifier(phrases, self._status.sign, self.pages, self.voice)
        self._asked = QTimer(self)
        self._asked.timeout.connect(self._show_when_asked)
        self._reminder = DeskReminder(
            phrases,
            Memory(library, settings),
            lambda: self._desktop.circumstances(datetime.now()),
            self._status.notify,
        )
        self._connect()

    @property
    def sign(self) -> Tray | StatusWindow:
        """The tray icon or the small window."""
        return self._status.sign

    @property
    def view(self) -> DeskView | None:
        """The newest view with the colour to show, None before the first."""
        return self._status.view

    @property
    def not_set_up(self) -> bool:
        """Whether nothing was counted today because the set-up has not been done."""
        counted = self.view is not None and bool(self.view.day.keys() - {"calibrating"})
        return not counted and "setup" in self.worker.off

    # --- start and end --------------------------------------------------------------------------

    def start(self) -> None:
        """Start to watch."""
        self._status.appear()
        self._pauses.start()
        self._asked.start(LOOK_MS)
        if self.live:
            self._reminder.start()
        if self._camera.missing:
            self.show()
        elif self._options.calibrate:
            self.pages.open_setup()
        self.worker.start()

    def show(self) -> None:
        """Show today in the desk's window."""
        self.pages.show()

    def close(self) -> None:
        """Stop the thread, close the camera and the store. May be called twice."""
        self._asked.stop()
        self._reminder.close()
        self._pauses.close()
        self.pages.close()
        self.worker.close()
        self._camera.close()
        self._take_update()  # the last minute, which the worker has ended
        self.notifier.close()
        self._desktop.close()
        self.voice.close()
        self._status.hide()
        self._log.close()
        self._instance.release()

    def _connect(self) -> None:
        self.pages.page.kept.connect(self.notifier.keep)
        self.pages.page.camera_wanted.connect(self._look_for_camera)
        for menu in (self.sign.menu, self.pages.page.menu):
            self._connect_menu(menu)
        self.sign.opened.connect(self.pages.show)
        if isinstance(self.sign, Tray):
            self.sign.message_opened.connect(self.pages.show)
        self.pages.setup_begun.connect(self._pauses.end_pause)
        self.pages.break_completed.connect(self._add_break)
        self._pauses.resumed.connect(self._open_missing_setup)
        self.worker.fresh.connect(self._take_update)
        self.worker.trouble.connect(self._show_trouble)
        self.worker.forgot.connect(self.notifier.forget)
        self.worker.ended.connect(self._end)
        self.settings.changed.connect(self._apply_settings)

    def _connect_menu(self, menu: DeskMenu) -> None:
        menu.paused.connect(lambda minutes: self._pause(timedelta(minutes=minutes)))
        menu.paused_until_tomorrow.connect(lambda: self._pause(None))
        menu.resumed.connect(self._pauses.resume)
        menu.stood.connect(self.worker.stand)
        menu.sat.connect(self.worker.sit)
        menu.recalibrate.connect(self.pages.open_setup)
        menu.preview.connect(self.pages.open_preview)
        menu.today.connect(self.pages.show)
        menu.settings.connect(self.pages.open_settings)
        menu.quit_wanted.connect(self.quit_wanted)

    # --- called in the thread of the worker -----------------------------------------------------

    def _make_monitor(
        self, calibration: Calibration | None, before: DayState | None
    ) -> DeskMonitor:
        now = self.settings.value
        day = self._log.day_before_start() if before is None else before
        watched = not self._camera.blank
        return DeskMonitor(calibration, now.break_mode, now.sensitivity, day, now.own_sit, watched)

    def _circumstances(self) -> Circumstances:
        """What forbids an alert now. A day without work is quiet; the plan reminds on it too."""
        now = datetime.now()
        found = self._desktop.circumstances(now)
        return on_work_days(found, now, self.settings.value.work_days)

    # --- updates of the worker ------------------------------------------------------------------

    def _take_update(self) -> None:
        update = self.worker.take()
        self._status.update(update.view)
        for news in update.news:
            self.handle_news(news)
        self._show_status()
        view = None if update.view is None else self.view
        self.pages.show_update(replace(update, view=view), self._pauses.until)

    def handle_news(self, news: DeskNews) -> None:
        """Store what the monitor has found, and report what the user should know."""
        minute, view = news.minute, self.view
        if minute is not None:
            ago_s = view.t - minute.t if view is not None else 0.0
            self._log.add_minute(minute, ago_s)
            self.show_store_trouble()
            if self.pages.page.isVisible():
                self.pages.show_day()
        for alert in news.alerts:
            self.notifier.alarm(alert)
        for reminder in news.reminders:
            # Without a camera it is unknown whether the user sat.
            sat_s = view.sitting_s if view is not None and view.watched else 0.0
            self.notifier.remind(reminder, sat_s)

    def _add_break(self) -> None:
        self._log.add_break()
        self.show_store_trouble()

    def show_store_trouble(self) -> None:
        """Say once that the disk refuses, and what became of a file that could not be used; take
        the first sentence back when the disk takes everything again."""
        before, self._store_trouble = self._store_trouble, self._log.trouble
        if self._store_trouble != before:
            self.pages.window.withdraw(before)
        sentences = [self._log.take_remark()]
        if self._store_trouble and not before:
            sentences.append(self._store_trouble)
        for sentence in filter(None, sentences):
            self.pages.window.tell(sentence)
            self._status.notify(sentence)

    def _show_when_asked(self) -> None:
        """The user has started a second desk."""
        if self._instance.asked():
            self.show()

    def _show_status(self) -> None:
        self._status.show_state(self._pauses.until)

    def _show_trouble(self, sentence: str) -> None:
        """The camera is lost, or "" when it is there again."""
        lost_now = self._status.set_trouble(sentence)
        self._show_status()
        if lost_now:
            self._status.notify(sentence)

    def _end(self, sentence: str) -> None:
        self.trouble = sentence
        self.quit_wanted.emit()

    # --- pauses, settings, camera ---------------------------------------------------------------

    def _pause(self, length: timedelta | None) -> None:
        self._pauses.pause(length)
        self.notifier.hide()

    def _open_missing_setup(self) -> None:
        """After a pause: without a set-up the camera would stay off."""
        if "setup" in self.worker.off and self.pages.setup is None:
            self.pages.open_setup()

    def _apply_settings(self, now: Settings, before: Settings) -> None:
        self._desktop.quiet = (now.quiet_from, now.quiet_to)
        self.notifier.dress(now)
        if _judged_by(now) != _judged_by(before):
            self.worker.renew()
        spec = _spec_of(self._options, now)
        if spec != self._camera.spec:
            self._camera.change(spec)
            self.worker.reopen()

    def _look_for_camera(self) -> None:
        """The user has connected a camera, and breaks went by the clock until now."""
        spec = _spec_of(self._options, self.settings.value)
        wanted = FIRST_CAMERA if spec == NO_CAMERA_SPEC else spec
        try:
            self._camera.look_again(wanted)
        except CameraError:
            self.pages.window.tell(self._phrases["ui_desk_clock_still"])
        else:
            self.pages.window.tell("")
            self.worker.reopen()

    def lend_camera(self) -> None:
        """Close the camera for a session in the main window. Returns at once."""
        self.worker.pause("session")

    def wait_for_camera(self) -> None:
        """Close the camera and wait until it is closed, for at most CAMERA_WAIT_S. May be called
        from any thread."""
        self.worker.pause("session")
        self.worker.wait_until_free(CAMERA_WAIT_S)

    def take_camera_back(self) -> None:
        """The session of the main window is over: watch again."""
        self.worker.resume("session")


def day_account(view: DeskView | None) -> str:
    """The seconds of today per state as one line, for a terminal."""
    seconds = view.day if view is not None else {}
    longest = sorted(seconds.items(), key=lambda item: -item[1])
    states = ", ".join(f"{state.replace('_', ' ')} {value:.0f} s" for state, value in longest)
    return f"Today: {states or 'nothing yet'}."


def no_account(options: DeskOptions, live: bool) -> str:
    """Why nothing was watched, and what the user can do."""
    source = f" --source {options.source}" if options.source else ""
    way = f"Do it with: posecheck desk --calibrate{source}"
    if not live:
        way = f"To judge a recording: posecheck analyze --desk {options.source}"
    return f"Nothing was watched, because the set-up has not been done. {way}"


def _judged_by(settings: Settings) -> tuple[object, ...]:
    """The settings for which the monitor is made again."""
    return settings.sensitivity, settings.break_mode, settings.own_sit


def _spec_of(options: DeskOptions, settings: Settings) -> str:
    """The source to watch, for `open_desk_source`."""
    return options.source or settings.desk_camera or settings.camera or FIRST_CAMERA
