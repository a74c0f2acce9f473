"""The pictures of a short film, over and over, for a moving demonstration."""

from __future__ import annotations

from pathlib import Path

from posecheck.io.vision.opencv import cv2, open_file
from posecheck.io.vision.source import Image, as_image

SLOWEST_FPS, FASTEST_FPS = 5.0, 15.0
"""Limits of the rate at which a film is shown. A faster one costs more and tells no more."""


class FilmLoop:
    """Reads one picture at a time. Nothing is kept in memory: a picture takes less than a
    millisecond to decode, and a film of five seconds would take 30 MB.

    interval_s  seconds between two pictures
    """

    def __init__(self, path: Path) -> None:
        self._capture = open_file(path, threads=1)  # more cost more
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.interval_s = 1 / min(FASTEST_FPS, max(SLOWEST_FPS, rate or FASTEST_FPS))

    def next(self) -> Image | None:
        """The next picture, after the last one the first again; None when the file cannot be
        read."""
        read, image = self._capture.read()
        if not read:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            read, image = self._capture.read()
        return as_image(image) if read else None

    def close(self) -> None:
        self._capture.release()
