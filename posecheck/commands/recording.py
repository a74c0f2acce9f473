"""Writes the results of one judged recording: `frames.jsonl`, a line per frame, and `summary.json`.

By default not every frame of a fast recording is judged (`judged_every_s`). A frame that was not
has the line of the last one that was, marked `"judged": false`.

A recording has no target, so its only set is open-ended. Both files are written at the end; until
then existing files stay unchanged.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from posecheck import __version__
from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue
from posecheck.coach.pipeline import Estimate, FrameResult, run
from posecheck.coach.tally import SessionStats, SetStats
from posecheck.exercise import Exercise
from posecheck.io.interrupts import check_signals
from posecheck.io.output import replacing, writing
from posecheck.io.results_folder import FRAMES, SUMMARY
from posecheck.pose import Detection, Frame, MaskNeed
from posecheck.session.session import Session, SessionView

if TYPE_CHECKING:  # it imports OpenCV, which a replay does without
    from posecheck.io.vision.camera import Source

EQUAL = 0.85
"""Another person of at least this share of the subject's size could be the subject instead."""
MOSTLY = 0.8
"""Share of the frames in which there must be such a person before the result is refused."""
JUDGED_FPS = 15.0
"""Frames that are judged per second of a recording. The clips that the rules were measured on have
15, and holds and patience last tenths of seconds."""
FRAMES_PER_REP = 5.0
"""Frames within the shortest repetition that counts: one in each of rest, way there, peak, way back
and rest."""


def unwatched(frame: Frame, mask: MaskNeed) -> Detection:
    """An estimator that sees nothing, for exercises that no camera can check."""
    return Detection(None)


