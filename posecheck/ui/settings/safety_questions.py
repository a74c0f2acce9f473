"""The questions before the first session, and when to get help.

The screening questions lock the exercises. They have a yes and a no, and neither is preselected, so
that the user has to read them. The questions about single exercises are boxes to tick.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from posecheck.exercise import CONTRAINDICATIONS
from posecheck.session.safety import EMERGENCY, SCREENING, SEE_SOON
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import CARD_MARGINS, announce, card, column, label, row

FOLLOW: Mapping[str, tuple[str, ...]] = {
    "ask_osteoporosis": ("OSTEO",),
    "ask_joint": ("THR", "KNEE", "KNEE_REPLACED"),
    "ask_pregnancy": ("PREG",),
    "ask_heart": ("HTN",),
    "ask_dizzy": ("BALANCE",),
    "ask_leg": ("DISC",),
}
"""Screening question -> contraindications that a yes ticks. Where a question covers several of
them, all are ticked, and the user unticks those that do not apply."""

SAME: Mapping[str, str] = {"ask_osteoporosis": "OSTEO", "ask_pregnancy": "PREG"}
"""Screening question -> contraindication with the same question. It is not asked twice: the answer
to the first sets the second."""

PART: Mapping[str, tuple[str, ...]] = {"ask_joint": ("THR", "KNEE_REPLACED"), "ask_heart": ("HTN",)}
"""Screening question -> contraindications that are parts of it, and are asked only after a yes."""


class ScreeningQuestions(QWidget):
    """Every question of `posecheck.session.safety.SCREENING` with yes and no.

    known  answers given before, by question key

    answered  a question key and the user's answer
    """

    answered = Signal(str, bool)

    def __init__(self, phrases: Mapping[str, str], known: Mapping[str, bool] | None = None) -> None:
        super().__init__()
        before = known or {}
        answers = {True: phrases["ui_yes"], False: phrases["ui_no"]}
        self._phrases = phrases
        self.open_says = label("", "care")
        self._notice = card(column(self.open_says), "notice")
        self._notice.hide()
        self.choices = [Choice(answers, phrases[key], before.get(key)) for key in SCREENING]
        self.rows = [
            _Question(phrases[key], choice, phrases["ui_screening_missing"])
            for key, choice in zip(SCREENING, self.choices, strict=True)
        ]
        for key, choice in zip(SCREENING, self.choices, strict=True):
            choice.changed.connect(partial(self.answered.emit, key))
            choice.changed.connect(self._count)
        self.setLayout(column(self._notice, *self.rows, gap=10))

    @property
    def open(self) -> Choice | None:
        """The first question without an answer."""
        return next((each for each in self.choices if each.chosen is None), None)

    @property
    def answers(self) -> dict[str, bool]:
        """The answers by question key; open questions are left out."""
        both = zip(SCREENING, self.choices, strict=True)
        return {key: each.chosen is True for key, each in both if each.chosen is not None}

    @property
    def any_yes(self) -> bool:
        return any(each.chosen is True for each in self.choices)

    def point_at_open(self) -> QWidget:
        """Mark the open questions, of which there must be one, announce their number, and focus the
        first of them, which is returned. The focus goes to the question: on an answer, the next
        Space would choose it."""
        waiting = [each for each in self.rows if each.choice.chosen is None]
        for each in waiting:
            each.mark(True)
        self._notice.show()
        self._count()
        announce(self, self.open_says.text())
        waiting[0].setFocus(Qt.FocusReason.TabFocusReason)
        return waiting[0]

    def _count(self) -> None:
        """Update the marks and their number after an answer."""
        for each in self.rows:
            if each.choice.chosen is not None:
                each.mark(False)
        count = sum(each.choice.chosen is None for each in self.rows)
        self.open_says.setText(self._phrases["ui_screening_open"].format(count=count))
        if not count:
            self._notice.hide()


class _Question(QFrame):
    """A question and its answers. It can have the focus, but the Tab key skips it.

    missing  the text that marks the question while it is open
    """

    def __init__(self, question: str, choice: Choice, missing: str) -> None:
        super().__init__()
        self.choice, self._question, self._missing = choice, question, missing
        words = label(question)
        words.setBuddy(choice.buttons[0])
        self.says = label(missing, "care")
        font = self.says.font()
        font.setBold(True)
        self.says.setFont(font)
        self.says.hide()
        line = row(gap=24)
        line.addLayout(column(words, self.says, gap=2), 1)
        line.addWidget(choice)
        side, _ = CARD_MARGINS
        line.setContentsMargins(side, 8, side, 8)
        self.setLayout(line)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTabOrder(self, choice.buttons[0])
        self.mark(False)

    def mark(self, marked: bool) -> None:
        """Show or hide the mark of an open question."""
        self.says.setVisible(marked)
        self.setAccessibleName(f"{self._question} {self._missing if marked else ''}".strip())
        self.setProperty("role", "notice" if marked else "card")
        self.style().polish(self)


class BodyQuestions(QWidget):
    """One box to tick for each of CONTRAINDICATIONS that the screening questions have not settled.

    `follow` ticks boxes after answers to the screening questions; the user may untick those that
    are shown.
    """

    def __init__(self, phrases: Mapping[str, str], tags: Iterable[str] = ()) -> None:
        super().__init__()
        known = frozenset(tags)
        self.rows = {
            tag: CheckRow(phrases[f"tag_{tag}"], tag in known) for tag in CONTRAINDICATIONS
        }
        self.ticked_says = label(phrases["ui_body_ticked"], "care")
        self._notice = card(column(self.ticked_says), "notice")
        self._notice.hide()
        self._ticked: set[str] = set()
        for tag in SAME.values():
            self.rows[tag].hide()
        self.setLayout(column(self._notice, *self.rows.values(), gap=10))

    def follow(self, question: str, yes: bool) -> None:
        """Apply an answer to a screening question. A yes ticks the boxes of FOLLOW; a no unticks
        those that a yes had ticked, but none that the user ticked and that is still shown."""
        self.show_for(question, yes)
        for tag in FOLLOW.get(question, ()):
            if tag in (SAME.get(question), *PART.get(question, ())) and not yes:
                self.rows[tag].setChecked(False)
            if yes and not self.rows[tag].isChecked():
                self._ticked.add(tag)
                self.rows[tag].setChecked(True)
            elif not yes and tag in self._ticked:
                self._ticked.discard(tag)
                self.rows[tag].setChecked(False)
        self._notice.setVisible(bool(self._ticked - {*SAME.values()}))

    def show_for(self, question: str, yes: bool) -> None:
        """Show or hide the box that an answer to this screening question settles."""
        for tag in PART.get(question, ()):
            self.rows[tag].setVisible(yes)

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(tag for tag, each in self.rows.items() if each.isChecked())


def emergency(phrases: Mapping[str, str]) -> QFrame:
    """A prominent card: the signs that need medical help at once."""
    *signs, act = (phrases[key] for key in EMERGENCY)
    lines = [label(text, "alert-text") for text in (*(f"•  {sign}" for sign in signs), act)]
    return card(column(label(phrases["ui_help_title"], "alert-heading"), *lines, gap=8), "alert")


def see_soon(phrases: Mapping[str, str]) -> QFrame:
    """A card below the emergency: the signs with which to see a doctor soon."""
    *signs, act = (phrases[key] for key in SEE_SOON)
    lines = [label(text, "care") for text in (*(f"•  {sign}" for sign in signs), act)]
    return card(column(label(phrases["ui_soon_title"], "care-heading"), *lines, gap=8), "notice")
