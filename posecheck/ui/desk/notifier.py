"""How the desk reports: a colour, a nudge with a choice, a hint, a spoken sentence, a break.

An alert that needs an answer opens a small window. Any other is a notification of the desktop where
there is a tray, and the same window where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from posecheck.desk.alerts import Alert
from posecheck.desk.day import BreakMode, Reminder
from posecheck.io.audio.sentence_voice import SentenceVoice
from posecheck.io.store.settings import Settings
from posecheck.ui.desk.break_card import BreakCard
from posecheck.ui.desk.nudge import NudgeWindow, StatusWindow
from posecheck.ui.desk.pages import DeskPages
from posecheck.ui.desk.tray import Tray

MOVES_MIN: Mapping[BreakMode, int] = {"30/2": 2, "20-8-2": 2, "50/10": 10}
"""Minutes of movement in a break."""


class DeskNotifier(QObject):
    """Shows and speaks the monitor's alerts and reminders; passes on and stores the answers."""

    def __init__(
        self,
        phrases: Mapping[str, str],
        sign: Tray | StatusWindow,
        pages: DeskPages,
        voice: SentenceVoice,
    ) -> None:
        super().__init__()
        self._phrases, self._sign, self._pages, self._voice = phrases, sign, pages, voice
        looks = (pages.settings.theme, pages.settings.text_scale)
        self.nudge, self.card = NudgeWindow(phrases, *looks), BreakCard(phrases, *looks)
        self._alert: Alert | None = None
        worker = pages.worker
        self.nudge.chosen.connect(self._chosen)
        self.nudge.snoozed.connect(lambda: self._answered("later"))
        self.nudge.expired.connect(lambda: self._answered(""))
        self.card.routine_chosen.connect(self._start_break)
        self.card.walk_chosen.connect(worker.walk_unseen)
        self.card.snoozed.connect(worker.snooze_break)
        self.card.stand_chosen.connect(worker.stand)  # a raised desk may have raised the camera too

    def dress(self, settings: Settings) -> None:
        """Apply the appearance of these settings."""
        for each in (self.nudge, self.card, self._sign):
            if isinstance(each, Tray):
                each.calm = settings.reduced_motion
            else:
                each.dress(settings.theme, settings.text_scale)

    def hide(self) -> None:
        """Close the windows that wait for an answer."""
        self.nudge.hide()
        self.card.hide()

    def forget(self) -> None:
        """Discard the pending alert without storing an answer."""
        self._alert = None
        self.hide()

    def close(self) -> None:
        """End: store the pending alert as unanswered."""
        self._answered("")
        self.hide()

    def alarm(self, alert: Alert) -> None:
        """Show or speak an alert."""
        if alert.kind == "recovered":
            self._recover()
        known = self._pages.settings
        wanted = known.nudges or alert.kind == "recalibrate"
        busy = self._pages.session is not None or self._asking
        if not alert.key or not wanted or busy:
            return
        text = self._phrases[alert.key]
        if alert.kind == "speak":
            if known.desk_voice and known.talk != "off":
                self._voice.speak(text)
            if known.captions and not self.nudge.isVisible():
                self.nudge.hint(text)
            return
        self._answered("")  # the alert before was not answered
        self._alert = alert
        hint = alert.kind == "nudge" and alert.cause != "slouch"
        if hint and isinstance(self._sign, Tray):
            self._sign.notify(text)
            self._answered("")
        else:
            self._ask(alert, text)

    def remind(self, reminder: Reminder, sitting_s: float) -> None:
        """Show that a break is due, after these seconds on the chair."""
        known = self._pages.settings
        if not known.nudges or self._pages.session is not None:
            return
        minutes = MOVES_MIN.get(known.break_mode, known.own_move)
        about = self._phrases[self._pages.offer().reason]
        self.card.offer(reminder.what, sitting_s, about, minutes, reminder.again)

    def _recover(self) -> None:
        """The user sits well again. A question stays until it is answered."""
        if not self._asking:
            self.nudge.hide()
        if isinstance(self._sign, Tray):
            self._sign.blink()

    @property
    def _asking(self) -> bool:
        """Whether "set up again?" waits for an answer on the screen."""
        alert = self._alert
        return alert is not None and alert.kind == "recalibrate" and self.nudge.isVisible()

    def keep(self) -> None:
        """The user answered on the page of today that nothing has moved."""
        if self._asking:
            self.nudge.hide()
            self._answered("keep")
        self._pages.worker.keep()

    def _ask(self, alert: Alert, text: str) -> None:
        if alert.kind == "recalibrate":
            self.nudge.ask_recalibrate(text)
        elif alert.kind == "offer_break":
            self.nudge.offer_break(text)
        elif alert.cause == "slouch":
            self.nudge.nudge(text)
        else:
            self.nudge.hint(text)

    def _chosen(self, choice: str) -> None:
        self._answered(choice)
        if choice == "break":
            self._start_break()
        elif choice == "recalibrate":
            self._pages.open_setup()
        elif choice == "keep":
            self._pages.worker.keep()

    def _answered(self, answer: str) -> None:
        alert, self._alert = self._alert, None
        if alert is None:
            return
        if answer == "later":
            self._pages.worker.snooze_nudge()
        self._pages.log.add_nudge(alert.kind, alert.cause, answer)

    def _start_break(self) -> None:
        self.hide()
        self._pages.start_break()
