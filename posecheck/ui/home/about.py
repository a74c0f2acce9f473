"""The page that says what posecheck is not, when to get medical help, what is private, where the
user's files are, and which version it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame

from posecheck.io.about import VERSION, own_folders
from posecheck.session.safety import DISCLAIMER
from posecheck.ui.settings.safety_questions import emergency, see_soon
from posecheck.ui.widgets.controls import Page, button, card, column, label, row

BREAK = "\u200b"
"""A space of no width, at which a long path may continue in the next line."""


class AboutPage(Page):
    """The signs of an emergency come first, then those for a doctor, the disclaimer, privacy and
    files."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__(phrases["ui_about_title"])
        self._phrases = phrases
        disclaimer = (label(phrases["ui_disclaimer_title"], "heading"), label(phrases[DISCLAIMER]))
        self.put(
            column(
                label(phrases["ui_about_title"], "title"),
                emergency(phrases),
                see_soon(phrases),
                card(column(*disclaimer)),
                self._files(),
                self._version(),
                0,
                gap=16,
            )
        )
        self.first = button(phrases["ui_back"], self.left.emit)
        self.foot(self.first, 0)

    def _files(self) -> QFrame:
        """What is kept, and a button for each folder in which it lies."""
        words = self._phrases
        parts = column(
            label(words["ui_private_title"], "heading"), label(words["ui_private_text"]), gap=12
        )
        for kind, folder in own_folders().items():
            place = label(str(folder).replace(os.sep, os.sep + BREAK), "muted")
            name = words[f"ui_folder_{kind}"]
            about = f"{name} {folder}"
            opens = button(words["ui_folder_open"], partial(_open, folder), about=about)
            line = row(column(label(name), place, gap=2), opens)
            line.setStretch(0, 1)
            parts.addLayout(line)
        return card(parts)

    def _version(self) -> QFrame:
        words = self._phrases
        version = label(words["ui_version"].format(version=VERSION))
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        heading = label(words["ui_version_title"], "heading")
        return card(column(heading, version, label(words["ui_licences"], "muted")))


def _open(folder: Path) -> None:
    """Show a folder in the desktop's program for files; where nothing was stored yet, the nearest
    folder above it."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
