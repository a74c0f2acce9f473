"""An open camera or stream, and the thread that keeps only its newest frame.

A consumer slower than the camera would otherwise lag further behind with each frame. `close` joins
the thread: a thread that is still inside OpenCV when the interpreter ends aborts the process.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from threading import Condition, Event, Thread, main_thread
from typing import Any, Protocol

import numpy as np

from posecheck.io.diagnosis.private import without_serial
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import (
    INTERVAL_SLACK_S,
    CameraLost,
    Image,
    Source,
    as_image,
    size_of,
)
from posecheck.pose import Frame

FRAME_TIMEOUT_S = 2.0
"""A live source that gives no frame for this long is lost."""

FAILED_READS = 10
"""This many failed reads in a row, READ_RETRY_S apart, mean a lost camera; single ones happen."""

READ_RETRY_S = 0.05

_JPEG_END = np.array([0xFF, 0xD9], np.uint8)

_logger = logging.getLogger("posecheck.camera")


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def grab(self) -> bool: ...

    def retrieve(self) -> tuple[bool, Any]: ...

    def release(self) -> None: ...


class LiveCapture(Source):
    """An opened capture and the thread that reads it.

    capture         released by `close`
    first           the first picture; `t` is of time.perf_counter(), and the times of all frames
                    count from it. time.monotonic() moves in steps of 16 ms on Windows before
                    Python 3.13
    name            what to call it in a text for the user
    fps             as the driver states it; None when it does not
    min_interval_s  as in `Source`
    interrupt       ends a read that waits in the capture, from any thread, at once
    after           called when the capture is released

    All frames have the size of the first. A picture of another size ends the iteration with
    CameraLost, because a calibration for the first size does not hold for it: the caller opens the
    source again.
    """

    live = True

    def __init__(
        self,
        capture: Capture,
        first: Frame,
        name: str,
        fps: float | None,
        min_interval_s: float,
        interrupt: Callable[[], None] = lambda: None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name, size_of(first.image))
        self.fps = fps
        self._capture = capture
        self._interrupt, self._after = interrupt, after
        self._start_s = first.t
        self.min_interval_s = min_interval_s
        self._grabbed_s = time.perf_counter()  # when the camera last gave a picture
        self._changed = Condition()
        self._newest: Frame | None = Frame(0.0, first.image)
        self._ended = False
        self._size_changed = False  # why it ended
        self._stop = Event()
        self._thread = Thread(target=self._keep_newest, name=f"camera {name}")
        self._thread.start()
        _logger.info("opened: %s, %dx%d", without_serial(name), *self.size)

    def __iter__(self) -> Iterator[Frame]:
        while not self._stop.is_set():
            with self._changed:
                self._wait_for_news()
                frame, self._newest = self._newest, None
            if frame is not None:
                yield frame
            elif not self._stop.is_set():
                _logger.warning("lost: %s", without_serial(self._trouble()))
                raise CameraLost(self._trouble())

    def stop(self) -> None:
        self._stop.set()
        self._interrupt()
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        self.stop()
        self._thread.join()

    def _trouble(self) -> str:
        if self._size_changed:
            return (
                f"{self.name} sends pictures of another size now, as a turned phone does. "
                "Open it again."
            )
        return (
            f"{self.name} stopped sending pictures. Check its cable or its app, and that "
            "no other program has taken it."
        )

    def _wait_for_news(self) -> None:
        """Wait for a picture, for the end, or until the camera has given nothing for
        FRAME_TIMEOUT_S. A long `min_interval_s` is not a silent camera."""
        while not self._changed.wait_for(self._has_news, FRAME_TIMEOUT_S):
            if time.perf_counter() - self._grabbed_s >= FRAME_TIMEOUT_S:
                return

    def _has_news(self) -> bool:
        return self._newest is not None or self._ended or self._stop.is_set()

    def _keep_newest(self) -> None:
        try:
            for frame in self._read():
                with self._changed:
                    self._newest = frame
                    self._changed.notify_all()
                if self.on_frame is not None:
                    self.on_frame(frame.image)
        finally:
            # Released by the thread that reads: a release during a read crashes.
            self._capture.release()
            self._after()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _read(self) -> Iterator[Frame]:
        """The frames as they come, until `close`, too many failed reads or a change of size."""
        failed, before_s = 0, 0.0
        # A program that ends without `close` waits for this thread, so the thread must end too.
        while failed < FAILED_READS and not self._stop.is_set() and main_thread().is_alive():
            found = self._capture.grab()
            now = time.perf_counter()
            t = now - self._start_s
            if found:
                self._grabbed_s = now
            # Read again for each frame: another thread may have shortened it.
            if found and t - before_s < self.min_interval_s - INTERVAL_SLACK_S:
                failed = 0
                continue
            image = _retrieve(self._capture) if found else None
            if image is None:
                failed += 1
                self._stop.wait(READ_RETRY_S)
                continue
            if size_of(image) != self.size:
                self._size_changed = True
                return
            failed, before_s = 0, t
            yield Frame(t, image)


def first_frame(capture: Capture, tries: int) -> Frame | None:
    """The first picture, at a time of time.perf_counter(); None when no read gives one."""
    for _ in range(tries):
        image = _retrieve(capture) if capture.grab() else None
        if image is not None:
            return Frame(time.perf_counter(), image)
    return None


def _retrieve(capture: Capture) -> Image | None:
    """The picture grabbed last; None when it is missing or damaged.

    A single row of bytes is an undecoded JPEG, as `open_stream` asks for. The orientation that the
    JPEG states is applied, and its end marker may be missing, as ffmpeg allows too.
    """
    found, data = capture.retrieve()
    if not found:
        return None
    if data.ndim > 2 or len(data) > 1:
        return as_image(data)
    try:
        image = cv2.imdecode(np.append(data, _JPEG_END), cv2.IMREAD_COLOR)
    except cv2.error:  # it states an impossible size
        return None
    return None if image is None else as_image(image)
