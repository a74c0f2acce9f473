"""The annotation of a fault on the camera's picture: the limbs in its colour, and a callout with
its words and a scale beside the joint."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from posecheck.coach.scene import FaultAnnotation
from posecheck.pose import BONES, Joint
from posecheck.ui.draw.lettering import Lettering, advance, height_of, letter, split, write
from posecheck.ui.draw.skeleton import CASING_COLOUR, JOINT_PX, draw_cased_dots, draw_cased_lines
from posecheck.ui.draw.theme import Rgb, SceneColours

LIMB_PX = 11.0
"""Thickness of an annotated limb, pixels of the design."""
HEAD_JOINTS = (Joint.NOSE, Joint.LEFT_EYE, Joint.RIGHT_EYE, Joint.LEFT_EAR, Joint.RIGHT_EAR)

CALLOUT_LETTERS_PX = 34.0
"""Height of the letters, pixels of the design."""
SCALE_PX = 16.0
"""Thickness of the scale below the words, pixels of the design."""


def draw_annotation(
    painter: QPainter, points: dict[Joint, QPointF], annotation: FaultAnnotation, room: QRectF,
    unit: float, colours: SceneColours, size: float, place: CalloutPlace,
) -> None:  # fmt: skip
    """Draw the limbs of a fault thick and in its colour, and its callout beside the joint.

    points  the joints that were seen, on the surface
    room    the part of the picture that is free for the callout
    unit    size of one pixel of the design
    size    the same for letters
    place   remembers where the callout was drawn last
    """
    colour = colours.faults[annotation.severity]
    limbs = [
        (points[a], points[b])
        for line in annotation.lines
        for a, b in pairwise(line)
        if a in points and b in points
    ]
    draw_cased_lines(painter, limbs, unit * LIMB_PX, QColor(*colour), unit)
    ends = [points[joint] for line in annotation.lines for joint in line if joint in points]
    draw_cased_dots(painter, ends, unit * (JOINT_PX + 2), QColor(*colour), unit)
    if annotation.at not in points or not (annotation.words or not math.isnan(annotation.value)):
        return
    at = points[annotation.at]
    if annotation.severity == "stop":  # a ring tells a stop from an advice without colour
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, width in ((CASING_COLOUR, 9.0), (QColor(*colour), 5.0)):
            painter.setPen(QPen(pen, unit * width))
            painter.drawEllipse(at, unit * 30, unit * 30)
    _callout(painter, points, annotation, at, colour, room, unit, colours, size, place)


def _callout(
    painter: QPainter, points: dict[Joint, QPointF], annotation: FaultAnnotation, at: QPointF,
    colour: Rgb, room: QRectF, unit: float, colours: SceneColours, size: float,
    place: CalloutPlace,
) -> None:  # fmt: skip
    width, height = callout_size(annotation, size, room)
    box = place.choose(points, at, (width, height), room, 44 * unit)
    if box is None:
        return
    end = QPointF(min(max(at.x(), box.left()), box.right()),
                  min(max(at.y(), box.top()), box.bottom()))  # fmt: skip
    for pen, thick in ((CASING_COLOUR, 8.0), (QColor(*colour), 4.0)):
        painter.setPen(QPen(pen, unit * thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(at, end)
    painter.setBrush(QColor(*colours.card))
    painter.setPen(QPen(QColor(*colour), 4 * unit))
    radius = min(16 * unit, height / 3)
    painter.drawRoundedRect(box, radius, radius)
    words, scale = callout_parts(annotation, box, size, colours)
    if words is not None:
        write(painter, words)
    _scale(painter, annotation, scale, size, colours)


def callout_size(annotation: FaultAnnotation, size: float, room: QRectF) -> tuple[float, float]:
    """Width and height of the box, pixels: what words and scale need, limited by the room."""
    px = max(1, round(CALLOUT_LETTERS_PX * size))
    lines = _lines_of(annotation.words, px)
    wide = max(260 * size, *(advance(line, px, True) + 1 for line in lines), 0) + 44 * size
    tall = (height_of(px, len(lines)) + 8 * size if lines else 0.0) + (SCALE_PX + 54) * size
    return min(wide, 0.94 * room.width()), min(tall, 0.5 * room.height())


def _lines_of(words: str, px: int) -> tuple[str, ...]:
    """The lines of a callout. A comma separates the value from the wanted range: each gets a line
    of its own."""
    first, comma, second = words.partition(", ")
    return (first + ",", second) if comma else split(words, px, True) if words else ()


def callout_parts(
    annotation: FaultAnnotation, box: QRectF, size: float, colours: SceneColours
) -> tuple[Lettering | None, QRectF]:
    """The laid out words of a callout, None without words, and the place of its scale."""
    inner = box.adjusted(22 * size, 14 * size, -22 * size, -14 * size)
    if not annotation.words:
        return None, inner
    upper = QRectF(inner)
    upper.setHeight(inner.height() - (SCALE_PX + 22) * size - 4 * size)
    lines = _lines_of(annotation.words, max(1, round(CALLOUT_LETTERS_PX * size)))
    words = letter(
        "\n".join(lines),
        upper,
        CALLOUT_LETTERS_PX * size,
        colours.ink,
        bold=True,
        align="centre",
        rows=2,
    )
    inner.setTop(inner.bottom() - (SCALE_PX + 22) * size)
    return words, inner


class CalloutPlace:
    """Chooses the place of a callout: inside its room, off the face, over as little of the body as
    possible and near the joint. It stays in its last place unless another one is clearly better."""

    def __init__(self) -> None:
        self._before: tuple[float, float] | None = None

    def choose(
        self, points: dict[Joint, QPointF], at: QPointF, size: tuple[float, float], room: QRectF,
        away: float,
    ) -> QRectF | None:  # fmt: skip
        """The box of a callout; None when the room is too small for it.

        points  the joints that were seen
        at      the joint that the callout belongs to
        size    (width, height) of the box, pixels
        away    wanted distance to the joint, pixels
        """
        width, height = size
        if room.width() < width or room.height() < height:
            return None
        corners = self._corners(at, size, room, away)
        x, y = corners[:, :1], corners[:, 1:]
        face = face_of(points)
        wide = np.minimum(x + width, face.right()) - np.maximum(x, face.left())
        tall = np.minimum(y + height, face.bottom()) - np.maximum(y, face.top())
        over = np.clip(wide, 0, None) * np.clip(tall, 0, None)
        body = _along_bones(points)
        inside = (x < body[0]) & (body[0] < x + width) & (y < body[1]) & (body[1] < y + height)
        covered = inside.sum(axis=1, keepdims=True)
        gap_x = np.maximum(0, np.maximum(x - at.x(), at.x() - x - width))
        gap_y = np.maximum(0, np.maximum(y - at.y(), at.y() - y - height))
        cost = 1.2 * away * covered + np.abs(np.hypot(gap_x, gap_y) - away)
        cost += np.where(over > 0, 1e6 + over, 0)
        if self._before is not None:
            cost[-1] -= STAY_BONUS * away
        left, top = corners[int(cost.argmin())].tolist()
        self._before = (left - room.x(), top - room.y())
        return QRectF(left, top, width, height)

    def _corners(
        self, at: QPointF, size: tuple[float, float], room: QRectF, away: float
    ) -> NDArray[np.float64]:
        """Top left corners to choose from, (n, 2): rings round the joint, and the last place at the
        end."""
        angles, reaches = np.radians(np.arange(0, 360, 30)), np.array([1.0, 1.8, 3.0, 5.0, 8.0])
        far = away * np.repeat(reaches, len(angles))
        angles = np.tile(angles, len(reaches))
        x = at.x() + np.cos(angles) * (far + size[0] / 2) - size[0] / 2
        y = at.y() + np.sin(angles) * (far + size[1] / 2) - size[1] / 2
        if self._before is not None:
            x = np.append(x, room.x() + self._before[0])
            y = np.append(y, room.y() + self._before[1])
        x = np.clip(x, room.left(), room.right() - size[0])
        return np.stack([x, np.clip(y, room.top(), room.bottom() - size[1])], axis=1)


STAY_BONUS = 2.5
"""Cost that another place must save before the callout moves, in wanted distances to the joint. A
box that jumps while the body only trembles cannot be read."""


def _along_bones(points: dict[Joint, QPointF]) -> NDArray[np.float64]:
    """Points along the bones that were seen: x and y, (2, n)."""
    ends = [
        (points[a].x(), points[a].y(), points[b].x(), points[b].y())
        for a, b in BONES
        if a in points and b in points
    ]
    a = np.array(ends, np.float64).reshape(-1, 4, 1)
    part = np.linspace(0, 1, 7)
    return np.stack([
        (a[:, 0] + (a[:, 2] - a[:, 0]) * part).ravel(),
        (a[:, 1] + (a[:, 3] - a[:, 1]) * part).ravel(),
    ])  # fmt: skip


def face_of(points: dict[Joint, QPointF]) -> QRectF:
    """A box round the head, empty when none of its joints was seen. Half its width is 1.6 times the
    largest distance of a joint of the head from their centre, and at least 0.4 times the width of
    the shoulders and the length of the trunk."""
    seen = [points[joint] for joint in HEAD_JOINTS if joint in points]
    if not seen:
        return QRectF()
    x, y = sum(p.x() for p in seen) / len(seen), sum(p.y() for p in seen) / len(seen)
    spread = max(math.hypot(p.x() - x, p.y() - y) for p in seen)
    pairs = ((Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER), (Joint.LEFT_SHOULDER, Joint.LEFT_HIP),
             (Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP))  # fmt: skip
    body = (points[a] - points[b] for a, b in pairs if a in points and b in points)
    half = max(1.6 * spread, *(0.4 * math.hypot(d.x(), d.y()) for d in body), 1.0)
    return QRectF(x - half, y - 1.2 * half, 2 * half, 2.3 * half)


def _scale(
    painter: QPainter, annotation: FaultAnnotation, box: QRectF, unit: float, colours: SceneColours
) -> None:  # fmt: skip
    """Draw the allowed band on a line and the current value as a pointer to it."""
    low, high = annotation.reach
    if not high > low:
        return

    def at(value: float) -> float:
        return box.x() + box.width() * min(1.0, max(0.0, (value - low) / (high - low)))

    thick = min(SCALE_PX * unit, 0.5 * box.height())
    line = QRectF(box.x(), box.bottom() - thick, box.width(), thick)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*colours.track))
    painter.drawRoundedRect(line, thick / 2, thick / 2)
    left = at(low if annotation.low is None else annotation.low)
    band = QRectF(
        left, line.y(), at(high if annotation.high is None else annotation.high) - left, thick
    )
    painter.setBrush(QColor(*colours.states["active"]))
    painter.drawRoundedRect(band, thick / 2, thick / 2)
    if not math.isnan(annotation.value):
        x, half = at(annotation.value), 0.8 * thick
        x = min(max(x, box.x() + half), box.right() - half)
        painter.setPen(QPen(QColor(*colours.card), 2 * unit))
        painter.setBrush(QColor(*colours.ink))
        tip = line.center().y()
        painter.drawPolygon([
            QPointF(x - half, tip - 1.5 * thick), QPointF(x + half, tip - 1.5 * thick),
            QPointF(x, tip + 0.3 * thick),
        ])  # fmt: skip
