"""The figures of `tests/accuracy.json`, and when a change makes one of them worse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from scoring import Score

BASELINE = Path(__file__).parents[1] / "tests" / "accuracy.json"

Figures = Mapping[str, float]
"""Name of a figure -> value; a figure that a recording does not have is left out."""

TOLERANCES: Mapping[str, tuple[int, float]] = {
    "credited_s": (+1, 0.3),
    "false_credit_s": (-1, 0.2),
    "false_alarm_s": (-1, 0.2),
    "faults_named": (+1, 0.0),
    "true_calls": (+1, 0.0),
    "false_calls": (-1, 0.0),
    "fault_delay_s": (-1, 0.25),
    "credit_delay_s": (-1, 0.25),
    "reps_missed": (-1, 0.0),
    "reps_phantom": (-1, 0.0),
    "cant_tell_s": (-1, 0.3),
    "refused": (+1, 0.0),
    "angle_error_deg": (-1, 0.5),
    "impostor_s": (-1, 0.2),
    "impostor_reps": (-1, 0.0),
}
"""Figure -> (+1 when more is better, -1 when less is; how much worse it may become). Counts may
not become worse at all. Seconds may by two to four pictures of 15 a second, angles by half a
degree: another processor rounds differently and may shift a verdict by a picture."""


def figures(score: Score) -> dict[str, float]:
    """The figures of one recording, those that it has; each means what `Score` says of it. The
    angle error is that of the worst metric."""
    found: list[tuple[str, float, float]] = [
        ("credited_s", score.due_s, score.got_s),
        ("false_alarm_s", score.due_s, score.alarm_s),
        ("false_calls", score.due_s, score.false_calls),
        ("false_credit_s", score.wrong_s, score.false_s),
        ("faults_named", score.planted, score.named),
        ("true_calls", score.planted, score.true_calls),
        ("reps_missed", score.counted_clips, abs(score.reps - score.counted)),
        ("reps_phantom", score.counted_clips, score.phantoms),
        ("cant_tell_s", score.labelled_s, score.blind_s),
        ("refused", score.refusals, score.refused),
    ]
    for name, delays in (
        ("credit_delay_s", score.credit_delays_s),
        ("fault_delay_s", score.fault_delays_s),
    ):
        found.append((name, len(delays), median(delays or [0.0])))
    errors = [error for each in score.angle_errors_deg.values() for error in each]
    found.append(("angle_error_deg", len(errors), max(errors, default=0.0)))
    return {name: round(float(value), 2) for name, measured, value in found if measured}


def as_json(rows: Mapping[str, Figures]) -> str:
    """A line for each recording, so that a diff is readable."""
    lines = (f" {json.dumps(n, ensure_ascii=False)}: {json.dumps(rows[n])}" for n in sorted(rows))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_baseline() -> dict[str, dict[str, float]]:
    """The stored figures, by recording."""
    rows: dict[str, dict[str, float]] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return rows


def worse(before: Mapping[str, Figures], now: Mapping[str, Figures]) -> list[str]:
    """A sentence for every figure that became worse than its tolerance allows, or is gone."""
    found = [f"{name} is no longer judged." for name in sorted(before.keys() - now.keys())]
    for name in sorted(before.keys() & now.keys()):
        for figure, old in before[name].items():
            better, tolerance = TOLERANCES[figure]
            new = now[name].get(figure)
            if new is None:
                found.append(f"{name}: {figure} was {old:g} and cannot be measured any more.")
            elif better * (old - new) > tolerance + 1e-9:
                found.append(
                    f"{name}: {figure} was {old:g} and is {new:g}; {tolerance:g} is allowed."
                )
    return found
