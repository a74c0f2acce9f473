"""Measures the speed of posecheck, compared with MediaPipe alone on the same clip.

    uv run python benchmarks/pipeline.py [CLIP EXERCISE] [--side left] [--rounds 5] [--frames 20000]

The benchmark first measures the memory that `--frames` frames need. Then it runs two loops in turn,
both with the full model: the bare loop (OpenCV reads, MediaPipe detects) and the whole pipeline
(source, estimator with subject lock and track checks, joint filter, session, coach). It runs them
without masks and, if the exercise has rules about the back, with masks too. It then measures how
fast recordings are judged: the clip, and a clip of 1920x1080 with 30 frames a second made from it.
At the end it measures the cost of each stage on replayed poses, and the time of the start. It
prints whether each goal is met. The exit code is 0 in either case, because a busy machine is not a
fault.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from statistics import median

import numpy as np

from posecheck.body.back_contour import back_contour
from posecheck.body.geometry import Body
from posecheck.body.joint_filter import JointFilter
from posecheck.body.measure import Measurer, specs_of
from posecheck.coach.coach import Coach
from posecheck.coach.pipeline import FrameResult, run
from posecheck.commands.recording import judged_every_s
from posecheck.exercise import Exercise
from posecheck.io.paths import data_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.estimator import Estimator, model_path
from posecheck.io.vision.opencv import cv2
from posecheck.pose import Detection, Frame, MaskNeed, Observation, Pose, Side
from posecheck.session.events import Event
from posecheck.session.plan import open_set
from posecheck.session.session import Session, SessionView

RATIO, MASKS_RATIO, AFTER_MS, AFTER_SPINE_MS, HELP_S, MEMORY_MB = 1.45, 0.97, 0.5, 3.0, 0.3, 400.0
FLAT_MB = 10.0
"""Growth between the first tenth of the frames and the last that is still called flat."""
REPLAYS = 5
STARTS = 5
SMALL_SPEED, LARGE_SPEED, HELD_S = 4.5, 2.5, 0.3
"""Goals for recordings: times real time for each core, and the difference of the seconds held when
all frames are judged."""
LARGE, LARGE_FPS, LARGE_S = (1920, 1080), 30.0, 15.0
"""Size, frames a second and seconds of the large recording."""
TURN = 30
"""Frames that the bare loop and the pipeline do before the other goes on."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is run: a clip, and the exercise it is judged by."""

    clip: Path
    exercise: Exercise
    side: Side | None

    def session(self) -> Session:
        return Session([open_set(self.exercise, self.side)])


@dataclass(frozen=True, slots=True)
class Goal:
    text: str
    value: float
    met: bool


def clip_frames(clip: Path, least: int = 1) -> Iterator[Frame]:
    """The frames of the clip, again and again until there were `least`, in increasing time."""
    given, start = 0, 0.0
    while given < least:
        with open_source(clip) as source:
            t = 0.0
            for frame in source:
                t = frame.t
                yield replace(frame, t=start + t)
                given += 1
        start += t + 1 / (source.fps or 30.0)


def pipeline(
    case: Case, estimator: Estimator, least: int = 1, masks: bool = True
) -> Iterator[FrameResult]:
    """The whole loop; without `masks` none is asked for."""

    def estimate(frame: Frame, need: MaskNeed) -> Detection:
        return estimator(frame, need if masks else "none")

    frames = clip_frames(case.clip, least)
    return run(frames, estimate, case.session(), Coach(load_phrases("en")))


# --- bare MediaPipe beside the whole ------------------------------------------------------------


def bare(clip: Path, model: bytes, masks: bool) -> Iterator[None]:
    """OpenCV and MediaPipe with nothing around them; a step is a frame."""
    import mediapipe as mp  # an estimator has loaded it before, without its audio part

    options = mp.tasks.vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_buffer=model),
        running_mode=mp.tasks.vision.RunningMode.VIDEO,
        output_segmentation_masks=masks,
    )
    with mp.tasks.vision.PoseLandmarker.create_from_options(options) as landmarker:
        capture = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
        rate = capture.get(cv2.CAP_PROP_FPS) or 30.0
        for index in count():
            found, image = capture.read()
            if not found:
                break
            rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.asarray(rgb))
            landmarker.detect_for_video(picture, round(index * 1000 / rate))
            yield
        capture.release()


