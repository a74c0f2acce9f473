"""Runs small programs of the system and reads what they print; the only place that starts them at
the desk.

Only programs that answer from this computer are used.
"""

from __future__ import annotations

import os
import subprocess

PROGRAM_TIMEOUT_S = 1.0
"""They answer in 3 to 10 ms; a program that takes this long hangs."""


def answer_of(*command: str, timeout_s: float = PROGRAM_TIMEOUT_S) -> str | None:
    """What a program prints, untranslated. Never raises.

    None when it is not installed, fails or takes longer than `timeout_s`.
    """
    try:
        run = subprocess.run(
            command,
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return run.stdout.decode(errors="replace") if run.returncode == 0 else None
