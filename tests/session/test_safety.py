"""What excludes an exercise, what takes its place, what a level changes, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from shipped import EXERCISES, LIBRARY

from posecheck.exercise import CONTRAINDICATIONS, Dose, Exercise, Routine, RoutineStep, Substitute
from posecheck.io.routines.language import load_phrases
from posecheck.session.plan import plan
from posecheck.session.safety import (
    ALWAYS_OPEN,
    DISCLAIMER,
    EMERGENCY,
    GENTLES,
    LEVELS,
    SCREENING,
    SEE_SOON,
    Change,
    levelled,
    planned_s,
    replacement,
    suited,
    wants_gentle,
)
from posecheck.session.session import Session

ROUTINES = [pytest.param(routine, id=name) for name, routine in LIBRARY.routines.items()]
TAGS = tuple(CONTRAINDICATIONS)


def timed(
    name: str, tags: str = "", *instead: str | Substitute, position: str = "standing"
) -> Exercise:
    """An exercise that takes ten seconds; `tags` as words."""
    substitutes = tuple(Substitute(x) if isinstance(x, str) else x for x in instead)
    return Exercise(
        id=name, name=name, group="other", category="timer", check="none", position=position,
        sides="none", instructions=("Go.",), dose=Dose(1, 5.0, time_s=10.0), safety="Stop.",
        contraindications=tuple(tags.split()), substitutes=substitutes,
    )  # fmt: skip


def chosen(tags: str, names: str, *exercises: Exercise) -> tuple[str, list[tuple[str, str]]]:
    """The exercises that a routine of `names` becomes, and (exercise, instead) of each change."""
    steps = tuple(RoutineStep(name) for name in names.split())
    routine = Routine("mine", "Mine", "Mine.", 60, steps)
    made, changes = suited(routine, {each.id: each for each in exercises}, tags.split())
    kept = " ".join(step.exercise for step in made.steps)
    return kept, [(change.exercise, change.instead) for change in changes]


def step_of(routine: Routine, name: str) -> RoutineStep:
    return next(step for step in routine.steps if step.exercise == name)


def moves(routine: Routine) -> int:
    """Changes between standing, chair and floor."""
    at = [EXERCISES[step.exercise].position for step in routine.steps]
    at = [position if position in ("standing", "chair") else "floor" for position in at]
    return sum(a != b for a, b in pairwise(at))


# --- substitutes ---------------------------------------------------------------------------------


def test_a_routine_that_suits_stays_as_it_is() -> None:
    """Without tags, or with tags of other exercises, the very same routine comes back."""
    for routine in LIBRARY.routines.values():
        assert suited(routine, EXERCISES, ()) == (routine, ())
    walk = Routine("walk", "Walk", "A walk.", 600, (RoutineStep("walking"),))
    assert suited(walk, EXERCISES, TAGS) == (walk, ())


def test_the_first_substitute_that_all_tags_allow_is_taken() -> None:
    """A substitute for other tags, and one that another tag excludes, are passed over."""
    knee = Substitute("for_knee", ("KNEE",))
    all_of_them = timed("bend", "KNEE DISC", knee, "any"), timed("for_knee", "SHO"), timed("any")
    assert chosen("KNEE", "bend", *all_of_them) == ("for_knee", [("bend", "for_knee")])
    assert chosen("DISC", "bend", *all_of_them) == ("any", [("bend", "any")])
    assert chosen("KNEE SHO", "bend", *all_of_them) == ("any", [("bend", "any")])


def test_an_excluded_substitute_passes_on_to_its_own() -> None:
    """Over as many exercises as it takes; with nothing left the step is left out."""
    chain = timed("a", "KNEE", "b"), timed("b", "KNEE", "c"), timed("c", "SHO"), timed("d")
    assert chosen("KNEE", "a d", *chain) == ("c d", [("a", "c")])
    assert chosen("KNEE SHO", "a d", *chain) == ("d", [("a", "")])


def test_substitutes_in_a_circle_come_to_an_end() -> None:
    """Files with a circle are refused; made by hand, they still give an answer."""
    circle = timed("a", "KNEE", "b"), timed("b", "KNEE", "a", "b")
    assert chosen("KNEE", "a", *circle) == ("", [("a", "")])


def test_a_substitute_comes_once() -> None:
    """Not if the routine has it anywhere, nor for a second step; the next one serves, or none."""
    after = timed("b"), timed("c", "KNEE", "x"), timed("x"), timed("y")
    known = timed("a", "KNEE", "x", "y"), *after
    assert chosen("KNEE", "x b a", *known) == ("x b y", [("a", "y")])
    assert chosen("KNEE", "a b x", *known) == ("y b x", [("a", "y")])
    assert chosen("KNEE", "a b c", *known) == ("x b", [("a", "x"), ("c", "")])
    assert chosen("KNEE", "c b a", *known) == ("x b y", [("c", "x"), ("a", "y")])
    assert chosen("KNEE", "x a a", *known) == ("x y", [("a", "y"), ("a", "")])


FEET, SEAT = timed("feet"), timed("seat", position="chair")
ALL_FOURS, BACK = timed("all_fours", position="quadruped"), timed("back", position="supine")
ON_CHAIR = timed("on_chair", "KNEE", "seat", position="quadruped")
ON_BACK = timed("on_back", "KNEE", "lying", position="standing")
LYING = timed("lying", position="supine")
PLACES = FEET, SEAT, ALL_FOURS, BACK, ON_CHAIR, ON_BACK, LYING


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("feet on_chair all_fours", "feet seat all_fours"),
        ("feet all_fours on_chair back", "feet seat all_fours back"),
        ("feet all_fours back on_chair", "feet all_fours back seat"),
        ("feet on_back feet all_fours back", "feet feet all_fours lying back"),
        ("feet on_back feet", "lying feet feet"),
        ("feet on_chair on_back", "feet seat lying"),
    ],
)
def test_a_substitute_gets_nobody_up_and_down(names: str, kept: str) -> None:
    """One that would is moved beside its like, or between feet and floor, the nearest way."""
    assert chosen("KNEE", names, *PLACES)[0] == kept


def test_a_substitute_for_which_no_place_is_good_gives_way() -> None:
    """To the next one, or the step is left out: a routine on the feet has one other place."""
    both, sitting = timed("both", "KNEE", "lying", "walk"), timed("sitting", "KNEE", "seat")
    known = (*PLACES, both, sitting, timed("walk"))
    assert chosen("KNEE", "feet sitting both", *known)[0] == "feet walk seat"
    changes = [("sitting", "seat"), ("on_back", "")]
    assert chosen("KNEE", "feet sitting on_back", *known) == ("feet seat", changes)


def test_a_moved_substitute_keeps_the_place_of_what_it_stands_for() -> None:
    """Changes are reported in the order of the written routine, whatever the order of the new
    one."""
    names = ["on_back", "feet", "all_fours", "on_chair", "back"]
    steps = tuple(RoutineStep(name) for name in names)
    routine = Routine("mine", "Mine", "Mine.", 60, steps)
    made, changes = suited(routine, {each.id: each for each in PLACES}, ["KNEE"])
    made_of = [step.exercise for step in made.steps]
    assert made_of == ["feet", "all_fours", "lying", "back", "seat"]
    assert changes == (
        Change(0, "on_back", "lying", ("KNEE",)), Change(3, "on_chair", "seat", ("KNEE",)),
    )  # fmt: skip


def test_a_change_says_what_why_and_how() -> None:
    """The place in the written routine, the person's own tags, and the easier form."""
    march = timed("march", "BALANCE THR", Substitute("kicks", ("THR",), eased=True))
    routine = Routine(
        "mine",
        "Mine",
        "Mine.",
        60,
        (RoutineStep("roll"), RoutineStep("walk"), RoutineStep("march")),
    )
    known = {each.id: each for each in (march, timed("kicks"), timed("walk"), timed("roll"))}
    _, changes = suited(routine, known, {"THR", "SHO"})
    assert changes == (Change(2, "march", "kicks", ("THR",), eased=True),)


