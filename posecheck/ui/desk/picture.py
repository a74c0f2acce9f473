"""The camera's picture at the desk, with head and shoulders marked and, where they are
known, the user's own limits. No picture is kept when the page closes."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)

from posecheck.pose import Pose
from posecheck.ui.desk.limits import ImagePoint, Limits, along, flank_of, head_of, was_seen
from posecheck.ui.desk.looks import DESK_COLOURS
from posecheck.ui.draw.picture import Picture, contained, draw_camera
from posecheck.ui.draw.skeleton import BONE_COLOUR as LIGHT
from posecheck.ui.draw.skeleton import CASING_COLOUR as CASING
from posecheck.ui.draw.skeleton import Places
from posecheck.ui.widgets.pictures import PICTURE_RADIUS as RADIUS
from posecheck.ui.widgets.pictures import Proportioned

WELL = QColor(*DESK_COLOURS["fine"])
SLUMP = QColor(*DESK_COLOURS["amber"])
NECK = 1.6
"""Length of the drawn neck in the side view / distance from shoulder to ear: it must reach beyond
the ring of the head."""
LIMIT_REACH = 1.15
"""Total length of the lines of the limits, in shoulder widths."""


class DeskPicture(Proportioned):
    """`show_picture(frame, pose, limits, beyond)`; without a frame a text says why there is none.

    words  the texts for waiting, at the line of sitting tall, and at the limit; the last two may
           be ""
    """

    def __init__(self, name: str, words: tuple[str, str, str]) -> None:
        super().__init__(4 / 3, width=560)
        self.setAccessibleName(name)
        self._waiting, self._tall, self._begins = words
        self.mirrored = True
        self._frame: Picture | None = None
        self._pose: Pose | None = None
        self._limits: Limits | None = None
        self._beyond = False
        self._notes: list[tuple[str, QPointF, QColor, bool]] = []
        self.setMinimumWidth(280)

    def show_picture(
        self,
        frame: Picture | None,
        pose: Pose | None,
        limits: Limits | None = None,
        beyond: bool = False,
    ) -> None:
        """Show a frame (BGR, unmirrored). `beyond`: the limit is exceeded."""
        self._frame, self._pose, self._limits, self._beyond = frame, pose, limits, beyond
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden page keeps no picture."""
        self.show_picture(None, None)
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        whole = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._frame is None:
                self.paint_words(painter, self._waiting)
                return
            high, wide = self._frame.shape[:2]
            area = contained(whole, wide / high)
            area.moveTop(whole.top())
            clip = QPainterPath()
            clip.addRoundedRect(area, RADIUS, RADIUS)
            painter.setClipPath(clip)
            draw_camera(painter, self._frame, area, self.mirrored)
            places = Places(area, (wide, high), self.mirrored)
            if self._limits is not None:
                self._paint_limits(painter, places, self._limits)
            if self._pose is not None:
                _paint_head(painter, places, self._pose, SLUMP if self._beyond else LIGHT)
            for words in self._notes:
                self._write(painter, *words)
            self._notes.clear()

    # --- limits ---------------------------------------------------------------------------------

    def _paint_limits(self, painter: QPainter, places: Places, limits: Limits) -> None:
        if not was_seen(limits.ears) or not was_seen(limits.shoulders):
            return
        if limits.forward:
            self._paint_side(painter, places, limits)
        elif not math.isnan(limits.begins_y):
            self._paint_height(painter, places, limits)
        elif not math.isnan(limits.face):
            self._paint_face(painter, places, limits)

    def _paint_height(self, painter: QPainter, places: Places, limits: Limits) -> None:
        """Horizontal lines through ears and shoulders when tall, and the band of slouching."""
        x, half = limits.ears[0], LIMIT_REACH * limits.width / 2
        band = QPolygonF(
            [
                places.at(x - half, limits.begins_y), places.at(x + half, limits.begins_y),
                places.at(x + half, limits.slump_y), places.at(x - half, limits.slump_y),
            ]
        )  # fmt: skip
        _paint_band(painter, _closed(band))
        upright = [places.at(*limits.ears), places.at(*limits.shoulders)]
        level = [places.at(x - half, limits.ears[1]), places.at(x + half, limits.ears[1])]
        base = limits.shoulders
        low = [places.at(base[0] - half, base[1]), places.at(base[0] + half, base[1])]
        for line in (upright, level, low):
            _paint_line(painter, line[0], line[1], WELL, dashed=True)
        left = min(level, key=QPointF.x) - QPointF(10, 0)
        self._note(self._tall, left, WELL, right=True)
        edge = places.at(x - half, limits.begins_y), places.at(x + half, limits.begins_y)
        right = max(edge, key=QPointF.x) + QPointF(10, 0)
        self._note(self._begins, right, SLUMP)

    def _paint_face(self, painter: QPainter, places: Places, limits: Limits) -> None:
        """The size of the head when tall, and the size at which slouching begins, around the head
        where it is now: only its size matters here."""
        now = head_of(self._pose).ears if self._pose is not None else limits.ears
        centre = places.at(*(now if was_seen(now) else limits.ears))
        scale = places.area.width() / places.size[0]
        reach, edge = 1.25 * limits.face_begins * scale, limits.face_begins * scale
        outer, inner = QPainterPath(), QPainterPath()
        outer.addEllipse(centre, reach, reach)
        inner.addEllipse(centre, edge, edge)
        _paint_band(painter, outer.subtracted(inner))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((CASING, 6.0), (WELL, 3.0)):
            style = Qt.PenStyle.DashLine if colour is WELL else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, wide, style, Qt.PenCapStyle.FlatCap))
            painter.drawEllipse(centre, limits.face * scale, limits.face * scale)
        self._note(self._tall, centre - QPointF(reach + 10, 0), WELL, right=True)
        self._note(self._begins, centre + QPointF(reach + 10, 0), SLUMP)

    def _paint_side(self, painter: QPainter, places: Places, limits: Limits) -> None:
        """Trunk and neck of sitting tall, drawn from the present hip and shoulder, and the wedge of
        slouching: angles are judged, not positions."""
        hip, base = (math.nan, math.nan), limits.shoulders
        radius = 0.0
        if self._pose is not None:
            hip, shoulder = flank_of(self._pose, limits.forward)
            base = shoulder if was_seen(shoulder) else base
            radius = head_of(self._pose).radius
        length = NECK * abs(complex(*limits.ears) - complex(*limits.shoulders))

        def end(degrees: float) -> ImagePoint:
            return along(base, degrees, limits.forward, length)

        steps = [
            limits.begins_deg + (limits.slump_deg - limits.begins_deg) * i / 8 for i in range(9)
        ]
        wedge = [places.at(*base), *(places.at(*end(each)) for each in steps)]
        _paint_band(painter, _closed(QPolygonF(wedge)))
        tip = places.at(*end(limits.tall_deg))
        _paint_line(painter, places.at(*base), tip, WELL, dashed=True)
        if was_seen(hip) and not math.isnan(limits.trunk_deg):
            trunk_px = abs(complex(*base) - complex(*hip))
            top = along(hip, limits.trunk_deg, limits.forward, trunk_px)
            _paint_line(painter, places.at(*hip), places.at(*top), WELL, dashed=True)
            now = SLUMP if self._beyond else LIGHT
            _paint_line(painter, places.at(*hip), places.at(*base), now)
        # The texts stand behind and in front of the head, clear of its ring.
        front = -limits.forward if places.mirrored else limits.forward
        clear = 0.0 if math.isnan(radius) else radius * places.area.width() / places.size[0]
        self._note(self._tall, tip - QPointF(front * (clear + 14.0), 0), WELL, right=front > 0)
        edge = places.at(*end((limits.begins_deg + limits.slump_deg) / 2))
        self._note(self._begins, edge + QPointF(front * 12.0, 0), SLUMP, right=front < 0)

    def _note(self, text: str, at: QPointF, colour: QColor, right: bool = False) -> None:
        """A text that begins at a point, or ends there if `right`; written on top of all else."""
        if text:
            self._notes.append((text, at, colour, right))

    def _write(
        self, painter: QPainter, text: str, at: QPointF, colour: QColor, right: bool
    ) -> None:
        """A text on a dark pill, kept inside the widget."""
        painter.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        wide, high = metrics.horizontalAdvance(text) + 20, metrics.height() + 6
        box = QRectF(at.x() - (wide if right else 0.0), at.y() - high / 2, wide, high)
        inside = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        box.moveLeft(max(inside.left(), min(inside.right() - wide, box.left())))
        box.moveTop(max(inside.top(), min(inside.bottom() - high, box.top())))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(CASING)
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _paint_line(
    painter: QPainter, start: QPointF, end: QPointF, colour: QColor, dashed: bool = False
) -> None:
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    cap = Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(CASING, 6.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(start, end)
    painter.setPen(QPen(colour, 3.0, style, cap))
    painter.drawLine(start, end)


def _closed(corners: QPolygonF) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(corners)
    path.closeSubpath()
    return path


def _paint_band(painter: QPainter, clip: QPainterPath) -> None:
    """A transparent fill with slanted lines."""
    painter.save()
    veil = QColor(SLUMP)
    veil.setAlpha(60)
    painter.fillPath(clip, veil)
    painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    veil.setAlpha(200)
    painter.setPen(QPen(veil, 2))
    box = clip.boundingRect()
    x = box.left() - box.height()
    lines = []
    while x < box.right():
        lines.append(QLineF(x, box.bottom(), x + box.height(), box.top()))
        x += 12
    painter.drawLines(lines)
    painter.restore()


def _paint_head(painter: QPainter, places: Places, pose: Pose, colour: QColor) -> None:
    """A ring around the head, a line through the shoulders, and the neck between them."""
    head = head_of(pose)
    ends = [places.at(*each) for each in (head.left, head.right) if was_seen(each)]
    middle = (ends[0] + ends[1]) / 2 if len(ends) == 2 else ends[0] if ends else None
    scale = places.area.width() / places.size[0]
    centre = places.at(*head.ears) if was_seen(head.ears) else None
    if len(ends) == 2:
        _paint_line(painter, ends[0], ends[1], colour)
    if centre is not None and not math.isnan(head.radius):
        radius = max(6.0, head.radius * scale)
        if middle is not None:
            neck = QLineF(centre, middle)
            start = neck.pointAt(min(1.0, radius / neck.length())) if neck.length() else middle
            _paint_line(painter, start, middle, colour)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, wide in ((CASING, 7.0), (colour, 3.5)):
            painter.setPen(QPen(ink, wide))
            painter.drawEllipse(centre, radius, radius)
    painter.setPen(QPen(CASING, 2))
    painter.setBrush(colour)
    for end in ends:
        painter.drawEllipse(end, 7.0, 7.0)
