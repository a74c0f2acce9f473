"""What the desk costs: processor time, memory over hours, and the time to free the camera.

    uv run python benchmarks/desk.py [CLIP ...] [--seconds 20] [--hours 1] [--json]

The sitter of a clip (tall in its first seconds, slumped from the tenth) comes from a simulated
webcam of JPEGs at 30 frames per second, at 640x480 and at 1280x720. The benchmark measures the
processor time of all threads relative to real time: the desk's worker at its slow, usual and quick
rates, and beside it, in the same run, a plain loop at 4 and at 10 frames per second. A working day
of the clip's poses, replayed through the monitor, tells how often each rate is needed. The memory
run covers `--hours`, not paced. The windows are not measured: they are drawn only on changes.
The report says which goals are met; the exit code is always 0, because the machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from posecheck.body.joint_filter import JointFilter
from posecheck.desk.calibration import Calibration, CalibrationPose, calibrate, take_point
from posecheck.desk.monitor import DayState, DeskMonitor
from posecheck.desk.observation import DeskObservation
from posecheck.desk.sampling import QUICK_S, SLOW_S, USUAL_S
from posecheck.io.store.desk_profile import Found
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.desk_source import DESK_CALM_S
from posecheck.io.vision.estimator import Estimator, model_path
from posecheck.io.vision.live_capture import LiveCapture
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.pose_model import PoseModel, open_pose_model
from posecheck.pose import Frame, Pose
from posecheck.ui.desk.worker import DeskWorker

ROOT = Path(__file__).parents[1]
CLIP = ROOT / "tests" / "clips" / "desk_slouch_adam.mp4"
TALL, SLUMPED = (0.0, 7.0), (10.2, 15.0)
"""Seconds of the clips that show each posture."""
SIZES = ((640, 480), (1280, 720))
RATES = {"slow": SLOW_S, "usual": USUAL_S, "quick": QUICK_S}
PLAIN_FPS = (4, 10)
CAMERA_FPS = 30.0
WARM_S = 4.0
"""Seconds before measuring: the model's first frames and first fresh detections cost more."""
RELEASES = 5
HOUR_S = 3600.0
SHARE, FLAT_MB, RELEASE_S = 1.3, 10.0, 1.0

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Sitter:
    """The person of a clip: images and poses of tall and slumped, and the poses of all frames."""

    tall: list[Image]
    slumped: list[Image]
    tall_poses: list[Pose | None]
    slumped_poses: list[Pose | None]
    all_poses: list[Pose | None]
    calibration: Calibration


def read_sitter(clip: Path) -> Sitter:
    """Raises ValueError when the clip does not show a tall, still sitter first."""
    with open_source(clip) as source:
        frames = list(source)
    with Estimator("lite") as estimator:
        poses = [estimator(frame).pose for frame in frames]
    joint_filter = JointFilter()
    trusted = [
        (frame.t, joint_filter.update(frame.t, pose) if pose else None)
        for frame, pose in zip(frames, poses, strict=True)
    ]

    def within(span: tuple[float, float]) -> list[int]:
        return [index for index, frame in enumerate(frames) if span[0] <= frame.t <= span[1]]

    tall, slumped = within(TALL), within(SLUMPED)
    upright = take_point([trusted[index] for index in tall], patience=2.5)
    if not isinstance(upright, CalibrationPose):
        raise ValueError(f"{clip}: nobody sits tall and still in the first {TALL[1]:.0f} s")
    tired = take_point([trusted[i] for i in slumped], upright.view, upright.near, patience=2.5)
    calibration = calibrate(upright, tired if isinstance(tired, CalibrationPose) else None)
    return Sitter(
        [frames[index].image for index in tall],
        [frames[index].image for index in slumped],
        [poses[index] for index in tall],
        [poses[index] for index in slumped],
        list(poses),
        calibration,
    )


# --- a webcam of JPEGs --------------------------------------------------------------------------


