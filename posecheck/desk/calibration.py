"""The user's own upright, and their own slump, as this camera sees them.

No absolute angle of a sitter can be trusted. Everything is judged as a change from a few steady
seconds of sitting tall (one point), and better in relation to a few seconds of sitting as when
tired (two points). Calibrations are frozen values that can be stored. Biomechanics 3.1, 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import fmean, median, pstdev
from typing import Any, Literal

from posecheck.body.geometry import NAN, Body, safe, turn_from_camera
from posecheck.desk.features import SIDE_TURN_DEG, Features, SitterView, Smoother, features_of
from posecheck.pose import Pose, Side

DROP_S = 2.0
"""Discard the first seconds of a point, in which the user settles (biomechanics 3.2); at most a
third of it."""
FEWEST_POSES = 8
"""Minimum poses of a point: two seconds at four per second, the slowest rate of the set-up."""
SEEN_SHARE = 0.8
"""Minimum share of its frames in which the user is seen."""

STEADY_SD: Mapping[SitterView, Mapping[str, float]] = {
    "front": {"EV": 3.0, "HS": 2.0, "YAW": 0.06},
    "side": {"neck_incl": 3.0, "trunk_incl": 3.0},
}
"""Maximum standard deviation of a point (biomechanics 3.2). Front: per cent, YAW as a ratio. Side:
degrees, a third of the 8 to 10 that are still good; a steady sitter reads 0.5 to 0.9."""

SLOUCH_FEATURES: Mapping[SitterView, tuple[str, ...]] = {
    "front": ("EV", "HS", "EY", "SWr", "F"),
    "side": ("neck_incl", "head_trunk", "trunk_incl"),
}
"""Features that tell a slump from sitting tall."""
RATIOS = frozenset({"SWr", "F"})
"""Changes that are 1, not 0, when nothing has changed."""
LEAST_SD: Mapping[str, float] = {
    "EV": 0.4, "HS": 0.8, "EY": 0.01, "SWr": 0.005, "F": 0.01,
    "neck_incl": 0.8, "head_trunk": 0.8, "trunk_incl": 0.5,
}  # fmt: skip
"""Lower limit of a point's standard deviation: the model's own jitter, measured over 8 s of still
rendered sitters. Without it an unusually calm second would turn any small change into a slump."""
WEIGHT_FROM, WEIGHT_MOST = 3.0, 4.0
"""A feature counts when its span is at least 3 standard deviations, by their number up to 4."""

PIT_GATE, YAW_GATE = 0.25, 0.30
"""Change of PIT that is looking down, of YAW that is looking aside (biomechanics 3.2)."""
OBLIQUE_DEG = 15.0
"""Turn of the chest from the camera, while the user sits tall, from which the view is oblique.
Rendered sitters read 1 to 7 degrees from the front, and 26 to 34 at 44."""
CAMERA_TILT_DEG = 8.0
"""Maximum tilt of the camera, degrees. While the user sits tall, trunk_incl up to this angle is
taken as that tilt; the rest counts as leaning (2A.4)."""

RefusalReason = Literal["unseen", "unsteady"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a point was not taken."""

    why: RefusalReason


@dataclass(frozen=True, slots=True)
class CalibrationPose:
    """A few steady seconds of one way of sitting.

    view    from where the camera sees the user
    near    the user's side that is nearer to the camera; used in the side view
    values  medians of the features
    sd      standard deviations of the judged features, as changes (see `changes_from`)
    """

    view: SitterView
    near: Side
    values: Mapping[str, float]
    sd: Mapping[str, float]


