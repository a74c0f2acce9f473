"""`posecheck doctor --report`: a text to attach to a bug report.

It holds what helps to find a bug, without the user's name, home folder, passwords and answers about
health.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from posecheck import __version__
from posecheck.commands.doctor import examine
from posecheck.io.diagnosis.crash import crash_files, versions
from posecheck.io.diagnosis.log import ABOUT_HEALTH, computer, file_lines
from posecheck.io.diagnosis.private import without_secrets, without_serial
from posecheck.io.output import OutputError, replacing, writing
from posecheck.io.requirements import SystemFinding
from posecheck.io.store.settings import load_settings

LOG_LINES = 100
"""Last lines of the log file that are included."""

HOLDS = (
    "This report holds: what posecheck doctor finds, versions, the names of cameras, settings, the "
    "last lines of the log (commands, with the names of their files) and the names of crash files. "
    "It leaves out: the answers to the safety questions and about pain, because they are about "
    "health; your name and home folder; passwords and serial numbers; pictures and landmarks."
)

LEFT_OUT = (*ABOUT_HEALTH, "start_date")
"""Settings about the user's health or habits."""

TITLE = "posecheck doctor --report"
"""In the first line of a report."""

MARKS = {True: "ok", False: "missing", None: "without"}


def write_report(file: Path | None) -> int:
    """Write the report to a file, or print it; the exit code. An earlier report is replaced,
    another file is not. Raises OutputError."""
    if file is not None:
        _refuse_foreign(file)
    text = report()
    if file is None:
        print(text, end="")
        return 0
    with replacing(file) as part, writing(file):
        part.write_text(text, encoding="utf-8", errors="replace")
    print(f"{HOLDS}\nRead it before you send it. Written: {file}")
    return 0


def _refuse_foreign(file: Path) -> None:
    """OutputError when a file is there that is no report."""
    with writing(file):
        if not file.is_file():
            return
        with file.open("rb") as opened:
            if TITLE.encode() in opened.readline(256):
                return
    raise OutputError(
        f"{file} is there already, and it is not a report of posecheck. Give another name, or move "
        "it away."
    )


def report() -> str:
    """The whole text. It opens each camera for one picture, as `posecheck doctor` does."""
    settings, problems = load_settings()
    shown = {name: value for name, value in asdict(settings).items() if name not in LEFT_OUT}
    shown |= {name: without_serial(shown[name]) for name in ("camera", "desk_camera")}
    parts = (
        _part(TITLE, [HOLDS, f"Made: {datetime.now():%Y-%m-%d %H:%M}"]),
        _part("Versions", [f"posecheck {__version__}", computer(), *versions().splitlines()]),
        _part("Findings", map(_line, examine())),
        _part("Settings", [f"{name} = {value!r}" for name, value in shown.items()]),
        _part("Problems of the settings", _not_about_health(problems)),
        _part("Crash files", [path.name for path in crash_files()]),
        _part(f"Last {LOG_LINES} lines of the log", file_lines(LOG_LINES)),
    )
    return without_secrets("\n".join(parts))


def _part(title: str, lines: Iterable[str]) -> str:
    return "\n".join((f"## {title}", "", *(list(lines) or ["none"]), ""))


def _line(finding: SystemFinding) -> str:
    advice = f" -> {finding.advice}" if finding.advice else ""
    text = f"{finding.text}{advice}"
    shown = without_serial(text) if finding.name == "Cameras" else text
    return f"{finding.name}: {MARKS[finding.ok]}: {shown}"


def _not_about_health(problems: Sequence[str]) -> list[str]:
    return [
        problem
        for problem in problems
        if not any(problem.startswith(f"settings.json: {name} ") for name in ABOUT_HEALTH)
    ]
