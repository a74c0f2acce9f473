"""Numbers and days in the words of a report: as exact as one camera allows."""

from __future__ import annotations

from datetime import date

from posecheck.body.measure import resolve
from posecheck.coach.wording import ROUND_DEG
from posecheck.history.progress import RangeTrend

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    """ "5 Jan": the same in every locale."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def full_day(day: date) -> str:
    """ "5 Jan 2026"."""
    return f"{day_words(day)} {day.year}"


def about_value(value: float, unit: str) -> str:
    """A value as exact as it may be shown: degrees to the nearest five (biomechanics 5.3)."""
    if unit == "deg":
        return f"{round(value / ROUND_DEG) * ROUND_DEG:.0f}°"
    return f"{value:.2f}"


def band_words(band: float | None, unit: str) -> str:
    """ "± 10°", "error not known"."""
    if band is None:
        return "error not known"
    return f"± {band:.0f}°" if unit == "deg" else f"± {band:.2f}"


PLAIN = {
    "trunk_incl": "forward lean of the trunk",
    "trunk_incl_abs": "lean of the trunk",
    "hip_angle": "angle trunk to thigh",
    "knee_angle": "angle of the knee",
    "shoulder_elev": "lift of the arm",
    "arm_ext": "arm behind the trunk",
    "arm_cross": "arm across the chest",
    "leg_slope": "lift of the leg",
    "leg_elev": "lift of the leg",
    "chest_yaw_to_work": "turn of the chest",
    "chest_turn": "turn of the chest",
    "knee_rise": "knees above the floor",
    "thigh_incl": "lift of the thigh",
    "hip_flex": "bend of the hip",
    "leg_spread": "spread of the legs",
    "back_turn_delta": "rounding of the back",
    "lift_trunk": "lift of the trunk",
    "shrug_index": "lift of the shoulders",
    "wrist_swing": "size of the circles",
}
"""Metrics in a physiotherapist's words."""


def metric_words(metric: str) -> str:
    """What a metric is: in plain words, else in those of its table."""
    name = metric.partition(".")[0]
    if name in PLAIN:
        return PLAIN[name]
    for spec in (metric, name, f"{name}.near"):
        try:
            return resolve(spec).metric.about.partition(",")[0]
        except ValueError:
            continue
    return metric


TRENDS = {
    "more": "more range",
    "less": "less range",
    "same": "within the error",
    "unknown": "too few to compare",
}


def trend_words(trend: RangeTrend) -> str:
    """ "35° → 50° (± 8°): more range"."""
    if trend.first is None or trend.last is None:
        values = [value for _, value in trend.values]
        best = max(values) if trend.rises else min(values)
        return (
            f"best {about_value(best, trend.unit)} ({band_words(trend.band, trend.unit)}); "
            f"{TRENDS['unknown']}"
        )
    change = f"{about_value(trend.first, trend.unit)} → {about_value(trend.last, trend.unit)}"
    verdict = TRENDS[trend.trend] if trend.band is not None else "no claim"
    return f"{change} ({band_words(trend.band, trend.unit)}): {verdict}"


def minutes_words(seconds: float) -> str:
    """ "12 min", "40 s"."""
    return f"{round(seconds / 60)} min" if seconds >= 90 else f"{round(seconds)} s"


def share_words(share: float | None) -> str:
    """ "85 %"; a dash where nothing was judged."""
    return "–" if share is None else f"{round(100 * share)} %"


def count_words(count: int, one: str, many: str = "") -> str:
    """ "1 session", "3 sessions"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
