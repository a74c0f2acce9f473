"""When a way of sitting is worth a word: patience first, then quiet, then a sentence, then silence.

`AlertPolicy` turns the momentary states of `PostureClassifier` into few alerts (biomechanics 3.3,
3.4). Everything is told in seconds of the frames; whether the person is in a call is told by the
caller.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.desk.states import SLOUCHES, DeskReading, DeskState, Steps

Kind = Literal["amber", "nudge", "speak", "recovered", "offer_break", "recalibrate"]
Cause = Literal["slouch", "too_close", "shoulders_up", "tilted", "looking_down", "camera"]

WINDOW_S = 45.0
SLOUCHING_SHARE, SCORABLE_S = 0.70, 25.0
"""Slouching is confirmed when so much of at least so many judged seconds was slouching."""
RECOVERED_S = 10.0
"""Judged seconds without slouching that end an episode: a stretch of the back takes three."""

NUDGE_AFTER_S, SPEAK_AFTER_S = 90.0, 240.0
"""After the confirmation."""
NUDGE_APART_S, SPEAK_APART_S = 600.0, 1200.0
SPOKEN_PER_HOUR, HOUR_S = 4, 3600.0
IGNORED_AFTER_S = 120.0
"""A nudge that changed nothing for so long was not wanted."""
IGNORED_MOST, BACK_OFF_S = 3, 3600.0

DWELL_S: Mapping[DeskState, float] = {
    "too_close": 20.0, "shoulders_up": 60.0, "tilted": 60.0, "looking_down": 120.0,
}  # fmt: skip
"""Seconds without a break in which a state is nobody's business (biomechanics 3.2)."""
DWELL_GAP_S = 3.0
"""A shorter interruption does not begin them anew."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What forbids any word; the quiet colour of the tray stays."""

    in_call: bool = False
    sharing: bool = False
    full_screen: bool = False
    quiet_hours: bool = False
    battery_saver: bool = False

    @property
    def silent(self) -> bool:
        busy = self.in_call or self.sharing or self.full_screen
        return busy or self.quiet_hours or self.battery_saver


FREE = Circumstances()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something for the tray (amber, recovered), the screen (nudge, offer_break, recalibrate) or
    the voice (speak). `key` is the phrase to show or say (`posecheck.coach.phrases`), "" where a
    colour is all."""

    t: float
    kind: Kind
    cause: Cause
    key: str = ""


class _Window:
    """The judged seconds of the last 45."""

    def __init__(self) -> None:
        self._items: deque[tuple[float, float, bool]] = deque()
        self._before: bool | None = None
        self._seconds = {True: 0.0, False: 0.0}

    def clear(self) -> None:
        self._items.clear()
        self._before = None
        self._seconds = {True: 0.0, False: 0.0}

    def update(self, t: float, step: float, slouching: bool | None) -> None:
        """`step` seconds that end at t; None for what is not judged. A change lay somewhere between
        the two frames: half of the step is given to each, or slow frames that see a slump come and
        quick ones that see it go would make it longer than it was."""
        before, self._before = self._before, slouching
        if slouching is not None:
            self._add(t, step / 2, slouching if before is None else before)
            self._add(t, step / 2, slouching)
        while self._items and t - self._items[0][0] >= WINDOW_S:
            _, gone, which = self._items.popleft()
            self._seconds[which] -= gone

    def _add(self, t: float, seconds: float, slouching: bool) -> None:
        self._items.append((t, seconds, slouching))
        self._seconds[slouching] += seconds

    @property
    def near(self) -> bool:
        """Whether there are as many slouching seconds as the fewest that confirm."""
        return self._seconds[True] >= SLOUCHING_SHARE * SCORABLE_S

    @property
    def confirmed(self) -> bool:
        total = self._seconds[True] + self._seconds[False]
        return total >= SCORABLE_S and self._seconds[True] >= SLOUCHING_SHARE * total


class _Manners:
    """How often one may be told anything: cool-downs, the hour's four sentences, and giving up."""

    def __init__(self) -> None:
        self._nudged = self._spoken = -math.inf
        self._hour: deque[float] = deque()
        self._waiting: float | None = None
        self._ignored = 0
        self._quiet_until = -math.inf

    def may_nudge(self, t: float) -> bool:
        return t >= self._quiet_until and t - self._nudged >= NUDGE_APART_S

    def may_speak(self, t: float) -> bool:
        while self._hour and t - self._hour[0] >= HOUR_S:
            self._hour.popleft()
        rested = t - self._spoken >= SPEAK_APART_S and len(self._hour) < SPOKEN_PER_HOUR
        return t >= self._quiet_until and rested

    def nudged(self, t: float) -> None:
        self._nudged = self._waiting = t

    def spoken(self, t: float) -> None:
        self._spoken = self._waiting = t
        self._hour.append(t)

    def forgiven(self) -> None:
        """Nobody knows what became of the nudge that waits."""
        self._waiting = None

    def heeded(self) -> None:
        self._waiting, self._ignored = None, 0

    def paused(self, seconds: float) -> None:
        """Away from the desk, or not judged, nobody ignores anything."""
        if self._waiting is not None:
            self._waiting += seconds

    def snoozed(self, t: float) -> bool:
        """Put off by the person. Whether it is now enough."""
        self._waiting = None
        self._ignored += 1
        if self._ignored < IGNORED_MOST:
            return False
        self._ignored, self._quiet_until = 0, t + BACK_OFF_S
        return True

    def given_up(self, t: float) -> bool:
        """Whether the nudge that waits has just been ignored, and with it enough of them."""
        if self._waiting is None or t - self._waiting < IGNORED_AFTER_S:
            return False
        return self.snoozed(t)


