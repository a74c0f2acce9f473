"""The real models on real clips: which person they detect, where, and how wrong skeletons are
handled."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from posecheck.body.liveness import Liveness
from posecheck.body.subject import DISAGREE, compare, disagreement, place
from posecheck.io.vision.estimator import (
    MODELS,
    Detection,
    Estimator,
    ModelError,
    _picture,
    _without_mask,
    model_path,
    verify_model,
)
from posecheck.io.vision.opencv import cv2
from posecheck.pose import Frame, Joint, MaskNeed, Pose

pytestmark = pytest.mark.model

Image = NDArray[np.uint8]

CLIPS = Path(__file__).parents[2] / "clips"
FPS = 15
FLOOR, STANDING = "childs_pose_beth_R", "wrong_view_hinge_adam"
PARTS = [f"{s}_{p}" for s in ("left", "right") for p in ("shoulder", "hip", "knee", "ankle")]
UPSIDE_DOWN_FROM = 70
"""Frame of the floor clip at which a tracker that followed the picture turned by 180 degrees keeps
the head where the feet are."""


@cache
def images(clip: str) -> list[Image]:
    capture = cv2.VideoCapture(str(CLIPS / f"{clip}.mp4"))
    pictures: list[Image] = []
    while True:
        more, picture = capture.read()
        if not more:
            return pictures
        pictures.append(np.asarray(picture, np.uint8))


@cache
def truth(clip: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CLIPS / f"{clip}.json").read_text(encoding="utf-8"))
    return content


def watch(pictures: Iterable[Image], model: str = "full", start: int = 0) -> list[Detection]:
    """The detections of a new estimator in these pictures at 15 frames per second."""
    with Estimator(model) as estimator:
        return [estimator(Frame((start + k) / FPS, image)) for k, image in enumerate(pictures)]


def the_pose(detection: Detection) -> Pose:
    assert detection.pose is not None
    assert detection.no_pose_reason == ""
    return detection.pose


def error(pose: Pose, clip: str, frame: int) -> float:
    """Mean distance from the true visible joints, in trunk lengths."""
    known = truth(clip)
    apart = [
        float(np.linalg.norm(pose.px[Joint[part.upper()]] - known["px"][part][frame]))
        for part in PARTS
        if known["visible"][part][frame] == "1"
    ]
    return float(np.mean(apart)) / place(pose).trunk


def resized(image: Image, k: float) -> Image:
    return np.asarray(cv2.resize(image, None, fx=k, fy=k), np.uint8)


def turned(image: Image, quarters: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, quarters))


def knee_angle(pose: Pose) -> float:
    hip, knee, ankle = (pose.px[Joint[f"RIGHT_{part}"]] for part in ("HIP", "KNEE", "ANKLE"))
    a, b = hip - knee, ankle - knee
    return float(np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))))


# --- where the joints are -----------------------------------------------------------------------


@pytest.mark.parametrize("clip", [FLOOR, STANDING])
@pytest.mark.parametrize("model", ["lite", "full"])
def test_joints_are_where_they_are(
    clip: str, model: str, capfd: pytest.CaptureFixture[str]
) -> None:
    detections = watch(images(clip)[:70], model)
    poses = [the_pose(detection) for detection in detections]
    assert np.mean([error(pose, clip, k) for k, pose in enumerate(poses)]) < 0.15
    assert poses[0].size == (640, 480)
    assert poses[0].world.shape == (33, 3)
    assert 0.4 < np.linalg.norm(poses[0].world[11:13].mean(0) - poses[0].world[23:25].mean(0)) < 0.6
    assert all(pose.mask is None for pose in poses)
    assert capfd.readouterr() == ("", "")


def test_left_is_the_persons_left() -> None:
    first = the_pose(watch(images(STANDING)[:1])[0])
    assert first.px[Joint.LEFT_SHOULDER, 0] > first.px[Joint.RIGHT_SHOULDER, 0]
    assert first.world[Joint.LEFT_SHOULDER, 0] > first.world[Joint.RIGHT_SHOULDER, 0]


def test_the_shape_of_the_picture_bends_no_angle() -> None:
    image = images(FLOOR)[0]
    wide = np.pad(image, ((0, 0), (250, 250), (0, 0)))
    tall = np.pad(image, ((400, 400), (0, 0), (0, 0)))
    angles = [knee_angle(the_pose(watch([picture])[0])) for picture in (image, wide, tall)]
    true = truth(FLOOR)["px"]
    joints = np.full((33, 2), np.nan)
    for part in ("hip", "knee", "ankle"):
        joints[Joint[f"RIGHT_{part.upper()}"]] = true[f"right_{part}"][0]
    expected = knee_angle(Pose(joints, np.zeros((33, 3)), np.ones(33), (640, 480)))
    assert angles == pytest.approx([expected] * 3, abs=8)


def test_a_large_picture_gives_the_same_joints() -> None:
    image = images(STANDING)[0]
    small, large = (the_pose(watch([picture])[0]) for picture in (image, resized(image, 4.5)))
    assert large.size == (2880, 2160)
    sure = small.visibility > 0.9
    assert np.abs(large.px / 4.5 - small.px)[sure].max() < 5


@pytest.mark.parametrize(
    ("size", "seen"),
    [((1280, 720), (1280, 720)), ((1920, 1080), (960, 540)), ((2160, 3840), (540, 960))],
)
def test_only_frames_too_large_to_be_quick_are_shrunk(
    size: tuple[int, int], seen: tuple[int, int]
) -> None:
    """Small people keep their pixels in the frames of a webcam."""
    picture = _picture(np.zeros((size[1], size[0], 3), np.uint8))
    assert picture.rgb.shape == (seen[1], seen[0], 3)
    assert picture.size == size


def test_grey_alpha_tiny_and_changing_pictures() -> None:
    image = images(STANDING)[0]
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    alpha = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), np.uint8)
    backwards = image[:, ::-1]
    people = [image, grey, grey[:, :, None], alpha, turned(image, 1), image[:, 81:560], backwards]
    small = [np.zeros((h, w, 3), np.uint8) for h, w in ((32, 32), (1, 1), (5, 3), (0, 0))]
    with Estimator("lite", masks=True) as estimator:
        for k, picture in enumerate([*people, *small, image]):
            detection = estimator(Frame(k / FPS, picture), "now")
            if any(picture is one for one in (*people, image)):
                pose = the_pose(detection)
                assert pose.mask is not None
                assert pose.mask.shape == picture.shape[:2]
                assert pose.size == (picture.shape[1], picture.shape[0])
            else:
                assert detection == Detection(None, "nobody")


def test_the_mask_only_when_asked() -> None:
    image = images(STANDING)[0]
    with Estimator("full", masks=True) as estimator:
        without = the_pose(estimator(Frame(0.0, image), "soon"))
        pose = the_pose(estimator(Frame(0.1, image), "now"))
        large = the_pose(estimator(Frame(0.2, resized(image, 3)), "now"))
    assert without.mask is None
    assert pose.mask is not None
    assert large.mask is not None
    assert pose.mask.dtype == np.bool_
    assert pose.mask.shape == (480, 640)
    assert large.mask.shape == (1440, 1920)
    for pose_, mask in ((pose, pose.mask), (large, large.mask)):
        x, y = pose_.px[[11, 12, 23, 24]].mean(axis=0).astype(int)
        assert mask[y, x]
        assert not mask[:, : pose_.size[0] // 8].any()
        assert 0.03 < mask.mean() < 0.3


def test_without_masks_the_poses_are_the_same() -> None:
    """The model without its mask gives the same landmarks to the bit."""
    for clip in (FLOOR, STANDING):
        bare = watch(images(clip)[:30])
        with Estimator("full", masks=True) as estimator:
            masked = [estimator(Frame(k / FPS, images(clip)[k]), "now") for k in range(30)]
        for a, b in zip(map(the_pose, bare), map(the_pose, masked), strict=True):
            assert b.mask is not None
            assert np.array_equal(a.px, b.px)
            assert np.array_equal(a.world, b.world)
            assert np.array_equal(a.visibility, b.visibility)


def test_masks_come_and_go_with_the_need() -> None:
    """The frame after the change of the need is the first with a mask, and the skeleton stays."""
    spans: tuple[tuple[MaskNeed, int], ...] = (("none", 8), ("soon", 2), ("now", 8), ("none", 8))
    needs = [need for need, count in spans for _ in range(count)]
    with Estimator("full") as estimator:
        seen = [estimator(Frame(k / FPS, images(FLOOR)[k]), need) for k, need in enumerate(needs)]
    poses = [the_pose(detection) for detection in seen]
    assert [pose.mask is not None for pose in poses] == [need == "now" for need in needs]
    assert not any(detection.track_reset for detection in seen[1:])
    usual = [the_pose(detection) for detection in watch(images(FLOOR)[: len(needs)])]
    assert max(disagreement(a, b) for a, b in zip(poses, usual, strict=True)) < 0.1


def test_the_subject_is_kept_when_the_tracker_is_exchanged() -> None:
    """Also a small subject beside someone larger, whom a new tracker would choose by itself."""
    with Estimator("full") as estimator:
        seen = [
            estimator(Frame(k / FPS, together(k, first=k >= 6)), "none" if k < 12 else "soon")
            for k in range(24)
        ]
    assert sides(seen) == "r" * 24
    assert not any(detection.track_reset for detection in seen[1:])


def test_a_model_of_another_layout_is_used_whole(caplog: pytest.LogCaptureFixture) -> None:
    """And the log says so."""
    with caplog.at_level("WARNING", "posecheck.model"):
        assert _without_mask(b"another bundle", "folder/other.task") == b"another bundle"
    (line,) = caplog.messages
    assert line.startswith("model other.task is used whole")


def test_the_same_again_is_the_same() -> None:
    runs = [watch(images(FLOOR)[45:70]) for _ in range(2)]
    for a, b in zip(*runs, strict=True):
        assert np.array_equal(the_pose(a).px, the_pose(b).px)
        assert np.array_equal(the_pose(a).world, the_pose(b).world)
        assert np.array_equal(the_pose(a).visibility, the_pose(b).visibility)


def test_times_that_do_not_increase() -> None:
    image = images(STANDING)[0]
    with Estimator("lite") as estimator:
        for t in (5.0, 5.0, 5.0001, 4.9, 0.0, 0.1, -3.0, 1e6, 1e6 + 0.1):
            the_pose(estimator(Frame(t, image)))


# --- which person -------------------------------------------------------------------------------


def together(frame: int, first: bool = True) -> Image:
    """A picture with a person on the floor at the left (or only a dark left half) and a standing
    person of half the size at the right."""
    left = images(FLOOR)[frame][:, 120:600].copy()
    if not first:
        left[:] = 0
    small = resized(images(STANDING)[frame][:, 80:560], 0.6)
    right = np.full((480, small.shape[1], 3), 200, np.uint8)
    right[480 - small.shape[0] :] = small
    return np.hstack([left, right])


def sides(detections: Iterable[Detection]) -> str:
    """A letter per frame: l and r for a pose in the left or right half, n for nobody, o for another
    person."""
    signs = {"nobody": "n", "someone_else": "o"}
    return "".join(
        signs[s.no_pose_reason]
        if s.pose is None
        else "l"
        if place(s.pose).centre.real < 480
        else "r"
        for s in detections
    )


def test_an_empty_picture() -> None:
    empty = images(STANDING)[0].copy()
    empty[:, 200:400] = empty[:, 60:260]
    seen = watch([np.zeros((480, 640, 3), np.uint8)] * 2 + [empty[:, :200]] * 2, "lite")
    assert [replace(one, repeated=False) for one in seen] == [Detection(None, "nobody")] * 4


def test_the_larger_of_two_is_kept() -> None:
    assert sides(watch(together(frame) for frame in range(20))) == "l" * 20
    mirrored = (np.ascontiguousarray(together(frame)[:, ::-1]) for frame in range(10))
    with Estimator("full") as estimator:
        seen = [the_pose(estimator(Frame(k / FPS, f))) for k, f in enumerate(mirrored)]
    assert all(place(pose).centre.real > 768 - 480 for pose in seen)
    assert {round(place(pose).size / 270) for pose in seen} == {1}


def test_another_person_beside_the_subject_is_known() -> None:
    """Its size is a share of the subject's size; it is 0 when the subject is alone."""
    seen = watch(together(frame) for frame in range(5))
    assert all(0.4 < detection.other_person_size < 0.8 for detection in seen)
    assert not any(detection.other_person_size for detection in watch(images(STANDING)[:5]))


