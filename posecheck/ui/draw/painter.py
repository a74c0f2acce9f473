"""The one painter: a `Scene` and the camera's picture on a window, an image or a frame of a film.

It draws and decides nothing: what is said and for how long it stays is in the scene. The state is
told by the colour of the frame, an icon and a word together. Only the picture and the skeleton in
it are mirrored, never letters.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from posecheck.coach.scene import Scene
from posecheck.pose import Side
from posecheck.ui.draw.arrangement import arrange
from posecheck.ui.draw.figure import CalloutPlace, Places, draw_mark, draw_outline, draw_skeleton
from posecheck.ui.draw.film_layout import arrange_bare
from posecheck.ui.draw.icons import draw_icon
from posecheck.ui.draw.lettering import write
from posecheck.ui.draw.panel import PICTURE, RING
from posecheck.ui.draw.picture import Picture, contained, draw_camera, draw_image, scaled
from posecheck.ui.draw.sheet import GAP, RADIUS, Arrangement, Card, Words, known
from posecheck.ui.draw.theme import Colour, Theme

Pictures = Callable[[str, Side | None], QImage | None]
"""Id of an exercise and its working side -> its instruction picture, as a camera would see it."""

FIGURE_PX = 620.0
"""Height (or width, if smaller) of a drawn camera picture in which bones have their full size."""

LEAST_PX = 32
"""Nothing is drawn on a smaller surface: nothing on it could be read."""
CALLOUT_SCALE = 1.25
"""Words at the body grow with the letters only so far, or they would hide the body."""
BARE_CALLOUT = 0.8
"""A film is not looked at from three metres."""

_place = CalloutPlace()
"""Remembers where the last callout stood; without effect but that the next one stays there."""


def no_pictures(exercise: str, side: Side | None) -> QImage | None:
    """For a painting without instruction pictures."""
    return None


def paint(
    painter: QPainter,
    size: QSize | QRectF,
    image: Picture | None,
    scene: Scene,
    *,
    look: Theme,
    pictures: Pictures = no_pictures,
    mirrored: bool = True,
    font_scale: float = 1.0,
    bare: bool = False,
) -> None:
    """Draw a moment.

    size        of the surface, or the part of it to draw on, logical pixels
    image       the camera's picture, BGR, unmirrored; None for none. It is not copied
    pictures    the instruction picture of an exercise on a side, None when there is none
    font_scale  of all letters, 1 to 2
    bare        as in a film: the picture fills the surface, the rest lies on it
    """
    whole = size if isinstance(size, QRectF) else QRectF(0, 0, size.width(), size.height())
    if min(whole.width(), whole.height()) < LEAST_PX:
        return
    painter.save()
    painter.translate(whole.topLeft())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = scene.exercise and not bare
    instruction = pictures(scene.exercise, scene.working) if shown else None
    page = arrangement_of(
        whole.size(), _aspect(image, scene), scene, look, instruction is not None, font_scale, bare
    )
    if not bare or image is None:
        painter.fillRect(QRectF(0, 0, whole.width(), whole.height()), QColor(*look.ground))
    if page.camera is not None:
        _camera(painter, page, image, scene, look, mirrored, font_scale, bare)
    _cards(painter, page.cards)
    _shares(painter, page, scene, look)
    if page.picture is not None and instruction is not None:
        # Beside a mirror, the person and the picture turn the same way. Without a side either way
        # is right, and the picture stays as it is in the list of exercises.
        turned = mirrored and scene.working is not None
        _instruction(painter, page, instruction, look, turned)
    for icon in page.icons:
        draw_icon(painter, icon.display_state, icon.rect, icon.colour)
    for text in page.texts:
        write(painter, text)
    _frame(painter, whole, page.frame, look.looks[scene.display_state])
    painter.restore()


def rendered(
    size: QSize,
    image: Picture | None,
    scene: Scene,
    *,
    look: Theme,
    pictures: Pictures = no_pictures,
    mirrored: bool = True,
    font_scale: float = 1.0,
    bare: bool = False,
) -> QImage:
    """The same as an image of its own (RGB32). It needs `gui_application`."""
    made = QImage(size, QImage.Format.Format_RGB32)
    made.fill(QColor(*look.ground))
    painter = QPainter(made)
    paint(
        painter, size, image, scene, look=look, pictures=pictures, mirrored=mirrored,
        font_scale=font_scale, bare=bare,
    )  # fmt: skip
    painter.end()
    return made


def arrangement_of(
    size: QSizeF, aspect: float, scene: Scene, look: Theme, picture: bool, font_scale: float,
    bare: bool,
) -> Arrangement:  # fmt: skip
    """Where everything stands; `aspect` of the camera's picture (0: none), `picture` whether there
    is an instruction picture."""
    words, theme = Words.of(scene, picture), known(look)
    if bare:
        return arrange_bare(size.width(), size.height(), words, theme, font_scale)
    return arrange(size.width(), size.height(), aspect, words, theme, font_scale)


def _aspect(image: Picture | None, scene: Scene) -> float:
    if image is not None:
        return float(image.shape[1] / image.shape[0])
    return scene.pose.size[0] / scene.pose.size[1] if scene.pose is not None else 0.0


def _camera(
    painter: QPainter, page: Arrangement, image: Picture | None, scene: Scene, look: Theme,
    mirrored: bool, font_scale: float, bare: bool,
) -> None:  # fmt: skip
    """The picture with everything that belongs to places in it."""
    assert page.camera is not None
    aspect = _aspect(image, scene)
    area = contained(page.camera, aspect) if aspect else page.camera
    if image is not None:
        draw_camera(painter, image, area, mirrored)
    else:
        painter.fillRect(area, QColor(*look.card))
        if scene.pose is None:
            side = 0.4 * min(area.width(), area.height())
            at = QRectF(0, 0, side, side)
            at.moveCenter(area.center())
            draw_icon(painter, scene.display_state, at, look.muted)
    size = scene.pose.size if scene.pose is not None else _size(image)
    places, colour = Places(area, size, mirrored), look.looks[scene.display_state]
    unit = max(0.4, min(area.width(), area.height()) / FIGURE_PX)
    painter.save()
    painter.setClipRect(area)
    if scene.outline is not None:
        draw_outline(painter, scene.outline, places, unit, colour)
    if scene.pose is not None:
        points = places.joints(scene.pose)
        draw_skeleton(painter, points, unit, colour)
        if scene.mark is not None:
            inset = 12 * unit
            letters = unit * min(font_scale, CALLOUT_SCALE) * (BARE_CALLOUT if bare else 1.0)
            free = area.adjusted(inset, inset, -inset, -inset)
            room = page.room.intersected(free) if page.room is not None else free
            draw_mark(painter, points, scene.mark, room, unit, look, letters, _place)
    painter.restore()
    if not bare:
        _round_off(painter, area, page.unit * RADIUS, look.ground)


def _size(image: Picture | None) -> tuple[int, int]:
    return (16, 9) if image is None else (image.shape[1], image.shape[0])


def _round_off(painter: QPainter, area: QRectF, radius: float, ground: Colour) -> None:
    """The corners of the picture, painted over: clipping the picture itself would be jagged."""
    left, top, side = area.left(), area.top(), 2 * radius
    right, bottom = area.right(), area.bottom()
    corners = QPainterPath()
    for x, y, box_x, box_y, angle in (
        (left, top, left, top, 90), (left, bottom, left, bottom - side, 180),
        (right, bottom, right - side, bottom - side, 270), (right, top, right - side, top, 0),
    ):  # fmt: skip
        corners.moveTo(x, y)
        corners.arcTo(box_x, box_y, side, side, angle, 90)
        corners.closeSubpath()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*ground))
    painter.drawPath(corners)


def _cards(painter: QPainter, cards: list[Card]) -> None:
    for card in cards:
        painter.setPen(QPen(QColor(*card.edge), 2) if card.edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*card.colour, card.alpha))
        painter.drawRoundedRect(card.rect, card.radius, card.radius)


def _shares(painter: QPainter, page: Arrangement, scene: Scene, look: Theme) -> None:
    """What moves from frame to frame: how much of the set and of the session is done."""
    if page.ring is not None:
        _ring(painter, page.ring, scene.share, look.looks[scene.display_state], look)
    if page.steps is not None:
        _steps(painter, page.steps, scene, page.unit, look)


def _ring(painter: QPainter, square: QRectF, share: float, colour: Colour, look: Theme) -> None:
    """What is done of the set, clockwise from the top."""
    thick = RING * square.width()
    box = square.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(*look.track), thick))
    painter.drawEllipse(box)
    part = min(1.0, max(0.0, share)) if share == share else 0.0
    if part > 0:
        painter.setPen(QPen(QColor(*colour), thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, -round(part * 360 * 16))


def _instruction(
    painter: QPainter, page: Arrangement, picture: QImage, look: Theme, mirrored: bool
) -> None:
    assert page.picture is not None
    aspect = picture.width() / picture.height() if picture.height() else PICTURE
    box = contained(page.picture, aspect)
    ratio = painter.device().devicePixelRatioF()
    made = scaled(picture, round(box.width() * ratio), round(box.height() * ratio))
    draw_image(painter, made, box, mirrored)
    _round_off(painter, box, min(page.unit * RADIUS * 0.7, box.height() / 6), look.card)


def _steps(painter: QPainter, row: QRectF, scene: Scene, unit: float, look: Theme) -> None:
    """One segment for each set: done, current (with a border, filled as far as it is), to come."""
    count = len(scene.steps)
    gap = min(0.5 * GAP * unit, 0.25 * row.width() / count)
    width = (row.width() - gap * (count - 1)) / count
    radius = min(row.height(), width) / 2
    for index, share in enumerate(scene.steps):
        box = QRectF(row.x() + index * (width + gap), row.y(), width, row.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*look.track))
        painter.drawRoundedRect(box, radius, radius)
        part = min(1.0, max(0.0, share)) if share == share else 0.0
        if part > 0:
            filled = QRectF(box)
            filled.setWidth(max(min(width, row.height()), width * part))
            colour = look.looks[scene.display_state] if index == scene.now else look.muted
            painter.setBrush(QColor(*colour))
            painter.drawRoundedRect(filled, radius, radius)
        if index == scene.now:
            more = 3 * unit
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(*look.ink), max(1.0, 2.5 * unit)))
            edge = box.adjusted(-more, -more, more, more)
            painter.drawRoundedRect(edge, radius + more, radius + more)


def _frame(painter: QPainter, whole: QRectF, thick: float, colour: Colour) -> None:
    width, height, ink = whole.width(), whole.height(), QColor(*colour)
    thick = max(1.0, round(thick))
    painter.fillRect(QRectF(0, 0, width, thick), ink)
    painter.fillRect(QRectF(0, height - thick, width, thick), ink)
    painter.fillRect(QRectF(0, 0, thick, height), ink)
    painter.fillRect(QRectF(width - thick, 0, thick, height), ink)
