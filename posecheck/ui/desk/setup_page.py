"""The set-up of the desk: thirty seconds, led by voice, with the camera's picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QLayout, QStackedWidget, QWidget

from posecheck.coach.error_phrases import told
from posecheck.desk.setup import SetupPart, SetupView
from posecheck.pose import Pose
from posecheck.ui.desk.picture import DeskPicture
from posecheck.ui.draw.picture import Picture
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row
from posecheck.ui.widgets.flow import Columns

SETUP_PARTS: tuple[SetupPart, ...] = ("tall", "tired", "keyboard", "aside")
RING_PX = 62
"""Diameter of a ring in pixels."""


class Ring(QWidget):
    """How much of a part is done: a growing arc, a tick when it is complete, a dash when it was
    skipped."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__()
        self._name, self._number = name, number
        self.share, self.skipped, self.current = 0.0, False, False
        self.setFixedSize(RING_PX, RING_PX)
        self.setAccessibleName(name)

    def show_share(self, share: float, current: bool, skipped: bool = False) -> None:
        """share: 0 to 1."""
        self.share = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
        self.current, self.skipped = current, skipped
        self.setAccessibleDescription(f"{round(100 * self.share)} %")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        role = QPalette.ColorRole
        accent, track = (self.palette().color(each) for each in (role.Highlight, role.Midlight))
        box = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        full = self.share >= 1.0 and not self.skipped
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(accent if full else track, 8))
            painter.setBrush(accent if full else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box)
            if full:
                ink = self.palette().color(role.HighlightedText)
                _stroke(painter, box, ink, ((0.28, 0.54), (0.44, 0.70), (0.74, 0.34)))
                return
            if self.skipped:
                _stroke(painter, box, self.palette().color(role.Mid), ((0.34, 0.5), (0.66, 0.5)))
                return
            cap = Qt.PenCapStyle.RoundCap
            if self.share > 0:
                painter.setPen(QPen(accent, 8, Qt.PenStyle.SolidLine, cap))
                painter.drawArc(box, 90 * 16, -round(self.share * 360 * 16))
            painter.setPen(self.palette().color(role.Text if self.current else role.Mid))
            font = self.font()
            font.setBold(self.current)
            painter.setFont(font)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))


def _stroke(
    painter: QPainter, box: QRectF, colour: QColor, points: tuple[tuple[float, float], ...]
) -> None:
    pen = QPen(colour, 6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in points]
    painter.drawPolyline(QPolygonF(line))