def test_another_body_is_reported_until_the_subject_is_back() -> None:
    seen = sides(watch(together(frame, not 10 <= frame < 25) for frame in range(45)))
    assert seen[:10] == "l" * 10
    assert set(seen[10:25]) <= {"n", "o"}
    assert "o" * 10 in seen
    assert seen[30:] == "l" * 15
    assert "r" not in seen


def test_a_subject_that_stays_away_is_replaced() -> None:
    seen = sides(watch(together(frame, frame < 5) for frame in range(50)))
    assert seen.count("o") == pytest.approx(2 * FPS, abs=2)
    assert seen.endswith("rrrrrr")


def test_a_poster_is_no_subject_while_someone_moves() -> None:
    """A still picture, nearly twice as large as the person. Nobody is judged until that is known,
    and the poster does not count as another person."""

    def beside_poster(frame: int) -> Image:
        image = together(frame)
        image[:, :480] = together(0)[:, :480]
        return image

    detections = watch((beside_poster(frame) for frame in range(90)), "lite")
    seen = sides(detections)
    assert seen.rindex("l") < FPS
    assert set(seen[FPS : 5 * FPS]) <= {"o", "r"}
    assert set(seen[5 * FPS :]) == {"r"}
    assert sum(detection.track_reset for detection in detections) == 1
    assert detections[-1].other_person_size == 0.0
    liveness = Liveness()
    pictures = [liveness.update(k / FPS, one.repeated) for k, one in enumerate(detections)]
    assert "frozen" not in pictures  # though only a small, quiet person moves


