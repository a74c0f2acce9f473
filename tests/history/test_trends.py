"""Trends and reports: only what was measured is said, and no change within the error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from remembered import NINE
from sessions import WORDS

from posecheck.commands.demo_history import fill
from posecheck.history.progress import exercises, faults, range_trend, weeks
from posecheck.history.records import (
    FaultRecord,
    Feeling,
    History,
    PlannedRecord,
    RangeRecord,
    SessionRecord,
    SetRecord,
)
from posecheck.history.report import Report, report_of
from posecheck.io.report.data import report_json
from posecheck.io.report.html import html_page
from posecheck.io.routines.load import load_all
from posecheck.io.store.database import MEMORY
from posecheck.io.store.history import HistoryStore

LIBRARY = load_all()
DAY = NINE.date()


def session(number: int, *sets: SetRecord) -> SessionRecord:
    planned = tuple(PlannedRecord(s.exercise, s.side, 1, 1, 30, None, None, 0) for s in sets)
    return SessionRecord(
        str(number), NINE + timedelta(days=number), "Lower back", "lower_back", "session", 2,
        "done", planned=planned, sets=sets, version="0.1.0", model="full",
    )  # fmt: skip


def plank(right_s: float = 20.0, fault_s: float = 0.0, **more: object) -> SetRecord:
    found = (FaultRecord("sag", "must", "Lift your hips", fault_s),) if fault_s else ()
    return SetRecord(0, "plank", None, True, "done", 40.0, right_s, 10.0, 5.0, faults=found, **more)  # type: ignore[arg-type]


def trend(values: Sequence[float], band: float | None = 8.0, rises: bool = True) -> str:
    record = RangeRecord("trunk_incl", "deg", 0.0, band, "hold", rises)
    days = tuple((DAY + timedelta(days=n), value) for n, value in enumerate(values))
    return range_trend(record, days).trend


def test_a_change_of_range_counts_only_beyond_the_error() -> None:
    """Means of three sessions against three; the direction is that of the exercise."""
    assert trend([40, 40, 40, 48, 48, 48]) == "same"
    assert trend([40, 40, 40, 49, 49, 49]) == "more"
    assert trend([40, 40, 40, 31, 31, 31]) == "less"
    assert trend([40, 40, 40, 31, 31, 31], rises=False) == "more"
    assert trend([40, 40, 49, 49, 49]) == "unknown"
    assert trend([10, 10, 10, 90, 90, 90], band=None) == "unknown"
    assert trend([40, 40, 40, 70, 40, 40, 40]) == "same"  # one good day is no trend


def test_shares_are_of_the_judged_seconds_alone() -> None:
    (found,) = exercises([session(0, plank(20.0)), session(1, plank(30.0))])
    assert (found.sessions, found.sets, found.planned) == (2, 2, 2)
    assert found.right_share == pytest.approx(50 / 70)
    assert found.cant_tell_share == pytest.approx(10 / 80)


def test_a_set_that_was_repeated_counts_once() -> None:
    """The user went back: two tries of one planned set."""
    twice = SessionRecord(
        "a", NINE, "Core", "", "session", 2, "done",
        planned=(PlannedRecord("plank", None, 1, 1, 20, None, None, 0),), sets=(plank(), plank()),
    )  # fmt: skip
    (found,) = exercises([twice])
    assert (found.sets, found.planned) == (1, 1)


def test_a_fault_becomes_rarer_by_its_share_not_by_its_seconds() -> None:
    before = [session(n, plank(20.0, 6.0)) for n in range(3)]
    after = [session(n, plank(110.0, 6.0)) for n in range(3, 6)]
    (found,) = faults([*before, *after])
    assert found.shares == pytest.approx((0.2, 0.05))
    assert (found.trend, found.sessions, found.of_sessions) == ("less", 6, 6)
    assert faults(before[:1]) == ()
    (few,) = faults(before)
    assert few.trend == "unknown"


def test_weeks_without_sessions_are_gaps() -> None:
    """Neither skipped nor made up for."""
    found = weeks([session(0, plank()), session(15, plank())], DAY, DAY + timedelta(days=20))
    assert [week.sessions for week in found] == [1, 0, 1]
    assert found[0].monday == DAY


# --- the report ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history() -> Iterator[History]:
    """Three made-up months, through a real store."""
    with closing(HistoryStore(MEMORY)) as store:
        fill(store, LIBRARY, NINE)
        yield store.history()


@pytest.fixture(scope="module")
def report(history: History) -> Report:
    return report_of(history, DAY - timedelta(days=90), DAY, NINE, LIBRARY.exercises)


class Text(HTMLParser):
    """Tags and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


