"""Opens whatever gives pictures: a webcam, a stream, a video file, a folder of images.

A live source has one thread that keeps only the newest frame, because a consumer slower than the
camera would otherwise lag further behind with each frame. The thread is joined by `close`: one
that is still inside OpenCV when the interpreter ends aborts the process.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Event, Thread, main_thread
from urllib.parse import SplitResult, urlsplit

import numpy as np

from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.video import (
    SLACK_S,
    CameraError,
    Image,
    Source,
    Video,
    as_image,
    is_image,
    open_images,
    size_of,
)
from posecheck.pose import Frame

__all__ = [
    "NO_CAMERA",
    "NO_NAME",
    "CameraError",
    "CameraInfo",
    "CameraLost",
    "Live",
    "Source",
    "camera_trouble",
    "list_cameras",
    "open_source",
]

PATIENCE_S = 2.0
"""A live source that gives no frame for so long is lost."""

FAILED_READS = 10
"""So many failed reads in a row, RETRY_S apart, are a lost camera; single ones happen."""

RETRY_S = 0.05

STREAM_TIMEOUT_MS = 3000

NO_CAMERA, NO_NAME = "No camera answers", "There is no file and no camera"
"""How the sentences of a CameraError begin when there is no such camera, by index and by name: a
window knows them by that, and tells what can be done there."""

_MJPG = cv2.VideoWriter.fourcc(*"MJPG")
_JPEG_END = np.array([0xFF, 0xD9], np.uint8)

_BACKENDS = {
    "win32": (cv2.CAP_DSHOW, cv2.CAP_MSMF),  # DirectShow first: Media Foundation opens slowly
    "darwin": (cv2.CAP_AVFOUNDATION,),
    "linux": (cv2.CAP_V4L2,),
}


class CameraLost(CameraError):
    """A live source stopped giving pictures of its size; opening it again may help."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera of this computer: the index to open it with, the name the system gives it."""

    index: int
    name: str


def open_source(
    spec: str | Path,
    *,
    fps: float = 10.0,
    camera_size: tuple[int, int] = (1280, 720),
    min_interval_s: float = 0.0,
) -> Source:
    """Open a source of frames; close it, or use `with`. Raises CameraError.

    spec         a file, a folder of images, an http(s) or rtsp address, a camera's index ("0") or
                 (part of) its name; a Path is never a camera's name
    fps          frames per second of a folder of images
    camera_size  (width, height) to ask a webcam for; it answers with the nearest it has
    every_s      seconds between frames; those between are not decoded (the desk needs few)

    On macOS call it on the main thread, so that the system can ask for permission.
    """
    text = str(spec)
    if isinstance(spec, str):
        if "://" in text:
            return _open_stream(text, min_interval_s)
        if re.fullmatch(r"\d{1,3}", text):
            return _open_camera(int(text), camera_size, min_interval_s)
    if device := re.fullmatch(r"/dev/video(\d+)", text):
        return _open_camera(int(device[1]), camera_size, min_interval_s)
    path = Path(spec).expanduser()
    if os.path.isdir(path) or is_image(path):
        return open_images(path, fps)
    if os.path.lexists(path) or isinstance(spec, Path) or _looks_like_path(text):
        return Video(path, min_interval_s)
    return _open_camera(_index_of(text), camera_size, min_interval_s)


def list_cameras() -> list[CameraInfo]:
    """The cameras that the system names, by index. None of them is opened."""
    # Imported here: a listing is rarely wanted, and the package reads the system when imported.
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    backend = _backends()[0]
    if backend not in supported_backends:
        return []
    found = (CameraInfo(info.index, info.name) for info in enumerate_cameras(backend))
    return sorted(found, key=lambda info: info.index)


