"""What the user reads about an error."""

from __future__ import annotations

import ast

import pytest
from sources import PATHS, nodes

from posecheck.commands.analyze_desk import DeskError
from posecheck.commands.arguments import CommandError
from posecheck.io.errors import UserError, sentence_of
from posecheck.io.output import OutputError
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.problems import RoutineError
from posecheck.io.vision.camera import CameraLost
from posecheck.io.vision.models import ModelError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CameraLost("The camera is gone."), "The camera is gone."),
        (CommandError("There is no side 'up'."), "There is no side 'up'."),
        (DeskError("Nobody was seen."), "Nobody was seen."),
        (ModelError("The model is damaged."), "The model is damaged."),
        (OutputError("The disk is full."), "The disk is full."),
        (SystemProblem("There is no display."), "There is no display."),
        (RoutineError(("a.toml:1: wrong", "a.toml:2: wrong")), "a.toml:1: wrong\na.toml:2: wrong"),
    ],
)
def test_a_user_error_is_shown_as_it_is(error: Exception, sentence: str) -> None:
    """The sentence is the error's own message."""
    assert isinstance(error, UserError)
    assert sentence_of(error) == sentence


def test_a_refusal_by_the_system_is_shown_as_it_is() -> None:
    """The message of an OSError is the system's own."""
    error = OSError(28, "No space left on device")
    assert sentence_of(error) == "[Errno 28] No space left on device"


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ImportError("libGL.so.1: cannot open shared object file"), "sudo apt-get install libgl1"),
        (ModuleNotFoundError("No module named 'cv2'"), "Install posecheck again."),
    ],
)
def test_a_missing_part_is_named_with_the_command_that_installs_it(
    error: Exception, advice: str
) -> None:
    """A system library, or a part of posecheck."""
    assert advice in (sentence_of(error) or "")


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("y"), AssertionError()])
def test_a_bug_has_no_sentence(error: Exception) -> None:
    """It needs a traceback instead."""
    assert sentence_of(error) is None


@pytest.mark.slow
def test_only_user_error_derives_from_exception_itself() -> None:
    """A new kind of error either has a sentence for the user or is a ValueError of the core."""
    found = {
        node.name
        for path in PATHS
        for node in nodes(path)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Exception" for base in node.bases)
    }
    assert found == {"UserError"}
