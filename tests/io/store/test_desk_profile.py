"""Stored calibrations: one for each camera and place, valid for two weeks."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posecheck.desk.calibration import Calibration, CalibrationPose
from posecheck.io.output import OutputError
from posecheck.io.store.desk_profile import THEN, find_profile, forget_profiles, save_profile

HD, VGA = (1280, 720), (640, 480)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TALL = CalibrationPose("front", "left", {"EV": 0.71, "ear_x": 321.5}, {"EV": 0.8, "HS": 1.1})
KNOWN = Calibration(TALL, {"EV": -22.0, "F": 0.17}, {"EV": 4.0, "F": 0.0}, 0.31, 0.28)
FILE = "desk-calibrations.json"


def save(folder: Path, camera: str = "Webcam é", calibration: Calibration = KNOWN) -> None:
    save_profile(camera, HD, calibration, now=NOW, folder=folder)


def found(folder: Path, camera: str = "Webcam é", now: datetime = NOW) -> Calibration | None:
    return find_profile(camera, HD, now=now, folder=folder).calibration


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    """Every number comes back; a missing folder is created."""
    save(tmp_path / "new")
    assert found(tmp_path / "new") == KNOWN
    assert {path.name for path in (tmp_path / "new").iterdir()} == {FILE, f".{FILE}.lock"}


def test_no_file_is_no_trouble(tmp_path: Path) -> None:
    """The first start has no calibration, and reading creates no file."""
    first = find_profile("0", HD, folder=tmp_path)
    assert (first.calibration, first.lack, first.remark) == (None, "none", "")
    assert list(tmp_path.iterdir()) == []


def test_another_camera_size_or_place_is_another_calibration(tmp_path: Path) -> None:
    """They are never confused, and saving one keeps the others."""
    other = replace(KNOWN, pit_gate=0.2)
    save(tmp_path)
    save_profile("Webcam é", HD, other, "kitchen", NOW, tmp_path)
    assert found(tmp_path) == KNOWN
    assert find_profile("Webcam é", HD, "kitchen", NOW, tmp_path).calibration == other
    assert find_profile("Webcam é", VGA, "", NOW, tmp_path).lack == "none"
    assert find_profile("Webcam 2", HD, "", NOW, tmp_path).lack == "none"


def test_a_new_calibration_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """A camera has one calibration, not a history."""
    save(tmp_path)
    save(tmp_path, calibration=replace(KNOWN, yaw_gate=0.4))
    assert found(tmp_path) == replace(KNOWN, yaw_gate=0.4)
    assert len(json.loads((tmp_path / FILE).read_text(encoding="utf-8"))["calibrations"]) == 1


@pytest.mark.parametrize(
    ("age", "lack"),
    [
        (timedelta(days=14) - timedelta(seconds=1), ""),
        (timedelta(days=14), "expired"),
        (timedelta(hours=-12), ""),
        (timedelta(days=-2), "expired"),
    ],
)
def test_it_is_good_for_two_weeks(age: timedelta, lack: str, tmp_path: Path) -> None:
    """After that, or when a clock was far ahead, it counts as expired."""
    save(tmp_path)
    assert find_profile("Webcam é", HD, now=NOW + age, folder=tmp_path).lack == lack


def test_the_file_does_not_grow(tmp_path: Path) -> None:
    """The newest sixteen stay; expired ones are removed."""
    save(tmp_path, "old")
    for number in range(20):
        when = NOW + timedelta(days=14, minutes=number)
        save_profile(str(number), HD, KNOWN, now=when, folder=tmp_path)
    data = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))["calibrations"]
    assert [each["camera"] for each in data] == [str(number) for number in range(19, 3, -1)]


DAMAGES: list[tuple[str, Any]] = [
    ("size", [1280]),
    ("taken", "yesterday"),
    ("taken", "2026-03-02T09:00:00"),
    ("calibration", {}),
    ("calibration", 7),
    ("camera", None),
]


@pytest.mark.parametrize(("name", "value"), DAMAGES, ids=range(len(DAMAGES)))
def test_a_damaged_calibration_is_skipped_alone(name: str, value: Any, tmp_path: Path) -> None:
    """The others stay, and one sentence reports it."""
    save(tmp_path, "first")
    save(tmp_path, "second")
    data = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    data["calibrations"][0][name] = value
    (tmp_path / FILE).write_text(json.dumps(data), encoding="utf-8")
    second = find_profile("second", HD, now=NOW, folder=tmp_path)
    assert second.calibration is None
    assert found(tmp_path, "first") == KNOWN
    assert second.remark == f"{tmp_path / FILE}: 1 of 2 calibrations cannot be used. {THEN}"


@pytest.mark.parametrize("number", ["NaN", "Infinity", '"tall"'])
def test_a_calibration_without_proper_numbers_is_skipped(number: str, tmp_path: Path) -> None:
    """It would silently make every state unknown."""
    save(tmp_path)
    text = (tmp_path / FILE).read_text(encoding="utf-8").replace("0.71", number)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert found(tmp_path) is None


GARBAGE = [b"", b"{", b"[1]", b'{"calibrations": 3}', b"\xff\xfe", b"[" * 50_000, b"9" * 2_000_000]


@pytest.mark.parametrize("content", GARBAGE, ids=range(len(GARBAGE)))
def test_a_damaged_file_is_set_aside(content: bytes, tmp_path: Path) -> None:
    """Byte for byte, reported in one sentence; the next calibration is saved as usual."""
    (tmp_path / FILE).write_bytes(content)
    first = find_profile("Webcam é", HD, now=NOW, folder=tmp_path)
    assert first.lack == "none"
    assert "desk-calibrations.broken.json" in first.remark
    assert (tmp_path / "desk-calibrations.broken.json").read_bytes() == content
    save(tmp_path)
    assert found(tmp_path) == KNOWN


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    """The file has no permissions for others."""
    save(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """The file that was there stays."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError):
        save(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_forgetting_removes_all_of_them(tmp_path: Path) -> None:
    """Damaged files too, and nothing else."""
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / FILE).write_bytes(b"{")
    find_profile("0", HD, folder=tmp_path)
    save(tmp_path)
    forget_profiles(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"settings.json", f".{FILE}.lock"}
    assert (tmp_path / f".{FILE}.lock").read_bytes() == b""
    forget_profiles(tmp_path)


def test_the_default_is_the_users_data_folder(posecheck_home: Path) -> None:
    """Calibrations are written and read there."""
    save_profile("0", HD, KNOWN)
    assert (posecheck_home / FILE).exists()
    assert find_profile("0", HD).calibration == KNOWN
    assert find_profile("0", VGA).calibration is None


@pytest.fixture
def posecheck_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that POSECHECK_HOME names during the test."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
