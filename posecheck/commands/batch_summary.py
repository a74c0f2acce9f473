"""`posecheck batch --summary`: what the tables of a run say, for a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posecheck.io.batch.results import Row, read_rows

WORDS = {
    "judged": "judged",
    "failed": "failed",
    "nobody": "without a person",
    "two_people": "with two people",
}
"""Status -> words after a number of recordings."""
NAMED = 10
"""Recordings without a result that are named."""


def counts_line(statuses: Mapping[str, int]) -> str:
    """ "200 recordings: 197 judged, 3 failed"."""
    total = sum(statuses.values())
    parts = [f"{statuses[name]} {word}" for name, word in WORDS.items() if statuses.get(name)]
    return f"{total} recording{'' if total == 1 else 's'}: {', '.join(parts) or 'none judged'}"


@dataclass(slots=True)
class _Line:
    """The sets of one exercise together."""

    sets: int = 0
    seconds: Counter[str] = field(default_factory=Counter)
    reps: int = 0
    rejected: int = 0
    scores: list[int] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


SECONDS = ("correct_s", "wrong_s", "cant_tell_s")


def print_summary(folder: Path) -> int:
    """Print what the tables of a folder hold. The exit code. OutputError, PackageMissing."""
    for line in summary_lines(folder):
        print(line)
    return 0


def summary_lines(folder: Path) -> Iterator[str]:
    """The lines of the summary."""
    statuses: Counter[str] = Counter()
    troubled: list[str] = []
    usable: set[int] = set()
    for row in read_rows(folder / "recordings.parquet", "recordings"):
        statuses[row["status"]] += 1
        if row["status"] == "judged":
            usable.add(row["entry"])
        elif len(troubled) < NAMED:
            troubled.append(f"  {row['recording']}: {row['sentence']}")
    yield counts_line(statuses)
    yield from _exercises(folder, usable)
    yield from _desk(folder, usable)
    if troubled:
        yield ""
        yield "Without a result that can be used:"
        yield from troubled
        more = sum(statuses.values()) - statuses["judged"] - len(troubled)
        if more:
            yield f"  ... and {more} more"


def _exercises(folder: Path, usable: set[int]) -> Iterator[str]:
    lines: defaultdict[str, _Line] = defaultdict(_Line)
    for row in read_rows(folder / "sets.parquet", "sets"):
        if row["entry"] in usable:
            _add_set(lines[row["exercise"]], row)
    for row in read_rows(folder / "faults.parquet", "faults"):
        if row["entry"] in usable:
            lines[row["exercise"]].faults[row["cue"]] += 1
    if not lines:
        return
    head = (
        "exercise",
        "sets",
        "correct s",
        "wrong s",
        "can't tell s",
        "reps",
        "score",
        "most often",
    )
    yield ""
    yield from _table([head, *(_cells(name, lines[name]) for name in sorted(lines))])


def _add_set(line: _Line, row: Row) -> None:
    line.sets += 1
    for name in SECONDS:
        line.seconds[name] += row[name]
    line.reps += row["reps"] or 0
    line.rejected += row["reps_rejected"]
    if row["form_score"] is not None:
        line.scores.append(row["form_score"])


def _cells(name: str, line: _Line) -> tuple[str, ...]:
    reps = f"{line.reps}/{line.reps + line.rejected}" if line.reps + line.rejected else "-"
    score = f"{sum(line.scores) / len(line.scores):.0f}" if line.scores else "-"
    fault, times = min(line.faults.items(), key=lambda item: (-item[1], item[0]), default=("-", 0))
    seconds = (f"{line.seconds[each]:.0f}" for each in SECONDS)
    often = f"{fault} ({times})" if times else fault
    return name, str(line.sets), *seconds, reps, score, often


def _desk(folder: Path, usable: set[int]) -> Iterator[str]:
    minutes: Counter[str] = Counter()
    for row in read_rows(folder / "desk_states.parquet", "desk_states"):
        if row["entry"] in usable:
            minutes[row["state"]] += row["minutes"]
    if not minutes:
        return
    yield ""
    rows = [(state.replace("_", " "), f"{minutes[state]:.1f}") for state in sorted(minutes)]
    yield from _table([("at the desk", "minutes"), *rows])


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Aligned columns; the first and the last are words."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (
            cell.ljust(w) if at == 0 else cell.rjust(w)
            for at, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        if len(row) > 2:
            others[-1] = row[-1]
        yield "  ".join((first, *others)).rstrip()
