"""Image files as a source of frames: one image, or the images of a folder in natural order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from posecheck.io.vision.animation import is_animated, open_animation
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import (
    CameraError,
    FrameChoice,
    Image,
    Source,
    as_image,
    read_reason,
    size_of,
)
from posecheck.pose import Frame

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


DEFAULT_FPS = 10.0
"""Pictures per second of a folder of images when the user gives no rate."""

LARGEST_FILE = 256 * 2**20
"""Bytes. No camera writes a larger picture."""

NAMES_TOLD = 3
"""So many images that were left out are named; the others are only counted."""


class Images(Source):
    """Image files. Grey, alpha and 16 bits become 8-bit BGR.

    The times are index / fps. Where the names are numbered and numbers are missing, so are their
    times. Images that cannot be read are left out, unless it is the only one or all are.

    fps  pictures per second; None for DEFAULT_FPS, which a remark tells
    """

    def __init__(self, paths: list[Path], fps: float | None, name: str) -> None:
        self._paths = paths
        self._unread: list[str] = []
        self._first_index, self._first = self._first_readable()
        super().__init__(name, size_of(self._first))
        self.fps = fps or DEFAULT_FPS
        self.frame_count = len(paths)
        self._steps, missing = numbered(paths)
        self._closed = False
        if fps is None and len(paths) > 1:
            self.remarks.append(
                f"{name} states no times: {DEFAULT_FPS:g} pictures a second were assumed. Give the "
                "true rate to analyze or batch with --fps."
            )
        if missing:
            self.remarks.append(f"In {name} these numbers are missing: {missing}.")

    def __iter__(self) -> Iterator[Frame]:
        choice = FrameChoice()
        for index in range(self._first_index, len(self._paths)):
            if self._closed:
                return
            t = (self._steps[index] - self._steps[self._first_index]) / (self.fps or 1)
            if choice.take(t, self.min_interval_s):
                image = self._first if index == self._first_index else self._read(index)
                if image is not None:
                    yield Frame(t, image)
            elif self.on_skip is not None:
                self.on_skip(t)
        self._tell_unread()

    def close(self) -> None:
        self._closed = True

    def _tell_unread(self) -> None:
        if self._unread and not self._closed:
            names = ", ".join(self._unread[:NAMES_TOLD])
            more = len(self._unread) - NAMES_TOLD
            told = f"{names} and {more} more" if more > 0 else names
            self.remarks.append(f"Left out because they cannot be read as images: {told}.")
            self._unread = []

    def _first_readable(self) -> tuple[int, Image]:
        """The first image that can be read. Raises CameraError when none can."""
        for index in range(len(self._paths)):
            try:
                return index, read_image(self._paths[index])
            except CameraError:
                if index == len(self._paths) - 1:
                    raise
                self._unread.append(self._paths[index].name)
        raise AssertionError("no images were given")

    def _read(self, index: int) -> Image | None:
        try:
            return read_image(self._paths[index])
        except CameraError:
            self._unread.append(self._paths[index].name)
            return None


def open_images(path: Path, fps: float | None = None, min_interval_s: float = 0.0) -> Source:
    """One image, an animated one, or a folder's images in natural order (2 before 10); other files
    are ignored.

    Raises CameraError when there is none.
    """
    if not path.is_dir():
        if is_animated(path):
            return open_animation(path, min_interval_s)
        return _sampled(Images([path], fps, path.name), min_interval_s)
    try:
        paths = sorted(filter(is_image, path.iterdir()), key=natural)
        paths = [each for each in paths if each.is_file()]  # a pipe would be waited for
    except OSError as error:
        raise CameraError(f"The folder {path} cannot be read: {read_reason(error)}.") from error
    if not paths:
        kinds = ", ".join(sorted(suffix[1:] for suffix in IMAGE_SUFFIXES))
        raise CameraError(f"The folder {path} holds no images ({kinds}).")
    name = path.name or path.absolute().name or str(path)
    return _sampled(Images(paths, fps, name), min_interval_s)


def _sampled(source: Source, min_interval_s: float) -> Source:
    source.min_interval_s = min_interval_s
    return source


_NUMBER = re.compile(r"(\d{1,15})(?=\D*$)")


def numbered(paths: Sequence[Path]) -> tuple[list[int], str]:
    """The place of each image in its series, from 0, and the numbers that are missing, in words.

    A series is names that differ only in their last number. Where most numbers follow each other,
    a gap is missing images; in other series (1, 11, 21, or random) the places are 0, 1, 2, ...
    """
    plain = list(range(len(paths)))
    found = [_NUMBER.search(path.stem) for path in paths]
    numbers = [int(match[1]) for match in found if match is not None]
    series = {
        (path.stem[: match.start()].casefold(), path.suffix.casefold())
        for path, match in zip(paths, found, strict=True)
        if match is not None
    }
    if len(numbers) < len(paths) or len(series) != 1:
        return plain, ""
    gaps = [(a + 1, b - 1) for a, b in pairwise(numbers) if b - a != 1]
    if len(gaps) > (len(paths) - 1) / 2 or any(b < a for a, b in gaps):
        return plain, ""
    told = [str(a) if a == b else f"{a} to {b}" for a, b in gaps]
    more = f" and {len(told) - NAMES_TOLD} more gaps" if len(told) > NAMES_TOLD else ""
    return [number - numbers[0] for number in numbers], ", ".join(told[:NAMES_TOLD]) + more


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
        if path.stat().st_size > LARGEST_FILE:
            raise CameraError(f"The image {path} cannot be read: it is too large.")
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
