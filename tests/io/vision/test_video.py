"""Video files and folders of images, with real files that the tests write."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecheck.io.vision.camera import CameraError, open_source
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.video import FileClock
from posecheck.pose import Frame

BGR = np.ndarray[Any, np.dtype[np.uint8]]


def picture(number: int, size: tuple[int, int] = (64, 48)) -> BGR:
    """A picture of a number: its bits as eight black or white stripes in the lower half; the upper
    half is black left and grey right, so that the orientation is visible."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, width // 2 :] = 128
    for bit in range(8):
        stripe = slice(bit * width // 8, (bit + 1) * width // 8)
        image[height // 2 :, stripe] = 255 * (number >> bit & 1)
    return image


def number(frame: Frame) -> int:
    """The number of a `picture`."""
    width = frame.image.shape[1]
    stripes = frame.image[-8, width // 16 :: width // 8, 0]
    return sum(1 << bit for bit, value in enumerate(stripes) if value > 127)


def write_video(
    path: Path, frames: int = 20, fps: float = 20, size: tuple[int, int] = (64, 48)
) -> Path:
    """Write a video of the pictures 0, 1, 2, …"""
    codec = "MJPG" if path.suffix == ".avi" else "mp4v"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, size)
    for index in range(frames):
        writer.write(picture(index, size))
    writer.release()
    return path


def write_image(path: Path, image: np.ndarray[Any, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    assert cv2.imwrite(str(path), image)
    return path


def grow(data: bytes, at: int, extra: bytes, parents: tuple[bytes, ...]) -> bytes:
    """An MP4 with `extra` inserted at byte `at`, and all enclosing boxes made longer."""
    patched = bytearray(data)
    for parent in parents:
        start = data.index(parent) - 4
        size = struct.unpack_from(">I", data, start)[0]
        struct.pack_into(">I", patched, start, size + len(extra))
    return bytes(patched[:at] + extra + patched[at:])


def rotate_mp4(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Set the display matrix (a b c d) of the track header."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (value * 0x10000 for value in matrix)
    struct.pack_into(">9i", data, at, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


def vary_mp4(path: Path, frames: int) -> None:
    """Play the first half of the frames in half their time, the second in one and a half."""
    data = path.read_bytes()
    at = data.index(b"stts") + 8
    delta = struct.unpack_from(">III", data, at)[2]
    parents = (b"stts", b"stbl", b"minf", b"mdia", b"trak", b"moov")
    varied = bytearray(grow(data, at + 12, bytes(8), parents))
    half = frames // 2
    struct.pack_into(">5I", varied, at, 2, half, delta // 2, frames - half, delta * 3 // 2)
    path.write_bytes(varied)


def header_first(path: Path) -> None:
    """Move the MP4's index to the front, as cameras and web services do."""
    data = path.read_bytes()
    mdat, moov = data.index(b"mdat") - 4, data.index(b"moov") - 4
    index = bytearray(data[moov:])
    at = index.index(b"stco") + 8
    (count,) = struct.unpack_from(">I", index, at)
    for entry in range(at + 4, at + 4 + 4 * count, 4):
        (offset,) = struct.unpack_from(">I", index, entry)
        struct.pack_into(">I", index, entry, offset + len(index))
    path.write_bytes(data[:mdat] + index + data[mdat:moov])


def trim_mp4(path: Path, start_s: float, length_s: float) -> None:
    """Hide the frames outside the range by the edit list, as a phone's trimming does."""
    data = bytearray(path.read_bytes())
    movie, media, edit = (data.index(name) for name in (b"mvhd", b"mdhd", b"elst"))
    movie_scale = struct.unpack_from(">I", data, movie + 16)[0]
    media_scale = struct.unpack_from(">I", data, media + 16)[0]
    length = round(length_s * movie_scale)
    struct.pack_into(">II", data, edit + 12, length, round(start_s * media_scale))
    struct.pack_into(">I", data, movie + 20, length)
    struct.pack_into(">I", data, data.index(b"tkhd") + 24, length)
    path.write_bytes(data)


def error(spec: str | Path) -> str:
    """The message of the error that opening raises."""
    with pytest.raises(CameraError) as caught:
        open_source(spec)
    return str(caught.value)


class TestFile:
    @pytest.mark.parametrize("suffix", [".mp4", ".avi", ".mkv"])
    @pytest.mark.parametrize("fps", [5.0, 20.0, 30000 / 1001, 60.0])
    def test_every_frame_comes_once_in_order_at_index_over_fps(
        self, tmp_path: Path, suffix: str, fps: float
    ) -> None:
        path = write_video(tmp_path / f"clip{suffix}", 20, fps)
        with open_source(path) as source:
            frames = list(source)
        assert [number(frame) for frame in frames] == list(range(20))
        assert source.fps == pytest.approx(fps, rel=1e-4)
        assert [frame.t for frame in frames] == [i / (source.fps or 0) for i in range(20)]
        assert (source.live, source.size, source.name) == (False, (64, 48), path.name)
        assert source.frame_count == 20
        assert source.truncated is None

    @pytest.mark.slow
    @pytest.mark.parametrize("size", [(320, 240), (322, 242), (3840, 2160), (1080, 1920)])
    def test_sizes(self, tmp_path: Path, size: tuple[int, int]) -> None:
        with open_source(str(write_video(tmp_path / "clip.mp4", 2, 30, size))) as source:
            assert source.size == size
            for frame in source:
                assert frame.image.shape == (size[1], size[0], 3)
                assert frame.image.dtype == np.uint8
                assert frame.image.flags.c_contiguous

    def test_a_variable_frame_rate_keeps_the_times_of_the_container(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 20, 20)
        vary_mp4(path, 20)
        with open_source(path) as source:
            frames = list(source)
        expected = [0.025 * i for i in range(10)] + [0.25 + 0.075 * i for i in range(10)]
        assert [frame.t for frame in frames] == pytest.approx(expected, abs=0.002)
        assert source.truncated is None

    @pytest.mark.parametrize(
        ("matrix", "turn"),
        [
            ((0, 1, -1, 0), cv2.ROTATE_90_CLOCKWISE),
            ((-1, 0, 0, -1), cv2.ROTATE_180),
            ((0, -1, 1, 0), cv2.ROTATE_90_COUNTERCLOCKWISE),
        ],
    )
    def test_a_phones_rotation_is_honoured(
        self, tmp_path: Path, matrix: tuple[int, int, int, int], turn: int
    ) -> None:
        path = write_video(tmp_path / "clip.mp4", 2)
        with open_source(path) as source:
            upright = [frame.image for frame in source]
        rotate_mp4(path, matrix)
        with open_source(path) as source:
            turned = [frame.image for frame in source]
        assert source.size == (turned[0].shape[1], turned[0].shape[0])
        for before, after in zip(upright, turned, strict=True):
            np.testing.assert_array_equal(cv2.rotate(before, turn), after)
            assert after.flags.c_contiguous

    @pytest.mark.parametrize("name", ["clip.mp4", "clip.avi", "clip.mkv"])
    def test_a_cut_off_file_is_read_to_its_end_and_reported(
        self, tmp_path: Path, name: str
    ) -> None:
        path = write_video(tmp_path / name, 200, 20)
        if path.suffix == ".mp4":
            header_first(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with open_source(path) as source:
            count = len(list(source))
        assert 20 < count < 180
        assert source.truncated is not None
        assert source.truncated.startswith(f"{name} ends early: only the first ")
        assert "of about 10.0 seconds" in source.truncated

    def test_a_damaged_part_is_skipped_and_reported(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.avi", 100, 20)
        data = bytearray(path.read_bytes())
        start = data.index(b"00dc", len(data) // 2)
        (size,) = struct.unpack_from("<I", data, start + 4)
        data[start + 8 : start + 8 + size] = bytes(size)
        path.write_bytes(data)
        with open_source(path) as source:
            frames = list(source)
        assert len(frames) == 99
        assert [frame.t for frame in frames] == pytest.approx(
            [number(frame) / 20 for frame in frames]
        )
        assert source.truncated == "clip.avi is damaged: parts could not be read."

    def test_a_trimmed_file_is_not_called_cut_off(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 100, 20)
        trim_mp4(path, 2.0, 2.0)
        with open_source(path) as source:
            frames = list(source)
        assert frames[-1].t < 2.5
        assert source.truncated is None

    def test_sampled_frames_keep_their_times(self, tmp_path: Path) -> None:
        with open_source(write_video(tmp_path / "clip.mp4", 20, 20), min_interval_s=0.25) as source:
            frames = list(source)
        assert [number(frame) for frame in frames] == [0, 5, 10, 15]
        assert [frame.t for frame in frames] == [0, 0.25, 0.5, 0.75]

    def test_frames_that_are_not_decoded_are_reported(self, tmp_path: Path) -> None:
        skipped: list[float] = []
        with open_source(write_video(tmp_path / "clip.mp4", 24, 24), min_interval_s=0.1) as source:
            source.on_skip = skipped.append
            frames = list(source)
        assert len(frames) == 10  # on average as many as are wanted
        times = sorted([*skipped, *(frame.t for frame in frames)])
        assert times == pytest.approx([index / 24 for index in range(24)], abs=0.002)

    def test_closing_ends_the_iteration_without_calling_the_file_cut_off(
        self, tmp_path: Path
    ) -> None:
        source = open_source(write_video(tmp_path / "clip.mp4"))
        frames = iter(source)
        next(frames)
        source.close()
        source.close()
        assert list(frames) == []
        assert source.truncated is None


class TestFileClock:
    def stamps(self, fps: float | None, *container: float) -> list[float]:
        clock = FileClock(fps)
        return [clock.stamp(time) for time in container]

    def test_rounded_times_of_a_constant_rate_become_exact(self) -> None:
        assert self.stamps(30.0, 0.0, 0.033, 0.067, 0.1) == [0.0, 1 / 30, 2 / 30, 0.1]

    def test_no_times_at_all_become_the_frame_rate(self) -> None:
        assert self.stamps(25.0, 0.0, 0.0, 0.0) == [0.0, 1 / 25, 2 / 25]
        assert self.stamps(None, 0.0, 0.0) == [0.0, 1 / 30]

    def test_a_clock_that_restarts_continues(self) -> None:
        stamps = self.stamps(None, 7.0, 7.1, 0.0, 0.1, 95000.0, 95000.1)
        expected = [0.0, 0.1, 0.1 + 1 / 30, 0.2 + 1 / 30, 0.2 + 2 / 30, 0.3 + 2 / 30]
        assert stamps == pytest.approx(expected)

    def test_frames_dropped_by_a_camera_leave_a_gap(self) -> None:
        assert self.stamps(20.0, 0.0, 0.05, 0.25, 0.3) == pytest.approx([0.0, 0.05, 0.25, 0.3])

    def test_a_pause_inside_the_file_stays_a_pause(self) -> None:
        clock = FileClock(None, longest_gap_s=200.0)
        assert [clock.stamp(t) for t in (0.0, 0.1, 90.1)] == pytest.approx([0.0, 0.1, 90.1])

    def test_stamps_grow_by_a_millisecond_at_least(self) -> None:
        stamps = self.stamps(500.0, 0.0, 0.002, 0.0021, 0.0022, float("nan"), 0.0023)
        assert min(np.diff(stamps)) > 0.00099


class TestImages:
    def test_natural_order_kinds_and_sizes(self, tmp_path: Path) -> None:
        folder = tmp_path / "pictures"
        write_image(folder / "img10.png", np.full((40, 30), 100, np.uint8))
        write_image(folder / "img2.png", np.full((41, 31, 4), 20, np.uint8))
        write_image(folder / "IMG1.jpg", np.full((42, 32, 3), 10, np.uint8))
        write_image(folder / "img11.png", np.full((43, 33), 110 * 256, np.uint16))
        (folder / "notes.txt").write_text("not an image")
        with open_source(folder, fps=4) as source:
            frames = list(source)
        assert [int(frame.image[5, 5, 0]) for frame in frames] == [10, 20, 100, 110]
        sizes = [(42, 32, 3), (41, 31, 3), (40, 30, 3), (43, 33, 3)]
        assert [frame.image.shape for frame in frames] == sizes
        assert all(frame.image.dtype == np.uint8 for frame in frames)
        assert [frame.t for frame in frames] == [0, 0.25, 0.5, 0.75]
        assert (source.size, source.fps, source.frame_count) == ((32, 42), 4, 4)
        assert (source.live, source.name, source.truncated) == (False, "pictures", None)

    def test_ten_images_a_second_by_default(self, tmp_path: Path) -> None:
        for index in range(3):
            write_image(tmp_path / f"{index}.png", picture(index))
        with open_source(str(tmp_path)) as source:
            assert [frame.t for frame in source] == [0, 0.1, 0.2]
        (told,) = source.remarks
        assert "10 pictures a second were assumed" in told

    def test_one_image_is_a_source_too(self, tmp_path: Path) -> None:
        with open_source(write_image(tmp_path / "one.png", picture(50))) as source:
            assert [frame.t for frame in source] == [0.0]

    def test_one_damaged_image_is_left_out_and_named(self, tmp_path: Path) -> None:
        for index in range(4):
            write_image(tmp_path / f"{index}.png", picture(index))
        for index in (0, 2):
            (tmp_path / f"{index}.png").write_bytes(b"not an image")
        with open_source(tmp_path, fps=4) as source:
            frames = list(source)
        assert [(frame.t, number(frame)) for frame in frames] == [(0, 1), (0.5, 3)]
        assert source.remarks == ["Left out because they cannot be read as images: 0.png, 2.png."]

    def test_damaged_images_alone_are_an_error(self, tmp_path: Path) -> None:
        for index in range(3):
            (tmp_path / f"{index}.png").write_bytes(b"not an image")
        assert "2.png cannot be read: it is damaged" in error(tmp_path)

    def test_a_folder_or_pipe_that_is_named_like_an_image_is_no_image(self, tmp_path: Path) -> None:
        write_image(tmp_path / "1.png", picture(1))
        (tmp_path / "2.png").mkdir()
        if hasattr(os, "mkfifo"):
            os.mkfifo(tmp_path / "3.png")  # reading it would wait
        with open_source(tmp_path, fps=4) as source:
            assert [number(frame) for frame in source] == [1]
        assert source.remarks == []

    @pytest.mark.parametrize(
        ("names", "times", "missing"),
        [
            (["IMG_1.png", "IMG_2.png", "IMG_5.png", "IMG_6.png"], [0, 1, 4, 5], "3 to 4"),
            (["a08.png", "a09.png", "a11.png"], [0, 1, 3], "10"),
            (["f10.png", "f20.png", "f30.png"], [0, 1, 2], ""),
            (["a1.png", "b3.png", "b4.png"], [0, 1, 2], ""),
            (["one.png", "two.png"], [0, 1], ""),
        ],
    )
    def test_missing_numbers_are_told_and_take_their_time(
        self, tmp_path: Path, names: list[str], times: list[float], missing: str
    ) -> None:
        for name in names:
            write_image(tmp_path / name, picture(1))
        with open_source(tmp_path, fps=1) as source:
            assert [frame.t for frame in source] == times
        told = [f"In {tmp_path.name} these numbers are missing: {missing}."] if missing else []
        assert source.remarks == told

    @pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf"), 1e6])
    def test_a_rate_that_is_none(self, tmp_path: Path, fps: float) -> None:
        write_image(tmp_path / "1.png", picture(1))
        with pytest.raises(CameraError, match="--fps"):
            open_source(tmp_path, fps=fps)


class TestErrors:
    def test_missing(self, tmp_path: Path) -> None:
        assert error(tmp_path / "no.mp4").startswith("There is no file ")
        assert error("no/such.mp4").startswith("There is no file no")
        assert "no such file" in error(tmp_path / "no.jpg")

    def test_folder_without_images(self, tmp_path: Path) -> None:
        assert "holds no images (bmp, jpeg" in error(tmp_path)

    @pytest.mark.parametrize("name", ["clip.mp4", "one.png"])
    def test_empty_file(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).touch()
        assert name in error(tmp_path / name)

    def test_not_a_video(self, tmp_path: Path) -> None:
        (tmp_path / "letter.mp4").write_text("Dear reader, " * 100)
        assert "cannot be read as a video" in error(tmp_path / "letter.mp4")

    def test_a_recording_never_finished(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4")
        path.write_bytes(path.read_bytes()[:1000])
        assert "never finished" in error(path)

    @pytest.mark.parametrize("name", ["clip.mp4", "clip.avi"])
    def test_a_video_without_frames(self, tmp_path: Path, name: str) -> None:
        assert name in error(write_video(tmp_path / name, 0))

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
    @pytest.mark.parametrize("locked", ["folder/clip.mp4", "folder"])
    def test_unreadable(self, tmp_path: Path, locked: str) -> None:
        (tmp_path / "folder").mkdir()
        path = write_video(tmp_path / "folder" / "clip.mp4")
        (tmp_path / locked).chmod(0)
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)  # root may read everything
        try:
            message = error(path)
        finally:
            os.seteuid(me)
            (tmp_path / locked).chmod(0o700)
        assert message.endswith("clip.mp4 cannot be read: this user has no permission to read it.")

    def test_a_pipe_is_refused_instead_of_waited_for(self, tmp_path: Path) -> None:
        if hasattr(os, "mkfifo"):
            os.mkfifo(tmp_path / "pipe")
            assert "is not a file" in error(tmp_path / "pipe")
