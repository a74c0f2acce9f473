"""The person's own upright, and their own slump, as this camera sees them.

No absolute angle of a sitter can be trusted, so everything is judged as a change from a few steady
seconds of sitting tall (one point) and, better, towards a few seconds of sitting as when tired (two
points). All of it is frozen values that can be stored. Biomechanics 3.1, 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import fmean, median, pstdev
from typing import Any, Literal

from posecheck.body.geometry import NAN, Body, safe, turn_from_camera
from posecheck.desk.features import SIDE_TURN_DEG, Features, Smoother, View, features_of
from posecheck.pose import Pose, Side

DROP_S = 2.0
"""The first seconds of a point are for settling (biomechanics 3.2); at most a third of it."""
FEWEST = 8
"""Poses that make a point: two seconds at the desk's slowest rate of four a second."""
COVERED = 0.8
"""Share of its frames in which the person must have been seen."""

STEADY: Mapping[View, Mapping[str, float]] = {
    "front": {"EV": 3.0, "HS": 2.0, "YAW": 0.06},
    "side": {"neck_incl": 3.0, "trunk_incl": 3.0},
}
"""Greatest standard deviation of a point (biomechanics 3.2: per cent, and YAW as it is). From the
side degrees: a third of the 8 to 10 that are still good; a steady sitter reads 0.5 to 0.9."""

SLOUCH: Mapping[View, tuple[str, ...]] = {
    "front": ("EV", "HS", "EY", "SWr", "F"),
    "side": ("neck_incl", "head_trunk", "trunk_incl"),
}
"""What tells a slump from sitting tall."""
RATIOS = frozenset({"SWr", "F"})
"""Changes that are 1, not 0, when nothing has changed."""
LEAST_SD: Mapping[str, float] = {
    "EV": 0.4, "HS": 0.8, "EY": 0.01, "SWr": 0.005, "F": 0.01,
    "neck_incl": 0.8, "head_trunk": 0.8, "trunk_incl": 0.5,
}  # fmt: skip
"""No point is steadier than the model's own jitter: standard deviations of still rendered sitters
(measured, 8 s). Without it a lucky calm second would make any trifle a sign of slumping."""
WEIGHT_FROM, WEIGHT_MOST = 3.0, 4.0

PIT_GATE, YAW_GATE = 0.25, 0.30
"""Change of PIT that is looking down, of YAW that is looking aside (biomechanics 3.2)."""
LEVEL_DEG = 8.0
"""Most of a trunk_incl when sitting tall that is taken for a camera that is not level (2A.4); what
is more counts as leaning."""

