"""Programs that are killed while they write: what they had reported as stored is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork and no SIGKILL"),
]

KILLS = int(os.environ.get("POSECHECK_TEST_KILLS", "30"))
"""Of each kind; .ci/run asks for 200."""

KILLER = """
import json, os, random, signal, sys, time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from posecheck.desk.minutes import Minute
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings, load_settings, save_settings

folder, kind, kills = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
rng = random.Random(kills)
begin = datetime(2026, 3, 2, 0, tzinfo=UTC)

def write_minutes(tell, first):
    with closing(DeskStore(folder / "desk.sqlite3")) as store:
        for number in range(first, 1_000_000):
            store.add_minute(begin + timedelta(milliseconds=number), Minute(1.0, {"upright": 0.0}))
            tell(number)

def write_settings(tell, first):
    known, _ = load_settings(folder)
    for number in range(first, 1_000_000):
        known = save_settings(replace(known, camera=f"{number} " * 90), folder, known)
        tell(number)

def stored_minutes():
    with closing(DeskStore(folder / "desk.sqlite3")) as store:
        assert store.remark == store.trouble == "", (store.remark, store.trouble)
        return len(store.day(begin.date()).minutes)

def stored_settings():
    settings, remarks = load_settings(folder)
    assert remarks == (), remarks
    return int((settings.camera or "-1").split()[0]) + 1

write, stored = {
    "minutes": (write_minutes, stored_minutes), "settings": (write_settings, stored_settings)
}[kind]
told = 0  # how many were reported as stored, by all children
for kill in range(kills):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write(lambda number: os.write(writing, b"%d\\n" % number), told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        first = pipe.readline()  # it has begun to write
        time.sleep(rng.random() * 0.03)  # the moment of the kill, within some writes
        os.kill(child, signal.SIGKILL)
        lines = first + pipe.read()
    os.waitpid(child, 0)
    told = max(told, int(lines.split(b"\\n")[-2]) + 1)
    found = stored()
    assert told <= found <= told + 1, (kill, told, found)
    told = found
print(json.dumps({"kills": kills, "stored": told}))
"""


@pytest.mark.parametrize("kind", ["minutes", "settings"])
def test_what_was_reported_as_stored_survives_every_kill(kind: str, tmp_path: Path) -> None:
    """And at most the one that was being written besides. Nothing is set aside."""
    run = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path), kind, str(KILLS)],
        capture_output=True, text=True, check=False, timeout=60 + 3 * KILLS,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["kills"] == KILLS
    assert said["stored"] >= KILLS
    assert not [*tmp_path.glob("*.broken*")]
