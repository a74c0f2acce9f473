"""`posecheck report`: the history of a period as a page for a physiotherapist."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from posecheck.commands.arguments import CommandError
from posecheck.commands.history import report_remark
from posecheck.commands.translating import in_language
from posecheck.history.report import Report, report_of
from posecheck.io.report.files import write_html, write_json
from posecheck.io.routines.load import Library
from posecheck.io.routines.programme import kept_programme
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.history_writer import local_now
from posecheck.io.store.settings import load_settings

PERIOD_DAYS = 84
"""Twelve weeks, when no beginning is given: most courses of exercise for back pain last so long."""
ENDINGS = (".html", ".pdf")


def write_report(
    since: str | None, until: str | None, out: Path, library: Library, language: str = ""
) -> None:
    """Write the report, and a JSON file of the same name beside it; `language` is a code, "" for
    that of the settings. Raises OutputError, CommandError and RoutineError."""
    if out.suffix.lower() not in ENDINGS:
        raise CommandError(f"'{out}' cannot be the report. Give a name that ends in .html or .pdf.")
    settings, _ = load_settings()
    phrases, library = in_language(library, language, settings.language)
    report = read_report(read_day(since, "--from"), read_day(until, "--to"), library)
    beside = save_report(phrases, report, out)
    print(f"Written: {out}")
    print(f"Written: {beside}")


def read_report(since: date | None, until: date | None, library: Library) -> Report:
    """The report of a period from the user's own history, settings and programme."""
    now = local_now()
    until = until or now.date()
    since = since or until - timedelta(days=PERIOD_DAYS - 1)
    if since > until:
        raise CommandError(f"The report would end on {until}, before it begins on {since}.")
    settings, _ = load_settings()
    told = [(date.fromisoformat(day), pain) for day, pain in settings.comfort]
    with closing(HistoryStore()) as store:
        report_remark(store)
        history = store.history(since, until)
    programme = kept_programme(library.exercises)
    return report_of(history, since, until, now, library.exercises, told=told, programme=programme)


def save_report(phrases: Mapping[str, str], report: Report, out: Path) -> Path:
    """Write the page and the JSON file. Returns the latter."""
    if out.suffix.lower() == ".pdf":
        from posecheck.ui.report_pdf import write_pdf

        write_pdf(phrases, report, out)
    else:
        write_html(phrases, report, out)
    return write_json(phrases, report, out)


def read_day(text: str | None, option: str) -> date | None:
    """A day of the command line; None when it was not given. Raises CommandError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{option} needs a day such as 2026-01-31, not '{text}'.") from None
