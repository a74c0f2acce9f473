"""The annotated video, written with whatever codec this OpenCV has.

Frames are painted by the painter of the window, in its arrangement for films, in memory. OpenCV
reports neither a full disk nor a codec that gave up, so the finished file is looked at before it
takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecheck.coach.compose import scene_of
from posecheck.coach.pipeline import FrameResult
from posecheck.coach.scene import Scene
from posecheck.io.output import OutputError, replacing
from posecheck.io.requirements import SystemProblem
from posecheck.io.system_libraries import missing_library
from posecheck.io.vision.opencv import cv2, file_name

CODECS = ("avc1", "mp4v")
FPS = 15.0
"""For a source that does not say its own."""

Paint = Callable[[NDArray[np.uint8], Scene], NDArray[np.uint8]]


@contextmanager
def annotating(
    path: Path, size: tuple[int, int], fps: float | None, phrases: Mapping[str, str]
) -> Iterator[Callable[[FrameResult], None]]:
    """Writes `path` (mp4): the function it gives paints one moment after the other. OutputError
    when no codec works or the disk does not take it, SystemProblem when nothing can be painted on
    this machine."""
    paint = painting()
    painted = 0
    with replacing(path) as part:
        writer = _writer(part, size, fps or FPS)

        def paint_next(moment: FrameResult) -> None:
            nonlocal painted
            scene = scene_of(moment.view, moment.screen, moment.pose, phrases)
            picture = paint(moment.frame.image, scene)
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


def painting() -> Paint:
    """What paints a scene on a frame: a new picture of the same size, BGR. Qt is loaded here, for
    only a film needs it; SystemProblem says what to install where that fails."""
    try:
        from PySide6.QtCore import QSize

        from posecheck.ui.application import gui_application
        from posecheck.ui.draw.painter import rendered
        from posecheck.ui.draw.picture import array_of
        from posecheck.ui.draw.theme import DARK
    except ImportError as error:
        again = f"Qt cannot be loaded ({error}): install posecheck again."
        advice = missing_library(error) or again
        raise SystemProblem(f"No annotated video can be painted. {advice}") from error
    gui_application(headless=True)

    def paint(frame: NDArray[np.uint8], scene: Scene) -> NDArray[np.uint8]:
        size = QSize(frame.shape[1], frame.shape[0])
        return array_of(rendered(size, frame, scene, look=DARK, mirrored=False, bare=True))

    return paint


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
