"""Reminders by the system's scheduler: files of this user, made and removed on request."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from remembered import NINE
from sessions import WORDS
from shipped import LIBRARY

from posecheck.commands import reminders
from posecheck.commands.arguments import CommandError
from posecheck.commands.remind_now import Notice, OneReminder
from posecheck.desk.alerts import FREE, Circumstances
from posecheck.io.desktop.schedule import (
    SERVICE,
    TIMER,
    agent,
    command,
    schedule,
    scheduled,
    service,
    task,
    timer,
    units,
    unschedule,
)
from posecheck.io.desktop.single_instance import SingleInstance, desk_runs
from posecheck.io.output import OutputError
from posecheck.io.store.settings import Settings, load_settings
from posecheck.ui.memory.model import Memory
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.plan_choice import PlanChoice

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has systemd")
SYSTEMCTL = """#!/bin/sh
echo "$*" >> "{log}"
exit {code}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user of Linux with folders of their own, whose systemctl writes down its arguments."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (tmp_path / "bin").mkdir()
    answering(tmp_path, 0)
    return tmp_path


def answering(home: Path, code: int) -> None:
    """Let systemd end with a code from now on."""
    program = home / "bin" / "systemctl"
    program.write_text(SYSTEMCTL.format(log=home / "log", code=code))
    program.chmod(0o755)


def files(home: Path) -> list[str]:
    folder = home / "config" / "systemd" / "user"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


@linux
@pytest.mark.process
def test_it_is_made_on_request_and_removed_again(home: Path) -> None:
    """The timer starts now and at each login. What others have there stays."""
    others = units() / "timers.target.wants" / "backup.timer"
    others.parent.mkdir(parents=True)
    others.touch()
    assert not scheduled()
    schedule(("08:00", "18:00"))
    schedule(("07:30",))
    assert scheduled()
    wanted = f"timers.target.wants/{TIMER}"
    assert files(home) == sorted((SERVICE, TIMER, wanted, "timers.target.wants/backup.timer"))
    assert (units() / wanted).read_text() == timer(("07:30",))
    assert (home / "log").read_text().splitlines()[-2:] == [
        "--user daemon-reload",
        f"--user restart {TIMER}",
    ]
    unschedule()
    unschedule()
    assert not scheduled()
    assert files(home) == ["timers.target.wants/backup.timer"]
    assert f"--user stop {TIMER}" in (home / "log").read_text()


@linux
@pytest.mark.process
def test_without_a_scheduler_nothing_is_left_behind(home: Path) -> None:
    answering(home, 1)
    with pytest.raises(OutputError, match=r"systemd.*--ics"):
        schedule(("08:00",))
    assert files(home) == []


@linux
@pytest.mark.process
def test_the_command_keeps_times_and_scheduler_together(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """New times reach the scheduler; without times it has nothing; a refusal changes nothing."""
    with pytest.raises(CommandError, match="Choose a time"):
        reminders.set_reminders(None, True)
    reminders.set_reminders(["18:00"], True)
    assert "scheduler" in capsys.readouterr().out
    reminders.set_reminders(["7:15"], None)
    assert "07:15:00" in (units() / TIMER).read_text()
    answering(home, 1)
    with pytest.raises(OutputError):
        reminders.set_reminders(["9:00"], True)
    assert load_settings()[0].remind_at == ("07:15",)
    answering(home, 0)
    reminders.set_reminders(["9:00"], True)
    reminders.set_reminders((), False)
    assert not scheduled()
    assert load_settings()[0].remind_at == ()


@linux
@pytest.mark.process
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_no_mistake_in_the_units(tmp_path: Path) -> None:
    (tmp_path / SERVICE).write_text(service(command()))
    (tmp_path / TIMER).write_text(timer(("08:00", "18:30")))
    run = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / SERVICE), str(tmp_path / TIMER)],
        capture_output=True,
        text=True,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
        check=False,
    )
    assert own_lines(run.stderr) == []


def own_lines(text: str) -> list[str]:
    """The lines about the units of posecheck."""
    return [line for line in text.splitlines() if "posecheck-reminder" in line]


