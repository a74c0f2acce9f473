"""What is offered to one who does not get on with a set: to go on unjudged, or today's range.

One `OfferPolicy` a set. It watches and answers with steps; whoever leads the session carries them
out. An offer is taken by who stays as they are: on a mat with closed eyes there is no key at hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from posecheck.exercise import Exercise, Rule
from posecheck.session.personal_range import PersonalRange, RestValues
from posecheck.session.session import SessionView

Offer = Literal["", "unchecked", "range"]
Step = Literal["offer_unchecked", "offer_range", "take_unchecked", "take_range"]

UNSEEN_S = 15.0
"""A set that cannot be judged for so long: offer to go on without form check (biomechanics 1.1)."""
RESTLESS_S = 30.0
"""The same for one who is not in position, or not still, so long after the instructions: getting
down to the floor takes up to 30 s (biomechanics 4.1)."""
CALM_S = 2.0
"""A trouble that is away for less has not ended."""
UNCHECKED_TAKEN_S = 15.0
"""The offer to go on without form check is taken by one who stays so long as they are."""
RANGE_TAKEN_S = 5.0
"""Today's range is taken by one who stays there for so long after it was offered."""


class OfferPolicy:
    """The offers of one set of an exercise. `rest`: where its metrics rest, where that is known
    from a set before.

    exercise  as its file has it
    offer   what is offered now, "" for nothing
    todays  the rule of today's range that is offered, None for none
    """

    def __init__(self, exercise: Exercise, rest: Mapping[str, float] | None = None) -> None:
        self.offer: Offer = ""
        self.todays: Rule | None = None
        self.exercise = exercise
        self._known_rest = rest or {}
        self._rest = RestValues(exercise)
        self._range = PersonalRange(exercise)
        self._offered_t = math.inf
        self._trouble_s = self._calm_s = self._gone_s = 0.0
        self._last_t: float | None = None

    @property
    def rest(self) -> Mapping[str, float]:
        """Where the metrics of range rules are at rest, as far as it was seen."""
        return self._known_rest or self._rest.values

    def close(self) -> None:
        """The offer was taken."""
        self.offer, self.todays = "", None

    def update(
        self, t: float, view: SessionView, instructing: bool, hurt: bool
    ) -> tuple[Step, ...]:
        """One frame. `t` seconds of the session; `instructing`: the instructions are still being
        read; `hurt`: there was pain in this session."""
        return (*self._unchecked(t, view, instructing), *self._todays(t, view, hurt))

    def _unchecked(self, t: float, view: SessionView, instructing: bool) -> tuple[Step, ...]:
        step = 0.0 if self._last_t is None else t - self._last_t
        self._last_t = t
        self._gone_s = self._gone_s + step if view.blind in ("nobody", "someone_else") else 0.0
        if self._gone_s >= CALM_S:
            self._offered_t += step  # nobody is there to go on, or to take an offer
            return ()
        limit = _patience(view, instructing)
        if limit == math.inf:
            self._calm(step)
            return ()
        self._calm_s, self._trouble_s = 0.0, self._trouble_s + step
        if self.offer == "unchecked":
            return ("take_unchecked",) if t - self._offered_t >= UNCHECKED_TAKEN_S else ()
        if self._trouble_s < limit:
            return ()
        self.offer, self._offered_t = "unchecked", t
        return ("offer_unchecked",)

    def _calm(self, step: float) -> None:
        """Without trouble for a while: it is over. Sight that flickers is no end of it."""
        self._calm_s += step
        if self._calm_s >= CALM_S:
            self._trouble_s = 0.0
            if self.offer == "unchecked":
                self.offer = ""

    def _todays(self, t: float, view: SessionView, hurt: bool) -> tuple[Step, ...]:
        """Today's range, for one who stays short of the target and can go no further."""
        judged = not view.blind and not view.unchecked
        if view.progress.state == "ready":
            placed = judged and view.start_blocker in ("", "still")
            self._rest.update(t, view.values if placed else {})
        if view.phase != "work" or not judged:
            if self.offer == "range":
                self.close()
            return ()
        found = self._range.update(t, view.verdict, view.values, self.rest, hurt)
        if found is None:
            if self.offer == "range":
                self.close()
        elif self.offer != "range":
            self.offer, self.todays, self._offered_t = "range", found.rule, t
            return ("offer_range",)
        elif t - self._offered_t >= RANGE_TAKEN_S:
            return ("take_range",)
        return ()


def _patience(view: SessionView, instructing: bool) -> float:
    """How long the present trouble may last before it is offered to go on unjudged; inf when there
    is none."""
    if view.unchecked or view.phase not in ("ready", "work"):
        return math.inf
    if view.phase == "work":
        return UNSEEN_S if view.progress.state == "unseen" or view.blind else math.inf
    if view.start_blocker == "place" and view.placement is not None:
        return 0.0 if view.placement.offer else RESTLESS_S
    waiting = view.start_blocker in ("posture", "still") or view.blind or view.learning
    return RESTLESS_S if waiting and not instructing else math.inf
