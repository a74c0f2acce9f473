"""Invented joints become NaN: invisible, outside, on a jumping bone, left taken for right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from bodies import EXCHANGED, Figure, Leg, series, shifted, unlike

from posecheck.body.joint_filter import DISTRUST_S, HIDDEN, SEEN, JointFilter
from posecheck.pose import JOINTS, Joint, Pose

STAND = Figure(facing=90.0, left_leg=Leg(20, 10), right_leg=Leg(-20, 10)).pose()
TRUNK_PX = 150.0


def fed(timeline: Iterable[tuple[float, Pose]]) -> list[tuple[float, set[Joint]]]:
    """The joints that are distrusted, frame by frame."""
    joint_filter = JointFilter()
    return [(t, unseen(joint_filter.update(t, pose))) for t, pose in timeline]


def unseen(pose: Pose) -> set[Joint]:
    """Joints that are NaN, in the picture and in the world alike."""
    hidden = np.isnan(pose.px).all(axis=1)
    assert (hidden == np.isnan(pose.world).any(axis=1)).all()
    assert (hidden == np.isnan(pose.px).any(axis=1)).all()
    return {Joint(int(index)) for index in np.flatnonzero(hidden)}


def moved(pose: Pose, *joints: Joint, by: tuple[float, float]) -> Pose:
    """With some joints displaced, trunk lengths."""
    px = pose.px.copy()
    px[list(joints)] += np.array(by) * TRUNK_PX
    return replace(pose, px=px)


FOOT = (Joint.LEFT_ANKLE, Joint.LEFT_HEEL, Joint.LEFT_FOOT_INDEX)
SHANK = (Joint.LEFT_KNEE, *FOOT)
LEGS = {joint for joint in Joint if joint >= Joint.LEFT_KNEE}


def test_a_body_in_full_view_is_believed() -> None:
    """Nothing is hidden without a reason, and the pose itself is left alone."""
    assert fed(series((STAND, 1.0))) == [(t, set()) for t, _ in series((STAND, 1.0))]
    trusted = JointFilter().update(0.0, STAND)
    assert trusted.size == STAND.size
    assert (trusted.visibility == STAND.visibility).all()


def test_the_given_pose_is_not_changed() -> None:
    """Trust answers with a pose of its own."""
    dim = unlike(STAND, {Joint.NOSE: 0.0})
    JointFilter().update(0.0, dim)
    assert not np.isnan(dim.px).any()


def test_visibility_has_hysteresis() -> None:
    """Usable from SEEN on, and until it falls below HIDDEN."""
    between = (SEEN + HIDDEN) / 2
    steps = [between, SEEN, between, HIDDEN, HIDDEN - 0.01, between, SEEN - 0.01, SEEN + 0.01]
    timeline = [(i / 10, unlike(STAND, {Joint.NOSE: v})) for i, v in enumerate(steps)]
    hidden = [Joint.NOSE in joints for _, joints in fed(timeline)]
    assert hidden == [True, False, False, False, True, True, True, False]


@pytest.mark.parametrize(
    ("dx", "dy"),
    [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)],
    ids=["left", "right", "top", "bottom"],
)
def test_a_joint_outside_the_picture_is_invented(dx: float, dy: float) -> None:
    """One percent beyond the border is jitter, more is not seen."""
    width, height = STAND.size
    middle = np.array([width / 2, height / 2])
    edge = middle * (1 + np.array([dx, dy]))
    for slack, expected in ((0.009, set()), (0.011, {Joint.NOSE})):
        px = STAND.px.copy()
        px[Joint.NOSE] = edge + np.array([dx * width, dy * height]) * slack
        assert unseen(JointFilter().update(0.0, replace(STAND, px=px))) == expected


# --- bones --------------------------------------------------------------------------------------


def test_a_bone_that_changes_its_length_loses_its_end() -> None:
    """A shank that grows by more than a quarter of the trunk in one step: ankle and foot are not
    trusted, the knee is."""
    jump = moved(STAND, *FOOT, by=(0.0, 0.4))
    after = fed([(0.0, STAND), (0.033, jump)])[-1][1]
    assert after == set(FOOT)


def test_a_knee_that_jumps_takes_the_foot_along() -> None:
    """Everything beyond a joint hangs on it."""
    jump = moved(STAND, *SHANK, by=(0.0, 0.4))
    assert fed([(0.0, STAND), (0.033, jump)])[-1][1] == set(SHANK)


def test_a_smaller_change_is_movement() -> None:
    """A change below a quarter of the trunk from one frame to the next is trusted."""
    jump = moved(STAND, *FOOT, by=(0.0, 0.2))
    assert fed([(0.0, STAND), (0.033, jump)])[-1][1] == set()


def test_a_limb_that_turns_quickly_is_believed() -> None:
    """A bone may point anywhere as long as it keeps its length."""
    kick = Figure(facing=90.0, left_leg=Leg(60, 10), right_leg=Leg(-20, 10)).pose()
    assert fed([(0.0, STAND), (0.1, kick)])[-1][1] == set()


def test_a_walk_across_the_picture_is_believed() -> None:
    """The whole body may move: lengths of bones are compared, not places."""
    walk = [(i / 30, shifted(STAND, 12.0 * i, 0)) for i in range(15)]
    assert all(joints == set() for _, joints in fed(walk))


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_the_new_place_is_believed_after_three_tenths(fps: float) -> None:
    """A limb that stays where it jumped to was right after all."""
    jump = moved(STAND, *FOOT, by=(0.0, 0.4))
    doubted = [t for t, joints in fed(series((STAND, 1.0), (jump, 1.0), fps=fps)) if joints]
    assert min(doubted) == pytest.approx(1.0, abs=1 / fps)
    assert max(doubted) == pytest.approx(1.3, abs=1.5 / fps)


def test_a_limb_that_returns_is_believed_soon() -> None:
    """A glitch of one frame hides the limb then, and for no longer than any other jump does."""
    jump = moved(STAND, *FOOT, by=(0.0, 0.4))
    frames = fed(series((STAND, 0.5), (jump, 0.033), (STAND, 1.0)))
    doubted = [t for t, joints in frames if joints]
    assert min(doubted) == pytest.approx(0.5, abs=0.01)
    assert max(doubted) <= 0.533 + DISTRUST_S + 0.01


def test_long_steps_are_not_compared() -> None:
    """At a few frames per second a bone may well have turned towards the camera."""
    jump = moved(STAND, *FOOT, by=(0.0, 0.4))
    assert fed([(0.0, STAND), (0.2, jump)])[-1][1] == set()


# --- left and right -----------------------------------------------------------------------------


def exchanged(pose: Pose, joints: set[Joint]) -> Pose:
    """With the labels left and right of some joints exchanged."""
    order = [EXCHANGED[i] if Joint(i) in joints else i for i in range(JOINTS)]
    return replace(pose, px=pose.px[order], world=pose.world[order])


WIDE = Figure(facing=90.0, left_leg=Leg(30, 10), right_leg=Leg(-30, 10)).pose()


def test_legs_that_change_places_are_not_believed() -> None:
    """Two knees and two ankles that exchange labels in one step: both legs are distrusted."""
    after = fed([(0.0, WIDE), (0.033, exchanged(WIDE, LEGS))])[-1][1]
    assert after == LEGS


def test_an_exchange_is_believed_when_it_stays() -> None:
    """After 0.3 s the new labels are taken."""
    frames = fed(series((WIDE, 0.5), (exchanged(WIDE, LEGS), 1.0)))
    assert max(t for t, joints in frames if joints) == pytest.approx(0.8, abs=0.05)


def test_legs_side_by_side_cannot_be_told_apart() -> None:
    """An exchange that is too small to matter is ignored."""
    close = Figure(facing=90.0, left_leg=Leg(2), right_leg=Leg(-2)).pose()
    assert fed([(0.0, close), (0.033, exchanged(close, LEGS))])[-1][1] == set()


# --- forgetting ---------------------------------------------------------------------------------


def test_after_forgetting_a_joint_has_to_be_seen_again() -> None:
    """What was visible of the last body does not make the next one's joints usable."""
    joint_filter, between = JointFilter(), unlike(STAND, {Joint.NOSE: (SEEN + HIDDEN) / 2})
    joint_filter.update(0.0, STAND)
    assert unseen(joint_filter.update(0.1, between)) == set()
    joint_filter.forget()
    assert unseen(joint_filter.update(0.2, between)) == {Joint.NOSE}


def test_after_forgetting_nothing_is_compared() -> None:
    """Another body has other bones: the filter forgets those of the last one."""
    joint_filter, jump = JointFilter(), moved(STAND, *FOOT, by=(0.0, 0.4))
    joint_filter.update(0.0, STAND)
    assert unseen(joint_filter.update(0.033, jump)) == set(FOOT)
    joint_filter.forget()
    assert unseen(joint_filter.update(0.066, STAND)) == set()
