"""The annotated video, written with whatever codec this OpenCV has.

The painter of the window paints the frames in memory, in its arrangement for films. OpenCV reports
neither a full disk nor a codec that gave up, so the finished file is checked before it is moved to
its place.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecheck.coach.compose import scene_of
from posecheck.coach.pipeline import FrameResult
from posecheck.coach.scene import Scene
from posecheck.io.output import OutputError, replacing, writing
from posecheck.io.requirements import SystemProblem
from posecheck.io.results_folder import mark_video
from posecheck.io.system_libraries import missing_library
from posecheck.io.vision.opencv import cv2, file_name, open_file

CODECS = ("avc1", "mp4v")
DEFAULT_FPS = 15.0
"""Frame rate of the video when the source does not know its own."""

Paint = Callable[[NDArray[np.uint8], Scene], NDArray[np.uint8]]
"""Paints a scene on a frame, BGR: a new picture of the same size."""


@contextmanager
def annotating(
    path: Path,
    recorded: str,
    size: tuple[int, int],
    fps: float | None,
    phrases: Mapping[str, str],
) -> Iterator[Callable[[FrameResult], None]]:
    """Write an annotated video: call the function that this gives once for each frame, in order.

    path      of the video (mp4)
    recorded  what the video is of, as `recording_id`; it is written into the video
    size      (width, height) of the video, pixels
    fps       frames per second; None when the source does not know

    Raises OutputError when no codec works or the disk is full, and SystemProblem when this machine
    cannot paint."""
    paint = painting()
    painted = 0
    with replacing(path) as part:
        writer = _writer(part, size, fps or DEFAULT_FPS)

        def paint_next(result: FrameResult) -> None:
            nonlocal painted
            scene = scene_of(result.view, result.screen, result.pose, phrases)
            picture = paint(result.frame.image, scene)
            if picture.shape[1::-1] != size:  # images in a folder may differ in size
                picture = np.asarray(cv2.resize(picture, size), np.uint8)
            writer.write(picture)
            painted += 1

        try:
            yield paint_next
        finally:
            writer.release()
        # OpenCV does not report a full disk, but the file then has too few frames.
        written = open_file(part)
        whole = written.get(cv2.CAP_PROP_FRAME_COUNT) >= painted > 0
        written.release()
        if painted and not whole:
            raise OutputError(f"The video {path} could not be written. Is there room on the disk?")
        with writing(path):
            mark_video(part, recorded)


def painting() -> Paint:
    """The function that paints a scene on a frame. Loads Qt, which only a video needs here. Raises
    SystemProblem, which says what to install, when Qt cannot be loaded."""
    try:
        with _undisturbed():
            from PySide6.QtCore import QSize

            from posecheck.ui.application import gui_application
            from posecheck.ui.draw.painter import rendered
            from posecheck.ui.draw.picture import array_of
            from posecheck.ui.draw.theme import DARK_SCENE
    except ImportError as error:
        again = f"Qt cannot be loaded ({error}): install posecheck again."
        advice = missing_library(error) or again
        raise SystemProblem(f"No annotated video can be painted. {advice}") from error
    gui_application(headless=True)

    def paint(frame: NDArray[np.uint8], scene: Scene) -> NDArray[np.uint8]:
        size = QSize(frame.shape[1], frame.shape[0])
        painted = rendered(size, frame, scene, colours=DARK_SCENE, mirrored=False, film=True)
        return array_of(painted)

    return paint


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait until the block has ended: an import of Qt that one interrupts crashes the
    process when it ends."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _writer(path: Path, size: tuple[int, int], fps: float) -> cv2.VideoWriter:
    """A writer with the first codec that works. Raises OutputError."""
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
