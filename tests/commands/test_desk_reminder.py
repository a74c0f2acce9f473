"""The desk reminds of what is due, from the same plan as the page of today."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from remembered import NINE
from sessions import WORDS
from shipped import LIBRARY

from posecheck.commands.desk_reminder import DeskReminder
from posecheck.desk.alerts import FREE, Circumstances
from posecheck.io.store.settings import Settings
from posecheck.ui.memory.model import Memory
from posecheck.ui.settings.model import SettingsModel

pytestmark = pytest.mark.gui


@pytest.mark.parametrize(
    ("facts", "told"),
    [(FREE, 1), (Circumstances(in_call=True), 0), (Circumstances(full_screen=True), 0),
     (Circumstances(quiet_hours=True), 0)],
)  # fmt: skip
def test_it_reminds_only_when_nothing_forbids_it(
    facts: Circumstances, told: int, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = SettingsModel(Settings(remind_at=("09:00",)), lambda value, _: value)
    memory = Memory(LIBRARY, settings, tmp_path / "history.sqlite3", lambda: NINE)
    shown: list[str] = []
    reminder = DeskReminder(WORDS, memory, lambda: facts, shown.append, lambda: NINE)
    reminder.look()
    reminder.look()
    assert len(shown) == told
    assert all("Core strength" in each for each in shown)


def test_without_times_or_after_a_session_it_is_quiet(tmp_path: Path, qtbot: QtBot) -> None:
    settings = SettingsModel(Settings(), lambda value, _: value)
    memory = Memory(LIBRARY, settings, tmp_path / "history.sqlite3", lambda: NINE)
    shown: list[str] = []
    reminder = DeskReminder(WORDS, memory, lambda: FREE, shown.append, lambda: NINE)
    reminder.look()
    settings.change(remind_at=("09:00",))
    walk = next(i for i in memory.today().plan.of(NINE.date()) if i.track == "walking")
    memory.mark_done(walk, "A walk")
    reminder.look()
    assert shown == []
