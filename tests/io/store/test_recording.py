"""Recordings of landmarks: they are read as they were written, even after they were cut off."""

from __future__ import annotations

import math
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bodies import Figure
from golden import RECORDINGS
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posecheck.coach.pipeline import LOST
from posecheck.io.output import OutputError
from posecheck.io.store.npz_stream import npz_frames
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.recording import (
    LENGTH,
    MAGIC,
    RecordedSet,
    Recording,
    RecordingError,
    RecordingHeader,
    RecordingWriter,
)
from posecheck.io.store.recording_block import RecordedFrame, decode, encode, quantised
from posecheck.pose import Detection, Frame, Pose
from posecheck.session.events import SetAnnounced, WorkStarted

HEADER = RecordingHeader("analyze", "0.1.0", "clip.mp4", "full", 2, (RecordedSet("plank"),))
STANDING = Figure(facing=90.0).pose()
DARK = np.zeros((48, 64, 3), np.uint8)

COORDINATES = st.floats(-1e12, 1e12) | st.sampled_from([math.nan, math.inf, -math.inf])
POSES = st.builds(
    Pose,
    px=arrays(np.float64, (33, 2), elements=COORDINATES),
    world=arrays(np.float64, (33, 3), elements=COORDINATES),
    visibility=arrays(np.float64, 33, elements=st.floats(0, 1) | st.just(math.nan)),
    size=st.tuples(st.integers(1, 9000), st.integers(1, 9000)),
    mask=st.none()
    | st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(lambda s: arrays(np.bool_, s)),
)
FRAMES = st.builds(
    RecordedFrame,
    t=st.floats(0, 1e6),
    detection=st.builds(
        Detection,
        st.none() | POSES,
        st.sampled_from(["", "nobody", "someone_else", "camera", "frozen"]),
        st.booleans(),
        st.floats(0, 10),
        st.booleans(),
    ),
    brightness=st.floats(0, 255) | st.just(math.nan),
    lost=st.booleans(),
    commands=st.lists(st.sampled_from(["pause", "skip", "pain"]), max_size=3).map(tuple),
    events=st.lists(st.just({"event": "RepCounted", "reps": 3}), max_size=2).map(tuple),
)


def assert_same(read: Sequence[RecordedFrame], written: Sequence[RecordedFrame]) -> None:
    """The frames that were read are those that were written, to the last bit."""
    assert len(read) == len(written)
    for a, b in zip(read, written, strict=True):
        assert np.array_equal([a.t, a.brightness], [b.t, b.brightness], equal_nan=True)
        assert (a.lost, a.commands, a.events) == (b.lost, b.commands, b.events)
        assert replace(a.detection, pose=None) == replace(b.detection, pose=None)
        assert_same_pose(a.detection.pose, b.detection.pose)


def assert_same_pose(a: Pose | None, b: Pose | None) -> None:
    if a is None or b is None:
        assert a is b
        return
    assert a.size == b.size
    for name in ("px", "world", "visibility"):
        assert np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True)
    if a.mask is None or b.mask is None:
        assert a.mask is b.mask
    else:
        assert np.array_equal(a.mask, b.mask)


def frames(seconds: float, fps: float = 20.0) -> list[RecordedFrame]:
    """A standing body, with a silhouette in every third frame."""
    mask = np.zeros((37, 53), np.bool_)
    mask[5:30, 20:31] = True
    masked = replace(STANDING, mask=mask)
    return [
        RecordedFrame(i / fps, quantised(Detection(STANDING if i % 3 else masked)), 120.0)
        for i in range(round(seconds * fps))
    ]


def written(path: Path, rows: Sequence[RecordedFrame]) -> Path:
    writer = RecordingWriter(path)
    writer.begin(HEADER)
    for row in rows:
        writer.add(row)
    writer.close()
    return path


def read(path: Path) -> tuple[list[RecordedFrame], bool]:
    recording = Recording(path)
    assert recording.header == HEADER
    rows = list(recording.frames())
    return rows, recording.complete


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(FRAMES, min_size=1, max_size=6))
def test_a_block_holds_what_the_judge_was_given(rows: list[RecordedFrame]) -> None:
    """NaN, absurd coordinates, pictures and silhouettes of changing size, frames without a pose."""
    given_to_judge = [replace(row, detection=quantised(row.detection)) for row in rows]
    assert_same(decode(encode(given_to_judge)), given_to_judge)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(POSES)
