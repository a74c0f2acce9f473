"""The pictures of the exercises, `routines/pictures/<exercise>.jpg`, and widgets to show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecheck.io.paths import data_folder
from posecheck.pose import SIDES, Side
from posecheck.ui.draw.picture import scaled_once

PICTURE_RADIUS = 14


def picture_of(exercise: str) -> Path | None:
    """The picture of an exercise; None for an exercise without one, which is only timed."""
    path = data_folder("routines") / "pictures" / f"{exercise}.jpg"
    return path if path.is_file() else None


@cache
def working_sides() -> Mapping[str, Side]:
    """Id of an exercise -> the side that works in its picture, from `routines/pictures/sides.json`.
    Exercises whose pictures show no working side are missing."""
    return {name: side for side in SIDES for name in _listed()[side]}


@cache
def two_ends() -> Mapping[str, Literal["beside", "above"]]:
    """Id of an exercise of repetitions -> how a still shows both ends of its movement, from
    `routines/pictures/sides.json`: beside each other for upright bodies, else one above the other.
    Circles, and exercises whose picture shows both ends already, are missing."""
    places: tuple[Literal["beside", "above"], ...] = ("beside", "above")
    return {name: place for place in places for name in _listed()["two_ends"][place]}


@cache
def _listed() -> Mapping[str, Any]:
    file = data_folder("routines") / "pictures" / "sides.json"
    read: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def read_picture(path: Path | None, width: int = 0) -> QImage:
    """Read a picture; with `width`, at that width in pixels: a small one takes a tenth of the time.
    The image is null when there is no file."""
    if path is None:
        return QImage()
    reader = QImageReader(str(path))
    size = reader.size()
    if 0 < width < size.width():
        reader.setScaledSize(QSize(width, round(size.height() * width / size.width())))
    return reader.read()


class Proportioned(QWidget):
    """A widget with a fixed ratio of width to height. `width` is its preferred width, pixels."""

    def __init__(self, ratio: float, width: int) -> None:
        super().__init__()
        self._ratio, self._width = ratio, width
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width / self._ratio)

    def sizeHint(self) -> QSize:
        return QSize(self._width, round(self._width / self._ratio))

    def paint_words(self, painter: QPainter, words: str) -> None:
        """Paint words instead of a picture."""
        place = QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(place, PICTURE_RADIUS, PICTURE_RADIUS)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(24, 24, -24, -24), flags, words)


class CoverPicture(Proportioned):
    """A picture with round corners that covers its place. It is decoration, without a text for a
    screen reader. The file is read when the widget is painted for the first time.

    ratio  width / height of the place. What does not fit at the edges of the picture is cut off
    """

    TALLEST = 260
    """Maximum height, pixels: a card over the whole width of a small screen must show its words."""

    def __init__(
        self, path: Path | None, ratio: float = 4 / 3, radius: int = PICTURE_RADIUS
    ) -> None:
        super().__init__(ratio, width=240)
        self._path, self._radius = path, radius
        self._image: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def heightForWidth(self, width: int) -> int:
        return min(self.TALLEST, super().heightForWidth(width))

    def reshape(self, ratio: float) -> None:
        """Change the ratio of width to height."""
        self._ratio = ratio
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        pixels = round(self.width() * self.devicePixelRatioF())
        if self._image is None or self._image.width() < min(pixels, 900):
            self._image = read_picture(self._path, 2 * pixels)
        if self._image.isNull():
            return
        with QPainter(self) as painter:
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            paint_cover(painter, QRectF(self.rect()), self._image, self._radius)


def paint_cover(
    painter: QPainter,
    place: QRectF,
    image: QImage,
    radius: float = PICTURE_RADIUS,
    scale_to: Callable[[QImage, int, int], QImage] | None = scaled_once,
) -> None:
    """Cover a place that has round corners with the middle of an image.

    scale_to  scales the image: `scaled_once` caches the result, `scaled_smoothly` is for an image
              that is painted once; None draws it as it is, which is faster for an image of a film
              that is hardly scaled
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    scale = max(place.width() / image.width(), place.height() / image.height())
    ratio = painter.device().devicePixelRatioF() if scale_to is not None else 1 / scale
    size = image.width() * scale * ratio, image.height() * scale * ratio
    shown = image if scale_to is None else scale_to(image, round(size[0]), round(size[1]))
    cut = QRectF(0, 0, place.width() * ratio, place.height() * ratio)
    cut.moveCenter(QPointF(shown.width() / 2, shown.height() / 2))
    path = QPainterPath()
    path.addRoundedRect(place, radius, radius)
    painter.setClipPath(path)
    painter.drawImage(place, shown, cut)
