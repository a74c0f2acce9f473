"""Image files as a source of frames: one image, or the images of a folder in natural order."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import (
    CameraError,
    FrameChoice,
    Image,
    Source,
    read_reason,
    size_of,
)
from posecheck.pose import Frame

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


class Images(Source):
    """Image files with the times index / fps. Grey, alpha and 16 bits become 8-bit BGR."""

    def __init__(self, paths: list[Path], fps: float, name: str) -> None:
        self._first = read_image(paths[0])
        super().__init__(name, size_of(self._first))
        self.fps = fps
        self.frame_count = len(paths)
        self._paths = paths
        self._step = 1 / fps
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        choice = FrameChoice()
        for index, path in enumerate(self._paths):
            if self._closed:
                return
            t = index / (self.fps or 1)
            if choice.take(t, self.min_interval_s):
                yield Frame(t, read_image(path) if index else self._first)
            elif self.on_skip is not None:
                self.on_skip(t)

    def close(self) -> None:
        self._closed = True


def open_images(path: Path, fps: float) -> Images:
    """One image, or a folder's images in natural order (2 before 10); other files are ignored.

    Raises CameraError when there is none, ValueError unless `fps` is above 0.
    """
    if not (math.isfinite(fps) and fps > 0):
        raise ValueError(f"fps must be above 0, not {fps}")
    paths = [path]
    if path.is_dir():
        try:
            paths = sorted(filter(is_image, path.iterdir()), key=natural)
        except OSError as error:
            raise CameraError(f"The folder {path} cannot be read: {read_reason(error)}.") from error
    if not paths:
        kinds = ", ".join(sorted(suffix[1:] for suffix in IMAGE_SUFFIXES))
        raise CameraError(f"The folder {path} holds no images ({kinds}).")
    return Images(paths, fps, path.name or str(path))


def is_image(path: Path) -> bool:
    """Whether the name is that of a visible image file."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")


def natural(path: Path) -> list[tuple[int, str]]:
    """Sorting key in which runs of digits compare as numbers."""
    parts = re.findall(r"\d+|\D+", path.name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def read_image(path: Path) -> Image:
    """A contiguous picture, upright by its EXIF orientation. CameraError when unreadable."""
    try:
        # Not cv2.imread: on Windows it cannot open a path outside the system's code page.
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise CameraError(f"The image {path} cannot be read: {read_reason(error)}.") from error
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except cv2.error:
        image = None
    if image is None:
        raise CameraError(
            f"The image {path} cannot be read: it is damaged or not an image. "
            "Remove it or replace it, then start again."
        )
    return as_image(image)


def as_image(image: NDArray[np.generic]) -> Image:
    """The same picture as contiguous uint8."""
    return np.ascontiguousarray(image, dtype=np.uint8)
