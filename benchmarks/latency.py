"""From the camera's frame to the pixel, with the full model and a session's window.

Twice: of the picture, which is drawn at once, and of its verdict (skeleton, marks, words), which
waits for the model.

    uv run python benchmarks/latency.py [--minutes 0.5] [--display] [--json FILE]

A camera of this file's own delivers 1280x720 pictures, 30 a second, in real time and whether they
are fetched or not: the frames of a clip, enlarged, as JPEGs that are decoded when they come, as a
webcam's are. The session is the program's: its page, its thread, its voice with Qt's mock engine.
It is drawn at 1920x1080, in memory or (--display) on the display. Goals are said to be met or not;
the exit code is 0 either way, because a busy machine is no mistake.
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
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Event, Thread

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from posecheck.coach.cues import Cue
from posecheck.io.audio.voice import MOCK, Voice
from posecheck.io.paths import data_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import Detection, Frame
from posecheck.session.session import PlannedSet
from posecheck.ui.application import gui_application
from posecheck.ui.session.page import SessionPage, SessionRequest
from posecheck.ui.session.request import estimating, instruction

DRAWN_MS, CUE_MS = 60.0, 100.0
"""Goals: what a person takes for their mirror image, and for an answer at once."""
FPS, SIZE, WINDOW = 30.0, (1280, 720), (1920, 1080)
JPEG_QUALITY = 85
"""About that of a webcam."""
WARM_UP_S = 5.0
"""After the first judged frame: pictures, letters and the model's memory are fetched once."""
SAMPLES = 40
"""How often the memory is read."""
KEPT = 15
"""Pictures that the camera remembers the time of."""
ALONE = 120
"""Frames that the model sees alone, after the session."""
HOLD_S = 15.0
"""Of each set, as in the demo: the clip shows one of them, with a fault and a correction."""
PATIENCE_S = 60.0
"""For the first judged frame."""

Bytes = NDArray[np.uint8]


# --- the camera ---------------------------------------------------------------------------------


def jpegs(clip: Path) -> tuple[list[Bytes], float]:
    """The frames of a clip as pictures of SIZE, and how many of them make a second."""
    with open_source(clip) as source:
        pictures = [cv2.imencode(".jpg", enlarged(frame.image), JPEG) for frame in source]
        return [np.asarray(packed, np.uint8) for _, packed in pictures], source.fps or FPS


JPEG = (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY)


