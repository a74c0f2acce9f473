"""What the terminal is given: text, and no commands for the terminal.

File names, arguments and addresses come from outside and appear in sentences. A control character
in them could clear the screen, hide what was printed or change the window's title.
"""

from __future__ import annotations

import re
from typing import Any, TextIO, cast

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # all but tab and line feed
    "\u200e\u200f\u2028-\u202e\u2066-\u2069]"  # separators, and what turns the direction of text
)


def printable(text: str) -> str:
    """The text with its control characters spelt out, as in \\x1b. Line feeds and tabs stay."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class PrintableStream:
    """A text stream that spells control characters out.

    styled  the stream behind it, for rich, which sets colours by such characters
    """

    def __init__(self, stream: TextIO) -> None:
        self.styled = stream

    def write(self, text: str) -> int:
        return self.styled.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.styled, name)


def printable_stream(stream: TextIO | None) -> TextIO | None:
    """The stream, spelling control characters out; None stays None."""
    return stream if stream is None else cast(TextIO, PrintableStream(stream))


def styled(stream: TextIO) -> TextIO:
    """The stream to which control characters may be written."""
    return stream.styled if isinstance(stream, PrintableStream) else stream
