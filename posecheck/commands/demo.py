"""`posecheck demo`: a short session on a clip that comes with posecheck, as if it were live.

It runs in the window of a session. Without a display it runs in the terminal, which shows what a
user would see and hear: a panel that changes in place, or plain lines where stdout is no terminal.
The terminal's session is also painted into an annotated video.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from posecheck.coach.coach import Coach
from posecheck.coach.pacing import top_fault
from posecheck.coach.pipeline import FrameResult, run
from posecheck.coach.tally import SessionStats
from posecheck.coach.wording import short_name, shown_state, value_words
from posecheck.commands.analyze import estimating
from posecheck.commands.set_report import report_lines
from posecheck.exercise import Exercise, Rule
from posecheck.io.errors import sentence_of
from posecheck.io.output import OutputError, prepare_folder
from posecheck.io.paths import data_folder
from posecheck.io.requirements import SystemProblem
from posecheck.io.results_folder import may_replace_video
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.terminal import printable, styled
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.pacing import in_real_time
from posecheck.session.plan import PlannedSet
from posecheck.session.session import Session, SessionView

EXERCISE = "standing_hamstring_reach"
HOLD_S = 12.0
"""Seconds that the person in the clip holds well; the exercise itself asks for more."""
RECORDED = "demo"
"""What an annotated video of the demo is of."""
AFTER_S = 2.0
"""Seconds for which the end is shown."""

COLOURS = {"active": "green", "done": "green", "paused": "yellow", "ready": "blue", "rest": "cyan"}
ICONS = {"active": "✓", "done": "✓", "paused": "!", "unseen": "?", "ready": "▷", "rest": "‖"}

Show = Callable[[FrameResult], None]


def in_window(model: str, fast: bool) -> str:
    """Show the session in its window. The reason why that cannot be done, "" when it was shown.
    Raises KeyboardInterrupt when Ctrl-C has ended it."""
    try:
        from posecheck.commands.window import run_window
        from posecheck.ui.application import INTERRUPTED, display_trouble
        from posecheck.ui.session.request import LaunchOptions
    except ImportError as error:
        return sentence_of(error) or str(error)
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return "Windows are drawn in memory here, where nobody sees them."
    if trouble := display_trouble():
        return trouble
    library = load_all()
    exercise = library.exercises[EXERCISE]
    wish = LaunchOptions(
        planned_sets=(PlannedSet(exercise, hold_s=HOLD_S),),
        name=short_name(exercise),
        sources=(str(data_folder("demo") / f"{EXERCISE}.mp4"),),
        model=model,
        windowed=True,
        fast=fast,
    )
    if run_window(wish, library) == INTERRUPTED:
        raise KeyboardInterrupt
    return ""


def in_terminal(video: Path | None, model: str, fast: bool, wanted: bool = False) -> None:
    """Show the session in the terminal.

    video   where to write an annotated video, None for none
    wanted  the user asked for the video, so it is an error when none can be painted here; else the
            session goes on without it

    Raises OutputError, and CameraError, ModelError and SystemProblem of the clip and the model.
    """
    if video is not None:
        _check_name(video)
    file = styled(sys.stdout)
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if video is not None and not wanted and (why := _no_film()):
        console.print(printable(why), soft_wrap=True)
        video = None
    exercise = load_all().exercises[EXERCISE]
    phrases = load_phrases("en")
    planned_sets = (PlannedSet(exercise, hold_s=HOLD_S),)
    session, coach, tally = Session(planned_sets), Coach(phrases), SessionStats()
    with ExitStack() as stack:
        source = stack.enter_context(open_source(data_folder("demo") / f"{EXERCISE}.mp4"))
        estimate = stack.enter_context(estimating(model, session))
        shows = [stack.enter_context(_screen(console, exercise, phrases))]
        if video is not None:
            from posecheck.commands.annotated_video import annotating

            prepare_folder(video.parent)
            shows.append(
                stack.enter_context(annotating(video, RECORDED, source.size, source.fps, phrases))
            )
        live = console.is_terminal and not fast
        frames = in_real_time(source) if live else iter(source)
        for result in _until_done(run(frames, estimate, session, coach)):
            tally.update(result.frame.t, result.events, result.cues, result.view)
            for show in shows:
                show(result)
    for line in report_lines(tally.sets[0]):
        console.print(line)
    if video is not None:
        console.print(printable(f"The annotated video is {video}"), soft_wrap=True)


def _check_name(video: Path) -> None:
    """OutputError when the video cannot be written there, or would replace another file."""
    if video.suffix.lower() != ".mp4" or video.is_dir():
        raise OutputError(f"'{video}' cannot be the video. Give a file name that ends in .mp4.")
    if not may_replace_video(video, RECORDED):
        raise OutputError(
            f"'{video}' is there already, and it is not a video of this demo. Give another name "
            "with --video FILE, or move it away."
        )


def _no_film() -> str:
    """The reason why no video can be painted on this machine, "" when one can."""
    from posecheck.commands.annotated_video import painting

    try:
        painting()
    except SystemProblem as problem:
        return str(problem)
    return ""


def _until_done(results: Iterator[FrameResult]) -> Iterator[FrameResult]:
    """The results until AFTER_S after the end of the session."""
    done_t: float | None = None
    for result in results:
        yield result
        if result.view.phase == "done" and done_t is None:
            done_t = result.frame.t
        if done_t is not None and result.frame.t - done_t >= AFTER_S:
            return


@contextmanager
def _screen(console: Console, exercise: Exercise, phrases: Mapping[str, str]) -> Iterator[Show]:
    if not console.is_terminal or console.is_dumb_terminal:
        yield _Lines(phrases)
        return
    panel = _Panel(exercise, phrases)
    with Live(console=console, auto_refresh=False) as live:

        def show(result: FrameResult) -> None:
            live.update(panel.render(result), refresh=True)

        yield show


def _clock(view: SessionView) -> str:
    """ "6 of 15 s", in whole seconds that have passed."""
    return f"{int(view.progress.held_s)} of {HOLD_S:.0f} s"


def _rule_to_show(view: SessionView) -> Rule | None:
    """The most important fault; without one the first rule of range, if the exercise has one."""
    ranges = (rule for rule in view.planned.exercise.rules if rule.kind == "range")
    return top_fault(view) or next(ranges, None)


class _Panel:
    """The session as a panel in a terminal."""

    def __init__(self, exercise: Exercise, phrases: Mapping[str, str]) -> None:
        self._exercise = exercise
        self._phrases = phrases
        self._said: deque[str] = deque(maxlen=3)

    def render(self, result: FrameResult) -> Panel:
        view = result.view
        state = shown_state(view)
        colour = COLOURS.get(state, "white")
        self._said.extend(f"{result.frame.t:5.1f} s  “{c.voice}”" for c in result.cues if c.voice)
        rule = _rule_to_show(view)
        value = value_words(self._phrases, rule, view.values) if rule else ""
        about = f"{rule.id.replace('_', ' ')}: {value}" if rule and value else ""
        head = f"{ICONS.get(state, '-')} {self._phrases[f'state_{state}']}"
        return Panel(
            Group(
                Text(f"{head:<16}{_clock(view):>20}", style=f"bold {colour}"),
                Text(""),
                Text(result.screen or " ", style="bold"),
                Text(about or " ", style="dim"),
                Text(""),
                *(Text(said, style="italic", no_wrap=True) for said in self._said),
                *(Text(" ") for _ in range(3 - len(self._said))),
            ),
            title=short_name(self._exercise),
            border_style=colour,
            box=box.HEAVY,
            width=78,
        )


class _Lines:
    """The session as lines of text, one for each change."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = phrases
        self._shown = ""

    def __call__(self, result: FrameResult) -> None:
        view, t = result.view, result.frame.t
        for cue in result.cues:
            if cue.voice:
                print(f"{t:6.1f} s  says   “{cue.voice}”", flush=True)
        state = self._phrases[f"state_{shown_state(view)}"]
        if (line := f"{state:<11}{result.screen}") == self._shown:
            return
        self._shown = line
        rule = top_fault(view)
        value = value_words(self._phrases, rule, view.values) if rule else ""
        print(
            f"{t:6.1f} s  shows  {line}  [{_clock(view)}{'; ' + value if value else ''}]",
            flush=True,
        )
