"""The mistakes of a file, each with its line.

A reader collects every mistake in `Findings` before it gives up, so that one run shows them all.
A `Key` is the way to a value inside the file: ("rules", 0, "metric").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Key = tuple[str | int, ...]


class RoutineError(Exception):
    """A file of exercises or routines cannot be used. `problems`: one line per mistake."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def spell(key: Key) -> str:
    """The key as a person writes it: rules[0].metric."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def _one_line(text: str) -> str:
    """The text without line breaks and terminal codes, which a file's own words may hold."""
    return "".join(char if char.isprintable() else "�" for char in text)


class Findings:
    """The mistakes of one file. `lines` tells where a key stands; a key without a line of its own
    (it is missing, or inside an inline value) is reported at the nearest table or value around it.
    """

    def __init__(self, file: str, lines: Callable[[], Mapping[Key, int]]) -> None:
        self._file = file
        self._lines = lines
        self._found: list[tuple[int, Key, str]] = []

    def add(self, key: Key, why: str) -> None:
        self._found.append((self._line(key), key, why))

    def covers(self, key: Key) -> bool:
        """Whether the key, or a value around it, is already known to be wrong."""
        named = {found for _, found, _ in self._found}
        return any(key[:length] in named for length in range(1, len(key) + 1))

    def problems(self) -> tuple[str, ...]:
        """All mistakes in the order of the file."""
        ordered = sorted(self._found, key=lambda found: found[0])
        return tuple(
            _one_line(f"{self._file}:{line}: {spell(key)}: {why}") for line, key, why in ordered
        )

    def _line(self, key: Key) -> int:
        lines = self._lines()
        for length in range(len(key), 0, -1):
            if key[:length] in lines:
                return lines[key[:length]]
        return 1
