"""System libraries that posecheck's dependencies load, and the packages that contain them."""

from __future__ import annotations

import re
import shutil

_PACKAGES = {  # prefix of the library's name: (Debian and Ubuntu, Fedora)
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


def missing_library(error: ImportError) -> str | None:
    """What to install after an import failed because of a system library.

    None when the import failed for another reason.
    """
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
            f"{install_words(debian, fedora)}."
        )
    return (
        f"The system library {library} is missing; install the package of your system that has it."
    )


def install_words(debian: str, fedora: str) -> str:
    """The command that installs packages on this computer; both where it cannot be told."""
    apt, dnf = f"sudo apt-get install {debian}", f"sudo dnf install {fedora}"
    has_apt, has_dnf = (shutil.which(name) is not None for name in ("apt-get", "dnf"))
    if has_apt == has_dnf:
        return f"{apt} (on Fedora: {dnf})"
    return apt if has_apt else dnf


def packages_of(library: str) -> tuple[str, str]:
    """The packages (Debian, Fedora) that contain a library; empty strings for an unknown one."""
    found = (names for start, names in _PACKAGES.items() if library.startswith(start))
    return next(found, ("", ""))
