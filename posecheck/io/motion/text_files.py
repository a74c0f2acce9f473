"""Motion tracks as text: TRC and STO for OpenSim, CSV for everything else."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from posecheck.io.motion.track import ANGLES, FLAG_WORDS, LABELS, MotionTrack


def trc(track: MotionTrack, rate_hz: float, name: str) -> bytes:
    """The points of a track of constant rate as a TRC file (Motion Analysis), in metres. Gaps are
    blank, as Mokka writes them and OpenSim 4 reads them.

    Every row ends with a tab: OpenSim drops a last cell that is empty, and would refuse the row.
    """
    rate, count = f"{rate_hz:.6g}", len(track.flags)
    head = (
        ("PathFileType", "4", "(X/Y/Z)", name),
        ("DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate",
         "OrigDataStartFrame", "OrigNumFrames"),
        (rate, rate, str(count), str(len(LABELS)), "m", rate, "1", str(count)),
        ("Frame#", "Time", *(cell for label in LABELS for cell in (label, "", ""))),
        ("", "", *(f"{axis}{n}" for n in range(1, len(LABELS) + 1) for axis in "XYZ"), ""),
    )  # fmt: skip
    lines = ["\t".join(cells) for cells in head]
    lines.append("")
    for number, (t, points) in enumerate(zip(track.times, track.world, strict=True), 1):
        cells = ("" if math.isnan(value) else f"{value:.6f}" for value in points.ravel())
        lines.append("\t".join((str(number), f"{t:.6f}", *cells, "")))
    return ("\n".join(lines) + "\n").encode()


def sto(track: MotionTrack, name: str) -> bytes:
    """The angles and the flags as an OpenSim storage file; degrees, gaps are NaN."""
    names = [*ANGLES, *(f"{label}.flag" for label in LABELS)]
    lines = [
        name,
        "version=1",
        f"nRows={len(track.flags)}",
        f"nColumns={len(names) + 1}",
        "inDegrees=yes",
        f"flags: {', '.join(f'{n} {word}' for n, word in enumerate(FLAG_WORDS))}",
        "endheader",
        "\t".join(("time", *names)),
    ]
    for row, t in enumerate(track.times):
        angles = (_number(value) for value in track.angles[row])
        flags = (str(flag) for flag in track.flags[row])
        lines.append("\t".join((f"{t:.6f}", *angles, *flags)))
    return ("\n".join(lines) + "\n").encode()


def _number(value: float) -> str:
    return "NaN" if math.isnan(value) else f"{value:.4f}"


def csv_table(track: MotionTrack) -> bytes:
    """Points, pixels, flags and angles as CSV, a line for each frame; gaps are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    points = [
        f"{label}.{end}"
        for label in LABELS
        for end in ("x_m", "y_m", "z_m", "x_px", "y_px", "flag")
    ]
    writer.writerow(["frame", "time_s", "state", *(f"{a}_deg" for a in ANGLES), *points])
    for row, t in enumerate(track.times):
        cells: list[str] = []
        for world, px, flag in zip(track.world[row], track.px[row], track.flags[row], strict=True):
            cells += [*_cells(world, 6), *_cells(px, 2), FLAG_WORDS[flag]]
        angles = _cells(track.angles[row], 4)
        writer.writerow([row + 1, f"{t:.6f}", track.states[row], *angles, *cells])
    return text.getvalue().encode()


def _cells(values: Iterable[float], decimals: int) -> list[str]:
    return ["" if math.isnan(value) else f"{value:.{decimals}f}" for value in values]
