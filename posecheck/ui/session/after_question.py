"""The question after a session: is it better, the same or worse than before?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QWidget

from posecheck.ui.widgets.controls import announce, button, label, row

ANSWERS = ((1, "better"), (0, "same"), (-1, "worse"))


class AfterQuestion(QWidget):
    """A question with three equal answers, or none. `tell` keeps an answer and returns a sentence
    when it cannot be kept, else ""."""

    def __init__(self, phrases: Mapping[str, str], tell: Callable[[int], str]) -> None:
        super().__init__()
        self._phrases, self._tell = phrases, tell
        self.words = label(phrases["ui_after_ask"])
        self.answers = {
            better: button(
                phrases[f"ui_today_hurt_{name}"],
                partial(self._answer, better),
                about=phrases["ui_after_ask"],
            )
            for better, name in ANSWERS
        }
        self.setLayout(row(self.words, *self.answers.values(), 0))

    def _answer(self, better: int) -> None:
        text = self._tell(better) or self._phrases["ui_after_thanks"]
        for each in self.answers.values():
            each.hide()
        self.words.setText(text)
        announce(self, text)
