"""The one place that imports OpenCV.

The import changes the environment: it points Qt at OpenCV's own plugins, which breaks a PySide6
window, and prepends to the library path that child processes inherit. Both are restored here.
OpenCV and its ffmpeg also print to stderr when a source does not open; they are silenced, because
posecheck reports that itself (a variable that is already set is kept).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import cast

_CHANGED_BY_IMPORT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")

os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
# Windows: Media Foundation takes many seconds to open a camera with its hardware transforms.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# Linux: seconds a read may wait for an unplugged camera; 10 by default, and close() waits for it.
# Cameras that are slow in the dark still give several pictures a second.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")

# Pixels of a picture, 400 MB decoded: a few bytes may claim a size that fills the memory.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**27))

_before = {name: os.environ.get(name) for name in _CHANGED_BY_IMPORT}

import cv2  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2", "ffmpeg_options", "file_name", "open_file"]

_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_options_lock = Lock()


def file_name(path: Path) -> str:
    """A local path as OpenCV and ffmpeg get it, for reading and for writing.

    Absolute, because ffmpeg takes what stands before a colon at the start of a name for a protocol,
    which may be that of a network. Bytes where the name cannot be encoded, because such a str
    crashes the process.
    """
    absolute = path.absolute()
    try:
        str(absolute).encode()
    except UnicodeEncodeError:
        return cast(str, os.fsencode(absolute))
    return str(absolute)


def open_file(path: Path, threads: int = 0) -> cv2.VideoCapture:
    """A video file, open for reading, or a capture that is not open. `threads` decode it, 0 for as
    many as ffmpeg likes.

    ffmpeg opens nothing but files for it: a playlist in a file cannot lead to a network.
    """
    with ffmpeg_options("protocol_whitelist;file"):
        wanted = [cv2.CAP_PROP_N_THREADS, threads] if threads else []
        return cv2.VideoCapture(file_name(path), cv2.CAP_FFMPEG, wanted)


@contextmanager
def ffmpeg_options(options: str) -> Iterator[None]:
    """The options ("key;value|key;value") of every capture that is opened in the block. OpenCV
    reads them from the environment; what the user has set there does not count."""
    with _options_lock:
        before = os.environ.get(_OPTIONS)
        os.environ[_OPTIONS] = options
        try:
            yield
        finally:
            if before is None:
                del os.environ[_OPTIONS]
            else:
                os.environ[_OPTIONS] = before
