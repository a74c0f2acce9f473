"""When a led session stands still, and when it goes on again.

Theory of operation. A session goes on ("") or is halted for one of three reasons:

    person  the user has paused it, by a key or by raising both arms. The same signs end the pause.
            When the user walks away during it, it becomes the halt `left`.
    left    nobody has been in the picture for a while. It ends when the user is back, or by a key:
            in a dark room the user may be there and not be seen.
    camera  there are no pictures. It ends with the first picture, or with the user's choice to go
            on without a camera (`give_up_camera`), and by nothing else. The halt
            that it has interrupted, if any, then holds again: a camera that comes back is no
            person.

`HALT_TRANSITIONS` has all of it; a sign that has no row in a state changes nothing. A transition is
reported when the session stops or goes on and when the pictures are lost. A halt that only takes
over from another one is not reported: the session stands still already.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from posecheck.pose import Observation
from posecheck.session.events import Halt, Halted, Resumed
from posecheck.session.gestures import ArmsUp, Presence
from posecheck.session.session import SessionView

HaltState = Literal["", "person", "left", "camera", "camera_over_person", "camera_over_left"]
HaltSign = Literal["key", "arms", "absent", "back", "no_pictures", "pictures"]

HALT_TRANSITIONS: Mapping[tuple[HaltState, HaltSign], HaltState] = {
    ("", "key"): "person",
    ("", "arms"): "person",
    ("", "absent"): "left",
    ("", "no_pictures"): "camera",
    ("person", "key"): "",
    ("person", "arms"): "",
    ("person", "absent"): "left",
    ("person", "no_pictures"): "camera_over_person",
    ("left", "key"): "",
    ("left", "back"): "",
    ("left", "no_pictures"): "camera_over_left",
    ("camera", "pictures"): "",
    ("camera_over_person", "pictures"): "person",
    ("camera_over_left", "pictures"): "left",
}

HALT_REASONS: Mapping[HaltState, Halt | Literal[""]] = {
    "": "", "person": "person", "left": "left", "camera": "camera",
    "camera_over_person": "camera", "camera_over_left": "camera",
}  # fmt: skip

ABSENT_WORKING_S = 3.0
"""Nobody in the picture for this long during the work is a pause."""
ABSENT_READY_S = 30.0
"""Nobody for this long before the work: the session waits without asking any more."""
BACK_S = 0.7
"""A user in the picture for this long has come back."""
CALLED_S = 20.0
"""After this long a user who has left hears how to go on, and then each time after twice as long:
they may lie there unseen, or be at the door."""


class Halts:
    """The halts of one session. `t` is in seconds, increasing over all methods."""

    def __init__(self) -> None:
        self._watched = True
        self._state: HaltState = ""
        self._called_t, self._call_s = 0.0, CALLED_S
        self._reset_signs()

    @property
    def reason(self) -> Halt | Literal[""]:
        """Why the session stands still, "" when it goes on."""
        return HALT_REASONS[self._state]

    def update(
        self, t: float, observation: Observation, view: SessionView, in_pain: bool
    ) -> list[Halted | Resumed]:
        """Read the signs of one frame. `in_pain`: the pain flow has stopped the session, and only a
        lost camera is a sign."""
        if not self._watched:
            return []
        if observation.no_pose_reason == "camera":
            return self._take(t, "no_pictures")
        raised = self._arms.update(t, observation.pose)
        gone_s, back_s = self._presence.update(t, observation.pose, observation.no_pose_reason)
        reports = self._take(t, "pictures")
        if reports or (in_pain and not self._state):
            return reports
        if gone_s >= self._absence_patience_s(view):
            reports += self._take(t, "absent")
        if raised and self._arms_are_a_sign(view):
            reports += self._take(t, "arms")
        if back_s >= BACK_S:
            reports += self._take(t, "back")
        return reports

    def key(self, t: float) -> list[Halted | Resumed]:
        """The key that pauses and goes on."""
        return self._take(t, "key")

    def call_due(self, t: float) -> bool:
        """Whether to say now how to go on after leaving: at doubling intervals."""
        if self._state != "left" or t - self._called_t < self._call_s:
            return False
        self._called_t, self._call_s = t, 2 * self._call_s
        return True

    def give_up_camera(self) -> None:
        """Go on without a camera: its loss is no sign any more, and whatever it has interrupted is
        over."""
        self._watched, self._state = False, ""
        self._reset_signs()

    def clear(self) -> None:
        """End a pause or an absence without a report: a pain stops the session in its own way. A
        lost camera stays lost."""
        self._state = "camera" if self.reason == "camera" else ""

    def forgive_absence(self) -> None:
        """Absence before a new set does not count as leaving it."""
        self._presence.forgive()

    def _take(self, t: float, sign: HaltSign) -> list[Halted | Resumed]:
        before, now = self._state, HALT_TRANSITIONS.get((self._state, sign))
        if now is None:
            return []
        self._state = now
        if not now:
            self._reset_signs()  # a user who goes on by a key may be out of sight
            return [Resumed()]
        reason = HALT_REASONS[now]
        if not reason or (before and sign != "no_pictures"):
            return []
        self._called_t, self._call_s = t, CALLED_S
        return [Halted(reason)]

    def _reset_signs(self) -> None:
        self._arms, self._presence = ArmsUp(), Presence()

    def _absence_patience_s(self, view: SessionView) -> float:
        if view.unchecked:
            return math.inf
        if self._state == "person":
            return ABSENT_WORKING_S
        return {"work": ABSENT_WORKING_S, "ready": ABSENT_READY_S}.get(view.phase, math.inf)

    def _arms_are_a_sign(self, view: SessionView) -> bool:
        """Arms overhead pause an exercise unless it asks for them; they always end a pause."""
        exercising = view.phase in ("work", "ready") and not view.planned.exercise.overhead
        return exercising or self._state == "person"
