"""Where on the body a broken rule is shown."""

from __future__ import annotations

import math

import pytest
from bodies import Figure, Leg, without
from shipped import EXERCISES

from posecheck.coach.annotations import annotate
from posecheck.coach.scene import FaultAnnotation
from posecheck.exercise import Rule
from posecheck.io.routines.language import load_phrases
from posecheck.pose import Joint, Pose, Side

PHRASES = load_phrases("en")
SIDE_ON = Figure(facing=90, left_leg=Leg(hip=60), right_leg=Leg(knee=30)).pose()
RIGHT_LEG = (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)
LEFT_LEG = (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE)


def rule(metric: str, low: float | None = 160.0, high: float | None = None) -> Rule:
    return Rule(
        "rule", metric, "must", "alignment", "A", 5, 0.5, "Long leg", "Long leg.", low, high
    )


def mark(
    asked: Rule, pose: Pose = SIDE_ON, side: Side | None = None, **values: float
) -> FaultAnnotation:
    """The annotation of a rule; `knee_angle__near=120` is the value of knee_angle.near."""
    made = annotate(
        asked, pose, side, None, {k.replace("__", "."): v for k, v in values.items()}, PHRASES
    )
    assert made is not None
    return made


def test_a_limb_is_marked_on_the_side_that_the_rule_names() -> None:
    """`near` is the flank towards the camera, `work` and `other` follow the working side."""
    assert mark(rule("knee_angle.near")).lines == (RIGHT_LEG,)
    assert mark(rule("knee_angle.far")).lines == (LEFT_LEG,)
    assert mark(rule("knee_angle.work"), side="left").lines == (LEFT_LEG,)
    assert mark(rule("knee_angle.other"), side="left").lines == (RIGHT_LEG,)
    assert mark(rule("knee_angle.work"), side="left").at == Joint.LEFT_KNEE


def test_of_both_sides_the_one_that_is_out_is_marked() -> None:
    """`x.both` is judged on the side farther out, and that side is shown."""
    asked = rule("knee_angle.both")
    assert mark(asked, knee_angle__left=170, knee_angle__right=120).lines == (RIGHT_LEG,)
    assert mark(asked, knee_angle__left=110, knee_angle__right=165).lines == (LEFT_LEG,)
    assert mark(rule("knee_angle.min"), knee_angle__left=110, knee_angle__right=165).at == (
        Joint.LEFT_KNEE
    )


def test_the_words_tell_the_value_and_what_was_wanted() -> None:
    """Rounded to five degrees; without a value there are no words."""
    made = mark(rule("knee_angle.near", 150, 170), knee_angle__near=131.0)
    assert made.words == "about 130°, wanted 150 to 170°"
    assert (made.value, made.low, made.high) == (131.0, 150, 170)
    assert made.reach[0] < 150 < 170 < made.reach[1] <= 180
    silent = mark(rule("knee_angle.near"))
    assert silent.words == ""
    assert math.isnan(silent.value)


def test_the_scale_stands_still_while_the_value_moves() -> None:
    """Its ends depend on the rule alone."""
    asked = rule("knee_angle.near")
    reaches = {mark(asked, knee_angle__near=value).reach for value in (20.0, 120.0, 155.0)}
    assert len(reaches) == 1


def test_the_words_stand_at_a_joint_that_was_seen() -> None:
    """A hidden joint gives way to another of the same limb; no joint at all means no annotation."""
    hidden = without(SIDE_ON, Joint.RIGHT_KNEE)
    assert mark(rule("knee_angle.near"), hidden).at in (Joint.RIGHT_HIP, Joint.RIGHT_ANKLE)
    nothing = without(SIDE_ON, *Joint)
    assert annotate(rule("knee_angle.near"), nothing, None, None, {}, PHRASES) is None


def test_a_distance_is_marked_between_its_two_joints() -> None:
    """gap(a,b) has no bone: the straight line is drawn."""
    made = mark(rule("gap(wrist.work,knee.other)"), side="left")
    assert made.lines == ((Joint.LEFT_WRIST, Joint.RIGHT_KNEE),)


RULES = [(name, each) for name, ex in EXERCISES.items() for each in ex.rules]


@pytest.mark.parametrize(
    ("name", "asked"), RULES, ids=[f"{name}-{each.id}" for name, each in RULES]
)
def test_every_rule_of_the_library_has_a_place_on_the_body(name: str, asked: Rule) -> None:
    """Every metric that an exercise uses is shown somewhere, on a scale with room."""
    side: Side | None = "left" if EXERCISES[name].sides != "none" else None
    made = mark(asked, side=side)
    assert made.lines
    assert all(len(line) > 1 for line in made.lines)
    assert made.at in {joint for line in made.lines for joint in line}
    assert made.reach[0] < made.reach[1]
