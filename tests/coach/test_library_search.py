"""The search understands body parts and everyday words, and the filters restrict it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sessions import WORDS
from shipped import EXERCISES, LIBRARY

from posecheck.coach.library_search import Filters, LibrarySearch, place_of, seconds_of, split
from posecheck.exercise import AREAS, CONTRAINDICATIONS, THINGS
from posecheck.history.plan_steps import needed
from posecheck.io.routines.language import load_phrases, translated
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.search_words import load_search_words, read_search_words

NEEDS = {name: needed(exercise) for name, exercise in EXERCISES.items()}
SEARCH = LibrarySearch(EXERCISES.values(), WORDS, load_search_words("en"), NEEDS)


def ids(text: str, filters: Filters | None = None) -> set[str]:
    return {each.id for each in SEARCH.find(text, filters)}


def test_body_parts_everyday_words_and_parts_of_names_find_exercises() -> None:
    assert {"shoulder_rolls", "cat_cow"} <= ids("neck")
    assert {"cat_cow", "knee_to_chest", "seated_spine_twist"} <= ids("back pain")
    assert "cat_cow" in ids("lower back")
    assert "seated_spine_twist" not in ids("low back kneeling")
    assert {"piriformis_chair", "knee_hugs"} <= ids("hips")
    assert {each.position for each in SEARCH.find("sit")} <= {"chair", "sitting"}
    assert {"chair_spine_twist", "seated_march"} <= ids("sit")
    for word in ("childs", "child's", "CHILD’S pose", "Childs  Pose"):
        assert ids(word) == {"childs_pose"}
    assert {"lying_glute_stretch", "bird_dog"} <= ids("bum")
    assert ids("towel") == {"supine_strap_hamstring", "active_isolated_stretching"}
    assert {"high_knees", "arm_circles"} <= ids("warm-up")


def test_a_word_matches_only_beginnings() -> None:
    """chin is in marching, ring in hamstring."""
    assert not {"high_knees", "seated_march"} & ids("chin")
    assert not {"seated_hamstring"} & ids("ring")


def test_all_words_must_match_and_filling_words_count_nothing() -> None:
    assert ids("stretch for my hamstrings") == ids("hamstrings")
    assert ids("neck chair") <= ids("neck") & ids("chair")
    assert ids("neck zebra") == set()
    assert ids("") == ids("exercises for my pain") == set(EXERCISES)


def test_the_best_hit_is_one_that_is_called_so() -> None:
    """Butt kicks work the quadriceps too, and come first in the list."""
    found = SEARCH.find("standing quad")
    assert found[0].id == "butt_kicks"
    best = SEARCH.best("standing quad", found)
    assert best is not None
    assert best.id == "quad_stretch"
    assert SEARCH.best("knee", ()) is None


def test_a_slip_of_the_keys_is_understood() -> None:
    assert ids("hamsting") == ids("hamstring")
    assert ids("sholder") == ids("shoulder")


@pytest.mark.parametrize("area", AREAS)
def test_every_area_is_found_by_its_word_on_the_screen(area: str) -> None:
    wanted = {each.id for each in EXERCISES.values() if area in each.areas}
    assert wanted <= ids(WORDS[f"ui_area_{area}"])
    assert len(wanted) >= 2
    assert ids("", Filters(area=area)) == wanted


def test_filters_restrict_and_combine() -> None:
    for place in ("standing", "chair", "floor"):
        found = SEARCH.find("", Filters(place=place))
        assert found
        assert {place_of(each) for each in found} == {place}
    short = SEARCH.find("", Filters(most_s=60.0))
    assert short
    assert all(seconds_of(each) <= 60 for each in short)
    bare = ids("", Filters(equipment=frozenset()))
    assert "arm_circles" in bare
    assert not {"cat_cow", "seated_march", "cycling"} & bare
    assert ids("", Filters(equipment=frozenset(THINGS))) == set(EXERCISES)
    kneel = ids("", Filters(tags=frozenset({"KNEE"})))
    assert not {"cat_cow", "childs_pose"} & kneel
    assert ids("", Filters(among=frozenset({"plank", "gone"}))) == {"plank"}
    both = Filters(area="hips", place="chair")
    assert ids("", both) == ids("", Filters(area="hips")) & ids("", Filters(place="chair"))


def test_what_i_may_do_leaves_out_what_any_tag_excludes() -> None:
    allowed = SEARCH.find("", Filters(tags=frozenset(CONTRAINDICATIONS)))
    assert "walking" in {each.id for each in allowed}
    assert all(not each.contraindications for each in allowed)


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("de", "Nacken", "shoulder_rolls"),
        ("de", "Rückenschmerzen", "cat_cow"),
        ("de", "ruckenschmerzen sitzen", "seated_pelvic_tilts"),
        ("de", "Übungen für die Hüfte", "piriformis_chair"),
    ],
)
def test_other_languages_have_words_of_their_own(code: str, text: str, found: str) -> None:
    library, words = translated(LIBRARY, code), load_search_words(code)
    search = LibrarySearch(library.exercises.values(), load_phrases(code), words, NEEDS)
    assert found in {each.id for each in search.find(text)}


@pytest.mark.parametrize("code", ["en", "de", "es"])
def test_every_language_names_every_area(code: str) -> None:
    words = load_search_words(code)
    assert set(words.names["area"]) == set(AREAS)
    assert words.ignored


def test_a_language_without_words_takes_the_english_ones() -> None:
    assert load_search_words("xx") == load_search_words("en")


def test_mistakes_of_a_file_of_words_are_all_reported(tmp_path: Path) -> None:
    file = tmp_path / "en.toml"
    file.write_text(
        'ignored = "a"\ncolour = 1\n[area]\nneck = ["nape", ""]\nkneck = ["x"]\n', encoding="utf-8"
    )
    with pytest.raises(RoutineError) as caught:
        read_search_words(file)
    said = "\n".join(caught.value.problems)
    assert "en.toml:1: ignored" in said
    assert "unknown key" in said
    assert "did you mean 'neck'" in said
    assert "area.neck[1]" in said


def test_words_are_compared_without_capitals_accents_and_apostrophes() -> None:
    assert split("Child's Übung, glúteo!") == ("childs", "ubung", "gluteo")


def test_an_exercise_without_areas_is_found_by_its_name_and_group() -> None:
    own = replace(EXERCISES["plank"], id="own", name="My lean", aliases=(), areas=())
    search = LibrarySearch([own], WORDS, load_search_words("en"), {})
    assert search.find("lean core") == (own,)
