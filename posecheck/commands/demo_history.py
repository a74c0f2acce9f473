"""`posecheck demo --history`: a throw-away history of three months, to look at pages and report.

A made-up user follows the plan: pain falls slowly, with a flare in the sixth week and nine days
without a session; form gets better; one range grows, others do not. Nothing of it is measured. It
is written into a folder of its own, never into the user's.
"""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from posecheck import __version__
from posecheck.body.measure import resolve
from posecheck.exercise import Exercise, Rule
from posecheck.history.account import planned_record
from posecheck.history.error_bands import error_band
from posecheck.history.past import past_session
from posecheck.history.plan import plan_week
from posecheck.history.plan_values import PlanItem, Told, Wishes
from posecheck.history.records import (
    FaultRecord,
    Feeling,
    RangeRecord,
    SessionOutcome,
    SessionRecord,
    SetRecord,
)
from posecheck.history.report import report_of
from posecheck.io.output import OutputError, prepare_folder
from posecheck.io.routines.language import ENGLISH, load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.store.history import HISTORY_FILE, HistoryStore
from posecheck.io.store.history_writer import local_now
from posecheck.session.plan import PlannedSet, plan

DAYS = 90
FLARE = range(38, 43)
"""Days with more pain."""
AWAY = range(57, 66)
"""Days without a session."""
SEED = 14


@dataclass
class MadeUpUser:
    """The made-up user, day by day.

    records, feelings  what came of it so far
    """

    library: Library
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    records: list[SessionRecord] = field(default_factory=list)
    feelings: list[Feeling] = field(default_factory=list)

    def live(self, now: datetime, days: int = DAYS) -> None:
        """Live the days before `now`."""
        begin = now.replace(hour=7, minute=30, second=0, microsecond=0) - timedelta(days=days)
        for number in range(days):
            self._day(number, begin + timedelta(days=number))

    def _pain(self, number: int) -> int:
        """Pain of a day, 0 to 10."""
        usual = 5.0 - 2.5 * min(1.0, number / 70) + self.dice.gauss(0, 0.7)
        return max(0, min(10, round(usual + (2.5 if number in FLARE else 0.0))))

    def _day(self, number: int, when: datetime) -> None:
        pain = self._pain(number)
        if number in AWAY or self.dice.random() < 0.12:
            return
        self.feelings.append(Feeling(when, "before", pain=pain))
        pains = {f.day: f.pain for f in self.feelings if f.pain is not None}
        made = plan_week(
            [past_session(each) for each in self.records],
            Wishes(minutes=20, days=6),
            Told(pains=pains),
            when.date(),
            self.library.exercises,
            self.library.routines,
            lessons=tuple(self.library.lessons),
        )
        for item in made.of(when.date()):
            if item.routine is not None and self.dice.random() < 0.85:
                self._session(number, when, item)
                when += timedelta(minutes=item.minutes + 2)
            elif item.track == "walking" and self.dice.random() < 0.7:
                self._walk(when + timedelta(hours=10), item)

    def _walk(self, when: datetime, item: PlanItem) -> None:
        self.records.append(
            replace(self._empty(when, "Walking", item), outcome="done", seconds=item.minutes * 60.0)
        )

    def _empty(self, when: datetime, name: str, item: PlanItem) -> SessionRecord:
        return SessionRecord(
            id=uuid.UUID(int=self.dice.getrandbits(128)).hex,
            began=when,
            name=name,
            routine=item.routine.id if item.routine else "",
            kind="session",
            level=item.level,
            outcome="done",
            track=item.track,
            version=__version__,
            model="full",
        )

    def _session(self, number: int, when: datetime, item: PlanItem) -> None:
        assert item.routine is not None
        planned = plan(item.routine, self.library.exercises)
        record = self._empty(when, item.routine.name, item)
        hurts = number in FLARE and self.dice.random() < 0.6
        last = self.dice.randrange(len(planned)) if hurts else len(planned)
        early = not hurts and self.dice.random() < 0.06
        if early:
            last = self.dice.randrange(1, len(planned))
        sets = [self._set(number, place, planned[place]) for place in range(last)]
        outcome: SessionOutcome = "left" if early else "done"
        if hurts:
            stopped = replace(self._set(number, last, planned[last]), outcome="pain")
            sets.append(stopped)
            outcome = "pain"
            told = Feeling(when + timedelta(minutes=6), "during", kind="sharp", end="ended",
                           exercise=stopped.exercise, session=record.id)  # fmt: skip
            self.feelings.append(told)
        record = replace(
            record,
            outcome=outcome,
            planned=tuple(planned_record(each) for each in planned),
            sets=tuple(sets),
            seconds=sum(each.seconds for each in sets),
        )
        self.records.append(record)
        if self.dice.random() < 0.6:
            better = -1 if hurts else self.dice.choice((0, 1, 1))
            self.feelings.append(
                Feeling(when + timedelta(minutes=15), "after", better=better, session=record.id)
            )

    def _set(self, number: int, place: int, planned: PlannedSet) -> SetRecord:
        exercise = planned.exercise
        target_s = planned.target_s or 3.0 * (planned.reps or 8)
        getting_ready_s = self.dice.uniform(6, 14)
        if exercise.check == "none":
            return SetRecord(
                place, exercise.id, planned.side, False, "done",
                target_s + getting_ready_s, unchecked_s=target_s,
            )  # fmt: skip
        share = min(0.98, 0.70 + 0.25 * number / DAYS + self.dice.gauss(0, 0.06))
        wrong_s = target_s * max(0.0, 1 / share - 1)
        hidden_s = max(0.0, self.dice.gauss(1.5, 2.0))
        reps = planned.reps or 0 if exercise.category == "reps" else 0
        refused = round(reps * max(0.0, 1 / share - 1))
        return SetRecord(
            planned=place,
            exercise=exercise.id,
            side=planned.side,
            checked=True,
            outcome="done",
            seconds=round(target_s + wrong_s + hidden_s + getting_ready_s, 2),
            correct_s=round(target_s, 2),
            wrong_s=round(wrong_s, 2),
            cant_tell_s=round(hidden_s, 2),
            reps=reps,
            score=round(100 * share, 1),
            rejected=(("too_small", refused),) if refused else (),
            faults=tuple(self._faults(number, exercise, wrong_s)),
            ranges=tuple(self._ranges(number, exercise)),
        )

    def _faults(self, number: int, exercise: Exercise, wrong_s: float) -> Iterator[FaultRecord]:
        """The two usual faults of an exercise; the first becomes rarer."""
        rules = [rule for rule in exercise.rules if rule.severity in ("must", "advice")][:2]
        for place, rule in enumerate(rules):
            often = 0.85 - (0.6 * number / DAYS if place == 0 else 0.45)
            if self.dice.random() < often:
                seconds = wrong_s * self.dice.uniform(0.4, 0.9) + 0.6
                yield FaultRecord(rule.id, rule.severity, rule.cue, round(seconds, 2), 0.3)

    def _ranges(self, number: int, exercise: Exercise) -> Iterator[RangeRecord]:
        for rule in exercise.rules if exercise.category == "hold" else ():
            if rule.kind == "range":
                yield self._range(number, exercise, rule)

    def _range(self, number: int, exercise: Exercise, rule: Rule) -> RangeRecord:
        """Near what the rule asks for; knee to chest grows by 25 degrees, nothing else does."""
        unit = resolve(rule.metric).metric.unit
        rises = rule.min is not None
        bound = rule.min if rule.min is not None else rule.max or 0.0
        scatter = 3.0 if unit == "deg" else 0.02
        grown = 25.0 * number / DAYS if exercise.id == "knee_to_chest" else 4.0 * number / DAYS
        gain = grown * (1 if unit == "deg" else 0.002) + self.dice.gauss(0, scatter)
        value = bound + (gain if rises else -gain)
        band = error_band(rule.metric, unit, rule.accuracy)
        return RangeRecord(rule.metric, unit, round(value, 3), band, "hold", rises)


