"""The commands about what is remembered: history, report and programme.

`cli` adds them to its own. As there, every command imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecheck.commands.arguments import (
    CommandError,
    LanguageOption,
    read_history_format,
    read_library,
)

if TYPE_CHECKING:
    from posecheck.io.routines.load import Library

RememberOption = Annotated[
    bool, typer.Option("--remember", help="Remember a session over files too.")
]
ProgrammeOption = Annotated[
    bool, typer.Option("--programme", help="Your physiotherapist's programme.")
]
MadeUpOption = Annotated[
    bool, typer.Option("--history", help="A history of three made-up months, with its report.")
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command(short_help="What is remembered of your sessions.")(history)
    app.command(short_help="A report for a physiotherapist.")(report)
    app.command(short_help="Follow a physiotherapist's programme.")(programme)
    app.command(short_help="Be reminded of what is due.")(reminders)


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
        remembered.export(read_history_format(export), out)
    elif bring_in is not None:
        remembered.bring_in(bring_in)
    elif delete_all:
        remembered.delete_all(yes)
    else:
        remembered.show()


def report(
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day, such as 2026-01-31.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Last day; today when left out.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="A name that ends in .html or .pdf.")
    ] = Path("posecheck-report.html"),
    language: LanguageOption = "",
) -> None:
    """A report for a physiotherapist: what was done, how well, ranges with their error, pain.

    One or two pages of the last twelve weeks, or of the days you give, and a JSON file beside them
    for other programs. Nothing is sent: you decide who gets the files.
    """
    from posecheck.commands.report import write_report

    write_report(since, until, out, read_library(None), language)


def programme(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The programme to follow from now on.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Follow none any more.")] = False,
) -> None:
    """Follow a physiotherapist's programme: exercises, doses, ranges, dates and stop rules.

    All mistakes of the file are shown at once. Without a file the programme that is followed is
    shown.
    """
    if file is not None and remove:
        raise CommandError("Give either a file or --remove.")
    from posecheck.commands import programme as programmes

    if remove:
        programmes.remove()
    elif file is not None:
        programmes.follow(file, read_library(None))
    else:
        programmes.show(read_library(None))


def reminders(
    at: Annotated[
        list[str] | None, typer.Option("--at", metavar="TIME", help="When, such as 18:00.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="No reminders any more.")] = False,
    system: Annotated[
        bool | None,
        typer.Option(
            "--system/--no-system",
            help="Let this computer's scheduler remind when the desk program does not run.",
        ),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FILE", help="Also the plan's days as a calendar file."),
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Remind once now, as the scheduler asks for it.")
    ] = False,
) -> None:
    """Be reminded of what is due, at times that you choose.

    The desk program reminds while it runs. For all other times --system asks the scheduler of this
    computer, and --ics writes a file that your calendar can read.
    """
    if at and off:
        raise CommandError("Give either --at or --off.")
    if system and off:
        raise CommandError("Give either --system or --off.")
    if now and (at or off or ics is not None or system is not None):
        raise CommandError("--now takes no other option.")
    if now:
        from posecheck.commands.remind_now import remind_now

        raise typer.Exit(remind_now(read_library(None)))
    from posecheck.commands import reminders as reminding

    if at or off or system is not None:
        reminding.set_reminders(() if off else at, False if off else system)
    elif ics is None:
        reminding.show()
    if ics is not None:
        reminding.write_calendar(ics)


def with_programme(library: Library) -> Library:
    """The library with the programme that is followed among its routines, and with its bands.
    Raises CommandError when none is followed, or it does not hold today, or its stop rule forbids a
    session."""
    from posecheck.commands.programme import library_with, programme_today

    return library_with(programme_today(library), library)


def demo_history() -> None:
    """Fill a folder beside the user's own with three made-up months."""
    from posecheck.commands.demo_history import show_history

    show_history(Path("posecheck-demo-history"), read_library(None))
