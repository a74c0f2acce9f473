"""Icons for the display states, as lines in a unit square (x to the right, y down), and the figures
that show how to place the body."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QTransform,
)

from posecheck.coach.scene import DisplayState
from posecheck.session.placement import OutlineShape
from posecheck.ui.draw.theme import Rgb

Polyline = tuple[tuple[float, float], ...]


def _arc(x: float, y: float, radius: float, start: float, end: float) -> Polyline:
    """An arc of a circle between two angles, degrees clockwise from the right."""
    steps = max(6, round(abs(end - start) / 12))
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles)


_TICK: Polyline = ((0.1, 0.55), (0.4, 0.85), (0.9, 0.2))
_DOT: Polyline = ((0.5, 0.93), (0.5, 0.94))

ICON_LINES: Mapping[DisplayState, tuple[Polyline, ...]] = {
    "placing": (  # the corners of a picture around a person
        ((0.05, 0.28), (0.05, 0.05), (0.28, 0.05)), ((0.72, 0.05), (0.95, 0.05), (0.95, 0.28)),
        ((0.95, 0.72), (0.95, 0.95), (0.72, 0.95)), ((0.28, 0.95), (0.05, 0.95), (0.05, 0.72)),
        _arc(0.5, 0.34, 0.1, 0, 360), _arc(0.5, 0.8, 0.23, 180, 360),
    ),
    "ready": (((0.25, 0.1), (0.85, 0.5), (0.25, 0.9), (0.25, 0.1)),),
    "active": (_TICK,),
    "paused": (((0.5, 0.05), (0.5, 0.64)), _DOT),  # an exclamation mark
    "unseen": ((*_arc(0.5, 0.3, 0.24, 180, 400), (0.5, 0.56), (0.5, 0.66)), _DOT),
    "unchecked": (_arc(0.5, 0.5, 0.44, 0, 360), ((0.28, 0.5), (0.72, 0.5))),
    "rest": ((*_arc(0.46, 0.52, 0.42, -70, -340), *_arc(0.68, 0.36, 0.32, 60, 215)),),  # a moon
    "done": (((0.2, 0.98), (0.2, 0.06)), ((0.2, 0.1), (0.88, 0.1), (0.7, 0.33), (0.88, 0.56),
             (0.2, 0.56))),  # a flag
    "halted": (((0.3, 0.1), (0.3, 0.9)), ((0.7, 0.1), (0.7, 0.9))),
    "pain": (((0.6, 0.02), (0.22, 0.56), (0.5, 0.56), (0.4, 0.98), (0.8, 0.4), (0.52, 0.4),
             (0.6, 0.02)),),  # a flash
    "lost": (  # a camera, struck through
        ((0.04, 0.28), (0.66, 0.28), (0.66, 0.76), (0.04, 0.76), (0.04, 0.28)),
        ((0.66, 0.46), (0.96, 0.3), (0.96, 0.74), (0.66, 0.58)), ((0.1, 0.98), (0.84, 0.04)),
    ),
}  # fmt: skip

ICON_STROKE = 0.16
"""Thickness of the lines of an icon, in sides of its square."""

FIGURE_LIMB_WIDTH = 0.85
"""Thickness of a limb, in radii of the head."""

FigureLines = tuple[float, tuple[float, float, float], tuple[Polyline, ...]]
"""Width for a height of 1; the head (x, y, radius); the limbs. All in heights of the figure."""

FIGURE_LINES: Mapping[OutlineShape, FigureLines] = {
    "standing": (0.36, (0.18, 0.08, 0.07), (
        ((0.18, 0.17), (0.18, 0.54)), ((0.04, 0.52), (0.1, 0.22), (0.26, 0.22), (0.32, 0.52)),
        ((0.1, 0.98), (0.13, 0.54), (0.23, 0.54), (0.26, 0.98)),
    )),
    "standing_side": (0.36, (0.19, 0.08, 0.07), (
        ((0.17, 0.17), (0.15, 0.54), (0.16, 0.96), (0.28, 0.96)),
        ((0.17, 0.22), (0.19, 0.38), (0.26, 0.51)),
    )),
    "sitting_front": (0.56, (0.28, 0.1, 0.085), (
        ((0.28, 0.21), (0.28, 0.6)), ((0.12, 0.58), (0.15, 0.28), (0.41, 0.28), (0.44, 0.58)),
        ((0.1, 0.97), (0.12, 0.66), (0.28, 0.62), (0.44, 0.66), (0.46, 0.97)),
    )),
    "sitting": (0.62, (0.18, 0.1, 0.085), (
        ((0.18, 0.21), (0.16, 0.62), (0.48, 0.62), (0.5, 0.97), (0.6, 0.97)),
        ((0.18, 0.28), (0.28, 0.48), (0.44, 0.52)),
    )),
    "quadruped": (1.5, (1.36, 0.12, 0.11), (
        ((1.2, 0.22), (0.42, 0.24), (0.4, 0.94), (0.04, 0.94)), ((1.18, 0.24), (1.2, 0.94)),
    )),
    "lying": (3.4, (0.26, 0.55, 0.24), (
        ((0.58, 0.68), (1.7, 0.74), (2.5, 0.74), (3.28, 0.74)), ((3.28, 0.74), (3.3, 0.42)),
        ((0.74, 0.7), (1.1, 0.92), (1.6, 0.94)),
    )),
}  # fmt: skip


@lru_cache(maxsize=64)
def _polygons(
    lines: tuple[Polyline, ...], x: float, y: float, scale: float
) -> tuple[QPolygonF, ...]:
    return tuple(QPolygonF([QPointF(x + a * scale, y + b * scale) for a, b in li]) for li in lines)


def draw_icon(painter: QPainter, display_state: DisplayState, box: QRectF, colour: Rgb) -> None:
    """Draw the icon of a state in the largest square in the middle of the box."""
    side = min(box.width(), box.height())
    at = box.center()
    _stroke(painter, QColor(*colour), side * ICON_STROKE)
    for polygon in _polygons(ICON_LINES[display_state], at.x() - side / 2, at.y() - side / 2, side):
        painter.drawPolyline(polygon)


def draw_figure(
    painter: QPainter, shape: OutlineShape, box: QRectF, colour: QColor, flipped: bool = False
) -> None:
    """Draw a figure as large as the box allows, facing the other way when `flipped`. Head and limbs
    are one surface, so that a transparent colour does not show where they overlap."""
    width, (x, y, radius), limbs = FIGURE_LINES[shape]
    scale = min(box.width() / width, box.height())
    left, top = box.center().x() - width * scale / 2, box.center().y() - scale / 2
    stroker = QPainterPathStroker()
    stroker.setWidth(scale * radius * FIGURE_LIMB_WIDTH)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    body = QPainterPath()
    body.setFillRule(Qt.FillRule.WindingFill)
    for polygon in _polygons(limbs, left, top, scale):
        line = QPainterPath()
        line.addPolygon(polygon)
        body.addPath(stroker.createStroke(line))
    body.addEllipse(QPointF(left + x * scale, top + y * scale), radius * scale, radius * scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    turn = QTransform(-1, 0, 0, 1, 2 * box.center().x(), 0) if flipped else QTransform()
    painter.drawPath(turn.map(body))


def _stroke(painter: QPainter, colour: QColor, width: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, round_cap, round_join))
