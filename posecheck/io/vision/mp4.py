"""The headers of an MP4, MOV or 3GP file, as far as `posecheck.io.vision.container` needs them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from posecheck.io.vision.file_facts import UPRIGHT, FileFacts, Matrix

_BOXES = {
    *(b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"moof", b"mfra"),
    *(b"sidx", b"ssix", b"prft", b"emsg", b"uuid", b"meta", b"udta"),
}
MOST_BOXES = 100_000
"""A fragmented recording of a day has two for each second. More are not walked."""
LONGEST_INDEX = 64 * 2**20
"""Bytes of the index that are read; an index of ten hours has 20 MB."""


def is_mp4(head: bytes) -> bool:
    """Whether a file with this beginning is an MP4."""
    return len(head) >= 8 and head[4:8] in _BOXES


def read_mp4(file: BinaryIO, end: int) -> FileFacts:
    """Read the boxes of a file of `end` bytes. `whole` is False when one reaches beyond it."""
    found = FileFacts("mp4")
    start = 0
    for _ in range(MOST_BOXES):
        if start >= end:
            break
        size, kind, head = _box(file, start, end)
        if kind not in _BOXES:
            break
        if kind == b"moov":
            _read_movie(file.read(min(size - head, LONGEST_INDEX)), found)
        start += size
        found.whole = start <= end
    return found


def _box(file: BinaryIO, start: int, end: int) -> tuple[int, bytes, int]:
    """(bytes of the box, kind, bytes of its head) at `start`; an empty kind when there is none."""
    file.seek(start)
    size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
    head = 8
    if size == 1:
        (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
        head = 16
    elif size == 0:
        size = end - start
    return (size, kind, head) if size >= head else (0, b"", head)


def _children(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of the boxes in a box, as far as they are whole."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8:
            return
        yield kind, data[at + 8 : at + size]
        at += size


def _read_movie(data: bytes, found: FileFacts) -> None:
    scale, movie_matrix = 0, UPRIGHT
    kinds = set()
    for kind, content in _children(data):
        if kind == b"mvhd":
            scale, duration, movie_matrix = _movie_header(content)
            found.total_s = duration / scale if scale and duration else None
        elif kind == b"trak":
            track = dict(_children(content))
            media = dict(_children(track.get(b"mdia", b"")))
            handler = media.get(b"hdlr", b"")[8:12]
            kinds.add(handler)
            if handler == b"vide" and not found.video:
                found.video = True
                duration, matrix = _track_header(track.get(b"tkhd", b""))
                found.pictures_s = duration / scale if scale and duration else None
                found.matrix = _product(matrix, movie_matrix)
    found.video = b"vide" in kinds if kinds else None


_UNKNOWN_32, _UNKNOWN_64 = 2**32 - 1, 2**64 - 1


def _movie_header(data: bytes) -> tuple[int, int, Matrix]:
    """(units a second, length in these units, matrix); 0 for what is not stated."""
    wide = data[:1] == b"\1"
    form, matrix_at = (">20xIQ", 48) if wide else (">12xII", 36)
    if len(data) < matrix_at + 36:
        return 0, 0, UPRIGHT
    scale, duration = struct.unpack_from(form, data)
    unknown = duration in (_UNKNOWN_32, _UNKNOWN_64)
    return scale, 0 if unknown else duration, _matrix(data, matrix_at)


def _track_header(data: bytes) -> tuple[int, Matrix]:
    """(length in the movie's units, matrix)."""
    wide = data[:1] == b"\1"
    form, matrix_at = (">28xQ", 52) if wide else (">20xI", 40)
    if len(data) < matrix_at + 36:
        return 0, UPRIGHT
    (duration,) = struct.unpack_from(form, data)
    return 0 if duration in (_UNKNOWN_32, _UNKNOWN_64) else duration, _matrix(data, matrix_at)


def _matrix(data: bytes, at: int) -> Matrix:
    a, b, _, c, d = struct.unpack_from(">5i", data, at)
    return a / 65536, b / 65536, c / 65536, d / 65536


def _product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that turns by `first`, then by `then`."""
    (a, b, c, d), (e, f, g, h) = first, then
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
