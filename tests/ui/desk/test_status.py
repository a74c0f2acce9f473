"""The colour that the tray or the status window shows."""

from __future__ import annotations

import pytest

from posecheck.ui.desk.status import status_colour


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
        ({"lock"}, True, "fine"),
    ],
)
def test_the_colour_says_why_the_camera_is_off(off: set[str], lost: bool, colour: str) -> None:
    """Where only the program knows the reason; otherwise the monitor's colour is shown."""
    assert status_colour("fine", off, lost) == colour
