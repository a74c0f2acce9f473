"""The desk, live: poses of a sitter in; colours, alerts, reminders and minutes out.

`DeskMonitor` joins `PostureClassifier` (how someone sits), `AlertPolicy` (what is said), `Breaks`
and `DayTally`, and says how soon it wants the next frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posecheck.body.joint_filter import JointFilter
from posecheck.desk.alerts import FREE, Alert, AlertPolicy, Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.day import (
    BREAK_S,
    GONE,
    NOTHING_KNOWN,
    BreakMode,
    Breaks,
    DayScore,
    DayTally,
    Reminder,
    daily_score,
)
from posecheck.desk.sampling import SamplingRate
from posecheck.desk.states import DeskReading, DeskState, DeskTrouble, PostureClassifier
from posecheck.pose import Pose

Colour = Literal[
    "calibrating", "fine", "amber", "resting", "unsure", "paused", "lost", "break"
]  # fmt: skip
"""lost (no camera) and break (a session has the camera) come from the edge, never from here."""
Sensitivity = Literal["low", "normal", "high"]


SCALES: Mapping[Sensitivity, float] = {"low": 1.3, "normal": 1.0, "high": 0.8}
"""How many times its number a way of sitting must reach (biomechanics 3.3)."""

MINUTE_S = 60.0
GAP_S = 10.0
"""No frame for so long means that the camera was off, whoever forgot to say so: a computer asleep.
Frames come at least every two seconds."""
STAND_MOST_S = 3600.0
"""Nobody who said that they stand is believed for longer: sitting down is easily not said."""

COLOUR_S = 3.0
"""How long another colour must be right before the tray shows it."""
DARK_LUMA = 30.0
"""Mean luma (`body.brightness`). In rendered frames made darker the person is found in half at 30
and in 8 per cent at 16, and measured well when found; below, a lost face says nothing."""


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of the stream, for the store.

    t          stream seconds at its end
    seconds    seconds per state; with `paused_s` about 60 together
    slumps     confirmed slumps; nudges shown, spoken said
    paused_s   seconds with the camera off
    changes    changes of position; breaks_due, breaks_taken  in this minute
    """

    t: float
    seconds: Mapping[DeskState, float]
    slumps: int = 0
    nudges: int = 0
    spoken: int = 0
    paused_s: float = 0.0
    changes: int = 0
    breaks_due: int = 0
    breaks_taken: int = 0


@dataclass(frozen=True, slots=True)
class DayState:
    """What is known of today from before: after a restart from the store, or from the monitor
    that a new calibration replaces (`DeskMonitor.day_state`)."""

    seconds: Mapping[DeskState, float] = field(default_factory=dict)
    changes: int = 0
    breaks_due: int = 0
    breaks_taken: int = 0
    sitting_s: float = 0.0
    told: bool = False


