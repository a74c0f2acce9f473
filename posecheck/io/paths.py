"""Where posecheck's own data lives.

In a wheel `models/` and `routines/` are inside the package; in a source tree or an editable
install they are beside it, at the root of the repository.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """The folder `name` of the shipped data. FileNotFoundError when this install has none."""
    for root in (PACKAGE, PACKAGE.parent):
        folder = root / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"This installation has no '{name}' folder; install posecheck again.")
