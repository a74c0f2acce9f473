"""Rows of the tables of `posecheck batch`, taken while one recording is judged.

The numbers are those of `summary.json` and `frames.jsonl`, made by the same functions. The rows
lack `entry` and `recording`, which the tables add.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from posecheck.coach.pipeline import FrameResult
from posecheck.coach.tally import SetStats
from posecheck.commands.recording import frame_line, seconds_by_verdict, set_results
from posecheck.commands.rejudge import SetTrace
from posecheck.io.batch.results import FRAMES_FILE, Row, frames_content
from posecheck.io.motion.export import Format, exported
from posecheck.io.motion.track import TrackRecorder
from posecheck.pose import JOINTS
from posecheck.session.events import Blind, RepCounted, RepRejected

if TYPE_CHECKING:
    from posecheck.io.vision.source import Source

DECIMALS = 4
"""Of shares."""
BLIND_COLUMNS: Mapping[Blind, str] = {
    "nobody": "nobody_s",
    "someone_else": "someone_else_s",
    "frozen": "frozen_s",
    "few_pictures": "few_pictures_s",
    "sideways": "sideways_s",
    "parts": "parts_hidden_s",
    "view": "wrong_view_s",
    "wrong_side": "wrong_side_s",
}
"""Why frames could not be judged -> the column of `sets` with its seconds."""


class RowCollector:
    """Takes the frames of one recording.

    frames   whether a row for each frame is wanted
    exports  formats of landmarks that are wanted
    stats    of each set, to be given after the last frame
    """

    def __init__(self, frames: bool, exports: Sequence[Format]) -> None:
        self.stats: Sequence[SetStats] = ()
        self._exports = exports
        self._track = TrackRecorder() if exports else None
        self._frames: list[Row] | None = [] if frames else None
        self._repetitions: list[Row] = []
        self._traces: list[SetTrace] = []
        self._begun = -1
        self._attempts = 0
        self._seen = self._trusted = self._count = 0

    @contextmanager
    def watching(self, source: Source) -> Iterator[Callable[[FrameResult], None]]:
        """`add` as a watcher of `analysed`."""
        yield self.add

    def add(self, result: FrameResult) -> None:
        """The next frame."""
        t, view = result.frame.t, result.view
        if view.sets_begun != self._begun:
            self._begun, self._attempts = view.sets_begun, 0
            self._traces.append(SetTrace())
        self._traces[-1].update(t, view)
        for event in result.events:
            if isinstance(event, RepCounted | RepRejected):
                self._add_repetition(t, event)
        trusted = 0
        if result.pose is not None:
            trusted = int(np.isfinite(result.pose.px).all(axis=1).sum())
        self._count += 1
        self._seen += result.pose is not None
        self._trusted += trusted
        if self._frames is None and self._track is None:
            return
        line = frame_line(t, view, result.screen, result.cues)
        if self._frames is not None:
            self._frames.append(_frame_row(line, len(self._traces) - 1, result, trusted))
        if self._track is not None:
            self._track.add(t, result.pose, line["state"])

    def _add_repetition(self, t: float, event: RepCounted | RepRejected) -> None:
        self._attempts += 1
        self._repetitions.append(
            {
                "set": len(self._traces) - 1,
                "attempt": self._attempts,
                "t_s": round(t, 3),
                "counted": isinstance(event, RepCounted),
                "why_not": None if isinstance(event, RepCounted) else event.why,
            }
        )

    def rows(self, recording: Row) -> dict[str, list[Row]]:
        """The rows of all tables but `frames`, after the last frame.

        recording  the row of `recordings`, which is completed here
        """
        tables: defaultdict[str, list[Row]] = defaultdict(list)
        shares = {
            "person_share": _share(self._seen, self._count),
            "trusted_share": _share(self._trusted, JOINTS * self._seen),
        }
        tables["recordings"].append({**_rounded(recording), **shares})
        for number, (stats, trace) in enumerate(zip(self.stats, self._traces, strict=True)):
            where = {"set": number, "exercise": stats.planned.exercise.id}
            tables["sets"].append(where | _set_row(stats, trace))
            tables["faults"] += [
                where | _fault_row(fault, trace) for fault in set_results(stats)["faults"]
            ]
            tables["repetitions"] += [
                where | row for row in self._repetitions if row["set"] == number
            ]
        return dict(tables)

    def files(self, name: str) -> dict[str, bytes]:
        """The frame table and the exported landmarks, where wanted. PackageMissing."""
        files: dict[str, bytes] = {}
        if self._frames is not None:
            files[FRAMES_FILE] = frames_content(self._frames)
        if self._track is not None:
            files |= exported(self._track.track(), self._exports, name)
        return files


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DECIMALS) if whole else None


def _rounded(row: Row) -> Row:
    return {name: round(v, 2) if isinstance(v, float) else v for name, v in row.items()}


def _set_row(stats: SetStats, trace: SetTrace) -> Row:
    found, seconds = set_results(stats), seconds_by_verdict(stats)
    begun = stats.begun_s
    return {
        "side": stats.planned.side,
        **seconds,
        **{column: found["blind_s"].get(why, 0.0) for why, column in BLIND_COLUMNS.items()},
        "begun_s": None if begun is None else round(begun, 2),
        "ended_s": None if begun is None else round(stats.ended_s, 2),
        "reps": found["reps"],
        "reps_rejected": sum(found["reps_not_counted"].values()),
        "form": found["form"],
        "form_score": found["form_score"],
        "held": _spans(trace.held),
    }


def _fault_row(fault: Row, trace: SetTrace) -> Row:
    row = {"rule": fault["id"], **{name: v for name, v in fault.items() if name != "id"}}
    return {**row, "spans": _spans(trace.faults.get(fault["id"], ()))}


def _spans(spans: Sequence[Sequence[float]]) -> list[Row]:
    return [{"start_s": round(start, 3), "end_s": round(end, 3)} for start, end in spans]


def _frame_row(line: Row, number: int, result: FrameResult, trusted: int) -> Row:
    return {
        "set": number,
        "t_s": line["t"],
        "state": line["state"],
        "phase": line["phase"],
        "blind": line["blind"] or None,
        "held_s": line["held_s"],
        "reps": line["reps"],
        "faults": line["faults"],
        "person": result.pose is not None,
        "trusted_joints": trusted,
        "measures": list(line["measures"].items()),
    }


def desk_rows(summary: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows of a recording at a desk, from the content of its summary.json."""
    score = summary["score"]
    return {
        "recordings": [
            {
                "status": "judged",
                "kind": "desk",
                "view": summary["view"],
                "frames": summary["frames"],
                "frames_judged": summary["frames_judged"],
                "seconds": summary["seconds"],
                "score": None if score is None else float(score["total"]),
            }
        ],
        "desk_states": [
            {"state": state, "minutes": minutes} for state, minutes in summary["minutes"].items()
        ],
        "desk_slouches": [
            {"from_s": each["from"], "to_s": each["to"]} for each in summary["slouch_episodes"]
        ],
    }
