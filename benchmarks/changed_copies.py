"""Changed copies of recordings: the same person, seen by another camera.

Most changes are made to recorded landmarks, so they need no model. They show what the judge makes
of other numbers, not what the model makes of other pictures. `PICTURES` change the pictures of a
clip before the model sees them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecheck import __version__
from posecheck.coach.coach import Coach
from posecheck.coach.pipeline import run
from posecheck.commands.analyze import estimating
from posecheck.commands.recording import judged_every_s
from posecheck.exercise import Exercise
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.recording import RecordedSet, RecordingHeader
from posecheck.io.store.recording_block import RecordedFrame
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.opencv import cv2
from posecheck.pose import JOINTS, Frame, Joint, Pose, Side
from posecheck.session.plan import open_set
from posecheck.session.session import Session

Frames = Sequence[RecordedFrame]
Image = NDArray[np.uint8]

EXCHANGED = [
    Joint[_name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")]
    for _name in (Joint(_index).name for _index in range(JOINTS))
]
"""For each joint the same joint of the other side."""


# --- landmarks ----------------------------------------------------------------------------------


def with_poses(frames: Iterable[RecordedFrame], change: Callable[[Pose], Pose]) -> Frames:
    """The frames with every pose changed."""
    return [
        frame
        if frame.detection.pose is None
        else replace(frame, detection=replace(frame.detection, pose=change(frame.detection.pose)))
        for frame in frames
    ]


def mirrored(frames: Frames) -> Frames:
    """As in a mirror: the picture from right to left, and left and right joints exchanged."""

    def mirror(pose: Pose) -> Pose:
        px, world = pose.px[EXCHANGED], pose.world[EXCHANGED]
        px[:, 0] = pose.size[0] - 1 - px[:, 0]
        world[:, 0] = -world[:, 0]
        mask = None if pose.mask is None else pose.mask[:, ::-1]
        return Pose(px, world, pose.visibility[EXCHANGED], pose.size, mask)

    return with_poses(frames, mirror)


def leaning(degrees: float) -> Callable[[Frames], Frames]:
    """A camera that leans: the picture turned clockwise about its centre, in degrees. Joints that
    leave the picture keep their coordinates, as the model gives them too."""
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])

    def lean(pose: Pose) -> Pose:
        centre = (np.array(pose.size) - 1) / 2
        world = pose.world.copy()
        world[:, :2] = world[:, :2] @ turn.T
        px = (pose.px - centre) @ turn.T + centre
        return Pose(px, world, pose.visibility, pose.size, _turned(pose.mask, degrees))

    return lambda frames: with_poses(frames, lean)


def _turned(mask: NDArray[np.bool_] | None, degrees: float) -> NDArray[np.bool_] | None:
    if mask is None:
        return None
    height, width = mask.shape
    about = ((width - 1) / 2, (height - 1) / 2)
    matrix = cv2.getRotationMatrix2D(about, -degrees, 1.0)  # positive is anticlockwise there
    turned = cv2.warpAffine(mask.astype(np.uint8), matrix, (width, height), flags=cv2.INTER_NEAREST)
    return np.asarray(turned, np.bool_)


def at_most(fps: float) -> Callable[[Frames], Frames]:
    """A slower camera: only the frames that come `1 / fps` seconds or more after the last one."""

    def thin(frames: Frames) -> Frames:
        kept: list[RecordedFrame] = []
        for frame in frames:
            if not kept or frame.t - kept[-1].t >= 1 / fps - 1e-6:
                kept.append(frame)
        return kept

    return thin


def doubled(frames: Frames) -> Frames:
    """A camera twice as fast: between two frames of one track a frame halfway, without silhouette.
    Its joints are interpolated, so they jitter less than those of a real camera."""
    return list(_doubled(frames))


def _doubled(frames: Frames) -> Iterator[RecordedFrame]:
    for before, after in pairwise(frames):
        yield before
        a, b = before.detection.pose, after.detection.pose
        t = (before.t + after.t) / 2
        if a is None or b is None or a.size != b.size or after.detection.track_reset:
            yield replace(before, t=t, detection=replace(before.detection, track_reset=False))
            continue
        between = Pose(
            (a.px + b.px) / 2,
            (a.world + b.world) / 2,
            np.minimum(a.visibility, b.visibility),
            a.size,
        )
        yield replace(
            before, t=t, detection=replace(before.detection, pose=between, track_reset=False)
        )
    yield from frames[-1:]


LANDMARKS: Mapping[str, tuple[str, Callable[[Frames], Frames]]] = {
    "mirrored": ("left and right exchanged, in the picture and in the joints' names", mirrored),
    "5 pictures/s": ("two of three pictures of the 15 a second left out", at_most(5.0)),
    "30 pictures/s": ("a picture interpolated between every two of the 15 a second", doubled),
    "leaning 5°": ("the picture turned clockwise by 5°", leaning(5.0)),
    "leaning -8°": ("the picture turned anticlockwise by 8°", leaning(-8.0)),
}
"""Name of the change -> what it is, and how to make it."""


# --- pictures -----------------------------------------------------------------------------------

DARK, NOISE, NOISE_SEED = 0.15, 6.0, 7
BLUR_PX = 3.0
HD = (1440, 1080)


def dark(image: Image) -> Image:
    """A dim room: 15 % of the light, and noise of 6 levels of 255, the same in every picture."""
    noise = np.random.default_rng(NOISE_SEED).normal(0.0, NOISE, image.shape)
    return np.clip(image * DARK + noise, 0, 255).astype(np.uint8)


def blurred(image: Image) -> Image:
    """A lens out of focus: a Gaussian of 3 pixels at 640 x 480."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), BLUR_PX), np.uint8)


def enlarged(image: Image) -> Image:
    """The size of a 1080p camera, without more detail."""
    return np.asarray(cv2.resize(image, HD, interpolation=cv2.INTER_CUBIC), np.uint8)


PICTURES: Mapping[str, tuple[str, Callable[[Image], Image]]] = {
    "dark": ("15 % of the light, noise of 6 levels of 255, the same in every picture", dark),
    "blurred": ("out of focus: a Gaussian of 3 px at 640 x 480", blurred),
    "1080p": ("enlarged to 1440 x 1080", enlarged),
}
"""Name of the change -> what it is, and how to make it."""


def record(
    video: Path,
    exercise: Exercise,
    side: Side | None,
    path: Path,
    change: Callable[[Image], Image] = lambda image: image,
) -> None:
    """Record a changed video with the full model into `path`, as `posecheck analyze --record`."""
    planned = open_set(exercise, side)
    session = Session([planned], 2)
    part = path.with_suffix(".part")
    recorder = Recorder(part)
    with open_source(video) as source, estimating("full", session) as estimate:
        source.min_interval_s = judged_every_s(exercise)
        sets = (RecordedSet.of_planned(planned),)
        recorder.begin(RecordingHeader("analyze", __version__, source.name, "full", 2, sets))
        frames = (Frame(each.t, change(each.image), each.lost) for each in source)
        coach = Coach(load_phrases("en"))
        for result in run(frames, recorder.watching(estimate), session, coach):
            recorder.keep(result.frame, result.events)
    recorder.close()
    part.replace(path)
