"""The choice among the voices of this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.ui.widgets.choices import Chooser
from posecheck.ui.widgets.controls import announce, button, column, label, row
from posecheck.ui.widgets.field import field


class VoiceName(QWidget):
    """`changed` gives the name of a voice, "" for the usual one.

    names   lists the voices. It may take seconds, so the user asks for it with a button
    chosen  the voice of the settings, listed from the start
    """

    changed = Signal(str)

    def __init__(
        self, phrases: Mapping[str, str], names: Callable[[], Sequence[str]], chosen: str
    ) -> None:
        super().__init__()
        self._phrases, self._names = phrases, names
        self.list = Chooser()
        self._fill([chosen] if chosen else [], chosen)
        self.more = button(phrases["ui_voice_names"], self._show_all)
        self.says = label(phrases["ui_voice_names_none"], "muted")
        self.says.hide()
        self.list.activated.connect(lambda: self.changed.emit(str(self.list.currentData())))
        named = field(phrases["ui_voice_name"], self.list)
        self.setLayout(column(named, row(self.more, 0), self.says, gap=8))

    def _fill(self, names: Sequence[str], chosen: str) -> None:
        self.list.clear()
        self.list.addItem(self._phrases["ui_voice_usual"], "")
        for name in names:
            self.list.addItem(name, name)
        self.list.setCurrentIndex(max(0, self.list.findData(chosen)))

    def _show_all(self) -> None:
        """List the voices, and the chosen one also where this computer no longer has it."""
        chosen, found = str(self.list.currentData()), list(self._names())
        self._fill(found + [chosen] * bool(chosen and chosen not in found), chosen)
        self.says.setVisible(len(found) < 2)
        if len(found) < 2:
            announce(self, self.says.text())
        else:
            self.more.hide()
        self.list.setFocus()
