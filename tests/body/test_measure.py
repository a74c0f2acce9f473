"""Metrics: known angles give known values; mirror, size and place change nothing; unseen is NaN."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from bodies import (
    Arm,
    Figure,
    Leg,
    mirrored,
    painted,
    scaled,
    series,
    shifted,
    unlike,
    without,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shipped import EXERCISES

from posecheck.body.baseline import LEARN_S, Baseline
from posecheck.body.geometry import Body, near_side
from posecheck.body.measure import (
    Measurer,
    UnknownMetric,
    Values,
    expand,
    resolve,
    specs_of,
)
from posecheck.body.metrics import METRICS
from posecheck.io.store.recording import Recording
from posecheck.pose import PAIRED, Joint, Pose, Side, joint, opposite

RIGHT_NEAR, LEFT_NEAR = 90.0, -90.0


def side(**angles: object) -> Figure:
    """A figure with its right flank to the camera."""
    return replace(Figure(facing=RIGHT_NEAR), **angles)  # type: ignore[arg-type]


def front(**angles: object) -> Figure:
    """A figure facing the camera."""
    return replace(Figure(), **angles)  # type: ignore[arg-type]


def both(arm: Arm | None = None, leg: Leg | None = None) -> dict[str, object]:
    """The same angles on both sides."""
    arms = {} if arm is None else {"left_arm": arm, "right_arm": arm}
    legs = {} if leg is None else {"left_leg": leg, "right_leg": leg}
    return {**arms, **legs}


def read(spec: str, pose: Pose, work: Side | None = None) -> float:
    """One raw value of one pose."""
    return Measurer([spec], work).update(0.0, pose)[spec]


def against(spec: str, neutral: Pose, now: Pose, work: Side | None = None) -> float:
    """A relative value after the baseline has learnt the neutral pose."""
    measurer, baseline = Measurer([spec], work), Baseline([spec], work, standing=True)
    for t, pose in series((neutral, LEARN_S + 0.2)):
        baseline.learn(t, measurer.update(t, pose))
    assert baseline.known
    return baseline.relative(measurer.update(LEARN_S + 5.0, now))[spec]


@dataclass(frozen=True)
class Case:
    """A body whose value is known."""

    spec: str
    now: Figure
    expected: float
    neutral: Figure | None = None
    work: Side | None = None
    tolerance: float = 0.01

    @property
    def name(self) -> str:
        return resolve(self.spec).metric.name


ALL_FOURS = side(incl=90.0, **both(Arm(90), Leg(90, 90)))
TALL_HINGE = side(incl=45.0, **both(leg=Leg(65)))
SUPINE = side(incl=-90.0)
PRONE = side(incl=90.0)
SHRUGGED = front(shrug=(0.03, 0.03))
CROSSED = front(left_leg=Leg(spread=-30))


RAW = [
    Case("trunk_incl", side(incl=30), 30),
    Case("trunk_incl", front(facing=LEFT_NEAR, incl=30), 30),
    Case("trunk_incl", SUPINE, -90),
    Case("trunk_incl", PRONE, 90),
    Case("trunk_incl_abs", side(incl=-25), 25),
    Case("trunk_incl3_abs", front(incl=40), 40),
    Case("trunk_incl3_abs", front(facing=50, incl=100), 100),
    Case("trunk_lean", front(lean=12), 12),
    Case("trunk_lean", front(lean=-12), -12),
    Case("trunk_slope", side(incl=60), 30),
    Case("head_trunk", side(incl=45, head=20), 20),
    Case("head_trunk", side(facing=LEFT_NEAR, incl=45, head=-15), -15),
    Case("head_trunk_lat", front(tilt=15), 15),
    Case("neck_incl", side(incl=10, head=15), 25),
    Case("head_roll", front(tilt=10), 10),
    Case("head_roll", front(facing=180, tilt=10), 10),
    Case("shoulder_tilt", front(lean=8), 8),
    Case("head_roll_to_work", front(tilt=10), 10, None, "left"),
    Case("head_roll_to_work", front(tilt=10), -10, None, "right"),
    Case("head_yaw", front(facing=20), 20),
    Case("ear_height.left", front(), 0.20 / 0.36),
    Case("ear_shoulder_height", front(), 0.20 / 0.36),
    Case("hip_sag", PRONE, 0),
    Case("hip_sag", side(incl=90, **both(leg=Leg(-20))), 0.0823, tolerance=1e-4),
    Case("hip_sag", side(incl=90, **both(leg=Leg(20))), -0.0823, tolerance=1e-4),
    Case("hip_sag_knee", side(incl=90, **both(leg=Leg(-20))), 0.0875, tolerance=1e-4),
    Case("shoulder_stack", front(roll=90), 0),
    Case("shoulder_stack", front(roll=60), 30),
    Case("sw_ratio", front(), 0.72),
    Case("sw_ratio", side(), 0),
    Case("trunk_to_leg", side(), 0.50 / 0.84),
    Case("trunk_chord", side(), 150),
    Case("shoulder_span", front(), 108),
    Case("ear_rise", front(), 210),
    Case("hip_angle.near", side(right_leg=Leg(40)), 140),
    Case("hip_angle.far", side(right_leg=Leg(40)), 180),
    Case("hip_angle3.mid", front(**both(leg=Leg(90))), 90),
    Case("hip_flex.left", side(left_leg=Leg(70)), 70),
    Case("hip_flex.near", side(incl=90, right_leg=Leg(-10)), -10),
    Case("hip_flex.near", side(facing=LEFT_NEAR, left_leg=Leg(35)), 35),
    Case("hip_ext.near", side(right_leg=Leg(-27)), 27),
    Case("knee_angle.near", side(right_leg=Leg(20, 50)), 130),
    Case("elbow_angle.near", side(right_arm=Arm(30, bend=70)), 110),
    Case("shoulder_elev.near", side(right_arm=Arm(80)), 80),
    Case("shoulder_elev.near", side(right_arm=Arm(170)), 170),
    Case("arm_ext.near", side(right_arm=Arm(-34)), 34),
    Case("arm_ext.near", side(facing=LEFT_NEAR, left_arm=Arm(-34)), 34),
    Case("thigh_incl.near", side(incl=30, right_leg=Leg(80)), 50),
    Case("thigh_incl.near", side(right_leg=Leg(105, 90)), 105),
    Case("thigh_incl3.left", front(left_leg=Leg(60)), 60),
    Case("shank_incl.near", side(right_leg=Leg(30, 50)), 20),
    Case("knee_rise.left", front(), -0.84),
    Case("knee_rise.left", front(left_leg=Leg(90, 90)), 0),
    Case("leg_slope.near", side(incl=-90, right_leg=Leg(30)), 30),
    Case("leg_spread", front(left_leg=Leg(spread=20), right_leg=Leg(spread=10)), 30),
    Case("ankle_height.near", side(incl=-90, right_leg=Leg(30)), 0.5),
    Case("lowered_knee", side(incl=-90, left_leg=Leg(90, 90), right_leg=Leg(0, 10)), 170),
    Case("lowered_knee", side(incl=-90, **both(leg=Leg(90, 90))), 180),
    Case("lowered_slope", side(incl=-90, left_leg=Leg(90, 90), right_leg=Leg(10, 0)), 10),
    Case("lowered_slope", side(incl=-90, **both(leg=Leg(90, 90))), 90),
    Case("leg_crossed.left", side(left_leg=Leg(0, 90)), 0.84),
    Case("leg_crossed.left", side(left_leg=Leg(90, 90)), 0.84),
    Case("leg_crossed.right", side(left_leg=Leg(0, 90)), 0),
    Case("hand_to_knee", side(), 0.72),
    Case("ankle_cross.left", CROSSED, 0.4),
    Case("ankle_cross.right", CROSSED, -0.02),
    Case("elbow_height.left", front(left_arm=Arm(0, 90)), -0.6),
    Case("elbow_height.left", front(left_arm=Arm(120, 90)), 0.3),
    Case("elbow_offset.left", front(left_arm=Arm(90, 90)), 0.6),
    Case("arm_cross.left", front(), math.hypot(0.36, 0.56) / 0.5),
    Case("wrist_elev.left", front(left_arm=Arm(100, 90)), 10),
    Case("hip_back", TALL_HINGE, math.sin(math.radians(20))),
    Case("hip_back", replace(TALL_HINGE, facing=LEFT_NEAR), math.sin(math.radians(20))),
    Case("hinge_ratio", TALL_HINGE, math.sin(math.radians(20)) / math.sin(math.radians(45))),
    Case("hinge_ratio", side(incl=10, **both(leg=Leg(30))), math.sin(math.radians(20)) / 0.3),
    Case("opposite_limbs", replace(ALL_FOURS, right_arm=Arm(175), left_leg=Leg(2)), 1),
    Case("opposite_limbs", replace(ALL_FOURS, left_arm=Arm(175), left_leg=Leg(2)), 0),
    Case("opposite_limbs", ALL_FOURS, math.nan),
    Case("twist", front(twist=25), 25),
    Case("twist", replace(SUPINE, twist=-40), -40),
    Case("twist_abs", front(facing=40, twist=-25), 25),
    Case("twist_to_work", front(twist=25), 25, work="left"),
    Case("twist_to_work", front(twist=-25), 25, work="right"),
    Case("pelvis_yaw", front(facing=20), 20),
    Case("shoulder_yaw", front(facing=20, twist=15), 35),
    Case("pelvis_roll3", front(facing=-30), -30),
    Case("view_turn", front(), 0),
    Case("view_turn", front(facing=180), 0),
    Case("view_turn", side(), 90),
    Case("view_turn", front(facing=-40), 40),
    Case("view_turn", SUPINE, 90),
    Case("gap(wrist.left,wrist.right)", front(), 0.72),
    Case("gap(ankle.work,knee.other)", side(left_leg=Leg(0, 90)), 0.84, work="left"),
    Case("gap3(knee.L,knee.R)", side(), 0.44),
]

RELATIVE = [
    Case("trunk_incl_delta", side(incl=20), 15, side(incl=5)),
    Case("trunk_incl_delta", replace(PRONE, incl=185), 10, replace(PRONE, incl=175)),
    Case("head_trunk_delta", side(head=45), 17, side(head=28)),
    Case("head_trunk_delta_lying", replace(SUPINE, head=40), 35, replace(SUPINE, head=5)),
    Case("head_roll_delta", front(tilt=12), 15, front(tilt=-3)),
    Case("shoulder_tilt_delta", front(lean=6), 4, front(lean=2)),
    Case("shrug_index.left", SHRUGGED, 0.15, front()),
    Case("shrug_index.mean", SHRUGGED, 0.15, front()),
    Case("EV_delta_pct", SHRUGGED, -15, front()),
    Case("ankle_rise.near", replace(SUPINE, right_leg=Leg(30)), 0.5, SUPINE),
    Case(
        "leg_elev.near", replace(SUPINE, right_leg=Leg(40)), 30, replace(SUPINE, right_leg=Leg(10))
    ),
    Case("head_yaw_delta_abs", front(facing=-30), 25, front(facing=-5)),
    Case("lift_trunk", replace(SUPINE, incl=-75), 15, SUPINE),
    Case("lift_trunk", replace(PRONE, incl=74), 16, PRONE),
    Case("torso_ratio", side(incl=45, trunk=0.4), 0.8, side()),
    Case("trunk_shortening", front(trunk=0.4), 0.8, front()),
    Case("sitting_height", front(trunk=0.4), 0.6 / 0.7, front()),
    Case("twist2d", front(twist=60), 60, front()),
    Case("twist2d", front(), 0, front(twist=20)),
    Case("pelvis_yaw_delta", front(facing=30), 20, front(facing=10)),
    Case("pelvis_yaw_delta", front(facing=-175), 10, front(facing=175)),
    Case("pelvis_yaw_delta_to_work", front(facing=-30), 20, front(facing=-10), "right"),
    Case("shoulder_yaw_delta_abs", front(twist=-30), 25, front(twist=-5)),
    Case("chest_yaw_to_work", front(twist=40), 40, front(), "left"),
    Case("chest_yaw_to_work", front(twist=-40), 40, front(), "right"),
    Case("chest_yaw_to_work", front(twist=40), -40, front(), "right"),
    Case("knee_angle_delta.near", side(right_leg=Leg(0, 40)), -30, side(right_leg=Leg(0, 10))),
    Case("shoulder_yaw_delta_to_work", front(twist=30), 30, front(), "left"),
    Case("shoulder_yaw_delta_to_work", front(twist=30), -30, front(), "right"),
    Case("chest_turn", front(twist=-30), 30, front(), "left"),
    Case("chest_turn", front(twist=30), 30, front(), "right"),
    Case("pelvis_roll3_delta", front(facing=30), 25, front(facing=5)),
]

OVER_TIME = {"motion_energy", "drift", "swing_speed", "wrist_swing", "hand_circle"}
CONTOUR = {name for name, metric in METRICS.items() if metric.spine}


def named(cases: Iterable[Case]) -> list[object]:
    return [pytest.param(case, id=f"{case.spec}={case.expected:.4g}") for case in cases]


# --- known values -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", named(RAW))
def test_a_known_body_reads_its_known_value(case: Case) -> None:
    """A figure with known joint angles reads those angles."""
    value = read(case.spec, case.now.pose(), case.work)
    assert value == pytest.approx(case.expected, abs=case.tolerance, nan_ok=True)


@pytest.mark.parametrize("case", named(RELATIVE))
def test_a_known_change_reads_its_known_value(case: Case) -> None:
    """A relative metric reads the change from the person's own neutral."""
    assert case.neutral is not None
    value = against(case.spec, case.neutral.pose(), case.now.pose(), case.work)
    assert value == pytest.approx(case.expected, abs=case.tolerance)


