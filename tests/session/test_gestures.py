"""Signs without a key: standing still, both arms up, nobody there."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator

import pytest
from bodies import Arm, Figure, series, shifted, without

from posecheck.body.measure import Measurer
from posecheck.pose import Joint, NoPoseReason, Pose
from posecheck.session.gestures import ArmsUp, Presence, Stillness, arms_raised

Timeline = Iterable[tuple[float, Pose | None]]
STANDING = Figure().pose()
UP = Figure(left_arm=Arm(lift=175), right_arm=Arm(lift=175)).pose()
SIDE_UP = Figure(facing=90, left_arm=Arm(lift=175), right_arm=Arm(lift=175)).pose()
TRUNK_PX = 150.0
"""Trunk of the figure in the picture: 0.5 m at 300 pixels per metre."""


def walking(seconds: float, speed: float, start: float = 0.0, fps: float = 20.0) -> Timeline:
    """A figure that moves sideways, trunks per second."""
    for t, pose in series((STANDING, seconds), fps=fps, start=start):
        yield t, shifted(pose, speed * TRUNK_PX * (t - start), 0.0)


def still_at(timeline: Timeline) -> float:
    """When stillness is reached; infinity for never."""
    return next((t for t, still in stillness(timeline) if still), math.inf)


def stillness(timeline: Timeline) -> Iterator[tuple[float, bool]]:
    """Whether someone is still, by the drift that is measured of them."""
    still, measurer = Stillness(), Measurer(())
    for t, pose in timeline:
        yield t, still.update(t, measurer.update(t, pose).get("drift", math.nan))


def raisings(timeline: Timeline) -> list[float]:
    """When the sign with both arms is given."""
    arms = ArmsUp()
    return [t for t, pose in timeline if arms.update(t, pose)]


# --- stillness ----------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0, 60.0])
@pytest.mark.parametrize("figure", [Figure(), Figure(facing=90, incl=-90)])
def test_standing_or_lying_still_for_two_seconds_is_stillness(figure: Figure, fps: float) -> None:
    """It comes after two seconds, upright or lying, at every frame rate."""
    reached = still_at(series((figure.pose(), 4.0), fps=fps))
    assert 2.0 <= reached <= 2.1 + 1 / fps


def test_movement_is_no_stillness() -> None:
    """Faster than QUIET never counts; slower does."""
    assert still_at(walking(5.0, speed=0.3)) == math.inf
    assert still_at(walking(5.0, speed=0.1)) < 3.0


def test_movement_restarts() -> None:
    """Two seconds count from the end of the last movement."""
    timeline = [
        *series((STANDING, 1.5), fps=20.0),
        *walking(1.0, speed=0.5, start=1.5),
        *series((shifted(STANDING, 0.5 * TRUNK_PX, 0.0), 4.0), fps=20.0, start=2.5),
    ]
    assert 4.5 <= still_at(timeline) <= 5.2


def test_trembling_landmarks_are_no_movement() -> None:
    """A jitter of two hundredths of a trunk about one spot does not hinder it."""
    dice = random.Random(1)
    timeline = [
        (t, shifted(pose, dice.gauss(0, 0.02 * TRUNK_PX), dice.gauss(0, 0.02 * TRUNK_PX)))
        for t, pose in series((STANDING, 4.0), fps=30.0)
    ]
    assert still_at(timeline) < 3.0


@pytest.mark.parametrize(("gap_s", "reached"), [(0.2, 2.0), (0.5, 3.5)])
def test_only_a_short_dropout_is_forgiven(gap_s: float, reached: float) -> None:
    """Less than 0.3 s without a pose does not restart the time, more does."""
    timeline = series((STANDING, 1.0), (None, gap_s), (STANDING, 4.0), fps=20.0)
    assert still_at(timeline) == pytest.approx(reached, abs=0.2)


def test_nobody_is_not_still() -> None:
    """Without a pose there is no stillness, and it ends when the person has gone."""
    assert still_at(series((None, 5.0), fps=20.0)) == math.inf
    *_, (_, last) = stillness(series((STANDING, 4.0), (None, 1.0), fps=20.0))
    assert last is False


# --- both arms up -------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [5.0, 15.0, 60.0])
@pytest.mark.parametrize("up", [UP, SIDE_UP], ids=["front", "side"])
def test_two_seconds_with_both_arms_up_are_one_sign(up: Pose, fps: float) -> None:
    """It is given once, after two seconds, however long the arms stay up."""
    given = raisings(series((STANDING, 1.0), (up, 6.0), fps=fps))
    assert given == [pytest.approx(3.0, abs=2 / fps)]


def test_a_short_stretch_is_no_sign() -> None:
    """Arms that come down before two seconds say nothing."""
    assert raisings(series((UP, 1.8), (STANDING, 1.0), (UP, 1.8), fps=20.0)) == []


def test_the_arms_must_be_lowered_before_the_next_sign() -> None:
    """Bending the elbows a little is no lowering; hanging arms are."""
    half = Figure(left_arm=Arm(lift=100, bend=80), right_arm=Arm(lift=100, bend=80)).pose()
    assert arms_raised(half) is False
    assert len(raisings(series((UP, 3.0), (half, 1.0), (UP, 3.0), fps=20.0))) == 1
    assert len(raisings(series((UP, 3.0), (STANDING, 1.0), (UP, 3.0), fps=20.0))) == 2


def test_leaving_the_picture_is_no_lowering() -> None:
    """A user lost and found with raised arms has given one sign."""
    assert len(raisings(series((UP, 3.0), (None, 2.0), (UP, 3.0), fps=20.0))) == 1


def test_a_hidden_wrist_is_not_raised() -> None:
    """Unseen arms are no sign; arms hidden for a short time do not end one."""
    hidden = without(UP, Joint.LEFT_WRIST)
    assert arms_raised(hidden) is None
    assert raisings(series((hidden, 6.0), fps=20.0)) == []
    assert len(raisings(series((UP, 1.0), (hidden, 0.2), (UP, 2.0), fps=20.0))) == 1
    assert raisings(series((UP, 1.0), (hidden, 0.5), (UP, 1.9), fps=20.0)) == []


@pytest.mark.parametrize(
    "figure",
    [
        Figure(left_arm=Arm(lift=175)),
        Figure(left_arm=Arm(lift=90, out=90), right_arm=Arm(lift=90, out=90)),
        Figure(left_arm=Arm(lift=160, bend=150), right_arm=Arm(lift=170, bend=150)),
        Figure(left_arm=Arm(lift=60, bend=120), right_arm=Arm(lift=60, bend=120)),
        Figure(facing=90, incl=90, left_arm=Arm(lift=175), right_arm=Arm(lift=175)),
        Figure(facing=90, incl=45, left_arm=Arm(lift=175), right_arm=Arm(lift=175)),
    ],
    ids=["one arm", "arms level", "hands behind the neck", "hands at the face", "prone", "bent"],
)
def test_other_postures_of_the_arms_are_no_sign(figure: Figure) -> None:
    """Only both arms over the head of an upright body."""
    assert arms_raised(figure.pose()) is False
    assert raisings(series((figure.pose(), 4.0), fps=10.0)) == []


# --- nobody -------------------------------------------------------------------------------------


def presence(*pieces: tuple[NoPoseReason, float]) -> list[tuple[float, float]]:
    """Seconds gone and seconds back, frame by frame; "" shows the subject."""
    made, frames = Presence(), series(*pieces, fps=20.0)
    return [
        made.update(t, None if no_pose_reason else STANDING, no_pose_reason)
        for t, no_pose_reason in frames
    ]


def test_the_time_that_nobody_is_there_is_reported() -> None:
    """From the first empty frame on, until somebody is seen; another person is not nobody."""
    gone = [gone_s for gone_s, _ in presence(("", 1.0), ("nobody", 5.0), ("", 1.0))]
    assert max(gone) == pytest.approx(4.95, abs=0.06)
    assert gone[0] == gone[-1] == 0.0
    assert max(g for g, _ in presence(("nobody", 2.0), ("", 0.1), ("nobody", 2.0))) < 2.0
    assert max(g for g, _ in presence(("someone_else", 9.0))) == 0.0


@pytest.mark.parametrize(("gap_s", "back_s"), [(0.1, 2.05), (0.5, 0.95)])
def test_who_flickers_is_back_all_the_same(gap_s: float, back_s: float) -> None:
    """Less than 0.3 s out of sight does not restart the time."""
    seen = presence(("nobody", 3.0), ("", 1.0), ("nobody", gap_s), ("", 1.0))
    assert seen[-1][1] == pytest.approx(back_s, abs=0.06)
