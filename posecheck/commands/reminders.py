"""`posecheck reminders`: when posecheck reminds of the plan, and a file for any calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from pathlib import Path

from posecheck.commands.arguments import CommandError
from posecheck.history.plan import DAYS_OF_WEEK
from posecheck.history.reminders import MOST_TIMES
from posecheck.io.calendar_file import calendar
from posecheck.io.desktop.schedule import schedule, scheduled, unschedule
from posecheck.io.output import replacing, writing
from posecheck.io.store.history_writer import local_now
from posecheck.io.store.settings import Settings, load_settings, save_settings

TITLE = "Move your back"
ABOUT = "What is due today, and why: open posecheck."


def set_reminders(at: Sequence[str] | None, system: bool | None) -> None:
    """Change when there are reminders, and who reminds.

    at      the times from now on; none for an empty sequence; None to leave them as they are
    system  whether the system's scheduler reminds too; None to leave that as it is

    Raises CommandError, OutputError.
    """
    settings, _ = load_settings()
    times = settings.remind_at
    if at is not None:
        times = tuple(sorted({read_time(each) for each in at}))
    if len(times) > MOST_TIMES:
        raise CommandError(f"Choose at most {MOST_TIMES} times a day.")
    if system and not times:
        raise CommandError("Choose a time first: posecheck reminders --at 18:00 --system")
    if times and (scheduled() if system is None else system):
        schedule(times)
    else:
        unschedule()
    save_settings(replace(settings, remind_at=times))
    print(words_of(times, scheduled()))


def show() -> None:
    """When there are reminders."""
    settings, _ = load_settings()
    print(words_of(settings.remind_at, scheduled()))


def write_calendar(out: Path) -> None:
    """Write the days of the plan as a calendar file. Raises CommandError, OutputError."""
    if out.suffix.lower() != ".ics":
        raise CommandError(f"'{out}' cannot be the calendar. Give a name that ends in .ics.")
    settings, _ = load_settings()
    if not settings.remind_at:
        raise CommandError("Choose a time first: posecheck reminders --at 18:00")
    text = calendar_of(settings)
    with replacing(out) as part, writing(out):
        part.write_bytes(text.encode())
    print(f"Written: {out}. Open it with your calendar; delete its event to end the reminders.")


def calendar_of(settings: Settings) -> str:
    """The calendar of the plan's days at the times of the settings."""
    days = DAYS_OF_WEEK[settings.plan_days]
    return calendar(settings.remind_at, days, settings.plan_minutes, TITLE, ABOUT, local_now())


def read_time(text: str) -> str:
    """A time as "HH:MM". Raises CommandError."""
    try:
        return time.fromisoformat(text.zfill(5)).strftime("%H:%M")
    except ValueError:
        raise CommandError(f"--at needs a time such as 18:00, not '{text}'.") from None


def words_of(times: Sequence[str], system: bool) -> str:
    """What the times mean, as sentences. `system`: the system's scheduler reminds too."""
    if not times:
        return "There are no reminders. Choose a time: posecheck reminders --at 18:00"
    when = "" if system else ", while posecheck desk runs"
    who = " This computer's scheduler reminds when the desk does not run." if system else ""
    return (
        f"Reminders at {', '.join(times)}{when}; never in calls, in full screen or in quiet hours, "
        f"and not on a day with a session.{who}"
    )
