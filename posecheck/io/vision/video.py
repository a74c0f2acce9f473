"""A video file as a source of frames.

A file is read whole, in order and without dropping frames, in the caller's thread. A thread that
reads ahead was measured and gains too little: decoding takes 1 to 2 ms, and ffmpeg has threads of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from posecheck.io.vision.images import as_image
from posecheck.io.vision.mp4 import mp4_promise
from posecheck.io.vision.opencv import cv2, file_name
from posecheck.io.vision.source import (
    CameraError,
    FrameChoice,
    Image,
    Source,
    read_reason,
    size_of,
)
from posecheck.pose import Frame

FASTEST_FPS = 1000.0
"""From this rate on, a container's frame rate is its clock, not a rate (the WebM files of browsers
say 1000)."""

SNAP_S = 0.002
"""A container's time this close to index / fps is index / fps: Matroska rounds to milliseconds."""

LONGEST_GAP_S = 60.0
"""A longer step between two frames is a broken clock (a transport stream that restarts)."""

DAMAGED_READS = 150
"""This many failed reads in a row are the end of a file; fewer may be a damaged part inside it."""


class FileClock:
    """Turns a container's frame times into `Frame.t`: seconds from the first frame, increasing.

    A constant frame rate gives index / fps exactly, a variable one the container's times. A time
    that runs backwards, stands still or jumps far is replaced by one frame's length.
    """

    def __init__(self, fps: float | None) -> None:
        self._fps = fps
        self._constant = True  # until a frame contradicts it
        self._index = -1
        self._shift = 0.0
        self._raw = 0.0
        self._stamp = 0.0

    def stamp(self, container_s: float) -> float:
        """The time of the next frame, which the container places at `container_s` (seconds, may be
        NaN)."""
        self._index += 1
        if self._index == 0:
            self._shift = -container_s
            return 0.0
        raw = container_s + self._shift
        if not self._raw < raw < self._raw + LONGEST_GAP_S:  # also for NaN
            raw = self._raw + 1 / (self._fps or 30.0)
            self._shift = raw - container_s if math.isfinite(container_s) else self._shift
        self._raw = raw
        nominal = self._index / self._fps if self._fps is not None else math.inf
        self._constant = self._constant and abs(raw - nominal) <= SNAP_S
        # A snapped time may lie just after the next raw one; the pose model counts milliseconds.
        self._stamp = max(nominal if self._constant else raw, self._stamp + 0.001)
        return self._stamp


class Video(Source):
    """A video file. `min_interval_s` as in `Source`. Raises CameraError."""

    def __init__(self, path: Path, min_interval_s: float = 0.0) -> None:
        check_file(path)
        capture = cv2.VideoCapture(file_name(path), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise CameraError(
                f"{path} cannot be read as a video: it is of another kind, damaged, or a recording "
                "that was never finished. Try a file that plays in your video player."
            )
        # The default, set explicitly because the videos of phones depend on it.
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        found = any(capture.grab() for _ in range(DAMAGED_READS))
        found, image = capture.retrieve() if found else (False, None)
        if not found or image is None:
            capture.release()
            raise CameraError(f"The video {path} holds no frame that can be read.")
        self._first: tuple[float, Image] | None = (_position_s(capture), as_image(image))
        super().__init__(path.name, size_of(self._first[1]))
        rate, count = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.fps = rate if 0 < rate < FASTEST_FPS else None
        self.frame_count = int(count) if 0 < count < 2**31 else None
        self._path = path
        self.min_interval_s = min_interval_s
        self._capture = capture
        self._lock = Lock()  # a release while another thread reads crashes the process
        self._clock = FileClock(self.fps)
        self._damaged = False

    def __iter__(self) -> Iterator[Frame]:
        count, last_s, choice = 0, 0.0, FrameChoice()
        while True:
            position_s = self._grab()
            if position_s is None:
                break
            count += 1
            last_s = self._clock.stamp(position_s)
            if not choice.take(last_s, self.min_interval_s):
                if self.on_skip is not None:
                    self.on_skip(last_s)
                continue
            image = self._retrieve()
            if image is not None:
                yield Frame(last_s, image)
        if self._capture.isOpened():  # the end of the file, not close()
            self.truncated = self._early_end(count, last_s)

    def close(self) -> None:
        with self._lock:
            self._capture.release()

    def _grab(self) -> float | None:
        """Step to the next frame; its time in the container in seconds, None at the end."""
        if self._first is not None:
            return self._first[0]
        for attempt in range(DAMAGED_READS):
            with self._lock:
                if not self._capture.isOpened():
                    return None
                if self._capture.grab():
                    self._damaged = self._damaged or attempt > 0
                    return _position_s(self._capture)
        return None

    def _retrieve(self) -> Image | None:
        """The picture of the current frame; None when it cannot be decoded."""
        if self._first is not None:
            (_, image), self._first = self._first, None
            return image
        with self._lock:
            found, picture = self._capture.retrieve()
            return as_image(picture) if found else None

    def _early_end(self, count: int, last_s: float) -> str | None:
        """A sentence when the file promises clearly more than was read, or has damaged parts."""
        rate = self.fps or 30.0
        read_s = last_s + 1 / rate
        whole, movie_s = mp4_promise(self._path)
        promises = [movie_s] if movie_s is not None else []
        if self.fps is not None and self.frame_count is not None:
            promises.append(self.frame_count / self.fps)
        promised_s = max(read_s, min(promises, default=read_s))
        # Sound is often a little longer than the picture: half a second or 5 % is not a cut.
        if whole is not False and promised_s - read_s <= max(0.5, 0.05 * promised_s):
            return f"{self.name} is damaged: parts could not be read." if self._damaged else None
        of = f" of about {promised_s:.1f}" if promised_s > read_s else ""
        return (
            f"{self.name} ends early: only the first {read_s:.1f}{of} seconds ({count} frames) "
            "could be read. The file is cut off or damaged; copy or record it again."
        )


def _position_s(capture: cv2.VideoCapture) -> float:
    """The container's time of the frame just grabbed, in seconds from the start of the stream."""
    return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000


def check_file(path: Path) -> None:
    """Raise CameraError when the file is missing, empty, unreadable or not a regular file."""
    try:
        if path.exists() and not path.is_file():  # reading from a pipe would consume it
            raise CameraError(f"{path} is not a file. Save the video in a file first.")
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise CameraError(f"There is no file {path}. Check the name and the folder.") from error
    except OSError as error:
        raise CameraError(f"{path} cannot be read: {read_reason(error)}.") from error
    if empty:
        raise CameraError(f"{path} is an empty file. Copy or record it again.")
