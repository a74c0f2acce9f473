"""What lies over a session for a moment: help, the question before leaving, a trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from posecheck.ui.settings.camera_choice import UNFOUND
from posecheck.ui.settings.safety_questions import emergency
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row

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


NOTICE_MS = 12_000
"""How long a notice stays: about 30 words, read slowly."""
NOTICE_WIDE, NOTICE_TOP = 0.58, 0.17
"""Width and place of a notice in shares of the page: below the bar that tells the exercise, beside
the camera's picture, over ring and instruction picture."""


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
        # The sentence of the terminal speaks of its own words: an index, a file to give instead.
        told = phrases["trouble_camera"] if sentence.startswith(UNFOUND) else sentence
        self.setAccessibleDescription(told)
        self.first = button(phrases["trouble_again"], again, "main")
        ways = [self.first, button(phrases["trouble_home"], home)]
        ways += [button(phrases["trouble_settings"], change)] if change is not None else []
        title, text = label(phrases["trouble_title"], "title"), label(told, "lead")
        self.put(column(0, title, text, 24, row(*ways, 0, gap=16), 0, gap=16))
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


class Notice(QFrame):
    """A sentence that lies over the top of `on` for a while, and is told only once."""

    def __init__(self, on: QWidget) -> None:
        super().__init__(on)
        self._told = False
        self.says = label("", "care")
        box = column(self.says)
        box.setContentsMargins(24, 14, 24, 14)
        self.setLayout(box)
        self.setProperty("role", "notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell_once(self, sentence: str) -> None:
        """Show it, unless it is "" or one was shown before."""
        if self._told or not sentence:
            return
        self._told = True
        self.says.setText(sentence)
        self.show()
        self.arrange()
        announce(self, sentence)
        QTimer.singleShot(NOTICE_MS, self, self.hide)

    def arrange(self) -> None:
        """After the page has changed its size."""
        on = self.parentWidget()
        assert on is not None
        width = round(NOTICE_WIDE * on.width())
        top = round(NOTICE_TOP * on.height())
        self.setGeometry(round(0.98 * on.width()) - width, top, width, self.heightForWidth(width))


def _key(name: str) -> QLabel:
    made = label(name, "badge")
    made.setWordWrap(False)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
