"""The colour that the tray or the status window shows."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from posecheck.desk.day import DayScore
from posecheck.desk.monitor import DeskView
from posecheck.desk.states import DeskReading
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.settings import Settings
from posecheck.ui.desk.status import DeskStatus, status_colour

FINE = DeskView(
    0.0, DeskReading(0.0, "upright", 0.2), "fine", 1440.0, False, 360.0, {}, 4, 3,
    DayScore(0.6, 0.75, 0.9, 71.6),
)  # fmt: skip


@pytest.mark.parametrize(
    ("off", "lost", "colour"),
    [
        (set(), False, "fine"),
        (set(), True, "lost"),
        ({"setup"}, True, "calibrating"),
        ({"setup", "pause"}, True, "fine"),
        ({"break"}, True, "break"),
        ({"break", "lock"}, False, "break"),
        ({"break", "pause"}, False, "fine"),
        ({"session"}, False, "break"),
        ({"lock"}, True, "fine"),
    ],
)
def test_the_colour_says_why_the_camera_is_off(off: set[str], lost: bool, colour: str) -> None:
    """Where only the program knows the reason; otherwise the monitor's colour is shown."""
    assert status_colour("fine", off, lost) == colour


@pytest.mark.gui
def test_a_colour_of_the_program_ends_with_its_reason(qtbot: QtBot) -> None:
    """A camera that is lost and found again, or a break that is over, leaves the monitor's colour,
    before the monitor reports anything new."""
    off: set[str] = set()
    status = DeskStatus(load_phrases("en"), Settings(), in_tray=False, off=lambda: off)
    qtbot.addWidget(status.sign)
    assert status.view is None
    assert status.set_trouble("The camera is gone.")
    status.update(FINE)
    assert status.view is not None
    assert status.view.colour == "lost"
    status.set_trouble("")
    off.add("session")
    status.update(FINE)
    assert status.view.colour == "break"
    off.clear()
    assert status.view.colour == "fine"
