"""The thread that watches the desk: camera, lite model, trust and monitor on one side, the newest
view on the other.

It is made to be forgotten about: few pictures, none kept, a lost camera looked for again without a
word. While there is a reason to be off (a pause, a locked screen, a break) the camera is closed.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from datetime import date
from threading import Condition, Thread
from typing import Literal

from PySide6.QtCore import QObject, Signal

from posecheck.desk.alerts import FREE, Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews, DeskView
from posecheck.desk.setup import SETUP_EVERY_S, Setup, SetupView
from posecheck.io.diagnosis.crash import bug_sentence
from posecheck.io.errors import sentence_of
from posecheck.io.store.desk_profile import Found
from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.desk_source import desk_clock
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import Frame, Pose
from posecheck.ui.desk.look import FrameReader, judge
from posecheck.ui.desk.update import DeskUpdate
from posecheck.ui.session.worker import OpenModel

OFF_S = 1.0
"""Between two calls of the monitor while the camera is off: a taken break may end meanwhile."""
RETRY_S, RETRY_MOST_S = 1.0, 30.0
"""Wait before a lost camera is tried again, doubled each time: another program may hold it for an
hour, and each attempt costs as much as some frames."""
SHOWN_EVERY_S = 0.2
"""Between two pictures at most while a person looks at them."""

MISTAKE = "posecheck has made a mistake and had to stop watching. Start it again."
"""In no language file, as in `posecheck.ui.session.worker`."""

Reason = Literal["pause", "lock", "break", "setup", "battery"]
"""Why the camera is off: the person's pause, a locked screen (or sleep, or the lid), a session in
a break, a set-up that has not begun, the battery."""

Monitoring = Callable[[Calibration | None, DayState | None], DeskMonitor]
"""Makes a monitor that goes on with a day: the one of the monitor before, None for the first."""


class DeskWorker(QObject):
    """Watches until `close`. Methods may be called from the thread of the window.

    opened         opens the source, in the thread; a CameraError is told by `trouble`
    estimating     opens the model, in the thread
    monitoring     makes the monitor, in the thread
    profile        what there is of a camera by its name and size
    circumstances  what forbids a word now; asked when there may be one soon, in the thread
    today          the date; a new one begins a new day

    fresh    there is something to take; not sent again until it is taken
    trouble  why the camera gives no pictures, a sentence; "" once it does again
    ended    it cannot go on: a sentence; "" when a recording is over
    met      what is `Found` of a camera that was opened or set up; without a calibration the camera
             is closed again until "setup" is resumed
    forgot   after `forget`: nothing from before will be told any more
    """

    fresh = Signal()
    trouble = Signal(str)
    ended = Signal(str)
    met = Signal(object)
    forgot = Signal()

    def __init__(
        self,
        opened: Callable[[], Source],
        estimating: OpenModel,
        monitoring: Monitoring,
        *,
        profile: Callable[[str, tuple[int, int]], Found] = lambda name, size: Found(None, "none"),
        circumstances: Callable[[], Circumstances] = lambda: FREE,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        self._opened, self._estimating, self._monitoring = opened, estimating, monitoring
        self._profile, self._circumstances, self._today = profile, circumstances, today
        self.camera: tuple[str, tuple[int, int]] | None = None
        self._changed = Condition()
        # Guarded by it: what the two threads share.
        self._off: set[Reason] = set()
        self._stop = self._again = False
        self._source: Source | None = None
        self._commands: deque[Callable[[float], object]] = deque()
        self._told = False
        self._wanted = False
        self._view: DeskView | None = None
        self._news: list[DeskNews] = []
        self._setup_view: SetupView | None = None
        self._setup_said: list[str] = []
        self._frame: Frame | None = None
        self._pose: Pose | None = None
        # Of the thread alone.
        self._t = 0.0
        self._monitor: DeskMonitor | None = None
        self._calibration: Calibration | None = None
        self._setup: Setup | None = None
        self._sight = FrameReader()
        self._said = ""
        self._day: date | None = None
        self._thread = Thread(target=self._run, name="desk")

    # --- for the window -------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def pause(self, reason: Reason = "pause") -> None:
        """Let go of the camera, at once, until every reason is gone. Does not wait for it."""
        with self._changed:
            self._off.add(reason)
        self._interrupt()

    def resume(self, reason: Reason = "pause") -> None:
        """This reason to be off is gone."""
        with self._changed:
            self._off.discard(reason)
            self._changed.notify_all()

    @property
    def off(self) -> frozenset[Reason]:
        """Why the camera is off; empty while it is on or looked for."""
        with self._changed:
            return frozenset(self._off)

    @property
    def watching(self) -> bool:
        """Whether the camera is open."""
        return self._source is not None

    def wait_until_free(self, longest_s: float) -> bool:
        """Whether the camera is closed, after so many seconds at most."""
        with self._changed:
            return self._changed.wait_for(lambda: self._source is None, longest_s)

    def reopen(self) -> None:
        """Another camera is wanted: let go of this one, and open what `opened` opens now."""
        with self._changed:
            self._again = True
        self._interrupt()

    def show(self, wanted: bool) -> None:
        """Whether pictures are wanted, for the preview. Without, none outlives its judgement."""
        with self._changed:
            self._wanted = wanted
            if not wanted:
                self._frame = self._pose = None
        if wanted:
            self._hasten()

    def set_up(self, one_point: bool = False) -> None:
        """Calibrate anew, from the next picture on."""
        self._do(lambda t: self._begin_setup(Setup(one_point)))
        self._hasten()

    def skip_part(self) -> None:
        """Leave out the part of the set-up that runs."""
        self._do(lambda t: self._setup.skip() if self._setup else None)

    def leave_setup(self) -> None:
        """No set-up now; the calibration stays as it was."""
        self._do(lambda t: self._begin_setup(None))

    def forget(self) -> None:
        """Know nothing of the person: neither the day nor how they sit. The camera is off until
        "setup" is resumed."""
        self._do(lambda t: self._forget())
        self.pause("setup")

    def renew(self) -> None:
        """The settings have changed: go on with a new monitor."""
        self._do(lambda t: self._new_monitor())

    def snooze_nudge(self) -> None:
        self._tell(lambda monitor, t: monitor.snooze_nudge(t))

    def snooze_break(self, minutes: float) -> None:
        self._tell(lambda monitor, t: monitor.snooze_break(t, minutes))

    def keep(self) -> None:
        """The answer to "recalibrate?" is no."""
        self._tell(lambda monitor, t: monitor.keep())

    def stand(self) -> None:
        """The person stands at a raised desk now."""
        self._tell(lambda monitor, t: monitor.stand(t))

    def sit(self) -> None:
        """The person sits again."""
        self._tell(lambda monitor, t: monitor.sit())

    def took_break(self) -> None:
        """A break was really taken, such as the routine of the break card."""
        self._tell(lambda monitor, t: monitor.took_break(t))

    def take(self) -> DeskUpdate:
        """The newest; news that were taken are not given again."""
        with self._changed:
            taken = DeskUpdate(
                self._view, tuple(self._news), self._setup_view, tuple(self._setup_said),
                self._frame, self._pose,
            )  # fmt: skip
            self._news.clear()
            self._setup_said.clear()
            self._told = False
            if taken.setup is not None and taken.setup.part == "done":
                self._setup_view = None
        return taken

    def close(self) -> None:
        """End it and wait for the thread: the camera is free afterwards. May be called twice."""
        with self._changed:
            self._stop = True
        self._interrupt()
        if self._thread.is_alive():
            self._thread.join()
        with self._changed:
            self._frame = self._pose = None

    def _interrupt(self) -> None:
        with self._changed:
            source = self._source
            self._changed.notify_all()
        if source is not None:
            source.stop()

    def _hasten(self) -> None:
        """Someone looks now: do not wait for a picture that is due in two seconds."""
        with self._changed:
            if self._source is not None:
                self._source.min_interval_s = SHOWN_EVERY_S

    def _do(self, command: Callable[[float], object]) -> None:
        with self._changed:
            self._commands.append(command)
            self._changed.notify_all()

    def _tell(self, command: Callable[[DeskMonitor, float], object]) -> None:
        self._do(lambda t: command(self._monitor, t) if self._monitor is not None else None)

    # --- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        sentence = ""
        try:
            model = self._estimating(False)
            try:
                self._alternate(model)
            finally:
                self._cut()
                model.close()
        except Exception as error:
            told = sentence_of(error)
            if told is None:
                self.ended.emit(bug_sentence(MISTAKE, error))
                raise
            sentence = told
        if not self._stop:  # whoever closes it needs no word of it
            self.ended.emit(sentence)

    def _alternate(self, model: PoseModel) -> None:
        """Watch and rest by turns until the end."""
        retry_s = RETRY_S
        while not self._stop:
            if self._off:
                self._pass_time(math.inf)
                retry_s = RETRY_S
                continue
            try:
                live = self._watch(model)
                retry_s = RETRY_S
                if not (live or self._interrupted):
                    return  # a recording is over
            except CameraError as error:
                self._say(str(error))
                self._pass_time(retry_s)
                retry_s = min(2 * retry_s, RETRY_MOST_S)

    @property
    def _interrupted(self) -> bool:
        return self._stop or self._again or bool(self._off)

    def _pass_time(self, longest_s: float) -> None:
        """The camera is off: for so long while it is looked for, or until nothing keeps it off."""
        began, base = desk_clock(), self._t
        resting = bool(self._off)
        while not self._stop and bool(self._off) == resting and (resting or not self._again):
            gone = desk_clock() - began
            if gone >= longest_s:
                return
            self._obey()
            self._t = max(self._t, base + gone)
            if self._monitor is not None:
                self._begin_day()
                self._keep(self._monitor.off(self._t))
            with self._changed:
                changed = bool(self._off) != resting or (self._again and not resting)
                if not (self._commands or self._stop or changed):
                    self._changed.wait(min(OFF_S, longest_s - gone))

    def _watch(self, model: PoseModel) -> bool:
        """Until the source is over or there is a reason to be off. Whether it is live."""
        self._again = False
        source = self._opened()
        with self._changed:
            self._source = source
        try:
            if not self._interrupted:  # while it was being opened
                self._meet(source)
                began, base = desk_clock(), self._t
                for frame in source:
                    if self._interrupted:
                        break
                    gone = desk_clock() - began if source.live else frame.t
                    self._look(base + gone, frame, model)
                    source.min_interval_s = self._min_interval_s()
            return source.live
        finally:
            source.close()
            with self._changed:
                self._source = None
                self._changed.notify_all()

    def _meet(self, source: Source) -> None:
        """A source has been opened: its calibration, if it is another camera than before."""
        self._say("")
        camera = (source.name, source.size)
        if camera != self.camera or self._monitor is None:
            self.camera = camera
            found = self._profile(*camera)
            self._calibration = found.calibration
            self._new_monitor()
            if self._calibration is None and self._setup is None:
                self.pause("setup")
            self.met.emit(found)
        source.min_interval_s = self._min_interval_s()

    def _look(self, t: float, frame: Frame, model: PoseModel) -> None:
        assert self._monitor is not None
        self._t = max(t, self._t + 1e-3)
        self._obey()
        self._begin_day()
        pose, trouble = self._sight.look(frame, model)
        if self._setup is not None:
            self._lead(self._setup.update(self._t, pose, trouble, self._sight.luma))
            news = self._monitor.off(self._t)  # who shows how they slump is not slumping
        else:
            news = judge(self._monitor, self._t, pose, trouble, self._circumstances)
        self._keep(news, frame, pose)

    def _min_interval_s(self) -> float:
        if self._setup is not None:
            return SETUP_EVERY_S
        assert self._monitor is not None
        return min(self._monitor.min_interval_s, SHOWN_EVERY_S if self._wanted else math.inf)

    def _obey(self) -> None:
        while self._commands:
            self._commands.popleft()(self._t)

    def _begin_day(self) -> None:
        today = self._today()
        if self._day is not None and today != self._day and self._monitor is not None:
            self._keep(self._monitor.new_day(self._t))
        self._day = today

    def _begin_setup(self, setup: Setup | None) -> None:
        self._setup = setup
        with self._changed:
            self._setup_view = None
            self._setup_said.clear()

    def _lead(self, view: SetupView) -> None:
        """One step of the set-up; its end begins the watch with what it found."""
        if view.part == "done":
            self._setup = None
            if view.calibration is not None:
                self._calibration = view.calibration
                self._new_monitor()
                self.met.emit(Found(view.calibration))
        with self._changed:
            self._setup_view = view
            if view.said:
                self._setup_said.append(view.said)

    def _cut(self) -> None:
        """What there is of the minute: nobody else will end it."""
        if self._monitor is not None:
            self._keep(self._monitor.cut(self._t))

    def _new_monitor(self) -> None:
        self._cut()
        before = self._monitor.day_state if self._monitor is not None else None
        self._monitor = self._monitoring(self._calibration, before)

    def _forget(self) -> None:
        self._begin_setup(None)
        self._calibration = None
        self._monitor = self._monitoring(None, DayState())  # the minute that has begun is gone too
        with self._changed:
            self._view = None
            self._news.clear()
        self.forgot.emit()

    def _keep(self, news: DeskNews, frame: Frame | None = None, pose: Pose | None = None) -> None:
        assert self._monitor is not None
        view = self._monitor.view
        with self._changed:
            self._view = view
            if news.alerts or news.reminders or news.minute:
                self._news.append(news)
            wanted = self._wanted and frame is not None
            self._frame, self._pose = (frame, pose) if wanted else (None, None)
            tell, self._told = not self._told, True
        if tell:
            self.fresh.emit()

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self.trouble.emit(sentence)
