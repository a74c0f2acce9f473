"""The plan over half a year of simulated users: no limit is passed, and it settles."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest

from posecheck.exercise import CONTRAINDICATIONS, THINGS
from posecheck.history.ladder import Chosen, PastSession, standings, top
from posecheck.history.plan import asked_again, plan_week, resting, stopped_often, tags_on
from posecheck.history.plan_rules import (
    CLEAN_SESSIONS,
    LADDERS,
    MOST_REST_DAYS,
    NEVER_NEW,
    OLDER_LEVEL,
    REST_DAYS,
    STOPS_DAYS,
    TRACKS,
    Track,
)
from posecheck.history.plan_steps import needed
from posecheck.history.plan_values import PlanChoice, PlanItem, Told, WeekPlan, Wishes
from posecheck.io.routines.load import load_all

LIBRARY = load_all()
EXERCISES, ROUTINES = LIBRARY.exercises, LIBRARY.routines
MONDAY = date(2026, 1, 5)
WEEKS = 26
ALL = Wishes(equipment=frozenset(THINGS))

Does = Callable[[random.Random, PlanItem], PastSession | None]
"""What a user makes of an item; None when they leave it."""


def plan(
    past: Sequence[PastSession] = (), wishes: Wishes = ALL, told: Told = Told(),  # noqa: B008
    today: date = MONDAY, choices: Sequence[PlanChoice] = (), chosen: Sequence[Chosen] = (),
) -> WeekPlan:  # fmt: skip
    return plan_week(
        past, wishes, told, today, EXERCISES, ROUTINES,
        choices=choices, chosen=chosen, lessons=tuple(LIBRARY.lessons),
    )  # fmt: skip


def done(item: PlanItem, score: float | None = 90.0) -> PastSession:
    steps = item.routine.steps if item.routine else ()
    return PastSession(
        item.day,
        item.track,
        item.routine.id if item.routine else "",
        score=score if steps else None,
        done=frozenset(step.exercise for step in steps),
    )


def steady(_: random.Random, item: PlanItem) -> PastSession:
    return done(item)


def irregular(dice: random.Random, item: PlanItem) -> PastSession | None:
    return done(item, dice.uniform(50, 95)) if dice.random() < 0.4 else None


def in_pain(dice: random.Random, item: PlanItem) -> PastSession:
    """Every fifth session is stopped by one of its exercises."""
    made = done(item)
    if item.routine is None or dice.random() > 0.2:
        return made
    hurt = frozenset({dice.choice(sorted(made.done))})
    return PastSession(made.day, made.track, made.routine, "pain", 85.0, made.done, hurt)


def clumsy(dice: random.Random, item: PlanItem) -> PastSession:
    return done(item, dice.uniform(30, 70))


@dataclass
class Life:
    """What a simulated user did and was offered."""

    wishes: Wishes
    told: Told
    past: list[PastSession] = field(default_factory=list)
    plans: list[tuple[date, WeekPlan]] = field(default_factory=list)

    def rungs(self, track: Track, day: date) -> int:
        return standings(self.past, (), day, self.wishes.older)[track].rung

    def offered(self, track: Track) -> list[PlanItem]:
        """What was due on each day, on that day."""
        return [item for day, made in self.plans for item in made.of(day) if item.track == track]


def live(
    does: Does,
    wishes: Wishes = ALL,
    told: Told | None = None,
    away: tuple[int, int] = (0, 0),
    pains: Mapping[int, int] | None = None,
) -> Life:
    """Half a year. `away`: days from and to on which the user does nothing; `pains`: by day."""
    dice = random.Random(14)
    known = {MONDAY + timedelta(days=n): pain for n, pain in (pains or {}).items()}
    life = Life(wishes, told or Told())
    for number in range(7 * WEEKS):
        day = MONDAY + timedelta(days=number)
        until_now = {d: p for d, p in known.items() if d <= day}
        now = Told(life.told.tags, life.told.asked, until_now)
        made = plan(life.past, wishes, now, day)
        check_limits(made, life.past, wishes, now, day)
        life.plans.append((day, made))
        if not away[0] <= number < away[1]:
            life.past += [s for item in made.of(day) if (s := does(dice, item)) is not None]
    return life


def check_limits(
    made: WeekPlan, past: Sequence[PastSession], wishes: Wishes, told: Told, today: date
) -> None:
    """What no plan may do."""
    assert all(today <= item.day <= made.monday + timedelta(days=6) for item in made.items)
    days = {item.day for item in made.items}
    assert len(days) <= wishes.days
    rests = resting(past, told, today, EXERCISES)
    for day in days:
        items = made.of(day)
        assert len({item.track for item in items}) == len(items)
        minutes = sum(item.minutes for item in items if item.track != "walking")
        assert minutes <= wishes.minutes
        for item in items:
            rung = LADDERS[item.track][item.rung]
            assert item.why
            assert item.minutes <= (wishes.walk if item.track == "walking" else wishes.minutes)
            assert item.track == "mobility" or item.minutes <= rung.minutes
            assert not (wishes.older and item.level > OLDER_LEVEL)
            for step in item.routine.steps if item.routine else ():
                exercise = EXERCISES[step.exercise]
                assert not set(exercise.contraindications) & tags_on(told, day), exercise.id
                assert exercise.id not in rests
                assert needed(exercise) <= wishes.equipment
                assert exercise.id not in NEVER_NEW
            assert item.routine is None or item.routine.seconds <= item.minutes * 60
    week = [s for s in past if s.day >= made.monday and s.day < today]
    for track in ("strength", "walking"):
        total = [s.day for s in week if s.track == track]
        total += [item.day for item in made.items if item.track == track]
        most = max(item.days for item in LADDERS[track])
        assert len(set(total)) <= most
    strong = sorted({i.day for i in made.items if i.track == "strength"} | {
        s.day for s in past if s.track == "strength" and s.day < today})  # fmt: skip
    assert all((b - a).days >= 2 for a, b in pairwise(strong))


# --- half a year --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def half_a_year() -> Life:
    return live(steady)


@pytest.mark.slow
def test_a_steady_user_reaches_the_top_and_stays(half_a_year: Life) -> None:
    """Each ladder rises by one rung at a time, one ladder a week, and then rests."""
    end = MONDAY + timedelta(days=7 * WEEKS)
    assert all(half_a_year.rungs(t, end) == top(t, False) for t in TRACKS if t != "lesson")
    month = end - timedelta(days=28)
    assert all(half_a_year.rungs(t, month) == half_a_year.rungs(t, end) for t in TRACKS)
    rises = 0
    for week in range(WEEKS):
        begin = MONDAY + timedelta(days=7 * week)
        now = [half_a_year.rungs(t, begin) for t in TRACKS]
        then = [half_a_year.rungs(t, begin + timedelta(days=7)) for t in TRACKS]
        assert 0 <= sum(then) - sum(now) <= 1
        rises += sum(then) - sum(now)
    assert rises == sum(top(t, False) for t in TRACKS)


def test_walks_grow_to_half_an_hour_five_times_a_week(half_a_year: Life) -> None:
    """The ladder of WalkBack."""
    walks = half_a_year.offered("walking")
    assert (walks[0].minutes, walks[-1].minutes) == (10, 30)
    last = MONDAY + timedelta(days=7 * (WEEKS - 1))
    assert len([item for item in walks if item.day >= last]) == 5
    first = [item for item in walks if item.day < MONDAY + timedelta(days=7)]
    assert len(first) in (3, 4)  # the first rise may come within the week


def test_nothing_repeats_for_ever(half_a_year: Life) -> None:
    """Never the same session more than three times in a row, something new in every two weeks,
    and every lesson once before one comes again."""
    for track in ("mobility", "strength"):
        made = [item.routine.steps for item in half_a_year.offered(track) if item.routine]
        assert max(len([*same]) for _, same in groupby(made)) <= (3 if track == "mobility" else 6)
    news = [item for t in ("mobility", "strength") for item in half_a_year.offered(t) if item.new]
    for week in range(0, WEEKS, 2):
        begin = MONDAY + timedelta(days=7 * week)
        assert any(begin <= item.day < begin + timedelta(days=14) for item in news), week
    lessons = [item.lesson for item in half_a_year.offered("lesson")]
    assert len(lessons) == WEEKS
    count = len(LIBRARY.lessons)
    assert lessons[:count] == list(LIBRARY.lessons)
    assert lessons[count:] == lessons[: WEEKS - count]


def test_a_day_has_mobility_and_a_week_its_strength(half_a_year: Life) -> None:
    week = [item for item in half_a_year.offered("strength") if item.day < MONDAY + timedelta(7)]
    assert len(week) == 2
    assert len(half_a_year.offered("mobility")) > 6 * WEEKS - 3 * WEEKS
    both = {item.day for item in half_a_year.offered("mobility")} | {
        item.day for item in half_a_year.offered("strength")
    }
    assert len(both) == 7 * WEEKS


@pytest.mark.slow
@pytest.mark.parametrize("does", [irregular, in_pain, clumsy])
def test_no_limit_is_passed_by(does: Does) -> None:
    """`live` checks every plan of every day. Who has pain or loses form does not climb far."""
    life = live(does, Wishes(minutes=20, days=5))
    end = MONDAY + timedelta(days=7 * WEEKS)
    if does is clumsy:
        assert life.rungs("strength", end) == life.rungs("mobility", end) == 0
    if does is in_pain:
        rungs = [life.rungs("strength", MONDAY + timedelta(days=7 * n)) for n in range(WEEKS)]
        assert min(rungs[8:]) < top("strength", False)
        assert any(later < now for now, later in pairwise(rungs))


@pytest.mark.slow
def test_who_was_away_begins_lower_and_is_not_told_off() -> None:
    """Six weeks away are three rungs; what was missed is not owed."""
    life = live(steady, away=(7 * 18, 7 * 24))
    before, after = (MONDAY + timedelta(days=n) for n in (7 * 18, 7 * 24))
    assert life.rungs("walking", before) > 2
    assert life.rungs("walking", before) - life.rungs("walking", after) in (2, 3)
    items = life.plans[7 * 24][1].of(after)
    assert "change_away" in {reason.key for item in items for reason in item.why}
    assert sum(i.minutes for i in items if i.track != "walking") <= 15


@pytest.mark.slow
def test_who_is_older_rises_more_slowly() -> None:
    life = live(steady, Wishes(older=True, equipment=frozenset(THINGS)))
    end = MONDAY + timedelta(days=7 * WEEKS)
    total = sum(life.rungs(t, end) for t in TRACKS)
    assert total <= WEEKS / 2
    assert life.rungs("strength", end) <= top("strength", True)


@pytest.mark.slow
@pytest.mark.parametrize("tag", CONTRAINDICATIONS)
def test_each_safety_answer_leaves_a_plan_and_passes_no_limit(tag: str) -> None:
    """Half a year of each, every eighth day of it; each has something to do."""
    told = Told(frozenset({tag}), {tag: MONDAY})
    past: list[PastSession] = []
    for number in range(0, 7 * WEEKS, 8):
        day = MONDAY + timedelta(days=number)
        made = plan(past, ALL, told, day)
        check_limits(made, past, ALL, told, day)
        assert made.of(day)
        past += [done(item) for item in made.of(day)]


def test_all_answers_at_once_leave_walking_and_breathing() -> None:
    told = Told(frozenset(CONTRAINDICATIONS), {"ACUTE": MONDAY})
    made = plan(told=told)
    check_limits(made, (), ALL, told, MONDAY)
    assert {"walking", "breathing"} <= {item.track for item in made.of(MONDAY)}


@pytest.mark.parametrize("things", [(), ("chair",), ("mat",)])
def test_without_equipment_there_is_something_to_do(things: Sequence[str]) -> None:
    wishes = Wishes(equipment=frozenset(things))
    made = plan(wishes=wishes)
    check_limits(made, (), wishes, Told(), MONDAY)
    assert any(item.track == "mobility" for item in made.items)


@pytest.mark.parametrize("minutes", [5, 10, 60])
@pytest.mark.parametrize("days", [1, 3, 7])
def test_the_users_minutes_and_days_are_kept(minutes: int, days: int) -> None:
    wishes = Wishes(goal="all", minutes=minutes, days=days, walk=0)
    made = plan(wishes=wishes)
    check_limits(made, (), wishes, Told(), MONDAY)
    assert made.items
    assert not any(i.track == "walking" for i in made.items)


# --- pain ---------------------------------------------------------------------------------------

HURT = PastSession(
    MONDAY, "strength", "core_strength", "pain", 90.0, frozenset({"plank"}), frozenset({"plank"})
)


def test_what_hurt_rests_until_the_pain_is_down() -> None:
    """Its group for two days, itself until a calm answer, and no longer than two weeks."""

    def rests(days: int, **pains: int) -> frozenset[str]:
        told = Told(pains={MONDAY + timedelta(days=int(d[1:])): p for d, p in pains.items()})
        return resting([HURT], told, MONDAY + timedelta(days=days), EXERCISES)

    assert {"plank", "bird_dog"} <= rests(REST_DAYS)
    assert rests(REST_DAYS + 1) == {"plank"}
    assert rests(REST_DAYS + 1, d3=6) == {"plank"}
    assert rests(REST_DAYS + 1, d3=2) == frozenset()
    assert rests(MOST_REST_DAYS) == {"plank"}
    assert rests(MOST_REST_DAYS + 1) == frozenset()


def test_what_hurt_three_times_is_for_a_physiotherapist() -> None:
    past = [
        PastSession(MONDAY + timedelta(days=n), "strength", hurt=frozenset({"plank"}))
        for n in (0, 6, 12)
    ]
    today = MONDAY + timedelta(days=STOPS_DAYS)
    assert stopped_often(past, today) == {"plank"}
    assert "plank" in plan(past, today=today).rests
    assert [note.key for note in plan(past, today=today).notes] == ["show_someone"]


def test_on_a_sore_day_there_is_only_the_gentle_routine_and_a_short_walk() -> None:
    """Only today: tomorrow's pain is unknown."""
    made = plan(told=Told(pains={MONDAY: 8}))
    today = {item.track: item for item in made.of(MONDAY)}
    assert "strength" not in today
    assert today["mobility"].routine is not None
    assert today["mobility"].routine.id == "gentle"
    assert today["walking"].minutes == 10
    assert any(item.track == "strength" for item in made.items)


