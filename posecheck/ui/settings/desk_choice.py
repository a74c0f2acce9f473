"""The settings of the desk: camera, breaks, sensitivity, quiet hours, start at login."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.io.desktop import autostart
from posecheck.io.output import OutputError
from posecheck.io.store.settings import BREAK_MODES, SENSITIVITIES, Settings
from posecheck.ui.settings.forget import ForgetChoice
from posecheck.ui.settings.source_list import Cameras, SourceList
from posecheck.ui.widgets.choices import CheckRow, Choice, Chooser, Toggles
from posecheck.ui.widgets.controls import announce, button, column, label, row
from posecheck.ui.widgets.field import field, line
from posecheck.ui.widgets.flow import Columns

QUIET_FROM, QUIET_TO = "20:00", "08:00"
"""Quiet hours that are suggested first."""
HALF_HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30))
_MODES = dict(zip(BREAK_MODES, ("30", "20", "50", "own"), strict=True))
"""Break mode -> last part of its phrase key."""
SITS, MOVES = (15, 20, 25, 30, 40, 45, 50, 60, 90), (2, 3, 5, 10, 15)
"""Minutes of own breaks that can be chosen; a file may have others. A shorter break than two
minutes would not end the time of sitting (`posecheck.desk.day.BREAK_S`)."""


@dataclass(frozen=True, slots=True)
class AtLogin:
    """Queries and changes whether the desk starts at login. `install` and `remove` raise
    OutputError."""

    installed: Callable[[], bool] = autostart.installed
    install: Callable[[], None] = autostart.install
    remove: Callable[[], None] = autostart.remove


class DeskChoice(QWidget):
    """The controls of the desk's settings.

    changed        the changed fields of `Settings`, as a dict
    recalibrate    the button was pressed; `offer_actions` shows it
    forget.wanted  the user has confirmed that their desk data is to be deleted; likewise
    """

    changed = Signal(object)
    recalibrate = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        settings: Settings,
        cameras: Cameras,
        at_login: AtLogin | None = None,
    ) -> None:
        super().__init__()
        self._phrases, self._at_login = phrases, at_login or AtLogin()
        self.camera = SourceList(phrases, phrases["ui_desk_camera_same"])
        self.address = line(phrases["ui_camera_address"], phrases["ui_camera_example"])
        self._address = field(phrases["ui_camera_address"], self.address)
        self.mode = Choice(
            {mode: phrases[f"ui_desk_mode_{key}"] for mode, key in _MODES.items()},
            phrases["ui_desk_mode"],
            settings.break_mode,
        )
        self.own_sit, self.own_move = (
            _minutes(options, chosen)
            for options, chosen in ((SITS, settings.own_sit), (MOVES, settings.own_move))
        )
        self.days = Toggles(
            {day: phrases[f"ui_day_{day}"] for day in range(1, 8)},
            phrases["ui_work_days"],
            settings.work_days,
        )
        self.sense = Choice(
            {each: phrases[f"ui_desk_sense_{each}"] for each in SENSITIVITIES},
            phrases["ui_desk_sense"],
            settings.sensitivity,
        )
        self.nudges = CheckRow(phrases["ui_desk_nudges"], settings.nudges)
        self.voice = CheckRow(phrases["ui_desk_voice"], settings.desk_voice)
        self.saver = CheckRow(phrases["ui_desk_saver"], settings.battery_saver)
        self.quiet = CheckRow(phrases["ui_desk_quiet_on"], bool(settings.quiet_from))
        self.quiet_from = _times(settings.quiet_from or QUIET_FROM)
        self.quiet_to = _times(settings.quiet_to or QUIET_TO)
        self.start = CheckRow(phrases["ui_desk_start"], self._at_login.installed())
        self.says = label("", "care")
        self.says.hide()
        self._again = button(phrases["ui_desk_recalibrate"], self.recalibrate.emit)
        self._again.hide()
        self.forget = ForgetChoice(phrases)
        self.forget.hide()
        self._fill(settings.desk_camera, cameras)
        self._lay_out()
        self._listen()

    def offer_actions(self) -> None:
        """Show the buttons that repeat the calibration and delete the user's data. They only work
        while the desk runs."""
        self._again.show()
        self.forget.show()

    def _lay_out(self) -> None:
        words = self._phrases
        times = row(
            field(words["ui_desk_quiet_from"], self.quiet_from),
            field(words["ui_desk_quiet_to"], self.quiet_to),
            0,
            gap=16,
        )
        self._hours = QWidget()
        times.setContentsMargins(0, 0, 0, 0)
        self._hours.setLayout(times)
        self._hours.setVisible(self.quiet.isChecked())
        self._own = QWidget()
        self._own.setLayout(
            Columns(
                (
                    field(words["ui_own_sit"], self.own_sit),
                    field(words["ui_own_move"], self.own_move),
                ),
                gap=16,
            )
        )
        self._own.setVisible(self.mode.chosen == "own")
        self.setLayout(
            column(
                field(words["ui_desk_camera"], self.camera),
                self._address,
                column(label(words["ui_desk_mode"]), row(self.mode, 0), self._own, gap=6),
                column(
                    label(words["ui_work_days"]),
                    row(self.days, 0),
                    label(words["ui_work_days_about"], "muted"),
                    gap=6,
                ),
                column(
                    label(words["ui_desk_sense"]),
                    row(self.sense, 0),
                    label(words["ui_desk_sense_about"], "muted"),
                    gap=6,
                ),
                column(self.nudges, self.voice, self.saver, self.quiet, self._hours, gap=10),
                column(self.start, self.says, gap=6),
                column(row(self._again, 0), self.forget, gap=12),
                gap=18,
            )
        )

    def _listen(self) -> None:
        self.camera.activated.connect(self._camera_chosen)
        self.address.editingFinished.connect(self._address_typed)
        self.mode.changed.connect(self._mode_chosen)
        for name, minutes in (("own_sit", self.own_sit), ("own_move", self.own_move)):
            minutes.activated.connect(
                lambda _, name=name, at=minutes: self._emit(**{name: at.currentData()})
            )
        self.days.changed.connect(lambda days: self._emit(work_days=days))
        self.sense.changed.connect(lambda each: self._emit(sensitivity=each))
        self.nudges.toggled.connect(lambda on: self._emit(nudges=on))
        self.voice.toggled.connect(lambda on: self._emit(desk_voice=on))
        self.saver.toggled.connect(lambda on: self._emit(battery_saver=on))
        self.quiet.toggled.connect(self._hours_chosen)
        for times in (self.quiet_from, self.quiet_to):
            times.activated.connect(self._hours_chosen)
        self.start.toggled.connect(self._start_chosen)

    def _emit(self, **fields: Any) -> None:
        self.changed.emit(fields)

    def _fill(self, spec: str, cameras: Cameras) -> None:
        self.camera.fill(cameras(), spec)
        self.address.setText(spec if self.camera.other else "")
        self._address.setVisible(self.camera.other)

    def _camera_chosen(self) -> None:
        self._address.setVisible(self.camera.other)
        if self.camera.other:
            self.address.setFocus()
            self._address_typed()
        else:
            self._emit(desk_camera=self.camera.chosen)

    def _address_typed(self) -> None:
        text = self.address.text().strip()
        if text and self.camera.other:
            self._emit(desk_camera=text)

    def _mode_chosen(self, mode: object) -> None:
        self._own.setVisible(mode == "own")
        self._emit(break_mode=mode)

    def _hours_chosen(self) -> None:
        on = self.quiet.isChecked()
        self._hours.setVisible(on)
        begins, ends = self.quiet_from.currentText(), self.quiet_to.currentText()
        self._emit(quiet_from=begins if on else "", quiet_to=ends if on else "")

    def _start_chosen(self, on: bool) -> None:
        """Install or remove the start at login. After a failure show why, and untick again."""
        why = ""
        try:
            (self._at_login.install if on else self._at_login.remove)()
        except OutputError as error:
            why = f"{self._phrases['ui_desk_start_failed']} {error}"
        self.says.setText(why)
        self.says.setVisible(bool(why))
        if why:
            announce(self, why)
            self.start.blockSignals(True)
            self.start.setChecked(not on)
            self.start.blockSignals(False)


def _minutes(options: Iterable[int], chosen: int) -> Chooser:
    """A list of minutes, plus the chosen number if it is not one of them."""
    made = Chooser()
    for number in sorted({*options, chosen}):
        made.addItem(str(number), number)
    made.setCurrentText(str(chosen))
    return made


def _times(chosen: str) -> Chooser:
    """A list of half hours, plus the chosen time if it is not one of them."""
    made = Chooser()
    made.addItems(sorted({*HALF_HOURS, chosen}))
    made.setCurrentText(chosen)
    made.setMinimumContentsLength(9)  # characters; leaves room for the arrow
    return made
