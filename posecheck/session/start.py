"""When a set may begin, beyond what can be judged.

A recording begins as soon as it can be judged: `SetStart`. A person who is led is first brought to
the right place and begins by keeping still: `LedStart`. Both answer the same calls, so that the
judge does not ask which one it has.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from posecheck.body.geometry import NAN
from posecheck.pose import Observation
from posecheck.session.gestures import Stillness
from posecheck.session.placement import Placement, PlacementCoach, Stance
from posecheck.session.plan import PlannedSet

StartBlocker = Literal["", "nobody", "place", "posture", "still"]
"""What is missing before a set can begin: the person, the right place, the start position, two
quiet seconds; "" for nothing."""

STILL_S = 2.0
"""A person who keeps still in the right place for this long is ready."""


class SetStart:
    """The start of a set in a recording: nothing is asked of the person.

    placement  where the person should be, None where nobody looks after it
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
        """What blocks the start at time t (seconds, increasing). Asked in every frame in which the
        start position is not blocked, during the work too.

        stance   how the body stands to the camera
        drift    speed of mid-shoulder, trunk lengths per second; NaN when unknown
        checked  the set is judged
        """
        return ""

    def wait(self, t: float) -> None:
        """The start position is missing at time t: nothing else is looked at."""


class LedStart(SetStart):
    """The start of a set for a person who is led live: the right place, then two quiet seconds."""

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
