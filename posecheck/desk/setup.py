"""Setting up the desk: half a minute in which the user shows how they sit.

`Setup` leads through sitting tall, as when tired, looking at the keyboard, to the left and to the
right, and gives a `Calibration` (biomechanics 3.2). Each of these is a piece, in three stages:

    lead-in   LEAD_S for the spoken line and for moving
    samples   until SECONDS and FEWEST_FRAMES are reached
    verdict   the point is good: the next piece; otherwise the same piece again with a reason,
              for TRIES; then the piece is left out ("tall" never is)

A waiting time may come in between, while the user is not seen, the light is too low, or another
person is in the picture. After it the piece begins again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.body.joint_filter import JointFilter
from posecheck.desk.calibration import (
    PIT_GATE,
    YAW_GATE,
    Calibration,
    CalibrationPose,
    calibrate,
    changes_from,
    take_point,
)
from posecheck.desk.observation import DeskObservation
from posecheck.desk.states import SEEN_BEGINS
from posecheck.pose import Pose

SetupPart = Literal["tall", "tired", "keyboard", "aside", "done"]
_Piece = Literal["tall", "tired", "keyboard", "left", "right", "done"]

SETUP_INTERVAL_S = 0.1
"""Seconds between frames that the set-up needs."""
LEAD_S = 2.5
"""For the spoken line and for moving; then the seconds of the piece count. All pieces together take
31 s."""
SECONDS: Mapping[_Piece, float] = {
    "tall": 6.0, "tired": 6.0, "keyboard": 3.0, "left": 2.0, "right": 2.0,
}  # fmt: skip
"""Biomechanics 3.2; `take_point` discards the first two seconds of the first two."""
FEWEST_FRAMES = 14
"""Minimum frames of a piece, of which a third is discarded. Slow computers take longer for them, at
most twice as long."""
SETUP_UNSEEN_S = 0.7
"""After this long without the user the piece waits."""
SETUP_UNSEEN_MOST_S = 15.0
"""After this long without the user the piece has failed: a slump may leave the picture."""
TRIES: Mapping[_Piece, int] = {"tall": 3, "tired": 3, "keyboard": 2, "left": 2, "right": 2}
"""The last three only adjust a gate from its common value and are not worth a third attempt."""
RESTLESS_FACTOR = 2.5
"""How much less steady a glance may be, or the point of a user who was restless three times."""
GLANCE_SHARE = 0.5
"""Share of the common gate that a glance must reach to be used."""


@dataclass(frozen=True, slots=True)
class SetupView:
    """Where the set-up stands.

    part         what runs; "aside" is left and right
    share        share of this part that is done, 0 to 1
    said         the phrase to speak; "" unless it is new in this frame
    line         the phrase to show, at most six words
    problem      the phrase of an obstacle, "" none. "desk_setup_cannot_tell" at the end: this
                 camera position does not tell tall from tired; raise the camera and set up again
    calibration  when done
    """

    part: SetupPart
    share: float
    said: str
    line: str
    problem: str = ""
    calibration: Calibration | None = None


class Setup:
    """`update(t, observation)` per frame, t in seconds and increasing. With `one_point` the set-up
    does not ask for sitting as when tired."""

    def __init__(self, one_point: bool = False) -> None:
        self._left_out: set[_Piece] = {"tired"} if one_point else set()
        self._piece: _Piece = "tall"
        self._points: dict[_Piece, CalibrationPose] = {}
        self._samples: list[tuple[float, Pose | None]] = []
        self._joints = JointFilter()
        self._failures = 0
        self._began = self._seen_t = self._waits_since = math.nan
        self._said = self._problem = ""
        self._calibration: Calibration | None = None

    def skip(self) -> None:
        """Leave out this part: without "tired" the result is the one-point fallback. "tall" cannot
        be left out."""
        if self._piece in ("left", "right"):
            self._left_out.add("right")
        if self._piece not in ("tall", "done"):
            self._next()

    def update(self, t: float, observation: DeskObservation) -> SetupView:
        """One frame; where the set-up stands after it."""
        self._said = ""
        if self._piece != "done":
            self._take(t, observation)
        if self._piece == "done" and self._calibration is None:
            self._finish()
        return self._view(t)

    # --- a piece --------------------------------------------------------------------------------

    def _take(self, t: float, observation: DeskObservation) -> None:
        if math.isnan(self._began):
            self._begin(t)
        obstacle = _obstacle(observation)
        pose = self._trusted(t, observation, obstacle)
        if obstacle and t - self._seen_t > SETUP_UNSEEN_S:
            self._wait(t, obstacle)
        elif self._waits:
            if not obstacle:
                self._problem = ""
                self._begin(t)
        elif t >= self._began + LEAD_S:
            self._problem = ""
            self._samples.append((t, pose))
            if self._complete(t):
                self._judge()

    def _trusted(self, t: float, observation: DeskObservation, obstacle: str) -> Pose | None:
        seen = None if obstacle else observation.pose
        pose = self._joints.follow(t, seen, observation.track_reset)
        self._seen_t = self._seen_t if pose is None else t
        return pose

    @property
    def _waits(self) -> bool:
        return not math.isnan(self._waits_since)

    def _begin(self, t: float) -> None:
        """Say what to do; a failure that was just announced counts as that."""
        self._began, self._waits_since = t, math.nan
        self._seen_t = t if math.isnan(self._seen_t) else self._seen_t
        self._samples.clear()
        if self._problem not in _AGAIN:
            self._said, self._problem = f"desk_setup_{self._piece}_say", ""
        else:
            self._said = f"{self._problem}_say"

    def _wait(self, t: float, obstacle: str) -> None:
        """Nothing counts while there is an obstacle."""
        if not self._waits:
            self._waits_since = t
            self._samples.clear()
        if obstacle != self._problem:
            self._said, self._problem = f"{obstacle}_say", obstacle
        if self._piece != "tall" and t - self._waits_since >= SETUP_UNSEEN_MOST_S:
            self._waits_since = math.nan
            self._fail("desk_setup_unseen")

    def _complete(self, t: float) -> bool:
        passed = t - self._began - LEAD_S
        seconds = SECONDS[self._piece]
        enough = len(self._samples) >= FEWEST_FRAMES or passed >= 2 * seconds
        return passed >= seconds and enough

    def _judge(self) -> None:
        tall = self._points.get("tall")
        view, near = (tall.view, tall.near) if tall else (None, None)
        glance = self._piece not in ("tall", "tired")
        restless = self._piece == "tall" and self._failures >= TRIES["tall"]
        patience = RESTLESS_FACTOR if glance or restless else 1.0
        point = take_point(self._samples, view, near, patience)
        if not isinstance(point, CalibrationPose):
            self._fail("desk_setup_moving" if point.why == "unsteady" else "desk_setup_unseen")
        elif problem := _problem_of(self._piece, point, tall):
            self._fail(problem, point)
        else:
            self._points[self._piece] = point
            self._next()

    def _fail(self, problem: str, point: CalibrationPose | None = None) -> None:
        """Repeat the piece, or leave it out. After the last attempt a slump that looks like sitting
        tall is kept, so that the calibration tells what is wrong."""
        self._failures += 1
        self._problem, self._began = problem, math.nan
        if self._piece != "tall" and self._failures >= TRIES[self._piece]:
            if point is not None and self._piece == "tired":
                self._points["tired"] = point
            self._next()

    def _next(self) -> None:
        tall = self._points["tall"]
        self._joints.forget()
        self._failures, self._problem, self._began = 0, "", math.nan
        order: tuple[_Piece, ...] = ("tall", "tired", "keyboard", "left", "right")
        # From the side the gates for looking down and aside are not personal.
        order = order[:2] if tall.view == "side" else order
        later = order[order.index(self._piece) + 1 :] if self._piece in order else ()
        left = [piece for piece in later if piece not in self._left_out]
        tired = self._points.get("tired")
        hopeless = tired is not None and calibrate(tall, tired).cannot_tell
        self._piece = left[0] if left and not hopeless else "done"

    def _finish(self) -> None:
        points = self._points
        aside = [points[piece] for piece in ("left", "right") if piece in points]
        made = calibrate(points["tall"], points.get("tired"), points.get("keyboard"), aside)
        self._calibration = made
        self._samples.clear()
        if made.cannot_tell:
            self._problem = "desk_setup_cannot_tell"
            self._said = "desk_setup_cannot_tell_say"
        else:
            self._said = f"desk_setup_done{'' if made.two_points else '_one'}_say"

    def _view(self, t: float) -> SetupView:
        piece = self._piece
        if piece == "done":
            return SetupView(
                part="done",
                share=1.0,
                said=self._said,
                line="desk_setup_done",
                problem=self._problem,
                calibration=self._calibration,
            )
        stands = math.isnan(self._began) or self._waits
        passed = 0.0 if stands else (t - self._began - LEAD_S) / SECONDS[piece]
        share = max(0.0, min(1.0, passed))
        part: SetupPart
        if piece == "left" or piece == "right":
            part, share = "aside", share / 2 + (0.5 if piece == "right" else 0.0)
        else:
            part = piece
        line = f"desk_setup_{piece}"
        return SetupView(part, share, said=self._said, line=line, problem=self._problem)


_AGAIN = ("desk_setup_moving", "desk_setup_unseen", "desk_setup_further", "desk_setup_sink")
"""Problems whose spoken form introduces the repeated piece."""


def _obstacle(observation: DeskObservation) -> str:
    """The phrase of what keeps a frame from counting; "" nothing."""
    if observation.no_pose_reason == "too_dark":
        return "desk_setup_dark"
    if observation.no_pose_reason == "someone_else":
        return "desk_setup_alone"
    if observation.no_pose_reason == "frozen":
        return "desk_setup_frozen"
    return "desk_setup_unseen" if observation.pose is None or observation.no_pose_reason else ""


def _problem_of(piece: _Piece, point: CalibrationPose, tall: CalibrationPose | None) -> str:
    """The phrase of what is wrong with a steady point, "" nothing."""
    if tall is None:
        return "" if point.values.get("seen", 0.0) >= SEEN_BEGINS else "desk_setup_unseen"
    if piece == "tired":
        return "desk_setup_sink" if calibrate(tall, point).cannot_tell else ""
    changes = changes_from(tall, dict(point.values))
    shown = changes["PIT"] / PIT_GATE if piece == "keyboard" else abs(changes["YAW"]) / YAW_GATE
    return "" if shown >= GLANCE_SHARE else "desk_setup_further"