def test_what_is_stored_is_near_what_was_seen(pose: Pose) -> None:
    """Within a 32nd of a pixel and 0.05 mm; values that are not finite become NaN. Quantising twice
    changes nothing more."""
    kept = quantised(Detection(pose)).pose
    assert kept is not None
    near = np.isfinite(pose.px) & (np.abs(pose.px) < 1e6)
    assert np.all(np.abs(kept.px - pose.px)[near] <= 1 / 32)
    near = np.isfinite(pose.world) & (np.abs(pose.world) < 1e4)
    assert np.all(np.abs(kept.world - pose.world)[near] <= 0.51e-4)
    assert np.array_equal(np.isnan(kept.px), ~np.isfinite(pose.px))
    assert_same_pose(quantised(Detection(kept)).pose, kept)


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = frames(3.0)
    found, complete = read(written(tmp_path / "a.rec", rows))
    assert complete
    assert_same(found, rows)


def test_a_recording_without_frames_is_whole(tmp_path: Path) -> None:
    assert read(written(tmp_path / "a.rec", [])) == ([], True)


@pytest.mark.slow
def test_a_file_that_was_cut_off_is_read_up_to_its_last_whole_block(tmp_path: Path) -> None:
    """Cut within the magic line, the header, a length and a block, and between two blocks."""
    rows = frames(3.0)
    content = written(tmp_path / "a.rec", rows).read_bytes()
    start = content.index(b"\n", len(MAGIC)) + 1
    at, total = start, 0
    ends = {start: 0}  # where a block ends, and how many frames there are up to there
    while (length := LENGTH.unpack_from(content, at)[0]) > 0:
        total += len(decode(content[at + LENGTH.size : at + LENGTH.size + length]))
        at += LENGTH.size + length
        ends[at] = total
    assert len(ends) == 5
    cut = tmp_path / "cut.rec"
    inside = {end + step for end in ends for step in (-1, 0, 1, 2, 4, 5, 100)}
    for size in sorted({*inside, *range(0, start, 7), *range(start, at, 211)}):
        if size > at + LENGTH.size - 1:
            continue
        cut.write_bytes(content[:size])
        if size < start - 1:
            with pytest.raises(RecordingError, match=r"cut\.rec"):
                Recording(cut)
            continue
        found, complete = read(cut)
        whole = max((count for end, count in ends.items() if end <= size), default=0)
        assert not complete
        assert_same(found, rows[:whole])


@pytest.mark.slow
def test_a_block_is_on_the_disk_before_the_next_second(tmp_path: Path) -> None:
    """Also while the writer goes on, and with two frames a second."""
    for fps in (2.0, 30.0):
        path = tmp_path / f"{fps}.rec"
        writer = RecordingWriter(path)
        writer.begin(HEADER)
        for row in frames(5.0, fps):
            writer.add(row)
            last = [each.t for each in read(path)[0]]
            assert row.t - (last[-1] if last else 0.0) <= 1.0
        writer.close()


def test_damage_is_reported_with_its_time(tmp_path: Path) -> None:
    """Damage anywhere within a block raises RecordingError and nothing else."""
    content = written(tmp_path / "a.rec", frames(3.0)).read_bytes()
    start = content.index(b"\n", len(MAGIC)) + 1
    damaged = tmp_path / "damaged.rec"
    for at in range(start + LENGTH.size, len(content) - LENGTH.size, 97):
        damaged.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        try:
            read(damaged)
        except RecordingError as error:
            assert str(damaged) in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "block",
    [b"", b"no zlib", zlib.compress(b""), zlib.compress(b"\xff\xff\xff\xff"),
     zlib.compress(b"\x02\0\0\0{}"), zlib.compress(b"\x02\0\0\0[]"),
     zlib.compress(b'\x0c\0\0\0{"frames":9}'), zlib.compress(b'\x0e\0\0\0{"frames":-90}')],
)  # fmt: skip
def test_a_block_of_something_else_is_damage(block: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "a.rec", frames(1.0))
    whole = path.read_bytes()[: -LENGTH.size]
    path.write_bytes(whole + LENGTH.pack(max(1, len(block))) + (block or b"x"))
    with pytest.raises(RecordingError, match=r"a\.rec is damaged after 0\.9\d* s"):
        read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no recording of posecheck"),
        (b"\x89PNG\r\n\x1a\n", "no recording of posecheck"),
        (MAGIC, "beginning of"),
        (MAGIC + b"[]\n", "beginning of"),
        (MAGIC + b'{"format": 1}\n', "beginning of"),
        (MAGIC + b'{"format": "new"}\n', "beginning of"),
        (MAGIC + b'{"format": 2, "posecheck": "9.1"}\n', r"newer posecheck \(9\.1\)"),
    ],
)
def test_what_is_no_recording_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "x.rec"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=sentence):
        Recording(path)


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"none\.rec cannot be read: no such file"):
        Recording(tmp_path / "none.rec")


