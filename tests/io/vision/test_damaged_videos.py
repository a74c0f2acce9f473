"""Videos that are damaged at random: each is read or refused with a sentence, and quickly.

They are read in a process of their own, because a crash of a native library would end the tests.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from test_video import header_first, write_video

SEED, EACH = 20261130, 12
KINDS = (".mp4", ".avi", ".mkv", ".front.mp4", ".webm")
"""Of each kind so many are damaged: 60."""

READ_ALL = """
import json, sys, time
from pathlib import Path
from posecheck.io.vision.camera import CameraError, open_source
answers = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    began = time.perf_counter()
    try:
        with open_source(path) as source:
            times = [frame.t for frame in source]
        said = source.truncated or ""
        rising = all(a < b for a, b in zip(times, times[1:]))
        answers[path.name] = ["read", len(times), rising, said, time.perf_counter() - began]
    except CameraError as error:
        answers[path.name] = ["refused", 0, True, str(error), time.perf_counter() - began]
print(json.dumps(answers))
"""


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with bytes changed, a stretch zeroed, cut out, doubled or swapped, or cut off."""
    start = chance.randrange(len(data))
    length = min(chance.choice([1, 4, 64, 1024]), len(data) - start)
    kind = chance.choice(["bytes", "zero", "out", "twice", "cut", "header"])
    if kind == "cut":
        return data[:start]
    if kind == "header":  # the structure, where a changed byte does most
        start = chance.randrange(min(400, len(data)))
        length = 4
    stretch = data[start : start + length]
    new = {
        "zero": bytes(len(stretch)),
        "out": b"",
        "twice": 2 * stretch,
    }.get(kind, chance.randbytes(len(stretch)))
    return data[:start] + new + data[start + length :]


@pytest.mark.process
def test_damaged_videos_are_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    folder = tmp_path / "damaged"
    folder.mkdir()
    for kind in KINDS:
        whole = write_video(tmp_path / f"clip{'.mkv' if kind == '.webm' else kind}", 40)
        if kind == ".front.mp4":
            header_first(whole)
        data = whole.read_bytes()
        (folder / f"whole{kind}").write_bytes(data)
        for index in range(EACH):
            (folder / f"{index}{kind}").write_bytes(damaged(data, chance) or b"\0")
    run = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(folder)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]
    answers = json.loads(run.stdout)
    assert len(answers) == len(KINDS) * (EACH + 1)
    for name, (how, count, rising, said, seconds) in answers.items():
        assert seconds < 10, name
        assert rising, name
        if how == "refused":
            assert said.endswith("."), (name, said)
        if name.startswith("whole"):  # control: the pictures are found where nothing is damaged
            assert (how, count, said) == ("read", 40, "")
    hows = [answer[0] for answer in answers.values()]
    assert hows.count("refused") > 0
    assert hows.count("read") > len(KINDS)
