"""Landmarks and angles for laboratories: gaps stay gaps, and every point has a flag."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

import ezc3d
import numpy as np
import pytest

from posecheck.io.batch.packages import PackageMissing, optional
from posecheck.io.motion.export import FORMATS, exported
from posecheck.io.motion.track import (
    ANGLES,
    LABELS,
    NO_PERSON,
    NO_PICTURE,
    NOT_TRUSTED,
    TRUSTED,
    MotionError,
    MotionTrack,
    TrackRecorder,
    at_constant_rate,
    grid,
)
from posecheck.pose import JOINTS, Joint, Pose

FPS = 29.97
LOST = (4, 5)
"""Frames without a picture."""
EMPTY, HIDDEN = 7, 9
"""A frame without a person, and one in which a knee and the last joint are not trusted."""
KNEE, LAST = Joint.LEFT_KNEE, Joint.RIGHT_FOOT_INDEX


def pose(shift: float) -> Pose:
    px = np.arange(JOINTS * 2, dtype=np.float64).reshape(JOINTS, 2) * 7 % 97 + 100
    world = np.arange(JOINTS * 3, dtype=np.float64).reshape(JOINTS, 3) * 13 % 101 / 100 - 0.5
    return Pose(px + shift, world + shift / 1000, np.ones(JOINTS), (640, 480))


def recorded() -> MotionTrack:
    recorder = TrackRecorder()
    for index in (i for i in range(12) if i not in LOST):
        seen = pose(index)
        if index == HIDDEN:
            seen.world[[KNEE, LAST]] = np.nan
            seen.px[[KNEE, LAST]] = np.nan
        recorder.add(index / FPS, None if index == EMPTY else seen, "active")
    return recorder.track()


@pytest.fixture(scope="module")
def given() -> MotionTrack:
    """At the times of the pictures."""
    return recorded()


@pytest.fixture(scope="module")
def track(given: MotionTrack) -> MotionTrack:
    """At a constant rate."""
    even, rate = at_constant_rate(given)
    assert rate == pytest.approx(FPS)
    return even


def test_every_point_has_a_flag_and_nothing_is_filled_in(track: MotionTrack) -> None:
    assert len(track.flags) == 12
    assert [track.states[row] for row in (0, *LOST)] == ["active", "", ""]
    assert (track.flags[list(LOST)] == NO_PICTURE).all()
    assert (track.flags[EMPTY] == NO_PERSON).all()
    assert track.flags[HIDDEN, KNEE] == NOT_TRUSTED
    assert track.flags[HIDDEN, Joint.RIGHT_KNEE] == TRUSTED
    assert (np.isnan(track.world).any(axis=2) == (track.flags != TRUSTED)).all()
    assert (np.isnan(track.px).any(axis=2) == (track.flags != TRUSTED)).all()
    assert np.isnan(track.angle("knee_angle.left")[HIDDEN])
    assert not np.isnan(track.angle("knee_angle.right")[HIDDEN])


def test_the_axes_are_those_of_a_laboratory(track: MotionTrack) -> None:
    """x to the image's right, y up, z towards the camera; the pose has y down and z away."""
    x, y, z = pose(3).world[Joint.NOSE]
    assert track.world[3, Joint.NOSE] == pytest.approx((x, -y, -z), abs=1e-6)


@pytest.mark.parametrize(
    ("times", "index", "rate"),
    [
        ([0.0], [0], 1.0),
        ([5.0, 5.1, 5.2, 5.4], [0, 1, 2, 4], 10.0),
        ([0.0, 0.033, 0.067, 0.1, 0.133], [0, 1, 2, 3, 4], 30.075),
        ([0.0, 0.1, 0.1, 0.2], [0, 1, 1, 2], 10.0),
        ([0.0, 0.01, 0.1, 0.11, 0.2], [0, 0, 2, 2, 4], 20.0),
    ],
)
def test_times_fall_on_a_grid(times: Sequence[float], index: Sequence[int], rate: float) -> None:
    found, hz = grid(np.array(times))
    assert found.tolist() == index
    assert hz == pytest.approx(rate, rel=1e-3)


def test_no_time_is_farther_from_the_grid_than_half_a_step() -> None:
    """A phone's camera: the rate drifts between 24 and 30 frames a second."""
    times = np.cumsum([1 / (27 + 3 * math.sin(i / 40)) for i in range(2000)])
    index, hz = grid(times)
    assert np.abs(index / hz - (times - times[0])).max() <= 0.5 / hz + 1e-9


def test_a_broken_clock_does_not_fill_the_memory() -> None:
    with pytest.raises(MotionError, match="times of the pictures are broken"):
        grid(np.array([0.0, 1e-5, 2e-5, 3e-5, 1e6]))


