"""Animated WebP and PNG files as a source of frames.

ffmpeg reads only the first picture of an animated WebP. OpenCV decodes a stretch of its pictures at
a time, which it has to begin from the first one.
"""

from __future__ import annotations

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
    as_image,
    read_reason,
    size_of,
)
from posecheck.io.vision.video import Video
from posecheck.pose import Frame

STRETCH_BYTES = 128 * 2**20
"""Decoded pictures in memory at a time; at least one."""

LARGEST_FILE = 2**30
"""Bytes of a file; it is held in memory as a whole."""

SHORTEST_S = 0.011
"""Players show a picture with a shorter time for 0.1 s: 0 once meant "as fast as possible"."""


class Animation(Source):
    """An animated WebP. The times are the sums of its pictures' durations. Raises CameraError,
    also for one that is cut off: OpenCV then decodes nothing of it.

    stretch_bytes  decoded pictures in memory at a time; at least one
    """

    def __init__(
        self, path: Path, min_interval_s: float = 0.0, stretch_bytes: int = STRETCH_BYTES
    ) -> None:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise CameraError(f"{path} cannot be read: an animated picture is not so large.")
            self._data = np.frombuffer(path.read_bytes(), np.uint8)
        except OSError as error:
            raise CameraError(f"{path} cannot be read: {read_reason(error)}.") from error
        first = self._stretch(0, 1)
        if not first:
            raise CameraError(
                f"The animated picture {path} cannot be read: it is cut off or damaged."
            )
        image, self._first_s = first[0]
        super().__init__(path.name, size_of(image))
        self.min_interval_s = min_interval_s
        width, height = self.size
        self._length = max(1, stretch_bytes // (4 * width * height))
        self.fps = 1 / self._first_s
        # Each picture has a chunk of this name.
        self.frame_count = bytes(self._data).count(b"ANMF") or None
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        t, start, choice = 0.0, 0, FrameChoice()
        while not self._closed and (stretch := self._stretch(start, self._length)):
            for image, seconds in stretch:
                if self._closed:
                    return
                if choice.take(t, self.min_interval_s):
                    yield Frame(t, image)
                elif self.on_skip is not None:
                    self.on_skip(t)
                t += seconds
            start += len(stretch)

    def close(self) -> None:
        self._closed = True

    def _stretch(self, start: int, length: int) -> list[tuple[Image, float]]:
        """Pictures from `start` on with the seconds that each is shown; none behind the last."""
        try:
            found, animation = cv2.imdecodeanimation(self._data, start=start, count=length)
        except cv2.error:  # damaged
            return []
        if not found:
            return []
        return [
            (_bgr(frame), ms / 1000 if ms / 1000 >= SHORTEST_S else 0.1)
            for frame, ms in zip(animation.frames, animation.durations, strict=False)
        ]


def _bgr(frame: NDArray[np.generic]) -> Image:
    return as_image(frame[..., :3])


def is_animated(path: Path) -> bool:
    """Whether an image file holds several pictures."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return False
    return _is_webp(head) or _is_png(head)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and bool(head[20] & 2)


def _is_png(head: bytes) -> bool:
    """The chunk that says so stands directly behind the header in all files of known programs."""
    return head[:8] == b"\x89PNG\r\n\x1a\n" and b"acTL" in head


def open_animation(path: Path, min_interval_s: float = 0.0) -> Source:
    """An animated WebP or PNG. Raises CameraError."""
    with path.open("rb") as file:
        webp = _is_webp(file.read(64))
    return Animation(path, min_interval_s) if webp else Video(path, min_interval_s)
