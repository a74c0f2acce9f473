"""Notices a user who does the exercise with the other side than the set asks for.

The rules of the set are judged a second time, with left and right exchanged. A hold that is right
on the other side while the rules on the set's own side are broken, or a repetition that counts on
the other side alone, shows which side works. Where the rules read the same for both sides, the
flank towards the camera tells them apart: it is the working one by the exercise's description.
"""

from __future__ import annotations

import math

from posecheck.body.baseline import Baseline
from posecheck.body.geometry import NAN
from posecheck.body.measure import Measurer, Values, resolve, specs_of
from posecheck.pose import Pose, Side, opposite
from posecheck.session.events import RepCounted
from posecheck.session.form import Form, FormChecker, Verdict
from posecheck.session.limb_counters import LimbCounters
from posecheck.session.placement import CLEAR_TURN
from posecheck.session.plan import PlannedSet
from posecheck.timing import Lasted

BEGINS_S = 2.0
"""A hold that is right on the other side for this long is meant. On the way into a pose both sides
read right for up to 1 s in the clips."""
ENDS_S = 4.0
"""The other side works until it has not been right, and has not counted, for this long: a user
who slips on the wrong side is still on the wrong side."""


class WrongSide:
    """Whether the other side works, in a set of one side.

    working  the other side works
    """

    def __init__(self, planned: PlannedSet, level: int) -> None:
        self._planned, self._level = planned, level
        self.reset()

    def reset(self) -> None:
        """Forget everything, the neutral too."""
        exercise, side = self._planned.exercise, self._planned.side
        self.working = False
        self._sign_t = -math.inf
        self._own_reps = 0
        self._lasted = Lasted()
        self._measurer: Measurer | None = None
        if side is None or exercise.sides != "each" or exercise.check == "none":
            return
        specs, other = specs_of(exercise), opposite(side)
        self._other: Side = other
        self._measurer = Measurer(specs, other)
        self._baseline = Baseline(specs, other, exercise.position == "standing")
        self._form = FormChecker(exercise.rules, self._level)
        self._strict = {rule.id for rule in exercise.rules if rule.severity != "advice"}
        named = [rule.metric for rule in exercise.rules if rule.id in self._strict]
        near = exercise.camera.near if exercise.camera else "either"
        self._flank: Side | None = None
        self._by_flank = near == "work" and not any(resolve(name).sided for name in named)
        reps = exercise.reps if exercise.category == "reps" else None
        self._counters = None if reps is None else LimbCounters.of(reps, None)

    def update(
        self, t: float, pose: Pose | None, learns: bool, judged: bool, form: Form, reps: int,
        lacked: bool = False,
    ) -> None:  # fmt: skip
        """Take one frame at time t (seconds, increasing).

        learns  the body is at its start, so that its neutral is learnt
        judged  the set has begun and the frame can be judged
        form    the set's own form in the frame before
        reps    repetitions that the set has counted on its own side
        lacked  parts that the set needs were unseen in the frame before: what hides the own side
                is no sign that the other side works
        """
        if self._measurer is None:
            return
        raw = self._measurer.update(t, pose)
        if raw.get("view_turn", NAN) > CLEAR_TURN:
            self._flank = self._measurer.near
        self._baseline.learn(t, raw if learns else {})
        values = self._baseline.relative(raw) if judged else {}
        verdict = self._form.update(t, values)
        if self._counters is not None:
            works = self._counts(t, values, verdict, reps) and not lacked
        elif self._by_flank:
            works = verdict.form == "right" and self._flank == self._other
        else:
            right = verdict.form == "right" and (form == "wrong" or self.working)
            works = self._lasted.update(t, right) >= BEGINS_S
        if works:
            self._sign_t = t
        self.working = t - self._sign_t <= ENDS_S

    def _counts(self, t: float, values: Values, verdict: Verdict, reps: int) -> bool:
        """Whether a repetition counts on the other side, and none did on the own side since the
        last one of the other side."""
        assert self._counters is not None
        bad = bool(verdict.out & self._strict)
        hidden = bool(self._strict.intersection(verdict.unseen))
        _, events = self._counters.update(t, values, verdict, bad, hidden)
        if not any(isinstance(event, RepCounted) for event in events):
            return False
        before, self._own_reps = self._own_reps, reps
        return reps == before
