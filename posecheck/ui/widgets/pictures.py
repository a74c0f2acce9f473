"""The pictures of the exercises, `routines/pictures/<exercise>.jpg`, and widgets for pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecheck.io.paths import data_folder
from posecheck.pose import Side
from posecheck.ui.draw.picture import scaled

RADIUS = 14


def picture_of(exercise: str) -> Path | None:
    """The picture of an exercise; None when it has none (what is only timed)."""
    path = data_folder("routines") / "pictures" / f"{exercise}.jpg"
    return path if path.is_file() else None


@cache
def working_sides() -> Mapping[str, Side]:
    """Id of an exercise -> the side that works in its picture, as `routines/pictures/sides.json`
    has it; without those whose picture shows no working side."""
    file = data_folder("routines") / "pictures" / "sides.json"
    listed = json.loads(file.read_text(encoding="utf-8"))
    sides: tuple[Side, ...] = ("left", "right")
    return {name: side for side in sides for name in listed[side]}


def read_picture(path: Path | None, width: int = 0) -> QImage:
    """A picture, `width` pixels wide if it is given: a small one is read in a tenth of the time."""
    if path is None:
        return QImage()
    reader = QImageReader(str(path))
    size = reader.size()
    if 0 < width < size.width():
        reader.setScaledSize(QSize(width, round(size.height() * width / size.width())))
    return reader.read()


class Proportioned(QWidget):
    """As high as its width asks for. `ratio` is width to height, `width` what it likes to have."""

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
        """Fill it with words instead of a picture."""
        place = QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(place, RADIUS, RADIUS)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(24, 24, -24, -24), flags, words)


class Picture(Proportioned):
    """A picture with round corners that fills its place; it is decoration and says nothing.

    `ratio` is width to height; the middle of the picture is shown. It is read when it is painted
    for the first time.
    """

    def __init__(self, path: Path | None, ratio: float = 4 / 3, radius: int = RADIUS) -> None:
        super().__init__(ratio, width=240)
        self._path, self._radius = path, radius
        self._image: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_file(self, path: Path | None) -> None:
        """Another picture, or none."""
        self._path, self._image = path, None
        self.setVisible(path is not None)
        self.update()

    def reshape(self, ratio: float) -> None:
        """Another ratio of width to height."""
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
    radius: float = RADIUS,
    scale_to: Callable[[QImage, int, int], QImage] = scaled,
) -> None:
    """Fill `place`, with round corners, with the middle of `image`, which `scale_to` brings to its
    size: `smooth` for an image that will not be painted again."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    scale = max(place.width() / image.width(), place.height() / image.height())
    ratio = painter.device().devicePixelRatioF()
    size = image.width() * scale * ratio, image.height() * scale * ratio
    shown = scale_to(image, round(size[0]), round(size[1]))
    cut = QRectF(0, 0, place.width() * ratio, place.height() * ratio)
    cut.moveCenter(QPointF(shown.width() / 2, shown.height() / 2))
    path = QPainterPath()
    path.addRoundedRect(place, radius, radius)
    painter.setClipPath(path)
    painter.drawImage(place, shown, cut)
