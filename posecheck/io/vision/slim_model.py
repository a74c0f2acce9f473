"""A pose model without its mask, made in memory from a verified bundle.

The mask is a third to a half of the work of a frame, and only exercises that are judged on the back
contour use it. MediaPipe computes it even when no caller asks, because the mask is an output of the
network. `slim` points that output at another one and strikes the operators that only the mask
needs. Landmarks, visibility and world points stay identical to the bit, and the file keeps its
size: nothing is moved, some numbers in it change.

A bundle (.task) is a zip archive whose entries are stored uncompressed. The entry LANDMARKS is a
TensorFlow Lite model, which is a flatbuffer. What is relied on of that format
(https://flatbuffers.dev/internals, schema.fbs of TensorFlow Lite):

-   all numbers are little-endian; a reference is a uint32, counted from its own place
-   the file begins with a reference to its root table and the identifier TFL3
-   a table begins with an int32: the distance back to its vtable. The vtable is a row of uint16:
    its own size in bytes, the table's size, then for each field the distance from the table's
    beginning, 0 for a field that is absent
-   a vector is referred to; it is a uint32, the number of elements, and then the elements. Elements
    of a vector of tables are references
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

LANDMARKS = "pose_landmarks_detector.tflite"
"""The network of a bundle that finds the joints of one person. The other one finds the person."""

OUTPUTS = ((1, 195), (1, 1), (1, 256, 256, 1), (1, 64, 64, 39), (1, 117))
"""Shapes of the outputs: 39 landmarks of 5 values, the score, the mask, heat maps, world points."""
SCORE, MASK = 1, 2
"""Places among the outputs."""

# Places of the fields in their tables, from schema.fbs.
_MODEL_SUBGRAPHS = 2
_SUBGRAPH_TENSORS, _SUBGRAPH_OUTPUTS, _SUBGRAPH_OPERATORS = 0, 2, 3
_TENSOR_SHAPE = 0
_OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 1, 2

_LOCAL_HEADER = 30
"""Bytes of the local header of a zip entry before its name. Its last two fields are the lengths of
the name and of the extra field (.ZIP File Format Specification, 4.3.7)."""


class UnexpectedModelError(ValueError):
    """The bundle is not laid out as `slim` expects. The message says in what."""


def slim(bundle: bytes) -> bytes:
    """The same bundle without the mask. A landmarker of it must not be asked for masks.

    Raises UnexpectedModelError.
    """
    try:
        start, size = _entry(bundle)
        changed = bytearray(bundle)
        with memoryview(changed) as content:
            _Network(content[start : start + size]).drop_output(MASK, instead=SCORE)
    except (struct.error, IndexError, KeyError, zipfile.BadZipFile) as error:
        raise UnexpectedModelError(f"it cannot be read as a model: {error}") from error
    return bytes(changed)


def _entry(bundle: bytes) -> tuple[int, int]:
    """Where the landmark network begins in the bundle, and its size in bytes.

    The archive's checksum of the entry is not renewed: MediaPipe does not compare it, and the
    bundle was verified as a whole.
    """
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        entry = archive.getinfo(LANDMARKS)
    if entry.compress_type != zipfile.ZIP_STORED:
        raise UnexpectedModelError(f"{LANDMARKS} is compressed")
    name, extra = struct.unpack_from("<HH", bundle, entry.header_offset + _LOCAL_HEADER - 4)
    return entry.header_offset + _LOCAL_HEADER + name + extra, entry.file_size


class _Network:
    """A TensorFlow Lite model with one subgraph, as bytes that can be changed in place."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        if bytes(content[4:8]) != b"TFL3":
            raise UnexpectedModelError("it is no model of TensorFlow Lite")
        graphs = self._tables(self._follow(0), _MODEL_SUBGRAPHS)
        if len(graphs) != 1:
            raise UnexpectedModelError(f"it has {len(graphs)} subgraphs, not one")
        self._graph = graphs[0]
        self._operators = self._tables(self._graph, _SUBGRAPH_OPERATORS)
        tensors = self._tables(self._graph, _SUBGRAPH_TENSORS)
        self._outputs = self._numbers(self._graph, _SUBGRAPH_OUTPUTS)
        shapes = tuple(tuple(self._numbers(tensors[k], _TENSOR_SHAPE)) for k in self._outputs)
        if shapes != OUTPUTS:
            raise UnexpectedModelError(f"its outputs have the shapes {shapes}")

    def drop_output(self, dropped: int, instead: int) -> None:
        """Let an output give the tensor of another one, and strike the operators that no output
        needs any more."""
        self._outputs[dropped] = self._outputs[instead]
        start, _ = self._vector(self._graph, _SUBGRAPH_OUTPUTS)
        struct.pack_into("<i", self._content, start + 4 * dropped, self._outputs[dropped])
        needed = self._needed()
        start, _ = self._vector(self._graph, _SUBGRAPH_OPERATORS)
        # The struck operators stay in the file; nothing refers to them. The order, which is that of
        # execution, is kept.
        for slot, index in enumerate(needed):
            place = start + 4 * slot
            struct.pack_into("<I", self._content, place, self._operators[index] - place)
        struct.pack_into("<I", self._content, start - 4, len(needed))

    def _needed(self) -> list[int]:
        """Indices of the operators on which the outputs depend, in order."""
        maker = {
            tensor: index
            for index, operator in enumerate(self._operators)
            for tensor in self._numbers(operator, _OPERATOR_OUTPUTS)
        }
        needed: set[int] = set()
        wanted = list(self._outputs)
        while wanted:
            index = maker.get(wanted.pop())  # None: an input or a constant
            if index is not None and index not in needed:
                needed.add(index)
                wanted += self._numbers(self._operators[index], _OPERATOR_INPUTS)
        return sorted(needed)

    # --- the flatbuffer -------------------------------------------------------------------------

    def _follow(self, place: int) -> int:
        """Where the reference at this place leads."""
        (distance,) = struct.unpack_from("<I", self._content, place)
        return place + int(distance)

    def _vector(self, table: int, field: int) -> tuple[int, int]:
        """Where the elements of a vector in a field of a table begin, and how many there are."""
        (back,) = struct.unpack_from("<i", self._content, table)
        vtable = table - back
        entry = 4 + 2 * field
        (size,) = struct.unpack_from("<H", self._content, vtable)
        if entry >= size:  # the field is absent, like one whose distance is 0
            return 0, 0
        (offset,) = struct.unpack_from("<H", self._content, vtable + entry)
        if not offset:
            return 0, 0
        vector = self._follow(table + offset)
        (count,) = struct.unpack_from("<I", self._content, vector)
        return vector + 4, int(count)

    def _tables(self, table: int, field: int) -> Sequence[int]:
        """Where the tables of a vector begin."""
        start, count = self._vector(table, field)
        return [self._follow(start + 4 * index) for index in range(count)]

    def _numbers(self, table: int, field: int) -> list[int]:
        """The elements of a vector of int32."""
        start, count = self._vector(table, field)
        return list(struct.unpack_from(f"<{count}i", self._content, start))
