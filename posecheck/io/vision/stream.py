"""A stream at an address, such as the camera app of a phone.

With `http_stream.py` and `rtsp_relay.py` the one place of posecheck that uses a network, and only
for an address that the user typed.
"""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray

from posecheck.io.diagnosis.private import argument_without_secrets
from posecheck.io.errors import system_reason
from posecheck.io.vision.http_stream import OTHER_COMPUTER, Feeder, HTTPError, HttpStream
from posecheck.io.vision.live_capture import Capture, LiveCapture, first_frame
from posecheck.io.vision.multipart import Multipart, StreamOverError
from posecheck.io.vision.opencv import cv2, ffmpeg_options
from posecheck.io.vision.rtsp_relay import PORTS, RtspRelay
from posecheck.io.vision.source import CameraError, Source

STREAM_TIMEOUT_S = 3.0
"""For the connection, and for the first picture."""

FIRST_TRIES = 10
"""So many pictures at the start may be damaged."""

_TIMEOUTS = [
    *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(1000 * STREAM_TIMEOUT_S)),
    *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(1000 * STREAM_TIMEOUT_S)),
]

_FORMATS = "mpegts,mpeg,matroska,avi,flv,mov,ogg,asf,h264,hevc,mjpeg,m4v,mpegvideo"
"""Kinds of video that ffmpeg may take from an http address. Playlists, which name other addresses,
are not among them."""

_NO_PICTURES = (
    "answers, but sends no pictures. Check the path after the computer's name, "
    "and that the camera app is sending."
)


def open_stream(address: str, min_interval_s: float) -> Source:
    """Open an http(s) or rtsp(s) address. Raises CameraError.

    The name of the source is the address without user, password and query.
    """
    name = stream_name(address)
    url = _split(address, name)
    opened = _open_http if url.scheme in ("http", "https") else _open_rtsp
    try:
        # No rate: a stream of JPEGs states none, and ffmpeg then invents 25.
        return opened(url, name, min_interval_s)
    except HTTPError as error:
        raise CameraError(f"{name} {_refusal(error.code)}") from error
    except (OSError, ValueError) as error:
        raise CameraError(f"{name} {_trouble(error)}") from error


def stream_name(address: str) -> str:
    """An address as it may be shown: without user, password, query and fragment."""
    return argument_without_secrets(address).partition("?")[0].partition("#")[0]


def _split(address: str, name: str) -> SplitResult:
    """The parts of an address. Raises CameraError."""
    try:
        url = urlsplit(address)
        known, host = url.scheme in PORTS, url.hostname
    except ValueError:  # as in http://[
        known, host = True, None
    if not known or not host:
        raise CameraError(
            f"{name} is no address of a stream: it has to begin with http://, https:// or rtsp://, "
            "and the name of a computer has to follow."
        )
    try:
        _ = url.port
    except ValueError as error:
        raise CameraError(
            f"{name} names a computer or port that does not exist. Check the address; in a "
            "password write %2F for /, %3F for ? and %23 for #."
        ) from error
    return url


# --- http ---------------------------------------------------------------------------------------


class _Jpegs:
    """A multipart stream, read like a capture of OpenCV."""

    def __init__(self, stream: HttpStream) -> None:
        self._stream = stream
        self._parts = Multipart(stream.read, stream.boundary)
        self._jpeg = b""

    def grab(self) -> bool:
        try:
            self._jpeg = self._parts.next_picture()
        except (OSError, StreamOverError):
            return False
        return True

    def retrieve(self) -> tuple[bool, NDArray[np.uint8]]:
        """The picture grabbed last, undecoded, as `LiveCapture` takes it."""
        return bool(self._jpeg), np.frombuffer(self._jpeg, np.uint8)[np.newaxis]

    def release(self) -> None:
        self._stream.close()


