"""How large the numbers, texts and lists of an exercise or routine may be.

A number beyond these is a slip of the pen or a trick: a margin of 1e308 would make every posture
right, a hundred million sets would never end. Each bound is far above what any of the shipped files
has. Control characters in a text could change what a terminal shows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from math import inf
from typing import Any

from posecheck.body import measure
from posecheck.exercise import Exercise, HysteresisBand, Reps, Rule
from posecheck.io.routines.problems import KeyPath

MOST_TEXT = 500
"""Characters; the longest shipped text has 112."""
MOST_ITEMS = 100
"""Items of a list; the longest shipped list has 13."""
MOST_MARGIN = 0.25
"""Of the range that a metric can take; shipped rules use up to a tenth."""

LIMITS: Mapping[str, tuple[float, float]] = {
    "dose.sets": (1, 20),
    "dose.full_sets": (1, 20),
    "dose.rest_s": (0, 600),
    "dose.hold_s": (-inf, 600),
    "dose.reps": (-inf, 200),
    "dose.time_s": (-inf, 3600),
    "steps.sets": (1, 20),
    "steps.bouts": (1, 20),
    "steps.hold_s": (-inf, 600),
    "steps.reps": (-inf, 200),
    "steps.time_s": (-inf, 3600),
    "steps.rest_s": (0, 600),
    "seconds": (1, 4 * 3600),
    "rules.grace_s": (0, 10),
    "rules.margin": (0, inf),  # see MOST_MARGIN
    "reps.min_s": (0, 60),
    "reps.max_s": (0, 60),
    "reps.hold_s": (0, 60),
    "reps.rest_s": (0, 10),
    "camera.tolerance": (0, 90),
    "camera.height_m": (0, 3),
    "camera.distance_m": (0, 10),
}
"""Key without indices -> the least and the most. `lint` checks what has to be more than zero."""


def limit_problems(value: Any, key: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every number and text of an exercise or routine that is beyond its limits."""
    if is_dataclass(value):
        for each in fields(value):
            yield from limit_problems(getattr(value, each.name), (*key, each.name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from limit_problems(item, (*key, index))
    elif isinstance(value, str):
        yield from _text(key, value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _number(key, value)


def metric_problems(
    exercise: Exercise, wrong: Collection[KeyPath]
) -> Iterator[tuple[KeyPath, str]]:
    """Every threshold that lies outside what its metric can be, and every margin that would make
    its rule meaningless. `wrong`: keys with a mistake; a wrong metric has no range."""
    for index, rule in enumerate(exercise.rules):
        if ("rules", index, "metric") not in wrong:
            yield from _of_rule(("rules", index), rule)
    if exercise.reps is not None and ("reps", "metric") not in wrong:
        yield from _of_reps(exercise.reps)


def _text(key: KeyPath, text: str) -> Iterator[tuple[KeyPath, str]]:
    if len(text) > MOST_TEXT:
        yield key, f"has {len(text)} characters; at most {MOST_TEXT}"
    if why := wrong_characters(text):
        yield key, why


def wrong_characters(text: str) -> str:
    """Why a text that is shown and spoken must not hold one of its characters; "" when it may."""
    for char in text:
        # Control, line and paragraph separators, lone surrogates, and what reverses the direction.
        kind = unicodedata.category(char)
        if kind in ("Cc", "Cs", "Zl", "Zp") or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067":
            return f"holds the control character U+{ord(char):04X}"
    return ""


def _number(key: KeyPath, value: float) -> Iterator[tuple[KeyPath, str]]:
    name = ".".join(part for part in key if isinstance(part, str))
    least, most = LIMITS.get(name, (-inf, inf))
    if value < least:
        yield key, f"must be at least {least:g}, not {value:g}"
    if value > most:
        yield key, f"must be at most {most:g}, not {_spelt(value)}"


def _of_rule(key: KeyPath, rule: Rule) -> Iterator[tuple[KeyPath, str]]:
    span = _range(rule.metric)
    if span is None:
        return
    low, high = span
    for name, value in (("min", rule.min), ("max", rule.max)):
        if value is not None:
            yield from _within((*key, name), value, rule.metric, span)
    if rule.margin > (most := MOST_MARGIN * (high - low)):
        why = f"must be at most {most:g}, a quarter of what {rule.metric} can vary"
        yield (*key, "margin"), f"{why}; not {_spelt(rule.margin)}"


def _of_reps(reps: Reps) -> Iterator[tuple[KeyPath, str]]:
    bands: list[tuple[KeyPath, str, HysteresisBand]] = [
        (("reps", "rest"), reps.limbs[0], reps.rest),
        (("reps", "peak"), reps.limbs[0], reps.peak),
    ]
    if reps.also is not None:
        bands.append((("reps", "also", "peak"), reps.also.metric, reps.also.peak))
    for key, metric, band in bands:
        span = _range(metric)
        if span is not None:
            yield from _within((*key, "enter"), band.enter, metric, span)
            yield from _within((*key, "leave"), band.leave, metric, span)


def _within(
    key: KeyPath, value: float, metric: str, span: tuple[float, float]
) -> Iterator[tuple[KeyPath, str]]:
    low, high = span
    if value < low or value > high:
        yield key, f"must lie between {low:g} and {high:g}, as {metric} does; not {_spelt(value)}"


def _range(spec: str) -> tuple[float, float] | None:
    """The range of a metric; None for an unknown one, which is another mistake."""
    try:
        metric = measure.resolve(spec).metric
    except measure.UnknownMetric:
        return None
    return metric.low, metric.high


def _spelt(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e15 else "a huge number"
