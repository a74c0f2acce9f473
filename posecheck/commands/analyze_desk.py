"""`posecheck analyze VIDEO --desk`: a recording of a user at a desk, judged as it would be live.

The recording is read twice. First only as far as the calibration needs, at the frame rate of the
live set-up. Then a `DeskSession`, the judge of the live program, gets the frames that it would take
from a camera while the user looks at the preview: five per second, not one. Between them the last
state stands, as in the preview. While the calibrated stretches pass, the camera is off for the
monitor, as during the live set-up.

Writes `frames.jsonl`, one line for every frame of the recording, and `summary.json`.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecheck import __version__
from posecheck.body.joint_filter import JointFilter
from posecheck.commands.analyze import progress_bar
from posecheck.commands.recording import FRAMES, SUMMARY
from posecheck.desk.alerts import Alert
from posecheck.desk.calibration import Calibration, CalibrationPose, calibrate, take_point
from posecheck.desk.day import DayScore
from posecheck.desk.monitor import DeskMonitor, DeskNews
from posecheck.desk.session import DeskSession
from posecheck.desk.setup import SETUP_INTERVAL_S
from posecheck.desk.states import SLOUCHES, DeskReading, DeskState
from posecheck.io.errors import UserError
from posecheck.io.output import prepare_folder, replacing, writing
from posecheck.io.routines.language import load_phrases
from posecheck.io.vision.camera import open_source
from posecheck.io.vision.desk_source import DESK_CALM_S, FrameReader
from posecheck.io.vision.source import INTERVAL_SLACK_S
from posecheck.pose import Frame, Pose

QUIET_S = 6.0
"""Length of the stretch to search for when none is given."""
SEARCH_STEP_S = 1.0
STEADINESS_FACTORS = (1.0, 2.5)
"""A recording cannot be repeated. A user who moves, or is badly seen, by up to the second factor
times the limits of a steady point is judged all the same, with a remark."""
DECIMALS = 3
ANGLES = (
    "neck_incl", "head_trunk", "trunk_incl", "hip_angle.near", "knee_angle.near",
    "elbow_angle.near", "feet", "hand",
)  # fmt: skip
"""Features that mean something without a calibration."""

CalibrationSample = tuple[float, Pose | None]
"""Time and trusted pose."""


class DeskError(UserError):
    """The recording cannot be judged as requested. The message is a sentence or two for the
    user."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, seconds of the recording."""

    start: float
    end: float

    def __contains__(self, t: object) -> bool:
        return isinstance(t, float) and self.start <= t <= self.end


@dataclass(frozen=True, slots=True)
class DeskRecording:
    """A request; with `tall` None the first quiet seconds are used."""

    video: Path
    out: Path
    model: str
    tall: Span | None = None
    slump: Span | None = None


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


def analyze_desk(request: DeskRecording) -> int:
    """Judge a recording, write the results and print an account. The exit code."""
    from posecheck.io.vision.estimator import Estimator

    with open_source(request.video) as source:
        prepare_folder(request.out)
        source.min_interval_s = SETUP_INTERVAL_S
        with Estimator(request.model, calm_s=DESK_CALM_S) as estimator:
            calibration, spans = calibrated(request, samples_of(source, FrameReader(estimator)))
    session = DeskSession(lambda known, before: DeskMonitor(known, restored=before))
    session.use(calibration, 0.0)
    summary = _Summary(request, calibration, spans)
    with (
        open_source(request.video) as source,
        Estimator(request.model, calm_s=DESK_CALM_S) as estimator,
        progress_bar(source) as advance,
        replacing(request.out / FRAMES) as part,
        replacing(request.out / SUMMARY) as summary_part,
    ):
        with writing(request.out / FRAMES), part.open("w", encoding="utf-8") as lines:
            for frame in judged(source, FrameReader(estimator), session, spans):
                summary.add(frame)
                lines.write(json.dumps(_line(frame)) + "\n")
                advance(frame)
        period_s = 1 / source.fps if source.fps else 0.0
        result = summary.result(session, period_s, source.truncated)
        with writing(request.out / SUMMARY):
            summary_part.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if result["truncated"]:
        print(result["truncated"], file=sys.stderr)
    for line in _account(result):
        print(line)
    print(f"Written: {request.out}")
    return 0


# --- calibration --------------------------------------------------------------------------------


def samples_of(frames: Iterable[Frame], reader: FrameReader) -> Iterator[CalibrationSample]:
    """The trusted pose of each frame; None where there is none."""
    joints = JointFilter()
    for frame in frames:
        seen = reader.read(frame)
        if seen.pose is None or seen.track_reset:
            joints.forget()
        yield frame.t, None if seen.pose is None else joints.update(frame.t, seen.pose)


