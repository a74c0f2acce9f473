"""When the camera is off for a reason outside the desk's pages: a pause, a lock, the battery.

Theory of operation. The worker keeps a set of reasons to be off (`DeskWorker.off`) and opens the
camera when the set is empty. The reasons are independent: unlocking the screen does not end the
user's pause. Each reason has one owner: "setup" the worker with `setup_flow`, "break" `break_flow`,
"session" the desk's `lend_camera`, and the others this module:

    reason     added                                   removed
    ---------  --------------------------------------  ----------------------------------------
    "pause"    the user pauses                         the user resumes or opens the set-up, or
                                                       the time of the pause is over
    "lock"     the screen is locked, the computer      when it is no longer so
               goes to sleep, or its lid is closed
    "battery"  power is to be saved (`battery_saver`   when one of these is no longer so
               and on battery), the user has not
               overridden it, no set-up is shown

The user overrides the battery saver by resuming while it keeps the camera off. The override ends
when power is no longer to be saved, and not before: neither another pause nor its end changes it. A
pause that ends by itself overrides nothing, because the user may not be there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from posecheck.io.clock import steady_s
from posecheck.io.desktop.circumstances import DesktopState
from posecheck.io.desktop.screen_lock import LockWatch
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.settings.model import SettingsModel

POLL_MS = 500
"""Between two checks of the battery and of the end of a pause."""
PAUSE_ENDS_AT = clock_time(4, 0)
"""End of a pause "until tomorrow", local time. The user means the morning, not midnight."""


class DeskPauses(QObject):
    """Adds and removes the reasons "pause", "lock" and "battery" of the worker.

    setting_up  whether the set-up is shown

    resumed  a pause has ended because the user resumed or because its time is over
    """

    resumed = Signal()

    def __init__(
        self,
        worker: DeskWorker,
        desktop: DesktopState,
        settings: SettingsModel,
        setting_up: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._worker, self._desktop = worker, desktop
        self._settings, self._setting_up = settings, setting_up
        self._ends_s: float | None = None  # of `steady_s`: a clock that is set ends no pause
        self._battery_overridden = False
        self._locks = LockWatch(desktop, self)
        self._locks.changed.connect(lambda locked: self._set("lock", locked))
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    def start(self) -> None:
        """Start to poll."""
        self._timer.start()

    def close(self) -> None:
        """Stop; no reason changes afterwards. May be called twice."""
        self._timer.stop()
        self._locks.stop()

    @property
    def until(self) -> str:
        """The end of the user's pause as "HH:MM", local time; "" without one."""
        if self._ends_s is None:
            return ""
        # Half a second more, because the difference of the two clocks is not exact.
        return f"{datetime.now() + timedelta(seconds=self._ends_s - steady_s() + 0.5):%H:%M}"

    def pause(self, length: timedelta | None) -> None:
        """Begin the user's pause. None: until tomorrow. The camera closes within a second."""
        if length is None:
            now = datetime.now()
            # Of timestamps: the night may have an hour more or less.
            length = timedelta(seconds=next_morning(now).timestamp() - now.timestamp())
        self._ends_s = steady_s() + length.total_seconds()
        self._worker.pause("pause")

    def end_pause(self) -> None:
        """Remove the reason "pause"."""
        self._ends_s = None
        self._worker.resume("pause")

    def resume(self) -> None:
        """End the user's pause, and override the battery saver if it keeps the camera off."""
        self._battery_overridden = self._battery_overridden or "battery" in self._worker.off
        self.end_pause()
        self.resumed.emit()

    def poll(self) -> None:
        """Check the battery and the end of a pause now. The timer does so twice a second."""
        saving = self._settings.value.battery_saver and self._desktop.on_battery()
        self._battery_overridden = self._battery_overridden and saving
        self._set("battery", saving and not (self._battery_overridden or self._setting_up()))
        if self._ends_s is not None and steady_s() >= self._ends_s:
            self.end_pause()
            self.resumed.emit()

    def _set(self, reason: Literal["lock", "battery"], off: bool) -> None:
        if off and reason not in self._worker.off:
            self._worker.pause(reason)
        elif not off and reason in self._worker.off:
            self._worker.resume(reason)


def next_morning(now: datetime) -> datetime:
    """The end of a pause "until tomorrow" that begins now. After midnight it is the same day."""
    ahead = timedelta(days=int(now.time() >= PAUSE_ENDS_AT))
    return datetime.combine(now.date() + ahead, PAUSE_ENDS_AT)
