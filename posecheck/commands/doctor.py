"""`posecheck doctor`: whether this computer has what posecheck needs. Nothing here uses the
network."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from ctypes import CDLL
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from posecheck.io.paths import data_folder
from posecheck.io.requirements import (
    MEDIAPIPE,
    REINSTALL,
    SystemFinding,
    SystemProblem,
    check_mediapipe,
    version_of,
)
from posecheck.io.system_libraries import missing_library, packages_of
from posecheck.io.vision.models import MODELS, verify_model

_SECOND_OPENCV = (
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)

_DRAWING = (
    *("libGL.so.1", "libglib-2.0.so.0", "libEGL.so.1"),
    *("libxkbcommon.so.0", "libdbus-1.so.3", "libfontconfig.so.1"),
)
"""Libraries of the system without which OpenCV or Qt cannot be loaded (Linux)."""

_WINDOWS_AND_SOUND = (
    *("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxcb-image.so.0"),
    *("libxcb-render-util.so.0", "libxcb-shape.so.0", "libxcb-xkb.so.1"),
    *("libxkbcommon-x11.so.0", "libpulse.so.0"),
)
"""Libraries that Qt loads only to open a window on X11 or to play sound (Linux)."""

PROBE_S = 4.0
"""Seconds that the voice and the tones may take to answer. It takes 2 s with a running
speech-dispatcher and 1 s without one; one that must be started takes 5 s and answers next time."""

ROOM_NEEDED = 500 * 10**6
"""Bytes. An annotated video of a long session takes about this much."""


def examine(output: Path | None = None) -> list[SystemFinding]:
    """Everything that posecheck needs, in the order in which the user would check it. Never raises.

    output  the folder for results; None for the current folder

    Each camera found is opened for one picture. Fonts, voice and tones are tried in a separate
    process, which ends with this call.
    """
    with _Probe() as probe:  # it runs during the other checks
        checks: tuple[tuple[str, Callable[[], list[SystemFinding]]], ...] = (
            ("Python", _python),
            ("mediapipe", _mediapipe),
            ("OpenCV", _opencv),
            ("Models", _models),
            ("Cameras", _cameras),
            ("Libraries", _libraries),
            ("Display", _display),
            ("Fonts", lambda: _fonts(probe)),
            ("Voice", lambda: _voice(probe)),
            ("Sound", lambda: _sound(probe)),
            ("Disk", lambda: _disk(output or Path.cwd())),
            ("Processor", _processor),
        )
        return [finding for name, check in checks for finding in _safely(name, check)]


def _safely(name: str, check: Callable[[], list[SystemFinding]]) -> list[SystemFinding]:
    try:
        return check()
    except ImportError as error:
        advice = missing_library(error) or "Install posecheck again."
        return [SystemFinding(name, False, f"cannot be loaded: {error}", advice)]
    except Exception as error:  # a check must report what is wrong, not fail on it
        return [SystemFinding(name, False, str(error) or type(error).__name__)]


def _python() -> list[SystemFinding]:
    running = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    right = (3, 11) <= sys.version_info[:2] <= (3, 13)
    own = version_of("posecheck-coach")
    return [
        SystemFinding("Python", right, running, "" if right else "Use Python 3.11, 3.12 or 3.13."),
        SystemFinding("posecheck", True, own or "runs from its sources, not installed"),
    ]


def _mediapipe() -> list[SystemFinding]:
    try:
        check_mediapipe()
    except SystemProblem as problem:
        return [SystemFinding("mediapipe", False, str(problem), REINSTALL)]
    return [SystemFinding("mediapipe", True, f"{MEDIAPIPE}, the release that sends nothing")]


def _opencv() -> list[SystemFinding]:
    from posecheck.io.vision.opencv import cv2

    findings = [SystemFinding("OpenCV", True, cv2.__version__)]
    if others := [name for name in _SECOND_OPENCV if version_of(name)]:
        text = f"a second OpenCV is installed ({', '.join(others)}); the two overwrite each other"
        advice = f"pip uninstall {' '.join(others)}; pip install --force-reinstall opencv-python"
        findings.append(SystemFinding("OpenCV", False, text, advice))
    return findings


def _models() -> list[SystemFinding]:
    findings = []
    for name in (model.name for model in MODELS.values()):
        try:
            verify_model(data_folder("models") / name)
        except Exception as error:  # whatever is wrong with one model, check the other too
            findings.append(SystemFinding("Models", False, str(error), "Install posecheck again."))
        else:
            findings.append(SystemFinding("Models", True, f"{name} is there and unchanged"))
    return findings


def _cameras() -> list[SystemFinding]:
    from posecheck.io.vision.camera import CameraError, list_cameras, open_source

    findings = []
    for camera in list_cameras():
        name = f"{camera.index} ({camera.name})"
        try:
            with open_source(str(camera.index)) as source:
                width, height = source.size
            findings.append(
                SystemFinding("Cameras", True, f"{name} gives {width}x{height} pictures")
            )
        except CameraError as error:
            findings.append(SystemFinding("Cameras", False, f"{name} does not work", str(error)))
    advice = "Connect a camera, or use a video file or the address of a phone's camera app."
    return findings or [SystemFinding("Cameras", None, "none found", advice)]


def _libraries() -> list[SystemFinding]:
    if sys.platform != "linux":
        return []
    needed, wanted = _absent(_DRAWING), _absent(_WINDOWS_AND_SOUND)
    if not needed and not wanted:
        return [SystemFinding("Libraries", True, "all that Qt and OpenCV load are there")]
    packages = (packages_of(library) for library in (*needed, *wanted))
    debian, fedora = (sorted(set(" ".join(names).split())) for names in zip(*packages, strict=True))
    advice = (
        f"sudo apt-get install {' '.join(debian)} (Fedora: sudo dnf install {' '.join(fedora)})"
    )
    return [SystemFinding("Libraries", False if needed else None,
                    f"missing: {', '.join((*needed, *wanted))}", advice)]  # fmt: skip


def _absent(libraries: tuple[str, ...]) -> list[str]:
    """The libraries that the system's loader cannot load."""
    missing = []
    for library in libraries:
        try:
            CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def _display() -> list[SystemFinding]:
    from posecheck.ui.application import display_trouble

    if trouble := display_trouble():
        return [_without("Display", trouble)]
    names = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    used = (f"{name} {os.environ[name]}" for name in names if os.environ.get(name))
    own = "the system's own"
    linux = sys.platform not in ("win32", "darwin")
    return [SystemFinding("Display", True, next(used, own) if linux else own)]


