"""Counts the seconds of a set; `rep_counter` counts its repetitions.

Each machine has one method `update(t, ...)`. None of them reads a clock, resets itself, or takes
back what it has counted. Numbers: biomechanics 2B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from posecheck.session.form import Form

ARM_S = 0.7
"""Right form for this long starts or resumes the timer."""
WRONG_S = 0.8
"""Wrong form for this long pauses the timer."""
STOP_S = 3.0
"""After a stop the timer waits for at least this long, so that the user can ease out."""
UNSEEN_S = 0.5
"""Unknown form for this long pauses the timer as not seen."""
GAP_S = 0.25
"""Maximum time that one gap adds where what happened in it is unknown: between two frames that
differ, and in a gap longer than KNOWN_GAP_S."""
KNOWN_GAP_S = 1.1
"""A gap of at most this between two frames that show the same counts whole, so that one frame a
second gives the same seconds as thirty."""


def counted_s(gap_s: float, same: bool = True) -> float:
    """Seconds that a gap between two frames counts, 0 to KNOWN_GAP_S.

    gap_s  seconds between the frames, 0 or more
    same   both frames show the same
    """
    return gap_s if same and gap_s <= KNOWN_GAP_S else min(GAP_S, gap_s)


State = Literal["ready", "active", "paused", "unseen", "done"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a set has achieved so far.

    state        ready: not begun; active: counting; paused: the form is wrong; unseen: the form
                 cannot be judged; done: the target is reached
    held_s       seconds credited while the form was right; never decreases
    wrong_s      seconds after the start in which the form was wrong
    unseen_s     seconds after the start in which the form was unknown
    reps         repetitions counted; never decreases
    unchecked_s  seconds of a set that is not judged, because no camera can or because the user has
                 chosen so
    """

    state: State
    held_s: float = 0.0
    wrong_s: float = 0.0
    unseen_s: float = 0.0
    reps: int = 0
    unchecked_s: float = 0.0


class _Dwell:
    """Measures how long the form has been the same. Right form that was hidden for less than
    UNSEEN_S continues with the time that it had before."""

    def __init__(self) -> None:
        self._form: Form | None = None
        self._lasted = self._right = 0.0

    def update(self, step: float, form: Form) -> float:
        """Seconds for which this form has lasted. `step`: seconds since the previous frame."""
        if form == self._form:
            self._lasted += step
            return self._lasted
        blink = self._form == "unknown" and self._lasted < UNSEEN_S
        if self._form == "right":
            self._right = self._lasted
        elif not blink:
            self._right = 0.0
        self._lasted = self._right if form == "right" and blink else 0.0
        self._form = form
        return self._lasted


