"""From the records to what the plan needs to know of them."""

from __future__ import annotations

from posecheck.history.ladder import PastSession
from posecheck.history.plan_rules import GOAL_ROUTINES, STRENGTH_ROUTINES, TRACKS, Track
from posecheck.history.records import SessionRecord
from posecheck.session.safety import GENTLE

MOBILITY = frozenset((GENTLE, *(name for names in GOAL_ROUTINES.values() for name in names)))


def past_session(record: SessionRecord) -> PastSession:
    """A session as the plan sees it. An unplanned one belongs to the track of its routine."""
    return PastSession(
        day=record.day,
        track=track_of(record),
        routine=record.routine,
        outcome=record.outcome,
        score=record.score,
        done=frozenset(each.exercise for each in record.sets),
        hurt=frozenset(each.exercise for each in record.sets if each.outcome == "pain"),
    )


def track_of(record: SessionRecord) -> Track | None:
    """The track of a session, None for one that is of none."""
    for track in TRACKS:
        if record.track == track:
            return track
    if record.routine in STRENGTH_ROUTINES:
        return "strength"
    if record.routine in MOBILITY:
        return "mobility"
    return "walking" if {each.exercise for each in record.sets} == {"walking"} else None
