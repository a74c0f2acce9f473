"""The mistakes of a file, each with its line.

A reader collects all mistakes in `FileProblems` before it raises, so that one run shows them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posecheck.io.errors import UserError

KeyPath = tuple[str | int, ...]
"""The path to a value inside a file: ("rules", 0, "metric")."""


class RoutineError(UserError):
    """A file of exercises or routines cannot be used.

    problems  one line per mistake
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = tuple(map(_one_line, problems))
        super().__init__("\n".join(self.problems))


def spell(key: KeyPath) -> str:
    """The key as text: rules[0].metric."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def _one_line(text: str) -> str:
    """The text without line breaks and terminal codes, which the file's own words may contain."""
    return "".join(char if char.isprintable() else "�" for char in text)


class FileProblems:
    """Collects the mistakes of one file.

    file   its name
    lines  line number of each key. A key without a line of its own (missing, or inside an inline
           value) is reported at the nearest enclosing table or value
    """

    def __init__(self, file: str, lines: Callable[[], Mapping[KeyPath, int]]) -> None:
        self._file = file
        self._lines = lines
        self._found: list[tuple[int, KeyPath, str]] = []
        self._named: set[KeyPath] = set()

    def add(self, key: KeyPath, why: str) -> None:
        self._found.append((self._line(key), key, why))
        self._named.add(key)

    def covers(self, key: KeyPath) -> bool:
        """Whether the key, or a value that encloses it, is already known to be wrong."""
        return any(key[:length] in self._named for length in range(1, len(key) + 1))

    def problems(self) -> tuple[str, ...]:
        """All mistakes, sorted by line."""
        ordered = sorted(self._found, key=lambda found: found[0])
        return tuple(f"{self._file}:{line}: {spell(key)}: {why}" for line, key, why in ordered)

    def _line(self, key: KeyPath) -> int:
        lines = self._lines()
        for length in range(len(key), 0, -1):
            if key[:length] in lines:
                return lines[key[:length]]
        return 1
