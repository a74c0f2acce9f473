"""A user's own routines: written by the rules of the shipped ones, and never replaced silently."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from shipped import EXERCISES, LIBRARY

from posecheck.exercise import Routine, RoutineStep
from posecheck.io.output import OutputError
from posecheck.io.routines.load import load_routine
from posecheck.io.routines.own import OwnRoutines, export_routine, read_routine, text_of
from posecheck.io.routines.problems import RoutineError

STEPS = (
    RoutineStep("cat_cow", reps=6),
    RoutineStep("knee_to_chest", 2, hold_s=20.0, sets=2, rest_s=15.0),
)
MINE = Routine("", 'My "back", Übung 1', "", 300, STEPS)


@pytest.fixture
def own(tmp_path: Path) -> OwnRoutines:
    return OwnRoutines(EXERCISES, LIBRARY.routines, tmp_path / "routines")


def test_what_is_written_is_read_again(own: OwnRoutines, tmp_path: Path) -> None:
    saved = own.save(MINE)
    assert saved.id == "my_back_ubung_1"
    assert saved.fixed
    assert own.load() == ({saved.id: saved}, ())
    path = tmp_path / "routines" / f"{saved.id}.toml"
    assert load_routine(path, EXERCISES) == saved
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", sorted(LIBRARY.routines))
def test_every_shipped_routine_survives_writing(name: str) -> None:
    routine = LIBRARY.routines[name]
    data = tomllib.loads(text_of(routine))
    assert data["id"] == name
    assert [step["exercise"] for step in data["steps"]] == [s.exercise for s in routine.steps]


def test_nothing_is_replaced_unless_it_is_named(own: OwnRoutines) -> None:
    first, second = own.save(MINE), own.save(replace(MINE, steps=STEPS[:1]))
    assert first.id != second.id
    assert len(own.load()[0]) == 2
    changed = own.save(replace(first, steps=STEPS[1:]), replaced=first.id)
    assert own.load()[0][first.id] == changed
    assert own.load()[0][second.id] == second


def test_a_name_of_posechecks_own_gets_another_file(own: OwnRoutines) -> None:
    for name in ("Gentle", "Plank", "../../evil", "", "新しい"):
        saved = own.save(replace(MINE, name=name or "?"))
        assert saved.id not in {*LIBRARY.routines, *EXERCISES}
        assert saved.id.isidentifier()
    assert len(own.load()[0]) == 5


def test_what_is_against_the_rules_is_not_written(own: OwnRoutines, tmp_path: Path) -> None:
    for wrong in (
        replace(MINE, steps=()),
        replace(MINE, steps=(RoutineStep("cat_cow", hold_s=5.0),)),
        replace(MINE, steps=(RoutineStep("plank", sets=99),)),
        replace(MINE, name="line\nbreak"),
    ):
        with pytest.raises(RoutineError):
            own.save(wrong)
    assert list((tmp_path / "routines").iterdir()) == []


def test_a_file_with_mistakes_is_named_and_stays(own: OwnRoutines, tmp_path: Path) -> None:
    good = own.save(MINE)
    bad = tmp_path / "routines" / "bad.toml"
    bad.write_text('id = "bad"\nname = "Bad"\nabout = "x"\nseconds = 1\nstep = []\n', "utf-8")
    (tmp_path / "routines" / "gentle.toml").write_text("", "utf-8")
    found, problems = own.load()
    assert list(found) == [good.id]
    assert any("bad.toml:5: step: unknown key; did you mean 'steps'?" in p for p in problems)
    assert any("gentle.toml" in each for each in problems)
    assert bad.exists()


def test_a_routine_goes_to_someone_else_as_one_file(own: OwnRoutines, tmp_path: Path) -> None:
    saved = own.save(MINE)
    sent = export_routine(saved, tmp_path / "for Ann")
    assert sent.name == "for Ann.posecheck"
    assert read_routine(sent, EXERCISES) == saved
    there = OwnRoutines(EXERCISES, LIBRARY.routines, tmp_path / "other")
    kept = there.save(read_routine(sent, EXERCISES))
    assert kept == saved


def test_a_file_that_is_no_routine_is_refused(tmp_path: Path) -> None:
    for content in (b"\xff\xfe", b"a = ", b'id = "x"\nsteps = [{exercise = "zebra"}]\n', b""):
        file = tmp_path / "x.posecheck"
        file.write_bytes(content)
        with pytest.raises(RoutineError, match=r"x\.posecheck:\d+: "):
            read_routine(file, EXERCISES)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    own = OwnRoutines(EXERCISES, (), tmp_path / "file" / "routines")
    assert own.load() == ({}, ())
    with pytest.raises(OutputError):
        own.save(MINE)


def test_a_removed_routine_is_gone(own: OwnRoutines) -> None:
    saved = own.save(MINE)
    own.remove(saved.id)
    own.remove(saved.id)
    assert own.load() == ({}, ())
