"""What lies over a session for a moment: help, the question before leaving, a trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QLabel

from posecheck.ui.controls import Page, button, card, column, label, row
from posecheck.ui.safety_questions import emergency

KEYS: tuple[tuple[str, str], ...] = (
    ("key_space", "help_pause"),
    ("→", "help_skip"),
    ("←", "help_back"),
    ("P", "help_pain"),
    ("U", "help_uncheck"),
    ("R", "help_range"),
    ("M", "help_mute"),
    ("F", "help_full"),
    ("H", "help_help"),
    ("Esc", "help_leave"),
)
"""Keys of a session (a phrase key where the key has a name in words) and what they do."""

SIGNS = ("help_still", "help_arms", "help_out")
"""What can be said without a hand."""


class HelpPanel(Page):
    """Keys, signs, and when to get help. H or Escape closes it."""

    def __init__(
        self, phrases: Mapping[str, str], problems: tuple[str, ...], close: Callable[[], object]
    ) -> None:
        super().__init__(phrases["help_title"])
        keys = [
            row(_key(phrases.get(key, key)), label(phrases[words]), 0, gap=16)
            for key, words in KEYS
        ]
        signs = [label(f"•  {phrases[words]}") for words in SIGNS]
        parts = [
            card(column(label(phrases["help_signs"], "heading"), *signs)),
            card(column(label(phrases["help_keys"], "heading"), *keys)),
            *(card(column(label(problem))) for problem in problems),
            emergency(phrases),
        ]
        self.put(column(label(phrases["help_title"], "title"), *parts, 0, gap=16))
        self.first = button(phrases["help_close"], close, "main")
        self.foot(self.first, 0)
        self.left.connect(close)


class LeavePanel(Page):
    """Whether to leave. Escape again leaves, Enter stays."""

    def __init__(
        self, phrases: Mapping[str, str], leave: Callable[[], object], stay: Callable[[], object]
    ) -> None:
        super().__init__(phrases["leave_title"])
        self.first = button(phrases["leave_stay"], stay, "main")
        away = button(phrases["leave_leave"], leave)
        title, text = label(phrases["leave_title"], "title"), label(phrases["leave_text"], "lead")
        self.put(column(0, title, text, 24, row(self.first, away, 0, gap=16), 0, gap=16))
        self.left.connect(leave)


class TroublePanel(Page):
    """Why there is no session, and what can be done."""

    def __init__(
        self,
        sentence: str,
        phrases: Mapping[str, str],
        again: Callable[[], object],
        home: Callable[[], object],
    ) -> None:
        super().__init__(phrases["trouble_title"])
        self.setAccessibleDescription(sentence)
        self.first = button(phrases["trouble_again"], again, "main")
        back = button(phrases["trouble_home"], home)
        title, text = label(phrases["trouble_title"], "title"), label(sentence, "lead")
        self.put(column(0, title, text, 24, row(self.first, back, 0, gap=16), 0, gap=16))
        self.left.connect(home)


def _key(name: str) -> QLabel:
    made = label(name, "badge")
    made.setWordWrap(False)
    made.setMinimumWidth(72)
    return made
