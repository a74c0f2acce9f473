"""The annotated video, also on machines without a display or without the libraries of Qt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posecheck.io.vision.opencv import cv2

pytestmark = pytest.mark.process

CLIP = Path(__file__).parents[1] / "clips" / "childs_pose_beth_R.mp4"


def analysed(out: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "posecheck", "analyze", CLIP, "-e", "walking", "--video"]
    return subprocess.run(
        [*map(str, command), "--out", str(out)],
        env={**os.environ, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_the_libraries_of_qt_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    """Nothing else is printed, and no incomplete video is left."""
    package = tmp_path / "broken" / "PySide6"
    package.mkdir(parents=True)
    cause = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (package / "__init__.py").write_text(f"raise ImportError({cause!r})\n", encoding="utf-8")
    paths = os.pathsep.join((str(package.parent), os.getcwd()))
    done = analysed(tmp_path / "out", PYTHONPATH=paths)
    assert done.returncode == 2
    assert done.stderr.startswith("No annotated video can be painted.")
    assert "sudo apt-get install libegl1" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list((tmp_path / "out").glob("*.mp4"))


def test_a_video_is_painted_without_a_display_and_keeps_size_and_length(tmp_path: Path) -> None:
    """No display and no Qt platform has to be set."""
    done = analysed(tmp_path, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert (done.returncode, done.stderr) == (0, "")
    sizes = []
    for path in (CLIP, tmp_path / CLIP.name):
        video = cv2.VideoCapture(str(path))
        sizes.append([video.get(at) for at in (cv2.CAP_PROP_FRAME_WIDTH,
                      cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_COUNT)])  # fmt: skip
        video.release()
    assert sizes[0] == sizes[1]
