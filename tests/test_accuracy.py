"""The verdicts on recordings whose truth is known are no worse than `tests/accuracy.json` says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from accuracy import (
    OWN_RECORDINGS,
    OWN_RENDERED,
    OWN_TRUTHS,
    baseline_figures,
    clip_rows,
    find_clips,
    own_report,
)
from accuracy_baseline import TOLERANCES, figures, read_baseline, worse
from changed_copies import at_most, doubled, leaning, mirrored

from posecheck.pose import Joint

AGAIN = "uv run python benchmarks/accuracy.py --baseline"


@pytest.mark.slow
def test_no_verdict_became_worse() -> None:
    found = worse(read_baseline(), baseline_figures(own_report()))
    assert not found, "\n".join([*found, f"If this is meant: {AGAIN}, and say in the commit why."])


def test_a_rule_that_is_lost_is_noticed() -> None:
    """The plank without its rules about the hips: sagging is credited, and no fault is named."""
    (plank,) = (
        clip for clip in find_clips(OWN_TRUTHS, [OWN_RECORDINGS], []) if clip.exercise.id == "plank"
    )
    blind = tuple(rule for rule in plank.exercise.rules if rule.id not in ("sag", "pike"))
    assert len(blind) < len(plank.exercise.rules)
    careless = replace(plank, exercise=replace(plank.exercise, rules=blind))
    (row,) = clip_rows([careless], lambda _: ())
    before = {plank.truth.name: read_baseline()[plank.truth.name]}
    found = " ".join(worse(before, {plank.truth.name: figures(row.score)}))
    for figure in ("false_credit_s", "faults_named", "true_calls"):
        assert f"{plank.truth.name}: {figure} was " in found


@pytest.mark.parametrize("figure", TOLERANCES)
def test_each_figure_may_become_better_but_not_worse(figure: str) -> None:
    better, tolerance = TOLERANCES[figure]
    before = {"clip": {figure: 10.0}}
    step = better * (tolerance + 0.01)
    assert worse(before, {"clip": {figure: 10.0 + step}}) == []
    assert len(worse(before, {"clip": {figure: 10.0 - step}})) == 1
    assert worse(before, {"clip": {figure: 10.0 - better * tolerance}}) == []


def test_a_figure_or_recording_that_is_gone_is_worse() -> None:
    before = {"clip": {"refused": 1.0}, "other": {"refused": 1.0}}
    assert worse(before, {"clip": {}}) == [
        "other is no longer judged.",
        "clip: refused was 1 and cannot be measured any more.",
    ]


def test_every_recording_has_a_truth_and_a_baseline() -> None:
    names = {path.stem for path in OWN_RENDERED.glob("*.rec")}
    assert names
    assert names <= read_baseline().keys()
    files = [path for path in OWN_RECORDINGS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000, Path("tests/recordings")


def test_changed_copies_undo_each_other() -> None:
    """A mirrored copy of a mirrored copy is the clip, and a lean there and back too."""
    clips = find_clips(OWN_TRUTHS, [OWN_RECORDINGS], [])
    (frames,) = (clip.frames()[:30] for clip in clips if clip.exercise.id == "cat_cow")
    for copy in (mirrored(mirrored(frames)), leaning(-8.0)(leaning(8.0)(frames))):
        for before, after in zip(frames, copy, strict=True):
            a, b = before.detection.pose, after.detection.pose
            assert a is not None
            assert b is not None
            np.testing.assert_allclose(b.px, a.px, atol=1e-9)
            np.testing.assert_allclose(b.world, a.world, atol=1e-9)
    (pose,) = (each.detection.pose for each in mirrored(frames[:1]))
    (own,) = (each.detection.pose for each in frames[:1])
    assert pose is not None
    assert own is not None
    assert pose.px[Joint.LEFT_HIP, 0] == own.size[0] - 1 - own.px[Joint.RIGHT_HIP, 0]


def test_a_leaning_camera_turns_joints_and_silhouette_alike() -> None:
    clips = find_clips(OWN_TRUTHS, [OWN_RECORDINGS], [])
    (frames,) = (clip.frames()[:30] for clip in clips if clip.exercise.id == "cat_cow")
    for copy in (frames, leaning(8.0)(frames), mirrored(frames)):
        inside = []
        for frame in copy:
            pose = frame.detection.pose
            if pose is not None and pose.mask is not None:
                hips = pose.px[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=0).astype(int)
                inside.append(bool(pose.mask[hips[1], hips[0]]))
        assert inside
        assert all(inside)


def test_slower_and_faster_cameras_keep_their_rate() -> None:
    clips = find_clips(OWN_TRUTHS, [OWN_RECORDINGS], [])
    (frames,) = (clip.frames()[:46] for clip in clips if clip.exercise.id == "plank")
    for change, fps in ((at_most(5.0), 5.0), (doubled, 30.0)):
        times = np.array([frame.t for frame in change(frames)])
        np.testing.assert_allclose(np.diff(times), 1 / fps, atol=1e-3)
