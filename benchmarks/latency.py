"""Latency from the camera's frame to the pixel, with the full model and the window of a session.

Two latencies are measured: that of the picture, which is drawn at once, and that of its verdict
(skeleton, fault annotation, words), which waits for the model.

    uv run python benchmarks/latency.py [--minutes 0.5] [--masks] [--display] [--json]

A simulated camera delivers 1280x720 pictures, 30 a second, in real time, whether they are fetched
or not: the enlarged frames of a clip, as JPEGs that are decoded on arrival like those of a webcam.
The session is the program's own: its page, its thread, and its voice with Qt's mock engine. It is
drawn at 1920x1080, in memory or, with --display, on the display. The report says whether the goals
are met. The rules about the back, which need masks, are left out unless --masks is given; most
exercises have none. The exit code is 0 either way, because a busy machine is not a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Condition, Event, Thread

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from posecheck.body.measure import resolve
from posecheck.coach.cues import Cue
from posecheck.exercise import Exercise
from posecheck.io.audio.voice import MOCK, Voice
from posecheck.io.paths import data_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.pose_model import PoseModel, open_pose_model
from posecheck.pose import Detection, Frame, MaskNeed
from posecheck.session.plan import PlannedSet
from posecheck.ui.application import gui_application
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import SessionRequest

PICTURE_P95_MS, VERDICT_MS, VERDICT_P95_MS, CUE_MS = 30.0, 35.0, 65.0, 100.0
"""Goals, ms: the picture is drawn within a frame of the camera, its verdict in the median a frame
later; a cue is an immediate answer. The goals of verdicts are for sets without masks."""
FPS, SIZE, WINDOW = 30.0, (1280, 720), (1920, 1080)
JPEG_QUALITY = 85
"""About that of a webcam."""
WARM_UP_S = 5.0
"""Seconds after the first judged frame that are not measured: caches of pictures and letters and
the model's memory fill."""
MEMORY_SAMPLES = 40
"""Number of memory readings."""
TIMED_PICTURES = 15
"""Number of newest pictures whose arrival times the camera keeps."""
MODEL_ONLY_FRAMES = 120
"""Frames for the measurement of the model without a session."""
HOLD_S = 15.0
"""Hold time of each set, as in the demo. The clip shows one set, with a fault and a correction."""
MAX_START_S = 60.0
"""Longest wait for the first judged frame."""

Bytes = NDArray[np.uint8]


# --- the camera ---------------------------------------------------------------------------------


def jpegs(clip: Path) -> tuple[list[Bytes], float]:
    """The frames of a clip as JPEGs of SIZE, and the clip's frames per second."""
    with open_source(clip) as source:
        pictures = [cv2.imencode(".jpg", enlarged(frame.image), JPEG) for frame in source]
        return [np.asarray(packed, np.uint8) for _, packed in pictures], source.fps or FPS


JPEG = (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY)


def enlarged(image: Bytes) -> Bytes:
    """The picture centred in SIZE, as large as it fits; its border pixels fill the rest."""
    height, width = image.shape[:2]
    scale = min(SIZE[0] / width, SIZE[1] / height)
    made = cv2.resize(image, (round(width * scale), round(height * scale)))
    left, top = (SIZE[0] - made.shape[1]) // 2, (SIZE[1] - made.shape[0]) // 2
    right, bottom = SIZE[0] - made.shape[1] - left, SIZE[1] - made.shape[0] - top
    whole = cv2.copyMakeBorder(made, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(whole, np.uint8)


class Webcam(Source):
    """A simulated webcam that repeats the pictures in real time. Only the newest frame is kept.

    A frame is stamped when it arrives, before it is decoded, as `Live` does.

    began_s    time 0 of the frames, on time.perf_counter()
    newest     the newest pictures and their arrival times on time.perf_counter()
    delivered  number of pictures so far
    """

    live = True

    def __init__(self, pictures: list[Bytes], clip_fps: float) -> None:
        super().__init__("benchmark", SIZE)
        self.fps = FPS
        self.delivered = 0
        self.newest: deque[tuple[Bytes, float]] = deque(maxlen=TIMED_PICTURES)
        self.began_s = time.perf_counter()
        self._pictures, self._clip_fps = pictures, clip_fps
        self._changed = Condition()
        self._newest: Frame | None = None
        self._stop = Event()
        self._thread = Thread(target=self._deliver, name="camera")
        self._thread.start()

    def _deliver(self) -> None:
        tick = 0
        while not self._stop.wait(max(0.0, self.began_s + tick / FPS - time.perf_counter())):
            t = time.perf_counter() - self.began_s
            index = int(tick / FPS * self._clip_fps) % len(self._pictures)
            image = np.asarray(cv2.imdecode(self._pictures[index], cv2.IMREAD_COLOR), np.uint8)
            self.newest.append((image, self.began_s + t))
            with self._changed:
                self._newest = Frame(t, image)
                self._changed.notify_all()
            if self.on_frame is not None:
                self.on_frame(image)
            self.delivered += 1
            tick = max(tick + 1, int(t * FPS))  # a late camera skips pictures

    def __iter__(self) -> Iterator[Frame]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._newest is not None or self._stop.is_set())
                frame, self._newest = self._newest, None
            if self._stop.is_set() or frame is None:
                return
            yield frame

    def close(self) -> None:
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join()


