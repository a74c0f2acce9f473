"""A desk session: the monitor of the present calibration, the set-up while it runs, and the day.

The live program and the analysis of recordings both drive a `DeskSession`, so that a recording
shows what a user meets. The caller supplies time, date and observations; a frame is needed again
after `min_interval_s`.

A session is in one of three states:

    state       has                    observe(t, …)                        leaves it by
    no monitor  nothing                (not allowed)                        use()
    watching    a monitor              judges the frame                     begin_setup()
    set-up      a monitor, a set-up    feeds the set-up; the monitor        the end of the set-up,
                                       judges nothing meanwhile             leave_setup(), forget()

A monitor is replaced, never changed: `use` after another calibration, `renew` after other settings,
`forget` after the user's data was deleted. Each one ends the minute that runs. The first two hand
the day so far to the new monitor, and what goes on: a stand, a snooze, the limits on nudges.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from posecheck.desk.alerts import FREE, AskedOnce, Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews, DeskView
from posecheck.desk.observation import DeskObservation
from posecheck.desk.sampling import PREVIEW_S
from posecheck.desk.setup import SETUP_INTERVAL_S, Setup, SetupView

Monitoring = Callable[[Calibration | None, DayState | None], DeskMonitor]
"""Makes a monitor. It continues the given day, that of the monitor before; None for the first."""


@dataclass(frozen=True, slots=True)
class DeskStep:
    """What one call brought.

    news         in order
    setup        where the set-up stands, None when none runs
    calibration  the result of a set-up that has just ended
    """

    news: tuple[DeskNews, ...] = ()
    setup: SetupView | None = None
    calibration: Calibration | None = None


class DeskSession:
    """See the module's description.

    monitoring     makes the monitors
    circumstances  what forbids alerts now; asked only when an alert or a reminder is due
    """

    def __init__(
        self, monitoring: Monitoring, circumstances: Callable[[], Circumstances] = lambda: FREE
    ) -> None:
        self._monitoring, self._circumstances = monitoring, circumstances
        self.monitor: DeskMonitor | None = None
        self.calibration: Calibration | None = None
        self._setup: Setup | None = None
        self._today: object = None

    @property
    def view(self) -> DeskView | None:
        """The situation after the last call; None without a monitor."""
        return self.monitor.view if self.monitor is not None else None

    @property
    def setting_up(self) -> bool:
        """Whether a set-up runs."""
        return self._setup is not None

    def min_interval_s(self, shown: bool = False) -> float:
        """Seconds until the next frame is needed; there must be a monitor. `shown`: the user looks
        at the frames."""
        if self._setup is not None:
            return SETUP_INTERVAL_S
        assert self.monitor is not None
        return min(self.monitor.min_interval_s, PREVIEW_S if shown else math.inf)

    # --- time -----------------------------------------------------------------------------------

    def observe(self, t: float, observation: DeskObservation) -> DeskStep:
        """One frame at stream time t, seconds and increasing. A repeated picture counts like a gap
        between frames."""
        assert self.monitor is not None
        if observation.repeated:
            return DeskStep()
        if self._setup is None:
            return DeskStep((self.monitor.update(t, observation, AskedOnce(self._circumstances)),))
        view = self._setup.update(t, observation)
        news: tuple[DeskNews, ...] = ()
        if view.part == "done":
            self._setup = None
            if view.calibration is not None:
                news = self.use(view.calibration, t)
        news += (self.monitor.set_up(t),)
        return DeskStep(news, view, view.calibration)

    def off(self, t: float) -> tuple[DeskNews, ...]:
        """The camera is off at t."""
        return (self.monitor.off(t),) if self.monitor is not None else ()

    def begin_day(self, t: float, today: object) -> tuple[DeskNews, ...]:
        """Reset the day's numbers at t when `today`, the caller's date, is another than before."""
        changed = self._today not in (None, today)
        self._today = today
        return (self.monitor.new_day(t),) if changed and self.monitor is not None else ()

    def cut(self, t: float) -> tuple[DeskNews, ...]:
        """End the minute that runs at t: the session ends."""
        return (self.monitor.cut(t),) if self.monitor is not None else ()

    # --- monitors -------------------------------------------------------------------------------

    def use(self, calibration: Calibration | None, t: float) -> tuple[DeskNews, ...]:
        """Judge by this calibration from t on."""
        self.calibration = calibration
        return self.renew(t)

    def renew(self, t: float) -> tuple[DeskNews, ...]:
        """Continue with a new monitor: the settings or the calibration have changed."""
        news = self.cut(t)
        before = self.monitor.day_state if self.monitor is not None else None
        self.monitor = self._monitoring(self.calibration, before)
        return news

    def forget(self) -> None:
        """Discard everything known of the user: calibration, day and the minute that runs."""
        self._setup = self.calibration = None
        self.monitor = self._monitoring(None, DayState())

    # --- set-up ---------------------------------------------------------------------------------

    def begin_setup(self, one_point: bool = False) -> None:
        """Calibrate from the next frame on, without the slump if `one_point`."""
        self._setup = Setup(one_point)

    def leave_setup(self) -> None:
        """End the set-up; the calibration stays as it was."""
        self._setup = None

    def skip_part(self) -> None:
        """Leave out the part of the set-up that runs."""
        if self._setup is not None:
            self._setup.skip()
