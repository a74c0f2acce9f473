"""One file of recorded landmarks: how it is opened, what is judged in it, and its judgement.

`replay` and `batch` share this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecheck.coach.pipeline import FrameResult
from posecheck.coach.tally import SetStats
from posecheck.commands.recording import Analysis, RecordingStats
from posecheck.commands.rejudge import GuidedJudge, SetJudge, judged_by_all
from posecheck.exercise import Exercise
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.npz_stream import npz_frames
from posecheck.io.store.recording import Recording, RecordingError
from posecheck.io.store.recording_block import RecordedFrame
from posecheck.pose import Side
from posecheck.session.plan import PlannedSet

STREAM_LEVEL = 2
"""The level of `posecheck analyze`, for streams that name none."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A file that is open. `recording` is None for a stream without events and plan."""

    name: str
    path: Path
    frames: Iterator[RecordedFrame]
    recording: Recording | None

    def cut_off(self, end: float) -> str | None:
        """After the last frame, at `end`: a sentence when the file ends early."""
        if self.recording is None or self.recording.complete:
            return None
        return f"{self.path} was cut off; it is judged up to {end:.1f} s."


def open_stream(path: Path) -> Stream:
    """A recording or a stream of another program. RecordingError."""
    if path.suffix.lower() == ".npz":
        return Stream(path.stem, path, npz_frames(path), None)
    recording = Recording(path)
    return Stream(path.stem, path, recording.frames(), recording)


def planned_sets(recording: Recording, exercises: Mapping[str, Exercise]) -> list[PlannedSet]:
    """The plan of a recording with today's rules. RecordingError for an unknown exercise."""
    unknown = [s.exercise for s in recording.header.sets if s.exercise not in exercises]
    if unknown or not recording.header.sets:
        raise RecordingError(
            f"{recording.path} was recorded with the exercise '{''.join(unknown[:1])}', which is "
            "not known here. Give its folder with --routines."
        )
    return [each.planned(exercises[each.exercise]) for each in recording.header.sets]


def says_what_is_done(stream: Stream) -> Recording:
    """The recording of a stream. RecordingError when the file does not name an exercise."""
    if stream.recording is None or not stream.recording.header.sets:
        raise RecordingError(
            f"{stream.path} does not say what is done in it. Name it with --exercise ID."
        )
    return stream.recording


# --- one judgement ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileJudgement:
    """What came of a file.

    stats     of each set
    analysis  of an open-ended set, None for a led session
    seconds   from the first frame to the end of the last one
    cut_off   a sentence when the file ended early, else None
    """

    stats: Sequence[SetStats]
    analysis: Analysis | None
    level: int
    frames: int
    seconds: float
    cut_off: str | None


def judged_file(
    path: Path,
    exercise: Exercise | None,
    side: Side | None,
    level: int | None,
    exercises: Sequence[Exercise],
    on_result: Callable[[FrameResult], None],
) -> FileJudgement:
    """Judge a file once, and give every frame to `on_result`. RecordingError.

    exercise   None: as it was recorded, with the rules of `exercises`
    side       None: as it was recorded, when `exercise` is None
    """
    stream = open_stream(path)
    judge = _judge(stream, exercise, side, level, exercises, on_result)
    count, last = 0, 0.0
    for t, _ in judged_by_all(stream.frames, [judge]):
        count, last = count + 1, t
    if not count:
        raise RecordingError(f"{path} holds no frames.")
    found = judge.results.analysis() if isinstance(judge, SetJudge) and judge.results else None
    return FileJudgement(
        stats=judge.stats.sets,
        analysis=found,
        level=judge.level,
        frames=count,
        seconds=found.seconds if found else last,
        cut_off=stream.cut_off(last),
    )


def _judge(
    stream: Stream,
    exercise: Exercise | None,
    side: Side | None,
    level: int | None,
    exercises: Sequence[Exercise],
    on_result: Callable[[FrameResult], None],
) -> SetJudge | GuidedJudge:
    phrases = load_phrases("en")
    if exercise is not None:
        own = stream.recording.header.level if stream.recording else STREAM_LEVEL
        return SetJudge(exercise, side, level or own, RecordingStats(), phrases, on_result)
    recording = says_what_is_done(stream)
    header = recording.header
    sets = planned_sets(recording, {each.id: each for each in exercises})
    if header.made_by == "analyze":
        planned = sets[0]
        chosen = side or planned.side
        return SetJudge(
            planned.exercise, chosen, level or header.level, RecordingStats(), phrases, on_result
        )
    if side is not None:
        raise RecordingError(
            f"{recording.path} is a led session with sides of its own. Give a side only with an "
            "exercise."
        )
    spoken = load_phrases(header.language)
    return GuidedJudge(sets, level or header.level, header.opening, spoken, None, on_result)
