"""What the user wants of the plan: goal, minutes, days, walks, equipment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.exercise import THINGS
from posecheck.history.plan_rules import GOALS
from posecheck.io.store.settings import Settings
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import column, label, row

MINUTES, DAYS, WALKS = (5, 10, 15, 20, 30), (1, 2, 3, 4, 5, 6, 7), (0, 10, 20, 30)
TIMES = ("08:00", "12:30", "18:00")
"""Amounts and times that can be chosen; a file may have others."""


class PlanChoice(QWidget):
    """`changed` gives the name of a field of `Settings` and its new value."""

    changed = Signal(str, object)

    def __init__(self, phrases: Mapping[str, str], now: Settings) -> None:
        super().__init__()
        goals = {goal: phrases[f"ui_plan_goal_{goal}"] for goal in GOALS}
        parts: list[QWidget] = []
        self.choices: dict[str, Choice] = {}
        for field, options in (
            ("plan_goal", goals),
            ("plan_minutes", {n: str(n) for n in MINUTES}),
            ("plan_days", {n: str(n) for n in DAYS}),
            ("plan_walk", {n: str(n) if n else phrases["ui_plan_walk_none"] for n in WALKS}),
        ):
            about = phrases[f"ui_{field}"]
            made = Choice(options, about, getattr(now, field))
            made.changed.connect(self._changing(field))
            self.choices[field] = made
            parts.append(_titled(about, made))
        self.things: dict[str, CheckRow] = {}
        for thing in THINGS:
            check = CheckRow(phrases[f"ui_plan_{thing}"], thing in now.equipment)
            check.toggled.connect(lambda _=None: self.changed.emit("equipment", self._chosen()))
            self.things[thing] = check
        self.older = CheckRow(phrases["ui_plan_older"], now.older)
        self.older.toggled.connect(self._changing("older"))
        about = phrases["ui_remind_at"]
        times = {"": phrases["ui_remind_never"], **{each: each for each in TIMES}}
        self.remind = Choice(times, about, next(iter(now.remind_at), ""))
        self.remind.changed.connect(lambda at: self.changed.emit("remind_at", (at,) if at else ()))
        parts.append(_titled(about, self.remind))
        things = column(label(phrases["ui_plan_equipment"]), *self.things.values(), gap=6)
        self.setLayout(column(*parts, things, self.older, gap=14))

    def _chosen(self) -> tuple[str, ...]:
        return tuple(thing for thing, check in self.things.items() if check.isChecked())

    def _changing(self, field: str) -> Any:
        return lambda value: self.changed.emit(field, value)


def _titled(title: str, choice: Choice) -> QWidget:
    made = QWidget()
    made.setLayout(column(label(title), row(choice, 0), gap=6))
    return made