def _open_http(url: SplitResult, name: str, min_interval_s: float) -> Source:
    """Raises CameraError, OSError, ValueError."""
    deadline_s = time.perf_counter() + 2 * STREAM_TIMEOUT_S
    try:
        stream = HttpStream(url, STREAM_TIMEOUT_S)
    except CameraError as error:
        raise CameraError(f"{name} {error}") from error
    with ExitStack() as stack:
        stack.callback(stream.close)
        stream.deadline_s = deadline_s
        capture: Capture = _Jpegs(stream)
        ending: HttpStream | Feeder = stream
        if not stream.kind.startswith("multipart/"):
            _refuse_kind(stream.kind, name)
            capture, ending = _decoded(stream, stack)
        first = first_frame(capture, FIRST_TRIES)
        if first is None:
            raise CameraError(f"{name} {_NO_PICTURES}")
        stream.deadline_s = None
        source = LiveCapture(
            capture, first, name, None, min_interval_s, ending.interrupt, ending.close
        )
        stack.pop_all()
    return source


def _refuse_kind(kind: str, name: str) -> None:
    """CameraError for what is no stream of pictures."""
    if "mpegurl" in kind or "dash" in kind:
        raise CameraError(
            f"{name} is a playlist, which may lead to other computers, and whose pictures come "
            "seconds late. Give the camera's MJPEG or rtsp address instead."
        )
    if kind.startswith("image/"):
        raise CameraError(
            f"{name} is a single picture. Give the address of the camera's video instead."
        )
    if kind == "text/html":
        raise CameraError(
            f"{name} is a web page. Give the address of the video itself; the camera app shows it, "
            "and it often ends in /video or /mjpeg."
        )


def _decoded(stream: HttpStream, stack: ExitStack) -> tuple[cv2.VideoCapture, Feeder]:
    """ffmpeg, which gets the bytes of the stream and may open nothing else."""
    feeder = Feeder(stream)
    stack.callback(feeder.close)
    with ffmpeg_options(f"protocol_whitelist;tcp|format_whitelist;{_FORMATS}"):
        capture = cv2.VideoCapture(feeder.address, cv2.CAP_FFMPEG, _TIMEOUTS)
    stack.callback(capture.release)
    return capture, feeder


# --- rtsp ---------------------------------------------------------------------------------------


def _open_rtsp(url: SplitResult, name: str, min_interval_s: float) -> Source:
    """Raises CameraError, OSError, ValueError."""
    relay = RtspRelay(url, STREAM_TIMEOUT_S)
    with ExitStack() as stack:
        stack.callback(relay.close)
        # Only over the one connection: other transports open more, to where the camera wants.
        with ffmpeg_options("rtsp_transport;tcp|protocol_whitelist;rtsp,tcp"):
            capture = cv2.VideoCapture(relay.address, cv2.CAP_FFMPEG, _TIMEOUTS)
        stack.callback(capture.release)
        first = first_frame(capture, FIRST_TRIES) if capture.isOpened() else None
        if relay.redirected:
            raise CameraError(
                f"{name} {OTHER_COMPUTER.format(address=stream_name(relay.redirected))}"
            )
        if first is None:
            raise CameraError(f"{name} {_NO_PICTURES}")
        source = LiveCapture(
            capture, first, name, None, min_interval_s, relay.interrupt, relay.close
        )
        stack.pop_all()
    return source


# --- sentences ----------------------------------------------------------------------------------


def _refusal(code: int) -> str:
    """What an http status means, as the rest of a sentence that begins with the address."""
    if code in (401, 403):
        return (
            "asks for a user and a password, or refuses those in the address. Give them as in "
            "http://USER:PASSWORD@computer/video."
        )
    return f"answers with error {code}. Check the path after the computer's name."


def _trouble(error: OSError | ValueError) -> str:
    """Why an address gave nothing, likewise."""
    if isinstance(error, (socket.gaierror, ValueError)):
        return "names a computer or port that does not exist. Check the address."
    if isinstance(error, TimeoutError):
        return "does not answer. Check that both devices are in the same network."
    return (
        f"cannot be reached ({system_reason(error)}). "
        "Check that the camera app is running and the address is right."
    )
