"""Setting up the desk: half a minute that leads the user."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from bodies import mirrored
from sitters import (
    CHAIR_NEARER,
    KEYBOARD,
    MODERATE,
    SEVERE,
    TALL,
    Sitter,
    jittered,
    settled,
    side,
)

from posecheck.desk.calibration import PIT_GATE, YAW_GATE
from posecheck.desk.observation import DeskNoPoseReason, DeskObservation
from posecheck.desk.setup import Setup, SetupPart, SetupView
from posecheck.io.routines.language import load_phrases
from posecheck.pose import Pose

PHRASES = load_phrases("en")
LEFT, RIGHT = Sitter(turn=25), Sitter(turn=-25)
OBEDIENT: dict[str, Sitter | Pose | None] = {
    "desk_setup_tall": TALL,
    "desk_setup_tired": MODERATE,
    "desk_setup_keyboard": KEYBOARD,
    "desk_setup_left": LEFT,
    "desk_setup_right": RIGHT,
}
"""What the user does at each line."""


def led(
    does: dict[str, Sitter | Pose | None],
    setup: Setup | None = None,
    most_s: float = 180.0,
    fps: float = 10.0,
    restless: Callable[[str, float], float] = lambda line, t: 0.0,
) -> list[tuple[float, SetupView]]:
    """All views until the set-up is done, or for `most_s`. `restless` is the turn of the head in
    degrees."""
    setup = setup or Setup()
    views: list[tuple[float, SetupView]] = []
    line = "desk_setup_tall"
    for k in range(round(most_s * fps)):
        t, who = k / fps, does[line]
        turned = restless(line, t)
        if isinstance(who, Sitter) and turned:
            who = replace(who, turn=who.turn + turned)
        pose = None if who is None else jittered(who, 0.5, k)
        views.append((t, setup.update(t, DeskObservation(pose, "" if pose else "nobody"))))
        line = views[-1][1].line
        if views[-1][1].part == "done":
            break
    return views


def parts(views: list[tuple[float, SetupView]]) -> list[SetupPart]:
    found: list[SetupPart] = []
    for _, view in views:
        if not found or view.part != found[-1]:
            found.append(view.part)
    return found


def said(views: list[tuple[float, SetupView]]) -> list[str]:
    return [view.said for _, view in views if view.said]


def test_a_user_who_follows_is_set_up_in_half_a_minute() -> None:
    """Two points and personal gates, which tell every state apart."""
    views = led(OBEDIENT)
    assert parts(views) == ["tall", "tired", "keyboard", "aside", "done"]
    t, last = views[-1]
    assert t <= 33
    made = last.calibration
    assert made is not None
    assert made.two_points
    assert not made.cannot_tell
    assert made.pit_gate != PIT_GATE or made.yaw_gate != YAW_GATE
    assert settled(TALL, made) == "upright"
    assert settled(SEVERE, made) == "slouching"
    assert said(views) == [
        *(f"desk_setup_{piece}_say" for piece in ("tall", "tired", "keyboard", "left", "right")),
        "desk_setup_done_say",
    ]


def test_every_phrase_exists_and_lines_are_short() -> None:
    """Lines have at most six words."""
    views = led(OBEDIENT) + led({**OBEDIENT, "desk_setup_tired": TALL})
    for _, view in views:
        assert {view.line, view.said or view.line, view.problem or view.line} <= PHRASES.keys()
        assert len(PHRASES[view.line].split()) <= 6


def test_the_share_grows_within_a_part_and_ends_full() -> None:
    """From 0 to 1, over both sides of "aside" together."""
    views = led(OBEDIENT)
    for part in ("tall", "tired", "keyboard", "aside"):
        shares = [view.share for _, view in views if view.part == part]
        assert shares[0] == 0.0
        assert max(shares) >= 0.95
    aside = [view.share for _, view in views if view.part == "aside"]
    assert all(b >= a for a, b in itertools.pairwise(aside))


def test_a_restless_part_is_repeated_kindly() -> None:
    """`take_point` sets the limits of steadiness; the second attempt may succeed."""
    views = led(OBEDIENT, restless=lambda line, t: 20 * (int(2 * t) % 2) if t < 9 else 0.0)
    problems = {view.problem for _, view in views}
    assert "desk_setup_moving" in problems
    assert "desk_setup_moving_say" in said(views)
    assert views[-1][1].calibration is not None
    assert views[-1][1].problem == ""


def test_a_slump_that_never_settles_leaves_one_point() -> None:
    """After three failures the set-up continues without it, and says what that means."""
    views = led(
        OBEDIENT,
        restless=lambda line, t: 20 * (int(2 * t) % 2) if line == "desk_setup_tired" else 0.0,
    )
    assert said(views).count("desk_setup_moving_say") == 2
    made = views[-1][1].calibration
    assert made is not None
    assert not made.two_points
    assert views[-1][1].said == "desk_setup_done_one_say"


@pytest.mark.parametrize("tired", [TALL, CHAIR_NEARER])
def test_a_camera_that_cannot_tell_is_reported(tired: Sitter) -> None:
    """The user is asked twice to sink further; then the advice is to raise the camera."""
    views = led({**OBEDIENT, "desk_setup_tired": tired})
    assert said(views).count("desk_setup_sink_say") == 2
    last = views[-1][1]
    assert last.problem == "desk_setup_cannot_tell"
    assert last.said == "desk_setup_cannot_tell_say"
    assert last.calibration is not None
    assert last.calibration.cannot_tell


def test_without_a_glance_down_or_aside_the_common_gates_stay() -> None:
    """A user who shows no glance does not show where a glance begins."""
    still = dict.fromkeys(("desk_setup_keyboard", "desk_setup_left", "desk_setup_right"), TALL)
    views = led({**OBEDIENT, **still})
    made = views[-1][1].calibration
    assert made is not None
    assert (made.pit_gate, made.yaw_gate) == (PIT_GATE, YAW_GATE)
    assert said(views).count("desk_setup_further_say") == 3


def test_one_point_on_request_and_by_skipping() -> None:
    """Without sitting tired the result is the fallback; sitting tall cannot be left out."""
    asked = led(OBEDIENT, Setup(one_point=True))
    assert parts(asked) == ["tall", "keyboard", "aside", "done"]
    setup = Setup()
    setup.skip()
    for k in range(90):
        view = setup.update(k / 10, DeskObservation(TALL.pose(0.5, k)))
    assert view.part == "tired"
    for _ in range(3):
        setup.skip()
    view = setup.update(9.0, DeskObservation(TALL.pose()))
    assert view.part == "done"
    assert view.calibration is not None
    assert not view.calibration.two_points


def test_nothing_counts_while_nobody_is_seen() -> None:
    """It waits, says so once, and repeats the part when the user is back."""
    setup = Setup()
    views: list[SetupView] = []
    for k in range(400):
        gone = 30 <= k < 250
        pose = None if gone else TALL.pose(0.5, k)
        views.append(setup.update(k / 10, DeskObservation(pose, "nobody" if gone else "")))
        if gone and k > 40:
            assert (views[-1].part, views[-1].share) == ("tall", 0.0)
            assert views[-1].problem == "desk_setup_unseen"
    spoken = [view.said for view in views if view.said]
    assert spoken[:3] == ["desk_setup_tall_say", "desk_setup_unseen_say", "desk_setup_tall_say"]
    assert views[-1].part == "tired"


def test_darkness_and_another_person_are_named() -> None:
    """The set-up names the obstacle."""
    no_pose_reasons: tuple[tuple[DeskNoPoseReason, str], ...] = (
        ("too_dark", "desk_setup_dark"),
        ("someone_else", "desk_setup_alone"),
        ("frozen", "desk_setup_frozen"),
    )
    for no_pose_reason, problem in no_pose_reasons:
        setup = Setup()
        for k in range(50):
            view = setup.update(k / 10, DeskObservation(TALL.pose(0.5, k), no_pose_reason))
        assert view.problem == problem


def test_a_slump_that_leaves_the_picture_does_not_block() -> None:
    """After three waits the set-up continues with one point."""
    views = led({**OBEDIENT, "desk_setup_tired": None})
    made = views[-1][1].calibration
    assert made is not None
    assert not made.two_points


def test_hidden_ears_are_no_calibration() -> None:
    """A point that could not be judged later is refused."""
    views = led({**OBEDIENT, "desk_setup_tall": Sitter(visibility=0.55)}, most_s=40.0)
    assert views[-1][1].part == "tall"
    assert "desk_setup_unseen_say" in said(views)


@pytest.mark.parametrize("mirror", [False, True])
def test_a_side_camera_needs_no_glances(mirror: bool) -> None:
    """From the side, sitting tall and sitting tired are enough."""

    def seen(pose: Pose) -> Pose:
        return mirrored(pose) if mirror else pose

    views = led({"desk_setup_tall": seen(side()), "desk_setup_tired": seen(side(14, 40))})
    assert parts(views) == ["tall", "tired", "done"]
    made = views[-1][1].calibration
    assert made is not None
    assert made.view == "side"
    assert made.two_points


def test_a_slow_computer_takes_longer_and_arrives() -> None:
    """Four frames per second are enough for every part."""
    views = led(OBEDIENT, fps=4.0)
    made = views[-1][1].calibration
    assert made is not None
    assert made.two_points
    assert views[-1][0] < 60
