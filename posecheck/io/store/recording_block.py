"""About a second of a landmark recording as bytes.

A block holds its frames column by column, which compresses far better than frame by frame: a small
JSON head, then one array per column, all through zlib. Poses are stored as whole numbers (pixels
in sixteenths, metres in ten-thousandths, visibility in 255ths), each as the difference to the frame
before. `quantised` gives a detection the values that a reader will find in the file. A live judge
that uses those sees exactly what a replay sees.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from posecheck.coach.guide import Command
from posecheck.exercise import Rule
from posecheck.pose import JOINTS, Detection, NoPoseReason, Pose
from posecheck.session.events import Event

PX_PARTS = 16.0
"""Parts of a pixel. The model's own jitter is half a pixel and more."""
WORLD_PARTS = 10_000.0
"""Parts of a metre: 0.1 mm, where the model is wrong by centimetres."""
VISIBILITY_PARTS = 255.0
UNSEEN = np.int32(-(2**31))
"""Stands for NaN."""
MOST_STORED = 2**30
"""The largest stored number: 67 million pixels, 107 km. Farther ones are stored as this."""
MOST_BLOCK_BYTES = 2**28
"""Bytes of a block after decompression. A second of 4K frames with masks at 60 fps needs 62 MB."""
COMPRESSION_LEVEL = 6
"""zlib's own default."""

_FOUND, _RESET, _LOST, _MASK, _REPEATED = 1, 2, 4, 8, 16

Numbers = NDArray[np.int32]
EventData = Mapping[str, Any]
"""An event as JSON: its class under "event", and its fields; a rule by its id."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedFrame:
    """One frame of a recording: what the estimator saw and what came of it.

    t           seconds, as stamped by the source
    detection   what the judge was given
    brightness  mean luma of the picture, 0 black to 255 white; NaN when unknown
    lost        the camera gave no picture, so the estimator was not asked
    commands    keys that took effect with this frame, in order (led sessions only)
    events      what the judge answered
    """

    t: float
    detection: Detection
    brightness: float = math.nan
    lost: bool = False
    commands: tuple[Command, ...] = ()
    events: tuple[EventData, ...] = ()


def event_data(event: Event) -> EventData:
    """An event as it is stored and compared."""
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    plain = {name: v.id if isinstance(v, Rule) else v for name, v in values.items()}
    return {"event": type(event).__name__, **plain}


# --- numbers ------------------------------------------------------------------------------------


def _whole(values: NDArray[np.float64], parts: float) -> Numbers:
    scaled = np.clip(np.rint(values * parts), -MOST_STORED, MOST_STORED)
    known = np.isfinite(values)
    return np.where(known, np.where(known, scaled, 0.0).astype(np.int32), UNSEEN)


def _real(numbers: Numbers, parts: float) -> NDArray[np.float64]:
    return np.where(numbers == UNSEEN, np.nan, numbers / parts)


def _whole_visibility(visibility: NDArray[np.float64]) -> NDArray[np.uint8]:
    share = np.clip(np.nan_to_num(visibility), 0.0, 1.0)
    return np.rint(share * VISIBILITY_PARTS).astype(np.uint8)


def quantised(detection: Detection) -> Detection:
    """The detection with the values that the file will hold. Coordinates that are not finite
    become NaN; visibility that is unknown becomes 0. The mask stays as it is."""
    pose = detection.pose
    if pose is None:
        return detection
    kept = replace(
        pose,
        px=_real(_whole(pose.px, PX_PARTS), PX_PARTS),
        world=_real(_whole(pose.world, WORLD_PARTS), WORLD_PARTS),
        visibility=_whole_visibility(pose.visibility) / VISIBILITY_PARTS,
    )
    return replace(detection, pose=kept)


def _planes(values: NDArray[Any]) -> bytes:
    """The first bytes of all values, then the second bytes, ...: equal ones come together."""
    width = values.dtype.itemsize
    return np.ascontiguousarray(values).view(np.uint8).reshape(-1, width).T.tobytes()


def _changes(numbers: Numbers) -> bytes:
    """Differences from frame to frame (axis 0), small ones of either sign as small numbers."""
    steps = numbers.copy()
    steps[1:] -= numbers[:-1]
    return _planes((steps << 1) ^ (steps >> 31))


def _mask_changes(poses: Iterable[Pose]) -> Iterable[bytes]:
    """Each mask as bits, compared with the mask before it where that has the same size."""
    before: NDArray[np.uint8] | None = None
    size: tuple[int, ...] = ()
    for pose in poses:
        if pose.mask is not None:
            bits = np.packbits(pose.mask)
            same = before is not None and pose.mask.shape == size
            yield (bits ^ before if same and before is not None else bits).tobytes()
            before, size = bits, pose.mask.shape


# --- writing ------------------------------------------------------------------------------------


def encode(frames: Sequence[RecordedFrame]) -> bytes:
    """Frames as one compressed block."""
    poses = [f.detection.pose for f in frames if f.detection.pose is not None]
    reasons = list(dict.fromkeys(f.detection.no_pose_reason for f in frames))
    head = {
        "frames": len(frames),
        "reasons": reasons,
        "sizes": _runs([pose.size for pose in poses]),
        "masks": [pose.mask.shape for pose in poses if pose.mask is not None],
        "commands": [[i, command] for i, f in enumerate(frames) for command in f.commands],
        "events": [[i, event] for i, f in enumerate(frames) for event in f.events],
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    parts = [
        struct.pack("<I", len(text)),
        text,
        _planes(np.array([f.t for f in frames])),
        _planes(np.array([f.brightness for f in frames])),
        _planes(np.array([f.detection.other_person_size for f in frames], np.float64)),
        bytes(_flags(f) for f in frames),
        bytes(reasons.index(f.detection.no_pose_reason) for f in frames),
    ]
    if poses:
        seen = np.stack([_whole_visibility(pose.visibility) for pose in poses])
        steps = np.diff(seen, axis=0, prepend=np.zeros((1, JOINTS), np.uint8))
        parts += [
            _changes(_whole(np.stack([pose.px for pose in poses]), PX_PARTS)),
            _changes(_whole(np.stack([pose.world for pose in poses]), WORLD_PARTS)),
            steps.tobytes(),
            *_mask_changes(poses),
        ]
    return zlib.compress(b"".join(parts), COMPRESSION_LEVEL)


def _flags(frame: RecordedFrame) -> int:
    pose = frame.detection.pose
    return (
        _FOUND * (pose is not None)
        | _RESET * frame.detection.track_reset
        | _LOST * frame.lost
        | _MASK * (pose is not None and pose.mask is not None)
        | _REPEATED * frame.detection.repeated
    )


def _runs(sizes: Iterable[tuple[int, int]]) -> list[list[int]]:
    """[how many, width, height] for every stretch of poses in pictures of one size."""
    runs: list[list[int]] = []
    for width, height in sizes:
        if runs and runs[-1][1:] == [width, height]:
            runs[-1][0] += 1
        else:
            runs.append([1, int(width), int(height)])
    return runs


# --- reading ------------------------------------------------------------------------------------


class _Columns:
    """Reads one array after the other. ValueError when the block ends before its time."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def take(self, count: int) -> bytes:
        part = self._content[self._at : self._at + count]
        if count < 0 or len(part) != count:
            raise ValueError("a block ends within a column")
        self._at += count
        return part

    def numbers(self, kind: DTypeLike, *shape: int) -> NDArray[Any]:
        dtype = np.dtype(kind)
        count = math.prod(shape)
        raw = np.frombuffer(self.take(count * dtype.itemsize), np.uint8)
        rows = np.ascontiguousarray(raw.reshape(dtype.itemsize, count).T)
        return rows.view(dtype).reshape(shape)

    def changes(self, *shape: int) -> Numbers:
        coded = self.numbers(np.uint32, *shape)
        steps = (coded >> 1).view(np.int32) ^ -(coded & 1).view(np.int32)
        return np.cumsum(steps, axis=0, dtype=np.int32)

    def end(self) -> None:
        if self._at != len(self._content):
            raise ValueError("a block holds more than its columns")


