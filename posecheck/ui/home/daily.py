"""The question before the first session of a day: how much does your back hurt?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from posecheck.session.safety import wants_gentle
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row

MOST = 10
"""The usual scale: 0 is no pain, 10 the worst that one can think of."""


class DailyQuestion(Page):
    """Asks for a number from 0 to 10, and offers the gentle session on a bad day.

    past  the answers of other days, oldest first; pain: today's answer when it was already given

    `answered` gives the number and whether the gentle session is wanted. `skipped`: no answer.
    `help_wanted`: when to get help. The keys 0 to 9 choose too.
    """

    answered = Signal(int, bool)
    skipped = Signal()
    help_wanted = Signal()

    def __init__(
        self, phrases: Mapping[str, str], past: Sequence[int] = (), pain: int | None = None
    ) -> None:
        super().__init__(phrases["pain_today"])
        self._past = tuple(past)
        self._words = phrases["gentle_offer_say"]
        title, lead = label(phrases["pain_today"], "title"), label(phrases["ui_daily_lead"])
        lead.setProperty("role", "lead")
        numbers = {number: str(number) for number in range(MOST + 1)}
        self.pain = Choice(numbers, phrases["pain_today"], pain, gap=8)
        for number, each in zip(numbers, self.pain.buttons, strict=True):
            each.setProperty("role", "number")
            ends = {0: phrases["pain_today_least"], MOST: phrases["pain_today_most"]}
            each.setAccessibleName(ends.get(number, str(number)))
        worst = label(phrases["pain_today_most"], "muted")
        worst.setAlignment(Qt.AlignmentFlag.AlignRight)
        ends_row = row(label(phrases["pain_today_least"], "muted"), worst)
        scale = row(column(self.pain, ends_row, gap=6), 0)
        self.gentle = button(phrases["gentle_yes"], lambda: self._answer(True), "main")
        self.as_chosen = button(phrases["gentle_no"], lambda: self._answer(False))
        self.offer = card(
            column(
                label(phrases["gentle_offer"], "care-heading"),
                label(phrases["gentle_offer_say"], "care"),
                4,
                row(self.gentle, self.as_chosen, 0),
            ),
            "notice",
        )
        asks_help = button(phrases["ui_help_title"], self.help_wanted.emit, "quiet")
        self.put(column(0, title, lead, 16, scale, 16, self.offer, 0, 0))
        self.on = button(phrases["ui_next"], lambda: self._answer(False), "main")
        skip = button(phrases["ui_skip"], self.skipped.emit, "quiet")
        self.foot(button(phrases["ui_back"], self.left.emit), asks_help, 0, skip, self.on)
        self.first = self.pain.current
        self.pain.changed.connect(lambda _: self._offer())
        self._offer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.key() - Qt.Key.Key_0
        if 0 <= typed < MOST:
            self.pain.choose(typed)
            self.pain.current.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _offer(self) -> None:
        pain = self.pain.chosen
        offered = isinstance(pain, int) and wants_gentle(pain, self._past)
        self.offer.setVisible(offered)
        self.on.setVisible(not offered)
        self.on.setEnabled(pain is not None)
        if offered:
            announce(self, self._words)

    def _answer(self, gentle: bool) -> None:
        pain = self.pain.chosen
        if isinstance(pain, int):
            self.answered.emit(pain, gentle)
