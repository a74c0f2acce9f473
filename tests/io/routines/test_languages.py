"""The languages: complete, of today's English, with the same words in braces."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from sessions import WORDS
from shipped import LIBRARY

from posecheck.coach.plurals import Plural
from posecheck.commands.translating import translate
from posecheck.io.desktop.languages import posix_languages
from posecheck.io.paths import data_folder
from posecheck.io.routines.language import (
    ENGLISH,
    EXERCISE_FOLDER,
    PHRASE_FILE,
    ROUTINE_FILE,
    chosen_language,
    languages,
    load_phrases,
    overlay_files,
    phrase,
    translated,
)
from posecheck.io.routines.load import Library
from posecheck.io.routines.overlay import Text, mark_of, read_overlay
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.texts import texts_of
from posecheck.io.routines.translation import LONGEST_CUE, english_files, translation_problems

CODES = tuple(each.code for each in languages() if each.code != ENGLISH)
ONE = Library({"plank": LIBRARY.exercises["plank"]}, {"gentle": LIBRARY.routines["gentle"]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of languages with English, and with French without a text."""
    english = data_folder("routines") / "lang"
    (tmp_path / "en.toml").write_bytes((english / "en.toml").read_bytes())
    for code, name in (("en", "English"), ("fr", "Français")):
        (tmp_path / code).mkdir()
        text = f'name = "{name}"\nplural = "n > 1"\n'
        (tmp_path / code / "language.toml").write_text(text, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / "fr" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# --- the shipped languages ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_a_shipped_language_is_complete(code: str) -> None:
    """Nothing is missing, stale, too long or left over; words in braces are the same."""
    assert translation_problems(code, LIBRARY) == ()


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_every_shipped_text_has_the_mark_of_its_english(code: str) -> None:
    """Without the mark a change of the English text would go unnoticed."""
    for path in overlay_files(code):
        overlay = read_overlay(path)
        assert [key for key, entry in overlay.entries.items() if not entry.english] == [], path
        assert overlay.problems.problems() == ()


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_nothing_is_left_in_english(code: str) -> None:
    """Of the long texts: a short one may be the same word in both languages."""
    phrases = load_phrases(code)
    same = {key for key, text in phrases.items() if text == WORDS[key] and letters(text) > 12}
    assert same <= {"ui_camera_example"}
    library = translated(LIBRARY, code)
    for name, exercise in LIBRARY.exercises.items():
        left = {text for _, text in texts_of(exercise)} & {
            text for _, text in texts_of(library.exercises[name])
        }
        assert {text for text in left if letters(text) > 12} == set(), name


def letters(text: Text) -> int:
    """How many letters stand outside of braces."""
    return len(re.sub(r"\{\w+\}|[^a-z]", "", str(text).lower()))


# --- falling back ---------------------------------------------------------------------------------


def test_what_is_missing_stale_or_wrong_stays_english_and_is_logged(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(
        folder,
        PHRASE_FILE,
        f'nobody = {{ text = "Entrez", english = "{mark_of(WORDS["nobody"])}" }}\n'
        'praise = { text = "Bien", english = "000000" }\n'
        'about = "environ"\n'
        'start = "{name}"\n'
        "hold = 3\n",
    )
    with caplog.at_level(logging.WARNING, "posecheck.languages"):
        phrases = load_phrases("fr", folder)
    assert phrases["nobody"] == "Entrez"
    assert phrases["start"] == "{name}"
    for key in ("praise", "about", "hold", "seen"):
        assert phrases[key] == WORDS[key]
    assert "texts are shown in English" in caplog.text


def test_a_file_that_is_missing_or_no_toml_stays_english(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, ROUTINE_FILE, "gentle.name = ")
    with caplog.at_level(logging.WARNING, "posecheck.languages"):
        assert translated(ONE, "fr", folder) == ONE
        assert load_phrases("fr", folder) == WORDS
    assert "routines.toml:1" in caplog.text
    assert "plank.toml is missing" in caplog.text


def test_an_exercise_speaks_another_language_and_is_otherwise_the_same(folder: Path) -> None:
    write(
        folder,
        f"{EXERCISE_FOLDER}/plank.toml",
        'name = "Planche"\naliases = ["gainage"]\ninstructions.2 = "Levez-vous."\n'
        'rules.sag.cue = "Levez les hanches"\ncamera.hint = "Baissez la caméra."\n',
    )
    write(folder, ROUTINE_FILE, 'gentle.name = "Doux"\n')
    library = translated(ONE, "fr", folder)
    before, after = ONE.exercises["plank"], library.exercises["plank"]
    assert (after.name, after.aliases) == ("Planche", ("gainage",))
    assert after.instructions == (before.instructions[0], "Levez-vous.", *before.instructions[2:])
    assert after.camera is not None
    assert after.camera.hint == "Baissez la caméra."
    cues = {rule.id: rule.cue for rule in after.rules}
    assert cues.pop("sag") == "Levez les hanches"
    assert cues.items() <= {rule.id: rule.cue for rule in before.rules}.items()
    assert (after.dose, after.contraindications) == (before.dose, before.contraindications)
    assert library.routines["gentle"].name == "Doux"
    assert library.routines["gentle"].steps == ONE.routines["gentle"].steps


# --- choosing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "system", "chosen"),
    [
        ("", ("fr-CA", "en-GB"), "fr"),
        ("", ("pt-BR", "fr_FR"), "fr"),
        ("", ("pt-BR",), "en"),
        ("", (), "en"),
        ("en", ("fr-FR",), "en"),
    ],
)
def test_the_language_is_the_settings_or_the_systems(
    folder: Path, wanted: str, system: tuple[str, ...], chosen: str
) -> None:
    assert chosen_language(wanted, system, folder) == chosen


def test_an_unknown_language_is_refused_with_the_known_ones(folder: Path) -> None:
    with pytest.raises(RoutineError, match="There is no language 'xx'; known: en, fr"):
        chosen_language("xx", (), folder)


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"LANG": "de_AT.UTF-8"}, ("de_AT",)),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "es_ES@euro"}, ("es_ES",)),
        ({"LC_ALL": "C.UTF-8", "LANG": "de_DE", "LANGUAGE": "de"}, ()),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:es"}, ("de", "es", "en_GB")),
        ({}, ()),
    ],
)
def test_the_environment_names_the_language(
    environment: dict[str, str], found: tuple[str, ...]
) -> None:
    assert posix_languages(environment) == found


