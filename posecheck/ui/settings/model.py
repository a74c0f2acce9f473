"""The one copy of the settings in a process.

The windows, their pages, the tray and the programs read `SettingsModel.value` and change it only
with `change` or `set`. Nothing else keeps a `Settings` that would have to be brought up to date. A
window that is open shows the sentence of `unsaved`; the pages need not know of it.

Another program of the user (the desk beside the window) may change the same file. So only what was
changed here is written, and what was changed there is announced here as if the user had done so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from posecheck.io.output import OutputError
from posecheck.io.store.settings import Settings, SettingsFile, merged, save_settings

LOOK_MS = 1000
"""Interval for looking whether another program has changed the file, which takes microseconds."""

Save = Callable[[Settings, Settings], Settings]


def save_changes(value: Settings, known: Settings) -> Settings:
    """Write to the user's file what differs from `known`; what the file holds then."""
    return save_settings(value, known=known)


def keep_unsaved(value: Settings, known: Settings) -> Settings:
    """Save nothing."""
    return value


class SettingsModel(QObject):
    """The settings, announced and saved whenever they are changed.

    value    the settings now
    changed  emitted after each change with the new and the previous `Settings`
    unsaved  a change could not be saved: a sentence. It applies until the program ends
    """

    changed = Signal(object, object)
    unsaved = Signal(str)

    def __init__(self, value: Settings | None = None, save: Save = save_changes) -> None:
        """`save` writes what differs between its first argument and its second, which was last
        read or written, and returns all that is stored then; it may raise OutputError."""
        super().__init__()
        self._value = self._stored = value or Settings()
        self._save = save
        self._timer = QTimer(self)

    @property
    def value(self) -> Settings:
        return self._value

    def change(self, **fields: Any) -> None:
        """Change these fields of `Settings`."""
        self.set(replace(self._value, **fields))

    def set(self, value: Settings) -> None:
        """Replace all settings, emit `changed`, then save. What cannot be saved is saved with the
        next change that can be."""
        self._announce(value)
        try:
            self._stored = self._save(value, self._stored)
        except OutputError as error:
            self.unsaved.emit(str(error))
        else:
            self._announce(self._stored)

    def watch(self, file: SettingsFile) -> None:
        """Follow the changes that other programs make to the file, from now on."""

        def look() -> None:
            found = file.changed()
            if found is not None:
                value = merged(self._value, self._stored, found)
                self._stored = found
                self._announce(value)

        self._timer.timeout.connect(look)
        self._timer.start(LOOK_MS)

    def _announce(self, value: Settings) -> None:
        before, self._value = self._value, value
        if value != before:
            self.changed.emit(value, before)