def test_a_fresh_pain_expires_and_pregnancy_is_asked_again() -> None:
    told = Told(frozenset({"ACUTE", "PREG", "SHO"}), {"ACUTE": MONDAY, "PREG": MONDAY})
    assert asked_again(told, MONDAY) == ()
    tomorrow, later = MONDAY + timedelta(days=1), MONDAY + timedelta(days=30)
    assert asked_again(told, tomorrow) == ("ACUTE",)
    assert set(asked_again(told, later)) == {"ACUTE", "PREG"}
    assert tags_on(told, MONDAY) == {"ACUTE", "PREG", "SHO"}
    assert tags_on(told, later) == {"PREG", "SHO"}


# --- rungs --------------------------------------------------------------------------------------


def walks(*days: int, outcome: str = "done") -> list[PastSession]:
    return [PastSession(MONDAY + timedelta(days=d), "walking", outcome=outcome) for d in days]  # type: ignore[arg-type]


def rung(past: Sequence[PastSession], day: int, *chosen: Chosen) -> int:
    return standings(past, chosen, MONDAY + timedelta(days=day), False)["walking"].rung


def test_three_clean_sessions_raise_one_variable() -> None:
    assert rung(walks(*range(CLEAN_SESSIONS - 1)), 10) == 0
    assert rung(walks(*range(CLEAN_SESSIONS)), 10) == 1
    assert rung([*walks(0, 1), *walks(2, outcome="left"), *walks(3, 4)], 10) == 0
    assert rung(walks(*range(9)), 10) == 1  # the second not sooner than a week after the first
    assert rung(walks(*range(10)), 10) == 2


