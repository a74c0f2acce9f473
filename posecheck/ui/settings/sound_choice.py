"""The choices of volume and speed, for the voice and for the tones."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.io.store.settings import TONE_VOLUMES, VOICE_RATES, VOICE_VOLUMES, Settings
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import column, label, row


class SoundChoice(QWidget):
    """`changed` gives the changed field of `Settings`, as a dict."""

    changed = Signal(object)

    def __init__(self, phrases: Mapping[str, str], settings: Settings) -> None:
        super().__init__()
        loud = {0.0: "off", 0.4: "soft", 0.7: "middle", 1.0: "full"}
        fast = dict(zip(VOICE_RATES, ("slow", "usual", "fast"), strict=True))
        self.choices: dict[str, Choice] = {}
        parts = []
        for name, values, names in (
            ("voice_volume", VOICE_VOLUMES, loud),
            ("voice_rate", VOICE_RATES, fast),
            ("tone_volume", TONE_VOLUMES, loud),
        ):
            about = phrases[f"ui_{name}"]
            words = {value: phrases[f"ui_sound_{names[value]}"] for value in values}
            made = Choice(words, about, getattr(settings, name))
            made.changed.connect(lambda value, name=name: self.changed.emit({name: value}))
            self.choices[name] = made
            parts.append(column(label(about), row(made, 0), gap=6))
        self.setLayout(column(*parts, gap=16))
