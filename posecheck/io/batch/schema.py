"""The tables of `posecheck batch`: their columns, with type, unit and meaning.

docs/batch.md lists them; a test keeps the two equal. Every table can be joined on `entry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from posecheck.io.batch.packages import arrow

SCHEMA = 1
"""Number of the tables' form. Raise it when a column changes its meaning, type or name."""

Kind = Literal["int64", "float64", "string", "bool", "list<string>", "spans", "map"]
Status = Literal["judged", "nobody", "two_people", "failed"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    kind  "spans" is a list of {start_s, end_s}; "map" goes from a name to a number. Every column
          may hold null, which means "not known" or "does not apply"
    unit  "" for words, counts and yes/no
    """

    name: str
    kind: Kind
    unit: str
    about: str


# fmt: off
_WHERE = (
    Column("entry", "int64", "", "number of the recording in the order of the request, from 0"),
    Column("recording", "string", "", "path as it was given; in a manifest relative to it"),
)
_SET = (
    *_WHERE,
    Column("set", "int64", "", "number of the set within the recording, from 0"),
    Column("exercise", "string", "", "id of the exercise"),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "recordings": (
        *_WHERE,
        Column("status", "string", "", "judged; nobody: no person was seen; two_people: nobody can "
               "say whose exercise it is; failed: no result"),
        Column("sentence", "string", "", "why there is no result, or remarks about it"),
        Column("kind", "string", "", "exercise: one open-ended set; session: a led session; desk: "
               "sitting"),
        Column("exercise", "string", "", "id of the exercise; null for a session or a desk"),
        Column("side", "string", "", "working side: left or right"),
        Column("level", "int64", "", "level of the limits, 1 to 3"),
        Column("view", "string", "", "at a desk: from where the user is seen"),
        Column("frames", "int64", "", "pictures of the recording"),
        Column("frames_judged", "int64", "", "pictures that were judged"),
        Column("seconds", "float64", "s", "length of the recording"),
        Column("person_share", "float64", "ratio", "share of the judged pictures in which the "
               "subject was seen"),
        Column("trusted_share", "float64", "ratio", "share of the 33 joints that could be trusted, "
               "over the pictures in which the subject was seen"),
        Column("others_s", "float64", "s", "time in which another person was in the picture"),
        Column("score", "float64", "", "at a desk: score of the day, 0 to 100"),
        Column("sha256", "string", "", "SHA-256 of the file; of a folder: of its images"),
        Column("key", "string", "", "key of the result: content, settings and versions"),
    ),
    "sets": (
        *_SET,
        Column("side", "string", "", "working side: left or right"),
        Column("correct_s", "float64", "s", "time in right form"),
        Column("wrong_s", "float64", "s", "time in wrong form"),
        Column("cant_tell_s", "float64", "s", "time that could not be judged"),
        Column("before_start_s", "float64", "s", "getting ready, on the way into the pose, pauses"),
        Column("unchecked_s", "float64", "s", "time that no camera can judge"),
        Column("nobody_s", "float64", "s", "time in which no person was seen"),
        Column("someone_else_s", "float64", "s", "time in which only another person was seen"),
        Column("frozen_s", "float64", "s", "time in which the picture stood still"),
        Column("few_pictures_s", "float64", "s", "time in which too few pictures came to count"),
        Column("sideways_s", "float64", "s", "time in which the body lay along the "
               "picture, as with a camera on its side"),
        Column("parts_hidden_s", "float64", "s", "time in which a needed part was unseen"),
        Column("wrong_view_s", "float64", "s", "time in which the body was turned the wrong way"),
        Column("wrong_side_s", "float64", "s", "time in which the other side seemed to be working"),
        Column("begun_s", "float64", "s", "when the form was first right, from the start of the "
               "recording"),
        Column("ended_s", "float64", "s", "when the form was last right"),
        Column("reps", "int64", "", "repetitions that count; null for a hold"),
        Column("reps_rejected", "int64", "", "attempted repetitions that do not count"),
        Column("form", "string", "", "the form in words"),
        Column("form_score", "int64", "", "the form from 0 to 100"),
        Column("held", "spans", "s", "when seconds of a hold were credited"),
    ),
    "faults": (
        *_SET,
        Column("rule", "string", "", "id of the rule that was broken"),
        Column("severity", "string", "", "gate, must, advice or stop"),
        Column("cue", "string", "", "the correction"),
        Column("seconds", "float64", "s", "how long the rule was broken"),
        Column("before_start_s", "float64", "s", "how much of it was before the form was first "
               "right"),
        Column("first_s", "float64", "s", "when it was broken first"),
        Column("last_s", "float64", "s", "when it was broken last"),
        Column("spans", "spans", "s", "each time it was broken"),
    ),
    "repetitions": (
        *_SET,
        Column("attempt", "int64", "", "number of the attempt within the set, from 1"),
        Column("t_s", "float64", "s", "when it ended"),
        Column("counted", "bool", "", "whether it counts"),
        Column("why_not", "string", "", "why it does not: too_small, too_fast, too_slow, "
               "too_short, bad_form or unseen"),
    ),
    "desk_states": (
        *_WHERE,
        Column("state", "string", "", "state of the sitter, as in `posecheck analyze --desk`"),
        Column("minutes", "float64", "min", "time in this state"),
    ),
    "desk_slouches": (
        *_WHERE,
        Column("from_s", "float64", "s", "start of a stretch of slouching"),
        Column("to_s", "float64", "s", "its end"),
    ),
    "frames": (
        *_WHERE,
        Column("set", "int64", "", "number of the set within the recording, from 0"),
        Column("t_s", "float64", "s", "time of the picture"),
        Column("state", "string", "", "as in frames.jsonl of `posecheck analyze`"),
        Column("phase", "string", "", "phase of the session"),
        Column("blind", "string", "", "why the picture could not be judged"),
        Column("held_s", "float64", "s", "seconds of the hold so far"),
        Column("reps", "int64", "", "repetitions so far"),
        Column("faults", "list<string>", "", "rules that are broken"),
        Column("person", "bool", "", "whether the subject was seen"),
        Column("trusted_joints", "int64", "", "joints that could be trusted, of 33"),
        Column("measures", "map", "deg, ratio or 1/s", "metrics that the rules read; `posecheck "
               "metrics` has their units. A metric that could not be known is null"),
    ),
}
"""Table -> its columns. "frames" is a folder with a file for each recording."""
# fmt: on

ONE_FILE = tuple(name for name in TABLES if name != "frames")
"""The tables that are one file each."""


def schema_of(table: str, provenance: bytes, without: int = 0) -> Any:
    """The pyarrow schema of a table. PackageMissing.

    provenance  JSON with version, model and settings; in the metadata under "posecheck"
    without     leading columns to leave out
    """
    pa = arrow()
    spans = pa.list_(pa.struct([("start_s", pa.float64()), ("end_s", pa.float64())]))
    types = {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "string": pa.string(),
        "bool": pa.bool_(),
        "list<string>": pa.list_(pa.string()),
        "spans": spans,
        "map": pa.map_(pa.string(), pa.float64()),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata=_notes(column))
        for column in TABLES[table][without:]
    ]
    return pa.schema(fields, metadata={b"posecheck": provenance})


def _notes(column: Column) -> dict[bytes, bytes]:
    notes = {b"description": column.about.encode()}
    return {b"unit": column.unit.encode(), **notes} if column.unit else notes
