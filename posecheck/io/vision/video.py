"""Recorded pictures: a video file or a folder of images, as Frames.

They are read whole, in order and undropped, in the caller's thread (a thread that reads ahead
was measured and gains too little: decoding takes 1 to 2 ms, and ffmpeg has threads of its own).
Here also live what every source of frames shares: `Source` and `CameraError`.
"""

from __future__ import annotations

import math
import re
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from posecheck.io.errors import UserError
from posecheck.io.vision.opencv import cv2, file_name
from posecheck.pose import Frame

Image = NDArray[np.uint8]

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})

FASTEST_FPS = 1000.0
"""Above it a container's frame rate is its clock, not a rate (WebM of a browser says 1000)."""

SNAP_S = 0.002
"""A container's time this near to index / fps is index / fps: Matroska rounds to milliseconds."""

LONGEST_GAP_S = 60.0
"""A longer step between two frames is a broken clock (a transport stream that starts anew)."""

SLACK_S = 0.005
"""A picture that comes so much too early is the wanted one: a camera's clock wavers, and three
tenths of a second are not exactly three times one."""

DAMAGED_READS = 150
"""So many failed reads in a row are the end of a file; fewer may be a damaged spot inside it."""


class CameraError(UserError):
    """A source of pictures cannot be used."""


class Source(ABC):
    """Something that gives Frames: `with open_source(...) as source: for frame in source: ...`.

    live         True when time runs on without us: frames that nobody fetches are lost
    name         what to call it before a person
    size         (width, height) of the first frame in pixels; a folder's images may differ
    fps          frames per second as the source states them; None when it does not
    frame_count  estimate for progress bars; None when nobody knows
    every_s      seconds between the frames wanted, 0 for all; those between are not decoded. May be
                 changed at any time from any thread, and counts from the next picture on
    truncated    after the last frame of a file: a sentence when it ended early or was damaged on
                 the way, else None
    mirror       a live source calls it with each picture as soon as it is there, whether it is
                 fetched later or not: to show it at once. In the thread that reads, so be quick
    """

    live: bool = False
    min_interval_s: float = 0.0
    fps: float | None = None
    frame_count: int | None = None
    truncated: str | None = None
    on_frame: Callable[[Image], object] | None = None

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        self.name = name
        self.size = size

    @abstractmethod
    def __iter__(self) -> Iterator[Frame]:
        """Its frames, stamps increasing. CameraError, or CameraLost when a live one is lost."""

    def stop(self) -> None:
        """End a running iteration without waiting for anything. Whoever iterates then closes."""
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Release the source; a running iteration ends. May be called twice, from any thread."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def size_of(image: Image) -> tuple[int, int]:
    """(width, height) in pixels."""
    return image.shape[1], image.shape[0]


class Images(Source):
    """Image files stamped index / fps. Grey, alpha and 16 bits become 8-bit BGR."""

    def __init__(self, paths: list[Path], fps: float, name: str) -> None:
        self._first = read_image(paths[0])
        super().__init__(name, size_of(self._first))
        self.fps = fps
        self.frame_count = len(paths)
        self._paths = paths
        self._step = 1 / fps
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        before_s = -math.inf
        for index, path in enumerate(self._paths):
            if self._closed:
                return
            t = index / (self.fps or 1)
            if t - before_s >= self.min_interval_s - SLACK_S:
                before_s = t
                yield Frame(t, read_image(path) if index else self._first)

    def close(self) -> None:
        self._closed = True


def open_images(path: Path, fps: float) -> Images:
    """One image, or a folder's images in natural order (2 before 10); other files are ignored."""
    if not (math.isfinite(fps) and fps > 0):
        raise ValueError(f"fps must be above 0, not {fps}")
    paths = [path]
    if path.is_dir():
        try:
            paths = sorted(filter(is_image, path.iterdir()), key=natural)
        except OSError as error:
            raise CameraError(f"The folder {path} cannot be read: {reason(error)}.") from error
    if not paths:
        kinds = ", ".join(sorted(suffix[1:] for suffix in IMAGE_SUFFIXES))
        raise CameraError(f"The folder {path} holds no images ({kinds}).")
    return Images(paths, fps, path.name or str(path))


