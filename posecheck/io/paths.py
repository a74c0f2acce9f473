"""Where posecheck's own data and the user's own files are.

In a wheel `models/` and `routines/` are inside the package; in a source tree or an editable
install they are beside it, at the root of the repository.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """The folder `name` of the shipped data. FileNotFoundError when this install has none."""
    for root in (PACKAGE, PACKAGE.parent):
        folder = root / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"This installation has no '{name}' folder; install posecheck again.")


def settings_home() -> Path:
    """The folder of the user's settings: POSECHECK_HOME if it is set (a stick, a test), else the
    system's place for settings."""
    # Imported here, and below: finding the shipped data does not need it.
    from platformdirs import user_config_path

    return _home() or user_config_path("posecheck", appauthor=False)


def data_home() -> Path:
    """The folder of the user's data: POSECHECK_HOME if it is set, else the system's place."""
    from platformdirs import user_data_path

    return _home() or user_data_path("posecheck", appauthor=False)


def log_home() -> Path:
    """The folder of log and crash files: `log` in POSECHECK_HOME if that is set, else the system's
    place for logs."""
    from platformdirs import user_log_path

    home = _home()
    return home / "log" if home else user_log_path("posecheck", appauthor=False)


def _home() -> Path | None:
    home = os.environ.get("POSECHECK_HOME", "").strip()
    return Path(os.path.expanduser(home)) if home else None  # unlike pathlib, also of ~nobody
