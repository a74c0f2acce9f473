"""The skeleton stays on the body while newer pictures are shown than the judged one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Figure

from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.skeleton_flow import SkeletonFlow
from posecheck.io.vision.source import Image
from posecheck.pose import JOINTS, Joint, Pose

SIZE = (640, 480)
STEP = 8.0
"""Pixels by which the right half of the scene moves down from picture to picture."""


def scene() -> Image:
    """A cloth of soft spots, as large as the picture and what moves into it."""
    rng = np.random.default_rng(7)
    rough = rng.integers(0, 256, (60, 40, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(rough, (640, 960), interpolation=cv2.INTER_CUBIC), np.uint8)


CLOTH = scene()


def picture(step: float) -> Image:
    """The left half stands still; the right half has moved down by so many steps."""
    still, down = CLOTH[240:720], round(240 - step * STEP)
    image = still.copy()
    image[:, 320:] = CLOTH[down : down + 480, 320:]
    return image


def pose(step: float = 0.0) -> Pose:
    """Joints on both halves, away from the edge between; the nose was not seen."""
    px = np.full((JOINTS, 2), np.nan)
    for k, joint in enumerate(j for j in Joint if j is not Joint.NOSE):
        left = k % 2 == 0
        px[joint] = (
            100 + 5 * k if left else 400 + 5 * k,
            150 + 6 * k + (0 if left else step * STEP),
        )
    return replace(Figure().pose(), px=px, size=SIZE)


def apart(a: Pose | None, b: Pose) -> float:
    """The largest distance of a joint, pixels."""
    assert a is not None
    assert np.array_equal(np.isnan(a.px), np.isnan(b.px))
    return float(np.nanmax(np.linalg.norm(a.px - b.px, axis=1)))


def test_a_skeleton_moves_with_the_pictures_that_follow() -> None:
    """What moves takes its joints along, what stands still keeps them."""
    flow = SkeletonFlow()
    first = picture(0)
    flow.show(first)
    flow.found(pose(), first)
    assert apart(flow.pose, pose()) == 0
    for step in (1, 2, 3):
        flow.show(picture(step))
        assert apart(flow.pose, pose(step)) < 2.0
        assert apart(pose(), pose(step)) == STEP * step


def test_a_skeleton_that_comes_late_is_carried_to_the_newest_picture() -> None:
    """The model was slower than the camera: three pictures were shown since."""
    flow = SkeletonFlow()
    shown = [picture(step) for step in range(4)]
    for image in shown:
        flow.show(image)
    flow.found(pose(), shown[0])
    assert apart(flow.pose, pose(3)) < 2.0


def test_a_picture_that_was_never_shown_is_enough() -> None:
    """The window has skipped the picture that was judged."""
    flow = SkeletonFlow()
    newest = picture(1)
    flow.show(newest)
    flow.found(pose(), picture(0))
    assert apart(flow.pose, pose(1)) < 2.0


def test_without_anything_to_follow_the_joints_stay() -> None:
    """In flat pictures, and in a picture of another size."""
    flow = SkeletonFlow()
    flat = np.full_like(picture(0), 90)
    flow.show(flat)
    flow.found(pose(), flat)
    flow.show(flat + np.uint8(5))
    flow.show(np.ascontiguousarray(picture(0)[:, ::2]))
    assert apart(flow.pose, pose()) == 0


@pytest.mark.parametrize("images", [0, 2])
def test_nobody_is_nobody(images: int) -> None:
    """Without a person nothing is carried, and a skeleton with no joint stays as it is."""
    flow = SkeletonFlow()
    for step in range(images):
        flow.show(picture(step))
    flow.found(None, picture(0))
    assert flow.pose is None
    unseen = replace(pose(), px=np.full((JOINTS, 2), np.nan))
    flow.found(unseen, picture(0))
    flow.show(picture(1))
    assert flow.pose is not None
    assert np.isnan(flow.pose.px).all()


@pytest.mark.slow
def test_pictures_are_not_kept_in_memory() -> None:
    """Only small grey copies of them are."""
    import gc
    import weakref

    flow = SkeletonFlow()
    image = picture(0)
    reference = weakref.ref(image)
    flow.show(image)
    del image
    gc.collect()
    assert reference() is None
