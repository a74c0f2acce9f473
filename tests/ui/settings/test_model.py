"""The one copy of the settings: what a change announces and saves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from posecheck.io.store.settings import Settings, SettingsFile, load_settings, save_settings
from posecheck.ui.settings.model import SettingsModel

pytestmark = pytest.mark.gui


def test_a_change_is_announced_then_saved(qtbot: QtBot, tmp_path: Path) -> None:
    """`changed` has the new and the previous settings, and the file has the new ones."""
    model = SettingsModel(
        Settings(level=1), lambda value, known: save_settings(value, tmp_path, known)
    )
    with qtbot.waitSignal(model.changed) as changed:
        model.change(theme="dark", level=3)
    now = Settings(level=3, theme="dark")
    assert changed.args == [now, Settings(level=1)]
    assert model.value == now
    assert load_settings(tmp_path) == (now, ())


def test_a_change_that_cannot_be_saved_applies(qtbot: QtBot, tmp_path: Path) -> None:
    """The error is reported after `changed`, so that every listener has the new settings."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    model = SettingsModel(save=lambda value, known: save_settings(value, blocked, known))
    with qtbot.waitSignal(model.unsaved) as unsaved:
        model.change(level=1)
    assert str(blocked) in unsaved.args[0]
    assert model.value.level == 1


def test_what_another_program_changes_is_announced_here(qtbot: QtBot, tmp_path: Path) -> None:
    """And what is not saved here stays. A damaged or missing file changes nothing."""
    save_settings(Settings(), tmp_path)
    model = SettingsModel(save=lambda value, known: save_settings(value, tmp_path, known))
    model.watch(SettingsFile(tmp_path))
    with qtbot.waitSignal(model.changed, timeout=5000) as emitted:
        save_settings(Settings(tags=("DISC",), screened="advice"), tmp_path, Settings())
    now = Settings(tags=("DISC",), screened="advice")
    assert emitted.args == [now, Settings()]
    (tmp_path / "settings.json").write_text("{")
    model.change(level=3)
    assert load_settings(tmp_path) == (replace(now, level=3), ())
    assert model.value == replace(now, level=3)


def test_a_change_that_could_not_be_saved_is_saved_with_the_next(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """As when the disk has room again."""
    folder = tmp_path / "file"
    folder.write_text("")
    model = SettingsModel(save=lambda value, known: save_settings(value, folder, known))
    with qtbot.waitSignal(model.unsaved):
        model.change(level=1)
    folder.unlink()
    model.change(theme="dark")
    assert load_settings(folder) == (Settings(level=1, theme="dark"), ())
