"""The one copy of the settings: what a change announces and saves."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from posecheck.io.store.settings import Settings, load_settings, save_settings
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
