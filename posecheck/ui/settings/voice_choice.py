"""The choice of how much the coach says, and a test of the voice."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.audio.voice import NO_VOICE
from posecheck.io.store.settings import TALKS
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import announce, button, column, label, row

Speak = Callable[[str], bool]
"""Starts to speak a text and returns at once. False when this computer has no voice."""


class VoiceChoice(QWidget):
    """The choice and a button that speaks a sample. `changed` gives one of `TALKS`."""

    changed = Signal(str)

    def __init__(self, phrases: Mapping[str, str], speak: Speak, talk: str) -> None:
        super().__init__()
        self._phrases, self._speak = phrases, speak
        about = phrases["ui_talk"]
        self.talk = Choice({each: phrases[f"ui_talk_{each}"] for each in TALKS}, about, talk)
        self.explains = label(phrases[f"ui_talk_{talk}_about"], "muted")
        self.test = button(phrases["ui_voice_test"], self._speak_sample)
        self.says = label("", "")
        self.says.hide()
        self.talk.changed.connect(self._select)
        self.setLayout(
            column(label(about), row(self.talk, 0), self.explains, 4, row(self.test, 0), self.says)
        )

    def _select(self, talk: object) -> None:
        self.explains.setText(self._phrases[f"ui_talk_{talk}_about"])
        self.changed.emit(str(talk))

    def _speak_sample(self) -> None:
        spoken = self._speak(self._phrases["ui_voice_sample"])
        why = told(self._phrases, NO_VOICE.get(sys.platform, ""))
        missing = f"{self._phrases['ui_voice_missing']} {why}".strip()
        self.says.setText(self._phrases["ui_voice_heard"] if spoken else missing)
        self.says.show()
        announce(self, self.says.text())
