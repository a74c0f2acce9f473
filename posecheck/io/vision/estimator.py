"""Frames in, the subject's pose out: MediaPipe's landmarker with a lock and a doubt around it.

MediaPipe's VIDEO mode tracks one body, whichever it took first and however wrongly. Here a second
landmarker in IMAGE mode looks at single frames afresh: to choose the subject, to find them again,
and now and then to doubt the tracked skeleton. `posecheck.body.subject` decides; this module
detects.
"""

from __future__ import annotations

import math
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from posecheck.body.subject import (
    DISAGREE,
    Box,
    Place,
    SubjectLock,
    TrackWatchdog,
    compare,
    disagreement,
    other_person_size,
    place,
    same_body,
)
from posecheck.io.vision.models import MODELS, ModelError, ModelFile, model_path, verify_model
from posecheck.io.vision.opencv import cv2
from posecheck.pose import Detection, Frame, Pose

__all__ = [
    "MODELS",
    "Detection",
    "Estimator",
    "ModelError",
    "ModelFile",
    "model_path",
    "verify_model",
]

Image = NDArray[np.uint8]

LARGEST = 1280
"""Pixels of the long side above which frames are made smaller: the model sees 256 x 256."""
PEOPLE = 3
"""Bodies that a fresh detection looks for: the subject, a helper, a passer-by."""
MASK_LEVEL = 0.5
AFTER_S = 0.4
"""When the result of a comparison is used, seconds of video after its frame: the same in every
run and on every machine, and late enough not to wait for it."""
MARGIN = 0.5
"""Trunk lengths around the visible joints that belong to the body: skull, hands, feet."""


_NOBODY = Detection(None, "nobody")
_SOMEONE_ELSE = Detection(None, "someone_else")


class _Silence:
    """Nothing written to file descriptor 2 is seen while anyone is inside. The native libraries
    write there whatever the log level says. Exceptions pass; descriptor 2 always comes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._saved: int | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if not self._inside:
                self._saved = _redirect()
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside and self._saved is not None:
                    os.dup2(self._saved, 2)
                    os.close(self._saved)
                    self._saved = None


def _redirect() -> int | None:
    """Send descriptor 2 nowhere; a copy of what it was, None for a program without one."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        saved = os.dup(2)
    except OSError:  # started without a terminal
        return None
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return saved


_silence = _Silence()


def _load_mediapipe() -> ModuleType:
    """mediapipe without its audio part: importing that would connect to the sound server."""
    from posecheck.io.requirements import check_mediapipe

    check_mediapipe()
    absent = object()
    before: Any = sys.modules.get("sounddevice", absent)
    sys.modules["sounddevice"] = None  # type: ignore[assignment]
    try:
        import mediapipe
        import mediapipe.tasks.python.vision
    finally:
        if before is absent:
            del sys.modules["sounddevice"]
        else:
            sys.modules["sounddevice"] = before
    module: ModuleType = mediapipe
    return module


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """A frame as the model gets it: RGB, perhaps smaller. `size` is the frame's own (width,
    height): poses are in pixels of that."""

    rgb: Image
    size: tuple[int, int]

    def only(self, box: Box, margin: float) -> _Picture:
        """The same with everything outside a widened box (frame pixels) black."""
        height, width = self.rgb.shape[:2]
        kx, ky = width / self.size[0], height / self.size[1]
        x0, y0 = max(0, int((box[0] - margin) * kx)), max(0, int((box[1] - margin) * ky))
        x1, y1 = max(0, int((box[2] + margin) * kx) + 1), max(0, int((box[3] + margin) * ky) + 1)
        rgb = np.zeros_like(self.rgb)
        rgb[y0:y1, x0:x1] = self.rgb[y0:y1, x0:x1]
        return _Picture(rgb, self.size)


def _picture(image: Image) -> _Picture:
    height, width = image.shape[:2]
    channels = 1 if image.ndim == 2 else image.shape[2]
    shrink = min(1.0, LARGEST / max(width, height))
    wanted = max(4, round(width * shrink / 4) * 4), max(1, round(height * shrink))
    if wanted != (width, height):
        # Width in fours: MediaPipe ends the whole process when it reads a mask of another width.
        image = np.asarray(cv2.resize(image, wanted, interpolation=cv2.INTER_AREA), np.uint8)
    codes = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
    rgb = cv2.cvtColor(np.ascontiguousarray(image), codes[channels])
    return _Picture(np.asarray(rgb, np.uint8), (width, height))


