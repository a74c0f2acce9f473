"""How well the upright lines of a room tell the lean of the camera.

    uv run python benchmarks/room_lines.py FOLDER ...

FOLDER holds photographs (.jpg) or clips (.mp4, of which one picture is taken). Each picture is
taken as level and turned by known angles; the lean that its lines show is compared with them. The
program does not use this yet (docs/biomechanics.md, 6.4).

Segments of OpenCV's line segment detector that are within STEEPEST_DEG of the upright vote for a
lean at the picture's middle and its change across the picture, because upright lines converge when
the camera looks down.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecheck.io.vision.opencv import cv2

Image = NDArray[np.uint8]

TURNS_DEG = (0.0, -8.0, -4.0, 4.0, 8.0)
WIDTH = 640
"""Pictures are made this wide, pixels."""
SHORTEST = 0.06
"""Shortest segment that votes, as a share of the picture's height."""
STEEPEST_DEG = 20.0
AGREE_DEG = 1.5
LEANS_DEG = 3.0
"""A lean of less is not corrected (`posecheck/body/camera_level.py`)."""
ROLLS_DEG = np.arange(-15.0, 15.01, 0.5)
CONVERGENCES_DEG = (-16.0, -8.0, -4.0, 0.0, 4.0, 8.0, 16.0)
"""Change of the lean from the left border to the right one that is tried, degrees."""
LEAST = ((1.0, 0.5), (2.0, 0.5), (2.0, 0.7), (4.0, 0.7))
"""Least length of the lines that agree, picture heights, and their share of all that vote."""


@dataclass(frozen=True, slots=True)
class Reading:
    """lean  degrees, + clockwise; NaN without lines
    length  of the lines that agree, picture heights
    share   of the length of all lines that vote
    """

    lean: float
    length: float
    share: float


NOTHING = Reading(float("nan"), 0.0, 0.0)


def room_lean(grey: Image) -> Reading:
    """The lean that the upright lines of a picture show. `grey`: (height, width)."""
    height, width = grey.shape
    found = cv2.createLineSegmentDetector(0).detect(grey)[0]
    if found is None:
        return NOTHING
    lines = np.asarray(found, np.float64).reshape(-1, 4)
    across, down = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    sign = np.where(down < 0, -1.0, 1.0)
    leans = np.degrees(np.arctan2(-across * sign, down * sign))
    lengths = np.hypot(across, down) / height
    voting = (lengths > SHORTEST) & (np.abs(leans) < STEEPEST_DEG)
    if voting.sum() < 3:
        return NOTHING
    leans, lengths = leans[voting], lengths[voting]
    places = ((lines[voting, 0] + lines[voting, 2]) / 2 - width / 2) / width
    best = max(
        ((roll, change) for roll in ROLLS_DEG for change in CONVERGENCES_DEG),
        key=lambda line: (
            lengths[np.abs(leans - line[0] - line[1] * places) < 1.0].sum()
            - 0.01 * abs(line[1]) / 16.0 * lengths.sum()
        ),
    )
    off = leans - best[0] - best[1] * places
    agree = np.abs(off) < AGREE_DEG
    if not agree.any():
        return NOTHING
    lean = float(best[0] + np.average(off[agree], weights=lengths[agree]))
    agreeing = float(lengths[agree].sum())
    return Reading(lean, agreeing, agreeing / float(lengths.sum()))


def turned(image: Image, degrees: float) -> Image:
    """The picture turned clockwise about its middle, without the corners that become empty."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    whole = cv2.warpAffine(image, matrix, (width, height))
    cut = round(0.009 * abs(degrees) * max(width, height)) + 2 if degrees else 0
    return np.asarray(whole[cut : height - cut, cut : width - cut], np.uint8)


def pictures(folders: list[Path]) -> Iterator[Image]:
    """The pictures of the folders, grey and WIDTH wide."""
    for path in sorted(each for folder in folders for each in folder.iterdir()):
        if path.suffix == ".jpg":
            image = cv2.imread(str(path))
        elif path.suffix == ".mp4":
            image = cv2.VideoCapture(str(path)).read()[1]
        else:
            continue
        if image is not None:
            height = round(WIDTH * image.shape[0] / image.shape[1])
            small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
            yield np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def main() -> None:
    folders = [Path(each) for each in sys.argv[1:]]
    rows = []
    for image in pictures(folders):
        for turn in TURNS_DEG:
            reading = room_lean(turned(image, turn))
            rows.append((turn, reading.lean - turn, reading.length, reading.share))
    table = np.array(rows).reshape(-1, 4)
    level = table[:, 0] == 0
    print(f"{level.sum()} pictures, each turned by {TURNS_DEG} degrees")
    for length, share in LEAST:
        taken = (table[:, 2] >= length) & (table[:, 3] >= share)
        if not taken.any():
            print(f"lines of {length:g} heights and {share:.0%}: read in 0%")
            continue
        errors = np.abs(table[taken, 1])
        false = np.abs(table[taken & level, 1]) >= LEANS_DEG
        middle, high = np.percentile(errors, (50, 90))
        print(
            f"lines of {length:g} heights and {share:.0%}: read in {taken.mean():.0%}, error "
            f"{middle:.1f} (90 %: {high:.1f}) degrees, off by more than {LEANS_DEG:g} in "
            f"{(errors > LEANS_DEG).mean():.1%}; level pictures said to lean: {false.sum()} of "
            f"{(taken & level).sum()}"
        )


if __name__ == "__main__":
    main()
