"""`posecheck analyze`: opens the recording, the model and the outputs, and says what came of it.

The work is done in `recording.py`; here are the progress bar on stderr, the annotated video if
it is wanted, and the short account for a person on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from posecheck.coach.cues import Coach
from posecheck.coach.pipeline import Estimate, FrameResult
from posecheck.coach.tally import FaultTime, SetStats
from posecheck.commands.recording import Analysis, analyse, open_set, unwatched
from posecheck.exercise import Exercise
from posecheck.io.output import OutputError, prepare_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.vision.camera import Source, open_source
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.pose import Side
from posecheck.session.session import Session

OTHERS_S = 1.0
"""Someone else in the picture for longer than this is told."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What `posecheck analyze` was asked for."""

    video: Path
    exercise: Exercise
    side: Side | None
    out: Path
    annotate: bool
    model: str
    level: int


def analyze(asked: Recording) -> int:
    """Analyse a recording, write its results and say what came of it. The exit code."""
    with ExitStack() as stack:
        source = stack.enter_context(open_source(asked.video))
        prepare_folder(asked.out)
        phrases = load_phrases("en")
        session = Session([open_set(asked.exercise, asked.side)], asked.level)
        bar = stack.enter_context(progress_bar(source))
        watches: list[Callable[[FrameResult], None]] = [bar]
        estimate: Estimate = unwatched
        if asked.exercise.check != "none":
            estimate = stack.enter_context(estimating(asked.model, session))
        if asked.annotate:
            from posecheck.commands.annotated_video import annotating

            path = _annotated(asked)
            watches.append(stack.enter_context(annotating(path, source.size, source.fps, phrases)))
        header = {"model": asked.model, "level": asked.level}

        def watch(moment: FrameResult) -> None:
            for each in watches:
                each(moment)

        analysis = analyse(source, estimate, session, Coach(phrases), asked.out, header, watch)
    return _conclude(asked, analysis)


def _annotated(asked: Recording) -> Path:
    """Where the annotated video goes; never over the recording itself."""
    path = asked.out / f"{asked.video.stem}.mp4"
    if path.exists() and path.samefile(asked.video):
        raise OutputError(
            f"The annotated video would replace the recording {asked.video}. Choose another "
            "folder with --out."
        )
    return path


@contextmanager
def estimating(model: str, session: Session) -> Iterator[Estimate]:
    """The pose model, opened for what a session needs. SystemProblem, ModelError."""
    with open_pose_model(model, masks=session.needs_spine) as opened:
        yield opened.estimate


@contextmanager
def progress_bar(source: Source) -> Iterator[Callable[[object], None]]:
    """A bar on stderr, to be called with each frame; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        job = bar.add_task(escape(source.name), total=source.frame_count)
        yield lambda _: bar.advance(job)


def _conclude(asked: Recording, analysis: Analysis) -> int:
    if analysis.truncated:
        print(analysis.truncated, file=sys.stderr)
    for line in account_lines(analysis.account):
        print(line)
    print(f"Written: {asked.out}")
    if analysis.twins:
        print(
            f"Two people are in {asked.video}, and nobody can say whose exercise it is. "
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
        print(f"Nobody was seen in {asked.video}.", file=sys.stderr)
        return 2
    return 0


def account_lines(account: SetStats) -> Iterator[str]:
    """What came of one set, in words; seconds rounded as far as they can be known."""
    exercise, side = account.planned.exercise, account.planned.side
    yield exercise.name + (f", {side} side" if side else "")
    if not account.checked:
        yield f"  not form-checked: {account.unchecked_s:.0f} seconds"
        return
    if exercise.category == "reps":
        yield f"  {account.progress.reps} repetitions counted{_rejections(account)}"
    yield (
        f"  {account.correct_s:.0f} s correct, {account.wrong_s:.0f} s wrong, "
        f"{account.cant_tell_s:.0f} s can't tell, {account.before_s:.0f} s before the start"
    )
    if account.form:
        yield f"  form: {account.form}"
    for fault in sorted(account.faults.values(), key=lambda fault: -fault.seconds):
        yield f"  {fault.rule.cue}: {_fault_words(fault)}"
    if account.begun_s is None:
        yield "  the form was never right long enough to begin"
    if account.blind_s["someone_else"] >= OTHERS_S:
        yield f"  not judged while someone else was seen: {account.blind_s['someone_else']:.0f} s"
    if exercise.not_checked:
        yield "  not checked: " + "; ".join(exercise.not_checked)


def _fault_words(fault: FaultTime) -> str:
    """ "9 s, first at 2 s, 3 s of it before the start"."""
    lasted = f"{fault.seconds:.0f} s" if fault.seconds >= 0.5 else "under 1 s"
    words = f"{lasted}, first at {fault.first_s:.0f} s"
    if fault.early_s < 0.5:
        return words
    early = "all" if fault.early_s >= fault.seconds - 0.5 else f"{fault.early_s:.0f} s"
    return f"{words}, {early} of it before the start"


REASONS = {
    "too_small": "too small",
    "too_fast": "too fast",
    "too_slow": "too slow",
    "too_short": "not held long enough",
    "bad_form": "form not kept",
    "unseen": "not seen well enough",
}


def _rejections(account: SetStats) -> str:
    if not account.rejected:
        return ""
    parts = (f"{count} {REASONS[why]}" for why, count in account.rejected.items())
    return f", not counted: {', '.join(parts)}"
