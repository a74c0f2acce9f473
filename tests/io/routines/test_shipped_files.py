"""The files under `routines/`: they load, and they say what the user needs to hear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest
from shipped import LIBRARY

from posecheck.body import measure
from posecheck.exercise import Camera, Dose, Exercise, Reps, Routine, RoutineStep, Rule, Substitute
from posecheck.io.paths import data_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_exercise
from posecheck.ui.home.exercise_detail import reviewed
from posecheck.ui.widgets.pictures import picture_of, working_sides

EXERCISES = [pytest.param(exercise, id=name) for name, exercise in LIBRARY.exercises.items()]
ROUTINES = [pytest.param(routine, id=name) for name, routine in LIBRARY.routines.items()]
TIMED = {
    "foam_rolling", "active_isolated_stretching", "walking", "cycling", "seated_pelvic_tilts",
    "seated_march", "supine_strap_hamstring", "knee_rolls", "side_lying_quad_stretch",
    "bird_dog_forearms", "supine_pelvic_tilt", "chin_tuck", "relaxed_breathing",
    "chair_chest_opening",
}  # fmt: skip
FORBIDDEN = ("bad posture", "damage", "mirror")


def texts(exercise: Exercise) -> Iterator[str]:
    """All texts of an exercise that the user reads or hears."""
    yield from (exercise.name, exercise.safety, exercise.easier, exercise.harder, exercise.note)
    yield from (exercise.why_unchecked, exercise.side_means, exercise.dose.source)
    yield from (*exercise.instructions, *exercise.not_checked, *exercise.aliases)
    yield from (text for rule in exercise.rules for text in (rule.cue, rule.voice, rule.why))
    if exercise.camera is not None:
        yield exercise.camera.hint
    if exercise.reps is not None:
        yield from (exercise.reps.too_small, exercise.reps.too_fast)


def metrics(exercise: Exercise) -> Iterator[str]:
    yield from (rule.metric for rule in exercise.rules)
    if exercise.reps is not None:
        yield exercise.reps.metric + (".left" if exercise.reps.each else "")
        yield from [exercise.reps.also.metric] if exercise.reps.also else []


def test_no_file_is_missing() -> None:
    assert len(LIBRARY.exercises) == 41 + len(TIMED)
    timed = {name for name, exercise in LIBRARY.exercises.items() if exercise.check == "none"}
    assert timed == TIMED
    assert len(LIBRARY.routines) == 10


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_says_how_it_is_done(exercise: Exercise) -> None:
    assert 2 <= len(exercise.instructions) <= 5
    assert exercise.safety
    assert exercise.easier
    assert exercise.harder
    assert exercise.dose.source


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_says_what_is_not_checked(exercise: Exercise) -> None:
    if exercise.check != "full":
        assert exercise.not_checked
    if exercise.check == "none":
        assert "not form-checked" in exercise.note.lower()
        assert exercise.why_unchecked


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_metric_is_seen_from_the_view(exercise: Exercise) -> None:
    for spec in metrics(exercise):
        assert exercise.camera is not None
        assert exercise.camera.view in measure.resolve(spec).views, spec


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cues_are_short_and_every_rule_has_a_reason(exercise: Exercise) -> None:
    for rule in exercise.rules:
        assert len(rule.cue.split()) <= 6, rule.id
        assert rule.why, rule.id
    if exercise.reps is not None:
        assert exercise.reps.too_small


@pytest.mark.parametrize("exercise", EXERCISES)
def test_words_are_kind_and_plain(exercise: Exercise) -> None:
    for text in texts(exercise):
        assert not [word for word in FORBIDDEN if word in text.lower()], text
        assert text == text.strip()


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_routine_names_known_exercises(routine: Routine) -> None:
    for step in routine.steps:
        assert step.exercise in LIBRARY.exercises
        assert step.hold_s or step.reps or step.time_s


@pytest.mark.parametrize("routine", ROUTINES)
def test_both_sides_get_their_turn(routine: Routine) -> None:
    for step in routine.steps:
        both = LIBRARY.exercises[step.exercise].sides == "each"
        assert step.sides == (2 if both else 1), step.exercise


@pytest.mark.parametrize("routine", ROUTINES)
def test_routine_words_are_kind(routine: Routine) -> None:
    text = f"{routine.name} {routine.about}".lower()
    assert not [word for word in FORBIDDEN if word in text]


EXCLUDED = {
    "OSTEO": "crunch knee_to_chest knee_hugs seated_hamstring seated_spine_twist chair_spine_twist "
    "supine_spinal_twist piriformis_seated_twist russian_twist",
    "DISC": "seated_hamstring crunch russian_twist seated_spine_twist chair_spine_twist "
    "supine_spinal_twist piriformis_seated_twist",
    "STENOSIS": "superman prone_leg_raise cat_cow",
    "THR": "piriformis_seated_twist piriformis_chair lying_glute_stretch supine_spinal_twist "
    "knee_to_chest knee_hugs childs_pose seated_hamstring seated_spine_twist high_knees",
    "KNEE": "childs_pose kneeling_piriformis cat_cow bird_dog quadruped_leg_raise",
    "KNEE_REPLACED": "childs_pose quad_stretch side_lying_quad_stretch piriformis_chair",
    "SHO": "chest_opener chest_doorway triceps_stretch arm_circles side_bridge superman",
    "PREG": "seated_spine_twist chair_spine_twist russian_twist piriformis_seated_twist",
    "HTN": "plank childs_pose",
    "BALANCE": "high_knees knee_hugs leg_swings butt_kicks quad_stretch standing_hamstring_reach",
    "WRIST": "cat_cow bird_dog quadruped_leg_raise kneeling_piriformis renegade_row",
    "SIJ": "kneeling_piriformis",
    "GLAUCOMA": "childs_pose",
    "ACUTE": "seated_spine_twist chair_spine_twist supine_spinal_twist piriformis_seated_twist",
}
"""The "no ..." lists of biomechanics 4.4."""


@pytest.mark.parametrize("tag", EXCLUDED)
def test_tags_cover_the_table_of_exclusions(tag: str) -> None:
    """Every exercise that section 4.4 names for a tag has the tag."""
    for name in EXCLUDED[tag].split():
        assert tag in LIBRARY.exercises[name].contraindications, name


@pytest.mark.parametrize("exercise", EXERCISES)
def test_tags_follow_from_the_position(exercise: Exercise) -> None:
    """No lying on back or belly in pregnancy, no kneeling on a sore knee; osteoporosis excludes
    everything that thin bones exclude."""
    tags = exercise.contraindications
    assert exercise.position not in ("supine", "prone") or "PREG" in tags
    assert exercise.position not in ("quadruped", "kneeling") or "KNEE" in tags
    assert "OSTEO_CAUTION" not in tags or "OSTEO" in tags


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_substitute_is_reachable(exercise: Exercise) -> None:
    """For at least one tag the substitute, or one of its own substitutes, is allowed.

    The eased form is described in the substitute's file.
    """
    for substitute in exercise.substitutes:
        other = LIBRARY.exercises[substitute.exercise]
        tags = set(substitute.tags or exercise.contraindications)
        assert tags - set(other.contraindications), substitute
        assert other.easier


def test_arms_go_overhead_only_on_the_feet() -> None:
    """Where the exercise itself raises both hands above the head, they are not a gesture."""
    overhead = {name for name, exercise in LIBRARY.exercises.items() if exercise.overhead}
    assert overhead == {"triceps_stretch", "arm_circles"}


def test_every_file_says_where_its_numbers_come_from() -> None:
    for path in sorted((data_folder("routines") / "exercises").glob("*.toml")):
        head = path.read_text(encoding="utf-8").split("\n\n")[0]
        assert head.startswith("# "), path.name
        assert "\n# Numbers: " in head, path.name


def test_the_example_of_the_guide_is_right(tmp_path: Path) -> None:
    guide = (data_folder("routines") / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "wall_lean.toml"
    path.write_text(guide.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert load_exercise(path).name == "Wall lean"


@pytest.mark.parametrize(
    "kind", [Exercise, Rule, Reps, Dose, Camera, Routine, RoutineStep, Substitute]
)
def test_the_guide_names_every_key(kind: type) -> None:
    guide = (data_folder("routines") / "README.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\w+", guide))
    assert not [field for field in get_type_hints(kind) if field not in names]


def test_a_data_folder_that_does_not_exist() -> None:
    with pytest.raises(FileNotFoundError, match="no 'nothing' folder"):
        data_folder("nothing")


def test_the_side_of_every_picture_that_has_one_is_known() -> None:
    """An exercise done on each side has a picture of one side. If the side were unknown, "your
    left" could appear beside a picture of the right."""
    each = [exercise.id for exercise in LIBRARY.exercises.values() if exercise.sides == "each"]
    assert sorted(working_sides()) == sorted(name for name in each if picture_of(name))


