"""Takes the JPEG pictures out of a multipart stream, as network cameras and phones send them.

A part ends where the next boundary is. The length that a part states only lets its picture be shown
at once: where it is wrong, the boundary counts. No more than one picture is held.
"""

from __future__ import annotations

from collections.abc import Callable

LARGEST_PICTURE = 16 * 2**20
"""Bytes. A JPEG of 8K at the best quality has less."""
LONGEST_HEAD = 16 * 2**10
READ_BYTES = 64 * 2**10

_JPEG_END = b"\xff\xd9"


class StreamOverError(EOFError):
    """The stream has ended, or is not what it says to be."""


class Multipart:
    """The parts of a stream.

    read      gives up to so many bytes as soon as there are some, b"" at the end
    boundary  as the header names it; "" takes the first line for it
    """

    def __init__(self, read: Callable[[int], bytes], boundary: str) -> None:
        self._read = read
        # Some cameras name the two dashes in front as a part of it, some do not.
        self._boundary = boundary.strip().strip('"').lstrip("-").encode("latin-1", "replace")
        self._data = bytearray()

    def next_picture(self) -> bytes:
        """The next JPEG; parts of other kinds are skipped. Raises StreamOverError, and OSError of
        `read`."""
        while True:
            self._skip_to_part()
            head = self._head()
            kind = head.get(b"content-type", b"image/jpeg").split(b";")[0].strip().lower()
            picture = self._body(head.get(b"content-length", b""))
            if kind in (b"image/jpeg", b"image/jpg", b"image/pjpeg"):
                return picture

    def _skip_to_part(self) -> None:
        if not self._boundary:
            self._boundary = self._first_line()
        skipped = 0
        while (at := self._data.find(self._boundary)) < 0:
            keep = len(self._boundary)
            skipped += max(0, len(self._data) - keep)
            if skipped > LARGEST_PICTURE:
                raise StreamOverError
            del self._data[: max(0, len(self._data) - keep)]
            self._more()
        del self._data[: at + len(self._boundary)]

    def _first_line(self) -> bytes:
        while b"\n" not in self._data.lstrip(b"\r\n"):
            if len(self._data) > LONGEST_HEAD:
                raise StreamOverError
            self._more()
        line = bytes(self._data.lstrip(b"\r\n").split(b"\n")[0].strip().lstrip(b"-"))
        if not line:
            raise StreamOverError
        return line

    def _head(self) -> dict[bytes, bytes]:
        """The lines in front of the picture, by their names in lower case."""
        while True:
            data = bytes(self._data[: LONGEST_HEAD + 4])
            ends = [(at, len(end)) for end in (b"\r\n\r\n", b"\n\n") if (at := data.find(end)) >= 0]
            if ends:
                at, length = min(ends)
                del self._data[: at + length]
                pairs = (line.partition(b":") for line in data[:at].splitlines())
                return {name.strip().lower(): value.strip() for name, _, value in pairs}
            if len(data) > LONGEST_HEAD:
                raise StreamOverError
            self._more()

    def _body(self, stated: bytes) -> bytes:
        """The picture of a part."""
        length = int(stated) if stated.isdigit() and len(stated) < 10 else None
        searched = 0
        while True:
            at = self._data.find(self._boundary, searched)
            if at >= 0:  # also before the stated length
                return self._taken(at).rstrip(b"-").rstrip(b"\r\n")
            if length is not None and len(self._data) >= length:
                whole = bytes(self._data[:length]).rstrip(b"\r\n\0")
                if whole.endswith(_JPEG_END):
                    return self._taken(length)
                length = None
            if len(self._data) > LARGEST_PICTURE:
                raise StreamOverError
            searched = max(0, len(self._data) - len(self._boundary))
            self._more()

    def _taken(self, length: int) -> bytes:
        taken = bytes(self._data[:length])
        del self._data[:length]
        return taken

    def _more(self) -> None:
        data = self._read(READ_BYTES)
        if not data:
            raise StreamOverError
        self._data += data
