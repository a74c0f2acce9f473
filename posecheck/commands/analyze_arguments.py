"""The options of `posecheck analyze` on the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from posecheck.commands.arguments import (
    AllFramesOption,
    CommandError,
    EveryOption,
    ExportOption,
    FpsOption,
    RecordOption,
    RoutinesOption,
    find_exercise,
    read_every,
    read_formats,
    read_library,
    read_model,
    working_side,
)


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
    fps: FpsOption = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Pose model: full, lite (the default at a desk), or a file."),
    ] = None,
    level: Annotated[
        int, typer.Option(min=1, max=3, help="1 widens the limits for beginners.")
    ] = 2,
    every: EveryOption = None,
    all_frames: AllFramesOption = False,
    record: RecordOption = None,
    export: ExportOption = None,
    routines: RoutinesOption = None,
) -> None:
    """Judge a recorded exercise; write frames.jsonl and summary.json."""
    from posecheck.commands import analyze as runs

    # Not a path but an address, of which pathlib has merged the two slashes.
    if re.match(r"[a-z]{2,}:/", str(video)):
        from posecheck.io.diagnosis.private import argument_without_secrets

        address = argument_without_secrets(str(video).replace(":/", "://", 1))
        raise CommandError(f"{address} is an address. Give a video file of this computer.")
    from posecheck.io.results_folder import default_folder

    folder = out or default_folder(video)
    if desk:
        if exercise or annotate or all_frames or every is not None:
            raise CommandError("--desk goes without --exercise, --video, --every and --all-frames.")
        if record or export:
            raise CommandError("--record and --export are for an exercise, not for a desk.")
        raise typer.Exit(
            _analyze_desk(
                (video, folder, read_model(model or "lite")), calibrate, slump, fps, out is None
            )
        )
    if exercise is None:
        raise CommandError("Say what is done in it with --exercise ID, or give --desk.")
    if calibrate or slump:
        raise CommandError("--calibrate and --slump belong to --desk.")
    chosen = find_exercise(exercise, read_library(routines))
    working, remark = working_side(chosen, side)
    if remark:
        typer.echo(remark, err=True)
    chosen_model = read_model(model or "full")
    request = runs.AnalysisRequest(
        *(video, chosen, working, folder, annotate, chosen_model, level, record),
        exports=read_formats(export),
        every_s=read_every(every, all_frames),
        fps=fps,
        numbered=out is None,
    )
    raise typer.Exit(runs.analyze(request))


def _analyze_desk(
    about: tuple[Path, Path, str],
    calibrate: str | None,
    slump: str | None,
    fps: float | None,
    numbered: bool,
) -> int:
    """Judge a video (of `about`), write into its folder, with its model."""
    from posecheck.commands.analyze_desk import DeskRecording, analyze_desk, read_span

    tall, tired = read_span(calibrate, "--calibrate"), read_span(slump, "--slump")
    return analyze_desk(DeskRecording(*about, tall, tired, fps, numbered))