IMAGES = (
    "zip", "seam", "belt", "trays", "tabletop", "honey", "wax", "lighthouse", "drawbridge",
    "deck chair", "wet sand", "slow water", "your laces", "collar", "orange", "melt", "shine ",
)  # fmt: skip
"""Pictures that beginners had to guess at."""


@pytest.mark.parametrize("exercise", EXERCISES)
def test_words_are_british_and_need_no_guessing(exercise: Exercise) -> None:
    for text in texts(exercise):
        lower = text.lower()
        assert not re.search(r"\b(toward|center|color|meters?|favorite)\b", lower), text
        assert not [image for image in IMAGES if image in lower], text
        if text in {rule.cue for rule in exercise.rules}:
            assert len(text.split()) <= 6, text


def test_the_program_speaks_british_english_without_images() -> None:
    for key, text in load_phrases("en").items():
        assert not re.search(r"\b(toward|center|color|meters?|favorite)\b", text.lower()), key
        assert not [image for image in IMAGES if image in text.lower()], key


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_file_claims_a_review_that_nobody_made(exercise: Exercise) -> None:
    """Every file has the mark, and the exercise page says what it holds."""
    path = data_folder("routines") / "exercises" / f"{exercise.id}.toml"
    assert "\nreviewed_by = " in path.read_text(encoding="utf-8")
    words = load_phrases("en")
    assert reviewed(words, replace(exercise, reviewed_by="", reviewed_on="")) == (
        "Not yet reviewed by a clinician."
    )
    seen = replace(exercise, reviewed_by="A. Carer", reviewed_on="2026-01-31")
    assert reviewed(words, seen) == "Reviewed by A. Carer on 2026-01-31."