def test_a_strange_folder_is_quoted_for_systemd() -> None:
    text = service(('/a b/"%$\\', "-m"))
    assert r'ExecStart="/a b/\"%%$$\\" "-m"' in text


def test_the_other_systems_get_their_own_form() -> None:
    """Their documents are read with the standard library."""
    words = (r"C:\Program Files\Python & Co\pythonw.exe", "-m", "posecheck", "reminders", "--now")
    values = plistlib.loads(agent(("08:00", "18:30"), words).encode())
    assert values["ProgramArguments"] == list(words)
    assert values["StartCalendarInterval"] == [
        {"Hour": 8, "Minute": 0},
        {"Hour": 18, "Minute": 30},
    ]
    root = ElementTree.fromstring(task(("08:00", "18:30"), words).encode("utf-16"))
    found = {each.tag.rpartition("}")[2]: each.text for each in root.iter()}
    assert found["Command"] == words[0]
    assert found["Arguments"] == "-m posecheck reminders --now"
    begins = [each.text for each in root.iter() if each.tag.endswith("StartBoundary")]
    assert begins == ["2026-01-01T08:00:00", "2026-01-01T18:30:00"]


# --- the reminder itself ------------------------------------------------------------------------


def one_reminder(
    folder: Path, facts: list[Circumstances], hours: float = 0.0
) -> tuple[OneReminder, list[str]]:
    """A reminder of nine o'clock, `hours` later, and what it says. The last of `facts` holds."""
    settings = SettingsModel(Settings(remind_at=("09:00",)), lambda value, _: value)
    now = NINE + timedelta(hours=hours)
    memory = Memory(LIBRARY, settings, folder / "history.sqlite3", lambda: now)
    shown: list[str] = []
    made = OneReminder(WORDS, memory, lambda: facts[-1], shown.append, lambda: now, folder)
    return made, shown


@pytest.mark.gui
def test_it_says_what_is_due_once_the_user_is_free(tmp_path: Path, qtbot: QtBot) -> None:
    facts = [Circumstances(in_call=True)]
    made, shown = one_reminder(tmp_path, facts)
    with qtbot.assertNotEmitted(made.over):
        made.look()
        assert shown == []
        facts.append(FREE)
        made.look()
    assert len(shown) == 1


@pytest.mark.gui
@pytest.mark.parametrize("hours", [-1.0, 2.5])
def test_it_ends_when_its_time_is_not_now(hours: float, tmp_path: Path, qtbot: QtBot) -> None:
    made, shown = one_reminder(tmp_path, [FREE], hours)
    with qtbot.waitSignal(made.over):
        made.look()
    assert shown == []


@pytest.mark.gui
def test_it_leaves_it_to_the_desk_while_that_runs(tmp_path: Path, qtbot: QtBot) -> None:
    desk = SingleInstance(tmp_path)
    assert not desk_runs(tmp_path)
    desk.take()
    made, shown = one_reminder(tmp_path, [FREE])
    with qtbot.waitSignal(made.over):
        made.look()
    assert shown == []
    desk.release()
    assert not desk_runs(tmp_path)


@pytest.mark.gui
def test_without_a_tray_it_is_a_small_window(qtbot: QtBot) -> None:
    notice = Notice(WORDS, Settings())
    notice.show("A walk.")
    assert notice.window is not None
    qtbot.addWidget(notice.window)
    assert notice.window.says.text() == "A walk."


@linux
@pytest.mark.gui
@pytest.mark.process
def test_the_settings_switch_it_on_and_off(home: Path, qtbot: QtBot) -> None:
    """It follows the time; a refusal is shown, and the tick tells what is so."""
    choice = PlanChoice(WORDS, Settings())
    qtbot.addWidget(choice)
    assert not choice.system.isEnabled()
    choice.remind.choose("18:00")
    choice.system.setChecked(True)
    assert "18:00:00" in (units() / TIMER).read_text()
    choice.remind.choose("08:00")
    assert "08:00:00" in (units() / TIMER).read_text()
    choice.remind.choose("")
    assert not scheduled()
    answering(home, 1)
    choice.remind.choose("08:00")
    choice.system.setChecked(True)
    assert not choice.system.isChecked()
    assert "systemd" in choice.says.text()
