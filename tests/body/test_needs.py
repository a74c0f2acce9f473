"""The joints that a metric needs are those that its formula reads."""

from __future__ import annotations

import math

import pytest
from bodies import Arm, Figure, Leg, without
from shipped import EXERCISES

from posecheck.body.back_contour import back_contour
from posecheck.body.geometry import body_of, near_side
from posecheck.body.measure import Measurer, Values, resolve, specs_of
from posecheck.body.metrics import METRICS
from posecheck.body.needs import (
    BACK,
    Need,
    _example,
    needs_by_metric,
    needs_of,
    strict_specs,
    unseen_parts,
)
from posecheck.body.posture import postures
from posecheck.pose import PAIRED, SIDES, Pose, Side, joint

BODY = Figure(
    facing=80.0, incl=85.0, right_arm=Arm(150, bend=20), left_arm=Arm(85),
    left_leg=Leg(5, 10), right_leg=Leg(90, 90),
).pose()  # fmt: skip
"""On hands and knees, the right arm and the left leg raised, the right flank near."""
SINGLE = sorted(
    name for name, metric in METRICS.items() if metric.formula is not None and not metric.sided
) + sorted(
    f"{name}.{side}"
    for name, metric in METRICS.items()
    for side in SIDES
    if metric.sided and metric.formula
)
"""Every metric of one body, on each side."""
CHOOSING = {
    "opposite_limbs", "leg_crossed.left", "leg_crossed.right", "hand_to_knee", "view_turn",
    "lowered_knee", "lowered_slope",
}  # fmt: skip
"""Metrics that make do with one of several joints: which one depends on the posture."""


def values(pose: Pose, specs: tuple[str, ...]) -> Values:
    return Measurer(specs).update(0.0, pose)


def test_every_metric_is_unknown_without_the_joints_it_needs_and_only_then() -> None:
    """Hide each joint in turn, for every metric, in a body that the derivation does not use."""
    specs = tuple(SINGLE)
    near = near_side(BODY)
    needs = needs_by_metric(specs, near, None, False)
    whole = values(BODY, specs)
    for part in PAIRED:
        for side in SIDES:
            seen = values(without(BODY, joint(part, side)), specs)
            for spec in specs:
                if spec in CHOOSING:
                    continue
                needed = Need(part, (side,)) in needs[spec]
                assert math.isnan(seen[spec]) == needed, (spec, side, part)
                if all(need.part != part for need in needs[spec]):
                    assert seen[spec] == pytest.approx(whole[spec]), (spec, side, part)


@pytest.mark.parametrize("near", SIDES)
def test_what_an_exercise_needs_is_of_parts_that_its_metrics_list(near: Side) -> None:
    """The table lists body parts; the derivation finds their sides, for every exercise."""
    for exercise in EXERCISES.values():
        if exercise.check == "none":
            continue
        work: Side | None = "left" if exercise.sides == "each" else None
        specs = strict_specs(exercise)
        assert set(specs) <= set(specs_of(exercise))
        for spec, needs in needs_by_metric(specs, near, work, False).items():
            measure = resolve(spec)
            listed = {
                *measure.joints,
                *(p for f in measure.metric.fused for p in resolve(f).joints),
            }
            assert {need.part for need in needs} <= listed, (exercise.id, spec)


def test_the_sides_of_an_exercise_are_those_of_its_rules() -> None:
    """A plank is seen by its near arm and leg; the bird dog needs both arms and the working leg."""
    plank = needs_of(EXERCISES["plank"], "right", None)
    assert Need("ankle", ("right",)) in plank
    assert not [
        need for need in plank if need.sides == ("left",) and need.part not in ("shoulder", "hip")
    ]
    bird_dog = needs_of(EXERCISES["bird_dog"], "left", "left")
    assert Need("ankle", ("left",)) in bird_dog
    assert Need("ankle", ("right",)) not in bird_dog
    assert {Need("elbow", ("left",)), Need("elbow", ("right",))} <= set(bird_dog)


def test_the_contour_of_the_back_needs_no_ankle() -> None:
    """Its needs are the trunk and the near knee: a leg's length is also known from the thigh."""
    (needs,) = needs_by_metric(("back_turn_delta",), "right", None, False).values()
    sides = {(need.part, side) for need in needs for side in need.sides}
    trunk = {(part, side) for part in ("shoulder", "hip") for side in SIDES}
    assert sides == trunk | {("knee", "right")}


def test_the_missing_part_is_named() -> None:
    """Only what is hidden, in words of the table; the back where no joint is."""
    specs = ("knee_angle.right", "knee_angle.min", "back_turn_delta", "trunk_incl_abs")
    needs = needs_by_metric(specs, "right", None, False)
    ankle = without(BODY, joint("ankle", "right"))
    assert unseen_parts(specs[0], needs[specs[0]], ankle) == ("ankle",)
    assert unseen_parts(specs[1], needs[specs[1]], ankle) == ("ankle",)
    assert unseen_parts(specs[2], needs[specs[2]], ankle) == (BACK,)
    assert unseen_parts(specs[3], needs[specs[3]], BODY) == ()


def test_hidden_joints_are_read_alike_on_both_sides() -> None:
    """The moving leg and the raised limbs are chosen among those that are seen, left or right."""
    legs = Figure(facing=80.0, left_leg=Leg(0, 100)), Figure(facing=80.0, right_leg=Leg(0, 100))
    for figure, bent, other in zip(legs, SIDES, SIDES[::-1], strict=True):
        pose = figure.pose()
        spec = ("thigh_incl.moving_leg", f"thigh_incl.{bent}")
        for hidden in (
            pose,
            without(pose, joint("ankle", other)),
            without(pose, joint("ankle", bent)),
        ):
            moving, own = (values(hidden, spec)[name] for name in spec)
            assert moving == pytest.approx(own)
        neither = without(pose, joint("ankle", bent), joint("ankle", other))
        assert math.isnan(values(neither, spec)[spec[0]])


def test_a_hand_or_a_leg_out_of_sight_is_not_taken_to_be_far() -> None:
    """A value of which one part is unseen is known only where what is seen decides."""
    apart = Figure(facing=80.0).pose()
    assert math.isfinite(values(apart, ("hand_to_knee",))["hand_to_knee"])
    hidden = without(apart, joint("wrist", "left"))
    assert math.isnan(values(hidden, ("hand_to_knee",))["hand_to_knee"])
    crossed = Figure(facing=80.0, right_leg=Leg(95, 60)).pose()
    for name, part in (("leg_crossed.right", "ankle"), ("leg_crossed.left", "knee")):
        hidden = without(crossed, joint(part, "left"))
        assert math.isfinite(values(hidden, (name,))[name]) == (name == "leg_crossed.right")


def test_the_example_body_is_side_on_with_a_contour() -> None:
    """Without a silhouette the contour's needs would be found for nothing."""
    for near in SIDES:
        pose = _example(near, near)
        assert near_side(pose) == near
        assert back_contour(pose, body_of(pose, near)) is not None


def test_all_fours_is_not_excluded_by_the_leg_that_is_seen() -> None:
    """The near leg raised, the kneeling one hidden: still on hands and knees."""
    raised = Figure(
        facing=90.0, incl=85.0, left_arm=Arm(85), right_arm=Arm(85),
        left_leg=Leg(90, 90), right_leg=Leg(0, 5),
    ).pose()  # fmt: skip
    assert "four" in postures(raised)
    assert "four" in postures(without(raised, joint("knee", "left")))
