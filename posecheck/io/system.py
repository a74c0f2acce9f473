"""What posecheck needs from the computer, and what to do when it is not there.

`check_mediapipe` guards the promise that nothing leaves this machine; `missing_library` explains
a failed import; `examine` is `posecheck doctor`. Nothing here uses the network.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from posecheck.io.models import MODELS, verify_model
from posecheck.io.paths import data_folder

MEDIAPIPE = "0.10.31"

_REINSTALL = f'pip install "mediapipe=={MEDIAPIPE}"'

_SECOND_OPENCV = (
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)

_PACKAGES = {  # start of the library's name: (Debian and Ubuntu, Fedora)
    "libGL": ("libgl1 libglib2.0-0", "mesa-libGL glib2"),
    "libglib": ("libgl1 libglib2.0-0", "mesa-libGL glib2"),
    "libgthread": ("libgl1 libglib2.0-0", "mesa-libGL glib2"),
    "libEGL": ("libegl1 libgl1", "libglvnd-egl mesa-libGL"),
    "libxkbcommon": ("libxkbcommon0 libxkbcommon-x11-0", "libxkbcommon libxkbcommon-x11"),
    "libxcb-cursor": ("libxcb-cursor0", "xcb-util-cursor"),
    "libdbus": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig": ("libfontconfig1", "fontconfig"),
    "libpulse": ("libpulse0", "pulseaudio-libs"),
}

ROOM_NEEDED = 500 * 10**6
"""Bytes: an annotated video of a long session takes about so much."""


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
    for start, (debian, fedora) in _PACKAGES.items():
        if library.startswith(start):
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
    installed = installed or _version_of("mediapipe")
    if installed is None:
        raise SystemProblem(f"mediapipe is not installed; install it with: {_REINSTALL}")
    if installed != MEDIAPIPE:
        raise SystemProblem(
            f"mediapipe {installed} is installed, but posecheck runs only with {MEDIAPIPE}: later "
            "releases upload usage records while you train, and posecheck promises that nothing "
            f"leaves this machine. Install the right one with: {_REINSTALL}"
        )


def examine(output: Path | None = None) -> list[Finding]:
    """Everything posecheck needs, in the order a person would check it. Never raises.

    `output` is the folder that results go to, by default the current one. Each camera found is
    opened for one picture.
    """
    checks: tuple[tuple[str, Callable[[], list[Finding]]], ...] = (
        ("Python", _python),
        ("mediapipe", _mediapipe),
        ("OpenCV", _opencv),
        ("Models", _models),
        ("Cameras", _cameras),
        ("Display", _display),
        ("Voice", _voice),
        ("Sound", _sound),
        ("Disk", lambda: _disk(output or Path.cwd())),
        ("Processor", _processor),
    )
    return [finding for name, check in checks for finding in _safely(name, check)]


def _safely(name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except ImportError as error:
        advice = missing_library(error) or "Install posecheck again."
        return [Finding(name, False, f"cannot be loaded: {error}", advice)]
    except Exception as error:  # a doctor that dies of what it should report helps nobody
        return [Finding(name, False, str(error) or type(error).__name__)]


def _version_of(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _python() -> list[Finding]:
    running = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    right = (3, 11) <= sys.version_info[:2] <= (3, 13)
    own = _version_of("posecheck-coach")
    return [
        Finding("Python", right, running, "" if right else "Use Python 3.11, 3.12 or 3.13."),
        Finding("posecheck", True, own or "runs from its sources, not installed"),
    ]


def _mediapipe() -> list[Finding]:
    try:
        check_mediapipe()
    except SystemProblem as problem:
        return [Finding("mediapipe", False, str(problem), _REINSTALL)]
    return [Finding("mediapipe", True, f"{MEDIAPIPE}, the release that sends nothing")]


def _opencv() -> list[Finding]:
    from posecheck.io.opencv import cv2

    findings = [Finding("OpenCV", True, cv2.__version__)]
    if others := [name for name in _SECOND_OPENCV if _version_of(name)]:
        text = f"a second OpenCV is installed ({', '.join(others)}); the two overwrite each other"
        advice = f"pip uninstall {' '.join(others)}; pip install --force-reinstall opencv-python"
        findings.append(Finding("OpenCV", False, text, advice))
    return findings


def _models() -> list[Finding]:
    findings = []
    for name in (model.name for model in MODELS.values()):
        try:
            verify_model(data_folder("models") / name)
        except Exception as error:  # whatever is wrong with one model, show the other too
            findings.append(Finding("Models", False, str(error), "Install posecheck again."))
        else:
            findings.append(Finding("Models", True, f"{name} is there and unchanged"))
    return findings


def _cameras() -> list[Finding]:
    from posecheck.io.camera import CameraError, list_cameras, open_source

    findings = []
    for camera in list_cameras():
        name = f"{camera.index} ({camera.name})"
        try:
            with open_source(str(camera.index)) as source:
                width, height = source.size
            findings.append(Finding("Cameras", True, f"{name} gives {width}x{height} pictures"))
        except CameraError as error:
            findings.append(Finding("Cameras", False, f"{name} does not work", str(error)))
    advice = "Connect a camera, or use a video file or the address of a phone's camera app."
    return findings or [Finding("Cameras", None, "none found", advice)]


def _display() -> list[Finding]:
    if sys.platform in ("win32", "darwin"):
        return [Finding("Display", True, "the system's own")]
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return [Finding("Display", True, f"{name} {os.environ[name]}")]
    return [Finding("Display", None, "none: terminal view only", "Start it from a desktop.")]


def _voice() -> list[Finding]:
    programs = {"win32": ("powershell",), "darwin": ("say",)}
    return _first_program(
        "Voice",
        programs.get(sys.platform, ("spd-say", "espeak-ng")),
        "sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng espeak-ng",
    )


def _sound() -> list[Finding]:
    if sys.platform == "win32":
        return [Finding("Sound", True, "the system's own")]
    programs = ("afplay",) if sys.platform == "darwin" else ("pw-play", "paplay", "aplay")
    return _first_program("Sound", programs, "sudo apt-get install pulseaudio-utils")


def _first_program(name: str, programs: tuple[str, ...], install: str) -> list[Finding]:
    for program in programs:
        if shutil.which(program):
            return [Finding(name, True, program)]
    missing = f"none ({' or '.join(programs)} not found): cues are shown, not heard"
    return [Finding(name, None, missing, install if sys.platform == "linux" else "")]


def _disk(output: Path) -> list[Finding]:
    folder = next((at for at in (output, *output.absolute().parents) if at.is_dir()), Path.cwd())
    free = shutil.disk_usage(folder).free
    enough = free >= ROOM_NEEDED
    text = f"{free / 10**9:.1f} GB free in {folder}"
    return [Finding("Disk", enough, text, "" if enough else "Free some space.")]


def _processor() -> list[Finding]:
    cores = os.cpu_count() or 1
    advice = "" if cores > 1 else "Close other programs during a session."
    return [Finding("Processor", cores > 1 or None, f"{cores} cores", advice)]
