"""Short questions to programs of the system: the one place that starts them at the desk.

Only programs that answer from this computer are asked, and their answer is read, nothing else.
"""

from __future__ import annotations

import os
import subprocess

PATIENCE_S = 1.0
"""They answer in 3 to 10 ms; one that has not by now hangs."""


def answer_of(*command: str) -> str | None:
    """What a program prints, in its untranslated form. None when it is not installed, fails, or
    takes longer than a second. Never raises."""
    try:
        run = subprocess.run(
            command,
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return run.stdout.decode(errors="replace") if run.returncode == 0 else None
