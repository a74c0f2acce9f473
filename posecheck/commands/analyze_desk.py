"""`posecheck analyze VIDEO --desk`: a recording of a user at a desk, judged as it would be live.

The recording is read twice. First only as far as the calibration needs, at the frame rate of the
live set-up. Then a `DeskSession`, the judge of the live program, gets the frames that it would take
from a camera while the user looks at the preview: five per second, not one. Between them the last
state stands, as in the preview. While the calibrated stretches pass, the camera is off for the
monitor, as during the live set-up.

Writes `frames.jsonl`, one line for every frame of the recording, and `summary.json`.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecheck.body.joint_filter import JointFilter
from posecheck.commands.analyze import progress_bar
from posecheck.commands.desk_report import DeskSummary, JudgedFrame, account, line_of
from posecheck.commands.recording import result_files
from posecheck.desk.calibration import Calibration, CalibrationPose, calibrate, take_point
from posecheck.desk.monitor import DeskMonitor
from posecheck.desk.session import DeskSession
from posecheck.desk.setup import SETUP_INTERVAL_S
from posecheck.desk.states import DeskReading
from posecheck.io.errors import UserError
from posecheck.io.output import writing
from posecheck.io.results_folder import FRAMES, SUMMARY, claimed
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.desk_source import DESK_CALM_S, FrameReader
from posecheck.io.vision.source import INTERVAL_SLACK_S, Source
from posecheck.pose import Frame, Pose

QUIET_S = 6.0
"""Length of the stretch to search for when none is given."""
SEARCH_STEP_S = 1.0
STEADINESS_FACTORS = (1.0, 2.5)
"""A recording cannot be repeated. A user who moves, or is badly seen, by up to the second factor
times the limits of a steady point is judged all the same, with a remark."""

NOT_STEADY = "{where}: not very steady there; the results are less sure."

Remark = Callable[[str], None]
DeskWatcher = Callable[[Source], AbstractContextManager[Callable[[JudgedFrame], None]]]
CalibrationSample = tuple[float, Pose | None]
"""Time and trusted pose."""


class DeskError(UserError):
    """The recording cannot be judged as requested. The message is a sentence or two for the
    user."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, seconds of the recording."""

    start: float
    end: float

    def __contains__(self, t: object) -> bool:
        return isinstance(t, float) and self.start <= t <= self.end


@dataclass(frozen=True, slots=True)
class DeskRecording:
    """A request; with `tall` None the first quiet seconds are used, with `out` None nothing is
    written; `fps` and `numbered` as in `AnalysisRequest`."""

    video: Path
    out: Path | None
    model: str
    tall: Span | None = None
    slump: Span | None = None
    fps: float | None = None
    numbered: bool = False


