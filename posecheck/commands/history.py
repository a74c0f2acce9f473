"""`posecheck history`: what is remembered, shown, exported, imported and deleted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from posecheck.commands.arguments import CommandError
from posecheck.history.records import SessionRecord
from posecheck.io.output import replacing, writing
from posecheck.io.store.desk_store import DAYS_FILE
from posecheck.io.store.forget import forget_everything
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.history_export import Format, exported, import_file

SHOWN = 10
"""Sessions that `posecheck history` lists; all are in an export."""
OUTCOMES = {
    "running": "interrupted",
    "done": "completed",
    "left": "ended early",
    "pain": "ended for pain",
    "error": "ended by an error",
}


def show() -> None:
    """The last sessions, oldest first, and where they are kept."""
    with closing(HistoryStore()) as store:
        report_remark(store)
        sessions = store.history().sessions
        if not sessions:
            print("Nothing is remembered yet. Sessions before a camera are added as they happen.")
        for line in session_lines(sessions[-SHOWN:]):
            print(line)
        if len(sessions) > SHOWN:
            print(f"These are the last {SHOWN} of {len(sessions)} sessions.")
        print(f"Kept in {store.path}")


def session_lines(sessions: Sequence[SessionRecord]) -> list[str]:
    """A line for each session: day, name, minutes, seconds right or not checked, how it ended."""
    return [
        f"{each.began:%Y-%m-%d %H:%M}  {each.name}: {round(each.seconds / 60)} min, "
        f"{_seconds_words(each)}, {OUTCOMES[each.outcome]}"
        for each in sessions
    ]


def _seconds_words(session: SessionRecord) -> str:
    """ "80 s in right form", "80 s in right form, 20 s not checked", "90 s not checked"."""
    unchecked_s = round(session.unchecked_s)
    words = [f"{unchecked_s} s not checked"] if unchecked_s else []
    if session.correct_s or not words:
        words.insert(0, f"{round(session.correct_s)} s in right form")
    return ", ".join(words)


def export(form: Format, out: Path | None) -> None:
    """Write the history to a file, or to standard output. Raises OutputError, HistoryFileError,
    and CommandError when a terminal cannot show the format."""
    if form == "parquet" and out is None and sys.stdout.isatty():
        raise CommandError("Parquet is not text. Give a file with --out FILE.")
    with closing(HistoryStore()) as store:
        report_remark(store)
        content = exported(store, form)
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with replacing(out) as part, writing(out):
        part.touch(mode=0o600)  # it is health data: only its owner may read it
        part.write_bytes(content)
    print(f"Written: {out}")


def bring_in(path: Path) -> None:
    """Add what an exported file has. Raises OutputError, HistoryFileError."""
    with closing(HistoryStore()) as store:
        report_remark(store)
        added, there = import_file(store, path)
    known = f" {there} were there already." if there else ""
    print(f"{added} sessions were added.{known}")


def delete_all(sure: bool) -> None:
    """Delete everything that posecheck has remembered of the user but the settings: sessions, days
    at the desk, calibrations, logs. Raises OutputError, and CommandError without consent."""
    if not sure and not _confirmed():
        raise CommandError("Nothing was deleted. Confirm with --yes.")
    forget_everything()
    print("Everything that was remembered is deleted. The settings are kept.")


def _confirmed() -> bool:
    """Ask in the terminal. Without one there is no consent."""
    if not sys.stdin.isatty():
        return False
    answer = input(f"Delete all sessions and days (history.sqlite3, {DAYS_FILE})? Type yes: ")
    return answer.strip().lower() == "yes"


def report_remark(store: HistoryStore) -> None:
    """Say that a damaged file was set aside."""
    if store.remark:
        print(store.remark, file=sys.stderr)
