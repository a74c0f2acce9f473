"""Placement as timelines: what is advised, when it is over, and that right bodies are let be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from bodies import Arm, Figure, Leg, mirrored, series, shifted, without
from shipped import EXERCISES

from posecheck.body.geometry import Body, near_side, turn_from_camera
from posecheck.body.needs import needs_of
from posecheck.exercise import Exercise
from posecheck.pose import Joint, NoPoseReason, Observation, Pose, Side, joint
from posecheck.session.placement import (
    OFFER_S,
    PROBLEM_OVER_S,
    SHOWN_S,
    Advice,
    Placement,
    PlacementCoach,
    Stance,
    ViewCheck,
    outline_of,
)

FPS = 30.0

DOWN = Arm(lift=90)
KNEELING = Leg(hip=90, knee=90)
HOOKED = Leg(hip=45, knee=90)
ALL_FOURS = Figure(
    facing=90, incl=90, left_arm=DOWN, right_arm=DOWN, left_leg=KNEELING, right_leg=KNEELING
)
FRONT = Figure().pose()
FLANK = Figure(facing=90).pose()
FOURS = ALL_FOURS.pose()
SUPINE = Figure(facing=90, incl=-90, left_leg=HOOKED, right_leg=HOOKED).pose()
PRONE = Figure(facing=90, incl=90).pose()


NOBODY = Observation(None, "nobody", brightness=120.0)


def framed(pose: Pose) -> Pose:
    """As `JointFilter` leaves it: joints outside the picture are not seen."""
    x, y = pose.px.T
    width, height = pose.size
    outside = (x < 0) | (x > width) | (y < 0) | (y > height)
    return without(pose, *(Joint(int(i)) for i in np.flatnonzero(outside)))


def from_above(pose: Pose, degrees: float) -> Pose:
    """The same body seen by a camera that looks down by so much."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y, z = pose.world.T
    world = np.stack([x, c * y - s * z, s * y + c * z], axis=1)
    return replace(pose, world=world, px=world[:, :2] * 300.0 + np.array(pose.size) / 2)


def play(
    exercise: str | Exercise,
    *pieces: tuple[Pose | Observation | None, float],
    side: Side | None = None,
    fps: float = FPS,
) -> list[tuple[float, Placement]]:
    """Everything the coach says over stretches of the given seconds."""
    known = EXERCISES[exercise] if isinstance(exercise, str) else exercise
    coach = PlacementCoach(known, side)
    view = ViewCheck(known.camera) if known.camera else None
    said: list[tuple[float, Placement]] = []
    for t, piece in series(*pieces, fps=fps):
        seen = piece if isinstance(piece, Observation) else shown(piece)
        turn = turn_from_camera(Body(seen.pose)) if seen.pose else math.nan
        settled = any(placement.settled for _, placement in said)
        facing = view is None or view.update(t, turn, settled)
        near = near_side(seen.pose) if seen.pose else None
        said.append((t, coach.update(t, seen, Stance(facing, near))))
    return said


def shown(
    pose: Pose | None,
    no_pose_reason: NoPoseReason = "",
    brightness: float = 120.0,
    other_person_size: float = 0.0,
) -> Observation:
    """The observation of one frame, in ordinary light by default."""
    return Observation(
        pose, no_pose_reason, other_person_size=other_person_size, brightness=brightness
    )


def advices(said: Iterable[tuple[float, Placement]]) -> list[Advice]:
    """What was shown, in order, each change once."""
    shown: list[Advice] = []
    for _, placement in said:
        if not shown or shown[-1] != placement.advice:
            shown.append(placement.advice)
    return shown


