"""Motion tracks as C3D, by the package ezc3d."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from posecheck.io.batch.packages import optional
from posecheck.io.motion.track import ANGLES, FLAG_WORDS, LABELS, MotionTrack

MM = 1000.0
"""C3D programs expect millimetres."""
WHAT = "--export c3d"


def check_c3d() -> None:
    """Raise PackageMissing when C3D cannot be written here."""
    optional("ezc3d", "c3d", WHAT)


def c3d(track: MotionTrack, rate_hz: float) -> bytes:
    """A track of constant rate: points in millimetres, angles as points of the kind ANGLES (value
    in x, degrees), as Mokka shows them, and the flag of every point as an analogue channel.

    A gap is NaN with the residual -1, which is C3D's mark of an invalid point. PackageMissing.
    """
    ezc3d = optional("ezc3d", "c3d", WHAT)
    angle_names = [name.replace(".", "_") for name in ANGLES]
    count = len(track.flags)
    points = np.full((4, len(LABELS) + len(angle_names), count), np.nan)
    points[:3, : len(LABELS)] = np.transpose(track.world, (2, 1, 0)) * MM
    for column, values in enumerate(track.angles.T, len(LABELS)):
        points[:3, column] = np.where(np.isnan(values), np.nan, 0.0)
        points[0, column] = values
    missing = np.isnan(points[0])
    points[3] = 1.0
    content = ezc3d.c3d()
    content["header"]["points"]["first_frame"] = 0
    point = content["parameters"]["POINT"]
    point["RATE"]["value"] = [rate_hz]
    point["LABELS"]["value"] = [*LABELS, *angle_names]
    point["DESCRIPTIONS"]["value"] = ["landmark"] * len(LABELS) + ["angle"] * len(angle_names)
    point["UNITS"]["value"] = ["mm"]
    content.add_parameter("POINT", "ANGLES", angle_names)
    content.add_parameter("POINT", "ANGLE_UNITS", ["deg"])
    content.add_parameter("POINT", "X_SCREEN", ["+X"])
    content.add_parameter("POINT", "Y_SCREEN", ["+Y"])
    content["data"]["points"] = points
    content["data"]["meta_points"]["residuals"] = np.where(missing, -1.0, 0.0)[np.newaxis]
    content["data"]["meta_points"]["camera_masks"] = np.zeros((7, points.shape[1], count), bool)
    analog = content["parameters"]["ANALOG"]
    analog["RATE"]["value"] = [rate_hz]
    analog["LABELS"]["value"] = [f"FLAG_{label}" for label in LABELS]
    analog["DESCRIPTIONS"]["value"] = [
        ", ".join(f"{n} {word}" for n, word in enumerate(FLAG_WORDS))
    ] * len(LABELS)
    analog["UNITS"]["value"] = [""] * len(LABELS)
    analog["SCALE"]["value"] = [1.0] * len(LABELS)
    analog["OFFSET"]["value"] = [0] * len(LABELS)
    content["data"]["analogs"] = track.flags.T.astype(np.float64)[np.newaxis]
    with tempfile.TemporaryDirectory(prefix="posecheck-") as folder:
        path = Path(folder) / "track.c3d"  # ezc3d writes only to a path
        content.write(str(path))
        return path.read_bytes()
