"""States and values in the words, and with the rounding, that a user is shown.

Numbers are as exact as one camera allows: angles to the nearest five degrees, ratios not at all
(biomechanics 5.3). Screens, the annotated video and the terminal all take their words from here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from posecheck.body.measure import resolve
from posecheck.exercise import Exercise, Rule
from posecheck.session.form import worst
from posecheck.session.session import SessionView

EXACT = 1e-6
"""Limits that were computed differ by rounding errors from the whole numbers that they mean."""
ROUND_DEG = 5
"""Angles are rounded to this: the best are off by 2 to 5 degrees on rendered clips."""

Shown = Literal["ready", "active", "paused", "unseen", "unchecked", "rest", "done"]


def shown_state(view: SessionView) -> Shown:
    """The state to show. What cannot be judged is never shown as right or wrong."""
    if view.phase == "rest":
        return "rest"
    if view.phase == "done" or view.progress.state == "done":
        return "done"
    if view.unchecked:
        return "ready" if view.phase == "ready" else "unchecked"
    if view.blind:
        return "unseen"
    return "ready" if view.phase == "ready" else view.progress.state


def short_name(exercise: Exercise) -> str:
    """The name without the part in brackets, as it is said aloud."""
    return exercise.name.partition(" (")[0]


def rounded_angle(rule: Rule, value: float) -> int:
    """The value to the nearest five degrees, but never from outside a limit to inside it."""
    near = ROUND_DEG * round(value / ROUND_DEG)
    if rule.min is not None and value < rule.min <= near:
        return ROUND_DEG * math.floor(value / ROUND_DEG)
    if rule.max is not None and value > rule.max >= near:
        return ROUND_DEG * math.ceil(value / ROUND_DEG)
    return near


def _one_way(rule: Rule, value: float) -> tuple[Rule, float]:
    """Where a limit is below zero, only the limit that the value is near, without signs: a user
    does not know which direction is negative."""
    low, high = rule.min, rule.max
    if low is None or low >= 0:
        return rule, value
    if high is not None and value > high >= 0:
        return replace(rule, min=None), value
    if value < low:
        return replace(rule, min=None, max=-low), -value
    return rule, value


def band_words(phrases: Mapping[str, str], rule: Rule, unit: str = "") -> str:
    """The limits of a rule: "35 to 55°". Degrees are rounded outwards to whole numbers: an eased
    limit may be any number, and the words must not call a right value wrong."""
    whole = resolve(rule.metric).metric.unit == "deg"
    least = None if rule.min is None else math.floor(rule.min + EXACT) if whole else rule.min
    most = None if rule.max is None else math.ceil(rule.max - EXACT) if whole else rule.max
    low = f"{least:.3g}{'' if most is not None else unit}" if least is not None else ""
    high = f"{most:.3g}{unit}" if most is not None else ""
    key = "band" if low and high else "band_least" if low else "band_most"
    return phrases[key].format(low=low, high=high)


def value_words(phrases: Mapping[str, str], rule: Rule, values: Mapping[str, float]) -> str:
    """The value and the band of a rule: "about 30°, wanted 35 to 55°"; "" where the value is NaN or
    no angle. Of an angle with two directions only the present one is given: "about 25°, wanted 12°
    or less"."""
    value = worst(rule, values)
    if math.isnan(value) or resolve(rule.metric).metric.unit != "deg":
        return ""
    rule, value = _one_way(rule, value)
    about = phrases["about"].format(value=f"{rounded_angle(rule, value)}°")
    wanted = phrases["wanted"].format(band=band_words(phrases, rule, "°"))
    return f"{about}, {wanted}"
