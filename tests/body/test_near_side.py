"""The near side over time."""

from __future__ import annotations

from posecheck.body.near_side import NEAR_AFTER_S, NearSide


def test_the_first_pose_sets_the_near_side() -> None:
    """Before it there is no answer."""
    near = NearSide()
    assert near.side is None
    assert near.update(0.0, "right") == "right"


def test_only_lasting_contrary_evidence_changes_it() -> None:
    """One frame on the old side starts the wait again."""
    near = NearSide()
    near.update(0.0, "left")
    assert near.update(1.0, "right") == "left"
    assert near.update(1.0 + 0.9 * NEAR_AFTER_S, "right") == "left"
    assert near.update(2.0, "left") == "left"
    assert near.update(3.0, "right") == "left"
    assert near.update(3.0 + NEAR_AFTER_S, "right") == "right"
