"""A report as JSON: every number of the page and more, and the measured ones as observations.

`docs/history.md` describes the fields. An observation has the names of a FHIR Observation where
they fit (status, code, effectiveDateTime, valueQuantity, bodySite, component); it is not a complete
FHIR resource: there is no patient in it, because the program knows none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from posecheck import __version__
from posecheck.history.report import Report
from posecheck.io.report.words import Phrases, metric_words

FORMAT, VERSION = "posecheck-report", 1
PAIN_CODE = {
    "coding": [
        {
            "system": "http://loinc.org",
            "code": "72514-3",
            "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
        }
    ],
    "text": "Pain of the day",
}
"""LOINC's code for a reported pain of 0 to 10."""
UNITS = {
    "deg": {"unit": "degree", "system": "http://unitsofmeasure.org", "code": "deg"},
    "%": {"unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
}
"""Units of UCUM; others are ratios without one."""


def report_json(phrases: Phrases, report: Report) -> str:
    """The report as a JSON text."""
    data = {
        "format": FORMAT,
        "version": VERSION,
        "posecheck": __version__,
        "report": plain(report),
        "observations": list(observations(phrases, report)),
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def observations(phrases: Phrases, report: Report) -> Iterator[dict[str, Any]]:
    """The pains and the best ranges, each as an observation, oldest first."""
    for day, pain in report.pains:
        yield {
            "resourceType": "Observation",
            "status": "final",
            "code": PAIN_CODE,
            "effectiveDateTime": day.isoformat(),
            "valueInteger": pain,
        }
    for session in report.sessions:
        for each in session.sets:
            for best in each.ranges:
                unit = UNITS.get(best.unit, {"unit": "ratio", "code": "1"})
                band = None if best.band is None else {"value": best.band, **unit}
                yield {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": {"text": f"{metric_words(phrases, best.metric)} ({best.metric})"},
                    "bodySite": {"text": each.side or "both"},
                    "method": {"text": f"one webcam, posecheck {session.version}"},
                    "effectiveDateTime": session.began.isoformat(),
                    "valueQuantity": {"value": best.value, **unit},
                    "component": [
                        {"code": {"text": "exercise"}, "valueString": each.exercise},
                        {"code": {"text": "error, plus or minus"}, "valueQuantity": band},
                    ],
                }


def plain(value: Any) -> Any:
    """Dataclasses, days and tuples as JSON has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {" ".join(k) if isinstance(k, tuple) else k: plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [plain(each) for each in value]
    return value
