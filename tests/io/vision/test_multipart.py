"""Pictures out of a multipart stream, as cameras send it: whole, unusual and untrue."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest

from posecheck.io.vision.multipart import LARGEST_PICTURE, Multipart, StreamOverError
from posecheck.io.vision.rtsp_relay import Replies

JPEG = b"\xff\xd8\xff" + bytes(range(200)) * 5 + b"\xff\xd9"


def stream(*parts: bytes, boundary: str = "next", pieces: int = 7) -> Multipart:
    """The parts, read in small pieces."""
    file = io.BytesIO(b"".join(parts))
    return Multipart(lambda size: file.read(min(size, pieces)), boundary)


def part(picture: bytes = JPEG, length: int | None = None, kind: str = "image/jpeg") -> bytes:
    stated = len(picture) if length is None else length
    head = f"--next\r\nContent-Type: {kind}\r\nContent-Length: {stated}\r\n\r\n"
    return head.encode() + picture + b"\r\n"


def pictures(parts: Multipart) -> list[bytes]:
    found: list[bytes] = []
    with pytest.raises(StreamOverError):
        found.extend(iter(parts.next_picture, None))
    return found


@pytest.mark.parametrize("boundary", ["next", "--next", '"next"', ""])
def test_every_picture_comes_whole(boundary: str) -> None:
    parts = stream(part(), part(JPEG[:500] + JPEG[500:]), part(), boundary=boundary)
    assert pictures(parts) == [JPEG] * 3


@pytest.mark.parametrize("length", [0, 1, 500, 5000, 2_000_000_000])
def test_a_wrong_length_costs_no_picture(length: int) -> None:
    assert pictures(stream(part(length=length), part(length=length), b"--next--\r\n")) == [JPEG] * 2


def test_a_picture_without_a_length_ends_at_the_boundary() -> None:
    bare = b"--next\nContent-Type: image/jpeg\n\n" + JPEG + b"\n"
    assert pictures(stream(bare, bare, b"--next--")) == [JPEG] * 2


def test_parts_of_other_kinds_are_skipped() -> None:
    assert pictures(stream(part(b"beep", kind="audio/basic"), part(), part(kind="text/plain"))) == [
        JPEG
    ]


@pytest.mark.parametrize("head", [b"", part(b"")[:-2], b"--next\r\n", part(length=10**9)[:-1000]])
def test_endless_data_is_not_kept(head: bytes) -> None:
    """A part that claims a gigabyte, or never ends, takes no more than the largest picture."""
    sent = 0

    def read(size: int) -> bytes:
        nonlocal sent
        data = head if sent == 0 and head else bytes(size)
        sent += len(data)
        return data

    with pytest.raises(StreamOverError):
        Multipart(read, "next").next_picture()
    assert sent <= LARGEST_PICTURE + 2**18


def replies(pieces: Callable[[], int], *messages: bytes) -> tuple[bytes, Replies]:
    """What is passed on of the messages, and who watched."""
    watch, passed = Replies(), b""
    data = b"".join(messages)
    while data:
        size = pieces()
        more = watch.passed(data[:size])
        if more is None:
            break
        passed, data = passed + more, data[size:]
    return passed, watch


OK = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\nv=0\r\n"
PICTURE = b"$\0\0\x20" + b"RTSP/1.0 302 is not here\r\n\r\n" + bytes(4)
MOVED = b"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://else/x\r\n\r\n"


@pytest.mark.parametrize("seed", range(5))
def test_all_but_redirections_passes(seed: int) -> None:
    sizes = random.Random(seed)
    passed, watch = replies(lambda: sizes.randint(1, 40), OK, PICTURE, OK, PICTURE)
    assert (passed, watch.redirected) == (OK + PICTURE + OK + PICTURE, "")
    passed, watch = replies(lambda: sizes.randint(1, 40), OK, PICTURE, MOVED, PICTURE)
    assert (passed, watch.redirected) == (OK + PICTURE, "rtsp://else/x")


def test_what_is_no_rtsp_is_not_kept() -> None:
    watch = Replies()
    assert [watch.passed(b"x" * 2**16) for _ in range(2)][-1] is None
