"""The two ways to draw a body: over the camera's picture, and as a small figure in a box.

Both draw the joints that were seen and the bones between them, and leave out the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from posecheck.pose import BONES, Joint, Pose
from posecheck.ui.draw.theme import BLACK, Rgb

CASING_COLOUR = QColor(*BLACK, 190)
"""Of the dark border of everything that is drawn over the camera's picture."""
BONE_COLOUR = QColor(250, 252, 255)

BONE_PX, CASING_PX, JOINT_PX = 5.0, 3.0, 7.0
"""Thickness of a bone, of the casing on each of its sides, and radius of a joint, pixels of the
design."""
_BONE_JOINTS = tuple(sorted({joint for bone in BONES for joint in bone}))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Maps the camera's picture to the surface that is drawn on.

    area      where the picture is drawn
    size      (width, height) of the camera's picture, pixels
    mirrored  whether it is drawn as in a mirror
    """

    area: QRectF
    size: tuple[int, int]
    mirrored: bool

    def at(self, x: float, y: float) -> QPointF:
        """The place on the surface of a pixel of the camera's picture."""
        across = x / self.size[0]
        share = 1 - across if self.mirrored else across
        area = self.area
        return QPointF(area.x() + share * area.width(), area.y() + y / self.size[1] * area.height())

    def joints(self, pose: Pose) -> dict[Joint, QPointF]:
        """The places of the joints that were seen."""
        return {joint: self.at(x, y) for joint, (x, y) in _seen_joints(pose).items()}


def _seen_joints(pose: Pose) -> dict[Joint, tuple[float, float]]:
    """The joints that were seen, pixels of the camera's picture."""
    return {
        Joint(index): (x, y)
        for index, (x, y) in enumerate(pose.px.tolist())
        if not (math.isnan(x) or math.isnan(y))
    }


# --- over the camera's picture ------------------------------------------------------------------


def draw_skeleton(
    painter: QPainter, points: Mapping[Joint, QPointF], unit: float, colour: Rgb
) -> None:
    """Draw bones and joints over the camera's picture: light lines in a dark casing, which stand
    out from any background, and joints in the `colour` of the state.

    points  the joints that were seen, as `Places.joints` gives them
    unit    size of one pixel of the design
    """
    bones = [(points[a], points[b]) for a, b in BONES if a in points and b in points]
    draw_cased_lines(painter, bones, unit * BONE_PX, BONE_COLOUR, unit)
    joints = [points[joint] for joint in _BONE_JOINTS if joint in points]
    draw_cased_dots(painter, joints, unit * JOINT_PX, QColor(*colour), unit)


def draw_cased_lines(
    painter: QPainter, lines: Iterable[tuple[QPointF, QPointF]], width: float, colour: QColor,
    unit: float,
) -> None:  # fmt: skip
    """Draw lines of a `width`, each in a dark casing. All casings come first, so that none crosses
    a light line. Flat ends are drawn ten times as fast as round ones, and dots cover them."""
    drawn = [QLineF(a, b) for a, b in lines]
    for pen, thick in ((CASING_COLOUR, width + 2 * CASING_PX * unit), (colour, width)):
        painter.setPen(QPen(pen, thick, c=Qt.PenCapStyle.FlatCap))
        painter.drawLines(drawn)


def draw_cased_dots(
    painter: QPainter, dots: Iterable[QPointF], radius: float, colour: QColor, unit: float
) -> None:
    """Draw dots of a `radius`, each in a dark casing. Points of a round pen are cheaper than
    ellipses with a border, although each is drawn twice."""
    points = list(dots)
    for pen, thick in ((CASING_COLOUR, 2 * (radius + unit)), (colour, 2 * (radius - unit))):
        painter.setPen(QPen(pen, thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawPoints(points)


# --- a small figure -----------------------------------------------------------------------------

HEAD_RADIUS = 0.19
"""Of the drawn head, in trunk lengths."""
SMALL_BONE, MIN_SMALL_BONE_PX, MAX_SMALL_BONE_PX = 0.07, 3.5, 7.0
"""Thickness of a bone in trunk lengths, and its limits in pixels."""
MARKED_BONE = 1.7
"""Factor by which a marked limb is thicker, so that it differs by more than its colour."""
EARS = frozenset({Joint.LEFT_EAR, Joint.RIGHT_EAR})


def draw_small_skeleton(
    painter: QPainter,
    box: QRectF,
    pose: Pose,
    marked: Iterable[Sequence[Joint]],
    bone: QColor,
    mark: QColor,
    ground: QColor,
) -> None:
    """Draw a pose as large as the box allows, unmirrored. It serves the summary, which keeps no
    picture of the user. Nothing is drawn when fewer than two joints were seen.

    marked  chains of joints to mark: thick, with a ring at each joint
    bone    colour of the bones and the head
    mark    colour of the marked chains
    ground  colour inside the rings
    """
    placed = _places_in(box, pose)
    if placed is None:
        return
    at, trunk = placed
    thin = max(MIN_SMALL_BONE_PX, min(MAX_SMALL_BONE_PX, trunk * SMALL_BONE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(bone, thin))
    for a, b in BONES:
        if a in at and b in at and not EARS & {a, b}:
            painter.drawLine(at[a], at[b])
    if (head := _head(at)) is not None:
        painter.setBrush(bone)
        painter.drawEllipse(head, trunk * HEAD_RADIUS, trunk * HEAD_RADIUS)
    for chain in marked:
        points = [at[joint] for joint in chain if joint in at]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(mark, thin * MARKED_BONE))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(ground)
        painter.setPen(_pen(mark, thin * 0.7))
        for point in points:
            painter.drawEllipse(point, thin * 1.1, thin * 1.1)


def _pen(colour: QColor, width: float) -> QPen:
    style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour, width, style, cap, join)


def _places_in(box: QRectF, pose: Pose) -> tuple[dict[Joint, QPointF], float] | None:
    """The places of the seen joints in a box, and the length of the trunk there, pixels; None when
    fewer than two joints of bones were seen."""
    seen = {joint: QPointF(x, y) for joint, (x, y) in _seen_joints(pose).items()}
    body = [point for joint, point in seen.items() if joint in _BONE_JOINTS]
    if len(body) < 2:
        return None
    around = QPolygonF(body).boundingRect()
    trunk = _trunk(seen) or max(around.width(), around.height()) / 3
    around = around.adjusted(*(trunk * HEAD_RADIUS * k for k in (-0.6, -0.6, 0.6, 0.6)))
    scale = min(box.width() / around.width(), box.height() / around.height())
    middle = around.center()
    return {j: box.center() + (p - middle) * scale for j, p in seen.items()}, trunk * scale


def _trunk(at: Mapping[Joint, QPointF]) -> float:
    """Length of the trunk: the longer of the two flanks that were seen, 0 when none was."""
    flanks = ((Joint.LEFT_SHOULDER, Joint.LEFT_HIP), (Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP))
    return max((QLineF(at[a], at[b]).length() for a, b in flanks if a in at and b in at), default=0)


def _head(at: Mapping[Joint, QPointF]) -> QPointF | None:
    """Centre of the head: between the ears, or the ear that was seen; None without an ear."""
    ears = [at[ear] for ear in (Joint.LEFT_EAR, Joint.RIGHT_EAR) if ear in at]
    if not ears:
        return None
    return QPointF(sum(p.x() for p in ears) / len(ears), sum(p.y() for p in ears) / len(ears))
