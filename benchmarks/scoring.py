"""How far judgements are from the truth: the definitions behind `docs/accuracy.md`.

A clip has a truth for every moment (its segments); a stream of a real person has labels made by
eye. Both give a `Score`; scores of one kind can be added. A stretch of a clip counts from GRACE_S
after its beginning: until then nothing is held against the program.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from posecheck.coach.pipeline import FrameResult
from posecheck.commands.recording import state_of
from posecheck.commands.rejudge import SetJudge, judged_by_all
from posecheck.exercise import Exercise
from posecheck.io.store.recording_block import RecordedFrame
from posecheck.pose import SIDES, Side

GRACE_S = 1.0
"""Seconds at the beginning of a stretch in which nothing is held against the program."""
NAMED_S = 0.5
"""A planted fault is named when it was called for this long."""
REP_TAIL_S = 0.6
"""A repetition may be counted this long after its end."""
REFUSED_SHARE, REFUSED_CREDIT_S = 0.9, 0.3
"""A clip that cannot be judged is refused when "can't tell" covers this share of it, and no more
seconds are credited."""
IMPOSTOR_S = 0.5
"""Fewer seconds called right are not held against the judge of another exercise."""
LEVEL = 2
"""The level of `posecheck analyze`."""
TRUE_SIDES: Mapping[str, Side] = {"L": "left", "R": "right"}
ANGLES = {
    "trunk_incl": "trunk_incl",
    "hip_angle.near": "hip_{near}",
    "knee_angle.near": "knee_{near}",
    "shoulder_elev.near": "shoulder_{near}",
    "elbow_angle.near": "elbow_{near}",
}
"""Metric -> the name of its true angle in a clip's truth."""

Span = tuple[float, float]


