"""What the desk sees: the picture with the user's own limits, and the slouch index."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import DeskView
from posecheck.desk.signals import BEGINS
from posecheck.desk.workplace import WorkplaceCheck
from posecheck.pose import Pose
from posecheck.ui.desk.limits import Limits, limits_of
from posecheck.ui.desk.looks import fill_way, is_dark, muted
from posecheck.ui.desk.nudge import DeskSign
from posecheck.ui.desk.picture import DeskPicture
from posecheck.ui.draw.picture import Picture
from posecheck.ui.widgets.controls import Page, button, card, column, label, row, sentence
from posecheck.ui.widgets.flow import Columns

LOWEST_INDEX, HIGHEST_INDEX = -0.25, 1.5
"""Slouch index at the ends of the bar: 0 is tall, 1 the usual slump, 1.5 its largest value."""
INDEX_BAR_HEIGHT, MARKER_RADIUS = 22.0, 15.0
"""Height of the bar and radius of its marker, pixels."""


class IndexBar(QWidget):
    """The slouch index: a bar that is plain up to the limit and striped beyond, with a round marker
    for now."""

    def __init__(self, phrases: Mapping[str, str], begins: float = BEGINS) -> None:
        super().__init__()
        self._phrases, self.begins = phrases, begins
        self._index = float("nan")
        self.setAccessibleName(phrases["ui_desk_index"])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_index(self._index)

    def show_index(self, index: float) -> None:
        """Show a slouch index; NaN as unknown."""
        self._index = index
        unknown, beyond = math.isnan(index), index >= self.begins
        key = "unknown" if unknown else "beyond" if beyond else "within"
        self.setAccessibleDescription(self._phrases[f"ui_desk_index_{key}"])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, round(2 * MARKER_RADIUS + 8 + QFontMetricsF(self.font()).height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def at(self, index: float) -> float:
        """Position of an index, pixels from the left."""
        share = (max(LOWEST_INDEX, min(HIGHEST_INDEX, index)) - LOWEST_INDEX) / (
            HIGHEST_INDEX - LOWEST_INDEX
        )
        return MARKER_RADIUS + share * (self.width() - 2 * MARKER_RADIUS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        role, dark = QPalette.ColorRole, is_dark(self)
        surface, ink = self.palette().color(role.Base), self.palette().color(role.Text)
        box = QRectF(
            MARKER_RADIUS,
            MARKER_RADIUS - INDEX_BAR_HEIGHT / 2 + 2,
            self.width() - 2 * MARKER_RADIUS,
            INDEX_BAR_HEIGHT,
        )
        limit = self.at(self.begins)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.save()
            clip = QPainterPath()
            clip.addRoundedRect(box, INDEX_BAR_HEIGHT / 2, INDEX_BAR_HEIGHT / 2)
            painter.setClipPath(clip)
            within, beyond = QRectF(box), QRectF(box)
            within.setRight(limit)
            beyond.setLeft(limit)
            if not math.isnan(self._index):
                fill_way(painter, within, "tall", dark, surface)
                fill_way(painter, beyond, "sunk", dark, surface)
            else:
                fill_way(painter, box, "unknown", dark, surface)
            painter.restore()
            painter.setPen(QPen(ink, 3))
            painter.drawLine(QPointF(limit, box.top() - 3), QPointF(limit, box.bottom() + 5))
            if not math.isnan(self._index):
                painter.setPen(QPen(surface, 4))
                painter.setBrush(ink)
                painter.drawEllipse(QPointF(self.at(self._index), box.center().y()), 12, 12)
            self._write(painter, box.bottom() + 8)

    def _write(self, painter: QPainter, top: float) -> None:
        """The texts at the ends of the bar."""
        words, flags = self._phrases, Qt.AlignmentFlag
        high = QFontMetricsF(self.font()).height()
        line = QRectF(0, top, self.width(), high + 2)
        painter.setFont(self.font())
        painter.setPen(muted())
        painter.drawText(line, flags.AlignLeft, words["ui_desk_line_tall"])
        painter.drawText(line, flags.AlignRight, words["ui_desk_line_tired"])


class PreviewPage(Page):
    """`show_view` with every frame of the monitor while the page is open.

    left         the picture is no longer needed
    recalibrate  the user wants to set up again
    begins       the slouch index at which slouching begins, at the chosen sensitivity
    """

    recalibrate = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        calibration: Calibration | None = None,
        begins: float = BEGINS,
    ) -> None:
        super().__init__(phrases["ui_desk_preview"])
        self._phrases, self._begins = phrases, begins
        self._limits: Limits | None = None
        self._workplace, self._calibration = WorkplaceCheck(), calibration
        self.workplace = {part: label("") for part in ("distance", "height", "square")}
        self.picture = DeskPicture(
            phrases["ui_desk_preview"],
            (
                phrases["ui_desk_no_picture"],
                phrases["ui_desk_line_tall"],
                phrases["ui_desk_line_begins"],
            ),
        )
        self.sign = DeskSign("calibrating", 40)
        self.says = label("", "heading")
        self.index = IndexBar(phrases, begins)
        self._explains = label(phrases["ui_desk_preview_about"], "muted")
        state = row(self.sign, self.says, gap=14)
        state.setStretch(1, 1)
        again = button(phrases["ui_desk_recalibrate"], self.recalibrate.emit)
        side = column(
            card(column(state, self.index, gap=18)),
            self._explains,
            card(column(label(phrases["ui_work_title"], "heading"), *self.workplace.values())),
            label(phrases["ui_desk_private"], "muted"),
            row(again, 0),
            0,
            gap=18,
        )
        box = Columns((column(self.picture, 0), side), (3, 2), gap=28)
        self.put(column(label(phrases["ui_desk_preview"], "title"), box, gap=16))
        back = button(phrases["ui_back"], self.left.emit)
        self.foot(back, 0)
        self.first = back
        self.calibrate(calibration, begins)

    def calibrate(self, calibration: Calibration | None, begins: float = BEGINS) -> None:
        """Draw the limits of this calibration; None for none."""
        self._calibration = calibration
        self._begins = self.index.begins = begins
        self._limits = limits_of(calibration, begins) if calibration is not None else None

    def show_view(self, view: DeskView, frame: Picture | None, pose: Pose | None) -> None:
        """Show the present frame. The state is shown as it is, without the delay of the tray."""
        reading = view.reading
        beyond = reading.index >= self._begins
        self.picture.show_picture(frame, pose, self._limits, beyond)
        self.sign.show_colour(view.colour)
        shown = "frozen" if reading.why == "frozen" else reading.state
        self.says.setText(sentence(self._phrases[f"desk_state_{shown}"]))
        self.index.show_index(reading.index)
        self._show_workplace(view.t, pose)

    def _show_workplace(self, t: float, pose: Pose | None) -> None:
        """What the camera can say about the desk itself."""
        found = self._workplace.update(t, pose, self._calibration)
        words: dict[str, str] = {
            "distance": self._phrases[f"ui_work_distance_{found.distance}"],
            "height": self._phrases[f"ui_work_height_{found.height}"],
            "square": self._phrases[f"ui_work_square_{found.square}"],
        }
        for part, text in words.items():
            _show(self.workplace[part], text)


def _show(line: QLabel, text: str) -> None:
    """Set a text that changes seldom: each setting lays the page out again."""
    if line.text() != text:
        line.setText(text)
