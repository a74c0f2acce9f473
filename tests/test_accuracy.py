"""The verdicts on recordings whose truth is known are no worse than `tests/accuracy.json` says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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

AGAIN = "uv run python benchmarks/accuracy.py --baseline"


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
    assert sum(path.stat().st_size for path in files) < 3_000_000, Path("tests/recordings")
