"""A person's own files: nobody else may read them, and nothing of a person's is thrown away.

Small ones are of JSON, written whole or not at all. One that cannot be used is given another name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posecheck.io.output import replacing, writing

MOST_SET_ASIDE_BYTES = 1_000_000
"""Bytes. Settings have three thousand, calibrations thirty; more is another kind of file."""


def read_own(path: Path, fits: Callable[[Any], bool], then: str) -> tuple[Any, str]:
    """The values of a JSON file, and what to tell a person when it cannot be used: why, and `then`,
    a sentence about what comes of it. Never raises.

    None without a file, and for one whose values do not fit; that one is set aside.
    """
    try:
        if not path.exists():
            return None, ""
        data = _parsed(path)
    except OSError as error:
        return None, f"{path} cannot be read ({reason(error)}). {then}"
    if fits(data):
        return data, ""
    try:
        aside = set_aside(path)
    except OSError as error:
        return None, f"{path} is damaged and cannot be renamed ({reason(error)}). {then}"
    return None, f"{path} is damaged; it is kept as {aside.name}. {then}"


def write_own(path: Path, data: Any) -> None:
    """Write values as JSON, whole or not at all, in a folder that may be missing. OutputError."""
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, writing(path):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # before the first byte
        part.write_text(text, encoding="utf-8")


def _parsed(path: Path) -> Any:
    """None for what is no JSON."""
    if not path.is_file() or path.stat().st_size > MOST_SET_ASIDE_BYTES:
        return None
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested too deeply
        return None


def set_aside(path: Path) -> Path:
    """Rename `path` to a free name beside it, settings.json to settings.broken.json, and answer
    with that. Raises OSError."""
    aside, count = path.with_name(f"{path.stem}.broken{path.suffix}"), 1
    while os.path.lexists(aside):
        count += 1
        aside = path.with_name(f"{path.stem}.broken-{count}{path.suffix}")
    path.rename(aside)
    return aside


def reason(error: OSError) -> str:
    """What the system says about it, to be put in brackets."""
    return (error.strerror or str(error)).lower()
