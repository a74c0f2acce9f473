"""Numbers and days in the words of a report: as exact as one camera allows.

`phrases` are those of the language that the words are in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from posecheck.body.measure import resolve
from posecheck.coach.wording import ROUND_DEG
from posecheck.history.progress import RangeTrend
from posecheck.pose import Side

Phrases = Mapping[str, str]
Counted = Literal["sessions", "days", "sets", "planned_sets"]


def day_words(phrases: Phrases, day: date) -> str:
    """ "5 Jan"."""
    month = phrases["months"].split()[day.month - 1]
    return phrases["day_month"].format(day=day.day, month=month)


def full_day(phrases: Phrases, day: date) -> str:
    """ "5 Jan 2026"."""
    month = phrases["months"].split()[day.month - 1]
    return phrases["day_month_year"].format(day=day.day, month=month, year=day.year)


def number_words(phrases: Phrases, value: float, digits: int) -> str:
    """ "0.25": with so many digits after the decimal mark."""
    return f"{value:.{digits}f}".replace(".", phrases["decimal_mark"])


def about_value(phrases: Phrases, value: float, unit: str) -> str:
    """A value as exact as it may be shown: degrees to the nearest five (biomechanics 5.3)."""
    if unit == "deg":
        return f"{round(value / ROUND_DEG) * ROUND_DEG:.0f}°"
    return number_words(phrases, value, 2)


def band_words(phrases: Phrases, band: float | None, unit: str) -> str:
    """ "± 10°", "error not known"."""
    if band is None:
        return phrases["report_unknown_band"]
    return f"± {band:.0f}°" if unit == "deg" else f"± {number_words(phrases, band, 2)}"


def metric_words(phrases: Phrases, metric: str) -> str:
    """What a metric is: in plain words, else in those of its table, which are English."""
    name = metric.partition(".")[0]
    if own := phrases.get(f"metric_{name}"):
        return own
    for spec in (metric, name, f"{name}.near"):
        try:
            return resolve(spec).metric.about.partition(",")[0]
        except ValueError:
            continue
    return metric


def trend_words(phrases: Phrases, trend: RangeTrend) -> str:
    """ "35° → 50° (± 8°): more range"."""
    band = band_words(phrases, trend.band, trend.unit)
    if trend.first is None or trend.last is None:
        values = [value for _, value in trend.values]
        best = max(values) if trend.rises else min(values)
        value = about_value(phrases, best, trend.unit)
        found = phrases["report_best"].format(value=value, band=band)
        return f"{found}; {phrases['report_trend_unknown']}"
    return phrases["report_change"].format(
        first=about_value(phrases, trend.first, trend.unit),
        last=about_value(phrases, trend.last, trend.unit),
        band=band,
        verdict=phrases["report_no_claim" if trend.band is None else f"report_trend_{trend.trend}"],
    )


def minutes_words(phrases: Phrases, seconds: float) -> str:
    """ "12 min", "40 s"."""
    if seconds >= 90:
        return phrases["sum_minutes"].format(minutes=round(seconds / 60))
    return phrases["sum_seconds"].format(count=round(seconds))


def share_words(phrases: Phrases, share: float | None) -> str:
    """ "85 %"; a dash where nothing was judged."""
    return "–" if share is None else phrases["percent"].format(value=round(100 * share))


def count_words(phrases: Phrases, count: int, what: Counted) -> str:
    """ "1 session", "3 sessions"."""
    return phrases[f"count_{what}"].format(count=count)


def side_words(phrases: Phrases, side: Side | None) -> str:
    """ ", left"; "" where there is no side."""
    return f", {phrases[f'report_side_{side}']}" if side else ""
