"""The packages that only `posecheck batch` and its exports need, and what to say without them.

They are imported when they are used: nothing else of posecheck loads them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from posecheck.io.errors import UserError


class PackageMissing(UserError):
    """An optional package is not installed."""


def optional(module: str, extra: str, what: str) -> Any:
    """An optional module. Raises PackageMissing with the command that installs it.

    extra  of posecheck-coach: "batch"
    what   what needs it, as the beginning of a sentence
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise PackageMissing(
            f"{what} needs {error.name or module}, which is not installed. Install it with: "
            f'pip install "posecheck-coach[{extra}]"'
        ) from error


def arrow() -> Any:
    """pyarrow. Raises PackageMissing."""
    return optional("pyarrow", "batch", "A Parquet file")


def parquet() -> Any:
    """pyarrow.parquet. Raises PackageMissing. Give it open files, never paths: it would also read
    addresses."""
    return optional("pyarrow.parquet", "batch", "A Parquet file")
