"""Converts between the camera's pictures and Qt's images with few copies, and draws them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

Picture = NDArray[np.uint8]
"""A camera's picture: uint8 (height, width, 3), BGR."""


def image_of(picture: Picture) -> QImage:
    """A picture as a Qt image. It shares the memory of a contiguous picture."""
    picture = np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_BGR888)
    image.array = picture  # type: ignore[attr-defined]  # keeps the memory alive: QImage does not
    return image


def array_of(image: QImage) -> Picture:
    """A copy of a Qt image as a picture."""
    made = image.convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).copy()


def draw_camera(painter: QPainter, picture: Picture, at: QRectF, mirrored: bool) -> None:
    """Draw the picture scaled to a rectangle, flipped left to right when `mirrored`. It is scaled
    smoothly, because fast scaling tears thin limbs."""
    image = image_of(picture)
    whole = at.width() == image.width() and at.height() == image.height()
    if not whole:
        # Qt scales this format in half the time of the camera's format.
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
    draw_image(painter, image, at, mirrored)
    painter.restore()


def draw_image(painter: QPainter, image: QImage, at: QRectF, mirrored: bool) -> None:
    """Draw an image scaled to a rectangle, flipped left to right when `mirrored`."""
    painter.save()
    if mirrored:
        painter.translate(2 * at.center().x(), 0)
        painter.scale(-1, 1)
    painter.drawImage(at, image)
    painter.restore()


_scaled: dict[tuple[int, int, int], QImage] = {}
"""The pictures of exercises at the sizes in which they are drawn."""
_MAX_SCALED = 12
"""Number of pictures to keep: a session shows about ten, one at a time, and a page of choices about
six at once."""


def scaled_once(image: QImage, width: int, height: int) -> QImage:
    """The picture of an exercise at a size in device pixels, from a cache of the last ones."""
    key = (image.cacheKey(), width, height)
    if key not in _scaled:
        while len(_scaled) >= _MAX_SCALED:
            del _scaled[next(iter(_scaled))]
        _scaled[key] = scaled_smoothly(image, width, height).convertToFormat(
            QImage.Format.Format_RGB32
        )
    return _scaled[key]


def scaled_smoothly(image: QImage, width: int, height: int) -> QImage:
    """An image at a size in device pixels. Not cached: for images that are shown once."""
    keep = Qt.AspectRatioMode.IgnoreAspectRatio
    return image.scaled(width, height, keep, Qt.TransformationMode.SmoothTransformation)


def contained(box: QRectF, aspect: float) -> QRectF:
    """The largest rectangle with an aspect (width / height) that fits in the middle of a box,
    rounded to whole pixels."""
    width = min(box.width(), box.height() * aspect)
    height = width / aspect
    x, y = box.center().x() - width / 2, box.center().y() - height / 2
    return QRectF(round(x), round(y), max(1, round(width)), max(1, round(height)))
