"""Paints a `Scene` and the camera's picture on a window, an image or a frame of a video.

The painter draws and decides nothing: the scene says what is shown and for how long. The colour of
the frame, an icon and a word show the state together. Only the picture and the skeleton in it are
mirrored, never letters.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from posecheck.coach.scene import Scene
from posecheck.pose import Side
from posecheck.ui.draw.arrangement import arrange
from posecheck.ui.draw.callout import CalloutPlace, draw_annotation
from posecheck.ui.draw.film_layout import arrange_film
from posecheck.ui.draw.icons import draw_icon
from posecheck.ui.draw.lettering import write
from posecheck.ui.draw.outline import draw_outline
from posecheck.ui.draw.panel import INSTRUCTION_ASPECT, RING_WIDTH
from posecheck.ui.draw.picture import Picture, contained, draw_camera, draw_image, scaled_once
from posecheck.ui.draw.sheet import CORNER_RADIUS, GAP, Arrangement, RoundedBox, Words, number_of
from posecheck.ui.draw.skeleton import Places, draw_skeleton
from posecheck.ui.draw.theme import Rgb, SceneColours

Pictures = Callable[[str, Side | None], QImage | None]
"""Id of an exercise and its working side -> its instruction picture, as a camera would see it, or
None."""

FULL_BONES_PX = 620.0
"""Height (or width, if smaller) of a drawn camera picture on which bones have the size of the
design."""

MIN_SURFACE_PX = 32
"""Nothing is drawn on a smaller surface, because nothing could be read."""
MAX_CALLOUT_SCALE = 1.25
"""Maximum scale of the letters of a callout. Larger ones would hide the body."""
FILM_CALLOUT_SCALE = 0.8
"""Scale of the callouts of a video, which is not viewed from three metres."""

_place = CalloutPlace()
"""Remembers the place of the last callout, so that the next one stays there."""


def no_pictures(exercise: str, side: Side | None) -> QImage | None:
    """For painting without instruction pictures."""
    return None


def paint(
    painter: QPainter,
    size: QSize | QRectF,
    image: Picture | None,
    scene: Scene,
    *,
    colours: SceneColours,
    pictures: Pictures = no_pictures,
    mirrored: bool = True,
    font_scale: float = 1.0,
    film: bool = False,
) -> None:
    """Draw a scene.

    size        of the surface, or the part of it to draw on, logical pixels
    image       the camera's picture, BGR, unmirrored; None for none. It is not copied
    colours     of the scene
    pictures    gives the instruction picture
    mirrored    whether the camera's picture is drawn as in a mirror
    font_scale  of all letters, 1 to 2
    film        use the arrangement of a video: the picture fills the surface
    """
    whole = size if isinstance(size, QRectF) else QRectF(0, 0, size.width(), size.height())
    if min(whole.width(), whole.height()) < MIN_SURFACE_PX:
        return
    painter.save()
    painter.translate(whole.topLeft())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = scene.exercise and not film
    instruction = pictures(scene.exercise, scene.working) if shown else None
    page = arrangement_of(
        whole.size(),
        _aspect(image, scene),
        scene,
        colours,
        instruction is not None,
        font_scale,
        film,
    )
    if not film or image is None:
        painter.fillRect(QRectF(0, 0, whole.width(), whole.height()), QColor(*colours.ground))
    if page.camera is not None:
        _camera(painter, page, image, scene, colours, mirrored, font_scale, film)
    _boxes(painter, page.boxes)
    _shares(painter, page, scene, colours)
    if page.picture is not None and instruction is not None:
        # Beside a mirror image, the instruction picture is mirrored too, so that both turn the same
        # way. Without a working side it stays as it is in the list of exercises.
        turned = mirrored and scene.working is not None
        _instruction(painter, page, instruction, colours, turned, moves=scene.shows_motion)
    for icon in page.icons:
        draw_icon(painter, icon.display_state, icon.rect, icon.colour)
    for text in page.texts:
        write(painter, text)
    _frame(painter, whole, page.frame, colours.states[scene.display_state])
    painter.restore()


def rendered(
    size: QSize,
    image: Picture | None,
    scene: Scene,
    *,
    colours: SceneColours,
    pictures: Pictures = no_pictures,
    mirrored: bool = True,
    font_scale: float = 1.0,
    film: bool = False,
) -> QImage:
    """A new image (RGB32) with what `paint` draws. Call `gui_application` before."""
    made = QImage(size, QImage.Format.Format_RGB32)
    made.fill(QColor(*colours.ground))
    with QPainter(made) as painter:  # ended also by a signal: else the image dies before it
        paint(
            painter, size, image, scene, colours=colours, pictures=pictures, mirrored=mirrored,
            font_scale=font_scale, film=film,
        )  # fmt: skip
    return made


def arrangement_of(
    size: QSizeF, aspect: float, scene: Scene, colours: SceneColours, picture: bool,
    font_scale: float, film: bool,
) -> Arrangement:  # fmt: skip
    """The arrangement of a scene.

    aspect   of the camera's picture, width / height; 0 for none
    picture  whether there is an instruction picture
    """
    words, number = Words.of(scene, picture), number_of(colours)
    if film:
        return arrange_film(size.width(), size.height(), words, number, font_scale)
    return arrange(size.width(), size.height(), aspect, words, number, font_scale)


def _aspect(image: Picture | None, scene: Scene) -> float:
    if image is not None:
        return float(image.shape[1] / image.shape[0])
    return scene.pose.size[0] / scene.pose.size[1] if scene.pose is not None else 0.0


def _camera(
    painter: QPainter, page: Arrangement, image: Picture | None, scene: Scene,
    colours: SceneColours, mirrored: bool, font_scale: float, film: bool,
) -> None:  # fmt: skip
    """Draw the camera's picture and everything that is placed in it."""
    assert page.camera is not None
    aspect = _aspect(image, scene)
    area = contained(page.camera, aspect) if aspect else page.camera
    if image is not None:
        draw_camera(painter, image, area, mirrored)
    else:
        painter.fillRect(area, QColor(*colours.card))
        if scene.pose is None:
            side = 0.4 * min(area.width(), area.height())
            at = QRectF(0, 0, side, side)
            at.moveCenter(area.center())
            draw_icon(painter, scene.display_state, at, colours.muted)
    size = scene.pose.size if scene.pose is not None else _size(image)
    places, colour = Places(area, size, mirrored), colours.states[scene.display_state]
    unit = max(0.4, min(area.width(), area.height()) / FULL_BONES_PX)
    painter.save()
    painter.setClipRect(area)
    if scene.outline is not None:
        draw_outline(painter, scene.outline, places, unit, colour)
    if scene.pose is not None:
        points = places.joints(scene.pose)
        draw_skeleton(painter, points, unit, colour)
        if scene.annotation is not None:
            inset = 12 * unit
            letters = (
                unit * min(font_scale, MAX_CALLOUT_SCALE) * (FILM_CALLOUT_SCALE if film else 1.0)
            )
            free = area.adjusted(inset, inset, -inset, -inset)
            room = page.room.intersected(free) if page.room is not None else free
            draw_annotation(painter, points, scene.annotation, room, unit, colours, letters, _place)
    painter.restore()
    if not film:
        _round_off(painter, area, page.unit * CORNER_RADIUS, colours.ground)


