"""What may cover the picture of a session: help, the question whether to leave, a trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from posecheck.coach.error_phrases import told
from posecheck.coach.scene import DisplayState
from posecheck.coach.tones import TONES
from posecheck.ui.draw.icons import draw_icon
from posecheck.ui.draw.theme import SceneColours, ink_on
from posecheck.ui.settings.camera_choice import UNFOUND
from posecheck.ui.settings.safety_questions import emergency
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row, sentence
from posecheck.ui.widgets.flow import Columns, Flow

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

HELP_STATES: tuple[DisplayState, ...] = (
    "placing", "ready", "active", "paused", "unseen", "unchecked", "rest", "halted", "pain",
    "lost",
)  # fmt: skip
"""The states that the legend explains, each with the phrases "state_..." and "help_state_..."."""


class StateSign(QWidget):
    """The icon of a state on its colour, as in the bar of a session."""

    def __init__(self, state: DisplayState, colours: SceneColours) -> None:
        super().__init__()
        self._state, self._colours = state, colours
        self.setFixedSize(44, 44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colour = self._colours.states[self._state]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*colour))
            painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
            draw_icon(painter, self._state, QRectF(10, 10, 24, 24), ink_on(colour))


class HelpPanel(Page):
    """Keys, signs, what the colours and tones mean, and when to get help. H, Escape or its button
    closes it.

    colours  of the session, for the legend
    watched  whether there is a camera, to which signs can be given
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        problems: tuple[str, ...],
        close: Callable[[], object],
        colours: SceneColours,
        watched: bool = True,
    ) -> None:
        super().__init__(phrases["help_title"])
        keys = QGridLayout()
        keys.setHorizontalSpacing(16)
        keys.setVerticalSpacing(10)
        keys.setColumnStretch(1, 1)
        for at, (key, words) in enumerate(HELP_KEYS):
            keys.addWidget(_key(phrases.get(key, key)), at, 0, Qt.AlignmentFlag.AlignTop)
            keys.addWidget(label(phrases[words]), at, 1)
        signs = column(
            label(phrases["help_signs"], "heading"),
            *(label(phrases[words]) for words in HELP_SIGNS),
        )
        legend = QGridLayout()
        legend.setHorizontalSpacing(14)
        legend.setVerticalSpacing(10)
        legend.setColumnStretch(1, 1)
        for at, state in enumerate(HELP_STATES):
            texts = column(
                label(sentence(phrases[f"state_{state}"])),
                label(phrases[f"help_state_{state}"], "muted"),
                gap=0,
            )
            legend.addWidget(StateSign(state, colours), at, 0, Qt.AlignmentFlag.AlignTop)
            legend.addLayout(texts, at, 1)
        tones = [label(phrases[f"help_tone_{tone}"]) for tone in TONES]
        left = column(
            card(column(label(phrases["help_colours"], "heading"), legend)),
            card(column(label(phrases["help_tones"], "heading"), *tones)),
            0, gap=16,
        )  # fmt: skip
        right = column(
            card(column(label(phrases["help_keys"], "heading"), keys)),
            *([card(signs)] if watched else []),
            emergency(phrases),
            *(card(column(label(told(phrases, problem)))) for problem in problems), 0, gap=16,
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
    clock     begins the session without a camera; None where it has none
    """

    def __init__(
        self,
        sentence: str,
        phrases: Mapping[str, str],
        again: Callable[[], object],
        home: Callable[[], object],
        change: Callable[[], object] | None = None,
        clock: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(phrases["trouble_title"])
        # The error sentence is worded for the command line: it names an index, and a file instead.
        shown = (
            phrases["trouble_camera"] if sentence.startswith(UNFOUND) else told(phrases, sentence)
        )
        self.setAccessibleDescription(shown)
        self.first = button(phrases["trouble_again"], again, "main")
        buttons = Flow(16)
        buttons.put(self.first)
        if clock is not None:
            buttons.put(button(phrases["do_no_camera"], clock))
        if change is not None:
            buttons.put(button(phrases["trouble_settings"], change))
        buttons.put(button(phrases["trouble_home"], home))
        texts = [label(shown, "lead")]
        texts += [label(phrases["trouble_no_camera"])] if clock is not None else []
        title = label(phrases["trouble_title"], "title")
        self.put(column(0, title, *texts, 24, buttons, 0, gap=16))
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
    """A sentence for NOTICE_MS, between the picture and the buttons, so that it covers neither.

    told  the sentences that were shown before, in this or an earlier session; none is shown again
    """

    def __init__(self, told: set[str]) -> None:
        super().__init__()
        self._told = told
        self.text = label("", "care")
        box = column(self.text)
        box.setContentsMargins(24, 14, 24, 14)
        self.setLayout(box)
        self.setProperty("role", "notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_once(self, words: str) -> None:
        """Show a sentence, unless it is "" or was shown before."""
        if words in self._told or not words:
            return
        self._told.add(words)
        self.text.setText(words)
        self.show()
        announce(self, words)
        QTimer.singleShot(NOTICE_MS, self, self.hide)


def _key(name: str) -> QLabel:
    made = label(name, "badge")
    made.setWordWrap(False)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