def test_amounts_stay_where_both_are_dosed_alike() -> None:
    """A stretch for a stretch keeps its seconds and sets, never more than the other's own; a new
    kind of exercise takes its own dose and has both sides."""
    upper, _ = suited(LIBRARY.routines["upper_back_shoulders"], EXERCISES, ["THR"])
    assert step_of(upper, "chair_spine_twist") == RoutineStep(
        "chair_spine_twist", 2, "front", hold_s=15.0
    )
    rest = Routine("rest", "Rest", "Rest.", 60, (RoutineStep("childs_pose", hold_s=30.0),))
    assert suited(rest, EXERCISES, ["KNEE"])[0].steps == (
        RoutineStep("knee_to_chest", 2, "side", hold_s=30.0),
    )
    curls = Routine("curls", "Curls", "Curls.", 60, (RoutineStep("crunch", reps=10),))
    assert suited(curls, EXERCISES, ["NECK"])[0].steps == (
        RoutineStep("bird_dog", 2, "side", hold_s=8.0, sets=4),
    )
    legs, _ = suited(LIBRARY.routines["glutes_hamstrings"], EXERCISES, ["DISC"])
    strap = RoutineStep("supine_strap_hamstring", 2, time_s=30.0)
    assert step_of(legs, "supine_strap_hamstring") == strap


