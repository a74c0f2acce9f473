"""Cameras at an address: only the typed computer is contacted, whatever the environment and the
camera say, and a camera is let go at once.

Servers here count who asks them. `localhost` is another computer than `127.0.0.1`.
"""

from __future__ import annotations

import base64
import resource
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from phone import phone
from rtsp_camera import rtsp_camera
from test_video import write_video

from posecheck.io.vision.camera import CameraError, open_source
from posecheck.io.vision.opencv import cv2, open_file


class Server:
    """requests  lines of what it was asked for; headers of the newest"""

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[str] = []
        self.user = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def elsewhere(self) -> str:
        """The same server under another computer's name."""
        return f"http://localhost:{self.port}"


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.requests.append(self.requestline)
            asked.user = self.headers.get("Authorization", "")
            answer(self)

        def do_CONNECT(self) -> None:
            asked.requests.append(self.requestline)
            self.send_error(502)

        def log_message(self, format: str, *args: object) -> None:
            pass

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    serving.daemon_threads = True
    asked = Server(serving.server_port)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield asked
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


JPEG = cv2.imencode(".jpg", np.full((48, 64, 3), 90, np.uint8))[1].tobytes()


def begin(handler: BaseHTTPRequestHandler, kind: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.end_headers()


def jpegs(*pictures: bytes, stated: int | None = None, stall_s: float = 0.0) -> Answer:
    """Sends these pictures, then nothing for a while."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, "multipart/x-mixed-replace; boundary=next")
        for picture in pictures:
            length = len(picture) if stated is None else stated
            head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
            handler.wfile.write(head.encode() + picture + b"\r\n")
        handler.wfile.write(b"--next\r\n")
        ended.wait(stall_s)

    return answer


ended = threading.Event()


def content(kind: str, data: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, kind)
        handler.wfile.write(data)

    return answer


def redirect(address: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/there":
            return jpegs(JPEG, JPEG)(handler)
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.end_headers()
        return None

    return answer


def error(address: str) -> str:
    with pytest.raises(CameraError) as caught:
        open_source(address)
    return str(caught.value)


# --- nobody else is contacted -------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_redirection_to_another_computer_is_refused(scheme: str) -> None:
    with server(jpegs(JPEG)) as other:
        there = f"{scheme}://me:secret@localhost:{other.port}/x?key=secret"
        if scheme == "http":
            with server(redirect(there)) as camera:
                message = error(camera.address)
        else:
            with rtsp_camera(there) as camera_at:
                message = error(f"rtsp://u:secret@127.0.0.1:{camera_at.port}/a")
        assert "sends on to another address" in message
        assert "localhost" in message
        assert "secret" not in message
        assert other.requests == []


def test_the_same_servers_are_found_by_who_follows() -> None:
    """Controls: Python's own opener follows the redirection, and ffmpeg that of rtsp."""
    with server(content("text/plain", b"")) as other:
        with server(redirect(f"{other.elsewhere}/x")) as camera:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                camera.address
            ).close()
        assert other.requests == ["GET /x HTTP/1.1"]
    with rtsp_camera("rtsp://127.0.0.1:1/") as other_camera:
        with rtsp_camera(f"rtsp://127.0.0.1:{other_camera.port}/x") as camera_at:
            cv2.VideoCapture(f"rtsp://127.0.0.1:{camera_at.port}/a", cv2.CAP_FFMPEG)
        assert len(other_camera.requests) == 1


def test_a_redirection_on_the_same_computer_is_followed() -> None:
    with server(redirect("/there")) as camera, open_source(camera.address) as source:
        assert source.size == (64, 48)


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def test_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(content("text/plain", b"")) as proxy, server(jpegs(JPEG, JPEG)) as camera:
        for name in PROXIES:
            monkeypatch.setenv(name, proxy.address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        # Control: both of these would have asked the proxy.
        urllib.request.urlopen(camera.address).close()
        cv2.VideoCapture(camera.address, cv2.CAP_FFMPEG)
        asked = len(proxy.requests)
        assert asked >= 2
        with open_source(camera.address) as source:
            assert source.size == (64, 48)
        with rtsp_camera() as other, open_source(f"rtsp://127.0.0.1:{other.port}/a") as source:
            assert source.size == (64, 48)
        assert len(proxy.requests) == asked


@pytest.mark.parametrize("kind", ["application/vnd.apple.mpegurl", "video/mp2t", "text/plain"])
def test_a_playlist_leads_nowhere(kind: str) -> None:
    """Also where the camera calls it something else. Control: ffmpeg alone follows it."""
    with server(content("video/mp2t", bytes(2000))) as other:
        playlist = (
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\n"
            f"{other.elsewhere}/x.ts\n#EXT-X-ENDLIST\n"
        )
        with server(content(kind, playlist.encode())) as camera:
            message = error(f"{camera.address}/live.m3u8")
            assert ("playlist" in message) == ("mpegurl" in kind), message
            assert other.requests == []
            if kind == "application/vnd.apple.mpegurl":
                cv2.VideoCapture(f"{camera.address}/live.m3u8", cv2.CAP_FFMPEG)
                assert "GET /x.ts HTTP/1.1" in other.requests


def test_a_playlist_in_a_file_leads_nowhere(tmp_path: Path) -> None:
    with server(content("video/mp2t", bytes(2000))) as other:
        path = tmp_path / "clip.m3u8"
        path.write_text(f"#EXTM3U\n#EXTINF:2,\n{other.address}/x.ts\n#EXT-X-ENDLIST\n")
        assert not open_file(path).isOpened()
        (tmp_path / "clip.ffconcat").write_text(f"ffconcat version 1.0\nfile {other.address}/x\n")
        assert not open_file(tmp_path / "clip.ffconcat").isOpened()
        assert other.requests == []


# --- what a camera is asked, and what is said of it ---------------------------------------------


def test_user_and_password_go_to_the_camera_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "Authorization" in handler.headers:
            return jpegs(JPEG, JPEG)(handler)
        handler.send_response(401)
        handler.send_header("WWW-Authenticate", 'Basic realm="camera"')
        handler.end_headers()
        return None

    with server(answer) as camera:
        with open_source(f"http://me:pass%2Fword@127.0.0.1:{camera.port}/v?a=1") as source:
            assert source.name == f"{camera.address}/v"
        assert base64.b64decode(camera.user.split()[1]) == b"me:pass/word"
        assert all("pass" not in line for line in camera.requests)
        assert "asks for a user and a password" in error(camera.address)


@pytest.mark.parametrize(
    "address",
    [
        *("http://[", "http://[::1", "http://", "http:///x", "ftp://me:secret@h/x", "HTTP://me@"),
        *("http://me:secret/x@h/", "http://h:99999/", "http://h:x/", "rtsp://me:secret#1@h/x"),
        *("http://me:secret@a\nb/", "http://\udcff/", "http://me:secret@" + "x" * 300 + "/"),
    ],
)
def test_an_impossible_address_is_a_sentence_without_a_password(address: str) -> None:
    message = error(address)
    assert "secret" not in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("text/html", "is a web page"), ("image/jpeg", "is a single picture")],
)
def test_what_is_no_video_is_named(kind: str, said: str) -> None:
    with server(content(kind, JPEG)) as camera:
        assert said in error(camera.address)


