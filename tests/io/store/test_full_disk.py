"""A disk that is really full: a small file system in memory, where the system lets us mount one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FULL = """
import json, sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from posecheck.desk.minutes import Minute
from posecheck.io.desktop.single_instance import SingleInstance
from posecheck.io.output import OutputError
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings, load_settings, save_settings

folder, said = Path(sys.argv[1]), {}
when, upright = datetime(2026, 3, 2, 6, tzinfo=UTC), Minute(60.0, {"upright": 60.0})
saved = Settings(tags=("DISC",), screened="advice")
save_settings(saved, folder)
store = DeskStore(folder / "desk.sqlite3")
for number in range(10):
    store.add_minute(when + timedelta(minutes=number), upright)

filler = folder / "filler"
with filler.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError as error:
        said["full"] = error.errno
for number in range(10, 400):
    store.add_minute(when + timedelta(minutes=number), upright)
said["trouble"] = store.trouble
said["seen"] = len(store.day(when.date()).minutes)
try:
    save_settings(replace(saved, camera="x" * 1000, desk_camera="y" * 1000, comfort=tuple(
        (f"2026-01-{day:02}", 1) for day in range(1, 29))), folder, saved)
except OutputError as error:
    said["settings"] = str(error)
said["kept"] = load_settings(folder) == (saved, ())
other = DeskStore(folder / "other.sqlite3", patient=True)
other.add_minute(when, upright)
said["other"] = other.trouble
instance = SingleInstance(folder)
instance.take()  # a desk starts nevertheless

filler.unlink()
store.add_break(when, True)
said["after"] = store.trouble
store.close()
other.close()
with closing(DeskStore(folder / "desk.sqlite3")) as store:
    said["stored"] = len(store.day(when.date()).minutes)
with closing(DeskStore(folder / "other.sqlite3")) as store:
    said["other stored"] = len(store.day(when.date()).minutes)
print(json.dumps(said))
"""
MOUNT = 'mount -t tmpfs -o size=400k tmpfs "$1" && exec "$0" -c "$2" "$1"'


def mounting_works(folder: Path) -> bool:
    if shutil.which("unshare") is None:
        return False
    trial = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


@pytest.mark.process
def test_a_full_disk_loses_no_minute_and_no_answer(tmp_path: Path) -> None:
    """One sentence while it lasts; all is written once there is room."""
    if not mounting_works(tmp_path):
        pytest.skip("this system lets users mount nothing")
    command = ["unshare", "-rm", "sh", "-c", MOUNT, sys.executable, str(tmp_path), FULL]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["full"] == 28
    assert "Free some space" in said["trouble"]
    assert "Free some space" in said["settings"]
    assert said["other"]
    assert said["kept"]
    assert said["after"] == ""
    assert said["seen"] == said["stored"] == 400
    assert said["other stored"] == 1
