"""Reminders of the plan: in the desk program, and in the one that the scheduler starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from posecheck.desk.alerts import Circumstances
from posecheck.history.reminders import Reminders
from posecheck.io.store.history_writer import local_now
from posecheck.ui.memory.due_card import item_words
from posecheck.ui.memory.model import Memory

LOOK_MS = 60_000
"""Time between two looks at the clock: a reminder is of its minute."""


class DeskReminder(QObject):
    """Reminds at the times of the settings, with a notification of the desktop.

    circumstances  what forbids a message now
    notify         shows a sentence
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        memory: Memory,
        circumstances: Callable[[], Circumstances],
        notify: Callable[[str], object],
        now: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__()
        self._phrases, self._memory, self._now = phrases, memory, now
        self._circumstances, self._notify = circumstances, notify
        self._reminders = Reminders()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look at the clock from now on."""
        self._timer.start(LOOK_MS)

    def close(self) -> None:
        """Remind no more."""
        self._timer.stop()

    @property
    def waits(self) -> bool:
        """Whether a reminder of now waits for a free moment."""
        return self._reminders.waits(self._now(), self._memory.settings.value.remind_at)

    def look(self) -> None:
        """Remind if it is time, and if something is due that was not done."""
        times = self._memory.settings.value.remind_at
        if not times:
            return
        state = self._memory.today()
        due = [item for item in state.plan.of(state.day) if not item.done]
        done = not due or state.day in dict(state.done)
        if self._reminders.update(self._now(), times, self._circumstances().silent, done):
            things = "; ".join(item_words(item, self._phrases) for item in due)
            self._notify(self._phrases["remind_due"].format(things=things))
