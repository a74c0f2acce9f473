"""Setting up the desk: half a minute in which a person shows how they sit.

`Setup` leads through sitting tall, as when tired, looking at the keyboard, to the left and to the
right, and answers with a `Calibration` (biomechanics 3.2). What was not steady or not seen is asked
for again; what cannot be had is done without.
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
    take_spot,
)
from posecheck.desk.monitor import light_trouble
from posecheck.desk.states import SEEN, DeskTrouble
from posecheck.pose import Pose

Part = Literal["tall", "tired", "keyboard", "aside", "done"]
_Piece = Literal["tall", "tired", "keyboard", "left", "right", "done"]

SETUP_EVERY_S = 0.1
"""Seconds from frame to frame that are wanted during the set-up."""
LEAD_S = 2.5
"""For the spoken line and for moving; then the seconds count. With them all takes 31 s."""
SECONDS: Mapping[_Piece, float] = {
    "tall": 6.0, "tired": 6.0, "keyboard": 3.0, "left": 2.0, "right": 2.0,
}  # fmt: skip
"""Biomechanics 3.2; of the first two `take_spot` drops the first two seconds."""
FRAMES = 14
"""Fewest frames of a piece, of which a third is dropped: slow computers take longer, at most
twice as long."""
GONE_S = 0.7
"""Not seen for so long is a reason to wait."""
WAIT_S = 15.0
"""Not seen for so long is a failure of the piece: a slump may leave the picture."""
TRIES: Mapping[_Piece, int] = {"tall": 3, "tired": 3, "keyboard": 2, "left": 2, "right": 2}
"""The last three only move a gate from its common place: not worth a third attempt."""
PATIENCE = 2.5
"""How much less steady a glance may be, and a person who was restless three times."""
SHOWN = 0.5
"""Share of the common gate that a glance must reach to say anything."""


@dataclass(frozen=True, slots=True)
class SetupView:
    """Where the set-up stands.

    share    of this part that is done, 0 to 1
    said     the phrase to speak now; "" unless it is new in this frame
    line     the phrase to show, at most six words
    problem  the phrase of what is in the way, "" nothing. "desk_setup_cannot_tell" at the end: this
             camera position does not tell tall from tired; raise the camera and set up again
    calibration  when done
    """

    part: Part
    share: float
    said: str
    line: str
    problem: str = ""
    calibration: Calibration | None = None


class Setup:
    """`update(t, pose, trouble, luma)` per frame, t seconds and increasing, poses as the model gave
    them, luma the mean brightness 0 to 255. `one_point` leaves sitting tired out."""

    def __init__(self, one_point: bool = False) -> None:
        self._left_out: set[_Piece] = {"tired"} if one_point else set()
        self._piece: _Piece = "tall"
        self._spots: dict[_Piece, CalibrationPose] = {}
        self._samples: list[tuple[float, Pose | None]] = []
        self._trust = JointFilter()
        self._failures = 0
        self._began = self._seen_t = self._waits_since = math.nan
        self._said = self._problem = ""
        self._calibration: Calibration | None = None

    def skip(self) -> None:
        """Leave out this part: without "tired" it is the one-point fallback. "tall" stays."""
        if self._piece in ("left", "right"):
            self._left_out.add("right")
        if self._piece not in ("tall", "done"):
            self._next()

    def update(
        self, t: float, pose: Pose | None, trouble: DeskTrouble = "", luma: float = 255.0
    ) -> SetupView:
        """One frame; where the set-up stands after it."""
        self._said = ""
        if self._piece != "done":
            self._take(t, pose, trouble, luma)
        if self._piece == "done" and self._calibration is None:
            self._finish()
        return self._view(t)

    # --- a piece --------------------------------------------------------------------------------

    def _take(self, t: float, pose: Pose | None, trouble: DeskTrouble, luma: float) -> None:
        if self._began != self._began:
            self._begin(t)
        hindrance = _hindrance(pose, trouble, luma)
        if not hindrance and pose is not None:
            self._seen_t, pose = t, self._trust.update(t, pose)
        else:
            pose = None
            self._trust.forget()
        if hindrance and t - self._seen_t > GONE_S:
            self._wait(t, hindrance)
        elif self._waits_since == self._waits_since:
            if not hindrance:
                self._problem = ""
                self._begin(t)
        elif t >= self._began + LEAD_S:
            self._problem = ""
            self._samples.append((t, pose))
            if self._complete(t):
                self._judge()

    def _begin(self, t: float) -> None:
        """Say what to do; a failure just said counts as that."""
        self._began, self._waits_since = t, math.nan
        self._seen_t = t if self._seen_t != self._seen_t else self._seen_t
        self._samples.clear()
        if self._problem not in _AGAIN:
            self._said, self._problem = f"desk_setup_{self._piece}_say", ""
        else:
            self._said = f"{self._problem}_say"

    def _wait(self, t: float, hindrance: str) -> None:
        """Nothing counts while the person is not seen, or the light or the company is wrong."""
        if self._waits_since != self._waits_since:
            self._waits_since = t
            self._samples.clear()
        if hindrance != self._problem:
            self._said, self._problem = f"{hindrance}_say", hindrance
        if self._piece != "tall" and t - self._waits_since >= WAIT_S:
            self._waits_since = math.nan
            self._fail("desk_setup_unseen")

    def _complete(self, t: float) -> bool:
        passed = t - self._began - LEAD_S
        seconds = SECONDS[self._piece]
        enough = len(self._samples) >= FRAMES or passed >= 2 * seconds
        return passed >= seconds and enough

    def _judge(self) -> None:
        tall = self._spots.get("tall")
        view, near = (tall.view, tall.near) if tall else (None, None)
        glance = self._piece not in ("tall", "tired")
        restless = self._piece == "tall" and self._failures >= TRIES["tall"]
        spot = take_spot(self._samples, view, near, PATIENCE if glance or restless else 1.0)
        if not isinstance(spot, CalibrationPose):
            self._fail("desk_setup_moving" if spot.why == "unsteady" else "desk_setup_unseen")
        elif problem := _problem_of(self._piece, spot, tall):
            self._fail(problem, spot)
        else:
            self._spots[self._piece] = spot
            self._next()

    def _fail(self, problem: str, spot: CalibrationPose | None = None) -> None:
        """Once more, or without it. A slump that looks like sitting tall is kept after the last
        attempt, so that the calibration says what is wrong."""
        self._failures += 1
        self._problem, self._began = problem, math.nan
        if self._piece != "tall" and self._failures >= TRIES[self._piece]:
            if spot is not None and self._piece == "tired":
                self._spots["tired"] = spot
            self._next()

    def _next(self) -> None:
        tall = self._spots["tall"]
        self._trust.forget()
        self._failures, self._problem, self._began = 0, "", math.nan
        order: tuple[_Piece, ...] = ("tall", "tired", "keyboard", "left", "right")
        # From the side the gates for looking down and aside are not personal.
        order = order[:2] if tall.view == "side" else order
        later = order[order.index(self._piece) + 1 :] if self._piece in order else ()
        left = [piece for piece in later if piece not in self._left_out]
        tired = self._spots.get("tired")
        hopeless = tired is not None and calibrate(tall, tired).cannot_tell
        self._piece = left[0] if left and not hopeless else "done"

    def _finish(self) -> None:
        spots = self._spots
        aside = [spots[piece] for piece in ("left", "right") if piece in spots]
        made = calibrate(spots["tall"], spots.get("tired"), spots.get("keyboard"), aside)
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
                "done", 1.0, self._said, "desk_setup_done", self._problem, self._calibration
            )
        waits = self._began != self._began or self._waits_since == self._waits_since
        passed = 0.0 if waits else (t - self._began - LEAD_S) / SECONDS[piece]
        share = max(0.0, min(1.0, passed))
        line = f"desk_setup_{piece}"
        if piece == "left" or piece == "right":
            share = share / 2 + (0.5 if piece == "right" else 0.0)
            return SetupView("aside", share, self._said, line, self._problem)
        return SetupView(piece, share, self._said, line, self._problem)


_AGAIN = ("desk_setup_moving", "desk_setup_unseen", "desk_setup_further", "desk_setup_sink")
"""What a repeated piece begins with."""


def _hindrance(pose: Pose | None, trouble: DeskTrouble, luma: float) -> str:
    if trouble == "too_dark" or light_trouble(luma):
        return "desk_setup_dark"
    if trouble == "someone_else":
        return "desk_setup_alone"
    return "desk_setup_unseen" if pose is None or trouble else ""


def _problem_of(piece: _Piece, spot: CalibrationPose, tall: CalibrationPose | None) -> str:
    """What is wrong with a steady point, "" nothing."""
    if tall is None:
        return "" if spot.values.get("seen", 0.0) >= SEEN else "desk_setup_unseen"
    if piece == "tired":
        return "desk_setup_sink" if calibrate(tall, spot).cannot_tell else ""
    changes = changes_from(tall, dict(spot.values))
    shown = changes["PIT"] / PIT_GATE if piece == "keyboard" else abs(changes["YAW"]) / YAW_GATE
    return "" if shown >= SHOWN else "desk_setup_further"
