"""What an MP4 file states about itself: whether it is whole, and how long it plays."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx"}


def mp4_promise(path: Path) -> tuple[bool | None, float | None]:
    """(whole, seconds) according to the file's own structure; None for what it does not state.

    `whole` is False when a box reaches beyond the end of the file. OpenCV's frame count includes
    frames that a trimmed MP4 carries but hides, so it cannot tell a trimmed file from a cut-off
    one; the playing time here includes a late start. The lesser of the two is what the file
    promises.
    """
    end = path.stat().st_size
    whole: bool | None = None
    seconds: float | None = None
    with path.open("rb") as file:
        start = 0
        while start < end:
            size, kind = _box(file, start, end)
            if kind not in _MP4_BOXES:
                break
            if kind == b"moov":
                seconds = _movie_seconds(file.read(256))
            start += size
            whole = start <= end
    return whole, seconds


def _box(file: BinaryIO, start: int, end: int) -> tuple[int, bytes]:
    """(size in bytes, kind) of the box at `start`; the kind is empty when there is no box."""
    file.seek(start)
    size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
    if size == 1:
        (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
    elif size == 0:
        size = end - start
    return (size, kind) if size >= 8 else (0, b"")


def _movie_seconds(head: bytes) -> float | None:
    """The playing time in the movie header; None when it states none, or 0 as fragmented files
    do."""
    at = head.find(b"mvhd") + 4
    if at < 4 or len(head) < at + 32:
        return None
    form = ">16xIQ" if head[at] == 1 else ">8xII"
    timescale, duration = struct.unpack_from(form, head, at + 4)
    return duration / timescale if timescale and duration else None
