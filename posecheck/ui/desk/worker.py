"""The thread that watches the desk.

`DeskWorker` connects four parts. `CameraLease` decides when the camera is open, `FrameReader` turns
frames into observations, `DeskSession` judges them, `UpdateBox` hands the results to the windows.
The worker adds the thread, the clock and the commands of the windows.

It takes few frames and keeps none, so that the user hardly notices it. A lost camera is searched
for in growing intervals and reported once. While there is a reason to be off (a pause, a locked
screen, a break) the camera is closed.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date
from threading import Thread

from PySide6.QtCore import QObject, Signal

from posecheck.desk.alerts import FREE, Circumstances
from posecheck.desk.monitor import DeskMonitor, DeskNews, DeskView
from posecheck.desk.sampling import PREVIEW_S
from posecheck.desk.session import DeskSession, Monitoring
from posecheck.io.diagnosis.crash import bug_sentence
from posecheck.io.errors import sentence_of
from posecheck.io.store.desk_profile import Found
from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.desk_source import FrameReader, desk_clock
from posecheck.io.vision.no_camera import no_model
from posecheck.pose import Frame, Pose
from posecheck.timing import Backoff
from posecheck.ui.desk.camera_lease import CameraLease, OffReason
from posecheck.ui.desk.update import DeskUpdate, UpdateBox
from posecheck.ui.session.worker import OpenModel

REOPEN_S, REOPEN_MOST_S = 1.0, 30.0
"""Seconds before a lost camera is tried again, doubled each time: another program may hold it for
an hour, and each attempt costs as much as some frames."""

DESK_MISTAKE = "posecheck has made a mistake and had to stop watching. Start it again."
"""Not in the language files, like that of `posecheck.ui.session.worker`."""


class DeskWorker(QObject):
    """Watches until `close`. The thread of the windows may call every method.

    opened         opens the source, in the thread; a CameraError is reported by `trouble`
    estimating     opens the model, in the thread, once a source has pictures
    monitoring     makes a monitor, in the thread
    profile        what is stored about a camera, by its name and size
    circumstances  what forbids alerts now; asked, in the thread, only when one is possible
    today          the date; a new one begins a new day

    camera  name and size (width, height in pixels) of the camera that was opened last, under which
            its calibration is stored; None before the first. The thread sets it

    fresh    there is an update to take; not sent again until it is taken
    trouble  why the camera gives no frames, a sentence; "" once it does again
    ended    the thread cannot go on: a sentence; "" when a recording is over
    met      the `Found` of a camera that was opened or set up; without a calibration the camera
             is closed again until "setup" is resumed
    forgot   `forget` is done: nothing from before will be reported
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
        self._estimating, self._profile, self._today = estimating, profile, today
        self.camera: tuple[str, tuple[int, int]] | None = None
        self._lease, self._box = CameraLease(opened), UpdateBox()
        self._commands: deque[Callable[[], object]] = deque()
        # Only the thread uses these.
        self._session = DeskSession(monitoring, circumstances)
        self._t = 0.0
        self._reported_trouble = ""
        self._reader: FrameReader | None = None
        self._worked_s = 0.0  # since the camera was opened, until its newest frame
        self._thread = Thread(target=self._run, name="desk")

    # --- the camera -----------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def pause(self, reason: OffReason = "pause") -> None:
        """Close the camera at once, until every reason is gone. Does not wait for it."""
        self._lease.pause(reason)

    def resume(self, reason: OffReason = "pause") -> None:
        """This reason to be off is gone."""
        self._lease.resume(reason)

    @property
    def off(self) -> frozenset[OffReason]:
        """Why the camera is off; empty while it is on or searched for."""
        return self._lease.off

    @property
    def setting_up(self) -> bool:
        """Whether a set-up runs."""
        return self._session.setting_up

    @property
    def watching(self) -> bool:
        """Whether the camera is open."""
        return self._lease.watching

    def wait_until_free(self, longest_s: float) -> bool:
        """Whether the camera is closed; waits for at most these seconds."""
        return self._lease.wait_until_free(longest_s)

    def reopen(self) -> None:
        """Another camera is wanted: close this one, and open what `opened` opens now."""
        self._lease.reopen()

    def close(self) -> None:
        """End the thread and wait for it: the camera is free afterwards. May be called twice."""
        self._lease.close()
        if self._thread.is_alive():
            self._thread.join()
        self._box.drop_frame()

    # --- updates and commands -------------------------------------------------------------------

    def take(self) -> DeskUpdate:
        """The newest update; news that were taken are not given again."""
        return self._box.take()

    def show(self, wanted: bool) -> None:
        """Whether frames are wanted, for the preview. If not, none is kept once it is judged."""
        self._box.want_frames(wanted)
        if wanted:
            self._lease.hasten(PREVIEW_S)

    def set_up(self) -> None:
        """Calibrate again, from the next frame on."""
        self._do(self._begin_setup)
        self._lease.hasten(PREVIEW_S)

    def skip_part(self) -> None:
        """Leave out the part of the set-up that runs."""
        self._do(self._session.skip_part)

    def leave_setup(self) -> None:
        """End the set-up; the calibration stays as it was."""
        self._do(self._leave_setup)

    def forget(self) -> None:
        """Discard the user's day and calibration. The camera is off until "setup" is resumed."""
        self._do(self._forget)
        self.pause("setup")

    def renew(self) -> None:
        """The settings have changed: continue with a new monitor."""
        self._do(self._renew)

    def snooze_nudge(self) -> None:
        """The user put the nudge off."""
        self._tell(lambda monitor: monitor.snooze_nudge(self._t))

    def snooze_break(self, minutes: float) -> None:
        """The user put the break off by these minutes."""
        self._tell(lambda monitor: monitor.snooze_break(self._t, minutes))

    def keep(self) -> None:
        """The user answered no to "recalibrate?"."""
        self._tell(lambda monitor: monitor.keep())

    def stand(self) -> None:
        """The user stands at a raised desk now."""
        self._tell(lambda monitor: monitor.stand(self._t))

    def sit(self) -> None:
        """The user sits again."""
        self._tell(lambda monitor: monitor.sit())

    def took_break(self) -> None:
        """The user really took a break, such as the routine of the break card."""
        self._tell(lambda monitor: monitor.took_break(self._t))

    def walk_unseen(self) -> None:
        """The user walks in a break. Without a camera that is a break; a camera sees for itself."""
        self._tell(lambda monitor: None if monitor.watched else monitor.took_break(self._t))

    def _do(self, command: Callable[[], object]) -> None:
        """Let the thread do it before its next frame."""
        self._commands.append(command)
        self._lease.wake()

    def _tell(self, command: Callable[[DeskMonitor], object]) -> None:
        def tell() -> None:
            if self._session.monitor is not None:
                command(self._session.monitor)

        self._do(tell)

    # --- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        sentence = ""
        try:
            with ExitStack() as stack:
                stack.callback(lambda: self._report(self._session.cut(self._t)))
                self._alternate(stack)
        except Exception as error:
            known = sentence_of(error)
            if known is None:
                self.ended.emit(bug_sentence(DESK_MISTAKE, error))
                raise
            sentence = known
        if not self._lease.closed:  # the caller of `close` needs no sentence
            self.ended.emit(sentence)

    def _alternate(self, stack: ExitStack) -> None:
        """Alternate between watching and resting until the end. `stack` closes the model."""
        backoff = Backoff(REOPEN_S, REOPEN_MOST_S)
        while not self._lease.closed:
            if self._lease.off:
                self._rest(math.inf)
                backoff.reset()
                continue
            try:
                live = self._watch(stack)
                backoff.reset()
                if not (live or self._lease.interrupted):
                    return  # a recording is over
            except CameraError as error:
                self._report_trouble(str(error))
                self._rest(backoff.next_s(self._worked_s))

    def _rest(self, longest_s: float) -> None:
        """The camera is off."""
        base = self._t
        for gone in self._lease.rest(longest_s):
            self._begin_step(base + gone)
            self._report(self._session.off(self._t))

    def _watch(self, stack: ExitStack) -> bool:
        """Until the source is over or must be closed. Whether it is live."""
        self._worked_s = 0.0
        with self._lease.open() as source:
            if not self._lease.interrupted:
                reader = self._reader_of(source, stack)
                self._meet(source)
                began, base = desk_clock(), self._t
                for frame in source:
                    if self._lease.interrupted:
                        break
                    self._worked_s = desk_clock() - began
                    gone = self._worked_s if source.live else frame.t
                    self._look(base + gone, frame, reader)
                    source.min_interval_s = self._min_interval_s()
            return source.live

    def _reader_of(self, source: Source, stack: ExitStack) -> FrameReader:
        """What reads the frames of a source. Blank ones need no model."""
        if source.blank:
            return FrameReader(no_model().estimate)
        if self._reader is None:
            model = self._estimating(False)
            stack.callback(model.close)
            self._reader = FrameReader(model.estimate)
        return self._reader

    def _meet(self, source: Source) -> None:
        """A source has been opened: use its calibration, if it is another camera than before. A
        source without pictures needs none."""
        self._report_trouble("")
        camera = (source.name, source.size)
        if camera != self.camera or self._session.monitor is None:
            self.camera = camera
            found = Found(None) if source.blank else self._profile(*camera)
            before = self._session.view
            self._hand_over(before, self._session.use(found.calibration, self._t))
            if source.blank:
                self.resume("setup")
            else:
                if found.calibration is None and not self._session.setting_up:
                    self.pause("setup")
                self.met.emit(found)
        source.min_interval_s = self._min_interval_s()

    def _look(self, t: float, frame: Frame, reader: FrameReader) -> None:
        """Judge one frame."""
        self._begin_step(max(t, self._t + 1e-3))
        observation = reader.read(frame)
        step = self._session.observe(self._t, observation)
        if step.setup is not None:
            self._box.report_setup(step.setup)
        if step.calibration is not None:
            self.met.emit(Found(step.calibration))
        self._report(step.news, frame, observation.pose)

    def _begin_step(self, t: float) -> None:
        """Advance the clock, obey the windows, and begin a new day at midnight."""
        self._t = max(self._t, t)
        while self._commands:
            self._commands.popleft()()
        if news := self._session.begin_day(self._t, self._today()):
            self._report(news)

    def _min_interval_s(self) -> float:
        return self._session.min_interval_s(shown=self._box.frames_wanted)

    def _renew(self) -> None:
        before = self._session.view
        self._hand_over(before, self._session.renew(self._t))

    def _begin_setup(self) -> None:
        self._session.begin_setup()
        self._box.clear_setup()

    def _leave_setup(self) -> None:
        self._session.leave_setup()
        self._box.clear_setup()

    def _forget(self) -> None:
        self._session.forget()
        self._box.clear_setup()
        self._box.clear()
        self.forgot.emit()

    def _report(
        self, news: Iterable[DeskNews], frame: Frame | None = None, pose: Pose | None = None
    ) -> None:
        """Hand news and the newest view to the windows."""
        self._hand_over(self._session.view, news, frame, pose)

    def _hand_over(
        self,
        view: DeskView | None,
        news: Iterable[DeskNews],
        frame: Frame | None = None,
        pose: Pose | None = None,
    ) -> None:
        """The view before a new monitor stays until the first frame that this monitor judges."""
        if view is not None and self._box.report(view, news, frame, pose):
            self.fresh.emit()

    def _report_trouble(self, sentence: str) -> None:
        if sentence != self._reported_trouble:
            self._reported_trouble = sentence
            self.trouble.emit(sentence)
