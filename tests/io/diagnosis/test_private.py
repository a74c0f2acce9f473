"""What is removed from logs, crash files and reports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from posecheck.io.diagnosis.private import (
    NAMES_OF_NOBODY,
    argument_without_secrets,
    without_secrets,
    without_serial,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://user:secret@127.0.0.1:1/x", "http://127.0.0.1:1/x"),
        ("open 'rtsp://user:se@cret@cam/live' failed", "open 'rtsp://cam/live' failed"),
        ("https://user:se/cret@cam/live", "https://cam/live"),
        ("http:/user:secret@cam/x", "http:/cam/x"),  # as pathlib spells it
        ("http://cam/video?user=me&password=secret", "http://cam/video"),
        ("('http://a:secret@b/c', 'x@y')", "('http://b/c', 'x@y')"),
        ("two are at http://cam/x, me@home said", "two are at http://cam/x, me@home said"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_a_password_is_removed_and_the_address_is_kept(text: str, shown: str) -> None:
    """Wherever in a text the address is."""
    assert without_secrets(text) == shown


def test_a_password_with_spaces_is_removed_from_an_argument() -> None:
    """The whole argument is known to be the address."""
    assert argument_without_secrets("http://user:my secret@cam/x") == "http://cam/x"


def test_the_home_folder_and_the_users_name_are_removed() -> None:
    """The name also where it is part of another path."""
    home = Path.home()
    assert without_secrets(f"{home / 'film.mp4'}") == str(Path("~") / "film.mp4")
    assert without_secrets(f"{home}-other") == f"{home}-other"
    name = os.environ.get("LOGNAME", "")
    if len(name) > 2 and name not in NAMES_OF_NOBODY:
        assert without_secrets(f"/media/{name}/film.mp4") == "/media/<user>/film.mp4"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("HD Pro Webcam C920", "HD Pro Webcam C920"),
        ("USB Camera (046d:0892)", "USB Camera (046d:0892)"),
        ("Cam SN 8F3A2210C4", "Cam SN <serial>"),
        ("Anna’s iPhone Camera", "iPhone Camera"),
        ("Integrated Camera: Integrated C", "Integrated Camera: Integrated C"),
    ],
)
def test_a_camera_keeps_its_model_and_loses_its_serial_number(name: str, shown: str) -> None:
    """And the name of a phone's owner."""
    assert without_serial(name) == shown
