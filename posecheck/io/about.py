"""What the program can say about itself: its version, and where the user's files are."""

from __future__ import annotations

from pathlib import Path

from posecheck import __version__
from posecheck.io.paths import data_home, log_home, settings_home

VERSION = __version__


def own_folders() -> dict[str, Path]:
    """Kind of file ("settings", "days", "log") -> the folder that holds it, which may not exist
    yet. Kinds that share a folder with an earlier one are left out."""
    found = {"settings": settings_home(), "days": data_home(), "log": log_home()}
    first = {folder: kind for kind, folder in reversed(found.items())}
    return {kind: folder for kind, folder in found.items() if first[folder] == kind}
