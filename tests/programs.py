"""Programs of the system that tests start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest


def program(name: str, *trial: str) -> str:
    """The path of a program that works here. Skips the test otherwise; on CI it fails instead.

    trial  words with which the program is tried first; it has to end with 0
    """
    path = shutil.which(name)
    if path is None:
        reason = f"{name} is not installed"
    elif trial and subprocess.run([path, *trial], capture_output=True).returncode != 0:
        reason = f"{name} is not permitted here"
    else:
        return path
    if os.environ.get("CI") and sys.platform == "linux":
        pytest.fail(f"{reason}, so this was not tested")
    pytest.skip(reason)
