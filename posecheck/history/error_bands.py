"""The error of a measured range, as it may be promised (biomechanics 5.3)."""

from __future__ import annotations

from posecheck.exercise import Accuracy

BANDS: tuple[tuple[str, float], ...] = (
    ("trunk_incl", 8.0),
    ("knee_angle", 10.0),
    ("hip_angle", 10.0),
    ("hip_flex", 10.0),
    ("thigh_incl", 10.0),
    ("leg_slope", 10.0),
    ("leg_elev", 10.0),
    ("shoulder_elev", 12.0),
    ("arm_ext", 12.0),
    ("elbow_angle", 15.0),
    ("head_trunk", 12.0),
    ("shoulder_tilt", 5.0),
    ("chest_yaw", 15.0),
    ("chest_turn", 15.0),
    ("shoulder_yaw", 15.0),
    ("hip_sag", 0.02),
)
"""Beginning of a metric's name -> its error, plus or minus, in the metric's unit, at a view within
20 degrees (biomechanics 5.3)."""

GRADE_BANDS: dict[Accuracy, float] = {"A": 8.0, "B": 15.0}
"""Degrees, for other metrics: the upper end of what the grade of a rule promises. Grade C promises
nothing."""


def error_band(metric: str, unit: str, accuracy: Accuracy | None = None) -> float | None:
    """The error of a metric, plus or minus, in its unit; None where none is known.

    metric    its name, with or without side: "knee_angle.near"
    accuracy  grade of the rule that uses it; None for the metric of repetitions
    """
    name = metric.partition(".")[0]
    for start, band in BANDS:
        if name.startswith(start):
            return band
    return GRADE_BANDS.get(accuracy) if unit == "deg" and accuracy else None