@dataclass(frozen=True, slots=True)
class DeskNews:
    """What is new since the last call; `minute` when one has just ended."""

    alerts: tuple[Alert, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    minute: Minute | None = None


@dataclass(frozen=True, slots=True)
class DeskView:
    """How things stand, for the tray and the windows.

    sitting_s      seconds on the chair in this cycle
    due            a break is due; until_break_s  seconds until it is, 0 when due
    day            today's seconds per state
    checking       the first minute, in which nothing is said
    cannot_tell    tall and slumped look alike from this camera position: raise the camera
    changes        today's changes of position
    """

    t: float
    reading: DeskReading
    colour: Colour
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


class DeskMonitor:
    """`update(t, pose, trouble, circumstances)` per frame, `off(t)` while the camera is off.

    Poses are as the model gave them: what is not to be believed is taken out here (`JointFilter`).
    Without a calibration nothing is judged, counted as sitting or said.
    """

    def __init__(
        self,
        calibration: Calibration | None,
        mode: BreakMode = "30/2",
        sensitivity: Sensitivity = "normal",
        restored: DayState | None = None,
    ) -> None:
        day = restored or DayState()
        self._cannot_tell = calibration is not None and calibration.cannot_tell
        self._watch = PostureClassifier(calibration, SCALES[sensitivity])
        self._trust, self._policy = JointFilter(), AlertPolicy()
        self._breaks = Breaks(mode, day.sitting_s, day.breaks_due, day.breaks_taken, day.told)
        self._tally = DayTally(day.seconds, day.changes)
        self._pace, self._tray = SamplingRate(), _Tray()
        self._reading = DeskReading(0.0, "calibrating")
        self._minute: _Minute | None = None
        self._waiting: tuple[Alert, ...] = ()
        self._off_t: float | None = None
        self._stood_t: float | None = None

    @property
    def min_interval_s(self) -> float:
        """Seconds until the next frame is wanted: 1.0 usual, 2.0 when nothing changes, 0.2 while
        a slump is being confirmed."""
        return self._pace.min_interval_s

    @property
    def view(self) -> DeskView:
        """How things stand after the last call."""
        breaks, tally, reading = self._breaks, self._tally, self._reading
        return DeskView(
            reading.t, reading, "paused" if self._off_t is not None else self._tray.colour,
            breaks.sitting_s, breaks.waiting, breaks.until_s, dict(tally.seconds), breaks.due,
            breaks.taken, daily_score(tally, breaks.due, breaks.taken), reading.checking,
            self._cannot_tell, tally.changes,
        )  # fmt: skip

    @property
    def day_state(self) -> DayState:
        """What a new monitor goes on from, with another calibration or other settings."""
        breaks, tally = self._breaks, self._tally
        seconds = dict(tally.seconds)
        return DayState(
            seconds, tally.changes, breaks.due, breaks.taken, breaks.sitting_s, breaks.waiting
        )

    def update(
        self,
        t: float,
        pose: Pose | None,
        trouble: DeskTrouble = "",
        circumstances: Circumstances = FREE,
    ) -> DeskNews:
        """One frame at stream time t, seconds and increasing."""
        minute = self._minute_at(t)
        if t - minute.before_t > GAP_S:
            self._pause(minute.before_t)
        minute.passed(t, self._off_t is not None)
        self._off_t = None
        reading = self._read(t, pose, trouble)
        alerts = self._waiting + self._policy.update(t, reading, circumstances)
        self._waiting = ()
        reminders = self._breaks.update(t, reading.state, circumstances.silent)
        self._tally.update(t, reading.state)
        self._pace.update(reading, self._policy)
        self._tray.update(reading, self._policy.slouching)
        self._reading = reading
        minute.told(alerts)
        return DeskNews(alerts, reminders, self._finished(t))

    def off(self, t: float) -> DeskNews:
        """The camera is off at t, for a pause, a locked screen or a break: time passes and nothing
        is judged. Call it when the camera is let go, and every few seconds until it is back."""
        minute = self._minute_at(t)
        self._pause(t)
        minute.passed(t, True)
        self._reading = replace(self._reading, t=t)
        return DeskNews(minute=self._finished(t))

    def snooze_nudge(self, t: float) -> None:
        """The person put a nudge off. A break that is offered instead comes with the next news."""
        self._waiting += self._policy.snooze(t)

    def snooze_break(self, t: float, minutes: float) -> None:
        """The person put the break off by so many minutes."""
        self._breaks.snooze(t, minutes)

    def keep(self) -> None:
        """The answer to "calibrate again?" is no."""
        self._watch.keep()

    def took_break(self, t: float) -> None:
        """A checked break has been finished at t. It began when the camera was let go for it."""
        began = t - BREAK_S if self._off_t is None else self._off_t
        self._breaks.took(began)

    def stand(self, t: float) -> None:
        """The person says that they stand at a raised desk: the camera rose with it and sees
        nothing new. Holds until `sit`, until they go away, or for STAND_MOST_S."""
        self._stood_t = t

    def sit(self) -> None:
        """The person says that they sit again."""
        self._stood_t = None

    def new_day(self, t: float) -> DeskNews:
        """Midnight: the day's numbers begin anew. The news hold the minute that was cut off."""
        news = self.cut(t)
        self._tally.new_day()
        self._breaks.new_day()
        self._minute = _Minute(t, self._tally, self._breaks)
        return news

    def cut(self, t: float) -> DeskNews:
        """End the minute that is going on at t: the program ends, or another monitor goes on. The
        news hold what there was of it."""
        minute = self._minute_at(t)
        if t <= minute.start:
            return DeskNews()
        minute.passed(t, self._off_t is not None)
        self._minute = _Minute(t, self._tally, self._breaks)
        return DeskNews(minute=minute.ended(t, self._tally, self._breaks))

    def _read(self, t: float, pose: Pose | None, trouble: DeskTrouble) -> DeskReading:
        if pose is None or trouble:
            self._trust.forget()
            reading = self._watch.update(t, None, trouble or "nobody")
        else:
            reading = self._watch.update(t, self._trust.update(t, pose))
        if self._stood_t is None:
            return reading
        if reading.state == "away" or t - self._stood_t >= STAND_MOST_S:
            self._stood_t = None
        elif reading.state not in NOTHING_KNOWN:
            return replace(reading, state="standing", since=self._stood_t)
        return reading

    def _pause(self, t: float) -> None:
        self._off_t = t if self._off_t is None else self._off_t
        self._trust.forget()
        self._watch.pause(t)
        self._policy.pause()
        self._breaks.pause(t)
        self._tally.pause()
        self._pace.pause()

    def _minute_at(self, t: float) -> _Minute:
        if self._minute is None:
            self._minute = _Minute(t, self._tally, self._breaks)
        return self._minute

    def _finished(self, t: float) -> Minute | None:
        minute = self._minute_at(t)
        if t - minute.start < MINUTE_S:
            return None
        self._minute = _Minute(t, self._tally, self._breaks)
        return minute.ended(t, self._tally, self._breaks)


class _Minute:
    """A minute that is going on: what the day's numbers were at its start, and what was told."""

    def __init__(self, t: float, tally: DayTally, breaks: Breaks) -> None:
        self.start = self.before_t = t
        self._seconds = dict(tally.seconds)
        self._counts = (tally.changes, breaks.due, breaks.taken)
        self._told = {"amber": 0, "nudge": 0, "speak": 0}
        self._paused_s = 0.0

    def passed(self, t: float, off: bool) -> None:
        self._paused_s += t - self.before_t if off else 0.0
        self.before_t = t

    def told(self, alerts: tuple[Alert, ...]) -> None:
        for alert in alerts:
            if alert.kind in self._told:
                self._told[alert.kind] += 1

    def ended(self, t: float, tally: DayTally, breaks: Breaks) -> Minute:
        seconds = {
            state: total - before
            for state, total in tally.seconds.items()
            if total > (before := self._seconds.get(state, 0.0))
        }
        changes, due, taken = self._counts
        return Minute(
            t, seconds, self._told["amber"], self._told["nudge"], self._told["speak"],
            self._paused_s, tally.changes - changes, breaks.due - due, breaks.taken - taken,
        )  # fmt: skip


class _Tray:
    """The colour: amber at once, anything else when it has lasted. A glance aside or the seconds
    until someone is away are no reason to blink."""

    def __init__(self) -> None:
        self.colour: Colour = "calibrating"
        self._wanted: Colour = "calibrating"
        self._since = 0.0

    def update(self, reading: DeskReading, slouching: bool) -> None:
        wanted = _colour(reading, slouching)
        if wanted != self._wanted:
            self._wanted, self._since = wanted, reading.t
        at_once = wanted == "amber" or self.colour == "calibrating" or reading.state == "away"
        if at_once or reading.t - self._since >= COLOUR_S:
            self.colour = wanted


def _colour(reading: DeskReading, slouching: bool) -> Colour:
    state = reading.state
    if state == "calibrating":
        return "calibrating"
    if state == "unreliable":
        return "unsure"
    if state in GONE:
        return "resting"
    if slouching:
        return "amber"
    return "fine" if reading.scorable else "resting"


def light_trouble(luma: float) -> bool:
    """Whether a picture of this mean brightness (0 to 255) is too dark to judge."""
    return luma < DARK_LUMA
