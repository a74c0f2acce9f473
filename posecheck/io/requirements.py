"""What posecheck needs from the computer, and what to do when it is not there.

`check_mediapipe` guards the promise that nothing leaves this machine; `missing_library` explains
a failed import. Nothing here uses the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

MEDIAPIPE = "0.10.31"

REINSTALL = f'pip install "mediapipe=={MEDIAPIPE}"'

_PACKAGES = {  # start of the library's name: (Debian and Ubuntu, Fedora)
    "libGL": ("libgl1 libglib2.0-0", "mesa-libGL glib2"),
    "libglib": ("libgl1 libglib2.0-0", "mesa-libGL glib2"),
    "libgthread": ("libgl1 libglib2.0-0", "mesa-libGL glib2"),
    "libEGL": ("libegl1 libgl1", "libglvnd-egl mesa-libGL"),
    "libxkbcommon-x11": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbcommon": ("libxkbcommon0 libxkbcommon-x11-0", "libxkbcommon libxkbcommon-x11"),
    "libxcb-cursor": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-keysyms": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-image": ("libxcb-image0", "xcb-util-image"),
    "libxcb-render-util": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape": ("libxcb-shape0", "libxcb"),
    "libxcb-xkb": ("libxcb-xkb1", "libxcb"),
    "libdbus": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig": ("libfontconfig1", "fontconfig"),
    "libpulse": ("libpulse0", "pulseaudio-libs"),
}


class SystemProblem(Exception):
    """posecheck must not or cannot run on this installation. The message is for a person."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `posecheck doctor`.

    ok      True: works; False: something posecheck needs is missing; None: works without it
    text    what was found
    advice  what to do about it; empty when there is nothing to do
    """

    name: str
    ok: bool | None
    text: str
    advice: str = ""


def missing_library(error: ImportError) -> str | None:
    """What to install when an import failed for a library of the system; None when it did not."""
    text = str(error)
    if "DLL load failed" in text:
        return (
            "A library of Windows is missing; install the Microsoft Visual C++ Redistributable, "
            "and on an N edition of Windows also the Media Feature Pack."
        )
    found = re.search(r"(lib[\w.+-]+?\.so[.\d]*): cannot open shared object file", text)
    if found is None:
        return None
    library = found[1]
    debian, fedora = packages_of(library)
    if debian:
        return (
            f"The system library {library} is missing; install it with: "
            f"sudo apt-get install {debian} (on Fedora: sudo dnf install {fedora})."
        )
    return (
        f"The system library {library} is missing; install the package of your system that has it."
    )


def check_mediapipe(installed: str | None = None) -> None:
    """Raise SystemProblem unless mediapipe is the one release that posecheck trusts.

    `installed` is its version, by default the one found here. mediapipe is not imported.
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
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def packages_of(library: str) -> tuple[str, str]:
    """The packages (Debian, Fedora) that a library is in; empty for an unknown one."""
    found = (names for start, names in _PACKAGES.items() if library.startswith(start))
    return next(found, ("", ""))
