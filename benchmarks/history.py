"""What a long history costs: five simulated years, their size, and the time of plan, page, report.

    uv run python benchmarks/history.py [--sessions 2000] [--minutes 500000] [--json]

A made-up user's sessions are repeated until there are enough, and minutes at the desk are written
into the desk's file. The report says which goals are met; the exit code is always 0, because the
machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from posecheck.commands.demo_history import MadeUpUser
from posecheck.desk.minutes import Minute
from posecheck.history.plan import plan_week
from posecheck.history.plan_values import Told, Wishes
from posecheck.history.report import report_of
from posecheck.io.report.data import report_json
from posecheck.io.report.html import html_page
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.store.desk_store import DAYS_FILE, DeskStore
from posecheck.io.store.history import HISTORY_FILE, HistoryStore
from posecheck.io.store.history_writer import local_now
from posecheck.io.store.settings import Settings
from posecheck.ui.application import gui_application
from posecheck.ui.memory.model import Memory
from posecheck.ui.memory.progress_page import ProgressPage
from posecheck.ui.report_pdf import write_pdf
from posecheck.ui.settings.model import SettingsModel

GOALS = {"store_mb": 100.0, "progress_s": 0.5, "report_s": 2.0, "plan_s": 0.05}
YEARS_DAYS = 5 * 365
REPEATS = 3


def fill(folder: Path, sessions: int, minutes: int) -> None:
    """Five years of sessions and of minutes at the desk."""
    library, now = load_all(), local_now()
    user = MadeUpUser(library)
    user.live(now)
    step = timedelta(days=YEARS_DAYS) / sessions
    with closing(HistoryStore(folder / HISTORY_FILE)) as store:
        for number in range(sessions):
            record = user.records[number % len(user.records)]
            began = now - timedelta(days=YEARS_DAYS) + step * number
            store.save(replace(record, id=f"{number:032x}", began=began))
    with closing(DeskStore(folder / DAYS_FILE)) as days:
        days.add_minute(now, Minute(60.0, {"upright": 60.0}))
    with closing(sqlite3.connect(folder / DAYS_FILE)) as db:
        # The rows as `add_minute` writes them, in one transaction; it would prune old days.
        columns = "at, offset_s, day, seconds, paused_s, slumps, nudges, spoken, changes, "
        columns += "breaks_due, breaks_taken"
        begin = now - timedelta(days=YEARS_DAYS)
        day_minutes = max(1, minutes // YEARS_DAYS)
        rows = []
        for number in range(minutes):
            day, minute = divmod(number, day_minutes)
            when = begin + timedelta(days=day, minutes=minute)
            seconds = '{"upright": 42.5, "slouching": 17.5}'
            rows.append((when.timestamp(), 0, when.date().isoformat(), seconds, 0.0, *([0] * 6)))
        marks = ", ".join("?" * 11)
        db.executemany(f"INSERT INTO minutes ({columns}) VALUES ({marks})", rows)
        db.commit()


def measure(folder: Path) -> dict[str, float]:
    """The figures, in megabytes and seconds."""
    gui_application(headless=True)
    library, path = load_all(), folder / HISTORY_FILE
    phrases = load_phrases("en")
    memory = Memory(library, SettingsModel(Settings(), lambda value, _: value), path)
    now = local_now()
    with closing(HistoryStore(path)) as store:
        past = store.past()

    def plan() -> None:
        plan_week(
            past,
            Wishes(),
            Told(),
            now.date(),
            library.exercises,
            library.routines,
            lessons=tuple(library.lessons),
        )

    def report() -> None:
        since = now.date() - timedelta(days=83)
        with closing(HistoryStore(path)) as store:
            history = store.history(since)
        made = report_of(history, since, now.date(), now, library.exercises)
        html_page(phrases, made)
        report_json(phrases, made)
        write_pdf(phrases, made, folder / "report.pdf")

    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path, folder / DAYS_FILE]
    phrases = _phrases()
    return {
        "store_mb": sum(file.stat().st_size for file in files) / 1e6,
        "history_mb": path.stat().st_size / 1e6,
        "progress_s": _timed(lambda: ProgressPage(phrases, memory)),
        "today_s": _timed(memory.today),
        "report_s": _timed(report),
        "plan_s": _timed(plan),
        "sessions": float(len(past)),
    }


def _phrases() -> dict[str, str]:
    from posecheck.io.routines.language import load_phrases

    return dict(load_phrases("en"))


def _timed(work: Callable[[], object]) -> float:
    """Median of some runs, seconds."""
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--minutes", type=int, default=500_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name), options.sessions, options.minutes)
        found = measure(Path(name))
    if options.json:
        print(json.dumps(found))
        return
    for key, value in found.items():
        goal = GOALS.get(key)
        met = "" if goal is None else f"  goal {goal:g}: {'met' if value <= goal else 'MISSED'}"
        print(f"{key:12} {value:9.3f}{met}")


if __name__ == "__main__":
    main()
