"""A recording shows what a user meets: the live thread and the analysis judge frames alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from bodies import series
from desk_streams import read_stream
from pytestqt.qtbot import QtBot
from sitters import MODERATE, TALL, TILTED, Sitter, poses_of, two_points

from posecheck.commands.analyze_desk import Span, judged, samples_of
from posecheck.desk.calibration import Calibration, CalibrationPose, calibrate, take_point
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews
from posecheck.desk.session import DeskSession
from posecheck.desk.states import DeskState
from posecheck.io.store.desk_profile import Found
from posecheck.io.vision.camera import Source
from posecheck.io.vision.desk_source import FrameReader
from posecheck.io.vision.pose_model import PoseModel
from posecheck.io.vision.source import INTERVAL_SLACK_S
from posecheck.pose import Detection, Frame, MaskNeed, Pose
from posecheck.ui.desk.worker import DeskWorker

pytestmark = pytest.mark.gui

FPS = 10.0
START_S = 1.0
"""Not 0: the live clock is already running at its first frame."""
GREY = np.full((48, 64, 3), 120, np.uint8)
DARK = np.full((48, 64, 3), 10, np.uint8)

Estimate = Callable[[Frame, MaskNeed], Detection]


class Timeline(Source):
    """Frames of a recording, as soon as they are wanted. Between two frames it takes what the
    worker reports."""

    def __init__(self, frames: list[Frame]) -> None:
        super().__init__("timeline", (640, 480))
        self.worker: DeskWorker | None = None
        self.states: dict[float, DeskState] = {}
        self.news: list[DeskNews] = []
        self._frames = frames

    def __iter__(self) -> Iterator[Frame]:
        before_t = -np.inf
        for frame in self._frames:
            if frame.t - before_t < self.min_interval_s - INTERVAL_SLACK_S:
                continue
            before_t = frame.t
            yield frame
            self._take(frame.t)

    def _take(self, t: float) -> None:
        assert self.worker is not None
        update = self.worker.take()
        assert update.view is not None
        self.states[t] = update.view.reading.state
        self.news += update.news

    def close(self) -> None:
        """Nothing is open."""


def monitoring(calibration: Calibration | None, before: DayState | None) -> DeskMonitor:
    return DeskMonitor(calibration, restored=before)


def live(
    frames: list[Frame],
    estimate: Estimate,
    calibration: Calibration,
    shown: bool,
    qtbot: QtBot,
) -> tuple[dict[float, DeskState], list[DeskNews]]:
    """The state of each judged frame, and all news, from the thread of the desk."""
    source = Timeline(frames)
    worker = DeskWorker(
        lambda: source,
        lambda masks: PoseModel(estimate, lambda: None),
        monitoring,
        profile=lambda name, size: Found(calibration),
    )
    source.worker = worker
    worker.show(shown)
    with qtbot.waitSignal(worker.ended, timeout=60_000) as over:
        worker.start()
    worker.close()
    assert over.args == [""]
    return source.states, [*source.news, *worker.take().news]


def recorded_session(
    frames: list[Frame], estimate: Estimate, calibration: Calibration, shown: bool
) -> tuple[dict[float, DeskState], list[DeskNews]]:
    """The same from the analysis of a recording."""
    session = DeskSession(monitoring)
    session.use(calibration, 0.0)
    results = list(judged(frames, FrameReader(estimate), session, (), shown))
    assert [result.t for result in results] == [frame.t for frame in frames]
    last_t = max(result.t for result in results if result.judged)
    news = [each for result in results for each in result.news] + [*session.cut(last_t)]
    worth = [each for each in news if each.alerts or each.reminders or each.minute]
    return {result.t: result.state for result in results if result.judged}, worth


Piece = tuple[Sitter | None, float]
MINUTES: dict[str, tuple[Piece, ...]] = {
    "a slump that is confirmed, nudged and over": (
        (TALL, 80.0), (MODERATE, 150.0), (TALL, 15.0),
    ),
    "away for a break": ((TALL, 80.0), (None, 130.0), (TALL, 10.0)),
    "a lean": ((TALL, 80.0), (TILTED, 70.0), (TALL, 10.0)),
}  # fmt: skip


@pytest.mark.parametrize("shown", [True, False], ids=["preview", "no preview"])
@pytest.mark.parametrize("pieces", MINUTES.values(), ids=MINUTES)
def test_a_timeline_is_judged_alike(pieces: tuple[Piece, ...], shown: bool, qtbot: QtBot) -> None:
    """Ten dark seconds near the beginning included: same states, alerts, reminders and seconds."""
    poses: dict[float, Pose | None] = {}
    frames: list[Frame] = []
    for number, (t, who) in enumerate(series(*pieces, fps=FPS)):
        t = round(START_S + t, 3)
        poses[t] = None if who is None else poses_of(who)[number % 7]
        frames.append(Frame(t, DARK if 20 <= t < 30 else GREY))

    def estimate(frame: Frame, mask: MaskNeed) -> Detection:
        pose = poses[frame.t]
        return Detection(pose, "" if pose else "nobody")

    calibration = two_points()
    live_states, live_news = live(frames, estimate, calibration, shown, qtbot)
    states, news = recorded_session(frames, estimate, calibration, shown)
    assert states == live_states
    assert news == live_news
    assert any(each.alerts or each.minute for each in news)
    assert {"upright", "unreliable"} <= set(states.values())
    assert len(states) < len(frames) * (0.6 if shown else 0.3)


@pytest.mark.parametrize("shown", [True, False], ids=["preview", "no preview"])
def test_a_clip_is_judged_alike(shown: bool, qtbot: QtBot) -> None:
    """The clip through the lite model: tall, slumped, tall again."""
    stream = {round(START_S + t, 3): seen for t, seen in read_stream()}
    frames = [Frame(t, GREY) for t in stream]

    def estimate(frame: Frame, mask: MaskNeed) -> Detection:
        return stream[frame.t]

    calm = Span(START_S, START_S + 7.0)
    samples = [sample for sample in samples_of(frames, FrameReader(estimate)) if sample[0] in calm]
    tall = take_point(samples)
    assert isinstance(tall, CalibrationPose)
    live_states, live_news = live(frames, estimate, calibrate(tall), shown, qtbot)
    states, news = recorded_session(frames, estimate, calibrate(tall), shown)
    assert states == live_states
    assert news == live_news
    assert {"upright", "slouching"} <= set(states.values())
