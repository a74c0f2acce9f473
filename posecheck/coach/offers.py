"""Offers for a user who makes no progress in a set: to go on without form check, or today's range.

`OfferPolicy` watches one set and returns steps; `Offers` makes a policy for every set and carries
its steps out. The user accepts an offer by staying as they are: on a mat, no key is within reach.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue, Phrasebook
from posecheck.coach.guide_lines import GuideLines
from posecheck.exercise import Exercise, Rule
from posecheck.session.personal_range import PersonalRange, RestValues, Targets
from posecheck.session.session import Session, SessionView
from posecheck.timing import Lasted

Offer = Literal["", "unchecked", "range"]
OfferStep = Literal["offer_unchecked", "offer_range", "take_unchecked", "take_range"]

UNJUDGED_S = 15.0
"""A set that cannot be judged for this long: offer to go on without form check (biomechanics
1.1)."""
RESTLESS_S = 30.0
"""The same for a user who is not in position, or not still, this long after the instructions:
getting down to the floor takes up to 30 s (biomechanics 4.1)."""
TROUBLE_OVER_S = 2.0
"""A trouble that is absent for less than this has not ended."""
UNCHECKED_TAKEN_S = 15.0
"""The offer to go on without form check is taken when the user does nothing for this long."""
RANGE_TAKEN_S = 5.0
"""Today's range is taken when the user stays at it for this long after the offer."""


class OfferPolicy:
    """The offers of one set of an exercise.

    exercise  as its file has it
    offer     what is offered now, "" for nothing
    moved     the rule of today's range that is offered, None for none
    """

    def __init__(self, exercise: Exercise, rest: Mapping[str, float] | None = None) -> None:
        """`rest`: where the exercise's metrics rest, where a set before has shown it."""
        self.offer: Offer = ""
        self.moved: Rule | None = None
        self.exercise = exercise
        self._known_rest = rest or {}
        self._rest = RestValues(exercise)
        self._range = PersonalRange(exercise)
        self._offered_t = math.inf
        self._gone, self._calm = Lasted(), Lasted()
        self._trouble_s = 0.0
        self._last_t: float | None = None

    @property
    def rest(self) -> Mapping[str, float]:
        """Where the metrics of range rules are at rest, as far as it was seen."""
        return self._known_rest or self._rest.values

    def close(self) -> None:
        """The offer was taken."""
        self.offer, self.moved = "", None

    def update(
        self, t: float, view: SessionView, instructing: bool, hurt: bool
    ) -> tuple[OfferStep, ...]:
        """The steps of one frame.

        t            seconds of the session
        instructing  the instructions are still being read
        hurt         there was pain in this session
        """
        return (*self._unchecked(t, view, instructing), *self._todays_range(t, view, hurt))

    def _unchecked(self, t: float, view: SessionView, instructing: bool) -> tuple[OfferStep, ...]:
        step_s = 0.0 if self._last_t is None else t - self._last_t
        self._last_t = t
        if self._gone.update(t, view.blind in ("nobody", "someone_else")) >= TROUBLE_OVER_S:
            self._offered_t += step_s  # nobody is there to go on, or to take an offer
            return ()
        limit_s = _patience_s(view, instructing)
        untroubled = limit_s == math.inf
        # A short glimpse of the user does not end a trouble.
        if self._calm.update(t, untroubled) >= TROUBLE_OVER_S:
            self._trouble_s = 0.0
            self.offer = "" if self.offer == "unchecked" else self.offer
        if untroubled:
            return ()
        self._trouble_s += step_s
        if self.offer == "unchecked":
            return ("take_unchecked",) if t - self._offered_t >= UNCHECKED_TAKEN_S else ()
        if self._trouble_s < limit_s:
            return ()
        self.offer, self._offered_t = "unchecked", t
        return ("offer_unchecked",)

    def _todays_range(self, t: float, view: SessionView, hurt: bool) -> tuple[OfferStep, ...]:
        """Today's range, when the user stays short of the target and can go no further."""
        judged = not view.blind and not view.unchecked
        if view.progress.state == "ready":
            placed = judged and view.start_blocker in ("", "still")
            self._rest.update(t, view.values if placed else {})
        if view.phase != "work" or not judged:
            self._withdraw_range()
            return ()
        found = self._range.update(t, view.verdict, view.values, self.rest, hurt)
        if found is None:
            self._withdraw_range()
        elif self.offer != "range":
            self.offer, self.moved, self._offered_t = "range", found.rule, t
            return ("offer_range",)
        elif t - self._offered_t >= RANGE_TAKEN_S:
            return ("take_range",)
        return ()

    def _withdraw_range(self) -> None:
        if self.offer == "range":
            self.close()