def test_high_blood_pressure_gets_no_long_strength_hold() -> None:
    """At every level the holds of the core group end after 10 s (biomechanics 4.4)."""
    for routine in LIBRARY.routines.values():
        mine, _ = suited(routine, EXERCISES, ["HTN"])
        for level in LEVELS:
            for step in levelled(mine, EXERCISES, level).steps:
                if EXERCISES[step.exercise].group == "core" and step.hold_s is not None:
                    assert step.hold_s <= 10.0, (routine.id, step)


@pytest.mark.parametrize("routine", ROUTINES)
def test_every_pair_of_tags_gives_a_plan_without_an_excluded_exercise(routine: Routine) -> None:
    """Each step that was changed is reported, nothing comes twice, nobody gets up and down much
    more often than as written, and a session runs from what is left."""
    for tags in (*((tag,) for tag in TAGS), *combinations(TAGS, 2), TAGS):
        made, changes = suited(routine, EXERCISES, tags)
        for step in made.steps:
            assert not set(EXERCISES[step.exercise].contraindications) & set(tags), tags
            assert step.sides == (2 if EXERCISES[step.exercise].sides == "each" else 1)
        excluded = [
            (index, step.exercise)
            for index, step in enumerate(routine.steps)
            if {
                *EXERCISES[step.exercise].contraindications,
                *EXERCISES[step.exercise].eased_for,
            }
            & set(tags)
        ]
        assert [(change.step, change.exercise) for change in changes] == excluded
        dropped = sum(not change.instead for change in changes)
        assert len(made.steps) == len(routine.steps) - dropped
        names = [step.exercise for step in made.steps]
        assert len(set(names)) == len(names), tags
        assert {change.instead for change in changes} - {""} <= set(names)
        assert moves(made) <= moves(routine) + 1, tags
        planned_sets = plan(made, EXERCISES)
        assert all(
            planned.hold_s or planned.reps or planned.exercise.dose.time_s
            for planned in planned_sets
        )
        if planned_sets:
            assert Session(planned_sets).view.planned is planned_sets[0]


@pytest.mark.parametrize("routine", ROUTINES)
def test_one_or_two_answers_leave_two_thirds_of_the_minutes(routine: Routine) -> None:
    """Each safety answer, alone and with each other one. What is left out is eased, replaced, or
    made up by a walk: an artificial hip once left 0.48 of "Lower back", a sore shoulder 0.21 of
    "Upper back"."""
    whole_s = planned_s(routine, EXERCISES)
    for tags in (*((tag,) for tag in TAGS), *combinations(TAGS, 2)):
        made, _ = suited(routine, EXERCISES, tags)
        assert planned_s(made, EXERCISES) >= 2 / 3 * whole_s, tags


