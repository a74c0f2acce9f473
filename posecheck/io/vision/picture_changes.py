"""What changes from picture to picture: whether a frame repeats the one before it, and which bodies
move.

Both look at sampled pixels of the green channel, which carries most of the luma.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posecheck.body.subject import SAME_BODY, BodyPlace, Box, overlap, place
from posecheck.io.vision.source import Image
from posecheck.pose import Pose

SAMPLES = 160
"""Pixels sampled along the longer side. A frame takes 0.1 to 0.15 ms, whatever its size."""
OTHER_LEVEL = 16
"""Difference of a sampled pixel, of 255, that is more than a codec makes of a still picture."""
OTHER_SHARE = 0.00025
"""Share of such pixels up to which two pictures are the same. In a frozen camera's file, H.264, one
of 19200 samples differs at most, where the codec renews the picture. Within one second, people who
hold still differ in 36 (a dark, blurred clip) to 170 samples, noise aside."""
LEAST_CONTRAST = 4.0
"""Standard deviation of the samples, of 255, below which pictures cannot be compared: a covered
lens gives the same black again and again."""

MOVED_SAMPLES, CELL = 320, 8
"""For the movement of bodies: pixels sampled along the longer side, and how many of them, squared,
make a cell. The mean over a cell is an eighth as noisy as a pixel."""
MOVED_LEVEL = 5.0
"""Change of a cell, of 255, that counts. A still picture of a person changes by less, with noise of
8 added to each pixel too."""
MOVED_SHARE = 0.02
"""Share of the cells in a body's box from which it moves. In three seconds, a person who holds
still changes 12 % and more, a still picture of one none."""
FEWEST_CELLS = 4
"""Cells outside a body's box from which something else moves, were it a hand far away."""
MOVED_S = 5.0
"""A body counts as moving for this long after a change."""
MOVED_EVERY_S = 0.2
"""Time between two comparisons of the cells."""
STILL_S = 3.0
"""A body that has been watched for this long without a change is a still picture of one."""
DOUBT_EVERY_S = 0.5
"""Time between two searches for another person while the subject may be a still picture."""


def _sampled(image: Image, along: int) -> NDArray[np.int16]:
    step = max(1, round(max(image.shape[:2]) / along))
    channel = image if image.ndim == 2 else image[..., min(1, image.shape[2] - 1)]
    return np.asarray(channel[::step, ::step], np.int16)


class RepeatedPictures:
    """Tells whether a frame shows the same picture as the one before.

    A picture is compared with the first of its run, so that slow movement adds up.
    """

    def __init__(self) -> None:
        self._first: NDArray[np.int16] | None = None

    def update(self, image: Image) -> bool:
        """Whether this picture, uint8 (height, width[, channels]), repeats the one before; False
        for a first one, another size and one without contrast."""
        sampled, first = _sampled(image, SAMPLES), self._first
        if first is not None and first.shape == sampled.shape:
            others = np.count_nonzero(np.abs(sampled - first) > OTHER_LEVEL)
            if others <= OTHER_SHARE * sampled.size:
                return float(sampled.std()) >= LEAST_CONTRAST
        self._first = sampled
        return False


class MovedBodies:
    """Tells which bodies have moved lately: a poster, a screen that stands still or a portrait
    never do, and the most quiet person does within seconds."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start again: another source, or another size."""
        self._size = (0, 0)
        self._known: NDArray[np.float64] = np.empty((0, 0))
        self._changed_t: NDArray[np.float64] = np.empty((0, 0))
        self._began = self._t = math.nan

    def update(self, t: float, image: Image) -> None:
        """The picture at time t, seconds and increasing."""
        if t - self._t < MOVED_EVERY_S:
            return
        cells = _cells(image)
        self._t = t
        size = image.shape[1], image.shape[0]
        if self._size != size:
            self._known, self._changed_t = cells, np.full(cells.shape, -math.inf)
            self._size, self._began = size, t
            return
        changed = np.abs(cells - self._known) > MOVED_LEVEL
        # A cell is compared with what it last changed to, so that slow movement adds up.
        self._known = np.where(changed, cells, self._known)
        self._changed_t[changed] = t

    def moves(self, box: Box) -> bool:
        """Whether something has changed in the box, pixels of the picture, within MOVED_S."""
        recent = self._recent(self._within(box))
        return recent.size > 0 and float(recent.mean()) >= MOVED_SHARE

    def others_move(self, box: Box) -> bool:
        """Whether something has changed outside the box within MOVED_S."""
        return int(self._recent(~self._within(box)).sum()) >= FEWEST_CELLS

    def still(self, box: Box) -> bool:
        """Whether nothing has changed in the box for long enough to be no person."""
        return self._t - self._began >= STILL_S and not self.moves(box)

    def people(self, poses: Sequence[Pose]) -> list[Pose]:
        """The poses without still pictures of people; all when none of them moves."""
        moving = [pose for pose in poses if not self.still(place(pose).box)]
        return moving or list(poses)

    def _within(self, box: Box) -> NDArray[np.bool_]:
        rows, columns = self._known.shape
        inside = np.zeros((rows, columns), np.bool_)
        if inside.size:
            x0, x1 = (box[i] * columns / self._size[0] for i in (0, 2))
            y0, y1 = (box[i] * rows / self._size[1] for i in (1, 3))
            inside[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1] = True
        return inside

    def _recent(self, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of these cells have changed within MOVED_S."""
        return self._changed_t[where] >= self._t - MOVED_S


class PosterDoubt:
    """Doubts that the subject is a person, when it does not move and something else does.

    undecided  the subject is not decided yet: another person is there too
    """

    def __init__(self, moved: MovedBodies) -> None:
        self._moved = moved
        self.undecided = False
        self._since = self._searched_t = math.nan

    def update(self, t: float, own: Box) -> bool:
        """Whether to detect everyone now, and to call `decide`. `own`: the subject's box."""
        if self._moved.moves(own) or not self._moved.others_move(own):
            self.undecided, self._since, self._searched_t = False, math.nan, math.nan
            return False
        if math.isnan(self._since):
            self._since = t
        return not t - self._searched_t < DOUBT_EVERY_S

    def decide(self, t: float, own: BodyPlace, places: Sequence[BodyPlace]) -> int | None:
        """Index of the person who is the subject instead, the nearest who moves; None when nobody
        else is there, and until the subject has not moved for STILL_S."""
        self._searched_t = t
        others = [i for i, p in enumerate(places) if overlap(own.box, p.box) < SAME_BODY]
        self.undecided = bool(others)
        moving = [i for i in others if self._moved.moves(places[i].box)]
        if not moving or t - self._since < STILL_S:
            return None
        self.undecided, self._since = False, math.nan
        return max(moving, key=lambda i: places[i].size)


def _cells(image: Image) -> NDArray[np.float64]:
    """Means over CELL x CELL samples; a rest at the right and lower border is left out."""
    sampled = _sampled(image, MOVED_SAMPLES)
    rows, columns = (max(1, length // CELL) for length in sampled.shape)
    whole = sampled[: rows * CELL, : columns * CELL]
    height, width = whole.shape[0] // rows, whole.shape[1] // columns
    means = whole.reshape(rows, height, columns, width).mean((1, 3))
    return np.asarray(means, np.float64)