@dataclass(slots=True)
class Work:
    """What a loop has done: frames, the seconds they took, and those of the processor."""

    frames: int = 0
    seconds: float = 0.0
    processor_s: float = 0.0

    def step(self, loop: Iterator[object]) -> bool:
        """Let the loop go on for a turn; whether there may be more to come."""
        start, processor = time.perf_counter(), time.process_time()
        done = sum(1 for _ in islice(loop, TURN))
        self.seconds += time.perf_counter() - start
        self.processor_s += time.process_time() - processor
        self.frames += done
        return done == TURN


def take_turns(case: Case, masks: bool) -> tuple[Work, Work]:
    """The bare loop and the pipeline over the clip. They alternate, so that a busy moment of the
    machine meets both; the first turn of each does not count."""
    with Estimator("full", masks=masks) as estimator:
        alone = bare(case.clip, model_path("full").read_bytes(), masks)
        whole = pipeline(case, estimator, masks=masks)
        Work().step(alone)
        Work().step(whole)
        works = Work(), Work()
        while works[0].step(alone) and works[1].step(whole):
            pass
    return works


def compare(case: Case, rounds: int, masks: bool) -> dict[str, float]:
    """Frames a second of both, and the ratio; on a busy machine that of the processor's time says
    more, because the fresh detections of the pipeline need a second core that is free."""
    rows = [take_turns(case, masks) for _ in range(rounds)]
    alone = [work.frames / work.seconds for work, _ in rows]
    whole = [work.frames / work.seconds for _, work in rows]
    ratios = [b / a for a, b in zip(alone, whole, strict=True)]
    processor = [a.processor_s / a.frames / (b.processor_s / b.frames) for a, b in rows]
    return {
        "bare": median(alone),
        "pipeline": median(whole),
        "ratio": median(ratios),
        "lowest ratio": min(ratios),
        "highest ratio": max(ratios),
        "ratio by processor time": median(processor),
    }


# --- recordings ---------------------------------------------------------------------------------


def recordings(case: Case) -> dict[str, float]:
    """Times real time by the processor's time, and what the skipped frames change."""
    with tempfile.TemporaryDirectory() as folder:
        large = replace(case, clip=enlarged(case.clip, Path(folder) / "large.mp4"))
        small_speed, _ = judged(case)
        speed, some = judged(large)
        all_speed, every = judged(large, every_s=0.0)
    return {
        "small, times real time": small_speed,
        "1080p30, times real time": speed,
        "1080p30, all frames": all_speed,
        "held, s": some.progress.held_s,
        "held, all frames": every.progress.held_s,
        "held, difference": abs(some.progress.held_s - every.progress.held_s),
        "repetitions, difference": abs(some.progress.reps - every.progress.reps),
    }


def judged(case: Case, every_s: float | None = None) -> tuple[float, SessionView]:
    """How much faster than real time one core judges the recording, and the state at its end."""
    session = case.session()
    with (
        Estimator("full", masks=session.needs_masks) as estimator,
        open_source(case.clip) as source,
    ):
        source.min_interval_s = judged_every_s(case.exercise) if every_s is None else every_s
        began = time.process_time()
        last_t = 0.0
        for result in run(source, estimator, session, Coach(load_phrases("en"))):
            last_t = result.frame.t
        return last_t / (time.process_time() - began), session.view


