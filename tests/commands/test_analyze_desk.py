"""`posecheck analyze --desk` as a user runs it, on a piece of a rendered clip.

The clip: 8 s tall, slumped from 9.2 to 15.2 s, tall again from 16.2 to 21 s.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bodies import series
from sitters import MODERATE, TALL, Sitter

from posecheck.commands.analyze_desk import (
    CalibrationSample,
    DeskError,
    DeskRecording,
    Span,
    calibrated,
    read_span,
)
from posecheck.desk.states import SLOUCHES, STATES
from posecheck.io.vision.opencv import cv2

CLIP = Path(__file__).parents[1] / "clips" / "desk_slouch_adam.mp4"


def posecheck(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posecheck", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.process
def test_a_recorded_sitter_is_judged(tmp_path: Path) -> None:
    done = posecheck("analyze", CLIP, "--desk", "--calibrate", "0:7", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("At the desk, seen from the front\n")
    frames = [json.loads(line) for line in (tmp_path / "frames.jsonl").read_text().splitlines()]
    assert len(frames) == 210
    assert {frame["state"] for frame in frames} <= set(STATES)
    assert {frame["state"] for frame in frames if frame["t"] < 7} == {"calibrating"}
    assert {frame["state"] for frame in frames if 10.2 <= frame["t"] < 15.2} <= SLOUCHES
    assert {frame["state"] for frame in frames if frame["t"] >= 17.2} == {"upright"}
    measures = frames[150]["measures"]
    assert measures["F"] > 1.2
    assert all(value is None or isinstance(value, float) for value in measures.values())
    check_summary(json.loads((tmp_path / "summary.json").read_text()))


def check_summary(summary: dict[str, Any]) -> None:
    assert (summary["model"], summary["view"], summary["points"]) == ("lite", "front", 1)
    assert summary["calibrated_s"] == [0, 7]
    assert summary["frames"] == 210
    assert sum(summary["minutes"].values()) == pytest.approx(21 / 60, abs=0.05)
    (episode,) = summary["slouch_episodes"]
    assert episode["from"] == pytest.approx(9.2, abs=1.5)
    assert episode["to"] == pytest.approx(15.8, abs=1.0)
    assert summary["alerts"] == []
    assert summary["score"] is None


def sitting(*pieces: tuple[Sitter | None, float]) -> list[CalibrationSample]:
    """A recording that needs no model."""
    return [
        (t, who.pose(0.5, round(10 * t)) if who else None) for t, who in series(*pieces, fps=10.0)
    ]


def requested(tall: Span | None = None, slump: Span | None = None) -> DeskRecording:
    return DeskRecording(Path("desk.mp4"), Path("out"), "lite", tall, slump)


def test_without_a_range_the_first_quiet_seconds_are_found() -> None:
    fidgeting = [(Sitter(turn=40.0 * (k % 2)), 0.8) for k in range(6)]
    calibration, spans = calibrated(requested(), sitting((None, 2.0), *fidgeting, (TALL, 12.0)))
    assert 3 < spans[0].start <= 8
    assert not calibration.two_points
    with pytest.raises(DeskError, match="no quiet 6 seconds"):
        calibrated(requested(), sitting(*fidgeting))


def test_a_slump_may_be_shown() -> None:
    samples = sitting((TALL, 8.0), (MODERATE, 8.0))
    calibration, spans = calibrated(requested(Span(0, 7), Span(9, 16)), samples)
    assert calibration.weights["HS"] > 0
    assert len(spans) == 2
    with pytest.raises(DeskError, match="look alike"):
        calibrated(requested(Span(0, 4), Span(4, 8)), samples)


def test_a_range_beyond_the_recording_or_without_anyone_is_refused() -> None:
    samples = sitting((TALL, 8.0), (None, 8.0))
    with pytest.raises(DeskError, match="beyond the recording, which lasts 16 s"):
        calibrated(requested(Span(20, 27)), samples)
    with pytest.raises(DeskError, match="not seen for long enough"):
        calibrated(requested(Span(8, 15)), samples)


def test_a_restless_range_is_taken_with_a_remark(capsys: pytest.CaptureFixture[str]) -> None:
    restless = [(Sitter(turn=7.0 * (-1) ** k), 0.8) for k in range(10)]
    calibrated(requested(Span(0, 7)), sitting(*restless))
    assert capsys.readouterr().err.startswith("--calibrate 0:7: not very steady there")


@pytest.mark.process
@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--calibrate", "seven"), "is not a range of seconds"),
        (("--calibrate", "7:7"), "ends before it begins"),
        (("--slump", "9"), "is not a range of seconds"),
        (("-e", "plank"), "--desk goes without --exercise"),
        (("--video",), "--desk goes without --exercise, --video, --every and --all-frames"),
    ],
)
def test_wrong_options_are_refused_at_once(args: tuple[str, ...], sentence: str) -> None:
    refused(posecheck("analyze", CLIP, "--desk", *args), sentence)


@pytest.mark.process
def test_the_options_of_the_desk_belong_to_the_desk() -> None:
    refused(posecheck("analyze", CLIP), "--exercise ID, or give --desk")
    refused(posecheck("analyze", CLIP, "-e", "plank", "--slump", "1:2"), "belong to --desk")


@pytest.mark.process
def test_a_recording_that_cannot_be_calibrated_is_refused(tmp_path: Path) -> None:
    grey = tmp_path / "grey.mp4"
    writer = cv2.VideoWriter(str(grey), cv2.VideoWriter.fourcc(*"mp4v"), 10, (160, 120))
    for _ in range(20):
        writer.write(np.full((120, 160, 3), 90, np.uint8))
    writer.release()
    out = tmp_path / "out"
    refused(posecheck("analyze", grey, "--desk", "--out", out), "Nobody was seen in")
    assert not (out / "frames.jsonl").exists()


def test_ranges_are_read() -> None:
    assert read_span("0:7", "--calibrate") == Span(0, 7)
    assert read_span(" 1.5:8.25 ", "--calibrate") == Span(1.5, 8.25)
    assert read_span(None, "--calibrate") is None
    for text in ("-1:3", "1:nan", "1:2:3", ""):
        with pytest.raises(DeskError):
            read_span(text, "--calibrate")
