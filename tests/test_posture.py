"""How a body is placed: the four postures, and what each start position accepts."""

from __future__ import annotations

import pytest
from bodies import Figure, Leg

from posecheck.io.routines import load_all
from posecheck.pose import Joint, Pose
from posecheck.posture import WANTED, Posture, in_position, posture

EXERCISES = load_all().exercises

FIGURES: dict[Posture, list[Figure]] = {
    "standing": [Figure(), Figure(facing=90), Figure(facing=90, incl=20)],
    "seated": [
        Figure(left_leg=Leg(hip=90, knee=90), right_leg=Leg(hip=90, knee=90)),
        Figure(facing=90, left_leg=Leg(hip=90), right_leg=Leg(hip=90)),
    ],
    "four": [Figure(facing=90, incl=85, left_leg=Leg(hip=90, knee=90),
                    right_leg=Leg(hip=90, knee=90))],
    "lying": [
        Figure(facing=90, incl=-90),
        Figure(facing=-90, incl=90),
        Figure(roll=90),
        Figure(roll=84),
        Figure(facing=90, incl=-90, left_leg=Leg(hip=45, knee=90), right_leg=Leg(hip=45, knee=90)),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "figure"), [(name, figure) for name, figures in FIGURES.items() for figure in figures]
)
def test_each_figure_is_told_apart(name: Posture, figure: Figure) -> None:
    """Trunk and knees tell standing, seated, all fours and lying."""
    assert posture(figure.pose()) == name


def hidden(pose: Pose, *parts: str) -> Pose:
    for part in parts:
        for side in ("LEFT", "RIGHT"):
            pose.px[Joint[f"{side}_{part}"]] = float("nan")
    return pose


def test_unseen_legs_or_trunk_are_no_posture() -> None:
    """What is not seen is not guessed."""
    assert posture(hidden(Figure().pose(), "KNEE")) is None
    assert posture(hidden(Figure().pose(), "SHOULDER")) is None
    assert in_position(EXERCISES["plank"], hidden(Figure().pose(), "KNEE")) is None


def test_one_seen_knee_is_enough() -> None:
    """From the side the far leg is often hidden."""
    pose = Figure(facing=90).pose()
    pose.px[Joint.LEFT_KNEE] = float("nan")
    assert posture(pose) == "standing"


def test_between_two_postures_there_is_no_answer() -> None:
    """On the way to the floor nothing is claimed."""
    assert posture(Figure(facing=90, incl=42).pose()) is None


def test_a_standing_person_is_not_in_position_for_the_floor() -> None:
    """The neutral of a floor exercise is not learnt from somebody who still stands."""
    standing = Figure(facing=90).pose()
    assert in_position(EXERCISES["cat_cow"], standing) is False
    assert in_position(EXERCISES["knee_to_chest"], standing) is False
    assert in_position(EXERCISES["standing_hamstring_reach"], standing) is True


def test_an_exercise_of_the_arms_may_be_done_seated() -> None:
    """Shoulder rolls at the desk need no legs; a leg swing does."""
    seated = FIGURES["seated"][0].pose()
    assert in_position(EXERCISES["shoulder_rolls"], seated) is True
    assert in_position(EXERCISES["leg_swings"], seated) is False


def test_every_position_of_an_exercise_is_known() -> None:
    """No exercise starts from a position that nothing tells."""
    assert {exercise.position for exercise in EXERCISES.values()} <= WANTED.keys()
