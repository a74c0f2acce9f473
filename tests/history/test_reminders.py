"""Reminders: once, at their time, never in the way; and a calendar file that others can read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from remembered import NINE

from posecheck.commands import reminders as command
from posecheck.commands.arguments import CommandError
from posecheck.history.reminders import Reminders
from posecheck.io.calendar_file import calendar
from posecheck.io.store.settings import load_settings


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return NINE.replace(hour=hour, minute=minute) + timedelta(days=days)


def test_each_time_reminds_once_a_day() -> None:
    reminders = Reminders()
    told = [
        reminders.update(at(8) + timedelta(minutes=n), ("09:00", "18:00"), False, False)
        for n in range(2 * 24 * 60)
    ]
    assert [n for n, reminds in enumerate(told) if reminds] == [60, 600, 1500, 2040]


def test_it_waits_for_a_free_moment_and_not_for_ever() -> None:
    """A call until half past nine; and one that lasts all morning."""
    reminders = Reminders()
    assert not reminders.update(at(9), ("09:00",), True, False)
    assert reminders.update(at(9, 30), ("09:00",), False, False)
    assert not Reminders().update(at(11, 1), ("09:00",), False, False)


def test_a_day_with_a_session_stays_quiet() -> None:
    reminders = Reminders()
    assert not reminders.update(at(9), ("09:00",), False, True)
    assert not reminders.update(at(9, 10), ("09:00",), False, False)


def test_two_times_that_were_waited_for_remind_once() -> None:
    reminders = Reminders()
    assert reminders.update(at(9, 30), ("09:00", "09:20"), False, False)
    assert not reminders.update(at(9, 31), ("09:00", "09:20"), False, False)


def test_a_calendar_has_an_event_on_the_days_of_the_plan() -> None:
    """Lines as RFC 5545 wants them: CRLF, at most 75 bytes, signs escaped."""
    text = calendar(("18:00", "08:30"), (0, 2, 4), 15, "Move; your, back", "é" * 80, NINE)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert re.findall("DTSTART:(.*)\r", unfolded) == ["20260302T083000", "20260302T180000"]
    assert unfolded.count("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR") == 2
    assert "SUMMARY:Move\\; your\\, back" in unfolded
    assert "é" * 80 in unfolded
    assert len(set(re.findall("UID:(.*)\r", unfolded))) == 2


def test_times_are_kept_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    with pytest.raises(CommandError, match="Choose a time first"):
        command.write_calendar(tmp_path / "plan.ics")
    with pytest.raises(CommandError, match="such as 18:00"):
        command.set_reminders(["soon"], None)
    with pytest.raises(CommandError, match="at most 3"):
        command.set_reminders(["1:00", "2:00", "3:00", "4:00"], None)
    command.set_reminders(["18:00", "8:30"], None)
    assert load_settings()[0].remind_at == ("08:30", "18:00")
    command.write_calendar(tmp_path / "plan.ics")
    assert (tmp_path / "plan.ics").read_bytes().count(b"BEGIN:VEVENT") == 2
    command.set_reminders([], None)
    assert load_settings()[0].remind_at == ()