# --- plurals --------------------------------------------------------------------------------------


def test_a_plural_chooses_its_form_by_the_count() -> None:
    dose = WORDS["report_amount_reps"]
    assert isinstance(dose, Plural)
    assert [dose.format(count=count) for count in (0, 1, 2, "1")] == [
        "0 repetitions", "1 repetition", "2 repetitions", "1 repetition",
    ]  # fmt: skip
    polish = phrase(("a", "b", "c"), lambda n: 0 if n == 1 else 1 if 2 <= n <= 4 else 2)
    assert [polish.format(count=count) for count in (1, 3, 5)] == ["a", "b", "c"]


# --- for the translator ---------------------------------------------------------------------------


def test_a_new_language_gets_its_files_and_says_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translate("nl", ONE, folder) == 1
    names = {file.name for file in english_files(ONE, folder)}
    assert {str(path.relative_to(folder / "nl")) for path in overlay_files("nl", folder)} == names
    text = (folder / "nl" / EXERCISE_FOLDER / "plank.toml").read_text(encoding="utf-8")
    assert '# Forearm plank\nname = ""\n' in text
    assert 'reviewed_by = ""' in text
    said = capsys.readouterr().out
    assert "nl/phrases.toml" in said
    assert "nobody: is missing: Step into the picture" in said


def test_writing_the_files_again_keeps_texts_and_marks_what_is_stale(folder: Path) -> None:
    mark = mark_of("Forearm plank")
    write(
        folder,
        f"{EXERCISE_FOLDER}/plank.toml",
        'reviewed_by = "A. Martin, kinésithérapeute"\nreviewed_on = "2026-01-31"\n'
        'name = "Planche"\nsafety = { text = "Respirez.", english = "000000" }\ngone = "Vieux"\n',
    )
    problems = translation_problems("fr", ONE, folder)
    assert "fr/plank.toml:5: gone: there is no such English text" in [
        line.replace("exercises/", "fr/") for line in problems
    ]
    translate("fr", ONE, folder)
    text = (folder / "fr" / EXERCISE_FOLDER / "plank.toml").read_text(encoding="utf-8")
    assert 'reviewed_by = "A. Martin, kinésithérapeute"' in text
    assert f'name = {{ text = "Planche", english = "{mark}" }}' in text
    assert "is of an older English text" in text
    assert 'safety = { text = "Respirez.", english = "000000" }' in text
    assert "Vieux" not in text


def test_a_cue_that_is_too_long_and_other_braces_are_named(folder: Path) -> None:
    write(folder, PHRASE_FILE, 'about = "à peu près {valeur}"\nnobody = ["a", "b"]\n')
    write(folder, f"{EXERCISE_FOLDER}/plank.toml", f'rules.sag.cue = "{"x" * (LONGEST_CUE + 1)}"\n')
    problems = "\n".join(translation_problems("fr", ONE, folder))
    assert "about: unknown word {valeur}; known: {value}" in problems
    assert "nobody: only a phrase with {count} has several forms" in problems
    assert f"rules.sag.cue: has {LONGEST_CUE + 1} characters" in problems


@pytest.mark.parametrize("code", ["..", "EN", "x", "de/../fr"])
def test_a_code_that_is_none_writes_nothing(folder: Path, code: str) -> None:
    with pytest.raises(RoutineError, match="is no code of a language"):
        translate(code, ONE, folder)


def test_english_is_not_translated(folder: Path) -> None:
    with pytest.raises(RoutineError, match="English is the source"):
        translate("en", ONE, folder)
