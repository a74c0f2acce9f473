"""An exercise begins at the last pain-free range, a step back after pain, and never out of line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from led import BOW, PHRASES, STRAIGHT, lead, leaning
from remembered import NINE

from posecheck.coach.guide import Guide
from posecheck.exercise import Exercise
from posecheck.history.personal import personal_start
from posecheck.history.records import Feeling, History, RangeRecord, SessionRecord, SetRecord
from posecheck.pose import Side
from posecheck.session.plan import PlannedSet

REST = {("bow", "trunk_incl"): 0.0}


def session(number: int, *values: float, sides: tuple[Side | None, ...] = (None,)) -> SessionRecord:
    """A session of BOW, which asks for 40 degrees, with a best range for each side."""
    sets = tuple(
        SetRecord(n, "bow", side, True, "done", 30.0, 20.0, ranges=(
            RangeRecord("trunk_incl", "deg", value, 8.0, "hold", True),))
        for n, (value, side) in enumerate(zip(values, sides, strict=True))
    )  # fmt: skip
    began = NINE + timedelta(days=number)
    return SessionRecord(str(number), began, "Bow", "", "session", 2, "done", sets=sets, rests=REST)


def depth(exercise: Exercise) -> float | None:
    return next(rule.min for rule in exercise.rules if rule.id == "depth")


def start(*sessions: SessionRecord, hurt: tuple[int, ...] = ()) -> Exercise:
    told = tuple(Feeling(NINE, "during", kind="mild", exercise="bow", session=str(n)) for n in hurt)
    return personal_start(BOW, History(sessions, told))


def test_it_begins_where_the_last_session_came_to() -> None:
    """Never beyond what the file asks for, and by at most 40 per cent of the way to rest."""
    assert start() is BOW
    assert depth(start(session(0, 32.0))) == 32.0
    assert depth(start(session(0, 32.0), session(1, 36.0))) == 36.0
    assert start(session(0, 60.0)) is BOW
    assert depth(start(session(0, 5.0))) == 24.0


def test_of_two_sides_the_stiffer_one_decides() -> None:
    both = session(0, 38.0, 30.0, sides=("left", "right"))
    assert depth(start(both)) == 30.0


def test_after_a_pain_it_steps_back_a_fifth_from_the_pain_free_range() -> None:
    """The range reached in pain is no range to begin at."""
    assert depth(start(session(0, 50.0), hurt=(0,))) == 32.0
    assert depth(start(session(0, 28.0), session(1, 50.0), hurt=(1,))) == 28.0
    assert depth(start(session(0, 50.0), session(1, 36.0), hurt=(0,))) == 36.0


def test_alignment_is_never_relaxed() -> None:
    moved = start(session(0, 5.0), hurt=(0,))
    kept = [rule for rule in moved.rules if rule.kind != "range"]
    assert kept == [rule for rule in BOW.rules if rule.kind != "range"]


@pytest.mark.slow
def test_a_session_with_it_credits_the_own_range_and_calls_it_eased() -> None:
    """33 degrees are short of the file's 40, and right for a user who begins at 30."""
    own = start(session(0, 30.0))
    for exercise, credited in ((BOW, False), (own, True)):
        sets = [PlannedSet(exercise, hold_s=4.0)]
        led = lead(sets, (STRAIGHT, 14.0), (leaning(33.0), 7.5))
        assert (led.tally.sets[0].correct_s > 3.0) is credited
    guide = Guide([PlannedSet(own)], PHRASES, written={"bow": BOW})
    assert guide.view.eased == {"bow"}
    assert replace(own, rules=BOW.rules) == BOW