def test_the_back_is_read_from_the_mask() -> None:
    """The raw values of the contour are those of the painted back."""
    pose = painted(side().pose(), depth=0.25, bulge=0.1)
    values = Measurer(["back_convexity", "back_rounded_score"]).update(0.0, pose)
    assert values["back_convexity"] == pytest.approx(0.1, abs=0.01)
    assert values["back_turn"] == pytest.approx(2 * math.degrees(math.atan(0.4)), abs=3)
    assert values["back_concavity"] == pytest.approx(0, abs=0.01)
    assert values["back_depth"] == pytest.approx((0.25 + 0.8 * 0.1 * 0.9) * 0.5 / 0.84, abs=0.01)


@pytest.mark.parametrize(
    ("spec", "bulge", "expected", "tolerance"),
    [("back_turn_delta", 0.1, 43.6, 4), ("back_concavity_delta", -0.06, -0.06, 0.01)],
)
def test_the_back_is_compared_with_the_own_neutral(
    spec: str, bulge: float, expected: float, tolerance: float
) -> None:
    """The contour against a flat resting back reads what was added to it."""
    body = side().pose()
    now = painted(body, bulge=bulge)
    assert against(spec, painted(body), now) == pytest.approx(expected, abs=tolerance)


def test_a_rounded_back_scores_and_a_flat_one_does_not() -> None:
    """The fused score is 0 for the own neutral hinge, beyond 1 for a clear rounding."""
    neutral = painted(side().pose())
    flat, waist = TALL_HINGE.pose(), side(incl=45, trunk=0.36, **both(leg=Leg(50))).pose()
    assert against("back_rounded_score", neutral, painted(flat)) == pytest.approx(0, abs=0.05)
    rounded = painted(waist, depth=0.45, bulge=0.14)
    assert against("back_rounded_score", neutral, rounded) > 1