def test_pain_and_fourteen_days_away_lower_it() -> None:
    climbed = walks(*range(17))
    assert rung(climbed, 17) == 3
    assert rung([*climbed, *walks(17, outcome="pain")], 18) == 2
    assert rung(climbed, 16 + 14) == 3
    assert rung(climbed, 16 + 15) == 2
    assert rung(climbed, 16 + 29) == 1
    assert rung(climbed, 16 + 500) == 0


def test_the_user_may_overrule() -> None:
    """Set, and the ladder goes on from there; out of its ends it does not go."""
    own = Chosen(MONDAY, "walking", 4)
    assert rung((), 0, own) == 4
    assert rung(walks(1, 2, 3), 10, own) == 5
    assert rung((), 0, Chosen(MONDAY, "walking", 99)) == len(LADDERS["walking"]) - 1


# --- moves and skips ----------------------------------------------------------------------------


def test_what_is_moved_or_skipped_stays_within_the_limits() -> None:
    tuesday = MONDAY + timedelta(days=1)
    made = plan(wishes=Wishes(minutes=30, days=7))
    assert {"strength", "mobility"} <= {item.track for item in made.of(MONDAY)}
    skip = PlanChoice(MONDAY, "strength", "skip")
    skipped = plan(wishes=Wishes(minutes=30), choices=[skip])
    assert "strength" not in {item.track for item in skipped.of(MONDAY)}
    move = PlanChoice(MONDAY, "strength", "move", tuesday)
    moved = plan(wishes=Wishes(minutes=30), choices=[move])
    check_limits(moved, (), Wishes(minutes=30), Told(), MONDAY)
    strong = [item.day for item in moved.items if item.track == "strength"]
    assert strong[0] in (MONDAY, tuesday)


@pytest.mark.parametrize(
    ("choice", "key"),
    [
        (PlanChoice(MONDAY, "mobility", "move", MONDAY + timedelta(days=1)), "refused_twice"),
        (PlanChoice(MONDAY, "strength", "move", MONDAY - timedelta(days=1)), "refused_day"),
        (PlanChoice(MONDAY, "strength", "move", MONDAY + timedelta(days=9)), "refused_day"),
        (PlanChoice(MONDAY, "strength", "move", MONDAY + timedelta(days=1)), "refused_minutes"),
    ],
)
def test_a_move_that_would_pass_a_limit_is_refused_with_a_note(
    choice: PlanChoice, key: str
) -> None:
    wishes = Wishes(minutes=20)
    made = plan(wishes=wishes, choices=[choice])
    assert [note.key for note in made.notes] == [key]
    assert next(i.day for i in made.items if i.track == choice.track) == MONDAY


def test_a_plan_is_the_same_for_the_same_history(half_a_year: Life) -> None:
    day, made = half_a_year.plans[100]
    again = plan([s for s in half_a_year.past if s.day < day], today=day)
    assert again.of(day) == made.of(day)