def judged_every_s(exercise: Exercise) -> float:
    """Seconds between the frames of a recording that are judged, when the user asks for nothing
    else; fewer for fast repetitions."""
    if exercise.reps is None:
        return 1 / JUDGED_FPS
    return min(1 / JUDGED_FPS, exercise.reps.min_s / FRAMES_PER_REP)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The results of a recording.

    set_stats  seconds, repetitions, faults, and what would have been said
    frames     number of frames
    judged     number of frames that were judged
    seconds    from the first frame to the end of the last one
    truncated  a sentence when the file ended early or was damaged, else None
    remarks    sentences about what was assumed or left out
    nobody     whether nobody was seen from the first frame to the last
    beside_s   seconds in which another person was in the picture
    twins      two people of about the same size were in the picture most of the time, so that it
               cannot be known which of them does the exercise
    """

    set_stats: SetStats
    frames: int
    judged: int
    seconds: float
    truncated: str | None
    remarks: tuple[str, ...]
    nobody: bool
    beside_s: float
    twins: bool

    @property
    def usable(self) -> bool:
        """Whether the result is that of a person who can be named."""
        return not (self.nobody or self.twins)


def analyse(
    source: Source,
    estimate: Estimate,
    session: Session,
    coach: Coach,
    out: Path | None,
    header: dict[str, Any],
    on_result: Callable[[FrameResult], None] = lambda result: None,
) -> Analysis:
    """Judge a video and write the results into the folder `out`; None for no files.

    header     the first entries of the summary (recording, model, level)
    on_result  called with every result, for a progress bar or a painter

    Raises OutputError; CameraError and ModelError of the ports pass through.
    """
    with nullcontext(RecordingStats()) if out is None else results(out) as found:
        source.on_skip = found.skip
        for result in run(source, estimate, session, coach):
            found.add(result)
            on_result(result)
            check_signals()
        analysis = found.analysis(source.fps, source.truncated, tuple(source.remarks))
        if isinstance(found, Results):
            found.save(summary(analysis, header, source.name))
    return analysis


class RecordingStats:
    """Adds up the frames of one recording with one set, and writes nothing."""

    def __init__(self) -> None:
        self._tally = SessionStats()
        self._frames, self._last_t, self._before_t, self._nobody = 0, 0.0, 0.0, True
        self._judged = 0
        self._beside = self._equal = 0

    def add(self, result: FrameResult) -> None:
        """Add the next frame."""
        t, view = result.frame.t, result.view
        self._tally.update(t, result.events, result.cues, view)
        self._count(t)
        self._judged += 1
        self._nobody = self._nobody and view.blind == "nobody"
        self._beside += result.other_person_size > 0
        self._equal += result.other_person_size >= EQUAL

    def skip(self, t: float) -> None:
        """Add a frame that is not judged."""
        self._count(t)

    def _count(self, t: float) -> None:
        self._frames, self._before_t, self._last_t = self._frames + 1, self._last_t, t

    def analysis(
        self,
        fps: float | None = None,
        truncated: str | None = None,
        remarks: tuple[str, ...] = (),
    ) -> Analysis:
        """What came of all frames. `fps` of the source gives the length of the last frame; where
        it is unknown, the last frame is as long as the one before."""
        last_s = 1 / fps if fps else self._last_t - self._before_t
        set_stats = self._tally.sets[0]
        return Analysis(
            set_stats=set_stats,
            frames=self._frames,
            judged=self._judged,
            seconds=self._last_t + last_s,
            truncated=truncated,
            remarks=remarks,
            nobody=self._nobody and set_stats.checked,
            beside_s=self._beside * self._last_t / max(1, self._judged - 1),
            twins=self._equal > MOSTLY * self._judged,
        )


class Results(RecordingStats):
    """Takes the frames of one recording, then its summary. Made by `results`."""

    def __init__(self, out: Path, lines: TextIO, summary_part: Path) -> None:
        super().__init__()
        self._line: dict[str, Any] = {}
        self._out, self._lines, self._summary_part = out, lines, summary_part

    def add(self, result: FrameResult) -> None:
        """Add the next frame. Raises OutputError."""
        super().add(result)
        line = frame_line(result.frame.t, result.view, result.screen, result.cues)
        self.write_line(line)
        line.pop("say", None)  # said once
        self._line = line

    def skip(self, t: float) -> None:
        """Add a frame that is not judged: what was judged last still holds. Raises OutputError."""
        super().skip(t)
        self.write_line({**self._line, "t": round(t, 4), "judged": False})

    def write_line(self, line: dict[str, Any]) -> None:
        """Write a line of frames.jsonl. Raises OutputError."""
        with writing(self._out / FRAMES):
            self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")

    def save(self, content: dict[str, Any]) -> None:
        """The content of summary.json. OutputError."""
        text = json.dumps(content, indent=1, ensure_ascii=False)
        with writing(self._out / SUMMARY):
            # A file's name need not be Unicode: what is not becomes an escape, as JSON has them.
            self._summary_part.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


@contextmanager
def results(out: Path) -> Iterator[Results]:
    """Both files of the folder `out` are there when the block ends well. OutputError."""
    with result_files(out) as (part, summary_part):
        with writing(out / FRAMES):
            lines = part.open("w", encoding="utf-8")
        try:
            yield Results(out, lines, summary_part)
        finally:
            with writing(out / FRAMES):
                lines.close()


@contextmanager
def result_files(out: Path) -> Iterator[tuple[Path, Path]]:
    """Where to write frames.jsonl and summary.json, which replace those in `out` when the block
    ends well. A summary is at all times that of the frames beside it: the old one goes first, the
    new one comes last. OutputError."""
    with replacing(out / SUMMARY) as summary_part, replacing(out / FRAMES) as part:
        yield part, summary_part
        with writing(out / SUMMARY):
            (out / SUMMARY).unlink(missing_ok=True)


def frame_line(t: float, view: SessionView, screen: str, cues: Sequence[Cue]) -> dict[str, Any]:
    """A line of frames.jsonl: the state after the frame of time t."""
    line: dict[str, Any] = {
        "t": round(t, 4),
        "state": state_of(view),
        "held_s": round(view.progress.held_s, 3),
        "reps": view.progress.reps,
        "faults": list(view.verdict.faults),
        "measures": {
            spec: None if math.isnan(value) else round(value, 3)
            for spec, value in view.values.items()
        },
        "phase": view.phase,
        "blind": view.blind,
        "cue": screen,
    }
    if spoken := [cue.voice for cue in cues]:
        line["say"] = spoken
    return line


def state_of(view: SessionView) -> str:
    """The state of a frame, as frames.jsonl names it."""
    if view.planned.exercise.check == "none":
        return "unchecked"
    if view.blind:
        return "unseen"
    return "ready" if view.phase == "ready" else view.progress.state


def summary(analysis: Analysis, header: dict[str, Any], source: str) -> dict[str, Any]:
    """The content of summary.json. Seconds to a hundredth; nothing here is rounder than known."""
    set_stats = analysis.set_stats
    exercise = set_stats.planned.exercise
    return {
        "posecheck": __version__,
        "source": source,
        "exercise": exercise.id,
        "name": exercise.name,
        "side": set_stats.planned.side,
        "view": exercise.camera.view if exercise.camera else None,
        "check": exercise.check,
        **header,
        "frames": analysis.frames,
        "frames_judged": analysis.judged,
        "seconds": _s(analysis.seconds),
        **seconds_by_verdict(set_stats),
        "others_s": _s(analysis.beside_s),
        "camera_lean_deg": round(set_stats.camera_lean, 1),
        **set_results(set_stats),
        "truncated": analysis.truncated,
        "remarks": list(analysis.remarks),
    }


def session_summary(
    all_stats: Iterable[SetStats], header: dict[str, Any], source: str
) -> dict[str, Any]:
    """The content of summary.json for a whole session: its sets in order."""
    sets = [
        {
            "exercise": set_stats.planned.exercise.id,
            "side": set_stats.planned.side,
            **seconds_by_verdict(set_stats),
            **set_results(set_stats),
        }
        for set_stats in all_stats
    ]
    return {"posecheck": __version__, "source": source, **header, "sets": sets}


def seconds_by_verdict(set_stats: SetStats) -> dict[str, float]:
    """The seconds of a set, by what was known about them."""
    return {
        "correct_s": _s(set_stats.correct_s),
        "wrong_s": _s(set_stats.wrong_s),
        "cant_tell_s": _s(set_stats.cant_tell_s),
        "before_start_s": _s(set_stats.before_s),
        "unchecked_s": _s(set_stats.unchecked_s),
    }


def set_results(set_stats: SetStats) -> dict[str, Any]:
    """Repetitions, form, faults and what would have been said in a set."""
    exercise, score = set_stats.planned.exercise, set_stats.score
    counted = exercise.category == "reps"
    return {
        "blind_s": {why: _s(seconds) for why, seconds in set_stats.blind_s.items()},
        "hidden_s": {part: _s(seconds) for part, seconds in set_stats.hidden_s.items()},
        "reps": set_stats.progress.reps if counted else None,
        "reps_not_counted": dict(set_stats.rejected),
        "form": set_stats.form or None,
        "form_score": None if score is None else round(score),
        "faults": [
            {
                "id": rule_id,
                "severity": fault.rule.severity,
                "cue": fault.rule.cue,
                "seconds": _s(fault.seconds),
                "before_start_s": _s(fault.early_s),
                "first_s": _s(fault.first_s),
                "last_s": _s(fault.last_s),
            }
            for rule_id, fault in set_stats.faults.items()
        ],
        "spoken": [
            {"t": _s(t), "kind": cue.kind, "text": cue.voice} for t, cue in set_stats.spoken
        ],
        "not_checked": list(exercise.not_checked) or [exercise.why_unchecked],
    }


def _s(seconds: float) -> float:
    return round(seconds, 2)
