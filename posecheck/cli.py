"""The command line: arguments in, the right part of posecheck opened and run.

Only typer is imported here at once, so that `--help` answers quickly; every command imports what
it needs. What a person gets wrong is a `CommandError`, a sentence that `__main__` prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from posecheck.coach.speech_queue import Talk
    from posecheck.exercise import Exercise, Routine
    from posecheck.io.routines.load import Library
    from posecheck.pose import Side

app = typer.Typer(
    help="A coach for back-friendly stretching: checks form, times holds honestly, says what to "
    "correct. Nothing leaves this computer.",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich costs a third of a second before the help is there
)

ModelOption = Annotated[
    str, typer.Option("--model", help="Pose model: full, lite (faster, less exact), or a file.")
]
RoutinesOption = Annotated[
    Path | None,
    typer.Option("--routines", help="Folder of exercises and routines, instead of the shipped."),
]


class CommandError(Exception):
    """The command cannot be carried out as it was given. The message is one sentence or two."""


def _version(wanted: bool) -> None:
    if wanted:
        from posecheck.commands.recording import own_version

        print(f"posecheck {own_version()}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Without a command the window opens: guided sessions, single exercises, settings."""
    if context.invoked_subcommand is None:
        from posecheck.commands.window import run
        from posecheck.ui.session.request import LaunchOptions

        raise typer.Exit(run(LaunchOptions(), _library(None)))


@app.command(short_help="Be led through a routine or an exercise.")
def session(
    routine: Annotated[
        str | None, typer.Argument(metavar="ROUTINE", help="What to be led through.")
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
    model: ModelOption = "full",
    routines: RoutinesOption = None,
    windowed: Annotated[bool, typer.Option("--windowed", help="Not full screen.")] = False,
    close: Annotated[
        bool, typer.Option("--close", help="Close the window when the session is over.")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Play files as fast as they go.")] = False,
) -> None:
    """Be led through a routine or one exercise, in a window, by picture and voice."""
    if routine is not None and exercise is not None:
        raise CommandError("Give either a routine or --exercise, not both.")
    if routine is None and exercise is None:
        raise CommandError(
            "Name a routine, or one exercise with --exercise ID. See: posecheck list"
        )
    library = _library(routines)
    talk, first = _talk(voice), _first_side(side)
    from posecheck.commands.window import run
    from posecheck.ui.session.request import LaunchOptions

    wish = LaunchOptions(
        routine=_routine(routine, library) if routine is not None else None,
        exercise=_exercise(exercise, library) if exercise is not None else None,
        sources=tuple(source or ()),
        level=level,
        talk=talk,
        side=first,
        model=_model(model),
        transcript=transcript,
        windowed=windowed,
        close=close,
        fast=fast,
    )
    raise typer.Exit(run(wish, library))


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
        typer.Option("--for", min=0, metavar="SECONDS", help="End by itself, and say how it was."),
    ] = None,
    model: ModelOption = "lite",
    patient: Annotated[
        bool, typer.Option("--patient", help="Wait for a camera that is not there yet.")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Play a file as fast as it goes.")] = False,
) -> None:
    """Watch how you sit, quietly, and remind you of breaks.

    It lives in the panel of your desktop (the tray). Nothing is recorded, and the camera is off
    while you pause.
    """
    library = _library(None)
    from posecheck.commands.desk import DeskWish, run_desk

    wish = DeskWish(
        source=source or "",
        calibrate=calibrate,
        tray=not no_tray,
        model=_model(model),
        patient=patient,
        seconds=seconds,
        fast=fast,
    )
    raise typer.Exit(run_desk(wish, library))


@app.command(short_help="Judge a recorded exercise.")
def analyze(
    video: Annotated[
        Path, typer.Argument(metavar="VIDEO", help="A video file or a folder of images.")
    ],
    exercise: Annotated[
        str | None, typer.Option("--exercise", "-e", metavar="ID", help="What is done in it.")
    ] = None,
    desk: Annotated[
        bool, typer.Option("--desk", help="Judge sitting at a desk instead of an exercise.")
    ] = False,
    calibrate: Annotated[
        str | None,
        typer.Option(
            metavar="START:END", help="Seconds of sitting tall; the first quiet 6 s if left out."
        ),
    ] = None,
    slump: Annotated[
        str | None, typer.Option(metavar="START:END", help="Seconds of sitting as when tired.")
    ] = None,
    side: Annotated[
        str | None, typer.Option(metavar="SIDE", help="Working side: left or right.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for the results; <video>-posecheck when left out."
        ),
    ] = None,
    annotate: Annotated[bool, typer.Option("--video", help="Also an annotated video.")] = False,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Pose model: full, lite (the default at a desk), or a file."),
    ] = None,
    level: Annotated[
        int, typer.Option(min=1, max=3, help="1 widens the limits for beginners.")
    ] = 2,
    routines: RoutinesOption = None,
) -> None:
    """Judge a recorded exercise frame by frame; write frames.jsonl and summary.json."""
    from posecheck.commands import analyze as runs

    # A path that never was one: pathlib makes one slash of two.
    if re.match(r"[a-z]{2,}:/", str(video)):
        address = str(video).replace(":/", "://", 1)
        raise CommandError(f"{address} is an address. Give a video file of this computer.")
    folder = out or Path(f"{video.stem}-posecheck")
    if desk:
        if exercise or annotate:
            raise CommandError("--desk goes without --exercise and without --video.")
        raise typer.Exit(_analyze_desk(video, folder, _model(model or "lite"), calibrate, slump))
    if exercise is None:
        raise CommandError("Say what is done in it with --exercise ID, or give --desk.")
    if calibrate or slump:
        raise CommandError("--calibrate and --slump belong to --desk.")
    chosen = _exercise(exercise, _library(routines))
    working, remark = _working_side(chosen, side)
    if remark:
        typer.echo(remark, err=True)
    chosen_model = _model(model or "full")
    request = runs.Recording(video, chosen, working, folder, annotate, chosen_model, level)
    raise typer.Exit(runs.analyze(request))


