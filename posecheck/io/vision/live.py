"""Live sources for a guided session: files played in real time, and a camera that reconnects.

A lost camera does not end the frames: its last picture is repeated, marked as lost, until the
camera is found again. Times increase throughout.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np

from posecheck.io.vision.camera import open_source
from posecheck.io.vision.pacing import in_real_time
from posecheck.io.vision.source import CameraError, CameraLost, Image, Source
from posecheck.pose import Frame

SEARCH_INTERVAL_S = 1.0
"""Seconds between two attempts to open a lost camera."""
LOST_FRAME_S = 0.2
"""Seconds between two frames that only report the lost camera: keys must keep working."""
DROP_AFTER_S = 0.15
"""A frame of a file in real time is dropped when it is later than this."""
BETWEEN_S = 1.5
"""Seconds of black frames between two files: after more than a second of empty picture, the lock
accepts the next person as the subject at once."""
BETWEEN_FPS = 10.0
"""Rate of the black frames, and of files that state no rate."""


class Playlist(Source):
    """Video files or folders of images one after the other, as one source.

    specs  as `open_source` takes them; CameraError at construction when one cannot be opened
    paced  play in real time; False gives frames as fast as they are read
    """

    def __init__(self, specs: Sequence[str], paced: bool = True) -> None:
        self._specs = tuple(specs)
        sizes, remarks = [], []
        for spec in self._specs:  # now, so that the third does not fail after ten minutes
            with open_source(spec) as source:
                sizes.append((source.name, source.size, source.fps))
                remarks += source.remarks
        name, size, fps = sizes[0]
        super().__init__(name if len(sizes) == 1 else f"{name} and {len(sizes) - 1} more", size)
        self.fps = fps
        self.remarks += remarks
        self._paced = paced
        self._stop = Event()

    def __iter__(self) -> Iterator[Frame]:
        frames = self._joined()
        return in_real_time(frames, self._stop, DROP_AFTER_S) if self._paced else frames

    def close(self) -> None:
        self._stop.set()

    def _joined(self) -> Iterator[Frame]:
        """All frames, with times that continue from file to file."""
        start = 0.0
        black = np.zeros((self.size[1], self.size[0], 3), np.uint8)
        for index, spec in enumerate(self._specs):
            if index:
                for step in range(round(BETWEEN_S * BETWEEN_FPS)):
                    yield Frame(start + step / BETWEEN_FPS, black)
                start += BETWEEN_S
            with open_source(spec) as source:
                step_s = 1 / (source.fps or BETWEEN_FPS)
                last = start
                source.min_interval_s = self.min_interval_s
                for frame in source:
                    if self._stop.is_set():
                        return
                    last = start + frame.t
                    yield replace(frame, t=last)
                    source.min_interval_s = self.min_interval_s
            start = last + step_s


class ReconnectingSource(Source):
    """A camera or stream that is opened again after each loss. Meanwhile its last picture is
    repeated, as frames that are `lost`."""

    live = True

    def __init__(self, opened: Callable[[], Source]) -> None:
        """`opened` opens the camera, now and after each loss. CameraError when the first attempt
        fails.

        On macOS, construct it on the main thread, so that the system can ask for permission.
        """
        self._opened = opened
        first = opened()
        super().__init__(first.name, first.size)
        self.fps = first.fps
        self._stop = Event()
        self._source: Source | None = self._shown(first)

    def __iter__(self) -> Iterator[Frame]:
        began = time.perf_counter()
        last = Frame(0.0, np.zeros((self.size[1], self.size[0], 3), np.uint8))
        while not self._stop.is_set():
            offset = time.perf_counter() - began
            try:
                for frame in self._source or ():
                    last = replace(frame, t=max(offset + frame.t, last.t + 1e-3))
                    yield last
                    if self._source is not None:
                        self._source.min_interval_s = self.min_interval_s
            except CameraLost:
                pass
            if self._stop.is_set():
                return
            self._close_source()
            yield from self._find_again(began, last)

    def _find_again(self, began: float, last: Frame) -> Iterator[Frame]:
        """Lost frames until the camera is open again. A thread opens it: a driver may take seconds
        to refuse, and keys must keep working."""
        attempt: Future[Source] | None = None
        due = 0.0
        with ThreadPoolExecutor(1, thread_name_prefix="camera search") as search:
            try:
                while self._source is None and not self._stop.is_set():
                    now = time.perf_counter() - began
                    yield replace(last, t=max(now, last.t + 1e-3), lost=True)
                    if attempt is None and now >= due:
                        attempt = search.submit(self._opened)
                    if attempt is not None and attempt.done():
                        due, found, attempt = now + SEARCH_INTERVAL_S, _found(attempt), None
                        self._source = found and self._shown(found)
                    self._stop.wait(LOST_FRAME_S)
            finally:
                late = _found(attempt) if attempt is not None else None
                if late is not None:
                    late.close()

    def close(self) -> None:
        self._stop.set()
        self._close_source()

    def _shown(self, source: Source) -> Source:
        """The same source, whose pictures also go to this one's `on_frame`."""
        source.on_frame = self._show
        return source

    def _show(self, image: Image) -> None:
        if self.on_frame is not None:
            self.on_frame(image)

    def _close_source(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()


def _found(attempt: Future[Source]) -> Source | None:
    """The source that an attempt opened, None when it failed. Waits for the attempt."""
    try:
        return attempt.result()
    except CameraError:
        return None


def open_live(specs: Sequence[str], paced: bool = True) -> Source:
    """A source for a guided session: one camera or stream, or files that are played as if they
    were live. Raises CameraError."""
    if len(specs) == 1:
        first = open_source(specs[0])
        if first.live:
            return ReconnectingSource(_once(first, specs[0]))
        first.close()
    return Playlist(specs, paced)


def _once(first: Source, spec: str) -> Callable[[], Source]:
    """A function that first returns the open source, then opens `spec` again."""
    given = [first]

    def opened() -> Source:
        return given.pop() if given else open_source(spec)

    return opened
