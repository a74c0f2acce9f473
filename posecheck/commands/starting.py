"""What a command shows before it loads the rest of the program."""

from __future__ import annotations

from contextlib import suppress


def show_starting() -> None:
    """Show at once that the program starts. Where Qt cannot be loaded, the command says why."""
    with suppress(ImportError):
        from posecheck.ui import starting

        starting.show_starting()