class FormTimer:
    """Derives the state of a set from its form: active after 0.7 s of right form, paused after
    0.8 s of wrong form, unseen after 0.5 s of unknown form. Adds up the seconds of each.

    From the first right form on, every second has one name:

    right_s    right form, the 0.7 s before the timer became active included
    wrong_s    wrong form; right form that did not last, or came within STOP_S after a stop
    unseen_s   unknown form, and the part of a gap in which anything may have happened
    resting_s  right form without a sign of the exercise
    """

    def __init__(self) -> None:
        self.state: State = "ready"
        self.started = False
        self.right_s = self.wrong_s = self.unseen_s = self.resting_s = 0.0
        self._dwell = _Dwell()
        self._arming_s = self._arming_unseen_s = 0.0
        self._wait_until = -math.inf
        self._last_t: float | None = None
        self._last_form: Form | None = None

    def update(self, t: float, form: Form, stopped: bool = False, *, evident: bool = True) -> State:
        """The state after a frame at time t (seconds, increasing).

        stopped  a stop has fired
        evident  there is a sign of the exercise itself; without one, right form is not credited and
                 the set is ready, not active
        """
        if stopped:
            self._wait_until = t + STOP_S
        gap = 0.0 if self._last_t is None else max(0.0, t - self._last_t)
        step = counted_s(gap, form == self._last_form)
        # The form became right at an unknown time within this step, so the step is not credited.
        begins = form == "right" and self.state != "active" and self._last_form is not None
        named = self._last_form if begins and self._last_form is not None else form
        self._last_t, self._last_form = t, form
        lasted = self._dwell.update(step, form)
        self.state = self._next(t, form, lasted)
        self.started = self.started or (self.state == "active" and evident)
        if named == "right":
            self._right(step, t < self._wait_until, evident)
        else:
            lost = named == "wrong" or (form == "unknown" and lasted >= UNSEEN_S)
            self._not_right(step, named, lost)
        self._unknown(gap - step, named)
        return "ready" if self.state == "active" and not evident else self.state

    def pause(self) -> None:
        """Pause with the session. The timer resumes after ARM_S of right form."""
        self._not_right(0.0, "wrong", lost=True)
        self._dwell, self._last_t, self._last_form = _Dwell(), None, None
        if self.state == "active":
            self.state = "paused"

    def _unknown(self, seconds: float, form: Form) -> None:
        """Add the part of a gap in which anything may have happened. Before the start it waits with
        the right form around it."""
        if self.started:
            self.unseen_s += self._arming_unseen_s + seconds
            self._arming_unseen_s = 0.0
        elif form == "right":
            self._arming_unseen_s += seconds
        else:
            self._arming_unseen_s = 0.0

    def _right(self, step: float, easing_out: bool, evident: bool) -> None:
        """Add seconds of right form. They wait for their name until they have lasted ARM_S."""
        self._arming_s += step
        if self.state != "active" and not easing_out:
            return
        if self.started:
            if easing_out:
                self.wrong_s += self._arming_s
            elif evident:
                self.right_s += self._arming_s
            else:
                self.resting_s += self._arming_s
        self._arming_s = 0.0

    def _not_right(self, step: float, form: Form, lost: bool) -> None:
        """Add seconds of wrong or unknown form. `lost`: right form before them did not last, and
        gets their name."""
        if lost:
            step, self._arming_s = step + self._arming_s, 0.0
        if not self.started:
            return
        if form == "wrong":
            self.wrong_s += step
        else:
            self.unseen_s += step

    def _next(self, t: float, form: Form, lasted: float) -> State:
        easing_out = t < self._wait_until
        if easing_out and self.state == "active":
            return "paused"
        match form:
            case "right" if lasted >= ARM_S and not easing_out:
                return "active"
            case "wrong" if lasted >= WRONG_S:
                return "paused" if self.started else "ready"
            case "unknown" if lasted >= UNSEEN_S:
                return "unseen"
        return self.state


class HoldTimer:
    """Counts the seconds of a hold in right form. `target_s`: seconds to reach, None for an
    open-ended hold."""

    def __init__(self, target_s: float | None = None) -> None:
        self._target_s = target_s
        self._form_timer = FormTimer()
        self._done = False

    def update(self, t: float, form: Form, stopped: bool = False) -> Progress:
        """The progress at time t (seconds, increasing). `stopped`: a stop is a fault now; the timer
        resumes no sooner than STOP_S after it."""
        form_timer = self._form_timer
        if not self._done:
            form_timer.update(t, form, stopped)
            self._done = self._target_s is not None and form_timer.right_s >= self._target_s
        state: State = "done" if self._done else form_timer.state
        held = (
            form_timer.right_s
            if self._target_s is None
            else min(form_timer.right_s, self._target_s)
        )
        return Progress(state, held, form_timer.wrong_s, form_timer.unseen_s)

    def pause(self) -> None:
        """As in `FormTimer`."""
        self._form_timer.pause()


class Stopwatch:
    """Counts seconds that no camera checks. They are never credited as right form."""

    def __init__(self, target_s: float | None = None) -> None:
        self._target_s = target_s
        self._seconds = 0.0
        self._last_t: float | None = None

    def update(self, t: float, stands: bool = False) -> Progress:
        """The progress at time t (seconds, increasing). `stands`: the clock is stopped."""
        if self._last_t is not None and not stands:
            self._seconds += counted_s(max(0.0, t - self._last_t))
        self._last_t = t
        done = self._target_s is not None and self._seconds >= self._target_s
        return Progress("done" if done else "active", unchecked_s=self._seconds)

    def pause(self) -> None:
        """Pause with the session: the time until the next frame does not count."""
        self._last_t = None
