"""A stream at an address, such as the camera app of a phone.

The one place of posecheck that uses a network, and only for an address that the user typed.
"""

from __future__ import annotations

import socket
from urllib.parse import SplitResult, urlsplit

from posecheck.io.errors import system_reason
from posecheck.io.vision.live_capture import LiveCapture, first_frame
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.source import CameraError, Source

STREAM_TIMEOUT_MS = 3000

_MJPG = cv2.VideoWriter.fourcc(*"MJPG")


def open_stream(address: str, min_interval_s: float) -> Source:
    """Open an http(s) or rtsp(s) address. Raises CameraError.

    The name of the source is the address without user, password and query.
    """
    url = urlsplit(address)
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
        # ffmpeg would silently scale all pictures to the size of the first, so that a turned phone
        # gave a squashed person. Undecoded JPEGs keep their size; decoding them here takes no
        # longer. Other codecs (H.264) are always decoded by ffmpeg, and stay squashed.
        capture.set(cv2.CAP_PROP_FORMAT, -1)
    first = first_frame(capture, tries=1) if capture.isOpened() else None
    if first is None:
        capture.release()
        raise CameraError(f"{name} {_stream_trouble(url)}")
    # No rate: a stream of JPEGs states none, and ffmpeg then invents 25.
    return LiveCapture(capture, first, name, None, min_interval_s)


def _stream_trouble(url: SplitResult) -> str:
    """What is wrong with an address that gave no picture, as the rest of a sentence that begins
    with the address."""
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
            f"cannot be reached ({system_reason(error)}). "
            "Check that the camera app is running and the address is right."
        )
    return (
        "answers, but sends no pictures. Check the path after the computer's name, "
        "and that the camera app is sending."
    )
