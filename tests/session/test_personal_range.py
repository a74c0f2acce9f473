"""Today's range and eased targets: what moves, how far, and when it is offered."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bodies import series
from hypothesis import given
from hypothesis import strategies as st

from posecheck.exercise import (
    Dose,
    Exercise,
    HysteresisBand,
    Reps,
    Rule,
    RuleKind,
    SecondCondition,
    Severity,
)
from posecheck.io.routines.load import load_exercise
from posecheck.session.form import FormChecker
from posecheck.session.personal_range import (
    DEPTH_LEAST,
    MOST_SHARE,
    PAIN_SHARE,
    PersonalRange,
    RangeOffer,
    RestValues,
    eased,
    todays,
)

NAN = math.nan
FILES = sorted((Path(__file__).parents[2] / "routines" / "exercises").glob("*.toml"))
SHIPPED = [load_exercise(path) for path in FILES]
numbers = st.floats(-180.0, 180.0)


def rule(
    low: float | None = None,
    high: float | None = None,
    name: str = "far",
    metric: str = "hip_angle.work",
    level: Severity = "must",
    kind: RuleKind = "range",
) -> Rule:
    """A rule with the parts that matter here."""
    return Rule(name, metric, level, kind, "A", 7.0, 0.8, "cue", "voice", low, high)


def exercise(*rules: Rule, reps: Reps | None = None) -> Exercise:
    """An exercise of rules, or of repetitions."""
    return Exercise(
        "one", "One", "lower", "hold", "full", "supine", "each", (), Dose(1, 0.0), "", rules=rules,
        reps=reps,
    )  # fmt: skip


def moved(law: Rule, rest: float, share: float = PAIN_SHARE) -> Rule:
    return eased(exercise(law), {law.metric: rest}, share).rules[0]


# --- eased after pain ---------------------------------------------------------------------------


def test_the_bound_towards_rest_moves_a_fifth() -> None:
    """From above for a resting value above the band, from below for one below it."""
    assert moved(rule(high=75.0), rest=125.0) == rule(high=85.0)
    assert moved(rule(low=20.0, high=60.0), rest=0.0) == rule(low=16.0, high=60.0)
    assert moved(rule(low=20.0, high=60.0), rest=100.0) == rule(low=20.0, high=68.0)


@pytest.mark.parametrize("rest", [NAN, 70.0, 75.0])
def test_a_rule_without_a_known_rest_outside_stays(rest: float) -> None:
    """Where rest is unknown or inside the band there is no direction to ease in."""
    assert moved(rule(high=75.0), rest) == rule(high=75.0)
    assert eased(exercise(rule(high=75.0)), {}).rules == (rule(high=75.0),)


@pytest.mark.parametrize(
    "law",
    [
        rule(high=75.0, kind="alignment"),
        rule(high=75.0, kind="limit"),
        rule(high=75.0, level="gate"),
        rule(high=75.0, level="stop"),
    ],
    ids=["alignment", "limit", "gate", "stop"],
)
def test_only_range_rules_move(law: Rule) -> None:
    """Alignment, limits, gates and stops are never relaxed this way."""
    assert moved(law, rest=125.0) == law
    assert todays(law, 80.0, 125.0) is None


@pytest.mark.parametrize(
    ("metric", "low", "expected"),
    [("chest_yaw_to_work", 25.0, 20.0), ("chest_turn", 10.0, 8.0), ("torso_ratio", 1.5, 1.4)],
)
def test_a_metric_against_the_neutral_rests_there(metric: str, low: float, expected: float) -> None:
    """A difference rests at 0, a ratio at 1, without having been measured."""
    law = rule(low=low, metric=metric)
    assert eased(exercise(law), {}).rules[0].min == pytest.approx(expected)


REPS = Reps("hip_angle.min", HysteresisBand(140.0, 130.0), HysteresisBand(96.0, 108.0), 1.0, 6.0)


def test_the_peak_of_repetitions_moves_towards_their_own_rest() -> None:
    """Both thresholds move by the same amount, so the gap between them stays; the rest stays."""
    reps = eased(exercise(reps=REPS), {}).reps
    assert reps is not None
    assert (reps.peak.enter, reps.peak.leave) == pytest.approx((104.8, 116.8))
    assert replace(reps, peak=REPS.peak) == REPS


def test_a_second_condition_of_the_peak_moves_where_its_rest_is_known() -> None:
    """By definition, by measurement, or not at all."""
    lift = replace(REPS, also=SecondCondition("leg_elev.near", HysteresisBand(4.0, 2.5)))
    knee = replace(REPS, also=SecondCondition("knee_angle.near", HysteresisBand(100.0, 110.0)))

    def also(reps: Reps, rest: Mapping[str, float]) -> HysteresisBand:
        new = eased(exercise(reps=reps), rest).reps
        assert new is not None
        assert new.also is not None
        return new.also.peak

    assert also(lift, {}).enter == pytest.approx(3.2)
    assert also(knee, {"knee_angle.near": 170.0}) == HysteresisBand(114.0, 124.0)
    assert also(knee, {}) == HysteresisBand(100.0, 110.0)


@given(numbers, numbers, st.floats(1.0, 90.0), st.floats(-1.0, 2.0).map(lambda s: max(0.0, s)))
def test_an_eased_bound_lies_between_the_table_and_rest(
    low: float, rest: float, width: float, share: float
) -> None:
    """Never beyond 40 % of the way, never narrower, and still a band."""
    new = moved(rule(low, low + width), rest, share)
    assert new.min is not None
    assert new.max is not None
    assert new.min <= low < low + width <= new.max
    assert low - new.min <= MOST_SHARE * max(0.0, low - rest) + 1e-9
    assert new.max - (low + width) <= MOST_SHARE * max(0.0, rest - low - width) + 1e-9


@pytest.mark.parametrize("law", [e for e in SHIPPED if e.reps], ids=lambda e: e.id)
@pytest.mark.parametrize("share", [PAIN_SHARE, MOST_SHARE])
def test_shipped_repetitions_stay_in_order(law: Exercise, share: float) -> None:
    """An eased peak is still beyond the rest, entered farther out than it is left."""
    reps = eased(law, {}, share).reps
    assert reps is not None
    sign = 1.0 if reps.peak.enter > reps.rest.enter else -1.0
    marks = [reps.rest.enter, reps.rest.leave, reps.peak.leave, reps.peak.enter]
    assert [sign * mark for mark in marks] == sorted(sign * mark for mark in marks)
    assert reps.peak.enter != reps.peak.leave


# --- today's range ------------------------------------------------------------------------------


def test_todays_range_is_the_measured_value() -> None:
    """The bound moves to where the person is."""
    assert todays(rule(high=75.0), 90.0, 125.0) == rule(high=90.0)
    assert todays(rule(low=20.0, high=60.0), 15.0, 0.0) == rule(low=15.0, high=60.0)


def test_todays_range_goes_forty_percent_at_most() -> None:
    """A value farther off gets the farthest bound that may be."""
    assert todays(rule(high=75.0), 120.0, 125.0) == rule(high=95.0)
    assert todays(rule(low=20.0), -30.0, 0.0) == rule(low=12.0)


@pytest.mark.parametrize(
    ("value", "rest"), [(70.0, 125.0), (NAN, 125.0), (90.0, NAN), (90.0, 60.0), (90.0, 75.0)]
)
def test_there_is_no_range_of_today_without_a_shortfall(value: float, rest: float) -> None:
    """Inside the band, unknown, or beyond the bound that rest is not behind: None."""
    assert todays(rule(high=75.0), value, rest) is None


@pytest.mark.parametrize(
    ("low", "value", "rest", "expected"), [(35.0, 21.0, -20.0, 21.0), (35.0, 5.0, -20.0, 20.0)]
)
def test_a_deep_bend_is_not_eased_below_twenty_degrees(
    low: float, value: float, rest: float, expected: float
) -> None:
    """Less than that is standing."""
    assert todays(rule(low, metric="trunk_incl"), value, rest) == rule(
        expected, metric="trunk_incl"
    )
    assert expected >= DEPTH_LEAST


def test_a_shallow_bend_follows_the_share_alone() -> None:
    """A bend that is asked for below twenty degrees has no such floor."""
    law = rule(15.0, metric="trunk_incl")
    assert todays(law, 11.0, 0.0) == rule(11.0, metric="trunk_incl")


@given(numbers, numbers, numbers, st.floats(1.0, 90.0))
def test_todays_bound_is_never_beyond_forty_percent(
    low: float, value: float, rest: float, width: float
) -> None:
    """Whatever was measured: one bound moves, outward, at most to the value and to 40 %."""
    law = rule(low, low + width)
    new = todays(law, value, rest)
    if new is None:
        return
    limit = moved(law, rest, MOST_SHARE)
    assert limit.min is not None
    assert limit.max is not None
    if new.max == law.max:
        assert new.min == max(value, limit.min) < low
    else:
        assert new.min == low
        assert new.max == min(value, limit.max) > low + width


# --- rest values --------------------------------------------------------------------------------

KNEE, FLAT = "hip_angle.work", "knee_angle.other"
Frame = dict[str, float]


def rested(*pieces: tuple[Frame, float]) -> dict[str, float]:
    """Rest values after a timeline."""
    rest = RestValues(exercise(rule(high=75.0), rule(low=25.0, name="t", metric="chest_turn")))
    for t, values in series(*pieces, fps=20.0):
        rest.update(t, values)
    return rest.values


def test_rest_is_the_first_quiet_second() -> None:
    """Later stillness, in the pose, changes nothing."""
    up, down = {KNEE: 125.0, "drift": 0.02}, {KNEE: 80.0, "drift": 0.02}
    assert rested((up, 2.0), (down, 5.0)) == {KNEE: 125.0}


def test_restlessness_restarts() -> None:
    """What was seen on the way is not rest, nor what is seen of someone who is not quiet."""
    there, coming = {KNEE: 125.0, "drift": 0.02}, {KNEE: 170.0, "drift": 0.02}
    restless = {KNEE: 150.0, "drift": 0.4}
    assert rested((coming, 0.6), (restless, 0.5), (there, 2.0)) == {KNEE: 125.0}
    assert rested((restless, 5.0)) == rested(({KNEE: 125.0}, 5.0)) == {}


def test_a_metric_that_is_not_seen_has_no_rest() -> None:
    """Missing, not guessed."""
    assert rested(({KNEE: NAN, "drift": 0.02}, 3.0)) == {}


# --- the offer ----------------------------------------------------------------------------------

HUG = exercise(
    rule(high=75.0, name="knee_far"),
    rule(low=150.0, name="flat", metric=FLAT, kind="alignment"),
    rule(low=150.0, name="flatter", metric=FLAT, kind="alignment", level="advice"),
)
REST = {KNEE: 125.0}
SHORT = {KNEE: 90.0, FLAT: 170.0}
Offers = list[tuple[float, RangeOffer | None]]


def offers(
    timeline: Iterable[tuple[float, Mapping[str, float]]],
    of: Exercise = HUG,
    rest: Mapping[str, float] = REST,
    pain: bool = False,
) -> Offers:
    """What is offered, frame by frame."""
    form, personal = FormChecker(of.rules), PersonalRange(of)
    return [(t, personal.update(t, form.update(t, v), v, rest, pain)) for t, v in timeline]


def first(found: Offers) -> float:
    return next((t for t, offer in found if offer is not None), math.inf)


@pytest.mark.parametrize("fps", [5.0, 15.0, 60.0])
def test_a_steady_shortfall_is_offered_after_four_seconds(fps: float) -> None:
    """The same offer stands from then on, with the bound where the person is."""
    found = offers(series((SHORT, 8.0), fps=fps))
    assert first(found) == pytest.approx(4.0, abs=2 / fps)
    given_ = [offer for _, offer in found if offer is not None]
    assert given_[0].rule == replace(HUG.rules[0], max=90.0)
    assert all(offer is given_[0] for offer in given_)
    assert found[-1][1] is given_[0]


@pytest.mark.parametrize(
    "values",
    [
        {KNEE: 70.0, FLAT: 170.0},
        {KNEE: 90.0, FLAT: 120.0},
        {KNEE: 90.0, FLAT: NAN},
        {KNEE: NAN, FLAT: 170.0},
        {KNEE: 125.0, FLAT: 170.0},
        {KNEE: 110.0, FLAT: 170.0},
    ],
    ids=["in range", "misaligned", "alignment unseen", "unseen", "at rest", "too far off"],
)
def test_nothing_is_offered_otherwise(values: Frame) -> None:
    """Range must be all that is missing, seen, and within what a bound may move."""
    assert first(offers(series((values, 12.0), fps=20.0))) == math.inf


def test_nothing_is_offered_with_pain_or_without_a_known_rest() -> None:
    """Pain has its own flow; without rest nobody knows how far 40 % is."""
    assert first(offers(series((SHORT, 12.0), fps=20.0), pain=True)) == math.inf
    assert first(offers(series((SHORT, 12.0), fps=20.0), rest={})) == math.inf


def test_a_moving_value_is_no_range() -> None:
    """A user still on the way has not arrived; the offer comes once the value is steady."""
    moving = [(t, {**SHORT, KNEE: 95.0 - 3.0 * t}) for t, _ in series((0, 3.0), fps=20.0)]
    swing = [
        (t, {**SHORT, KNEE: 90.0 + 5.0 * math.sin(3 * t)}) for t, _ in series((0, 20.0), fps=20.0)
    ]
    settled = list(series(({**SHORT, KNEE: 86.0}, 6.0), fps=20.0, start=3.0))
    assert first(offers(swing)) == math.inf
    assert 4.0 <= first(offers([*moving, *settled])) <= 7.1


def test_a_fault_of_alignment_restarts_the_four_seconds() -> None:
    """And it ends an offer that stands; a rule is offered once."""
    crooked = {KNEE: 90.0, FLAT: 120.0}
    assert first(offers(series((SHORT, 3.0), (crooked, 0.5), (SHORT, 9.0), fps=20.0))) > 7.4
    found = offers(series((SHORT, 5.0), (crooked, 1.0), (SHORT, 9.0), fps=20.0))
    assert first(found) < 4.2
    assert all(offer is None for t, offer in found if t > 5.0)


def test_an_offer_ends_when_the_range_is_reached() -> None:
    """At once: there is nothing left to ease."""
    found = offers(series((SHORT, 5.0), ({**SHORT, KNEE: 70.0}, 1.0), fps=20.0))
    assert [offer for t, offer in found if t >= 5.0] == [None] * 20


def test_flicker_ends_nothing() -> None:
    """A limb hidden for less than half a second leaves the offer; longer takes it."""
    hidden = {**SHORT, KNEE: NAN}
    short = offers(series((SHORT, 5.0), (hidden, 0.3), (SHORT, 1.0), fps=20.0))
    long = offers(series((SHORT, 5.0), (hidden, 1.0), (SHORT, 1.0), fps=20.0))
    assert short[-1][1] is not None
    assert long[-1][1] is None


def test_a_broken_advice_does_not_stand_in_the_way() -> None:
    """Advice is no condition."""
    law = replace(HUG, rules=(*HUG.rules[:2], replace(HUG.rules[2], min=178.0, margin=1.0)))
    assert first(offers(series((SHORT, 8.0), fps=20.0), law)) < 4.2


def test_a_closed_gate_offers_nothing() -> None:
    """A user who is not in place yet has no range to show."""
    gate = rule(low=60.0, name="gate", metric="trunk_incl_abs", level="gate", kind="setup")
    law = replace(HUG, rules=(gate, *HUG.rules))
    there, away = {**SHORT, "trunk_incl_abs": 90.0}, {**SHORT, "trunk_incl_abs": 0.0}
    assert first(offers(series((there, 8.0), fps=20.0), law)) < 4.2
    assert first(offers(series((away, 8.0), fps=20.0), law)) == math.inf
    assert first(offers(series((SHORT, 8.0), fps=20.0), law)) == math.inf


def test_two_rules_are_offered_one_after_the_other() -> None:
    """In the order of the file; the second when the first has been taken."""
    arm = rule(low=135.0, name="arm_low", metric="shoulder_elev.work")
    law, rest = exercise(HUG.rules[0], arm), {KNEE: 125.0, "shoulder_elev.work": 30.0}
    values = {KNEE: 90.0, "shoulder_elev.work": 120.0}
    personal, form = PersonalRange(law), FormChecker(law.rules)
    taken: list[str] = []
    for t, frame in series((values, 10.0), fps=20.0):
        offer = personal.update(t, form.update(t, frame), frame, rest, False)
        if offer is not None and offer.rule.id not in taken:
            taken.append(offer.rule.id)
            form = FormChecker(offer.rule if r.id == offer.rule.id else r for r in form.rules)
    assert taken == ["knee_far", "arm_low"]
    assert form.update(11.0, values).form == "right"


def test_overreaching_is_no_shortfall() -> None:
    """Beyond the far side of the band nothing is offered."""
    law = exercise(rule(20.0, 60.0, metric="chest_turn"))
    assert first(offers(series(({"chest_turn": 14.0}, 8.0), fps=20.0), law)) == math.inf
    law = exercise(replace(law.rules[0], margin=2.0))
    assert first(offers(series(({"chest_turn": 14.0}, 8.0), fps=20.0), law)) < 4.2
    assert first(offers(series(({"chest_turn": 75.0}, 8.0), fps=20.0), law)) == math.inf
