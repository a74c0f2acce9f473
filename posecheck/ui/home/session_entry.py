"""The steps from a choice at home to a session: safety, the question of the day, the start.

state on entry                              step shown           then
------------------------------------------  -------------------  -----------------------------
safety questions open                       the questions        home, or the session requested
                                                                 on the command line
today's pain unknown                        question of the day  the session, gentle or not
today's pain known, and it calls for the    question of the day  the session, gentle or not
gentle session
today's pain known, and it does not         none                 the session
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject, Signal

from posecheck.io.store.settings import with_comfort, with_session_day
from posecheck.session.safety import wants_gentle
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.settings.model import SettingsModel


@dataclass(frozen=True, slots=True)
class HomeChoice:
    """What the user wants to do now, with the settings of now. Either `routine` or `exercise` is an
    id, the other is "".

    gentle  the user accepted the gentle session that was offered instead
    """

    routine: str
    exercise: str
    gentle: bool


class SessionEntry(QObject):
    """Asks the question of the day before a session where needed, and saves the answers.

    today  the local date; a window may stay open overnight

    safety_wanted  the safety questions have to be answered first
    question       a `DailyQuestion` to show; its `left` and `help_wanted` are for the receiver
    ready          the `HomeChoice` to begin
    """

    safety_wanted = Signal()
    question = Signal(object)
    ready = Signal(object)

    def __init__(
        self,
        phrases: Mapping[str, str],
        settings: SettingsModel,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._phrases, self._settings, self._today = phrases, settings, today

    def enter(self, routine: str = "", exercise: str = "") -> None:
        """The user has chosen a routine or an exercise."""
        now = self._settings.value
        if not now.screened:
            self.safety_wanted.emit()
            return
        answers = dict(now.comfort)
        pain = answers.pop(self._today().isoformat(), None)
        past = tuple(answers.values())
        if pain is not None and not wants_gentle(pain, past):
            self._begin(routine, exercise, gentle=False)
            return
        page = DailyQuestion(self._phrases, past, pain)
        page.answered.connect(lambda n, gentle: self._answer(routine, exercise, n, gentle))
        page.skipped.connect(lambda: self._begin(routine, exercise, gentle=False))
        self.question.emit(page)

    def _answer(self, routine: str, exercise: str, pain: int, gentle: bool) -> None:
        self._settings.set(with_comfort(self._settings.value, self._today(), pain))
        self._begin(routine, exercise, gentle)

    def _begin(self, routine: str, exercise: str, gentle: bool) -> None:
        self._settings.set(with_session_day(self._settings.value, self._today()))
        self.ready.emit(HomeChoice(routine, exercise, gentle))
