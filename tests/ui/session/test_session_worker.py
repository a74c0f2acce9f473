"""The thread of a session: no cue is lost, and the thread frees everything that it opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot
from sessions import CHILD, CLIP, WORDS, Crashing, Endless, frames_of_clip, threads

from posecheck.coach.guide import Guide
from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.live import Playlist
from posecheck.io.vision.models import ModelError
from posecheck.io.vision.pose_model import PoseModel, open_pose_model
from posecheck.pose import Detection, Frame, MaskNeed
from posecheck.session.plan import PlannedSet
from posecheck.ui.session.worker import SESSION_CRASHED, SessionWorker

pytestmark = pytest.mark.gui

MS = 30_000


def lite(masks: bool) -> PoseModel:
    return open_pose_model("lite", masks)


def worker_of(
    open_source: Callable[[], Source], model: Callable[[bool], PoseModel] = lite
) -> SessionWorker:
    return SessionWorker(open_source, model, Guide((PlannedSet(CHILD, hold_s=3.0),), WORDS))


@pytest.mark.model
def test_everything_that_was_said_is_taken_once(qtbot: QtBot) -> None:
    """Cues and tones wait until they are taken, and are given only once."""
    worker = worker_of(lambda: Playlist([CLIP], paced=False))
    with qtbot.waitSignal(worker.ended, timeout=MS) as ended:
        worker.start()
    update = worker.take()
    assert ended.args == [""]
    assert worker.complete
    assert update.guided is not None
    said = [cue for set_stats in worker.set_stats for _, cue in set_stats.spoken]
    assert [cue for cue in update.cues if cue.voice] == said
    assert "done" in update.tones
    again = worker.take()
    assert (again.cues, again.tones) == ((), ())
    assert again.image is None
    assert again.guided is None
    worker.close()
    assert threads() == []


@pytest.mark.model
def test_an_update_is_announced_once_until_it_is_taken(qtbot: QtBot) -> None:
    """A slow window is not flooded with signals."""
    signals: list[int] = []
    worker = worker_of(Endless)
    worker.update_ready.connect(lambda: signals.append(1))
    worker.start()
    qtbot.waitUntil(lambda: bool(worker.set_stats), timeout=MS)
    first = worker.set_stats[0].seconds
    qtbot.waitUntil(lambda: worker.set_stats[0].seconds > first + 1.0, timeout=MS)
    assert len(signals) == 1
    worker.take()
    qtbot.waitUntil(lambda: len(signals) == 2, timeout=MS)
    worker.close()


@pytest.mark.model
def test_a_picture_does_not_wait_for_the_model(qtbot: QtBot) -> None:
    """While a frame is judged, newer pictures arrive in the window, each once."""
    judging, free = Event(), Event()
    source = Endless()

    def slow(masks: bool) -> PoseModel:
        model = lite(masks)

        def estimate(frame: Frame, mask: MaskNeed) -> Detection:
            judging.set()
            assert free.wait(MS / 1000)
            return model.estimate(frame, mask)

        return PoseModel(estimate, model.close)

    worker = worker_of(lambda: source, slow)
    worker.start()
    assert judging.wait(MS / 1000)
    first = worker.take()
    assert first.image is frames_of_clip()[0].image
    assert first.guided is None
    assert source.on_frame is not None
    with qtbot.waitSignal(worker.update_ready, timeout=MS):
        source.on_frame(frames_of_clip()[1].image)
    second = worker.take()
    assert second.image is frames_of_clip()[1].image
    assert second.guided is None
    source.on_frame(frames_of_clip()[1].image)
    assert worker.take().image is None
    free.set()
    qtbot.waitUntil(lambda: worker.take().guided is not None, timeout=MS)
    worker.close()


@pytest.mark.model
def test_commands_take_effect_in_order_with_the_next_picture(qtbot: QtBot) -> None:
    """This includes commands before the first picture."""
    gate = Event()
    worker = worker_of(lambda: Endless(gate))
    worker.start()
    worker.command("pain")
    worker.command("mild")
    gate.set()
    qtbot.waitUntil(lambda: (now := worker.take().guided) is not None
                    and now.view.pain.step == "easing", timeout=MS)  # fmt: skip
    worker.close()


@pytest.mark.model
def test_the_model_is_closed_by_the_thread_that_opened_it(qtbot: QtBot) -> None:
    """The same thread then closes the source."""
    names: list[str] = []
    source = Endless()

    def recorded(masks: bool) -> PoseModel:
        model = lite(masks)
        names.append(threading.current_thread().name)

        def close() -> None:
            model.close()
            names.append(threading.current_thread().name)

        return PoseModel(model.estimate, close)

    worker = worker_of(lambda: source, recorded)
    worker.start()
    qtbot.waitUntil(lambda: worker.take().guided is not None, timeout=MS)
    worker.close()
    worker.close()
    assert names == ["session", "session"]
    assert source.closed.is_set()
    assert threads() == []


def test_leaving_while_the_camera_opens_loads_no_model(qtbot: QtBot) -> None:
    """A driver may need seconds. The model of a session that was left is not loaded."""
    opening, left, loaded = Event(), Event(), Event()

    def open_slowly() -> Source:
        opening.set()
        assert left.wait(10)
        return Endless()

    def recorded(masks: bool) -> PoseModel:
        loaded.set()
        return lite(masks)

    worker = worker_of(open_slowly, recorded)
    with qtbot.waitSignal(worker.ended, timeout=MS) as ended:
        worker.start()
        assert opening.wait(10)
        closing = threading.Thread(target=worker.close)  # waits for the camera to open
        closing.start()
        qtbot.waitUntil(worker._stop.is_set)
        left.set()
        closing.join()
    assert ended.args == [""]
    assert not loaded.is_set()


def fail_with(error: Exception) -> Source:
    raise error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CameraError("No camera answers."), "No camera answers."),
        (ModelError("The model is damaged."), "The model is damaged."),
        (OSError(28, "No space left on device"), "No space left on device"),
        (ImportError("libGL.so.1: cannot open shared object file"), "sudo apt-get install"),
    ],
)
def test_an_error_becomes_a_sentence(qtbot: QtBot, error: Exception, sentence: str) -> None:
    """The user gets a sentence for every kind of error."""
    worker = worker_of(lambda: fail_with(error))
    with qtbot.waitSignal(worker.ended, timeout=MS) as ended:
        worker.start()
    assert sentence in ended.args[0]
    assert worker.set_stats == []
    worker.close()


@pytest.mark.model
def test_a_damaged_model_file_becomes_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    """The sentence names the file, and the camera is freed."""
    file, source = tmp_path / "broken.task", Endless()
    file.write_bytes(b"no model")
    worker = worker_of(lambda: source, lambda masks: open_pose_model(str(file), masks))
    with qtbot.waitSignal(worker.ended, timeout=MS) as ended:
        worker.start()
    worker.close()
    assert "broken.task" in ended.args[0]
    assert source.closed.is_set()


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_crash_ends_the_session_and_keeps_what_was_counted(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence of a session that crashed. A program around it adds where the details are."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    worker = worker_of(lambda: Crashing(5))
    with qtbot.waitSignal(worker.ended, timeout=MS) as ended:
        worker.start()
    worker.close()
    (sentence,) = ended.args
    assert sentence.startswith(SESSION_CRASHED)
    assert worker.set_stats[0].seconds == pytest.approx(0.4)
