"""What posecheck says about the computer it runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck.io.system import (
    MEDIAPIPE,
    SystemProblem,
    check_mediapipe,
    examine,
    missing_library,
)


@pytest.mark.parametrize(
    ("library", "line"),
    [
        ("libGL.so.1", "sudo apt-get install libgl1 libglib2.0-0"),
        ("libglib-2.0.so.0", "sudo apt-get install libgl1 libglib2.0-0"),
        ("libgthread-2.0.so.0", "sudo apt-get install libgl1 libglib2.0-0"),
        ("libEGL.so.1", "sudo apt-get install libegl1 libgl1"),
        ("libxkbcommon.so.0", "sudo apt-get install libxkbcommon0"),
        ("libpulse.so.0", "sudo apt-get install libpulse0"),
        ("libstdc++.so.6", "install the package of your system that has it"),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(library: str, line: str) -> None:
    error = ImportError(f"{library}: cannot open shared object file: No such file or directory")
    sentence = missing_library(error)
    assert sentence is not None
    assert sentence.startswith(f"The system library {library} is missing")
    assert line in sentence


def test_a_missing_library_of_windows() -> None:
    error = ImportError("DLL load failed while importing cv2: The specified module was not found.")
    assert "Visual C++ Redistributable" in (missing_library(error) or "")


def test_other_import_errors_are_not_explained() -> None:
    assert missing_library(ImportError("No module named 'cv2'")) is None


@pytest.mark.parametrize("version", ["0.10.30", "0.10.35", "1.0.0", "0.10.31.dev0"])
def test_any_other_mediapipe_is_refused_with_the_reason(version: str) -> None:
    with pytest.raises(SystemProblem) as caught:
        check_mediapipe(version)
    for part in (version, "upload usage records", f'pip install "mediapipe=={MEDIAPIPE}"'):
        assert part in str(caught.value)


def test_the_right_mediapipe_is_accepted_and_is_the_one_installed() -> None:
    check_mediapipe(MEDIAPIPE)
    check_mediapipe()


def test_the_doctor_covers_everything_and_never_raises(tmp_path: Path) -> None:
    findings = examine(tmp_path / "not" / "there")
    names = list(dict.fromkeys(finding.name for finding in findings))
    assert names == [
        *("Python", "posecheck", "mediapipe", "OpenCV", "Models", "Cameras"),
        *("Display", "Voice", "Sound", "Disk", "Processor"),
    ]
    assert all(finding.text for finding in findings)


def test_the_doctor_finds_the_shipped_models_unchanged() -> None:
    models = [finding for finding in examine() if finding.name == "Models"]
    assert [finding.ok for finding in models] == [True, True], models