def enlarged(clip: Path, path: Path) -> Path:
    """The beginning of the clip as a large video of LARGE_FPS; frames between are blended."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), LARGE_FPS, LARGE)
    with open_source(clip) as source:
        frames = iter(source)
        before = after = next(frames)
        for index in range(round(LARGE_S * LARGE_FPS)):
            t = index / LARGE_FPS
            while after.t <= t:
                before, after = after, next(frames, replace(after, t=math.inf))
            share = 0.0 if math.isinf(after.t) else (t - before.t) / (after.t - before.t)
            image = cv2.addWeighted(before.image, 1 - share, after.image, share, 0.0)
            height, width = image.shape[:2]
            wide = round(height * LARGE[0] / LARGE[1]) - width
            image = cv2.copyMakeBorder(
                image, 0, 0, wide // 2, wide - wide // 2, cv2.BORDER_REPLICATE
            )
            writer.write(cv2.resize(image, LARGE, interpolation=cv2.INTER_CUBIC))
    writer.release()
    return path


# --- stages -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trace:
    """Poses of the clip, as the estimator gave them, and what it and the decoder took, ms."""

    poses: list[tuple[float, Pose | None]]
    decode_ms: float
    pose_ms: float


def record(case: Case, masks: bool) -> Trace:
    """Run the clip once, keeping poses. Masks are asked for when the session would ask."""
    poses: list[tuple[float, Pose | None]] = []
    decode = pose = 0.0
    session, joint_filter = case.session(), JointFilter()
    with Estimator("full", masks=masks) as estimator:
        frames = clip_frames(case.clip)
        while True:
            start = time.perf_counter()
            frame = next(frames, None)
            decoded = time.perf_counter()
            if frame is None:
                break
            seen = estimator(frame, session.mask_need(frame.t)).pose
            pose += time.perf_counter() - decoded
            decode += decoded - start
            poses.append((frame.t, seen))
            session.update(
                frame.t, Observation(joint_filter.update(frame.t, seen) if seen else None)
            )
    return Trace(poses, decode * 1000 / len(poses), pose * 1000 / len(poses))


def best_ms(work: Callable[[], None], frames: int) -> float:
    """Milliseconds a frame of the processor, the fastest of some passes: what it costs, not who
    else is busy."""
    times = []
    for _ in range(REPLAYS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000 / frames


def stages(case: Case) -> dict[str, float]:
    """Milliseconds a frame, from the first stage to the last."""
    plain = record(case, masks=False)
    frames = len(plain.poses)
    trusted = trust_all(plain)
    without = best_ms(lambda: judge_all(case, trusted), frames)
    measures = best_ms(lambda: measure_all(case, trusted), frames)
    costs = {
        "decode": plain.decode_ms,
        "pose": plain.pose_ms,
        "trust": best_ms(lambda: void(trust_all(plain)), frames),
        "measures": measures,
        "form and session": without - measures,
        "coach": best_ms(coach_work(case, trusted), frames),
    }
    costs["all after the pose"] = costs["trust"] + without + costs["coach"]
    if case.session().needs_masks:
        costs |= spine_stages(case, costs["all after the pose"])
    return costs


def spine_stages(case: Case, after_ms: float) -> dict[str, float]:
    masked = record(case, masks=True)
    trusted = trust_all(masked)
    contours = [(pose, Body(pose)) for _, pose in trusted if pose and pose.mask is not None]
    if not contours:
        return {}
    each = best_ms(lambda: void([back_contour(*pair) for pair in contours]), len(contours))
    a_frame = each * len(contours) / len(trusted)
    return {
        "pose with masks": masked.pose_ms,
        "one back contour": each,
        "spine": a_frame,
        "all after the pose, with spine": after_ms + a_frame,
    }


def void(_: object) -> None:
    pass


def trust_all(trace: Trace) -> list[tuple[float, Pose | None]]:
    joint_filter = JointFilter()
    return [(t, joint_filter.update(t, pose) if pose else None) for t, pose in trace.poses]


def measure_all(case: Case, poses: list[tuple[float, Pose | None]]) -> None:
    measurer = Measurer(specs_of(case.exercise), case.side)
    for t, pose in poses:
        measurer.update(t, pose)


def judge_all(case: Case, poses: list[tuple[float, Pose | None]]) -> None:
    session = case.session()
    for t, pose in poses:
        session.update(t, Observation(pose))


def coach_work(case: Case, poses: list[tuple[float, Pose | None]]) -> Callable[[], None]:
    """What the coach does with the whole session, which is judged beforehand."""
    session, phrases = case.session(), load_phrases("en")
    heard: list[tuple[float, tuple[Event, ...], SessionView]] = []
    for t, pose in poses:
        events = session.update(t, Observation(pose))
        heard.append((t, events, session.view))

    def work() -> None:
        coach = Coach(phrases)
        for t, events, view in heard:
            coach.update(t, events, view)

    return work


# --- start and memory ---------------------------------------------------------------------------


def start_s(arguments: list[str]) -> float:
    """Seconds from the start of a Python to the first line that it prints; median of some."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            times.append(time.perf_counter() - start)
            child.stdout.read()
    return median(times)


def first_verdict(case: Case) -> None:
    """What `start_s` waits for: the first frame has gone through everything."""
    with Estimator("full", masks=case.session().needs_masks) as estimator:
        print(next(pipeline(case, estimator)).view.phase, flush=True)


