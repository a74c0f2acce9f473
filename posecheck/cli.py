"""The command line: its commands and options, and which part of posecheck each one runs.

Only typer and the words of the arguments are imported here at once, so that `--help` answers
quickly; every command imports what it needs. What the user gets wrong is a `CommandError`, a
sentence that `__main__` prints.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from posecheck import __version__
from posecheck.commands import memory, reference
from posecheck.commands.analyze_arguments import analyze
from posecheck.commands.arguments import (
    WEEK_S,
    CommandError,
    LanguageOption,
    ModelOption,
    NoCameraOption,
    RecordOption,
    RoutinesOption,
    find_exercise,
    read_library,
    read_model,
    read_side,
    read_talk,
    refuse_camera_options,
    refuse_empty,
)
from posecheck.commands.batch_arguments import batch
from posecheck.commands.starting import show_starting

__all__ = ["CommandError", "app"]

app = typer.Typer(
    help="A coach for back-friendly stretching: checks form, times holds honestly, says what to "
    "correct. Nothing leaves this computer.",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich delays the help by a third of a second
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"posecheck {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Also show what is logged, and keep a log file.")
    ] = False,
    language: LanguageOption = "",
) -> None:
    """Without a command the window opens: guided sessions, single exercises, settings."""
    refuse_empty(sys.argv[1:])
    _begin_log(verbose)
    if context.invoked_subcommand is None:
        _keep_log()
        show_starting()
        from posecheck.commands.window import run_window
        from posecheck.ui.session.request import LaunchOptions

        raise typer.Exit(run_window(LaunchOptions(language=language), read_library(None)))


def _begin_log(verbose: bool) -> None:
    """Log in memory, with `verbose` also on stderr and in a file; report bugs."""
    from posecheck.io.diagnosis import crash, log

    log.start(sys.argv[1:], verbose=verbose)
    crash.REPORTER.install(sys.argv[1:], verbose=verbose)
    if verbose:
        log.keep_log_file(verbose=True)


def _keep_log() -> None:
    """Also log in a file. Only commands with a window do so; the others write nothing that was not
    asked for."""
    from posecheck.io.diagnosis.log import keep_log_file

    keep_log_file()


@app.command(short_help="Be led through a routine or an exercise.")
def session(
    routine: Annotated[
        str | None,
        typer.Argument(metavar="ROUTINE", help="What to be led through: a routine, or its file."),
    ] = None,
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", "-e", metavar="ID", help="One exercise instead of a routine."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SOURCE",
            help="A camera's number or name, an address of a stream (a phone), or a video file; "
            "several files are played one after the other.",
        ),
    ] = None,
    level: Annotated[
        int | None, typer.Option(min=1, max=3, help="1 is gentle, 3 asks for more.")
    ] = None,
    voice: Annotated[
        str | None, typer.Option(metavar="TALK", help="off, quiet, normal or full.")
    ] = None,
    side: Annotated[
        str | None, typer.Option(metavar="SIDE", help="Which side begins: left or right.")
    ] = None,
    transcript: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write down what is said and sounded.")
    ] = None,
    record: RecordOption = None,
    model: ModelOption = "full",
    routines: RoutinesOption = None,
    windowed: Annotated[bool, typer.Option("--windowed", help="Not full screen.")] = False,
    close: Annotated[
        bool, typer.Option("--close", help="Close the window when the session is over.")
    ] = False,
    fast: Annotated[
        bool, typer.Option("--fast", help="Play files, or the clock, as fast as they go.")
    ] = False,
    remember: memory.RememberOption = False,
    programme: memory.ProgrammeOption = False,
    language: LanguageOption = "",
    no_camera: NoCameraOption = False,
) -> None:
    """Be led through a routine or one exercise, in a window, by picture and voice."""
    _keep_log()
    if sum((routine is not None, exercise is not None, programme)) > 1:
        raise CommandError("Give either a routine, --exercise or --programme.")
    if routine is None and exercise is None and not programme:
        raise CommandError(
            "Name a routine, or one exercise with --exercise ID. See: posecheck list"
        )
    refuse_camera_options(no_camera, source, record)
    talk, first = read_talk(voice), read_side(side)
    show_starting()
    library = read_library(routines)
    if programme:
        library = memory.with_programme(library)
        routine = "programme"
    from posecheck.commands.own_routines import routine_named, with_own
    from posecheck.commands.window import run_window
    from posecheck.ui.session.request import LaunchOptions

    if routine is not None and not programme:
        library = with_own(library)
    options = LaunchOptions(
        routine=routine_named(routine, library) if routine is not None else None,
        exercise=find_exercise(exercise, library) if exercise is not None else None,
        sources=tuple(source or ()),
        level=level,
        talk=talk,
        side=first,
        model=read_model(model),
        transcript=transcript,
        record=record,
        remember=remember,
        windowed=windowed,
        close=close,
        fast=fast,
        language=language,
        watched=not no_camera,
    )
    raise typer.Exit(run_window(options, library))


@app.command("open", short_help="Look at the routine of a file before its start.")
def open_routine(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A routine, .posecheck or .toml.")],
    language: LanguageOption = "",
) -> None:
    """Open the window at the page of a routine that someone has sent or that you have exported.

    There it can be changed, started, and kept among your own routines.
    """
    _keep_log()
    library = read_library(None)
    from posecheck.io.routines.own import read_routine

    read_routine(file, library.exercises)  # its mistakes are for the terminal
    show_starting()
    from posecheck.commands.window import run_window
    from posecheck.ui.session.request import LaunchOptions

    raise typer.Exit(run_window(LaunchOptions(language=language, opened=file), library))


@app.command(short_help="Watch how you sit, from the tray.")
def desk(
    source: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="A camera's number or name, an address of a stream (a phone), or a video file.",
        ),
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Show it once more how you sit.")
    ] = False,
    no_tray: Annotated[
        bool, typer.Option("--no-tray", help="A small window instead of the sign in the panel.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--for", min=0, max=WEEK_S, metavar="SECONDS", help="End by itself, and say how it was."
        ),
    ] = None,
    model: ModelOption = "lite",
    patient: Annotated[
        bool, typer.Option("--patient", help="Wait for a camera that is not there yet.")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Play a file as fast as it goes.")] = False,
    language: LanguageOption = "",
    no_camera: NoCameraOption = False,
) -> None:
    """Watch how you sit, quietly, and remind you of breaks.

    It lives in the panel of your desktop (the tray). Nothing is recorded, and the camera is off
    while you pause.
    """
    _keep_log()
    refuse_camera_options(no_camera, source, calibrate)
    library = read_library(None)
    from posecheck.commands.desk import DeskOptions, run_desk

    options = DeskOptions(
        source="none" if no_camera else source or "",
        calibrate=calibrate,
        tray=not no_tray,
        model=read_model(model),
        patient=patient,
        seconds=seconds,
        fast=fast,
        language=language,
    )
    raise typer.Exit(run_desk(options, library))


app.command(short_help="Judge a recorded exercise.")(analyze)
app.command(short_help="Judge many recordings.")(batch)


@app.command(short_help="Judge recorded landmarks again.")
def replay(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Recordings of --record, or .npz streams."),
    ],
    exercise: Annotated[
        str | None,
        typer.Option(
            "--exercise",
            "-e",
            metavar="ID",
            help="What is done in them, or all; what they were recorded as when left out.",
        ),
    ] = None,
    side: Annotated[
        str | None,
        typer.Option(metavar="SIDE", help="Working side: left or right; each when left out."),
    ] = None,
    level: Annotated[
        int | None, typer.Option(min=1, max=3, help="The recording's own when left out, else 2.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write frames.jsonl and summary.json of each."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A line of JSON for each file, exercise and side.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Tell what differs from what was judged then.")
    ] = False,
    routines: RoutinesOption = None,
) -> None:
    """Judge recorded landmarks again with today's rules, without a camera and a model.

    A recording is made by --record of session and analyze. It holds joints, silhouettes and what
    was judged, never pictures.
    """
    from posecheck.commands import replay as replaying

    library = read_library(routines)
    if diff:
        if exercise or side or level or out or as_json:
            raise CommandError("--diff judges as it was recorded and goes without other options.")
        raise typer.Exit(replaying.diff(files, library))
    exercises = replaying.wanted_exercises(exercise, library)
    request = replaying.ReplayRequest(tuple(files), exercises, read_side(side), level, out, as_json)
    raise typer.Exit(replaying.replay(request, library))


@app.command(short_help="Show a short session on a clip of posecheck's own.")
def demo(
    video: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="In the terminal, with an annotated video in FILE."),
    ] = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="Write no video.")] = False,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="In the terminal, even where there is a display.")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes.")] = False,
    model: ModelOption = "full",
    history: memory.MadeUpOption = False,
) -> None:
    """Show a short session on a clip that comes with posecheck, as if it were your webcam.

    It opens the session's window. Without a display, or with --video or --terminal, it runs in the
    terminal and writes posecheck-demo.mp4.
    """
    if history:
        memory.demo_history()
        return
    from posecheck.commands import demo as show

    chosen = read_model(model)
    if video is None and not terminal:
        why = show.in_window(chosen, fast)
        if not why:
            return
        typer.echo(f"{why} So the demo runs here in the terminal.", err=True)
    film = None if no_video else video or Path("posecheck-demo.mp4")
    show.in_terminal(film, chosen, fast, wanted=video is not None)


reference.add_commands(app)


@app.command(short_help="Look whether this computer has what posecheck needs.")
def doctor(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write the report.")
    ] = None,
    report: Annotated[
        bool,
        typer.Option("--report", help="A text for a bug report, shown or written to FILE."),
    ] = False,
) -> None:
    """Look whether this computer has what posecheck needs.

    With --report, more for a bug report: versions, settings and the last log lines, without names,
    passwords and answers about health.
    """
    if report:
        from posecheck.commands import doctor_report

        raise typer.Exit(doctor_report.write_report(file))
    if file is not None:
        raise CommandError("A file is written only with --report.")
    from posecheck.commands import listing

    raise typer.Exit(listing.show_findings())


memory.add_commands(app)
