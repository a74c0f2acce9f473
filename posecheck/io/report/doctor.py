"""The page for a doctor as HTML, without scripts, links or anything to load.

The body is of tables and paragraphs only, so that Qt can print the same text as PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from posecheck import __version__
from posecheck.coach.doctor_sheet import DoctorSheet, SheetRow
from posecheck.coach.wording import short_name
from posecheck.io.report.html import whole_page
from posecheck.io.report.words import full_day

PICTURE_WIDTH = 96
"""Width of a picture on the page, pixels."""

Picture = Callable[[str], str]
"""The address of an exercise's picture, "data:…", and "" for none."""


def doctor_page(sheet: DoctorSheet, phrases: Mapping[str, str], picture: Picture) -> str:
    """The whole file."""
    return whole_page(
        phrases, phrases["doc_title"], doctor_body(sheet, phrases, picture), "img-src data:"
    )


def doctor_body(sheet: DoctorSheet, phrases: Mapping[str, str], picture: Picture) -> str:
    """What is between <body> and </body>."""
    words = {key: escape(text) for key, text in phrases.items() if key.startswith("doc_")}
    answers = "".join(f"<li>{escape(text)}</li>" for text in sheet.answers)
    told = f"<p><b>{words['doc_answers']}</b></p><ul>{answers}</ul>" if answers else ""
    rows = "".join(_row(row, words, phrases, picture) for row in sheet.rows)
    return (
        f"<h1>{words['doc_title']}</h1>"
        f"<p>{words['doc_name']} ______________________________ "
        f"&nbsp; {escape(full_day(phrases, sheet.day))}</p>"
        f"<p>{words['doc_lead']}</p>{told}"
        f"<table width='100%' cellspacing='0' cellpadding='4'>"
        f"<tr><th colspan='2'>{words['doc_exercise']}</th>"
        f"<th>{words['doc_opinion']}</th></tr>{rows}</table>"
        f"<p>{words['doc_remarks']} ________________________________________________________</p>"
        f"<p class='small'>posecheck {__version__}. {words['doc_limits']}</p>"
    )


def _row(
    row: SheetRow, words: Mapping[str, str], phrases: Mapping[str, str], picture: Picture
) -> str:
    each = row.exercise
    source = picture(each.id)
    shown = f"<img src='{source}' width='{PICTURE_WIDTH}' alt=''>" if source else ""
    position = phrases[f"ui_position_{each.position.replace('-', '_')}"]
    steps = " ".join(each.instructions)
    note = f"<br><i>{escape(row.note)}</i>" if row.note else ""
    boxes = "<br>".join(f"\u2610 {words[key]}" for key in ("doc_yes", "doc_easier", "doc_no"))
    return (
        f"<tr><td width='{PICTURE_WIDTH + 8}'>{shown}</td>"
        f"<td><b>{escape(short_name(each))}</b> ({escape(position)})<br>"
        f"{escape(steps)}{note}</td><td width='110'>{boxes}</td></tr>"
    )
