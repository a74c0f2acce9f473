"""The preview of a camera while the user chooses one. Nothing of it is stored.

A thread opens the source and keeps only the newest picture. The next source waits until the one
before it has been released. `stop` releases the camera; `release` also waits until it is free.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread, main_thread

import numpy as np
from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent

from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.pacing import in_real_time
from posecheck.pose import Frame
from posecheck.ui.draw.picture import contained, scaled_smoothly
from posecheck.ui.widgets.pictures import Proportioned, paint_cover

Preview = Callable[[str], Source]
"""Opens the source that a text names, as `posecheck.io.vision.camera.open_source`. Raises
CameraError."""

MAX_PREVIEW_HZ = 15.0
"""Pictures per second. Enough for the user to find a place in the picture, and half the work of the
camera's own rate."""

MAX_PREVIEW_WIDTH = 960
"""Maximum width of a picture, pixels. The preview is never larger on the screen."""


class _Grabber(QObject):
    """A source and its thread.

    before    thread of the source before, which must end first
    mirrored  whether a camera's picture is shown as in a mirror, now

    arrived  `take` would give a new picture
    failed   the source cannot be read: a sentence for the user
    """

    arrived = Signal()
    failed = Signal(str)

    def __init__(
        self,
        open_source: Callable[[], Source],
        before: Thread | None,
        mirrored: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._mirrored = mirrored
        self._open_source = open_source
        self._before = before
        self._lock = Lock()
        self._newest: QImage | None = None
        self._stop = Event()
        self.thread_ = Thread(target=self._grab, name="preview")

    def start(self) -> None:
        self.thread_.start()

    def stop(self) -> None:
        self._stop.set()

    def take(self) -> QImage | None:
        """The newest picture; None when it was taken already."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def _grab(self) -> None:
        if self._before is not None:
            self._before.join()
        if self._stop.is_set():
            return
        try:
            with self._open_source() as source:
                self._show(source)
        except CameraError as error:
            if not self._stop.is_set():
                self.failed.emit(str(error))

    def _show(self, source: Source) -> None:
        shown_t = -1.0
        for frame in source if source.live else in_real_time(source, self._stop):
            if self._stop.is_set() or not main_thread().is_alive():
                return
            if frame.t - shown_t < 1 / MAX_PREVIEW_HZ and shown_t >= 0:
                continue
            shown_t = frame.t
            image = _as_picture(frame, mirrored=source.live and self._mirrored())
            with self._lock:
                waiting, self._newest = self._newest is not None, image
            if not waiting:
                self.arrived.emit()


def _as_picture(frame: Frame, mirrored: bool) -> QImage:
    """The picture of a frame, flipped left to right when `mirrored`."""
    pixels = frame.image[:, ::-1] if mirrored else frame.image
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_BGR888)
    if width > MAX_PREVIEW_WIDTH:
        return image.scaledToWidth(MAX_PREVIEW_WIDTH, Qt.TransformationMode.SmoothTransformation)
    return image.copy()  # a copy, because the array owns the pixels


REOPEN_MS = 2000
"""Time until a source that failed is opened again. A camera may come back, as in a session."""


class CameraPreview(Proportioned):
    """Shows the picture of a source. A source that fails is opened again until the preview is
    stopped or hidden.

    preview   opens the sources
    mirrored  whether a camera's picture is shown as in a mirror; a film's is not

    trouble  there is no picture: a sentence that says why
    seen     there is a picture
    """

    trouble = Signal(str)
    seen = Signal()

    def __init__(self, phrases: Mapping[str, str], preview: Preview) -> None:
        super().__init__(16 / 9, width=480)
        self.mirrored = True
        self._waiting = phrases["ui_camera_opening"]
        self._words = phrases["ui_camera_off"]
        self._off = self._words
        self._preview = preview
        self._grabber: _Grabber | None = None
        self._thread: Thread | None = None
        self._image: QImage | None = None
        self.setAccessibleName(phrases["ui_camera_preview"])
        self.setMinimumWidth(220)
        self._spec = ""
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(REOPEN_MS)
        self._again.timeout.connect(lambda: self._open(self._spec))

    def show_source(self, spec: str) -> None:
        """Show the source that `spec` names, after the one before has been released."""
        self.stop()
        self._words = self._waiting
        self._open(spec)
        self.update()

    def _open(self, spec: str) -> None:
        self._spec = spec
        open_source: Callable[[], Source] = lambda: self._preview(spec)  # noqa: E731
        if sys.platform == "darwin":
            try:
                source = self._preview(spec)  # macOS asks for permission in the main thread only
            except CameraError as error:
                self._fail(str(error))
                return
            open_source = lambda: source  # noqa: E731
        self._grabber = _Grabber(open_source, self._thread, lambda: self.mirrored)
        self._grabber.arrived.connect(self._arrived)
        self._grabber.failed.connect(self._fail)
        self.destroyed.connect(self._grabber.stop)
        self._thread = self._grabber.thread_
        self._grabber.start()

    @property
    def running(self) -> bool:
        """Whether a source is open, or may still be."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Release the source. It is free soon afterwards."""
        self._again.stop()
        if self._grabber is not None:
            self._grabber.arrived.disconnect(self._arrived)
            self._grabber.failed.disconnect(self._fail)
            self._grabber.stop()
        self._grabber, self._image, self._words = None, None, self._off
        self.update()

    def release(self) -> None:
        """Release the source and wait until it is free."""
        self.stop()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def hideEvent(self, event: QHideEvent) -> None:
        """Switch the camera off while its picture is not visible."""
        self.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        image = self._image
        with QPainter(self) as painter:
            if image is None:
                self.paint_words(painter, self._words)
            else:
                whole = contained(QRectF(self.rect()), image.width() / image.height())
                paint_cover(painter, whole, image, scale_to=scaled_smoothly)

    def _arrived(self) -> None:
        image = self._grabber.take() if self._grabber is not None else None
        if image is not None:
            self._image = image
            self.seen.emit()
            self.update()

    def _fail(self, why: str) -> None:
        self._image, self._words = None, self._off
        self._again.start()
        self.trouble.emit(why)
        self.update()
