"""The desk's thread: when the camera is open, how often it gives a frame, and that none is kept.

Cameras here are Sources of the test; poses come from a sitter, or from the real lite model.
"""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from sitters import TALL, Sitter, two_points

from posecheck.commands.analyze_desk import DeskRecording, Span, calibrated, samples_of
from posecheck.desk.alerts import FREE, Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews, DeskView
from posecheck.desk.sampling import PREVIEW_S
from posecheck.desk.setup import SETUP_INTERVAL_S, SetupView
from posecheck.desk.states import DeskState
from posecheck.io.store.desk_profile import Found
from posecheck.io.vision.camera import CameraError, CameraLost, Source, open_source
from posecheck.io.vision.desk_source import DESK_CALM_S, FrameReader, desk_clock
from posecheck.io.vision.estimator import Estimator, _Picture
from posecheck.io.vision.no_camera import ClockSource
from posecheck.io.vision.pose_model import PoseModel, open_pose_model
from posecheck.pose import Detection, Frame, MaskNeed, Pose
from posecheck.ui.desk.camera_lease import OffReason
from posecheck.ui.desk.update import DeskUpdate
from posecheck.ui.desk.worker import REOPEN_S, DeskWorker

pytestmark = pytest.mark.gui

CLIP = Path(__file__).parents[2] / "clips" / "desk_slouch_adam.mp4"
SIZE = (640, 480)


class Camera(Source):
    """Gives grey frames at the requested rate, and records what happens to it."""

    live = True

    def __init__(self, grey: int = 120, frames: int | None = None) -> None:
        super().__init__("test camera", SIZE)
        self.grey, self.frames = grey, frames
        self.images: list[weakref.ref[np.ndarray]] = []
        self.requested: list[float] = []
        self.closed = threading.Event()
        self.closed_t = 0.0
        self._stop = threading.Event()

    def __iter__(self) -> Iterator[Frame]:
        for number in count():
            if self._stop.is_set():
                return
            if number == self.frames:
                raise CameraLost("test camera stopped sending pictures.")
            image = np.full((48, 64, 3), self.grey, np.uint8)
            self.images.append(weakref.ref(image))
            yield Frame(float(number), image)
            del image
            self.requested.append(self.min_interval_s)
            self._stop.wait(min(self.min_interval_s, 0.02))  # this camera's seconds are short

    def stop(self) -> None:
        self._stop.set()

    def close(self) -> None:
        self._stop.set()
        self.closed_t = time.perf_counter()
        self.closed.set()


class Desk:
    """A worker over cameras of the test, and what was opened for it."""

    def __init__(
        self,
        camera: Callable[[], Source] = Camera,
        sitter: Sitter = TALL,
        calibrated: bool = True,
        today: Callable[[], date] = lambda: date(2026, 3, 2),
    ) -> None:
        found = Found(two_points()) if calibrated else Found(None, "none")
        self.cameras: list[Source] = []
        self.monitors: list[DeskMonitor] = []
        self.troubles: list[str] = []
        self.model_closed = threading.Event()
        self.sitter = sitter
        self._camera = camera

        def monitoring(found: Calibration | None, before: DayState | None) -> DeskMonitor:
            self.monitors.append(DeskMonitor(found, restored=before))
            return self.monitors[-1]

        self.loop = DeskWorker(
            self._open, lambda masks: PoseModel(self._estimate, self.model_closed.set), monitoring,
            profile=lambda name, size: found, today=today,
        )  # fmt: skip
        self.loop.trouble.connect(self.troubles.append)

    def _open(self) -> Source:
        opened = self._camera()
        self.cameras.append(opened)
        return opened

    def _estimate(self, frame: Frame, mask: MaskNeed) -> Detection:
        return Detection(self.sitter.pose())

    @property
    def camera(self) -> Camera:
        last = self.cameras[-1]
        assert isinstance(last, Camera)
        return last


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(*args: object, **kwargs: object) -> Desk:
        desk = Desk(*args, **kwargs)  # type: ignore[arg-type]
        desks.append(desk)
        with qtbot.waitSignal(desk.loop.fresh, timeout=5000):
            desk.loop.start()
        return desk

    yield make
    for desk in desks:
        desk.loop.close()
    assert [thread.name for thread in threading.enumerate() if thread.name == "desk"] == []


Make = Callable[..., Desk]


