"""What the command line shows about exercises, metrics, files and the computer.

Everything goes to stdout as tables that fit the terminal; a pipe gets the same without colours.
The functions that look for mistakes return the exit code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from posecheck.body.measure import resolve
from posecheck.body.metrics import METRICS
from posecheck.coach.wording import band_words
from posecheck.commands.arguments import CommandError
from posecheck.commands.doctor import examine
from posecheck.exercise import (
    GROUPS,
    Dose,
    Exercise,
    Reps,
    Routine,
    RoutineStep,
    Rule,
    Substitute,
)
from posecheck.io.requirements import SystemFinding
from posecheck.io.routines.document import read_document
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import (
    Library,
    check_substitutes,
    load_all,
    load_exercise,
    load_lesson,
    load_routine,
)
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.search_words import library_search, read_search_words
from posecheck.io.routines.translation import translation_problems
from posecheck.io.terminal import styled

STRICTNESS = {"gate": "position", "must": "must", "advice": "advice", "stop": "limit"}
"""Severity of a rule -> its word in the tables."""
SESSION = {"Display": "a display", "Cameras": "a camera", "Voice": "a voice", "Sound": "sound"}
"""Findings that only a session needs, and their words in the last line of `doctor`."""
NEEDED_BY_SESSIONS = frozenset(("Display", "Cameras"))
"""Findings without which no session can begin."""
SIDES = {"none": "no sides", "each": "each side", "alternate": "sides take turns"}


def show_library(library: Library) -> None:
    """Print the exercises by group, then the routines."""
    console, phrases = _console(), load_phrases("en")
    _show_exercises(console, phrases, library.exercises.values())
    table = _table("Routines", ("routine", "length", "about"))
    for routine in library.routines.values():
        table.add_row(routine.id, minutes(routine.seconds), routine.about)
    console.print(table)


def show_found(library: Library, text: str) -> None:
    """Print the exercises that a text finds, as the window's library does. Raises CommandError when
    it finds none."""
    console, phrases = _console(), load_phrases("en")
    found = library_search(library, phrases).find(text)
    if not found:
        raise CommandError(f"Nothing fits '{text}'. Try another word, such as: neck, hips, chair")
    _show_exercises(console, phrases, found)


def _show_exercises(
    console: Console, phrases: Mapping[str, str], chosen: Iterable[Exercise]
) -> None:
    exercises = sorted(chosen, key=lambda e: (_rank(e.group), e.id))
    for group, members in groupby(exercises, key=lambda e: e.group):
        title = phrases.get(f"ui_group_{group}", group)
        table = _table(title, ("exercise", "form", "dose", "view", "sides"))
        for each in members:
            view = each.camera.view if each.camera else "any"
            dose = dose_words(each.dose)
            table.add_row(each.id, _badge(phrases, each), dose, view, SIDES[each.sides])
        console.print(table)


def _console() -> Console:
    """A console without markup: square brackets in the texts of exercise files are plain text."""
    return Console(file=styled(sys.stdout), highlight=False, markup=False, emoji=False)


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _badge(phrases: Mapping[str, str], exercise: Exercise) -> str:
    return phrases[f"ui_check_{exercise.check}"]


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=index == 0)
    return table


def minutes(seconds: float) -> str:
    """ "about 10 min", at least 1; the seconds of a routine are not exact."""
    return f"about {max(1, round(seconds / 60))} min"


def dose_words(dose: Dose | RoutineStep) -> str:
    """ "2 x 30 s"; with both repetitions and a hold "4 x 8 s hold"."""
    hold = f"{dose.hold_s:g} s hold" if dose.hold_s is not None else ""
    reps = f"{dose.reps} reps" if dose.reps is not None else ""
    time = _time_words(dose.time_s) if dose.time_s is not None else ""
    words = f"{dose.reps} x {hold}" if hold and reps else hold or reps
    words = " or ".join(each for each in (words, time) if each)
    return f"{dose.sets} x {words}" if dose.sets > 1 and words else words


def _time_words(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 120 or seconds % 60 else f"{seconds / 60:g} min"


def show_one(found: Exercise | Routine, library: Library) -> None:
    """Print one exercise, or one routine step by step."""
    if isinstance(found, Exercise):
        _show_exercise(found)
    else:
        _show_routine(found, library)


def _show_routine(routine: Routine, library: Library) -> None:
    console, phrases = _console(), load_phrases("en")
    console.print(Text.assemble((routine.name, "bold"), f" ({minutes(routine.seconds)})"))
    console.print(routine.about)
    table = _table("", ("exercise", "form", "dose", "sides"))
    for step in routine.steps:
        exercise = library.exercises[step.exercise]
        dose = dose_words(step) or dose_words(exercise.dose)
        sides = "both sides" if step.sides == 2 else ""
        table.add_row(exercise.id, _badge(phrases, exercise), dose, sides)
    console.print(table)


def _show_exercise(exercise: Exercise) -> None:
    console, phrases = _console(), load_phrases("en")
    console.print(Text(exercise.name, "bold"))
    console.print(_badge(phrases, exercise))
    if exercise.aliases:
        console.print(f"also: {', '.join(exercise.aliases)}")
    console.print()
    for number, step in enumerate(exercise.instructions, 1):
        console.print(f"{number}. {step}")
    console.print()
    by, on = exercise.reviewed_by, exercise.reviewed_on
    review = phrases["ui_reviewed"].format(name=by, day=on) if by else phrases["ui_reviewed_none"]
    for name, text in (*_facts(phrases, exercise), ("Review", review)):
        console.print(Text.assemble((f"{name}:", "bold"), f" {text}"))
    if exercise.rules:
        console.print(_rules(phrases, exercise.rules))


def _facts(phrases: Mapping[str, str], exercise: Exercise) -> Iterator[tuple[str, str]]:
    """The facts of an exercise as (name, text); empty ones are left out."""
    means = f": {exercise.side_means}" if exercise.side_means else ""
    questions = [phrases[f"tag_{tag}"] for tag in exercise.contraindications]
    eased = [phrases[f"tag_{tag}"] for tag in exercise.eased_for]
    instead = "; ".join(_substitute(each) for each in exercise.substitutes)
    facts = (
        ("Dose", dose_words(exercise.dose)),
        ("A repetition", _repetition(exercise.reps)),
        ("Sides", SIDES[exercise.sides] + means),
        ("Camera", exercise.camera.hint if exercise.camera else ""),
        ("Easier", exercise.easier),
        ("Harder", exercise.harder),
        ("Safety", exercise.safety),
        ("Ask for advice first if yes", " ".join(questions)),
        ("In its easier form if yes", " ".join(eased)),
        ("Instead", instead),
        ("Not checked", "; ".join(exercise.not_checked) or exercise.why_unchecked),
        ("Note", exercise.note),
    )
    return ((name, text) for name, text in facts if text)


def _substitute(substitute: Substitute) -> str:
    """ "plank for KNEE", "high_knees (its easier form)"."""
    eased = " (its easier form)" if substitute.eased else ""
    tags = f" for {', '.join(substitute.tags)}" if substitute.tags else ""
    return f"{substitute.exercise}{eased}{tags}"


def _degrees(spec: str) -> str:
    return "°" if resolve(spec).metric.unit == "deg" else ""


def _repetition(reps: Reps | None) -> str:
    if reps is None:
        return ""
    unit = _degrees(f"{reps.metric}.left" if reps.each else reps.metric)
    way = f"{reps.metric} from {reps.rest.enter:g}{unit} to {reps.peak.enter:g}{unit} and back"
    held = f", kept for {reps.hold_s:g} s" if reps.hold_s else ""
    return f"{way}{held}, in {reps.min_s:g} to {reps.max_s:g} s"


def _rules(phrases: Mapping[str, str], rules: Iterable[Rule]) -> Table:
    title = "What is checked (position, must and limit stop the timer)"
    table = _table(title, ("rule", "level", "measured", "limits", "cue"))
    for rule in rules:
        limits = band_words(phrases, rule, _degrees(rule.metric))
        table.add_row(rule.id, STRICTNESS[rule.severity], rule.metric, limits, rule.cue)
    return table


def show_metrics() -> None:
    """Print the table of everything that a rule can measure."""
    table = _table("Metrics", ("metric", "range", "what it is"))
    for metric in METRICS.values():
        name = f"{metric.name}.<side>" if metric.sided else metric.name
        views = "any view" if len(metric.views) == 3 else ", ".join(sorted(metric.views))
        span = f"{metric.low:g} to {metric.high:g} {metric.unit}"
        table.add_row(name, span, f"{metric.about} ({views})")
    console = _console()
    console.print(table)
    console.print(
        "<side>: near, far, work, other, left, right, both (the worse one), min, max, mean.\n"
        "gap(part.side,part.side): distance of two joints / trunk; gap3(…) in the world."
    )


MOST_SEEN = 5000
"""Files and folders that are looked at in a folder, which takes a tenth of a second. Folders of
exercises have some hundred; more is a home or a whole disk."""


def check_files(paths: Iterable[Path], most_seen: int = MOST_SEEN) -> int:
    """Print the mistakes of exercise, routine and language files, and of folders of them. The exit
    code: 2 when there are any. `most_seen`: files and folders that are looked at in a folder."""
    problems: list[str] = []
    exercises = dict(load_all().exercises)
    found = [file for path in paths for file in _toml_files(path, problems, most_seen)]
    read: list[Path] = []
    translations = dict.fromkeys(
        folder for file in found if (folder := _language_of(file)) is not None
    )
    files = [file for file in found if _language_of(file) is None]
    for file in sorted(files, key=lambda file: _kind(file) == "routine"):
        try:
            if _read(file, exercises) == "exercise":
                read.append(file)
        except RoutineError as error:
            problems += error.problems
    for folder in translations:
        try:
            problems += translation_problems(folder.name, load_all(), folder.parent)
        except RoutineError as error:
            problems += error.problems
    unread = frozenset(file.stem for file in files) - exercises.keys()
    problems += check_substitutes(read, exercises, unread)
    for problem in problems:
        print(problem)
    count = f"{len(found)} file{'' if len(found) == 1 else 's'}"
    print(f"{count}, {_mistakes(len(problems))}")
    return 2 if problems else 0


def _read(file: Path, exercises: dict[str, Exercise]) -> str:
    """Read a file, and add an exercise to the others. Its kind. RoutineError."""
    kind = _kind(file)
    match kind:
        case "search":
            read_search_words(file)
        case "exercise":
            exercises[file.stem] = load_exercise(file)
        case "lesson":
            load_lesson(file)
        case "routine":
            load_routine(file, exercises)
        case _:
            load_phrases(file.stem, file.parent)
    return kind


def _mistakes(count: int) -> str:
    return "no mistakes" if not count else f"{count} mistake{'' if count == 1 else 's'}"


def _toml_files(path: Path, problems: list[str], most_seen: int) -> list[Path]:
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    seen = 0
    for folder, folders, names in os.walk(path):  # it passes over what cannot be read
        folders.sort()
        seen += len(folders) + len(names)
        if seen > most_seen:
            problems.append(f"{path}:1: holds more than {most_seen} files; give a smaller folder")
            return []
        toml = (name for name in sorted(names) if name.endswith(".toml"))
        found += [Path(folder, name) for name in toml if not name.startswith(".")]
    if not found:
        problems.append(f"{path}:1: holds no .toml files")
    return sorted(found)


def _language_of(file: Path) -> Path | None:
    """The folder of the language to which a file of translated texts belongs, None for others."""
    return next((f for f in file.parents if f.parent.name == "lang"), None)


def _kind(file: Path) -> str:
    """The kind of a file, by folder or keys: exercise, lesson, routine, language or search."""
    if file.parent.name == "exercises":
        return "exercise"
    if file.parent.name == "lessons":
        return "lesson"
    if file.parent.name == "search":
        return "search"
    if file.parent.name == "lang":
        return "language"
    try:
        return "routine" if "steps" in read_document(file).data else "exercise"
    except RoutineError:
        return "exercise"  # reading it as one reports what is wrong


def show_findings() -> int:
    """Print what posecheck needs from this computer and what was found. The exit code: 1 when
    something needed is missing."""
    console = _console()
    findings = examine()
    marks = {
        True: Text("ok", "green"),
        False: Text("missing", "bold red"),
        None: Text("without", "yellow"),
    }
    table = _table("", ("what", "", "found"))
    for finding in findings:
        advice = f"\n-> {finding.advice}" if finding.advice else ""
        table.add_row(finding.name, marks[finding.ok], finding.text + advice)
    console.print(table)
    print(verdict(findings))
    return 1 if any(finding.ok is False for finding in findings) else 0


def verdict(findings: Iterable[SystemFinding]) -> str:
    """The last line of `posecheck doctor`: what is broken, or what works and what will be missing.

    A session needs a camera and a display; it goes on without a voice and sound.
    """
    states = {finding.name: finding.ok for finding in findings if finding.ok is not True}
    if broken := [name for name, ok in states.items() if ok is False]:
        return f"Needs attention: {', '.join(broken)}"
    absent = [words for name, words in SESSION.items() if name in states]
    if not absent:
        return "Ready to start."
    ready = "analyse recordings" if states.keys() & NEEDED_BY_SESSIONS else "start"
    return f"Ready to {ready}. Missing for a session: {', '.join(absent)}."
