"""The formats of `--export`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from posecheck.io.motion.c3d_file import c3d, check_c3d
from posecheck.io.motion.text_files import csv_table, sto, trc
from posecheck.io.motion.track import MotionTrack, at_constant_rate

Format = Literal["trc", "csv", "c3d"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: Mapping[Format, tuple[str, ...]] = {
    "trc": (".trc", ".sto"),
    "csv": (".csv",),
    "c3d": (".c3d",),
}
"""Of the files of a format."""


def check_formats(formats: Iterable[Format]) -> None:
    """Raise PackageMissing when a format cannot be written here, before long work."""
    if "c3d" in formats:
        check_c3d()


def exported(track: MotionTrack, formats: Iterable[Format], name: str) -> Mapping[str, bytes]:
    """Suffix -> content of a file. TRC has no room for angles and flags: a STO file has them. TRC,
    STO and C3D know only a constant rate; CSV has the times of the pictures.

    name  of the recording, for the header of a file
    """
    files: dict[str, bytes] = {}
    even, rate = at_constant_rate(track)
    for each in formats:
        match each:
            case "trc":
                files |= {".trc": trc(even, rate, f"{name}.trc"), ".sto": sto(even, name)}
            case "csv":
                files |= {".csv": csv_table(track)}
            case "c3d":
                files |= {".c3d": c3d(even, rate)}
    return files