class Live(Source):
    """An opened capture and the thread that empties it.

    `first` is the first picture, stamped by time.perf_counter(), which is monotonic everywhere;
    time.monotonic() moves in steps of 16 ms on Windows before Python 3.13. Stamps start there.

    All frames have its size. A picture of another one ends the iteration with CameraLost, since
    what was calibrated for the first size holds no more: whoever iterates opens it anew.
    """

    live = True

    def __init__(
        self,
        capture: cv2.VideoCapture,
        first: Frame,
        name: str,
        fps: float | None,
        min_interval_s: float,
    ) -> None:
        super().__init__(name, size_of(first.image))
        self.fps = fps
        self._capture = capture
        self._start_s = first.t  # of time.perf_counter()
        self.min_interval_s = min_interval_s
        self._grabbed_s = time.perf_counter()  # when the camera last had a picture
        self._changed = Condition()
        self._newest: Frame | None = Frame(0.0, first.image)
        self._ended = False
        self._turned = False  # ended by a picture of another size
        self._stop = Event()
        self._thread = Thread(target=self._keep_newest, name=f"camera {name}")
        self._thread.start()

    def __iter__(self) -> Iterator[Frame]:
        while not self._stop.is_set():
            with self._changed:
                self._wait_for_news()
                frame, self._newest = self._newest, None
            if frame is not None:
                yield frame
            elif not self._stop.is_set():
                raise CameraLost(self._trouble())

    def stop(self) -> None:
        self._stop.set()
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        self.stop()
        self._thread.join()

    def _trouble(self) -> str:
        if self._turned:
            return (
                f"{self.name} sends pictures of another size now, as a turned phone does. "
                "Open it again."
            )
        return (
            f"{self.name} stopped sending pictures. Check its cable or its app, and that "
            "no other program has taken it."
        )

    def _wait_for_news(self) -> None:
        """Until there is a picture, the end, or nothing has come from the camera for PATIENCE_S,
        however long the wait for the next picture that is wanted."""
        while not self._changed.wait_for(self._has_news, PATIENCE_S):
            if time.perf_counter() - self._grabbed_s >= PATIENCE_S:
                return

    def _has_news(self) -> bool:
        return self._newest is not None or self._ended or self._stop.is_set()

    def _keep_newest(self) -> None:
        try:
            for frame in self._read():
                with self._changed:
                    self._newest = frame
                    self._changed.notify_all()
                if self.on_frame is not None:
                    self.on_frame(frame.image)
        finally:
            # Released by the thread that reads: doing both at once crashes.
            self._capture.release()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _read(self) -> Iterator[Frame]:
        """The frames as they come, until `close`, until too many reads have failed or until the
        size changes."""
        failed, before_s = 0, 0.0
        # A program that ends without `close` waits for this thread, which therefore ends too.
        while failed < FAILED_READS and not self._stop.is_set() and main_thread().is_alive():
            found = self._capture.grab()
            now = time.perf_counter()
            t = now - self._start_s
            if found:
                self._grabbed_s = now
            # The rate is looked at anew each time: it may have become faster since.
            if found and t - before_s < self.min_interval_s - SLACK_S:
                failed = 0
                continue
            image = _retrieve(self._capture) if found else None
            if image is None:
                failed += 1
                self._stop.wait(RETRY_S)
                continue
            if size_of(image) != self.size:
                self._turned = True
                return
            failed, before_s = 0, t
            yield Frame(t, image)


def _backends() -> tuple[int, ...]:
    return _BACKENDS.get(sys.platform, (cv2.CAP_ANY,))


def _first_frame(capture: cv2.VideoCapture, tries: int) -> Frame | None:
    """The first picture, stamped by time.perf_counter(); None when no read gives one."""
    for _ in range(tries):
        image = _retrieve(capture) if capture.grab() else None
        if image is not None:
            return Frame(time.perf_counter(), image)
    return None


