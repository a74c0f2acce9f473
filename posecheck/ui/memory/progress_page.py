"""Progress: days, minutes of right form, ranges with their error, corrections, pain.

Gaps are gaps: nothing counts days in a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posecheck.coach.error_phrases import told
from posecheck.history.progress import ExerciseProgress
from posecheck.history.report import Report
from posecheck.io.errors import UserError
from posecheck.io.report.charts import (
    Chart,
    calendar_chart,
    desk_chart,
    desk_days_chart,
    pain_chart,
    range_chart,
    weeks_chart,
)
from posecheck.io.report.files import write_json
from posecheck.io.report.words import (
    count_words,
    day_words,
    metric_words,
    minutes_words,
    share_words,
    side_words,
    trend_words,
)
from posecheck.ui.memory.chart_view import ChartView
from posecheck.ui.memory.model import Memory
from posecheck.ui.report_pdf import write_pdf
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import Page, announce, button, column, label, row

PERIODS = (4, 12, 26)
"""Weeks that can be looked at."""
MOST_RANGES = 6
"""Ranges that are drawn; the report's JSON has all."""


class ProgressPage(Page):
    """The page.

    period   weeks that are shown
    outcome  the label that says what came of a saved report
    """

    def __init__(self, phrases: Mapping[str, str], memory: Memory) -> None:
        super().__init__(phrases["ui_progress_title"])
        self._phrases, self._memory = phrases, memory
        self.report: Report | None = None
        names = {n: phrases["ui_progress_weeks"].format(count=n) for n in PERIODS}
        self.period = Choice(names, phrases["ui_progress_period"], PERIODS[1])
        self.period.changed.connect(lambda _: self.renew())
        self.outcome = label("", "muted")
        self.outcome.hide()
        self._body = QWidget()
        self._frame = QVBoxLayout()
        self._frame.addWidget(self._body)
        title, lead = (
            label(phrases["ui_progress_title"], "title"),
            label(phrases["ui_progress_lead"], "lead"),
        )
        self.put(column(title, lead, 4, row(self.period, 0), self.outcome, self._frame, 0))
        self.save = button(phrases["ui_progress_report"], self._save)
        self.foot(button(phrases["ui_back"], self.left.emit), 0, self.save)
        self.first = self.period.current
        self.renew()

    def renew(self) -> None:
        """Read the history and show it."""
        weeks = self.period.chosen
        try:
            self.report = self._memory.progress(7 * (weeks if isinstance(weeks, int) else 12))
        except UserError as error:
            self.report = None
            parts: list[QWidget] = [label(told(self._phrases, str(error)), "care")]
        else:
            parts = [*self._parts(self.report), *self._desk()]
        self.save.setEnabled(self.report is not None and bool(self.report.sessions))
        body = QWidget()
        body.setLayout(column(*parts, gap=12))
        self._frame.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body

    def _parts(self, report: Report) -> list[QWidget]:
        words = self._phrases
        if not report.sessions:
            return [label(words["ui_progress_none"])]
        parts: list[QWidget] = [label(words["ui_progress_calendar"], "heading")]
        days = {each.day for each in report.sessions}
        calendar = calendar_chart(words, report.since, report.until, days)
        parts.append(self._view(calendar, [day_words(words, day) for day in sorted(days)]))
        parts.append(label(words["ui_progress_minutes"], "heading"))
        lines = [
            f"{day_words(words, week.monday)}: {minutes_words(words, week.correct_s)}."
            for week in report.weeks
        ]
        parts.append(self._view(weeks_chart(words, report.weeks), lines))
        parts += self._ranges(report)
        parts += self._faults(report)
        if report.pains or report.events:
            parts.append(label(words["ui_progress_pain"], "heading"))
            chart = pain_chart(words, report.pains, report.events, report.since, report.until)
            told = [f"{day_words(words, day)}: {pain}." for day, pain in report.pains]
            parts.append(self._view(chart, told))
        parts.append(label(words["ui_progress_exercises"], "heading"))
        return [*parts, *(label(self._share(report, each)) for each in report.exercises)]

    def _desk(self) -> list[QWidget]:
        """The hours and days at the desk, where there are any."""
        words = self._phrases
        try:
            hours, days = self._memory.desk_times()
        except UserError as error:
            return [label(told(words, str(error)), "care")]
        if not hours:
            return []
        lines = [
            words["ui_progress_desk_hour"].format(
                hour=each.hour,
                sunk=minutes_words(words, each.sunk_s / len(days)),
                sitting=minutes_words(words, (each.well_s + each.sunk_s) / len(days)),
            )
            for each in hours
        ]
        by_day = [
            words["ui_progress_desk_day"].format(
                day=day_words(words, each.day),
                sunk=minutes_words(words, each.sunk_s),
                sitting=minutes_words(words, each.well_s + each.sunk_s),
            )
            for each in days
        ]
        return [
            label(words["ui_progress_desk"], "heading"),
            self._view(desk_chart(words, hours, len(days)), lines),
            self._view(desk_days_chart(words, days), by_day),
        ]

    def _view(self, chart: Chart, lines: Sequence[str]) -> ChartView:
        return ChartView(chart, lines, self._memory.settings.value.text_scale)

    def _ranges(self, report: Report) -> list[QWidget]:
        """The ranges that changed, and then those of most sessions."""
        words = self._phrases
        found = [
            (each, trend)
            for each in report.exercises
            for trend in each.ranges
            if trend.first is not None
        ]
        found.sort(key=lambda f: (f[1].trend not in ("more", "less"), -len(f[1].values)))
        parts: list[QWidget] = [label(words["ui_progress_ranges"], "heading")]
        for number, (each, trend) in enumerate(found[:MOST_RANGES]):
            name = report.names[each.exercise] + side_words(words, each.side)
            text = f"{name}, {metric_words(words, trend.metric)}: {trend_words(words, trend)}"
            chart = range_chart(words, number, metric_words(words, trend.metric), trend)
            parts += [label(text), self._view(chart, [text])]
        if not found:
            parts.append(label(words["ui_progress_ranges_none"], "muted"))
        return parts

    def _faults(self, report: Report) -> list[QWidget]:
        words = self._phrases
        rarer = [
            words["ui_progress_rarer"].format(
                exercise=report.names[each.exercise],
                cue=each.cue,
                before=share_words(words, each.shares[0]),
                after=share_words(words, each.shares[1]),
            )
            for each in report.faults
            if each.trend == "less"
        ]
        texts = [label(text) for text in rarer] or [
            label(words["ui_progress_faults_none"], "muted")
        ]
        return [label(words["ui_progress_faults"], "heading"), *texts]

    def _share(self, report: Report, each: ExerciseProgress) -> str:
        words = self._phrases
        unchecked = each.right_share is None and each.unchecked_s > 0
        key = "ui_progress_unchecked" if unchecked else "ui_progress_share"
        return words[key].format(
            name=report.names[each.exercise] + side_words(words, each.side),
            share=share_words(words, each.right_share),
            sessions=count_words(words, each.sessions, "sessions"),
        )

    def _save(self) -> None:
        """Save the report of the period, as PDF with its JSON, among the user's documents."""
        if self.report is None:
            return
        kind = QStandardPaths.StandardLocation.DocumentsLocation
        folder = Path(QStandardPaths.writableLocation(kind) or Path.home())
        path = folder / f"posecheck-report-{self.report.until}.pdf"
        try:
            save_report(self._phrases, self.report, path)
        except UserError as error:
            text = told(self._phrases, str(error))
        else:
            text = self._phrases["ui_progress_saved"].format(path=path)
        self.outcome.setText(text)
        self.outcome.show()
        announce(self, text)


def save_report(phrases: Mapping[str, str], report: Report, path: Path) -> None:
    """Write the report as PDF, and its JSON beside it. Raises OutputError."""
    write_pdf(phrases, report, path)
    write_json(phrases, report, path)
