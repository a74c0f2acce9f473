"""What a led session needs to be remembered in the user's history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from posecheck.exercise import Routine
from posecheck.history.programme import PROGRAMME
from posecheck.history.records import SessionKind
from posecheck.io.store.history_writer import HistoryWriter, KeptSession, SessionTitle
from posecheck.ui.session.request import SessionRequest


def remembered_session(
    request: SessionRequest,
    writer: HistoryWriter,
    routine: Routine | None,
    model: str,
    *,
    track: str = "",
) -> SessionRequest:
    """The same session, written into the history each time it is begun.

    routine  None for a single exercise
    model    as on the command line; the history keeps its name without folders
    """
    kind: SessionKind = "programme" if routine and routine.id == PROGRAMME else "session"
    title = SessionTitle(
        name=request.name,
        routine=routine.id if routine is not None else "",
        kind=kind,
        track=track,
        level=request.level,
        model=Path(model).name if request.watched else "",
    )
    return replace(request, history=KeptSession(writer, title, request.planned_sets))