@pytest.mark.parametrize("reason", ["pause", "lock", "break", "setup", "battery"])
def test_the_camera_is_free_within_a_second(opened: Make, qtbot: QtBot, reason: OffReason) -> None:
    """For every reason; the window does not wait for it."""
    desk = opened()
    began = time.perf_counter()
    desk.loop.pause(reason)
    assert time.perf_counter() - began < 0.1
    assert desk.camera.closed.wait(1.0)
    assert desk.loop.off == {reason}
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=1000)
    desk.loop.resume(reason)
    qtbot.waitUntil(lambda: len(desk.cameras) == 2 and desk.loop.watching, timeout=2000)
    assert not desk.camera.closed.is_set()


def test_quitting_frees_the_camera_and_the_model(opened: Make) -> None:
    """`close` returns when both are gone and the thread has ended."""
    desk = opened()
    began = time.perf_counter()
    desk.loop.close()
    assert time.perf_counter() - began < 1.0
    assert desk.camera.closed.is_set()
    assert desk.model_closed.is_set()


def test_the_camera_opens_only_without_any_reason_to_be_off(opened: Make, qtbot: QtBot) -> None:
    """A screen unlocked during a pause is still a pause."""
    desk = opened()
    desk.loop.pause("pause")
    desk.loop.pause("lock")
    assert desk.camera.closed.wait(1.0)
    desk.loop.resume("lock")
    with qtbot.waitSignal(desk.loop.fresh, timeout=5000):
        desk.loop.take()
    assert len(desk.cameras) == 1
    desk.loop.resume("pause")
    qtbot.waitUntil(lambda: len(desk.cameras) == 2, timeout=2000)


def test_a_camera_that_is_paused_while_it_opens_gives_no_picture(qtbot: QtBot) -> None:
    """With some drivers opening takes seconds; after the pause no frame may be taken."""
    desk = Desk(lambda: Camera())
    desk.loop.pause()
    desk.loop.start()
    desk.loop.resume()
    desk.loop.pause()
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=2000)
    desk.loop.close()
    assert all(isinstance(c, Camera) and c.closed.is_set() for c in desk.cameras)


def test_a_lost_camera_is_searched_for_quietly(opened: Make, qtbot: QtBot) -> None:
    """One sentence when it is lost, an empty one when it is back, nothing for each attempt."""
    answers: Iterator[Source | CameraError] = iter(
        [Camera(frames=3), CameraError("busy"), CameraError("busy"), Camera()]
    )

    def camera() -> Source:
        answer = next(answers)
        if isinstance(answer, CameraError):
            raise answer
        return answer

    began = time.perf_counter()
    desk = opened(camera)
    qtbot.waitUntil(lambda: len(desk.cameras) == 2, timeout=20_000)
    assert time.perf_counter() - began >= REOPEN_S + 2 * REOPEN_S
    qtbot.waitUntil(lambda: desk.troubles[-1:] == [""], timeout=2000)
    assert desk.troubles == ["test camera stopped sending pictures.", "busy", ""]
    assert isinstance(desk.cameras[0], Camera)
    assert desk.cameras[0].closed.is_set()


def test_a_user_in_a_call_is_not_asked_about_the_camera(qtbot: QtBot) -> None:
    """The question whether the camera has moved can wait until the call is over."""
    calls: list[float] = []
    elsewhere = Sitter(away=1.4)
    for circumstances in (FREE, Circumstances(in_call=True)):
        loop = DeskWorker(
            Pictures,
            lambda masks: PoseModel(lambda frame, mask: Detection(elsewhere.pose()), lambda: None),
            lambda found, before: DeskMonitor(found, restored=before),
            profile=lambda name, size: Found(two_points()),
            circumstances=lambda now=circumstances: now,  # type: ignore[misc]
        )
        news = Gathered(loop, qtbot).news
        calls.append(sum(alert.kind == "recalibrate" for each in news for alert in each.alerts))
    assert calls == [1, 0]


class Pictures(Source):
    """Three minutes of a grey recording, one frame per second, as fast as possible."""

    def __init__(self) -> None:
        super().__init__("pictures", SIZE)

    def __iter__(self) -> Iterator[Frame]:
        for second in range(180):
            yield Frame(float(second), np.full((48, 64, 3), 120, np.uint8))

    def close(self) -> None:
        """Nothing is open."""


def test_no_picture_outlives_its_judgement(opened: Make, qtbot: QtBot) -> None:
    """Without the preview an update has no frame, and no old frame is left in memory."""
    desk = opened()
    qtbot.waitUntil(lambda: len(desk.camera.images) > 10, timeout=5000)
    assert desk.loop.take().frame is None
    desk.loop.pause()
    assert desk.camera.closed.wait(1.0)
    qtbot.waitUntil(lambda: not desk.loop.watching, timeout=1000)
    gc.collect()
    assert [image() for image in desk.camera.images if image() is not None] == []


