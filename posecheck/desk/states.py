"""How the user sits in each frame: trusted poses in, one honest state per frame out.

`PostureClassifier` tells how the user sits *now*, smoothed over a second, each state with
hysteresis. What that means over minutes, and whether to say anything, is `posecheck.desk.alerts`.

Theory of operation. A frame passes gates in this order; the first that applies gives the state:

    no calibration                              calibrating
    no pose for at most UNSEEN_GRACE_S          the state before
    no pose, nobody there, for AWAY_S           away
    no pose, otherwise                          unreliable
    head and shoulders far up                   standing
    far from the place, or far too large        away
    badly seen, or tall and slumped alike       unreliable
    head or body turned away                    turned
    hand at the face, up to HAND_MOST_S         hand_at_face
    else by the sitting signals                 `_sitting`, `_sitting_oblique`

Two parts observe the readings: `_StartCheck` tells when the calibration no longer fits, and
`BaselineFollower` adapts it while the user sits well and still.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Literal, get_args

from posecheck.body.geometry import NAN
from posecheck.desk.baseline import BaselineFollower
from posecheck.desk.calibration import Calibration, changes_from
from posecheck.desk.features import Features, Smoother, features_of
from posecheck.desk.observation import DeskNoPoseReason
from posecheck.desk.signals import BEGINS, EY_SW, LEAVE, LEAVES, Levels, index_of, levels_of
from posecheck.pose import Pose
from posecheck.timing import Hysteresis, Lasted

DeskState = Literal[
    "upright", "slouching", "head_forward", "too_close", "shoulders_up", "tilted", "looking_down",
    "turned", "reclined", "hand_at_face", "standing", "away", "unreliable", "calibrating",
    "unwatched",
]  # fmt: skip
STATES: tuple[DeskState, ...] = get_args(DeskState)

SLOUCHES: frozenset[DeskState] = frozenset({"slouching", "head_forward"})
"""One channel for alerts."""
UNWATCHED: DeskState = "unwatched"
"""There is no camera: the user is taken to sit while the computer is in use, so that breaks can go
by the clock. Nothing else follows from it."""
OFF_CHAIR: frozenset[DeskState] = frozenset({"away", "standing"})
UNKNOWN_STATES: frozenset[DeskState] = frozenset({"unreliable", "calibrating"})
SEATED: frozenset[DeskState] = frozenset(STATES) - OFF_CHAIR - UNKNOWN_STATES
"""States of a user on the chair."""
SCORABLE: frozenset[DeskState] = SLOUCHES | {
    "upright",
    "reclined",
    "tilted",
    "shoulders_up",
    "too_close",
}
"""States in which the posture is judged. In all others it is suspended, neither good nor bad."""

OBLIQUE_DOUBTS: frozenset[DeskState] = frozenset({"tilted", "looking_down"})
DOUBT_EY_SW = 0.06
"""In an oblique view these states cannot be told from a slump once the head is lower by this much,
half of what a slump needs: a tilt lowers it by 0.04 to 0.06 (12 degrees, simulated), a look at the
keyboard by 0.03."""

Question = Literal["", "recalibrate"]

UNSEEN_GRACE_S = 0.5
"""A gap without a pose of at most this length changes nothing."""
AWAY_S = 5.0
"""After this long without a pose the user is away."""
HAND_MOST_S = 60.0
"""A hand at the face suspends judging for at most this long: a chin may rest on a hand for
hours."""
SEEN_BEGINS, SEEN_ENDS = 0.6, 0.5
"""Visibility of ears and shoulders at which a reading begins and ends (biomechanics 2B, 3.2)."""
CHECK_S = 60.0
"""Scorable seconds after the start in which the calibration itself is checked; also how long the
user may sit outside their place before it is checked again."""
DRIFT_BELOW = 0.25
"""Slouch index below which a baseline may follow."""
MAX_STEP_S = 3.0
"""No frame counts for longer: the slowest sampling is one frame in two seconds, and a frame may
come late. How the user sat in a longer gap is unknown."""
RECHECK_S = 1800.0
"""After the camera was off for this long it may stand elsewhere: repeat the check."""
FITS_S = 20.0
"""A user who then sits as tall as when calibrated for this long shows that the calibration still
fits."""


class Steps:
    """How many seconds each frame stands for: those since the frame before, at most MAX_STEP_S."""

    def __init__(self) -> None:
        self._before_t = math.nan

    def update(self, t: float) -> float:
        """Seconds of the frame at time t; 0 for the first one."""
        step = 0.0 if math.isnan(self._before_t) else min(MAX_STEP_S, t - self._before_t)
        self._before_t = t
        return step

    def pause(self) -> None:
        """The camera is off: the next frame stands for nothing that was before it."""
        self._before_t = math.nan


@dataclass(frozen=True, slots=True)
class DeskReading:
    """How the user sits in one frame.

    index      0 tall, 0.6 slouching begins, 1 the usual slump; NaN unknown
    changes    smoothed changes from upright (see `changes_from`), NaN where unknown
    features   smoothed features in the frame
    since      when the state began, s
    question   "recalibrate" when the camera or the chair seems to have moved: ask instead of
               judging
    checking   the first minute, in which nothing should be said
    why        why there is no pose, where that makes the state unreliable; else ""
    """

    t: float
    state: DeskState
    index: float = NAN
    changes: Mapping[str, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    since: float = 0.0
    question: Question = ""
    checking: bool = False
    why: DeskNoPoseReason = ""

    @property
    def scorable(self) -> bool:
        """Whether the posture is judged in this frame."""
        return self.state in SCORABLE


class _Latches:
    """The states that hold now: each begins at level 1 and ends below its leave share."""

    def __init__(self) -> None:
        self._on: set[str] = set()

    def forget(self) -> None:
        self._on.clear()

    def update(self, levels: Levels, leaves: Mapping[str, float]) -> frozenset[str]:
        for name, level in levels.items():
            least = leaves.get(name, LEAVE) if name in self._on else 1.0
            if level >= least:  # NaN ends a state
                self._on.add(name)
            else:
                self._on.discard(name)
        return frozenset(self._on)


class PostureClassifier:
    """`update(t, pose, no_pose_reason)` once per frame, t in seconds, increasing; any frame rate.

    Poses are trusted ones (`JointFilter`): joints that cannot be trusted are NaN. Without a
    calibration every state is "calibrating". `scale` widens what is still fine, see `levels_of`.
    """

    def __init__(self, calibration: Calibration | None = None, scale: float = 1.0) -> None:
        self._calibration, self._scale = calibration, scale
        self._baseline = BaselineFollower(calibration) if calibration else None
        two = calibration is not None and calibration.two_points
        self._leaves = (
            {"slouching": LEAVE, "head_forward": LEAVES["head_forward"]} if two else LEAVES
        )
        self._smoother, self._latches = Smoother(), _Latches()
        self._steps = Steps()
        self._seen_t, self._state_t = -math.inf, 0.0
        self._started = self._lost_t = self._paused_t = math.nan
        self._state: DeskState = "calibrating"
        self._reliable = Hysteresis(SEEN_BEGINS, SEEN_ENDS)
        self._hand, self._misplaced = Lasted(), Lasted()
        self._check = _StartCheck()

    def keep(self) -> None:
        """The user answered no to "recalibrate?": nothing has moved."""
        self._check.doubtful = False
        self._misplaced.reset()

    def pause(self, t: float) -> None:
        """The camera is off from t on: later frames are compared with nothing from before."""
        if not math.isnan(self._paused_t):
            return
        self._forget()
        self._misplaced.reset()
        self._steps.pause()
        self._paused_t, self._seen_t = t, -math.inf
        self._started = self._lost_t = math.nan

    def update(
        self, t: float, pose: Pose | None, no_pose_reason: DeskNoPoseReason = ""
    ) -> DeskReading:
        """The reading of one frame; without a pose `no_pose_reason` tells why."""
        step = self._steps.update(t)
        if math.isnan(self._started):
            self._begin(t)
        if self._calibration is None or self._baseline is None:
            return self._reading(t, "calibrating")
        if pose is None or no_pose_reason:
            return self._unseen(t, no_pose_reason)
        if t - self._lost_t > UNSEEN_GRACE_S or t - self._seen_t > AWAY_S:
            self._forget()
        self._seen_t, self._lost_t = t, math.nan
        tall = self._calibration.tall
        features = self._smoother.update(t, features_of(pose, tall.view, tall.near))
        changes = self._baseline.drift.corrected(changes_from(tall, features))
        state = self._judged(t, changes, features)
        index = index_of(changes, self._calibration)
        sits_well = state == "upright" and index < DRIFT_BELOW
        self._baseline.follow(t, step, changes, sits_well)
        self._check.update(step, state, index)
        return self._reading(t, state, index, changes, features)

    def _begin(self, t: float) -> None:
        if t - self._paused_t >= RECHECK_S:
            self._check = _StartCheck()
        self._started = self._state_t = t
        self._paused_t = math.nan

    def _forget(self) -> None:
        self._smoother.forget()
        self._latches.forget()
        self._hand.reset()
        if self._baseline is not None:
            self._baseline.moved()
        self._reliable.on = False

    def _unseen(self, t: float, no_pose_reason: DeskNoPoseReason) -> DeskReading:
        """No pose, or not one of the calibrated user."""
        if math.isnan(self._lost_t):
            self._lost_t = t
        gone = t - max(self._seen_t, self._started)
        if gone <= UNSEEN_GRACE_S and self._seen_t > -math.inf:
            return self._reading(t, self._state)
        self._misplaced.reset()  # a user who is not seen is not seen elsewhere either
        away = gone >= AWAY_S and no_pose_reason in ("", "nobody")
        if away:
            return self._reading(t, "away")
        return replace(self._reading(t, "unreliable"), why=no_pose_reason)

    def _judged(self, t: float, changes: Features, features: Features) -> DeskState:
        """The gates of the module's description, then the way of sitting."""
        assert self._calibration is not None
        levels = levels_of(changes, self._calibration, self._scale)
        on = self._latches.update(levels, self._leaves)
        # Both are measured in every frame that is judged, whichever gate answers.
        hand_s = self._hand.update(t, "hand_at_face" in on)
        stands = _head_above(changes) or "standing" in on
        self._misplaced.update(t, "away" in on and not stands)
        if stands:
            return "standing"
        if "away" in on:
            return "away"
        if not self._trusted(features) or self._calibration.cannot_tell:
            return "unreliable"
        if "turned" in on:
            return "turned"
        if "hand_at_face" in on and hand_s <= HAND_MOST_S:
            return "hand_at_face"
        if self._calibration.facing_deg:
            return _sitting_oblique(on, changes["EY"])
        return _sitting(on)

    def _trusted(self, features: Features) -> bool:
        return self._reliable.update(features["seen"]) and not math.isnan(features["ear_y"])

    def _reading(
        self,
        t: float,
        state: DeskState,
        index: float = NAN,
        changes: Features | None = None,
        features: Features | None = None,
    ) -> DeskReading:
        if state != self._state:
            self._state, self._state_t = state, t
        moved = self._misplaced.running and self._misplaced.update(t, True) >= CHECK_S
        return DeskReading(
            t,
            state,
            index=index,
            changes=changes or {},
            features=features or {},
            since=self._state_t,
            question="recalibrate" if moved or self._check.doubtful else "",
            checking=not self._check.done,
        )


