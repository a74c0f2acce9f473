"""Which frames of a recording are judged, and how the results name the others.

The exercise is one that no camera checks, so no model is needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecheck.commands.analyze import AnalysisRequest, analyze
from posecheck.commands.recording import JUDGED_FPS, judged_every_s
from posecheck.io.routines.load import load_all
from posecheck.io.vision.opencv import cv2

EXERCISES = load_all().exercises
SECONDS = 4


def recording(path: Path, fps: float) -> Path:
    """SECONDS of grey."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (64, 48))
    for index in range(round(SECONDS * fps)):
        writer.write(np.full((48, 64, 3), 100 + index % 8, np.uint8))
    writer.release()
    return path


def analysed(
    folder: Path, fps: float, every_s: float | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """summary.json and the lines of frames.jsonl."""
    out = folder / f"out-{fps}"  # each rate is a recording of its own
    request = AnalysisRequest(
        video=recording(folder / "clip.mp4", fps),
        exercise=EXERCISES["foam_rolling"],
        side=None,
        out=out,
        annotate=False,
        model="lite",
        level=2,
        every_s=every_s,
    )
    assert analyze(request) == 0
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    text = (out / "frames.jsonl").read_text(encoding="utf-8")
    return summary, [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("fps", "every_s", "judged_fps"),
    [(10, None, 10), (15, None, 15), (24, None, 15), (30, None, 15), (60, None, 15),
     (30, 0.0, 30), (30, 0.5, 2)],
)  # fmt: skip
def test_so_many_frames_are_judged_and_every_frame_has_a_line(
    tmp_path: Path, fps: int, every_s: float | None, judged_fps: int
) -> None:
    """At most 15 a second unless something else is asked for. A line of a frame that was not judged
    repeats the last one and says so."""
    summary, lines = analysed(tmp_path, fps, every_s)
    assert [line["t"] for line in lines] == pytest.approx(
        [index / fps for index in range(SECONDS * fps)], abs=1e-3
    )
    assert summary["frames"] == SECONDS * fps
    assert summary["frames_judged"] == SECONDS * judged_fps
    skipped = [k for k, line in enumerate(lines) if line.get("judged") is False]
    assert len(lines) - len(skipped) == summary["frames_judged"]
    for k in skipped:
        assert lines[k] == {
            **{key: value for key, value in lines[k - 1].items() if key != "say"},
            "t": lines[k]["t"],
            "judged": False,
        }


@pytest.mark.slow
def test_the_seconds_do_not_depend_on_how_many_frames_are_judged(tmp_path: Path) -> None:
    """The length of the recording is that of the file, up to the end of its last frame."""
    some, _ = analysed(tmp_path, 30)
    every, _ = analysed(tmp_path, 30, 0.0)
    assert some["seconds"] == every["seconds"] == pytest.approx(SECONDS, abs=0.01)
    assert some["unchecked_s"] == pytest.approx(every["unchecked_s"], abs=1 / JUDGED_FPS)


def test_the_report_says_how_many_frames_were_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only when it was not all of them."""
    analysed(tmp_path, 30)
    assert "judged 60 of 120 frames" in capsys.readouterr().out
    analysed(tmp_path, 15)
    assert "frames" not in capsys.readouterr().out


def test_fast_repetitions_are_judged_more_often() -> None:
    """The shortest repetition that counts is seen in five frames at least."""
    for exercise in EXERCISES.values():
        every_s = judged_every_s(exercise)
        assert 0 < every_s <= 1 / JUDGED_FPS
        assert exercise.reps is None or exercise.reps.min_s >= 5 * every_s - 1e-9
    assert judged_every_s(EXERCISES["high_knees"]) == pytest.approx(0.03)
    assert judged_every_s(EXERCISES["plank"]) == pytest.approx(1 / 15)
