"""From a running session to its record: the same numbers as screen, voice and summary.

`SessionAccount` takes what the coach counted (`SessionStats`) after each frame and answers with the
record of the session as it stands. It adds nothing of its own but the best ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from posecheck.coach.guide import Command, GuideView
from posecheck.coach.pain import PainStep
from posecheck.coach.tally import SetStats
from posecheck.history.best_range import BestRanges
from posecheck.history.records import (
    FaultRecord,
    Feeling,
    PainKind,
    PlannedRecord,
    SessionOutcome,
    SessionRecord,
    SetOutcomeNow,
    SetRecord,
)
from posecheck.session.events import Event, RepRejected, SessionDone, SetAnnounced, SetDone
from posecheck.session.plan import PlannedSet

ANSWERED: Mapping[Command, PainKind] = {
    "sharp": "sharp", "spreading": "spreading", "mild": "mild",
}  # fmt: skip
PLACES = 2
"""Decimal places of stored seconds and scores."""


def planned_record(planned: PlannedSet) -> PlannedRecord:
    """What was planned for a set."""
    return PlannedRecord(
        exercise=planned.exercise.id,
        side=planned.side,
        number=planned.number,
        of=planned.of,
        hold_s=planned.hold_s,
        reps=planned.reps,
        time_s=planned.time_s,
        rest_s=planned.rest_s,
    )


class SessionAccount:
    """The record of one session while it runs.

    record    the session as it stands
    feelings  the pains told so far
    urgent    something happened since the last call of `taken` that must be stored at once
    """

    def __init__(self, record: SessionRecord) -> None:
        self.record = record
        self.feelings: list[Feeling] = []
        self.urgent = True
        self._outcomes: list[SetOutcomeNow] = []
        self._ranges: list[BestRanges] = []
        self._places: list[int] = []
        self._stats: Sequence[SetStats] = ()
        self._eased: frozenset[str] = frozenset()
        self._pain_step: PainStep = ""
        self._answer: PainKind = ""

    @property
    def begun(self) -> bool:
        """Whether a set was begun."""
        return bool(self._outcomes)

    def command(self, command: Command) -> None:
        """A key or button of the user; it takes effect with the next frame."""
        self._answer = ANSWERED.get(command, self._answer)

    def update(
        self, now: datetime, events: Iterable[Event], view: GuideView, stats: Sequence[SetStats]
    ) -> None:
        """Add one frame. `stats`: the sets as counted with it; `now`: the local time."""
        self._stats, self._eased = stats, view.eased
        for _ in range(len(stats) - len(self._outcomes)):
            if self._outcomes and self._outcomes[-1] == "running":
                self._outcomes[-1] = "skipped"
            self._outcomes.append("running")
            self._ranges.append(BestRanges(view.session.planned.exercise))
            self._places.append(view.session.index)
            self.urgent = True
        for event in events:
            self._take(event)
        self._ranges[-1].update(view.session)
        self._tell_pain(now, view)

    def _take(self, event: Event) -> None:
        match event:
            case SetDone(index, why):
                # The next set may have begun in the same frame.
                last = len(self._places) - 1 - self._places[::-1].index(index)
                self._outcomes[last] = why
                self.urgent = True
            case SessionDone(why):
                if self._outcomes[-1] == "running":
                    self._outcomes[-1] = why
                self.end("pain" if why == "pain" else "done")
            case RepRejected():
                self._ranges[-1].refuse()
            case SetAnnounced():
                self.urgent = True

    def end(self, outcome: SessionOutcome) -> None:
        """The session has ended. A later call does not change how."""
        if self.record.outcome != "running":
            return
        if self._outcomes and self._outcomes[-1] == "running":
            self._outcomes[-1] = "left"
        self.record = replace(self.record, outcome=outcome)
        self.urgent = True

    def taken(self) -> SessionRecord:
        """The record with all sets as they stand; `urgent` is False afterwards."""
        self.urgent = False
        sets = tuple(self._set(number) for number in range(len(self._stats)))
        seconds = round(sum(each.seconds for each in self._stats), PLACES)
        self.record = replace(self.record, sets=sets, seconds=seconds)
        return self.record

    def _set(self, number: int) -> SetRecord:
        stats = self._stats[number]
        score = stats.score
        return SetRecord(
            planned=self._places[number],
            exercise=stats.planned.exercise.id,
            side=stats.planned.side,
            checked=stats.checked,
            outcome=self._outcomes[number],
            seconds=round(stats.seconds, PLACES),
            correct_s=round(stats.correct_s, PLACES),
            wrong_s=round(stats.wrong_s, PLACES),
            cant_tell_s=round(stats.cant_tell_s, PLACES),
            unchecked_s=round(stats.unchecked_s, PLACES),
            reps=stats.progress.reps,
            score=None if score is None else round(score, PLACES),
            eased=stats.planned.exercise.id in self._eased,
            rejected=tuple(sorted(stats.rejected.items())),
            faults=tuple(
                FaultRecord(
                    rule=key,
                    severity=fault.rule.severity,
                    cue=fault.rule.cue,
                    seconds=round(fault.seconds, PLACES),
                    early_s=round(fault.early_s, PLACES),
                )
                for key, fault in sorted(stats.faults.items())
            ),
            ranges=self._ranges[number].records,
        )

    def _tell_pain(self, now: datetime, view: GuideView) -> None:
        """Note a pain when the user reports it, and its kind and end when they become known."""
        before, step = self._pain_step, view.pain.step
        self._pain_step = step
        if step == before:
            return
        self.urgent = True
        if before == "" and step:
            exercise = view.session.planned.exercise.id
            told = Feeling(now, "during", exercise=exercise, session=self.record.id)
            self.feelings.append(told)
        if before in ("care", "ended"):
            return  # the text was read; kind and end are known already
        last = replace(self.feelings[-1], kind=self._answer)
        if step == "" and before == "easing":
            stopped = self._outcomes[-1] == "pain"
            last = replace(last, end="stopped" if stopped else "eased")
        elif step == "care":
            last = replace(last, end="stopped")
        elif step == "ended":
            last = replace(last, end="ended")
        self.feelings[-1] = last
        if step in ("", "care", "ended"):
            self._answer = ""
