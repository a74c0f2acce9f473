"""Who may import whom, and that the core reads no clock, no file and no screen."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import posecheck

FOLDER = Path(posecheck.__file__).parent

ROWS: tuple[tuple[str, ...], ...] = (
    ("pose", "exercise", "phrases"),
    ("body", "scene", "safety"),
    ("formulas", "pain"),
    ("metrics",),
    ("spine",),
    ("measure",),
    ("baseline", "posture", "framing"),
    ("form", "placement", "gestures"),
    ("progress", "personal"),
    ("events",),
    ("trust", "subject", "tones"),
    ("sets",),
    ("session",),
    ("desk_features",),
    ("desk_calibration",),
    ("desk_signals",),
    ("desk",),
    ("desk_policy", "desk_day", "desk_findings"),
    ("desk_pace",),
    ("desk_monitor",),
    ("desk_setup",),
    ("pacing", "wording"),
    ("cues", "marks"),
    ("tally", "speech", "offers", "remarks"),
    ("guide",),
    ("summary", "compose"),
    ("app",),
)
"""The core, bottom first: a module imports only rows above it here."""

CORE = [name for row in ROWS for name in row]
EDGES = {"cli", "__main__", "__init__"}
"""Modules beside the core that open what it needs."""

HARMLESS = {
    "__future__", "bisect", "cmath", "collections", "dataclasses", "difflib", "enum", "functools",
    "heapq", "itertools", "math", "numpy", "operator", "re", "statistics", "string", "typing",
}  # fmt: skip
"""All that the core may import from outside: nothing that waits, opens, shows or remembers."""

FORBIDDEN_CALLS = {"print", "input", "open", "exec", "eval", "breakpoint", "__import__"}
FORBIDDEN_ATTRIBUTES = {
    "perf_counter", "monotonic", "process_time", "sleep", "getLogger", "datetime64", "read_text",
    "write_text", "read_bytes", "write_bytes", "tofile", "fromfile", "savetxt",
    "loadtxt", "genfromtxt", "memmap", "default_rng",
}  # fmt: skip
"""Names of clocks, files, logs and dice, whatever they are taken from."""

LONG = 450
"""Lines; a longer module is split by what it is responsible for."""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def nodes(tree: ast.AST, inside: bool) -> Iterator[ast.AST]:
    """The parts of a module, with or without the insides of its functions."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if inside or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from nodes(node, inside)


def imports(path: Path, inside: bool = True) -> Iterator[str]:
    """Everything a file imports, by its full name; inside functions too, unless told not to."""
    for node in nodes(parsed(path), inside):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write the full name"
            module = node.module or ""
            if module == "posecheck":
                yield from (f"posecheck.{alias.name}" for alias in node.names)
            else:
                yield module


def own(path: Path, inside: bool = True) -> set[str]:
    """The modules of posecheck that a file imports, without the first name."""
    split = (name.partition(".") for name in imports(path, inside))
    return {rest for first, _, rest in split if first == "posecheck"}


def core_files() -> list[Path]:
    return [FOLDER / f"{name}.py" for name in CORE]


by_name = pytest.mark.parametrize("path", core_files(), ids=lambda path: path.stem)


def test_every_module_beside_the_edges_is_in_the_order() -> None:
    """A new module is given its row here, or belongs into io/ or ui/."""
    assert {path.stem for path in FOLDER.glob("*.py")} - EDGES == set(CORE)


@by_name
def test_a_core_module_imports_only_rows_above_it(path: Path) -> None:
    """Nothing below, nothing beside, neither io nor ui."""
    row = next(index for index, names in enumerate(ROWS) if path.stem in names)
    above = {name for names in ROWS[:row] for name in names}
    assert own(path) - above == set()


@by_name
def test_a_core_module_needs_only_numpy_and_harmless_modules(path: Path) -> None:
    """No clock, no window, no camera, no network, no file."""
    outside = {name.partition(".")[0] for name in imports(path)} - {"posecheck"}
    assert outside - HARMLESS == set()


def test_harmless_modules_are_of_the_standard_library() -> None:
    """numpy is the only guest."""
    assert {"numpy"} | set(sys.stdlib_module_names) >= HARMLESS


@by_name
def test_the_core_reads_no_clock_and_no_file_and_says_nothing(path: Path) -> None:
    """No print, no open, no log; time comes with the frames."""
    found: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_CALLS:
            found.append(f"{path.name}:{node.lineno}: {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            found.append(f"{path.name}:{node.lineno}: .{node.attr}")
        elif isinstance(node, ast.Global):
            found.append(f"{path.name}:{node.lineno}: global {', '.join(node.names)}")
    assert found == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """Core and edges together: every module can be loaded before those that need it."""
    needs = {
        ".".join(path.relative_to(FOLDER).with_suffix("").parts): own(path, inside=False)
        for path in FOLDER.rglob("*.py")
    }
    left = {name: {n for n in wanted if n in needs} for name, wanted in needs.items()}
    while free := {name for name, wanted in left.items() if not wanted}:
        left = {name: wanted - free for name, wanted in left.items() if name not in free}
    assert left == {}


def test_the_core_never_imports_an_edge() -> None:
    """io and ui know the core; the core does not know them."""
    for path in core_files():
        assert not {name.partition(".")[0] for name in own(path)} & {"io", "ui", "cli"}, path.name


def test_modules_stay_short() -> None:
    """A module that outgrows 450 lines is split, or is named here with its length."""
    long = {}
    for path in FOLDER.rglob("*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONG:
            long[str(path.relative_to(FOLDER))] = lines
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    """Modules are named for what they are."""
    vague = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
    assert not {path.stem for path in FOLDER.rglob("*.py")} & vague
