"""The choice of the level: three cards, one of them checked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from posecheck.session.safety import LEVELS
from posecheck.ui.widgets.choices import Card
from posecheck.ui.widgets.flow import Columns


class LevelChoice(QWidget):
    """`chosen` is the level, 1 to 3. `changed` gives it after a change."""

    changed = Signal(int)

    def __init__(self, phrases: Mapping[str, str], level: int) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        cards: list[QWidget] = []
        for each in LEVELS:
            made = Card(phrases[f"ui_level_{each}"], [phrases[f"ui_level_{each}_about"]])
            made.setCheckable(True)
            made.setChecked(each == level)
            self._group.addButton(made, each)
            cards.append(made)
        self.setLayout(Columns(cards, gap=16))
        self._group.idToggled.connect(self._toggled)

    @property
    def chosen(self) -> int:
        return self._group.checkedId()

    @property
    def current(self) -> QAbstractButton:
        """The checked card, for the keyboard focus."""
        return self._group.checkedButton() or self._group.buttons()[0]

    def _toggled(self, level: int, on: bool) -> None:
        if on:
            self.changed.emit(level)
