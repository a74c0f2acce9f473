"""The thread of a session: nothing said is lost, and everything is let go in its own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot
from sessions import CHILD, CLIP, WORDS, Broken, Endless, frames_of_clip, threads

from posecheck.coach.guide import Guide
from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.live import Playlist
from posecheck.io.vision.models import ModelError
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import Detection, Frame
from posecheck.session.session import PlannedSet
from posecheck.ui.session.request import estimating
from posecheck.ui.session.worker import MISTAKE, SessionWorker

MS = 30_000


def lite(masks: bool) -> PoseModel:
    return estimating("lite", masks)


def looped(
    opened: Callable[[], Source], model: Callable[[bool], PoseModel] = lite
) -> SessionWorker:
    return SessionWorker(opened, model, Guide((PlannedSet(CHILD, hold_s=3.0),), WORDS))


def test_everything_that_was_said_is_taken_once(qtbot: QtBot) -> None:
    """Pictures may be skipped; cues and tones wait until they are taken, and are then gone."""
    loop = looped(lambda: Playlist([CLIP], paced=False))
    with qtbot.waitSignal(loop.ended, timeout=MS) as ended:
        loop.start()
    news = loop.take()
    assert ended.args == [""]
    assert loop.complete
    assert news.moment is not None
    said = [cue for account in loop.accounts for _, cue in account.spoken]
    assert [cue for cue in news.cues if cue.voice] == said
    assert "done" in news.tones
    again = loop.take()
    assert (again.cues, again.tones) == ((), ())
    assert again.image is None
    assert again.moment is None
    loop.close()
    assert threads() == []


def test_fresh_comes_once_for_all_that_is_not_taken_yet(qtbot: QtBot) -> None:
    """A window that is slow is not flooded."""
    heard: list[int] = []
    loop = looped(Endless)
    loop.fresh.connect(lambda: heard.append(1))
    loop.start()
    qtbot.waitUntil(lambda: bool(loop.accounts), timeout=MS)
    first = loop.tally.accounts[0].seconds
    qtbot.waitUntil(lambda: loop.accounts[0].seconds > first + 1.0, timeout=MS)
    assert len(heard) == 1
    loop.take()
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=MS)
    loop.close()


def test_a_picture_does_not_wait_for_the_model(qtbot: QtBot) -> None:
    """While one is being judged the newer ones are there to be shown, each once."""
    judging, free = Event(), Event()
    source = Endless()

    def slow(masks: bool) -> PoseModel:
        model = lite(masks)

        def estimate(frame: Frame, mask: bool) -> Detection:
            judging.set()
            assert free.wait(MS / 1000)
            return model.estimate(frame, mask)

        return PoseModel(estimate, model.close)

    loop = looped(lambda: source, slow)
    loop.start()
    assert judging.wait(MS / 1000)
    first = loop.take()
    assert first.image is frames_of_clip()[0].image
    assert first.moment is None
    assert source.on_frame is not None
    with qtbot.waitSignal(loop.fresh, timeout=MS):
        source.on_frame(frames_of_clip()[1].image)
    second = loop.take()
    assert second.image is frames_of_clip()[1].image
    assert second.moment is None
    source.on_frame(frames_of_clip()[1].image)
    assert loop.take().image is None
    free.set()
    qtbot.waitUntil(lambda: loop.take().moment is not None, timeout=MS)
    loop.close()


def test_commands_count_in_their_order_from_the_next_picture_on(qtbot: QtBot) -> None:
    """Also those that were given before the first."""
    gate = Event()
    loop = looped(lambda: Endless(gate))
    loop.start()
    loop.command("pain")
    loop.command("mild")
    gate.set()
    qtbot.waitUntil(lambda: (now := loop.take().moment) is not None
                    and now.view.pain.step == "easing", timeout=MS)  # fmt: skip
    loop.close()


def test_the_model_is_closed_by_the_thread_that_opened_it(qtbot: QtBot) -> None:
    """And the source is closed too, after it."""
    names: list[str] = []
    source = Endless()

    def noted(masks: bool) -> PoseModel:
        model = lite(masks)
        names.append(threading.current_thread().name)

        def close() -> None:
            model.close()
            names.append(threading.current_thread().name)

        return PoseModel(model.estimate, close)

    loop = looped(lambda: source, noted)
    loop.start()
    qtbot.waitUntil(lambda: loop.take().moment is not None, timeout=MS)
    loop.close()
    loop.close()
    assert names == ["session", "session"]
    assert source.closed.is_set()
    assert threads() == []


def test_leaving_while_the_camera_opens_loads_no_model(qtbot: QtBot) -> None:
    """A driver may take seconds; what is not wanted any more is not waited for."""
    opening, loaded = Event(), Event()

    def slowly() -> Source:
        opening.set()
        while not loop.stopped:
            pass
        return Endless()

    def noted(masks: bool) -> PoseModel:
        loaded.set()
        return lite(masks)

    loop = looped(slowly, noted)
    with qtbot.waitSignal(loop.ended, timeout=MS) as ended:
        loop.start()
        assert opening.wait(10)
        loop.close()
    assert ended.args == [""]
    assert not loaded.is_set()


def refused(error: Exception) -> Source:
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
def test_what_is_wrong_is_a_sentence(qtbot: QtBot, error: Exception, sentence: str) -> None:
    """For a person, wherever it comes from."""
    loop = looped(lambda: refused(error))
    with qtbot.waitSignal(loop.ended, timeout=MS) as ended:
        loop.start()
    assert sentence in ended.args[0]
    assert loop.accounts == []
    loop.close()


def test_a_model_file_that_is_none_is_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    """The file is named, and the camera let go."""
    file, source = tmp_path / "broken.task", Endless()
    file.write_bytes(b"no model")
    loop = looped(lambda: source, lambda masks: estimating(str(file), masks))
    with qtbot.waitSignal(loop.ended, timeout=MS) as ended:
        loop.start()
    loop.close()
    assert "broken.task" in ended.args[0]
    assert source.closed.is_set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_posecheck_ends_the_session_and_keeps_what_was_counted(qtbot: QtBot) -> None:
    """Its traceback goes to the terminal, for a report."""
    loop = looped(lambda: Broken(5))
    with qtbot.waitSignal(loop.ended, timeout=MS) as ended:
        loop.start()
    loop.close()
    assert ended.args == [MISTAKE]
    assert loop.accounts[0].seconds == pytest.approx(0.4)
