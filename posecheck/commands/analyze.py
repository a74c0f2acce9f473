"""`posecheck analyze`: opens the video, the model and the outputs, and reports the results.

`recording.py` does the work. This module adds the progress bar on stderr, the annotated video and
the recording of landmarks if requested, and the short report on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from posecheck import __version__
from posecheck.coach.coach import Coach
from posecheck.coach.pipeline import Estimate, FrameResult
from posecheck.commands.recording import Analysis, analyse, judged_every_s, unwatched
from posecheck.commands.set_report import OTHERS_S, report_lines
from posecheck.exercise import Exercise
from posecheck.io.output import OutputError, prepare_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.recording import RecordedSet, RecordingHeader
from posecheck.io.terminal import printable, styled
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.pose import Side
from posecheck.session.plan import open_set
from posecheck.session.session import Session

OnResult = Callable[[FrameResult], None]


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """The options of `posecheck analyze`.

    record   where to write the recording of landmarks, None for nowhere
    every_s  seconds between the frames that are judged, 0 for all; None for `judged_every_s`
    """

    video: Path
    exercise: Exercise
    side: Side | None
    out: Path
    annotate: bool
    model: str
    level: int
    record: Path | None = None
    every_s: float | None = None


def analyze(request: AnalysisRequest) -> int:
    """Judge a video, write the results and report what came of it. The exit code."""
    recorder = None if request.record is None else Recorder(request.record)
    with ExitStack() as stack:
        if recorder is not None:
            stack.callback(recorder.close)
        analysis = _analysed(request, recorder, stack)
    status = _conclude(request, analysis)
    if recorder is not None and recorder.problem:
        print(recorder.problem, file=sys.stderr)
    elif recorder is not None:
        print(f"Recorded: {request.record}")
    return status


def _analysed(request: AnalysisRequest, recorder: Recorder | None, stack: ExitStack) -> Analysis:
    source = stack.enter_context(open_source(request.video))
    every_s = judged_every_s(request.exercise) if request.every_s is None else request.every_s
    source.min_interval_s = every_s
    prepare_folder(request.out)
    phrases = load_phrases("en")
    session = Session([open_set(request.exercise, request.side)], request.level)
    listeners: list[OnResult] = [stack.enter_context(progress_bar(source))]
    estimate: Estimate = unwatched
    if request.exercise.check != "none":
        estimate = stack.enter_context(estimating(request.model, session))
    if recorder is not None:
        recorder.begin(_recording_header(request, source.name))
        estimate = recorder.watching(estimate)
        listeners.append(lambda result: recorder.keep(result.frame, result.events))
    if request.annotate:
        from posecheck.commands.annotated_video import annotating

        path, fps = _annotated(request), source.fps
        if fps and every_s:
            fps = min(fps, 1 / every_s)  # only judged frames are painted
        listeners.append(stack.enter_context(annotating(path, source.size, fps, phrases)))
    header = {"model": request.model, "level": request.level}

    def on_result(result: FrameResult) -> None:
        for each in listeners:
            each(result)

    return analyse(source, estimate, session, Coach(phrases), request.out, header, on_result)


def _recording_header(request: AnalysisRequest, source: str) -> RecordingHeader:
    planned = RecordedSet.of_planned(open_set(request.exercise, request.side))
    model = Path(request.model).name  # of a model file no folder either
    return RecordingHeader("analyze", __version__, source, model, request.level, (planned,))


def _annotated(request: AnalysisRequest) -> Path:
    """Where the annotated video goes. OutputError when it would replace the video itself."""
    path = request.out / f"{request.video.stem}.mp4"
    if path.exists() and path.samefile(request.video):
        raise OutputError(
            f"The annotated video would replace the recording {request.video}. Choose another "
            "folder with --out."
        )
    return path


@contextmanager
def estimating(model: str, session: Session) -> Iterator[Estimate]:
    """The pose model, opened for what a session needs. SystemProblem, ModelError."""
    with open_pose_model(model, masks=session.needs_masks) as opened:
        yield opened.estimate


@contextmanager
def progress_bar(source: Source) -> Iterator[Callable[[object], None]]:
    """A progress bar on stderr; call it once for each judged frame. Shows nothing where stderr is
    no terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(
        console=Console(file=styled(sys.stderr)),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        job = bar.add_task(escape(printable(source.name)), total=source.frame_count)
        every_s, rate = source.min_interval_s, source.fps
        # A file that is faster than its judge gives only some of its frames.
        step = max(1.0, every_s * rate) if rate else 1.0
        yield lambda _: bar.advance(job, step)


def _conclude(request: AnalysisRequest, analysis: Analysis) -> int:
    if analysis.truncated:
        print(analysis.truncated, file=sys.stderr)
    for line in report_lines(analysis.set_stats):
        print(line)
    if analysis.judged < analysis.frames:
        print(f"  judged {analysis.judged} of {analysis.frames} frames; all with --all-frames")
    print(f"Written: {request.out}")
    if analysis.twins:
        print(
            f"Two people are in {request.video}, and nobody can say whose exercise it is. "
            "Film one person, or have the others stand farther back.",
            file=sys.stderr,
        )
        return 2
    if analysis.beside_s >= OTHERS_S:
        print(
            f"Someone else was in the picture for {analysis.beside_s:.0f} s; the person seen first "
            "and nearest was judged.",
            file=sys.stderr,
        )
    if analysis.nobody:
        print(f"Nobody was seen in {request.video}.", file=sys.stderr)
        return 2
    return 0
