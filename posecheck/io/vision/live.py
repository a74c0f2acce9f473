"""Live sources for a led session: paced files, a list of them, and a camera that may come and go.

What gives frames here never just ends in the middle: a lost camera goes on with its last picture,
marked as lost, until it is found again. Stamps always increase over all of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from posecheck.io.vision.camera import CameraError, CameraLost, Source, open_source
from posecheck.pose import Frame

RETRY_S = 1.0
"""Between two attempts to find a lost camera."""
TICK_S = 0.2
"""Between two frames that only say that the camera is lost: keys have to work meanwhile."""
LATE_S = 0.15
"""A frame of a paced file that is so late is left out, as a camera's would be."""
BETWEEN_S = 1.5
"""Black pictures between two files of a list: a picture that is empty for more than a second lets
the next person be taken for the subject at once."""
BETWEEN_FPS = 10.0
"""Of the black pictures, and of files that tell no rate."""


class Playlist(Source):
    """Video files or folders of images one after the other, as one source; paced in real time
    unless `paced` is False. Raises CameraError at construction when one cannot be opened."""

    def __init__(self, specs: Sequence[str], paced: bool = True) -> None:
        self._specs = tuple(specs)
        sizes = []
        for spec in self._specs:  # all at once: the third is not to fail after ten minutes
            with open_source(spec) as source:
                sizes.append((source.name, source.size, source.fps))
        name, size, fps = sizes[0]
        super().__init__(name if len(sizes) == 1 else f"{name} and {len(sizes) - 1} more", size)
        self.fps = fps
        self._paced = paced
        self._stop = Event()

    def __iter__(self) -> Iterator[Frame]:
        frames = self._joined()
        return self._in_time(frames) if self._paced else frames

    def close(self) -> None:
        self._stop.set()

    def _joined(self) -> Iterator[Frame]:
        """All frames with stamps that go on from file to file."""
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

    def _in_time(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        began = time.perf_counter()
        for frame in frames:
            wait = began + frame.t - time.perf_counter()
            if wait < -LATE_S:
                continue
            if wait > 0 and self._stop.wait(wait):
                return
            yield frame


class ReconnectingSource(Source):
    """A camera or stream that is opened again whenever it is lost. While it is gone its last
    picture goes on, as frames that are `lost`."""

    live = True

    def __init__(self, opened: Callable[[], Source]) -> None:
        """`opened` opens the camera, now and after each loss. CameraError when it cannot at first.

        On macOS construct it on the main thread, so that the system can ask for permission.
        """
        self._opened = opened
        first = opened()
        super().__init__(first.name, first.size)
        self.fps = first.fps
        self._stop = Event()
        self._source: Source | None = self._mirrored(first)

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
        """Lost frames until the camera is there again. It is looked for in a thread: a driver may
        take seconds to say no, and keys have to work meanwhile."""
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
                        due, found, attempt = now + RETRY_S, _found(attempt), None
                        self._source = found and self._mirrored(found)
                    self._stop.wait(TICK_S)
            finally:
                late = _found(attempt) if attempt is not None else None
                if late is not None:
                    late.close()

    def close(self) -> None:
        self._stop.set()
        self._close_source()

    def _mirrored(self, source: Source) -> Source:
        """The same, with its pictures shown to whoever looks at this one."""
        source.on_frame = self._show
        return source

    def _show(self, image: NDArray[np.uint8]) -> None:
        if self.on_frame is not None:
            self.on_frame(image)

    def _close_source(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()


def _found(attempt: Future[Source]) -> Source | None:
    """What an attempt to open has given; waits for it."""
    try:
        return attempt.result()
    except CameraError:
        return None


def open_live(specs: Sequence[str], paced: bool = True) -> Source:
    """A source for a led session: one camera or stream, or files that are played as if they were
    live. CameraError."""
    if len(specs) == 1:
        first = open_source(specs[0])
        if first.live:
            return ReconnectingSource(_once(first, specs[0]))
        first.close()
    return Playlist(specs, paced)


def _once(first: Source, spec: str) -> Callable[[], Source]:
    """Opens by giving what is open already, later by opening."""
    given = [first]

    def opened() -> Source:
        return given.pop() if given else open_source(spec)

    return opened
