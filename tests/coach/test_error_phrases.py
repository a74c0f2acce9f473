"""Errors are told in the language of the window, whatever they are filled with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from posecheck.coach.error_phrases import ERROR_FILLED, ERROR_PLAIN, told
from posecheck.io.output import OutputError, prepare_folder
from posecheck.io.routines.language import ENGLISH, languages, load_phrases
from posecheck.io.vision.camera import CameraError, CameraInfo, camera_trouble, open_source

PACKAGE = Path(__file__).resolve().parents[2] / "posecheck"
WORDS = load_phrases(ENGLISH)
CAMERA = CameraInfo(0, "Webcam")
CODES = tuple(each.code for each in languages() if each.code != ENGLISH)


@cache
def constants() -> str:
    """Every text that the program holds, one after the other."""
    texts: list[str] = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(re.sub(r"\{[^}]*\}", "\0", node.value))
    return "\n".join((*texts, *camera_troubles()))


def camera_troubles() -> Iterator[str]:
    """All that can be wrong with a camera."""
    for platform in ("linux", "win32", "darwin"):
        for opened, denied, found in product((True, False), (True, False), ([], [CAMERA])):
            yield camera_trouble(3, opened=opened, denied=denied, found=found, platform=platform)


@pytest.mark.slow
def test_every_phrase_is_word_for_word_what_is_raised() -> None:
    """Else it would never be found, and the user would read English. A sentence may be put
    together: each of its pieces of more than three words is in the program."""
    pieces = {
        piece.strip(" .")
        for key in (*ERROR_PLAIN, *ERROR_FILLED)
        for piece in re.split(r"\{\w+\}|(?<=\.) |; |: |, and ", WORDS[key])
    }
    known = constants()
    assert {piece for piece in pieces if len(piece.split()) > 3 and piece not in known} == set()


@pytest.mark.parametrize("code", CODES)
def test_whatever_is_wrong_with_a_camera_is_told_in_the_language(code: str) -> None:
    phrases = load_phrases(code)
    own = {word.lower() for text in phrases.values() for word in re.findall(r"\w+", text)}
    for each in camera_troubles():
        words = set(re.findall(r"\w{4,}", told(phrases, each).lower()))
        assert words - own <= {"webcam"}, each


def raised(path: Path) -> list[str]:
    """Real errors, as the program raises them."""
    file = path / "settings.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(OutputError) as unwritten:
        prepare_folder(file)
    with pytest.raises(CameraError) as unfound:
        open_source(str(path / "none.mp4"))
    return [
        str(unfound.value),
        next(camera_troubles()),
        "Camera 1 stopped sending pictures. Check its cable or its app, and that no other program "
        "has taken it.",
        f"{path} cannot be used: the disk is full. Free some space.",
        "settings.json: level must be 1, 2 or 3, not 7; it is 2 now.",
        str(unwritten.value),
    ]


@pytest.mark.parametrize("code", CODES)
def test_an_error_is_told_in_the_language(code: str, tmp_path: Path) -> None:
    """With its own words in it, and reasons in the language too."""
    phrases = load_phrases(code)
    errors = raised(tmp_path)[:-1]
    said = [told(phrases, each) for each in errors]
    assert not set(said) & set(errors)
    assert said[2] == phrases["error_camera_lost"].format(name="Camera 1")
    disk = phrases["error_cannot_use"].format(path=tmp_path, why=phrases["error_why_full"])
    assert said[3] == f"{disk} {phrases['error_free_space']}"
    assert "settings.json" in said[4]
    assert "none.mp4" in said[0]


def test_what_has_no_phrase_stays_english_and_loses_nothing(tmp_path: Path) -> None:
    phrases = load_phrases(CODES[0])
    known = phrases["error_free_space"]
    assert told(phrases, "Ask a wizard. Free some space.") == f"Ask a wizard. {known}"
    assert told(phrases, "") == ""
    for each in raised(tmp_path):
        assert told(WORDS, each) == each
