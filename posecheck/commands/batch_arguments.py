"""The options of `posecheck batch` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from posecheck.commands.arguments import (
    AllFramesOption,
    CommandError,
    EveryOption,
    ExportOption,
    FpsOption,
    read_every,
    read_formats,
    read_library,
    read_model,
    read_side,
)


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Folders, patterns, recordings, or manifests (.csv, .parquet); with --summary the "
            "folder of the results.",
        ),
    ],
    exercise: Annotated[
        str,
        typer.Option("--exercise", "-e", metavar="ID", help="What is done in them."),
    ] = "",
    side: Annotated[
        str | None, typer.Option(metavar="SIDE", help="Working side: left or right.")
    ] = None,
    level: Annotated[
        int | None, typer.Option(min=1, max=3, help="1 widens the limits; 2 when left out.")
    ] = None,
    fps: FpsOption = None,
    desk: Annotated[bool, typer.Option("--desk", help="Judge sitting at a desk.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = Path(
        "posecheck-batch"
    ),
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes; one for each core when left out."),
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="A running Dask scheduler to give the work to: tcp://HOST:PORT."
        ),
    ] = "",
    dashboard: Annotated[
        bool, typer.Option("--dashboard", help="Also serve Dask's page, on this computer only.")
    ] = False,
    frames: Annotated[
        bool, typer.Option("--frames", help="Also a table with a row for each picture.")
    ] = False,
    export: ExportOption = None,
    every: EveryOption = None,
    all_frames: AllFramesOption = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Judge nothing; print what a folder of results holds.")
    ] = False,
    model: Annotated[
        str, typer.Option("--model", help="Pose model: full, lite (faster, less exact), or a file.")
    ] = "full",
    routines: Annotated[
        Path | None,
        typer.Option(
            "--routines", help="Folder of exercises and routines, instead of the shipped."
        ),
    ] = None,
) -> None:
    """Judge many recordings, with as many processes as there are cores, and write tables.

    The same command goes on where a run was stopped. Recordings without a result are named and stop
    nothing.
    """
    if summary:
        if len(inputs) != 1:
            raise CommandError("--summary takes one folder: that of the results.")
        from posecheck.commands.batch_summary import print_summary

        raise typer.Exit(print_summary(Path(inputs[0])))
    if desk and (exercise or frames or export):
        raise CommandError("--desk goes without --exercise, --frames and --export.")
    if scheduler and workers:
        raise CommandError("--workers are of this computer; a scheduler has its own.")
    from posecheck.commands.batch import batch as run
    from posecheck.commands.batch_request import BatchRequest

    request = BatchRequest(
        inputs=tuple(inputs),
        out=out,
        model=read_model(model),
        exercise=exercise,
        side=read_side(side) or "",
        level="" if level is None else str(level),
        fps="" if fps is None else f"{fps:g}",
        desk=desk,
        workers=workers,
        scheduler=scheduler,
        dashboard=dashboard,
        frames=frames,
        exports=read_formats(export),
        every_s=read_every(every, all_frames),
    )
    raise typer.Exit(run(request, read_library(routines)))
