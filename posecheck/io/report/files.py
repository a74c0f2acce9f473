"""Writes a report's HTML and JSON, each completely or not at all, for its owner alone."""

from __future__ import annotations

from pathlib import Path

from posecheck.history.report import Report
from posecheck.io.output import replacing, writing
from posecheck.io.report.data import report_json
from posecheck.io.report.html import html_page


def write_html(report: Report, path: Path) -> None:
    """Write the page. Raises OutputError."""
    _write(path, html_page(report))


def write_json(report: Report, beside: Path) -> Path:
    """Write the JSON file of the same name beside the page `beside`, and answer with its path.
    Raises OutputError."""
    path = beside.with_suffix(".json")
    _write(path, report_json(report))
    return path


def _write(path: Path, text: str) -> None:
    with replacing(path) as part, writing(path):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # it is health data: only its owner may read it
        part.write_text(text, encoding="utf-8")
