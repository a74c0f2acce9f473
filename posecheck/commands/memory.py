"""The commands about what is remembered: history, report and programme.

`cli` adds them to its own. As there, every command imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posecheck.commands.arguments import CommandError, read_format


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command(short_help="What is remembered of your sessions.")(history)


def history(
    export: Annotated[
        str | None, typer.Option("--export", metavar="FORMAT", help="csv, json or parquet.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File of the export, else standard output."),
    ] = None,
    bring_in: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Add what an export has.")
    ] = None,
    delete_all: Annotated[
        bool, typer.Option("--delete-all", help="Delete sessions, desk days and logs.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without a question.")] = False,
) -> None:
    """What is remembered of your sessions: show, export, import or delete it.

    It is a file on this computer that only you can read. It has no pictures.
    """
    if sum((export is not None, bring_in is not None, delete_all)) > 1:
        raise CommandError("Give one of --export, --import and --delete-all.")
    if out is not None and export is None:
        raise CommandError("--out belongs to --export.")
    from posecheck.commands import history as remembered

    if export is not None:
        remembered.export(read_format(export), out)
    elif bring_in is not None:
        remembered.bring_in(bring_in)
    elif delete_all:
        remembered.delete_all(yes)
    else:
        remembered.show()