# --- every row ----------------------------------------------------------------------------------


def known() -> set[str]:
    """Names of metrics with a known-value case in this module."""
    return {case.name for case in (*RAW, *RELATIVE)} | OVER_TIME | CONTOUR


def test_every_row_has_a_known_value() -> None:
    """No metric without a body whose value is known."""
    assert set(METRICS) - known() == set()


def test_every_metric_of_the_shipped_exercises_has_a_known_value() -> None:
    """No rule is judged on a metric without a known-value case."""
    used = {
        resolve(spec).metric.name for exercise in EXERCISES.values() for spec in specs_of(exercise)
    }
    assert used - known() == set()


FORMULAS = [name for name, metric in METRICS.items() if metric.formula is not None]
MAKE_DO = {"view_turn", "leg_crossed", "hand_to_knee", "lowered_knee", "lowered_slope"}
"""Metrics that need only one of several joints."""


def spec_of(name: str, token: str = "left") -> str:
    return f"{name}.{token}" if METRICS[name].sided else name


BIRD_DOG = replace(ALL_FOURS, facing=60.0, right_arm=Arm(170), left_leg=Leg(5))


def half(part: str, *sides: Side) -> list[Joint]:
    return [joint(part, s) for s in sides or ("left", "right")]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_missing_joint_makes_a_value_unknown(name: str) -> None:
    """A body part that the table lists makes the metric NaN when it is not seen."""
    pose, spec = BIRD_DOG.pose(), spec_of(name)
    assert math.isfinite(read(spec, pose))
    for part in METRICS[name].joints if name not in MAKE_DO else ():
        assert math.isnan(read(spec, without(pose, *half(part)))), part
    everything = without(pose, *Joint)
    assert math.isnan(read(spec, everything))


