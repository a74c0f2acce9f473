"""`posecheck replay`: judges recordings of landmarks again with today's rules.

No model, no window and no OpenCV is loaded. A file that cannot be used is named on stderr and does
not keep the others from being judged.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posecheck.commands.arguments import find_exercise
from posecheck.commands.recording import Results, results, session_summary, summary
from posecheck.commands.rejudge import GuidedJudge, SetJudge, judged_by_all
from posecheck.commands.rejudge_file import (
    STREAM_LEVEL,
    Stream,
    open_stream,
    planned_sets,
    says_what_is_done,
)
from posecheck.commands.replay_diff import Timed, differences
from posecheck.commands.set_report import report_lines
from posecheck.exercise import Exercise
from posecheck.io.output import prepare_folder
from posecheck.io.results_folder import claimed, recording_id
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.store.recording import Recording, RecordingError
from posecheck.io.store.recording_block import RecordedFrame, event_data
from posecheck.pose import Side


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """The options of `posecheck replay`.

    exercises  what to judge; () for what each recording was recorded as
    side       None: exercises that are done on each side are judged on both
    level      None for the recording's own
    """

    files: tuple[Path, ...]
    exercises: tuple[Exercise, ...]
    side: Side | None
    level: int | None
    out: Path | None
    as_json: bool


AS_RECORDED = ReplayRequest((), (), None, None, None, False)
"""As each recording was made."""


def wanted_exercises(name: str | None, library: Library) -> tuple[Exercise, ...]:
    """The exercises that a name stands for: every one that a camera can check for "all", none
    without a name. CommandError for an unknown one."""
    if name is None:
        return ()
    if name == "all":
        return tuple(e for e in library.exercises.values() if e.check != "none")
    return (find_exercise(name, library),)


def replay(request: ReplayRequest, library: Library) -> int:
    """Judge every file. The exit code: 2 when one of them could not be used. OutputError."""
    if request.out is not None:
        prepare_folder(request.out)
    folders: Counter[str] = Counter()
    failed = False
    for path in request.files:
        try:
            stream = open_stream(path)
            folder = None if request.out is None else request.out / _free_name(stream.name, folders)
            _replay(stream, request, library, folder)
        except RecordingError as error:
            print(error, file=sys.stderr)
            failed = True
    return 2 if failed else 0


def diff(paths: Sequence[Path], library: Library) -> int:
    """Judge recordings as they were made and print what differs from their stored events. The exit
    code: 2 when a file could not be used, else 1 when something differs."""
    codes = [0]
    for path in paths:
        try:
            codes.append(_diff(path, library))
        except RecordingError as error:
            print(error, file=sys.stderr)
            codes.append(2)
    return max(codes)


def _diff(path: Path, library: Library) -> int:
    stream = open_stream(path)
    if stream.recording is None or not stream.recording.header.sets:
        raise RecordingError(
            f"{path} holds no events to compare with. --diff needs a recording of posecheck."
        )
    stored: list[Timed] = []
    today: list[Timed] = []
    end = 0.0
    judge = _as_recorded(stream.recording, library, AS_RECORDED, None, ExitStack())
    for end, events in judged_by_all(_storing(stream.frames, stored), [judge]):
        today += [(end, event_data(event)) for event in events]
    _tell_cut_off(stream, end)
    lines = list(differences(stored, today))
    made_by = f"recorded with posecheck {stream.recording.header.posecheck}"
    if not lines:
        print(f"{path}: nothing differs in {len(stored)} events, {made_by}.")
        return 0
    print(f"{path}, {made_by}:", *lines, sep="\n")
    return 1


def _storing(frames: Iterator[RecordedFrame], stored: list[Timed]) -> Iterator[RecordedFrame]:
    for frame in frames:
        stored += [(frame.t, event) for event in frame.events]
        yield frame


# --- files --------------------------------------------------------------------------------------


def _free_name(name: str, taken: Counter[str]) -> str:
    """A folder name that no other stream uses: NAME, NAME-2, ..."""
    taken[name] += 1
    if taken[name] == 1:
        return name
    return _free_name(f"{name}-{taken[name]}", taken)


def _tell_cut_off(stream: Stream, end: float) -> None:
    if sentence := stream.cut_off(end):
        print(sentence, file=sys.stderr)


# --- judging ------------------------------------------------------------------------------------


def _replay(stream: Stream, request: ReplayRequest, library: Library, folder: Path | None) -> None:
    """Judge one stream and report it. RecordingError, OutputError."""
    with ExitStack() as stack:
        judges = _judges(stream, request, library, folder, stack)
        end = _through(stream, judges)
        for judge in judges:
            _save(judge, stream)
    if not request.as_json:
        print(f"{stream.name}:")
    for judge in judges:
        for set_stats, trace in zip(judge.stats.sets, judge.traces, strict=True):
            if request.as_json:
                print(json.dumps(trace.answer(stream.name, set_stats, end), ensure_ascii=False))
            else:
                print(*report_lines(set_stats), sep="\n")
    if folder is not None and not request.as_json:
        print(f"Written: {folder}")


def _judges(
    stream: Stream,
    request: ReplayRequest,
    library: Library,
    folder: Path | None,
    stack: ExitStack,
) -> list[SetJudge | GuidedJudge]:
    """A judge for each requested exercise and side, or else for the exercise with which the stream
    was recorded. RecordingError."""
    recording = stream.recording
    if not request.exercises:
        return [_as_recorded(says_what_is_done(stream), library, request, folder, stack)]
    level = request.level or (recording.header.level if recording else STREAM_LEVEL)
    return [
        _set_judge(exercise, side, level, stream.path, folder, stack)
        for exercise in request.exercises
        for side in _sides(exercise, request.side)
    ]


def _set_judge(
    exercise: Exercise,
    side: Side | None,
    level: int,
    stream: Path,
    folder: Path | None,
    stack: ExitStack,
) -> SetJudge:
    name = exercise.id + (f"-{side}" if side else "")
    if folder is None:
        return SetJudge(exercise, side, level)
    return SetJudge(exercise, side, level, _results(folder / name, stream, stack), _english())


@cache
def _english() -> Mapping[str, str]:
    """The phrases of analyze, read once for all exercises."""
    return load_phrases("en")


def _as_recorded(
    recording: Recording,
    library: Library,
    request: ReplayRequest,
    folder: Path | None,
    stack: ExitStack,
) -> SetJudge | GuidedJudge:
    """The judge with which the recording was made, at the requested side and level."""
    header = recording.header
    level, sets = request.level or header.level, planned_sets(recording, library.exercises)
    if header.made_by == "analyze":
        exercise = sets[0].exercise
        side = _sides(exercise, request.side)[0] if request.side else sets[0].side
        return _set_judge(exercise, side, level, recording.path, folder, stack)
    if request.side:
        raise RecordingError(
            f"{recording.path} is a led session with sides of its own. Give --side with --exercise."
        )
    found = None if folder is None else _results(folder, recording.path, stack)
    return GuidedJudge(sets, level, header.opening, load_phrases(header.language), found)


def _save(judge: SetJudge | GuidedJudge, stream: Stream) -> None:
    """Write summary.json, where results are wanted. OutputError."""
    if not isinstance(judge.results, Results):
        return
    made = None if stream.recording is None else stream.recording.header
    header = {
        "recording": recording_id(stream.path),
        "model": made.model if made else None,
        "level": judge.level,
    }
    source = made.source if made else stream.path.name
    if isinstance(judge, SetJudge):
        content = summary(judge.results.analysis(), header, source)
    else:
        content = session_summary(judge.stats.sets, header, source)
    judge.results.save(content)


def _through(stream: Stream, judges: Sequence[SetJudge | GuidedJudge]) -> float:
    """Judge the whole stream. Returns the time of its last frame."""
    last: float | None = None
    for t, _ in judged_by_all(stream.frames, judges):
        last = t
    if last is None:
        raise RecordingError(f"{stream.path} holds no frames.")
    _tell_cut_off(stream, last)
    return last


def _sides(exercise: Exercise, side: Side | None) -> tuple[Side | None, ...]:
    """The working sides to judge on: each in turn, unless one is wanted."""
    if exercise.sides == "none":
        return (None,)
    if side is not None:
        return (side,)
    return ("left", "right") if exercise.sides == "each" else (None,)


def _results(folder: Path, stream: Path, stack: ExitStack) -> Results:
    """What writes the results of a stream into a folder. OutputError."""
    stack.enter_context(claimed(folder, stream))
    return stack.enter_context(results(folder))
