"""The camera's picture and Qt's: from one to the other without needless copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

Picture = NDArray[np.uint8]
"""A camera's picture: (height, width, 3), BGR."""


def image_of(picture: Picture) -> QImage:
    """A BGR picture (height, width, 3) as Qt sees it, over the same memory where that is
    contiguous: valid only while the array lives."""
    picture = np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_BGR888)
    image.array = picture  # type: ignore[attr-defined]  # QImage does not keep the memory
    return image


def array_of(image: QImage) -> Picture:
    """A copy of an image as a BGR picture (height, width, 3), uint8."""
    made = image.convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).copy()


def draw_camera(painter: QPainter, picture: Picture, at: QRectF, mirrored: bool) -> None:
    """The picture scaled to a rectangle, smoothly (the rough way tears thin limbs), flipped left to
    right when mirrored."""
    image = image_of(picture)
    whole = at.width() == image.width() and at.height() == image.height()
    if not whole:
        # Qt scales this format in half the time that it takes for the camera's.
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
    draw_image(painter, image, at, mirrored)
    painter.restore()


def draw_image(painter: QPainter, image: QImage, at: QRectF, mirrored: bool) -> None:
    """An image scaled to a rectangle, flipped left to right when mirrored."""
    painter.save()
    if mirrored:
        painter.translate(2 * at.center().x(), 0)
        painter.scale(-1, 1)
    painter.drawImage(at, image)
    painter.restore()


_scaled: dict[tuple[int, int, int], QImage] = {}
"""Pictures of exercises at the size they are drawn in: a session shows about ten, one at a time, a
page of choices about six at once."""
_KEPT = 12


def scaled(image: QImage, width: int, height: int) -> QImage:
    """A picture of an exercise at a size in pixels of the device, scaled once and kept."""
    key = (image.cacheKey(), width, height)
    if key not in _scaled:
        while len(_scaled) >= _KEPT:
            del _scaled[next(iter(_scaled))]
        _scaled[key] = smooth(image, width, height).convertToFormat(QImage.Format.Format_RGB32)
    return _scaled[key]


def smooth(image: QImage, width: int, height: int) -> QImage:
    """An image at a size in pixels, which is not kept: for one that is shown once."""
    keep = Qt.AspectRatioMode.IgnoreAspectRatio
    return image.scaled(width, height, keep, Qt.TransformationMode.SmoothTransformation)


def contained(box: QRectF, aspect: float) -> QRectF:
    """The largest rectangle of an aspect (width / height) in the middle of a box, on whole
    pixels."""
    width = min(box.width(), box.height() * aspect)
    height = width / aspect
    x, y = box.center().x() - width / 2, box.center().y() - height / 2
    return QRectF(round(x), round(y), max(1, round(width)), max(1, round(height)))