def _retrieve(capture: cv2.VideoCapture) -> Image | None:
    """The picture grabbed last; None when it is missing or damaged.

    One row of bytes is a JPEG that `_open_stream` has asked for undecoded. An orientation that the
    JPEG states is obeyed, and its end may be missing, as ffmpeg allows too.
    """
    found, data = capture.retrieve()
    if not found:
        return None
    if data.ndim > 2 or len(data) > 1:
        return as_image(data)
    try:
        image = cv2.imdecode(np.append(data, _JPEG_END), cv2.IMREAD_COLOR)
    except cv2.error:  # it states a size that no picture has
        return None
    return None if image is None else as_image(image)


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
            return Live(capture, first, name, rate if 0 < rate <= 240 else None, min_interval_s)
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
    """Ask for MJPG, then the size, then the rate: in any other order drivers forget the first."""
    if sys.platform != "darwin":
        # Uncompressed pictures of this size do not fit through USB 2 at 30 frames a second.
        capture.set(cv2.CAP_PROP_FOURCC, _MJPG)
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    capture.set(cv2.CAP_PROP_FPS, 30)
    return _first_frame(capture, tries=3)


def camera_trouble(
    index: int, *, opened: bool, denied: bool, found: list[CameraInfo], platform: str
) -> str:
    """Why camera `index` gives no picture, and what to do.

    opened  the system opened it, but no picture came
    denied  this user may not open the device (Linux)
    found   the cameras that the system names
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
    """The index of the camera with this name, or whose name alone contains it."""
    cameras = list_cameras()
    wanted = name.casefold()
    exact = [info for info in cameras if info.name.casefold() == wanted]
    near = exact[:1] or [info for info in cameras if wanted and wanted in info.name.casefold()]
    if len(near) == 1:
        return near[0].index
    listed = ", ".join(f"{info.index} ({info.name})" for info in cameras) or "none"
    what = "Several cameras are" if near else NO_NAME
    advice = "Give the number of one." if near else _advice(cameras)
    raise CameraError(f"{what} called '{name}'. Cameras found: {listed}. {advice}")


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or re.search(r"\.[A-Za-z]\w{1,4}$", text) is not None


def _open_stream(address: str, min_interval_s: float) -> Source:
    url = urlsplit(address)
    # Neither password nor query: the name is shown, and may end in a report.
    name = f"{url.scheme}://{(url.netloc.rpartition('@')[2])}{url.path}"
    if url.scheme not in ("http", "https", "rtsp", "rtsps") or not url.hostname:
        raise CameraError(
            f"{name} is no address of a stream: it has to begin with http://, https:// or rtsp://."
        )
    timeouts = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_TIMEOUT_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, STREAM_TIMEOUT_MS),
    ]
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, timeouts)
    if capture.get(cv2.CAP_PROP_FOURCC) == _MJPG:
        # ffmpeg would scale all pictures to the size of the first and tell nobody, and whoever
        # turns the phone would look squashed. Undecoded JPEGs keep their size; decoding them here
        # takes no longer. Video of other codecs (H.264) comes only decoded, and stays squashed.
        capture.set(cv2.CAP_PROP_FORMAT, -1)
    first = _first_frame(capture, tries=1) if capture.isOpened() else None
    if first is None:
        capture.release()
        raise CameraError(f"{name} {_stream_trouble(url)}")
    # The rate is not asked for: a stream of JPEGs states none, and ffmpeg then invents 25.
    return Live(capture, first, name, None, min_interval_s)


def _stream_trouble(url: SplitResult) -> str:
    """What is wrong with an address that gave no picture, to be read after the address."""
    ports = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
    try:
        with socket.create_connection((url.hostname, url.port or ports[url.scheme]), 1.0):
            pass
    except (socket.gaierror, ValueError):
        return "names a computer or port that does not exist. Check the address."
    except TimeoutError:
        return "does not answer. Check that both devices are in the same network."
    except OSError as error:
        return (
            f"cannot be reached ({(error.strerror or str(error)).lower()}). "
            "Check that the camera app is running and the address is right."
        )
    return (
        "answers, but sends no pictures. Check the path after the computer's name, "
        "and that the camera app is sending."
    )