def test_another_kind_of_video_is_decoded(tmp_path: Path) -> None:
    data = write_video(tmp_path / "clip.avi", 20).read_bytes()
    with server(content("video/x-msvideo", data)) as camera, open_source(camera.address) as source:
        assert source.size == (64, 48)
        assert next(iter(source)).image.shape == (48, 64, 3)


# --- damage, lies and stalls --------------------------------------------------------------------


def test_a_damaged_first_picture_is_tried_again() -> None:
    damaged = jpegs(b"\xff\xd8no", JPEG[:30], JPEG)
    with server(damaged) as camera, open_source(camera.address) as source:
        assert abs(next(iter(source)).image - 90.0).max() <= 2


@pytest.mark.parametrize("length", [3, 2_000_000_000])
def test_a_part_that_lies_about_its_length(length: int) -> None:
    lying = jpegs(JPEG, JPEG, JPEG, stated=length)
    with server(lying) as camera, open_source(camera.address) as source:
        assert source.size == (64, 48)


def test_an_endless_part_takes_bounded_memory() -> None:
    """It claims 2 GB and sends on and on."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, "multipart/x-mixed-replace; boundary=next")
        handler.wfile.write(b"--next\r\nContent-Length: 2000000000\r\n\r\n")
        for _ in range(300):
            handler.wfile.write(bytes(2**20))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with server(answer) as camera:
        assert "sends no pictures" in error(camera.address)
    unit = 1024 if sys.platform != "darwin" else 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit
    assert grown < 200 * 2**20


@pytest.mark.parametrize("kind", ["http", "lying http", "rtsp", "decoded"])
def test_a_stalled_camera_is_let_go_within_a_second(kind: str, tmp_path: Path) -> None:
    ended.clear()
    data = write_video(tmp_path / "clip.avi", 200).read_bytes()

    def decoded(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, "video/x-msvideo")
        handler.wfile.write(data[: len(data) // 2])
        ended.wait(20)

    answers = {
        "http": jpegs(JPEG, JPEG, stall_s=20),
        "lying http": jpegs(JPEG, JPEG, stated=2_000_000_000, stall_s=20),
        "decoded": decoded,
    }
    try:
        if kind == "rtsp":
            with rtsp_camera() as camera_at:
                assert seconds_to_close(f"rtsp://127.0.0.1:{camera_at.port}/a") < 1.0
        else:
            with server(answers[kind]) as camera:
                assert seconds_to_close(camera.address) < 1.0
                ended.set()
    finally:
        ended.set()


def seconds_to_close(address: str) -> float:
    """Read until the camera stalls, then close it."""
    source = open_source(address)
    waiting = threading.Event()

    def read() -> None:
        for _ in source:
            waiting.set()

    reader = threading.Thread(target=lambda: _quietly(read))
    reader.start()
    assert waiting.wait(5)
    while waiting.wait(0.2):  # until no further picture comes: what was sent is read
        waiting.clear()
    began = time.perf_counter()
    source.close()
    seconds = time.perf_counter() - began
    reader.join()
    return seconds


def _quietly(read: Callable[[], None]) -> None:
    with suppress(CameraError):
        read()


def test_a_camera_that_does_not_answer_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.perf_counter()
        assert "does not answer" in error(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        assert time.perf_counter() - began < 5


def test_a_phone_with_a_password_works_as_before() -> None:
    with phone() as app:
        for value in range(0, 200, 5):
            app.send.put(value)
        with open_source(app.address.replace("//", "//me:secret@") + "/video") as source:
            assert next(iter(source)).image.shape == (48, 64, 3)
            app.send.put(None)
