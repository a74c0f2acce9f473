"""What a video file states about itself: its kind, whether it is whole, how long its pictures last
and how a player turns them.

OpenCV reports the length of the longest track, which may be the sound, and of a display matrix only
the rotation. Only headers are read here, a bounded number of them.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from posecheck.io.vision.file_facts import FileFacts
from posecheck.io.vision.matroska import read_matroska
from posecheck.io.vision.mp4 import is_mp4, read_mp4

HEAD_BYTES = 4096
MOST_CHUNKS = 10_000
"""An AVI has one chunk for each gigabyte. More are not walked."""

_RAW_STARTS = (
    *(b"\0\0\0\1", b"\0\0\1\x09", b"\0\0\1\x67", b"\0\0\1\x40", b"\0\0\1\x46"),  # H.264, HEVC
    *(b"\0\0\1\xb0", b"\0\0\1\xb3", b"\0\0\1\x00"),  # MPEG-4, MPEG-1 and 2
    b"\xff\xd8\xff",  # JPEGs one after the other
)
_SOUND_STARTS = (
    *(b"ID3", b"fLaC", b"#!AMR", b"MAC ", b"wvpk"),
    *(b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2"),  # MP3
    *(b"\xff\xf1", b"\xff\xf9"),  # AAC
)


def file_facts(path: Path) -> FileFacts:
    """Read what the file states. Never fails on a damaged file; OSError when it cannot be read."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(HEAD_BYTES)
        for recognises, reads in _READERS:
            if recognises(head):
                return reads(file, end, head)
    return FileFacts()


def _avi(file: BinaryIO, end: int, head: bytes) -> FileFacts:
    """Whole when every RIFF chunk ends within the file; a recording that was never finished states
    0."""
    start, chunks = 0, 0
    while start + 8 <= end and chunks < MOST_CHUNKS:
        file.seek(start)
        name, size = struct.unpack("<4sI", file.read(8))
        if name != b"RIFF":  # bytes behind the last chunk
            break
        start, chunks = start + 8 + size + size % 2, chunks + 1
        if size == 0 or start > end + 1:  # the last chunk may lack its padding
            return FileFacts("avi", whole=False)
    return FileFacts("avi", whole=True)


def _gif(file: BinaryIO, end: int, head: bytes) -> FileFacts:
    file.seek(max(0, end - 64))
    return FileFacts(whole=file.read().rstrip(b"\0").endswith(b";"))


def _asf(file: BinaryIO, end: int, head: bytes) -> FileFacts:
    """Windows Media states the size of the file, 0 in a broadcast."""
    at = head.find(bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"))
    if not 0 <= at <= len(head) - 48:
        return FileFacts()
    (size,) = struct.unpack_from("<Q", head, at + 40)
    return FileFacts(whole=size <= end if size else None)


_READERS: tuple[
    tuple[Callable[[bytes], bool], Callable[[BinaryIO, int, bytes], FileFacts]], ...
] = (
    (is_mp4, lambda file, end, _: read_mp4(file, end)),
    (lambda head: head.startswith(b"\x1aE\xdf\xa3"), lambda file, end, _: read_matroska(file, end)),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"AVI ", _avi),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda head: head.startswith(bytes.fromhex("3026b2758e66cf11")), _asf),
    (lambda head: _is_sound(head), lambda *_: FileFacts("sound", video=False)),
    (lambda head: head.startswith(_RAW_STARTS), lambda *_: FileFacts("raw")),
)


def _is_sound(head: bytes) -> bool:
    if head[:4] in (b"RIFF", b"FORM"):
        return head[8:12] in (b"WAVE", b"AIFF", b"AIFC")
    if head.startswith(b"OggS"):
        return any(name in head for name in (b"\x01vorbis", b"OpusHead", b"Speex")) and (
            b"theora" not in head
        )
    return head.startswith(_SOUND_STARTS)