def take_point(
    samples: Sequence[tuple[float, Pose | None]],
    view: SitterView | None = None,
    near: Side | None = None,
    patience: float = 1.0,
) -> CalibrationPose | Refusal:
    """A point from (t, trusted pose) samples. The view and the near side are detected unless given.
    `patience` multiplies the limits of steadiness, for recordings that cannot be repeated."""
    start = samples[0][0] if samples else 0.0
    end = samples[-1][0] if samples else 0.0
    settle = min(DROP_S, (end - start) / 3)
    kept = [(t, pose) for t, pose in samples if t - start >= settle]
    seen = [(t, pose) for t, pose in kept if pose is not None]
    if len(seen) < max(FEWEST_POSES, SEEN_SHARE * len(kept)):
        return Refusal("unseen")
    view = view or view_of([pose for _, pose in seen])
    near = near or _near([pose for _, pose in seen])
    smoother = Smoother()
    rows = [smoother.update(t, features_of(pose, view, near)) for t, pose in seen]
    columns = {name: _known(rows, name) for name in rows[0]}
    point = CalibrationPose(
        view, near, {name: median(known) for name, known in columns.items() if known}, {}
    )
    changes = [changes_from(point, row) for row in rows]
    moved = {name: _known(changes, name) for name in {*SLOUCH_FEATURES[view], *STEADY_SD[view]}}
    sd = {name: pstdev(known) for name, known in moved.items() if known}
    return _judged(replace(point, sd=sd), patience)


def _judged(point: CalibrationPose, patience: float) -> CalibrationPose | Refusal:
    limits = STEADY_SD[point.view]
    if not limits.keys() <= point.sd.keys():
        return Refusal("unseen")
    unsteady = any(point.sd[name] > patience * most for name, most in limits.items())
    return Refusal("unsteady") if unsteady else point


def _known(rows: Sequence[Features], name: str) -> list[float]:
    """The known values of a feature; none at all when it was missing too often."""
    known = [row[name] for row in rows if not math.isnan(row[name])]
    return known if len(known) >= SEEN_SHARE * len(rows) else []


def view_of(poses: Sequence[Pose]) -> SitterView:
    """Whether the camera sees the user from the front or from a side."""
    turns = [turn for pose in poses if not math.isnan(turn := turn_from_camera(Body(pose)))]
    return "side" if turns and median(turns) >= SIDE_TURN_DEG else "front"


def _near(poses: Sequence[Pose]) -> Side:
    left = sum(Body(pose).near == "left" for pose in poses)
    return "left" if 2 * left > len(poses) else "right"


# --- changes from upright -----------------------------------------------------------------------

NOSE_DEPTH = 1.06
"""Distance from the ears forward to the nose / ear gap: the YAW of a head turned by 30 degrees is
0.53."""
HALF_VIEW = 0.64
"""Tangent of half a webcam's horizontal field of view: 65 degrees, of 60 to 70 that they have."""


def changes_from(point: CalibrationPose, now: Features) -> Features:
    """The changes from a point to the features now; NaN where either is unknown.

    Front: EV in per cent; F size of the face and SWr width of the shoulders as ratios; HS size of
    the face relative to the shoulders in per cent; PIT, YAW; ROLL, STILT in degrees.
    Side: neck_incl, head_trunk, face, head_yaw in degrees from upright; trunk_incl from upright,
    or from 8 degrees off the vertical where upright was more; F ratio of the trunk.
    Both: EX, EY, SX, SY of ears and shoulders in shoulder widths, + right and down; hand as in the
    features.
    """
    base = point.values

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
    if point.view == "side":
        upright = base.get("trunk_incl", NAN)
        level = max(-CAMERA_TILT_DEG, min(CAMERA_TILT_DEG, upright))
        return changes | {
            "neck_incl": less("neck_incl"),
            "head_trunk": less("head_trunk"),
            "trunk_incl": now.get("trunk_incl", NAN) - level,
            "face": less("face"),
            "head_yaw": less("head_yaw"),
            "F": ratio("chord"),
            "turned": now.get("turned", NAN),
        }
    sizes = [size for name in ("ear_gap", "eye_gap") if not math.isnan(size := ratio(name))]
    shoulders = ratio("SW")
    # F is the larger of the two, as a turned head shrinks both. HS is their mean: the lite model
    # spreads the eyes of a nodding head by up to 9 per cent while its ears stay.
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
    """A change as a difference from upright: 0 there, also for ratios; NaN unknown."""
    return changes.get(name, NAN) - (1.0 if name in RATIOS else 0.0)


def _turned(yaw: float, bearing: float) -> float:
    """The YAW that is a turn of the head. A head that has moved sideways shows its side although it
    still looks straight ahead, or it looks at the screen as before. Any value between these two is
    no turn."""
    parallax = NOSE_DEPTH * 2 * HALF_VIEW * bearing
    if math.isnan(parallax):
        return yaw
    low, high = min(0.0, parallax), max(0.0, parallax)
    return yaw - max(low, min(high, yaw))