@pytest.mark.parametrize("name", FORMULAS)
def test_an_unneeded_joint_may_be_missing(name: str) -> None:
    """A body part that the table does not list changes nothing when it is not seen."""
    pose, spec = BIRD_DOG.pose(), spec_of(name)
    for part in set(PAIRED) - set(METRICS[name].joints):
        hidden = without(pose, *half(part), Joint.NOSE)
        assert read(spec, hidden) == pytest.approx(read(spec, pose)), part


@pytest.mark.parametrize(
    "name", ["knee_angle", "elbow_angle", "shoulder_elev", "hip_angle", "hip_angle3",
             "thigh_incl", "thigh_incl3", "shank_incl", "leg_slope", "wrist_elev"]
)  # fmt: skip
def test_one_limb_does_not_need_the_other(name: str) -> None:
    """The angle of one limb is known though nothing of the other side is seen."""
    pose = BIRD_DOG.pose()
    hidden = without(pose, *(joint(part, "left") for part in PAIRED))
    assert read(f"{name}.right", hidden) == pytest.approx(read(f"{name}.right", pose))


def test_a_crossed_leg_is_known_by_its_knee_or_its_ankle() -> None:
    """One of knee and ankle is enough."""
    pose = side(left_leg=Leg(80, 60)).pose()
    knees, ankles = half("knee"), half("ankle")
    assert math.isfinite(read("leg_crossed.left", without(pose, *knees)))
    assert math.isfinite(read("leg_crossed.left", without(pose, *ankles)))
    assert math.isnan(read("leg_crossed.left", without(pose, *knees, *ankles)))


def test_the_turn_of_the_body_is_known_by_shoulders_or_hips() -> None:
    """One of shoulder line and hip line is enough."""
    pose = front(facing=40).pose()
    for part in ("shoulder", "hip"):
        assert read("view_turn", without(pose, *half(part))) == pytest.approx(40)


@pytest.mark.parametrize("part", ["ear", "ankle"])
def test_side_metrics_do_not_need_the_far_head_and_foot(part: str) -> None:
    """In a side view the far ear and the far ankle are hidden and not needed."""
    hidden = without(side().pose(), joint(part, "left"))
    for spec in ("head_trunk", "neck_incl", "hip_sag", "hip_back", "hinge_ratio", "torso_ratio"):
        metric = resolve(spec).base or spec
        assert math.isfinite(read(metric, hidden)), spec


# --- laws for all bodies ------------------------------------------------------------------------


def degrees(low: int, high: int) -> st.SearchStrategy[float]:
    """Odd angles: nothing exactly level, straight or tied."""
    return st.integers(low, high).map(lambda whole: whole + 0.37)


def arms() -> st.SearchStrategy[Arm]:
    return st.builds(Arm, degrees(-30, 170), degrees(0, 90), degrees(0, 130))


def legs() -> st.SearchStrategy[Leg]:
    return st.builds(Leg, degrees(-20, 120), degrees(0, 130), degrees(0, 40))


FIGURES = st.builds(
    Figure,
    facing=degrees(-180, 179),
    incl=degrees(-100, 100),
    lean=degrees(-20, 20),
    twist=degrees(-50, 50),
    head=degrees(-30, 45),
    tilt=degrees(-20, 20),
    left_arm=arms(),
    right_arm=arms(),
    left_leg=legs(),
    right_leg=legs(),
)


def leaning_right(figure: Figure) -> Pose:
    """A pose whose right side has the higher visibility, so that the near side is never a tie."""
    return figure.pose(seen={joint(part, "right"): 0.99 for part in PAIRED})


FLIPPED = {
    "trunk_lean", "head_trunk_lat", "head_roll", "head_roll_to_work", "head_yaw",
    "shoulder_tilt", "elbow_offset", "twist",
    "twist_to_work", "pelvis_yaw", "shoulder_yaw", "pelvis_roll3",
}  # fmt: skip
"""Signs that name a side (of the person, or of the picture) turn over in a mirror."""


def raw_values(pose: Pose, names: Iterable[str] = FORMULAS) -> Values:
    specs = [spec_of(n, token) for n in names for token in ("left", "right")]
    return Measurer(specs).update(0.0, pose)


def same(name: str, a: float, b: float) -> bool:
    """Equal, both unknown, or angles a full turn apart."""
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    difference = math.remainder(a - b, 360.0) if METRICS[name].unit == "deg" else a - b
    return abs(difference) < 1e-6 * max(1.0, abs(a))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(FIGURES)
def test_a_mirror_exchanges_left_and_right_and_nothing_else(figure: Figure) -> None:
    """A body facing left reads like one facing right; `.left` of one is `.right` of the other;
    signs that name a side turn over."""
    pose = leaning_right(figure)
    straight, mirror = raw_values(pose), raw_values(mirrored(pose))
    assert near_side(mirrored(pose)) == opposite(near_side(pose))
    for name in FORMULAS:
        sign = -1 if name in FLIPPED else 1
        for a, b in (("left", "right"), ("right", "left")):
            here, there = straight[spec_of(name, a)], mirror[spec_of(name, b)]
            assert same(name, here, sign * there), (name, a, here, there)


