"""What is drawn on the camera's picture: the skeleton, the mark of a fault, the outline to fill."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from posecheck.coach.scene import FaultAnnotation
from posecheck.pose import BONES, Joint, Pose
from posecheck.session.placement import Outline
from posecheck.ui.draw.icons import draw_figure
from posecheck.ui.draw.lettering import Lettering, advance, height_of, letter, split, write
from posecheck.ui.draw.theme import BLACK, WHITE, Colour, Theme

CASING = QColor(*BLACK, 190)
LIGHT = QColor(250, 252, 255)

BONE, LIMB = 5.0, 11.0
"""Thickness of a bone and of a limb that is marked; the casing adds CASE on both sides."""
CASE = 3.0
DOT = 7.0
HEAD = (Joint.NOSE, Joint.LEFT_EYE, Joint.RIGHT_EYE, Joint.LEFT_EAR, Joint.RIGHT_EAR)
_DRAWN = tuple(sorted({joint for bone in BONES for joint in bone}))

WORDS = 34.0
"""Size of the words of a callout."""
SCALE = 16.0
"""Thickness of the scale below them."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """From the camera's picture to the surface.

    area      where the picture is drawn
    size      (width, height) of the camera's picture, pixels
    mirrored  whether it is drawn as in a mirror
    """

    area: QRectF
    size: tuple[int, int]
    mirrored: bool

    def at(self, x: float, y: float) -> QPointF:
        """A place in the camera's picture, pixels, on the surface."""
        across = x / self.size[0]
        share = 1 - across if self.mirrored else across
        area = self.area
        return QPointF(area.x() + share * area.width(), area.y() + y / self.size[1] * area.height())

    def joints(self, pose: Pose) -> dict[Joint, QPointF]:
        """The joints that were seen."""
        return {
            Joint(index): self.at(x, y)
            for index, (x, y) in enumerate(pose.px.tolist())
            if x == x and y == y
        }


def draw_skeleton(
    painter: QPainter, points: dict[Joint, QPointF], unit: float, colour: Colour
) -> None:
    """Bones and joints that were seen: light lines in a dark casing, to be told from any
    background; joints in the colour of the state."""
    bones = [(points[a], points[b]) for a, b in BONES if a in points and b in points]
    _lines(painter, bones, unit * BONE, LIGHT, unit)
    dots = [points[joint] for joint in _DRAWN if joint in points]
    _dots(painter, dots, unit * DOT, QColor(*colour), unit)


def draw_mark(
    painter: QPainter, points: dict[Joint, QPointF], mark: FaultAnnotation, room: QRectF, unit:
    float, theme: Theme, size: float, place: CalloutPlace,
) -> None:  # fmt: skip
    """The limbs of a fault, thicker and in its colour, and its words beside the joint.

    room  the part of the picture that is free for the words
    unit  size of one pixel of the design; size  the same for letters
    """
    colour = theme.faults[mark.severity]
    limbs = [
        (points[a], points[b])
        for line in mark.lines
        for a, b in pairwise(line)
        if a in points and b in points
    ]
    _lines(painter, limbs, unit * LIMB, QColor(*colour), unit)
    ends = [points[joint] for line in mark.lines for joint in line if joint in points]
    _dots(painter, ends, unit * (DOT + 2), QColor(*colour), unit)
    if mark.at not in points or not (mark.words or mark.value == mark.value):
        return
    at = points[mark.at]
    if mark.severity == "stop":  # a stop is ringed: it is told from an advice without colour
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, width in ((CASING, 9.0), (QColor(*colour), 5.0)):
            painter.setPen(QPen(pen, unit * width))
            painter.drawEllipse(at, unit * 30, unit * 30)
    _callout(painter, points, mark, at, colour, room, unit, theme, size, place)


