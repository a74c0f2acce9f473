"""The charts of a report, as SVG without scripts, links or fonts of their own.

Colours differ in grey too, and every chart has a title that says what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from posecheck.desk.hours import DeskDay, DeskHour
from posecheck.history.progress import RangeTrend, WeekTotals
from posecheck.history.records import Feeling
from posecheck.io.report.words import Phrases, about_value, day_words

INK, MUTED, GRID = "#1c2b33", "#5b6b73", "#d5dcdf"
RIGHT, WRONG, UNKNOWN, UNCHECKED = "#1f7a5c", "#d9822b", "#a7b3b8", "#dfe5e7"
PARTS = (
    ("correct_s", RIGHT, "chart_correct"),
    ("wrong_s", WRONG, "chart_wrong"),
    ("cant_tell_s", UNKNOWN, "chart_cant_tell"),
    ("unchecked_s", UNCHECKED, "chart_unchecked"),
)
LETTER_PX = 6.5
"""Width that is left for a letter of a legend: more than a mean letter of LETTERS_PX takes."""
LETTERS_PX = 11.0
"""Size of the letters of a chart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of `width` by `height` pixels. `title` is its text alternative."""

    name: str
    title: str
    width: int
    height: int
    svg: str


def _chart(name: str, title: str, width: int, height: int, parts: Iterable[str]) -> Chart:
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}' role='img'><title>{escape(title)}</title>"
    )
    return Chart(name, title, width, height, head + "".join(parts) + "</svg>")


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    colour: str = MUTED,
    room: float = math.inf,
) -> str:
    """A line of text; smaller where it would take more than `room`."""
    size = LETTERS_PX * min(1.0, room / (LETTER_PX * max(1, len(text))))
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{colour}' "
        f"font-family='sans-serif' font-size='{size:.3g}'>"
        f"{escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> str:
    return (
        f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}' "
        f"stroke-width='{width}'/>"
    )


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{colour}'/>"


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' "
        f"fill='{colour}' stroke='white' stroke-width='0.5'/>"
    )


def _legend(phrases: Phrases, kinds: Sequence[tuple[str, str, str]], left: float) -> Iterable[str]:
    """The colours with what they mean, in a line."""
    x = left
    for _, colour, key in kinds:
        words = phrases[key]
        yield _box(x, 4, 11, 11, colour)
        yield _text(x + 16, 14, words, colour=INK)
        x += 36 + LETTER_PX * len(words)


def weeks_chart(phrases: Phrases, weeks: Sequence[WeekTotals]) -> Chart:
    """Minutes of each week as stacked bars. A week without sessions is a gap."""
    width, height, left, bottom, top = 680, 160, 40, 34, 26
    total = max([sum(getattr(w, part) for part, _, _ in PARTS) for w in weeks] or [0]) / 60
    step = next(s for s in (5, 10, 20, 30, 60, 120, 300, 600, 1e9) if total / s <= 5)
    most = max(step, math.ceil(total / step) * step)
    scale = (height - bottom - top) / most
    ground = height - bottom
    parts = []
    for n in range(round(most / step) + 1):
        y = ground - n * step * scale
        parts += [_line(left, y, width, y, GRID), _text(left - 6, y + 4, f"{n * step:g}", "end")]
    slot = (width - left) / max(1, len(weeks))
    every = math.ceil(len(weeks) / 13)
    for number, week in enumerate(weeks):
        y, x = float(ground), left + number * slot
        for part, colour, _ in PARTS:
            tall = getattr(week, part) / 60 * scale
            y -= tall
            if tall > 0:
                parts.append(_box(x + slot * 0.15, y, slot * 0.7, tall, colour))
        if number % every == 0:
            parts.append(
                _text(x + slot / 2, ground + 15, day_words(phrases, week.monday), "middle")
            )
    parts += _legend(phrases, PARTS, left)
    parts.append(_text(left, height - 4, phrases["chart_weeks_about"]))
    return _chart("weeks", phrases["chart_weeks"], width, height, parts)


def range_chart(phrases: Phrases, number: int, name: str, trend: RangeTrend) -> Chart:
    """The best range of each session, with its error as a bar."""
    width, height, left, bottom, top = 330, 130, 44, 22, 26
    band = trend.band or 0.0
    values = [value for _, value in trend.values]
    around = band * 1.2 or 1.0
    low, high = min(values) - around, max(values) + around
    days = [day.toordinal() for day, _ in trend.values]
    span = max(1, days[-1] - days[0])

    def x_of(day: float) -> float:
        return left + 10 + (day - days[0]) / span * (width - left - 22)

    def y_of(value: float) -> float:
        return height - bottom - (value - low) / (high - low) * (height - bottom - top)

    parts = [_text(0, 14, name, colour=INK, room=width)]
    for value in (low + (high - low) * share for share in (0.1, 0.5, 0.9)):
        parts.append(_line(left, y_of(value), width, y_of(value), GRID))
        parts.append(
            _text(left - 6, y_of(value) + 4, about_value(phrases, value, trend.unit), "end")
        )
    for day, value in zip(days, values, strict=True):
        if band:
            x = x_of(day)
            parts.append(_line(x, y_of(value - band), x, y_of(value + band), UNKNOWN, 1.2))
        parts.append(_dot(x_of(day), y_of(value), 3.0, RIGHT))
    parts.append(_text(x_of(days[0]), height - 6, day_words(phrases, trend.values[0][0]), "middle"))
    if span > 1:
        parts.append(
            _text(x_of(days[-1]), height - 6, day_words(phrases, trend.values[-1][0]), "end")
        )
    title = phrases["chart_range"].format(name=name)
    return _chart(f"range{number}", title, width, height, parts)


def pain_chart(
    phrases: Phrases,
    pains: Sequence[tuple[date, int]],
    events: Sequence[Feeling],
    since: date,
    until: date,
) -> Chart:
    """The pain of each day on which it was told, and the days of pain in a session."""
    width, height, left, bottom, top = 680, 120, 40, 34, 12
    span = max(1, (until - since).days)

    def x_of(day: date) -> float:
        return left + 8 + (day - since).days / span * (width - left - 30)

    def y_of(pain: float) -> float:
        return height - bottom - pain / 10 * (height - bottom - top)

    parts = []
    for pain in (0, 5, 10):
        parts += [
            _line(left, y_of(pain), width, y_of(pain), GRID),
            _text(left - 6, y_of(pain) + 4, str(pain), "end"),
        ]
    before: date | None = None
    for day, pain in pains:
        # Days without an answer are not joined: what was between them is unknown.
        if before is not None and (day - before).days <= 3:
            last = dict(pains)[before]
            parts.append(_line(x_of(before), y_of(last), x_of(day), y_of(pain), MUTED, 1.2))
        parts.append(_dot(x_of(day), y_of(pain), 2.6, INK))
        before = day
    for each in events:
        x = x_of(each.day)
        parts.append(
            f"<path d='M{x - 5:.1f} {height - bottom + 10} l10 0 l-5 -9 z' fill='{WRONG}'/>"
        )
    for day, anchor in ((since, "start"), (until, "end")):
        parts.append(_text(x_of(day), height - 6, day_words(phrases, day), anchor))
    parts.append(_text(width / 2, height - 6, phrases["chart_pain_about"], "middle"))
    return _chart("pain", phrases["chart_pain"], width, height, parts)


DESK_PARTS = (
    ("well_s", RIGHT, "chart_desk_well"),
    ("sunk_s", WRONG, "chart_desk_sunk"),
    ("moved_s", MUTED, "chart_desk_moved"),
    ("other_s", UNKNOWN, "chart_desk_other"),
)


def desk_chart(phrases: Phrases, hours: Sequence[DeskHour], days: int) -> Chart:
    """Minutes of a day at each hour, the mean of the days at the desk, as stacked bars."""
    width, height, left, bottom, top = 680, 150, 40, 34, 26
    ground, scale = height - bottom, (height - bottom - top) / 60
    parts = []
    for minutes in (0, 30, 60):
        y = ground - minutes * scale
        parts += [_line(left, y, width, y, GRID), _text(left - 6, y + 4, str(minutes), "end")]
    first = hours[0].hour
    slot = (width - left) / max(8, hours[-1].hour - first + 1)
    for each in hours:
        y, x = float(ground), left + (each.hour - first) * slot
        for part, colour, _ in DESK_PARTS:
            tall = getattr(each, part) / 60 / max(1, days) * scale
            y -= tall
            if tall > 0:
                parts.append(_box(x + slot * 0.15, y, slot * 0.7, tall, colour))
        parts.append(_text(x + slot / 2, ground + 15, f"{each.hour}", "middle"))
    parts += _legend(phrases, DESK_PARTS, left)
    about = phrases["chart_desk_about"].format(count=days)
    parts.append(_text(left, height - 4, about))
    return _chart("desk", phrases["chart_desk"], width, height, parts)


def desk_days_chart(phrases: Phrases, days: Sequence[DeskDay]) -> Chart:
    """Hours of each day from the first to the last, as stacked bars; a day without any is a gap."""
    width, height, left, bottom, top = 680, 150, 40, 34, 26
    first, last = days[0].day, days[-1].day
    most = max(sum(getattr(each, part) for part, _, _ in DESK_PARTS) for each in days) / 3600
    ceiling = max(2, 2 * math.ceil(most / 2))
    ground, scale = height - bottom, (height - bottom - top) / ceiling
    parts = []
    for hours in (0, ceiling // 2, ceiling):
        y = ground - hours * scale
        parts += [_line(left, y, width, y, GRID), _text(left - 6, y + 4, str(hours), "end")]
    slot = (width - left) / max(7, (last - first).days + 1)
    for each in days:
        y, x = float(ground), left + (each.day - first).days * slot
        for part, colour, _ in DESK_PARTS:
            tall = getattr(each, part) / 3600 * scale
            y -= tall
            if tall > 0:
                parts.append(_box(x + slot * 0.15, y, slot * 0.7, tall, colour))
    parts.append(_text(left, ground + 15, day_words(phrases, first)))
    if last > first:
        x = left + ((last - first).days + 1) * slot
        parts.append(_text(x, ground + 15, day_words(phrases, last), "end"))
    parts += _legend(phrases, DESK_PARTS, left)
    parts.append(_text(left, height - 4, phrases["chart_desk_days_about"]))
    return _chart("desk-days", phrases["chart_desk_days"], width, height, parts)


def calendar_chart(phrases: Phrases, since: date, until: date, days: Container[date]) -> Chart:
    """Each week as a column of seven days; a day with a session is filled."""
    first = since - timedelta(days=since.weekday())
    count = ((until - first).days // 7) + 1
    size, left, top = 18, 40, 18
    letters = phrases["weekday_letters"].split()
    parts = [_text(left - 8, top + n * size + 13, letters[n], "end") for n in range(7)]
    for week in range(count):
        monday = first + timedelta(days=7 * week)
        if week % 4 == 0:
            parts.append(_text(left + week * size, 12, day_words(phrases, monday)))
        for weekday in range(7):
            day = monday + timedelta(days=weekday)
            if since <= day <= until:
                colour = RIGHT if day in days else UNCHECKED
                x, y = left + week * size, top + weekday * size
                parts.append(_box(x + 1, y + 1, size - 3, size - 3, colour))
    width = max(330, left + count * size + 10)
    return _chart("calendar", phrases["chart_calendar"], width, top + 7 * size + 4, parts)


def week_chart(
    phrases: Phrases,
    monday: date,
    done: Mapping[date, int],
    planned: Container[date],
    today: date,
    title: str,
) -> Chart:
    """Seven days: filled with a session, a ring where something is due, today underlined."""
    parts = []
    for number, name in enumerate(phrases["weekdays"].split()):
        day, x = monday + timedelta(days=number), 40 + number * 60
        parts.append(_text(x, 14, name, "middle", INK if day == today else MUTED))
        if day in done:
            parts.append(_dot(x, 34, 10, RIGHT))
        else:
            colour = RIGHT if day in planned else GRID
            parts.append(
                f"<circle cx='{x}' cy='34' r='9' fill='none' stroke='{colour}' stroke-width='2'/>"
            )
        if day == today:
            parts.append(_line(x - 14, 52, x + 14, 52, INK, 2))
    return _chart("week", title, 450, 58, parts)
