"""Routines of a file and of the user's own, and the search, on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shipped import EXERCISES, LIBRARY

from posecheck.commands.arguments import CommandError
from posecheck.commands.listing import check_files, show_found
from posecheck.commands.own_routines import routine_named, with_own
from posecheck.exercise import Routine, RoutineStep
from posecheck.io.paths import data_folder
from posecheck.io.routines.own import OwnRoutines, export_routine
from posecheck.io.routines.problems import RoutineError

MINE = Routine("", "Before bed", "Quiet.", 60, (RoutineStep("knee_rolls"),))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    return tmp_path


def test_a_session_takes_a_shipped_routine_an_own_one_or_a_file(home: Path) -> None:
    saved = OwnRoutines(EXERCISES, LIBRARY.routines).save(MINE)
    library = with_own(LIBRARY)
    assert routine_named("gentle", library) is LIBRARY.routines["gentle"]
    assert routine_named("before_bed", library) == saved
    file = export_routine(saved, home / "x.posecheck")
    assert routine_named(str(file), library) == saved


def test_a_file_with_the_id_of_another_routine_is_not_taken_for_it(home: Path) -> None:
    changed = replace(LIBRARY.routines["gentle"], steps=MINE.steps)
    file = export_routine(changed, home / "gentle.toml")
    found = routine_named(str(file), LIBRARY)
    assert (found.id, found.steps) == ("", MINE.steps)


def test_wrong_names_and_files_get_a_sentence(home: Path) -> None:
    with pytest.raises(RoutineError, match=r"none.posecheck:1: no such file"):
        routine_named("none.posecheck", LIBRARY)
    with pytest.raises(CommandError, match="did you mean 'gentle'"):
        routine_named("gentel", LIBRARY)


def test_a_damaged_own_routine_stops_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "routines").mkdir()
    (home / "routines" / "bad.toml").write_text("x", encoding="utf-8")
    assert with_own(LIBRARY).routines == LIBRARY.routines
    assert "bad.toml:1: not valid TOML" in capsys.readouterr().err


def test_list_finds_what_the_window_finds(capsys: pytest.CaptureFixture[str]) -> None:
    show_found(LIBRARY, "hips sitting")
    said = capsys.readouterr().out
    assert "piriformis_chair" in said
    assert "plank" not in said
    with pytest.raises(CommandError, match="Nothing fits 'zebra'"):
        show_found(LIBRARY, "zebra")


def test_check_knows_the_words_of_a_search(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_files([data_folder("routines") / "search"]) == 0
    assert "3 files, no mistakes" in capsys.readouterr().out
