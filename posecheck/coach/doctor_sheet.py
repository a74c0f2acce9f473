"""The page for a doctor or physiotherapist: which exercises the user wants to ask about.

Pure: `doctor_sheet` collects, `posecheck/io/report/doctor.py` writes it as a page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from posecheck.coach.wording import short_name
from posecheck.exercise import CONTRAINDICATIONS, Exercise, Routine
from posecheck.session.safety import replacement


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One exercise to ask about.

    note  what the answers of the user change about it, as a sentence; "" for nothing
    """

    exercise: Exercise
    note: str = ""


@dataclass(frozen=True, slots=True)
class DoctorSheet:
    """What is on the page.

    answers  the questions that the user has answered with yes
    rows     the exercises, in the order of the routines, each once
    """

    day: date
    answers: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def doctor_sheet(
    day: date,
    routines: Iterable[Routine],
    exercises: Mapping[str, Exercise],
    questions: Iterable[str],
    tags: Collection[str],
    phrases: Mapping[str, str],
) -> DoctorSheet:
    """The page of a day.

    routines   those whose exercises the user wants to ask about
    questions  screening questions with a yes, as texts
    tags       the user's contraindications; their questions are listed too
    """
    named = dict.fromkeys(step.exercise for routine in routines for step in routine.steps)
    rows = tuple(
        SheetRow(exercises[name], limits_words(exercises[name], exercises, tags, phrases))
        for name in named
    )
    texts = (*questions, *(phrases[f"tag_{tag}"] for tag in CONTRAINDICATIONS if tag in tags))
    return DoctorSheet(day, tuple(dict.fromkeys(texts)), rows)


def limits_words(
    exercise: Exercise,
    exercises: Mapping[str, Exercise],
    tags: Collection[str],
    phrases: Mapping[str, str],
) -> str:
    """What the user's tags change about an exercise: what replaces it, that nothing does, or that
    only its easier form suits them; "" for nothing."""
    found = replacement(exercise, exercises, tags)
    if found is None:
        return ""
    other, eased = found
    if other is None:
        return phrases["ui_instead_none"]
    if other.id == exercise.id:
        return phrases["ui_instead_easier"].format(easier=exercise.easier)
    words = phrases["ui_instead"].format(name=short_name(other))
    easier = phrases["ui_instead_easier"].format(easier=other.easier) if eased else ""
    return f"{words} {easier}".strip()