def test_an_easier_form_comes_before_a_substitute() -> None:
    """The exercise stays in its place, and the change says that its easier form is meant."""
    rolls = LIBRARY.routines["upper_back_shoulders"]
    made, changes = suited(rolls, EXERCISES, ["NECK"])
    assert changes[0] == Change(1, "shoulder_rolls", "shoulder_rolls", ("NECK",), eased=True)
    assert made.steps[1] == rolls.steps[1]
    assert "hang" in EXERCISES["shoulder_rolls"].easier


def test_a_locked_exercise_tells_what_replaces_it() -> None:
    """Through excluded substitutes too; nothing, and the easier form, are told apart."""
    a = timed("a", "KNEE", "b", Substitute("c", eased=True))
    b, c = timed("b", "WRIST", "d"), timed("c")
    d, e = timed("d", "NECK"), timed("e", "KNEE")
    f = replace(timed("f"), eased_for=("KNEE",))
    known = {each.id: each for each in (a, b, c, d, e, f)}
    assert replacement(a, known, ()) is None
    assert replacement(a, known, ("KNEE",)) == (b, False)
    assert replacement(a, known, ("KNEE", "WRIST")) == (d, False)
    assert replacement(a, known, ("KNEE", "WRIST", "NECK")) == (c, True)
    assert replacement(e, known, ("KNEE",)) == (None, False)
    assert replacement(f, known, ("KNEE",)) == (f, True)


def test_what_stays_open_is_excluded_by_no_answer() -> None:
    """Walking, and small movements without load."""
    shipped = [EXERCISES[name] for name in ALWAYS_OPEN if name in EXERCISES]
    assert len(shipped) >= 3
    assert not any(each.contraindications for each in shipped)


def test_a_walk_fills_what_answers_leave_empty() -> None:
    """It takes the place of the first step left out, and is no longer than what is missing."""
    walk = replace(timed("walking"), dose=Dose(1, 5.0, time_s=600.0))
    known = {each.id: each for each in (timed("a", "KNEE"), timed("b", "KNEE"), timed("c"), walk)}
    steps = tuple(RoutineStep(name, time_s=100.0) for name in ("a", "b", "c"))
    routine = Routine("mine", "Mine", "Mine.", 318, steps)
    made, changes = suited(routine, known, ["KNEE"])
    assert made.steps == (RoutineStep("walking", 1, time_s=120.0), steps[2])
    assert [(change.exercise, change.instead) for change in changes] == [
        ("a", "walking"),
        ("b", ""),
    ]
    assert planned_s(made, known) >= 2 / 3 * planned_s(routine, known)


# --- levels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("routine", ROUTINES)
def test_level_two_is_as_written(routine: Routine) -> None:
    """And so is everything that is no level."""
    for level in (2, 0, 4):
        assert levelled(routine, EXERCISES, level) is routine


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_higher_level_never_asks_for_less(routine: Routine) -> None:
    """Same exercises and sides; seconds, repetitions, sets and the length only grow."""
    made = [levelled(routine, EXERCISES, level) for level in LEVELS]
    for low, high in pairwise(made):
        assert planned_s(low, EXERCISES) <= planned_s(high, EXERCISES)
        for a, b in zip(low.steps, high.steps, strict=True):
            assert (a.exercise, a.sides, a.view) == (b.exercise, b.sides, b.view)
            assert (a.hold_s or 0) <= (b.hold_s or 0)
            assert (a.reps or 0) <= (b.reps or 0)
            assert a.sets <= b.sets


