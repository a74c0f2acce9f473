"""The back contour of painted silhouettes, and the fused score of a rounded back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from bodies import Arm, Figure, mirrored, painted, scaled, shifted, without

from posecheck.body.back_contour import BackContour, back_contour, rounded_score
from posecheck.body.geometry import Body
from posecheck.pose import Joint, Pose

BENT = Figure(facing=90.0, incl=40.0)
LEG = 0.84 / 0.50
"""Leg length of the figure in trunk lengths."""


def contour(pose: Pose) -> BackContour:
    """The contour of a pose with a readable back."""
    found = back_contour(pose, Body(pose))
    assert found is not None
    return found


@pytest.mark.parametrize("incl", [0.0, 40.0, 90.0])
@pytest.mark.parametrize("bulge", [-0.08, -0.03, 0.0, 0.05, 0.12])
def test_a_painted_back_reads_its_own_shape(incl: float, bulge: float) -> None:
    """Rounded is a positive bulge and turn, hollow a negative dip and turn, straight is zero."""
    found = contour(painted(replace(BENT, incl=incl).pose(), bulge=bulge))
    assert found.convexity == pytest.approx(max(0.0, bulge), abs=0.012)
    assert found.concavity == pytest.approx(min(0.0, bulge), abs=0.012)
    assert found.turn == pytest.approx(2 * math.degrees(math.atan(4 * bulge)), abs=4)


def test_depth_is_measured_in_leg_lengths() -> None:
    """A straight back a quarter of the trunk behind its line reads so much of a leg."""
    assert contour(painted(BENT.pose(), depth=0.25)).depth == pytest.approx(0.25 / LEG, abs=0.01)


def close(a: BackContour, b: BackContour) -> bool:
    return (
        abs(a.convexity - b.convexity) < 0.01
        and abs(a.concavity - b.concavity) < 0.01
        and abs(a.turn - b.turn) < 3
        and abs(a.depth - b.depth) < 0.006
    )


@pytest.mark.parametrize("bulge", [-0.06, 0.1])
def test_mirror_size_and_place_change_nothing(bulge: float) -> None:
    """The same back facing left, twice as near or elsewhere in the picture reads the same."""
    pose = painted(BENT.pose(), bulge=bulge)
    found = contour(pose)
    assert close(found, contour(mirrored(pose)))
    assert close(found, contour(scaled(pose, 2)))
    assert close(found, contour(painted(shifted(BENT.pose(), 200, 90), bulge=bulge)))


def test_a_back_facing_left_is_behind_on_the_right() -> None:
    """The dorsal side follows the near flank."""
    pose = painted(replace(BENT, facing=-90.0).pose(), facing_right=False, bulge=0.1)
    assert contour(pose).convexity == pytest.approx(0.1, abs=0.012)


def test_something_beside_the_back_is_not_the_back() -> None:
    """A chair that does not touch the silhouette is not reached by the rays."""
    pose = painted(BENT.pose(), bulge=0.05)
    assert pose.mask is not None
    chair = replace(BENT.pose(), px=BENT.pose().px)
    behind = painted(chair, depth=0.6, thick=-0.5).mask
    assert behind is not None
    assert close(contour(pose), contour(replace(pose, mask=pose.mask | behind)))


@pytest.mark.parametrize(
    ("pose", "why"),
    [
        (BENT.pose(), "no mask was asked for"),
        (replace(BENT.pose(), mask=np.zeros((720, 1280), np.bool_)), "nobody in the mask"),
        (painted(BENT.pose(), upto=0.6), "fewer than 70 % of the rays find an edge"),
        (painted(BENT.pose(), depth=0.9), "an edge beyond 0.45 legs is not a back"),
        (painted(without(BENT.pose(), Joint.RIGHT_KNEE)), "the leg gives the length"),
        (painted(shifted(BENT.pose(), -700, 0)), "the trunk is outside the picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_none(pose: Pose, why: str) -> None:
    """Without enough of a back there is no contour."""
    assert back_contour(pose, Body(pose)) is None, why


def test_a_trunk_that_is_not_seen_has_no_contour() -> None:
    """Hidden hips leave no line to look behind."""
    pose = without(painted(BENT.pose()), Joint.LEFT_HIP, Joint.RIGHT_HIP)
    assert back_contour(pose, Body(pose)) is None


def test_a_back_cut_by_the_border_is_not_read() -> None:
    """Where the silhouette runs out of the picture its edge is the picture's and not the back's."""
    pose = shifted(Figure(facing=90.0).pose(), -620, 0)
    masked = painted(pose)
    assert back_contour(masked, Body(masked)) is None
    assert contour(painted(shifted(pose, 60, 0))).convexity == pytest.approx(0, abs=0.012)


def test_a_few_lost_rays_do_not_matter() -> None:
    """With 70 % of the rays and more the rest is filled in."""
    assert contour(painted(BENT.pose(), upto=0.862)).convexity == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("facing", [90.0, -90.0])
@pytest.mark.parametrize("arm", [Arm(-50), Arm(-35, bend=10)], ids=["behind", "hands clasped"])
def test_an_arm_behind_the_back_hides_it(facing: float, arm: Arm) -> None:
    """The outline is the arm's and not the back's when the near arm is behind the trunk."""
    figure = replace(BENT, facing=facing, left_arm=arm, right_arm=arm)
    pose = painted(figure.pose(), facing_right=facing > 0)
    assert back_contour(pose, Body(pose)) is None


def test_a_body_turned_to_the_camera_shows_no_back() -> None:
    """More than 25 degrees out of the side view the outline is of a flank and not of the back."""
    pose = painted(replace(BENT, facing=55.0).pose())
    assert back_contour(pose, Body(pose)) is None


@pytest.mark.parametrize("arm", [Arm(40), Arm(90), Arm(10, bend=60), Arm(170)])
def test_an_arm_in_front_does_not_hide_the_back(arm: Arm) -> None:
    """Arms before the trunk leave its outline alone."""
    figure = replace(BENT, left_arm=arm, right_arm=arm)
    assert back_contour(painted(figure.pose()), Body(figure.pose())) is not None


# --- the fused score ----------------------------------------------------------------------------

NEUTRAL = {"back_depth": 0.20, "trunk_to_leg": 0.60}


def values(
    mask: tuple[float, float, float] | None = None,
    ratio: float = math.nan,
    hinge: float = math.nan,
) -> dict[str, float]:
    """Values of a frame: the contour (bulge, turn, depth), the shortening, the hip travel."""
    bulge, turn, depth = mask or (math.nan, math.nan, math.nan)
    return {
        "back_convexity": bulge,
        "back_turn": turn,
        "back_depth": depth,
        "trunk_to_leg": ratio * NEUTRAL["trunk_to_leg"],
        "hinge_ratio": hinge,
    }


FLAT, EDGE, CLEAR = (0.05, 10.0, 0.20), (0.09, 35.0, 0.26), (0.20, 80.0, 0.40)


@pytest.mark.parametrize(
    ("now", "standing", "expected"),
    [
        (values(FLAT, 1.0, 0.35), True, 0.0),
        (values(EDGE, 0.80, 0.22), True, 1.0),
        (values(CLEAR, 0.40, 0.05), True, 2.0),
        (values(EDGE), True, 1.0),
        (values(EDGE, 1.0), False, 0.5 / 0.75),
        (values(EDGE, 1.0, 0.35), True, 0.5),
        (values(FLAT, 0.80), False, 0.25 / 0.75),
        (values(FLAT, 0.80, 0.22), True, 0.5),
        (values(None, 0.80, 0.35), True, 0.5),
        (values(None, 0.80, 0.05), False, 1.0),
        (values(None, math.nan, 0.22), True, 1.0),
        (values(None, math.nan, 0.22), False, math.nan),
        (values(), True, math.nan),
    ],
)
def test_the_score_is_the_mean_of_what_is_known(
    now: dict[str, float], standing: bool, expected: float
) -> None:
    """Silhouette 0.5, shortening 0.25, hip travel 0.25 (standing only), over what is known."""
    score = rounded_score(now, NEUTRAL, standing)
    assert score == pytest.approx(expected, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(("depth", "part"), [(0.25, 0.0), (0.28, 1.0), (0.40, 2.0)])
def test_without_an_own_neutral_the_depth_has_common_limits(depth: float, part: float) -> None:
    """Unknown own depth: 0.25 legs is fine, 0.28 is the fault line."""
    score = rounded_score(values((0.05, 10.0, depth)), {}, standing=False)
    assert score == pytest.approx(part / 3)


def test_the_shortening_needs_an_own_neutral() -> None:
    """A trunk is short only against itself."""
    assert math.isnan(rounded_score(values(None, 0.5), {}, standing=False))
