"""What the pages of today and progress show, read from the history and the settings."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from posecheck.desk.hours import DeskDay, DeskHour, by_day, by_hour
from posecheck.exercise import Exercise
from posecheck.history.ladder import Chosen, PastSession, top
from posecheck.history.plan import plan_week
from posecheck.history.plan_values import PlanChoice, PlanItem, Told, WeekPlan, Wishes
from posecheck.history.records import Feeling, PlannedRecord, SessionRecord
from posecheck.history.report import Report, report_of
from posecheck.io.output import OutputError
from posecheck.io.paths import data_home
from posecheck.io.routines.load import Library
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.programme import kept_programme
from posecheck.io.store.desk_store import DAYS_FILE, DeskStore
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.history_writer import local_now
from posecheck.io.store.settings import Settings
from posecheck.session.plan import PlannedSet, plan
from posecheck.ui.home.session_entry import PlannedChoice
from posecheck.ui.settings.model import SettingsModel

DESK_DAYS = 28
"""Days at the desk that are summed up by hour: four weeks show a habit."""
RECENT_DAYS = 14
"""How far back the last session is looked for."""
CONTINUE_DAYS = 1
"""An interrupted session of yesterday may be continued; an older one is over."""


@dataclass(frozen=True, slots=True)
class Today:
    """The state of today.

    last         the last session that was begun lately, None for none
    interrupted  a session that may be continued, None for none
    hurt         a session that a pain stopped and after which the user has told nothing yet
    done         the days of this week with a session, and how many
    hurt_exercises  ids of the exercises that hurt in the last days
    problem      why the history cannot be read, "" when it can
    """

    day: date
    plan: WeekPlan
    last: SessionRecord | None
    interrupted: SessionRecord | None
    hurt: SessionRecord | None
    done: tuple[tuple[date, int], ...]
    problem: str = ""
    hurt_exercises: frozenset[str] = frozenset()


def wishes_of(settings: Settings) -> Wishes:
    """What the user wants of the plan."""
    return Wishes(
        goal=settings.plan_goal,
        minutes=settings.plan_minutes,
        days=settings.plan_days,
        walk=settings.plan_walk,
        equipment=frozenset(settings.equipment),
        older=settings.older,
    )


def told_of(settings: Settings) -> Told:
    """What the user told about their health."""
    return Told(
        tags=frozenset(settings.tags),
        asked={tag: date.fromisoformat(day) for tag, day in settings.asked},
        pains={date.fromisoformat(day): pain for day, pain in settings.comfort},
    )


class Memory:
    """Reads and writes the history for the pages. A disk that refuses becomes a sentence.

    path  file of the history, None for the user's own
    """

    def __init__(
        self,
        library: Library,
        settings: SettingsModel,
        path: Path | None = None,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        self.library, self.settings = library, settings
        self._path, self._now = path, now

    def today(self) -> Today:
        """The state of today. Never raises for a disk."""
        day = self._now().date()
        try:
            with closing(HistoryStore(self._path)) as store:
                recent = store.history(day - timedelta(days=RECENT_DAYS))
                past, (moves, rungs) = store.past(), store.choices()
                problem = store.remark
        except OutputError as error:
            return Today(day, self._plan((), (), (), day), None, None, None, (), str(error))
        made = self._plan(past, moves, rungs, day)
        last = recent.sessions[-1] if recent.sessions else None
        told_after = {f.session for f in recent.feelings if f.moment == "next_day"}
        hurt = last is not None and last.pain_stop and last.id not in told_after
        week = [s.day for s in recent.sessions if s.day >= made.monday]
        return Today(
            day=day,
            plan=made,
            last=last,
            interrupted=last if last is not None and _open(last, day) else None,
            hurt=last if hurt else None,
            done=tuple((each, week.count(each)) for each in sorted(set(week))),
            problem=problem,
            hurt_exercises=frozenset(each for session in past for each in session.hurt),
        )

    def planned(self, item: PlanItem) -> PlannedChoice | None:
        """A session of the plan, to be led; None for an item without exercises."""
        if item.routine is None:
            return None
        sets = plan(item.routine, self.library.exercises, self.settings.value.start_side)
        return PlannedChoice(item.routine.name, sets, item.track, item.routine.id)

    def rest_of(self, record: SessionRecord) -> PlannedChoice | None:
        """What is left of an interrupted session; None when nothing is, or when its exercises are
        no longer known or no longer allowed."""
        exercises, tags = self.library.exercises, set(self.settings.value.tags)
        left = record.planned[_reached(record) :]
        if not left or any(
            p.exercise not in exercises or set(exercises[p.exercise].contraindications) & tags
            for p in left
        ):
            return None
        sets = tuple(_planned_set(p, exercises[p.exercise]) for p in left)
        return PlannedChoice(record.name, sets, record.track, record.routine)

    def mark_done(self, item: PlanItem, name: str) -> str:
        """Remember something that no camera watched: a walk, breathing, a lesson. Returns a
        sentence when the disk refuses, else ""."""
        record = SessionRecord(
            id=uuid.uuid4().hex,
            began=self._now() - timedelta(minutes=item.minutes),
            name=name,
            routine="",
            kind="session",
            level=item.level,
            outcome="done",
            track=item.track,
            seconds=60.0 * item.minutes,
        )
        return self._write(lambda store: store.save(record))

    def choose(self, choice: PlanChoice | Chosen) -> str:
        """Remember a move, a skip or a rung. Returns as `mark_done`."""
        return self._write(lambda store: store.choose(choice))

    def changed_rung(self, item: PlanItem, by: int) -> Chosen | None:
        """The user's choice of one rung less or more of a track than the plan proposes; None where
        the ladder ends, for a lesson, and for what is gentle on a sore day."""
        if item.track == "lesson" or {"sore", "acute"} & {each.key for each in item.why}:
            return None
        rung = item.rung + by
        if not 0 <= rung <= top(item.track, self.settings.value.older):
            return None
        return Chosen(self._now().date(), item.track, rung)

    def tell(self, session: SessionRecord, better: int) -> str:
        """Remember how it is on a day after a session. Returns as `mark_done`."""
        told = Feeling(self._now(), "next_day", better=better, session=session.id)
        return self._write(lambda store: store.add_feeling(told))

    def progress(self, days: int) -> Report:
        """What changed in the last days, today included. Raises OutputError."""
        now = self._now()
        since = now.date() - timedelta(days=days - 1)
        with closing(HistoryStore(self._path)) as store:
            history = store.history(since)
        told = [(date.fromisoformat(day), pain) for day, pain in self.settings.value.comfort]
        try:
            programme = kept_programme(self.library.exercises)
        except RoutineError:
            programme = None  # `posecheck programme` says what is wrong with it
        return report_of(
            history, since, now.date(), now, self.library.exercises, told=told, programme=programme
        )

    def desk_times(self) -> tuple[tuple[DeskHour, ...], tuple[DeskDay, ...]]:
        """How the user sat at each hour, and on each day, of the last DESK_DAYS days. Raises
        OutputError."""
        path = data_home() / DAYS_FILE if self._path is None else self._path.with_name(DAYS_FILE)
        if not path.exists():
            return (), ()
        today = self._now().date()
        with closing(DeskStore(path)) as store:
            days = [today - timedelta(days=n) for n in range(DESK_DAYS)]
            minutes = [(day, each) for day in days for each in store.minutes(day)]
        hours = by_hour((each.when.hour, each.seconds) for _, each in minutes)
        return hours, by_day((day, each.seconds) for day, each in minutes)

    def _plan(
        self,
        past: Sequence[PastSession],
        moves: Sequence[PlanChoice],
        rungs: Sequence[Chosen],
        day: date,
    ) -> WeekPlan:
        settings = self.settings.value
        return plan_week(
            past,
            wishes_of(settings),
            told_of(settings),
            day,
            self.library.exercises,
            self.library.routines,
            choices=moves,
            chosen=rungs,
            lessons=tuple(self.library.lessons),
        )

    def _write(self, change: Callable[[HistoryStore], None]) -> str:
        try:
            with closing(HistoryStore(self._path)) as store:
                change(store)
        except OutputError as error:
            return str(error)
        return ""


def _reached(record: SessionRecord) -> int:
    """The place in the plan at which an interrupted session goes on: the first set after the last
    one that ended."""
    ended = [
        each.planned + 1 for each in record.sets if each.outcome in ("done", "hard", "skipped")
    ]
    return max(ended, default=0)


def _open(record: SessionRecord, day: date) -> bool:
    """Whether a session may be continued."""
    recent = (day - record.day).days <= CONTINUE_DAYS
    ended = record.outcome in ("running", "left", "error")
    return recent and ended and not record.pain_stop and 0 < _reached(record) < len(record.planned)


def _planned_set(record: PlannedRecord, exercise: Exercise) -> PlannedSet:
    return PlannedSet(
        exercise,
        record.side,
        record.number,
        record.of,
        record.hold_s,
        record.reps,
        record.time_s,
        record.rest_s,
    )