class AlertPolicy:
    """`update(t, reading, circumstances)` once per frame; what to show or say now."""

    def __init__(self) -> None:
        self._window, self._manners = _Window(), _Manners()
        self._steps = Steps()
        self._since: float | None = None
        self._confirmed: float | None = None
        self._good_s = 0.0
        self._nudge_t: float | None = None
        self._dwell: dict[DeskState, _Dwell] = {state: _Dwell() for state in DWELL_S}
        self._asked = False
        self._hinted: DeskState | Literal[""] = ""

    @property
    def slouching(self) -> bool:
        """Whether slouching is confirmed and not over."""
        return self._confirmed is not None

    @property
    def in_episode(self) -> bool:
        """Whether slouching has begun, confirmed or not."""
        return self._since is not None

    @property
    def confirming(self) -> bool:
        """Whether the next frames decide on a confirmation."""
        return self._confirmed is None and self._since is not None and self._window.near

    def pause(self) -> None:
        """The camera is off: what was going on is over, and nobody knows how."""
        self._steps.pause()
        self._window.clear()
        self._manners.forgiven()
        self._since = self._confirmed = self._nudge_t = None
        self._good_s = 0.0
        for dwell in self._dwell.values():
            dwell.clear()

    def snooze(self, t: float) -> tuple[Alert, ...]:
        """The person put the nudge off."""
        return self._break_instead(t) if self._manners.snoozed(t) else ()

    def update(
        self, t: float, reading: DeskReading, circumstances: Circumstances = FREE
    ) -> tuple[Alert, ...]:
        step = self._steps.update(t)
        alerts = self._follow(t, step, reading)
        if self._hinted not in ("", reading.state) and reading.scorable:
            self._manners.heeded()
            self._hinted = ""
        if not reading.scorable or circumstances.silent:
            self._manners.paused(step)
        if reading.question or reading.checking:
            return (*alerts, *self._ask(t, reading, circumstances))
        self._asked = False
        if circumstances.silent:
            self._settle(t, step, reading.state)
            return alerts
        if self._manners.given_up(t):
            alerts += self._break_instead(t)
        return (*alerts, *self._escalate(t, reading), *self._dwelling(t, step, reading.state))

    def _follow(self, t: float, step: float, reading: DeskReading) -> tuple[Alert, ...]:
        """The episode of slouching: begun, confirmed, over."""
        slouching = reading.state in SLOUCHES
        self._window.update(t, step, slouching if reading.scorable else None)
        if slouching:
            self._good_s = 0.0
            self._since = t if self._since is None else self._since
        elif reading.scorable:
            self._good_s += step
        elif reading.state in ("standing", "away"):
            self._good_s += step  # another position is what was wanted
        if self._since is not None and self._good_s >= RECOVERED_S:
            return self._recover(t)
        doubted = reading.question or reading.checking
        if self._confirmed is None and slouching and not doubted and self._lasting(t):
            self._confirmed, self._nudge_t = t, None
            return (Alert(t, "amber", "slouch"),)
        return ()

    def _lasting(self, t: float) -> bool:
        began = self._since is not None and t - self._since >= WINDOW_S
        return began and self._window.confirmed

    def _recover(self, t: float) -> tuple[Alert, ...]:
        was, self._since, self._confirmed = self._confirmed, None, None
        self._window.clear()
        if was is None:
            return ()
        self._manners.heeded()
        return (Alert(t, "recovered", "slouch"),)

    def _ask(
        self, t: float, reading: DeskReading, circumstances: Circumstances
    ) -> tuple[Alert, ...]:
        """A camera that was moved is asked about once, instead of nagging."""
        if not reading.question or self._asked or circumstances.silent:
            return ()
        self._asked = True
        return (Alert(t, "recalibrate", "camera", "desk_camera"),)

    def _escalate(self, t: float, reading: DeskReading) -> tuple[Alert, ...]:
        if self._confirmed is None or reading.state not in SLOUCHES:
            return ()
        lasted = t - self._confirmed
        if self._may_speak(t, lasted):
            self._manners.spoken(t)
            return (Alert(t, "speak", "slouch", "desk_slouch_say"),)
        if lasted >= NUDGE_AFTER_S and self._manners.may_nudge(t):
            self._manners.nudged(t)
            self._nudge_t = t
            head = reading.state == "head_forward"
            return (Alert(t, "nudge", "slouch", "desk_head" if head else "desk_slouch"),)
        return ()

    def _may_speak(self, t: float, lasted: float) -> bool:
        """Never before a nudge was shown and had its time, as after a call."""
        if self._nudge_t is None or t - self._nudge_t < SPEAK_AFTER_S - NUDGE_AFTER_S:
            return False
        return lasted >= SPEAK_AFTER_S and self._manners.may_speak(t)

    def _settle(self, t: float, step: float, state: DeskState) -> list[DeskState]:
        """The states that have lasted too long."""
        return [
            each
            for each, dwell in self._dwell.items()
            if dwell.update(t, step, state == each) >= DWELL_S[each]
        ]

    def _dwelling(self, t: float, step: float, state: DeskState) -> tuple[Alert, ...]:
        for each in self._settle(t, step, state):
            if each == state and self._confirmed is None and self._manners.may_nudge(t):
                self._manners.nudged(t)
                self._hinted = each
                self._dwell[each].clear()
                cause: Cause = each  # type: ignore[assignment]
                return (Alert(t, "nudge", cause, f"desk_{cause}"),)
        return ()

    def _break_instead(self, t: float) -> tuple[Alert, ...]:
        return (Alert(t, "offer_break", "slouch", "desk_offer_break"),)


class _Dwell:
    """Seconds that a state has lasted, short interruptions aside."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._last = -math.inf

    def clear(self) -> None:
        self._seconds = 0.0

    def update(self, t: float, step: float, on: bool) -> float:
        if on:
            self._seconds += step
            self._last = t
        elif t - self._last > DWELL_GAP_S:
            self._seconds = 0.0
        return self._seconds
