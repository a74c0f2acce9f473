"""The outline that shows the user where to be in the camera's picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from posecheck.session.placement import Outline
from posecheck.ui.draw.icons import draw_figure
from posecheck.ui.draw.skeleton import CASING_COLOUR, Places
from posecheck.ui.draw.theme import WHITE, Rgb


def draw_outline(
    painter: QPainter, outline: Outline, places: Places, unit: float, colour: Rgb
) -> None:
    """Draw a dashed box, and in it a figure in the posture to take."""
    width, height = places.size
    corners = (places.at(outline.x0 * width, outline.y0 * height),
               places.at(outline.x1 * width, outline.y1 * height))  # fmt: skip
    box = QRectF(*corners).normalized()
    radius = min(36 * unit, box.width() / 4, box.height() / 4)
    painter.setBrush(QColor(*colour, 28))
    painter.setPen(QPen(CASING_COLOUR, 11 * unit))
    painter.drawRoundedRect(box, radius, radius)
    dashes = QPen(QColor(*WHITE), 6 * unit, c=Qt.PenCapStyle.FlatCap)
    dashes.setDashPattern([4, 2.4])
    painter.setPen(dashes)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, radius, radius)
    inner = box.adjusted(
        0.12 * box.width(), 0.08 * box.height(), -0.12 * box.width(), -0.08 * box.height()
    )
    # The figures turn their left flank to the camera, as a mirror shows it, and lie on their backs.
    # A person who lies prone has the head at the other end.
    turned = outline.near is not None and (outline.near == "right") != outline.prone
    draw_figure(painter, outline.shape, inner, QColor(*WHITE, 110), turned == places.mirrored)
