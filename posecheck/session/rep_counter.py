"""Counts the repetitions of one limb, and says why a movement is none.

The machine reads no clock, does not reset itself, and takes nothing back that it has counted.
Numbers: biomechanics 2B.
"""

from __future__ import annotations

import math
from typing import Literal

from posecheck.body.geometry import NAN
from posecheck.exercise import Reps
from posecheck.session.progress import counted_s

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
        if was in ("unknown", "calm", "rest"):
            return None
        return self._outcome(self._rest_since - self._left_rest)

    def _outcome(self, lasted: float) -> RepOutcome | None:
        if lasted < GLITCH_S:
            return None
        if self._peak_s < GLITCH_S:
            small: RepOutcome = "unseen" if self._gone_s else "too_small"
            return small if self._best >= HALF_WAY else None
        if lasted < self._reps.min_s:
            return "too_fast"
        if lasted > self._reps.max_s:
            return "too_slow"
        if self._peak_s < self._reps.hold_s:
            return "too_short"
        if self._red > RED_SHARE * self._frames:
            return "bad_form"
        gone = self._gone_s > max(REP_UNSEEN_S, RED_SHARE * lasted)
        if gone or self._hidden > RED_SHARE * self._frames:
            return "unseen"
        return "counted"
