"""`posecheck analyze` that is ended while it writes: what was there stays, nothing is left over.

The kills end processes that do nothing but write results, after a random time.
`test_signals_end_it_in_order` runs the whole command.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals"),
]

KILLS, SEED = 200, 12

KILLER = """
import json, os, random, signal, sys, time
from pathlib import Path
from posecheck.commands.recording import result_files
from posecheck.io.results_folder import claimed

clip, out, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
chance, left, run, last = random.Random(int(sys.argv[4])), 0, 0, -1

def write(run):
    with claimed(out, clip) as (folder, recorded), result_files(folder) as (frames, summary):
        line = {"t": run, "state": "ready", "measures": {}}
        frames.write_text((json.dumps(line) + "\\n") * 50)
        summary.write_text(json.dumps({"posecheck": "1", "recording": recorded, "run": run}))

for _ in range(kills):
    reported, tells = os.pipe()
    child = os.fork()
    if child == 0:
        while True:
            write(run)
            os.write(tells, b"%d\\n" % run)
            run += 1
    os.close(tells)
    time.sleep(chance.uniform(0.001, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reported, "rb") as pipe:
        last = max([int(line) for line in pipe.read().split()], default=last)
    names = {path.name for path in out.iterdir()} if out.exists() else set()
    left += bool(names - {"frames.jsonl", "summary.json"})
    found = set()
    if "frames.jsonl" in names:
        lines = (out / "frames.jsonl").read_text().splitlines()
        found = {json.loads(line)["t"] for line in lines}
        assert len(lines) == 50 and len(found) == 1, lines
        assert max(found) >= last, (found, last)
    if "summary.json" in names:
        assert json.loads((out / "summary.json").read_text())["run"] in found, found
    run += 1000  # more than a child writes
write(run)
print(json.dumps([left, sorted(path.name for path in out.iterdir())]))
"""


def test_200_kills_leave_whole_results_that_belong_together(tmp_path: Path) -> None:
    """After each kill the frames are whole, of the last run that was finished or of the next, and
    the summary beside them is theirs. The next run removes what is left."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"pictures")
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(clip), str(tmp_path / "out"), str(KILLS), str(SEED)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    left, names = json.loads(done.stdout)
    assert left > 10  # control: the kills fell while files were being written
    assert names == ["frames.jsonl", "summary.json"]


@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_signals_end_it_in_order(tmp_path: Path, endless_clip: Path, number: str) -> None:
    """The old results stay, no part of new ones is left, and the code is that of shells."""
    out = tmp_path / "out"
    run = subprocess.Popen(
        [
            *(
                sys.executable,
                "-m",
                "posecheck",
                "analyze",
                str(endless_clip),
                "-e",
                "walking",
                "--video",
            ),
            *("--out", str(out)),
        ],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(getattr(signal, number), signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not (out.exists() and len(list(out.iterdir())) >= 3):  # two results and the video
        assert time.monotonic() < deadline
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(getattr(signal, number))
    _, said = run.communicate(timeout=30)
    assert (run.returncode, said) == (128 + getattr(signal, number), "Stopped.\n")
    assert list(out.iterdir()) == []


@pytest.fixture(scope="module")
def endless_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video that takes long to judge: the signal comes while it is read."""
    path = tmp_path_factory.mktemp("endless") / "clip.mp4"
    import numpy as np

    from posecheck.io.vision.opencv import cv2

    fourcc = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, 30, (640, 480))
    for index in range(4000):
        writer.write(np.full((480, 640, 3), index % 250, np.uint8))
    writer.release()
    return path
