"""A calendar file (iCalendar, RFC 5545) that reminds of the plan's days, for any calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_BYTES = 75
"""Longest line; RFC 5545 folds longer ones."""


def calendar(
    times: Iterable[str],
    weekdays: Sequence[int],
    minutes: int,
    title: str,
    about: str,
    now: datetime,
) -> str:
    """A calendar with one weekly event for each time, with an alarm.

    times     "HH:MM", local wherever the calendar is read
    weekdays  0 is Monday
    minutes   length of the event
    now       aware; the first event is on or after its day
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//posecheck//posecheck//EN"]
    for at in sorted(set(times)):
        lines += _event(time.fromisoformat(at), sorted(weekdays), minutes, title, about, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(
    at: time, weekdays: Sequence[int], minutes: int, title: str, about: str, now: datetime
) -> list[str]:
    first = _first(now.date(), weekdays)
    start = datetime.combine(first, at)
    days = ",".join(WEEKDAYS[day] for day in weekdays)
    return [
        "BEGIN:VEVENT",
        f"UID:{start:%H%M}-{'-'.join(days.split(','))}@posecheck",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DURATION:PT{minutes}M",
        f"RRULE:FREQ=WEEKLY;BYDAY={days}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(about)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        "TRIGGER:PT0S",
        "END:VALARM",
        "END:VEVENT",
    ]


def _first(day: date, weekdays: Sequence[int]) -> date:
    return next(each for n in range(7) if (each := day + timedelta(days=n)).weekday() in weekdays)


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """The line in pieces of at most MOST_BYTES bytes; each but the first begins with a blank."""
    pieces, now = [], ""
    for sign in line:
        if len((now + sign).encode()) > MOST_BYTES:
            pieces.append(now)
            now = " "
        now += sign
    return [*pieces, now]