# --- what is recorded --------------------------------------------------------------------------


@dataclass(slots=True)
class Times:
    """When a frame arrived, was handed to the model, got its pose, and reached the page; seconds of
    time.perf_counter()."""

    arrived: float
    handed: float
    detected: float
    shown: float = 0.0


NUMBERS_PER_VERDICT = 4
"""Numbers in `Records.verdicts` for each drawn verdict."""


@dataclass(slots=True)
class Records:
    """What is recorded while the session runs.

    pending   times of the frames that the model has seen and the page has not, by their stamps
    pictures  seconds from the arrival of a picture to the end of the drawing that first shows it
    verdicts  four numbers for each drawn verdict, s: arrived to handed, handed to detected,
              detected to shown, shown to the end of its drawing. An array, because 32 bytes a frame
              must not look like a leak
    drawings  number of drawings of the window
    memory    pairs of frames judged and megabytes
    cues      for every cue its kind, and seconds from the pose to `Voice.say`
    judged    number of frames judged
    model_s   processor time of the model in the judging thread
    """

    pending: dict[float, Times] = field(default_factory=dict)
    pictures: array[float] = field(default_factory=lambda: array("d"))
    verdicts: array[float] = field(default_factory=lambda: array("d"))
    drawings: int = 0
    memory: list[tuple[int, float]] = field(default_factory=list)
    cues: list[tuple[str, float]] = field(default_factory=list)
    judged: int = 0
    model_s: float = 0.0

    def reset(self) -> None:
        """Discard everything but the memory readings and pending frames."""
        del self.verdicts[:]
        del self.pictures[:]
        self.cues.clear()
        self.judged, self.drawings, self.model_s = 0, 0, 0.0


class RecordingVoice(Voice):
    """A silent voice that records when it was given cues."""

    def __init__(self) -> None:
        super().__init__("full", engine=MOCK)
        self.given: list[tuple[str, float]] = []

    def say(self, t: float, cues: Iterable[Cue]) -> None:
        new = tuple(cues)
        now = time.perf_counter()
        self.given += [(cue.kind, now) for cue in new]
        super().say(t, new)


class RecordingPage(SessionPage):
    """The page of a session that records when pictures and verdicts reach it. Call `record` before
    events run."""

    def record(self, records: Records, voice: RecordingVoice, camera: Callable[[], Webcam]) -> None:
        self._records, self._recording_voice, self._webcam = records, voice, camera
        self._undrawn: Times | None = None
        self._last_image: Bytes | None = None
        self._last_t = -1.0
        self._canvas.drawn.connect(self._record_drawing)

    def _take_update(self) -> None:
        super()._take_update()
        t, records = self.judged_t, self._records
        pending = sorted(stamp for stamp in records.pending if stamp <= t)
        if t <= self._last_t or not pending:
            return
        shown = time.perf_counter()
        # A cue may belong to any frame since the last update; the first one is assumed.
        since = records.pending[pending[0]].detected
        records.cues += [(kind, at - since) for kind, at in self._recording_voice.given]
        self._recording_voice.given.clear()
        self._undrawn = records.pending[pending[-1]]
        self._undrawn.shown = shown
        self._last_t = t
        for stamp in pending:
            del records.pending[stamp]

    def _record_drawing(self) -> None:
        """A drawing has ended, so what it shows first has reached its pixels."""
        end, records = time.perf_counter(), self._records
        records.drawings += 1
        if self.image is not self._last_image:
            self._last_image = self.image
            arrived = [at for image, at in tuple(self._webcam().newest) if image is self.image]
            records.pictures.extend(end - at for at in arrived)
        times, self._undrawn = self._undrawn, None
        if times is not None:
            records.verdicts.extend(
                (times.handed - times.arrived, times.detected - times.handed,
                 times.shown - times.detected, end - times.shown)
            )  # fmt: skip