class _Samples:
    """Samples that are read only as far as they are needed."""

    def __init__(self, samples: Iterable[CalibrationSample]) -> None:
        self._rest = iter(samples)
        self._read = list(_first(self._rest))

    @property
    def start_t(self) -> float:
        return self._read[0][0]

    @property
    def last_t(self) -> float:
        """Time of the last sample that was read."""
        return self._read[-1][0]

    @property
    def anyone(self) -> bool:
        """Whether a person was seen in the samples that were read."""
        return any(pose is not None for _, pose in self._read)

    def within(self, span: Span) -> list[CalibrationSample]:
        while self.last_t <= span.end and (more := list(_first(self._rest))):
            self._read += more
        return [sample for sample in self._read if sample[0] in span]


def _first(samples: Iterator[CalibrationSample]) -> Iterator[CalibrationSample]:
    """The next sample, if there is one."""
    for sample in samples:
        yield sample
        return


def calibrated(
    request: DeskRecording, samples: Iterable[CalibrationSample]
) -> tuple[Calibration, tuple[Span, ...]]:
    """The calibration, and the stretches that it was taken from. DeskError when there is none."""
    found = _Samples(samples)
    if request.tall is None:
        span, tall = _first_quiet(request, found)
    else:
        span, tall = request.tall, _taken(request.tall, "--calibrate", found)
    if request.slump is None:
        return calibrate(tall), (span,)
    slump = _taken(request.slump, "--slump", found, tall)
    calibration = calibrate(tall, slump)
    if calibration.cannot_tell:
        raise DeskError(
            "Sitting tall and slumped look alike from this camera position: raise the camera, or "
            "leave out --slump."
        )
    return calibration, (span, request.slump)


def _first_quiet(request: DeskRecording, samples: _Samples) -> tuple[Span, CalibrationPose]:
    """The first steady stretch; without one the first that is fairly steady."""
    fallback: tuple[Span, CalibrationPose] | None = None
    strict, lax = STEADINESS_FACTORS
    start = samples.start_t
    within = samples.within(Span(start, start + QUIET_S))
    while start + QUIET_S <= samples.last_t + SEARCH_STEP_S:
        span = Span(start, start + QUIET_S)
        point = take_point(within, patience=strict)
        if isinstance(point, CalibrationPose):
            return span, point
        if fallback is None:
            point = take_point(within, patience=lax)
            fallback = (span, point) if isinstance(point, CalibrationPose) else None
        start += SEARCH_STEP_S
        within = samples.within(Span(start, start + QUIET_S))
    if fallback is not None:
        span, point = fallback
        _remark(lax, f"{span.start:.0f}:{span.end:.0f}")
        return span, point
    if not samples.anyone:
        raise DeskError(f"Nobody was seen in {request.video}.")
    raise DeskError(
        f"There are no quiet {QUIET_S:.0f} seconds to calibrate on in {request.video}; name some "
        "with --calibrate START:END."
    )


def _taken(
    span: Span, option: str, samples: _Samples, like: CalibrationPose | None = None
) -> CalibrationPose:
    """The point of a given stretch, in the view of `like`."""
    name = f"{option} {span.start:g}:{span.end:g}"
    within = samples.within(span)
    if span.start > samples.last_t:
        raise DeskError(f"{name} is beyond the recording, which lasts {samples.last_t:.0f} s.")
    view, near = (like.view, like.near) if like else (None, None)
    why = ""
    for patience in STEADINESS_FACTORS:
        point = take_point(within, view, near, patience)
        if isinstance(point, CalibrationPose):
            _remark(patience, name)
            return point
        why = point.why
    if why == "unseen":
        raise DeskError(f"{name}: head and shoulders are not seen for long enough there.")
    raise DeskError(f"{name}: the person does not sit still enough there to calibrate on.")


def _remark(patience: float, where: str) -> None:
    if patience > 1:
        print(f"{where}: not very steady there; the results are less sure.", file=sys.stderr)


# --- judging ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JudgedFrame:
    """One frame of the recording.

    state    the state that the live preview shows at its time; "calibrating" in the calibrated
             stretches
    reading  of the last frame that was judged
    judged   whether that is this frame
    news     what this frame brought
    """

    t: float
    state: DeskState
    reading: DeskReading
    judged: bool
    news: tuple[DeskNews, ...]


def judged(
    frames: Iterable[Frame],
    reader: FrameReader,
    session: DeskSession,
    spans: Sequence[Span],
    shown: bool = True,
) -> Iterator[JudgedFrame]:
    """Every frame of a recording, judged as often as live: while the preview is `shown`, or not."""
    before_t = -math.inf
    reading = DeskReading(0.0, "calibrating")
    for frame in frames:
        t = frame.t
        if any(t in span for span in spans):
            before_t = -math.inf
            reading = DeskReading(t, "calibrating")
            yield JudgedFrame(t, "calibrating", reading, judged=False, news=session.off(t))
        elif t - before_t >= session.min_interval_s(shown) - INTERVAL_SLACK_S:
            before_t = t
            news = session.observe(t, reader.read(frame)).news
            assert session.view is not None
            reading = session.view.reading
            yield JudgedFrame(t, reading.state, reading, judged=True, news=news)
        else:
            yield JudgedFrame(t, reading.state, reading, judged=False, news=())


