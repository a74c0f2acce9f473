"""The rules' state table as timelines: fine, pending, fault, not seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import pytest
from bodies import series

from posecheck.exercise import Rule, RuleKind, Severity
from posecheck.session.form import (
    REMEMBERED_S,
    FormChecker,
    Verdict,
    excess,
    widened,
    worst,
)

HIDDEN = math.nan


def rule(
    name: str = "bent",
    level: Severity = "must",
    low: float | None = 160.0,
    high: float | None = None,
    margin: float = 10.0,
    grace_s: float = 1.0,
    metric: str = "knee_angle.near",
) -> Rule:
    """A rule with the parts that matter here."""
    kind: RuleKind = "alignment"
    return Rule(name, metric, level, kind, "A", margin, grace_s, "cue", "voice", low, high)


def run(
    *pieces: tuple[float, float], law: Rule | None = None, level: int = 2, fps: float = 20.0
) -> list[tuple[float, Verdict]]:
    """Verdicts over a timeline of (knee angle, seconds)."""
    checker = FormChecker([law or rule()], level)
    return [(t, checker.update(t, {"knee_angle.near": v})) for t, v in series(*pieces, fps=fps)]


def first_fault(verdicts: list[tuple[float, Verdict]]) -> float:
    """When the first fault was called; infinity for never."""
    return next((t for t, verdict in verdicts if verdict.faults), math.inf)


def at(verdicts: list[tuple[float, Verdict]], t: float) -> Verdict:
    return max((entry for entry in verdicts if entry[0] <= t + 1e-9), key=lambda e: e[0])[1]


# --- one rule -----------------------------------------------------------------------------------


def test_inside_is_right() -> None:
    """A kept rule is neither out, nor a fault, nor unseen."""
    last = run((170.0, 1.0))[-1][1]
    assert last == Verdict(frozenset(), (), (), True, "right")


def test_a_bound_itself_is_inside() -> None:
    """The limits belong to the band, and the edge of the margin is not yet out."""
    assert run((160.0, 1.0))[-1][1].form == "right"
    assert run((150.0, 1.0))[-1][1].form == "right"
    assert run((149.9, 1.0))[-1][1].form == "wrong"


@pytest.mark.parametrize("fps", [5.0, 30.0, 60.0])
def test_a_fault_is_called_after_its_patience(fps: float) -> None:
    """Out at once, a fault only after `grace_s`, at every frame rate."""
    verdicts = run((170.0, 1.0), (140.0, 3.0), fps=fps)
    assert at(verdicts, 1.0).out == {"bent"}
    assert at(verdicts, 1.0).form == "wrong"
    assert first_fault(verdicts) == pytest.approx(2.0, abs=1 / fps)


def test_without_patience_a_fault_is_called_at_once() -> None:
    """`grace_s` 0 has no pending."""
    assert first_fault(run((170.0, 1.0), (140.0, 1.0), law=rule(grace_s=0.0))) == 1.0


def test_back_inside_before_the_patience_ends_is_no_fault() -> None:
    """A short slip is forgiven, and the next one waits in full again."""
    verdicts = run((140.0, 0.9), (170.0, 0.1), (140.0, 0.9), (170.0, 1.0))
    assert first_fault(verdicts) == math.inf
    assert verdicts[-1][1].form == "right"


def test_between_band_and_margin_what_was_stays() -> None:
    """A fine rule stays fine in the margin, a pending one goes on, a fault stays a fault."""
    assert run((170.0, 1.0), (155.0, 5.0))[-1][1].form == "right"
    assert first_fault(run((140.0, 0.5), (155.0, 2.0))) == pytest.approx(1.0)
    assert run((140.0, 2.0), (155.0, 5.0))[-1][1].faults == ("bent",)


def test_a_fault_clears_only_inside() -> None:
    """As soon as the value is inside the band again, and not before."""
    verdicts = run((140.0, 2.0), (159.9, 1.0), (160.0, 1.0))
    assert at(verdicts, 2.9).faults == ("bent",)
    assert at(verdicts, 3.0) == Verdict(frozenset(), (), (), True, "right")


def test_jitter_about_the_outer_limit_is_one_fault() -> None:
    """Hysteresis: a value that dances about the red line does not flicker."""
    dance = [(149.0, 0.05), (153.0, 0.05)] * 40
    faults = [bool(verdict.faults) for _, verdict in run(*dance)]
    assert faults == sorted(faults)
    assert faults[-1]


def test_an_upper_bound_is_kept_the_same_way() -> None:
    """The other side of the band."""
    law = rule(low=None, high=20.0, margin=5.0)
    assert run((25.0, 2.0), law=law)[-1][1].form == "right"
    assert run((25.1, 2.0), law=law)[-1][1].faults == ("bent",)


# --- not seen -----------------------------------------------------------------------------------


def test_not_seen_is_neither_right_nor_wrong() -> None:
    """A rule never seen is listed, breaks nothing and lets nothing be called right."""
    last = run((HIDDEN, 3.0))[-1][1]
    assert last == Verdict(frozenset(), (), ("bent",), True, "unknown")


def test_a_missing_value_is_not_seen() -> None:
    """A metric that nothing measured is unknown, not an error."""
    assert FormChecker([rule()]).update(0.0, {}).unseen == ("bent",)


def test_an_unseen_fault_stays() -> None:
    """Hiding the limb does not mend it; but that it is broken now is no longer known."""
    last = run((140.0, 2.0), (HIDDEN, 5.0))[-1][1]
    assert last.faults == ("bent",)
    assert last.unseen == ("bent",)
    assert last.out == frozenset()
    assert last.form == "unknown"
    assert run((140.0, 2.0), (HIDDEN, 0.4))[-1][1].form == "wrong"


def test_an_unseen_fault_clears_when_seen_inside() -> None:
    """What comes back fine is fine."""
    assert run((140.0, 2.0), (HIDDEN, 5.0), (170.0, 0.1))[-1][1].faults == ()


def test_no_fault_is_called_while_not_seen() -> None:
    """A pending rule does not become a fault unseen, however long."""
    verdicts = run((140.0, 0.9), (HIDDEN, 5.0))
    assert first_fault(verdicts) == math.inf
    assert verdicts[-1][1].form == "unknown"


def test_a_flicker_keeps_the_patience() -> None:
    """Unseen for less than half a second: the wait goes on where it was."""
    verdicts = run((140.0, 0.5), (HIDDEN, 0.4), (140.0, 1.0))
    assert first_fault(verdicts) == pytest.approx(1.0, abs=0.06)


def test_a_longer_absence_restarts_the_patience() -> None:
    """Unseen for longer than half a second: the wait starts again."""
    verdicts = run((140.0, 0.5), (HIDDEN, 0.8), (140.0, 2.0))
    assert first_fault(verdicts) == pytest.approx(2.3, abs=0.06)


# --- levels -------------------------------------------------------------------------------------

GATE = rule("placed", "gate", 60.0, 120.0, 5.0, 0.5, "trunk_incl")
MUST = rule("bent", "must")
ADVICE = rule("head", "advice", -12.0, 12.0, 4.0, 1.0, "head_trunk")
STOP = rule("over", "stop", None, 70.0, 3.0, 0.0, "arm_ext.near")
FINE = {"trunk_incl": 90.0, "knee_angle.near": 170.0, "head_trunk": 0.0, "arm_ext.near": 30.0}


def judged(seconds: float = 3.0, **changed: float) -> Verdict:
    """The verdict of four rules of four levels after some seconds of unchanging values."""
    checker = FormChecker([GATE, MUST, ADVICE, STOP])
    named = {key.replace("__", "."): value for key, value in changed.items()}
    values = {**FINE, **named}
    return [checker.update(t, values) for t, _ in series((0, seconds))][-1]


def test_all_kept_is_right() -> None:
    """Everything inside is right and in place."""
    assert judged() == Verdict(frozenset(), (), (), True, "right")


def test_a_broken_advice_does_not_make_the_form_wrong() -> None:
    """Advice is a fault of its own, and the form is right."""
    verdict = judged(head_trunk=40.0)
    assert verdict.faults == ("head",)
    assert verdict.form == "right"


def test_an_unseen_advice_does_not_make_the_form_unknown() -> None:
    """Only gates, musts and stops must be seen."""
    assert judged(head_trunk=HIDDEN).form == "right"


def test_a_stop_makes_the_form_wrong_at_once() -> None:
    """Beyond the safe range the form is wrong from the first frame on."""
    verdict = judged(0.01, arm_ext__near=80.0)
    assert verdict.form == "wrong"
    assert verdict.faults == ("over",)


@pytest.mark.parametrize("metric", ["trunk_incl", "knee_angle__near", "arm_ext__near"])
def test_an_unseen_gate_must_or_stop_makes_the_form_unknown(metric: str) -> None:
    """What is needed and not seen cannot be called right."""
    assert judged(**{metric: HIDDEN}).form == "unknown"


def test_a_rule_that_counts_if_seen_excludes_only_what_is_seen() -> None:
    """Hidden, it does not make the form unknown. Seen, it excludes, and is remembered for a while:
    joints that flicker let no other exercise through."""
    law = replace(GATE, if_seen=True)
    checker = FormChecker([law, MUST])
    pieces = [(90.0, 1.0), (HIDDEN, 1.0), (20.0, 1.0), (HIDDEN, REMEMBERED_S + 1.0)]
    forms = {}
    for t, value in series(*pieces, fps=20.0):
        verdict = checker.update(t, {"trunk_incl": value, "knee_angle.near": 170.0})
        assert verdict.unseen == ()
        forms[int(t)] = (verdict.form, verdict.faults)
    wrong = ("wrong", ("placed",))
    assert [forms[second] for second in range(9)] == [
        ("right", ()), ("right", ()), *[wrong] * 5, wrong, ("right", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "low", "high", "value", "known"),
    [
        ("knee_angle.max", None, 100.0, 90.0, False),
        ("knee_angle.max", None, 100.0, 120.0, True),
        ("knee_angle.max", 100.0, None, 120.0, True),
        ("knee_angle.max", 100.0, None, 90.0, False),
        ("knee_angle.min", 100.0, None, 120.0, False),
        ("knee_angle.min", 100.0, None, 90.0, True),
        ("knee_angle.min", None, 100.0, 90.0, True),
        ("knee_angle.min", None, 100.0, 120.0, False),
    ],
)
def test_one_side_decides_only_when_the_hidden_one_cannot(
    metric: str, low: float | None, high: float | None, value: float, known: bool
) -> None:
    """Of rules that exclude another exercise."""
    law = replace(rule(low=low, high=high, metric=metric), if_seen=True)
    seen = {"knee_angle.left": value, "knee_angle.right": HIDDEN}
    assert math.isnan(worst(law, seen)) is not known


def test_wrong_comes_before_unknown() -> None:
    """A broken must is wrong though another one is not seen."""
    assert judged(arm_ext__near=HIDDEN, knee_angle__near=100.0).form == "wrong"


def test_faults_are_in_the_order_of_the_file() -> None:
    """Not in the order in which they appeared."""
    checker = FormChecker([GATE, MUST, ADVICE, STOP])
    values: Mapping[str, float] = {**FINE, "arm_ext.near": 90.0, "head_trunk": 50.0}
    late = {**values, "knee_angle.near": 100.0}
    for t, now in series((values, 2.0), (late, 2.0)):
        verdict = checker.update(t, now)
    assert verdict.faults == ("bent", "head", "over")


def test_while_a_gate_is_out_the_other_rules_rest() -> None:
    """On the way into the pose there is one thing to say: the way in."""
    verdict = judged(trunk_incl=0.0, knee_angle__near=90.0, head_trunk=HIDDEN)
    assert verdict == Verdict(frozenset({"placed"}), ("placed",), (), False, "wrong")


def test_leaving_the_position_forgets_the_faults_of_the_pose() -> None:
    """After the gate the patience of each rule restarts."""
    checker = FormChecker([GATE, MUST])
    bent = {**FINE, "knee_angle.near": 100.0}
    away = {**bent, "trunk_incl": 0.0}
    seen = [
        (t, checker.update(t, v).faults) for t, v in series((bent, 2.0), (away, 1.0), (bent, 2.0))
    ]
    assert {faults for t, faults in seen if 1.1 < t < 2} == {("bent",)}
    assert {faults for t, faults in seen if 3 <= t < 3.9} == {()}
    assert seen[-1][1] == ("bent",)


def test_an_unseen_gate_lets_the_others_be_judged() -> None:
    """Unknown is not out: what is seen to be broken is still broken."""
    verdict = judged(trunk_incl=HIDDEN, knee_angle__near=100.0)
    assert verdict.placed is None
    assert verdict.faults == ("bent",)


def test_no_rules_are_right() -> None:
    """Nothing asked, nothing broken."""
    assert FormChecker([]).update(0.0, {}) == Verdict(frozenset(), (), (), True, "right")


# --- both sides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (170.0, 165.0, 165.0),
        (170.0, 120.0, 120.0),
        (100.0, 140.0, 100.0),
        (HIDDEN, 120.0, 120.0),
        (HIDDEN, 170.0, math.nan),
        (HIDDEN, 155.0, math.nan),
        (HIDDEN, HIDDEN, math.nan),
    ],
)
def test_of_both_sides_the_worse_decides(left: float, right: float, expected: float) -> None:
    """A broken side breaks the rule though the other is hidden; a fine side alone keeps nothing."""
    law = rule(metric="knee_angle.both")
    value = worst(law, {"knee_angle.left": left, "knee_angle.right": right})
    if excess(law, expected) == 0:
        assert excess(law, value) == 0
    else:
        assert value == pytest.approx(expected, nan_ok=True)


def test_a_side_beyond_either_limit_is_the_worse() -> None:
    """Farther out counts, not greater."""
    law = rule(metric="knee_angle.both", low=80.0, high=100.0)
    assert worst(law, {"knee_angle.left": 60.0, "knee_angle.right": 110.0}) == 60.0
    assert worst(law, {"knee_angle.left": 75.0, "knee_angle.right": 130.0}) == 130.0


@pytest.mark.parametrize(
    ("side", "left", "right", "expected"),
    [
        ("min", 150.0, 170.0, 150.0),
        ("max", 150.0, 170.0, 170.0),
        ("min", HIDDEN, 170.0, 170.0),
        ("max", HIDDEN, 170.0, 170.0),
        ("max", HIDDEN, 120.0, math.nan),
    ],
)
def test_of_two_limbs_one_alone_decides_only_when_it_is_fine(
    side: Literal["min", "max"], left: float, right: float, expected: float
) -> None:
    """The limb that is not seen might be the one that was asked for."""
    law = rule(metric=f"knee_angle.{side}")
    value = worst(law, {"knee_angle.left": left, "knee_angle.right": right})
    assert value == pytest.approx(expected, nan_ok=True)


# --- beginners ----------------------------------------------------------------------------------


def test_a_beginner_has_one_more_margin_in_a_must() -> None:
    """Level 1 moves the bounds of a must outward by its margin; 2 and 3 leave them."""
    law = rule(low=160.0, high=170.0, margin=10.0)
    assert (widened(law, 1).min, widened(law, 1).max) == (150.0, 180.0)
    assert widened(law, 2) == widened(law, 3) == law
    assert run((145.0, 3.0), level=1)[-1][1].form == "right"
    assert run((145.0, 3.0), level=2)[-1][1].form == "wrong"


@pytest.mark.parametrize("level", ["gate", "advice", "stop"])
def test_only_a_must_is_widened(level: Severity) -> None:
    """Never a stop: the safe range is the same for everybody."""
    law = rule(level=level)
    assert widened(law, 1) == law


def test_the_line_of_the_body_is_never_widened() -> None:
    """A sagging plank is no easier for a beginner."""
    law = rule(metric="hip_sag")
    assert widened(law, 1) == law


@pytest.mark.parametrize(
    ("value", "expected"),
    [(150.0, 10.0), (160.0, 0.0), (165.0, 0.0), (180.0, 10.0), (HIDDEN, math.nan)],
)
def test_excess_is_the_way_out_of_the_band(value: float, expected: float) -> None:
    """0 inside, never negative, unknown for unknown."""
    law = rule(low=160.0, high=170.0)
    assert excess(law, value) == pytest.approx(expected, nan_ok=True)
