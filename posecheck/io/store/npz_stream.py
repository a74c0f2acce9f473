"""Streams of landmarks in numpy's own format, as other programs can make them.

`NAME.npz` with n frames:

    t           (n,) seconds, increasing
    found       (n,) bool: a person was found; where it is False, nothing below is used
    px          (n, 33, 2) pixels of the picture, unmirrored, in MediaPipe's order
    world       (n, 33, 3) metres, origin between the hips, as MediaPipe gives them
    visibility  (n, 33), 0 to 1
    size        (2,) width and height of the picture in pixels
    trouble     (n,) str, optional: `Detection.no_pose_reason`; "" without it
    anew        (n,) bool, optional: `Detection.track_reset`; False without it
    rival       (n,), optional: `Detection.other_person_size`; 0 without it
    repeated    (n,) bool, optional: `Detection.repeated`; False without it
    mask        (n, ceil(width * height / 8)) uint8 as of `numpy.packbits`, optional
    has_mask    (n,) bool, optional: the frame has a mask
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from posecheck.io.store.recording import RecordingError
from posecheck.io.store.recording_block import RecordedFrame
from posecheck.pose import JOINTS, Detection, NoPoseReason, Pose

NEEDED_ARRAYS = ("t", "found", "px", "world", "visibility", "size")

Arrays = Mapping[str, NDArray[Any]]


def npz_frames(path: Path) -> Iterator[RecordedFrame]:
    """The frames of a stream. RecordingError before the first one when the file is none."""
    arrays = _arrays(path)
    return (_frame(arrays, index) for index in range(len(arrays["t"])))


def _arrays(path: Path) -> Arrays:
    try:
        # Given a path, numpy would leave a file open that it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as opened:
            arrays = {name: opened[name] for name in opened.files}
    except OSError as error:
        if error.strerror is None:  # numpy: the beginning is of no format that it knows
            raise _foreign(path) from error
        raise RecordingError(f"{path} cannot be read: {error.strerror.lower()}.") from error
    except (AttributeError, EOFError, TypeError, ValueError) as error:
        raise _foreign(path) from error
    except (zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise RecordingError(f"{path} is damaged. Restore it from a copy.") from error
    if missing := [name for name in NEEDED_ARRAYS if name not in arrays]:
        raise RecordingError(
            f"{path} lacks {', '.join(missing)}. "
            f"A stream of landmarks needs {', '.join(NEEDED_ARRAYS)}."
        )
    if wrong := _misshapen(arrays):
        raise RecordingError(f"{path} cannot be used: {wrong}.")
    return arrays


def _foreign(path: Path) -> RecordingError:
    return RecordingError(
        f"{path} is no stream of landmarks. Give an .npz file or a recording of posecheck."
    )


def _misshapen(arrays: Arrays) -> str:
    """What is wrong with the shapes, "" for nothing."""
    if arrays["size"].shape != (2,) or not all(arrays["size"] > 0):
        return "size is not a width and a height"
    frames = len(arrays["t"]) if arrays["t"].ndim else -1
    width, height = (int(length) for length in arrays["size"])
    shapes: dict[str, tuple[int, ...]] = {
        "t": (frames,), "found": (frames,), "px": (frames, JOINTS, 2), "world": (frames, JOINTS, 3),
        "visibility": (frames, JOINTS), "trouble": (frames,), "anew": (frames,),
        "rival": (frames,), "repeated": (frames,), "has_mask": (frames,),
        "mask": (frames, -(-width * height // 8)),
    }  # fmt: skip
    for name, shape in shapes.items():
        if name in arrays and arrays[name].shape != shape:
            return f"{name} has the shape {arrays[name].shape}, not {shape}"
    if not np.all(np.diff(arrays["t"]) >= 0):
        return "t does not increase"
    return ""


def _frame(arrays: Arrays, index: int) -> RecordedFrame:
    reason = str(arrays["trouble"][index]) if "trouble" in arrays else ""
    found = bool(arrays["found"][index])
    seen = Detection(
        _pose(arrays, index) if found else None,
        cast(NoPoseReason, reason or ("" if found else "nobody")),
        bool(arrays["anew"][index]) if "anew" in arrays else False,
        float(arrays["rival"][index]) if "rival" in arrays else 0.0,
        bool(arrays["repeated"][index]) if "repeated" in arrays else False,
    )
    return RecordedFrame(float(arrays["t"][index]), seen)


def _pose(arrays: Arrays, index: int) -> Pose:
    width, height = (int(length) for length in arrays["size"])
    mask = None
    if "mask" in arrays and ("has_mask" not in arrays or arrays["has_mask"][index]):
        bits = np.unpackbits(arrays["mask"][index], count=width * height)
        mask = bits.reshape(height, width).astype(np.bool_)
    px, world, visibility = (
        arrays[name][index].astype(np.float64) for name in ("px", "world", "visibility")
    )
    return Pose(px, world, visibility, (width, height), mask)