# --- results ------------------------------------------------------------------------------------


class _Summary:
    """Collects `summary.json`."""

    def __init__(
        self, request: DeskRecording, calibration: Calibration, spans: Sequence[Span]
    ) -> None:
        self._request, self._calibration, self._spans = request, calibration, spans
        self._seconds: defaultdict[DeskState, float] = defaultdict(float)
        self._alerts: list[Alert] = []
        self._episodes = _Episodes()
        self._frames = self._judged = 0
        self._last_t = 0.0

    def add(self, frame: JudgedFrame) -> None:
        """The next frame."""
        if frame.state == "calibrating":
            self._seconds["calibrating"] += frame.t - self._last_t
        self._frames += 1
        self._judged += frame.judged
        self._last_t = frame.t
        self._episodes.update(frame.t, frame.state)
        self._add_news(frame.news)

    def _add_news(self, news: Iterable[DeskNews]) -> None:
        for each in news:
            self._alerts += each.alerts
            for state, seconds in each.minute.seconds.items() if each.minute else ():
                self._seconds[state] += seconds

    def result(
        self, session: DeskSession, period_s: float, truncated: str | None
    ) -> dict[str, Any]:
        """The content of the file, after the last frame."""
        self._add_news(session.cut(self._last_t))
        view, calibration, tall = session.view, self._calibration, self._spans[0]
        assert view is not None
        phrases = load_phrases("en")
        return {
            "posecheck": __version__,
            "source": self._request.video.name,
            "model": self._request.model,
            "view": calibration.view,
            "calibrated_s": [round(tall.start, 2), round(tall.end, 2)],
            "points": 2 if calibration.two_points else 1,
            "weights": {name: round(w, 2) for name, w in calibration.weights.items()},
            "frames": self._frames,
            "frames_judged": self._judged,
            "seconds": round(self._last_t + period_s, 2),
            "minutes": {state: round(s / 60, 2) for state, s in sorted(self._seconds.items())},
            "slouch_episodes": self._episodes.found,
            "alerts": [_alert(alert, phrases) for alert in self._alerts],
            "breaks": {"due": view.breaks_due, "taken": view.breaks_taken},
            "score": _score(view.score),
            "truncated": truncated,
        }


def _line(frame: JudgedFrame) -> dict[str, Any]:
    """A line of `frames.jsonl`. `measures`: changes from upright (`_delta` where the feature has
    the same name) and, from the side, the angles themselves, all of the last judged frame."""
    reading = frame.reading
    measures = {name: reading.features[name] for name in ANGLES if name in reading.features}
    for name, value in reading.changes.items():
        if name not in ("hand", "turned"):
            measures[f"{name}_delta" if name in reading.features else name] = value
    measures["slouch_index"] = reading.index
    return {
        "t": round(frame.t, 4),
        "state": frame.state,
        "held_s": 0,
        "reps": 0,
        "faults": [],
        "measures": {
            name: round(value, DECIMALS) if math.isfinite(value) else None
            for name, value in measures.items()
        },
    }


class _Episodes:
    """Stretches of slouching, from and to."""

    JOIN_S = 1.0
    """A shorter interruption does not end a stretch."""

    def __init__(self) -> None:
        self.found: list[dict[str, float]] = []

    def update(self, t: float, state: DeskState) -> None:
        if state not in SLOUCHES:
            return
        t = round(t, 2)
        if self.found and t - self.found[-1]["to"] <= self.JOIN_S:
            self.found[-1]["to"] = t
        else:
            self.found.append({"from": t, "to": t})


def _alert(alert: Alert, phrases: Mapping[str, str]) -> dict[str, Any]:
    text = phrases[alert.key] if alert.key else ""
    return {"t": round(alert.t, 2), "kind": alert.kind, "cause": alert.cause, "text": text}


def _score(score: DayScore) -> dict[str, Any] | None:
    """None while less than an hour was judged."""
    if score.total is None:
        return None
    parts = {name: round(getattr(score, name), 2) for name in ("variety", "breaks", "upright")}
    return {"total": round(score.total), **parts}


def _account(summary: dict[str, Any]) -> Iterator[str]:
    """The summary in words."""
    yield f"At the desk, seen from the {summary['view']}"
    for state, minutes in sorted(summary["minutes"].items(), key=lambda item: -item[1]):
        if minutes:
            yield f"  {state.replace('_', ' ')}: {60 * minutes:.0f} s"
    alerts = [alert for alert in summary["alerts"] if alert["text"]]
    for alert in alerts:
        yield f"  at {alert['t']:.0f} s: {alert['text']}"
    if summary["score"]:
        yield f"  the day: {summary['score']['total']} of 100"
