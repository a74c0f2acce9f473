"""Decides when a set may begin, once its frames can be judged.

`SetStart` lets a recording begin as soon as it can be judged. `LedStart` first guides the user to
the right place and then waits until they keep still. Both have the same methods, so that the judge
need not know which one it has.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from posecheck.body.geometry import NAN
from posecheck.pose import Observation
from posecheck.session.gestures import Stillness
from posecheck.session.placement import Placement, PlacementCoach, Stance
from posecheck.session.plan import PlannedSet

StartBlocker = Literal["", "nobody", "place", "posture", "still"]
"""What a set waits for before it begins: the person, the right place, the start position, two quiet
seconds; "" for nothing."""

STILL_S = 2.0
"""A user who keeps still in the right place for this long is ready."""


class SetStart:
    """The start of a set in a recording: it blocks nothing.

    placement  where the user should be; None when placement is not checked
    lead_s     seconds to get ready for a set that no camera checks
    initial    what blocks the start before the first frame
    """

    lead_s: ClassVar[float] = 0.0
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


class LedStart(SetStart):
    """The start of a set for a user who is led: the right place, then STILL_S of stillness."""

    lead_s: ClassVar[float] = 8.0
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