def test_a_trc_file_has_a_cell_for_every_number(given: MotionTrack, track: MotionTrack) -> None:
    """Read as OpenSim 4 does: split at tabs, a last empty cell is dropped, an empty one is NaN."""
    lines = exported(given, ("trc",), "clip")[".trc"].decode().split("\n")
    assert lines[0].split("\t") == ["PathFileType", "4", "(X/Y/Z)", "clip.trc"]
    about = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    assert (about["NumFrames"], about["NumMarkers"], about["Units"]) == ("12", "33", "m")
    assert float(about["DataRate"]) == pytest.approx(FPS, rel=1e-5)
    assert [name for name in lines[3].split("\t")[2:] if name] == list(LABELS)
    assert [name for name in lines[4].split("\t") if name][:4] == ["X1", "Y1", "Z1", "X2"]
    rows = [line.split("\t") for line in lines[6:] if line]
    assert all(row.pop() == "" for row in rows)
    assert {len(row) for row in rows} == {2 + 3 * JOINTS}
    numbers = np.array([[float(cell or "nan") for cell in row] for row in rows])
    assert numbers[:, 0].tolist() == list(range(1, 13))
    assert numbers[:, 1] == pytest.approx(np.arange(12) / FPS, abs=1e-5)
    points = numbers[:, 2:].reshape(12, JOINTS, 3)
    np.testing.assert_allclose(points, track.world, atol=1e-6)


def test_an_sto_file_holds_angles_and_flags(given: MotionTrack, track: MotionTrack) -> None:
    lines = exported(given, ("trc",), "clip")[".sto"].decode().splitlines()
    end = lines.index("endheader")
    about = dict(line.split("=") for line in lines[:end] if "=" in line)
    names = lines[end + 1].split("\t")
    rows = [line.split("\t") for line in lines[end + 2 :]]
    assert about["inDegrees"] == "yes"
    assert (int(about["nRows"]), int(about["nColumns"])) == (len(rows), len(names))
    assert {len(row) for row in rows} == {len(names)}
    column = names.index("knee_angle.left")
    values = np.array([float(row[column]) for row in rows])
    np.testing.assert_allclose(values, track.angle("knee_angle.left"), atol=1e-4)
    assert rows[EMPTY][names.index("NOSE.flag")] == str(NO_PERSON)


def test_a_csv_file_holds_everything(given: MotionTrack, track: MotionTrack) -> None:
    text = exported(given, ("csv",), "clip")[".csv"].decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["time_s"]) for row in rows] == pytest.approx(given.times, abs=1e-5)
    hidden = rows[HIDDEN - len(LOST)]
    assert hidden["LEFT_KNEE.flag"] == "not_trusted"
    assert hidden["LEFT_KNEE.x_m"] == hidden["LEFT_KNEE.y_px"] == ""
    assert rows[EMPTY - len(LOST)]["NOSE.flag"] == "no_person"
    assert float(rows[3]["NOSE.y_px"]) == pytest.approx(track.px[3, Joint.NOSE, 1], abs=0.01)
    assert float(rows[3]["knee_angle.left_deg"]) == pytest.approx(
        track.angle("knee_angle.left")[3], abs=1e-3
    )


def test_a_c3d_file_marks_gaps_as_the_format_does(
    given: MotionTrack, track: MotionTrack, tmp_path: Path
) -> None:
    path = tmp_path / "clip.c3d"
    path.write_bytes(exported(given, ("c3d",), "clip")[".c3d"])
    read = ezc3d.c3d(str(path))
    point = read["parameters"]["POINT"]
    angles = [name.replace(".", "_") for name in ANGLES]
    assert point["LABELS"]["value"] == [*LABELS, *angles]
    assert point["ANGLES"]["value"] == angles
    assert point["UNITS"]["value"] == ["mm"]
    assert point["RATE"]["value"][0] == pytest.approx(FPS, rel=1e-5)
    points = read["data"]["points"]
    seen = points[:3, :JOINTS].transpose(2, 1, 0) / 1000
    np.testing.assert_allclose(seen, track.world, atol=1e-4)
    residuals = read["data"]["meta_points"]["residuals"][0]
    assert ((residuals[:JOINTS].T < 0) == (track.flags != TRUSTED)).all()
    column = JOINTS + angles.index("knee_angle_left")
    np.testing.assert_allclose(points[0, column], track.angle("knee_angle.left"), atol=1e-3)
    assert (track.flags == read["data"]["analogs"][0].T).all()


def test_the_same_track_gives_the_same_bytes(given: MotionTrack) -> None:
    assert exported(given, FORMATS, "clip") == exported(given, FORMATS, "clip")


def test_a_missing_package_is_named_with_its_command() -> None:
    with pytest.raises(PackageMissing, match=r'needs nothing_of_that.*"posecheck-coach\[c3d\]"'):
        optional("nothing_of_that", "c3d", "--export c3d")
