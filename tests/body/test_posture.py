"""How a body is placed: the postures it may be in, and what each exercise accepts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Arm, Figure, Leg, mirrored, without
from shipped import EXERCISES

from posecheck.body.posture import ALL_POSTURES, START, Posture, PostureCheck, postures
from posecheck.pose import Joint, Pose

DOWN, BENT = Arm(lift=90), Leg(hip=90, knee=90)
FOUR = Figure(facing=90, incl=80, left_arm=DOWN, right_arm=DOWN,
              left_leg=Leg(hip=80, knee=90), right_leg=Leg(hip=80, knee=90))  # fmt: skip
FOLDED = Figure(facing=90, incl=95, left_leg=Leg(hip=145, knee=140),
                right_leg=Leg(hip=145, knee=140))  # fmt: skip
HOOK = Figure(facing=90, incl=-90, left_leg=Leg(hip=45, knee=90), right_leg=Leg(hip=45, knee=90))
HUG = Figure(facing=90, incl=-90, right_leg=Leg(hip=135, knee=130))
SEATED = Figure(left_leg=BENT, right_leg=BENT)

FIGURES: dict[Posture, list[Figure]] = {
    "standing": [Figure(), Figure(facing=90), Figure(facing=90, incl=20),
                 Figure(facing=90, left_leg=BENT)],
    "bent": [Figure(facing=90, incl=80, left_leg=Leg(hip=80), right_leg=Leg(hip=80))],
    "floor": [Figure(facing=90, left_leg=Leg(hip=90), right_leg=Leg(hip=90))],
    "reach": [Figure(facing=90, incl=60, left_leg=Leg(hip=150), right_leg=Leg(hip=150))],
    "four": [FOUR, replace(FOUR, right_leg=Leg(hip=-5))],
    "folded": [FOLDED],
    "prone": [Figure(facing=90, incl=90), Figure(facing=-90, incl=85)],
    "supine": [Figure(facing=90, incl=-90), Figure(facing=-90, incl=-90), HOOK, HUG],
    "side": [Figure(roll=90), Figure(roll=84), Figure(roll=90, left_leg=Leg(spread=35))],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "figure"), [(name, figure) for name, figures in FIGURES.items() for figure in figures]
)
def test_each_figure_is_told_apart(name: Posture, figure: Figure) -> None:
    """Trunk, chest, knees, feet and bends leave one posture, from either flank."""
    pose = figure.pose()
    assert postures(pose) == {name}
    assert postures(mirrored(pose)) == {name}


def test_a_chair_is_told_from_the_floor_by_the_feet() -> None:
    """Feet far below the hips may be those of somebody on a chair, or on the floor before a camera
    that looks down; feet level with the hips are on the floor."""
    for figure in (SEATED, replace(SEATED, facing=90)):
        assert postures(figure.pose()) == {"seated", "floor"}
    long = FIGURES["floor"][0].pose()
    assert PostureCheck(EXERCISES["chair_spine_twist"]).in_position(long) is False
    assert PostureCheck(EXERCISES["seated_hamstring"]).in_position(long) is True
    assert PostureCheck(EXERCISES["seated_hamstring"]).in_position(SEATED.pose()) is not False


@pytest.mark.parametrize(("knee", "ankle"), [(0.51, 1.37), (0.58, 1.45), (0.65, 1.59)])
def test_a_chair_before_a_frontal_camera_is_a_chair(knee: float, ankle: float) -> None:
    """The thighs point at the camera, so that knees and ankles hang as low as in standing."""
    pose = Figure().pose()
    hips = pose.px[[Joint.LEFT_HIP, Joint.RIGHT_HIP], 1].mean()
    trunk = hips - pose.px[Joint.LEFT_SHOULDER, 1]
    px = pose.px.copy()
    px[[Joint.LEFT_KNEE, Joint.RIGHT_KNEE], 1] = hips + knee * trunk
    px[[Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 1] = hips + ankle * trunk
    seated = replace(pose, px=px)
    assert "seated" in postures(seated)
    assert "standing" not in postures(seated)
    assert PostureCheck(EXERCISES["chair_spine_twist"]).elsewhere(seated) is not True
    assert PostureCheck(EXERCISES["quad_stretch"]).in_position(seated) is False


def tipped(pose: Pose, degrees: float) -> Pose:
    """As a camera that is not level sees it: all of it turned clockwise in the picture."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, s], [-s, c]])
    middle = np.array(pose.size) / 2
    world = pose.world.copy()
    world[:, :2] = world[:, :2] @ turn
    return replace(pose, px=(pose.px - middle) @ turn + middle, world=world)


@pytest.mark.parametrize("degrees", [-8.0, 8.0])
@pytest.mark.parametrize("name", FIGURES)
def test_a_camera_out_of_level_excludes_no_right_posture(name: Posture, degrees: float) -> None:
    """The classes have margins: eight degrees take no body out of its own."""
    for figure in FIGURES[name]:
        assert name in postures(tipped(figure.pose(), degrees))