Why = Literal["unseen", "unsteady"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a point was not taken; `feature` is the one that moved most."""

    why: Why
    feature: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationPose:
    """A few steady seconds of one way of sitting.

    view, near  how the camera sees the person; near is the flank of a side view
    values      medians of the features
    sd          standard deviations of what is judged, as changes (see `changes_from`)
    """

    view: View
    near: Side
    values: Mapping[str, float]
    sd: Mapping[str, float]


def take_spot(
    samples: Sequence[tuple[float, Pose | None]],
    view: View | None = None,
    near: Side | None = None,
    patience: float = 1.0,
) -> CalibrationPose | Refusal:
    """A point from (t, trusted pose) samples; the view is decided unless it is given. `patience`
    widens what is still steady, for recordings that cannot be made again."""
    start = samples[0][0] if samples else 0.0
    end = samples[-1][0] if samples else 0.0
    settle = min(DROP_S, (end - start) / 3)
    kept = [(t, pose) for t, pose in samples if t - start >= settle]
    seen = [(t, pose) for t, pose in kept if pose is not None]
    if len(seen) < max(FEWEST, COVERED * len(kept)):
        return Refusal("unseen")
    view = view or view_of([pose for _, pose in seen])
    near = near or _near([pose for _, pose in seen])
    smoother = Smoother()
    rows = [smoother.update(t, features_of(pose, view, near)) for t, pose in seen]
    columns = {name: _known(rows, name) for name in rows[0]}
    spot = CalibrationPose(
        view, near, {name: median(known) for name, known in columns.items() if known}, {}
    )
    changes = [changes_from(spot, row) for row in rows]
    moved = {name: _known(changes, name) for name in {*SLOUCH[view], *STEADY[view]}}
    sd = {name: pstdev(known) for name, known in moved.items() if known}
    return _judged(replace(spot, sd=sd), patience)


def _judged(spot: CalibrationPose, patience: float) -> CalibrationPose | Refusal:
    limits = STEADY[spot.view]
    if not limits.keys() <= spot.sd.keys():
        return Refusal("unseen")
    worst = max(limits, key=lambda name: spot.sd[name] / limits[name])
    return Refusal("unsteady", worst) if spot.sd[worst] > patience * limits[worst] else spot


def _known(rows: Sequence[Features], name: str) -> list[float]:
    """The values of a feature; none at all when it was missing too often."""
    known = [row[name] for row in rows if row[name] == row[name]]
    return known if len(known) >= COVERED * len(rows) else []


def view_of(poses: Sequence[Pose]) -> View:
    """Whether the camera looks at the front or at a flank."""
    turns = [turn for pose in poses if (turn := turn_from_camera(Body(pose))) == turn]
    return "side" if turns and median(turns) >= SIDE_TURN_DEG else "front"


def _near(poses: Sequence[Pose]) -> Side:
    left = sum(Body(pose).near == "left" for pose in poses)
    return "left" if 2 * left > len(poses) else "right"


# --- changes from upright -----------------------------------------------------------------------

NOSE_DEPTH = 1.06
"""How far the nose is before the ears / ear gap: YAW of a head turned 30 degrees is 0.53."""
HALF_VIEW = 0.64
"""tan of half a webcam's field of view (65 degrees across; they have 60 to 70)."""


def changes_from(spot: CalibrationPose, now: Features) -> Features:
    """What has changed since the point was taken; NaN where it or the present is unknown.

    Front: EV in per cent; F size of the face and SWr width of the shoulders as ratios; HS face
    against shoulders in per cent; PIT, YAW; ROLL, STILT in degrees.
    Side: neck_incl, head_trunk, face, head_yaw in degrees from upright; trunk_incl from upright,
    or from 8 degrees off the vertical where upright was more; F ratio of the trunk.
    Both: EX, EY, SX, SY of ears and shoulders in shoulder widths, + right and down.
    """
    base = spot.values

    def less(name: str) -> float:
        return now.get(name, NAN) - base.get(name, NAN)

    def ratio(name: str) -> float:
        return safe(now.get(name, NAN), base.get(name, NAN))

    unit = base.get("unit", NAN)
    changes = {
        "EX": safe(less("ear_x"), unit),
        "EY": safe(less("ear_y"), unit),
        "SX": safe(less("shoulder_x"), unit),
        "SY": safe(less("shoulder_y"), unit),
        "hand": now.get("hand", NAN),
    }
    if spot.view == "side":
        upright = base.get("trunk_incl", NAN)
        level = max(-LEVEL_DEG, min(LEVEL_DEG, upright))
        return changes | {
            "neck_incl": less("neck_incl"),
            "head_trunk": less("head_trunk"),
            "trunk_incl": now.get("trunk_incl", NAN) - level,
            "face": less("face"),
            "head_yaw": less("head_yaw"),
            "F": ratio("chord"),
            "turned": now.get("turned", NAN),
        }
    sizes = [size for name in ("ear_gap", "eye_gap") if (size := ratio(name)) == size]
    shoulders = ratio("SW")
    # F is the larger of the two (a turned head shrinks both), but HS their mean: lite spreads the
    # eyes of a nodding head by up to 9 per cent while its ears stay.
    return changes | {
        "EV": 100 * (ratio("EV") - 1),
        "F": max(sizes) if sizes else NAN,
        "SWr": shoulders,
        "HS": 100 * (safe(fmean(sizes), shoulders) - 1) if sizes else NAN,
        "PIT": less("PIT"),
        "YAW": _turned(less("YAW"), less("bearing")),
        "ROLL": less("ROLL"),
        "STILT": less("STILT"),
    }


def departure(changes: Features, name: str) -> float:
    """A change with 0 for upright, ratios too; NaN unknown."""
    return changes.get(name, NAN) - (1.0 if name in RATIOS else 0.0)


def _turned(yaw: float, bearing: float) -> float:
    """A head that has moved sideways shows its flank although it still looks straight on; or it
    may look at the screen as before. Anything between the two is not turned."""
    excuse = NOSE_DEPTH * 2 * HALF_VIEW * bearing
    low, high = min(0.0, excuse), max(0.0, excuse)
    return yaw - max(low, min(high, yaw)) if excuse == excuse else yaw


# --- two points ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of one person before one camera.

    slump, weights  departure from tall in the usual slump, and how much each feature tells
                    (0 to 4); empty without a second point
    pit_gate, yaw_gate  what is looking down, looking aside
    """

    tall: CalibrationPose
    slump: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    pit_gate: float = PIT_GATE
    yaw_gate: float = YAW_GATE

    @property
    def view(self) -> View:
        return self.tall.view

    @property
    def two_points(self) -> bool:
        return bool(self.slump)

    @property
    def cannot_tell(self) -> bool:
        """Tall and slumped look alike from this camera position: raise the camera. Size alone
        does not tell: a chair that rolls nearer looks the same."""
        shape = (weight for name, weight in self.weights.items() if name not in RATIOS)
        return self.two_points and not any(shape)


def calibrate(
    tall: CalibrationPose,
    slump: CalibrationPose | None = None,
    looking_down: CalibrationPose | None = None,
    looking_aside: Sequence[CalibrationPose] = (),
) -> Calibration:
    """The calibration from what was taken; without `slump` it is the one-point fallback."""
    gates = (_pit_gate(tall, looking_down), _yaw_gate(tall, looking_aside))
    if slump is None:
        return Calibration(tall, {}, {}, *gates)
    changes = changes_from(tall, dict(slump.values))
    departures = {name: departure(changes, name) for name in SLOUCH[tall.view]}
    spans = {name: span for name, span in departures.items() if span == span}
    weights = {name: _weight(tall, name, span) for name, span in spans.items()}
    return Calibration(tall, spans, weights, *gates)


def _weight(tall: CalibrationPose, name: str, span: float) -> float:
    clear = abs(span) / max(tall.sd.get(name, 0.0), LEAST_SD[name])
    return min(WEIGHT_MOST, clear) if clear >= WEIGHT_FROM else 0.0


GATE_SHARE = 0.6
"""Personal gates lie at this share of what the person showed, within a factor of 0.6 to 1.4 of the
common ones: who only glanced must not be suspended at every glance."""


def _personal(common: float, shown: float) -> float:
    if shown != shown:
        return common
    return max(0.6 * common, min(1.4 * common, GATE_SHARE * shown))


def _pit_gate(tall: CalibrationPose, spot: CalibrationPose | None) -> float:
    if spot is None or tall.view == "side":
        return PIT_GATE
    return _personal(PIT_GATE, changes_from(tall, dict(spot.values))["PIT"])


def _yaw_gate(tall: CalibrationPose, spots: Sequence[CalibrationPose]) -> float:
    if tall.view == "side":
        return YAW_GATE
    turns = [abs(changes_from(tall, dict(spot.values))["YAW"]) for spot in spots]
    return _personal(YAW_GATE, min((turn for turn in turns if turn == turn), default=NAN))


# --- storing ------------------------------------------------------------------------------------


def to_plain(calibration: Calibration) -> dict[str, Any]:
    """As plain numbers and texts, for a file."""
    return asdict(calibration)


def from_plain(plain: Mapping[str, Any]) -> Calibration:
    """Back from `to_plain`. ValueError for anything else."""
    try:
        tall = plain["tall"]
        if tall["view"] not in ("front", "side") or tall["near"] not in ("left", "right"):
            raise ValueError("a calibration from an unknown view")
        spot = CalibrationPose(
            tall["view"], tall["near"], _numbers(tall["values"]), _numbers(tall["sd"])
        )
        return Calibration(
            spot,
            _numbers(plain["slump"]),
            _numbers(plain["weights"]),
            float(plain["pit_gate"]),
            float(plain["yaw_gate"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a calibration: {error!r}") from error


def _numbers(plain: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in plain.items()}


# --- drift --------------------------------------------------------------------------------------

DRIFT_PER_MIN, DRIFT_MOST = 0.02, 0.25
"""Shares of the span from tall to slump that a baseline may move (biomechanics 3.3)."""
NOMINAL: Mapping[str, float] = {
    "EV": -20.0, "HS": 12.0, "EY": 0.20, "SWr": 0.08, "F": 0.17,
    "neck_incl": 20.0, "head_trunk": 20.0, "trunk_incl": 20.0,
}  # fmt: skip
"""The span of someone who gave no second point: 1/0.6 of where one-point slouching begins, SWr and
F of the moderate to severe slump of biomechanics 3.2."""


class Drift:
    """A baseline that follows the person very slowly, and only while they clearly sit well."""

    def __init__(self, calibration: Calibration) -> None:
        self._spans = {n: NOMINAL[n] for n in SLOUCH[calibration.view]} | dict(calibration.slump)
        self.offsets: Features = dict.fromkeys(self._spans, 0.0)

    def follow(self, seconds: float, changes: Features) -> None:
        """Move towards `changes` (already corrected) for so many seconds of quiet uprightness."""
        for name, span in self._spans.items():
            value = departure(changes, name)
            if value == value:
                most = abs(span) * DRIFT_PER_MIN * seconds / 60
                limit = abs(span) * DRIFT_MOST
                moved = self.offsets[name] + math.copysign(min(most, abs(value)), value)
                self.offsets[name] = max(-limit, min(limit, moved))

    def corrected(self, changes: Features) -> Features:
        """The changes against the baseline as it is by now."""
        return {name: value - self.offsets.get(name, 0.0) for name, value in changes.items()}
