"""Landmarks and angles of one recording at a constant rate, with a flag for every point.

Axes of the points: metres, origin between the hips, x to the image's right, y up, z towards the
camera (right-handed). The origin moves with the person: the model does not know where the person
stands. What could not be trusted is NaN and stays NaN; nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posecheck.body.measure import Measurer
from posecheck.body.metrics import ANY, METRICS
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


@dataclass(frozen=True, slots=True, eq=False)
class MotionTrack:
    """A recording on a grid of constant rate; n frames.

    rate_hz  frames a second
    world    float64 (n, 33, 3), metres; axes as in the module's text; NaN where not trusted
    px       float64 (n, 33, 2), pixels of the picture, y down; NaN where not trusted
    flags    uint8 (n, 33), see TRUSTED and the others
    angles   metric -> float64 (n,), degrees; NaN where unknown
    states   what was judged in each frame, "" without a picture
    """

    rate_hz: float
    world: NDArray[np.float64]
    px: NDArray[np.float64]
    flags: NDArray[np.uint8]
    angles: dict[str, NDArray[np.float64]]
    states: tuple[str, ...]

    @property
    def times(self) -> NDArray[np.float64]:
        """Seconds of each frame, from the first."""
        return np.arange(len(self.flags)) / self.rate_hz


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
        """Everything so far, each frame at the nearest time of the grid. At least one frame."""
        index, rate = grid(self._t)
        count = int(index[-1]) + 1
        world = np.full((count, JOINTS, 3), np.nan)
        px = np.full((count, JOINTS, 2), np.nan)
        flags = np.full((count, JOINTS), NO_PICTURE, np.uint8)
        angles = np.full((count, len(ANGLES)), np.nan)
        states = [""] * count
        for at, pose, values, state in zip(
            index, self._poses, self._angles, self._states, strict=True
        ):
            if states[at] or flags[at, 0] != NO_PICTURE:
                continue  # two pictures within one step of the grid: the first stays
            states[at], angles[at] = state, values
            flags[at] = NO_PERSON
            if pose is not None:
                world[at], px[at] = pose[0] * (1, -1, -1), pose[1]
                seen = np.isfinite(pose[0]).all(axis=1) & np.isfinite(pose[1]).all(axis=1)
                flags[at] = np.where(seen, TRUSTED, NOT_TRUSTED)
                world[at, ~seen], px[at, ~seen] = np.nan, np.nan
        named = {name: angles[:, column] for column, name in enumerate(ANGLES)}
        return MotionTrack(rate, world, px, flags, named, tuple(states))


def grid(times: Iterable[float]) -> tuple[NDArray[np.int64], float]:
    """For increasing times: the index of each on a grid of constant rate that begins with the
    first, and the rate in Hz. Half a step is the greatest difference from the true time.

    The step is the median distance, refined so that the last frame falls on the grid."""
    t = np.asarray(list(times), np.float64)
    steps = np.diff(t)
    steps = steps[steps > 0]
    if not steps.size:
        return np.zeros(len(t), np.int64), 1.0
    step = float(np.median(steps))
    span = float(t[-1] - t[0])
    count = max(1, round(float(np.rint(steps / step).clip(1).sum())))
    if abs(span / count - step) < 0.01 * step:
        step = span / count
    if span / step > MOST_FRAMES:
        raise ValueError(f"{span:.0f} s in steps of {step:.6f} s are too many frames")
    return np.rint((t - t[0]) / step).astype(np.int64), 1.0 / step
