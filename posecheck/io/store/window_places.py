"""The size and place of the windows, kept in one small JSON file between two starts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from posecheck.io.output import writing
from posecheck.io.paths import settings_home
from posecheck.io.store.set_aside import change_own

PLACES_FILE = "windows.json"


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where a window was, in logical pixels of the desktop.

    x, y           the corner of its frame
    width, height  without the frame
    maximised      whether it filled the free area of its screen; the rest is from before that
    """

    x: int
    y: int
    width: int
    height: int
    maximised: bool = False


def load_place(name: str, folder: Path | None = None) -> WindowPlace | None:
    """Where the window of this name was; None when nothing valid is stored."""
    kept = _read(folder).get(name)
    if not isinstance(kept, list) or len(kept) != 5:
        return None
    x, y, width, height, maximised = kept
    if not all(type(each) is int and abs(each) < 100_000 for each in (x, y, width, height)):
        return None
    if type(maximised) is not bool or min(width, height) <= 0:
        return None
    return WindowPlace(x, y, width, height, maximised)


def save_place(name: str, place: WindowPlace, folder: Path | None = None) -> None:
    """Keep the place of a window. Raises OutputError."""
    values = [place.x, place.y, place.width, place.height, place.maximised]
    change_own(
        (folder or settings_home()) / PLACES_FILE,
        lambda data: isinstance(data, dict),
        lambda data: {**(data or {}), name: values},
    )


def forget_places() -> None:
    """Delete them. Raises OutputError."""
    path = settings_home() / PLACES_FILE
    with writing(path):
        path.unlink(missing_ok=True)


def _read(folder: Path | None) -> dict[str, object]:
    """The whole file; empty when it is missing or damaged, because a place is quickly chosen
    again."""
    try:
        data = json.loads(((folder or settings_home()) / PLACES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
