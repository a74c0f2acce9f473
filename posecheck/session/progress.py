"""Counts the seconds and the repetitions of a set.

Each machine has one method `update(t, ...)`. None of them reads a clock, resets itself, or takes
back what it has counted. Numbers: biomechanics 2B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from posecheck.body.geometry import NAN
from posecheck.exercise import Reps
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


RepOutcome = Literal[
    "counted", "too_small", "too_fast", "too_slow", "too_short", "bad_form", "unseen"
]
"""The result of one movement: counted, or why it was not."""

RED_SHARE = 0.2
"""A repetition does not count when in more than this share of its frames a must is broken, or in
more than this share a must is unseen."""
REP_UNSEEN_S = 1.5
"""A repetition does not count when the limb was unseen for more than this, and for more than
RED_SHARE of its time. A must that is unseen for as long stops the time too (biomechanics 1.1)."""
HALF_WAY = 0.5
"""A movement that covers at least this share of the way to the peak is taken for an attempted
repetition."""
FIRST_REST_S = 0.5
"""This long short of the peak is accepted as the first rest."""
CALM_WAY = 0.25
"""Share of the way from such a rest to the peak at which the first movement starts. Less is the
jitter of a body that keeps still."""
GLITCH_S = 0.05
"""Less time than this at the peak, or away from the rest, is a glitch of the landmarks and not a
movement."""
REST_GLITCH_S = 0.11
"""Two frames at rest at most this far apart are one rest, whatever the frame between them says: one
frame of a wrong joint at 20 frames a second."""


class RepCounter:
    """Counts the repetitions of one limb: rest -> peak -> rest, with separate enter and leave
    thresholds.

    NaN freezes the counter. The first value after NaN cannot be the rest, because the landmarks of
    a limb that comes back into view jump. Unseen time does not count as time at the peak. Nothing
    counts before the first rest was seen, so that the way into the pose is no repetition.

    peak  times at which the last movement was first and last at its peak
    """

    def __init__(self, reps: Reps) -> None:
        self._reps = reps
        self._sign = 1.0 if reps.peak.enter > reps.rest.enter else -1.0
        self._phase: Literal["unknown", "calm", "rest", "rising", "peak", "falling"] = "unknown"
        self._left_rest = 0.0
        self._last_t = 0.0
        self._peak_s = 0.0
        self._best = 0.0
        self._red = self._hidden = self._frames = 0
        self._gone_s = 0.0
        self._calm_since: float | None = None
        self._calm_way = 0.0
        self._returning = False
        self._rest_since: float | None = None
        self._rest_t = 0.0
        self._away = self._given_up = False
        self.peak = (math.inf, -math.inf)

    @property
    def resting(self) -> bool:
        return self._phase == "rest"

    def under_way(self, t: float) -> bool:
        """Whether, at time t, a movement has come far enough to be meant as a repetition, and is
        still short enough for one."""
        return self._moving and self._best >= HALF_WAY and not self.stuck(t)

    def stuck(self, t: float) -> bool:
        """Whether, at time t, the limb has been away from its rest for longer than any
        repetition lasts: a pose, not a repetition."""
        return self._given_up or (self._moving and t - self._left_rest > self._reps.max_s)

    @property
    def _moving(self) -> bool:
        return self._phase in ("rising", "peak", "falling")

    def blind(self, value: float, also: float) -> bool:
        """Whether it cannot be told where the limb is: its own metric is unknown, or it is at the
        height of the peak and the second condition is unknown."""
        if math.isnan(value):
            return True
        at_peak = self._beyond(value, self._reps.peak.leave) >= 0
        return self._reps.also is not None and at_peak and math.isnan(also)

    def ease(self, reps: Reps) -> None:
        """Continue with eased bands of the same movement."""
        self._reps = reps

    def pause(self) -> None:
        """Discard the repetition that has begun: after a pause a rest must be seen first."""
        self._phase, self._rest_since, self._calm_since = "unknown", None, None
        self._given_up = False

    def assume_rest(self) -> None:
        """Take a limb that has not been seen yet to be at rest, because the other one is."""
        if self._phase == "unknown":
            self._phase = "rest"

    def update(
        self,
        t: float,
        value: float,
        bad: bool = False,
        also: float = NAN,
        hidden: bool = False,
    ) -> RepOutcome | None:
        """The outcome of the movement that ended at time t (seconds, increasing), None when none
        did.

        value   the metric of the limb, NaN when unseen
        bad     a must is broken in this frame
        also    the metric of the second condition, NaN when unseen. It matters at the peak only
        hidden  a must is unseen in this frame
        """
        if self.blind(value, also):
            self._returning = True
            return None
        returning, self._returning = self._returning, False
        if returning:
            self._gone_s += t - self._last_t
        gap, self._last_t = max(0.0, t - self._last_t), t
        if self._moving and t - self._left_rest > 2 * self._reps.max_s:
            self._phase, self._given_up = "unknown", True
        self._frames += 1
        self._red += bad
        self._hidden += hidden
        self._best = max(self._best, self._way(value))
        if self._beyond(value, self._reps.rest.enter) <= 0:
            return None if returning else self._rested(t)
        self._away = True
        if self._phase == "unknown":
            self._await_start(t, value)
        elif self._leaves(value):
            self._start(t, value)
        self._rise_and_fall(t, self._at(value, also), gap, returning)
        return None

    def _rise_and_fall(self, t: float, at_peak: bool, gap: float, returning: bool) -> None:
        if at_peak and self._moving:
            step = counted_s(gap, self._phase == "peak")
            self._peak_s += min(GLITCH_S, step) if returning else step
            self._phase = "peak"
            self.peak = (min(t, self.peak[0]), t)
        elif self._phase == "peak":
            self._phase = "falling"

    def _beyond(self, value: float, mark: float) -> float:
        return self._sign * (value - mark)

    def _way(self, value: float) -> float:
        span = self._beyond(self._reps.peak.enter, self._reps.rest.enter)
        return self._beyond(value, self._reps.rest.enter) / span

    def _at(self, value: float, also: float) -> bool:
        """Whether the limb is at the peak: beyond the enter threshold or, once there, beyond the
        leave threshold. The second metric, where there is one, must be there too."""
        there = self._phase == "peak"
        peak, other = self._reps.peak, self._reps.also
        if self._beyond(value, peak.leave if there else peak.enter) < 0:
            return False
        if other is None:
            return True
        sign = 1.0 if other.peak.enter >= other.peak.leave else -1.0
        return sign * (also - (other.peak.leave if there else other.peak.enter)) >= 0

    def _leaves(self, value: float) -> bool:
        """Whether a limb that rested, or was calm short of the peak, begins a movement."""
        if self._phase == "calm":
            return self._way(value) > self._calm_way
        return self._phase == "rest" and self._beyond(value, self._reps.rest.leave) > 0

    def _await_start(self, t: float, value: float) -> None:
        """Before the first rest, accept FIRST_REST_S short of the peak as a start: in some
        movements the rest is one end of a swing, which a user who stands still does not reach. The
        first movement starts once the limb has gone CALM_WAY of what is left to the peak."""
        if self._beyond(value, self._reps.peak.leave) > 0:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = t
        elif t - self._calm_since >= FIRST_REST_S:
            way = self._way(value)
            self._phase, self._calm_way = "calm", way + CALM_WAY * (1 - way)

    def _start(self, t: float, value: float) -> None:
        self._phase, self._given_up = "rising", False
        self._left_rest, self._peak_s, self._calm_since = t, 0.0, None
        self._best, self.peak = self._way(value), (math.inf, -math.inf)
        self._red = self._hidden = self._frames = 0
        self._gone_s = 0.0

    def _rested(self, t: float) -> RepOutcome | None:
        glitch = t - self._rest_t <= REST_GLITCH_S
        if self._rest_since is None or (self._away and not glitch):
            self._rest_since = t
        self._rest_t, self._away = t, False
        if t - self._rest_since < self._reps.rest_s:
            return None
        was, self._phase, self._given_up = self._phase, "rest", False
        begun = was not in ("unknown", "calm", "rest")
        return self._outcome(self._rest_since - self._left_rest) if begun else None

    def _outcome(self, lasted: float) -> RepOutcome | None:
        if lasted < GLITCH_S:
            return None
        if self._peak_s < GLITCH_S:
            small: RepOutcome = "unseen" if self._gone_s else "too_small"
            return small if self._best >= HALF_WAY else None
        if not self._reps.min_s <= lasted <= self._reps.max_s:
            return "too_fast" if lasted < self._reps.min_s else "too_slow"
        if self._peak_s < self._reps.hold_s:
            return "too_short"
        if self._red > RED_SHARE * self._frames:
            return "bad_form"
        gone = self._gone_s > max(REP_UNSEEN_S, RED_SHARE * lasted)
        if gone or self._hidden > RED_SHARE * self._frames:
            return "unseen"
        return "counted"
