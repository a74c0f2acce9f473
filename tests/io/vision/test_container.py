"""What a file states about itself, and how its pictures are shown.

The files are written here, and changed as other programs write them.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_video import (
    BGR,
    error,
    grow,
    header_first,
    number,
    picture,
    rotate_mp4,
    vary_mp4,
    write_video,
)

from posecheck.io.vision.animation import Animation
from posecheck.io.vision.camera import CameraError, open_source
from posecheck.io.vision.container import file_facts
from posecheck.io.vision.opencv import cv2, file_name

ENTRY = (b"mp4v", b"stsd", b"stbl", b"minf", b"mdia", b"trak", b"moov")


def images(path: Path) -> list[BGR]:
    with open_source(path) as source:
        return [frame.image for frame in source]


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            *("12:30.mp4", "http:127.0.0.1:9?x.mp4", "concat:a|b.mp4", "subfile,,start,0,,:x.mp4"),
            *("a%03d.mp4", "-i.mp4", "~x.mp4", "x" * 251 + ".mp4", "data:text,x.mp4"),
        ],
    )
    def test_every_name_is_a_files_name_in_reading_and_writing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        if os.name == "nt":
            pytest.skip("Windows takes few of these names")
        write_video(tmp_path / "plain.mp4", 3).rename(tmp_path / name)
        monkeypatch.chdir(tmp_path)
        with open_source(Path(name)) as source:
            assert [number(frame) for frame in source] == [0, 1, 2]
        again = Path(f"{name[:-200]}w.mp4")
        fourcc = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(file_name(again), cv2.CAP_FFMPEG, fourcc, 20, (64, 48))
        writer.write(picture(7))
        writer.release()
        assert [number(frame) for frame in open_source(again)] == [7]

    def test_a_link_is_read(self, tmp_path: Path) -> None:
        write_video(tmp_path / "clip.mp4", 3)
        (tmp_path / "link.mp4").symlink_to("clip.mp4")
        assert len(images(tmp_path / "link.mp4")) == 3

    def test_a_name_that_no_system_takes(self) -> None:
        assert "too long" in error(Path("x" * 5000 + ".mp4"))


class TestShown:
    @pytest.mark.parametrize(
        ("aspect", "size"), [((4, 3), (85, 48)), ((1, 2), (64, 96)), ((1, 1), (64, 48))]
    )
    def test_pixels_that_are_not_square(
        self, tmp_path: Path, aspect: tuple[int, int], size: tuple[int, int]
    ) -> None:
        path = write_video(tmp_path / "clip.mp4", 3)
        data = path.read_bytes()
        start = data.index(b"mp4v", data.index(b"stsd")) - 4
        end = start + int(struct.unpack_from(">I", data, start)[0])
        path.write_bytes(grow_entry(data, end, struct.pack(">I4sII", 16, b"pasp", *aspect)))
        with open_source(path) as source:
            assert source.size == size
            assert [number(frame) for frame in source] == [0, 1, 2]

    def test_an_impossible_pixel_is_taken_for_a_square_one(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 2)
        data = path.read_bytes()
        start = data.index(b"mp4v", data.index(b"stsd")) - 4
        end = start + int(struct.unpack_from(">I", data, start)[0])
        path.write_bytes(grow_entry(data, end, struct.pack(">I4sII", 16, b"pasp", 60000, 1)))
        with open_source(path) as source:
            assert source.size == (64, 48)

    @pytest.mark.parametrize(
        ("matrix", "expected"),
        [
            ((-1, 0, 0, 1), lambda image: image[:, ::-1]),
            ((1, 0, 0, -1), lambda image: image[::-1]),
            ((0, 1, 1, 0), lambda image: image.transpose(1, 0, 2)),
            ((0, -1, -1, 0), lambda image: image[::-1, ::-1].transpose(1, 0, 2)),
        ],
    )
    def test_a_mirrored_recording(
        self, tmp_path: Path, matrix: tuple[int, int, int, int], expected: Any
    ) -> None:
        path = write_video(tmp_path / "clip.mp4", 2)
        before = images(path)
        rotate_mp4(path, matrix)
        for stored, shown in zip(before, images(path), strict=True):
            np.testing.assert_array_equal(shown, expected(stored))
            assert shown.flags.c_contiguous


def grow_entry(data: bytes, at: int, extra: bytes) -> bytes:
    """`grow` inside the description of the pictures; the brands in front also name `mp4v`s."""
    front = data.index(b"moov") - 4
    return data[:front] + grow(data[front:], at - front, extra, ENTRY)


def element(kind: int, content: bytes) -> bytes:
    """An element of a Matroska file."""
    name = kind.to_bytes((kind.bit_length() + 7) // 8)
    return name + (len(content) | 1 << 56).to_bytes(8) + content


def matroska(*, ends: str, start_ms: int = 0, duration_ms: float = 60_000, yaw: float = 0) -> bytes:
    """A file with a track of sound and one of pictures, whose last one ends at `ends`."""
    text = (element(0x45A3, b"DURATION") + element(0x4487, ends.encode()),)
    pose = element(0x7670, element(0x7673, struct.pack(">f", yaw)))
    video = element(0xD7, b"\2") + element(0x73C5, b"\7") + element(0x83, b"\1")
    sound = element(0xD7, b"\1") + element(0x73C5, b"\6") + element(0x83, b"\2")
    return element(0x1A45DFA3, b"") + element(
        0x18538067,
        element(0x1549A966, element(0x4489, struct.pack(">d", duration_ms)))
        + element(0x1654AE6B, element(0xAE, sound) + element(0xAE, video + element(0xE0, pose)))
        + element(0x1F43B675, element(0xE7, start_ms.to_bytes(4)))
        + element(
            0x1254C367,
            element(0x7373, element(0x63C0, element(0x63C5, b"\7")) + element(0x67C8, text[0])),
        ),
    )


class TestLength:
    def test_matroska_tells_the_pictures_from_the_sound(self, tmp_path: Path) -> None:
        path = tmp_path / "clip.mkv"
        path.write_bytes(matroska(ends="00:00:22.900000000\0"))
        facts = file_facts(path)
        assert (facts.kind, facts.whole, facts.video) == ("matroska", True, True)
        assert facts.pictures_s == pytest.approx(22.9)
        assert facts.total_s == 60.0

    def test_a_late_clock_is_no_length(self, tmp_path: Path) -> None:
        path = tmp_path / "clip.mkv"
        path.write_bytes(matroska(ends="01:00:22.934", start_ms=3_600_000))
        assert file_facts(path).pictures_s == pytest.approx(22.934)

    def test_a_mirrored_matroska(self, tmp_path: Path) -> None:
        path = tmp_path / "clip.mkv"
        path.write_bytes(matroska(ends="00:00:01", yaw=180))
        assert file_facts(path).matrix == pytest.approx((-1, 0, 0, 1))

    def test_a_cut_matroska(self, tmp_path: Path) -> None:
        path = tmp_path / "clip.mkv"
        whole = matroska(ends="00:00:22")
        path.write_bytes(whole[:-20])
        assert file_facts(path).whole is False
        path.write_bytes(whole[:-80] + bytes(80))  # as an interrupted download leaves it
        assert file_facts(path).whole is False

    def test_longer_sound_is_no_cut(self, tmp_path: Path) -> None:
        """The length in the header is that of the sound; the tag of the pictures stays."""
        path = write_video(tmp_path / "clip.mkv", 40, 20)
        data = bytearray(path.read_bytes())
        at = data.index(b"\x44\x89\x88") + 3
        struct.pack_into(">d", data, at, 60_000.0)
        path.write_bytes(data)
        with open_source(path) as source:
            assert len(list(source)) == 40
        assert source.truncated is None
        assert source.frame_count == 40

    def test_a_longer_movie_than_its_pictures_is_no_cut(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 40, 20)
        data = bytearray(path.read_bytes())
        at = data.index(b"mvhd") + 4
        (scale,) = struct.unpack_from(">I", data, at + 12)
        struct.pack_into(">I", data, at + 16, 60 * scale)
        path.write_bytes(data)
        with open_source(path) as source:
            list(source)
        assert source.truncated is None

    @pytest.mark.parametrize("kind", [b"GIF89a", b"RIFF"])
    def test_a_cut_file_of_another_kind(self, tmp_path: Path, kind: bytes) -> None:
        path = tmp_path / "clip"
        tail = b"AVI " + bytes(96)
        whole = kind + (struct.pack("<I", 100) + tail if kind == b"RIFF" else bytes(90) + b";")
        path.write_bytes(whole)
        assert file_facts(path).whole is True
        path.write_bytes(whole[:-40])
        assert file_facts(path).whole is False

    def test_a_pause_of_90_s_inside_a_file(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 20, 20)
        vary_mp4(path, 20)
        data = bytearray(path.read_bytes())
        at = data.index(b"stts") + 8
        _, _, first, rest, delta = struct.unpack_from(">5I", data, at)
        scale = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)[0]
        # One picture at the end of the first half stays for 90 s.
        struct.pack_into(">5I", data, at, 2, 1, 90 * scale, first + rest - 1, delta)
        movie = data.index(b"mvhd") + 4
        movie_scale = struct.unpack_from(">I", data, movie + 12)[0]
        for place in (movie + 16, data.index(b"tkhd") + 24, data.index(b"elst") + 12):
            struct.pack_into(">I", data, place, 93 * movie_scale)
        path.write_bytes(data)
        with open_source(path) as source:
            times = [frame.t for frame in source]
        assert times[1] - times[0] == pytest.approx(90, abs=0.1)

    @pytest.mark.slow
    def test_endless_small_boxes_are_not_walked(self, tmp_path: Path) -> None:
        path = tmp_path / "clip.mp4"
        path.write_bytes(struct.pack(">I4s", 8, b"free") * 150_000)
        assert file_facts(path).kind == "mp4"
        path.write_bytes(element(0x1A45DFA3, b"") + b"\x18\x53\x80\x67\xff" + b"\xec\x80" * 250_000)
        assert file_facts(path).kind == "matroska"


class TestKinds:
    @pytest.mark.parametrize(
        "head",
        [
            *(b"ID3\4", b"fLaC", b"\xff\xfb\x90", b"RIFF\0\0\0\0WAVEfmt "),
            *(b"OggS\0\2" + bytes(20) + b"OpusHead", b"\xff\xf1\x50"),
        ],
    )
    def test_sound_is_called_sound(self, tmp_path: Path, head: bytes) -> None:
        path = tmp_path / "clip.mp4"
        path.write_bytes(head + bytes(2000))
        assert error(path).endswith(
            "clip.mp4 holds sound but no video. Give a recording with pictures."
        )

    def test_an_mp4_with_sound_alone(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 3)
        path.write_bytes(path.read_bytes().replace(b"vide", b"soun"))
        assert "holds sound but no video" in error(path)

    def test_a_raw_stream_tells_the_rate_that_was_assumed(self, tmp_path: Path) -> None:
        path = raw_stream(tmp_path / "clip.mjpeg")
        with open_source(path) as source:
            assert [frame.t for frame in source] == pytest.approx([0, 0.04, 0.08])
        assert source.remarks == [
            "clip.mjpeg states no times: 25 pictures a second were assumed. Give the true rate "
            "to analyze or batch with --fps."
        ]
        with open_source(path, fps=10) as source:
            assert [frame.t for frame in source] == pytest.approx([0, 0.1, 0.2])
        assert source.remarks == []

    def test_a_file_with_times_takes_no_rate(self, tmp_path: Path) -> None:
        path = write_video(tmp_path / "clip.mp4", 3)
        with pytest.raises(CameraError, match="states its own times"):
            open_source(path, fps=10)


def raw_stream(path: Path) -> Path:
    jpegs = [cv2.imencode(".jpg", picture(index))[1].tobytes() for index in range(3)]
    path.write_bytes(b"".join(jpegs))
    return path


class TestAnimations:
    @pytest.mark.parametrize("suffix", [".webp", ".png", ".gif"])
    def test_every_picture_comes_at_its_time(self, tmp_path: Path, suffix: str) -> None:
        path = animated(tmp_path / f"clip{suffix}")
        with open_source(path) as source:
            frames = list(source)
        assert [number(frame) for frame in frames] == [0, 1, 2, 3]
        assert [frame.t for frame in frames] == pytest.approx([0, 0.1, 0.3, 0.4])
        assert (source.truncated, source.remarks) == (None, [])
        with open_source(path, min_interval_s=0.3) as source:
            assert [number(frame) for frame in source] == [0, 2]

    def test_a_cut_webp_is_refused(self, tmp_path: Path) -> None:
        path = animated(tmp_path / "clip.webp")
        path.write_bytes(path.read_bytes()[:-60])
        assert "cannot be read: it is cut off or damaged" in error(path)

    def test_long_animations_are_decoded_in_stretches(self, tmp_path: Path) -> None:
        path = animated(tmp_path / "clip.webp")
        with Animation(path, stretch_bytes=3 * 4 * 64 * 48) as source:
            assert [number(frame) for frame in source] == [0, 1, 2, 3]


def animated(path: Path) -> Path:
    animation = cv2.Animation()
    animation.frames = [picture(index) for index in range(4)]
    animation.durations = np.array([100, 200, 100, 100])  # type: ignore[assignment]
    assert cv2.imwriteanimation(str(path), animation)
    return path


def test_a_whole_mp4_with_its_index_in_front_is_whole(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", 20, 20)
    header_first(path)
    facts = file_facts(path)
    assert (facts.whole, facts.video) == (True, True)
    assert facts.pictures_s == pytest.approx(1.0)
