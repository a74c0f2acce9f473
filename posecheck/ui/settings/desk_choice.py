"""The settings of the desk: camera, breaks, how early it notices, when it is quiet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.io.desktop import autostart
from posecheck.io.output import OutputError
from posecheck.io.store.settings import BREAK_MODES, SENSITIVITIES, Settings
from posecheck.ui.settings.camera_choice import Cameras
from posecheck.ui.settings.forget import Forget
from posecheck.ui.widgets.choices import CheckRow, Choice, Chooser
from posecheck.ui.widgets.controls import announce, button, column, label, row
from posecheck.ui.widgets.field import field, line

EVENING, MORNING = "20:00", "08:00"
"""Quiet hours to begin with."""
HALF_HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30))
_MODES = dict(zip(BREAK_MODES, ("30", "20", "50"), strict=True))
"""Break mode -> the last part of its key."""
_OTHER = "other"
"""The data of the line of the list that opens the address."""


@dataclass(frozen=True, slots=True)
class AtLogin:
    """Whether the desk starts at login, and the two that change it; they raise OutputError."""

    installed: Callable[[], bool] = autostart.installed
    install: Callable[[], None] = autostart.install
    remove: Callable[[], None] = autostart.remove


class DeskChoice(QWidget):
    """`changed` gives the changed fields of `Settings` as a dict. `recalibrate` and
    `forget.wanted`: pressed, once `offer_actions` has shown the buttons."""

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
        self.camera = Chooser()
        self.address = line(phrases["ui_camera_address"], phrases["ui_camera_example"])
        self._address = field(phrases["ui_camera_address"], self.address)
        self.mode = Choice(
            {mode: phrases[f"ui_desk_mode_{key}"] for mode, key in _MODES.items()},
            phrases["ui_desk_mode"],
            settings.break_mode,
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
        self.quiet_from = _times(settings.quiet_from or EVENING)
        self.quiet_to = _times(settings.quiet_to or MORNING)
        self.start = CheckRow(phrases["ui_desk_start"], self._at_login.installed())
        self.says = label("", "care")
        self.says.hide()
        self._again = button(phrases["ui_desk_recalibrate"], self.recalibrate.emit)
        self._again.hide()
        self.forget = Forget(phrases)
        self.forget.hide()
        self._fill(settings.desk_camera, cameras)
        self._lay_out()
        self._listen()

    def offer_actions(self) -> None:
        """Buttons that take the person's limits anew and delete what is kept of them, where the
        desk is running."""
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
        self.setLayout(
            column(
                field(words["ui_desk_camera"], self.camera),
                self._address,
                column(label(words["ui_desk_mode"]), row(self.mode, 0), gap=6),
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
        self.mode.changed.connect(lambda mode: self._tell(break_mode=mode))
        self.sense.changed.connect(lambda each: self._tell(sensitivity=each))
        self.nudges.toggled.connect(lambda on: self._tell(nudges=on))
        self.voice.toggled.connect(lambda on: self._tell(desk_voice=on))
        self.saver.toggled.connect(lambda on: self._tell(battery_saver=on))
        self.quiet.toggled.connect(self._hours_chosen)
        for times in (self.quiet_from, self.quiet_to):
            times.activated.connect(self._hours_chosen)
        self.start.toggled.connect(self._start_chosen)

    def _tell(self, **values: Any) -> None:
        self.changed.emit(values)

    def _fill(self, spec: str, cameras: Cameras) -> None:
        """The cameras by name, as in `CameraChoice`; twins only have numbers."""
        found = list(cameras())
        often = Counter(info.name for info in found)
        self.camera.addItem(self._phrases["ui_desk_camera_same"], "")
        for info in found:
            alone = often[info.name] == 1 and info.name
            words = info.name if alone else f"{info.name} ({info.index})"
            self.camera.addItem(words, info.name if alone else str(info.index))
        self.camera.addItem(self._phrases["ui_camera_other"], _OTHER)
        known = self.camera.findData(spec)
        self.camera.setCurrentIndex(known if known >= 0 else self.camera.count() - 1)
        self.address.setText("" if known >= 0 else spec)
        self._address.setVisible(known < 0)

    def _camera_chosen(self) -> None:
        spec = str(self.camera.currentData())
        self._address.setVisible(spec == _OTHER)
        if spec == _OTHER:
            self.address.setFocus()
            self._address_typed()
        else:
            self._tell(desk_camera=spec)

    def _address_typed(self) -> None:
        text = self.address.text().strip()
        if text and self.camera.currentData() == _OTHER:
            self._tell(desk_camera=text)

    def _hours_chosen(self) -> None:
        on = self.quiet.isChecked()
        self._hours.setVisible(on)
        begins, ends = self.quiet_from.currentText(), self.quiet_to.currentText()
        self._tell(quiet_from=begins if on else "", quiet_to=ends if on else "")

    def _start_chosen(self, on: bool) -> None:
        """What could not be done is told, and the box shows how it is."""
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


def _times(chosen: str) -> Chooser:
    """Half hours, and the time that was chosen if it lies between them."""
    made = Chooser()
    made.addItems(sorted({*HALF_HOURS, chosen}))
    made.setCurrentText(chosen)
    made.setMinimumContentsLength(9)  # room for the arrow
    return made
