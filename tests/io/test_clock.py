"""Clocks that are set, and computers that travel."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from posecheck.io.clock import follow_time_zone, steady_s

ZONES = Path("/usr/share/zoneinfo")
needs_zones = pytest.mark.skipif(
    sys.platform == "win32" or not (ZONES / "Asia/Tokyo").exists(), reason="needs zone files"
)


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of the zone in which this process started: Berlin's."""
    path = tmp_path / "zone"
    shutil.copy(ZONES / "Europe/Berlin", path)
    monkeypatch.setenv("TZ", f":{path}")
    time.tzset()
    yield path
    monkeypatch.undo()
    time.tzset()


def offset() -> timedelta | None:
    return datetime(2026, 1, 1, 12).astimezone().utcoffset()


@needs_zones
def test_a_zone_that_changes_while_the_program_runs_is_followed(zone: Path) -> None:
    """And once more, on the way back."""
    for name, hours in (("Asia/Tokyo", 9), ("Europe/Berlin", 1), ("America/New_York", -5)):
        copy = zone.with_name("copy")
        shutil.copy(ZONES / name, copy)
        os.replace(copy, zone)
        follow_time_zone()
        assert offset() == timedelta(hours=hours)


def test_steady_time_goes_on() -> None:
    began = steady_s()
    while steady_s() == began:
        pass
    assert 0 < steady_s() - began < 60
