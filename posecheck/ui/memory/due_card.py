"""A card at home: what is due today, with the ways to the pages of today and progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from posecheck.coach.error_phrases import told
from posecheck.history.plan_values import PlanItem
from posecheck.ui.memory.model import Memory
from posecheck.ui.widgets.controls import button, card, column, label, row


def item_words(item: PlanItem, phrases: Mapping[str, str]) -> str:
    """ "Lower back, 10 min"; a lesson says its minute in its name."""
    name = item_name(item, phrases)
    if item.track == "lesson":
        return name
    return phrases["ui_today_minutes"].format(name=name, minutes=item.minutes)


def item_name(item: PlanItem, phrases: Mapping[str, str]) -> str:
    """What an item of the plan is called."""
    return item.routine.name if item.routine else phrases[f"ui_track_{item.track}"]


class DueCard(QWidget):
    """What is due today. `renew` reads it again."""

    def __init__(
        self,
        phrases: Mapping[str, str],
        memory: Memory,
        today: Callable[[], object],
        progress: Callable[[], object],
    ) -> None:
        super().__init__()
        self._phrases, self._memory = phrases, memory
        self.due = label("")
        self.open = button(phrases["ui_today_open"], today, "main")
        self.progress = button(phrases["ui_today_progress"], progress)
        line = row(self.due, self.open, self.progress)
        line.setStretch(0, 1)
        self.setLayout(column(card(line)))
        self.renew()

    def renew(self) -> None:
        """Show what is due now."""
        words, state = self._phrases, self._memory.today()
        open_items = [item for item in state.plan.of(state.day) if not item.done]
        things = "; ".join(item_words(item, words) for item in open_items)
        due = words["ui_today_due"].format(things=things) if things else words["ui_today_none"]
        self.due.setText(told(words, state.problem) or due)
