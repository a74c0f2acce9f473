"""`posecheck session --record FILE`: what a led session needs for a recording of its landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from posecheck import __version__
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.recording import RecordedSet, RecordingHeader
from posecheck.io.vision.pose_model import PoseModel
from posecheck.ui.session.request import SessionRequest

CAMERA = "camera"
"""What the recording calls a source that is no file."""


def recorded_session(
    request: SessionRequest, recorder: Recorder, model: str, sources: Sequence[str], language: str
) -> SessionRequest:
    """The same session, recorded each time it is begun.

    model, sources  as on the command line; the recording keeps their names without folders
    language        of the phrases
    """
    files = [Path(source).name for source in sources if Path(source).is_file()]
    header = RecordingHeader(
        made_by="session",
        posecheck=__version__,
        source=", ".join(files) or CAMERA,
        model=Path(model).name,
        level=request.level,
        sets=tuple(RecordedSet.of_planned(planned) for planned in request.planned_sets),
        language=language,
        opening=request.opening,
    )

    def open_model(masks: bool) -> PoseModel:
        model = request.open_model(masks)
        recorder.begin(header)
        return PoseModel(recorder.watching(model.estimate), model.close)

    return replace(request, open_model=open_model, recorder=recorder)
