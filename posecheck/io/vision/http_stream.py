"""A connection to the http address of a camera: to the computer that the user named and no other.

Python makes the connection, not ffmpeg: ffmpeg would send the request to the proxy that the
environment names, and follow the server to any other computer. A read can be ended at once from
another thread.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from threading import Thread
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from posecheck.io.vision.source import CameraError

ACCEPT_S = 3.0
"""Seconds until ffmpeg has connected."""

READ_BYTES = 64 * 2**10

OTHER_COMPUTER = (
    "sends on to another address ({address}). posecheck contacts only the address that you typed. "
    "If you trust that one, give it instead."
)


class HttpStream:
    """The answer of a camera.

    url        without user and password
    user, password  for the camera, when it asks
    timeout_s  for the connection, and for each read

    Raises CameraError when the camera sends on to another computer, HTTPError of a refusal, another
    OSError when it cannot be reached, ValueError for an impossible address.
    """

    def __init__(self, url: SplitResult, timeout_s: float) -> None:
        self._host = url.hostname or ""
        self._cords: list[socket.socket] = []
        self.deadline_s: float | None = None
        netloc = url.netloc.rpartition("@")[2]
        path = quote(url.path, safe="/%:@!$&'()*+,;=~")
        address = urlunsplit(
            (url.scheme, netloc, path or "/", quote(url.query, safe="/%:@!$&'()*+,;=~?"), "")
        )
        passwords = HTTPPasswordMgrWithDefaultRealm()
        if url.username is not None:
            user, word = unquote(url.username), unquote(url.password or "")
            passwords.add_password(None, address, user, word)
        opener = build_opener(
            ProxyHandler({}),
            _Plain(self),
            _Encrypted(self),
            _SameComputer(self._host),
            HTTPBasicAuthHandler(passwords),
            HTTPDigestAuthHandler(passwords),
        )
        opener.addheaders = [("User-Agent", "posecheck"), ("Accept", "*/*")]
        try:
            self._answer: HTTPResponse = opener.open(address, timeout=timeout_s)
        except HTTPException as error:
            self.close()
            raise OSError("it does not speak http") from error
        except HTTPError as error:
            error.close()
            self.close()
            raise
        except URLError as error:
            self.close()
            if isinstance(error.reason, OSError):
                raise error.reason from error
            raise
        except BaseException:
            self.close()
            raise

    @property
    def kind(self) -> str:
        """The type of the content, in lower case."""
        return self._answer.headers.get_content_type()

    @property
    def boundary(self) -> str:
        """What stands between the parts of a multipart stream; "" when it is not named."""
        return str(self._answer.headers.get_param("boundary") or "")

    def read(self, size: int) -> bytes:
        """Up to `size` bytes as soon as there are some; b"" at the end and after `interrupt`.
        Raises OSError."""
        if self.deadline_s is not None and time.perf_counter() > self.deadline_s:
            raise TimeoutError
        try:
            return self._answer.read1(size)
        except (HTTPException, ValueError):  # the stream is cut off
            return b""

    def interrupt(self) -> None:
        """End a read in another thread at once."""
        for cord in self._cords:
            with suppress(OSError):
                cord.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.interrupt()
        for cord in self._cords:
            cord.close()
        if hasattr(self, "_answer"):
            with suppress(OSError):
                self._answer.close()

    def connected(self, connection: HTTPConnection) -> None:
        """Keep a second handle of a new connection, to end it by."""
        made = connection.sock
        self._cords.append(socket.fromfd(made.fileno(), made.family, made.type))

    def check(self, host: str) -> None:
        """CameraError unless it is the computer that the user named."""
        if host.strip("[]").casefold() != self._host.casefold():
            raise CameraError(OTHER_COMPUTER.format(address=host))


class _Plain(HTTPHandler):
    def __init__(self, stream: HttpStream) -> None:
        super().__init__()
        self._stream = stream

    def http_open(self, request: Request) -> HTTPResponse:
        stream = self._stream

        class Connection(HTTPConnection):
            def connect(self) -> None:
                stream.check(self.host)
                super().connect()
                stream.connected(self)

        return self.do_open(Connection, request)


class _Encrypted(HTTPSHandler):
    def __init__(self, stream: HttpStream) -> None:
        # Cameras sign their certificates themselves, so these cannot be verified.
        self._context = unverified()
        super().__init__(context=self._context)
        self._stream = stream

    def https_open(self, request: Request) -> HTTPResponse:
        stream = self._stream

        class Connection(HTTPSConnection):
            def connect(self) -> None:
                stream.check(self.host)
                super().connect()
                stream.connected(self)

        return self.do_open(Connection, request, context=self._context)


def unverified() -> ssl.SSLContext:
    """Encryption without a proof of who answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class _SameComputer(HTTPRedirectHandler):
    """Follows the camera to another address of the same computer only."""

    def __init__(self, host: str) -> None:
        self._host = host

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        there = urlsplit(newurl)
        if there.hostname != self._host or there.scheme not in ("http", "https"):
            shown = f"{there.scheme}://{there.netloc.rpartition('@')[2]}"
            fp.close()
            raise CameraError(OTHER_COMPUTER.format(address=shown))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Feeder:
    """Hands a stream to ffmpeg at a port of this computer, where ffmpeg needs no address of the
    camera.

    address  for ffmpeg
    """

    def __init__(self, stream: HttpStream) -> None:
        self._stream = stream
        self._server = socket.create_server(("127.0.0.1", 0), backlog=1)
        self._server.settimeout(ACCEPT_S)
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._client: socket.socket | None = None
        self._thread = Thread(target=self._feed, name="camera feeder", daemon=True)
        self._thread.start()

    def interrupt(self) -> None:
        """End the stream, so that ffmpeg reads nothing more. Does not wait."""
        self._stream.interrupt()
        if self._client is not None:
            with suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it. May be called twice."""
        self.interrupt()
        self._thread.join()
        self._stream.close()

    def _feed(self) -> None:
        try:
            with self._server:  # the first that connects is ffmpeg; nobody else is let in
                self._client, _ = self._server.accept()
            with self._client:
                while data := self._stream.read(READ_BYTES):
                    self._client.sendall(data)
        except OSError:  # one of both has ended
            pass


__all__ = ["OTHER_COMPUTER", "Feeder", "HTTPError", "HttpStream", "unverified"]
