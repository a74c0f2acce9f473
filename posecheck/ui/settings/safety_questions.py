"""The questions before the first session, and when to get help.

The questions that lock the exercises have a yes and a no and no answer of their own: nobody is
waved through who has not read them. Those about single exercises are ticked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from posecheck.exercise import CONTRAINDICATIONS
from posecheck.session.safety import EMERGENCY, SCREENING
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import announce, card, column, label, row

FOLLOW: Mapping[str, tuple[str, ...]] = {
    "ask_osteoporosis": ("OSTEO",),
    "ask_joint": ("THR", "KNEE"),
    "ask_pregnancy": ("PREG",),
    "ask_heart": ("HTN", "BALANCE"),
}
"""What a yes to a question of SCREENING suggests to leave out. Where the question does not tell
which of several things is true, all are suggested: the person unticks what is not."""


class ScreeningQuestions(QWidget):
    """Every question of `posecheck.session.safety.SCREENING` with yes and no.

    `answered` gives the key of a question and its answer; `known`: answers given before.
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
        """By the keys of the questions, without those that are open."""
        both = zip(SCREENING, self.choices, strict=True)
        return {key: each.chosen is True for key, each in both if each.chosen is not None}

    @property
    def any_yes(self) -> bool:
        return any(each.chosen is True for each in self.choices)

    def point_at_open(self) -> None:
        """Say how many questions are open, mark them, and go to the first: to the question, for
        on an answer the next Space would give it."""
        waiting = [each for each in self.rows if each.choice.chosen is None]
        if not waiting:
            return
        for each in waiting:
            each.mark(True)
        self._notice.show()
        self._count()
        announce(self, self.open_says.text())
        waiting[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _count(self) -> None:
        """The marks and their number follow the answers."""
        for each in self.rows:
            if each.choice.chosen is not None:
                each.mark(False)
        count = sum(each.choice.chosen is None for each in self.rows)
        self.open_says.setText(self._phrases["ui_screening_open"].format(count=count))
        if not count:
            self._notice.hide()


class _Question(QFrame):
    """A question and its answers. It can have the focus, but is no stop of the Tab key.

    missing  what marks it while it is open
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
        line.setContentsMargins(20, 10, 14, 10)
        self.setLayout(line)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTabOrder(self, choice.buttons[0])
        self.mark(False)

    def mark(self, marked: bool) -> None:
        """Whether to show that it is open."""
        self.says.setVisible(marked)
        self.setAccessibleName(f"{self._question} {self._missing if marked else ''}".strip())
        self.setProperty("role", "notice" if marked else "card")
        self.style().polish(self)


class BodyQuestions(QWidget):
    """One row to tick for each of CONTRAINDICATIONS.

    The answers of the screening tick what follows from them (`follow`); the person may untick it.
    """

    def __init__(self, phrases: Mapping[str, str], tags: Iterable[str] = ()) -> None:
        super().__init__()
        known = frozenset(tags)
        self.rows = {tag: CheckRow(text, tag in known) for tag, text in CONTRAINDICATIONS.items()}
        self.ticked_says = label(phrases["ui_body_ticked"], "care")
        self._notice = card(column(self.ticked_says), "notice")
        self._notice.hide()
        self._ticked: set[str] = set()
        self.setLayout(column(self._notice, *self.rows.values(), gap=10))

    def follow(self, question: str, yes: bool) -> None:
        """A question of SCREENING is answered: a yes ticks what it suggests, a no takes back what
        only a yes to it had ticked."""
        for tag in FOLLOW.get(question, ()):
            if yes and not self.rows[tag].isChecked():
                self._ticked.add(tag)
                self.rows[tag].setChecked(True)
            elif not yes and tag in self._ticked:
                self._ticked.discard(tag)
                self.rows[tag].setChecked(False)
        self._notice.setVisible(bool(self._ticked))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(tag for tag, each in self.rows.items() if each.isChecked())


def emergency(phrases: Mapping[str, str]) -> QFrame:
    """When to get help at once, as an area that cannot be missed."""
    *signs, act = (phrases[key] for key in EMERGENCY)
    lines = [label(text, "care") for text in (*(f"•  {sign}" for sign in signs), act)]
    return card(column(label(phrases["ui_help_title"], "care-heading"), *lines), "notice")
