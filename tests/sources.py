"""The source of posecheck as Python reads it, parsed once for all tests that search in it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import posecheck

PACKAGE = Path(posecheck.__file__).parent
PATHS = tuple(sorted(PACKAGE.rglob("*.py")))
"""Every module of posecheck."""


@cache
def tree(path: Path) -> ast.Module:
    """The statements of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module, those inside functions too."""
    return tuple(ast.walk(tree(path)))
