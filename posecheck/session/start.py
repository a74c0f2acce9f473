"""Decides when a set may begin, once its frames can be judged.

`SetStart` lets a recording begin as soon as it can be judged. `LedStart` first guides the user to
the right place and then waits until they keep still. `ClockStart`, for a session without a camera,
gives the user time. All have the same methods, so that the judge need not know which one it has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from posecheck.body.geometry import NAN
from posecheck.pose import Observation
from posecheck.session.gestures import Stillness
from posecheck.session.placement import Placement, PlacementCoach, Stance
from posecheck.session.plan import PlannedSet
from posecheck.session.safety import LEAD_UP_DOWN_S, LEAD_VIEW_S, UP, lead_s
from posecheck.timing import Lasted

StartBlocker = Literal["", "nobody", "place", "posture", "entered", "still"]
"""What a set waits for before it begins: the person, the right place, the start position, the start
position again when the user is in the exercise already, two quiet seconds; "" for nothing."""

STILL_S = 2.0
"""A user who keeps still in the right place for this long is ready."""


class SetStart:
    """The start of a set in a recording: it blocks nothing.

    placement  where the user should be; None when placement is not checked
    initial    what blocks the start before the first frame
    """

    initial: ClassVar[StartBlocker] = ""

    def __init__(self, planned: PlannedSet) -> None:
        self.placement: Placement | None = None

    def update(
        self, t: float, observation: Observation, stance: Stance, drift: float, checked: bool
    ) -> StartBlocker:
        """What blocks the start at time t (seconds, increasing). Called for every frame unless the
        body is in a wrong posture, during the work too.

        stance   how the body stands to the camera
        drift    speed of mid-shoulder, trunk lengths per second; NaN when unknown
        checked  the set is judged
        """
        return ""

    def wait(self, t: float) -> None:
        """The body is in a wrong posture at time t: nothing else is checked."""

    def left_s(self, waited_s: float) -> float:
        """Seconds until a set that no camera checks begins, after these seconds of getting ready;
        0.0 when it may begin."""
        return 0.0


class LedStart(SetStart):
    """The start of a set for a user who is led: the right place, then STILL_S of stillness."""

    LEAD_S: ClassVar[float] = 8.0
    initial: ClassVar[StartBlocker] = "nobody"

    def __init__(self, planned: PlannedSet) -> None:
        super().__init__(planned)
        self._place = PlacementCoach(planned.exercise, planned.side)
        self._stillness = Stillness(STILL_S)

    def update(
        self, t: float, observation: Observation, stance: Stance, drift: float, checked: bool
    ) -> StartBlocker:
        self.placement = self._place.update(t, observation, stance)
        blocker: StartBlocker = ""
        if checked and observation.pose is None:
            blocker = "nobody"
        elif checked and self.placement.advice:
            blocker = "place"
        still = self._stillness.update(t, NAN if blocker else drift)
        return blocker or ("" if still and self.placement.settled else "still")

    def wait(self, t: float) -> None:
        self._stillness.update(t, NAN)

    def left_s(self, waited_s: float) -> float:
        return max(0.0, self.LEAD_S - waited_s)


class ClockStart(SetStart):
    """The start of a set without a camera: the time that the change of position takes, and until
    the instructions have been read.

    instructing  whether the instructions are being read
    """

    SETTLE_S: ClassVar[float] = 3.0
    """Seconds from the last word of the instructions."""

    def __init__(self, planned: PlannedSet, lead_s: float, instructing: Callable[[], bool]) -> None:
        super().__init__(planned)
        self._lead_s, self._instructing = lead_s, instructing
        self._quiet, self._quiet_s = Lasted(), 0.0

    def update(
        self, t: float, observation: Observation, stance: Stance, drift: float, checked: bool
    ) -> StartBlocker:
        self._quiet_s = self._quiet.update(t, not self._instructing())
        return ""

    def left_s(self, waited_s: float) -> float:
        return max(0.0, self._lead_s - waited_s, self.SETTLE_S - self._quiet_s)


class ClockStarts:
    """Makes the starts of a session without a camera, in order. `instructing` as in
    `ClockStart`."""

    def __init__(self, instructing: Callable[[], bool]) -> None:
        self._instructing = instructing
        self._before: PlannedSet | None = None

    def __call__(self, planned: PlannedSet) -> ClockStart:
        before, self._before = self._before, planned
        if before is None:  # from the keyboard
            seconds = LEAD_VIEW_S if planned.exercise.position in UP else LEAD_UP_DOWN_S
        else:
            seconds = lead_s(before.exercise, planned.exercise)
        return ClockStart(planned, seconds, self._instructing)
