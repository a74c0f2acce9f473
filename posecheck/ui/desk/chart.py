"""Charts: a strip of one day's minutes, its legend, and the bars of a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolTip, QWidget

from posecheck.desk.states import DeskState
from posecheck.io.store.day_records import DayRecord, DaySummary
from posecheck.ui.desk.looks import (
    HEIGHTS,
    WAYS,
    Way,
    fill_way,
    is_dark,
    muted,
    way_colour,
)
from posecheck.ui.widgets.controls import label, sentence

HOUR = 60
"""Minutes."""
SHORTEST_H = 8
"""Minimum hours shown: a morning must not look like a whole day."""
CHART = 132.0
"""Height of the strip without its hours, pixels."""
LEGEND: tuple[Way, ...] = (
    "standing", "tall", "back", "elsewhere", "near", "sunk", "away", "unknown",
)  # fmt: skip
COLUMNS = 2

Minutes = Sequence[tuple[datetime, DeskState | None]]
"""Local time of each minute, and the state of most of it; None: the camera was off."""


def minutes_of(record: DayRecord) -> Minutes:
    """The minutes of a stored day. A minute is stored at its end and drawn at its beginning."""
    minute = timedelta(minutes=1)
    return tuple((each.when - minute, each.state) for each in record.minutes)


def ways_of(minutes: Minutes) -> dict[int, Way]:
    """Minute of the day, 0 to 1439 -> how it was spent. The last entry of a minute counts."""
    return {
        when.hour * HOUR + when.minute: "off" if state is None else WAYS[state]
        for when, state in minutes
    }


def hours_of(ways: Mapping[int, Way], whole_day: bool) -> tuple[int, int]:
    """The first and the last hour of the chart: all 24, or those with minutes, at least
    SHORTEST_H."""
    if whole_day or not ways:
        return (0, 24) if whole_day else (9, 9 + SHORTEST_H)
    first, last = min(ways) // HOUR, max(ways) // HOUR + 1
    if last - first < SHORTEST_H:
        last = min(24, first + SHORTEST_H)
        first = min(first, last - SHORTEST_H)
    return max(0, first), last


class DayStrip(QWidget):
    """One column for each minute; its height shows the way of sitting."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._phrases = phrases
        self.ways: dict[int, Way] = {}
        self.whole_day = False
        self.setAccessibleName(phrases["ui_desk_strip"])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(320)
        self.show_minutes(())

    def show_minutes(self, minutes: Minutes) -> None:
        """The minutes of one day, in any order."""
        self.ways = ways_of(minutes)
        counts = [(way, sum(each == way for each in self.ways.values())) for way in LEGEND]
        spent = [
            f"{way_words(self._phrases, way)}: {duration(self._phrases, 60 * count)}"
            for way, count in counts
            if count
        ]
        self.setAccessibleDescription("; ".join(spent) or self._phrases["ui_desk_strip_empty"])
        self.update()

    def show_whole_day(self, whole: bool) -> None:
        """All 24 hours, or only those with minutes."""
        self.whole_day = whole
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, round(CHART + 8 + QFontMetricsF(self.font()).height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def box_of(self, minute: int, count: int = 1) -> QRectF:
        """The box of `count` minutes of the same way from `minute` on."""
        first, last = hours_of(self.ways, self.whole_day)
        scale = self.width() / ((last - first) * HOUR)
        high = CHART * HEIGHTS[self.ways.get(minute, "off")]
        left = (minute - first * HOUR) * scale
        return QRectF(left, CHART - high, count * scale, high)

    def minute_at(self, x: float) -> int:
        """The minute of the day at a distance from the left."""
        first, last = hours_of(self.ways, self.whole_day)
        return first * HOUR + int(x / self.width() * (last - first) * HOUR)

    def event(self, event: QEvent) -> bool:
        """A tool tip names the minute under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            minute = self.minute_at(event.pos().x())
            way = self.ways.get(minute)
            words = f"{minute // HOUR}:{minute % HOUR:02d}"
            if way is not None:
                words += f"  {way_words(self._phrases, way)}"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        role, dark = QPalette.ColorRole, is_dark(self)
        surface = self.palette().color(role.Base)
        with QPainter(self) as painter:
            self._paint_hours(painter)
            for start, count, way in _runs(self.ways):
                if way == "off":
                    continue
                box = self.box_of(start, count)
                if way == "away":  # an empty place: only its ground line
                    painter.fillRect(
                        QRectF(box.x(), CHART - 5, box.width(), 3), way_colour(way, dark)
                    )
                else:
                    fill_way(painter, box, way, dark, surface)
            painter.setPen(QPen(self.palette().color(role.Mid), 1.5))
            painter.drawLine(QPointF(0, CHART), QPointF(self.width(), CHART))
            if not self.ways:
                painter.setFont(self.font())
                painter.setPen(muted())
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                box = QRectF(0, 0, self.width(), CHART)
                painter.drawText(box, flags, self._phrases["ui_desk_strip_empty"])

    def _paint_hours(self, painter: QPainter) -> None:
        first, last = hours_of(self.ways, self.whole_day)
        metrics = QFontMetricsF(self.font())
        step_px = self.width() / (last - first)
        wide = 1.3 * metrics.horizontalAdvance("00:00")
        every = next((n for n in (1, 2, 3, 4, 6) if n * step_px >= wide), 12)
        role = QPalette.ColorRole
        painter.setFont(self.font())
        for hour in range(first, last + 1):
            x = (hour - first) * step_px
            if self.ways:  # without them a text stands there
                painter.setPen(QPen(self.palette().color(role.Midlight), 1))
                painter.drawLine(QPointF(x, 0), QPointF(x, CHART))
            if (hour - first) % every or hour == last:
                continue
            painter.setPen(muted())
            painter.drawText(QPointF(x + 3, CHART + 4 + metrics.ascent()), f"{hour}:00")


def _runs(ways: Mapping[int, Way]) -> Iterable[tuple[int, int, Way]]:
    """Runs of adjacent minutes of the same way: the first minute, how many, the way."""
    start = count = 0
    way: Way | None = None
    for minute in sorted(ways):
        if way is not None and minute == start + count and ways[minute] == way:
            count += 1
            continue
        if way is not None:
            yield start, count, way
        start, count, way = minute, 1, ways[minute]
    if way is not None:
        yield start, count, way


# --- the legend ---------------------------------------------------------------------------------


class Swatch(QWidget):
    """A sample of a pattern."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._way = way
        self.setFixedSize(30, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        box, dark = QRectF(self.rect()), is_dark(self)
        with QPainter(self) as painter:
            if self._way == "away":
                painter.fillRect(QRectF(0, 16, 30, 3), way_colour("away", dark))
            else:
                surface = self.palette().color(QPalette.ColorRole.Base)
                fill_way(painter, box, self._way, dark, surface)


class Legend(QWidget):
    """Each pattern, its name, and how long it lasted today."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._phrases = phrases
        self._labels = {way: label(way_words(phrases, way)) for way in LEGEND}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number, way in enumerate(LEGEND):
            at, of = number // COLUMNS, 2 * (number % COLUMNS)
            grid.addWidget(Swatch(way), at, of, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(self._labels[way], at, of + 1)
            grid.setColumnStretch(of + 1, 1)
        self.setLayout(grid)

    def show_seconds(self, seconds: Mapping[DeskState, float]) -> None:
        """Today's seconds for each state."""
        for way, words in self._labels.items():
            total = sum(s for state, s in seconds.items() if WAYS[state] == way)
            name = way_words(self._phrases, way)
            words.setText(f"{name} · {duration(self._phrases, total)}" if total >= 30 else name)


def way_words(phrases: Mapping[str, str], way: Way) -> str:
    """The name of a way of sitting."""
    return sentence(phrases[f"ui_desk_way_{way}"])


def duration(phrases: Mapping[str, str], seconds: float) -> str:
    """Hours and minutes, rounded to minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return phrases["ui_desk_minutes"].format(count=minutes)
    return phrases["ui_desk_hours"].format(hours=hours, minutes=minutes)


# --- the week -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day in the chart of the week. score: 0 to 100; None for a day off or under an hour."""

    day: date
    score: float | None


def week_of(days: Iterable[DaySummary]) -> tuple[WeekDay, ...]:
    """A stored week for the chart."""
    return tuple(WeekDay(each.day, each.score.total) for each in days)


TREND = 5.0
"""Points by which the halves of a week must differ: the score is no finer."""


def trend(days: Sequence[WeekDay]) -> str:
    """The phrase for how the second half of the scored days compares with the first."""
    scores = [each.score for each in days if each.score is not None]
    if len(scores) < 3:
        return "ui_desk_trend_few"
    half = len(scores) // 2
    early, late = scores[:half], scores[-half:]
    more = sum(late) / half - sum(early) / half
    if abs(more) < TREND:
        return "ui_desk_trend_same"
    return "ui_desk_trend_more" if more > 0 else "ui_desk_trend_less"


class WeekBars(QWidget):
    """Seven days: a bar for a score, a line where there is none."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._phrases = phrases
        self._names = phrases["ui_desk_days"].split()
        self.days: tuple[WeekDay, ...] = ()
        self.setAccessibleName(phrases["ui_desk_week"])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(320)

    def show_days(self, days: Sequence[WeekDay]) -> None:
        """The days in order; the last is today."""
        self.days = tuple(days)
        scores = [
            f"{self._name(each)}: {round(each.score)}"
            for each in self.days
            if each.score is not None
        ]
        self.setAccessibleDescription("; ".join(scores))
        self.update()

    def _name(self, day: WeekDay) -> str:
        return self._names[day.day.weekday() % len(self._names)]

    def sizeHint(self) -> QSize:
        return QSize(500, round(CHART + 3.0 * QFontMetricsF(self.font()).height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.days:
            return
        role = QPalette.ColorRole
        accent, quiet = self.palette().color(role.Highlight), self.palette().color(role.Mid)
        high = QFontMetricsF(self.font()).height()
        column = self.width() / len(self.days)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, each in enumerate(self.days):
                place = QRectF(number * column, high + 4, column, CHART)
                bar = QRectF(0, 0, min(54.0, column * 0.6), 0)
                bar.moveLeft(place.center().x() - bar.width() / 2)
                today = number == len(self.days) - 1
                font = self.font()
                font.setBold(today)
                painter.setFont(font)
                painter.setPen(Qt.PenStyle.NoPen)
                if each.score is None:
                    painter.setBrush(quiet)
                    bar.setTop(place.bottom() - 3)
                else:
                    painter.setBrush(accent)
                    bar.setTop(place.bottom() - max(6.0, each.score / 100 * CHART))
                bar.setBottom(place.bottom())
                painter.drawRoundedRect(bar, 6, 6)
                self._write(painter, each, place, bar, high, today)

    def _write(
        self,
        painter: QPainter,
        day: WeekDay,
        place: QRectF,
        bar: QRectF,
        high: float,
        today: bool,
    ) -> None:
        role, centre = QPalette.ColorRole, Qt.AlignmentFlag.AlignCenter
        painter.setPen(self.palette().color(role.Text) if today else muted())
        below = QRectF(place.x(), place.bottom() + 6, place.width(), high)
        painter.drawText(below, centre, self._name(day))
        if day.score is not None:
            above = QRectF(place.x(), bar.top() - high - 2, place.width(), high)
            painter.setPen(self.palette().color(role.Text))
            painter.drawText(above, centre, str(round(day.score)))