def test_a_poster_alone_or_beside_a_still_person_is_no_reason_to_give_up() -> None:
    """Where nothing moves, nothing is known of who is a picture."""
    seen = watch([together(0)] * 60, "lite")
    assert sides(seen) == "l" * 60
    assert [detection.repeated for detection in seen] == [False] + [True] * 59


def test_a_wrong_skeleton_is_given_up(capfd: pytest.CaptureFixture[str]) -> None:
    """Upright pictures after inverted ones provoke an error that rarely occurs by itself."""
    clip = images(FLOOR)
    where = place(the_pose(watch([clip[UPSIDE_DOWN_FROM]])[0])).centre
    middle = np.array([[1, 0, 240 - where.real], [0, 1, 240 - where.imag]], np.float32)

    def centred(frame: int) -> Image:
        moved = cv2.warpAffine(clip[frame], middle, (480, 480), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.uint8)

    upright = [centred(UPSIDE_DOWN_FROM + k) for k in range(8, 45)]
    inverted = [turned(centred(UPSIDE_DOWN_FROM), 2)] * 8
    wrong = watch(inverted + upright)[8:]
    right = watch(upright)
    differences = [
        disagreement(the_pose(a), the_pose(b)) for a, b in zip(wrong, right, strict=True)
    ]
    assert min(differences[:10]) > DISAGREE
    assert compare(the_pose(wrong[9]), [the_pose(right[9])]) > DISAGREE
    assert max(differences[-10:]) < 0.1
    given_up = next(k for k, difference in enumerate(differences) if difference < DISAGREE)
    assert given_up / FPS < 2.0
    assert capfd.readouterr().err == ""