def decode(block: bytes) -> list[RecordedFrame]:
    """The frames of a block. A damaged one raises ValueError, LookupError, TypeError, zlib.error,
    RecursionError (from its JSON) or OverflowError (from its numbers)."""
    opened = zlib.decompressobj()
    content = opened.decompress(block, MOST_BLOCK_BYTES)
    if not opened.eof or opened.unused_data:
        raise ValueError("a block is too large or does not end")
    columns = _Columns(content)
    head = json.loads(columns.take(struct.unpack("<I", columns.take(4))[0]))
    count = int(head["frames"])
    times = columns.numbers(np.float64, count).tolist()
    brightness = columns.numbers(np.float64, count).tolist()
    others = columns.numbers(np.float64, count).tolist()
    flags, codes = columns.take(count), columns.take(count)
    reasons = cast(list[NoPoseReason], head["reasons"])
    poses = iter(_poses(columns, flags, head))
    columns.end()
    commands, events = _by_frame(count, head["commands"]), _by_frame(count, head["events"])
    return [
        RecordedFrame(
            times[i],
            Detection(
                next(poses) if flags[i] & _FOUND else None,
                reasons[codes[i]],
                bool(flags[i] & _RESET),
                others[i],
                bool(flags[i] & _REPEATED),
            ),
            brightness[i],
            bool(flags[i] & _LOST),
            tuple(commands[i]),
            tuple(events[i]),
        )
        for i in range(count)
    ]


def _poses(columns: _Columns, flags: bytes, head: Mapping[str, Any]) -> list[Pose]:
    masked = [bool(flag & _MASK) for flag in flags if flag & _FOUND]
    count = len(masked)
    if not count:
        return []
    px = _real(columns.changes(count, JOINTS, 2), PX_PARTS)
    world = _real(columns.changes(count, JOINTS, 3), WORLD_PARTS)
    steps = np.frombuffer(columns.take(count * JOINTS), np.uint8).reshape(count, JOINTS)
    visibility = np.cumsum(steps, axis=0, dtype=np.uint8) / VISIBILITY_PARTS
    runs = ((width, height) for times, width, height in head["sizes"] for _ in range(times))
    sizes = list(islice(runs, count))
    masks = list(_masks(columns, head["masks"]))[::-1]
    return [
        Pose(px[i], world[i], visibility[i], sizes[i], masks.pop() if masked[i] else None)
        for i in range(count)
    ]


def _masks(columns: _Columns, shapes: Iterable[Sequence[int]]) -> Iterable[NDArray[np.bool_]]:
    before: NDArray[np.uint8] | None = None
    size: Sequence[int] = ()
    for shape in shapes:
        height, width = shape
        pixels = height * width
        bits = np.frombuffer(columns.take(-(-pixels // 8)), np.uint8)
        if before is not None and shape == size:
            bits = bits ^ before
        before, size = bits, shape
        yield np.unpackbits(bits, count=pixels).reshape(height, width).astype(np.bool_)


def _by_frame(count: int, pairs: Iterable[tuple[int, Any]]) -> list[list[Any]]:
    listed: list[list[Any]] = [[] for _ in range(count)]
    for index, value in pairs:
        listed[index].append(value)
    return listed
