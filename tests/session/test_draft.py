"""A routine before its start: left out, moved, changed, shortened; nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shipped import EXERCISES, LIBRARY

from posecheck.exercise import Routine
from posecheck.session.draft import KNEELING, RoutineDraft, composed
from posecheck.session.plan import plan
from posecheck.session.safety import levelled, planned_s, suited

LOWER = LIBRARY.routines["lower_back"]


def draft(routine: Routine = LOWER, **more: object) -> RoutineDraft:
    return RoutineDraft(routine, EXERCISES, **more)  # type: ignore[arg-type]


def test_it_begins_as_the_session_would() -> None:
    """With the changes of the tags and the amounts of the level."""
    for level in (1, 2, 3):
        made = draft(tags=("KNEE",), level=level)
        fitting, changes = suited(LOWER, EXERCISES, ("KNEE",))
        assert made.changes == changes
        assert made.routine.steps == levelled(fitting, EXERCISES, level).steps
        assert not made.edited
        # A level is applied once: starting the draft changes no amounts again.
        assert levelled(made.routine, EXERCISES, level) == made.routine


def test_a_step_that_is_left_out_can_be_put_back() -> None:
    made = draft()
    before, second = made.routine, made.steps[1].key
    made.leave_out([second])
    assert [each.state for each in made.steps].count("out") == 1
    assert len(made.routine.steps) == len(before.steps) - 1
    assert made.routine.seconds < before.seconds
    made.leave_out([second], out=False)
    assert made.routine == before


def test_what_kneels_is_left_out_at_once() -> None:
    made = draft()
    assert made.kneeling
    made.leave_out(made.kneeling)
    assert made.kneeling == ()
    assert made.routine.steps
    left = {EXERCISES[step.exercise].position for step in made.routine.steps}
    assert not left & KNEELING


def test_steps_move_and_stop_at_the_ends() -> None:
    made = draft()
    first, last = made.steps[0].key, made.steps[-1].key
    assert not made.move(first, -1)
    assert not made.move(last, 1)
    assert not made.edited
    assert made.move(first, 1)
    assert made.steps[1].key == first
    assert made.edited


def test_amounts_are_the_users() -> None:
    made = draft()
    each = next(each for each in made.steps if each.exercise.category == "hold")
    made.change(each.key, replace(each.planned, hold_s=7.0, sets=2, rest_s=33.0))
    sets = [s for s in plan(made.routine, EXERCISES) if s.exercise is each.exercise]
    assert {s.hold_s for s in sets} == {7.0}
    assert len(sets) == 2 * each.step.sides
    assert max(s.rest_s for s in sets) == (33.0 if each.step.sides == 1 else sets[0].rest_s)


def test_a_length_leaves_out_and_the_whole_brings_back() -> None:
    made = draft(LIBRARY.routines["full_daily"])
    whole = made.routine
    assert made.lengths[:2] == (5, 10)
    made.minutes = 5
    assert made.routine.seconds <= 300
    assert "no_time" in {each.state for each in made.steps}
    assert made.whole == whole  # what is kept is not what today had time for
    made.minutes = None
    assert made.routine == whole


def test_a_length_that_is_no_longer_possible_is_dropped() -> None:
    made = draft()
    made.minutes = 5
    made.leave_out([each.key for each in made.steps][1:])
    assert made.minutes is None


def test_what_the_tags_exclude_cannot_be_added() -> None:
    made = draft(tags=("KNEE",))
    with pytest.raises(ValueError, match="exclude"):
        made.add("childs_pose")
    key = made.add("plank")
    assert made.steps[-1].key == key
    assert made.holds("plank")


def test_an_empty_draft_grows() -> None:
    made = draft(Routine("", "Mine", "", 0, ()))
    assert not made.routine.steps
    made.add("chair_spine_twist")
    made.add("chair_spine_twist")
    assert {step.sides for step in made.routine.steps} == {2}
    assert made.routine.seconds == round(planned_s(made.routine, EXERCISES))


def test_chosen_exercises_make_a_routine_in_a_sensible_order() -> None:
    """Warm-up first, the floor last, and each position once."""
    ids = ("plank", "seated_pelvic_tilts", "quad_stretch", "childs_pose", "arm_circles", "superman")
    made = composed("Mine", "Own", [EXERCISES[each] for each in ids])
    order = [EXERCISES[step.exercise] for step in made.steps]
    assert order[0].id == "arm_circles"
    positions = [each.position for each in order[1:]]
    assert positions[:2] == ["standing", "chair"]
    assert positions == sorted(positions, key=positions.index)
    few = draft(composed("Neck", "-", [EXERCISES["seated_march"], EXERCISES["shoulder_rolls"]]),
                most_rounds=3)  # fmt: skip
    assert few.lengths
    few.minutes = few.lengths[-1]
    assert few.routine.seconds > few.whole.seconds