RIGHT: dict[str, tuple[str, Pose, Side | None]] = {
    "standing, front": ("arm_across_body", FRONT, "left"),
    "standing, back to the camera": ("arm_circles", Figure(facing=180).pose(), None),
    "standing, right flank": ("standing_hamstring_reach", FLANK, None),
    "standing, left flank": ("standing_hamstring_reach", mirrored(FLANK), None),
    "working leg near": ("quad_stretch", FLANK, "right"),
    "quadruped": ("cat_cow", FOURS, None),
    "quadruped, working side near": ("bird_dog", FOURS, "right"),
    "supine": ("crunch", SUPINE, None),
    "supine, other side near": ("lying_glute_stretch", SUPINE, "left"),
    "prone": ("superman", PRONE, None),
    "far flank hidden": (
        "quadruped_leg_raise",
        without(FOURS, *(joint(part, "left") for part in ("elbow", "wrist", "knee", "ankle"))),
        "right",
    ),
    "head and shoulders at a desk": (
        "chair_spine_twist",
        framed(shifted(Figure().pose(size=(640, 480), px_per_m=420.0), 0, 260)),
        "left",
    ),
    "looked down on a little": ("crunch", from_above(SUPINE, 20), None),
    "camera rolled a little": ("arm_across_body", Figure(roll=4).pose(), "left"),
    "bent sideways": ("triceps_stretch", Figure(lean=20).pose(), "left"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_body_is_left_alone_and_settles_within_a_second(case: str) -> None:
    """No advice ever, and settled before 1 s has passed."""
    exercise, pose, side = RIGHT[case]
    said = play(exercise, (pose, 5.0), side=side)
    assert advices(said) == [""]
    assert next(t for t, placement in said if placement.settled) < 1.0


PITCHED = from_above(SUPINE, 50)
WRONG: dict[Advice, list[tuple[str, Pose | Observation, Side | None]]] = {
    "nobody": [("crunch", NOBODY, None)],
    "someone_else": [("crunch", shown(None, "someone_else"), None)],
    "alone": [("crunch", shown(SUPINE, other_person_size=0.8), None)],
    "dark": [
        ("crunch", shown(SUPINE, brightness=15.0), None),
        ("crunch", shown(None, "nobody", brightness=30.0), None),
    ],
    "bright": [("crunch", shown(SUPINE, brightness=245.0), None)],
    "view": [
        ("standing_hamstring_reach", FRONT, None),
        ("arm_across_body", FLANK, "left"),
        ("cat_cow", replace(ALL_FOURS, facing=45).pose(), None),
    ],
    "other_side": [
        ("bird_dog", FOURS, "left"),
        ("lying_glute_stretch", SUPINE, "right"),
    ],
    "back": [
        ("standing_hamstring_reach", framed(Figure(facing=90).pose(px_per_m=600)), None),
        ("crunch", framed(Figure(facing=90, incl=-90).pose(px_per_m=800)), None),
        ("arm_across_body", framed(Figure().pose(px_per_m=800)), "left"),
        # too long for the picture, however little of the leg is beyond the border
        ("standing_hamstring_reach", framed(shifted(Figure(facing=90).pose(px_per_m=400), 0, 60)),
         None),
    ],
    "closer": [
        ("standing_hamstring_reach", Figure(facing=90).pose(px_per_m=180), None),
        ("crunch", Figure(facing=90, incl=-90).pose(px_per_m=180), None),
    ],
    "right": [
        ("arm_across_body", framed(shifted(FRONT, 620, 0)), "left"),
        ("plank", framed(shifted(PRONE, 520, 0)), None),
        ("arm_across_body", shifted(FRONT, 575, 0), "left"),
        ("plank", framed(shifted(PRONE, 790, 0)), None),
    ],
    "left": [
        ("arm_across_body", framed(shifted(FRONT, -620, 0)), "left"),
        ("plank", framed(shifted(PRONE, -450, 0)), None),
    ],
    "lower": [
        ("standing_hamstring_reach", framed(shifted(FLANK, 0, 150)), None),
        ("crunch", PITCHED, None),
    ],
    "raise": [("standing_hamstring_reach", framed(shifted(FLANK, 0, -170)), None)],
    "along": [("plank", Figure(facing=10, incl=90).pose(), None)],
    "level": [
        ("arm_across_body", Figure(roll=12).pose(), "left"),
        ("standing_hamstring_reach", Figure(facing=90, roll=-12).pose(), None),
    ],
    "parts": [("plank", without(PRONE, Joint.RIGHT_KNEE), None)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("advice", "exercise", "look", "side"),
    [(advice, *case) for advice, cases in WRONG.items() for case in cases],
)
def test_what_is_wrong_is_named_and_nothing_else(
    advice: Advice, exercise: str, look: Pose | Observation, side: Side | None
) -> None:
    """The one thing to change, within two seconds and steadily, and never settled."""
    said = play(exercise, (look, 5.0), side=side)
    assert {placement.advice for t, placement in said if t > 2.0} == {advice}
    assert not any(placement.settled for _, placement in said)


def test_left_and_right_are_those_of_the_mirror() -> None:
    """The same place seen in a mirror asks for the other direction."""
    there = shifted(FRONT, 620, 0)
    assert play("triceps_stretch", (framed(there), 2.0))[-1][1].advice == "right"
    assert play("triceps_stretch", (framed(mirrored(there)), 2.0))[-1][1].advice == "left"


@pytest.mark.parametrize("advice", [a for a in WRONG if a not in ("nobody", "someone_else")])
def test_once_right_it_settles_within_a_second(advice: Advice) -> None:
    """Whatever was wrong for five seconds, the advice is gone and it is settled within 1 s."""
    exercise, look, side = WRONG[advice][0]
    right = {
        "arm_across_body": FRONT,
        "standing_hamstring_reach": FLANK,
        "bird_dog": mirrored(FOURS),
        "plank": PRONE,
        "crunch": SUPINE,
    }[exercise]
    last = play(exercise, (look, 5.0), (right, 1.0), side=side)[-1][1]
    assert (last.advice, last.settled) == ("", True)


def test_an_advice_stays_long_enough_to_be_read() -> None:
    """It is shown for SHOWN_S although the body is right again at once."""
    said = play("standing_hamstring_reach", (FRONT, 0.55), (FLANK, 3.0))
    shown = [t for t, placement in said if placement.advice]
    assert {placement.advice for _, placement in said} == {"", "view"}
    assert shown[-1] - shown[0] >= SHOWN_S - 2 / FPS


def test_a_lapse_is_no_problem() -> None:
    """A joint, a pose or a place that is lost for less than PROBLEM_OVER_S changes nothing."""
    lost = (without(PRONE, Joint.RIGHT_KNEE), shifted(PRONE, 900, 0), None)
    for lapse in lost:
        pieces = [(PRONE, 1.0), (lapse, PROBLEM_OVER_S / 2)] * 5
        said = play("plank", *pieces)
        assert advices(said) == [""]
        assert all(placement.settled for t, placement in said if t > 1.0)


def test_two_problems_that_alternate_do_not_flicker() -> None:
    """The advice changes no faster than it can be read, and never goes blank between."""
    near, aside = framed(Figure(facing=90).pose(px_per_m=600)), framed(shifted(FLANK, 620, 0))
    said = play("standing_hamstring_reach", *([(near, 0.8), (aside, 0.8)] * 6))
    named = [(t, placement.advice) for t, placement in said if t > 0.8]
    changes = [now for (_, a), (now, b) in pairwise(named) if a != b]
    assert {advice for _, advice in named} == {"back", "right"}
    assert all(b - a >= SHOWN_S - 1 / FPS for a, b in pairwise(changes))


@pytest.mark.parametrize(
    ("wrong", "between"),
    [
        (shown(SUPINE, brightness=20.0), shown(SUPINE, brightness=28.0)),
        (shown(SUPINE, other_person_size=0.6), shown(SUPINE, other_person_size=0.45)),
        (
            shown(Figure(facing=90, incl=-90).pose(px_per_m=200)),
            shown(Figure(facing=90, incl=-90).pose(px_per_m=238)),
        ),
    ],
)
def test_between_the_two_limits_it_stays_as_it_was(
    wrong: Observation, between: Observation
) -> None:
    """What is not bad enough to begin is not good enough to end."""
    assert play("crunch", (between, 3.0))[-1][1].advice == ""
    after = play("crunch", (wrong, 3.0), (between, 3.0))
    assert after[-1][1].advice == after[80][1].advice != ""


def test_the_most_important_comes_first() -> None:
    """Alone before placed, in the picture before turned."""
    aside = framed(shifted(FRONT, 620, 0))
    said = play(
        "standing_hamstring_reach",
        (shown(aside, other_person_size=1.0), 2.5), (aside, 2.5), (FRONT, 2.5), (FLANK, 2.0),
    )  # fmt: skip
    assert advices(said) == ["", "alone", "right", "view", ""]


def test_turning_in_the_exercise_is_no_wrong_view() -> None:
    """Once it has settled, a body may turn by the camera's tolerance; before, it may not."""
    turned = Figure(facing=50).pose()
    tolerant = EXERCISES["seated_spine_twist"]
    assert play(tolerant, (turned, 3.0), side="left")[-1][1].advice == "view"
    assert advices(play(tolerant, (FRONT, 2.0), (turned, 3.0), side="left")) == [""]


def test_parts_name_what_is_missing_in_plain_words() -> None:
    """From head to foot, each once, both for what is hidden and for what is cut off."""
    hidden = without(PRONE, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)
    assert play("plank", (hidden, 3.0))[-1][1].parts == ("knee", "ankle")
    near = framed(Figure(facing=90).pose(px_per_m=600))
    assert play("standing_hamstring_reach", (near, 3.0))[-1][1].parts == ("head", "ankle")
    assert play("standing_hamstring_reach", (FRONT, 3.0))[-1][1].parts == ()


def test_only_strict_rules_and_repetitions_ask_for_joints() -> None:
    """A twist on a chair needs no legs, and what only an advice needs is not asked for."""
    twist = needs_of(EXERCISES["chair_spine_twist"], "left", "left")
    assert {need.part for need in twist} == {"shoulder"}
    assert "ear" not in {need.part for need in needs_of(EXERCISES["plank"], "left", None)}


def test_the_offer_comes_after_twenty_seconds_and_goes_when_it_settles() -> None:
    """Not before OFFER_S, and not after it is right."""
    said = play(
        "standing_hamstring_reach", (FRONT, OFFER_S + 2), (FLANK, 2.0), (FRONT, 5.0), fps=10
    )
    offers = [t for t, placement in said if placement.offer]
    assert OFFER_S - 0.2 <= offers[0] <= OFFER_S + 0.2
    assert offers[-1] <= OFFER_S + 3.0


def test_an_empty_picture_neither_counts_towards_the_offer_nor_resets_it() -> None:
    """Ten seconds of being wrong, a minute of nobody, ten more: then it offers."""
    half = OFFER_S / 2
    said = play(
        "standing_hamstring_reach", (FRONT, half), (NOBODY, 60.0), (FRONT, half + 1), fps=10
    )
    first = next(t for t, placement in said if placement.offer)
    assert first == pytest.approx(60.0 + OFFER_S, abs=0.5)


def test_who_leaves_is_not_settled_any_more() -> None:
    """Half a second with an empty picture unsettles, and a user who comes back settles again."""
    said = play("plank", (PRONE, 2.0), (NOBODY, 2.0), (PRONE, 1.0))
    assert advices(said) == ["", "nobody", ""]
    assert not any(placement.settled for t, placement in said if 2.6 < t < 4.0)
    assert said[-1][1].settled


def test_the_camera_is_found_level_only_by_somebody_who_stands_straight() -> None:
    """The advice stays while they bend to it, and goes when they stand straight in a level one."""
    bent = Figure(facing=90, incl=60, left_leg=Leg(60), right_leg=Leg(60), roll=12)
    said = play(
        "standing_hamstring_reach",
        (Figure(facing=90, roll=12).pose(), 3.0), (bent.pose(), 5.0), (FLANK, 1.0),
    )  # fmt: skip
    assert {placement.advice for t, placement in said if 1.5 < t < 8.0} == {"level"}
    assert said[-1][1].settled


@pytest.mark.parametrize("fps", [4.0, 10.0, 60.0])
def test_the_frame_rate_does_not_matter(fps: float) -> None:
    """The same words in the same order at any number of frames."""
    said = play("standing_hamstring_reach", (FRONT, 3.0), (FLANK, 3.0), (NOBODY, 2.0), fps=fps)
    assert advices(said) == ["", "view", "", "nobody"]


def test_a_long_gap_between_frames_says_nothing() -> None:
    """What was seen before a minute without frames has not lasted for that minute."""
    coach = PlacementCoach(EXERCISES["standing_hamstring_reach"], None)
    for t in (0.0, 0.1, 60.0):
        assert coach.update(t, shown(FRONT), Stance(False)).advice == ""
    assert not coach.update(120.0, shown(FLANK), Stance(True)).settled


def test_without_pictures_nothing_new_is_said() -> None:
    """A lost camera neither settles nor blames anybody, and does not count towards the offer."""
    lost = shown(None, "camera", brightness=0.0)
    said = play("standing_hamstring_reach", (FRONT, 2.0), (lost, 60.0), (FLANK, 0.2), fps=10)
    assert advices(said) == ["", "view"]
    assert not any(placement.settled or placement.offer for _, placement in said)


@pytest.mark.parametrize("exercise", ["walking", "foam_rolling"])
def test_what_is_not_checked_needs_no_placement(exercise: str) -> None:
    """Settled at once, with or without anybody, and never an advice or an offer."""
    said = play(exercise, (NOBODY, 30.0), (FRONT, 1.0), fps=10)
    assert all(p.settled and not p.offer and not p.advice for _, p in said)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_every_exercise_has_a_place_to_be(exercise: Exercise) -> None:
    """Its outline lies in the picture, in its middle."""
    box = outline_of(exercise)
    assert 0 <= box.x0 < box.x1 <= 1
    assert 0 <= box.y0 < box.y1 <= 1
    assert box.x0 + box.x1 == pytest.approx(1)


@pytest.mark.parametrize(
    ("exercise", "side", "near", "prone"),
    [
        ("bird_dog", "left", "left", False),
        ("quad_stretch", "right", "right", False),
        ("lying_glute_stretch", "left", "right", False),
        ("prone_leg_raise", "right", "right", True),
        ("cat_cow", None, None, False),
    ],
)
def test_the_figure_to_step_into_shows_the_wanted_flank(
    exercise: str, side: Side | None, near: Side | None, prone: bool
) -> None:
    """By the working side, and as the exercise wants it."""
    box = outline_of(EXERCISES[exercise], side)
    assert (box.near, box.prone) == (near, prone)


@pytest.mark.parametrize(
    ("exercise", "shape"),
    [
        ("quad_stretch", "standing_side"),
        ("high_knees", "standing_side"),
        ("arm_across_body", "standing"),
        ("seated_spine_twist", "sitting_front"),
        ("piriformis_chair", "sitting"),
        ("plank", "lying"),
    ],
)
def test_the_figure_to_step_into_is_seen_as_the_camera_wants_it(exercise: str, shape: str) -> None:
    """A user who is asked to turn side-on sees no figure that faces the camera."""
    assert outline_of(EXERCISES[exercise], "left").shape == shape


@pytest.mark.parametrize("exercise", ["plank", "arm_circles", "chair_spine_twist", "crunch"])
def test_whatever_joints_are_missing_it_answers(exercise: str) -> None:
    """Any set of joints, none at all included, gives an answer and no settling without a body."""
    dice = np.random.default_rng(1)
    coach = PlacementCoach(EXERCISES[exercise], "left")
    for step in range(300):
        lost = np.flatnonzero(dice.random(len(Joint)) < step / 250)
        pose = without(shifted(PRONE, *dice.uniform(-700, 700, 2)), *(Joint(int(i)) for i in lost))
        placement = coach.update(step / FPS, shown(pose, brightness=math.nan), Stance(True))
    assert placement.advice == "parts"
    assert not placement.settled
