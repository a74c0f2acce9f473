"""Which package may import which, and that the core uses no clock, file or screen."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import PACKAGE, PATHS, nodes

DOOR = ("pose", "exercise", "timing", "suggestion")
"""The words that every package speaks."""
CORE = (*DOOR, "body", "session", "coach", "desk", "history")
"""What judges and decides. It knows nothing of cameras, files, clocks and screens."""

MAY_IMPORT: dict[str, set[str]] = {
    "pose": set(),
    "exercise": set(),
    "timing": set(),
    "suggestion": set(),
    "body": {*DOOR},
    "session": {*DOOR, "body"},
    "coach": {*DOOR, "body", "session"},
    "desk": {*DOOR, "body"},
    "history": {*DOOR, "body", "session", "coach"},
    "io": {*CORE, "__version__"},
    "ui": {*CORE, "io"},
    "commands": {"__version__", *CORE, "io", "ui"},
    "cli": {"__version__", *CORE, "io", "ui", "commands"},
    "__main__": {*CORE, "io", "cli"},
    "__init__": set(),
}
"""Package or module at the door -> what it may import of posecheck, itself aside."""

HARMLESS = {
    "__future__", "bisect", "cmath", "collections", "dataclasses", "datetime", "difflib", "enum",
    "functools",
    "heapq", "itertools", "math", "numpy", "operator", "re", "statistics", "string", "typing",
    "unicodedata",
}  # fmt: skip
"""All that the core may import from outside: nothing that waits, opens, shows or remembers."""

FORBIDDEN_CALLS = {"print", "input", "open", "exec", "eval", "breakpoint", "__import__"}
FORBIDDEN_ATTRIBUTES = {
    "perf_counter", "monotonic", "process_time", "sleep", "getLogger", "datetime64", "read_text",
    "write_text", "read_bytes", "write_bytes", "tofile", "fromfile", "savetxt",
    "loadtxt", "genfromtxt", "memmap", "default_rng",
}  # fmt: skip
"""Names of clocks, files, logs and dice, whatever they are taken from."""
CLOCK_CALLS = {"now", "today", "utcnow"}
"""The clocks of `datetime`; its values are harmless."""

LONG = 460
"""Lines; a longer module is split by what it is responsible for."""


def imports(path: Path) -> Iterator[str]:
    """Everything a file imports, by its full name; inside functions too."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write the full name"
            module = node.module or ""
            inside = PACKAGE.parent.joinpath(*module.split(".")).is_dir()
            yield from (f"{module}.{alias.name}" for alias in node.names) if inside else (module,)


def own(path: Path) -> set[str]:
    """The modules of posecheck that a file imports, without the first name."""
    split = (name.partition(".") for name in imports(path))
    return {rest for first, _, rest in split if first == "posecheck"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


ALL = {name_of(path): path for path in PATHS}
by_name = pytest.mark.parametrize(
    "path", [path for name, path in ALL.items() if name.partition(".")[0] in CORE], ids=name_of
)


def test_every_package_imports_only_what_it_may() -> None:
    """The five-line rule; imports inside functions count too."""
    wrong = {
        f"{name} imports {other}"
        for name, path in ALL.items()
        for other in own(path)
        if (first := name.partition(".")[0]) != other.partition(".")[0]
        and other.partition(".")[0] not in MAY_IMPORT[first]
    }
    assert wrong == set()


def test_a_package_is_empty_at_its_door() -> None:
    """An `__init__.py` that imports something leads to import cycles."""
    found = {name for name, path in ALL.items() if path.stem == "__init__" and [*imports(path)]}
    assert found == set()


@by_name
def test_a_core_module_needs_only_numpy_and_harmless_modules(path: Path) -> None:
    """No clock, no window, no camera, no network, no file."""
    outside = {name.partition(".")[0] for name in imports(path)} - {"posecheck"}
    assert outside - HARMLESS == set()


def test_harmless_modules_are_of_the_standard_library() -> None:
    """numpy is the only other package."""
    assert {"numpy"} | set(sys.stdlib_module_names) >= HARMLESS


@by_name
def test_the_core_reads_no_clock_and_no_file_and_says_nothing(path: Path) -> None:
    """No print, no open, no log; time comes with the frames."""
    found: list[str] = []
    for node in nodes(path):
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_CALLS:
            found.append(f"{path.name}:{node.lineno}: {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            found.append(f"{path.name}:{node.lineno}: .{node.attr}")
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CLOCK_CALLS:
            found.append(f"{path.name}:{node.lineno}: a clock")
        elif isinstance(node, ast.Global):
            found.append(f"{path.name}:{node.lineno}: global {', '.join(node.names)}")
    assert found == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """Every module can be loaded before those that need it, and so can those it loads late."""
    left = {
        name.removesuffix(".__init__"): {n for n in own(path) if n in ALL}
        for name, path in ALL.items()
    }
    while free := {name for name, wanted in left.items() if not wanted}:
        left = {name: wanted - free for name, wanted in left.items() if name not in free}
    assert left == {}


def test_modules_stay_short() -> None:
    """A module that outgrows 460 lines is split, or is named here with its length."""
    long = {}
    for path in PATHS:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONG:
            long[str(path.relative_to(PACKAGE))] = lines
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    """Modules are named for what they are."""
    vague = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
    assert not {path.stem for path in PATHS} & vague
