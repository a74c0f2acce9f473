"""The pages for a user whose exercises are locked: what stays open, and the page for a doctor."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from posecheck.coach.wording import short_name
from posecheck.io.routines.load import Library
from posecheck.session.safety import ALWAYS_OPEN
from posecheck.ui.settings.doctor_choice import DoctorChoice, Told
from posecheck.ui.widgets.choices import Card
from posecheck.ui.widgets.controls import Page, button, card, column, label
from posecheck.ui.widgets.pictures import picture_of


class OpenPage(Page):
    """What stays open while the safety questions lock the rest. `chosen` gives the id of an
    exercise."""

    chosen = Signal(str)

    def __init__(self, phrases: Mapping[str, str], library: Library) -> None:
        super().__init__(phrases["ui_open_title"])
        self.cards: dict[str, Card] = {}
        for name in ALWAYS_OPEN:
            if name not in library.exercises:
                continue
            exercise, picture = library.exercises[name], picture_of(name)
            made = Card(
                short_name(exercise),
                [exercise.instructions[0], exercise.safety],
                picture,
                badge=phrases["ui_open_begin"],
                beside=picture is not None,
            )
            made.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self.cards[name] = made
        parts: list[QWidget | QLayout | int] = [
            label(phrases["ui_open_title"], "title"),
            label(phrases["ui_open_lead"], "lead"),
            *self.cards.values(),
        ]
        breathing = "relaxed_breathing"
        if breathing not in self.cards:
            heading = label(phrases["ui_open_breathing"], "heading")
            parts.append(card(column(heading, label(phrases["ui_breathing_how"]), gap=8)))
        self.put(column(*parts, 0, gap=16))
        self.first = next(iter(self.cards.values()), None)
        self.foot(button(phrases["ui_back"], self.left.emit), 0)


class DoctorPage(Page):
    """The page for a doctor, for a user who has answered the questions already."""

    def __init__(self, phrases: Mapping[str, str], library: Library, told: Told) -> None:
        super().__init__(phrases["ui_doctor_title"])
        self.doctor = DoctorChoice(phrases, library, told)
        self.put(
            column(
                label(phrases["ui_doctor_title"], "title"),
                label(phrases["ui_doctor_about"], "lead"),
                card(column(self.doctor)),
                0,
                gap=16,
            )
        )
        self.first = self.doctor.save
        self.foot(button(phrases["ui_back"], self.left.emit), 0)