def resident_mb() -> float:
    """Memory of this process now (Linux) or at most so far (elsewhere)."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return float("nan")
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def memory(case: Case, frames: int) -> dict[str, float]:
    """Megabytes after a tenth of the frames and at the end, and the most."""
    samples = []
    with Estimator("full", masks=case.session().needs_masks) as estimator:
        for index, _ in enumerate(pipeline(case, estimator, frames)):
            if index % max(1, frames // 100) == 0:
                samples.append(resident_mb())
    early, late = samples[: len(samples) // 5], samples[-len(samples) // 5 :]
    early = early[len(early) // 2 :]
    return {"early": median(early), "late": median(late), "most": max(samples)}


# --- report -------------------------------------------------------------------------------------


def goals(figures: dict[str, dict[str, float]]) -> list[Goal]:
    costs, start = figures["stages_ms"], figures["start_s"]
    found = []
    for name, least in (("fps", RATIO), ("fps_with_masks", MASKS_RATIO)):
        if name in figures:
            ratio, words = figures[name]["ratio"], name.replace("_", " ")
            found.append(Goal(f"{words}: {least} of the bare loop or more", ratio, ratio >= least))
    speeds = figures["recordings"]
    for name, least in (("small", SMALL_SPEED), ("1080p30", LARGE_SPEED)):
        speed = speeds[f"{name}, times real time"]
        found.append(Goal(f"{name}: {least} times real time or more", speed, speed >= least))
    apart = speeds["held, difference"]
    found.append(Goal(f"held as with all frames, within {HELD_S} s", apart, apart <= HELD_S))
    for name, most in (
        ("all after the pose", AFTER_MS),
        ("all after the pose, with spine", AFTER_SPINE_MS),
    ):
        if name in costs:
            found.append(Goal(f"{name}: below {most} ms", costs[name], costs[name] < most))
    found.append(Goal(f"help: below {HELP_S} s", start["help"], start["help"] < HELP_S))
    if used := figures["memory_mb"]:
        growth = used["late"] - used["early"]
        found.append(Goal(f"memory grows by less than {FLAT_MB} MB", growth, growth < FLAT_MB))
        found.append(Goal(f"memory below {MEMORY_MB} MB", used["most"], used["most"] < MEMORY_MB))
    return found


def show(figures: dict[str, dict[str, float]]) -> None:
    for name, rows in figures.items():
        print(name)
        for row, value in rows.items():
            print(f"  {row:32} {value:9.3f}")
    for goal in goals(figures):
        print(f"{'met    ' if goal.met else 'NOT MET'}  {goal.text}  ({goal.value:.3f})")


def measure_case(case: Case, rounds: int, frames: int) -> dict[str, dict[str, float]]:
    used = memory(case, frames) if frames else {}
    side = ["--side", case.side] if case.side else []
    own = [__file__, str(case.clip), case.exercise.id, *side, "--first-verdict"]
    ratios = {"fps": compare(case, rounds, masks=False)}
    if case.session().needs_masks:
        ratios["fps_with_masks"] = compare(case, rounds, masks=True)
    return {
        **ratios,
        "recordings": recordings(case),
        "stages_ms": stages(case),
        "start_s": {"help": start_s(["-m", "posecheck", "--help"]), "first verdict": start_s(own)},
        "memory_mb": used,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    exercise = "standing_hamstring_reach"
    parser.add_argument(
        "clip", type=Path, nargs="?", default=data_folder("demo") / f"{exercise}.mp4"
    )
    parser.add_argument("exercise", nargs="?", choices=sorted(load_all().exercises),
                        default=exercise, metavar="exercise")  # fmt: skip
    parser.add_argument("--side", choices=("left", "right"))
    parser.add_argument("--rounds", type=int, default=5, help="of bare loop and pipeline")
    parser.add_argument("--frames", type=int, default=20_000, help="of the memory run; 0: none")
    parser.add_argument("--json", action="store_true", help="figures for a program")
    parser.add_argument("--first-verdict", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    case = Case(asked.clip, load_all().exercises[asked.exercise], asked.side)
    if asked.first_verdict:
        first_verdict(case)
        return
    figures = measure_case(case, asked.rounds, asked.frames)
    if asked.json:
        met = {goal.text: goal.met for goal in goals(figures)}
        print(json.dumps({**figures, "goals": met}, indent=1))
    else:
        show(figures)


if __name__ == "__main__":
    main()
