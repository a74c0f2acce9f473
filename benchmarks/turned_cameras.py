"""Angle errors of single stills from turned cameras, whose true angles are known."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from posecheck.body.geometry import body_of
from posecheck.body.joint_filter import JointFilter
from posecheck.body.measure import Measurer
from posecheck.exercise import Exercise
from posecheck.pose import Pose, Side

METRICS: Mapping[str, str] = {
    "trunk_incl_abs": "trunk_incl",
    "trunk_incl3_abs": "trunk_incl",
    "hip_angle.near": "hip_{near}",
    "hip_angle3.near": "hip_{near}",
    "knee_angle.near": "knee_{near}",
    "elbow_angle.near": "elbow_{near}",
    "shoulder_elev.near": "shoulder_{near}",
    "twist_abs": "shoulder_hip_twist",
}
"""Metric -> the name of its true angle, in space, not in the picture."""
TURNS: Mapping[str, tuple[int, int]] = {"0": (0, 0), "10-20": (10, 20), "30-40": (30, 40),
                                        "50-60": (50, 60)}  # fmt: skip
"""Degrees that the camera is turned from where the exercise wants it, to either side."""


@dataclass(frozen=True, slots=True)
class ViewError:
    """The error of one metric, degrees, over `stills` stills of exercises that want this view, from
    cameras turned by `turn`; `unknown`: stills that show a person but gave no value."""

    metric: str
    view: str
    turn: str
    stills: int
    unknown: int
    median: float
    p90: float

    def data(self) -> dict[str, Any]:
        """As JSON."""
        rounded = {"median": round(self.median, 1), "p90": round(self.p90, 1)}
        return {**asdict(self), **rounded}


def view_errors(folder: Path, exercises: Mapping[str, Exercise]) -> Iterator[ViewError]:
    """The errors of every metric, view and turn of the folder's stills."""
    errors: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row, pose in _stills(folder):
        exercise = exercises.get(row["exercise"])
        if exercise is None or exercise.camera is None:
            continue
        turn = next(n for n, (low, high) in TURNS.items() if low <= abs(row["offset"]) <= high)
        for metric, error in still_errors(row["angles"], pose).items():
            errors[metric, exercise.camera.view, turn].append(error)
    for (metric, view, turn), found in sorted(errors.items()):
        known = [error for error in found if not math.isnan(error)]
        if known:
            middle, high = np.percentile(known, [50, 90])
            unknown = len(found) - len(known)
            yield ViewError(metric, view, turn, len(known), unknown, float(middle), float(high))


def still_errors(true: Mapping[str, float | None], pose: Pose) -> dict[str, float]:
    """Metric -> error of one still, degrees; NaN where the metric is not known."""
    trusted = JointFilter().update(0.0, pose)
    near: Side = body_of(trusted).near
    values = Measurer(METRICS).update(0.0, trusted)
    found = {}
    for metric, name in METRICS.items():
        angle = true.get(name.format(near=near))
        if angle is not None:
            found[metric] = abs(abs(values[metric]) - abs(angle))
    return found


def _stills(folder: Path) -> Iterator[tuple[dict[str, Any], Pose]]:
    """What is known of each still in which a person was found, and the pose."""
    rows = json.loads((folder / "views.json").read_text(encoding="utf-8"))
    with np.load(folder / "views.npz", allow_pickle=False) as arrays:
        px, world, visibility = (
            np.asarray(arrays[name], np.float64) for name in ("px", "world", "visibility")
        )
        size = np.asarray(arrays["size"]).reshape(-1)
    width, height = int(size[0]), int(size[1])
    for i, row in enumerate(rows):
        if np.isfinite(px[i]).all():
            yield row, Pose(px[i], world[i], visibility[i], (width, height))
