"""Everything that the page of one exercise says before the user begins it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from PySide6.QtWidgets import QLabel, QWidget

from posecheck.coach.dose_words import step_words
from posecheck.exercise import Exercise
from posecheck.session.safety import own_step
from posecheck.ui.widgets.controls import button, card, column, label, sentence, short
from posecheck.ui.widgets.demonstration import Demonstration
from posecheck.ui.widgets.flow import Flow

SECTIONS = ("how", "care", "easier", "harder", "note", "why", "unchecked", "review")
"""The parts of the text, in order, each below a heading."""


class ExerciseDetail(QWidget):
    """Picture, dose, sides, instructions, safety, easier and harder forms, reasons, what is not
    checked, and the review.

    favourite  the button that marks the exercise as a favourite
    texts      the label of each section
    """

    def __init__(self, phrases: Mapping[str, str], marked: Callable[[], object]) -> None:
        super().__init__()
        self._phrases = phrases
        self.picture = Demonstration(ratio=16 / 10)
        self._name = label("", "heading")
        self._badge = short("", "badge")
        self.favourite = button(phrases["ui_library_favourite"], marked, "choice")
        self.favourite.setCheckable(True)
        marks = Flow(10)
        marks.put(self._badge)
        marks.put(self.favourite)
        self.facts = label("")
        self._warns = label("", "care")
        self._warning = card(column(self._warns), "notice")
        self.texts: dict[str, QLabel] = {}
        self._headings: dict[str, QLabel] = {}
        parts = column(self.picture, self._name, marks, self.facts, self._warning, gap=12)
        for name in SECTIONS:
            self._headings[name] = label(phrases[f"ui_library_{name}"], "strong")
            self.texts[name] = label("")
            parts.addLayout(column(self._headings[name], self.texts[name], gap=2))
        parts.addStretch(1)
        parts.setContentsMargins(0, 0, 14, 0)
        self.setLayout(parts)

    def show_exercise(
        self,
        exercise: Exercise,
        tags: Collection[str],
        favourites: Collection[str],
        instead: str = "",
    ) -> bool:
        """Describe an exercise. Whether the user with these tags may do it; `instead` says what
        replaces it where not."""
        words = self._phrases
        self.picture.show_exercise(exercise.id)
        self._name.setText(exercise.name)
        self._badge.setText(words[f"ui_check_{exercise.check}"])
        self.favourite.setChecked(exercise.id in favourites)
        self.favourite.setAccessibleName(f"{words['ui_library_favourite']}: {exercise.name}")
        self.facts.setText("\n".join(facts(words, exercise)))
        for name, text in sections(words, exercise).items():
            self.texts[name].setText(text)
            self.texts[name].setVisible(bool(text))
            self._headings[name].setVisible(bool(text))
        excluded = [words[f"tag_{tag}"] for tag in exercise.contraindications if tag in tags]
        self._warning.setVisible(bool(excluded))
        if excluded:
            why = words["ui_practise_not"].format(why=" ".join(excluded))
            self._warns.setText(f"{why} {instead}".strip())
        return not excluded


def facts(phrases: Mapping[str, str], exercise: Exercise) -> list[str]:
    """Areas, position, dose and sides, a line each."""
    areas = ", ".join(phrases[f"ui_area_{area}"] for area in exercise.areas)
    dose = step_words(phrases, own_step(exercise), exercise)
    sides = phrases[f"ui_library_sides_{exercise.sides}"]
    if exercise.side_means:
        means = phrases["ui_library_sides_means"].format(means=exercise.side_means)
        sides = f"{sides} {means}"
    position = phrases[f"ui_position_{exercise.position.replace('-', '_')}"]
    lines = [areas, sentence(position), f"{phrases['ui_library_dose']} {dose}", sides]
    return [line for line in lines if line]


def sections(phrases: Mapping[str, str], exercise: Exercise) -> dict[str, str]:
    """The text of each section, "" where the exercise has none."""
    steps = [f"{number}. {step}" for number, step in enumerate(exercise.instructions, 1)]
    whys = dict.fromkeys(rule.why for rule in exercise.rules if rule.why)
    unseen = [phrases["ui_not_checked"].format(what="; ".join(exercise.not_checked))]
    return {
        "how": "\n".join(steps),
        "care": exercise.safety,
        "easier": exercise.easier,
        "harder": exercise.harder,
        # Of an exercise that is only timed it says that it is only timed.
        "note": exercise.note if exercise.check != "none" else "",
        "why": " ".join(whys),
        "unchecked": " ".join(
            (exercise.why_unchecked, *(unseen if exercise.not_checked else ()))
        ).strip(),
        "review": reviewed(phrases, exercise),
    }


def reviewed(phrases: Mapping[str, str], exercise: Exercise) -> str:
    """The clinician who has reviewed the exercise and the day, or that none has."""
    if not exercise.reviewed_by:
        return phrases["ui_reviewed_none"]
    return phrases["ui_reviewed"].format(name=exercise.reviewed_by, day=exercise.reviewed_on)
