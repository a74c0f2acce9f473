"""Today at the desk: the present state, the day so far, and the days before. The texts report and
never scold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from posecheck.desk.day import DayScore
from posecheck.desk.monitor import DeskView
from posecheck.ui.desk.chart import (
    DayStrip,
    Legend,
    Minutes,
    WeekBars,
    WeekDay,
    duration,
    trend,
)
from posecheck.ui.desk.looks import state_words
from posecheck.ui.desk.nudge import DeskSign
from posecheck.ui.desk.tray import DeskMenu
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import Page, button, card, column, label, row, sentence
from posecheck.ui.widgets.flow import Columns

PLENTY, SOME = 0.75, 0.35
"""Shares of the score from which the texts say plenty and some."""


class Share(QWidget):
    """A share of 0 to 1 as a bar."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.share = 0.0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, words: str) -> None:
        self.share = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        role, box = QPalette.ColorRole, QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(role.Midlight))
            painter.drawRoundedRect(box, 6, 6)
            if self.share > 0:
                box.setWidth(max(12.0, box.width() * self.share))
                painter.setBrush(self.palette().color(role.Highlight))
                painter.drawRoundedRect(box, 6, 6)


class ScoreCard(QWidget):
    """The score of the day and the three shares that it consists of; none in the first hour."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._phrases = phrases
        self.number = label("", "title")
        self._explains = label("", "muted")
        self.breaks = label("")
        self.shares = {
            name: Share(phrases[f"ui_desk_share_{name}"])
            for name in ("variety", "breaks", "upright")
        }
        self.words = {name: label("", "muted") for name in self.shares}
        rows = column(gap=14)
        for name, share in self.shares.items():
            head = row(label(phrases[f"ui_desk_share_{name}"]), self.words[name])
            head.setStretch(0, 3)
            head.setStretch(1, 2)
            self.words[name].setAlignment(Qt.AlignmentFlag.AlignRight)
            rows.addLayout(column(head, share, gap=6))
        self._rows = QWidget()
        self._rows.setLayout(rows)
        self._rows.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.setLayout(
            column(
                label(phrases["ui_desk_score"], "heading"),
                self.number,
                self._explains,
                self.breaks,
                self._rows,
                0,
                gap=10,
            )
        )

    def show_score(self, score: DayScore, breaks_due: int, breaks_taken: int) -> None:
        """The shares are shown once there is a total that they explain."""
        words = self._phrases
        scored = score.total is not None
        self.number.setVisible(scored)
        self._rows.setVisible(scored)
        self._explains.setText(words["ui_desk_score_about" if scored else "ui_desk_score_early"])
        breaks = words["ui_desk_breaks_none"]
        if breaks_due:
            breaks = words["ui_desk_breaks_of"].format(taken=breaks_taken, due=breaks_due)
        self.breaks.setText(f"{words['ui_desk_share_breaks']}: {breaks}")
        self.breaks.setVisible(not scored)
        if score.total is None:
            return
        self.number.setText(words["ui_desk_score_of"].format(count=round(score.total)))
        self._share("variety", score.variety, self._much(score.variety))
        self._share("breaks", score.breaks, breaks)
        self._share("upright", score.upright, self._much(score.upright))

    def _share(self, name: str, share: float, words: str) -> None:
        self.shares[name].show_share(share, words)
        self.words[name].setText(words)

    def _much(self, share: float) -> str:
        key = "plenty" if share >= PLENTY else "some" if share >= SOME else "little"
        return self._phrases[f"ui_desk_{key}"]


class DeskPage(Page):
    """Today. The user's commands are signals of `menu`, as in the tray.

    `show_view` with every frame, `show_day` once a minute, `show_week` when a day has changed.

    break_wanted  the user wants a break now
    kept          the user answered that nothing has moved
    camera_wanted the user has connected a camera
    """

    break_wanted = Signal()
    kept = Signal()
    camera_wanted = Signal()

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__(phrases["ui_desk_title"])
        self._phrases = phrases
        self.menu = DeskMenu(phrases, self)
        self._paused, self._unknown = False, False
        self.sign = DeskSign("calibrating", 52)
        self.says = label("", "title")
        self.sitting = label("", "lead")
        self.pause = button(phrases["ui_desk_pause"], self._pause)
        self.rise = button(phrases["ui_desk_break_now"], self._rise, "main")
        self._notice = card(
            column(
                label(phrases["ui_desk_setup_raise_title"], "care-heading"),
                label(phrases["ui_desk_setup_raise"], "care"),
            ),
            "notice",
        )
        self._notice.hide()
        again, keep = phrases["ui_desk_recalibrate"], phrases["ui_desk_keep"]
        self.keep = button(keep, self.kept.emit, about=phrases["desk_camera"])
        self._question = card(
            column(
                label(phrases["desk_camera"], "care-heading"),
                label(phrases["ui_desk_question_about"], "care"),
                row(button(again, self.menu.recalibrate.emit), self.keep, 0),
            ),
            "notice",
        )
        self._question.hide()
        self.camera = button(phrases["ui_desk_clock_look"], self.camera_wanted.emit)
        self._clock = card(
            column(
                label(phrases["ui_desk_clock_title"], "heading"),
                label(phrases["ui_desk_clock_about"]),
                row(self.camera, button(phrases["ui_settings_title"], self.menu.settings.emit), 0),
            )
        )
        self._clock.hide()
        self.strip, self.legend = DayStrip(phrases), Legend(phrases)
        hours = {False: phrases["ui_desk_hours_work"], True: phrases["ui_desk_hours_all"]}
        self.hours = Choice(hours, phrases["ui_desk_strip"], False)
        self.hours.changed.connect(lambda whole: self.strip.show_whole_day(bool(whole)))
        self.score, self.week = ScoreCard(phrases), WeekBars(phrases)
        self.trend = label("", "muted")
        self._lay_out()
        self.first = self.rise

    def show_view(self, view: DeskView, until: str = "") -> None:
        """Show the present state. `until`: when a pause ends, "14:30"."""
        words, state = self._phrases, view.reading.state
        status = state_words(words, view.colour, state, until, view.reading.why)
        self._paused = view.colour == "paused"
        self.sign.show_colour(view.colour)
        self.says.setText(sentence(status))
        self.sitting.setText(self._cycle(view))
        self.sitting.setVisible(bool(self.sitting.text()))
        self._unknown = view.colour == "calibrating"
        _rename(self.pause, words["ui_desk_resume" if self._paused else "ui_desk_pause"])
        first = "ui_desk_setup_title" if self._unknown else "ui_desk_break_now"
        _rename(self.rise, words[first])
        self.menu.show_state(view.colour, status, state == "standing")
        self._notice.setVisible(view.cannot_tell)
        self._question.setVisible(bool(view.reading.question))
        self._clock.setVisible(not view.watched)
        for each in self.of_camera:
            each.setVisible(view.watched)
        self.legend.show_seconds(view.day)
        self.score.show_score(view.score, view.breaks_due, view.breaks_taken)

    def show_day(self, minutes: Minutes) -> None:
        """Show the minutes of today."""
        self.strip.show_minutes(minutes)

    def show_week(self, days: Sequence[WeekDay]) -> None:
        """Show seven days; the last is today."""
        self.week.show_days(days)
        self.trend.setText(self._phrases[trend(days)])

    def _lay_out(self) -> None:
        words = self._phrases
        now = row(self.sign, column(self.says, self.sitting, gap=2), self.pause, self.rise, gap=16)
        now.setStretch(1, 1)
        head = row(label(words["ui_desk_today"], "heading"), self.hours)
        head.setStretch(0, 1)
        day = card(column(head, self.strip, self.legend, gap=16))
        week = card(
            column(label(words["ui_desk_week"], "heading"), self.trend, self.week, 0, gap=10)
        )
        below = Columns((card(column(self.score)), week), gap=20)
        self.put(column(now, self._question, self._clock, self._notice, day, below, 0, gap=20))
        go = self.menu
        self.of_camera = (
            button(words["ui_desk_preview"], go.preview.emit),
            button(words["ui_desk_recalibrate"], go.recalibrate.emit),
        )
        self.foot(
            button(words["ui_desk_close"], self.left.emit),
            0,
            *self.of_camera,
            button(words["ui_settings_title"], go.settings.emit),
        )

    def _cycle(self, view: DeskView) -> str:
        """How long the user has sat and until the next break, in rounded minutes."""
        words = self._phrases
        if view.colour in ("paused", "calibrating", "lost", "break"):
            return ""
        if view.due:
            return words["ui_desk_due"]
        sat = duration(words, view.sitting_s)
        until = duration(words, max(60.0, view.until_break_s))
        key = "ui_desk_until" if view.watched else "ui_desk_clock_until"
        return words[key].format(sat=sat, until=until)

    def _rise(self) -> None:
        """A break; without a calibration the set-up."""
        if self._unknown:
            self.menu.recalibrate.emit()
        else:
            self.break_wanted.emit()

    def _pause(self) -> None:
        if self._paused:
            self.menu.resumed.emit()
        else:
            self.menu.popup(self.pause.mapToGlobal(QPoint(0, self.pause.height())))


def _rename(made: QPushButton, words: str) -> None:
    made.setText(words)
    made.setAccessibleName(words)
