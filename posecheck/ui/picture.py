"""The camera's picture and Qt's: from one to the other without needless copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

Array = NDArray[np.uint8]


def image_of(picture: Array) -> QImage:
    """A BGR picture (height, width, 3) as Qt sees it, over the same memory where that is
    contiguous: valid only while the array lives."""
    picture = np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_BGR888)
    image.array = picture  # type: ignore[attr-defined]  # QImage does not keep the memory
    return image


def array_of(image: QImage) -> Array:
    """A copy of an image as a BGR picture (height, width, 3), uint8."""
    made = image.convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).copy()


def draw_camera(painter: QPainter, picture: Array, at: QRectF, mirrored: bool) -> None:
    """The picture scaled to a rectangle, smoothly (the rough way tears thin limbs), flipped left to
    right when mirrored."""
    image = image_of(picture)
    painter.save()
    whole = at.width() == image.width() and at.height() == image.height()
    if not whole:
        # Qt scales this format in half the time that it takes for the camera's.
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
    if mirrored:
        painter.translate(2 * at.center().x(), 0)
        painter.scale(-1, 1)
    painter.drawImage(at, image)
    painter.restore()


_scaled: dict[tuple[int, int, int], QImage] = {}
"""Instruction pictures at the size they are drawn in; a session shows about ten, one at a time."""
_KEPT = 12


def scaled(image: QImage, width: int, height: int) -> QImage:
    """An instruction picture at a size in pixels of the device, scaled once and kept."""
    key = (image.cacheKey(), width, height)
    if key not in _scaled:
        while len(_scaled) >= _KEPT:
            del _scaled[next(iter(_scaled))]
        keep, smooth = (
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        made = image.scaled(width, height, keep, smooth)
        _scaled[key] = made.convertToFormat(QImage.Format.Format_RGB32)
    return _scaled[key]


def contained(box: QRectF, aspect: float) -> QRectF:
    """The largest rectangle of an aspect (width / height) in the middle of a box, on whole
    pixels."""
    width = min(box.width(), box.height() * aspect)
    height = width / aspect
    x, y = box.center().x() - width / 2, box.center().y() - height / 2
    return QRectF(round(x), round(y), max(1, round(width)), max(1, round(height)))