@settings(max_examples=25, deadline=None)
@given(FIGURES, st.integers(2, 3), degrees(-300, 300), degrees(-300, 300))
def test_place_and_size_in_the_picture_change_nothing(
    figure: Figure, k: int, dx: float, dy: float
) -> None:
    """A person nearer to the camera, or elsewhere in the picture, reads the same; pixels scale."""
    pose = leaning_right(figure)
    values = raw_values(pose)
    nearer, moved = raw_values(scaled(pose, k)), raw_values(shifted(pose, dx, dy))
    for spec, value in values.items():
        name = spec.partition(".")[0]
        factor = k if METRICS[name].unit == "px" else 1
        assert same(name, value * factor, nearer[spec]), spec
        assert same(name, value, moved[spec]), spec


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.sets(st.sampled_from(list(Joint)), max_size=12))
def test_values_stay_in_their_range_whatever_is_hidden(figure: Figure, hidden: set[Joint]) -> None:
    """Every value is inside the table's range or NaN, and nothing raises."""
    for spec, value in raw_values(without(leaning_right(figure), *hidden)).items():
        metric = METRICS[spec.partition(".")[0]]
        inside = metric.low - 1e-9 <= value <= metric.high + 1e-9
        # ratios to a body length have no bound when that length is seen end on
        short = metric.unit == "ratio" and not math.isnan(value)
        assert inside or math.isnan(value) or short, (spec, value)


@pytest.mark.parametrize("case", named(RAW + RELATIVE))
def test_known_values_are_in_the_range_of_the_table(case: Case) -> None:
    """The range in the table contains the values that people reach."""
    metric = resolve(case.spec).metric
    assert math.isnan(case.expected) or metric.low <= case.expected <= metric.high


def test_a_body_in_one_point_reads_unknown() -> None:
    """No length, no direction, no exception."""
    pose = replace(side().pose(), px=np.full((33, 2), 100.0), world=np.zeros((33, 3)))
    values = Measurer([spec_of(name) for name in FORMULAS]).update(0.0, pose)
    ratios = {name for name in FORMULAS if METRICS[name].unit == "ratio"}
    assert {name for name in ratios if not math.isnan(values[spec_of(name)])} == set()


def test_every_raw_metric_agrees_with_the_reference_formulas() -> None:
    """The formulas of the design reference, on bodies from all sides, read the same."""
    for facing in (90.37, -88.0, 35.0, -30.0, 160.0):
        figure = replace(BIRD_DOG, facing=facing, twist=20, lean=5, head=12, incl=65)
        pose = leaning_right(figure)
        body = Body(pose)
        reference = Reference(pose, 1 if body.near == "right" else -1)
        for spec, formula in REFERENCE.items():
            assert read(spec, pose) == pytest.approx(formula(reference), abs=1e-6), (spec, facing)


class Reference:
    """Pieces of the design's reference formulas, in arrays."""

    def __init__(self, pose: Pose, h: int) -> None:
        self.P, self.W, self.h = pose.px, pose.world, h
        self.mS, self.mH = (self.P[11] + self.P[12]) / 2, (self.P[23] + self.P[24]) / 2
        self.T = float(np.linalg.norm(self.mS - self.mH))
        self.u = (self.mS - self.mH) / self.T
        axis = (self.W[11] + self.W[12] - self.W[23] - self.W[24]) / 2
        self.ax = axis / np.linalg.norm(axis)
        self.near = 12 if h == 1 else 11

    def corner(self, a: int, b: int, c: int) -> float:
        u, v = self.P[a] - self.P[b], self.P[c] - self.P[b]
        cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
        return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))

    def sgn(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        return self.h * float(np.degrees(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))

    def leg(self) -> float:
        hip, knee, ankle = (self.P[self.near + k] for k in (12, 14, 16))
        return float(np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle))

    def hip_back(self) -> float:
        return float(-(self.mH[0] - (self.P[27] + self.P[28])[0] / 2) * self.h / self.leg())

    def trunk_incl(self) -> float:
        return self.h * float(np.degrees(np.arctan2(self.u[0], -self.u[1])))

    def hip_sag(self) -> float:
        v = (self.P[27] + self.P[28]) / 2 - self.mS
        n = np.array([-v[1], v[0]]) / np.linalg.norm(v)
        return float((self.mH - self.mS) @ (n if n[1] >= 0 else -n) / np.linalg.norm(v))

    def twist(self) -> float:
        a, b = self.W[11] - self.W[12], self.W[23] - self.W[24]
        a, b = a - self.ax * (a @ self.ax), b - self.ax * (b @ self.ax)
        return float(np.degrees(np.arctan2(np.cross(b, a) @ self.ax, b @ a)))


