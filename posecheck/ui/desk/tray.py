"""The desk in the panel: an icon that shows the state, and a menu.

Where a desktop has no tray (stock GNOME) `available` is False; `nudge.StatusWindow` has the same
menu.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from posecheck.desk.colour import DeskColour
from posecheck.desk.observation import DeskNoPoseReason
from posecheck.desk.states import DeskState
from posecheck.ui.desk.looks import desk_icon, state_words
from posecheck.ui.widgets.controls import sentence

PAUSES_MIN = (15, 30, 60)
BLINK_MS, BLINKS = 350, 4
"""A recovery shows two flashes of a third of a second each: fewer than three per second
(WCAG 2.3.1)."""
SHOWN_MS = 10_000
"""Duration of a notification. Most desktops use their own."""


_SHEET = """
QMenu { background: palette(base); border: 1px solid palette(mid); padding: 6px; }
QMenu::item { padding: 9px 26px 9px 20px; border-radius: 8px; color: palette(text); }
QMenu::item:selected { background: palette(highlight); color: palette(highlighted-text); }
QMenu::item:disabled { background: transparent; color: palette(text); font-weight: 600; }
QMenu::separator { height: 1px; background: palette(midlight); margin: 5px 12px; }
"""
"""Rows that are easy to hit. Some panels draw menus themselves and ignore this."""


class DeskMenu(QMenu):
    """The commands of the desk. The first line shows the state and does nothing.

    paused                 for so many minutes
    paused_until_tomorrow, resumed
    stood, sat             the user says so: a camera on a raised desk sees nothing new
    recalibrate, preview, today, settings, quit_wanted   the user wants these
    """

    paused = Signal(int)
    paused_until_tomorrow = Signal()
    resumed = Signal()
    stood = Signal()
    sat = Signal()
    recalibrate = Signal()
    preview = Signal()
    today = Signal()
    settings = Signal()
    quit_wanted = Signal()

    def __init__(self, phrases: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(phrases["ui_desk_title"])
        self.setStyleSheet(_SHEET)
        self.state = self.addAction(sentence(phrases["desk_state_calibrating"]))
        self.state.setEnabled(False)
        self.addSeparator()
        self._pauses = [
            self._add(phrases["ui_desk_pause_minutes"].format(count=count)) for count in PAUSES_MIN
        ]
        for count, action in zip(PAUSES_MIN, self._pauses, strict=True):
            action.triggered.connect(lambda _=False, n=count: self.paused.emit(n))
        self._pauses.append(self._add(phrases["ui_desk_pause_tomorrow"]))
        self._pauses[-1].triggered.connect(self.paused_until_tomorrow)
        self._resume = self._add(phrases["ui_desk_resume"])
        self._resume.triggered.connect(self.resumed)
        self._stand = self._add(phrases["ui_desk_stood"])
        self._stand.triggered.connect(self.stood)
        self._sit = self._add(phrases["ui_desk_sat_again"])
        self._sit.triggered.connect(self.sat)
        self.addSeparator()
        for key, signal in (
            ("ui_desk_today", self.today),
            ("ui_desk_preview", self.preview),
            ("ui_desk_recalibrate", self.recalibrate),
            ("ui_settings_title", self.settings),
        ):
            self._add(phrases[key]).triggered.connect(signal)
        self.addSeparator()
        self._add(phrases["ui_desk_quit"]).triggered.connect(self.quit_wanted)
        self.show_state("calibrating", "")

    def show_state(self, colour: DeskColour, words: str, standing: bool = False) -> None:
        """Set the first line, and offer what is possible now: pause or resume, stand or sit."""
        if words:
            self.state.setText(sentence(words))
        for action in self._pauses:
            action.setVisible(colour != "paused")
        self._resume.setVisible(colour == "paused")
        self._stand.setVisible(colour != "paused" and not standing)
        self._sit.setVisible(colour != "paused" and standing)

    def _add(self, text: str) -> QAction:
        action = self.addAction(text)
        assert action is not None
        return action


class Tray(QObject):
    """The icon in the panel. The user's commands are signals of `menu`.

    opened          the icon itself was clicked
    message_opened  the last notification was clicked
    calm            nothing blinks
    """

    opened = Signal()
    message_opened = Signal()

    def __init__(
        self, phrases: Mapping[str, str], calm: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._phrases, self.calm = phrases, calm
        self.colour: DeskColour = "calibrating"
        self._state: tuple[DeskColour, DeskState, str, DeskNoPoseReason] | None = None
        self.menu = DeskMenu(phrases)
        self.icon = QSystemTrayIcon(desk_icon("calibrating"), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.message_opened)
        self._flashes = 0
        self._timer = QTimer(self)
        self._timer.setInterval(BLINK_MS)
        self._timer.timeout.connect(self.flash)
        self.show_state("calibrating", "calibrating")

    @staticmethod
    def available() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        self.icon.show()

    def hide(self) -> None:
        """Remove the icon from the panel; some panels keep it when a program merely ends."""
        self.stop_blinking()
        self.icon.hide()

    def show_state(
        self,
        colour: DeskColour,
        state: DeskState,
        until: str = "",
        why: DeskNoPoseReason = "",
    ) -> None:
        """Set the icon, its text, and the menu. `until`: when a pause ends, "14:30". `why`: as in
        `DeskReading`.

        A state that is shown already is not sent to the panel again: updates come every second.
        """
        if (colour, state, until, why) == self._state:
            return
        self._state = colour, state, until, why
        words = state_words(self._phrases, colour, state, until, why)
        if colour != self.colour:
            self.stop_blinking()
        self.colour = colour
        if not self._flashes:
            self.icon.setIcon(desk_icon(colour))
        self.icon.setToolTip(self._phrases["ui_desk_tip"].format(state=words))
        self.menu.show_state(colour, words, state == "standing")

    def notify(self, text: str) -> None:
        """Show a notification of the desktop, for what needs no answer."""
        title = self._phrases["ui_desk_title"]
        self.icon.showMessage(title, text, desk_icon(self.colour), SHOWN_MS)

    def blink(self) -> None:
        """Signal a recovery by green flashes. A calm tray only changes its icon."""
        if not self.calm:
            self._flashes = BLINKS
            self._timer.start()
            self.flash()

    def flash(self) -> None:
        """The next half of a blink; the last one is the icon of the state."""
        self._flashes -= 1
        if self._flashes <= 0:
            self.stop_blinking()
        else:
            bright = self._flashes % 2 == 1
            self.icon.setIcon(desk_icon("fine", True) if bright else desk_icon("fine"))

    def stop_blinking(self) -> None:
        """Show the icon of the state at once."""
        self._flashes = 0
        self._timer.stop()
        self.icon.setIcon(desk_icon(self.colour))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        ):
            self.opened.emit()