# --- opening and closing ------------------------------------------------------------------------


def test_a_call_after_close_is_refused() -> None:
    before = threading.active_count()
    with Estimator("lite") as estimator:
        estimator(Frame(0.0, images(STANDING)[0]))
    estimator.close()
    assert threading.active_count() == before
    with pytest.raises(ValueError, match="closed"):
        estimator(Frame(1.0, images(STANDING)[0]))


def test_an_exception_ends_the_worker_and_reaches_the_caller() -> None:
    before = threading.active_count()
    with (  # noqa: PT012
        pytest.raises(KeyError, match="my own"),
        Estimator("lite") as estimator,
    ):
        estimator(Frame(0.0, images(STANDING)[0]))
        raise KeyError("my own")
    assert threading.active_count() == before


def test_a_model_that_opens_only_once_leaves_nothing_behind() -> None:
    """Without memory for the second landmarker, the first is closed and the worker ends."""
    before, closed = threading.active_count(), list[str]()

    class Tracker:
        def close(self) -> None:
            closed.append("tracker")

    class Short(Estimator):
        def _landmarker(self, mode: str, people: int, masks: bool) -> Any:
            if mode == "IMAGE":
                raise MemoryError
            return Tracker()

    with pytest.raises(MemoryError):
        Short("lite")
    assert closed == ["tracker"]
    assert threading.active_count() == before