def recorded_model(records: Records, camera: Callable[[], Webcam], masks: bool) -> PoseModel:
    """The full model; records when each frame goes in and what it costs."""
    model = open_pose_model("full", masks)

    def estimate(frame: Frame, mask: MaskNeed) -> Detection:
        handed, processor = time.perf_counter(), time.thread_time()
        detection = model.estimate(frame, mask)
        records.model_s += time.thread_time() - processor
        records.judged += 1
        arrived = camera().began_s + frame.t
        records.pending[frame.t] = Times(arrived, handed, time.perf_counter())
        return detection

    return PoseModel(estimate, model.close)


# --- the machine --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """Clocks and memory at one time; NaN for what this system does not report.

    wall_s       time.perf_counter()
    processor_s  processor time of the process
    camera_s, session_s, window_s  processor time of the threads of posecheck
    memory_mb    resident memory
    delivered    pictures that the camera has delivered
    """

    wall_s: float
    processor_s: float
    camera_s: float
    session_s: float
    window_s: float
    memory_mb: float
    delivered: int

    @classmethod
    def now(cls, delivered: int) -> Reading:
        return cls(
            wall_s=time.perf_counter(),
            processor_s=time.process_time(),
            camera_s=thread_s("camera"),
            session_s=thread_s("session"),
            window_s=thread_s("MainThread"),
            memory_mb=resident_mb(),
            delivered=delivered,
        )


def model_alone_ms(pictures: list[Bytes], masks: bool) -> float:
    """Median time of the model for one frame while nothing else runs, ms. It shows how fast the
    machine is now, so that the other figures can be compared with those of another day."""
    model = open_pose_model("full", masks)
    took = []
    for index in range(MODEL_ONLY_FRAMES):
        image = cv2.imdecode(pictures[index % len(pictures)], cv2.IMREAD_COLOR)
        start = time.perf_counter()
        model.estimate(Frame(index / FPS, np.asarray(image, np.uint8)), "none")
        took.append(time.perf_counter() - start)
    model.close()
    return float(np.median(took)) * 1000


def thread_s(name: str) -> float:
    """Processor time of a Python thread so far, s; NaN where the system does not report it."""
    for thread in threading.enumerate():
        if thread.name == name and thread.ident is not None and sys.platform == "linux":
            return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    return float("nan")


def resident_mb() -> float:
    """Resident memory of this process; NaN except on Linux."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


# --- the run ------------------------------------------------------------------------------------


