"""A physiotherapist's programme: checked, followed as theirs, answered by the report."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from remembered import NINE

from posecheck.commands import programme as command
from posecheck.commands.arguments import CommandError
from posecheck.commands.report import write_report
from posecheck.history.programme import Programme
from posecheck.history.records import PlannedRecord, SessionRecord, SetRecord
from posecheck.history.report import report_of
from posecheck.io.routines.load import load_all
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.programme import kept_programme, load_programme, programme_path
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.settings import Settings, save_settings

LIBRARY = load_all()
TODAY = date.today()
FILE = """\
title = "After the course"
author = "J. Example, physiotherapist"
begins = "{begins}"
ends = "{ends}"
days_a_week = 3

[[steps]]
exercise = "standing_hamstring_reach"
hold_s = 20.0
sets = 2

[[bands]]
exercise = "standing_hamstring_reach"
rule = "depth"
min = 25
max = 45

[stop]
pain = 6
words = "Stop when the leg tingles."
"""
TEXT = FILE.format(begins=TODAY, ends=TODAY + timedelta(days=60))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def written(tmp_path: Path, text: str = TEXT) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_is_shown_as_its_authors_and_kept_as_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.follow(written(tmp_path), LIBRARY)
    shown = capsys.readouterr().out
    assert "by J. Example, physiotherapist" in shown
    assert "Standing hamstring reach: 20 s, 2 sets" in shown
    assert programme_path().read_text("utf-8") == TEXT
    command.remove()
    assert kept_programme(LIBRARY.exercises) is None


def test_a_band_moves_only_the_range(tmp_path: Path) -> None:
    """Alignment and stop rules are those of the exercise."""
    programme = load_programme(written(tmp_path), LIBRARY.exercises)
    library = command.library_with(programme, LIBRARY)
    before = {r.id: r for r in LIBRARY.exercises["standing_hamstring_reach"].rules}
    after = {r.id: r for r in library.exercises["standing_hamstring_reach"].rules}
    assert (after["depth"].min, after["depth"].max) == (25, 45)
    assert {k: v for k, v in after.items() if k != "depth"} == {
        k: v for k, v in before.items() if k != "depth"
    }


WRONG = {
    "alignment": ('rule = "depth"', 'rule = "knees"', "is no range"),
    "rule": ('rule = "depth"', 'rule = "dept"', "did you mean 'depth'"),
    "days": ("days_a_week = 3", "days_a_week = 9", "days_a_week: must be from 1 to 7"),
    "end": (
        f'ends = "{TODAY + timedelta(days=60)}"',
        'ends = "2020-01-01"',
        "before the beginning",
    ),
    "day": (f'begins = "{TODAY}"', 'begins = "soon"', "must be a day"),
    "exercise": ('exercise = "standing_hamstring_reach"\nhold', 'exercise = "x"\nhold', "unknown"),
    "author": ('author = "J. Example, physiotherapist"', 'author = " "', "must not be empty"),
    "stop": ("pain = 6", "pain = 0", "stop.pain: must be from 1 to 10"),
    "stop_rule": ("max = 45", "max = 85", "beyond the stop rule"),
    "order": ("min = 25", "min = 50", "must be above min"),
    "open": ("max = 45\n", "", "is missing"),
    "key": ("days_a_week", "days_per_week", "unknown key"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_each_mistake_is_named_with_its_line_and_nothing_is_followed(
    kind: str, tmp_path: Path
) -> None:
    old, new, words = WRONG[kind]
    assert old in TEXT
    with pytest.raises(RoutineError, match=r"mine\.toml:\d+: ") as caught:
        command.follow(written(tmp_path, TEXT.replace(old, new, 1)), LIBRARY)
    assert words in str(caught.value)
    assert not programme_path().exists()


def test_its_stop_rule_and_its_days_hold(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No programme"):
        command.programme_today(LIBRARY)
    command.follow(written(tmp_path), LIBRARY)
    assert command.programme_today(LIBRARY).title == "After the course"
    for pains in ([(TODAY, 6)], [(TODAY - timedelta(days=1), 1), (TODAY, 4)]):
        save_settings(Settings(comfort=tuple((day.isoformat(), pain) for day, pain in pains)))
        with pytest.raises(CommandError, match="Stop when the leg tingles"):
            command.programme_today(LIBRARY)
    save_settings(Settings())
    old = FILE.format(begins="2020-01-01", ends="2020-02-01")
    command.follow(written(tmp_path, old), LIBRARY)
    with pytest.raises(CommandError, match="1 Jan 2020 to 1 Feb 2020"):
        command.programme_today(LIBRARY)


def done_session(number: int, sets: int) -> SessionRecord:
    planned = (PlannedRecord("standing_hamstring_reach", None, 1, 2, 20, None, None, 0),) * 2
    made = tuple(
        SetRecord(n, "standing_hamstring_reach", None, True, "done", 30.0, 20.0)
        for n in range(sets)
    )
    began = NINE + timedelta(days=number)
    return SessionRecord(
        str(number), began, "x", "programme", "programme", 2, "done", planned=planned, sets=made
    )


def test_the_report_answers_the_programme(tmp_path: Path) -> None:
    """Only sessions with the whole dose, against the days that were asked for."""
    programme: Programme = load_programme(written(tmp_path), LIBRARY.exercises)
    day = NINE.date()
    programme = replace(programme, begins=day, ends=day + timedelta(days=13))
    with closing(HistoryStore()) as store:
        for number, sets in enumerate((2, 1, 2)):
            store.save(done_session(number, sets))
        history = store.history()
    report = report_of(
        history, day, day + timedelta(days=13), NINE, LIBRARY.exercises, programme=programme
    )
    (answer,) = report.answers
    assert (answer.wanted, answer.done, answer.seconds) == (6, 2, 20)


def test_a_report_is_written_with_its_json_beside_it(tmp_path: Path) -> None:
    command.follow(written(tmp_path), LIBRARY)
    with closing(HistoryStore()) as store:
        store.save(done_session(0, 2))
    out = tmp_path / "report.html"
    write_report("2026-03-01", "2026-03-31", out, LIBRARY)
    page = out.read_text("utf-8")
    assert "The programme: After the course" in page
    assert (tmp_path / "report.json").exists()
    with pytest.raises(CommandError, match="before it begins"):
        write_report("2026-03-31", "2026-03-01", out, LIBRARY)
    with pytest.raises(CommandError, match=r"\.html or \.pdf"):
        write_report(None, None, tmp_path / "report.doc", LIBRARY)
