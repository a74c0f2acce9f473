"""`posecheck programme`: a physiotherapist's programme, checked, shown as theirs, followed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from posecheck.coach.wording import short_name
from posecheck.commands.arguments import CommandError
from posecheck.exercise import Exercise, RoutineStep
from posecheck.history.programme import Programme
from posecheck.io.report.words import full_day
from posecheck.io.routines.language import ENGLISH, load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.routines.programme import keep_programme, kept_programme, remove_programme
from posecheck.io.store.settings import load_settings


def follow(path: Path, library: Library) -> None:
    """Check a file and follow it from now on. Raises RoutineError and OutputError."""
    _show(keep_programme(path, library.exercises), library)
    print("It is followed from now on: posecheck session --programme")


def show(library: Library) -> None:
    """The programme that is followed."""
    programme = kept_programme(library.exercises)
    if programme is None:
        print("No programme is followed. Follow one with: posecheck programme FILE")
        return
    _show(programme, library)


def remove() -> None:
    """Follow none any more. Raises OutputError."""
    there = remove_programme()
    print("The programme is removed." if there else "No programme was followed.")


def programme_today(library: Library) -> Programme:
    """The programme, for a session of today. Raises CommandError when none is followed, when it
    does not hold today, and when its stop rule forbids a session with today's pain."""
    programme = kept_programme(library.exercises)
    if programme is None:
        raise CommandError("No programme is followed. Follow one with: posecheck programme FILE")
    today = date.today()
    if not programme.holds(today):
        words = load_phrases(ENGLISH)
        raise CommandError(
            f"{programme.title} is for {full_day(words, programme.begins)} to "
            f"{full_day(words, programme.ends)}."
        )
    settings, _ = load_settings()
    pains = dict(settings.comfort)
    yesterday = pains.get((today - timedelta(days=1)).isoformat())
    if programme.stops(pains.get(today.isoformat()), yesterday):
        raise CommandError(
            f"{programme.author} asks for no session with pain as today's. {programme.stop.words}"
        )
    return programme


def library_with(programme: Programme, library: Library) -> Library:
    """The library with the programme as a routine, and with its bands."""
    routine = programme.routine
    exercises = programme.banded(library.exercises)
    return Library(exercises, {**library.routines, routine.id: routine}, library.lessons)


def _show(programme: Programme, library: Library) -> None:
    words = load_phrases(ENGLISH)
    days = _count(programme.days_a_week, "day")
    print(f"{programme.title}, by {programme.author}")
    begins, ends = (full_day(words, day) for day in (programme.begins, programme.ends))
    print(f"From {begins} to {ends}, {days} a week.")
    if programme.note:
        print(programme.note)
    for step in programme.steps:
        print(f"  {_step(step, library.exercises[step.exercise])}")
    for band in programme.bands:
        limits = [f"{name} {value:g}" for name, value in (("min", band.min), ("max", band.max))
                if value is not None]  # fmt: skip
        print(f"  {band.exercise}, {band.rule}: {', '.join(limits)}")
    stop = programme.stop
    print(f"No session with pain of {stop.pain} or more today, or {stop.rise} more than yesterday.")
    if stop.words:
        print(stop.words)


def _step(step: RoutineStep, exercise: Exercise) -> str:
    seconds = step.hold_s or step.time_s
    parts = [f"{seconds:g} s"] if seconds else []
    parts += [_count(step.reps, "repetition")] if step.reps else []
    parts += [_count(step.sets, "set")] if step.sets > 1 else []
    parts += ["both sides"] if step.sides == 2 else []
    dose = f": {', '.join(parts)}" if parts else ""
    return f"{short_name(exercise)}{dose}"


def _count(count: int, one: str) -> str:
    """ "1 set", "3 sets"."""
    return f"{count} {one}{'' if count == 1 else 's'}"
