"""The commands that print what posecheck knows: list, show, metrics and check, in this process.

`tests/test_cli.py` runs some of them as the user does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from posecheck.cli import app
from posecheck.commands.listing import verdict
from posecheck.io.paths import data_folder
from posecheck.io.requirements import SystemFinding


class Printed(NamedTuple):
    """The exit code of a command, and what it printed."""

    code: object
    out: str


Here = Callable[..., Printed]


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Runs a command in this process, for a terminal of 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*args: object) -> Printed:
        with pytest.raises(SystemExit) as ended:
            app([str(arg) for arg in args], prog_name="posecheck")
        return Printed(ended.value.code, capsys.readouterr().out)

    return run


@pytest.mark.slow
def test_everything_is_listed(here: Here) -> None:
    done = here("list")
    assert done.code == 0
    for word in ("bird_dog", "Partly form-checked", "foam_rolling", "lower_back", "about 10 min"):
        assert word in done.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bird_dog", ("hands and knees", "leg_low", "Not checked", "hurt your wrists")),
        ("child's pose", ("childs pose", "hips_high")),
        ("warmup_4min", ("leg_swings", "about 3 min")),
        ("foam_rolling", ("not form-checked",)),
        ("cat_cow", ("Instead: childs_pose for WRIST, STENOSIS; seated_pelvic_tilts",)),
        ("high_knees", ("Instead: butt_kicks (its easier form) for THR",)),
    ],
)
def test_one_thing_is_shown(name: str, words: tuple[str, ...], here: Here) -> None:
    done = here("show", name)
    assert done.code == 0
    assert not [word for word in words if word.lower() not in done.out.lower().replace("'", "")]


def test_metrics_are_listed(here: Here) -> None:
    done = here("metrics")
    assert done.code == 0
    assert "knee_angle.<side>" in done.out


@pytest.mark.slow
def test_shipped_files_have_no_mistakes(here: Here) -> None:
    done = here("check", data_folder("routines"))
    assert done.code == 0
    assert done.out.endswith("files, no mistakes\n")


def test_every_mistake_of_a_file_is_shown(tmp_path: Path, here: Here) -> None:
    shipped = (data_folder("routines") / "exercises" / "plank.toml").read_text(encoding="utf-8")
    bad = tmp_path / "plank.toml"
    text = shipped.replace('category = "hold"', 'category = "hld"')
    bad.write_text(text.replace('metric = "', 'metric = "x', 1), encoding="utf-8")
    done = here("check", bad, tmp_path / "missing.toml")
    assert done.code == 2
    assert "did you mean 'hold'?" in done.out
    assert "unknown metric" in done.out
    assert "missing.toml:1: no such file" in done.out
    assert done.out.endswith("2 files, 3 mistakes\n")


@pytest.mark.parametrize(
    ("states", "line"),
    [
        ({"Display": True, "Cameras": True}, "Ready to start."),
        ({"Voice": None, "Processor": None}, "Ready to start. Missing for a session: a voice."),
        (
            {"Cameras": None, "Display": None, "Voice": None, "Sound": None},
            "Ready to analyse recordings. "
            "Missing for a session: a display, a camera, a voice, sound.",
        ),
        ({"Models": False, "Voice": None}, "Needs attention: Models"),
    ],
)
def test_the_doctor_ends_with_what_is_missing(states: dict[str, bool | None], line: str) -> None:
    assert verdict([SystemFinding(name, ok, "") for name, ok in states.items()]) == line


def test_brackets_in_a_file_are_text(tmp_path: Path, here: Here) -> None:
    (tmp_path / "exercises").mkdir()
    shipped = data_folder("routines") / "exercises" / "walking.toml"
    text = shipped.read_text(encoding="utf-8").replace("Walk at a pace", "Walk [/now] at [red] a")
    (tmp_path / "exercises" / "walking.toml").write_text(text, encoding="utf-8")
    done = here("show", "walking", "--routines", tmp_path)
    assert done.code == 0
    assert "Walk [/now] at [red] a" in done.out