# --- two points ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of one user in front of one camera.

    tall      sitting tall
    slump     departure from tall in the usual slump; empty without a second point
    weights   how much each of its features tells, 0 to 4
    pit_gate  change of PIT from which the user looks down
    yaw_gate  change of YAW from which the user looks aside
    """

    tall: CalibrationPose
    slump: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    pit_gate: float = PIT_GATE
    yaw_gate: float = YAW_GATE

    @property
    def view(self) -> SitterView:
        return self.tall.view

    @property
    def facing_deg(self) -> float:
        """Turn of the chest from the camera in an oblique view, degrees, + to the image's right;
        0 from the front and from the side, and in calibrations that do not know it."""
        turn = self.tall.values.get("facing", 0.0) if self.view == "front" else 0.0
        return turn if abs(turn) >= OBLIQUE_DEG else 0.0

    @property
    def two_points(self) -> bool:
        return bool(self.slump)

    @property
    def cannot_tell(self) -> bool:
        """Tall and slumped look alike from this camera position: raise the camera. Size alone
        does not tell, as a chair that rolls nearer looks the same."""
        shape = (weight for name, weight in self.weights.items() if name not in RATIOS)
        return self.two_points and not any(shape)


def calibrate(
    tall: CalibrationPose,
    slump: CalibrationPose | None = None,
    looking_down: CalibrationPose | None = None,
    looking_aside: Sequence[CalibrationPose] = (),
) -> Calibration:
    """The calibration from its points; without `slump` it is the one-point fallback."""
    gates = (_pit_gate(tall, looking_down), _yaw_gate(tall, looking_aside))
    if slump is None:
        return Calibration(tall, {}, {}, *gates)
    changes = changes_from(tall, dict(slump.values))
    departures = {name: departure(changes, name) for name in SLOUCH_FEATURES[tall.view]}
    spans = {name: span for name, span in departures.items() if not math.isnan(span)}
    weights = {name: _weight(tall, name, span) for name, span in spans.items()}
    return Calibration(tall, spans, weights, *gates)


def _weight(tall: CalibrationPose, name: str, span: float) -> float:
    clear = abs(span) / max(tall.sd.get(name, 0.0), LEAST_SD[name])
    return min(WEIGHT_MOST, clear) if clear >= WEIGHT_FROM else 0.0


GATE_SHARE = 0.6
"""Personal gates lie at this share of what the user showed, within a factor of 0.6 to 1.4 of the
common ones: judging must not be suspended at every glance of a user who showed only a glance."""


def _personal(common: float, shown: float) -> float:
    if math.isnan(shown):
        return common
    return max(0.6 * common, min(1.4 * common, GATE_SHARE * shown))


def _pit_gate(tall: CalibrationPose, point: CalibrationPose | None) -> float:
    if point is None or tall.view == "side":
        return PIT_GATE
    return _personal(PIT_GATE, changes_from(tall, dict(point.values))["PIT"])


def _yaw_gate(tall: CalibrationPose, points: Sequence[CalibrationPose]) -> float:
    if tall.view == "side":
        return YAW_GATE
    turns = [abs(changes_from(tall, dict(point.values))["YAW"]) for point in points]
    return _personal(YAW_GATE, min((turn for turn in turns if not math.isnan(turn)), default=NAN))


# --- storing ------------------------------------------------------------------------------------


def to_plain(calibration: Calibration) -> dict[str, Any]:
    """As plain numbers and texts that a file can hold."""
    return asdict(calibration)


def from_plain(plain: Mapping[str, Any]) -> Calibration:
    """The calibration that `to_plain` was given. Raises ValueError for anything else."""
    try:
        tall = plain["tall"]
        if tall["view"] not in ("front", "side") or tall["near"] not in ("left", "right"):
            raise ValueError("a calibration from an unknown view")
        point = CalibrationPose(
            tall["view"], tall["near"], _numbers(tall["values"]), _numbers(tall["sd"])
        )
        return Calibration(
            point,
            _numbers(plain["slump"]),
            _numbers(plain["weights"]),
            float(plain["pit_gate"]),
            float(plain["yaw_gate"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a calibration: {error!r}") from error


def _numbers(plain: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in plain.items()}
