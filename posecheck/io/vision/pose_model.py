"""The pose model, opened for a session, the desk or a recording."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Self

from posecheck.io.diagnosis.flight_recorder import flight_recorded
from posecheck.io.errors import UserError
from posecheck.io.requirements import check_mediapipe

if TYPE_CHECKING:
    from posecheck.coach.pipeline import Estimate

_logger = logging.getLogger("posecheck.model")


@dataclass(frozen=True, slots=True, eq=False)
class PoseModel:
    """A pose model in use: `estimate` gives detections until `close`. `with` closes it."""

    estimate: Estimate
    close: Callable[[], None]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def preload() -> Thread:
    """Load what a pose model needs, beside the caller, so that the first one opens sooner. It takes
    most of a second. Returns the thread, which ends by itself."""
    thread = Thread(target=_preload, name="preload")
    thread.start()
    return thread


def _preload() -> None:
    # What is wrong is said by the command that opens a model.
    with suppress(ImportError, UserError):
        from posecheck.io.vision.estimator import load_mediapipe

        load_mediapipe()


def open_pose_model(model: str, masks: bool, calm_s: float = 0.0) -> PoseModel:
    """Open a pose model. Raises SystemProblem and ModelError.

    model   lite, full or the path of a .task file
    masks   as in `Estimator`
    calm_s  as in `Estimator`

    The detections of the last minute are kept in memory, for a crash file.
    """
    check_mediapipe()  # before mediapipe and OpenCV are imported
    # Imported here, in the thread that uses it: it takes most of a second.
    from posecheck.io.vision.estimator import Estimator

    estimator = Estimator(model, masks=masks, calm_s=calm_s)
    _logger.info("model opened: %s%s", model, " with masks" if masks else "")
    return PoseModel(flight_recorded(estimator), estimator.close)
