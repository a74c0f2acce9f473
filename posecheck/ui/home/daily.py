"""The question of the day, asked before its first session: how much does your back hurt?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from posecheck.session.safety import GENTLE, wants_gentle
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row

WORST_PAIN = 10
"""Upper end of the numeric rating scale: 0 is no pain, 10 the worst pain imaginable."""


class DailyQuestion(Page):
    """Asks for a number from 0 to 10, and offers the gentle session on a bad day.

    The keys 0 to 9 choose a number.

    past  the answers of other days, oldest first
    pain  today's answer if it was already given
    gentle_kinds  id of a gentle routine -> its name; with several the user chooses one

    answered     the number, and whether the user wants the gentle session
    skipped      the user gives no answer
    help_wanted  the user wants to read when to get medical help
    """

    answered = Signal(int, bool)
    skipped = Signal()
    help_wanted = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        past: Sequence[int] = (),
        pain: int | None = None,
        gentle_kinds: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(phrases["pain_today"])
        self._past = tuple(past)
        self._offer_text = phrases["gentle_offer_say"]
        title, lead = label(phrases["pain_today"], "title"), label(phrases["ui_daily_lead"])
        lead.setProperty("role", "lead")
        numbers = {number: str(number) for number in range(WORST_PAIN + 1)}
        self.pain = Choice(numbers, phrases["pain_today"], pain, gap=8)
        for number, each in zip(numbers, self.pain.buttons, strict=True):
            each.setProperty("role", "number")
            ends = {0: phrases["pain_today_least"], WORST_PAIN: phrases["pain_today_most"]}
            each.setAccessibleName(ends.get(number, str(number)))
        worst = label(phrases["pain_today_most"], "muted")
        worst.setAlignment(Qt.AlignmentFlag.AlignRight)
        ends_row = row(label(phrases["pain_today_least"], "muted"), worst)
        scale = row(column(self.pain, ends_row, gap=6), 0)
        kinds = gentle_kinds or {}
        self.kind = Choice(kinds, phrases["gentle_kind"], GENTLE) if len(kinds) > 1 else None
        kind = () if self.kind is None else (label(phrases["gentle_kind"]), self.kind)
        self.gentle = button(phrases["gentle_yes"], lambda: self._answer(True), "main")
        self.as_chosen = button(phrases["gentle_no"], lambda: self._answer(False))
        self.offer = card(
            column(
                label(phrases["gentle_offer"], "care-heading"),
                label(phrases["gentle_offer_say"], "care"),
                *kind,
                4,
                row(self.gentle, self.as_chosen, 0),
            ),
            "notice",
        )
        get_help = button(phrases["ui_help_title"], self.help_wanted.emit, "quiet")
        self.put(column(0, title, lead, 16, scale, 16, self.offer, 0, 0))
        self.onward = button(phrases["ui_next"], lambda: self._answer(False), "main")
        skip = button(phrases["ui_skip"], self.skipped.emit, "quiet")
        self.foot(button(phrases["ui_back"], self.left.emit), get_help, 0, skip, self.onward)
        self.first = self.pain.current
        self.pain.changed.connect(lambda _: self._show_offer())
        self._show_offer()

    @property
    def gentle_routine(self) -> str:
        """Id of the gentle routine that the user has chosen."""
        return GENTLE if self.kind is None else str(self.kind.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.key() - Qt.Key.Key_0
        if 0 <= typed < WORST_PAIN:
            self.pain.choose(typed)
            self.pain.current.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _show_offer(self) -> None:
        pain = self.pain.chosen
        offered = isinstance(pain, int) and wants_gentle(pain, self._past)
        self.offer.setVisible(offered)
        self.onward.setVisible(not offered)
        self.onward.setEnabled(pain is not None)
        if offered:
            self.reveal(self.offer)
            announce(self, self._offer_text)

    def _answer(self, gentle: bool) -> None:
        pain = self.pain.chosen
        if isinstance(pain, int):
            self.answered.emit(pain, gentle)
