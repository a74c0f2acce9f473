"""The texts of exercises and routines that a user meets, and the same values with other texts.

Every field of type `str` is a text, except those that name something. So a text that is added to
the schema is asked for in every language from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from posecheck.io.routines.overlay import Text
from posecheck.io.routines.problems import KeyPath

NAMES = frozenset(
    {
        "areas",
        "contraindications",
        "eased_for",
        "exercise",
        "group",
        "id",
        "metric",
        "position",
        "reviewed_by",
        "reviewed_on",
        "source",
        "tags",
    }
)
"""Fields that the program or the maintainers read, not the user."""
LISTS = frozenset({"aliases"})
"""Lists that are one text: a language may have more or fewer of these words."""

T = TypeVar("T")


@cache
def _text_fields(kind: Any) -> tuple[str, ...]:
    hints = get_type_hints(kind)
    return tuple(
        field.name
        for field in fields(kind)
        if field.name not in NAMES and not _is_choice(hints[field.name])
    )


def _is_choice(hint: Any) -> bool:
    """Whether a field holds one of some fixed words, or None."""
    return any(get_origin(each) is Literal for each in (hint, *get_args(hint)))


def texts_of(value: Any, key: KeyPath = ()) -> Iterator[tuple[KeyPath, Text]]:
    """Every text of an exercise or a routine with its place, in the order of the schema. A list
    counts from 1; what has an id has it as its place: ("rules", "leaning", "cue")."""
    kind: Any = type(value)
    for name in _text_fields(kind):
        yield from _inner(getattr(value, name), (*key, name))


def _inner(value: Any, key: KeyPath) -> Iterator[tuple[KeyPath, Text]]:
    if isinstance(value, str):
        if value:
            yield key, value
    elif key[-1] in LISTS:
        if value:
            yield key, tuple(value)
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from _inner(item, (*key, _place(item, number)))
    elif is_dataclass(value):
        yield from texts_of(value, key)


def _place(item: Any, number: int) -> str:
    return str(getattr(item, "id", number))


def with_texts(value: T, texts: Mapping[KeyPath, Text], key: KeyPath = ()) -> T:
    """The same exercise or routine with other texts at their places; the rest keeps its own."""
    kind: Any = type(value)
    changes = {}
    for name in _text_fields(kind):
        before = getattr(value, name)
        after = _changed(before, texts, (*key, name))
        if after is not before:
            changes[name] = after
    return replace(value, **changes) if changes else value  # type: ignore[type-var]


def _changed(value: Any, texts: Mapping[KeyPath, Text], key: KeyPath) -> Any:
    if key[-1] in LISTS:
        words = texts.get(key, value)
        return (words,) if isinstance(words, str) else words
    if isinstance(value, str):
        return texts.get(key, value)
    if isinstance(value, tuple):
        items = tuple(
            _changed(item, texts, (*key, _place(item, number)))
            for number, item in enumerate(value, 1)
        )
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    return with_texts(value, texts, key) if is_dataclass(value) else value
