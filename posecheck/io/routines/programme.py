"""Reads, checks and keeps a physiotherapist's programme.

All mistakes of a file are reported at once, each as `file:line: key: why`, as for exercises. The
file that is followed is kept as it was written, in the user's own folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from posecheck.exercise import Exercise, Routine
from posecheck.history.programme import Programme, ProgrammeBand, ProgrammeFile
from posecheck.io.output import replacing, writing
from posecheck.io.paths import data_home
from posecheck.io.routines.document import read_document
from posecheck.io.routines.lint import Problems, routine_problems
from posecheck.io.routines.problems import FileProblems, RoutineError
from posecheck.io.routines.schema import read
from posecheck.suggestion import suggestion

PROGRAMME_FILE = "programme.toml"
WORST_PAIN = 10


def programme_path() -> Path:
    """Where the programme that is followed is kept."""
    return data_home() / PROGRAMME_FILE


def load_programme(path: Path, exercises: Mapping[str, Exercise]) -> Programme:
    """Read a programme. Raises RoutineError with all of its mistakes."""
    document = read_document(path)
    found = FileProblems(document.name, lambda: document.lines)
    written: ProgrammeFile = read(document.data, ProgrammeFile, (), found)
    problems = [(key, why) for key, why in _problems(written, exercises) if not found.covers(key)]
    for key, why in problems:
        found.add(key, why)
    if found.problems():
        raise RoutineError(found.problems())
    return Programme(
        title=written.title,
        author=written.author,
        begins=date.fromisoformat(written.begins),
        ends=date.fromisoformat(written.ends),
        days_a_week=written.days_a_week,
        steps=written.steps,
        note=written.note,
        bands=written.bands,
        stop=written.stop,
    )


def kept_programme(exercises: Mapping[str, Exercise]) -> Programme | None:
    """The programme that is followed; None without one. Raises RoutineError when it no longer fits
    the exercises."""
    path = programme_path()
    return load_programme(path, exercises) if path.exists() else None


def keep_programme(path: Path, exercises: Mapping[str, Exercise]) -> Programme:
    """Follow the programme of a file from now on. Raises RoutineError and OutputError."""
    programme = load_programme(path, exercises)
    kept = programme_path()
    with writing(kept):
        kept.parent.mkdir(parents=True, exist_ok=True)
    with replacing(kept) as part, writing(kept):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(path.read_bytes())
    return programme


def remove_programme() -> bool:
    """Follow no programme any more. False when there was none. Raises OutputError."""
    path = programme_path()
    there = path.exists()
    with writing(path):
        path.unlink(missing_ok=True)
    return there


# --- mistakes -----------------------------------------------------------------------------------


def _problems(written: ProgrammeFile, exercises: Mapping[str, Exercise]) -> Problems:
    for key in ("title", "author"):
        if not getattr(written, key).strip():
            yield (key,), "must not be empty"
    yield from _days(written)
    if not 1 <= written.days_a_week <= 7:
        yield ("days_a_week",), "must be from 1 to 7"
    routine = Routine("programme", written.title or "-", "-", 1, written.steps)
    yield from routine_problems(routine, "programme", exercises, frozenset())
    used = {step.exercise for step in written.steps}
    for index, band in enumerate(written.bands):
        yield from _band(band, ("bands", index), exercises, used)
    for key in ("pain", "rise"):
        if not 1 <= getattr(written.stop, key) <= WORST_PAIN:
            yield ("stop", key), f"must be from 1 to {WORST_PAIN}"


def _days(written: ProgrammeFile) -> Problems:
    days: list[date] = []
    for key in ("begins", "ends"):
        try:
            days.append(date.fromisoformat(getattr(written, key)))
        except (ValueError, TypeError):
            yield (key,), 'must be a day such as "2026-01-31"'
    if len(days) == 2 and days[1] < days[0]:
        yield ("ends",), "must not be before the beginning"


def _band(
    band: ProgrammeBand, key: tuple[str, int], exercises: Mapping[str, Exercise], used: set[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A band moves what a range rule asks for, and keeps the side from which it asks."""
    exercise = exercises.get(band.exercise)
    if exercise is None or band.exercise not in used:
        yield (*key, "exercise"), f"'{band.exercise}' is in no [[steps]]"
        return
    rule = next((each for each in exercise.rules if each.id == band.rule), None)
    if rule is None:
        names = tuple(each.id for each in exercise.rules)
        yield (*key, "rule"), f"unknown rule '{band.rule}'; {suggestion(band.rule, names)}"
        return
    if rule.kind != "range":
        yield (*key, "rule"), f"'{band.rule}' is no range: only a range may be moved"
        return
    for end in ("min", "max"):
        own, new = getattr(rule, end), getattr(band, end)
        if own is None and new is not None:
            yield (*key, end), f"'{band.rule}' has no {end}"
        if own is not None and new is None:
            yield (*key, end), f"is missing; '{band.rule}' has {end} = {own:g}"
    if band.min is not None and band.max is not None and band.min >= band.max:
        yield (*key, "max"), "must be above min"
    yield from _safe(band, key, exercise, rule.metric)


def _safe(
    band: ProgrammeBand, key: tuple[str, int], exercise: Exercise, metric: str
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """No band may ask for what a stop rule on the same metric forbids."""
    for stop in exercise.rules:
        if stop.severity != "stop" or stop.metric != metric:
            continue
        for end in ("min", "max"):
            value = getattr(band, end)
            low, high = stop.min, stop.max
            if value is None:
                continue
            if (high is not None and value > high) or (low is not None and value < low):
                yield (*key, end), f"{value:g} is beyond the stop rule '{stop.id}'"