def test_what_is_wrong_with_a_picture_is_not_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    two_channels = np.zeros((48, 64, 2), np.uint8)
    with Estimator("lite") as estimator, pytest.raises(KeyError):
        estimator(Frame(0.0, two_channels))
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_the_sound_library_is_left_alone() -> None:
    with Estimator("lite"):
        assert sys.modules.get("sounddevice", "absent") is not None


# --- model files --------------------------------------------------------------------------------


def test_shipped_models_are_the_published_ones() -> None:
    for choice, model in MODELS.items():
        path = model_path(choice)
        assert path.name == model.name
        assert len(verify_model(path)) == model.size
    readme = model_path("full").with_name("README.md").read_text(encoding="utf-8")
    for model in MODELS.values():
        assert f"{model.size:,}" in readme
        assert model.sha256[0] in readme


def test_a_copy_of_a_model_may_have_any_name(tmp_path: Path) -> None:
    copy = tmp_path / "höher — 模型"
    copy.write_bytes(model_path("lite").read_bytes())
    assert model_path(str(copy)) == copy
    assert the_pose(watch(images(STANDING)[:1], str(copy))[0]).size == (640, 480)


def complaint(path: Path | str) -> str:
    with pytest.raises(ModelError) as caught:
        Estimator(str(path))
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def test_model_files_that_cannot_be_used(tmp_path: Path) -> None:
    content = model_path("lite").read_bytes()
    assert f"There is no model file {tmp_path / 'none.task'}" in complaint(tmp_path / "none.task")
    assert "There is no model file heavy" in complaint("heavy")
    assert f"{tmp_path} is a folder" in complaint(tmp_path)
    assert ". is a folder" in complaint("")
    lite = tmp_path / "pose_landmarker_lite.task"
    lite.write_bytes(content[:-1000])
    assert "is cut short: 5,776,746 of 5,777,746 bytes" in complaint(lite)
    lite.write_bytes(b"")
    assert "is cut short: 0 of" in complaint(lite)
    lite.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "SHA-256 differs" in complaint(lite)
    lite.write_bytes(content + b"\0")
    assert "SHA-256 differs" in complaint(lite)
    other = tmp_path / "other.task"
    other.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "none of the models that posecheck knows" in complaint(other)
    assert "cannot be read" in complaint(other / "inside.task")


def test_an_endless_file_is_not_read() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no such file")
    assert "none of the models" in complaint("/dev/zero")


def test_an_installation_without_models() -> None:
    with pytest.raises(ModelError, match="nowhere"):
        model_path("full", "nowhere")
