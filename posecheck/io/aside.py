"""Files that cannot be used are given another name; nothing of a person's is thrown away."""

from __future__ import annotations

import os
from pathlib import Path


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
