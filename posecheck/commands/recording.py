"""One exercise over a recording: `frames.jsonl`, a line per frame, and `summary.json`.

A recording has no target, so its one set is open-ended. The two files appear together at the end;
until then nothing that was there is touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from posecheck.coach.coach import Coach
from posecheck.coach.pipeline import Estimate, FrameResult, run
from posecheck.coach.tally import SessionStats, SetStats
from posecheck.exercise import Exercise
from posecheck.io.output import replacing, writing
from posecheck.io.vision.camera import Source
from posecheck.pose import Detection, Frame, Side
from posecheck.session.plan import PlannedSet
from posecheck.session.session import Session, SessionView

EQUAL = 0.85
"""Another person of at least this share of the subject's size might as well be the subject."""
MOSTLY = 0.8
FRAMES, SUMMARY = "frames.jsonl", "summary.json"


def unwatched(frame: Frame, mask: bool) -> Detection:
    """Sees nothing: for exercises that no camera can check."""
    return Detection(None)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came of a recording.

    account    seconds, repetitions, faults, what would have been said
    frames     how many there were; `seconds` from the first to the end of the last
    truncated  a sentence when the file ended early or was damaged
    nobody     whether nobody was seen from the first frame to the last
    beside_s   seconds in which another person was in the picture
    twins      two people of about the same size most of the time: nobody can say whose exercise
               it is
    """

    account: SetStats
    frames: int
    seconds: float
    truncated: str | None
    nobody: bool
    beside_s: float
    twins: bool


def open_set(exercise: Exercise, side: Side | None) -> PlannedSet:
    """The one open-ended set of a recording."""
    return PlannedSet(exercise, side)


def analyse(
    source: Source,
    estimate: Estimate,
    session: Session,
    coach: Coach,
    out: Path,
    header: dict[str, Any],
    watch: Callable[[FrameResult], None] = lambda moment: None,
) -> Analysis:
    """Run a recording and write its files into the folder `out`.

    header  what the summary begins with, as the caller knows it (model, level)
    watch   is shown every moment: a progress bar, a painter

    Raises OutputError; CameraError and ModelError of the ports pass through.
    """
    tally = SessionStats()
    frames, last_t, before_t, nobody = 0, 0.0, 0.0, True
    beside = equal = 0
    with replacing(out / FRAMES) as part, replacing(out / SUMMARY) as summary_part:
        with writing(out / FRAMES), part.open("w", encoding="utf-8") as lines:
            for moment in run(source, estimate, session, coach):
                t, view = moment.frame.t, moment.view
                tally.update(t, moment.events, moment.cues, view)
                lines.write(json.dumps(_line(moment), ensure_ascii=False) + "\n")
                frames, before_t, last_t = frames + 1, last_t, t
                nobody = nobody and view.blind == "nobody"
                beside += moment.other_person_size > 0
                equal += moment.other_person_size >= EQUAL
                watch(moment)
        per_frame = last_t / max(1, frames - 1)
        seconds = last_t + (1 / source.fps if source.fps else last_t - before_t)
        account = tally.accounts[0]
        nobody = nobody and account.checked
        twins = equal > MOSTLY * frames
        analysis = Analysis(
            account, frames, seconds, source.truncated, nobody, beside * per_frame, twins
        )
        text = json.dumps(summary(analysis, header, source.name), indent=1, ensure_ascii=False)
        with writing(out / SUMMARY):
            # A file's name need not be Unicode: what is not becomes an escape, as JSON has them.
            summary_part.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
    return analysis


def _line(moment: FrameResult) -> dict[str, Any]:
    view = moment.view
    line: dict[str, Any] = {
        "t": round(moment.frame.t, 4),
        "state": _state(view),
        "held_s": round(view.progress.held_s, 3),
        "reps": view.progress.reps,
        "faults": list(view.verdict.faults),
        "measures": {
            spec: round(value, 3) if value == value else None for spec, value in view.values.items()
        },
        "phase": view.phase,
        "blind": view.blind,
        "cue": moment.screen,
    }
    if spoken := [cue.voice for cue in moment.cues]:
        line["say"] = spoken
    return line


def _state(view: SessionView) -> str:
    if view.planned.exercise.check == "none":
        return "unchecked"
    if view.blind:
        return "unseen"
    return "ready" if view.phase == "ready" else view.progress.state


def summary(analysis: Analysis, header: dict[str, Any], source: str) -> dict[str, Any]:
    """The content of summary.json. Seconds to a hundredth; nothing here is rounder than known."""
    account = analysis.account
    exercise, score = account.planned.exercise, account.score
    counted = exercise.category == "reps"
    return {
        "posecheck": own_version(),
        "source": source,
        "exercise": exercise.id,
        "name": exercise.name,
        "side": account.planned.side,
        "view": exercise.camera.view if exercise.camera else None,
        "check": exercise.check,
        **header,
        "frames": analysis.frames,
        "seconds": _s(analysis.seconds),
        "correct_s": _s(account.correct_s),
        "wrong_s": _s(account.wrong_s),
        "cant_tell_s": _s(account.cant_tell_s),
        "before_start_s": _s(account.before_s),
        "unchecked_s": _s(account.unchecked_s),
        "others_s": _s(analysis.beside_s),
        "blind_s": {why: _s(seconds) for why, seconds in account.blind_s.items()},
        "reps": account.progress.reps if counted else None,
        "reps_not_counted": dict(account.rejected),
        "form": account.form or None,
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
            for rule_id, fault in account.faults.items()
        ],
        "spoken": [{"t": _s(t), "kind": cue.kind, "text": cue.voice} for t, cue in account.spoken],
        "not_checked": list(exercise.not_checked) or [exercise.why_unchecked],
        "truncated": analysis.truncated,
    }


def _s(seconds: float) -> float:
    return round(seconds, 2)


def own_version() -> str:
    """The installed version, "unknown" when run from a folder that was never installed."""
    try:
        return version("posecheck-coach")
    except PackageNotFoundError:
        return "unknown"
