"""The choice of a routine: the user's own, those of posecheck, a new one, or one of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from posecheck.exercise import Exercise, Routine
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Settings
from posecheck.session.safety import GENTLES, levelled, suited
from posecheck.ui.widgets.choices import Card
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, sentence
from posecheck.ui.widgets.flow import Columns, Flow
from posecheck.ui.widgets.pictures import picture_of

ON_CHAIR = frozenset(("chair",))
OFF_THE_FLOOR = frozenset(("standing", "chair"))
"""Positions without a mat."""


class RoutinesPage(Page):
    """All routines, each with its length at the user's level and tags, the user's own first.

    chosen        the id of a routine
    build_wanted  the user wants to build a new one
    file_wanted   the user wants to open one of a file
    """

    chosen = Signal(str)
    build_wanted = Signal()
    file_wanted = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: Settings,
        own: Mapping[str, Routine] | None = None,
    ) -> None:
        super().__init__(phrases["ui_guided_title"])
        self.cards: dict[str, Card] = {}
        mine = list((own or {}).values())
        routines = sorted(library.routines.values(), key=_rank)
        for routine in (*mine, *routines):
            made = _routine_card(phrases, library.exercises, settings, routine)
            made.clicked.connect(lambda _=False, name=routine.id: self.chosen.emit(name))
            self.cards[routine.id] = made
        title = label(phrases["ui_guided_title"], "title")
        lead = label(phrases["ui_guided_lead"], "lead")
        self.build = button(phrases["ui_routine_build"], self.build_wanted.emit)
        self.open = button(phrases["ui_routine_open"], self.file_wanted.emit)
        ways = Flow(10)
        ways.put(self.build)
        ways.put(self.open)
        self.note = label("", "care")
        self._note_card = card(column(self.note), "notice")
        self._note_card.hide()
        parts: list[QWidget | QLayout | int] = [title, lead, self._note_card, ways]
        if mine:
            parts += [8, label(phrases["ui_routine_own"], "heading"), self._pairs(mine), 8]
        self.put(column(*parts, self._pairs(routines), 0, gap=14))
        self.first = next((each for each in self.cards.values() if each.isEnabled()), None)
        self.foot(button(phrases["ui_back"], self.left.emit), 0)

    def say(self, text: str) -> None:
        """Show a sentence above the routines, such as why a file cannot be opened."""
        self.note.setText(text)
        self._note_card.show()
        announce(self, text)

    def _pairs(self, routines: Iterable[Routine]) -> QLayout:
        """The cards of routines, two beside each other."""
        cards = [self.cards[each.id] for each in routines]
        pairs = [Columns(cards[at : at + 2], gap=18) for at in range(0, len(cards), 2)]
        return column(*pairs, gap=18)


def _rank(routine: Routine) -> tuple[bool, int]:
    """Sort key: the longest routine, the whole programme, first; the gentle ones last."""
    return routine.id in GENTLES, -routine.seconds


def _routine_card(
    phrases: Mapping[str, str],
    exercises: Mapping[str, Exercise],
    settings: Settings,
    routine: Routine,
) -> Card:
    fitting, changes = suited(routine, exercises, settings.tags)
    fitting = levelled(fitting, exercises, settings.level)
    chosen = [exercises[step.exercise] for step in fitting.steps]
    if not chosen:
        made = Card(routine.name, [routine.about, phrases["ui_routine_nothing"]])
        made.setEnabled(False)
        return made
    minutes = phrases["ui_minutes"].format(count=max(1, round(fitting.seconds / 60)))
    lines = [routine.about, positions(phrases, chosen), needs(phrases, chosen)]
    if changes:
        lines.append(phrases["ui_routine_changed"].format(count=len(changes)))
    middle = [each.id for each in chosen[len(chosen) // 2 :] + chosen]
    picture = next((path for path in map(picture_of, middle) if path is not None), None)
    return Card(routine.name, lines, picture, 4 / 3, badge=minutes, beside=True)


def positions(phrases: Mapping[str, str], exercises: Iterable[Exercise]) -> str:
    """The sequence of positions, such as "Standing, then on all fours, then kneeling."."""
    names = [phrases[_position(name)] for name, _ in groupby(each.position for each in exercises)]
    return sentence(phrases["ui_then"].join(names)) + "."


def _position(name: str) -> str:
    return f"ui_position_{name.replace('-', '_')}"


def needs(phrases: Mapping[str, str], exercises: Iterable[Exercise]) -> str:
    """The equipment as a sentence: a mat for positions on the floor, a chair; "" for neither."""
    used = {each.position for each in exercises}
    things = [phrases["ui_need_mat"]] if used - OFF_THE_FLOOR else []
    things += [phrases["ui_need_chair"]] if used & ON_CHAIR else []
    return phrases["ui_need"].format(things=phrases["and"].join(things)) if things else ""