@dataclass
class Webcam:
    """What `LiveCapture` needs of a capture. It gives its images forwards and backwards, 30 per
    second, and decodes one only when it is retrieved, as a webcam with MJPG does."""

    jpegs: list[NDArray[np.uint8]]
    grabbed: int = 0
    decoded: int = 0
    released: Event = field(default_factory=Event)

    def grab(self) -> bool:
        now = time.perf_counter()
        time.sleep(1 / CAMERA_FPS - now % (1 / CAMERA_FPS))
        self.grabbed += 1
        return True

    def retrieve(self) -> tuple[bool, Image]:
        self.decoded += 1
        round_trip = 2 * len(self.jpegs) - 2
        place = self.grabbed % round_trip
        picture = self.jpegs[min(place, round_trip - place)]
        return True, np.asarray(cv2.imdecode(picture, cv2.IMREAD_COLOR), np.uint8)

    def release(self) -> None:
        self.released.set()

    def live(self) -> LiveCapture:
        first = Frame(time.perf_counter(), self.retrieve()[1])
        return LiveCapture(cast(Any, self), first, "webcam", CAMERA_FPS, USUAL_S)


def webcam(images: Sequence[Image], size: tuple[int, int]) -> Webcam:
    resized = (cv2.resize(image, size, interpolation=cv2.INTER_LINEAR) for image in images)
    return Webcam([cv2.imencode(".jpg", each)[1].ravel() for each in resized])


# --- shares of a core ---------------------------------------------------------------------------


class Steady(DeskMonitor):
    """A monitor at a fixed rate."""

    rate_s: float = USUAL_S

    @property
    def min_interval_s(self) -> float:
        return self.rate_s


def share_of(seconds: float) -> float:
    """Processor time of this process over the next seconds, per cent of one core."""
    began, spent = time.perf_counter(), time.process_time()
    time.sleep(seconds)
    return 100 * (time.process_time() - spent) / (time.perf_counter() - began)


def desk_model(masks: bool) -> PoseModel:
    """The model as the desk uses it."""
    return open_pose_model("lite", masks, DESK_CALM_S)


def desk_worker(
    camera: Webcam, calibration: Calibration, rate_s: float | None = None
) -> DeskWorker:
    def monitoring(found: Calibration | None, before: DayState | None) -> DeskMonitor:
        if rate_s is None:
            return DeskMonitor(found, restored=before)
        monitor = Steady(found, restored=before)
        monitor.rate_s = rate_s
        return monitor

    return DeskWorker(
        camera.live,
        desk_model,
        monitoring,
        profile=lambda name, size: Found(calibration),
    )


def desk_shares(sitter: Sitter, size: tuple[int, int], seconds: float) -> dict[str, float]:
    """Per cent of a core at each rate; at the quick rate the sitter slumps."""
    found: dict[str, float] = {}
    for name, rate_s in RATES.items():
        camera = webcam(sitter.slumped if rate_s == QUICK_S else sitter.tall, size)
        worker = desk_worker(camera, sitter.calibration, rate_s)
        worker.start()
        time.sleep(WARM_S)
        found[name] = share_of(seconds)
        worker.close()
    return found


def plain_shares(sitter: Sitter, size: tuple[int, int], seconds: float) -> dict[str, float]:
    """Per cent of a core of a plain loop: read, detect, wait."""
    import mediapipe as mp  # an estimator has already loaded it, without its audio part

    options = mp.tasks.vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_buffer=model_path("lite").read_bytes()),
        running_mode=mp.tasks.vision.RunningMode.VIDEO,
    )
    found = {}
    for fps in PLAIN_FPS:
        camera = webcam(sitter.tall, size)
        with mp.tasks.vision.PoseLandmarker.create_from_options(options) as landmarker:

            def work(until: float, landmarker: Any = landmarker, fps: int = fps) -> None:
                while time.perf_counter() < until:
                    now = time.perf_counter()
                    camera.grab()  # noqa: B023 - called in this round only
                    rgb = cv2.cvtColor(camera.retrieve()[1], cv2.COLOR_BGR2RGB)  # noqa: B023
                    picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.asarray(rgb))
                    landmarker.detect_for_video(picture, round(now * 1000))
                    time.sleep(max(0.0, now + 1 / fps - time.perf_counter()))

            work(time.perf_counter() + 2.0)
            began, spent = time.perf_counter(), time.process_time()
            work(began + seconds)
            passed = time.perf_counter() - began
            found[f"plain {fps} fps"] = 100 * (time.process_time() - spent) / passed
    return found


