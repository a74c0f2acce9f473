"""`posecheck history`: shown, exported, imported and deleted."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from led import STRAIGHT
from remembered import remember
from test_window_command import SHORT, environment, session

from posecheck.commands import history as command
from posecheck.commands.arguments import CommandError
from posecheck.desk.minutes import Minute
from posecheck.history.records import SessionRecord, SetRecord
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.history import HISTORY_FILE, HistoryStore, history_path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_without_sessions_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    command.show()
    assert "Nothing is remembered yet" in capsys.readouterr().out


@pytest.mark.slow
def test_the_last_sessions_are_shown_with_their_place(capsys: pytest.CaptureFixture[str]) -> None:
    remember(history_path(), (STRAIGHT, 40.0))
    command.show()
    shown = capsys.readouterr().out
    assert "2026-03-02 09:00  Lower back: 1 min, 3 s in right form, ended early" in shown
    assert str(history_path()) in shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ({"unchecked_s": 90.0}, "90 s not checked"),
        ({"correct_s": 30.0, "unchecked_s": 20.0}, "30 s in right form, 20 s not checked"),
        ({"wrong_s": 9.0}, "0 s in right form"),
    ],
)
def test_what_was_not_checked_is_shown_as_that(seconds: dict[str, Any], words: str) -> None:
    """A session without a camera is not one with nothing right."""
    each = SetRecord(0, "plank", None, True, "done", seconds=100.0, **seconds)
    record = SessionRecord("1", datetime(2026, 3, 2, 9, 0), "Core", "core", "session", 2, "done",
                           sets=(each,))  # fmt: skip
    assert command.session_lines([record])[0].endswith(f": 0 min, {words}, completed")


def test_an_export_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    remember(history_path(), (STRAIGHT, 12.0))
    out = tmp_path / "out.json"
    command.export("json", out)
    assert json.loads(out.read_text("utf-8"))["tables"]["sessions"][0]["name"] == "Lower back"
    if sys.platform != "win32":
        assert out.stat().st_mode & 0o777 == 0o600


def test_nothing_is_deleted_without_consent() -> None:
    remember(history_path(), (STRAIGHT, 12.0))
    with pytest.raises(CommandError, match="--yes"):
        command.delete_all(sure=False)
    with closing(HistoryStore()) as store:
        assert len(store.history().sessions) == 1


def test_delete_all_deletes_days_at_the_desk_too(home: Path) -> None:
    """Everything in the folder but the settings: both stores, the calibrations, the log."""
    now = datetime.now().astimezone()
    remember(history_path(), (STRAIGHT, 12.0))
    with closing(DeskStore()) as days:
        days.add_minute(now, Minute(60.0, {"upright": 60.0}))
    (home / "log").mkdir()
    (home / "log" / "posecheck.log").write_text("before")
    (home / "settings.json").write_text("{}")
    command.delete_all(sure=True)
    with closing(HistoryStore()) as store, closing(DeskStore()) as days:
        assert store.history().sessions == ()
        assert days.day(now.date()).minutes == ()
    assert not (home / "log" / "posecheck.log").exists()
    assert (home / "settings.json").read_text() == "{}"


@pytest.mark.process
def test_a_session_on_request_is_remembered_and_moves_to_another_home(
    home: Path, tmp_path: Path
) -> None:
    """A real model on a real clip, as a process; exported to a pipe, imported elsewhere."""
    done = session(home, *SHORT, "--remember")
    assert (done.returncode, done.stderr) == (0, "")
    run = [sys.executable, "-m", "posecheck", "history"]
    out = subprocess.run(
        [*run, "--export", "csv"], capture_output=True, check=True, env=environment(home)
    ).stdout
    (tmp_path / "history.csv").write_bytes(out)
    other = tmp_path / "other"
    subprocess.run([*run, "--import", tmp_path / "history.csv"], check=True, env=environment(other))
    with (
        closing(HistoryStore(home / HISTORY_FILE)) as a,
        closing(HistoryStore(other / HISTORY_FILE)) as b,
    ):
        (kept,) = a.history().sessions
        assert b.history() == a.history()
    assert (kept.name, kept.outcome, len(kept.sets)) == ("Child's pose", "left", 1)
    assert f"{kept.correct_s:.0f} s" in done.stdout
