"""How soon a session is there: a window, the camera's picture, the first verdict.

    uv run python benchmarks/start.py [--starts 3] [--clip CLIP] [--exercise ID] [--display]
                                      [--json]

The program is started as a user starts it, with a stream on this computer for a camera: the
frames of a clip at 1280x720, 30 a second. The times are those at which its log says so; the first
start does not count, because the files are not in memory yet. The exit code is 0 whether the goals
are met or not, because a busy machine is not a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np

from posecheck.io.paths import data_folder
from posecheck.io.store.settings import Settings, save_settings
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.opencv import cv2

EXERCISE = "standing_hamstring_reach"
FPS, SIZE = 30.0, (1280, 720)
GOALS_S = {"window": 0.5, "picture": 1.0, "verdict": 1.5}
MARKS = {"starting: shown": "window", "first picture": "picture", "first verdict": "verdict"}
"""What the log says -> what is there then."""
LONGEST_S = 60.0


@contextmanager
def camera(clip: Path) -> Iterator[str]:
    """The address of a stream of the clip's frames."""
    with open_source(clip) as source:
        images = [cv2.resize(frame.image, SIZE) for frame in source]
    jpegs = [cv2.imencode(".jpg", image)[1].tobytes() for image in images[:150]]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            try:
                for jpeg in cycle(jpegs):
                    size = f"Content-Length: {len(jpeg)}"
                    head = f"--next\r\nContent-Type: image/jpeg\r\n{size}\r\n\r\n"
                    self.wfile.write(head.encode() + jpeg + b"\r\n")
                    time.sleep(1 / FPS)
            except OSError:  # the program has closed the stream
                return

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/video"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def start(address: str, exercise: str, home: Path, display: bool) -> dict[str, float]:
    """Seconds from the start of the process to each mark, and its processor time until the last."""
    environment = {**os.environ, "POSECHECK_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    if not display:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "posecheck", "--verbose", "session", "--exercise", exercise,
               "--source", address, "--voice", "off"]  # fmt: skip
    found: dict[str, float] = {}
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr is not None
        watchdog = threading.Timer(LONGEST_S, child.kill)
        watchdog.start()
        for line in child.stderr:
            found |= {
                name: time.perf_counter() - began for mark, name in MARKS.items() if mark in line
            }
            if "verdict" in found:
                found["processor until then"] = processor_s(child.pid)
                break
        watchdog.cancel()
        child.send_signal(signal.SIGTERM)
        child.communicate()
    return found


def processor_s(pid: int) -> float:
    """Processor time of a process so far; NaN except on Linux."""
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return float("nan")
    user, system = status.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(clip: Path, exercise: str, starts: int, display: bool) -> dict[str, float]:
    """The median of some starts."""
    with camera(clip) as address, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        save_settings(Settings(screened="clear"), home)
        rows = [start(address, exercise, home, display) for _ in range(starts + 1)][1:]
    names = (*GOALS_S, "processor until then")
    return {name: float(np.nan) if any(name not in row for row in rows)
            else median(row[name] for row in rows) for name in names}  # fmt: skip


def goals(found: dict[str, float]) -> dict[str, bool]:
    return {
        f"{name}: within {most:g} s ({found[name]:.2f})": found[name] <= most
        for name, most in GOALS_S.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=data_folder("demo") / f"{EXERCISE}.mp4")
    parser.add_argument("--exercise", default=EXERCISE, metavar="ID")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--display", action="store_true", help="draw on the display")
    parser.add_argument("--json", action="store_true", help="figures for a program")
    asked = parser.parse_args()
    found = measure(asked.clip, asked.exercise, asked.starts, asked.display)
    if asked.json:
        print(json.dumps({"start_s": found, "goals": goals(found)}, indent=1))
        return
    for name, seconds in found.items():
        print(f"  {name:24} {seconds:6.2f} s")
    for goal, met in goals(found).items():
        print(f"{'met    ' if met else 'NOT MET'}  {goal}")


if __name__ == "__main__":
    main()
