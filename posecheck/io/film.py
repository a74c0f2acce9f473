"""The annotated video, written with whatever codec this OpenCV has.

OpenCV reports neither a full disk nor a codec that gave up, so the finished file is looked at
before it takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from posecheck.app import Moment
from posecheck.io.annotate import paint
from posecheck.io.opencv import cv2, file_name
from posecheck.io.output import OutputError, replacing

CODECS = ("avc1", "mp4v")
FPS = 15.0
"""For a source that does not say its own."""


@contextmanager
def annotating(
    path: Path, size: tuple[int, int], fps: float | None, phrases: Mapping[str, str]
) -> Iterator[Callable[[Moment], None]]:
    """Writes `path` (mp4): the function it gives paints one moment after the other. OutputError
    when no codec works or the disk does not take it."""
    painted = 0
    with replacing(path) as part:
        writer = _writer(part, size, fps or FPS)

        def paint_next(moment: Moment) -> None:
            nonlocal painted
            picture = paint(moment, phrases)
            if picture.shape[1::-1] != size:  # the images of a folder may differ
                picture = np.asarray(cv2.resize(picture, size), np.uint8)
            writer.write(picture)
            painted += 1

        try:
            yield paint_next
        finally:
            writer.release()
        # OpenCV does not say when the disk is full: the file shows it.
        written = cv2.VideoCapture(file_name(part), cv2.CAP_FFMPEG)
        whole = written.get(cv2.CAP_PROP_FRAME_COUNT) >= painted > 0
        written.release()
        if painted and not whole:
            raise OutputError(f"The video {path} could not be written. Is there room on the disk?")


def _writer(path: Path, size: tuple[int, int], fps: float) -> cv2.VideoWriter:
    for codec in CODECS:
        fourcc = cv2.VideoWriter.fourcc(*codec)
        writer = cv2.VideoWriter(file_name(path), cv2.CAP_FFMPEG, fourcc, fps, size)
        if writer.isOpened():
            return writer
        writer.release()
    raise OutputError(
        f"No video can be written to {path.parent}: the place cannot be written, or this OpenCV "
        f"has none of the codecs {', '.join(CODECS)}."
    )