def test_kneeling_upright_is_not_standing() -> None:
    """Shins on the floor: an exercise on the feet does not begin from the knees."""
    pose = Figure(facing=90, left_leg=Leg(knee=90), right_leg=Leg(knee=90)).pose()
    assert "kneeling" in postures(pose)
    assert PostureCheck(EXERCISES["leg_swings"]).in_position(pose) is False


LEGS = [Joint[f"{side}_{part}"] for side in ("LEFT", "RIGHT")
        for part in ("KNEE", "ANKLE", "HEEL", "FOOT_INDEX")]  # fmt: skip


def test_what_is_not_seen_excludes_nothing() -> None:
    """An unseen body may be in any posture; unseen legs leave what the trunk allows."""
    assert postures(without(Figure().pose(), *Joint)) == ALL_POSTURES
    assert postures(without(Figure().pose(), *LEGS)) == {"standing", "kneeling", "seated", "floor"}
    assert PostureCheck(EXERCISES["plank"]).in_position(without(FOUR.pose(), *Joint)) is None
    assert PostureCheck(EXERCISES["plank"]).elsewhere(without(FOUR.pose(), *Joint)) is None


def test_a_trunk_upright_is_enough_to_send_back_to_the_floor() -> None:
    """A seated person whose legs are not seen is not lying; seated or standing stays open."""
    pose = without(SEATED.pose(), *LEGS)
    assert PostureCheck(EXERCISES["knee_to_chest"]).in_position(pose) is False
    assert PostureCheck(EXERCISES["chair_spine_twist"]).in_position(pose) is None


def test_one_seen_leg_that_stands_is_enough() -> None:
    """From the side the far leg is often hidden."""
    pose = without(Figure(facing=90).pose(), *LEGS[:4])
    assert PostureCheck(EXERCISES["leg_swings"]).in_position(pose) is True


def test_face_down_is_not_taken_for_lying_on_the_back() -> None:
    """Child's pose, all fours, lying face down: in none of them an exercise on the back begins."""
    for figure in (FOLDED, *FIGURES["four"], *FIGURES["prone"]):
        assert PostureCheck(EXERCISES["knee_to_chest"]).in_position(figure.pose()) is False
        assert PostureCheck(EXERCISES["knee_to_chest"]).elsewhere(figure.pose()) is True
    for figure in (HOOK, HUG):
        assert PostureCheck(EXERCISES["knee_to_chest"]).in_position(figure.pose()) is True
        assert PostureCheck(EXERCISES["superman"]).in_position(figure.pose()) is False


def test_a_standing_person_is_not_in_position_for_the_floor() -> None:
    """The neutral of a floor exercise is not learnt from a person who still stands."""
    standing = Figure(facing=90).pose()
    assert PostureCheck(EXERCISES["cat_cow"]).in_position(standing) is False
    assert PostureCheck(EXERCISES["knee_to_chest"]).in_position(standing) is False
    assert PostureCheck(EXERCISES["standing_hamstring_reach"]).in_position(standing) is True


def test_an_exercise_of_the_arms_may_be_done_seated() -> None:
    """Shoulder rolls at the desk need no legs; a leg swing does."""
    assert PostureCheck(EXERCISES["shoulder_rolls"]).in_position(SEATED.pose()) is True
    assert PostureCheck(EXERCISES["leg_swings"]).in_position(SEATED.pose()) is False


def test_a_plank_is_entered_from_hands_and_knees() -> None:
    """All fours begin a plank, not the lift of a leg from lying."""
    assert PostureCheck(EXERCISES["plank"]).in_position(FOUR.pose()) is True
    assert PostureCheck(EXERCISES["prone_leg_raise"]).in_position(FOUR.pose()) is False


def test_the_hold_may_be_another_posture_than_the_start() -> None:
    """A bow is no start, and no reason to stop; child's pose is folded from all fours."""
    bow = FIGURES["bent"][0].pose()
    assert PostureCheck(EXERCISES["standing_hamstring_reach"]).in_position(bow) is False
    assert PostureCheck(EXERCISES["standing_hamstring_reach"]).elsewhere(bow) is False
    for figure in (FOUR, FOLDED):
        assert PostureCheck(EXERCISES["childs_pose"]).elsewhere(figure.pose()) is False
    assert (
        PostureCheck(EXERCISES["seated_hamstring"]).elsewhere(FIGURES["reach"][0].pose()) is False
    )


def test_only_a_twist_may_roll_to_the_side() -> None:
    """The flank belongs to the lying twist; a hugged knee is hugged on the back."""
    side = FIGURES["side"][0].pose()
    assert PostureCheck(EXERCISES["supine_spinal_twist"]).elsewhere(side) is False
    assert PostureCheck(EXERCISES["knee_to_chest"]).elsewhere(side) is True


def test_every_position_of_an_exercise_is_known() -> None:
    """No exercise starts from a position that nothing tells."""
    assert {exercise.position for exercise in EXERCISES.values()} <= START.keys()