def is_image(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")


def natural(path: Path) -> list[tuple[int, str]]:
    """Sorting key: runs of digits compare as numbers."""
    parts = re.findall(r"\d+|\D+", path.name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def read_image(path: Path) -> Image:
    """Contiguous uint8 (height, width, 3) BGR, upright by its EXIF. CameraError when unreadable."""
    try:
        # Not cv2.imread: on Windows it cannot open a path outside the system's code page.
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise CameraError(f"The image {path} cannot be read: {reason(error)}.") from error
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except cv2.error:
        image = None
    if image is None:
        raise CameraError(
            f"The image {path} cannot be read: it is damaged or not an image. "
            "Remove it or replace it, then start again."
        )
    return as_image(image)


def as_image(image: NDArray[np.generic]) -> Image:
    return np.ascontiguousarray(image, dtype=np.uint8)


def reason(error: OSError) -> str:
    """Why the system refused, as the end of a sentence."""
    if isinstance(error, PermissionError):
        return "this user has no permission to read it"
    return (error.strerror or str(error)).lower()


class FileClock:
    """Turns a file's own frame times into stamps: seconds from the first frame, increasing.

    A constant frame rate gives index / fps exactly, a variable one the container's times. A time
    that runs backwards, stands still or jumps far is replaced by one frame's length.
    """

    def __init__(self, fps: float | None) -> None:
        self._fps = fps
        self._constant = True  # until a frame shows otherwise
        self._index = -1
        self._shift = 0.0
        self._raw = 0.0
        self._stamp = 0.0

    def stamp(self, container_s: float) -> float:
        """The stamp of the next frame, which the container places at `container_s`."""
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
        # A snapped stamp may lie just after the next raw one; the pose model counts milliseconds.
        self._stamp = max(nominal if self._constant else raw, self._stamp + 0.001)
        return self._stamp


class Video(Source):
    """A video file. `min_interval_s`: seconds between the frames wanted."""

    def __init__(self, path: Path, min_interval_s: float = 0.0) -> None:
        check_file(path)
        capture = cv2.VideoCapture(file_name(path), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise CameraError(
                f"{path} cannot be read as a video: it is of another kind, damaged, or a recording "
                "that was never finished. Try a file that plays in your video player."
            )
        # On by default, said here because frames of a phone depend on it: honour the rotation.
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
        self._lock = Lock()  # a release while another thread reads would crash the process
        self._clock = FileClock(self.fps)
        self._damaged = False

    def __iter__(self) -> Iterator[Frame]:
        count, last_s, before_s = 0, 0.0, -math.inf
        while True:
            position_s = self._grab()
            if position_s is None:
                break
            count += 1
            last_s = self._clock.stamp(position_s)
            if last_s - before_s < self.min_interval_s - SLACK_S:
                continue
            image = self._retrieve()
            if image is not None:
                before_s = last_s
                yield Frame(last_s, image)
        if self._capture.isOpened():  # the end of the file, not close()
            self.truncated = self._early_end(count, last_s)

    def close(self) -> None:
        with self._lock:
            self._capture.release()

    def _grab(self) -> float | None:
        """Step to the next frame; its time in the container, None at the end."""
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
        """The picture of the frame stepped to; None when it cannot be had."""
        if self._first is not None:
            (_, image), self._first = self._first, None
            return image
        with self._lock:
            found, picture = self._capture.retrieve()
            return as_image(picture) if found else None

    def _early_end(self, count: int, last_s: float) -> str | None:
        """A sentence when the file promises clearly more than was read, or has damaged spots."""
        rate = self.fps or 30.0
        read_s = last_s + 1 / rate
        whole, movie_s = mp4_promise(self._path)
        promises = [movie_s] if movie_s is not None else []
        if self.fps is not None and self.frame_count is not None:
            promises.append(self.frame_count / self.fps)
        promised_s = max(read_s, min(promises, default=read_s))
        # Sound is often a little longer than the picture: half a second or 5 % is no cut.
        if whole is not False and promised_s - read_s <= max(0.5, 0.05 * promised_s):
            return f"{self.name} is damaged: parts could not be read." if self._damaged else None
        of = f" of about {promised_s:.1f}" if promised_s > read_s else ""
        return (
            f"{self.name} ends early: only the first {read_s:.1f}{of} seconds ({count} frames) "
            "could be read. The file is cut off or damaged; copy or record it again."
        )


def _position_s(capture: cv2.VideoCapture) -> float:
    """The container's time of the frame just grabbed, in seconds from the stream's start."""
    return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000


def check_file(path: Path) -> None:
    """CameraError when the file is missing, empty, unreadable or no ordinary file."""
    try:
        if path.exists() and not path.is_file():  # a pipe: to look inside would use it up
            raise CameraError(f"{path} is not a file. Save the video in a file first.")
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise CameraError(f"There is no file {path}. Check the name and the folder.") from error
    except OSError as error:
        raise CameraError(f"{path} cannot be read: {reason(error)}.") from error
    if empty:
        raise CameraError(f"{path} is an empty file. Copy or record it again.")


_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx"}


def mp4_promise(path: Path) -> tuple[bool | None, float | None]:
    """(whole, seconds) by an MP4's own structure; None for what it does not say.

    OpenCV's count of frames includes those that a trimmed MP4 carries but hides, so it cannot
    tell trimmed from cut; the time here includes a late start. The lesser of both is a promise.
    Whole is False when a part of the file reaches beyond its end.
    """
    end = path.stat().st_size
    whole: bool | None = None
    seconds: float | None = None
    with path.open("rb") as file:
        start = 0
        while start < end:
            size, kind = _box(file, start, end)
            if kind not in _MP4_BOXES:
                break
            if kind == b"moov":
                seconds = _movie_seconds(file.read(256))
            start += size
            whole = start <= end
    return whole, seconds


def _box(file: BinaryIO, start: int, end: int) -> tuple[int, bytes]:
    """(size in bytes, kind) of the box at `start`; the kind is empty where there is none."""
    file.seek(start)
    size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
    if size == 1:
        (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
    elif size == 0:
        size = end - start
    return (size, kind) if size >= 8 else (0, b"")


def _movie_seconds(head: bytes) -> float | None:
    """The playing time in the movie header, None when there is none (a fragmented file: 0)."""
    at = head.find(b"mvhd") + 4
    if at < 4 or len(head) < at + 32:
        return None
    form = ">16xIQ" if head[at] == 1 else ">8xII"
    timescale, duration = struct.unpack_from(form, head, at + 4)
    return duration / timescale if timescale and duration else None