REFERENCE: Mapping[str, Callable[[Reference], float]] = {
    "hip_angle.left": lambda r: r.corner(11, 23, 25),
    "knee_angle.right": lambda r: r.corner(24, 26, 28),
    "elbow_angle.left": lambda r: r.corner(11, 13, 15),
    "shoulder_elev.right": lambda r: r.corner(24, 12, 14),
    "trunk_incl": Reference.trunk_incl,
    "hip_flex.left": lambda r: -r.sgn(-r.u, r.P[25] - r.P[23]),
    "arm_ext.right": lambda r: r.sgn(-r.u, r.P[14] - r.P[12]),
    "head_trunk": lambda r: r.sgn(r.u, r.P[r.near - 4] - r.P[r.near]),
    "thigh_incl.left": lambda r: r.sgn(r.P[25] - r.P[23], np.array([0.0, 1.0])),
    "shank_incl.left": lambda r: -r.sgn(r.P[25] - r.P[27], np.array([0.0, -1.0])),
    "hip_sag": Reference.hip_sag,
    "hip_back": Reference.hip_back,
    "hinge_ratio": lambda r: r.hip_back() / max(0.3, math.sin(math.radians(abs(r.trunk_incl())))),
    "sw_ratio": lambda r: float(np.linalg.norm(r.P[11] - r.P[12])) / r.T,
    "elbow_height.left": lambda r: float(r.P[11][1] - r.P[13][1]) / r.T,
    "elbow_offset.left": lambda r: float(r.P[13][0] - r.P[11][0]) / r.T,
    "twist": Reference.twist,
    "trunk_incl3_abs": lambda r: float(np.degrees(np.arccos(-r.ax[1]))),
}


# --- sides --------------------------------------------------------------------------------------


def test_side_tokens_pick_the_limb_they_name() -> None:
    """near, far, work, other, min, max, mean and moving_leg choose between the two limbs."""
    pose = side(left_leg=Leg(0, 20), right_leg=Leg(0, 60)).pose()

    def knee(token: str, work: Side | None = None) -> float:
        return read(f"knee_angle.{token}", pose, work)

    assert knee("left") == knee("L") == knee("far") == pytest.approx(160)
    assert knee("right") == knee("R") == knee("near") == pytest.approx(120)
    assert knee("work", "left") == knee("other", "right")
    assert knee("work", "left") == pytest.approx(160)
    assert knee("work") == knee("near")
    assert knee("min") == pytest.approx(120)
    assert knee("max") == pytest.approx(160)
    assert knee("mean") == knee("mid") == pytest.approx(140)
    assert knee("moving_leg") == pytest.approx(120)


def test_of_two_limbs_the_one_seen_is_taken_but_a_mean_needs_both() -> None:
    """min and max need only one limb; mean needs both."""
    pose = without(side(right_leg=Leg(0, 60)).pose(), Joint.LEFT_ANKLE)
    assert read("knee_angle.min", pose) == pytest.approx(120)
    assert read("knee_angle.max", pose) == pytest.approx(120)
    assert math.isnan(read("knee_angle.mean", pose))


def test_a_name_is_understood_once() -> None:
    """A measure knows its views, its base and whether it needs a working side."""
    assert resolve("shrug_index.work").base == "ear_height.work"
    assert resolve("shrug_index.work").sided
    assert resolve("twist_to_work").sided
    assert resolve("gap(ankle.work,knee.other)").sided
    assert not resolve("knee_angle.near").sided
    assert resolve("knee_angle.near").base == ""
    assert resolve("hip_back").views == {"side"}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("kne_angle.near", "did you mean 'knee_angle'?"),
        ("zzz", "unknown metric 'zzz'"),
        ("knee_angle", "needs a side, as in 'knee_angle.near'"),
        ("trunk_incl.near", "has no side; write 'trunk_incl'"),
        ("knee_angle.neer", "unknown side 'neer' in 'knee_angle.neer'; did you mean 'near'?"),
        ("gap(wrst.left,knee.right)", "unknown body part 'wrst'"),
        ("gap(wrist.lefft,knee.right)", "did you mean 'left'?"),
        ("gap(wrist.left)", "unknown metric"),
    ],
)
def test_a_wrong_name_says_what_was_meant(spec: str, words: str) -> None:
    """An unknown name, part or side is refused with a suggestion."""
    with pytest.raises(UnknownMetric) as error:
        resolve(spec)
    assert words in str(error.value)


def test_both_stands_for_left_and_right() -> None:
    """`x.both` is judged as two values; every other name stands for itself."""
    assert expand("knee_angle.both") == ("knee_angle.left", "knee_angle.right")
    assert expand("knee_angle.near") == ("knee_angle.near",)
    assert expand("gap(ankle.work,knee.other)") == ("gap(ankle.work,knee.other)",)


# --- near side ----------------------------------------------------------------------------------


def test_the_near_side_is_the_nearer_flank() -> None:
    """Depth decides when it is clear, the visibility of the joints when it is not."""
    assert near_side(front(facing=90).pose()) == "right"
    assert near_side(front(facing=-90).pose()) == "left"
    unclear = front().pose()
    better = {joint(part, "left"): 0.99 for part in PAIRED}
    assert near_side(unlike(unclear, better)) == "left"


def test_the_near_side_changes_only_after_a_second_of_contrary_evidence() -> None:
    """A shorter exchange of the flanks keeps the side; one agreement restarts the wait."""
    here = side(right_leg=Leg(0, 60), left_leg=Leg(0, 20)).pose()
    there = replace(side(right_leg=Leg(0, 60), left_leg=Leg(0, 20)), facing=LEFT_NEAR).pose()
    measurer = Measurer(["knee_angle.near"])
    knees = {
        t: measurer.update(t, pose)["knee_angle.near"]
        for t, pose in series((here, 1.0), (there, 0.9), (here, 0.1), (there, 1.5), fps=20)
    }
    assert {round(v) for t, v in knees.items() if t < 2.95} == {120}
    assert {round(v) for t, v in knees.items() if t > 3.05} == {160}


# --- over time ----------------------------------------------------------------------------------

RATES = [5.0, 15.0, 29.97, 60.0]


