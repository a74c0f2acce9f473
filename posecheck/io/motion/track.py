"""Landmarks and angles of one recording, with a flag for every point.

Axes of the points: metres, origin between the hips, x to the image's right, y up, z towards the
camera (right-handed). The origin moves with the person: the model does not know where the person
stands. What could not be trusted is NaN and stays NaN; nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecheck.body.measure import Measurer
from posecheck.body.metrics import ANY, METRICS
from posecheck.io.errors import UserError
from posecheck.pose import JOINTS, Joint, Pose

TRUSTED, NOT_TRUSTED, NO_PERSON, NO_PICTURE = 0, 1, 2, 3
"""Quality flags of a point: it can be believed; the joint filter did not believe it; the subject
was not seen; there was no picture at this time."""
FLAG_WORDS = ("trusted", "not_trusted", "no_person", "no_picture")

LABELS = tuple(joint.name for joint in Joint)
"""Names of the points, in the order of `Joint`."""
MOST_FRAMES = 10_000_000
"""Frames of a track at most: a broken clock must not fill the memory."""


def _specs() -> tuple[str, ...]:
    """The angles that mean the same from every side of the camera and need no comparison."""
    return tuple(
        name
        for metric in METRICS.values()
        if metric.unit == "deg" and metric.views == ANY and metric.formula and not metric.work
        for name in (
            (f"{metric.name}.left", f"{metric.name}.right") if metric.sided else (metric.name,)
        )
    )


ANGLES = _specs()
"""Metrics that are exported for every exercise, in degrees."""


class MotionError(UserError):
    """A recording cannot be exported."""


@dataclass(frozen=True, slots=True, eq=False)
class MotionTrack:
    """A recording of n frames.

    times   float64 (n,), seconds, increasing
    world   float64 (n, 33, 3), metres; axes as in the module's text; NaN where not trusted
    px      float64 (n, 33, 2), pixels of the picture, y down; NaN where not trusted
    flags   uint8 (n, 33), see TRUSTED and the others
    angles  float64 (n, len(ANGLES)), degrees; NaN where unknown
    states  what was judged in each frame, "" without a picture
    """

    times: NDArray[np.float64]
    world: NDArray[np.float64]
    px: NDArray[np.float64]
    flags: NDArray[np.uint8]
    angles: NDArray[np.float64]
    states: tuple[str, ...]

    def angle(self, name: str) -> NDArray[np.float64]:
        """The values of one of ANGLES, degrees."""
        return self.angles[:, ANGLES.index(name)]


@dataclass(slots=True)
class TrackRecorder:
    """Collects the frames of one recording."""

    _t: list[float] = field(default_factory=list)
    _poses: list[tuple[NDArray[np.float32], NDArray[np.float32]] | None] = field(
        default_factory=list
    )
    _angles: list[tuple[float, ...]] = field(default_factory=list)
    _states: list[str] = field(default_factory=list)
    _measurer: Measurer = field(default_factory=lambda: Measurer(ANGLES))

    def add(self, t: float, pose: Pose | None, state: str) -> None:
        """The next frame; `pose` with trusted joints only."""
        values = self._measurer.update(t, pose)
        self._t.append(t)
        self._states.append(state)
        self._angles.append(tuple(values.get(name, np.nan) for name in ANGLES))
        self._poses.append(
            None if pose is None else (pose.world.astype(np.float32), pose.px.astype(np.float32))
        )

    def track(self) -> MotionTrack:
        """Everything so far, at the times of the frames. At least one frame."""
        count = len(self._t)
        world = np.full((count, JOINTS, 3), np.nan)
        px = np.full((count, JOINTS, 2), np.nan)
        flags = np.full((count, JOINTS), NO_PERSON, np.uint8)
        for row, pose in enumerate(self._poses):
            if pose is not None:
                seen = np.isfinite(pose[0]).all(axis=1) & np.isfinite(pose[1]).all(axis=1)
                world[row, seen], px[row, seen] = pose[0][seen] * (1, -1, -1), pose[1][seen]
                flags[row] = np.where(seen, TRUSTED, NOT_TRUSTED)
        angles = np.array(self._angles, np.float64)
        return MotionTrack(np.array(self._t), world, px, flags, angles, tuple(self._states))


def at_constant_rate(track: MotionTrack) -> tuple[MotionTrack, float]:
    """The same frames on a grid of constant rate, and that rate in Hz.

    Every frame is at the nearest time of the grid, and nothing is interpolated. Where there was no
    picture, the points are NaN with the flag NO_PICTURE. Of two pictures within one step the nearer
    stays.
    """
    index, rate = grid(track.times)
    off = np.abs(index / rate - (track.times - track.times[0]))
    best: dict[int, int] = {}
    for row, at in enumerate(index.tolist()):
        if at not in best or off[row] < off[best[at]]:
            best[at] = row
    count, rows, places = int(index[-1]) + 1, list(best.values()), list(best)

    def spread(values: NDArray[Any], empty: float) -> NDArray[Any]:
        placed = np.full((count, *values.shape[1:]), empty, values.dtype)
        placed[places] = values[rows]
        return placed

    states = [""] * count
    for at, row in best.items():
        states[at] = track.states[row]
    whole = MotionTrack(
        np.arange(count) / rate,
        spread(track.world, np.nan),
        spread(track.px, np.nan),
        spread(track.flags, NO_PICTURE),
        spread(track.angles, np.nan),
        tuple(states),
    )
    return whole, rate


def grid(times: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """For increasing times: the index of each on a grid of constant rate that begins with the
    first, and the rate in Hz. Half a step is the greatest difference from the true time.

    The step is the median distance, or the mean where that is less, as in a stream that comes in
    bursts; it is refined so that the last frame falls on the grid. MotionError for a grid of
    more than MOST_FRAMES."""
    steps = np.diff(times)
    steps = steps[steps > 0]
    if not steps.size:
        return np.zeros(len(times), np.int64), 1.0
    span = float(times[-1] - times[0])
    step = min(float(np.median(steps)), span / len(steps))
    step = span / max(1, round(span / step))
    if span / step > MOST_FRAMES:
        raise MotionError(
            f"The times of the pictures are broken ({span:.0f} s in steps of {step:.6f} s), so the "
            "landmarks cannot be exported."
        )
    return np.rint((times - times[0]) / step).astype(np.int64), 1.0 / step
