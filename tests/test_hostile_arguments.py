"""Command lines that nobody should write: a sentence and exit code 2, or the result; no traceback,
and no control character of theirs reaches the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.model]

CLIP = str(Path(__file__).parent / "clips" / "childs_pose_beth_R.mp4")
RED, TITLE, CLEAR = "\x1b[31mred", "\x1b]0;title\x07", "\x9b2J"
LONG = "x" * 5000

REFUSED = [
    ["session", "-e", "plank", "--source", "http://a:b"],
    ["session", "-e", "plank", "--source", "http://127.0.0.1:99999/x"],
    ["session", "-e", "plank", "--source", ""],
    ["session", "-e", "plank", "--source", "-1"],
    ["session", "-e", "plank", "--source", "9" * 30],
    ["session", "-e", "plank", "--voice", RED],
    ["session", "-e", "plank", "--level", "9" * 30],
    ["session", "-e", "plank", "--transcript", "/proc/none/x", "--source", CLIP],
    ["session", "-e", "plank", "--record", "", "--source", CLIP],
    ["session", RED],
    ["session", "", "--windowed"],
    ["desk", "--for", "inf"],
    ["desk", "--for", "nan"],
    ["desk", "--for", "-1"],
    ["desk", "--for", "1e300"],
    ["desk", "--source", RED],
    ["analyze", f"{RED}.mp4", "-e", "plank"],
    ["analyze", f"{TITLE}.mp4", "--desk"],
    ["analyze", CLIP, "-e", RED],
    ["analyze", CLIP, "-e", "plank", "--side", TITLE],
    ["analyze", CLIP, "-e", "plank", "--model", CLEAR],
    ["analyze", CLIP, "-e", "plank", "--model", f"{CLEAR}.task"],
    ["analyze", CLIP, "-e", "plank", "--model", "~nouser/x.task"],
    ["analyze", CLIP, "-e", "plank", "--out", ""],
    ["analyze", CLIP, "-e", "plank", "--out="],
    ["analyze", CLIP, "-e", "plank", "--out", "/dev/null"],
    ["analyze", CLIP, "-e", "plank", "--routines", "~nouser/x"],
    ["analyze", CLIP, "--desk", "--calibrate", "nan:inf"],
    ["analyze", CLIP, "--desk", "--calibrate", f"{RED}:2"],
    ["analyze", "", "-e", "plank"],
    ["analyze", "/", "-e", "plank"],
    ["analyze", "\udcff\udcfe.mp4", "-e", "plank"],
    ["show", RED],
    ["show", ""],
    ["show", LONG],
    ["show", "\udcff"],
    ["check", RED],
    ["check", "/dev/zero"],
    ["check", "/"],
    ["check", LONG],
    ["list", "--routines", RED],
    ["list", "--routines", "~nouser/x"],
    ["list", "--routines", LONG],
    ["replay", RED],
    ["replay", "/dev/null"],
    ["replay", "/"],
    ["replay", LONG],
    ["replay", CLIP],
    ["demo", "--video", "/nowhere/x\x1b[2J.avi", "--terminal"],
    ["demo", "--terminal", "--no-video", "--model", RED],
    ["doctor", "--report", ""],
    ["doctor", "/tmp/x"],
    [RED],
    [f"--{RED}"],
]

RUN_ALL = """
import contextlib, io, json, sys
from posecheck.__main__ import main

for words in json.load(sys.stdin):
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", write_through=True)
    out, err, sys.argv = sys.stdout, sys.stderr, ["posecheck", *words]
    sys.stdout = sys.stderr = text
    try:
        main()
    except SystemExit as end:
        code = end.code
    sys.stdout, sys.stderr = out, err
    print(json.dumps([code, raw.getvalue().decode()]), flush=True)
"""
"""Runs the command lines in one process, which loads the libraries once."""


def test_each_of_them_is_refused_in_a_sentence(tmp_path: Path) -> None:
    env = {**os.environ, "POSECHECK_HOME": str(tmp_path), "COLUMNS": "100"}
    run = subprocess.run(
        [sys.executable, "-c", RUN_ALL], input=json.dumps(REFUSED), env=env, cwd=tmp_path,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(REFUSED), run.stderr
    for words, (code, said) in zip(REFUSED, answers, strict=True):
        assert code == 2, (words, said)
        assert said.strip(), words
        assert "Traceback" not in said, words
        assert not [char for char in said if not char.isprintable() and char != "\n"], (words, said)
    assert not [*tmp_path.rglob("crash-*")]
