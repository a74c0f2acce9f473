"""`posecheck analyze VIDEO --desk`: a recording of someone at a desk, judged frame by frame.

Poses come first, for the calibration may lie anywhere in the recording; then every frame is judged
as it would be live. Writes `frames.jsonl`, a line per frame, and `summary.json`.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from posecheck.body.joint_filter import JointFilter
from posecheck.coach.pipeline import Estimate, trusted
from posecheck.commands.analyze import progress_bar
from posecheck.commands.recording import FRAMES, SUMMARY, own_version
from posecheck.desk.alerts import Alert, AlertPolicy
from posecheck.desk.calibration import Calibration, CalibrationPose, calibrate, take_spot
from posecheck.desk.day import Breaks, DayTally, daily_score
from posecheck.desk.states import SLOUCHES, DeskReading, DeskTrouble, PostureClassifier
from posecheck.io.errors import UserError
from posecheck.io.output import prepare_folder, replacing, writing
from posecheck.io.routines.language import load_phrases
from posecheck.io.vision.camera import Source, open_source
from posecheck.pose import Frame, Pose

QUIET_S = 6.0
"""Length of the stretch that is looked for when none is named."""
SEARCH_STEP_S = 1.0
PATIENCE = (1.0, 2.5)
"""A recording cannot be made again: who moves, or is seen badly, by up to this many times what is
steady is judged all the same, with a remark."""
DECIMALS = 3
ANGLES = (
    "neck_incl", "head_trunk", "trunk_incl", "hip_angle.near", "knee_angle.near",
    "elbow_angle.near", "feet", "hand",
)  # fmt: skip
"""Features that say something by themselves."""


class DeskError(UserError):
    """The recording cannot be judged as asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end`, seconds of the recording."""

    start: float
    end: float

    def __contains__(self, t: object) -> bool:
        return isinstance(t, float) and self.start <= t <= self.end


@dataclass(frozen=True, slots=True)
class DeskRecording:
    """What was asked for; `tall` None looks for the first quiet seconds."""

    video: Path
    out: Path
    model: str
    tall: Span | None = None
    slump: Span | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame: who was seen. `pose` is trusted (NaN where not to be believed)."""

    t: float
    pose: Pose | None
    trouble: DeskTrouble


def read_span(text: str | None, option: str) -> Span | None:
    """ "0:7" as seconds. DeskError for anything else."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", text.strip())
    if match is None:
        raise DeskError(f"{option} {text} is not a range of seconds; write START:END, as in 0:7.")
    span = Span(float(match[1]), float(match[2]))
    if span.end <= span.start:
        raise DeskError(f"{option} {text} ends before it begins; write START:END, as in 0:7.")
    return span


def analyze_desk(asked: DeskRecording) -> int:
    """Judge a recording, write its results and say what came of it. The exit code."""
    from posecheck.io.vision.estimator import Estimator

    with open_source(asked.video) as source:
        prepare_folder(asked.out)
        with Estimator(asked.model) as estimator:
            samples = list(_watched(source, estimator))
        truncated = source.truncated
        period = 1 / source.fps if source.fps else 0.0
    calibration, spans = calibrated(asked, samples)
    summary = _write(asked, samples, calibration, spans, period, truncated)
    if truncated:
        print(truncated, file=sys.stderr)
    for line in _account(summary):
        print(line)
    print(f"Written: {asked.out}")
    return 0


def _watched(source: Source, estimate: Estimate) -> Iterator[Sample]:
    trust = JointFilter()
    with progress_bar(source) as advance:
        for frame in source:
            yield _sample(frame, estimate, trust)
            advance(frame)


def _sample(frame: Frame, estimate: Estimate, trust: JointFilter) -> Sample:
    seen = estimate(frame, False)
    pose = trusted(trust, frame.t, seen)
    if pose is None:
        other = seen.no_pose_reason == "someone_else"
        return Sample(frame.t, None, "someone_else" if other else "nobody")
    return Sample(frame.t, pose, "")


# --- calibration --------------------------------------------------------------------------------


def calibrated(
    asked: DeskRecording, samples: Sequence[Sample]
) -> tuple[Calibration, tuple[Span, ...]]:
    """The calibration, and the stretches it was taken from. DeskError when there is none."""
    if not any(sample.pose for sample in samples):
        raise DeskError(f"Nobody was seen in {asked.video}.")
    if asked.tall is None:
        span, tall = _first_quiet(asked, samples)
    else:
        span, tall = asked.tall, _taken(asked.tall, "--calibrate", samples)
    if asked.slump is None:
        return calibrate(tall), (span,)
    slump = _taken(asked.slump, "--slump", samples, tall)
    calibration = calibrate(tall, slump)
    if calibration.cannot_tell:
        raise DeskError(
            "Sitting tall and slumped look alike from this camera position: raise the camera, or "
            "leave out --slump."
        )
    return calibration, (span, asked.slump)


def _first_quiet(asked: DeskRecording, samples: Sequence[Sample]) -> tuple[Span, CalibrationPose]:
    for patience in PATIENCE:
        start, last = samples[0].t, samples[-1].t
        while start + QUIET_S <= last + SEARCH_STEP_S:
            span = Span(start, start + QUIET_S)
            spot = take_spot(_within(span, samples), patience=patience)
            if isinstance(spot, CalibrationPose):
                _remark(patience, f"{span.start:.0f}:{span.end:.0f}")
                return span, spot
            start += SEARCH_STEP_S
    raise DeskError(
        f"There are no quiet {QUIET_S:.0f} seconds to calibrate on in {asked.video}; name some "
        "with --calibrate START:END."
    )


def _taken(
    span: Span, option: str, samples: Sequence[Sample], like: CalibrationPose | None = None
) -> CalibrationPose:
    name = f"{option} {span.start:g}:{span.end:g}"
    if span.start > samples[-1].t:
        raise DeskError(f"{name} is beyond the recording, which lasts {samples[-1].t:.0f} s.")
    view, near = (like.view, like.near) if like else (None, None)
    why = ""
    for patience in PATIENCE:
        spot = take_spot(_within(span, samples), view, near, patience)
        if isinstance(spot, CalibrationPose):
            _remark(patience, name)
            return spot
        why = spot.why
    if why == "unseen":
        raise DeskError(f"{name}: head and shoulders are not seen for long enough there.")
    raise DeskError(f"{name}: the person does not sit still enough there to calibrate on.")


def _remark(patience: float, where: str) -> None:
    if patience > 1:
        print(f"{where}: not very steady there; the results are less sure.", file=sys.stderr)


def _within(span: Span, samples: Iterable[Sample]) -> list[tuple[float, Pose | None]]:
    return [(sample.t, sample.pose) for sample in samples if sample.t in span]


# --- results ------------------------------------------------------------------------------------


def _write(
    asked: DeskRecording,
    samples: Sequence[Sample],
    calibration: Calibration,
    spans: Sequence[Span],
    period: float,
    truncated: str | None,
) -> dict[str, Any]:
    watch, policy, breaks, tally = (
        PostureClassifier(calibration),
        AlertPolicy(),
        Breaks(),
        DayTally(),
    )
    alerts: list[Alert] = []
    episodes, phrases = _Episodes(), load_phrases("en")
    with replacing(asked.out / FRAMES) as part, replacing(asked.out / SUMMARY) as summary_part:
        with writing(asked.out / FRAMES), part.open("w", encoding="utf-8") as lines:
            for sample in samples:
                reading = _reading(watch, sample, spans)
                alerts += policy.update(sample.t, reading)
                breaks.update(sample.t, reading.state)
                tally.update(sample.t, reading.state)
                episodes.update(reading)
                lines.write(json.dumps(_line(reading)) + "\n")
        tall = spans[0]
        summary = {
            "posecheck": own_version(),
            "source": asked.video.name,
            "model": asked.model,
            "view": calibration.view,
            "calibrated_s": [round(tall.start, 2), round(tall.end, 2)],
            "points": 2 if calibration.two_points else 1,
            "weights": {name: round(w, 2) for name, w in calibration.weights.items()},
            "frames": len(samples),
            "seconds": round(samples[-1].t + period, 2),
            "minutes": {state: round(s / 60, 2) for state, s in sorted(tally.seconds.items())},
            "slouch_episodes": episodes.found,
            "alerts": [_told(alert, phrases) for alert in alerts],
            "breaks": {"due": breaks.due, "taken": breaks.taken},
            "score": _score(tally, breaks),
            "truncated": truncated,
        }
        with writing(asked.out / SUMMARY):
            summary_part.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def _reading(watch: PostureClassifier, sample: Sample, spans: Sequence[Span]) -> DeskReading:
    reading = watch.update(sample.t, sample.pose, sample.trouble)
    if any(sample.t in span for span in spans):
        return replace(reading, state="calibrating")
    return reading


def _line(reading: DeskReading) -> dict[str, Any]:
    """A frame. `measures`: changes from upright (`_delta` where the feature has the same name) and,
    from the side, the angles themselves."""
    measures = {name: reading.features[name] for name in ANGLES if name in reading.features}
    for name, value in reading.changes.items():
        if name not in ("hand", "turned"):
            measures[f"{name}_delta" if name in reading.features else name] = value
    measures["slouch_index"] = reading.index
    return {
        "t": round(reading.t, 4),
        "state": reading.state,
        "held_s": 0,
        "reps": 0,
        "faults": [],
        "measures": {
            name: round(value, DECIMALS) if math.isfinite(value) else None
            for name, value in measures.items()
        },
    }


class _Episodes:
    """Stretches of slouching: from, to, and whether only the head came forward."""

    GAP_S = 1.0

    def __init__(self) -> None:
        self.found: list[dict[str, float]] = []

    def update(self, reading: DeskReading) -> None:
        if reading.state not in SLOUCHES:
            return
        t = round(reading.t, 2)
        if self.found and t - self.found[-1]["to"] <= self.GAP_S:
            self.found[-1]["to"] = t
        else:
            self.found.append({"from": t, "to": t})


def _told(alert: Alert, phrases: Mapping[str, str]) -> dict[str, Any]:
    text = phrases[alert.key] if alert.key else ""
    return {"t": round(alert.t, 2), "kind": alert.kind, "cause": alert.cause, "text": text}


def _score(tally: DayTally, breaks: Breaks) -> dict[str, Any] | None:
    """None while less than an hour was judged."""
    score = daily_score(tally, breaks.due, breaks.taken)
    if score.total is None:
        return None
    parts = {name: round(getattr(score, name), 2) for name in ("variety", "breaks", "upright")}
    return {"total": round(score.total), **parts}


def _account(summary: dict[str, Any]) -> Iterator[str]:
    """What came of it, in words."""
    yield f"At the desk, seen from the {summary['view']}"
    for state, minutes in sorted(summary["minutes"].items(), key=lambda item: -item[1]):
        if minutes:
            yield f"  {state.replace('_', ' ')}: {60 * minutes:.0f} s"
    told = [alert for alert in summary["alerts"] if alert["text"]]
    for alert in told:
        yield f"  at {alert['t']:.0f} s: {alert['text']}"
    if summary["score"]:
        yield f"  the day: {summary['score']['total']} of 100"