def _size(image: Picture | None) -> tuple[int, int]:
    return (16, 9) if image is None else (image.shape[1], image.shape[0])


def _round_off(painter: QPainter, area: QRectF, radius: float, ground: Rgb) -> None:
    """Paint over the corners of a picture. Clipping the picture itself would leave jagged edges."""
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


def _boxes(painter: QPainter, boxes: list[RoundedBox]) -> None:
    for box in boxes:
        painter.setPen(QPen(QColor(*box.edge), 2) if box.edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*box.colour, box.alpha))
        painter.drawRoundedRect(box.rect, box.radius, box.radius)


def _shares(painter: QPainter, page: Arrangement, scene: Scene, colours: SceneColours) -> None:
    """Draw how much of the set and of the session is done, which changes with every frame."""
    if page.ring is not None:
        _ring(painter, page.ring, scene.share, colours.states[scene.display_state], colours)
    if page.steps is not None:
        _steps(painter, page.steps, scene, page.unit, colours)


def _ring(
    painter: QPainter, square: QRectF, share: float, colour: Rgb, colours: SceneColours
) -> None:
    """Draw the done share of the set, clockwise from the top. NaN draws nothing."""
    thick = RING_WIDTH * square.width()
    box = square.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(*colours.track), thick))
    painter.drawEllipse(box)
    part = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
    if part > 0:
        painter.setPen(QPen(QColor(*colour), thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, -round(part * 360 * 16))


def _instruction(
    painter: QPainter, page: Arrangement, picture: QImage, colours: SceneColours, mirrored: bool,
    *, moves: bool,
) -> None:  # fmt: skip
    """Draw the instruction picture. One that stays is scaled once; one that `moves` each time."""
    assert page.picture is not None
    aspect = picture.width() / picture.height() if picture.height() else INSTRUCTION_ASPECT
    box = contained(page.picture, aspect)
    if moves:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    else:
        ratio = painter.device().devicePixelRatioF()
        picture = scaled_once(picture, round(box.width() * ratio), round(box.height() * ratio))
    draw_image(painter, picture, box, mirrored)
    _round_off(painter, box, min(page.unit * CORNER_RADIUS * 0.7, box.height() / 6), colours.card)


def _steps(
    painter: QPainter, row: QRectF, scene: Scene, unit: float, colours: SceneColours
) -> None:
    """Draw a segment for each set, filled by its done share. The current one has a border."""
    count = len(scene.steps)
    gap = min(0.5 * GAP * unit, 0.25 * row.width() / count)
    width = (row.width() - gap * (count - 1)) / count
    radius = min(row.height(), width) / 2
    for index, share in enumerate(scene.steps):
        box = QRectF(row.x() + index * (width + gap), row.y(), width, row.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*colours.track))
        painter.drawRoundedRect(box, radius, radius)
        part = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
        if part > 0:
            filled = QRectF(box)
            filled.setWidth(max(min(width, row.height()), width * part))
            colour = colours.states[scene.display_state] if index == scene.now else colours.muted
            painter.setBrush(QColor(*colour))
            painter.drawRoundedRect(filled, radius, radius)
        if index == scene.now:
            more = 3 * unit
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(*colours.ink), max(1.0, 2.5 * unit)))
            edge = box.adjusted(-more, -more, more, more)
            painter.drawRoundedRect(edge, radius + more, radius + more)


def _frame(painter: QPainter, whole: QRectF, thick: float, colour: Rgb) -> None:
    width, height, ink = whole.width(), whole.height(), QColor(*colour)
    thick = max(1.0, round(thick))
    painter.fillRect(QRectF(0, 0, width, thick), ink)
    painter.fillRect(QRectF(0, height - thick, width, thick), ink)
    painter.fillRect(QRectF(0, 0, thick, height), ink)
    painter.fillRect(QRectF(width - thick, 0, thick, height), ink)
