"""Stands between ffmpeg and an rtsp camera, so that ffmpeg cannot be sent on to another computer.

ffmpeg follows a camera's redirection to any address. Here it connects to a port of this computer; a
thread passes on what both sides send and ends the connection at a redirection. Ending it from
another thread also ends a read of ffmpeg at once.
"""

from __future__ import annotations

import re
import selectors
import socket
from contextlib import suppress
from threading import Thread
from urllib.parse import SplitResult

from posecheck.io.vision.http_stream import unverified

PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}

LONGEST_HEAD = 64 * 2**10
READ_BYTES = 64 * 2**10

_STATUS = re.compile(rb"RTSP/\d\.\d (\d{3})")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,8})[ \t]*\r?$", re.I | re.M)
_LOCATION = re.compile(rb"^location:[ \t]*(\S{1,1000})", re.I | re.M)


class Replies:
    """Watches what a camera sends.

    redirected  the address to which the camera has sent on, "" when it has not
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._pass = 0  # bytes of a picture or of a body that are still to come
        self.redirected = ""

    def passed(self, data: bytes) -> bytes | None:
        """What may be passed on of the data and what came before; None when the camera sends on to
        another address, or does not speak rtsp."""
        self._data += data
        end = 0
        while True:
            step = min(self._pass, len(self._data) - end)
            end, self._pass = end + step, self._pass - step
            length = self._message(end) if self._pass == 0 else 0
            if length is None:
                return None
            if length == 0:
                break
            self._pass = length
        ready = bytes(self._data[:end])
        del self._data[:end]
        return ready

    def _message(self, at: int) -> int | None:
        """Bytes of the message that begins here, 0 when its head is not whole yet."""
        head = bytes(self._data[at : at + LONGEST_HEAD])
        if head[:1] == b"$":  # pictures: channel, length
            return 4 + int.from_bytes(head[2:4]) if len(head) >= 4 else 0
        end = head.find(b"\r\n\r\n")
        if end < 0:
            return 0 if len(head) < LONGEST_HEAD else None
        head = head[: end + 2]
        status = _STATUS.match(head)
        if status is not None and status[1].startswith(b"3"):
            place = _LOCATION.search(head)
            self.redirected = place[1].decode("ascii", "replace") if place else "?"
            return None
        length = _LENGTH.search(head)
        return end + 4 + (int(length[1]) if length is not None else 0)


class RtspRelay:
    """A connection to a camera, and the address at which ffmpeg finds it.

    address     for ffmpeg, with user and password
    redirected  as in `Replies`

    Raises OSError when the camera cannot be reached, ValueError for an impossible port.
    """

    def __init__(self, url: SplitResult, timeout_s: float) -> None:
        place = (url.hostname or "", url.port or PORTS[url.scheme])
        camera = socket.create_connection(place, timeout_s)
        try:
            if url.scheme == "rtsps":
                camera = unverified().wrap_socket(camera)
            self._server = socket.create_server(("127.0.0.1", 0), backlog=1)
        except BaseException:
            camera.close()
            raise
        self._camera = camera
        self._client: socket.socket | None = None
        self._replies = Replies()
        self._closed = False
        # It wakes the thread: a socket that another thread closes does not end a wait for it.
        self._wake, self._woken = socket.socketpair()
        user, at, _ = url.netloc.rpartition("@")
        here = f"{user}{at}127.0.0.1:{self._server.getsockname()[1]}"
        self.address = url._replace(scheme="rtsp", netloc=here).geturl()
        self._timeout_s = timeout_s
        self._thread = Thread(target=self._run, name="camera relay", daemon=True)
        self._thread.start()

    @property
    def redirected(self) -> str:
        return self._replies.redirected

    def interrupt(self) -> None:
        """End the connection, so that ffmpeg reads nothing more. Does not wait."""
        self._closed = True
        with suppress(OSError):
            self._wake.send(b".")

    def close(self) -> None:
        """End it. May be called twice."""
        self.interrupt()
        self._thread.join()
        self._wake.close()

    def _run(self) -> None:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._server, selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                while not self._closed:
                    for key, _ in selector.select():
                        if key.fileobj is self._server:
                            self._accept(selector)
                        elif key.fileobj is not self._woken and not self._pump(key.fileobj):
                            return
        finally:
            for each in (self._client, self._camera, self._server, self._woken):
                if each is not None:
                    each.close()

    def _accept(self, selector: selectors.BaseSelector) -> None:
        """The first that connects is ffmpeg; nobody else is let in."""
        client, _ = self._server.accept()
        self._client = client
        client.settimeout(self._timeout_s)
        selector.unregister(self._server)
        self._server.close()
        selector.register(client, selectors.EVENT_READ)
        selector.register(self._camera, selectors.EVENT_READ)

    def _pump(self, ready: object) -> bool:
        """Pass on what one side has sent. Whether the connection goes on."""
        if self._client is None:
            return False
        try:
            if ready is self._client:
                data = self._client.recv(READ_BYTES)
                self._camera.sendall(data)
                return bool(data)
            while True:
                data = self._camera.recv(READ_BYTES)
                passed = self._replies.passed(data)
                if not data or passed is None:
                    return False
                self._client.sendall(passed)
                # An encrypted connection may hold more than the selector knows of.
                if not getattr(self._camera, "pending", lambda: 0)():
                    return True
        except OSError:
            return False
