"""The recordings of `tests/recordings` and how the judge is expected to judge them.

    python tests/golden.py                               writes expected.json again
    python tests/golden.py add NAME.npz ID [SIDE]        adds a stream, without events

Write expected.json again after a deliberate change of a rule, and read its diff: users will notice
those differences.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from shipped import LIBRARY

from posecheck.commands.rejudge import SetJudge, judged_by_all
from posecheck.commands.replay_diff import event_words
from posecheck.io.routines.load import Library
from posecheck.io.store.npz_stream import npz_frames
from posecheck.io.store.recording import (
    RecordedSet,
    Recording,
    RecordingHeader,
    RecordingWriter,
)
from posecheck.io.store.recording_block import event_data, quantised
from posecheck.pose import Side

FOLDER = Path(__file__).parent / "recordings"
EXPECTED = FOLDER / "expected.json"
RECORDINGS = sorted(FOLDER.glob("*.rec"))
MASK_S = 0.15
"""Seconds between silhouettes in a live session; a stream may have more."""


def outcome(path: Path, library: Library) -> dict[str, Any]:
    """How the current rules judge a recording of one set: the account, and every event."""
    recording = Recording(path)
    (recorded,) = recording.header.sets
    exercise = library.exercises[recorded.exercise]
    judge = SetJudge(exercise, recorded.side, recording.header.level)
    events, end = [], 0.0
    for end, happened in judged_by_all(recording.frames(), [judge]):
        events += [f"{end:7.2f} s  {event_words(event_data(event))}" for event in happened]
    answer = judge.traces[0].answer(path.stem, judge.stats.sets[0], end)
    return {**cast(dict[str, Any], _rounded(answer)), "events": events}


def _rounded(value: object) -> object:
    """Seconds rounded to a hundredth, which is the same on every machine."""
    match value:
        case float():
            return round(value, 2)
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list():
            return [_rounded(each) for each in value]
    return value


def expected() -> dict[str, dict[str, Any]]:
    """The stored expectations, by the name of the recording."""
    return {row["stream"]: row for row in json.loads(EXPECTED.read_text(encoding="utf-8"))}


def write_expected() -> None:
    """Store what the current rules say as the expectation."""
    rows = [outcome(path, LIBRARY) for path in sorted(FOLDER.glob("*.rec"))]
    text = ",\n".join(_lines(row) for row in rows)
    EXPECTED.write_text(f"[\n{text}\n]\n", encoding="utf-8")


def _lines(row: dict[str, Any]) -> str:
    """JSON with a line for each fact and each event, so that a diff is readable."""
    *facts, last = row
    text = [f"  {json.dumps(name)}: {json.dumps(row[name])}," for name in facts]
    events = ",\n".join(f"    {json.dumps(event)}" for event in row[last])
    return "\n".join([" {", *text, f"  {json.dumps(last)}: [", events, "  ]", " }"])


def add(stream: Path, exercise: str, side: Side | None) -> None:
    """Store a stream of landmarks as a recording, with silhouettes as often as a session asks."""
    header = RecordingHeader(
        "analyze", "0.1.0", stream.name, "full", 2, (RecordedSet(exercise, side),)
    )
    writer = RecordingWriter(FOLDER / f"{stream.stem}.rec")
    writer.begin(header)
    due = 0.0
    for frame in npz_frames(stream):
        seen = quantised(frame.detection)
        if seen.pose is not None and seen.pose.mask is not None:
            if frame.t < due:
                seen = replace(seen, pose=replace(seen.pose, mask=None))
            else:
                due = frame.t + MASK_S - 1e-9
        writer.add(replace(frame, detection=seen))
    writer.close()


def main() -> None:
    """Run the command that the docstring of this file describes."""
    if sys.argv[1:2] == ["add"]:
        side = sys.argv[4] if len(sys.argv) > 4 else None
        add(Path(sys.argv[2]), sys.argv[3], cast(Side | None, side))
    write_expected()


if __name__ == "__main__":
    main()
