"""The commands for those who write exercises: metrics and check.

`cli` adds them to its own. As there, every command imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command()(metrics)
    app.command(short_help="Look for mistakes in exercise and routine files.")(check)


def metrics() -> None:
    """Everything that a rule can measure."""
    from posecheck.commands import listing

    listing.show_metrics()


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Exercise or routine files, or folders.")
    ],
) -> None:
    """Look for mistakes in exercise and routine files; all are shown at once."""
    from posecheck.commands import listing

    raise typer.Exit(listing.check_files(files))