def _analyze_desk(
    video: Path, folder: Path, model: str, calibrate: str | None, slump: str | None
) -> int:
    from posecheck.commands.analyze_desk import DeskError, DeskRecording, analyze_desk, read_span

    try:
        tall, tired = read_span(calibrate, "--calibrate"), read_span(slump, "--slump")
        return analyze_desk(DeskRecording(video, folder, model, tall, tired))
    except DeskError as error:
        raise CommandError(str(error)) from error


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
) -> None:
    """Show a short session on a clip that comes with posecheck, as if it were your webcam.

    It opens the session's window. Without a display, or with --video or --terminal, it runs in the
    terminal and writes posecheck-demo.mp4.
    """
    from posecheck.commands import demo as show

    chosen = _model(model)
    if video is None and not terminal:
        why = show.in_window(chosen, fast)
        if not why:
            return
        typer.echo(f"{why} So the demo runs here in the terminal.", err=True)
    film = None if no_video else video or Path("posecheck-demo.mp4")
    show.in_terminal(film, chosen, fast, wanted=video is not None)


@app.command("list")
def list_all(routines: RoutinesOption = None) -> None:
    """The exercises by group, and the routines."""
    from posecheck.commands import listing

    listing.show_library(_library(routines))


@app.command(short_help="One exercise or routine in full.")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An exercise or a routine.")],
    routines: RoutinesOption = None,
) -> None:
    """One exercise or routine: how to do it, what is checked, who should not."""
    from posecheck.commands import listing

    library = _library(routines)
    found = _found(name, {**library.routines, **_by_name(library)}, "exercise or routine")
    listing.show_one(found, library)


@app.command()
def metrics() -> None:
    """Everything that a rule can measure."""
    from posecheck.commands import listing

    listing.show_metrics()


@app.command(short_help="Look for mistakes in exercise and routine files.")
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Exercise or routine files, or folders.")
    ],
) -> None:
    """Look for mistakes in exercise and routine files; all are shown at once."""
    from posecheck.commands import listing

    raise typer.Exit(listing.check_files(files))


@app.command()
def doctor() -> None:
    """Look whether this computer has what posecheck needs."""
    from posecheck.commands import listing

    raise typer.Exit(listing.show_findings())


def _library(folder: Path | None) -> Library:
    from posecheck.io.routines.load import load_all

    return load_all(folder)


def _by_name(library: Library) -> dict[str, Exercise | Routine]:
    """Exercises under their ids and aliases."""
    names: dict[str, Exercise | Routine] = {}
    for exercise in library.exercises.values():
        names |= dict.fromkeys((exercise.name.lower(), *exercise.aliases), exercise)
    return names | dict(library.exercises)


def _exercise(name: str, library: Library) -> Exercise:
    from posecheck.exercise import Exercise

    word = name.lower().replace("-", "_").replace(" ", "_")
    if name not in _by_name(library) and word in library.routines:
        raise CommandError(
            f"{word} is a routine. Give one of its exercises; see them with: posecheck show {word}"
        )
    found = _found(name, _by_name(library), "exercise")
    assert isinstance(found, Exercise)
    return found


def _found(name: str, known: dict[str, Any], what: str) -> Any:
    from posecheck.suggestion import LISTED

    for word in (name, name.lower(), name.lower().replace("-", "_").replace(" ", "_")):
        if word in known:
            return known[word]
    hint = _nearest(name, known)
    if len(known) > LISTED and not hint.endswith("?"):
        hint = "no known one is like it."
    raise CommandError(f"There is no {what} '{name}'; {hint} See all with: posecheck list")


def _nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about a word that is none of the known ones."""
    from posecheck.suggestion import suggestion

    hint = suggestion(word, tuple(known))
    return hint if hint.endswith("?") else f"{hint}."


def _routine(name: str, library: Library) -> Routine:
    from posecheck.exercise import Routine

    if name in library.exercises:
        raise CommandError(f"{name} is an exercise. Give it with: --exercise {name}")
    found = _found(name, dict(library.routines), "routine")
    assert isinstance(found, Routine)
    return found


def _talk(word: str | None) -> Talk | None:
    from posecheck.io.store.settings import TALKS

    for talk in TALKS:
        if word == talk:
            return talk
    if word is None:
        return None
    raise CommandError(f"There is no voice '{word}'; {_nearest(word, TALKS)}")


def _first_side(side: str | None) -> Side | None:
    if side in (None, "left", "right"):
        return "left" if side == "left" else "right" if side else None
    raise CommandError(f"There is no side '{side}'; {_nearest(side, ('left', 'right'))}")


def _working_side(exercise: Exercise, side: str | None) -> tuple[Side | None, str]:
    """The side to judge on, and what to remark about it."""
    chosen = _first_side(side)
    if exercise.sides == "none":
        remark = f"{exercise.id} has no working side: --side {side} is not used." if side else ""
        return None, remark
    if side is None and exercise.sides == "each":
        remark = f"No --side given: {exercise.side_means} is taken to be the left."
        return "left", remark
    return chosen, ""


def _model(name: str) -> str:
    """A model's name or file. What is in a file is looked at by the estimator."""
    from posecheck.io.vision.models import MODELS

    if name in MODELS or Path(name).exists():
        return name
    if Path(name).suffix:
        raise CommandError(
            f"There is no model file {name}. Choose lite or full, or give the path of a .task file."
        )
    raise CommandError(f"There is no model '{name}'; {_nearest(name, MODELS)}")