def _patience_s(view: SessionView, instructing: bool) -> float:
    """How long the present trouble may last before going on unjudged is offered, seconds; inf when
    there is no trouble."""
    if view.unchecked or view.phase not in ("ready", "work"):
        return math.inf
    if view.phase == "work":
        return UNJUDGED_S if view.progress.state == "unseen" or view.blind else math.inf
    if view.start_blocker == "place" and view.placement is not None:
        return 0.0 if view.placement.offer else RESTLESS_S
    waiting = view.start_blocker in ("posture", "still") or view.blind or view.learning
    return RESTLESS_S if waiting and not instructing else math.inf


class Offers:
    """The offers of a session, carried out, and the targets that they and a pain have eased.

    session  on which the offers are carried out
    coach    waits while an offer is spoken
    lines    show that today's range was taken
    """

    def __init__(
        self,
        session: Session,
        coach: Coach,
        lines: GuideLines,
        book: Phrasebook,
        written: Mapping[str, Exercise] | None = None,
    ) -> None:
        """`written` as in `Targets`."""
        self._session, self._coach, self._lines, self._book = session, coach, lines, book
        self._targets = Targets(written)
        self._sets_begun = session.view.sets_begun
        self._policy = OfferPolicy(self._targets.written(session.view.planned.exercise))

    @property
    def offer(self) -> Offer:
        """What is offered now, "" for nothing."""
        return self._policy.offer

    @property
    def eased(self) -> frozenset[str]:
        """Ids of the exercises with an eased target."""
        return frozenset(self._targets.eased)

    @property
    def rests(self) -> dict[tuple[str, str], float]:
        """(exercise id, metric) -> where the metric is at rest, of the sets that have ended."""
        return self._targets.rests

    def update(self, clock_s: float, hurt: bool) -> list[Cue]:
        """Make and carry out the offers of one frame, at `clock_s` seconds of the session."""
        view = self._session.view
        if view.sets_begun != self._sets_begun:
            self.begin_set()
        cues: list[Cue] = []
        for step in self._policy.update(clock_s, view, self._coach.instructing, hurt):
            match step:
                case "offer_unchecked" | "offer_range":
                    offered = self._book.cue(step, "offer")
                    self._coach.heard(clock_s, [offered])
                    cues.append(offered)
                case "take_unchecked":
                    self.uncheck()
                case "take_range":
                    cues += self.take_range()
        return cues

    def begin_set(self) -> None:
        """Watch the set at hand from its beginning."""
        self._remember_rest()
        view = self._session.view
        exercise = view.planned.exercise
        rest = self._targets.rest(exercise)
        self._sets_begun = view.sets_begun
        self._policy = OfferPolicy(self._targets.written(exercise), rest)

    def uncheck(self) -> None:
        """Go on with the set without form check."""
        view = self._session.view
        if not view.unchecked and view.phase in ("ready", "work"):
            self._session.uncheck()
            self._policy.close()

    def take_range(self) -> list[Cue]:
        """Take today's range, if it is offered."""
        if (moved := self._policy.moved) is None:
            return []
        self._session.ease(self._targets.of_today(self._session.view.planned.exercise, moved))
        self._policy.close()
        return [self._lines.flashed(self._book.cue("range_taken", "offer"))]

    def ease_after_pain(self) -> None:
        """Go on with a smaller target."""
        self._remember_rest()
        self._session.ease(self._targets.after_pain(self._session.view.planned.exercise))

    def _remember_rest(self) -> None:
        self._targets.rested(self._policy.exercise, self._policy.rest)
