"""From the records to what the plan needs to know of them."""

from __future__ import annotations

from posecheck.history.ladder import PastSession
from posecheck.history.plan_rules import GOAL_ROUTINES, STRENGTH_ROUTINES, TRACKS, Track
from posecheck.history.records import SessionRecord
from posecheck.session.safety import GENTLES

MOBILITY = frozenset((*GENTLES, *(name for names in GOAL_ROUTINES.values() for name in names)))


def past_session(record: SessionRecord) -> PastSession:
    """A session as the plan sees it. An unplanned one belongs to the track of its routine."""
    exercises = frozenset(each.exercise for each in record.sets)
    return PastSession(
        day=record.day,
        track=track_of(record.track, record.routine, exercises),
        routine=record.routine,
        outcome=record.outcome,
        score=record.score,
        done=exercises,
        hurt=frozenset(each.exercise for each in record.sets if each.outcome == "pain"),
    )


def track_of(track: str, routine: str, exercises: frozenset[str]) -> Track | None:
    """The track of a session, None for one that is of none. `track`: "" when it was not planned."""
    for each in TRACKS:
        if track == each:
            return each
    if routine in STRENGTH_ROUTINES:
        return "strength"
    if routine in MOBILITY:
        return "mobility"
    return "walking" if exercises == {"walking"} else None
