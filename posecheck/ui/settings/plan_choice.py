"""What the user wants of the plan: goal, minutes, days, walks, equipment, reminders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.exercise import THINGS
from posecheck.history.plan_rules import GOALS
from posecheck.io.desktop import schedule
from posecheck.io.output import OutputError
from posecheck.io.store.settings import Settings
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import announce, column, label, row

MINUTES, DAYS, WALKS = (5, 10, 15, 20, 30), (1, 2, 3, 4, 5, 6, 7), (0, 10, 20, 30)
TIMES = ("08:00", "12:30", "18:00")
"""Amounts and times that can be chosen; a file may have others."""


@dataclass(frozen=True, slots=True)
class BySystem:
    """Queries and changes whether the system's scheduler reminds. `install` and `remove` raise
    OutputError."""

    installed: Callable[[], bool] = schedule.scheduled
    install: Callable[[Sequence[str]], None] = schedule.schedule
    remove: Callable[[], None] = schedule.unschedule


class PlanChoice(QWidget):
    """`changed` gives the name of a field of `Settings` and its new value."""

    changed = Signal(str, object)

    def __init__(
        self, phrases: Mapping[str, str], now: Settings, by_system: BySystem | None = None
    ) -> None:
        super().__init__()
        self._by_system = by_system or BySystem()
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
        self.remind.changed.connect(self._remind_at)
        parts.append(_titled(about, self.remind))
        self.system = CheckRow(phrases["ui_remind_system"], self._by_system.installed())
        self.system.setEnabled(bool(now.remind_at))
        self.system.toggled.connect(lambda _=None: self._schedule())
        self.says = label("", "care")
        self.says.hide()
        parts += [self.system, self.says]
        things = column(label(phrases["ui_plan_equipment"]), *self.things.values(), gap=6)
        self.setLayout(column(*parts, things, self.older, gap=14))

    def _remind_at(self, at: object) -> None:
        times = (at,) if at else ()
        self.system.setEnabled(bool(times))
        if not times:
            self.system.setChecked(False)
        elif self.system.isChecked():
            self._schedule()
        self.changed.emit("remind_at", times)

    def _schedule(self) -> None:
        """Let the system remind at the chosen time, or no more. After a failure show why, and show
        what the system does."""
        why = ""
        try:
            if self.system.isChecked():
                self._by_system.install((str(self.remind.chosen),))
            else:
                self._by_system.remove()
        except OutputError as error:
            why = str(error)
            self.system.blockSignals(True)
            self.system.setChecked(self._by_system.installed())
            self.system.blockSignals(False)
        self.says.setText(why)
        self.says.setVisible(bool(why))
        if why:
            announce(self, why)

    def _chosen(self) -> tuple[str, ...]:
        return tuple(thing for thing, check in self.things.items() if check.isChecked())

    def _changing(self, field: str) -> Any:
        return lambda value: self.changed.emit(field, value)


def _titled(title: str, choice: Choice) -> QWidget:
    made = QWidget()
    made.setLayout(column(label(title), row(choice, 0), gap=6))
    return made