def enlarged(image: Bytes) -> Bytes:
    """A picture in the middle of SIZE, as large as it fits, its edge drawn out to the sides."""
    height, width = image.shape[:2]
    scale = min(SIZE[0] / width, SIZE[1] / height)
    made = cv2.resize(image, (round(width * scale), round(height * scale)))
    left, top = (SIZE[0] - made.shape[1]) // 2, (SIZE[1] - made.shape[0]) // 2
    right, bottom = SIZE[0] - made.shape[1] - left, SIZE[1] - made.shape[0] - top
    whole = cv2.copyMakeBorder(made, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(whole, np.uint8)


class Webcam(Source):
    """Pictures in real time, again and again; only the newest is kept. A frame is stamped when it
    comes, before it is decoded, as `Live` does. `began_s` is time 0 on time.perf_counter(), on
    which `newest` notes when the last pictures came."""

    live = True

    def __init__(self, pictures: list[Bytes], clip_fps: float) -> None:
        super().__init__("benchmark", SIZE)
        self.fps = FPS
        self.delivered = 0
        self.newest: deque[tuple[Bytes, float]] = deque(maxlen=KEPT)
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
            tick = max(tick + 1, int(t * FPS))  # a camera leaves out what nobody was awake for

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


# --- what is noted ------------------------------------------------------------------------------


@dataclass(slots=True)
class Times:
    """When a frame came, was handed to the model, had its pose, and reached the page; seconds of
    time.perf_counter()."""

    came: float
    taken: float
    seen: float
    shown: float = 0.0


ROW = 4
"""Numbers for each drawn frame."""


@dataclass(slots=True)
class Notes:
    """What is noted while the session runs.

    open     frames that the model has seen and the page has not, by their stamp
    pictures seconds from a picture's coming to the end of the drawing that first shows it
    drawn    four numbers for each drawn verdict: came to taken, taken to seen, seen to shown, shown
             to the end of its drawing, s. In an array: 32 bytes a frame do not look like a leak
    memory   frames judged and megabytes, from time to time
    cues     for every cue: its kind, and seconds from the pose to `Voice.say`
    drawings of the window
    judged   frames; model_s: what they cost the thread that judges, processor's time
    """

    open: dict[float, Times] = field(default_factory=dict)
    pictures: array[float] = field(default_factory=lambda: array("d"))
    drawn: array[float] = field(default_factory=lambda: array("d"))
    drawings: int = 0
    memory: list[tuple[int, float]] = field(default_factory=list)
    cues: list[tuple[str, float]] = field(default_factory=list)
    judged: int = 0
    model_s: float = 0.0

    def forget(self) -> None:
        """Begin to count anew."""
        del self.drawn[:]
        del self.pictures[:]
        self.cues.clear()
        self.judged, self.drawings, self.model_s = 0, 0, 0.0


class NotedVoice(Voice):
    """A voice that only pretends to speak, and notes when it was asked to."""

    def __init__(self) -> None:
        super().__init__("full", engine=MOCK)
        self.asked: list[tuple[str, float]] = []

    def say(self, t: float, cues: Iterable[Cue]) -> None:
        given = tuple(cues)
        now = time.perf_counter()
        self.asked += [(cue.kind, now) for cue in given]
        super().say(t, given)


class NotedPage(SessionPage):
    """The page of a session that notes what came when. `begin` is called before events run."""

    def begin(self, notes: Notes, voice: NotedVoice, camera: Callable[[], Webcam]) -> None:
        self._notes, self._noted_voice, self._webcam = notes, voice, camera
        self._waiting: Times | None = None
        self._last: Bytes | None = None
        self._last_t = -1.0
        self._canvas.drawn.connect(self._note_drawn)

    def _show_news(self) -> None:
        super()._show_news()
        moment = self._moment
        if moment is None or moment.frame.t <= self._last_t:
            return
        notes = self._notes
        came = sorted(t for t in notes.open if t <= moment.frame.t)
        shown = time.perf_counter()
        # Cues are of any frame since the last look: taken to be of the first.
        since = notes.open[came[0]].seen
        notes.cues += [(kind, at - since) for kind, at in self._noted_voice.asked]
        self._noted_voice.asked.clear()
        self._waiting = notes.open[came[-1]]
        self._waiting.shown = shown
        self._last_t = moment.frame.t
        for t in came:
            del notes.open[t]

    def _note_drawn(self) -> None:
        """A drawing has ended: what it is the first to show has reached its pixels."""
        end, notes = time.perf_counter(), self._notes
        notes.drawings += 1
        if self.image is not self._last:
            self._last = self.image
            came = [at for image, at in tuple(self._webcam().newest) if image is self.image]
            notes.pictures.extend(end - at for at in came)
        times, self._waiting = self._waiting, None
        if times is not None:
            notes.drawn.extend(
                (times.taken - times.came, times.seen - times.taken,
                 times.shown - times.seen, end - times.shown)
            )  # fmt: skip


def noted(notes: Notes, camera: Callable[[], Webcam], masks: bool) -> PoseModel:
    """The full model, with what each frame costs it."""
    model = estimating("full", masks)

    def estimate(frame: Frame, mask: bool) -> Detection:
        taken, processor = time.perf_counter(), time.thread_time()
        sighting = model.estimate(frame, mask)
        notes.model_s += time.thread_time() - processor
        notes.judged += 1
        notes.open[frame.t] = Times(camera().began_s + frame.t, taken, time.perf_counter())
        return sighting

    return PoseModel(estimate, model.close)


# --- the machine --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks and the memory at one moment; NaN for what this system does not tell.

    camera_s, session_s, window_s  processor's time of the threads of posecheck
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
            time.perf_counter(), time.process_time(), thread_s("camera"), thread_s("session"),
            thread_s("MainThread"), resident_mb(), delivered,
        )  # fmt: skip


