"""When a way of sitting deserves an alert: first patience, then a colour, a nudge, a sentence, and
at last silence.

`AlertPolicy` turns the momentary states of `PostureClassifier` into few alerts (biomechanics 3.3,
3.4). All times are seconds of the frames; the caller supplies what the user is doing (a call, a
presentation).

Theory of operation. An episode of slouching goes through these stages:

    stage      begins                                             alert
    none
    begun      with the first slouching frame
    confirmed  after WINDOW_S, when the window confirms it        amber
    nudged     NUDGE_AFTER_S after the confirmation               nudge
    spoken     SPEAK_AFTER_S after the confirmation               speak
    none       after RECOVERED_S without slouching                recovered, if it was confirmed

Other states have a patience of their own (STATE_PATIENCE_S) and bring a nudge. While the
calibration is in question, one question replaces all of this. `RateLimiter` suppresses nudges and
sentences that come too often; after several ignored nudges one break is offered instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from posecheck.desk.alert_limits import WINDOW_S, RateLimiter, SlouchWindow, StateDwell
from posecheck.desk.states import SLOUCHES, DeskReading, DeskState, Steps

AlertKind = Literal["amber", "nudge", "speak", "recovered", "offer_break", "recalibrate"]
AlertCause = Literal["slouch", "too_close", "shoulders_up", "tilted", "looking_down", "camera"]

RECOVERED_S = 10.0
"""Judged seconds without slouching that end an episode: a stretch of the back takes three."""
NUDGE_AFTER_S, SPEAK_AFTER_S = 90.0, 240.0
"""Seconds after the confirmation."""

STATE_PATIENCE_S: Mapping[DeskState, float] = {
    "too_close": 20.0, "shoulders_up": 60.0, "tilted": 60.0, "looking_down": 120.0,
}  # fmt: skip
"""Minimum continuous seconds before a state may alert (biomechanics 3.2)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What forbids nudges, sentences and reminders; the colour of the tray stays."""

    in_call: bool = False
    sharing: bool = False
    full_screen: bool = False
    quiet_hours: bool = False
    battery_saver: bool = False

    @property
    def silent(self) -> bool:
        """Whether anything forbids them."""
        busy = self.in_call or self.sharing or self.full_screen
        return busy or self.quiet_hours or self.battery_saver


FREE = Circumstances()


class Silence(Protocol):
    """Whether nudges, sentences and reminders are forbidden now."""

    @property
    def silent(self) -> bool: ...


class AskedOnce:
    """Circumstances of one frame that are asked for when the first alert or reminder is due, and
    not at all in most frames: asking costs more than a tenth of all the work at the desk."""

    def __init__(self, ask: Callable[[], Circumstances]) -> None:
        self._ask = ask
        self._answer: Circumstances | None = None

    @property
    def silent(self) -> bool:
        """As in `Circumstances`."""
        if self._answer is None:
            self._answer = self._ask()
        return self._answer.silent


@dataclass(frozen=True, slots=True)
class Alert:
    """Something for the tray (amber, recovered), the screen (nudge, offer_break, recalibrate) or
    the voice (speak). `key` is the phrase to show or say (`posecheck.coach.phrases`), "" for a
    colour alone."""

    t: float
    kind: AlertKind
    cause: AlertCause
    key: str = ""


class SlouchEpisode:
    """The episodes of slouching, one at a time: begun, confirmed, over.

    confirmed_t  when the running one was confirmed; NaN when it was not
    """

    def __init__(self) -> None:
        self._window = SlouchWindow()
        self.reset()

    def reset(self) -> None:
        """Forget the running episode: how it ended is unknown."""
        self._window.clear()
        self._since_t = self.confirmed_t = math.nan
        self._good_s = 0.0

    @property
    def begun(self) -> bool:
        """Whether slouching has begun, confirmed or not."""
        return not math.isnan(self._since_t)

    @property
    def confirmed(self) -> bool:
        """Whether slouching is confirmed and not over."""
        return not math.isnan(self.confirmed_t)

    @property
    def deciding(self) -> bool:
        """Whether the next frames decide on a confirmation."""
        return self.begun and not self.confirmed and self._window.near

    def update(self, t: float, step: float, reading: DeskReading) -> tuple[Alert, ...]:
        """One frame that stands for `step` seconds."""
        slouching = reading.state in SLOUCHES
        self._window.update(t, step, slouching if reading.scorable else None)
        if slouching:
            self._good_s = 0.0
            self._since_t = self._since_t if self.begun else t
        elif reading.scorable or reading.state in ("standing", "away"):
            self._good_s += step  # another position is what was wanted
        if self.begun and self._good_s >= RECOVERED_S:
            return self._end(t)
        doubted = reading.question or reading.checking
        if slouching and not self.confirmed and not doubted and self._lasts(t):
            self.confirmed_t = t
            return (Alert(t, "amber", "slouch"),)
        return ()

    def _lasts(self, t: float) -> bool:
        return t - self._since_t >= WINDOW_S and self._window.confirmed

    def _end(self, t: float) -> tuple[Alert, ...]:
        confirmed = self.confirmed
        self._since_t = self.confirmed_t = math.nan
        self._window.clear()
        return (Alert(t, "recovered", "slouch"),) if confirmed else ()


class AlertPolicy:
    """`update(t, reading, circumstances)` once per frame; what to show or say now. Circumstances
    are read only where they decide."""

    def __init__(self, limiter: RateLimiter | None = None) -> None:
        """`limiter`: that of the policy before, so that its limits go on."""
        self._episode, self._limiter = SlouchEpisode(), limiter or RateLimiter()
        self._limiter.forgive()
        self._steps = Steps()
        self._nudge_t = math.nan
        self._dwell = {state: StateDwell() for state in STATE_PATIENCE_S}
        self._asked = False
        self._hinted: DeskState | Literal[""] = ""

    @property
    def limiter(self) -> RateLimiter:
        """How often the user may be disturbed, for the policy that follows."""
        return self._limiter

    @property
    def slouching(self) -> bool:
        """Whether slouching is confirmed and not over."""
        return self._episode.confirmed

    @property
    def in_episode(self) -> bool:
        """Whether slouching has begun, confirmed or not."""
        return self._episode.begun

    @property
    def confirming(self) -> bool:
        """Whether the next frames decide on a confirmation."""
        return self._episode.deciding

    def pause(self) -> None:
        """The camera is off: the running episode is over, and how it ended is unknown."""
        self._steps.pause()
        self._episode.reset()
        self._limiter.forgive()
        self._nudge_t = math.nan
        for dwell in self._dwell.values():
            dwell.clear()

    def snooze(self, t: float) -> tuple[Alert, ...]:
        """The user put the nudge off."""
        return self._break_instead(t) if self._limiter.snoozed(t) else ()

    def update(
        self, t: float, reading: DeskReading, circumstances: Silence = FREE
    ) -> tuple[Alert, ...]:
        """The alerts of one frame."""
        step = self._steps.update(t)
        alerts = self._follow(t, step, reading)
        if self._limiter.pending and (not reading.scorable or circumstances.silent):
            self._limiter.paused(step)
        if reading.question or reading.checking:
            return (*alerts, *self._ask(t, reading, circumstances))
        self._asked = False
        if self._limiter.pending and not circumstances.silent and self._limiter.gave_up(t):
            alerts += self._break_instead(t)
        alerts += self._escalate(t, reading, circumstances)
        return alerts + self._hint(t, step, reading.state, circumstances)

    def _follow(self, t: float, step: float, reading: DeskReading) -> tuple[Alert, ...]:
        """The episode of slouching, and whether the user followed the last nudge."""
        alerts = self._episode.update(t, step, reading)
        for alert in alerts:
            if alert.kind == "amber":
                self._nudge_t = math.nan
            else:
                self._limiter.heeded()
        if self._hinted not in ("", reading.state) and reading.scorable:
            self._limiter.heeded()
            self._hinted = ""
        return alerts

    def _ask(self, t: float, reading: DeskReading, circumstances: Silence) -> tuple[Alert, ...]:
        """A camera that was moved brings one question instead of nudges."""
        if not reading.question or self._asked or circumstances.silent:
            return ()
        self._asked = True
        return (Alert(t, "recalibrate", "camera", "desk_camera"),)

    def _escalate(
        self, t: float, reading: DeskReading, circumstances: Silence
    ) -> tuple[Alert, ...]:
        if not self._episode.confirmed or reading.state not in SLOUCHES:
            return ()
        lasted_s = t - self._episode.confirmed_t
        if self._may_speak(t, lasted_s) and not circumstances.silent:
            self._limiter.spoken(t)
            return (Alert(t, "speak", "slouch", "desk_slouch_say"),)
        due = lasted_s >= NUDGE_AFTER_S and self._limiter.may_nudge(t)
        if due and not circumstances.silent:
            self._limiter.nudged(t)
            self._nudge_t = t
            head = reading.state == "head_forward"
            return (Alert(t, "nudge", "slouch", "desk_head" if head else "desk_slouch"),)
        return ()

    def _may_speak(self, t: float, lasted_s: float) -> bool:
        """Never before a nudge was shown and had its time, as after a call."""
        had_time = t - self._nudge_t >= SPEAK_AFTER_S - NUDGE_AFTER_S
        return had_time and lasted_s >= SPEAK_AFTER_S and self._limiter.may_speak(t)

    def _overdue(self, t: float, step: float, state: DeskState) -> list[DeskState]:
        """The states that have lasted longer than their patience."""
        return [
            each
            for each, dwell in self._dwell.items()
            if dwell.update(t, step, state == each) >= STATE_PATIENCE_S[each]
        ]

    def _hint(
        self, t: float, step: float, state: DeskState, circumstances: Silence
    ) -> tuple[Alert, ...]:
        """The nudge of a state that is not slouching."""
        for each in self._overdue(t, step, state):
            may = not self._episode.confirmed and self._limiter.may_nudge(t)
            if each == state and may and not circumstances.silent:
                self._limiter.nudged(t)
                self._hinted = each
                self._dwell[each].clear()
                cause: AlertCause = each  # type: ignore[assignment]
                return (Alert(t, "nudge", cause, f"desk_{cause}"),)
        return ()

    def _break_instead(self, t: float) -> tuple[Alert, ...]:
        return (Alert(t, "offer_break", "slouch", "desk_offer_break"),)
