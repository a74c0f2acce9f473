"""How much the coach says, and whether the computer can be heard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.io.audio.voice import NO_VOICE
from posecheck.io.store.settings import TALKS
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import announce, button, column, label, row

Speak = Callable[[str], bool]
"""Says a text aloud, without waiting for its end. False when this computer has no voice."""


class VoiceChoice(QWidget):
    """The choice and a button to hear it. `changed` gives one of `TALKS`."""

    changed = Signal(str)

    def __init__(self, phrases: Mapping[str, str], speak: Speak, talk: str) -> None:
        super().__init__()
        self._phrases, self._speak = phrases, speak
        about = phrases["ui_talk"]
        self.talk = Choice({each: phrases[f"ui_talk_{each}"] for each in TALKS}, about, talk)
        self.explains = label(phrases[f"ui_talk_{talk}_about"], "muted")
        self.test = button(phrases["ui_voice_test"], self._say)
        self.says = label("", "")
        self.says.hide()
        self.talk.changed.connect(self._chosen)
        self.setLayout(
            column(label(about), row(self.talk, 0), self.explains, 4, row(self.test, 0), self.says)
        )

    def _chosen(self, talk: object) -> None:
        self.explains.setText(self._phrases[f"ui_talk_{talk}_about"])
        self.changed.emit(str(talk))

    def _say(self) -> None:
        spoken = self._speak(self._phrases["ui_voice_sample"])
        missing = f"{self._phrases['ui_voice_missing']} {NO_VOICE.get(sys.platform, '')}".strip()
        self.says.setText(self._phrases["ui_voice_heard"] if spoken else missing)
        self.says.show()
        announce(self, self.says.text())
