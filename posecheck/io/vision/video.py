"""A video file as a source of frames.

A file is read whole, in order and without dropping frames, in the caller's thread. A thread that
reads ahead was measured and gains too little: decoding takes 1 to 2 ms, and ffmpeg has threads of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from posecheck.io.vision.container import file_facts
from posecheck.io.vision.file_facts import FileFacts
from posecheck.io.vision.opencv import cv2, open_file
from posecheck.io.vision.shown import how_shown
from posecheck.io.vision.source import (
    FASTEST_FPS,
    CameraError,
    FrameChoice,
    Image,
    Source,
    as_image,
    read_reason,
    size_of,
)
from posecheck.pose import Frame

SNAP_S = 0.002
"""A container's time this close to index / fps is index / fps: Matroska rounds to milliseconds."""

LONGEST_GAP_S = 60.0
"""A longer step between two frames is a broken clock (a transport stream that restarts). In a
container with one clock for the whole file it is a pause, as long as it stays within the file."""

RAW_FPS = 30.0
"""Frames per second where a file states none and ffmpeg assumes none."""

DAMAGED_READS = 150
"""This many failed reads in a row are the end of a file; fewer may be a damaged part inside it."""


class FileClock:
    """Turns a container's frame times into `Frame.t`: seconds from the first frame, increasing.

    A constant frame rate gives index / fps exactly, a variable one the container's times. A time
    that runs backwards, stands still or jumps by `longest_gap_s` is replaced by one frame's length.
    """

    def __init__(self, fps: float | None, longest_gap_s: float = LONGEST_GAP_S) -> None:
        self._fps = fps
        self._longest_gap_s = longest_gap_s
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
        if not self._raw < raw < self._raw + self._longest_gap_s:  # also for NaN
            raw = self._raw + 1 / (self._fps or RAW_FPS)
            self._shift = raw - container_s if math.isfinite(container_s) else self._shift
        self._raw = raw
        nominal = self._index / self._fps if self._fps is not None else math.inf
        self._constant = self._constant and abs(raw - nominal) <= SNAP_S
        # A snapped time may lie just after the next raw one; the pose model counts milliseconds.
        self._stamp = max(nominal if self._constant else raw, self._stamp + 0.001)
        return self._stamp


class Video(Source):
    """A video file.

    min_interval_s  as in `Source`
    fps             frames per second of a file that states no times

    Raises CameraError, also for an `fps` of a file that has times of its own.
    """

    def __init__(self, path: Path, min_interval_s: float = 0.0, fps: float | None = None) -> None:
        check_file(path)
        with reading(path):
            self._facts = file_facts(path)
        if fps is not None and self._facts.kind != "raw":
            raise CameraError(
                f"{path} states its own times. A rate (--fps) is for folders of images and for "
                "streams without times."
            )
        capture = _opened(path, self._facts)
        shown = how_shown(capture, self._facts.matrix)
        found = any(capture.grab() for _ in range(DAMAGED_READS))
        found, image = capture.retrieve() if found else (False, None)
        if not found or image is None:
            capture.release()
            raise CameraError(f"The video {path} holds no frame that can be read.")
        self._first: tuple[float, Image] | None = (
            _position_s(capture),
            shown.of(as_image(image)),
        )
        super().__init__(path.name, size_of(self._first[1]))
        rate, count = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.fps = fps or (rate if 0 < rate < FASTEST_FPS else None)
        self._stated_s = count / rate if 0 < rate < FASTEST_FPS and 0 < count < 2**31 else None
        self.frame_count = self._frame_count(count)
        if self._facts.kind == "raw" and fps is None:
            self.remarks.append(
                f"{self.name} states no times: {self.fps or RAW_FPS:g} pictures a second were "
                "assumed. Give the true rate to analyze or batch with --fps."
            )
        self.min_interval_s = min_interval_s
        self._shown = shown
        self._capture = capture
        self._lock = Lock()  # a release while another thread reads crashes the process
        one_clock = self._facts.kind in ("mp4", "matroska")
        self._clock = FileClock(
            self.fps,
            max(LONGEST_GAP_S, (self._facts.total_s if one_clock else None) or 0.0),
        )
        self._timed = fps is None
        self._damaged = False

    def __iter__(self) -> Iterator[Frame]:
        count, last_s, choice = 0, 0.0, FrameChoice()
        while True:
            position_s = self._grab()
            if position_s is None:
                break
            count += 1
            last_s = self._clock.stamp(position_s if self._timed else math.nan)
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
            return self._shown.of(as_image(picture)) if found else None

    def _frame_count(self, count: float) -> int | None:
        """An estimate: OpenCV's own counts the sound of a Matroska file as pictures."""
        if self._facts.kind == "matroska":
            stated_s = self._facts.pictures_s
            return round(stated_s * self.fps) if stated_s and self.fps else None
        return int(count) if 0 < count < 2**31 else None

    def _early_end(self, count: int, last_s: float) -> str | None:
        """A sentence when the file promises clearly more pictures than were read, or has damaged
        parts."""
        read_s = last_s + 1 / (self.fps or RAW_FPS)
        promised_s = max(read_s, self._promised_s() or 0.0)
        cut_off = self._facts.whole is False
        # Half a second or 5 % is not a cut.
        if not cut_off and promised_s - read_s <= max(0.5, 0.05 * promised_s):
            return f"{self.name} is damaged: parts could not be read." if self._damaged else None
        of = f" of about {promised_s:.1f}" if promised_s > read_s else ""
        return (
            f"{self.name} ends early: only the first {read_s:.1f}{of} seconds ({count} frames) "
            "could be read. The file is cut off or damaged; copy or record it again."
        )

    def _promised_s(self) -> float | None:
        """Seconds of pictures that the file promises; None when only its sound may be so long.

        OpenCV's frame count includes frames that a trimmed MP4 carries but hides, so it cannot tell
        a trimmed file from a cut-off one; the length in the file's own header includes a late
        start. The lesser of the two is the promise.
        """
        facts = self._facts
        promises = [facts.pictures_s]
        if facts.whole is False:
            promises += [facts.total_s, self._stated_s]
        elif facts.kind == "avi" or (facts.kind == "mp4" and facts.pictures_s is not None):
            promises.append(self._stated_s)
        return min((each for each in promises if each is not None), default=None)


def _opened(path: Path, facts: FileFacts) -> cv2.VideoCapture:
    """The file, open. Raises CameraError."""
    if facts.video is False:
        raise CameraError(f"{path} holds sound but no video. Give a recording with pictures.")
    capture = open_file(path)
    if not capture.isOpened():
        raise CameraError(
            f"{path} cannot be read as a video: it is of another kind, damaged, or a recording "
            "that was never finished. Try a file that plays in your video player."
        )
    return capture


def _position_s(capture: cv2.VideoCapture) -> float:
    """The container's time of the frame just grabbed, in seconds from the start of the stream."""
    return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000


def check_file(path: Path) -> None:
    """Raise CameraError when the file is missing, empty, unreadable or not a regular file."""
    with reading(path):
        if path.exists() and not path.is_file():  # reading from a pipe would consume it
            raise CameraError(f"{path} is not a file. Save the video in a file first.")
        with path.open("rb") as file:
            empty = not file.read(1)
    if empty:
        raise CameraError(f"{path} is an empty file. Copy or record it again.")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn an OSError inside the context into a CameraError that names `path`."""
    try:
        yield
    except FileNotFoundError as error:
        raise CameraError(f"There is no file {path}. Check the name and the folder.") from error
    except OSError as error:
        raise CameraError(f"{path} cannot be read: {read_reason(error)}.") from error