def test_level_one_begins_small() -> None:
    """Stretches 20 s once, strength holds 10 s, two repetitions fewer but five at least."""
    core = levelled(LIBRARY.routines["core_strength"], EXERCISES, 1)
    assert (step_of(core, "plank").hold_s, step_of(core, "plank").sets) == (10.0, 1)
    assert (step_of(core, "bird_dog").hold_s, step_of(core, "bird_dog").sets) == (10.0, 4)
    assert (step_of(core, "crunch").reps, step_of(core, "cat_cow").reps) == (8, 5)
    lower = levelled(LIBRARY.routines["lower_back"], EXERCISES, 1)
    assert (step_of(lower, "knee_to_chest").hold_s, step_of(lower, "knee_to_chest").sets) == (20, 1)
    assert step_of(lower, "high_knees").time_s == 30.0


def test_level_three_adds() -> None:
    """Stretches 30 s twice; short strength holds once more, in the first bout; two more reps."""
    core = levelled(LIBRARY.routines["core_strength"], EXERCISES, 3)
    assert step_of(core, "plank") == RoutineStep(
        "plank", view="side", hold_s=10.0, sets=7, bouts=(4, 2, 1)
    )
    assert step_of(core, "side_bridge").bouts == (3, 1)
    assert step_of(core, "crunch").reps == 12
    desk = levelled(LIBRARY.routines["desk_break_3min"], EXERCISES, 3)
    assert {(step.hold_s, step.sets) for step in desk.steps if step.hold_s} == {(30.0, 2)}


def test_level_three_rolls_the_shoulders_thrice_each_way() -> None:
    """As in the article; not in a desk break, which is short on purpose."""
    upper = levelled(LIBRARY.routines["upper_back_shoulders"], EXERCISES, 3)
    assert (step_of(upper, "shoulder_rolls").reps, step_of(upper, "shoulder_rolls").sets) == (12, 6)
    desk = levelled(LIBRARY.routines["desk_break_3min"], EXERCISES, 3)
    assert step_of(desk, "shoulder_rolls").sets == 2


def test_an_amount_left_out_is_that_of_the_exercise() -> None:
    """A step without seconds is levelled from the dose of its exercise."""
    routine = Routine(
        "mine", "Mine", "Mine.", 60, (RoutineStep("childs_pose"), RoutineStep("plank"))
    )
    low, high = (levelled(routine, EXERCISES, level).steps for level in (1, 3))
    assert [step.hold_s for step in low] == [20.0, 10.0]
    assert [step.hold_s for step in high] == [30.0, 30.0]


def test_the_gentle_set_has_no_levels() -> None:
    """A sore day asks nobody for more."""
    for name in GENTLES:
        gentle = LIBRARY.routines[name]
        assert {levelled(gentle, EXERCISES, level) for level in LEVELS} == {gentle}


def test_a_sore_day_neither_bends_nor_arches_unless_the_user_likes_it() -> None:
    """What is offered first has no bend and no arch; the other two sets are there to choose."""
    plain, bending, arching = (LIBRARY.routines[name] for name in GENTLES)
    bends, arches = {"knee_to_chest", "childs_pose"}, {"press_up", "standing_back_bend"}
    held = [{step.exercise for step in each.steps} for each in (plain, bending, arching)]
    assert [names & (bends | arches | {"cat_cow"}) for names in held] == [set(), bends, arches]
    assert step_of(bending, "knee_to_chest") == RoutineStep(
        "knee_to_chest", 2, "side", hold_s=5.0, sets=3
    )


def test_no_rule_is_touched() -> None:
    """Tags and levels choose exercises and amounts; the exercises of the plan stay the files' own,
    with every stop rule."""
    for routine in LIBRARY.routines.values():
        for level in LEVELS:
            mine = levelled(suited(routine, EXERCISES, ["HTN", "DISC"])[0], EXERCISES, level)
            for planned in plan(mine, EXERCISES):
                assert planned.exercise is EXERCISES[planned.exercise.id]


# --- lengths -------------------------------------------------------------------------------------


@pytest.mark.parametrize("routine", ROUTINES)
def test_the_planned_length_is_that_of_the_file(routine: Routine) -> None:
    """Within ten percent; at the desk, where nobody changes place, within 25 seconds."""
    close = max(0.1 * routine.seconds, 25.0)
    assert planned_s(routine, EXERCISES) == pytest.approx(routine.seconds, abs=close)


