"""`posecheck desk`: the loop, the store, the circumstances, the tray and the windows, put together.

It lives in the tray, or in a small window where there is none. Everything that is shown is drawn
here only when something has changed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from posecheck.desk.alerts import Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.colour import DeskColour
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews, DeskView
from posecheck.io.audio.desk_voice import DeskVoice
from posecheck.io.desktop.circumstances import DesktopState
from posecheck.io.desktop.screen_lock import LockWatch
from posecheck.io.output import OutputError, writing
from posecheck.io.paths import data_home
from posecheck.io.requirements import SystemProblem, check_mediapipe
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.store.desk_profile import find_profile
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings, load_settings, save_settings
from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.desk_source import DESK_CALM_S, open_desk_source
from posecheck.ui.application import display_trouble, gui_application, run_until_closed
from posecheck.ui.desk.notifier import DeskNotifier
from posecheck.ui.desk.nudge import StatusWindow
from posecheck.ui.desk.pages import DeskPages
from posecheck.ui.desk.tray import Tray
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.session.request import estimating

POLL_MS = 500
"""Between two looks at the battery and the clock."""
TOMORROW = clock_time(4, 0)
"""When a pause "until tomorrow" ends: nobody means midnight."""
LOCK = "desk.lock"
ALREADY = "posecheck is already watching the desk. Look for its sign in the panel of your desktop."


@dataclass(frozen=True, slots=True)
class DeskWish:
    """What the command line asked for.

    source     a camera, a stream or a file; "" for the one of the settings
    calibrate  show the set-up first, even with a calibration
    tray       False: the small window also where there is a tray
    patient    go on looking when the camera cannot be opened at first, as at login
    seconds    end by itself; fast: a file as fast as it goes
    """

    source: str = ""
    calibrate: bool = False
    tray: bool = True
    model: str = "lite"
    patient: bool = False
    seconds: float | None = None
    fast: bool = False


def run_desk(wish: DeskWish, library: Library) -> int:
    """Watch the desk until the person quits. The exit code.

    CameraError, SystemProblem, OutputError: nothing can be begun.
    """
    check_mediapipe()
    if trouble := display_trouble():
        raise SystemProblem(trouble)
    settings, remarks = load_settings()
    print(*remarks, sep="\n", end="\n" if remarks else "", file=sys.stderr)
    phrases = load_phrases(settings.language)
    with ExitStack() as stack:
        application = gui_application()
        application.setQuitOnLastWindowClosed(False)
        desk = open_desk(wish, library, settings, phrases)
        stack.callback(desk.close)
        # Not `quit`: the small windows refuse to be closed, and Qt would then stay.
        desk.quit_wanted.connect(lambda: application.exit(0))
        if wish.seconds is not None:
            QTimer.singleShot(round(1000 * wish.seconds), lambda: application.exit(0))
        desk.start()
        code = run_until_closed(application)
    if desk.trouble:
        raise SystemProblem(desk.trouble)
    if wish.seconds is not None or not desk.live:
        print(desk.account())
    return code


def open_desk(
    wish: DeskWish, library: Library, settings: Settings, phrases: Mapping[str, str]
) -> Desk:
    """The desk, not yet started. There is one of a person: SystemProblem when it runs already.
    CameraError when its camera cannot be opened, OutputError when nothing can be stored."""
    folder = data_home()
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # it is stale when its program is gone, however old it is
    if not lock.tryLock(0):
        raise SystemProblem(ALREADY)
    try:
        return Desk(wish, library, settings, phrases, lock)
    except BaseException:
        lock.unlock()
        raise


class Desk(QObject):
    """The desk of one person, from `start` to `close`.

    quit_wanted  the person wants to end it, or a recording is over
    """

    quit_wanted = Signal()

    def __init__(
        self,
        wish: DeskWish,
        library: Library,
        settings: Settings,
        phrases: Mapping[str, str],
        lock: QLockFile,
    ) -> None:
        super().__init__()
        self._wish, self._lock, self._phrases = wish, lock, phrases
        self._spec = _spec_of(wish, settings)
        self._applied = settings
        self._given: list[Source] = []
        try:
            # Here, so that a system that asks for permission can do it, and a mistake is told.
            self._given.append(open_desk_source(self._spec, wish.fast))
        except CameraError:
            if not wish.patient:
                raise
        self.live = not self._given or self._given[0].live
        self.trouble = ""
        self.view: DeskView | None = None
        self._store, self._day_before = opened_store()
        self._today = date.today()
        self._world = DesktopState((settings.quiet_from, settings.quiet_to))
        self._locks = LockWatch(self._world, self)
        self._pause_until: datetime | None = None
        self._despite_battery = False
        self._lost = False
        self.voice = DeskVoice(settings.language)
        self.loop = DeskWorker(
            self._open, lambda masks: estimating(wish.model, masks, DESK_CALM_S), self._monitor,
            profile=find_profile, circumstances=self._circumstances,
        )  # fmt: skip
        self.pages = DeskPages(
            phrases,
            library,
            settings,
            self.loop,
            self._store,
            self._spec,
            wish.fast,
            self.voice.speak,
        )
        looks = (settings.theme, settings.text_scale)
        tray = wish.tray and Tray.available()
        self.sign: Tray | StatusWindow = (
            Tray(phrases, settings.reduced_motion, self) if tray else StatusWindow(phrases, *looks)
        )
        self.teller = DeskNotifier(phrases, self.sign, self.pages, self.voice)
        self._poll_timer = QTimer(self)
        self._connect()

    @property
    def settings(self) -> Settings:
        return self.pages.settings

    # --- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch."""
        if isinstance(self.sign, Tray):
            self.sign.show()
        else:
            self.sign.appear()
        self._poll_timer.start(POLL_MS)
        if self._wish.calibrate:
            self.pages.open_setup()
        self.loop.start()

    def show(self) -> None:
        """Today, in its window."""
        self.pages.show()

    def close(self) -> None:
        """End everything; the camera is free afterwards. May be called twice."""
        self._poll_timer.stop()
        self._locks.stop()
        self.pages.close()
        self.loop.close()
        while self._given:
            self._given.pop().close()
        self._take()  # the last minutes
        self.teller.close()
        self._world.close()
        self.voice.close()
        self.sign.hide()
        self._store.close()
        self._lock.unlock()

    def account(self) -> str:
        """The day so far in a line or two, for a terminal."""
        seconds = self.view.day if self.view is not None else {}
        if not seconds and "setup" in self.loop.off:
            return self._no_account()
        longest = sorted(seconds.items(), key=lambda item: -item[1])
        told = ", ".join(f"{state.replace('_', ' ')} {value:.0f} s" for state, value in longest)
        return f"Today: {told or 'nothing yet'}."

    def _no_account(self) -> str:
        """Why nothing was watched, and what to do."""
        source = f" --source {self._wish.source}" if self._wish.source else ""
        way = f"Do it with: posecheck desk --calibrate{source}"
        if not self.live:
            way = f"To judge a recording: posecheck analyze --desk {self._wish.source}"
        return f"Nothing was watched, because the set-up has not been done. {way}"

    def _connect(self) -> None:
        pages, loop = self.pages, self.loop
        for menu in (self.sign.menu, pages.page.menu):
            menu.paused.connect(lambda minutes: self.pause(timedelta(minutes=minutes)))
            menu.paused_until_tomorrow.connect(lambda: self.pause(None))
            menu.resumed.connect(self.resume)
            menu.stood.connect(loop.stand)
            menu.sat.connect(loop.sit)
            menu.recalibrate.connect(pages.open_setup)
            menu.preview.connect(pages.open_preview)
            menu.today.connect(pages.show)
            menu.settings.connect(pages.open_settings)
            menu.quit_wanted.connect(self.quit_wanted)
        self.sign.opened.connect(pages.show)
        if isinstance(self.sign, Tray):
            self.sign.message_opened.connect(pages.show)
        pages.changed.connect(self._change)
        pages.set_up.connect(self._forget_pause)
        pages.took.connect(self._took_break)
        loop.fresh.connect(self._take)
        loop.trouble.connect(self._tell_trouble)
        loop.forgot.connect(self.teller.forget)
        loop.ended.connect(self._ended)
        self._locks.changed.connect(lambda locked: self._rest("lock", locked))
        self._poll_timer.timeout.connect(self._poll)

    # --- what the loop asks for, in its thread ----------------------------------------------------

    def _open(self) -> Source:
        return self._given.pop() if self._given else open_desk_source(self._spec, self._wish.fast)

    def _monitor(self, calibration: Calibration | None, before: DayState | None) -> DeskMonitor:
        known = self.settings
        # Of a day that is over nothing goes on: the camera may have come a day late.
        stored = self._day_before if date.today() == self._today else DayState()
        day = stored if before is None else before
        return DeskMonitor(calibration, known.break_mode, known.sensitivity, day)

    def _circumstances(self) -> Circumstances:
        return self._world.circumstances(datetime.now())

    # --- news -------------------------------------------------------------------------------------

    def _take(self) -> None:
        taken = self.loop.take()
        view = taken.view
        if view is not None:
            view = replace(view, colour=self._colour(view.colour))
            taken = replace(taken, view=view)
        self.view = view or self.view
        for news in taken.news:
            self.tell(news)
        self._show_sign()
        self.pages.show_taken(taken, self._until())

    def _colour(self, colour: DeskColour) -> DeskColour:
        """What the monitor cannot know: why the camera is off."""
        off = self.loop.off
        if off == {"setup"}:  # nobody has paused: the set-up is waited for
            return "calibrating"
        if "break" in off and "pause" not in off:
            return "break"
        return "lost" if self._lost and not off else colour

    def _show_sign(self) -> None:
        state = self.view.reading.state if self.view is not None else "calibrating"
        colour = self._colour(self.view.colour if self.view is not None else "calibrating")
        self.sign.show_state(colour, state, self._until())

    def _tell_trouble(self, sentence: str) -> None:
        """The camera is lost, or there again. A loss is told once, however often it is looked for
        meanwhile; the sentence itself stands in the window."""
        before, self._lost = self._lost, bool(sentence)
        self._show_sign()
        if self._lost and not before and isinstance(self.sign, Tray):
            self.sign.notify(sentence)

    def tell(self, news: DeskNews) -> None:
        """What the monitor has found: into the store, and what is worth a word shown or said."""
        if news.minute is not None:
            behind_s = self.view.t - news.minute.t if self.view is not None else 0.0
            when = _now() - timedelta(seconds=max(0.0, behind_s))
            minute = news.minute
            self.pages.keep_trying(lambda: self._store.add_minute(when, minute))
            if self.pages.page.isVisible():
                self.pages.show_day()
        for alert in news.alerts:
            self.teller.alarm(alert)
        for reminder in news.reminders:
            self.teller.remind(reminder, self.view.sitting_s if self.view is not None else 0.0)

    def _took_break(self) -> None:
        self.pages.keep_trying(lambda: self._store.add_break(_now(), True))

    def _ended(self, sentence: str) -> None:
        """The loop cannot go on, or the recording is over."""
        self.trouble = sentence
        self.quit_wanted.emit()

    def adopt(self, settings: Settings) -> None:
        """The settings were changed, and saved, somewhere else."""
        self.pages.settings = settings
        self._apply(settings)

    def _change(self, settings: Settings) -> None:
        self._apply(settings)
        self.pages.keep_trying(lambda: save_settings(settings))

    def _apply(self, settings: Settings) -> None:
        """The settings are these from now on."""
        before, self._applied = self._applied, settings
        self._world.quiet = (settings.quiet_from, settings.quiet_to)
        self.teller.dress(settings)
        if (before.break_mode, before.sensitivity) != (settings.break_mode, settings.sensitivity):
            self.loop.renew()
        spec = _spec_of(self._wish, settings)
        if spec != self._spec:
            self._spec = self.pages.spec = spec
            while self._given:  # not asked for yet, and not wanted any more
                self._given.pop().close()
            self.loop.reopen()

    # --- pauses -----------------------------------------------------------------------------------

    def pause(self, length: timedelta | None) -> None:
        """Rest for so long, None until tomorrow. The camera is off within a second."""
        now = datetime.now()
        self._pause_until = now + length if length is not None else morning_after(now)
        self.loop.pause("pause")
        self.teller.hide()

    def resume(self) -> None:
        """Go on watching."""
        self._forget_pause()
        self._despite_battery = "battery" in self.loop.off
        if "setup" in self.loop.off and self.pages.setup is None:
            self.pages.open_setup()

    def _forget_pause(self) -> None:
        self._pause_until = None
        self.loop.resume("pause")

    def _until(self) -> str:
        return f"{self._pause_until:%H:%M}" if self._pause_until is not None else ""

    def _poll(self) -> None:
        """The battery, and the end of a pause."""
        saving = self.settings.battery_saver and self._world.on_battery()
        self._despite_battery = self._despite_battery and saving
        # Who presses "go on watching" or sets the desk up wants the camera all the same.
        wanted = self._despite_battery or self.pages.setup is not None
        self._rest("battery", saving and not wanted)
        if self._pause_until is not None and datetime.now() >= self._pause_until:
            self.resume()

    def _rest(self, reason: Literal["lock", "battery"], wanted: bool) -> None:
        if wanted and reason not in self.loop.off:
            self.loop.pause(reason)
        elif not wanted and reason in self.loop.off:
            self.loop.resume(reason)


def _spec_of(wish: DeskWish, settings: Settings) -> str:
    """What `open_desk_source` opens."""
    return wish.source or settings.desk_camera or settings.camera or "0"


def morning_after(now: datetime) -> datetime:
    """When a pause "until tomorrow" ends. After midnight tomorrow is the morning that comes."""
    ahead = timedelta(days=int(now.time() >= TOMORROW))
    return datetime.combine(now.date() + ahead, TOMORROW)


def opened_store() -> tuple[DeskStore, DayState]:
    """The store and today so far. On a disk that refuses the days are kept in memory, which is
    told on stderr, and nothing else suffers."""
    now = _now()
    try:
        store = DeskStore()
        today = store.day_state(now)
    except OutputError as error:
        print(error, file=sys.stderr)
        return DeskStore(Path(":memory:")), DayState()
    if store.remark:
        print(store.remark, file=sys.stderr)
    return store, today


def _now() -> datetime:
    return datetime.now().astimezone()
