"""What posecheck reports about the computer it runs on."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posecheck.commands.doctor import examine
from posecheck.io.requirements import (
    MEDIAPIPE,
    SystemProblem,
    check_mediapipe,
)
from posecheck.io.system_libraries import install_words, missing_library


@pytest.mark.parametrize(
    ("library", "line"),
    [
        ("libGL.so.1", "sudo apt-get install libgl1 libglib2.0-0"),
        ("libglib-2.0.so.0", "sudo apt-get install libgl1 libglib2.0-0"),
        ("libgthread-2.0.so.0", "sudo apt-get install libgl1 libglib2.0-0"),
        ("libEGL.so.1", "sudo apt-get install libegl1 libgl1"),
        ("libxkbcommon.so.0", "sudo apt-get install libxkbcommon0"),
        ("libpulse.so.0", "sudo apt-get install libpulse0"),
        ("libxcb-cursor.so.0", "sudo apt-get install libxcb-cursor0"),
        ("libxcb-render-util.so.0", "sudo apt-get install libxcb-render-util0"),
        ("libxkbcommon-x11.so.0", "sudo apt-get install libxkbcommon-x11-0"),
        ("libstdc++.so.6", "install the package of your system that has it"),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(library: str, line: str) -> None:
    """The sentence has the one command that installs it."""
    error = ImportError(f"{library}: cannot open shared object file: No such file or directory")
    sentence = missing_library(error)
    assert sentence is not None
    assert sentence.startswith(f"The system library {library} is missing")
    assert line in sentence


def test_a_missing_library_of_windows() -> None:
    """Windows does not name the file; the sentence names the usual cause."""
    error = ImportError("DLL load failed while importing cv2: The specified module was not found.")
    assert "Visual C++ Redistributable" in (missing_library(error) or "")


def test_other_import_errors_are_not_explained() -> None:
    """A missing Python module is not a system library."""
    assert missing_library(ImportError("No module named 'cv2'")) is None


@pytest.mark.parametrize("version", ["0.10.30", "0.10.35", "1.0.0", "0.10.31.dev0"])
def test_any_other_mediapipe_is_refused_with_the_reason(version: str) -> None:
    """Earlier and later releases, with what to do."""
    with pytest.raises(SystemProblem) as caught:
        check_mediapipe(version)
    for part in (version, "upload usage records", f'pip install "mediapipe=={MEDIAPIPE}"'):
        assert part in str(caught.value)


def test_the_right_mediapipe_is_accepted_and_is_the_one_installed() -> None:
    """Neither call raises."""
    check_mediapipe(MEDIAPIPE)
    check_mediapipe()


@pytest.mark.model
@pytest.mark.process
def test_the_doctor_covers_everything_and_never_raises(tmp_path: Path) -> None:
    """Every part has its line, in the order in which the user would check it."""
    findings = examine(tmp_path / "not" / "there")
    names = list(dict.fromkeys(finding.name for finding in findings))
    libraries = ["Libraries"] if sys.platform == "linux" else []
    assert names == [
        *("Python", "posecheck", "mediapipe", "OpenCV", "Models", "Cameras"),
        *libraries,
        *("Display", "Fonts", "Voice", "Sound", "Disk", "Processor"),
    ]
    assert all(finding.text for finding in findings)


def examined(**environment: str) -> tuple[dict[str, bool | None], float]:
    """The findings of a doctor in a separate process, by name, and the seconds that it takes."""
    code = "from posecheck.commands.doctor import examine; print({f.name: f.ok for f in examine()})"
    hidden = {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}
    inherited = {name: text for name, text in os.environ.items() if name not in hidden}
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, bool | None] = ast.literal_eval(run.stdout.splitlines()[-1])
    return found, time.perf_counter() - start


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":4711"}], ids=["none", "dead"])
def test_a_missing_display_or_voice_is_no_failure(display: dict[str, str]) -> None:
    """Without a display, and with a display that does not answer, posecheck still works."""
    nowhere = {"SPEECHD_ADDRESS": "unix_socket:/nowhere", "PULSE_SERVER": "unix:/nowhere"}
    found, _ = examined(**display, **nowhere)
    assert found["Display"] is None
    assert found["Voice"] is None
    assert found["Sound"] is None
    assert found["Fonts"] is True
    assert False not in found.values()


@pytest.mark.process
def test_the_doctor_takes_a_few_seconds() -> None:
    """Best of three, because other programs may be busy."""
    assert min(examined()[1] for _ in range(3)) < 5.0  # 2 s on an idle machine without a voice


@pytest.mark.process
def test_a_display_in_memory_is_a_display() -> None:
    """The platform chosen for Qt counts."""
    found, _ = examined(QT_QPA_PLATFORM="offscreen")
    assert found["Display"] is True


@pytest.mark.model
@pytest.mark.process
def test_the_doctor_finds_the_shipped_models_unchanged() -> None:
    """Both models, by their checksums."""
    models = [finding for finding in examine() if finding.name == "Models"]
    assert [finding.ok for finding in models] == [True, True], models


@pytest.mark.parametrize(
    ("programs", "words"),
    [
        (["apt-get"], "sudo apt-get install libpulse0"),
        (["dnf"], "sudo dnf install pulseaudio-libs"),
        ([], "sudo apt-get install libpulse0 (on Fedora: sudo dnf install pulseaudio-libs)"),
    ],
)
def test_the_command_is_the_one_of_this_system(
    programs: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user who has never seen a terminal is not asked to choose between two."""
    for name in programs:
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_words("libpulse0", "pulseaudio-libs") == words
