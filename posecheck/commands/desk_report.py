"""What comes of a recording at a desk: lines of `frames.jsonl`, the content of `summary.json`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from posecheck import __version__
from posecheck.desk.alerts import Alert
from posecheck.desk.calibration import Calibration
from posecheck.desk.day import DayScore
from posecheck.desk.monitor import DeskNews
from posecheck.desk.observation import DeskNoPoseReason
from posecheck.desk.session import DeskSession
from posecheck.desk.states import SLOUCHES, DeskReading, DeskState, Steps
from posecheck.io.routines.language import load_phrases

DECIMALS = 3
ANGLES = (
    "neck_incl", "head_trunk", "trunk_incl", "hip_angle.near", "knee_angle.near",
    "elbow_angle.near", "feet", "hand",
)  # fmt: skip
"""Features that mean something without a calibration."""
UNSEEN_WORDS: Mapping[DeskNoPoseReason, str] = {
    "nobody": "nobody was seen",
    "someone_else": "someone else was seen",
    "too_dark": "it was too dark",
    "frozen": "the picture stood still",
}
"""Why the state was unreliable, as the rest of "not judged while"."""


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


class DeskSummary:
    """Collects `summary.json`.

    source        name of the recording
    calibrated_s  the stretch of sitting tall, seconds, from and to
    """

    def __init__(
        self, source: str, model: str, calibration: Calibration, calibrated_s: tuple[float, float]
    ) -> None:
        self._source, self._model = source, model
        self._calibration, self._calibrated_s = calibration, calibrated_s
        self._seconds: defaultdict[DeskState, float] = defaultdict(float)
        self._alerts: list[Alert] = []
        self._episodes = _Episodes()
        self._unseen_s: defaultdict[DeskNoPoseReason, float] = defaultdict(float)
        self._steps = Steps()
        self._frames = self._judged = 0
        self._last_t = 0.0

    def add(self, frame: JudgedFrame) -> None:
        """The next frame."""
        if frame.state == "calibrating":
            self._seconds["calibrating"] += frame.t - self._last_t
        if frame.judged:
            step = self._steps.update(frame.t)
            if frame.reading.why:
                self._unseen_s[frame.reading.why] += step
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
        view, calibration = session.view, self._calibration
        assert view is not None
        phrases = load_phrases("en")
        return {
            "posecheck": __version__,
            "source": self._source,
            "model": self._model,
            "view": calibration.view,
            "calibrated_s": [round(t, 2) for t in self._calibrated_s],
            "points": 2 if calibration.two_points else 1,
            "weights": {name: round(w, 2) for name, w in calibration.weights.items()},
            "frames": self._frames,
            "frames_judged": self._judged,
            "seconds": round(self._last_t + period_s, 2),
            "minutes": {state: round(s / 60, 2) for state, s in sorted(self._seconds.items())},
            "unseen_s": {why: round(s, 2) for why, s in sorted(self._unseen_s.items())},
            "slouch_episodes": self._episodes.found,
            "alerts": [_alert(alert, phrases) for alert in self._alerts],
            "breaks": {"due": view.breaks_due, "taken": view.breaks_taken},
            "score": _score(view.score),
            "truncated": truncated,
        }


def line_of(frame: JudgedFrame) -> dict[str, Any]:
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


def account(summary: dict[str, Any]) -> Iterator[str]:
    """The summary in words."""
    yield f"At the desk, seen from the {summary['view']}"
    for state, minutes in sorted(summary["minutes"].items(), key=lambda item: -item[1]):
        if minutes:
            yield f"  {state.replace('_', ' ')}: {60 * minutes:.0f} s"
    for why, seconds in summary["unseen_s"].items():
        yield f"  not judged while {UNSEEN_WORDS[why]}: {seconds:.0f} s"
    alerts = [alert for alert in summary["alerts"] if alert["text"]]
    for alert in alerts:
        yield f"  at {alert['t']:.0f} s: {alert['text']}"
    if summary["score"]:
        yield f"  the day: {summary['score']['total']} of 100"
