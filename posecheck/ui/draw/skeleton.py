"""A body as a small figure in a box: for a summary, where no picture of the person is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from posecheck.pose import BONES, Joint, Pose

HEAD = 0.19
"""Radius of the drawn head in trunk lengths."""
LINE, THINNEST, THICKEST = 0.07, 3.5, 7.0
"""Thickness of a bone in trunk lengths, and its limits in pixels."""
MARKED = 1.7
"""A marked limb is so many times thicker: it differs not by colour alone."""
EARS = frozenset({Joint.LEFT_EAR, Joint.RIGHT_EAR})


def draw_skeleton(
    painter: QPainter,
    box: QRectF,
    pose: Pose,
    marked: Iterable[Sequence[Joint]],
    bone: QColor,
    mark: QColor,
    ground: QColor,
) -> None:
    """Draw the seen joints of a pose as large as the box allows, unmirrored, with some chains of
    joints marked: thick, with a ring of `ground` at each joint."""
    placed = _places(pose, box)
    if placed is None:
        return
    at, trunk = placed
    thin = max(THINNEST, min(THICKEST, trunk * LINE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(bone, thin))
    for a, b in BONES:
        if a in at and b in at and not EARS & {a, b}:
            painter.drawLine(at[a], at[b])
    if (head := _head(at)) is not None:
        painter.setBrush(bone)
        painter.drawEllipse(head, trunk * HEAD, trunk * HEAD)
    for chain in marked:
        points = [at[joint] for joint in chain if joint in at]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(mark, thin * MARKED))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(ground)
        painter.setPen(_pen(mark, thin * 0.7))
        for point in points:
            painter.drawEllipse(point, thin * 1.1, thin * 1.1)


def _pen(colour: QColor, width: float) -> QPen:
    style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour, width, style, cap, join)


def _places(pose: Pose, box: QRectF) -> tuple[dict[int, QPointF], float] | None:
    """Where the seen joints lie in a box, and the trunk's length there; None for no body."""
    seen: dict[int, QPointF] = {
        j: QPointF(*pose.px[j].tolist()) for j in Joint if pose.px[j, 0] == pose.px[j, 0]
    }
    used = {index for bone in BONES for index in bone}
    body = [point for index, point in seen.items() if index in used]
    if len(body) < 2:
        return None
    around = QPolygonF(body).boundingRect()
    trunk = _trunk(seen) or max(around.width(), around.height()) / 3
    around = around.adjusted(*(trunk * HEAD * k for k in (-0.6, -0.6, 0.6, 0.6)))
    scale = min(box.width() / around.width(), box.height() / around.height())
    middle = around.center()
    return {i: box.center() + (p - middle) * scale for i, p in seen.items()}, trunk * scale


def _trunk(at: Mapping[int, QPointF]) -> float:
    """The longer of the two flanks that were seen, 0 where none was."""
    flanks = ((Joint.LEFT_SHOULDER, Joint.LEFT_HIP), (Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP))
    return max((QLineF(at[a], at[b]).length() for a, b in flanks if a in at and b in at), default=0)


def _head(at: Mapping[int, QPointF]) -> QPointF | None:
    """Between the ears, or the one that was seen."""
    ears = [at[ear] for ear in (Joint.LEFT_EAR, Joint.RIGHT_EAR) if ear in at]
    if not ears:
        return None
    return QPointF(sum(p.x() for p in ears) / len(ears), sum(p.y() for p in ears) / len(ears))
