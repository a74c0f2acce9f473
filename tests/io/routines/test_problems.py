"""What a person is told of an error."""

from __future__ import annotations

import pytest

from posecheck.io.errors import sentence_of
from posecheck.io.output import OutputError
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.problems import RoutineError
from posecheck.io.vision.camera import CameraLost
from posecheck.io.vision.models import ModelError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CameraLost("The camera is gone."), "The camera is gone."),
        (ModelError("The model is damaged."), "The model is damaged."),
        (OutputError("The disk is full."), "The disk is full."),
        (SystemProblem("There is no display."), "There is no display."),
        (RoutineError(("a.toml:1: wrong", "a.toml:2: wrong")), "a.toml:1: wrong\na.toml:2: wrong"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
    ],
)
def test_what_a_person_can_meet_is_told_as_it_is(error: Exception, sentence: str) -> None:
    """The sentence is the error's own."""
    assert sentence_of(error) == sentence


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ImportError("libGL.so.1: cannot open shared object file"), "sudo apt-get install libgl1"),
        (ModuleNotFoundError("No module named 'cv2'"), "Install posecheck again."),
    ],
)
def test_what_is_missing_is_told_with_what_brings_it(error: Exception, advice: str) -> None:
    """A library of the system, or a part of posecheck."""
    assert advice in (sentence_of(error) or "")


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("y"), AssertionError()])
def test_a_mistake_of_posecheck_has_no_sentence(error: Exception) -> None:
    """Its traceback is wanted."""
    assert sentence_of(error) is None
