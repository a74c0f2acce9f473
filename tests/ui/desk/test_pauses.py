"""Pauses of the desk: reasons to be off that the user, the clock and the battery give and take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from posecheck.desk.monitor import DeskMonitor
from posecheck.io.desktop.circumstances import DesktopState
from posecheck.io.desktop.facts import Facts
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.ui.desk.pauses import DeskPauses
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.settings.model import SettingsModel

pytestmark = pytest.mark.gui


class Laptop:
    """A desktop on its battery, with its screen unlocked."""

    def facts(self) -> Facts:
        return Facts(battery=True)

    def locked(self) -> bool | None:
        return False


class OnBattery:
    """Pauses while the battery saver keeps the camera off. The worker does not run."""

    def __init__(self) -> None:
        self.desktop = DesktopState(desktop=Laptop())
        self.desktop.poll()
        self.worker = DeskWorker(
            lambda: open_source("0"), lambda masks: open_pose_model("lite", masks),
            lambda found, before: DeskMonitor(found, restored=before),
        )  # fmt: skip
        settings = SettingsModel(Settings(battery_saver=True))
        self.pauses = DeskPauses(self.worker, self.desktop, settings, lambda: False)
        self.pauses.poll()
        assert self.worker.off == {"battery"}


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[OnBattery]:
    made = OnBattery()
    yield made
    made.pauses.close()
    made.desktop.close()


def test_a_pause_keeps_the_override_of_the_battery_saver(desk: OnBattery) -> None:
    """The user resumed on battery, pauses, and resumes again: the camera is on."""
    for _ in range(2):
        desk.pauses.resume()
        desk.pauses.poll()
        assert desk.worker.off == set()
        desk.pauses.pause(timedelta(minutes=15))
        desk.pauses.poll()
        assert desk.worker.off == {"pause"}


def test_a_pause_that_ends_by_itself_leaves_the_battery_saver(
    desk: OnBattery, qtbot: QtBot
) -> None:
    """Nobody has asked for the camera, so it stays off."""
    desk.pauses.pause(timedelta(0))
    with qtbot.waitSignal(desk.pauses.resumed):
        desk.pauses.poll()
    desk.pauses.poll()
    assert desk.worker.off == {"battery"}
