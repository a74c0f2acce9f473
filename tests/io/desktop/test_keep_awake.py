"""The screen stays on during a session, and may go dark after it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO

import numpy as np
import pytest
from programs import program
from pytestqt.qtbot import QtBot

from posecheck.io.desktop.keep_awake import REASON, Awake
from posecheck.io.vision.opencv import cv2

DEADLINE_S = 60.0

DESKTOP = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class ScreenSaver(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, program, reason):
        print("inhibited by", program, "because", reason, flush=True)
        return 7

application = QCoreApplication([])
bus = QDBusConnection.connectToBus(sys.argv[1], "desktop")
saver = ScreenSaver()
assert bus.registerObject("/org/freedesktop/ScreenSaver", saver,
                          QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.ScreenSaver")
# After the calls above, which hold Python's lock: a signal during them would have to wait.
bus.interface().serviceOwnerChanged.connect(
    lambda name, before, now: None if now else print("gone", flush=True)
)
print("ready", flush=True)
application.exec()
"""


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a separate session bus."""
    daemon = program("dbus-daemon")
    command = [daemon, "--session", "--nofork", "--print-address", "--address=unix:tmpdir=/tmp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        try:
            yield run.stdout.readline().strip()
        finally:
            run.terminate()


@pytest.fixture
def desktop(bus: str) -> Iterator[IO[str]]:
    """The calls that a desktop on that bus receives, one a line."""
    with subprocess.Popen(
        [sys.executable, "-c", DESKTOP, bus], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        patience = Timer(DEADLINE_S, run.kill)  # a line that does not come is read as "" then
        patience.start()
        try:
            assert run.stdout.readline() == "ready\n"
            yield run.stdout
        finally:
            patience.cancel()
            run.terminate()


@pytest.mark.gui
@pytest.mark.process
def test_a_linux_desktop_keeps_its_screen_on_until_it_is_closed(
    bus: str, desktop: IO[str], qtbot: QtBot
) -> None:
    """The desktop receives the inhibition with its reason, and its end."""
    awake = Awake(bus)
    assert desktop.readline() == f"inhibited by posecheck because {REASON}\n"
    awake.close()
    awake.close()
    assert desktop.readline() == "gone\n"


@pytest.mark.process
def test_a_session_keeps_the_screen_on(bus: str, desktop: IO[str], tmp_path: Path) -> None:
    """Only while it runs."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(5):
        cv2.imwrite(str(pictures / f"{number}.png"), np.full((48, 64, 3), 90, np.uint8))
    session = [
        *(sys.executable, "-m", "posecheck", "session", "--exercise", "childs_pose", "--fast"),
        *("--model", "lite", "--voice", "off", "--source", str(pictures)),
    ]
    home = {"POSECHECK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        session, env={**os.environ, **home, "DBUS_SESSION_BUS_ADDRESS": bus},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert desktop.readline() == f"inhibited by posecheck because {REASON}\n"
    assert desktop.readline() == "gone\n"


@pytest.mark.gui
@pytest.mark.process
def test_a_bus_without_a_desktop_is_not_an_error(bus: str, qtbot: QtBot) -> None:
    """The call is sent, there is no answer, and nothing is raised."""
    awake = Awake(bus)
    assert awake._bus is not None
    awake.close()
    assert awake._bus is None


@pytest.mark.gui
@pytest.mark.parametrize(
    "address", ["unix:path=/nowhere/bus", "tcp:host=localhost,port=1", "nonsense"]
)
def test_a_missing_bus_is_not_an_error(address: str, qtbot: QtBot) -> None:
    """A bus on another computer is not even tried."""
    awake = Awake(address)
    assert awake._bus is None
    awake.close()


@pytest.mark.process
@pytest.mark.parametrize("env", [{}, {"DBUS_SESSION_BUS_ADDRESS": "tcp:host=localhost,port=1"}])
def test_only_a_bus_of_this_computer_is_found(env: dict[str, str]) -> None:
    """No bus is started where there is none, as the D-Bus library itself would do."""
    code = (
        "from posecheck.io.desktop.keep_awake import Awake; "
        "from posecheck.io.desktop.dbus import local_address; "
        "print(repr(local_address('session')), Awake()._bus)"
    )
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (run.stdout, run.stderr, run.returncode) == ("'' None\n", "", 0)
