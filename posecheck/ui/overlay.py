"""What lies over a session for a moment: help, the question before leaving, a trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from posecheck.ui.controls import Page, button, card, column, label, row
from posecheck.ui.safety_questions import emergency

KEYS: tuple[tuple[str, str], ...] = (
    ("key_space", "help_pause"),
    ("→", "help_skip"),
    ("←", "help_back"),
    ("P", "help_pain"),
    ("S  L  M", "help_kind"),
    ("Y  N", "help_easing"),
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
        keys = QGridLayout()
        keys.setHorizontalSpacing(16)
        keys.setVerticalSpacing(10)
        keys.setColumnStretch(1, 1)
        for at, (key, words) in enumerate(KEYS):
            keys.addWidget(_key(phrases.get(key, key)), at, 0, Qt.AlignmentFlag.AlignTop)
            keys.addWidget(label(phrases[words]), at, 1)
        signs = [label(phrases[words]) for words in SIGNS]
        left = card(column(label(phrases["help_keys"], "heading"), keys, 0))
        right = column(
            card(column(label(phrases["help_signs"], "heading"), *signs)),
            emergency(phrases),
            *(card(column(label(problem))) for problem in problems), 0, gap=16,
        )  # fmt: skip
        both = row(left, right, gap=16)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.put(column(label(phrases["help_title"], "title"), both, 0, gap=16))
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


NO_CAMERA = "No camera answers"
"""How the sentence of `posecheck.io.camera` begins that is told first what a window can do."""


class TroublePanel(Page):
    """Why there is no session, and what can be done. `change` leads to the settings, if it can."""

    def __init__(
        self,
        sentence: str,
        phrases: Mapping[str, str],
        again: Callable[[], object],
        home: Callable[[], object],
        change: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(phrases["trouble_title"])
        told = [phrases["trouble_camera"]] if sentence.startswith(NO_CAMERA) else []
        told.append(sentence)
        self.setAccessibleDescription(" ".join(told))
        self.first = button(phrases["trouble_again"], again, "main")
        ways = [self.first, button(phrases["trouble_home"], home)]
        ways += [button(phrases["trouble_settings"], change)] if change is not None else []
        texts = [label(text, "lead") for text in told]
        title = label(phrases["trouble_title"], "title")
        self.put(column(0, title, *texts, 24, row(*ways, 0, gap=16), 0, gap=16))
        self.left.connect(home)


class PanelPause:
    """The pause that a panel begins, and whether it is to be taken back when the panel closes:
    meanwhile the person may have gone on with both arms up, or walked away."""

    def __init__(self) -> None:
        self._begun = self._seen = False

    def begin(self) -> None:
        """A panel opens, and the session is paused for it."""
        self._begun, self._seen = True, False

    def see(self, halted: str) -> None:
        """Of every moment: why the session stands still, "" when it goes on."""
        self._seen = self._seen or halted == "person"

    def end(self, halted: str) -> bool:
        """Whether to go on now. A pause that no moment has shown yet is still on its way."""
        begun, self._begun = self._begun, False
        return begun and (halted == "person" or not self._seen)


def _key(name: str) -> QLabel:
    made = label(name, "badge")
    made.setWordWrap(False)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