# --- truth --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clip. `label`: hold, rest, enter, move, leave, fault:NAME, advice:NAME, rep,
    rep_partial or unjudgeable. `peak`: of a repetition, the part that makes it one."""

    t0: float
    t1: float
    label: str
    peak: bool = False


@dataclass(frozen=True, slots=True)
class ClipTruth:
    """What was done in a rendered clip.

    kind    hold, reps, or refuse: it cannot be judged
    near    the body side towards the camera, None where the chest is
    accept  planted fault -> ids of the rules that name it
    angles  name -> true angle of every frame, degrees; {} where the file gives none
    """

    name: str
    exercise: str
    kind: str
    near: Side | None
    fps: float
    segments: tuple[Segment, ...]
    accept: Mapping[str, Sequence[str]]
    angles: Mapping[str, Sequence[float | None]]

    def stretches(self, prefix: str) -> list[Segment]:
        """The segments whose label begins with `prefix`, neighbours of one label merged."""
        merged: list[Segment] = []
        for each in self.segments:
            if not each.label.startswith(prefix):
                continue
            last = merged[-1] if merged else None
            if last and last.label == each.label and abs(last.t1 - each.t0) < 1e-3:
                merged[-1] = Segment(last.t0, each.t1, each.label)
            else:
                merged.append(each)
        return merged


@dataclass(frozen=True, slots=True)
class StreamTruth:
    """What a real person does in a stream, labelled by eye, +-0.3 s.

    exercise  "" for none of the library
    view      front, side, oblique or back
    holds     seconds in which the form is right; None where no hold is labelled
    reps      how many were seen; None where they are not labelled
    also      other exercises that may rightly count
    """

    name: str
    exercise: str
    side: Side | None
    view: str
    holds: tuple[Span, ...] | None
    reps: int | None
    also: frozenset[str]

    def shows(self, exercise: Exercise, side: Side | None) -> bool:
        """Whether the stream shows this exercise on this side."""
        sided = self.side is not None and side is not None and side != self.side
        return exercise.id == self.exercise and not sided


def read_clip_truths(path: Path) -> dict[str, ClipTruth]:
    """By name: the truths of a folder of JSON files, or of one file that holds several."""
    if path.is_dir():
        rows = [
            json.loads(each.read_text(encoding="utf-8")) for each in sorted(path.glob("*.json"))
        ]
    else:
        rows = json.loads(path.read_text(encoding="utf-8"))
    return {
        row["name"]: _clip_truth(row)
        for row in rows
        if isinstance(row, dict) and row.get("kind") in ("hold", "reps", "refuse")
    }


def _clip_truth(row: Mapping[str, Any]) -> ClipTruth:
    segments = tuple(
        Segment(s["t0"], s["t1"], s["label"], s.get("rep_phase") in ("top", "cycle"))
        for s in row["segments"]
    )
    return ClipTruth(
        row["name"], row["exercise"], row["kind"], row.get("near"), row["fps"], segments,
        row.get("accept", {}), row.get("angles", {}),
    )  # fmt: skip


def short_truth(path: Path) -> dict[str, Any]:
    """Of a truth file what `read_clip_truths` needs, without the angles of every frame."""
    row = json.loads(path.read_text(encoding="utf-8"))
    kept: dict[str, Any] = {
        key: row.get(key) for key in ("name", "exercise", "kind", "near", "fps", "accept")
    }
    kept["segments"] = [
        {key: s[key] for key in ("t0", "t1", "label", "rep_phase") if s.get(key) is not None}
        for s in row["segments"]
    ]
    return kept


def read_stream_truths(path: Path) -> dict[str, StreamTruth]:
    """The labels of a folder of streams (its `streams.json`), by name."""
    rows = json.loads((path / "streams.json").read_text(encoding="utf-8"))
    return {
        name: StreamTruth(
            name, row["exercise"], row["side"], row["view"],
            None if row["holds"] is None else tuple((a, b) for a, b in row["holds"]),
            row["reps"], frozenset(row["also"]),
        )
        for name, row in rows.items()
    }  # fmt: skip


# --- judging ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """The judgement after one frame."""

    t: float
    state: str
    held_s: float
    reps: int
    faults: tuple[str, ...]
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge made of a recording: a line per frame, and the account of the set as
    `posecheck replay --json` gives it."""

    exercise: Exercise
    side: Side | None
    lines: Sequence[Line]
    answer: Mapping[str, Any]

    def at(self, t: float) -> Line:
        """The judgement at time t, of the last frame up to it."""
        low, high = 0, len(self.lines)
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self.lines[middle].t <= t + 1e-6 else (low, middle)
        return self.lines[low]

    def credited(self, t0: float, t1: float) -> float:
        """Seconds that were credited from t0 to t1."""
        return self.at(t1).held_s - self.at(t0).held_s

    def seconds(self, t0: float, t1: float, wanted: Callable[[Line], bool]) -> float:
        """Seconds from t0 to t1 in which the last judgement was one that is wanted."""
        total = 0.0
        for line, after in pairwise(self.lines):
            if wanted(line):
                total += max(0.0, min(t1, after.t) - max(t0, line.t))
        return total


def judge_all(
    frames: Iterable[RecordedFrame], sets: Sequence[tuple[Exercise, Side | None]]
) -> list[Judgement]:
    """Judge one recording as each of several exercises; its joints are filtered once."""
    all_lines: list[list[Line]] = [[] for _ in sets]
    judges = [
        SetJudge(exercise, side, LEVEL, on_result=_keeping(lines))
        for (exercise, side), lines in zip(sets, all_lines, strict=True)
    ]
    times = [t for t, _ in judged_by_all(frames, judges)]
    end = times[-1] if times else 0.0
    return [
        Judgement(exercise, side, lines, judge.traces[0].answer("", judge.stats.sets[0], end))
        for (exercise, side), lines, judge in zip(sets, all_lines, judges, strict=True)
    ]


def _keeping(lines: list[Line]) -> Callable[[FrameResult], None]:
    def keep(result: FrameResult) -> None:
        view = result.view
        progress = view.progress
        faults = tuple(view.verdict.faults)
        state = state_of(view)
        values = dict(view.values)
        lines.append(Line(result.frame.t, state, progress.held_s, progress.reps, faults, values))

    return keep


