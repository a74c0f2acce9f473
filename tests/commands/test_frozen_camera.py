"""A camera that repeats its last picture: what `analyze`, `replay` and the desk make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posecheck.cli import app
from posecheck.io.vision.opencv import cv2

pytestmark = pytest.mark.model

CLIPS = Path(__file__).parents[1] / "clips"


def frozen(clip: str, frames: int, frozen_s: float, path: Path) -> Path:
    """A film of the first frames of a clip, whose last picture then stands still."""
    capture = cv2.VideoCapture(str(CLIPS / f"{clip}.mp4"))
    fps = capture.get(cv2.CAP_PROP_FPS)
    pictures = [capture.read()[1] for _ in range(frames)]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (640, 480))
    for picture in pictures + [pictures[-1]] * round(frozen_s * fps):
        writer.write(picture)
    writer.release()
    return path


def run(*args: object) -> None:
    with pytest.raises(SystemExit) as ended:
        app([str(arg) for arg in args], prog_name="posecheck")
    assert ended.value.code == 0


def summary(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return content


def test_only_the_live_part_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plank is right from 4.5 s on, and the film stands still from 9 s on. A replay of the
    landmarks answers the same."""
    film = frozen("plank_adam_L", 135, 6.0, tmp_path / "frozen.mp4")
    record = tmp_path / "frozen.rec"
    run("analyze", film, "-e", "plank", "--model", "lite", "--out", tmp_path, "--record", record)
    assert "not judged while the picture stood still: 5 s" in capsys.readouterr().out
    found = summary(tmp_path)
    assert found["correct_s"] == pytest.approx(4.5, abs=0.7)
    assert found["cant_tell_s"] == pytest.approx(6.0, abs=0.3)
    assert found["blind_s"] == {"frozen": pytest.approx(5.0, abs=0.2)}
    run("replay", record, "--json")
    again = json.loads(capsys.readouterr().out)
    assert again["right_s"] == pytest.approx(found["correct_s"], abs=0.01)
    assert again["unseen_s"] == pytest.approx(found["cant_tell_s"], abs=0.01)


def test_the_desk_cannot_tell_how_a_frozen_user_sits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = frozen("desk_slouch_adam", 105, 8.0, tmp_path / "desk.mp4")
    run("analyze", film, "--desk", "--model", "lite", "--out", tmp_path)
    assert "not judged while the picture stood still: 8 s" in capsys.readouterr().out
    found = summary(tmp_path)
    assert found["unseen_s"] == {"frozen": pytest.approx(8.0, abs=0.5)}
    assert 60 * found["minutes"]["unreliable"] == pytest.approx(8.0, abs=1.0)
    assert 60 * found["minutes"]["upright"] < 4.5
