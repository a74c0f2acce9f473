"""The lock on the subject and the check of its skeleton, with hand-made bodies and no model."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from bodies import PX_PER_M, TRUNK, Arm, Figure, Leg, scaled, shifted

from posecheck.body.subject import (
    CHECK_EVERY_S,
    MEMORY_S,
    NOT_COMPARABLE_S,
    REPEATED_S,
    SEARCH_EVERY_S,
    SUBJECT_LOST_S,
    TAKEOVER_S,
    BodyPlace,
    LockResult,
    SubjectLock,
    TrackWatchdog,
    compare,
    disagreement,
    largest,
    most_similar,
    overlap,
    place,
    same_body,
)
from posecheck.pose import Joint, Pose

STAND = Figure().pose()
LIE = Figure(facing=90.0, incl=-90.0).pose()
TRUNK_PX = TRUNK * PX_PER_M


def seen(pose: Pose, visibility: float) -> Pose:
    return replace(pose, visibility=np.full(33, visibility))


def upside_down(pose: Pose) -> Pose:
    """Head for feet, about the middle of the body."""
    turned = 2 * pose.px.mean(axis=0) - pose.px
    return replace(pose, px=turned)


# --- places -------------------------------------------------------------------------------------


def test_a_place_in_pixels() -> None:
    where = place(STAND)
    assert where.size == pytest.approx(PX_PER_M)
    assert where.trunk == pytest.approx(TRUNK_PX)
    middle = STAND.px[[11, 12, 23, 24]].mean(axis=0)
    assert where.centre == pytest.approx(complex(*middle))
    assert where.box[0] == STAND.px[:, 0].min()


@pytest.mark.parametrize(
    "figure",
    [
        Figure(facing=90.0, incl=-90.0),
        Figure(facing=90.0, incl=90.0, left_leg=Leg(90, 90), right_leg=Leg(90, 90)),
        Figure(incl=60.0),
        Figure(left_arm=Arm(180), right_arm=Arm(180), left_leg=Leg(120, 130)),
    ],
)
def test_the_size_is_the_same_in_every_posture(figure: Figure) -> None:
    assert place(figure.pose()).size == pytest.approx(PX_PER_M, rel=0.02)


def test_a_joint_on_the_edge_of_being_seen_does_not_move_the_place() -> None:
    visibility = STAND.visibility.copy()
    places = []
    for value in (0.49, 0.51):
        visibility[[23, 24]] = value
        places.append(place(replace(STAND, visibility=visibility.copy())))
    assert abs(places[0].centre - places[1].centre) < 0.02 * TRUNK_PX
    assert places[0].size == pytest.approx(places[1].size, rel=0.02)


def test_hidden_joints_are_outside_the_box_unless_all_are_hidden() -> None:
    visibility = STAND.visibility.copy()
    visibility[[25, 26, 27, 28, 29, 30, 31, 32]] = 0.1
    assert place(replace(STAND, visibility=visibility)).box[3] < STAND.px[Joint.LEFT_KNEE, 1]
    assert place(seen(STAND, 0.0)).box == place(STAND).box


def test_a_body_without_extent_has_a_place_all_the_same() -> None:
    point = replace(STAND, px=np.zeros((33, 2)), world=np.zeros((33, 3)))
    assert place(point).size > 0
    assert math.isnan(disagreement(point, seen(point, 0.0)))


def test_overlap() -> None:
    assert overlap((0, 0, 10, 10), (5, 5, 25, 25)) == 0.25
    assert overlap((0, 0, 10, 10), (0, 0, 100, 100)) == 1.0
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0.0
    assert overlap((0, 0, 0, 10), (-5, 0, 20, 10)) == 0.0


def test_the_largest_is_the_one_near_the_camera_also_when_lying() -> None:
    assert largest([place(STAND), place(scaled(LIE, 2))]) == 1
    assert largest([place(scaled(STAND, 2)), place(LIE)]) == 0


def test_the_nearest_in_place_and_size() -> None:
    was = place(STAND)
    aside, big = place(shifted(STAND, 200, 0)), place(shifted(scaled(STAND, 3), -1280, -570))
    assert most_similar([aside, place(shifted(STAND, 20, 0))], was) == 1
    assert abs(big.centre - was.centre) < abs(aside.centre - was.centre)
    assert most_similar([big, aside], was) == 1


# --- two skeletons ------------------------------------------------------------------------------


def test_disagreement_in_trunk_lengths() -> None:
    assert disagreement(STAND, STAND) == 0.0
    assert disagreement(shifted(STAND, TRUNK_PX, 0), STAND) == pytest.approx(1.0)
    assert disagreement(upside_down(LIE), LIE) > 0.5


def test_one_wrong_limb_is_no_wrong_skeleton() -> None:
    px = STAND.px.copy()
    px[[Joint.LEFT_KNEE, Joint.LEFT_ANKLE]] += 300
    assert disagreement(replace(STAND, px=px), STAND) == 0.0


def test_invented_joints_do_not_count() -> None:
    px, visibility = STAND.px.copy(), STAND.visibility.copy()
    below = [23, 24, 25, 26, 27, 28]
    px[below] += 300
    desk = replace(STAND, px=px)
    assert disagreement(desk, STAND) > 1.0
    visibility[below] = 0.1
    assert disagreement(desk, replace(STAND, visibility=visibility)) == 0.0


def test_too_few_joints_say_nothing() -> None:
    assert math.isnan(disagreement(STAND, seen(STAND, 0.4)))


def test_only_the_same_body_is_compared() -> None:
    bystander = shifted(STAND, 400, 0)
    assert math.isnan(compare(STAND, []))
    assert math.isnan(compare(STAND, [bystander]))
    assert compare(STAND, [bystander, shifted(STAND, 15, 0)]) == pytest.approx(0.1)
    assert same_body(place(STAND), [place(bystander)]) is None
    assert same_body(place(STAND), [place(bystander), place(upside_down(STAND))]) == 1


# --- the lock -----------------------------------------------------------------------------------


def locked(t: float = 0.0, pose: Pose = STAND) -> SubjectLock:
    lock = SubjectLock()
    lock.hold(t, place(pose))
    return lock


def aside(trunks: float) -> BodyPlace:
    return place(shifted(STAND, trunks * TRUNK_PX, 0))


def test_at_the_start_it_looks_and_takes_the_largest() -> None:
    lock = SubjectLock()
    assert lock.update(0.0, None) == "nobody"
    assert lock.update(0.1, place(STAND)) == "look"
    assert lock.choose(0.1, []) is None
    assert lock.choose(0.1, [place(STAND), place(scaled(STAND, 2))]) == 1
    lock.hold(0.1, place(STAND))
    assert lock.update(0.2, place(STAND)) == "subject"


@pytest.mark.parametrize(
    ("step_s", "trunks", "verdict"),
    [
        (1 / 30, 0.45, "subject"),  # 0.5 in one step, however short
        (1 / 30, 0.55, "look"),
        (0.2, 1.1, "subject"),  # 3 m/s at 5 frames per second
        (0.2, 1.3, "look"),
        (5.0, 1.4, "subject"),
        (5.0, 1.6, "look"),  # too far for any step
    ],
)
def test_how_far_a_body_may_move(step_s: float, trunks: float, verdict: LockResult) -> None:
    assert locked().update(step_s, aside(trunks)) == verdict


@pytest.mark.parametrize(
    ("step_s", "growth", "verdict"),
    [
        (1 / 30, 1.2, "subject"),
        (1 / 30, 1.3, "look"),
        (1 / 30, 1 / 1.3, "look"),
        (0.4, 1.5, "subject"),
        (5.0, 2.0, "look"),
    ],
)
def test_how_much_a_body_may_grow(step_s: float, growth: float, verdict: LockResult) -> None:
    where = place(STAND)
    assert locked().update(step_s, replace(where, size=where.size * growth)) == verdict


def test_a_fast_walk_across_the_picture_is_followed() -> None:
    lock = locked()
    for frame in range(1, 30):
        assert lock.update(frame / 10, aside(frame * 0.4)) == "subject"


def test_lying_down_is_no_other_body() -> None:
    lock = locked(0.0, Figure(facing=90.0).pose())
    for frame in range(1, 31):
        pose = Figure(facing=90.0, incl=-3.0 * frame).pose()
        assert lock.update(frame / 30, place(pose)) == "subject"


def test_another_body_is_refused_and_the_old_one_looked_for() -> None:
    lock = locked()
    verdicts = [lock.update(frame / 8, aside(4)) for frame in range(1, 8)]
    assert verdicts == ["look", "other", "other", "look", "other", "other", "look"]
    assert lock.choose(0.9, [aside(4)]) is None
    assert lock.choose(0.9, [aside(4), aside(0.5)]) == 1
    lock.hold(0.9, aside(0.5))
    assert lock.last == aside(0.5)
    assert lock.update(1.0, aside(0.6)) == "subject"


def test_it_asks_again_at_once_after_it_was_found() -> None:
    lock = locked()
    assert lock.update(0.1, aside(4)) == "look"
    assert lock.update(0.1 + SEARCH_EVERY_S / 3, aside(0)) == "subject"
    assert lock.update(0.1 + SEARCH_EVERY_S / 2, aside(4)) == "look"


def test_after_a_while_the_largest_takes_over() -> None:
    lock = locked()
    last = [lock.update(frame / 10, aside(4)) for frame in range(1, 25)][-1]
    assert 0.1 + TAKEOVER_S < 2.4
    assert last == "look"
    assert lock.last is None
    assert lock.choose(2.4, [aside(0), place(scaled(STAND, 2))]) == 1


def test_a_subject_lost_for_a_short_time_is_still_the_subject() -> None:
    lock = locked()
    assert [lock.update(t, None) for t in (0.1, 0.5, 1.0)] == ["nobody"] * 3
    assert lock.update(0.1 + SUBJECT_LOST_S, aside(0.5)) == "subject"
    assert lock.update(1.2, None) == "nobody"
    assert lock.update(1.3, aside(4)) == "look"
    assert lock.choose(1.3, [aside(4)]) is None


def test_after_an_empty_picture_the_nearest_is_the_subject() -> None:
    lock = locked()
    big = place(shifted(scaled(STAND, 2), 1000, 0))
    for frame in range(1, 14):
        lock.update(frame / 10, None)
    assert lock.update(1.4, aside(0)) == "look"
    assert lock.choose(1.4, [big, aside(2)]) == 1
    assert lock.choose(1.4, [big]) == 0
    assert lock.choose(MEMORY_S + 1, [big, aside(2)]) == 0


def test_a_frame_a_second_is_enough() -> None:
    lock = locked()
    for second in range(1, 5):
        assert lock.update(second, aside(0.2 * second)) == "subject"
    assert lock.update(5.0, None) == "nobody"
    assert lock.update(6.0, aside(1)) == "subject"


# --- the checks ----------------------------------------------------------------------------------


def settled(t: float = 0.0) -> TrackWatchdog:
    """A guard of a standing body that a fresh detection has just confirmed."""
    guard = TrackWatchdog()
    guard.judge(t, 0.05)
    assert not guard.due(t, STAND)
    return guard


def test_comparisons_become_rarer_while_they_agree() -> None:
    guard, t = settled(), 0.0
    pauses: list[float] = []
    while len(pauses) < len(CHECK_EVERY_S) + 2:
        t += 0.25
        if guard.due(t, STAND):
            guard.begun()
            guard.judge(t, 0.05)
            pauses.append(t - sum(pauses))
    assert pauses == [*CHECK_EVERY_S, CHECK_EVERY_S[-1], CHECK_EVERY_S[-1]]


def test_a_change_of_posture_is_checked_at_once() -> None:
    guard = settled()
    assert not guard.due(0.1, Figure(facing=90.0, incl=45.0).pose())
    assert guard.due(0.2, LIE)
    guard.begun()
    assert not guard.due(0.3, LIE)
    assert guard.due(0.4, STAND)  # while the comparison is on its way
    guard.judge(0.6, 0.05)
    assert guard.due(0.6, STAND)


def test_one_disagreement_is_checked_at_once_and_forgiven() -> None:
    guard = settled()
    guard.begun()
    assert not guard.judge(1.0, 1.8)
    assert guard.due(1.0, STAND)
    guard.begun()
    assert not guard.judge(1.4, 0.1)
    guard.begun()
    assert not guard.judge(3.0, 1.8)


def test_two_disagreements_in_a_row_condemn() -> None:
    guard = settled()
    assert not guard.judge(1.0, 1.8)
    assert guard.judge(1.4, 0.31)


def test_a_comparison_that_says_nothing_changes_nothing() -> None:
    guard = settled()
    guard.begun()
    assert not guard.judge(1.0, 1.8)
    guard.begun()
    assert not guard.judge(1.4, math.nan)
    assert not guard.due(1.5, STAND)
    assert guard.due(1.4 + NOT_COMPARABLE_S, STAND)
    assert guard.judge(2.8, 1.8)


def test_fresh_starts_that_do_not_help_become_rare() -> None:
    guard, t = settled(), 0.0
    for pause in (*REPEATED_S, REPEATED_S[-1]):
        guard.restarted(t)
        assert not guard.due(t + pause - 0.1, STAND)
        t += pause
        assert guard.due(t, STAND)
        guard.begun()
        assert not guard.judge(t, 1.8)
        assert guard.judge(t, 1.8)
    guard.restarted(t)
    guard.judge(t + 1, 0.05)
    guard.restarted(t + 2)
    assert guard.due(t + 2 + REPEATED_S[0], STAND)
