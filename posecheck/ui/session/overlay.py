"""What may cover the picture of a session: help, the question whether to leave, a trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from posecheck.ui.settings.camera_choice import UNFOUND
from posecheck.ui.settings.safety_questions import emergency
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row
from posecheck.ui.widgets.flow import Columns

HELP_KEYS: tuple[tuple[str, str], ...] = (
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
"""Keys of a session and the phrases that say what they do. A key whose name is translated is given
by its phrase."""

HELP_SIGNS = ("help_still", "help_arms", "help_out")
"""Phrases of the signs that need no key."""

NOTICE_MS = 12_000
"""How long a notice is shown: enough to read 30 words slowly."""
NOTICE_WIDTH, NOTICE_TOP = 0.58, 0.17
"""Width and top of a notice as shares of the page's width and height: below the line that names the
exercise, beside the camera's picture, over the ring and the instruction picture."""


class HelpPanel(Page):
    """Keys, signs, and when to get help. H, Escape or its button closes it."""

    def __init__(
        self, phrases: Mapping[str, str], problems: tuple[str, ...], close: Callable[[], object]
    ) -> None:
        super().__init__(phrases["help_title"])
        keys = QGridLayout()
        keys.setHorizontalSpacing(16)
        keys.setVerticalSpacing(10)
        keys.setColumnStretch(1, 1)
        for at, (key, words) in enumerate(HELP_KEYS):
            keys.addWidget(_key(phrases.get(key, key)), at, 0, Qt.AlignmentFlag.AlignTop)
            keys.addWidget(label(phrases[words]), at, 1)
        signs = [label(phrases[words]) for words in HELP_SIGNS]
        left = card(column(label(phrases["help_keys"], "heading"), keys, 0))
        right = column(
            card(column(label(phrases["help_signs"], "heading"), *signs)),
            emergency(phrases),
            *(card(column(label(problem))) for problem in problems), 0, gap=16,
        )  # fmt: skip
        both = Columns((left, right), gap=16)
        self.put(column(label(phrases["help_title"], "title"), both, 0, gap=16))
        self.first = button(phrases["help_close"], close, "main")
        self.foot(self.first, 0)
        self.left.connect(close)


class LeavePanel(Page):
    """The question whether to leave the session. A second Escape leaves, Enter stays."""

    def __init__(
        self, phrases: Mapping[str, str], leave: Callable[[], object], stay: Callable[[], object]
    ) -> None:
        super().__init__(phrases["leave_title"])
        self.first = button(phrases["leave_stay"], stay, "main")
        leave_button = button(phrases["leave_leave"], leave)
        title, text = label(phrases["leave_title"], "title"), label(phrases["leave_text"], "lead")
        self.put(column(0, title, text, 24, row(self.first, leave_button, 0, gap=16), 0, gap=16))
        self.left.connect(leave)


class TroublePanel(Page):
    """Why the session could not begin, and what the user can do.

    sentence  of the error
    again     starts the session again
    home      goes home
    change    opens the settings; None where there are none to open
    """

    def __init__(
        self,
        sentence: str,
        phrases: Mapping[str, str],
        again: Callable[[], object],
        home: Callable[[], object],
        change: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(phrases["trouble_title"])
        # The error sentence is worded for the command line: it names an index, and a file instead.
        shown = phrases["trouble_camera"] if sentence.startswith(UNFOUND) else sentence
        self.setAccessibleDescription(shown)
        self.first = button(phrases["trouble_again"], again, "main")
        buttons = [self.first, button(phrases["trouble_home"], home)]
        buttons += [button(phrases["trouble_settings"], change)] if change is not None else []
        title, text = label(phrases["trouble_title"], "title"), label(shown, "lead")
        self.put(column(0, title, text, 24, row(*buttons, 0, gap=16), 0, gap=16))
        self.left.connect(home)


class Cover:
    """The place of the one panel that may cover a page.

    panel  the present one, None when the picture is in front
    """

    def __init__(self, page: QWidget, below: QWidget, bar: QWidget) -> None:
        self.panel: QWidget | None = None
        self._page, self._below, self._bar = page, below, bar

    def show(self, panel: QWidget) -> None:
        """Cover the page with a panel, instead of the present one if there is one."""
        self.remove()
        self.panel = panel
        self._bar.setEnabled(False)
        panel.setParent(self._page)
        panel.setGeometry(self._page.rect())
        panel.show()
        panel.raise_()
        self.enter()

    def remove(self) -> None:
        """Uncover the page. The focus is left to the caller."""
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
        self.panel = None
        self._bar.setEnabled(True)

    def enter(self) -> None:
        """Give the focus to the panel, or to what is below when there is none."""
        if self.panel is None:
            self._below.setFocus()
        else:
            getattr(self.panel, "enter", self.panel.setFocus)()

    def arrange(self) -> None:
        """Follow the size of the page."""
        if self.panel is not None:
            self.panel.setGeometry(self._page.rect())


class Notice(QFrame):
    """A sentence that is shown over the top of `on` for NOTICE_MS, once."""

    def __init__(self, on: QWidget) -> None:
        super().__init__(on)
        self._shown = False
        self.text = label("", "care")
        box = column(self.text)
        box.setContentsMargins(24, 14, 24, 14)
        self.setLayout(box)
        self.setProperty("role", "notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_once(self, sentence: str) -> None:
        """Show the sentence, unless it is "" or another one was shown before."""
        if self._shown or not sentence:
            return
        self._shown = True
        self.text.setText(sentence)
        self.show()
        self.arrange()
        announce(self, sentence)
        QTimer.singleShot(NOTICE_MS, self, self.hide)

    def arrange(self) -> None:
        """Follow the size of the page."""
        on = self.parentWidget()
        assert on is not None
        width = round(NOTICE_WIDTH * on.width())
        top = round(NOTICE_TOP * on.height())
        self.setGeometry(round(0.98 * on.width()) - width, top, width, self.heightForWidth(width))


def _key(name: str) -> QLabel:
    made = label(name, "badge")
    made.setWordWrap(False)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
