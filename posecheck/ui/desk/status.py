"""The desk's state as the user sees it: the icon in the tray, or a small window without a tray.

The colour is the monitor's, except where only the program knows why the camera is off:

    reasons to be off           camera lost    colour
    --------------------------  -------------  --------------------
    "setup" alone               -              "calibrating"
    "break" without "pause"     -              "break"
    none                        yes            "lost"
    any other                   -              the monitor's colour
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from PySide6.QtCore import QObject

from posecheck.desk.colour import DeskColour
from posecheck.desk.monitor import DeskView
from posecheck.io.store.settings import Settings
from posecheck.ui.desk.nudge import StatusWindow
from posecheck.ui.desk.tray import Tray


def status_colour(colour: DeskColour, off: Set[str], lost: bool) -> DeskColour:
    """The colour to show, by the table above. `colour` is the monitor's, `off` the reasons."""
    if off == {"setup"}:
        return "calibrating"
    if "break" in off and "pause" not in off:
        return "break"
    return "lost" if lost and not off else colour


class DeskStatus(QObject):
    """Shows the newest view of the monitor in the tray or the status window.

    in_tray  use the tray, if the desktop has one

    sign     the tray icon or the window; its menu has the desk's commands
    view     the newest view with the colour to show, None before the first
    """

    def __init__(self, phrases: Mapping[str, str], settings: Settings, in_tray: bool) -> None:
        super().__init__()
        self.sign: Tray | StatusWindow
        if in_tray and Tray.available():
            self.sign = Tray(phrases, settings.reduced_motion, self)
        else:
            self.sign = StatusWindow(phrases, settings.theme, settings.text_scale)
        self.view: DeskView | None = None
        self._lost = False

    def appear(self) -> None:
        """Show the icon or the window."""
        if isinstance(self.sign, Tray):
            self.sign.show()
        else:
            self.sign.appear()

    def hide(self) -> None:
        self.sign.hide()

    def update(self, view: DeskView | None, off: Set[str]) -> DeskView | None:
        """Use a new view of the monitor, None for none. The view with the colour to show."""
        if view is not None:
            view = replace(view, colour=status_colour(view.colour, off, self._lost))
            self.view = view
        return view

    def show_state(self, off: Set[str], until: str) -> None:
        """Bring the icon up to date. `until`: when a pause ends, "HH:MM"."""
        colour: DeskColour = self.view.colour if self.view is not None else "calibrating"
        state = self.view.reading.state if self.view is not None else "calibrating"
        self.sign.show_state(status_colour(colour, off, self._lost), state, until)

    def set_trouble(self, sentence: str) -> bool:
        """The camera gives no pictures, for this reason; "" once it does. Whether it was lost now:
        the worker reports the same loss again and again."""
        before, self._lost = self._lost, bool(sentence)
        return self._lost and not before

    def notify(self, sentence: str) -> None:
        """Notify the user through the tray; the desk's window shows the sentence anyway."""
        if isinstance(self.sign, Tray):
            self.sign.notify(sentence)