def model_alone_ms(pictures: list[Bytes], masks: bool) -> float:
    """What the model takes for a frame while nothing else is done, median: how fast this machine
    is now. Without it no other figure can be compared with that of another day."""
    model = estimating("full", masks)
    took = []
    for index in range(ALONE):
        image = cv2.imdecode(pictures[index % len(pictures)], cv2.IMREAD_COLOR)
        start = time.perf_counter()
        model.estimate(Frame(index / FPS, np.asarray(image, np.uint8)), False)
        took.append(time.perf_counter() - start)
    model.close()
    return float(np.median(took)) * 1000


def thread_s(name: str) -> float:
    """Processor's time of a thread of Python so far."""
    for thread in threading.enumerate():
        if thread.name == name and thread.ident is not None and sys.platform == "linux":
            return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    return float("nan")


def resident_mb() -> float:
    """Memory of this process now (Linux)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


# --- the run ------------------------------------------------------------------------------------


class Run:
    """One session from its first frame until the minutes are over."""

    def __init__(self, clip: Path, exercise: str, minutes: float) -> None:
        self.notes, self.no_pose_reason = Notes(), ""
        self._minutes = minutes
        pictures, fps = jpegs(clip)
        self.pictures_mb = sum(picture.nbytes for picture in pictures) / 2**20
        self.pictures = pictures
        self.masks = False
        self._camera: Webcam | None = None
        self._voice = NotedVoice()

        def opened() -> Webcam:
            self._camera = Webcam(pictures, fps)
            return self._camera

        sets = 10 + round(4 * minutes)  # more than there is time for
        planned = PlannedSet(load_all().exercises[exercise], hold_s=HOLD_S)
        asked = SessionRequest(exercise, (planned,) * sets, 1, (), (), opened, self._estimating)
        self.page = NotedPage(asked, load_phrases("en"), self._speaker, "dark", instruction)
        self.page.begin(self.notes, self._voice, self._webcam)
        self.page.loop.ended.connect(self._ended)
        self._start: Reading | None = None
        self._end: Reading | None = None

    def _estimating(self, masks: bool) -> PoseModel:
        self.masks = masks
        return noted(self.notes, self._webcam, masks)

    def _webcam(self) -> Webcam:
        assert self._camera is not None
        return self._camera

    def _speaker(self) -> NotedVoice:
        return self._voice

    def go(self, application: QApplication) -> None:
        """Run it to its end."""
        self._application = application
        self._began_s = time.perf_counter()
        self.page.resize(*WINDOW)
        self.page.show()
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(100)
        application.exec()
        self._timer.stop()
        self.page.close()

    def _look(self) -> None:
        """Warm up, measure, end."""
        now = time.perf_counter()
        if not self.notes.judged:
            self._began_s = now if self._camera and not self._start else self._began_s
            if now - self._began_s > PATIENCE_S:
                self._ended("No frame was judged.")
            return
        if self._start is None:
            if now - self._webcam().began_s > WARM_UP_S and self.notes.drawn:
                self._start = Reading.now(self._webcam().delivered)
                self.notes.forget()
            return
        done = (now - self._start.wall_s) / (60 * self._minutes)
        if done * SAMPLES >= len(self.notes.memory):
            self.notes.memory.append((self.notes.judged, resident_mb()))
        if done >= 1:
            self._end = Reading.now(self._webcam().delivered)
            self._application.quit()

    def _ended(self, no_pose_reason: str) -> None:
        self.no_pose_reason = no_pose_reason or "The session was over before its time."
        self._application.quit()

    def figures(self) -> dict[str, dict[str, float]]:
        """What was found. None of it before `go` has come to its end."""
        assert self._start is not None
        assert self._end is not None
        return {
            "picture_to_pixel_ms": of_pictures(self.notes),
            "verdict_to_pixel_ms": latencies(self.notes),
            "frames_per_s": rates(self.notes, self._start, self._end),
            "share_of_a_core": shares(self.notes, self._start, self._end),
            "memory_mb": memory(self.notes, self._start, self._end, self.pictures_mb),
            "cue_ms": cues(self.notes),
        }


def of_pictures(notes: Notes) -> dict[str, float]:
    """Milliseconds over all drawn pictures."""
    whole = np.array(notes.pictures) * 1000
    return {
        "median": float(np.median(whole)),
        "p95": float(np.percentile(whole, 95)),
        "most": float(whole.max()),
    } if len(whole) else {}  # fmt: skip


def latencies(notes: Notes) -> dict[str, float]:
    """Milliseconds over all drawn verdicts, whole and by part."""
    rows = np.array(notes.drawn, float).reshape(-1, ROW) * 1000
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


def rates(notes: Notes, start: Reading, end: Reading) -> dict[str, float]:
    seconds = end.wall_s - start.wall_s
    return {
        "delivered": (end.delivered - start.delivered) / seconds,
        "judged": notes.judged / seconds,
        "pictures drawn": len(notes.pictures) / seconds,
        "verdicts drawn": len(notes.drawn) / ROW / seconds,
        "drawings": notes.drawings / seconds,
    }


def shares(notes: Notes, start: Reading, end: Reading) -> dict[str, float]:
    """Of one core. The model works in the thread that judges, in one of its own for fresh
    detections and in those of MediaPipe: it is what the other threads leave."""
    wall = end.wall_s - start.wall_s
    whole, camera = end.processor_s - start.processor_s, end.camera_s - start.camera_s
    session, window = end.session_s - start.session_s, end.window_s - start.window_s
    judging = session - notes.model_s
    seconds = {
        "all": whole,
        "model": whole - camera - window - judging,
        "judging": judging,
        "window: scene, drawing, voice": window,
        "camera: decoding": camera,
    }
    return {name: value / wall for name, value in seconds.items()}


def memory(notes: Notes, start: Reading, end: Reading, pictures_mb: float) -> dict[str, float]:
    growth = end.memory_mb - start.memory_mb
    frames, used = np.array(notes.memory[len(notes.memory) // 2 :], float).T
    late = float(np.polyfit(frames, used, 1)[0]) if len(frames) > 2 else float("nan")
    return {
        "start": start.memory_mb,
        "end": end.memory_mb,
        "growth per 1000 frames": growth * 1000 / max(1, notes.judged),
        "the same, in the second half": late * 1000,
        "of the start, this camera's pictures": pictures_mb,
    }


def cues(notes: Notes) -> dict[str, float]:
    """From the pose in which a cue is issued, or an earlier one, to `Voice.say`."""
    every = np.array([seconds for _, seconds in notes.cues]) * 1000
    faults = np.array([s for kind, s in notes.cues if kind in ("correction", "stop")]) * 1000
    found: dict[str, float] = {"cues": len(every), "of faults": len(faults)}
    for name, values in (("all", every), ("faults", faults)):
        if len(values):
            found |= {f"{name}, median": float(np.median(values)), f"{name}, most": values.max()}
    return found


# --- report -------------------------------------------------------------------------------------


def goals(figures: dict[str, dict[str, float]]) -> dict[str, bool]:
    p95 = figures["picture_to_pixel_ms"].get("p95", float("nan"))
    cue = figures["cue_ms"].get("faults, most", float("nan"))
    return {
        f"frame to pixel, p95: at most {DRAWN_MS:.0f} ms ({p95:.1f})": bool(p95 <= DRAWN_MS),
        f"a fault's cue: at most {CUE_MS:.0f} ms ({cue:.1f})": bool(cue <= CUE_MS),
    }


def show(figures: dict[str, dict[str, float]]) -> None:
    for name, rows in figures.items():
        print(name)
        for row, value in rows.items():
            print(f"  {row:38} {value:9.2f}")
    for goal, met in goals(figures).items():
        print(f"{'met    ' if met else 'NOT MET'}  {goal}")


def machine() -> dict[str, float]:
    """Cores, and how many of them other programs want now."""
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
    parser.add_argument("--json", type=Path, metavar="FILE", help="figures for a program")
    asked = parser.parse_args()
    before = machine()
    application = gui_application(headless=not asked.display)
    run = Run(asked.clip, asked.exercise, asked.minutes)
    run.go(application)
    if run.no_pose_reason:
        sys.exit(run.no_pose_reason)
    before["model alone, ms a frame"] = model_alone_ms(run.pictures, run.masks)
    figures = {"machine": before, **run.figures()}
    show(figures)
    if asked.json:
        asked.json.write_text(json.dumps({**figures, "goals": goals(figures)}, indent=1))


if __name__ == "__main__":
    main()