class LatencyRun:
    """One session, from its first frame until the minutes are over."""

    def __init__(self, clip: Path, exercise: Exercise, minutes: float) -> None:
        self.records, self.error = Records(), ""
        self._minutes = minutes
        pictures, fps = jpegs(clip)
        self.pictures_mb = sum(picture.nbytes for picture in pictures) / 2**20
        self.pictures = pictures
        self.masks = False
        self._camera: Webcam | None = None
        self._voice = RecordingVoice()

        def open_camera() -> Webcam:
            self._camera = Webcam(pictures, fps)
            return self._camera

        sets = 10 + round(4 * minutes)  # more than there is time for
        planned = PlannedSet(exercise, hold_s=HOLD_S)
        request = SessionRequest(
            name=exercise.name,
            planned_sets=(planned,) * sets,
            level=1,
            opening=(),
            extra=(),
            open_source=open_camera,
            open_model=self._open_model,
        )
        self.page = RecordingPage(request, load_phrases("en"), self._make_voice, "dark")
        self.page.record(self.records, self._voice, self._webcam)
        self.page.worker.ended.connect(self._ended)
        self._start: Reading | None = None
        self._end: Reading | None = None

    def _open_model(self, masks: bool) -> PoseModel:
        self.masks = masks
        return recorded_model(self.records, self._webcam, masks)

    def _webcam(self) -> Webcam:
        assert self._camera is not None
        return self._camera

    def _make_voice(self) -> RecordingVoice:
        return self._voice

    def go(self, application: QApplication) -> None:
        """Run the session to its end."""
        self._application = application
        self._began_s = time.perf_counter()
        self.page.resize(*WINDOW)
        self.page.show()
        self._timer = QTimer()
        self._timer.timeout.connect(self._poll)
        self._timer.start(100)
        application.exec()
        self._timer.stop()
        self.page.close()

    def _poll(self) -> None:
        """Warm up, measure, then end."""
        now = time.perf_counter()
        if not self.records.judged:
            self._began_s = now if self._camera and not self._start else self._began_s
            if now - self._began_s > MAX_START_S:
                self._ended("No frame was judged.")
            return
        if self._start is None:
            if now - self._webcam().began_s > WARM_UP_S and self.records.verdicts:
                self._start = Reading.now(self._webcam().delivered)
                self.records.reset()
            return
        done = (now - self._start.wall_s) / (60 * self._minutes)
        if done * MEMORY_SAMPLES >= len(self.records.memory):
            self.records.memory.append((self.records.judged, resident_mb()))
        if done >= 1:
            self._end = Reading.now(self._webcam().delivered)
            self._application.quit()

    def _ended(self, error: str) -> None:
        self.error = error or "The session ended too early."
        self._application.quit()

    def figures(self) -> dict[str, dict[str, float]]:
        """The results. Call it after `go`."""
        assert self._start is not None
        assert self._end is not None
        return {
            "picture_to_pixel_ms": of_pictures(self.records),
            "verdict_to_pixel_ms": latencies(self.records),
            "frames_per_s": rates(self.records, self._start, self._end),
            "share_of_a_core": shares(self.records, self._start, self._end),
            "memory_mb": memory(self.records, self._start, self._end, self.pictures_mb),
            "cue_ms": cues(self.records),
        }


def of_pictures(records: Records) -> dict[str, float]:
    """Milliseconds over all drawn pictures; empty when none was drawn."""
    whole = np.array(records.pictures) * 1000
    return {
        "median": float(np.median(whole)),
        "p95": float(np.percentile(whole, 95)),
        "most": float(whole.max()),
    } if len(whole) else {}  # fmt: skip


def latencies(records: Records) -> dict[str, float]:
    """Milliseconds over all drawn verdicts, in total and by part; empty when none was drawn."""
    rows = np.array(records.verdicts, float).reshape(-1, NUMBERS_PER_VERDICT) * 1000
    if not len(rows):
        return {}
    whole = rows.sum(1)
    names = ("waits for the model", "model", "judging, to the window", "drawing")
    parts = {f"{name}, median": float(np.median(rows[:, i])) for i, name in enumerate(names)}
    p95 = {f"{name}, p95": float(np.percentile(rows[:, i], 95)) for i, name in enumerate(names)}
    return {
        "median": float(np.median(whole)),
        "p95": float(np.percentile(whole, 95)),
        "most": float(whole.max()),
        **{key: value for pair in zip(parts.items(), p95.items(), strict=True)
           for key, value in pair},
    }  # fmt: skip


def rates(records: Records, start: Reading, end: Reading) -> dict[str, float]:
    seconds = end.wall_s - start.wall_s
    return {
        "delivered": (end.delivered - start.delivered) / seconds,
        "judged": records.judged / seconds,
        "pictures drawn": len(records.pictures) / seconds,
        "verdicts drawn": len(records.verdicts) / NUMBERS_PER_VERDICT / seconds,
        "drawings": records.drawings / seconds,
    }