def _sitting_oblique(on: frozenset[str], lowered_sw: float) -> DeskState:
    """As `_sitting`, in a view in which forward is sideways too: a head that comes forward looks
    tilted, or like one that looks down. `lowered_sw`: how much lower the head is, shoulder
    widths."""
    if not on & SLOUCHES:
        sitting = _sitting(on)
        doubtful = sitting in OBLIQUE_DOUBTS and lowered_sw >= DOUBT_EY_SW
        return "unreliable" if doubtful else sitting
    if on & {"leaning", "head_tilted"} and lowered_sw < EY_SW:
        return "unreliable"
    return _slump(on)


def _slump(on: frozenset[str]) -> DeskState:
    return "head_forward" if "head_forward" in on else "slouching"


def _sitting(on: frozenset[str]) -> DeskState:
    """How a user sits who is in place and looks ahead. A lean to a side comes first: it moves the
    face in the frame like half a slump. From the side a slump comes before a lean to the screen, of
    which that camera sees nothing else."""
    slumped = bool(on & SLOUCHES)
    if "leaning" in on:
        return "tilted"
    if "looking_down" in on:
        return "looking_down"
    if "head_tilted" in on:
        return "tilted"
    if "too_close" in on and (not slumped or "lean_in" in on):
        return "too_close"
    if slumped:
        return _slump(on)
    for state in ("shoulders_up", "reclined"):
        if state in on:
            return state
    return "upright"


def _head_above(changes: Features) -> bool:
    """The head has left the frame at its top while the shoulders rose."""
    return math.isnan(changes["EY"]) and changes["SY"] <= -0.5


class _StartCheck:
    """The first scorable minute: a user who seems to slump at once has rather moved the camera."""

    def __init__(self) -> None:
        self._seconds = self._fits_s = 0.0
        self._indices: list[float] = []
        self.done = False
        self.doubtful = False

    def update(self, step: float, state: DeskState, index: float) -> None:
        if state not in SCORABLE or math.isnan(index):
            return
        if self.done:
            self._fits_s = self._fits_s + step if index < DRIFT_BELOW else 0.0
            self.doubtful = self.doubtful and self._fits_s < FITS_S
            return
        self._seconds += step
        self._indices.append(index)
        if self._seconds >= CHECK_S:
            self.done = True
            self.doubtful = median(self._indices) > BEGINS
            self._indices.clear()
