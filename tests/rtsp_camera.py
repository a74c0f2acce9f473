"""A network camera that speaks rtsp, on this machine: MPEG-4 pictures in the connection itself."""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from posecheck.io.vision.opencv import cv2

SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 MP4V-ES/90000\r\na=control:track1\r\n"
)


def mpeg4_pictures(count: int = 40) -> list[bytes]:
    """Pictures of 64 x 48 pixels, each as the encoder gave it, taken out of an AVI."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.avi"
        fourcc = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, 20, (64, 48))
        for index in range(count):
            writer.write(np.full((48, 64, 3), 5 * index, np.uint8))
        writer.release()
        data = path.read_bytes()
    pictures: list[bytes] = []
    at = data.index(b"movi")
    while (at := data.find(b"00dc", at)) >= 0 and len(pictures) < count:
        (size,) = struct.unpack_from("<I", data, at + 4)
        pictures.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    return pictures


class RtspCamera:
    """requests: what the camera was asked for, the first line of each."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[str] = []


@contextmanager
def rtsp_camera(redirect: str = "") -> Iterator[RtspCamera]:
    """A running camera, which then stalls. `redirect`: it only sends on to this address."""
    server = socket.create_server(("127.0.0.1", 0))
    camera = RtspCamera(server.getsockname()[1])
    connections: list[socket.socket] = []
    pictures = [] if redirect else mpeg4_pictures()

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                connections.append(connection)
                _talk(connection, camera, redirect, pictures)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield camera
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        thread.join()


def _talk(
    connection: socket.socket, camera: RtspCamera, redirect: str, pictures: list[bytes]
) -> None:
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            more = connection.recv(4096)
            if not more:
                return
            data += more
        head, _, data = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        camera.requests.append(lines[0])
        count = next(line for line in lines if line.lower().startswith("cseq"))
        method = lines[0].split()[0]
        if redirect:
            answer = f"RTSP/1.0 302 Moved\r\n{count}\r\nLocation: {redirect}\r\n\r\n"
        else:
            extra = {
                "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n",
                "DESCRIBE": f"Content-Type: application/sdp\r\nContent-Length: {len(SDP)}\r\n",
                "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
                "PLAY": "Session: 1\r\n",
            }.get(method, "Session: 1\r\n")
            answer = f"RTSP/1.0 200 OK\r\n{count}\r\n{extra}\r\n"
            answer += SDP if method == "DESCRIBE" else ""
        connection.sendall(answer.encode())
        if method == "PLAY":
            for index, picture in enumerate(pictures):
                packet = struct.pack(">BBHII", 0x80, 0x80 | 96, index, index * 4500, 1) + picture
                connection.sendall(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
