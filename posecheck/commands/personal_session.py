"""A led session that begins at the user's own range, as the history knows it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from posecheck.coach.wording import short_name
from posecheck.history.personal import personal_start
from posecheck.history.records import History
from posecheck.io.output import OutputError
from posecheck.io.store.history import HistoryStore
from posecheck.ui.session.request import SessionRequest

BACK_DAYS = 84
"""Days that are looked at: a range of more than twelve weeks ago says little about today."""


def personal_session(
    request: SessionRequest,
    phrases: Mapping[str, str],
    today: date,
    path: Path | None = None,
) -> SessionRequest:
    """The same session with the targets of the user's last pain-free range. Unchanged without a
    history, and when it cannot be read: the writer says so when it comes to write.

    path  file of the history, None for the user's own
    """
    try:
        with closing(HistoryStore(path)) as store:
            history = store.history(since=today - timedelta(days=BACK_DAYS))
    except OutputError:
        return request
    return begun_at(request, phrases, history)


def begun_at(
    request: SessionRequest, phrases: Mapping[str, str], history: History
) -> SessionRequest:
    """The session as it begins with this history."""
    exercises = {planned.exercise.id: planned.exercise for planned in request.planned_sets}
    moved = {
        key: start
        for key, exercise in exercises.items()
        if (start := personal_start(exercise, history)) is not exercise
    }
    if not moved:
        return request
    names = phrases["and"].join(short_name(exercises[key]) for key in moved)
    said = phrases["personal_start_say"].format(names=names)
    return replace(
        request,
        planned_sets=tuple(
            replace(planned, exercise=moved.get(planned.exercise.id, planned.exercise))
            for planned in request.planned_sets
        ),
        opening=(*request.opening, said),
        extra=(*request.extra, said),
        written={key: exercises[key] for key in moved},
    )