def all_sets(exercises: Iterable[Exercise]) -> list[tuple[Exercise, Side | None]]:
    """Every exercise that a camera can check, on each side where each has its own set."""
    sides: dict[bool, tuple[Side | None, ...]] = {True: SIDES, False: (None,)}
    return [
        (exercise, side)
        for exercise in exercises
        if exercise.check != "none"
        for side in sides[exercise.sides == "each"]
    ]


# --- scores -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """How far one judgement, or several, is from the truth. Seconds, unless said otherwise.

    clips             how many recordings
    due_s             right form that had to be credited
    got_s             of that, what was credited
    hold_errors_s     of every hold, credited minus due: below 0 is time that was lost
    wrong_s           wrong form and rest, in which nothing may be credited
    false_s           of that, what was credited
    outside_s         credited outside the labelled holds of a stream; it need not be wrong
    alarm_s           in right holds, time with a fault that stops the timer
    planted, named    planted faults, and how many of them were named
    true_calls        rules that were called broken in a planted fault that they name, once each
    false_calls       rules that were called broken in a right hold, once for each hold
    fault_delays_s    of every planted fault that was called, from its beginning to the first call
    credit_delays_s   of every hold that was credited, from its beginning to the first credit
    reps, counted     repetitions shown, and counted in their time
    phantoms          repetitions that were counted where none was shown
    counted_clips     recordings with labelled repetitions
    exact_clips       of those, the ones with the right number and no phantom
    labelled_s        time that had to be judged: holds, planted faults, repetitions
    blind_s           of that, what was called "can't tell"
    refusals          recordings that must be refused
    refused           of those, the ones that were
    angle_errors_deg  metric -> the median error of every recording
    """

    clips: int = 0
    due_s: float = 0.0
    got_s: float = 0.0
    hold_errors_s: list[float] = field(default_factory=list)
    wrong_s: float = 0.0
    false_s: float = 0.0
    outside_s: float = 0.0
    alarm_s: float = 0.0
    planted: int = 0
    named: int = 0
    true_calls: int = 0
    false_calls: int = 0
    fault_delays_s: list[float] = field(default_factory=list)
    credit_delays_s: list[float] = field(default_factory=list)
    reps: int = 0
    counted: int = 0
    phantoms: int = 0
    counted_clips: int = 0
    exact_clips: int = 0
    labelled_s: float = 0.0
    blind_s: float = 0.0
    refusals: int = 0
    refused: int = 0
    angle_errors_deg: dict[str, list[float]] = field(default_factory=dict)

    def add(self, other: Score) -> None:
        """Add another score to this one."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, dict):
                for metric, errors in theirs.items():
                    mine.setdefault(metric, []).extend(errors)
            else:
                setattr(self, each.name, mine + theirs)

    @property
    def recall(self) -> float:
        """Credited share of the time of right form; NaN without any."""
        return share(self.got_s, self.due_s)

    @property
    def false_credit(self) -> float:
        """Credited share of the time of wrong form and rest; NaN without any."""
        return share(self.false_s, self.wrong_s)

    @property
    def fault_recall(self) -> float:
        """Share of the planted faults that were named; NaN without any."""
        return share(self.named, self.planted)

    @property
    def precision(self) -> float:
        """Of the calls in planted faults and right holds, the true share. NaN without planted
        faults: no call can be true then."""
        calls = self.true_calls + self.false_calls
        return share(self.true_calls, calls) if self.planted else math.nan

    @property
    def cant_tell(self) -> float:
        """Share of the time to be judged of which nothing could be told; NaN without any."""
        return share(self.blind_s, self.labelled_s)

    def data(self) -> dict[str, Any]:
        """As JSON, rounded so that every machine writes the same."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def share(part: float, whole: float) -> float:
    """part / whole; NaN when there is no whole."""
    return part / whole if whole else math.nan


def total(scores: Iterable[Score]) -> Score:
    """The sum of scores."""
    found = Score()
    for score in scores:
        found.add(score)
    return found


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, 2)
        case list():
            return [_rounded(each) for each in value]
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
    return value


def score_clip(truth: ClipTruth, judged: Judgement, near: Side | None) -> Score:
    """The score of one rendered clip. `near` as in the truth, exchanged for a mirrored copy."""
    score = Score(clips=1)
    labelled: list[Segment] = []
    if truth.kind == "hold":
        _score_holds(truth, judged, score)
        _score_faults(truth, judged, score)
        labelled = [s for p in ("hold", "fault:", "advice:") for s in truth.stretches(p)]
    elif truth.kind == "reps":
        _score_reps(truth, judged, score)
        labelled = [s for s in truth.stretches("rep") if s.label == "rep"]
    else:
        _score_refusal(truth, judged, score)
    for each in labelled:
        begin = each.t0 + (GRACE_S if truth.kind == "hold" else 0.0)
        if each.t1 > begin:
            score.labelled_s += each.t1 - begin
            score.blind_s += judged.seconds(begin, each.t1, _unseen)
    if near is not None:
        _score_angles(truth, judged, near, score)
    return score


def _unseen(line: Line) -> bool:
    return line.state == "unseen"


def _calling(rules: frozenset[str]) -> Callable[[Line], bool]:
    """Whether one of the rules is called broken."""
    return lambda line: not rules.isdisjoint(line.faults)


def _stopping(exercise: Exercise) -> frozenset[str]:
    """The rules that stop the timer when they are broken."""
    return frozenset(rule.id for rule in exercise.rules if rule.severity != "advice")


def _first_credit(judged: Judgement, t0: float, t1: float) -> list[float]:
    """Seconds from t0 to the first credit, [] for none up to t1."""
    before = judged.at(t0).held_s
    first = next((n.t for n in judged.lines if t0 < n.t <= t1 and n.held_s > before + 1e-6), None)
    return [] if first is None else [first - t0]


def _score_holds(truth: ClipTruth, judged: Judgement, score: Score) -> None:
    stopping = _stopping(judged.exercise)
    for hold in truth.stretches("hold"):
        begin = hold.t0 + GRACE_S
        due, got = hold.t1 - begin, judged.credited(begin, hold.t1)
        score.due_s += due
        score.got_s += got
        score.hold_errors_s.append(got - due)
        score.credit_delays_s += _first_credit(judged, hold.t0, hold.t1)
        score.alarm_s += judged.seconds(begin, hold.t1, _calling(stopping))
        inside = (line.faults for line in judged.lines if begin <= line.t < hold.t1)
        score.false_calls += len({rule for faults in inside for rule in faults})
    for wrong in (*truth.stretches("fault:"), *truth.stretches("rest")):
        if wrong.t1 - wrong.t0 > GRACE_S:
            score.wrong_s += wrong.t1 - wrong.t0 - GRACE_S
            score.false_s += judged.credited(wrong.t0 + GRACE_S, wrong.t1)


def _score_faults(truth: ClipTruth, judged: Judgement, score: Score) -> None:
    for planted in (*truth.stretches("fault:"), *truth.stretches("advice:")):
        accept = frozenset(truth.accept.get(planted.label, ()))
        called = [
            line.t
            for line in judged.lines
            if planted.t0 <= line.t < planted.t1 and not accept.isdisjoint(line.faults)
        ]
        named_s = judged.seconds(planted.t0, planted.t1, _calling(accept))
        score.planted += 1
        score.named += named_s >= NAMED_S
        inside = (line.faults for line in judged.lines if planted.t0 <= line.t < planted.t1)
        score.true_calls += len({rule for faults in inside for rule in faults} & accept)
        score.fault_delays_s += [called[0] - planted.t0] if called else []


def _score_reps(truth: ClipTruth, judged: Judgement, score: Score) -> None:
    reps = [s for s in truth.segments if s.label == "rep"]
    score.reps = sum(s.peak for s in reps)
    end = max((s.t1 for s in reps), default=0.0) + REP_TAIL_S
    score.counted = judged.at(end).reps
    score.phantoms = judged.lines[-1].reps - score.counted
    score.counted_clips = 1
    score.exact_clips = int(score.counted == score.reps and not score.phantoms)


def _score_refusal(truth: ClipTruth, judged: Judgement, score: Score) -> None:
    spans = truth.stretches("unjudgeable")
    whole = sum(s.t1 - s.t0 - GRACE_S for s in spans)
    unseen = sum(judged.seconds(s.t0 + GRACE_S, s.t1, _unseen) for s in spans)
    credited = judged.lines[-1].held_s
    score.refusals = 1
    score.refused = int(unseen >= REFUSED_SHARE * whole and credited <= REFUSED_CREDIT_S)
    score.wrong_s, score.false_s = whole, credited


def _score_angles(truth: ClipTruth, judged: Judgement, near: Side, score: Score) -> None:
    for metric, name in ANGLES.items():
        true = truth.angles.get(name.format(near=near))
        if not true:
            continue
        errors = []
        for line in judged.lines:
            value, angle = line.values.get(metric, math.nan), true[_index(line.t, truth, true)]
            if angle is not None and not math.isnan(value):
                errors.append(abs(abs(value) - abs(angle)))
        if errors:
            score.angle_errors_deg[metric] = [median(errors)]


def _index(t: float, truth: ClipTruth, values: Sequence[object]) -> int:
    return min(len(values) - 1, round(t * truth.fps))


def score_stream(truth: StreamTruth, judged: Judgement) -> Score:
    """The score of one stream of a real person, judged as the exercise that it shows. The labels of
    holds begin when the person is in the pose, so there is no grace."""
    score = Score(clips=1)
    end = float(judged.answer["end"])
    stopping = _stopping(judged.exercise)
    held: list[Span] = [(a, b) for a, b in judged.answer["held"]]
    inside_s = 0.0
    for begin, until in truth.holds or ():
        hold = (begin, min(until, end))
        due, got = hold[1] - hold[0], overlap(held, [hold])
        inside_s += got
        score.due_s += due
        score.got_s += got
        score.hold_errors_s.append(got - due)
        score.credit_delays_s += _first_credit(judged, *hold)
        score.labelled_s += due
        score.blind_s += judged.seconds(*hold, _unseen)
        for rule, spans in judged.answer["faults"].items():
            wrong = overlap(spans, [hold])
            score.alarm_s += wrong if rule in stopping else 0.0
            score.false_calls += wrong > 0.0
    if truth.holds is not None:
        score.outside_s = sum(b - a for a, b in held) - inside_s
    if truth.reps is not None:
        score.reps, score.counted_clips = truth.reps, 1
        score.counted = min(truth.reps, judged.answer["reps"])
        score.phantoms = judged.answer["reps"] - score.counted
        score.exact_clips = int(judged.answer["reps"] == truth.reps)
        score.labelled_s, score.blind_s = end, judged.seconds(0.0, end, _unseen)
    return score


def overlap(spans: Iterable[Sequence[float]], others: Sequence[Span]) -> float:
    """Seconds that lie in both."""
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in spans for c, d in others)


@dataclass(frozen=True, slots=True)
class Impostor:
    """What a judge made of another exercise than its own: seconds called right, repetitions."""

    stream: str
    exercise: str
    side: Side | None
    right_s: float
    reps: int

    @property
    def wrong(self) -> bool:
        """Whether it was taken for the exercise."""
        return self.right_s > IMPOSTOR_S or self.reps > 0


def impostor(name: str, shown: str, also: Iterable[str], judged: Judgement) -> Impostor | None:
    """What came of judging a recording as an exercise that it does not show; None when it may
    rightly count as the exercise.

    name, shown  of the recording, and the exercise that it shows
    also         other exercises that may count
    """
    exercise = judged.exercise.id
    if exercise == shown or exercise in also:
        return None
    right_s, reps = float(judged.answer["right_s"]), int(judged.answer["reps"])
    return Impostor(name, exercise, judged.side, right_s, reps)