def fill(store: HistoryStore, library: Library, now: datetime) -> MadeUpUser:
    """Three months of a made-up user in an empty store. Raises OutputError."""
    user = MadeUpUser(library)
    user.live(now)
    told: Mapping[str, list[Feeling]] = {
        each.id: [f for f in user.feelings if f.session == each.id and f.moment == "during"]
        for each in user.records
    }
    for record in user.records:
        store.save(record, told[record.id])
    for feeling in user.feelings:
        if feeling.moment != "during":
            store.add_feeling(feeling)
    return user


def show_history(folder: Path, library: Library) -> None:
    """Fill `folder` with a history and its report. Raises OutputError when it has a history."""
    from posecheck.commands.report import save_report

    prepare_folder(folder)
    path = folder / HISTORY_FILE
    if path.exists():
        raise OutputError(f"{path} is a history already. Remove it first.")
    now = local_now()
    with closing(HistoryStore(path)) as store:
        fill(store, library, now)
        history = store.history()
    since = history.sessions[0].day
    report = report_of(history, since, now.date(), now, library.exercises)
    out = folder / "report.html"
    save_report(load_phrases(ENGLISH), report, out)
    weeks = math.ceil(DAYS / 7)
    print(f"A made-up user's {weeks} weeks, {len(history.sessions)} sessions: {path}")
    print(f"Their report: {out}")
    print(f"To see them in the window: POSECHECK_HOME={folder} posecheck")