@pytest.mark.parametrize("fps", RATES)
def test_motion_is_the_speed_of_the_shoulders(fps: float) -> None:
    """0.4 trunks per second read 0.4 at every frame rate and picture size, and stillness 0."""
    still, measurer = front().pose(), Measurer([])
    for t, _ in series((0, 2.0), fps=fps):
        moving = scaled(shifted(still, 0.4 * 150 * t, 0), 2)
        speed = measurer.update(t, moving)["motion_energy"]
    assert speed == pytest.approx(0.4, abs=1e-6)
    for t, pose in series((scaled(still, 2), 1.5), fps=fps, start=2.5):
        speed = measurer.update(t, pose)["motion_energy"]
    assert speed == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("fps", RATES)
def test_drift_is_the_way_and_not_the_trembling(fps: float) -> None:
    """0.4 trunks per second read 0.4; a landmark that jitters by two pixels hardly drifts."""
    still, measurer, dice = front().pose(), Measurer([]), np.random.default_rng(0)
    for t, _ in series((0, 2.0), fps=fps):
        drift = measurer.update(t, shifted(still, 0.4 * 150 * t, 0))["drift"]
    assert drift == pytest.approx(0.4, abs=1e-6)
    measurer = Measurer([])
    trembling = [
        measurer.update(t, shifted(still, *dice.normal(0.0, 2.0, 2)))["drift"]
        for t, _ in series((0, 4.0), fps=fps)
    ]
    assert np.nanpercentile(trembling, 90) < 0.15


def test_jitter_is_no_faster_in_faster_pictures() -> None:
    """A landmark that jitters by a pixel has equal motion energy at 60 and 30 frames a second."""
    still = front().pose()

    def motion(fps: float) -> float:
        measurer, dice = Measurer([]), np.random.default_rng(0)
        times = [t for t, _ in series((0, 6.0), fps=fps)]
        poses = [shifted(still, *dice.normal(0.0, 1.0, 2)) for _ in times]
        read = [measurer.update(t, p)["motion_energy"] for t, p in zip(times, poses, strict=True)]
        return float(np.nanmedian(read))

    assert motion(60) == pytest.approx(motion(30), rel=0.15)


def test_a_time_that_repeats_is_no_motion() -> None:
    """Two frames with one stamp, as of a coarse clock, give no speed."""
    measurer, pose = Measurer(["swing_speed"], "right"), side().pose()
    for t in (0.0, 0.1, 0.1, 0.2, 0.2):
        values = measurer.update(t, pose)
    assert values["motion_energy"] == values["swing_speed"] == 0


def test_motion_is_unknown_at_first_and_after_a_gap() -> None:
    """One pose gives no speed."""
    measurer, pose = Measurer([]), front().pose()
    assert math.isnan(measurer.update(0.0, pose)["motion_energy"])
    assert measurer.update(0.1, pose)["motion_energy"] == 0
    assert math.isnan(measurer.update(5.0, shifted(pose, 300, 0))["motion_energy"])


@pytest.mark.parametrize("fps", RATES)
def test_a_swing_has_the_speed_of_the_thigh(fps: float) -> None:
    """A thigh that turns 60 degrees a second reads 60, forward and back, at every frame rate."""
    measurer = Measurer(["swing_speed"], "right")
    for t, _ in series((0, 1.5), fps=fps):
        there = 60 * t if t < 0.75 else 90 - 60 * t
        value = measurer.update(t, side(right_leg=Leg(there)).pose())["swing_speed"]
    assert value == pytest.approx(60, abs=0.1)


def test_a_swing_is_unknown_while_the_thigh_is() -> None:
    """A hidden knee makes the speed unknown; it needs two poses again."""
    measurer, pose = Measurer(["swing_speed"], "right"), side().pose()
    assert math.isnan(measurer.update(0.0, pose)["swing_speed"])
    assert measurer.update(0.1, pose)["swing_speed"] == 0
    hidden = without(pose, Joint.RIGHT_KNEE)
    assert math.isnan(measurer.update(0.2, hidden)["swing_speed"])


@pytest.mark.parametrize("fps", RATES)
def test_a_circling_wrist_swings_about_its_own_mean(fps: float) -> None:
    """Circles of +-12 degrees about arms held 9 degrees up swing by 12 at every frame rate."""
    measurer, seen = Measurer(["wrist_swing.left"]), []
    for t, _ in series((0, 8.0), fps=fps):
        lift = 99 + 12 * math.sin(math.pi * t)
        pose = front(left_arm=Arm(lift, 90)).pose()
        value = measurer.update(t, pose)["wrist_swing.left"]
        seen += [value] if t > 4 else []
    assert max(seen) == pytest.approx(12, abs=1.5)
    assert min(seen) == pytest.approx(-12, abs=1.5)


def test_arms_on_their_way_up_do_not_circle() -> None:
    """The swing of an arm far from level is unknown."""
    value = Measurer(["wrist_swing.left"]).update(0.0, front().pose())["wrist_swing.left"]
    assert math.isnan(value)


def test_nobody_has_no_values() -> None:
    """Without a pose nothing is known."""
    assert Measurer(["trunk_incl"]).update(0.0, None) == {}


@pytest.mark.parametrize("fps", [5.0, 30.0])
def test_the_mask_is_asked_for_about_six_times_a_second(fps: float) -> None:
    """The contour is due every 0.15 s, and only when a metric needs it."""
    body = side().pose()
    mask, plain = painted(body), Measurer(["trunk_incl"])
    measurer, asked = Measurer(["back_convexity"]), 0
    for t, _ in series((0, 3.0), fps=fps):
        wants = measurer.wants_mask(t)
        asked += wants
        measurer.update(t, mask if wants else body)
        assert not plain.wants_mask(t)
    assert asked == pytest.approx(min(fps, 6) * 3, abs=3)


