"""Turns a stored picture into the one that every player shows.

A file may store pixels that are not square, and may ask for its pictures to be turned or mirrored.
Both change the angles of a body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from posecheck.io.vision.file_facts import UPRIGHT, Matrix
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import Image

WIDEST_PIXEL = 5.0
"""A pixel is at most this many times as wide as high, or as high as wide: DVDs have 1.46,
anamorphic film 2. More is damage, and the pixels are taken for square ones."""

_TURNS: dict[int, Matrix] = {
    90: (0.0, 1.0, -1.0, 0.0),
    180: (-1.0, 0.0, 0.0, -1.0),
    270: (0.0, -1.0, 1.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How the pictures of a file are shown.

    pixel_aspect  width of a stored pixel / its height
    matrix        as `posecheck.io.vision.file_facts.Matrix`
    """

    pixel_aspect: float = 1.0
    matrix: Matrix = UPRIGHT

    def of(self, image: Image) -> Image:
        """The picture as shown: contiguous, upright, with square pixels."""
        return _turned(_square(image, self.pixel_aspect), self.matrix)


def how_shown(capture: cv2.VideoCapture, matrix: Matrix | None) -> Shown:
    """How the pictures of an open file are shown; OpenCV then leaves them as they are stored.

    matrix  what the file's own headers say. OpenCV reports only the rotation of it, and of a mirror
            image half a turn
    """
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
    if matrix is None or not _mirrors(matrix):
        matrix = _TURNS.get(round(capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 360, UPRIGHT)
    wide, high = capture.get(cv2.CAP_PROP_SAR_NUM), capture.get(cv2.CAP_PROP_SAR_DEN)
    aspect = wide / high if wide > 0 and high > 0 else 1.0
    believable = math.isfinite(aspect) and 1 / WIDEST_PIXEL <= aspect <= WIDEST_PIXEL
    return Shown(aspect if believable else 1.0, matrix)


def _mirrors(matrix: Matrix) -> bool:
    a, b, c, d = matrix
    return a * d - b * c < 0


def _square(image: Image, aspect: float) -> Image:
    """The same picture with square pixels. It grows, so that no detail is lost."""
    height, width = image.shape[:2]
    size = round(width * max(1.0, aspect)), round(height * max(1.0, 1 / aspect))
    if size == (width, height):
        return image
    return cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _turned(image: Image, matrix: Matrix) -> Image:
    a, b, c, d = matrix
    sideways = abs(b) + abs(c) > abs(a) + abs(d)
    if sideways:
        image = cv2.transpose(image)  # type: ignore[assignment]
    across, down = (c < 0, b < 0) if sideways else (a < 0, d < 0)
    if across or down:
        code = -1 if across and down else 1 if across else 0
        image = cv2.flip(image, code)  # type: ignore[assignment]
    return image
