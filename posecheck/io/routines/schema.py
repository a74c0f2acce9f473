"""Turns TOML values into frozen dataclasses, driven by the types of their fields.

A mistake does not stop the reading: it is recorded, and a neutral value replaces the wrong one (NaN
for a number, so that no comparison with it is true; None for a choice). The caller must discard the
result when a mistake was recorded.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from math import isfinite, nan
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from posecheck.io.routines.limits import MOST_ITEMS
from posecheck.io.routines.problems import FileProblems, KeyPath
from posecheck.suggestion import suggestion


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def read(data: Any, kind: Any, key: KeyPath, found: FileProblems) -> Any:
    """`data` as a value of type `kind`; mistakes are added to `found` under `key`."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return read(data, _inner(kind), key, found)
    if origin is Literal:
        return _choice(data, kind, key, found)
    if origin is tuple:
        return _tuple(data, kind, key, found)
    if is_dataclass(kind):
        return _table(data, kind, key, found)
    return _plain(data, kind, key, found)


def _table(data: Any, kind: Any, key: KeyPath, found: FileProblems) -> Any:
    if not isinstance(data, dict):
        return _wrong(data, kind, key, found)
    hints = _hints(kind)
    for name in data:
        if name not in hints:
            found.add((*key, name), f"unknown key; {suggestion(name, tuple(hints))}")
    values: dict[str, Any] = {}
    for field in fields(kind):
        place, hint = (*key, field.name), hints[field.name]
        if field.name in data:
            values[field.name] = read(data[field.name], hint, place, found)
        elif field.default is MISSING:
            found.add(place, f"is missing; it must be {_described(hint)}")
            values[field.name] = _neutral(hint)
    return kind(**values)


def _tuple(data: Any, kind: Any, key: KeyPath, found: FileProblems) -> Any:
    if not isinstance(data, list):
        return _wrong(data, kind, key, found)
    hints = get_args(kind)
    if len(data) > MOST_ITEMS:
        found.add(key, f"has {len(data)} items; at most {MOST_ITEMS}")
        return _neutral(kind)
    if hints[-1] is Ellipsis:
        hints = (hints[0],) * len(data)
    if len(data) != len(hints):
        return _wrong(data, kind, key, found)
    return tuple(
        read(item, hint, (*key, index), found)
        for index, (item, hint) in enumerate(zip(data, hints, strict=True))
    )


def _choice(data: Any, kind: Any, key: KeyPath, found: FileProblems) -> Any:
    options = get_args(kind)
    if any(type(data) is type(option) and data == option for option in options):
        return data
    hint = ""
    if isinstance(data, str) and all(isinstance(option, str) for option in options):
        more = suggestion(data, options)
        hint = f"; {more}" if more.startswith("did you mean") else ""
    found.add(key, f"must be {_described(kind)}, not {_shown(data)}{hint}")
    return None


def _plain(data: Any, kind: Any, key: KeyPath, found: FileProblems) -> Any:
    if kind is float and type(data) in (int, float):
        number = _float(data)
        if isfinite(number):
            return number
    elif type(data) is kind:  # not isinstance: true is not a number
        return data
    return _wrong(data, kind, key, found)


def _float(data: float) -> float:
    try:
        return float(data)
    except OverflowError:
        return nan


def _wrong(data: Any, kind: Any, key: KeyPath, found: FileProblems) -> Any:
    found.add(key, f"must be {_described(kind)}, not {_shown(data)}")
    return _neutral(kind)


def _inner(kind: Any) -> Any:
    """T of `T | None`."""
    return next(part for part in get_args(kind) if part is not types.NoneType)


PLAIN: dict[Any, tuple[str, Any]] = {
    str: ("a text", ""),
    int: ("a whole number", 0),
    float: ("a number", nan),
    bool: ("true or false", False),
}
"""Name and neutral value of each plain type."""


def _neutral(kind: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _neutral(_inner(kind))
    if origin is Literal:
        return None
    if origin is tuple:
        return tuple(_neutral(hint) for hint in get_args(kind) if Ellipsis not in get_args(kind))
    if is_dataclass(kind):
        hints = _hints(type(kind) if not isinstance(kind, type) else kind)
        return _made(kind, hints)
    return PLAIN[kind][1]


def _made(kind: Any, hints: dict[str, Any]) -> Any:
    needed = (field.name for field in fields(kind) if field.default is MISSING)
    return kind(**{name: _neutral(hints[name]) for name in needed})


def _described(kind: Any) -> str:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _described(_inner(kind))
    if origin is Literal:
        return "one of " + ", ".join(_shown(option) for option in get_args(kind))
    if origin is tuple:
        return _described_tuple(get_args(kind))
    return "a table" if is_dataclass(kind) else PLAIN[kind][0]


def _described_tuple(hints: tuple[Any, ...]) -> str:
    if hints[-1] is not Ellipsis:
        return f"a list of {len(hints)} numbers, [from, to]"
    if get_origin(hints[0]) is Literal:
        return f"a list, each {_described(hints[0])}"
    lists = {str: "a list of texts", int: "a list of whole numbers"}
    return lists.get(hints[0], "a list of tables")


SHOWN: dict[type, Callable[[Any], str]] = {
    dict: lambda data: "a table",
    list: lambda data: f"a list of {len(data)}",
    bool: lambda data: "true" if data else "false",
    int: lambda data: str(data) if data.bit_length() < 64 else "a huge number",
    str: lambda data: repr(data if len(data) <= 40 else data[:39] + "…"),
}


def _shown(data: Any) -> str:
    """The value as written in the file, short enough for one line."""
    return SHOWN.get(type(data), str)(data)
