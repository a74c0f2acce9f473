"""The pictures of the exercises, `routines/pictures/<exercise>.jpg`, and their painting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecheck.io.paths import data_folder


def picture_of(exercise: str) -> Path | None:
    """The picture of an exercise; None when it has none (what is only timed)."""
    path = data_folder("routines") / "pictures" / f"{exercise}.jpg"
    return path if path.is_file() else None


def read_picture(path: Path | None, width: int = 0) -> QImage:
    """A picture, `width` pixels wide if it is given: a small one is read in a tenth of the time."""
    if path is None:
        return QImage()
    reader = QImageReader(str(path))
    size = reader.size()
    if 0 < width < size.width():
        reader.setScaledSize(QSize(width, round(size.height() * width / size.width())))
    return reader.read()


class Picture(QWidget):
    """A picture with round corners that fills its place; it is decoration and says nothing.

    `ratio` is width to height; the middle of the picture is shown. It is read when it is painted
    for the first time.
    """

    def __init__(self, path: Path | None, ratio: float = 4 / 3, radius: int = 14) -> None:
        super().__init__()
        self._path = path
        self._ratio, self._radius = ratio, radius
        self._image: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_file(self, path: Path | None) -> None:
        """Another picture, or none."""
        self._path, self._image = path, None
        self.setVisible(path is not None)
        self.update()

    def reshape(self, ratio: float) -> None:
        """Another ratio of width to height."""
        self._ratio = ratio
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width / self._ratio)

    def sizeHint(self) -> QSize:
        return QSize(240, round(240 / self._ratio))

    def paintEvent(self, _event: QPaintEvent) -> None:
        pixels = round(self.width() * self.devicePixelRatioF())
        if self._image is None or self._image.width() < min(pixels, 900):
            self._image = read_picture(self._path, 2 * pixels)
        if self._image.isNull():
            return
        with QPainter(self) as painter:
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            paint_cover(painter, QRectF(self.rect()), self._image, self._radius)


def paint_cover(painter: QPainter, place: QRectF, image: QImage, radius: float) -> None:
    """Fill `place`, with round corners, with the middle of `image`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    scale = max(place.width() / image.width(), place.height() / image.height())
    ratio = painter.device().devicePixelRatioF()
    shown = image.scaled(
        QSize(round(image.width() * scale * ratio), round(image.height() * scale * ratio)),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    cut = QRectF(0, 0, place.width() * ratio, place.height() * ratio)
    cut.moveCenter(QPointF(shown.width() / 2, shown.height() / 2))
    path = QPainterPath()
    path.addRoundedRect(place, radius, radius)
    painter.setClipPath(path)
    painter.drawImage(place, shown, cut)