def _fonts(probe: _Probe) -> list[SystemFinding]:
    if trouble := probe.answer().fonts:
        return [replace(_without("Fonts", trouble), ok=False)]
    return [SystemFinding("Fonts", True, "letters can be drawn")]


def _voice(probe: _Probe) -> list[SystemFinding]:
    trouble = probe.answer().voice
    return [_without("Voice", trouble) if trouble else SystemFinding("Voice", True, "speaks")]


def _sound(probe: _Probe) -> list[SystemFinding]:
    trouble = probe.answer().tones
    return [_without("Sound", trouble) if trouble else SystemFinding("Sound", True, "plays tones")]


def _without(name: str, trouble: str) -> SystemFinding:
    """A finding about something that posecheck works without.

    trouble  sentences for the user: the first says what is wrong, the others what to do
    """
    text, _, advice = trouble.partition(". ")
    return SystemFinding(name, None, text.removesuffix("."), advice)


# --- fonts, voice and tones, in a separate process ----------------------------------------------


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Sentences about what does not work: drawing letters, speaking, playing tones. "" where it
    works."""

    fonts: str
    voice: str
    tones: str


def print_probe_result() -> None:
    """Print the `ProbeResult` as JSON, in the separate process. It shows and plays nothing."""
    from posecheck.io.audio.voice import Voice
    from posecheck.ui.application import gui_application

    fonts = ""
    try:
        gui_application(headless=True)
    except SystemProblem as problem:  # the application exists nevertheless
        fonts = str(problem)
    voice = Voice("off")
    result = ProbeResult(fonts, voice.problem, voice.sound_problem)
    print(json.dumps(asdict(result)), flush=True)
    os._exit(0)  # an engine that has just been asked may take seconds to close


class _Probe:
    """The separate process. A system library that crashes or hangs ends only this process."""

    def __init__(self) -> None:
        package = Path(__file__).resolve().parents[2]
        # -P: import no module from the current folder.
        code = (
            f"import sys; sys.path.append({str(package)!r}); "
            "from posecheck.commands.doctor import print_probe_result; print_probe_result()"
        )
        command = [sys.executable, "-P", "-c", code]
        pipe = subprocess.PIPE
        self._due_s = time.perf_counter() + PROBE_S
        self._result: ProbeResult | None = None
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            self._result = _broken(error.strerror or str(error))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def answer(self) -> ProbeResult:
        """Its result; waits at most until PROBE_S after its start."""
        if self._result is None and self._process is not None:
            self._result = self._wait(self._process)
        return self._result or _broken("not started")

    def _wait(self, process: subprocess.Popen[bytes]) -> ProbeResult:
        left = max(0.0, self._due_s - time.perf_counter())
        try:
            out, error = process.communicate(timeout=left)
        except subprocess.TimeoutExpired:
            late = f"gives no answer in {PROBE_S:.0f} s. It may still be starting: ask again."
            return ProbeResult("", f"The voice {late}", f"The sound output {late}")
        if process.returncode == 0:
            return ProbeResult(**json.loads(out.splitlines()[-1]))
        lines = error.decode(errors="replace").strip().splitlines()
        return _broken(lines[-1] if lines else f"exit code {process.returncode}")


def _broken(reason: str) -> ProbeResult:
    return ProbeResult(*[f"Qt cannot be used ({reason}). Install posecheck again."] * 3)


# --- the machine --------------------------------------------------------------------------------


def _disk(output: Path) -> list[SystemFinding]:
    folder = next((at for at in (output, *output.absolute().parents) if at.is_dir()), Path.cwd())
    free = shutil.disk_usage(folder).free
    enough = free >= ROOM_NEEDED
    text = f"{free / 10**9:.1f} GB free in {folder}"
    return [SystemFinding("Disk", enough, text, "" if enough else "Free some space.")]


def _processor() -> list[SystemFinding]:
    cores = os.cpu_count() or 1
    advice = "" if cores > 1 else "Close other programs during a session."
    return [SystemFinding("Processor", cores > 1 or None, f"{cores} cores", advice)]
