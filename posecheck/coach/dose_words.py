"""The amounts of an exercise in the words of a language, and why something was changed."""

from __future__ import annotations

from collections.abc import Mapping

from posecheck.coach.wording import short_name
from posecheck.exercise import Exercise, RoutineStep
from posecheck.session.safety import Change


def step_words(phrases: Mapping[str, str], step: RoutineStep, exercise: Exercise) -> str:
    """What is done in a step: "2 × 20 s, each side"."""
    dose = exercise.dose
    if exercise.category == "hold":
        words = phrases["ui_dose_hold"].format(count=f"{step.hold_s or dose.hold_s or 0:g}")
    elif exercise.category == "timer" or step.time_s is not None:
        words = _time(phrases, step.time_s or dose.time_s or 0.0)
    else:
        words = phrases["ui_dose_reps"].format(count=step.reps or dose.reps or 0)
    if step.sets > 1:
        words = phrases["ui_dose_sets"].format(count=step.sets, dose=words)
    both = exercise.sides == "each" and step.sides == 2
    return f"{words}, {phrases['ui_dose_both']}" if both else words


def _time(phrases: Mapping[str, str], seconds: float) -> str:
    if seconds < 120 or seconds % 60:
        return phrases["ui_dose_time"].format(count=f"{seconds:g}")
    return phrases["ui_dose_minutes"].format(count=round(seconds / 60))


def change_words(
    change: Change, exercises: Mapping[str, Exercise], phrases: Mapping[str, str]
) -> str:
    """What was changed for the user, as a sentence."""
    name = short_name(exercises[change.exercise])
    if not change.instead:
        return phrases["dropped_say"].format(name=name)
    other = exercises[change.instead]
    said = (
        phrases["eased_say"].format(name=name)
        if other.id == change.exercise
        else phrases["changed_say"].format(name=name, other=short_name(other))
    )
    easier = phrases["easier_say"].format(easier=other.easier) if change.eased else ""
    return f"{said} {easier}".strip()


def reason_words(change: Change, phrases: Mapping[str, str]) -> str:
    """Why it was changed: the questions that the user has answered with yes."""
    why = " ".join(phrases[f"tag_{tag}"] for tag in change.tags)
    return phrases["ui_routine_reason"].format(why=why)