def shares(records: Records, start: Reading, end: Reading) -> dict[str, float]:
    """Shares of one core. The model works in the judging thread, in a thread of its own for new
    detections, and in MediaPipe's threads. Its share is what the other threads leave."""
    wall = end.wall_s - start.wall_s
    whole, camera = end.processor_s - start.processor_s, end.camera_s - start.camera_s
    session, window = end.session_s - start.session_s, end.window_s - start.window_s
    judging = session - records.model_s
    seconds = {
        "all": whole,
        "model": whole - camera - window - judging,
        "judging": judging,
        "window: scene, drawing, voice": window,
        "camera: decoding": camera,
    }
    return {name: value / wall for name, value in seconds.items()}


def memory(records: Records, start: Reading, end: Reading, pictures_mb: float) -> dict[str, float]:
    growth = end.memory_mb - start.memory_mb
    frames, used = np.array(records.memory[len(records.memory) // 2 :], float).T
    late = float(np.polyfit(frames, used, 1)[0]) if len(frames) > 2 else float("nan")
    return {
        "start": start.memory_mb,
        "end": end.memory_mb,
        "growth per 1000 frames": growth * 1000 / max(1, records.judged),
        "the same, in the second half": late * 1000,
        "of the start, this camera's pictures": pictures_mb,
    }


def cues(records: Records) -> dict[str, float]:
    """Milliseconds from the pose that caused a cue, or an earlier one, to `Voice.say`."""
    every = np.array([seconds for _, seconds in records.cues]) * 1000
    faults = np.array([s for kind, s in records.cues if kind in ("correction", "stop")]) * 1000
    found: dict[str, float] = {"cues": len(every), "of faults": len(faults)}
    for name, values in (("all", every), ("faults", faults)):
        if len(values):
            found |= {f"{name}, median": float(np.median(values)), f"{name}, most": values.max()}
    return found


# --- report -------------------------------------------------------------------------------------


def goals(figures: dict[str, dict[str, float]]) -> dict[str, bool]:
    found = {}
    for text, group, name, most in (
        ("picture to pixel, p95", "picture_to_pixel_ms", "p95", PICTURE_P95_MS),
        ("verdict to pixel, median", "verdict_to_pixel_ms", "median", VERDICT_MS),
        ("verdict to pixel, p95", "verdict_to_pixel_ms", "p95", VERDICT_P95_MS),
        ("a fault's cue", "cue_ms", "faults, most", CUE_MS),
    ):
        value = figures[group].get(name, float("nan"))
        found[f"{text}: at most {most:.0f} ms ({value:.1f})"] = bool(value <= most)
    return found


def show(figures: dict[str, dict[str, float]]) -> None:
    for name, rows in figures.items():
        print(name)
        for row, value in rows.items():
            print(f"  {row:38} {value:9.2f}")
    for goal, met in goals(figures).items():
        print(f"{'met    ' if met else 'NOT MET'}  {goal}")


def bare(exercise: Exercise) -> Exercise:
    """The exercise without the rules that need masks."""
    rules = tuple(rule for rule in exercise.rules if not resolve(rule.metric).metric.spine)
    return replace(exercise, rules=rules)


def machine() -> dict[str, float]:
    """The number of cores, and the load of the last minute (cores wanted by all programs)."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {"cores": float(os.cpu_count() or 1), "load in the last minute": load}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    exercise = "standing_hamstring_reach"
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--clip", type=Path, default=data_folder("demo") / f"{exercise}.mp4")
    parser.add_argument("--exercise", default=exercise, choices=sorted(load_all().exercises),
                        metavar="ID", help="what is done in the clip")  # fmt: skip
    parser.add_argument("--display", action="store_true", help="draw on the display")
    parser.add_argument("--masks", action="store_true", help="judge the outline of the back too")
    parser.add_argument("--json", action="store_true", help="figures for a program")
    options = parser.parse_args()
    before = machine()
    application = gui_application(headless=not options.display)
    chosen = load_all().exercises[options.exercise]
    run = LatencyRun(options.clip, chosen if options.masks else bare(chosen), options.minutes)
    run.go(application)
    if run.error:
        sys.exit(run.error)
    before["model alone, ms a frame"] = model_alone_ms(run.pictures, run.masks)
    figures = {"machine": before, **run.figures()}
    if options.json:
        print(json.dumps({**figures, "goals": goals(figures)}, indent=1))
    else:
        show(figures)


if __name__ == "__main__":
    main()