# --- a working day ------------------------------------------------------------------------------

HOUR: tuple[tuple[str, float], ...] = (
    ("work", 540.0), ("slumped", 150.0), ("still", 420.0), ("all", 80.0),
    ("still", 600.0), ("slumped", 45.0), ("work", 600.0), ("slumped", 300.0), ("work", 265.0),
    ("away", 300.0), ("still", 300.0),
)  # fmt: skip
"""An hour at a desk. work: tall, with a movement every 15 s (the last quarter of the clip); still:
reading; slumped: three times, 8 minutes in total; all: the whole clip; away: a short break. These
are assumptions, not measurements; the report shows the resulting shares."""
BUSY_S, RESTLESS_S = 15.0, 3.0


def poses_of_a_day(
    sitter: Sitter, monitor: DeskMonitor, hours: float
) -> Iterator[tuple[float, Pose | None]]:
    """Poses at the times at which the monitor needs them."""
    t, numbers = 0.0, count()
    for _ in range(max(1, round(hours))):
        for kind, seconds in HOUR:
            until = t + seconds
            while t < until:
                yield t, pose_at(sitter, kind, t, next(numbers))
                t += monitor.min_interval_s


def pose_at(sitter: Sitter, kind: str, t: float, number: int) -> Pose | None:
    if kind == "away":
        return None
    poses = {"slumped": sitter.slumped_poses, "all": sitter.all_poses}.get(kind, sitter.tall_poses)
    if kind == "work" and t % BUSY_S < RESTLESS_S:
        poses = sitter.all_poses[len(sitter.all_poses) * 3 // 4 :]
    return poses[number % len(poses)]


def day_shares(sitter: Sitter, hours: float = 8.0) -> dict[str, float]:
    """The share of a day for which each rate is used, 0 to 1."""
    monitor = DeskMonitor(sitter.calibration)
    used: defaultdict[float, float] = defaultdict(float)
    for t, pose in poses_of_a_day(sitter, monitor, hours):
        monitor.update(t, DeskObservation(pose, "" if pose else "nobody"))
        used[monitor.min_interval_s] += monitor.min_interval_s
    total = sum(used.values())
    return {name: used[rate_s] / total for name, rate_s in RATES.items()}


# --- memory and release -------------------------------------------------------------------------


class Hours(Source):
    """Frames of a sitter who is tall and, for three minutes of every twenty, slumped; not paced.
    Records the memory at every twentieth frame."""

    def __init__(self, sitter: Sitter, seconds: float) -> None:
        super().__init__("hours", SIZES[0])
        self._sitter, self._seconds = sitter, seconds
        self.min_interval_s = USUAL_S
        self.memory_mb: list[float] = []
        self.over = Event()
        self._stopped = False

    def __iter__(self) -> Iterator[Frame]:
        t = 0.0
        for number in count():
            if t >= self._seconds or self._stopped:
                self.over.set()
                return
            images = self._sitter.slumped if t % 1200 > 1020 else self._sitter.tall
            yield Frame(t, images[number % len(images)].copy())
            if number % 20 == 0:
                self.memory_mb.append(resident_mb())
            t += self.min_interval_s

    def close(self) -> None:
        self._stopped = True


def resident_mb() -> float:
    """Resident memory of this process; NaN where the system does not report it."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return float("nan")
    return int(pages) * 4096 / 2**20


def memory(sitter: Sitter, hours: float) -> dict[str, float]:
    """Memory of the whole worker with the real model: early, late, growth."""
    source = Hours(sitter, hours * HOUR_S)

    def monitoring(found: Calibration | None, before: DayState | None) -> DeskMonitor:
        return DeskMonitor(found, restored=before)

    worker = DeskWorker(
        lambda: source, desk_model, monitoring,
        profile=lambda name, size: Found(sitter.calibration),
    )  # fmt: skip
    began = time.perf_counter()
    worker.start()
    while not source.over.wait(1.0):
        worker.take()  # like a window
    worker.close()
    tenth = max(1, len(source.memory_mb) // 10)
    early, late = median(source.memory_mb[tenth : 2 * tenth]), median(source.memory_mb[-tenth:])
    took = time.perf_counter() - began
    return {"early": early, "late": late, "growth": late - early, "took_s": took}


def release_s(sitter: Sitter) -> float:
    """The longest time from a pause to the released camera."""
    camera = webcam(sitter.tall, SIZES[0])
    worker = desk_worker(camera, sitter.calibration)
    worker.start()
    longest = 0.0
    for _ in range(RELEASES):
        while not worker.watching:
            time.sleep(0.01)
        time.sleep(0.7)
        camera.released.clear()
        began = time.perf_counter()
        worker.pause()
        camera.released.wait(10.0)
        longest = max(longest, time.perf_counter() - began)
        worker.resume()
    worker.close()
    return longest


# --- report -------------------------------------------------------------------------------------


def measure(clip: Path, seconds: float, hours: float) -> dict[str, Any]:
    sitter = read_sitter(clip)
    day = day_shares(sitter)
    found: dict[str, Any] = {"day": {name: 100 * share for name, share in day.items()}}
    for size in SIZES:
        costs = desk_shares(sitter, size, seconds)
        average = sum(day[name] * costs[name] for name in RATES)
        found[f"{size[0]}x{size[1]}"] = {
            **costs, "average of the day": average, **plain_shares(sitter, size, seconds),
        }  # fmt: skip
    found["release_s"] = {"longest": release_s(sitter)}
    if hours:
        found["memory_mb"] = memory(sitter, hours)
    return found


def goals(found: dict[str, Any]) -> list[tuple[str, float, bool]]:
    results = []
    for size in SIZES:
        name = f"{size[0]}x{size[1]}"
        share = found[name]["average of the day"]
        results.append((f"{name}: {SHARE:g} % of a core or less on average", share, share <= SHARE))
    longest = found["release_s"]["longest"]
    results.append((f"camera free within {RELEASE_S:g} s", longest, longest <= RELEASE_S))
    if "memory_mb" in found:
        growth = found["memory_mb"]["growth"]
        results.append((f"memory grows by less than {FLAT_MB:g} MB", growth, growth < FLAT_MB))
    return results


def show(clip: Path, found: dict[str, Any]) -> None:
    print(clip.name)
    units = {"day": "% of the day", "release_s": "s", "memory_mb": "MB"}
    for name, rows in found.items():
        print(f"  {name} ({units.get(name, '% of one core')})")
        for row, value in rows.items():
            print(f"    {row:24} {value:8.2f}")
    for text, value, met in goals(found):
        print(f"  {'met    ' if met else 'NOT MET'}  {text}  ({value:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clips", type=Path, nargs="*", default=[CLIP], metavar="CLIP")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument("--hours", type=float, default=1.0, help="of the memory run; 0: none")
    parser.add_argument("--json", action="store_true", help="figures for a program")
    asked = parser.parse_args()
    figures: dict[str, dict[str, Any]] = {}
    for clip in asked.clips:
        figures[clip.name] = measure(clip, asked.seconds, asked.hours)
        if not asked.json:
            show(clip, figures[clip.name])
    if asked.json:
        for found in figures.values():
            found["goals"] = {text: met for text, _, met in goals(found)}
        json.dump(figures, sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
