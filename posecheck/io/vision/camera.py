"""Opens whatever gives frames: a webcam, a stream, a video file, a folder of images."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from posecheck.io.diagnosis.private import argument_without_secrets
from posecheck.io.vision.images import is_image, open_images
from posecheck.io.vision.live_capture import LiveCapture, first_frame
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import CameraError, CameraLost, Source, checked_fps
from posecheck.io.vision.video import Video
from posecheck.pose import Frame

__all__ = [
    "NO_CAMERA",
    "NO_NAME",
    "CameraError",
    "CameraInfo",
    "CameraLost",
    "Source",
    "camera_trouble",
    "list_cameras",
    "open_source",
]

NO_CAMERA, NO_NAME = "No camera answers", "There is no file and no camera"
"""Beginnings of the sentences of a CameraError about a camera that does not exist, by index and by
name. A window recognises them and shows what can be done there."""

_MJPG = cv2.VideoWriter.fourcc(*"MJPG")

_BACKENDS = {
    "win32": (cv2.CAP_DSHOW, cv2.CAP_MSMF),  # DirectShow first: Media Foundation opens slowly
    "darwin": (cv2.CAP_AVFOUNDATION,),
    "linux": (cv2.CAP_V4L2,),
}


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera of this computer: the index to open it with, and the system's name for it."""

    index: int
    name: str


def open_source(
    spec: str | Path,
    *,
    fps: float | None = None,
    camera_size: tuple[int, int] = (1280, 720),
    min_interval_s: float = 0.0,
) -> Source:
    """Open a source of frames; close it, or use `with`. Raises CameraError.

    spec            a file, a folder of images, an http(s) or rtsp address, a camera's index ("0")
                    or (part of) its name; a Path is never a camera's name
    fps             frames per second of a folder of images, or of a file that states no times.
                    None: a rate is assumed, and told in the source's `remarks`
    camera_size     (width, height) to ask a webcam for; it answers with its nearest size
    min_interval_s  as in `Source`

    On macOS, call it on the main thread, so that the system can ask for permission.
    """
    if fps is not None:
        checked_fps(fps)
    text = str(spec)
    if isinstance(spec, str):
        if "://" in text:
            # Imported here: files and webcams need nothing of a network.
            from posecheck.io.vision.stream import open_stream

            return open_stream(text, min_interval_s)
        if re.fullmatch(r"\d{1,3}", text):
            return _open_camera(int(text), camera_size, min_interval_s)
    if device := re.fullmatch(r"/dev/video(\d+)", text):
        return _open_camera(int(device[1]), camera_size, min_interval_s)
    path = local_path(spec)
    if os.path.isdir(path) or is_image(path):
        return open_images(path, fps, min_interval_s)
    if os.path.lexists(path) or isinstance(spec, Path) or _looks_like_path(text):
        return Video(path, min_interval_s, fps)
    return _open_camera(_index_of(text), camera_size, min_interval_s)


def local_path(spec: str | Path) -> Path:
    """The file or folder that the user means: `~` stands for a home folder, unless a file is called
    so."""
    path = Path(spec)
    if not os.path.lexists(path):
        with suppress(RuntimeError):  # nobody has that name
            return path.expanduser()
    return path


def list_cameras() -> list[CameraInfo]:
    """The cameras that the system lists, by index. None of them is opened."""
    # Imported here: a list is rarely needed, and the package reads the system when imported.
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    backend = _backends()[0]
    if backend not in supported_backends:
        return []
    found = (CameraInfo(info.index, info.name) for info in enumerate_cameras(backend))
    return sorted(found, key=lambda info: info.index)


def _backends() -> tuple[int, ...]:
    return _BACKENDS.get(sys.platform, (cv2.CAP_ANY,))


def _open_camera(index: int, size: tuple[int, int], min_interval_s: float) -> Source:
    opened = False
    for backend in _backends():
        capture = cv2.VideoCapture(index, backend)
        opened = opened or capture.isOpened()
        first = _start_camera(capture, size) if capture.isOpened() else None
        if first is not None:
            rate = capture.get(cv2.CAP_PROP_FPS)
            names = {info.index: info.name for info in list_cameras()}
            name = names.get(index, f"Camera {index}")
            return LiveCapture(
                capture, first, name, rate if 0 < rate <= 240 else None, min_interval_s
            )
        capture.release()
    device = Path(f"/dev/video{index}")
    raise CameraError(
        camera_trouble(
            index,
            opened=opened,
            denied=device.exists() and not os.access(device, os.R_OK | os.W_OK),
            found=list_cameras(),
            platform=sys.platform,
        )
    )


def _start_camera(capture: cv2.VideoCapture, size: tuple[int, int]) -> Frame | None:
    """Ask for MJPG, then the size, then the rate; in any other order drivers drop the first.

    The first picture; None when none comes.
    """
    if sys.platform != "darwin":
        # USB 2 cannot carry uncompressed pictures of this size 30 times a second.
        capture.set(cv2.CAP_PROP_FOURCC, _MJPG)
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    capture.set(cv2.CAP_PROP_FPS, 30)
    return first_frame(capture, tries=3)


def camera_trouble(
    index: int, *, opened: bool, denied: bool, found: list[CameraInfo], platform: str
) -> str:
    """Why camera `index` gives no picture, and what to do.

    opened  the system opened it, but no picture came
    denied  this user may not open the device (Linux)
    found   the cameras that the system lists
    """
    listed = ", ".join(f"{info.index} ({info.name})" for info in found)
    present = opened or denied or index in {info.index for info in found}
    if denied:
        return (
            f"This user may not open camera {index}. Run: sudo usermod -aG video $USER "
            "- then log out and in again."
        )
    if present and platform == "darwin":
        return (
            f"macOS gives no picture of camera {index}. Allow it for this program or terminal in "
            "System Settings > Privacy & Security > Camera, and close other programs that use it."
        )
    if present:
        also = ", and allow it in Settings > Privacy & security > Camera"
        return (
            f"Camera {index} is there but gives no picture: another program seems to use it. "
            f"Close that program{also if platform == 'win32' else ''}, then try again."
        )
    if found:
        return f"{NO_CAMERA} at index {index}. Cameras found: {listed}. {_advice(found)}"
    return f"{NO_CAMERA} at index {index}, and none was found on this computer. {_advice(found)}"


def _advice(found: list[CameraInfo]) -> str:
    if found:
        return "Check the cable, or choose one of these."
    return "Connect one, or give a video file, a folder of images or a stream's address instead."


def _index_of(name: str) -> int:
    """The index of the camera with this name, or of the only one whose name contains it."""
    cameras = list_cameras()
    wanted = name.casefold()
    exact = [info for info in cameras if info.name.casefold() == wanted]
    near = exact[:1] or [info for info in cameras if wanted and wanted in info.name.casefold()]
    if len(near) == 1:
        return near[0].index
    listed = ", ".join(f"{info.index} ({info.name})" for info in cameras) or "none"
    what = "Several cameras are" if near else NO_NAME
    advice = "Give the number of one." if near else _advice(cameras)
    shown = argument_without_secrets(name)
    raise CameraError(f"{what} called '{shown}'. Cameras found: {listed}. {advice}")


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or re.search(r"\.[A-Za-z]\w{1,4}$", text) is not None