def test_the_preview_gets_the_newest_picture_and_gives_it_back(opened: Make, qtbot: QtBot) -> None:
    """Frames while they are wanted, sooner than usual; none once the preview is closed."""
    desk = opened()
    desk.loop.show(True)
    qtbot.waitUntil(lambda: desk.loop.take().frame is not None, timeout=2000)
    qtbot.waitUntil(lambda: desk.camera.requested[-1] == PREVIEW_S, timeout=2000)
    desk.loop.show(False)
    assert desk.loop.take().frame is None


@pytest.mark.parametrize(("grey", "state"), [(10, "unreliable"), (120, "upright")])
def test_a_dark_room_is_not_judged(opened: Make, qtbot: QtBot, grey: int, state: DeskState) -> None:
    """The model does not see a dark frame: it would find a person anywhere in the noise."""
    desk = opened(lambda: Camera(grey))
    qtbot.waitUntil(lambda: taken_view(desk, qtbot).reading.state == state, timeout=5000)


def test_a_camera_without_calibration_is_closed_until_the_set_up(
    opened: Make, qtbot: QtBot
) -> None:
    """Nothing can be judged, so no frame is taken; the set-up opens the camera again."""
    desk = opened(calibrated=False)
    assert desk.camera.closed.wait(1.0)
    assert desk.loop.off == {"setup"}
    desk.loop.set_up()
    desk.loop.resume("setup")
    setups: list[SetupView] = []

    def led() -> bool:
        taken = desk.loop.take()
        setups.extend([taken.setup] if taken.setup is not None else [])
        return any(view.share > 0 for view in setups)

    qtbot.waitUntil(led, timeout=5000)
    assert desk.camera.requested[-1] == SETUP_INTERVAL_S
    assert len(desk.cameras) == 2


def test_nothing_from_before_is_reported_after_forgetting(opened: Make, qtbot: QtBot) -> None:
    """Neither the minute that had begun nor a view of the day; the camera is closed."""
    desk = opened()
    qtbot.waitUntil(lambda: sum(taken_view(desk, qtbot).day.values()) > 1, timeout=5000)
    with qtbot.waitSignal(desk.loop.forgot, timeout=2000):
        desk.loop.forget()
    desk.loop.close()
    taken = desk.loop.take()
    assert [news.minute for news in taken.news if news.minute and news.minute.seconds] == []
    assert taken.view is None or sum(taken.view.day.values()) == 0
    assert desk.loop.off == {"setup"}
    assert desk.camera.closed.is_set()


def test_a_library_that_is_missing_is_a_sentence(qtbot: QtBot) -> None:
    """The model needs libGL; the sentence says what to install."""

    def estimating(masks: bool) -> PoseModel:
        raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    loop = DeskWorker(Camera, estimating, lambda found, before: DeskMonitor(found))
    with qtbot.waitSignal(loop.ended, timeout=5000) as ended:
        loop.start()
    loop.close()
    assert "sudo apt-get install libgl1" in ended.args[0]


def test_the_clock_of_the_desk_runs_forward() -> None:
    """It also counts while the computer sleeps; a test can only see that it increases."""
    first = desk_clock()
    assert desk_clock() >= first


def test_another_day_begins_at_midnight(opened: Make, qtbot: QtBot) -> None:
    """The day's numbers are reset."""
    day = [date(2026, 3, 2)]
    desk = opened(today=lambda: day[0])
    qtbot.waitUntil(lambda: sum(taken_view(desk, qtbot).day.values()) > 0.5, timeout=9000)
    day[0] = date(2026, 3, 3)
    qtbot.waitUntil(lambda: sum(taken_view(desk, qtbot).day.values()) < 0.5, timeout=5000)


def taken_view(desk: Desk, qtbot: QtBot) -> DeskView:
    views: list[DeskView] = []

    def seen() -> bool:
        view = desk.loop.take().view
        views.extend([view] if view is not None else [])
        return bool(views)

    qtbot.waitUntil(seen, timeout=5000)
    return views[-1]


class Gathered:
    """All updates of a worker over a recording."""

    def __init__(self, loop: DeskWorker, qtbot: QtBot) -> None:
        self.taken: list[DeskUpdate] = []
        loop.fresh.connect(lambda: self.taken.append(loop.take()))
        with qtbot.waitSignal(loop.ended, timeout=60_000) as over:
            loop.start()
        assert over.args == [""]
        self.taken.append(loop.take())
        loop.close()

    @property
    def news(self) -> list[DeskNews]:
        return [news for taken in self.taken for news in taken.news]


