"""The desk monitor: trusted poses of a sitter in, one honest state per frame out.

`PostureClassifier` says how someone sits *now*, smoothed over a second, each state with hysteresis.
What that means over minutes, and whether to say anything, is `posecheck.desk.alerts`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Literal, get_args

from posecheck.body.geometry import NAN
from posecheck.desk.calibration import Calibration, Drift, changes_from
from posecheck.desk.features import Features, Smoother, features_of
from posecheck.desk.signals import BEGINS, LEAVE, LEAVES, Levels, index_of, levels_of
from posecheck.pose import Pose

DeskState = Literal[
    "upright", "slouching", "head_forward", "too_close", "shoulders_up", "tilted", "looking_down",
    "turned", "reclined", "hand_at_face", "standing", "away", "unreliable", "calibrating",
]  # fmt: skip
STATES: tuple[DeskState, ...] = get_args(DeskState)

SLOUCHES: frozenset[DeskState] = frozenset({"slouching", "head_forward"})
"""One channel for alerts."""
SCORABLE: frozenset[DeskState] = SLOUCHES | {
    "upright",
    "reclined",
    "tilted",
    "shoulders_up",
    "too_close",
}
"""States in which the posture is judged. In all others it is suspended, neither good nor bad."""

DeskTrouble = Literal["", "nobody", "someone_else", "too_dark"]
Question = Literal["", "recalibrate"]

LOST_S = 0.5
"""A picture without the person this short changes nothing."""
AWAY_S = 5.0
"""Without them this long: away."""
HAND_MOST_S = 60.0
"""A hand at the face suspends for so long at most: a chin may rest on a hand for hours."""
SEEN, HIDDEN = 0.6, 0.5
"""Visibility of ears and shoulders at which a reading begins and ends (biomechanics 2B, 3.2)."""
CHECK_S = 60.0
"""Scorable seconds after the start in which the calibration itself is doubted; also how long a
person may sit elsewhere before that."""
STILL_S, STILL_SW = 8.0, 0.1
"""Ears and shoulders within a tenth of a shoulder width for so long is sitting still."""
DRIFT_BELOW = 0.25
"""Slouch index below which a baseline may follow."""
STEP_S = 3.0
"""No frame counts for longer than this: the slowest sampling is one in two seconds, and a frame may
come late. In a longer gap nobody knows how anyone sat."""
RECHECK_S = 1800.0
"""A camera that was off for so long may have been carried elsewhere: the check is made again."""
FITS_S = 20.0
"""Who then sits as tall as when calibrated for so long shows that the calibration still fits."""


class Steps:
    """How many seconds each frame stands for: those since the frame before, STEP_S at most."""

    def __init__(self) -> None:
        self._before_t = math.nan

    def update(self, t: float) -> float:
        step = min(STEP_S, t - self._before_t) if self._before_t == self._before_t else 0.0
        self._before_t = t
        return step

    def pause(self) -> None:
        """The camera is off: the next frame stands for nothing that was before it."""
        self._before_t = math.nan


@dataclass(frozen=True, slots=True)
class DeskReading:
    """How someone sits in one frame.

    index      0 tall, 0.6 slouching begins, 1 the usual slump; NaN unknown
    changes    smoothed changes from upright (see `changes_from`), NaN where unknown
    features   smoothed features in the picture
    since      when the state began, s
    question   "recalibrate" when the camera or the chair seems to have moved: ask, do not nag
    checking   the first minute, in which nothing should be said yet
    """

    t: float
    state: DeskState
    index: float = NAN
    changes: Mapping[str, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    since: float = 0.0
    question: Question = ""
    checking: bool = False

    @property
    def scorable(self) -> bool:
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
            if level >= least:
                self._on.add(name)
            else:
                self._on.discard(name)
        return frozenset(self._on)


class PostureClassifier:
    """`update(t, pose, trouble)` once per frame, t in seconds and increasing; any frame rate.

    Poses are trusted ones (`JointFilter`): joints that are not to be believed are NaN. Without a
    calibration every state is "calibrating". `scale` widens what is still fine, see `levels_of`.
    """

    def __init__(self, calibration: Calibration | None = None, scale: float = 1.0) -> None:
        self._calibration, self._scale = calibration, scale
        self._drift = Drift(calibration) if calibration else None
        two = calibration is not None and calibration.two_points
        self._leaves = (
            {"slouching": LEAVE, "head_forward": LEAVES["head_forward"]} if two else LEAVES
        )
        self._smoother, self._latches = Smoother(), _Latches()
        self._steps = Steps()
        self._seen_t, self._state_t = -math.inf, 0.0
        self._started = self._lost_t = self._paused_t = math.nan
        self._state: DeskState = "calibrating"
        self._reliable = False
        self._hand_since = math.nan
        self._still: deque[tuple[float, complex, complex]] = deque()
        self._check = _StartCheck()
        self._misplaced_since = math.nan

    @property
    def drift(self) -> Features:
        """How far the baseline has followed the person, as changes."""
        return dict(self._drift.offsets) if self._drift else {}

    def keep(self) -> None:
        """The answer to "recalibrate?" is no: nothing has moved."""
        self._check.doubtful, self._misplaced_since = False, math.nan

    def pause(self, t: float) -> None:
        """The camera is off from t on: what comes next is compared with nothing that was."""
        if self._paused_t == self._paused_t:
            return
        self._forget()
        self._steps.pause()
        self._paused_t, self._seen_t = t, -math.inf
        self._started = self._lost_t = self._hand_since = self._misplaced_since = math.nan

    def _begin(self, t: float) -> None:
        if t - self._paused_t >= RECHECK_S:
            self._check = _StartCheck()
        self._started = self._state_t = t
        self._paused_t = math.nan

    def update(self, t: float, pose: Pose | None, trouble: DeskTrouble = "") -> DeskReading:
        step = self._steps.update(t)
        if self._started != self._started:
            self._begin(t)
        if self._calibration is None or self._drift is None:
            return self._reading(t, "calibrating")
        if pose is None or trouble:
            return self._unseen(t, trouble)
        if t - self._lost_t > LOST_S or t - self._seen_t > AWAY_S:
            self._forget()
        self._seen_t, self._lost_t = t, math.nan
        spot = self._calibration.tall
        features = self._smoother.update(t, features_of(pose, spot.view, spot.near))
        changes = self._drift.corrected(changes_from(spot, features))
        state = self._judged(t, changes, features)
        index = index_of(changes, self._calibration)
        self._follow(t, step, state, index, changes)
        self._check.update(step, state, index)
        return self._reading(t, state, index, changes, features)

    def _forget(self) -> None:
        self._smoother.forget()
        self._latches.forget()
        self._still.clear()
        self._reliable = False

    def _unseen(self, t: float, trouble: DeskTrouble) -> DeskReading:
        """Nobody, or not the one who was calibrated."""
        if self._lost_t != self._lost_t:
            self._lost_t = t
        gone = t - max(self._seen_t, self._started)
        if gone <= LOST_S and self._seen_t > -math.inf:
            return self._reading(t, self._state)
        away = gone >= AWAY_S and trouble in ("", "nobody")
        return self._reading(t, "away" if away else "unreliable")

    def _judged(self, t: float, changes: Features, features: Features) -> DeskState:
        """The gates first: who is not in their place, seen, or looking ahead is not judged."""
        assert self._calibration is not None
        on = self._latches.update(self._levels(changes), self._leaves)
        if _head_above(changes) or "standing" in on:
            return "standing"
        self._misplaced(t, "away" in on)
        if "away" in on:
            return "away"
        if not self._trusted(features) or self._calibration.cannot_tell:
            return "unreliable"
        if "turned" in on:
            return "turned"
        if self._hand(t, "hand_at_face" in on):
            return "hand_at_face"
        return _sitting(on)

    def _levels(self, changes: Features) -> Levels:
        assert self._calibration is not None
        return levels_of(changes, self._calibration, self._scale)

    def _trusted(self, features: Features) -> bool:
        seen = features["seen"]
        self._reliable = seen >= (HIDDEN if self._reliable else SEEN)
        return self._reliable and features["ear_y"] == features["ear_y"]

    def _hand(self, t: float, there: bool) -> bool:
        if not there:
            self._hand_since = math.nan
            return False
        if self._hand_since != self._hand_since:
            self._hand_since = t
        return t - self._hand_since <= HAND_MOST_S

    def _misplaced(self, t: float, away: bool) -> None:
        if not away:
            self._misplaced_since = math.nan
        elif self._misplaced_since != self._misplaced_since:
            self._misplaced_since = t

    def _follow(
        self, t: float, step: float, state: DeskState, index: float, changes: Features
    ) -> None:
        """Let the baseline follow a person who has sat well and still for 8 seconds."""
        assert self._drift is not None
        here = (complex(changes["EX"], changes["EY"]), complex(changes["SX"], changes["SY"]))
        if state != "upright" or not index < DRIFT_BELOW or any(abs(p) != abs(p) for p in here):
            self._still.clear()
            return
        self._still.append((t, *here))
        while len(self._still) > 2 and t - self._still[1][0] >= STILL_S:
            self._still.popleft()
        if t - self._still[0][0] >= STILL_S and _extent(self._still) <= STILL_SW:
            self._drift.follow(step, changes)

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
        moved = t - self._misplaced_since >= CHECK_S
        question: Question = "recalibrate" if moved or self._check.doubtful else ""
        return DeskReading(
            t, state, index, changes or {}, features or {}, self._state_t, question,
            not self._check.done,
        )  # fmt: skip


def _sitting(on: frozenset[str]) -> DeskState:
    """How someone sits who is in place and looks ahead. A lean to a side comes before everything:
    it moves the face in the picture like half a slump."""
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
        return "head_forward" if "head_forward" in on else "slouching"
    for state in ("shoulders_up", "reclined"):
        if state in on:
            return state
    return "upright"


def _head_above(changes: Features) -> bool:
    """The head has left the picture at its top while the shoulders rose."""
    return changes["EY"] != changes["EY"] and changes["SY"] <= -0.5


def _extent(places: deque[tuple[float, complex, complex]]) -> float:
    """The largest way that ears or shoulders went, across or up and down, shoulder widths."""
    spans = []
    for which in (1, 2):
        points = [place[which] for place in places]
        for values in ([p.real for p in points], [p.imag for p in points]):
            spans.append(max(values) - min(values))
    return max(spans)


class _StartCheck:
    """The first scorable minute: someone who seems to slump at once has rather moved the camera."""

    def __init__(self) -> None:
        self._seconds = self._fits_s = 0.0
        self._indices: list[float] = []
        self.done = False
        self.doubtful = False

    def update(self, step: float, state: DeskState, index: float) -> None:
        if state not in SCORABLE or index != index:
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
