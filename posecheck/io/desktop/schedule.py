"""Reminders while posecheck does not run: one entry of the system's own scheduler for this user,
made and removed on request.

Linux: a timer and a service of the user's systemd (systemd.timer(5), systemd.service(5)). macOS: a
launch agent with StartCalendarInterval (launchd.plist(5)). Windows: a task of the Task Scheduler
(its schema 1.2). The last two follow the vendors' documentation and have not been tried.

The entry starts `posecheck reminders --now`, which decides whether to remind.
"""

from __future__ import annotations

import os
import plistlib
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import time
from pathlib import Path
from xml.sax.saxutils import escape

from posecheck.io.desktop.autostart import config_home, this_python
from posecheck.io.desktop.programs import answer_of
from posecheck.io.output import OutputError, replacing, writing

NAME = "posecheck-reminder"
SERVICE, TIMER = f"{NAME}.service", f"{NAME}.timer"
SCHEDULER_TIMEOUT_S = 10.0
"""The user's systemd reads all of its files again, which takes up to seconds on a slow disk."""
REFUSED = (
    "The scheduler of this computer ({name}) did not take the reminder. Nothing was changed. A "
    "calendar can remind you instead: posecheck reminders --ics reminders.ics"
)
KEPT = "The scheduler of this computer ({name}) did not remove the reminder: {way}"


def scheduled() -> bool:
    """Whether the system reminds. False when that cannot be read."""
    if sys.platform == "win32":
        return _call("schtasks", "/Query", "/TN", NAME)
    if sys.platform == "darwin":
        return agent_path().is_file()
    return os.path.lexists(_wanted())


def schedule(times: Sequence[str]) -> None:
    """Let the system remind at these times ("HH:MM", at least one) each day, instead of at earlier
    ones. Raises OutputError."""
    if sys.platform == "win32":
        _schedule_task(times)
    elif sys.platform == "darwin":
        _schedule_agent(times)
    else:
        _schedule_timer(times)


def unschedule() -> None:
    """Let the system remind no more. Does nothing without an entry. Raises OutputError."""
    if not scheduled():
        return
    if sys.platform == "win32":
        if not _call("schtasks", "/Delete", "/F", "/TN", NAME):
            raise OutputError(KEPT.format(name="schtasks", way=f"delete the task {NAME} there."))
        return
    if sys.platform == "darwin":
        _call("launchctl", "bootout", _domain(), str(agent_path()))
        _unlink(agent_path())
        return
    _call("systemctl", "--user", "stop", TIMER)
    _remove_units()
    _call("systemctl", "--user", "daemon-reload")


def command() -> tuple[str, ...]:
    """What the scheduler starts."""
    return (*this_python(), "-m", "posecheck", "reminders", "--now")


# --- Linux --------------------------------------------------------------------------------------


def units() -> Path:
    """The folder of the user's own units."""
    return config_home() / "systemd" / "user"


def service(words: Sequence[str]) -> str:
    """The unit that reminds once. It needs the desktop that the user is logged in to."""
    lines = (
        "[Unit]",
        "Description=Reminds of what is due today in posecheck",
        "ConditionEnvironment=|DISPLAY",
        "ConditionEnvironment=|WAYLAND_DISPLAY",
        "",
        "[Service]",
        "Type=oneshot",
        f"ExecStart={' '.join(map(_quoted, words))}",
    )
    return "\n".join(lines) + "\n"


def timer(times: Sequence[str]) -> str:
    """The unit that starts the service each day. A reminder of a time at which the computer was off
    is not made up for."""
    lines = (
        "[Unit]",
        "Description=When posecheck reminds",
        "",
        "[Timer]",
        *(f"OnCalendar=*-*-* {each}:00" for each in times),
        "Persistent=false",
        "",
        "[Install]",
        "WantedBy=timers.target",
    )
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    """A word of ExecStart, by the rules of systemd.service(5) and systemd.syntax(7)."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'.replace("%", "%%").replace("$", "$$")


def _wanted() -> Path:
    """The link that starts the timer at login, as `systemctl enable` makes it."""
    return units() / "timers.target.wants" / TIMER


def _schedule_timer(times: Sequence[str]) -> None:
    link = _wanted()
    _write(units() / SERVICE, service(command()))
    _write(units() / TIMER, timer(times))
    with writing(link):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(Path("..") / TIMER)
    read = _call("systemctl", "--user", "daemon-reload")
    if not read or not _call("systemctl", "--user", "restart", TIMER):
        _remove_units()
        raise OutputError(REFUSED.format(name="systemd"))


def _remove_units() -> None:
    for path in (_wanted(), units() / TIMER, units() / SERVICE):
        _unlink(path)
    with suppress(OSError):
        _wanted().parent.rmdir()  # only when nothing else is in it


# --- macOS --------------------------------------------------------------------------------------


def agent_path() -> Path:
    """The file of the launch agent."""
    return Path.home() / "Library" / "LaunchAgents" / f"{NAME}.plist"


def agent(times: Sequence[str], words: Sequence[str]) -> str:
    """The property list of a launch agent that runs a command each day at these times."""
    clocks = [time.fromisoformat(each) for each in times]
    values = {
        "Label": NAME,
        "ProgramArguments": list(words),
        "RunAtLoad": False,
        "StartCalendarInterval": [{"Hour": at.hour, "Minute": at.minute} for at in clocks],
    }
    return plistlib.dumps(values).decode("utf-8")


def _schedule_agent(times: Sequence[str]) -> None:
    path = agent_path()
    _call("launchctl", "bootout", _domain(), str(path))
    _write(path, agent(times, command()))
    if not _call("launchctl", "bootstrap", _domain(), str(path)):
        _unlink(path)
        raise OutputError(REFUSED.format(name="launchd"))


def _domain() -> str:
    return f"gui/{os.getuid()}" if sys.platform != "win32" else ""


# --- Windows ------------------------------------------------------------------------------------


def task(times: Sequence[str], words: Sequence[str]) -> str:
    """The task that runs a command each day at these times while the user is logged in. Words with
    spaces are quoted as Windows splits them."""
    triggers = "".join(
        f"<CalendarTrigger><StartBoundary>2026-01-01T{each}:00</StartBoundary>"
        "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
        for each in times
    )
    program, *rest = words
    arguments = " ".join(f'"{word}"' if " " in word else word for word in rest)
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        f"<Triggers>{triggers}</Triggers>"
        '<Principals><Principal id="user"><LogonType>InteractiveToken</LogonType>'
        "<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>"
        "<Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries></Settings>"
        f'<Actions Context="user"><Exec><Command>{escape(program)}</Command>'
        f"<Arguments>{escape(arguments)}</Arguments></Exec></Actions></Task>\n"
    )


def _schedule_task(times: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.xml"
        with writing(path):
            path.write_text(task(times, command()), encoding="utf-16")
        if not _call("schtasks", "/Create", "/F", "/TN", NAME, "/XML", str(path)):
            raise OutputError(REFUSED.format(name="schtasks"))


# --- all ----------------------------------------------------------------------------------------


def _call(*words: str) -> bool:
    return answer_of(*words, timeout_s=SCHEDULER_TIMEOUT_S) is not None


def _write(path: Path, text: str) -> None:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, writing(path):
        part.write_text(text, encoding="utf-8")


def _unlink(path: Path) -> None:
    with writing(path):
        path.unlink(missing_ok=True)
