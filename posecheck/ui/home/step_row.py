"""One step on the page of a routine: what is done, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from posecheck.coach.dose_words import step_words
from posecheck.exercise import RoutineStep
from posecheck.session.draft import DraftStep
from posecheck.ui.widgets.choices import CheckRow, Chooser
from posecheck.ui.widgets.controls import button, column, fill_card, label, row
from posecheck.ui.widgets.field import field
from posecheck.ui.widgets.flow import Flow
from posecheck.ui.widgets.pictures import CoverPicture, picture_of

PICTURE = QSize(120, 90)
HOLDS_S = (5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0)
TIMES_S = (20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0)
REPS = (3, 4, 5, 6, 8, 10, 12, 15, 20, 30)
SETS = (1, 2, 3, 4, 5)
RESTS_S = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0)
"""Amounts to choose from; an amount of a file that is not among them is offered too."""


class StepRow(QFrame):
    """A step.

    out, earlier, later, amounts  its buttons
    panel  the amounts to choose, None until they were wanted

    left_out  whether the user leaves the step out or puts it back
    moved     -1 for earlier, 1 for later
    changed   the `RoutineStep` with other amounts
    """

    left_out = Signal(bool)
    moved = Signal(int)
    changed = Signal(object)

    def __init__(self, phrases: Mapping[str, str], shown: DraftStep) -> None:
        super().__init__()
        self._phrases, self._shown = phrases, shown
        picture = CoverPicture(picture_of(shown.exercise.id), radius=10)
        picture.setFixedSize(PICTURE)
        self.picture = picture
        self._name = label(shown.exercise.name, "heading")
        self.dose, self.state = label(""), label("", "muted")
        self.out = self._button("ui_routine_leave_out", self._turn)
        self.earlier = self._button("ui_routine_earlier", lambda: self.moved.emit(-1))
        self.later = self._button("ui_routine_later", lambda: self.moved.emit(1))
        self.amounts = self._button("ui_routine_change", self._open)
        buttons = Flow(8)
        for each in (self.out, self.earlier, self.later, self.amounts):
            buttons.put(each)
        self._texts = column(self._name, self.dose, self.state, buttons, gap=6)
        box = row(gap=16)
        box.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(self._texts, 1)
        fill_card(self, box)
        self.panel: AmountPanel | None = None
        self.show_step(shown, first=False, last=False)

    def _button(self, key: str, pressed: Callable[[], object]) -> Any:
        made = button(self._phrases[key], pressed, "quiet")
        made.setAccessibleName(f"{self._phrases[key]}: {self._shown.exercise.name}")
        return made

    def show_step(self, shown: DraftStep, *, first: bool, last: bool) -> None:
        """Show the step as it is now. `first`, `last`: it cannot be moved earlier or later."""
        words, self._shown = self._phrases, shown
        done = shown.state == "in"
        dose = step_words(words, shown.step, shown.exercise)
        minutes = words["ui_routine_takes"].format(count=half_minutes(shown.seconds))
        self.dose.setText(f"{dose} · {minutes}")
        said = {"out": "ui_routine_left_out", "no_time": "ui_routine_no_time"}.get(shown.state)
        self.state.setText(words[said] if said else "")
        self.state.setVisible(said is not None)
        self.picture.setEnabled(done)
        for each in (self._name, self.dose):
            each.setEnabled(done)
        key = "ui_routine_put_back" if shown.state == "out" else "ui_routine_leave_out"
        self.out.setText(words[key])
        self.out.setAccessibleName(f"{words[key]}: {shown.exercise.name}")
        self.earlier.setEnabled(not first)
        self.later.setEnabled(not last)

    @property
    def buttons(self) -> tuple[QWidget, ...]:
        """All controls in order, for the Tab key."""
        own = (self.out, self.earlier, self.later, self.amounts)
        return (*own, *self.panel.controls) if self.panel is not None else own

    def _turn(self) -> None:
        self.left_out.emit(self._shown.state != "out")

    def _open(self) -> None:
        """Show the amounts, or hide them again."""
        if self.panel is None:
            self.panel = AmountPanel(self._phrases, self._shown)
            self.panel.changed.connect(self.changed)
            self._texts.addWidget(self.panel)
            self.panel.controls[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._texts.removeWidget(self.panel)
            self.panel.deleteLater()
            self.panel = None
        key = "ui_routine_change" if self.panel is None else "ui_routine_change_done"
        self.amounts.setText(self._phrases[key])
        self.amounts.setAccessibleName(f"{self._phrases[key]}: {self._shown.exercise.name}")


class AmountPanel(QWidget):
    """The amounts of a step: how long or how often, sets, rest between sets, and sides.

    controls  its controls in order
    """

    changed = Signal(object)

    def __init__(self, phrases: Mapping[str, str], shown: DraftStep) -> None:
        super().__init__()
        self._phrases, self._name = phrases, shown.exercise.name
        self._step: RoutineStep = shown.planned
        exercise, dose = shown.exercise, shown.exercise.dose
        self._box = Flow(12)
        self.controls: list[QWidget] = []
        if exercise.category == "hold":
            self._choose("hold_s", HOLDS_S, self._step.hold_s or dose.hold_s)
        elif exercise.category == "timer" or self._step.time_s is not None:
            self._choose("time_s", TIMES_S, self._step.time_s or dose.time_s)
        else:
            self._choose("reps", REPS, self._step.reps or dose.reps)
        self._choose("sets", SETS, self._step.sets)
        rest_s = dose.rest_s if self._step.rest_s is None else self._step.rest_s
        self._choose("rest_s", RESTS_S, rest_s)
        parts = column(self._box, gap=10)
        if exercise.sides == "each":
            both = CheckRow(phrases["ui_routine_both"], self._step.sides == 2)
            both.setAccessibleName(f"{phrases['ui_routine_both']}: {self._name}")
            both.toggled.connect(lambda on: self._set(sides=2 if on else 1))
            self.controls.append(both)
            parts.addWidget(both)
        self.setLayout(parts)

    def _choose(self, what: str, options: tuple[float, ...], now: float | None) -> None:
        """A list for one amount."""
        made = Chooser()
        made.setMinimumContentsLength(6)  # room for the arrow beside the number
        words = self._phrases[f"ui_routine_{what}"]
        made.setAccessibleName(f"{words}: {self._name}")
        values = sorted({*options, *(() if now is None else (now,))})
        for value in values:
            made.addItem(f"{value:g}", value)
        if now is not None:
            made.setCurrentIndex(values.index(now))
        made.currentIndexChanged.connect(lambda _: self._set(**{what: made.currentData()}))
        self.controls.append(made)
        self._box.put(field(words, made))

    def _set(self, **amounts: Any) -> None:
        self._step = replace(self._step, **amounts)
        self.changed.emit(self._step)


def half_minutes(seconds: float) -> str:
    """Minutes to the nearest half, at least a half: "1.5"."""
    return f"{max(1, round(seconds / 30)) / 2:g}"
