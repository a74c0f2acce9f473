"""The settings file: saved values are loaded again, and an invalid value affects no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from posecheck.coach.speech_queue import Talk
from posecheck.desk.day import BreakMode
from posecheck.desk.monitor import Sensitivity
from posecheck.io.output import OutputError
from posecheck.io.paths import settings_home
from posecheck.io.store.settings import (
    BREAK_MODES,
    COMFORT_DAYS,
    SENSITIVITIES,
    TALKS,
    Settings,
    load_settings,
    merged,
    save_settings,
    with_comfort,
    with_session_day,
)

CHOSEN = Settings(
    camera="Desk camera é",
    level=1,
    talk="full",
    text_scale=1.5,
    voice_volume=0.7,
    voice_rate=-0.3,
    tone_volume=0.0,
    theme="dark",
    reduced_motion=True,
    tags=("KNEE", "PREG"),
    screened="advice",
    comfort=(("2026-01-30", 3), ("2026-01-31", 10)),
    start_side="right",
    start_date="2026-01-31",
    desk_camera="1",
    break_mode="20-8-2",
    sensitivity="low",
    quiet_from="22:00",
    quiet_to="07:30",
    battery_saver=True,
    desk_voice=False,
    nudges=False,
)


def write(folder: Path, data: Any) -> None:
    (folder / "settings.json").write_text(json.dumps(data), encoding="utf-8")


def test_saved_settings_are_loaded_again(tmp_path: Path) -> None:
    """Saving creates a missing folder. Loading returns every value and no remark."""
    folder = tmp_path / "new" / "posecheck"
    assert save_settings(CHOSEN, folder) == CHOSEN
    assert load_settings(folder) == (CHOSEN, ())
    assert {path.name for path in folder.iterdir()} == {"settings.json", ".settings.json.lock"}


def test_a_missing_file_gives_defaults(tmp_path: Path) -> None:
    """Without a file all values are defaults, and loading creates no file."""
    assert load_settings(tmp_path) == (Settings(), ())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    """The file contains answers about health, so group and others have no permissions."""
    save_settings(CHOSEN, tmp_path)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


WRONG = {
    "camera": 3,
    "level": 4,
    "talk": "loud",
    "text_scale": 7,
    "voice_volume": 2,
    "voice_rate": "fast",
    "tone_volume": -1,
    "theme": ["dark"],
    "reduced_motion": 1,
    "screened": "yes",
    "start_side": {"left": 1},
    "start_date": "31.1.2026",
    "language": "English, please",
    "desk_camera": None,
    "break_mode": "30-2",
    "sensitivity": 1,
    "quiet_from": "24:00",
    "quiet_to": "7:30",
    "battery_saver": "no",
    "desk_voice": 1,
    "nudges": [],
}


@pytest.mark.parametrize("name", WRONG)
def test_an_invalid_value_affects_no_other(name: str, tmp_path: Path) -> None:
    """It gets its default, one remark names it, and all other values are kept."""
    save_settings(CHOSEN, tmp_path)
    data = json.loads((tmp_path / "settings.json").read_text(encoding="utf-8"))
    write(tmp_path, data | {name: WRONG[name]})
    settings, remarks = load_settings(tmp_path)
    default: dict[str, Any] = {name: getattr(Settings(), name)}
    assert settings == replace(CHOSEN, **default)
    assert len(remarks) == 1
    assert remarks[0].startswith(f"settings.json: {name} must be ")


def test_the_choices_are_those_of_the_core() -> None:
    """The settings repeat them to avoid an import; the copies must stay equal."""
    assert get_args(Talk) == TALKS
    assert get_args(BreakMode) == BREAK_MODES
    assert get_args(Sensitivity) == SENSITIVITIES


def test_a_number_is_not_true_and_true_is_no_number(tmp_path: Path) -> None:
    """JSON distinguishes booleans and numbers, and so do the settings."""
    write(tmp_path, {"level": True, "text_scale": True, "reduced_motion": 0})
    settings, remarks = load_settings(tmp_path)
    assert settings == Settings()
    assert len(remarks) == 3


def test_unknown_keys_are_dropped(tmp_path: Path) -> None:
    """A key that another version wrote is not saved again."""
    write(tmp_path, {"level": 3, "name": "Ada"})
    assert load_settings(tmp_path) == (Settings(level=3), ())
    save_settings(Settings(level=3), tmp_path)
    assert "Ada" not in (tmp_path / "settings.json").read_text(encoding="utf-8")


def test_valid_items_of_a_list_are_kept(tmp_path: Path) -> None:
    """Each invalid day gives one remark; the valid days are loaded in order, each once."""
    days = [["2026-02-02", 4], ["2026-02-01", 2], ["yesterday", 5], ["2026-02-03", 11], 7]
    write(tmp_path, {"comfort": days})
    settings, remarks = load_settings(tmp_path)
    assert settings.comfort == (("2026-02-01", 2), ("2026-02-02", 4))
    assert len(remarks) == 3


@pytest.mark.parametrize("tags", ["KNEE", ["KNEE", "ELBOW"], [["KNEE"]]])
def test_damaged_tags_ask_the_safety_questions_again(tags: Any, tmp_path: Path) -> None:
    """Contraindications are never guessed: the exercises are locked until the user answers."""
    write(tmp_path, {"tags": tags, "screened": "clear"})
    settings, remarks = load_settings(tmp_path)
    assert settings.screened == ""
    assert remarks[-1] == "The safety questions will be asked again."


DAMAGED = [b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b"[" * 50_000, b'{"level": 1} x', b"9" * 200_000]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_renamed(content: bytes, tmp_path: Path) -> None:
    """Its content is unchanged and one remark names it. The next start has no remark."""
    (tmp_path / "settings.json").write_bytes(content)
    settings, remarks = load_settings(tmp_path)
    assert settings == Settings()
    assert len(remarks) == 1
    assert "settings.broken.json" in remarks[0]
    assert (tmp_path / "settings.broken.json").read_bytes() == content
    assert load_settings(tmp_path) == (Settings(), ())


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    """Each damaged file gets a name of its own."""
    for content in ("first", "second", "third"):
        (tmp_path / "settings.json").write_text(content)
        load_settings(tmp_path)
    kept = {path.name: path.read_text() for path in tmp_path.glob("settings*")}
    assert sorted(kept.values()) == ["first", "second", "third"]
    assert kept["settings.broken.json"] == "first"


def test_a_folder_that_cannot_be_written_raises_an_output_error(tmp_path: Path) -> None:
    """What is in its place is unchanged."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError):
        save_settings(CHOSEN, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_pain_is_kept_once_a_day_and_sixty_days() -> None:
    """A second answer of a day replaces the first, and the oldest days are removed."""
    settings = Settings()
    first = date(2026, 1, 1)
    for number in range(70):
        settings = with_comfort(settings, first + timedelta(days=number), number % 11)
    last = first + timedelta(days=69)
    settings = with_comfort(settings, last, 9)
    assert len(settings.comfort) == COMFORT_DAYS
    assert settings.comfort[-1] == (last.isoformat(), 9)
    assert settings.comfort[0][0] == (first + timedelta(days=10)).isoformat()


def test_the_other_side_goes_first_on_another_day() -> None:
    """Left on the first day, the same side all day, then alternately."""
    monday = date(2026, 1, 5)
    first = with_session_day(Settings(), monday)
    second = with_session_day(first, monday + timedelta(days=1))
    third = with_session_day(second, monday + timedelta(days=5))
    assert with_session_day(first, monday) == first
    assert [each.start_side for each in (first, second, third)] == ["left", "right", "left"]


def test_the_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """POSECHECK_HOME names the folder; without it the system's configuration folder is used."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    assert settings_home() == tmp_path
    save_settings(CHOSEN)
    assert load_settings() == (CHOSEN, ())
    monkeypatch.setenv("POSECHECK_HOME", "")
    assert settings_home().name == "posecheck"


# --- two programs, and links --------------------------------------------------------------------

ANSWERED = replace(CHOSEN, tags=("DISC",), screened="advice", comfort=(("2026-11-30", 6),))


@pytest.mark.parametrize("desk_first", [True, False])
def test_what_two_programs_change_is_kept_in_either_order(desk_first: bool, tmp_path: Path) -> None:
    """The window stores the safety answers and a day's pain; the desk, which has read the file
    before, another break rhythm."""
    save_settings(CHOSEN, tmp_path)
    changes = [replace(CHOSEN, break_mode="50/10"), ANSWERED]
    for mine in changes if desk_first else reversed(changes):
        save_settings(mine, tmp_path, known=CHOSEN)
    assert load_settings(tmp_path) == (replace(ANSWERED, break_mode="50/10"), ())


def test_safety_answers_are_merged_as_one(tmp_path: Path) -> None:
    """The last complete answer holds: "clear" never stands beside another program's yes."""
    save_settings(replace(CHOSEN, tags=("DISC",), screened="advice"), tmp_path)
    known = replace(CHOSEN, tags=(), screened="")
    written = save_settings(replace(known, screened="clear"), tmp_path, known=known)
    assert (written.tags, written.screened) == ((), "clear")


def test_days_of_pain_are_merged_one_by_one(tmp_path: Path) -> None:
    """A day that was added by each, one that was changed, and one that was forgotten."""
    known = replace(CHOSEN, comfort=(("2026-01-01", 1), ("2026-01-02", 2)))
    theirs = replace(CHOSEN, comfort=(*known.comfort, ("2026-01-03", 3)))
    mine = replace(CHOSEN, comfort=(("2026-01-02", 5), ("2026-01-04", 4)))
    assert merged(mine, known, theirs).comfort == (
        ("2026-01-02", 5),
        ("2026-01-03", 3),
        ("2026-01-04", 4),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows needs a right for links")
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link(there: bool, tmp_path: Path) -> None:
    """As of a folder of settings that is shared between computers; the file behind it changes."""
    (tmp_path / "shared").mkdir()
    real, link = tmp_path / "shared" / "dot.json", tmp_path / "settings.json"
    link.symlink_to(real)
    if there:
        real.write_text('{"theme": "dark"}')
    save_settings(replace(CHOSEN, level=3), tmp_path)
    assert link.is_symlink()
    assert json.loads(real.read_text(encoding="utf-8"))["level"] == 3
    real.write_text("{")
    _, remarks = load_settings(tmp_path)
    assert "dot.broken.json" in remarks[0]
    assert link.is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_file_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    """It may hold safety answers. As after a start as administrator."""
    save_settings(CHOSEN, tmp_path)
    (tmp_path / "settings.json").chmod(0)
    tmp_path.chmod(0o777)
    (tmp_path / ".settings.json.lock").chmod(0o666)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)  # root may read everything
    try:
        with pytest.raises(OutputError, match=r"settings\.json"):
            save_settings(replace(CHOSEN, level=3), tmp_path, known=CHOSEN)
    finally:
        os.seteuid(me)
    (tmp_path / "settings.json").chmod(0o600)
    assert load_settings(tmp_path) == (CHOSEN, ())


def test_a_planted_link_at_the_temporary_name_is_not_followed(tmp_path: Path) -> None:
    """Nor is what a killed program left there used."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / ".settings.json.part").symlink_to(victim)
    save_settings(CHOSEN, tmp_path)
    assert victim.read_text() == "mine"
    assert load_settings(tmp_path) == (CHOSEN, ())


TWO_WRITERS = """
import sys
from dataclasses import replace
from pathlib import Path
from posecheck.io.store.settings import load_settings, save_settings, with_comfort
from datetime import date, timedelta

folder, odd = Path(sys.argv[1]), int(sys.argv[2])
known, _ = load_settings(folder)
print("ready", flush=True)
sys.stdin.readline()
for number in range(25):
    day = date(2026, 1, 1) + timedelta(days=2 * number + odd)
    known = save_settings(with_comfort(known, day, number % 11), folder, known)
"""


@pytest.mark.process
def test_two_programs_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Fifty changes, each on top of the other program's."""
    save_settings(Settings(), tmp_path)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", TWO_WRITERS, str(tmp_path), str(odd)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for odd in (0, 1)
    ]  # fmt: skip
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.communicate("go\n", timeout=60)
        assert child.returncode == 0
    settings, remarks = load_settings(tmp_path)
    assert remarks == ()
    assert len(settings.comfort) == 50