def test_a_contour_is_kept_for_half_a_second() -> None:
    """Between masks the last contour stands; after half a second it is unknown."""
    body = side().pose()
    measurer = Measurer(["back_convexity"])
    measurer.update(0.0, painted(body, bulge=0.1))
    assert measurer.update(0.4, body)["back_convexity"] == pytest.approx(0.1, abs=0.01)
    assert math.isnan(measurer.update(0.6, body)["back_convexity"])


# --- baseline -----------------------------------------------------------------------------------

SPEC = "trunk_incl_delta"


def fed(*pieces: tuple[tuple[float, float], float]) -> Baseline:
    """A baseline after a timeline of (trunk_incl, drift)."""
    baseline = Baseline([SPEC])
    for t, (incl, drift) in series(*pieces):
        baseline.learn(t, {"trunk_incl": incl, "drift": drift})
    return baseline


def delta(baseline: Baseline, incl: float) -> float:
    return baseline.relative({"trunk_incl": incl})[SPEC]


def test_a_baseline_needs_quiet_seconds() -> None:
    """1.2 quiet seconds make it known; before that relative values are unknown."""
    assert LEARN_S == 1.2
    early = fed(((5.0, 0.0), LEARN_S - 0.1))
    assert not early.known
    assert math.isnan(delta(early, 20))
    late = fed(((5.0, 0.0), LEARN_S + 0.1))
    assert late.known
    assert delta(late, 20) == pytest.approx(15)


def test_restlessness_restarts_the_baseline() -> None:
    """Movement discards the samples before it."""
    baseline = fed(((50.0, 0.0), 1.0), ((30.0, 0.5), 0.2), ((5.0, 0.0), 1.0))
    assert not baseline.known
    baseline = fed(*[((50.0, 0.0), 1.0), ((30.0, 0.5), 0.2)] * 3, ((5.0, 0.0), 1.3))
    assert delta(baseline, 5) == pytest.approx(0)


def test_unknown_motion_is_not_quiet() -> None:
    """Where the speed cannot be known, nothing is learnt."""
    assert not fed(((5.0, math.nan), 5.0)).known


def test_a_known_baseline_stays() -> None:
    """Later values do not change the neutral."""
    baseline = fed(((5.0, 0.0), 1.5), ((40.0, 0.0), 10.0), ((70.0, 0.9), 1.0), ((60.0, 0.0), 5.0))
    assert delta(baseline, 20) == pytest.approx(15)


def test_a_baseline_is_the_median_of_what_was_seen() -> None:
    """A glitch in one frame does not move the neutral, nor do unseen frames."""
    glitch = fed(((5.0, 0.0), 0.6), ((90.0, 0.0), 0.04), ((math.nan, 0.0), 0.2), ((5.0, 0.0), 0.6))
    assert delta(glitch, 20) == pytest.approx(15)


def test_without_relative_metrics_nothing_has_to_be_learnt() -> None:
    """A baseline that nothing needs is known at once."""
    assert Baseline(["trunk_incl", "knee_angle.both"]).known


def test_a_relative_value_keeps_the_raw_ones_beside_it() -> None:
    """Relative values are added; raw values stay."""
    baseline = fed(((5.0, 0.0), 1.5))
    values = {"trunk_incl": 9.0, "knee_angle.near": 170.0}
    assert baseline.relative(values) == {**values, SPEC: pytest.approx(4.0)}
    assert math.isnan(baseline.relative({})[SPEC])


def from_behind(pose: Pose) -> Pose:
    """The same picture of a person who shows the back: left and right change places."""
    order = [_other_joint(each) for each in Joint]
    return replace(
        pose, px=pose.px[order], world=pose.world[order], visibility=pose.visibility[order]
    )


def _other_joint(each: Joint) -> Joint:
    left, right = "LEFT", "RIGHT"
    name = each.name
    swapped = name.replace(left, right) if left in name else name.replace(right, left)
    return Joint[swapped]


@pytest.mark.parametrize(
    ("backwards", "behind", "expected"),
    [(False, False, 1.0), (True, False, -1.0), (False, True, -1.0)],
)
def test_hands_circle_one_way(backwards: bool, behind: bool, expected: float) -> None:
    """A rendered person circles forwards; the same pictures from the last to the first show
    backwards, and so do those of a person seen from behind. Arms on their way up are no circle."""
    path = Path(__file__).parents[1] / "recordings/rendered/arm_circles_adam_L.rec"
    frames = [(each.t, each.detection.pose) for each in Recording(path).frames()]
    end = frames[-1][0]
    if backwards:
        frames = [(end - t, pose) for t, pose in reversed(frames)]
    measurer = Measurer(["hand_circle"])
    if behind:
        frames = [(t, pose and from_behind(pose)) for t, pose in frames]
    values = [measurer.update(t, pose).get("hand_circle", math.nan) for t, pose in frames]
    clear = [value for value in values if abs(value) >= 0.7]
    known = [value for value in values if not math.isnan(value) and value]
    assert len(known) > 120
    assert len(clear) >= 0.95 * len(known)
    assert all(value * expected > 0 for value in clear)


def test_hands_that_only_go_up_and_down_circle_no_way() -> None:
    measurer = Measurer(["hand_circle"])
    lifts = [(t, Arm(90 + 15 * math.sin(math.pi * t), 90)) for t, _ in series((0, 8.0))]
    values = [
        measurer.update(t, front(left_arm=arm, right_arm=arm).pose())["hand_circle"]
        for t, arm in lifts
    ]
    assert max(map(abs, values)) < 0.5