def test_getting_into_place_takes_its_time() -> None:
    """6 s in the same position, 10 for a new view, 15 on the floor, 30 between floor and feet."""

    def length(*names: str) -> float:
        steps = tuple(RoutineStep(name, hold_s=10.0, time_s=10.0) for name in names)
        return planned_s(Routine("mine", "Mine", "Mine.", 60, steps), EXERCISES)

    assert length() == 0.0
    assert length("arm_across_body") == 16.0
    assert length("arm_across_body", "triceps_stretch") == 32.0
    assert length("arm_across_body", "chest_opener") == 36.0
    assert length("bird_dog", "childs_pose") == 32.0
    assert length("bird_dog", "knee_to_chest") == 41.0
    assert length("chest_opener", "childs_pose") == 56.0
    assert length("seated_march", "walking") == 32.0


def test_changed_routines_know_their_new_length() -> None:
    """`seconds` follows the steps, so that a list of routines shows the truth."""
    lower = LIBRARY.routines["lower_back"]
    for changed in (suited(lower, EXERCISES, ["PREG"])[0], levelled(lower, EXERCISES, 3)):
        assert changed.seconds == round(planned_s(changed, EXERCISES)) != lower.seconds


# --- today, and the words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "past", "gentle"),
    [
        (7, (), True), (6, (), False), (10, (10, 10), True), (3, (0, 0, 5), True),
        (2, (0, 0, 5), False), (5, (2, 3, 4), False), (6, (3, 2, 8), True), (4, (1, 2), False),
    ],
)  # fmt: skip
def test_a_sore_day_is_offered_the_gentle_set(
    today: int, past: tuple[int, ...], gentle: bool
) -> None:
    """From 7, or from 3 above the person's own median."""
    assert wants_gentle(today, past) is gentle


def test_every_text_is_there() -> None:
    """The questions, the signs of an emergency and the disclaimer are phrases of the language."""
    phrases = load_phrases("en")
    assert all(phrases[key].endswith("?") for key in SCREENING)
    assert all(phrases[key].endswith(".") for key in (*EMERGENCY, *SEE_SOON, DISCLAIMER))
    assert "not a medical device" in phrases[DISCLAIMER]


def test_the_safety_texts_name_every_sign_of_the_nhs() -> None:
    """Those of its page on back pain, and of its card for cauda equina syndrome."""
    phrases = load_phrases("en")
    at_once = " ".join(phrases[key] for key in EMERGENCY).lower()
    for sign in (
        "numbness", "genitals", "buttocks", "wiping", "pee", "poo", "is full", "sex", "both legs",
        "weakness", "chest pain", "serious accident", "999", "local emergency number",
    ):  # fmt: skip
        assert sign in at_once, sign
    soon = " ".join(phrases[key] for key in SEE_SOON).lower()
    for sign in (
        "high temperature", "losing weight", "lump", "changed shape", "rest", "at night", "cough",
        "sneeze", "poo", "between the shoulders", "few weeks",
    ):  # fmt: skip
        assert sign in soon, sign


def test_bouts_of_holds_descend() -> None:
    """Three holds on a side, then three on the other one; a short pause within a bout, and with one
    side only the exercise's own rest between bouts. The planned length counts the same pauses."""
    bouts = (2, 1)
    for name, sides, rests in (
        ("side_bridge", "LLRRLR", [4.0, 6.0, 4.0, 6.0, 6.0, 6.0]),
        ("plank", "---", [4.0, 30.0, 6.0]),
    ):
        step = RoutineStep(name, 2 if "L" in sides else 1, hold_s=10.0, sets=3, bouts=bouts)
        routine = Routine("mine", "Mine", "Mine.", 60, (step,))
        sets = plan(routine, EXERCISES)
        assert "".join((each.side or "-")[0].upper() for each in sets) == sides
        assert [each.rest_s for each in sets] == rests
        assert planned_s(routine, EXERCISES) == 6.0 + 10.0 * len(sets) + sum(rests[:-1])
