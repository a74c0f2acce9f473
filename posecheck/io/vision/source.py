"""What every source of frames shares: `Source`, its errors and the type of a picture."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Self

import numpy as np
from numpy.typing import NDArray

from posecheck.io.errors import UserError, system_reason
from posecheck.pose import Frame

Image = NDArray[np.uint8]
"""uint8 (height, width, 3), BGR, where nothing else is stated."""

INTERVAL_SLACK_S = 0.005
"""A frame that comes up to this much too early still counts as the wanted one: a camera's clock
jitters, and three tenths of a second are not exactly three times one tenth."""


class CameraError(UserError):
    """A source of frames cannot be used."""


FASTEST_FPS = 1000.0
"""Pictures per second. From this rate on, a container's frame rate is its clock, not a rate (the
WebM files of browsers say 1000)."""


def checked_fps(fps: float) -> float:
    """The rate, as given. Raises CameraError when no recording has it."""
    if not (math.isfinite(fps) and 0 < fps <= FASTEST_FPS):
        raise CameraError(f"{fps:g} pictures a second (--fps) is no rate of a recording.")
    return fps


class CameraLost(CameraError):
    """A live source stopped giving pictures of its size; opening it again may help."""


class Source(ABC):
    """Something that gives Frames: `with open_source(...) as source: for frame in source: ...`.

    live            True when frames that are not fetched in time are lost
    blank           True when the frames carry only the time: there is no camera
    name            what to call it in a text for the user
    size            (width, height) of the first frame in pixels; the images of a folder may differ
    fps             frames per second as the source states them; None when it does not
    frame_count     estimate for progress bars; None when unknown
    min_interval_s  seconds between the frames that are wanted, 0 for all; those between are not
                    decoded. May be changed at any time from any thread, for the frames to come
    on_skip         called by files and folders with the time of each frame that is not decoded
    truncated       after the last frame of a file: a sentence when the file ended early or has
                    damaged parts, else None
    remarks         sentences that the user needs to read the results: what was assumed and left
                    out. Complete after the last frame
    on_frame        called by a live source with each picture as soon as it arrives, whether or not
                    it is fetched later, so that it can be shown at once. It runs in the thread that
                    reads, so it must be quick
    """

    live: bool = False
    blank: bool = False
    min_interval_s: float = 0.0
    fps: float | None = None
    frame_count: int | None = None
    truncated: str | None = None
    on_frame: Callable[[Image], object] | None = None
    on_skip: Callable[[float], object] | None = None

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        self.name = name
        self.size = size
        self.remarks: list[str] = []

    @abstractmethod
    def __iter__(self) -> Iterator[Frame]:
        """The frames, with increasing times. Raises CameraError; CameraLost when a live source is
        lost."""

    def stop(self) -> None:
        """End a running iteration without waiting. The caller that iterates must then close."""
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Release the source; a running iteration ends. May be called twice, from any thread."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FrameChoice:
    """Chooses frames of a file that are an interval apart on average, whatever the file's rate is:
    at 15 a second, every second frame of 30, and two of three of 24."""

    def __init__(self) -> None:
        self._due = -math.inf

    def take(self, t: float, interval_s: float) -> bool:
        """Whether the frame of time t (seconds, increasing) is wanted."""
        due = self._due + interval_s
        if t < due - INTERVAL_SLACK_S:
            return False
        # From where a frame was due, not from where it came; but no frames are caught up after a
        # gap.
        self._due = due if t - due < interval_s else t
        return True


def as_image(image: NDArray[np.generic]) -> Image:
    """The same picture as contiguous uint8."""
    return np.ascontiguousarray(image, dtype=np.uint8)


def size_of(image: Image) -> tuple[int, int]:
    """(width, height) in pixels."""
    return image.shape[1], image.shape[0]


def read_reason(error: OSError) -> str:
    """Why the operating system refused to read, to be used as the end of a sentence."""
    if isinstance(error, PermissionError):
        return "this user has no permission to read it"
    return system_reason(error)
