"""The colour that the tray or the status window shows."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from posecheck.desk.day import DayScore
from posecheck.desk.monitor import DeskMonitor, DeskView
from posecheck.desk.states import DeskReading
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.ui.desk.status import DeskStatus, status_colour
from posecheck.ui.desk.worker import DeskWorker

FINE = DeskView(
    0.0, DeskReading(0.0, "upright", 0.2), "fine", 1440.0, False, 360.0, {}, 4, 3,
    DayScore(0.6, 0.75, 0.9, 71.6),
)  # fmt: skip


@pytest.mark.parametrize(
    ("off", "more", "colour"),
    [
        (set(), "", "fine"),
        (set(), "lost", "lost"),
        (set(), "setting_up", "calibrating"),
        (set(), "asking", "unsure"),
        ({"setup"}, "lost", "calibrating"),
        ({"setup", "pause"}, "lost", "fine"),
        ({"break"}, "lost", "break"),
        ({"break", "lock"}, "", "break"),
        ({"break", "pause"}, "asking", "fine"),
        ({"session"}, "setting_up", "break"),
        ({"lock"}, "lost", "fine"),
    ],
)
def test_the_colour_says_why_the_camera_is_off(off: set[str], more: str, colour: str) -> None:
    """Where only the program knows the reason; otherwise the monitor's colour is shown."""
    facts = {name: name == more for name in ("lost", "setting_up", "asking")}
    assert status_colour("fine", off, **facts) == colour


@pytest.mark.gui
def test_a_colour_of_the_program_ends_with_its_reason(qtbot: QtBot) -> None:
    """A camera that is lost and found again, or a break that is over, leaves the monitor's colour,
    before the monitor reports anything new."""
    worker = DeskWorker(
        lambda: open_source("0"), lambda masks: open_pose_model("lite", masks),
        lambda found, before: DeskMonitor(found, restored=before),
    )  # fmt: skip
    status = DeskStatus(load_phrases("en"), Settings(), in_tray=False, worker=worker)
    qtbot.addWidget(status.sign)
    assert status.view is None
    assert status.set_trouble("The camera is gone.")
    status.update(FINE)
    assert status.view is not None
    assert status.view.colour == "lost"
    status.set_trouble("")
    worker.pause("session")
    status.update(FINE)
    assert status.view.colour == "break"
    worker.resume("session")
    assert status.view.colour == "fine"
