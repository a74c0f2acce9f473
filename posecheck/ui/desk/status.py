"""The desk's state as the user sees it: the icon in the tray, or a small window without a tray.

The colour is the monitor's, except where only the program knows why the camera is off:

    reasons to be off                    and                        colour
    -----------------------------------  -------------------------  --------------------
    "setup" alone                        -                          "calibrating"
    "break" or "session", not "pause"    -                          "break"
    none                                 the camera is lost         "lost"
    none                                 a set-up runs              "calibrating"
    none                                 the monitor asks whether   "unsure"
                                         to set up again
    otherwise                            -                          the monitor's colour

Until the question is answered the monitor confirms nothing, so no colour may say "all quiet".

The monitor's view is kept as it came. The colour to show is computed from it whenever it is asked
for, so that a colour that only the program knows ends with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from PySide6.QtCore import QObject

from posecheck.coach.error_phrases import told
from posecheck.desk.colour import DeskColour
from posecheck.desk.monitor import DeskView
from posecheck.io.store.settings import Settings
from posecheck.ui.desk.nudge import StatusWindow
from posecheck.ui.desk.tray import Tray
from posecheck.ui.desk.worker import DeskWorker


def status_colour(
    colour: DeskColour, off: Set[str], lost: bool, setting_up: bool = False, asking: bool = False
) -> DeskColour:
    """The colour to show, by the table above. `colour` is the monitor's, `off` the reasons."""
    if off == {"setup"}:
        return "calibrating"
    if off & {"break", "session"} and "pause" not in off:
        return "break"
    if off:
        return colour
    if lost:
        return "lost"
    if setting_up:
        return "calibrating"
    return "unsure" if asking else colour


class DeskStatus(QObject):
    """Shows the newest view of the monitor in the tray or the status window.

    in_tray  use the tray, if the desktop has one
    worker   tells why the camera is off, and whether a set-up runs

    sign     the tray icon or the window; its menu has the desk's commands
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        settings: Settings,
        in_tray: bool,
        worker: DeskWorker,
    ) -> None:
        super().__init__()
        self._phrases = phrases
        self._worker = worker
        self.sign: Tray | StatusWindow
        if in_tray and Tray.available():
            self.sign = Tray(phrases, settings.reduced_motion, self)
        else:
            self.sign = StatusWindow(phrases, settings.theme, settings.text_scale)
        self._view: DeskView | None = None
        self._lost = False

    @property
    def view(self) -> DeskView | None:
        """The newest view with the colour to show; None before the first."""
        return None if self._view is None else replace(self._view, colour=self._colour)

    @property
    def _colour(self) -> DeskColour:
        view, worker = self._view, self._worker
        return status_colour(
            "calibrating" if view is None else view.colour,
            worker.off,
            self._lost,
            worker.setting_up,
            view is not None and bool(view.reading.question),
        )

    def appear(self) -> None:
        """Show the icon or the window."""
        if isinstance(self.sign, Tray):
            self.sign.show()
        else:
            self.sign.appear()

    def hide(self) -> None:
        self.sign.hide()

    def update(self, view: DeskView | None) -> None:
        """Use a new view of the monitor; None for none."""
        if view is not None:
            self._view = view

    def show_state(self, until: str) -> None:
        """Bring the icon up to date. `until`: when a pause ends, "HH:MM"."""
        view = None if self._worker.setting_up else self._view
        state = "calibrating" if view is None else view.reading.state
        why = "" if view is None else view.reading.why
        self.sign.show_state(self._colour, state, until, why)

    def set_trouble(self, sentence: str) -> bool:
        """The camera gives no pictures, for this reason; "" once it does. Whether it was lost now:
        the worker reports the same loss again and again."""
        before, self._lost = self._lost, bool(sentence)
        return self._lost and not before

    def notify(self, sentence: str) -> None:
        """Notify the user through the tray; the desk's window shows the sentence anyway."""
        if isinstance(self.sign, Tray):
            self.sign.notify(told(self._phrases, sentence))