class Replayed(Source):
    """The person of a clip, alternately tall and slumped, longer than the clip; not paced."""

    TALL, SLUMPED = (0.0, 7.0), (10.2, 15.0)

    def __init__(self, script: list[tuple[tuple[float, float], float]]) -> None:
        super().__init__("replayed", SIZE)
        with open_source(CLIP) as source:
            self._frames = list(source)
        self._script = script
        self.steps: list[tuple[float, float]] = []

    def __iter__(self) -> Iterator[Frame]:
        t, until = 0.0, 0.0
        for (start, end), seconds in self._script:
            images = [frame.image for frame in self._frames if start <= frame.t <= end]
            until += seconds
            for number in count():
                if t >= until:
                    break
                yield Frame(t, images[number % len(images)])
                self.steps.append((t, self.min_interval_s))
                t += self.min_interval_s

    def close(self) -> None:
        """Nothing is open."""

    def steps_between(self, start: float, end: float) -> set[float]:
        return {every for t, every in self.steps if start <= t < end}


def calibration_of(clip: Path) -> Calibration:
    """A calibration with both points, by the real model."""
    with open_source(clip) as source, Estimator("lite") as estimator:
        samples = list(samples_of(source, FrameReader(estimator)))
    requested = DeskRecording(clip, clip, "lite", Span(*Replayed.TALL), Span(*Replayed.SLUMPED))
    return calibrated(requested, samples)[0]


@pytest.mark.model
def test_the_rate_follows_what_is_to_be_decided(qtbot: QtBot) -> None:
    """With the real lite model: one frame per second, five while a slump is being confirmed, then
    one again; amber comes once, and every minute is reported."""
    source = Replayed([(Replayed.TALL, 80), (Replayed.SLUMPED, 70), (Replayed.TALL, 30)])
    calibration = calibration_of(CLIP)
    loop = DeskWorker(
        lambda: source, lambda masks: open_pose_model("lite", masks, DESK_CALM_S),
        lambda found, before: DeskMonitor(found, restored=before),
        profile=lambda name, size: Found(calibration),
    )  # fmt: skip
    gathered = Gathered(loop, qtbot)
    assert source.steps_between(0, 80) <= {1.0, 2.0}
    assert 0.2 in source.steps_between(80, 135)
    assert source.steps_between(140, 150) == {1.0}
    alerts = [alert for news in gathered.news for alert in news.alerts]
    assert [alert.kind for alert in alerts] == ["amber", "recovered"]
    assert 80 + 45 <= alerts[0].t <= 80 + 60
    minutes = [news.minute for news in gathered.news if news.minute]
    assert len(minutes) >= 2
    for minute in minutes:
        assert sum(minute.seconds.values()) == pytest.approx(60, abs=3)
    assert len(source.steps) < 400


class Counting(Estimator):
    """Counts its fresh detections."""

    looks = 0

    def _detect(self, picture: _Picture) -> list[Pose]:
        self.looks += 1
        return super()._detect(picture)


@pytest.mark.model
@pytest.mark.parametrize(("calm_s", "least", "most"), [(0.0, 6, 60), (DESK_CALM_S, 1, 3)])
def test_a_still_user_is_rarely_detected_afresh(calm_s: float, least: int, most: int) -> None:
    """A fresh detection costs more than a tracked frame; a minute at the desk needs one or two."""
    with open_source(CLIP) as source:
        images = [frame.image for frame in source if frame.t <= Replayed.TALL[1]]
    with Counting("lite", calm_s=calm_s) as estimator:
        for second in range(50):
            assert estimator(Frame(float(second), images[second % len(images)])).pose is not None
    assert least <= estimator.looks <= most


# --- without a camera ---------------------------------------------------------------------------


def test_without_a_camera_no_model_is_opened_and_no_set_up_asked_for(
    opened: Make, qtbot: QtBot
) -> None:
    """A camera that is found later is watched as usual."""
    blank = [True]
    desk = opened(lambda: ClockSource() if blank[0] else Camera(), calibrated=False)
    met: list[Found] = []
    desk.loop.met.connect(met.append)
    assert desk.loop.off == frozenset()
    assert met == []
    qtbot.waitUntil(lambda: desk.loop.take().view is not None, timeout=5000)
    blank[0] = False
    desk.loop.reopen()
    qtbot.waitUntil(lambda: len(met) == 1, timeout=5000)
    assert desk.loop.off == {"setup"}
    desk.loop.close()
    assert desk.model_closed.is_set()


def test_without_a_camera_the_model_stays_closed(opened: Make) -> None:
    desk = opened(ClockSource, calibrated=False)
    desk.loop.close()
    assert not desk.model_closed.is_set()
