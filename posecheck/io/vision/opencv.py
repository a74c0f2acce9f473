"""The one place that imports OpenCV.

The import changes the environment: it points Qt at OpenCV's own plugins, which breaks a PySide6
window, and prepends to the library path that child processes inherit. Both are restored here.
OpenCV and its ffmpeg also print to stderr when a source does not open; they are silenced, because
posecheck reports that itself (a variable that is already set is kept).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

_CHANGED_BY_IMPORT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")

os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
# Windows: Media Foundation takes many seconds to open a camera with its hardware transforms.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# Linux: seconds a read may wait for an unplugged camera; 10 by default, and close() waits for it.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")

_before = {name: os.environ.get(name) for name in _CHANGED_BY_IMPORT}

import cv2  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2", "file_name"]


def file_name(path: Path) -> str:
    """A file's name for OpenCV: bytes where the name cannot be encoded, because such a str crashes
    the process."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return cast(str, os.fsencode(path))
    return str(path)
