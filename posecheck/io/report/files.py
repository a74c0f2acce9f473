"""Writes a report's HTML and JSON, each completely or not at all, for its owner alone."""

from __future__ import annotations

from pathlib import Path

from posecheck.history.report import Report
from posecheck.io.output import replacing, writing
from posecheck.io.report.data import report_json
from posecheck.io.report.html import html_page
from posecheck.io.report.words import Phrases


def write_html(phrases: Phrases, report: Report, path: Path) -> None:
    """Write the page. Raises OutputError."""
    _write(path, html_page(phrases, report))


def write_json(phrases: Phrases, report: Report, beside: Path) -> Path:
    """Write the JSON file of the same name beside the page `beside`, and answer with its path.
    Raises OutputError."""
    path = beside.with_suffix(".json")
    _write(path, report_json(phrases, report))
    return path


def _write(path: Path, text: str) -> None:
    with replacing(path) as part, writing(path):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # it is health data: only its owner may read it
        part.write_text(text, encoding="utf-8")
