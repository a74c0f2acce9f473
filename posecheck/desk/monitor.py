"""The judge of the desk, live and recorded: observations in; colours, alerts, reminders and
minutes out.

`DeskMonitor` joins the parts. `PostureClassifier` tells how the user sits, `AlertPolicy` what to
say, `Breaks` and `DayTally` count, `MinuteLog` cuts the counts into minutes, `ColourFilter`
sums up, and `SamplingRate` tells how soon the next frame is needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posecheck.body.joint_filter import JointFilter
from posecheck.desk.alert_limits import RateLimiter
from posecheck.desk.alerts import FREE, Alert, AlertPolicy, Silence
from posecheck.desk.calibration import Calibration
from posecheck.desk.colour import ColourFilter, DeskColour
from posecheck.desk.day import (
    BREAK_S,
    OWN_SIT_MIN,
    BreakMode,
    Breaks,
    DayScore,
    DayTally,
    Reminder,
    daily_score,
)
from posecheck.desk.minutes import Minute, MinuteLog
from posecheck.desk.observation import DeskObservation
from posecheck.desk.sampling import SamplingRate
from posecheck.desk.states import (
    UNKNOWN_STATES,
    UNWATCHED,
    DeskReading,
    DeskState,
    PostureClassifier,
)

Sensitivity = Literal["low", "normal", "high"]
SCALES: Mapping[Sensitivity, float] = {"low": 1.3, "normal": 1.0, "high": 0.8}
"""Factor on the number that a way of sitting must reach (biomechanics 3.3)."""

CAMERA_OFF_GAP_S = 10.0
"""A longer gap between frames means that the camera was off although nothing reported it: the
computer slept. Frames come at least every two seconds."""
STAND_MOST_S = 3600.0
"""The user's word that they stand expires after this long: people forget to say that they sit
down again."""


@dataclass(frozen=True, slots=True)
class Ongoing:
    """What goes on although the monitor changes: the user's word that they stand, the limits on
    nudges, and the break that is due or was put off. The monitor before gives it away."""

    standing: _StandingDesk
    limiter: RateLimiter
    breaks: Breaks


@dataclass(frozen=True, slots=True)
class DayState:
    """What is known of today when a monitor starts: from the store after a restart, or from the
    monitor that a new calibration replaces (`DeskMonitor.day_state`).

    reminded  the break that `sitting_s` calls for has been counted, and the user reminded of it
    ongoing   from the monitor that is replaced; None after a restart
    """

    seconds: Mapping[DeskState, float] = field(default_factory=dict)
    changes: int = 0
    breaks_due: int = 0
    breaks_taken: int = 0
    sitting_s: float = 0.0
    reminded: bool = False
    ongoing: Ongoing | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DeskNews:
    """What is new since the last call; `minute` when one has just ended."""

    alerts: tuple[Alert, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    minute: Minute | None = None


@dataclass(frozen=True, slots=True)
class DeskView:
    """The situation after a frame, for the tray and the windows.

    sitting_s      seconds on the chair in this cycle
    due            a break is due
    until_break_s  seconds until a break is due; 0 when it is
    day            today's seconds per state
    checking       the first minute, in which nothing is said
    watched        there is a camera; without one `sitting_s` is the time at the computer
    cannot_tell    tall and slumped look alike from this camera position: raise the camera
    changes        today's changes of position
    """

    t: float
    reading: DeskReading
    colour: DeskColour
    sitting_s: float
    due: bool
    until_break_s: float
    day: Mapping[DeskState, float]
    breaks_due: int
    breaks_taken: int
    score: DayScore
    checking: bool = False
    cannot_tell: bool = False
    changes: int = 0
    watched: bool = True


class DeskMonitor:
    """`update(t, observation, circumstances)` per frame, `off(t)` while the camera is off.

    Poses are as the model gave them; `JointFilter` removes the joints that cannot be trusted here.
    Without a calibration nothing is judged, counted as sitting or said. Without a camera (`watched`
    is False) breaks go by the clock, and nothing else is judged or said.
    """

    def __init__(
        self,
        calibration: Calibration | None,
        mode: BreakMode = "30/2",
        sensitivity: Sensitivity = "normal",
        restored: DayState | None = None,
        own_sit_min: float = OWN_SIT_MIN,
        watched: bool = True,
    ) -> None:
        self.watched = watched
        day = restored or DayState()
        ongoing = day.ongoing
        self._cannot_tell = calibration is not None and calibration.cannot_tell
        self._classifier = PostureClassifier(calibration, SCALES[sensitivity])
        self._joints = JointFilter()
        self._policy = AlertPolicy(ongoing.limiter if ongoing else None)
        self._breaks = Breaks(
            mode,
            sitting_s=day.sitting_s,
            due=day.breaks_due,
            taken=day.breaks_taken,
            reminded=day.reminded,
            own_sit_min=own_sit_min,
        )
        if ongoing is not None:
            self._breaks.continue_from(ongoing.breaks)
        self._tally = DayTally(day.seconds, day.changes)
        self._minutes = MinuteLog(self._tally, self._breaks)
        self._rate, self._tray = SamplingRate(), ColourFilter()
        self._standing = ongoing.standing if ongoing else _StandingDesk()
        self._reading = DeskReading(0.0, "calibrating")
        self._waiting: tuple[Alert, ...] = ()
        self._off_t = math.nan

    @property
    def min_interval_s(self) -> float:
        """Seconds until the next frame is needed: usually 1.0, 2.0 when nothing changes, 0.2 while
        a slump is being confirmed."""
        return self._rate.min_interval_s

    @property
    def view(self) -> DeskView:
        """The situation after the last call."""
        breaks, tally, reading = self._breaks, self._tally, self._reading
        return DeskView(
            t=reading.t,
            reading=reading,
            colour=self._tray.colour if math.isnan(self._off_t) else "paused",
            sitting_s=breaks.sitting_s,
            due=breaks.waiting,
            until_break_s=breaks.until_s,
            day=dict(tally.seconds),
            breaks_due=breaks.due,
            breaks_taken=breaks.taken,
            score=daily_score(tally, breaks.due, breaks.taken),
            checking=reading.checking,
            cannot_tell=self._cannot_tell,
            changes=tally.changes,
            watched=self.watched,
        )

    @property
    def day_state(self) -> DayState:
        """The day so far, for a monitor with another calibration or other settings."""
        return DayState(
            seconds=dict(self._tally.seconds),
            changes=self._tally.changes,
            breaks_due=self._breaks.due,
            breaks_taken=self._breaks.taken,
            sitting_s=self._breaks.sitting_s,
            reminded=self._breaks.waiting,
            ongoing=Ongoing(self._standing, self._policy.limiter, self._breaks),
        )

    def update(
        self, t: float, observation: DeskObservation, circumstances: Silence = FREE
    ) -> DeskNews:
        """One frame at stream time t, seconds and increasing."""
        before_t = self._minutes.before_t
        if t - before_t > CAMERA_OFF_GAP_S:
            self._pause(before_t)
        self._minutes.pass_time(t, not math.isnan(self._off_t))
        self._off_t = math.nan
        reading = self._read(t, observation)
        alerts = self._policy.update(t, reading, circumstances)
        if self._waiting and not circumstances.silent:
            alerts, self._waiting = self._waiting + alerts, ()
        reminders = self._breaks.update(t, reading.state, circumstances)
        self._tally.update(t, "unreliable" if reading.question else reading.state)
        self._rate.update(reading, self._policy)
        self._tray.update(reading, self._policy.slouching)
        self._reading = reading
        self._minutes.count(alerts)
        return DeskNews(alerts, reminders, self._minutes.finished(t))

    def set_up(self, t: float) -> DeskNews:
        """A set-up has the frame of time t: the camera is on, and nothing is judged, because the
        user who shows how they slump is not slumping."""
        self._joints.forget()
        self._classifier.pause(t)
        self._policy.pause()
        self._rate.pause()
        self._minutes.pass_time(t, not math.isnan(self._off_t))
        self._off_t = math.nan
        self._reading = DeskReading(t, "calibrating")
        self._breaks.update(t, "calibrating")
        self._tally.update(t, "calibrating")
        self._tray.update(self._reading, slouching=False)
        return DeskNews(minute=self._minutes.finished(t))

    def off(self, t: float) -> DeskNews:
        """The camera is off at t, for a pause, a locked screen or a break: time passes and nothing
        is judged. Call it when the camera is closed, and every few seconds until it is open."""
        self._pause(t)
        self._minutes.pass_time(t, True)
        self._reading = replace(self._reading, t=t)
        return DeskNews(minute=self._minutes.finished(t))

    def snooze_nudge(self, t: float) -> None:
        """The user put a nudge off. A break that is offered instead comes with the next news
        that may bring it."""
        self._waiting += self._policy.snooze(t)

    def snooze_break(self, t: float, minutes: float) -> None:
        """The user put the break off by these minutes."""
        self._breaks.snooze(t, minutes)

    def keep(self) -> None:
        """The user answered no to "calibrate again?"."""
        self._classifier.keep()

    def took_break(self, t: float) -> None:
        """The user finished a checked break at t. It began when the camera was closed for it."""
        began = t - BREAK_S if math.isnan(self._off_t) else self._off_t
        self._breaks.took(began)

    def stand(self, t: float) -> None:
        """The user says that they stand at a raised desk: the camera rose with it and sees nothing
        new. Holds until `sit`, until they go away, or for STAND_MOST_S."""
        self._standing.since_t = t

    def sit(self) -> None:
        """The user says that they sit again."""
        self._standing.since_t = math.nan

    def new_day(self, t: float) -> DeskNews:
        """Midnight: reset the day's numbers. The news hold the minute that was cut off."""
        news = self.cut(t)
        self._tally.new_day()
        self._breaks.new_day()
        self._minutes.restart(t)
        return news

    def cut(self, t: float) -> DeskNews:
        """End the minute that runs at t: the program ends, or another monitor takes over. The news
        hold the part of it that has passed."""
        self._minutes.pass_time(t, not math.isnan(self._off_t))
        return DeskNews(minute=self._minutes.cut(t))

    def _read(self, t: float, observation: DeskObservation) -> DeskReading:
        if not self.watched:
            return self._standing.applied(DeskReading(t, UNWATCHED, since=0.0))
        reason = observation.no_pose_reason
        seen = None if reason else observation.pose
        pose = self._joints.follow(t, seen, observation.track_reset)
        reading = self._classifier.update(t, pose, "" if pose is not None else reason or "nobody")
        return self._standing.applied(reading)

    def _pause(self, t: float) -> None:
        self._off_t = t if math.isnan(self._off_t) else self._off_t
        self._joints.forget()
        self._classifier.pause(t)
        self._policy.pause()
        self._breaks.pause(t)
        self._tally.pause()
        self._rate.pause()


class _StandingDesk:
    """The user's word that they stand, `since_t` (NaN: they sit). It replaces the state as long as
    the user is in place."""

    def __init__(self) -> None:
        self.since_t = math.nan

    def applied(self, reading: DeskReading) -> DeskReading:
        if math.isnan(self.since_t):
            return reading
        if reading.state == "away" or reading.t - self.since_t >= STAND_MOST_S:
            self.since_t = math.nan
        elif reading.state not in UNKNOWN_STATES:
            return replace(reading, state="standing", since=self.since_t)
        return reading
