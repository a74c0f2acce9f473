"""The settings name what is remembered and where, and delete it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from led import STRAIGHT
from pytestqt.qtbot import QtBot
from remembered import remember
from sessions import WORDS

from posecheck.io.store.history import HistoryStore, history_path
from posecheck.ui.settings.kept_choice import KeptChoice

pytestmark = pytest.mark.gui


def test_sessions_are_deleted_only_after_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    remember(history_path(), (STRAIGHT, 12.0))
    choice = KeptChoice(WORDS)
    qtbot.addWidget(choice)
    assert str(tmp_path) in choice.place.text()

    def left() -> int:
        with closing(HistoryStore()) as store:
            return len(store.history().sessions)

    choice.forget.ask.click()
    choice.forget.keep.click()
    assert left() == 1
    choice.forget.ask.click()
    choice.forget.sure.click()
    assert left() == 0
    assert choice.outcome.text() == WORDS["ui_kept_forgotten"]