def _pose(landmarks: Any, world: Any, size: tuple[int, int]) -> Pose:
    seen = np.array([(mark.x, mark.y, mark.visibility) for mark in landmarks], dtype=np.float64)
    metres = np.array([(mark.x, mark.y, mark.z) for mark in world], dtype=np.float64)
    return Pose(seen[:, :2] * size, metres, seen[:, 2].copy(), size)


def _mask(result: Any, size: tuple[int, int]) -> NDArray[np.bool_]:
    """The person as bool (height, width) of the frame, also where the model saw a smaller one."""
    share = np.squeeze(result.segmentation_masks[0].numpy_view())
    if share.shape != (size[1], size[0]):
        share = cv2.resize(share, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(share > MASK_LEVEL)


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    """A fresh detection that a worker makes of the frame at `t`, where `pose` was tracked."""

    t: float
    pose: Pose
    found: Future[list[Pose]]


class Estimator:
    """`with Estimator("full") as estimator: sighting = estimator(frame)`, one stream of frames.

    Poses are as the model gives them (33 joints, no NaN) in pixels of the frame; `JointFilter`
    decides what to believe. With `masks` a call may also ask for the segmentation mask. Frames may
    be grey, tiny, and change their size; times should increase, but need not. Two landmarkers and
    one worker thread live until `close`. One thread may call it. ModelError and SystemProblem at
    construction.

    calm_s  seconds without a doubt after a fresh detection that did not contradict, where the
            guard alone would look every 8 s: someone who sits all day is rarely mistaken, and
            at a frame per second the fresh detections are a sixth of all the work
    """

    def __init__(self, model: str = "full", masks: bool = False, calm_s: float = 0.0) -> None:
        self._content = verify_model(model_path(model))
        self._mp = _load_mediapipe()
        self._masks = masks
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="fresh-pose")
        self._closed = False
        self._heard = False
        self._ms, self._shift = -1, 0
        self._size: tuple[int, int] | None = None
        self._lock, self._guard = SubjectLock(), TrackWatchdog()
        self._comparison: _Comparison | None = None
        self._calm_s, self._calm_until = calm_s, -math.inf
        self._rival = 0.0
        self._result: Any = None
        with _silence(), ExitStack() as undo:
            undo.callback(self._worker.shutdown)
            detector = self._worker.submit(self._landmarker, "IMAGE", PEOPLE, False)
            self._tracker = self._landmarker("VIDEO", 1, masks)
            undo.callback(self._tracker.close)
            self._detector = detector.result()
            undo.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and free the models. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._worker.shutdown(wait=True, cancel_futures=True)
        try:
            self._tracker.close()
        finally:
            self._detector.close()

    def __call__(self, frame: Frame, mask: bool = False) -> Detection:
        """The subject in this frame. ValueError after `close`."""
        if self._closed:
            raise ValueError("this estimator is closed")
        if not frame.image.size:
            return _NOBODY
        picture = _picture(frame.image)
        if self._size not in (None, picture.size):
            self._start_over()
        self._size = picture.size
        t = self._time(frame.t)
        pose = self._follow(picture)
        sighting = self._settle(t, picture, pose)
        sighting = self._doubt(t, picture, sighting)
        if self._rival:
            sighting = replace(sighting, other_person_size=self._rival)
        if mask and self._masks and sighting.pose is not None:
            silhouette = _mask(self._result, picture.size)
            return replace(sighting, pose=replace(sighting.pose, mask=silhouette))
        return sighting

    def _landmarker(self, mode: str, people: int, masks: bool) -> Any:
        tasks = self._mp.tasks
        return tasks.vision.PoseLandmarker.create_from_options(
            tasks.vision.PoseLandmarkerOptions(
                base_options=tasks.BaseOptions(model_asset_buffer=self._content),
                running_mode=tasks.vision.RunningMode[mode],
                num_poses=people,
                output_segmentation_masks=masks,
            )
        )

    def _time(self, t: float) -> float:
        """Seconds that always increase: where the frames' own time stands still or goes back, it
        goes on from there."""
        ms = round(t * 1000) + self._shift
        self._shift += max(0, self._ms + 1 - ms)
        self._ms = max(ms, self._ms + 1)
        return self._ms / 1000

    def _follow(self, picture: _Picture) -> Pose | None:
        """The tracked body in the frame of time `_ms`."""
        # What a tracker has to say, it says until it has met its first person.
        with nullcontext() if self._heard else _silence():
            image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=picture.rgb)
            self._result = self._tracker.detect_for_video(image, self._ms)
        if not self._result.pose_landmarks:
            return None
        self._heard = True
        return _pose(
            self._result.pose_landmarks[0], self._result.pose_world_landmarks[0], picture.size
        )

    def _detect(self, picture: _Picture) -> list[Pose]:
        """Everyone in a frame, without history. Runs in the worker."""
        image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=picture.rgb)
        result = self._detector.detect(image)
        both = zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        return [_pose(landmarks, world, picture.size) for landmarks, world in both]

    def _everyone(self, picture: _Picture) -> list[Pose]:
        """`_detect`, now."""
        with _silence():
            return self._worker.submit(self._detect, picture).result()

    def _settle(self, t: float, picture: _Picture, pose: Pose | None) -> Detection:
        """Is the tracked body the subject? If not, look for them."""
        verdict = self._lock.update(t, place(pose) if pose else None)
        if pose is None or verdict == "nobody":
            return _NOBODY
        if verdict == "subject":
            return Detection(pose)
        if verdict == "other":
            return _SOMEONE_ELSE
        candidates = self._everyone(picture) or [pose]
        index = self._lock.choose(t, [place(candidate) for candidate in candidates])
        if index is None:
            return _SOMEONE_ELSE
        chosen = candidates[index]
        self._rival = other_person_size(
            place(chosen), [place(candidate) for candidate in candidates]
        )
        self._comparison = None
        if (difference := disagreement(pose, chosen)) <= DISAGREE:
            self._lock.hold(t, place(chosen))
            self._guard.judge(t, difference)
            return Detection(pose, track_reset=self._lock.changed)
        taken = self._take(t, picture, place(chosen))
        return replace(taken, track_reset=self._lock.changed) if taken.pose is not None else taken

    def _take(self, t: float, picture: _Picture, where: Place) -> Detection:
        """Begin anew with the body at this place, and with it alone in the first picture."""
        self._renew()
        pose = self._follow(picture.only(where.box, MARGIN * where.trunk))
        self._comparison = None
        self._guard.restarted(t)
        if pose is None:
            return _NOBODY
        self._lock.hold(t, place(pose))
        return Detection(pose)

    def _renew(self) -> None:
        """A tracker without a past. It takes as long as a dozen frames; an empty picture in
        between would not do: MediaPipe then goes on smoothing from the old skeleton's depths."""
        with _silence():
            fresh = self._landmarker("VIDEO", 1, self._masks)
            self._tracker.close()
        self._tracker, self._heard = fresh, False

    def _start_over(self) -> None:
        """Frames of another size: no place of before means anything."""
        self._renew()
        self._lock, self._guard = SubjectLock(), TrackWatchdog()
        self._comparison = None

    def _doubt(self, t: float, picture: _Picture, sighting: Detection) -> Detection:
        """Compare the tracked skeleton with a fresh detection from time to time."""
        wrong = self._collect(t)
        if sighting.pose is None:
            return sighting
        if wrong:
            found = self._everyone(picture)
            index = same_body(place(sighting.pose), [place(candidate) for candidate in found])
            if index is not None:
                return replace(self._take(t, picture, place(found[index])), track_reset=True)
        due = self._guard.due(t, sighting.pose) and t >= self._calm_until
        if due and self._comparison is None:
            self._guard.begun()
            found_later = self._worker.submit(self._detect, picture)
            self._comparison = _Comparison(t, sighting.pose, found_later)
        return sighting

    def _collect(self, t: float) -> bool:
        """Whether a comparison that has become due says that the skeleton is wrong."""
        comparison = self._comparison
        if comparison is None or t < comparison.t + AFTER_S:
            return False
        self._comparison = None
        found = comparison.found.result()
        self._rival = other_person_size(
            place(comparison.pose), [place(candidate) for candidate in found]
        )
        difference = compare(comparison.pose, found)
        if not difference > DISAGREE:  # also where there was nothing to compare
            self._calm_until = t + self._calm_s
        return self._guard.judge(t, difference)
