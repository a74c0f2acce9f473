"""Frames in, the subject's pose out: MediaPipe with subject locking and periodic track checks.

MediaPipe's VIDEO mode tracks one body: the one it detected first, even when the skeleton is wrong.
A second landmarker in IMAGE mode detects bodies in single frames, without history: to choose the
subject, to find the subject again, and to check the tracked skeleton from time to time.
`posecheck.body.subject` decides; this module detects.
"""

from __future__ import annotations

import logging
import math
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from posecheck.body.subject import (
    DISAGREE,
    BodyPlace,
    Box,
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
from posecheck.io.vision.picture_changes import MovedBodies, PosterDoubt, RepeatedPictures
from posecheck.io.vision.silence import silence
from posecheck.io.vision.slim_model import UnexpectedModelError, slim
from posecheck.io.vision.source import Image
from posecheck.pose import Detection, Frame, MaskNeed, Pose

__all__ = [
    "MODELS",
    "Detection",
    "Estimator",
    "ModelError",
    "ModelFile",
    "model_path",
    "verify_model",
]

WHOLE_SIDE_PX, SHRUNK_SIDE_PX = 1280, 960
"""Frames with a longer side than the first are made smaller, to the second. The model sees 256 x
256 pixels around the body. Shrinking 1920 x 1080 by area to 1280 took 15 ms, more than the model,
and linearly to 960 it takes 1 ms; joints are as near to those of the whole frame (median 0.007 of
the trunk's length at a trunk of 340 px, 0.015 at 190 px), and so are masks (overlap 0.98 and 0.97).
A frame of 1280 is cheaper to take as it is than to shrink."""
PEOPLE = 3
"""Bodies that a fresh detection finds at most: the subject, a helper, a passer-by."""
MASK_LEVEL = 0.5
"""Share of certainty from which a pixel of the mask belongs to the person."""
COMPARISON_DELAY_S = 0.4
"""Seconds of video between a compared frame and the use of the result: the same in every run and on
every machine, and long enough that the result is ready."""
BODY_MARGIN = 0.5
"""Trunk lengths around the visible joints that still belong to the body: skull, hands, feet."""


_logger = logging.getLogger("posecheck.model")

_NOBODY = Detection(None, "nobody")
_SOMEONE_ELSE = Detection(None, "someone_else")


_loading = threading.Lock()


def load_mediapipe() -> ModuleType:
    """Import mediapipe without its audio part, which would connect to the sound server. Any thread
    may call it. Raises SystemProblem."""
    from posecheck.io.requirements import check_mediapipe

    check_mediapipe()
    with _loading:
        return _import_mediapipe()


def _import_mediapipe() -> ModuleType:
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
    """A frame as the model sees it.

    rgb   uint8 (height, width, 3), possibly smaller than the frame
    size  (width, height) of the frame in pixels; poses are in these pixels
    """

    rgb: Image
    size: tuple[int, int]

    def only(self, box: Box, margin: float) -> _Picture:
        """The same picture, black outside a box (frame pixels) widened by `margin` pixels."""
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
    longer = max(width, height)
    shrink = SHRUNK_SIDE_PX / longer if longer > WHOLE_SIDE_PX else 1.0
    wanted = max(4, round(width * shrink / 4) * 4), max(1, round(height * shrink))
    if wanted != (width, height):
        # Width a multiple of 4: MediaPipe aborts the process on a mask of another width.
        image = np.asarray(cv2.resize(image, wanted, interpolation=cv2.INTER_LINEAR), np.uint8)
    codes = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
    rgb = cv2.cvtColor(np.ascontiguousarray(image), codes[channels])
    return _Picture(np.asarray(rgb, np.uint8), (width, height))


def _pose(landmarks: Any, world: Any, size: tuple[int, int]) -> Pose:
    seen = np.array([(mark.x, mark.y, mark.visibility) for mark in landmarks], dtype=np.float64)
    metres = np.array([(mark.x, mark.y, mark.z) for mark in world], dtype=np.float64)
    return Pose(seen[:, :2] * size, metres, seen[:, 2].copy(), size)


def _mask(result: Any, size: tuple[int, int]) -> NDArray[np.bool_]:
    """The person as bool (height, width) in the frame's own size."""
    share = np.squeeze(result.segmentation_masks[0].numpy_view())
    if share.shape != (size[1], size[0]):
        share = cv2.resize(share, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(share > MASK_LEVEL)


def _without_mask(bundle: bytes, model: str) -> bytes:
    """The bundle without the mask; the same bundle, and a line in the log, where its layout is not
    the expected one."""
    try:
        return slim(bundle)
    except UnexpectedModelError as error:
        _logger.warning("model %s is used whole, which is slower: %s", Path(model).name, error)
        return bundle


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    """A fresh detection in the frame at `t`, made by the worker thread, to compare with `pose`."""

    t: float
    pose: Pose
    found: Future[list[Pose]]


class Estimator:
    """Detects the subject in one stream of frames.

    `with Estimator("full") as estimator: detection = estimator(frame)`

    Poses are as the model gives them (33 joints, no NaN) in pixels of the frame; `JointFilter`
    decides which joints to trust. Frames may be grey or tiny and may change their size; times
    should increase but need not. Two landmarkers and one worker thread live until `close`. Only
    one thread may call it. Raises ModelError and SystemProblem at construction.

    model   lite, full or the path of a .task file
    masks   whether the first frames need masks: the tracker then need not be exchanged
    calm_s  seconds without a check after a fresh detection that agreed with the track. The watchdog
            alone checks every 8 s; at a desk the track is rarely wrong, and at one frame per second
            the checks are a sixth of all the work
    """

    def __init__(self, model: str = "full", masks: bool = False, calm_s: float = 0.0) -> None:
        self._whole = verify_model(model_path(model))
        self._slim = _without_mask(self._whole, model)
        self._mp = load_mediapipe()
        self._masks = masks
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="fresh-pose")
        self._closed = False
        self._met_person = False
        self._ms, self._shift = -1, 0
        self._size: tuple[int, int] | None = None
        self._lock, self._watchdog = SubjectLock(), TrackWatchdog()
        self._comparison: _Comparison | None = None
        self._calm_s, self._calm_until = calm_s, -math.inf
        self._other_person_size = 0.0
        self._repeats, self._moved = RepeatedPictures(), MovedBodies()
        self._poster = PosterDoubt(self._moved)
        self._result: Any = None
        with silence(), ExitStack() as undo:
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

    def __call__(self, frame: Frame, mask: MaskNeed = "none") -> Detection:
        """The subject in this frame, with its mask where that is needed now.

        When the need changes between "none" and another, the tracker is exchanged after this frame,
        so the first frame of a new need has no mask. ValueError after `close`.
        """
        if self._closed:
            raise ValueError("this estimator is closed")
        if not frame.image.size:
            return _NOBODY
        picture = _picture(frame.image)
        if self._size not in (None, picture.size):
            self._start_over()
        self._size = picture.size
        t = self._time(frame.t)
        repeated = self._repeats.update(frame.image)
        self._moved.update(t, frame.image)
        pose = self._follow(picture)
        detection = self._find_subject(t, picture, pose)
        detection = self._check_track(t, picture, detection)
        detection = self._leave_poster(t, picture, detection)
        detection = replace(detection, other_person_size=self._other_person_size, repeated=repeated)
        if mask == "now" and self._masks and detection.pose is not None:
            silhouette = _mask(self._result, picture.size)
            detection = replace(detection, pose=replace(detection.pose, mask=silhouette))
        if (mask != "none") != self._masks:
            self._exchange_tracker(t, picture, detection.pose)
        return detection

    def _landmarker(self, mode: str, people: int, masks: bool) -> Any:
        # Without the mask a frame takes half to two thirds of the time.
        content = self._whole if masks else self._slim
        tasks = self._mp.tasks
        return tasks.vision.PoseLandmarker.create_from_options(
            tasks.vision.PoseLandmarkerOptions(
                base_options=tasks.BaseOptions(model_asset_buffer=content),
                running_mode=tasks.vision.RunningMode[mode],
                num_poses=people,
                output_segmentation_masks=masks,
            )
        )

    def _time(self, t: float) -> float:
        """Seconds that always increase, also where the frames' own time stands still or goes
        back."""
        ms = round(t * 1000) + self._shift
        self._shift += max(0, self._ms + 1 - ms)
        self._ms = max(ms, self._ms + 1)
        return self._ms / 1000

    def _follow(self, picture: _Picture) -> Pose | None:
        """The tracked body in the frame of time `_ms`."""
        # A tracker writes to stderr only until its first person.
        with nullcontext() if self._met_person else silence():
            image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=picture.rgb)
            self._result = self._tracker.detect_for_video(image, self._ms)
        if not self._result.pose_landmarks:
            return None
        self._met_person = True
        return _pose(
            self._result.pose_landmarks[0], self._result.pose_world_landmarks[0], picture.size
        )

    def _detect(self, picture: _Picture) -> list[Pose]:
        """Every body in a frame, without history. Runs in the worker thread."""
        image = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=picture.rgb)
        result = self._detector.detect(image)
        both = zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        return [_pose(landmarks, world, picture.size) for landmarks, world in both]

    def _detect_now(self, picture: _Picture) -> list[Pose]:
        """`_detect` in the worker thread; waits for the result."""
        with silence():
            return self._worker.submit(self._detect, picture).result()

    def _find_subject(self, t: float, picture: _Picture, pose: Pose | None) -> Detection:
        """Check that the tracked body is the subject; find the subject when it is not."""
        verdict = self._lock.update(t, place(pose) if pose else None)
        if pose is None or verdict == "nobody":
            return _NOBODY
        if verdict == "subject":
            return Detection(pose)
        if verdict == "other":
            return _SOMEONE_ELSE
        candidates = self._detect_now(picture) or [pose]
        candidates = self._moved.people(candidates)
        index = self._lock.choose(t, [place(candidate) for candidate in candidates])
        if index is None:
            return _SOMEONE_ELSE
        chosen = candidates[index]
        self._note_others(place(chosen), candidates)
        self._comparison = None
        if (difference := disagreement(pose, chosen)) <= DISAGREE:
            self._lock.hold(t, place(chosen))
            self._watchdog.judge(t, difference)
            return Detection(pose, track_reset=self._lock.changed)
        taken = self._restart_at(t, picture, place(chosen))
        return replace(taken, track_reset=self._lock.changed) if taken.pose is not None else taken

    def _restart_at(self, t: float, picture: _Picture, where: BodyPlace) -> Detection:
        """Restart the track with the body at this place; the first picture shows only that body."""
        self._new_tracker()
        pose = self._follow(picture.only(where.box, BODY_MARGIN * where.trunk))
        self._comparison = None
        self._watchdog.restarted(t)
        if pose is None:
            return _NOBODY
        self._lock.hold(t, place(pose))
        return Detection(pose)

    def _new_tracker(self) -> None:
        """Replace the tracker by one without history, which takes as long as a dozen frames.

        An empty picture in between is not enough: MediaPipe then smooths from the depths of the old
        skeleton.
        """
        with silence():
            fresh = self._landmarker("VIDEO", 1, self._masks)
            self._tracker.close()
        self._tracker, self._met_person = fresh, False

    def _exchange_tracker(self, t: float, picture: _Picture, subject: Pose | None) -> None:
        """Replace the tracker by one with masks, or by one without. It starts with the subject of
        this frame."""
        self._masks = not self._masks
        if subject is None:
            self._new_tracker()
        else:
            self._restart_at(t, picture, place(subject))
        _logger.info("tracker exchanged: %s masks", "with" if self._masks else "without")

    def _start_over(self) -> None:
        """Reset everything for frames of another size, in which no earlier place is valid."""
        self._new_tracker()
        self._lock, self._watchdog = SubjectLock(), TrackWatchdog()
        self._comparison = None

    def _check_track(self, t: float, picture: _Picture, detection: Detection) -> Detection:
        """Check the tracked skeleton against a fresh detection from time to time."""
        wrong = self._collect(t)
        if detection.pose is None:
            return detection
        if wrong:
            found = self._detect_now(picture)
            index = same_body(place(detection.pose), [place(candidate) for candidate in found])
            if index is not None:
                return replace(self._restart_at(t, picture, place(found[index])), track_reset=True)
        due = self._watchdog.due(t, detection.pose) and t >= self._calm_until
        if due and self._comparison is None:
            self._watchdog.begun()
            found_later = self._worker.submit(self._detect, picture)
            self._comparison = _Comparison(t, detection.pose, found_later)
        return detection

    def _collect(self, t: float) -> bool:
        """Whether a comparison that is due shows that the tracked skeleton is wrong."""
        comparison = self._comparison
        if comparison is None or t < comparison.t + COMPARISON_DELAY_S:
            return False
        self._comparison = None
        found = comparison.found.result()
        self._note_others(place(comparison.pose), found)
        difference = compare(comparison.pose, found)
        if not difference > DISAGREE:  # also when there was nothing to compare
            self._calm_until = t + self._calm_s
        return self._watchdog.judge(t, difference)

    def _note_others(self, own: BodyPlace, found: Sequence[Pose]) -> None:
        """Note how large the largest other person is. Still pictures of people are none."""
        people = [place(each) for each in found if not self._moved.still(place(each).box)]
        self._other_person_size = other_person_size(own, people)

    def _leave_poster(self, t: float, picture: _Picture, detection: Detection) -> Detection:
        """Give up a still picture of a person for a person who moves. While that is not decided
        and another person is there, the subject is not known."""
        if detection.pose is None:
            return detection
        own = place(detection.pose)
        if self._poster.update(t, own.box):
            found = self._detect_now(picture)
            places = [place(each) for each in found]
            mover = self._poster.decide(t, own, places)
            if mover is not None:
                self._note_others(places[mover], found)
                self._lock.forget()
                return replace(self._restart_at(t, picture, places[mover]), track_reset=True)
        return _SOMEONE_ELSE if self._poster.undecided else detection
