"""The steps from a choice at home to a session: safety, the question of the day, the start.

state on entry                              step shown           then
------------------------------------------  -------------------  -----------------------------
an exercise that is always open, while      none                 the session
they are open
safety questions open                       the questions        home, or the session requested
                                                                 on the command line
today's pain unknown                        question of the day  the session, gentle or not
today's pain known, and it calls for the    question of the day  the session, gentle or not
gentle session
today's pain known, and it does not         none                 the session
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QObject, Signal

from posecheck.history.plan import tags_on
from posecheck.history.plan_values import Told
from posecheck.io.store.settings import Settings, with_comfort, with_session_day
from posecheck.session.plan import PlannedSet
from posecheck.session.safety import ALWAYS_OPEN, GENTLE, wants_gentle
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.settings.model import SettingsModel


@dataclass(frozen=True, slots=True)
class HomeChoice:
    """What the user wants to do now, with the settings of now. Either `routine` or `exercise` is an
    id, the other is "".

    gentle  the user accepted the gentle session that was offered instead
    planned_sets, name, track, remarks  of a session that was planned already, instead of a routine
            or an exercise; `routine` is then where it comes from, "" for nowhere
    watched  False for a session without a camera
    gentle_routine  id of the gentle session
    """

    routine: str
    exercise: str
    gentle: bool
    planned_sets: tuple[PlannedSet, ...] = ()
    name: str = ""
    track: str = ""
    remarks: tuple[str, ...] = ()
    watched: bool = True
    gentle_routine: str = GENTLE


@dataclass(frozen=True, slots=True)
class PlannedChoice:
    """A session of the plan, the rest of one that was interrupted, or a routine as its page shows
    it. `remarks`: what was changed for the user."""

    name: str
    planned_sets: tuple[PlannedSet, ...]
    track: str = ""
    routine: str = ""
    remarks: tuple[str, ...] = ()


def tags_today(settings: Settings, day: date) -> tuple[str, ...]:
    """The safety answers that count on a day: one about a fresh pain expires with its day."""
    asked = {tag: date.fromisoformat(when) for tag, when in settings.asked}
    valid = tags_on(Told(frozenset(settings.tags), asked), day)
    return tuple(tag for tag in settings.tags if tag in valid)


class SessionEntry(QObject):
    """Asks the question of the day before a session where needed, and saves the answers.

    today  the local date; a window may stay open overnight
    gentle_kinds  id of a gentle routine -> its name

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
        gentle_kinds: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._phrases, self._settings, self._today = phrases, settings, today
        self._gentle_kinds = gentle_kinds
        self._planned: PlannedChoice | None = None
        self._watched = True

    def enter(
        self, exercise: str = "", planned: PlannedChoice | None = None, watched: bool = True
    ) -> None:
        """The user has chosen an exercise, a routine as its page shows it, or what is planned;
        `watched` as in `HomeChoice`."""
        self._planned, self._watched = planned, watched
        routine = planned.routine if planned is not None else ""
        now = self._settings.value
        if not now.screened:
            if exercise in ALWAYS_OPEN:
                self._begin("", exercise, gentle="")
            else:
                self.safety_wanted.emit()
            return
        answers = dict(now.comfort)
        pain = answers.pop(self._today().isoformat(), None)
        past = tuple(answers.values())
        if pain is not None and not wants_gentle(pain, past):
            self._begin(routine, exercise, gentle="")
            return
        page = DailyQuestion(self._phrases, past, pain, self._gentle_kinds)
        page.answered.connect(
            lambda n, gentle: self._answer(
                routine, exercise, n, page.gentle_routine if gentle else ""
            )
        )
        page.skipped.connect(lambda: self._begin(routine, exercise, gentle=""))
        self.question.emit(page)

    def _answer(self, routine: str, exercise: str, pain: int, gentle: str) -> None:
        self._settings.set(with_comfort(self._settings.value, self._today(), pain))
        self._begin(routine, exercise, gentle)

    def _begin(self, routine: str, exercise: str, gentle: str) -> None:
        """`gentle`: id of the gentle session that is wanted instead, "" for none."""
        self._settings.set(with_session_day(self._settings.value, self._today()))
        planned = self._planned
        choice = HomeChoice(
            routine, exercise, bool(gentle), watched=self._watched, gentle_routine=gentle or GENTLE
        )
        if planned is not None:
            choice = replace(
                choice,
                planned_sets=planned.planned_sets,
                name=planned.name,
                track=planned.track,
                remarks=planned.remarks,
            )
        self.ready.emit(choice)
