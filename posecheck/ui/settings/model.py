"""The one copy of the settings in a process.

The windows, their pages, the tray and the programs read `SettingsModel.value` and change it only
with `change` or `set`. Nothing else keeps a `Settings` that would have to be brought up to date. A
window that is open shows the sentence of `unsaved`; the pages need not know of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from posecheck.io.output import OutputError
from posecheck.io.store.settings import Settings, save_settings


class SettingsModel(QObject):
    """The settings, announced and saved whenever they are changed.

    value    the settings now
    changed  emitted after each change with the new and the previous `Settings`
    unsaved  a change could not be saved: a sentence. It applies until the program ends
    """

    changed = Signal(object, object)
    unsaved = Signal(str)

    def __init__(
        self,
        value: Settings | None = None,
        save: Callable[[Settings], object] = save_settings,
    ) -> None:
        """`save` writes the settings; it may raise OutputError."""
        super().__init__()
        self._value, self._save = value or Settings(), save

    @property
    def value(self) -> Settings:
        return self._value

    def change(self, **fields: Any) -> None:
        """Change these fields of `Settings`."""
        self.set(replace(self._value, **fields))

    def set(self, value: Settings) -> None:
        """Replace all settings, emit `changed`, then save."""
        before, self._value = self._value, value
        self.changed.emit(value, before)
        try:
            self._save(value)
        except OutputError as error:
            self.unsaved.emit(str(error))
