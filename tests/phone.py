"""A phone as a camera: a real MJPEG stream on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue

import numpy as np

from posecheck.io.vision.opencv import cv2


class Phone:
    """Serve a camera app: it sends the greys put into `send` as MJPEG; None ends the connection.

    A grey is a picture of 64 x 48, a negative one of the phone turned upright: 48 x 64.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.send: SimpleQueue[int | None] = SimpleQueue()


@contextmanager
def phone() -> Iterator[Phone]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/video") else 404)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            while self.path.startswith("/video") and (value := app.send.get()) is not None:
                shape = (48, 64, 3) if value >= 0 else (64, 48, 3)
                jpeg = cv2.imencode(".jpg", np.full(shape, abs(value), np.uint8))[1].tobytes()
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    app = Phone(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield app
    finally:
        app.send.put(None)
        server.shutdown()
        server.server_close()
        thread.join()
