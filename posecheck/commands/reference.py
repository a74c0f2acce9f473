"""The commands about exercises: list, show, metrics and check.

`cli` adds them to its own. As there, every command imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posecheck.commands.arguments import RoutinesOption, by_name, find, read_library


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("list")(list_all)
    app.command(short_help="One exercise or routine in full.")(show)
    app.command()(metrics)
    app.command(short_help="Look for mistakes in exercise and routine files.")(check)
    app.command(short_help="What a language lacks, and the files to translate in.")(translate)


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


def translate(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Write the files of this language, such as fr."),
    ] = None,
) -> None:
    """Say what is missing, stale or too long in the languages that posecheck speaks.

    With a code the files of that language are written too, each text with the English one above
    it; texts that are there stay. docs/translating.md has the whole recipe.
    """
    from posecheck.commands import translating

    raise typer.Exit(translating.translate(code, read_library(None)))


def list_all(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Only what is found: neck, lower back, sitting, …"),
    ] = None,
    routines: RoutinesOption = None,
) -> None:
    """The exercises by group, and the routines; with words, the exercises that they find."""
    from posecheck.commands import listing
    from posecheck.commands.own_routines import with_own

    library = read_library(routines)
    if words:
        listing.show_found(library, " ".join(words))
    else:
        listing.show_library(with_own(library) if routines is None else library)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An exercise or a routine.")],
    routines: RoutinesOption = None,
) -> None:
    """One exercise or routine: how to do it, what is checked, who should not."""
    from posecheck.commands import listing
    from posecheck.commands.own_routines import with_own

    library = read_library(routines)
    library = with_own(library) if routines is None else library
    found = find(name, {**library.routines, **by_name(library)}, "exercise or routine")
    listing.show_one(found, library)
