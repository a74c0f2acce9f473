"""The desk's log when the clock is set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DayState
from posecheck.io.store.day_log import DayLog
from posecheck.io.store.desk_store import DeskStore

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UPRIGHT = Minute(60.0, {"upright": 60.0})


class Clocks:
    """A clock that may be set, and seconds that may not."""

    def __init__(self) -> None:
        self.now, self.steady_s = NINE, 0.0

    def wait(self, length: timedelta) -> None:
        self.now += length
        self.steady_s += length.total_seconds()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def log(clocks: Clocks) -> Iterator[DayLog]:
    """A log of ten days, which is as many as it may keep."""
    store = DeskStore(Path(":memory:"), keep_days=10)
    for back in range(1, 11):
        store.add_minute(NINE - timedelta(days=back), UPRIGHT)
    log = DayLog(store, DayState(), lambda: clocks.now, lambda: clocks.steady_s)
    yield log
    log.close()


def days(log: DayLog) -> int:
    return sum(bool(log.store.day((NINE - timedelta(days=back)).date()).minutes)
               for back in range(1, 11))  # fmt: skip


@pytest.mark.parametrize("jump", [timedelta(days=500), timedelta(days=-900), timedelta(hours=30)])
def test_a_clock_that_jumps_removes_nothing(jump: timedelta, log: DayLog, clocks: Clocks) -> None:
    """A minute far away, and back."""
    clocks.now += jump
    log.add_minute(UPRIGHT, 0.0)
    assert days(log) == 10
    clocks.now -= jump
    clocks.wait(timedelta(minutes=1))
    log.add_minute(UPRIGHT, 0.0)
    assert days(log) >= 9  # today is the eleventh day, and the minute far away another


def test_a_new_day_removes_the_oldest(log: DayLog, clocks: Clocks) -> None:
    log.add_minute(UPRIGHT, 0.0)
    assert days(log) == 9
    clocks.wait(timedelta(minutes=1))
    log.add_minute(UPRIGHT, 0.0)
    assert days(log) == 9
    clocks.wait(timedelta(days=1))
    log.add_minute(UPRIGHT, 0.0)
    assert days(log) == 8
