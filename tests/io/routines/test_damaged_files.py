"""Damaged exercise and routine files: a library, or a list of mistakes with their lines."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.exercise import Exercise, Routine
from posecheck.io.paths import data_folder
from posecheck.io.routines.load import (
    Library,
    RoutineError,
    load_all,
    load_exercise,
    load_routine,
)

ROOT = data_folder("routines")
LIBRARY = load_all(ROOT)
EXERCISES = sorted((ROOT / "exercises").glob("*.toml"))
ROUTINES = sorted(ROOT.glob("*.toml"))
PROBLEM = re.compile(r"[^:]+\.toml:[1-9]\d*: (.+: )?.+")
"""`file:line: key: why`; the key is missing where the file as a whole is wrong."""
IN_TIME = timedelta(seconds=5)
"""For a file of a few thousand bytes, which takes 10 ms on an idle machine."""

VALUES = st.sampled_from(
    [b"0", b"-1", b"1e308", b"-1e308", b"100000000", b'"\\u001b[2J"',
     b"1e999", b"nan", b"true", b'""', b'"left"', b"[]", b"[[1], 2]", b"{}",
     b"{ a.b = 1 }", b"1979-05-27", b"9" * 40, b'"' + "é".encode() + b'"', b"'''", b'"""', b"[",
     b"}", b"\xff", b"\x00", b"\r", b"#", b"[rules]", b"[[dose]]", b"id = 3", b"a = 1"]
)  # fmt: skip

Mutation = Callable[[bytes], bytes]


def _drop_line(at: int) -> Mutation:
    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        del lines[at % len(lines)]
        return b"\n".join(lines)

    return change


def _repeat_line(at: int, to: int) -> Mutation:
    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines.insert(to % len(lines), lines[at % len(lines)])
        return b"\n".join(lines)

    return change


def _new_value(at: int, value: bytes) -> Mutation:
    """Replace what stands behind the equals sign of a line."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        keys = [number for number, line in enumerate(lines) if b"=" in line] or [0]
        number = keys[at % len(keys)]
        lines[number] = lines[number].partition(b"=")[0] + b"= " + value
        return b"\n".join(lines)

    return change


def _new_key(at: int, name: bytes) -> Mutation:
    def change(content: bytes) -> bytes:
        keys = [match.span() for match in re.finditer(rb"[a-z_]+(?= =)", content)]
        begin, end = keys[at % len(keys)] if keys else (0, 0)
        return content[:begin] + name + content[end:]

    return change


def _new_bytes(at: int, length: int, new: bytes) -> Mutation:
    def change(content: bytes) -> bytes:
        begin = at % (len(content) + 1)
        return content[:begin] + new + content[begin + length :]

    return change


PLACE = st.integers(0, 10_000)
MUTATIONS = st.lists(
    st.one_of(
        st.builds(_drop_line, PLACE),
        st.builds(_repeat_line, PLACE, PLACE),
        st.builds(_new_value, PLACE, VALUES),
        st.builds(_new_key, PLACE, st.sampled_from([b"id", b"metric", b"min", b"a.b", b"", b"x"])),
        st.builds(_new_bytes, PLACE, st.integers(0, 60), VALUES | st.binary(max_size=4)),
    ),
    min_size=1,
    max_size=3,
)


def mutated(path: Path, mutations: list[Mutation]) -> bytes:
    content = path.read_bytes()
    for mutation in mutations:
        content = mutation(content)
    return content


def is_loaded_or_refused(read: Callable[[], object], kind: type) -> None:
    """Nothing but the documented answers comes out."""
    problems: tuple[str, ...] = ()
    try:
        loaded: object = read()
    except RoutineError as error:
        loaded, problems = None, error.problems
    assert isinstance(loaded, kind) != bool(problems)
    assert not [problem for problem in problems if not PROBLEM.fullmatch(problem)]
    assert all(problem.isprintable() for problem in problems)


@pytest.mark.slow
@settings(max_examples=40, deadline=IN_TIME)
@given(st.sampled_from(EXERCISES), MUTATIONS)
def test_a_damaged_exercise_is_loaded_or_refused(path: Path, mutations: list[Mutation]) -> None:
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(mutated(path, mutations))
        is_loaded_or_refused(lambda: load_exercise(copy), Exercise)


@pytest.mark.process  # it takes long
@settings(max_examples=300, deadline=IN_TIME, derandomize=True, database=None)
@given(st.sampled_from(EXERCISES), MUTATIONS)
def test_300_damaged_exercises_are_loaded_or_refused(path: Path, mutations: list[Mutation]) -> None:
    """The same ones each time. What is loaded cannot freeze a session."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(mutated(path, mutations))
        is_loaded_or_refused(lambda: load_exercise(copy), Exercise)
        with suppress(RoutineError):
            loaded = load_exercise(copy)
            assert 1 <= loaded.dose.sets <= 20
            assert all(0 <= rule.margin <= 90 and 0 <= rule.grace_s <= 10 for rule in loaded.rules)


@settings(max_examples=20, deadline=IN_TIME)
@given(st.sampled_from(ROUTINES), MUTATIONS)
def test_a_damaged_routine_is_loaded_or_refused(path: Path, mutations: list[Mutation]) -> None:
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(mutated(path, mutations))
        is_loaded_or_refused(lambda: load_routine(copy, LIBRARY.exercises), Routine)


@pytest.mark.slow
@settings(max_examples=15, deadline=IN_TIME)
@given(st.lists(st.sampled_from(EXERCISES), min_size=1, max_size=3, unique=True), MUTATIONS)
def test_a_damaged_folder_is_loaded_or_refused(
    paths: list[Path], mutations: list[Mutation]
) -> None:
    """One file is damaged; the others and a routine refer to exercises that may be missing."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exercises").mkdir()
        for path in paths:
            (folder / "exercises" / path.name).write_bytes(path.read_bytes())
        (folder / "exercises" / paths[0].name).write_bytes(mutated(paths[0], mutations))
        (folder / ROUTINES[0].name).write_bytes(ROUTINES[0].read_bytes())
        is_loaded_or_refused(lambda: load_all(folder), Library)


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        "a = [\n" + "1,\n" * 10_000 + "]\n",
        'a = """\n' + "word\n" * 10_000 + '"""\n',
        "a = 1\n" * 2 + "b = 2\n" * 40_000,
        "".join(f"a{n} = 1\n" for n in range(2_000)),
        "[[rules]]\n" * 2_000,
        "x = " + "[" * 50_000,
    ],
    ids=["long list", "long text", "repeated keys", "many keys", "many tables", "deep"],
)
def test_a_large_file_is_refused_in_time(content: str, tmp_path: Path) -> None:
    """Each is at least ten times as large as an exercise."""
    path = tmp_path / "large.toml"
    path.write_text(content, encoding="utf-8")
    begin = time.process_time()
    is_loaded_or_refused(lambda: load_exercise(path), Exercise)
    assert time.process_time() - begin < IN_TIME.total_seconds()