@pytest.mark.slow
def test_the_page_loads_and_runs_nothing(report: Report) -> None:
    """No script, link, picture file or font from elsewhere; only its own inline charts."""
    page = html_page(WORDS, report)
    assert not re.findall(r"(?:\bsrc=|href=|url\(|@import|<script|<link|<iframe)", page)
    addresses = set(re.findall(r"https?://[^'\"\s<]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert Text(page).tags.count("svg") == 4


def test_the_page_says_what_the_records_say(report: Report) -> None:
    words = Text(html_page(WORDS, report)).words
    assert f"{len(report.sessions)} sessions on {report.days} days" in words
    grown = {e.exercise for e in report.exercises for r in e.ranges if r.trend == "more"}
    assert grown == {"knee_to_chest", "press_up"}
    assert re.search(r"knee-to-chest stretch, left: \d+° → \d+° \(± 10°\): more range", words)
    stopped = [f for f in report.events if f.end]
    assert stopped
    assert all(report.names[f.exercise] in words for f in stopped)
    assert "whether the pelvis tips to the far side" in words


def test_words_of_a_file_cannot_become_markup(report: Report) -> None:
    """Names and cues come from files that anybody may write."""
    names = dict.fromkeys(report.names, "<b onload='x'>&</b>")
    page = html_page(WORDS, replace(report, names=names))
    assert "<b onload" not in page
    assert "&lt;b onload" in page


def test_an_empty_period_is_a_page_too() -> None:
    empty = report_of(History(), DAY, DAY, NINE, LIBRARY.exercises)
    assert "No session is in this period" in html_page(WORDS, empty)
    assert json.loads(report_json(WORDS, empty))["report"]["sessions"] == []


@pytest.mark.slow
def test_the_json_has_every_session_and_observation(report: Report) -> None:
    data = json.loads(report_json(WORDS, report))
    assert len(data["report"]["sessions"]) == len(report.sessions)
    ranges = [r for s in report.sessions for each in s.sets for r in each.ranges]
    observations = data["observations"]
    assert len(observations) == len(ranges) + len(report.pains)
    for each in observations:
        assert {"resourceType", "status", "code", "effectiveDateTime"} <= each.keys()
        datetime.fromisoformat(each["effectiveDateTime"])
    pain = next(each for each in observations if "valueInteger" in each)
    assert pain["code"]["coding"][0]["code"] == "72514-3"


def test_the_report_has_only_its_period(history: History) -> None:
    week = report_of(history, DAY - timedelta(days=6), DAY, NINE, LIBRARY.exercises)
    assert 0 < len(week.sessions) < 15
    assert all(DAY - timedelta(days=6) <= day <= DAY for day, _ in week.pains)


def test_pain_is_compared_only_over_two_weeks_of_answers() -> None:
    def changes(count: int) -> tuple[float, float] | None:
        told = [
            Feeling(NINE + timedelta(days=n), "before", pain=6 if n < 7 else 3)
            for n in range(count)
        ]
        until = DAY + timedelta(days=60)
        return report_of(History((), tuple(told)), DAY, until, NINE, {}).changes

    assert changes(13) is None
    assert changes(14) == (6.0, 3.0)


@pytest.mark.gui
def test_the_pdf_has_the_pages_of_the_report(report: Report, tmp_path: Path) -> None:
    """Two pages for three months; its owner alone may read it."""
    from PySide6.QtPdf import QPdfDocument

    from posecheck.ui.report_pdf import write_pdf

    out = tmp_path / "report.pdf"
    write_pdf(WORDS, report, out)
    assert out.read_bytes().startswith(b"%PDF")
    document = QPdfDocument()
    document.load(str(out))
    assert document.pageCount() == 2
    text = "".join(document.getAllText(n).text() for n in range(2))
    assert "What the camera cannot judge" in text
    document.close()
