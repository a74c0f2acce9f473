"""A TOML file with the line number of each key.

`tomllib` does not report positions, so the text is split into statements: a statement is the
smallest number of whole lines that parse on their own, and it names its keys. A file that cannot be
read or parsed raises a `RoutineError` with one line.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from posecheck.io.routines.problems import KeyPath, RoutineError

LONGEST_LINE = 2_000
"""Characters. The longest line of a shipped file has 259; the time that a key with dots takes grows
with the square of its length."""
DEEPEST = 10
"""Levels of tables and lists in each other; exercises have four."""
NESTED = "the values are nested too deeply"
LARGEST_FILE = 1_000_000
"""Bytes. An exercise has about three thousand; a larger file is of another kind."""
PARSED_FOR_LINES = 1_000_000
"""Characters that are parsed at most to find the lines of keys, which takes half a second. Each
line of a statement of many lines costs a parse of all lines before it; shipped files need less than
three times their own length."""


@dataclass(frozen=True)
class Document:
    """The values of a TOML file and the line number of each key, counted from 1."""

    name: str
    data: dict[str, Any]
    text: str

    @cached_property
    def lines(self) -> dict[KeyPath, int]:
        """Line numbers, computed only to report a mistake: they take longer than all the rest."""
        return _lines(self.text)


def read_document(path: Path) -> Document:
    """Read and parse one file. Raises RoutineError with one problem."""
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise _error(path, 1, NESTED) from None
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        line, why = _syntax(str(error), text)
        raise _error(path, line, f"not valid TOML: {why}") from None
    if _deep(data):
        raise _error(path, 1, NESTED)
    return Document(path.name, data, text)


def _deep(data: object) -> bool:
    """Whether values are nested deeper than DEEPEST."""
    level = [data]
    for _ in range(DEEPEST):
        level = [item for each in level for item in _inner(each)]
    return any(isinstance(each, (dict, list)) for each in level)


def _inner(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _text(path: Path) -> str:
    try:
        data = _bytes(path)
    except OSError as error:
        raise _error(path, 1, f"cannot be read: {error.strerror or error}") from None
    try:
        text = data.decode("utf-8-sig")  # Windows editors write a byte order mark
    except UnicodeDecodeError as error:
        at = data.count(b"\n", 0, error.start) + 1
        raise _error(path, at, "not UTF-8 text; save the file with encoding UTF-8") from None
    text = text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise _error(path, number, f"has {len(line)} characters; at most {LONGEST_LINE}")
    return text


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise _error(path, 1, "is a folder, not a file")
    if not path.exists():
        raise _error(path, 1, "no such file")
    if not path.is_file():
        raise _error(path, 1, "is not a regular file")
    if path.stat().st_size > LARGEST_FILE:
        raise _error(path, 1, "is too large for an exercise or routine file")
    return path.read_bytes()


def _error(path: Path, line: int, why: str) -> RoutineError:
    return RoutineError((f"{path.name}:{line}: {why}",))


def _syntax(message: str, text: str) -> tuple[int, str]:
    """Line and reason from tomllib's message; the error has no attributes before Python 3.14."""
    match = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", message, re.DOTALL)
    if match:
        return int(match[2]), f"{match[1]}, at column {match[3]}"
    if message.endswith(" (at end of document)"):
        last = text.rstrip("\n").count("\n") + 1
        return last, message.removesuffix(" (at end of document)") + ", at the end of the file"
    return 1, message


def _lines(text: str) -> dict[KeyPath, int]:
    """The line number of each key and table in a valid TOML text."""
    lines: dict[KeyPath, int] = {}
    tables: dict[KeyPath, int] = {}  # number of elements so far in each array of tables
    table: KeyPath = ()
    for number, statement, value in _statements(text):
        if not value:
            continue  # blank, or a comment
        if statement.lstrip().startswith("["):
            is_array = statement.lstrip().startswith("[[")
            table = _place(_header(value), is_array, tables)
            lines.setdefault(table, number)
            lines.setdefault(table[:-1] if is_array else table, number)
        else:
            _name(value, table, number, lines)
    return lines


def _statements(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """The statements with their first line numbers and their values; those after PARSED_FOR_LINES
    are missing.

    No beginning of a longer statement parses on its own.
    """
    found: list[tuple[int, str, dict[str, Any]]] = []
    open_lines: list[str] = []
    left = PARSED_FOR_LINES
    for number, line in enumerate(text.split("\n"), 1):
        open_lines.append(line)
        statement = "\n".join(open_lines)
        left -= len(statement)
        if left < 0:
            break
        try:
            value = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        found.append((number - len(open_lines) + 1, statement, value))
        open_lines = []
    return found


def _header(value: Any) -> tuple[str, ...]:
    """The names in a parsed `[a.b]` or `[[a.b]]`."""
    names: list[str] = []
    while isinstance(value, dict) and value:
        name, value = next(iter(value.items()))
        names.append(name)
    return tuple(names)


def _place(names: tuple[str, ...], is_array: bool, tables: dict[KeyPath, int]) -> KeyPath:
    """The key of a header; the name of an array of tables means its newest element."""
    key: KeyPath = ()
    for depth, name in enumerate(names, 1):
        key = (*key, name)
        if is_array and depth == len(names):
            tables[key] = tables.get(key, 0) + 1
        if key in tables:
            key = (*key, tables[key] - 1)
    return key


def _name(value: Any, key: KeyPath, number: int, lines: dict[KeyPath, int]) -> None:
    """Give all keys inside a statement its first line number."""
    if isinstance(value, dict):
        for name, inner in value.items():
            lines.setdefault((*key, name), number)
            _name(inner, (*key, name), number, lines)
