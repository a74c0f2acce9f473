"""Signals that ask the program to end, for loops to look at.

The handler of a signal raises an exception. Where that comes within a callback of a library, such
as one of Qt while it paints, the exception is lost. So long loops ask here too, once for each
frame.
"""

from __future__ import annotations

signalled: list[int] = []
"""The exit code of each signal that has come."""


def check_signals() -> None:
    """Raise SystemExit with the exit code of the first signal that has come."""
    if signalled:
        raise SystemExit(signalled[0])
