"""How a session is summed up when it ends."""

from __future__ import annotations

from collections.abc import Mapping

from posecheck.coach.error_phrases import told
from posecheck.coach.guide import Guide
from posecheck.coach.summary import Summary, summarise
from posecheck.ui.session.request import SessionRequest
from posecheck.ui.session.worker import SessionWorker


def sum_up(
    request: SessionRequest,
    worker: SessionWorker,
    guide: Guide,
    phrases: Mapping[str, str],
    *,
    error: str = "",
    unwritten: str = "",
    left: bool = False,
) -> Summary:
    """The summary of what the worker has counted.

    error      the sentence that ended the session, "" for none
    unwritten  why the transcript is incomplete, "" when it is complete
    left       whether the user ended the session before its last set
    """
    unkept = request.history.writer.problem if request.history else ""
    remarks = [told(phrases, text) for text in (error, unwritten, unkept) if text]
    if not (worker.complete or error or left):
        remarks.append(phrases["ended"])
    if "pain" in guide.outcomes.values():
        # At the end of a session the picture disappears before its advice can be read.
        remarks.append(phrases["pain_care"])
    return summarise(
        request.name,
        worker.set_stats,
        worker.worst,
        phrases,
        eased=guide.view.eased,
        outcomes=guide.outcomes,
        extra=(*request.extra, *remarks),
    )
