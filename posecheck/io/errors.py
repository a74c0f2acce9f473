"""What to tell a person of an error."""

from __future__ import annotations

from posecheck.io.routines.problems import RoutineError


def sentence_of(error: Exception) -> str | None:
    """What to tell a person of an error that stopped the program; None for a mistake of posecheck
    itself, which wants its traceback."""
    # Imported here: they are wanted once, at the end, and this module is read by `--help`.
    from posecheck.io.output import OutputError
    from posecheck.io.requirements import SystemProblem, missing_library
    from posecheck.io.vision.models import ModelError

    if isinstance(error, ImportError):
        missing = f"A part of posecheck is not installed: {error}. Install posecheck again."
        return missing_library(error) or missing
    if isinstance(error, (ModelError, OutputError, RoutineError, SystemProblem, OSError)):
        return str(error)
    # This imports OpenCV, which an error above may have been about.
    from posecheck.io.vision.video import CameraError

    return str(error) if isinstance(error, CameraError) else None
