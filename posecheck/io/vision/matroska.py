"""The headers of a Matroska or WebM file, as far as `posecheck.io.vision.container` needs them."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from posecheck.io.vision.file_facts import FileFacts, Matrix

MOST_ELEMENTS = 200_000
"""A recording has one cluster every few seconds. More elements are not walked."""
LONGEST_HEADER = 16 * 2**20
"""Bytes of one header that are read."""

_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_INFO, _TRACKS, _TAGS = 0x1549A966, 0x1654AE6B, 0x1254C367
_OPEN = -1
"""The size of an element whose end is not stated, as in a live stream."""


@dataclass(slots=True)
class _Tracks:
    """What only this module needs.

    scale_s  seconds of a unit of time
    start_s  where the first cluster begins
    video    UID of the first track of pictures
    ends_s   end of each track, by its UID
    """

    scale_s: float = 1e-3
    start_s: float | None = None
    video: int | None = None
    ends_s: dict[int, float] = field(default_factory=dict)


def read_matroska(file: BinaryIO, end: int) -> FileFacts:
    """Read the elements of a file of `end` bytes. `whole` is False when one reaches beyond it or
    cannot be read, None when the file does not state its size, as a recording that was never
    finished."""
    found, tracks = FileFacts("matroska"), _Tracks()
    _, size, at = _element(file, 0, end)
    kind, size, start = _element(file, at + max(0, size), end)
    if kind != _SEGMENT:
        return found
    if size != _OPEN:
        found.whole = start + size <= end
        end = min(end, start + size)
    for _ in range(MOST_ELEMENTS):
        if start >= end:
            break
        kind, size, at = _element(file, start, end)
        if kind == 0:
            found.whole = found.whole and False
        if kind == 0 or size == _OPEN:
            break
        _read_header(file, kind, size, found, tracks)
        start = at + size
    end_s = tracks.ends_s.get(tracks.video) if tracks.video is not None else None
    if end_s is not None:  # the tags count from zero, also where the first picture comes later
        found.pictures_s = max(0.0, end_s - (tracks.start_s or 0.0))
    return found


def _read_header(file: BinaryIO, kind: int, size: int, found: FileFacts, tracks: _Tracks) -> None:
    if kind == _CLUSTER and tracks.start_s is None:
        content = dict(_children(file.read(min(size, 64))))
        tracks.start_s = _unsigned(content.get(0xE7, b"")) * tracks.scale_s
    elif kind in (_INFO, _TRACKS, _TAGS):
        data = file.read(min(size, LONGEST_HEADER))
        if kind == _INFO:
            content = dict(_children(data))
            tracks.scale_s = (_unsigned(content.get(0x2AD7B1, b"")) or 1_000_000) / 1e9
            length = _float(content.get(0x4489, b"")) * tracks.scale_s
            found.total_s = length if math.isfinite(length) and length > 0 else None
        elif kind == _TRACKS:
            _read_tracks(data, found, tracks)
        else:
            _read_tags(data, tracks.ends_s)


def _read_tracks(data: bytes, found: FileFacts, tracks: _Tracks) -> None:
    entries = [dict(_children(content)) for kind, content in _children(data) if kind == 0xAE]
    pictures = [entry for entry in entries if _unsigned(entry.get(0x83, b"")) == 1]
    found.video = bool(pictures) if entries else None
    if pictures:  # OpenCV reads the first track of pictures
        tracks.video = _unsigned(pictures[0].get(0x73C5, b""))
        projection = dict(_children(pictures[0].get(0xE0, b""))).get(0x7670, b"")
        found.matrix = _matrix(projection)


def _matrix(projection: bytes) -> Matrix | None:
    """The display matrix of a mirrored picture, which ffmpeg stores as a yaw by 180 degrees; None
    when it is not mirrored. OpenCV itself reports the roll of other pictures."""
    pose = dict(_children(projection))
    yaw, pitch, roll = (_float(pose.get(kind, b"")) for kind in (0x7673, 0x7674, 0x7675))
    if abs(yaw) != 180 or pitch != 0 or not math.isfinite(roll):
        return None
    cosine, sine = math.cos(math.radians(roll)), math.sin(math.radians(roll))
    return -cosine, -sine, -sine, cosine


_CLOCK = re.compile(rb"(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?)\0*")


def _read_tags(data: bytes, ends_s: dict[int, float]) -> None:
    """The end of each track, by its UID: a tag that ffmpeg, OBS and mkvmerge write."""
    for kind, content in _children(data):
        if kind != 0x7373:
            continue
        tag = list(_children(content))
        targets = dict(_children(dict(tag).get(0x63C0, b"")))
        for each in (dict(_children(value)) for kind, value in tag if kind == 0x67C8):
            clock = _CLOCK.fullmatch(each.get(0x4487, b""))
            if each.get(0x45A3, b"").rstrip(b"\0") == b"DURATION" and clock is not None:
                hours, minutes, seconds = (float(part) for part in clock.groups())
                track = _unsigned(targets.get(0x63C5, b""))
                ends_s[track] = 3600 * hours + 60 * minutes + seconds


def _element(file: BinaryIO, start: int, end: int) -> tuple[int, int, int]:
    """(kind, size of the content, where it begins) of the element at `start`. The file is then at
    its content. Kind 0 when there is none."""
    file.seek(start)
    head = file.read(12)
    found = _head(head, 0)
    if found is None:
        return 0, 0, end
    kind, size, at = found
    file.seek(start + at)
    return kind, size, start + at


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of the elements in an element, as far as they are whole."""
    at = 0
    while (found := _head(data, at)) is not None:
        kind, size, at = found
        if size == _OPEN or at + size > len(data):
            return
        yield kind, data[at : at + size]
        at += size


def _head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """(kind, size, end of the head) of the element at `at`; None when there is none."""
    length = _length_of(data, at, 4)
    if length is None:
        return None
    kind = int.from_bytes(data[at : at + length])
    at += length
    length = _length_of(data, at, 8)
    if length is None:
        return None
    size = int.from_bytes(data[at : at + length]) & ((1 << 7 * length) - 1)
    unknown = size == (1 << 7 * length) - 1
    return kind, _OPEN if unknown else size, at + length


def _length_of(data: bytes, at: int, most: int) -> int | None:
    """Bytes of the number at `at`, by the zeros that it begins with; None when it is not whole."""
    if at >= len(data) or data[at] == 0:
        return None
    length = 9 - data[at].bit_length()
    return length if length <= most and at + length <= len(data) else None


def _unsigned(data: bytes) -> int:
    return int.from_bytes(data[:8])


def _float(data: bytes) -> float:
    form = {4: ">f", 8: ">d"}.get(len(data))
    return float(struct.unpack(form, data)[0]) if form else 0.0