class SetupPage(Page):
    """Three screens: what will happen, the four parts, and the result.

    speak        speaks a text (`posecheck.io.audio.voice`)
    began        the user is ready, or begins again: the camera may open
    skip_wanted  leave out the part that is shown; sitting tall cannot be left out
    finished     the user has read the result
    left         not now (Escape): nothing changes
    """

    began = Signal()
    skip_wanted = Signal()
    finished = Signal()

    def __init__(self, phrases: Mapping[str, str], speak: Callable[[str], object]) -> None:
        super().__init__(phrases["ui_desk_setup_title"])
        self._phrases, self._speak = phrases, speak
        self._skipped: set[SetupPart] = set()
        self._part: SetupPart = "tall"
        self._stack = QStackedWidget()
        self._screens = {"intro": self._intro(), "parts": self._parts(), "end": self._end()}
        for each in self._screens.values():
            self._stack.addWidget(each)
        self.put(column(label(phrases["ui_desk_setup_title"], "title"), self._stack, gap=16))
        self.cancel = button(phrases["ui_desk_setup_cancel"], self.left.emit, "quiet")
        self.skip = button(phrases["ui_desk_setup_skip"], self._skip)
        self.skip.hide()
        self.begin = button(phrases["ui_desk_setup_begin"], self._begin, "main")
        self.repeat = button(phrases["ui_desk_setup_again"], self._begin)
        self.done = button(phrases["ui_finish"], self.finished.emit, "main")
        self.foot(self.cancel, 0, self.skip, self.repeat, self.begin, self.done)
        self.show_intro()

    @property
    def shown(self) -> str:
        """The screen that is shown: "intro", "parts" or "end"."""
        return next(n for n, each in self._screens.items() if each is self._stack.currentWidget())

    def show_intro(self) -> None:
        """What will happen, before the camera is opened."""
        self._show("intro", self.begin)

    def explain(self, sentence: str) -> None:
        """Why the set-up is needed, above what will happen; "" for nothing."""
        self.why.setText(told(self._phrases, sentence))
        self._why.setVisible(bool(sentence))
        if sentence:
            announce(self, self.why.text())

    def show_view(
        self, view: SetupView, frame: Picture | None = None, pose: Pose | None = None
    ) -> None:
        """Show the next view, and speak its phrase."""
        if view.said:
            self._speak(self._phrases[view.said])
        if view.part == "done":
            self._finish(view)
            return
        if self.shown != "parts":
            self._show("parts", self.skip)
        self.picture.show_picture(frame, pose)
        self._show_part(view)
        line = self._phrases[view.line] if view.line else ""
        if line != self.line.text():
            self.line.setText(line)
            announce(self, line)
        problem = self._phrases[view.problem] if view.problem else ""
        self.problem.setText(problem)
        self._notice.setVisible(bool(problem))

    def closeEvent(self, event: QCloseEvent) -> None:
        """A closed page keeps no picture."""
        self.picture.show_picture(None, None)
        super().closeEvent(event)

    # --- the screens ----------------------------------------------------------------------------

    def _intro(self) -> QWidget:
        words = self._phrases
        steps = column(gap=14)
        for number, part in enumerate(SETUP_PARTS, 1):
            ring = Ring(words[f"ui_desk_part_{part}"], number)
            ring.show_share(0, current=True)
            texts = column(
                label(words[f"ui_desk_part_{part}"], "heading"),
                label(words[f"ui_desk_part_{part}_about"], "muted"),
                gap=2,
            )
            step = row(ring, texts, gap=18)
            step.setStretch(1, 1)
            steps.addLayout(step)
        self.why = label("", "care")
        self._why = card(column(self.why), "notice")
        self._why.hide()
        return _screen(
            column(
                self._why,
                label(words["ui_desk_setup_lead"], "lead"),
                card(steps),
                label(words["ui_desk_private"], "muted"),
                0,
                gap=16,
            )
        )

    def _parts(self) -> QWidget:
        words = self._phrases
        self.picture = DeskPicture(
            words["ui_desk_setup_picture"], (words["ui_camera_opening"], "", "")
        )
        self.line = label("", "title")
        self.problem = label("", "care")
        self._notice = card(column(self.problem), "notice")
        self._notice.hide()
        self.rings: dict[SetupPart, Ring] = {}
        self._names: dict[SetupPart, QLabel] = {}
        steps = row(gap=10)
        for number, part in enumerate(SETUP_PARTS, 1):
            name = words[f"ui_desk_part_{part}"]
            self.rings[part] = Ring(name, number)
            self._names[part] = label(name, "small")
            self._names[part].setAlignment(Qt.AlignmentFlag.AlignHCenter)
            below = column(row(0, self.rings[part], 0), self._names[part], 0, gap=6)
            steps.addLayout(below, 1)
        side = column(steps, 8, self.line, self._notice, 0, gap=20)
        return _screen(Columns((column(self.picture, 0), side), gap=32))

    def _end(self) -> QWidget:
        self._head = label("", "heading")
        self._text = label("", "large")
        self._raise = label(self._phrases["ui_desk_setup_raise"], "care")
        self._raise_card = card(
            column(label(self._phrases["ui_desk_setup_raise_title"], "care-heading"), self._raise),
            "notice",
        )
        found = card(column(self._head, self._text, gap=10))
        self._found = found
        return _screen(
            column(
                found, self._raise_card, label(self._phrases["ui_desk_private"], "muted"), 0, gap=18
            )
        )

    def _show(self, name: str, first: QWidget) -> None:
        self._stack.setCurrentWidget(self._screens[name])
        self.begin.setVisible(name == "intro")
        self.skip.setVisible(False)
        self.repeat.setVisible(name == "end")
        self.done.setVisible(name == "end")
        self.cancel.setVisible(name != "end")
        self.first = first if first.isVisibleTo(self) else self.cancel
        self.enter()

    def _begin(self) -> None:
        self._skipped, self._part = set(), "tall"
        self._show("parts", self.skip)
        self.began.emit()

    def _skip(self) -> None:
        self._skipped.add(self._part)
        self.skip.hide()
        self.cancel.setFocus()
        self.skip_wanted.emit()

    def _show_part(self, view: SetupView) -> None:
        now = SETUP_PARTS.index(view.part)
        for number, part in enumerate(SETUP_PARTS):
            skipped = part in self._skipped
            share = view.share if number == now else float(number < now)
            self.rings[part].show_share(share, number == now, skipped)
        self.skip.setVisible(view.part not in ("tall", *self._skipped))
        self._part = view.part

    def _finish(self, view: SetupView) -> None:
        words, found = self._phrases, view.calibration
        blind = found is None or found.cannot_tell
        one = found is not None and not found.two_points
        self._head.setText(words["ui_desk_setup_done_title"])
        self._text.setText(words["ui_desk_setup_one" if one else "ui_desk_setup_two"])
        self._found.setVisible(not blind)
        self._raise_card.setVisible(blind)
        self.repeat.setProperty("role", "main" if blind else "")
        self.done.setProperty("role", "" if blind else "main")
        self.done.setText(words["ui_desk_setup_anyway" if blind else "ui_finish"])
        self.done.setAccessibleName(self.done.text())
        for each in (self.repeat, self.done):
            each.style().unpolish(each)
            each.style().polish(each)
        if self.shown != "end":
            self._show("end", self.repeat if blind else self.done)
            announce(self, self._raise.text() if blind else self._text.text())


def _screen(layout: QLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made
