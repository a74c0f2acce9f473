"""The filters of the exercise library."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.coach.library_search import PLACES, Filters
from posecheck.exercise import AREAS
from posecheck.ui.widgets.choices import CheckRow, Chooser
from posecheck.ui.widgets.controls import button, column
from posecheck.ui.widgets.field import field

MINUTES = (1, 2, 3)
"""Lengths to choose from; most exercises take one to three minutes."""


class LibraryFilters(QWidget):
    """What the list is restricted to. `changed`: another choice was made."""

    changed = Signal()

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._phrases = phrases
        up_to = phrases["ui_library_up_to"]
        mat, chair = phrases["ui_plan_mat"], phrases["ui_plan_chair"]
        self.area = self._chooser({area: phrases[f"ui_area_{area}"] for area in AREAS})
        self.place = self._chooser({each: phrases[f"ui_library_place_{each}"] for each in PLACES})
        self.length = self._chooser({60.0 * each: up_to.format(count=each) for each in MINUTES})
        self.equipment = self._chooser(
            {
                (): phrases["ui_library_have_none"],
                ("mat",): mat,
                ("chair",): chair,
                ("mat", "chair"): f"{mat} + {chair}",
            }
        )
        self.allowed = CheckRow(phrases["ui_library_allowed"])
        self.favourites = CheckRow(phrases["ui_library_favourites"])
        self.clear = button(phrases["ui_library_filters_clear"], self.reset)
        for check in (self.allowed, self.favourites):
            check.toggled.connect(lambda _: self.changed.emit())
        parts = column(
            field(phrases["ui_library_area"], self.area),
            field(phrases["ui_library_place"], self.place),
            field(phrases["ui_library_length"], self.length),
            field(phrases["ui_library_equipment"], self.equipment),
            self.allowed,
            self.favourites,
            self.clear,
            0,
            gap=12,
        )
        parts.setContentsMargins(0, 0, 14, 0)
        self.setLayout(parts)

    def _chooser(self, options: Mapping[object, str]) -> Chooser:
        made = Chooser()
        made.addItem(self._phrases["ui_library_any"], None)
        for value, words in options.items():
            made.addItem(words, value)
        made.currentIndexChanged.connect(lambda _: self.changed.emit())
        return made

    @property
    def count(self) -> int:
        """How many filters restrict the list."""
        lists = (self.area, self.place, self.length, self.equipment)
        chosen = sum(each.currentIndex() > 0 for each in lists)
        return chosen + self.allowed.isChecked() + self.favourites.isChecked()

    def value(self, tags: frozenset[str], favourites: frozenset[str]) -> Filters:
        """The filters for a user with these tags and favourites."""
        things = self.equipment.currentData()
        return Filters(
            area=self.area.currentData(),
            place=self.place.currentData(),
            most_s=self.length.currentData(),
            equipment=None if things is None else frozenset(things),
            tags=tags if self.allowed.isChecked() else frozenset(),
            among=favourites if self.favourites.isChecked() else None,
        )

    @property
    def words(self) -> str:
        """The chosen area and place in words, "" for neither."""
        lists = (self.area, self.place)
        return ", ".join(each.currentText() for each in lists if each.currentIndex() > 0)

    def reset(self) -> None:
        """Show everything again."""
        for each in (self.area, self.place, self.length, self.equipment):
            each.setCurrentIndex(0)
        self.allowed.setChecked(False)
        self.favourites.setChecked(False)
