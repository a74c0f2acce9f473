"""What posecheck needs from the computer, and what to do when it is missing.

`check_mediapipe` guards the promise that nothing leaves this machine. Nothing here uses the
network.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from posecheck.io.errors import UserError

MEDIAPIPE = "0.10.31"

REINSTALL = f'pip install "mediapipe=={MEDIAPIPE}"'


class SystemProblem(UserError):
    """posecheck must not or cannot run on this installation."""


@dataclass(frozen=True, slots=True)
class SystemFinding:
    """One line of `posecheck doctor`.

    ok      True: works; False: something that posecheck needs is missing; None: missing, but
            posecheck works without it
    text    what was found
    advice  what to do about it; empty when there is nothing to do
    """

    name: str
    ok: bool | None
    text: str
    advice: str = ""


def check_mediapipe(installed: str | None = None) -> None:
    """Raise SystemProblem unless mediapipe is the one release that posecheck trusts.

    installed  the version to check; None for the installed one. mediapipe is not imported
    """
    installed = installed or version_of("mediapipe")
    if installed is None:
        raise SystemProblem(f"mediapipe is not installed; install it with: {REINSTALL}")
    if installed != MEDIAPIPE:
        raise SystemProblem(
            f"mediapipe {installed} is installed, but posecheck runs only with {MEDIAPIPE}: later "
            "releases upload usage records while you train, and posecheck promises that nothing "
            f"leaves this machine. Install the right one with: {REINSTALL}"
        )


def version_of(distribution: str) -> str | None:
    """The installed version of a distribution; None when it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