def read_span(text: str | None, option: str) -> Span | None:
    """ "0:7" as seconds. DeskError for anything else."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", text.strip())
    if match is None:
        raise DeskError(f"{option} {text} is not a range of seconds; write START:END, as in 0:7.")
    span = Span(float(match[1]), float(match[2]))
    if span.end <= span.start:
        raise DeskError(f"{option} {text} ends before it begins; write START:END, as in 0:7.")
    return span


def analyze_desk(request: DeskRecording) -> int:
    """Judge a recording, write the results and print an account. The exit code."""
    with ExitStack() as stack:
        assert request.out is not None
        open_source(request.video, fps=request.fps).close()  # before a folder is made for it
        out, recorded = stack.enter_context(
            claimed(request.out, request.video, numbered=request.numbered)
        )
        files = _Files(out)
        result: dict[str, Any] = {"recording": recorded}
        result |= judged_desk(request, stack, _tell, (progress_bar, files.opened))
        files.save(result)
    for sentence in (*result["remarks"], *filter(None, [result["truncated"]])):
        _tell(sentence)
    for line in account(result):
        print(line)
    print(f"Written: {out}")
    return 0


def judged_desk(
    request: DeskRecording,
    stack: ExitStack,
    remark: Remark,
    watchers: Sequence[DeskWatcher] = (),
) -> dict[str, Any]:
    """Judge a recording; the content of summary.json. For `analyze --desk` and `batch` alike.

    stack     closes what is opened here
    remark    takes a sentence about a calibration that is less sure
    watchers  called with the source before the first judged frame; what each gives takes the frames

    Raises CameraError, DeskError, ModelError, SystemProblem and OutputError.
    """
    from posecheck.io.vision.estimator import Estimator

    with open_source(request.video, fps=request.fps) as source:
        source.min_interval_s = SETUP_INTERVAL_S
        with Estimator(request.model, calm_s=DESK_CALM_S) as estimator:
            samples = samples_of(source, FrameReader(estimator))
            calibration, spans = calibrated(request, samples, remark)
    session = DeskSession(lambda known, before: DeskMonitor(known, restored=before))
    session.use(calibration, 0.0)
    summary = DeskSummary(
        request.video.name, request.model, calibration, (spans[0].start, spans[0].end)
    )
    source = stack.enter_context(open_source(request.video, fps=request.fps))
    estimator = stack.enter_context(Estimator(request.model, calm_s=DESK_CALM_S))
    listeners = [stack.enter_context(watcher(source)) for watcher in watchers]
    for frame in judged(source, FrameReader(estimator), session, spans):
        summary.add(frame)
        for listener in listeners:
            listener(frame)
    period_s = 1 / source.fps if source.fps else 0.0
    result = summary.result(session, period_s, source.truncated)
    return result | {"remarks": source.remarks}


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)


class _Files:
    """`frames.jsonl` and `summary.json` of a folder; both are there when `opened` ends well."""

    def __init__(self, out: Path) -> None:
        self._out, self._summary_part = out, out

    @contextmanager
    def opened(self, source: Source) -> Iterator[Callable[[JudgedFrame], None]]:
        """Gives what writes the line of a frame. OutputError."""
        with (
            result_files(self._out) as (part, self._summary_part),
            writing(self._out / FRAMES),
            part.open("w", encoding="utf-8") as lines,
        ):

            def write(frame: JudgedFrame) -> None:
                lines.write(json.dumps(line_of(frame)) + "\n")

            yield write

    def save(self, result: dict[str, Any]) -> None:
        """Write the content of summary.json, before `opened` ends. OutputError."""
        with writing(self._out / SUMMARY):
            text = json.dumps(result, indent=1) + "\n"
            self._summary_part.write_text(text, encoding="utf-8")


# --- calibration --------------------------------------------------------------------------------


def samples_of(frames: Iterable[Frame], reader: FrameReader) -> Iterator[CalibrationSample]:
    """The trusted pose of each frame; None where there is none."""
    joints = JointFilter()
    for frame in frames:
        seen = reader.read(frame)
        if seen.repeated:
            continue
        if seen.pose is None or seen.track_reset:
            joints.forget()
        yield frame.t, None if seen.pose is None else joints.update(frame.t, seen.pose)


class _Samples:
    """Samples that are read only as far as they are needed."""

    def __init__(self, samples: Iterable[CalibrationSample]) -> None:
        self._rest = iter(samples)
        self._read = list(_first(self._rest))

    @property
    def start_t(self) -> float:
        return self._read[0][0]

    @property
    def last_t(self) -> float:
        """Time of the last sample that was read."""
        return self._read[-1][0]

    @property
    def anyone(self) -> bool:
        """Whether a person was seen in the samples that were read."""
        return any(pose is not None for _, pose in self._read)

    def within(self, span: Span) -> list[CalibrationSample]:
        while self.last_t <= span.end and (more := list(_first(self._rest))):
            self._read += more
        return [sample for sample in self._read if sample[0] in span]


def _first(samples: Iterator[CalibrationSample]) -> Iterator[CalibrationSample]:
    """The next sample, if there is one."""
    for sample in samples:
        yield sample
        return


def calibrated(
    request: DeskRecording, samples: Iterable[CalibrationSample], remark: Remark = _tell
) -> tuple[Calibration, tuple[Span, ...]]:
    """The calibration, and the stretches that it was taken from. DeskError when there is none."""
    found = _Samples(samples)
    if request.tall is None:
        span, tall = _first_quiet(request, found, remark)
    else:
        span, tall = request.tall, _taken(request.tall, "--calibrate", found, remark)
    if request.slump is None:
        return calibrate(tall), (span,)
    slump = _taken(request.slump, "--slump", found, remark, tall)
    calibration = calibrate(tall, slump)
    if calibration.cannot_tell:
        raise DeskError(
            "Sitting tall and slumped look alike from this camera position: raise the camera, or "
            "leave out --slump."
        )
    return calibration, (span, request.slump)


def _first_quiet(
    request: DeskRecording, samples: _Samples, remark: Remark
) -> tuple[Span, CalibrationPose]:
    """The first steady stretch; without one the first that is fairly steady."""
    fallback: tuple[Span, CalibrationPose] | None = None
    strict, lax = STEADINESS_FACTORS
    start = samples.start_t
    within = samples.within(Span(start, start + QUIET_S))
    while start + QUIET_S <= samples.last_t + SEARCH_STEP_S:
        span = Span(start, start + QUIET_S)
        point = take_point(within, patience=strict)
        if isinstance(point, CalibrationPose):
            return span, point
        if fallback is None:
            point = take_point(within, patience=lax)
            fallback = (span, point) if isinstance(point, CalibrationPose) else None
        start += SEARCH_STEP_S
        within = samples.within(Span(start, start + QUIET_S))
    if fallback is not None:
        span, point = fallback
        remark(NOT_STEADY.format(where=f"{span.start:.0f}:{span.end:.0f}"))
        return span, point
    if not samples.anyone:
        raise DeskError(f"Nobody was seen in {request.video}.")
    raise DeskError(
        f"There are no quiet {QUIET_S:.0f} seconds to calibrate on in {request.video}; name some "
        "with --calibrate START:END."
    )


def _taken(
    span: Span,
    option: str,
    samples: _Samples,
    remark: Remark,
    like: CalibrationPose | None = None,
) -> CalibrationPose:
    """The point of a given stretch, in the view of `like`."""
    name = f"{option} {span.start:g}:{span.end:g}"
    within = samples.within(span)
    if span.start > samples.last_t:
        raise DeskError(f"{name} is beyond the recording, which lasts {samples.last_t:.0f} s.")
    view, near = (like.view, like.near) if like else (None, None)
    why = ""
    for patience in STEADINESS_FACTORS:
        point = take_point(within, view, near, patience)
        if isinstance(point, CalibrationPose):
            if patience > 1:
                remark(NOT_STEADY.format(where=name))
            return point
        why = point.why
    if why == "unseen":
        raise DeskError(f"{name}: head and shoulders are not seen for long enough there.")
    raise DeskError(f"{name}: the person does not sit still enough there to calibrate on.")


# --- judging ------------------------------------------------------------------------------------


def judged(
    frames: Iterable[Frame],
    reader: FrameReader,
    session: DeskSession,
    spans: Sequence[Span],
    shown: bool = True,
) -> Iterator[JudgedFrame]:
    """Every frame of a recording, judged as often as live: while the preview is `shown`, or not."""
    before_t = -math.inf
    reading = DeskReading(0.0, "calibrating")
    for frame in frames:
        t = frame.t
        if any(t in span for span in spans):
            before_t = -math.inf
            reading = DeskReading(t, "calibrating")
            yield JudgedFrame(t, "calibrating", reading, judged=False, news=session.off(t))
        elif t - before_t >= session.min_interval_s(shown) - INTERVAL_SLACK_S:
            before_t = t
            seen = reader.read(frame)
            news = session.observe(t, seen).news
            assert session.view is not None
            reading = session.view.reading
            yield JudgedFrame(t, reading.state, reading, judged=not seen.repeated, news=news)
        else:
            yield JudgedFrame(t, reading.state, reading, judged=False, news=())