# --- writing ------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_only_the_person_may_read_it(tmp_path: Path) -> None:
    """Also when a recording was there that others could read."""
    path = written(tmp_path / "a.rec", frames(1.0))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    written(path, frames(1.0))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_recording_replaces_a_recording_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path / "a.rec", frames(2.0))
    assert len(read(written(path, frames(1.0)))[0]) == 20
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear diary")
    with pytest.raises(OutputError, match=r"letter\.txt is there already and is no recording"):
        RecordingWriter(letter)
    assert letter.read_text() == "Dear diary"
    with pytest.raises(OutputError, match="no recording"):
        RecordingWriter(tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        RecordingWriter(tmp_path / "nowhere" / "a.rec")


def test_a_recording_that_never_began_leaves_things_as_they_were(tmp_path: Path) -> None:
    RecordingWriter(tmp_path / "new.rec").close()
    assert list(tmp_path.iterdir()) == []
    old = written(tmp_path / "old.rec", frames(1.0))
    content = old.read_bytes()
    RecordingWriter(old).close()
    assert old.read_bytes() == content


def recorded(recorder: Recorder, poses: int) -> list[Detection]:
    """A session of some frames, the last one without a camera; what the judge was given."""
    recorder.begin(HEADER)
    estimate = recorder.watching(lambda frame, mask: Detection(STANDING))
    seen = []
    for number in range(poses):
        frame = Frame(number / 10, DARK)
        if number == 2:
            recorder.command("pause")
        seen.append(estimate(frame, "none"))
        recorder.keep(frame, [SetAnnounced(0)] if number == 0 else [])
    recorder.keep(Frame(poses / 10, DARK, lost=True), [WorkStarted()])
    return seen


def test_the_recorder_writes_what_the_judge_was_given(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.rec")
    seen = recorded(recorder, 15)
    recorder.close()
    rows, complete = read(tmp_path / "a.rec")
    assert complete
    assert recorder.problem == ""
    for row, detection in zip(rows, seen, strict=False):
        assert_same_pose(row.detection.pose, detection.pose)
    assert [row.commands for row in rows[:4]] == [(), (), ("pause",), ()]
    assert rows[0].events == ({"event": "SetAnnounced", "index": 0},)
    assert rows[0].brightness == 0.0
    assert (rows[-1].detection, rows[-1].lost) == (LOST, True)
    assert rows[-1].events == ({"event": "WorkStarted"},)


def test_a_session_that_is_done_again_gets_a_file_of_its_own(tmp_path: Path) -> None:
    """A session without frames begins again in the same file."""
    recorder = Recorder(tmp_path / "a.rec")
    recorder.begin(HEADER)
    recorded(recorder, 3)
    recorded(recorder, 4)
    recorder.close()
    assert len(read(tmp_path / "a.rec")[0]) == 4
    assert len(read(tmp_path / "a-2.rec")[0]) == 5


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.recording import RecordedSet, RecordingHeader
from posecheck.pose import Detection, Frame, Pose
random = np.random.default_rng(1)
recorder = Recorder(Path(sys.argv[1]))
recorder.begin(RecordingHeader("analyze", "", "", "full", 2, (RecordedSet("plank"),)))
estimate = recorder.watching(lambda frame, mask: Detection(Pose(
    640 * random.random((33, 2)), random.random((33, 3)), random.random(33), (640, 480))))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for number in range(200):
    frame = Frame(number / 10, np.zeros((48, 64, 3), np.uint8))
    assert estimate(frame, "none").pose is not None
    recorder.keep(frame, [])
recorder.close()
print(recorder.problem)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
def test_a_full_disk_ends_the_recording_and_not_the_session(tmp_path: Path) -> None:
    path = tmp_path / "a.rec"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"The recording ends early. {path} cannot be written: ")
    recording = Recording(path)
    assert 8 <= len(list(recording.frames())) < 200
    assert not recording.complete


# --- size ---------------------------------------------------------------------------------------

KB_PER_MINUTE_30, KB_MASK_PER_MINUTE = 420.0, 700.0
"""Upper bounds: joints at 30 frames a second (130 to 230 at 12 to 20), and silhouettes of 720p or
less, six or seven a second (350 to 560)."""


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_minute_stays_small(path: Path) -> None:
    """Real people, with the model's own jitter."""
    rows = list(Recording(path).frames())
    minutes = (rows[-1].t - rows[0].t) / 60
    fps = len(rows) / minutes / 60
    poses = [row.detection.pose for row in rows]
    masks = any(pose is not None and pose.mask is not None for pose in poses)
    most = KB_PER_MINUTE_30 * fps / 30 + KB_MASK_PER_MINUTE * masks
    assert path.stat().st_size / 1024 / minutes <= most


# --- streams of numpy ---------------------------------------------------------------------------


def stream(**changes: object) -> dict[str, object]:
    """A stream of four frames, in the second of which nobody is seen."""
    px = np.stack([STANDING.px] * 4).astype(np.float32)
    return {
        "t": np.arange(4) / 10, "found": np.array([True, False, True, True]), "px": px,
        "world": np.stack([STANDING.world] * 4).astype(np.float32),
        "visibility": np.ones((4, 33), np.float16), "size": np.array([5, 3]),
        "trouble": np.array(["", "nobody", "", "someone_else"]),
        "anew": np.array([False, False, True, False]),
        "rival": np.array([0, 0, 0.5, 0.5], np.float32),
        "mask": np.full((4, 2), 0xFF, np.uint8), "has_mask": np.array([True, False, False, False]),
        **changes,
    }  # fmt: skip


def saved(path: Path, content: dict[str, object]) -> Path:
    kept = {name: value for name, value in content.items() if value is not None}
    np.savez(path, **kept)  # type: ignore[arg-type]
    return path


def test_a_stream_of_numpy_is_read(tmp_path: Path) -> None:
    rows = list(npz_frames(saved(tmp_path / "s.npz", stream())))
    assert [row.t for row in rows] == [0.0, 0.1, 0.2, pytest.approx(0.3)]
    reasons = [row.detection.no_pose_reason for row in rows]
    assert reasons == ["", "nobody", "", "someone_else"]
    assert [row.detection.track_reset for row in rows] == [False, False, True, False]
    assert rows[1].detection.pose is None
    first = rows[0].detection.pose
    assert first is not None
    assert first.size == (5, 3)
    assert first.mask is not None
    assert first.mask.shape == (3, 5)
    assert first.mask.all()
    assert rows[2].detection.pose is not None
    assert rows[2].detection.pose.mask is None


def test_a_stream_may_lack_remarks_and_silhouettes(tmp_path: Path) -> None:
    bare = stream(trouble=None, anew=None, rival=None, mask=None, has_mask=None)
    rows = list(npz_frames(saved(tmp_path / "s.npz", bare)))
    assert [row.detection.no_pose_reason for row in rows] == ["", "nobody", "", ""]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"px": None, "size": None}, r"s\.npz lacks px, size\. A stream of landmarks needs t, "),
        ({"px": np.zeros((4, 17, 2))}, r"px has the shape \(4, 17, 2\), not \(4, 33, 2\)"),
        ({"t": np.array([0, 2, 1, 3])}, "t does not increase"),
        ({"size": np.array([0, 3])}, "size is not a width and a height"),
        ({"t": np.float64(3)}, "t has the shape"),
        ({"trouble": np.array([{}] * 4)}, "no stream of landmarks"),
    ],
)
def test_a_stream_with_a_mistake_is_reported(
    changes: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(RecordingError, match=sentence):
        npz_frames(saved(tmp_path / "s.npz", stream(**changes)))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"hello", b"\x93NUMPY"])
def test_another_file_is_no_stream(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.npz"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"s\.npz"):
        npz_frames(path)
    whole = saved(tmp_path / "whole.npz", stream()).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecordingError, match=r"s\.npz"):
        npz_frames(path)