def _callout(
    painter: QPainter, points: dict[Joint, QPointF], mark: FaultAnnotation, at: QPointF, colour:
    Colour, room: QRectF, unit: float, theme: Theme, size: float, place: CalloutPlace,
) -> None:  # fmt: skip
    width, height = callout_size(mark, size, room)
    box = place.choose(points, at, (width, height), room, 44 * unit)
    if box is None:
        return
    end = QPointF(min(max(at.x(), box.left()), box.right()),
                  min(max(at.y(), box.top()), box.bottom()))  # fmt: skip
    for pen, thick in ((CASING, 8.0), (QColor(*colour), 4.0)):
        painter.setPen(QPen(pen, unit * thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(at, end)
    painter.setBrush(QColor(*theme.card))
    painter.setPen(QPen(QColor(*colour), 4 * unit))
    radius = min(16 * unit, height / 3)
    painter.drawRoundedRect(box, radius, radius)
    words, scale = callout_parts(mark, box, size, theme)
    if words is not None:
        write(painter, words)
    _scale(painter, mark, scale, size, theme)


def callout_size(mark: FaultAnnotation, size: float, room: QRectF) -> tuple[float, float]:
    """Width and height of the box: the words and the scale, but no more than its room."""
    px = max(1, round(WORDS * size))
    lines = _lines_of(mark.words, px)
    wide = max(260 * size, *(advance(line, px, True) + 1 for line in lines), 0) + 44 * size
    tall = (height_of(px, len(lines)) + 8 * size if lines else 0.0) + (SCALE + 54) * size
    return min(wide, 0.94 * room.width()), min(tall, 0.5 * room.height())


def _lines_of(words: str, px: int) -> tuple[str, ...]:
    """The value and what was wanted, each in a line of its own where a comma parts them."""
    first, comma, second = words.partition(", ")
    return (first + ",", second) if comma else split(words, px, True) if words else ()


def callout_parts(
    mark: FaultAnnotation, box: QRectF, size: float, theme: Theme
) -> tuple[Lettering | None, QRectF]:
    """The words of a callout and the place of its scale, in its box."""
    inner = box.adjusted(22 * size, 14 * size, -22 * size, -14 * size)
    if not mark.words:
        return None, inner
    upper = QRectF(inner)
    upper.setHeight(inner.height() - (SCALE + 22) * size - 4 * size)
    lines = _lines_of(mark.words, max(1, round(WORDS * size)))
    words = letter(
        "\n".join(lines), upper, WORDS * size, theme.ink, bold=True, align="centre", rows=2
    )
    inner.setTop(inner.bottom() - (SCALE + 22) * size)
    return words, inner


class CalloutPlace:
    """Where the box of a callout stands: inside its room, off the face, on as little of the body as
    possible, near the joint, and where it stood before unless another place is clearly better."""

    def __init__(self) -> None:
        self._before: tuple[float, float] | None = None

    def choose(
        self, points: dict[Joint, QPointF], at: QPointF, size: tuple[float, float], room: QRectF,
        away: float,
    ) -> QRectF | None:  # fmt: skip
        """The box; None when the room is too small for it. `away`: its distance to the joint."""
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
            cost[-1] -= STAY * away
        left, top = corners[int(cost.argmin())].tolist()
        self._before = (left - room.x(), top - room.y())
        return QRectF(left, top, width, height)

    def _corners(
        self, at: QPointF, size: tuple[float, float], room: QRectF, away: float
    ) -> NDArray[np.float64]:
        """Top left corners to choose from: rings round the joint, the corner of before last."""
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


STAY = 2.5
"""How much worse, in distances to the joint, the old place of a callout may be: boxes that jump
while the body only trembles cannot be read."""


def _along_bones(points: dict[Joint, QPointF]) -> NDArray[np.float64]:
    """Places along the bones that were seen, (2, n)."""
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
    """A box round the head, empty when nothing of it was seen. Its half width is the distance of
    the joints of the head, and at least 0.4 of the
    shoulders or the trunk."""
    seen = [points[joint] for joint in HEAD if joint in points]
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
    painter: QPainter, mark: FaultAnnotation, box: QRectF, unit: float, theme: Theme
) -> None:  # fmt: skip
    """The allowed band and the current value on a line: the band green with a border, the value a
    pointer."""
    low, high = mark.reach
    if not high > low:
        return

    def at(value: float) -> float:
        return box.x() + box.width() * min(1.0, max(0.0, (value - low) / (high - low)))

    thick = min(SCALE * unit, 0.5 * box.height())
    line = QRectF(box.x(), box.bottom() - thick, box.width(), thick)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*theme.track))
    painter.drawRoundedRect(line, thick / 2, thick / 2)
    left = at(low if mark.low is None else mark.low)
    band = QRectF(left, line.y(), at(high if mark.high is None else mark.high) - left, thick)
    painter.setBrush(QColor(*theme.looks["active"]))
    painter.drawRoundedRect(band, thick / 2, thick / 2)
    if mark.value == mark.value:
        x, half = at(mark.value), 0.8 * thick
        x = min(max(x, box.x() + half), box.right() - half)
        painter.setPen(QPen(QColor(*theme.card), 2 * unit))
        painter.setBrush(QColor(*theme.ink))
        tip = line.center().y()
        painter.drawPolygon([
            QPointF(x - half, tip - 1.5 * thick), QPointF(x + half, tip - 1.5 * thick),
            QPointF(x, tip + 0.3 * thick),
        ])  # fmt: skip


def draw_outline(
    painter: QPainter, outline: Outline, places: Places, unit: float, colour: Colour
) -> None:
    """Where to be: a dashed box and a figure as it should stand in it."""
    width, height = places.size
    corners = (places.at(outline.x0 * width, outline.y0 * height),
               places.at(outline.x1 * width, outline.y1 * height))  # fmt: skip
    box = QRectF(*corners).normalized()
    radius = min(36 * unit, box.width() / 4, box.height() / 4)
    painter.setBrush(QColor(*colour, 28))
    painter.setPen(QPen(CASING, 11 * unit))
    painter.drawRoundedRect(box, radius, radius)
    dashes = QPen(QColor(*WHITE), 6 * unit, c=Qt.PenCapStyle.FlatCap)
    dashes.setDashPattern([4, 2.4])
    painter.setPen(dashes)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, radius, radius)
    inner = box.adjusted(
        0.12 * box.width(), 0.08 * box.height(), -0.12 * box.width(), -0.08 * box.height()
    )
    # The figures have their left flank towards the camera as a mirror shows it, and lie on their
    # backs: who lies on the belly has the head at the other end.
    turned = outline.near is not None and (outline.near == "right") != outline.prone
    draw_figure(painter, outline.shape, inner, QColor(*WHITE, 110), turned == places.mirrored)


def _lines(
    painter: QPainter, lines: Iterable[tuple[QPointF, QPointF]], width: float, colour: QColor,
    unit: float,
) -> None:  # fmt: skip
    """All casings first, so that none crosses a light line. Flat ends are drawn ten times as fast
    as round ones, and dots lie on them."""
    drawn = [QLineF(a, b) for a, b in lines]
    for pen, thick in ((CASING, width + 2 * CASE * unit), (colour, width)):
        painter.setPen(QPen(pen, thick, c=Qt.PenCapStyle.FlatCap))
        painter.drawLines(drawn)


def _dots(
    painter: QPainter, dots: Iterable[QPointF], radius: float, colour: QColor, unit: float
) -> None:
    """Points of a round pen: cheaper than ellipses, twice as they are with a border."""
    places = list(dots)
    for pen, thick in ((CASING, 2 * (radius + unit)), (colour, 2 * (radius - unit))):
        painter.setPen(QPen(pen, thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawPoints(places)
