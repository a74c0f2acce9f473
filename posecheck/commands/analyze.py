"""`posecheck analyze`: opens the video, the model and the outputs, and reports the results.

`recording.py` does the work. This module adds the progress bar on stderr, the annotated video and
the recording of landmarks if requested, and the short report on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from posecheck import __version__
from posecheck.coach.coach import Coach
from posecheck.coach.pipeline import Estimate, FrameResult
from posecheck.commands.recording import Analysis, analyse, judged_every_s, unwatched
from posecheck.commands.set_report import remarks, report_lines
from posecheck.exercise import Exercise
from posecheck.io.motion.export import SUFFIXES, Format
from posecheck.io.output import OutputError, fitting, replacing, writing
from posecheck.io.results_folder import claimed, exports_in, stem_of
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
Watcher = Callable[[Source], AbstractContextManager[OnResult]]


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """The options of `posecheck analyze`.

    out       folder of the results, None for no files
    record    where to write the recording of landmarks, None for nowhere
    exports   formats of landmarks and angles to write beside the results
    every_s   seconds between the frames that are judged, 0 for all; None for `judged_every_s`
    fps       pictures per second of a recording that states no times
    numbered  take another folder where `out` holds results of another recording
    recorded  the `recording_id`, set when the folder is claimed
    exported  names of all exported files in the folder, also of earlier runs; set with `recorded`
    """

    video: Path
    exercise: Exercise
    side: Side | None
    out: Path | None
    annotate: bool
    model: str
    level: int
    record: Path | None = None
    exports: tuple[Format, ...] = ()
    every_s: float | None = None
    fps: float | None = None
    numbered: bool = False
    recorded: str = ""
    exported: tuple[str, ...] = ()


def analyze(request: AnalysisRequest) -> int:
    """Judge a video, write the results and report what came of it. The exit code."""
    recorder = None if request.record is None else Recorder(request.record)
    with ExitStack() as stack:
        if recorder is not None:
            stack.callback(recorder.close)
        request = _with_its_folder(request, stack)
        watchers = [progress_bar, *([_exporting(request)] if request.exports else [])]
        analysis = analysed(request, stack, recorder, watchers)
    status = _conclude(request, analysis)
    if recorder is not None and recorder.problem:
        print(recorder.problem, file=sys.stderr)
    elif recorder is not None:
        print(f"Recorded: {request.record}")
    return status


def analysed(
    request: AnalysisRequest,
    stack: ExitStack,
    recorder: Recorder | None = None,
    watchers: Sequence[Watcher] = (),
) -> Analysis:
    """Judge a video, for `posecheck analyze` and `posecheck batch` alike.

    stack     closes what is opened here
    watchers  called with the source before its first frame; what each gives takes every result

    Raises CameraError, ModelError, SystemProblem and OutputError.
    """
    source = stack.enter_context(open_source(request.video, fps=request.fps))
    every_s = judged_every_s(request.exercise) if request.every_s is None else request.every_s
    source.min_interval_s = every_s
    phrases = load_phrases("en")
    session = Session([open_set(request.exercise, request.side)], request.level)
    listeners: list[OnResult] = [stack.enter_context(watcher(source)) for watcher in watchers]
    estimate: Estimate = unwatched
    if request.exercise.check != "none":
        estimate = stack.enter_context(estimating(request.model, session))
    if recorder is not None:
        recorder.begin(_recording_header(request, source.name))
        estimate = recorder.watching(estimate)
        listeners.append(lambda result: recorder.keep(result.frame, result.events))
    if request.annotate:
        from posecheck.commands.annotated_video import annotating

        assert request.out is not None
        path, fps = request.out / _film_name(request), source.fps
        if fps and every_s:
            fps = min(fps, 1 / every_s)  # only judged frames are painted
        listeners.append(
            stack.enter_context(annotating(path, request.recorded, source.size, fps, phrases))
        )
    header: dict[str, object] = {"recording": request.recorded} if request.recorded else {}
    header |= {"model": request.model, "level": request.level}
    if request.exported:
        header["exports"] = list(request.exported)

    def on_result(result: FrameResult) -> None:
        for each in listeners:
            each(result)

    return analyse(source, estimate, session, Coach(phrases), request.out, header, on_result)


def _exporting(request: AnalysisRequest) -> Watcher:
    """Writes the landmarks and angles when the last frame was judged. PackageMissing."""
    from posecheck.commands.recording import state_of
    from posecheck.io.motion.export import check_formats, exported
    from posecheck.io.motion.track import TrackRecorder

    check_formats(request.exports)

    @contextmanager
    def watching(source: Source) -> Iterator[OnResult]:
        assert request.out is not None
        recorder = TrackRecorder()
        yield lambda result: recorder.add(result.frame.t, result.pose, state_of(result.view))
        files = exported(recorder.track(), request.exports, stem_of(request.video))
        for suffix, content in files.items():
            path = request.out / fitting(stem_of(request.video), suffix)
            with replacing(path) as part, writing(path):
                part.write_bytes(content)

    return watching


def _recording_header(request: AnalysisRequest, source: str) -> RecordingHeader:
    planned = RecordedSet.of_planned(open_set(request.exercise, request.side))
    model = Path(request.model).name  # of a model file no folder either
    return RecordingHeader("analyze", __version__, source, model, request.level, (planned,))


def _film_name(request: AnalysisRequest) -> str:
    return fitting(stem_of(request.video), ".mp4")


def _with_its_folder(request: AnalysisRequest, stack: ExitStack) -> AnalysisRequest:
    """The request with the folder that this run has for itself until the stack is closed.
    CameraError, OutputError."""
    assert request.out is not None
    open_source(request.video, fps=request.fps).close()  # before a folder is made for it
    films = [_film_name(request)] if request.annotate else []
    for path in (request.out / film for film in films):
        if path.exists() and path.samefile(request.video):
            raise OutputError(
                f"The annotated video would replace the recording {request.video}. Choose another "
                "folder with --out."
            )
    exports = [
        fitting(stem_of(request.video), suffix)
        for each in request.exports
        for suffix in SUFFIXES[each]
    ]
    out, recorded = stack.enter_context(
        claimed(request.out, request.video, films, exports, numbered=request.numbered)
    )
    names = tuple(dict.fromkeys([*exports_in(out), *exports]))
    return replace(request, out=out, recorded=recorded, exported=names)


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
    for remark in remarks(analysis, str(request.video)):
        print(remark, file=sys.stderr)
    return 0 if analysis.usable else 2
