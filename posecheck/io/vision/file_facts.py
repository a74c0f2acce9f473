"""What a video file states about itself, as its headers tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Matrix = tuple[float, float, float, float]
"""(a, b, c, d): a stored point (x, y) is shown at (ax + cy, bx + dy), in pixels, y down."""

UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0)

Kind = Literal["mp4", "matroska", "avi", "raw", "sound", "other"]
"""raw: pictures without times. sound: no pictures, or only that of a cover."""


@dataclass(slots=True)
class FileFacts:
    """What the file states; None for what it does not.

    whole       False when it should go on beyond its end
    pictures_s  seconds from the first picture to the end of the last one
    total_s     the longest track, which may be the sound, seconds
    video       whether there is a track of pictures
    matrix      how a player turns and mirrors them; a Matroska file only when it mirrors
    """

    kind: Kind = "other"
    whole: bool | None = None
    pictures_s: float | None = None
    total_s: float | None = None
    video: bool | None = None
    matrix: Matrix | None = None
