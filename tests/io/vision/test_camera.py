"""Webcams and streams: a real stream that the test serves, and a fake capture of ten lines."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from phone import phone

from posecheck.io.vision.camera import (
    CameraError,
    CameraInfo,
    CameraLost,
    camera_trouble,
    open_source,
)
from posecheck.io.vision.live_capture import LiveCapture
from posecheck.pose import Frame


def error(spec: str | Path) -> str:
    """The message of the error that opening raises."""
    with pytest.raises(CameraError) as caught:
        open_source(spec)
    return str(caught.value)


class TestErrors:
    def test_no_such_camera(self) -> None:
        assert error("97").startswith("No camera answers at index 97")
        by_name = error("Cinema 3000")
        assert "no camera called 'Cinema 3000'. Cameras found: " in by_name
        assert by_name.endswith(("or choose one of these.", "or a stream's address instead."))

    @pytest.mark.parametrize(
        ("opened", "denied", "found", "platform", "expected"),
        [
            (False, False, [], "linux", "none was found on this computer"),
            (False, False, [CameraInfo(0, "Eye")], "linux", "Cameras found: 0 (Eye)"),
            (True, False, [], "linux", "another program seems to use it"),
            (False, False, [CameraInfo(3, "Eye")], "win32", "Privacy & security > Camera"),
            (False, True, [], "linux", "sudo usermod -aG video"),
            (True, False, [], "darwin", "Privacy & Security > Camera"),
        ],
    )
    def test_camera_troubles(
        self, opened: bool, denied: bool, found: list[CameraInfo], platform: str, expected: str
    ) -> None:
        message = camera_trouble(3, opened=opened, denied=denied, found=found, platform=platform)
        assert expected in message

    @pytest.mark.parametrize("address", ["ftp://host/a.mp4", "http://", "file:///etc/hosts"])
    def test_other_addresses(self, address: str) -> None:
        assert "it has to begin with http://" in error(address)

    def test_nothing_is_printed(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "letter.mp4").write_text("Dear reader")
        for spec in (tmp_path / "letter.mp4", "97", "http://127.0.0.1:9/"):
            error(spec)
        assert capfd.readouterr() == ("", "")


def camera_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("camera")]


class TestStream:
    def test_frames_arrive_until_the_app_ends(self) -> None:
        with phone() as app:
            for value in range(0, 200, 5):
                app.send.put(value)
            secret = app.address.replace("//", "//me:secret@") + "/video?key=secret"
            with open_source(secret) as source:
                assert (source.live, source.size, source.frame_count) == (True, (64, 48), None)
                assert source.name == f"{app.address}/video"
                assert camera_threads() == [f"camera {source.name}"]
                app.send.put(None)
                frames: list[Frame] = []
                with pytest.raises(CameraLost, match="stopped sending pictures"):
                    frames.extend(source)
            assert camera_threads() == []
        assert all(np.diff([frame.t for frame in frames]) > 0)

    def test_its_opening_and_its_loss_are_logged_without_secrets(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "posecheck")
        with phone() as app:
            for value in range(0, 200, 5):
                app.send.put(value)
            secret = app.address.replace("//", "//me:secret@") + "/video?key=secret"
            with open_source(secret) as source:
                app.send.put(None)
                with pytest.raises(CameraLost):
                    list(source)
        name = f"{app.address}/video"
        opened, lost = caplog.messages
        assert opened == f"opened: {name}, 64x48"
        assert lost.startswith(f"lost: {name} stopped sending pictures.")

    def test_a_stream_that_stalls_is_lost(self) -> None:
        with phone() as app:
            for value in range(40):
                app.send.put(value)
            with open_source(f"{app.address}/video") as source:
                with pytest.raises(CameraLost):
                    for _ in source:
                        pass
                app.send.put(None)
            assert camera_threads() == []

    def test_a_turned_phone_is_lost_and_comes_back_in_its_new_size(self) -> None:
        """All frames have the size of their source; opened again, the source has the new size."""
        with phone() as app:
            for value in [90] * 40 + [-200] * 5:
                app.send.put(value)
            with open_source(f"{app.address}/video") as source:
                frames: list[Frame] = []
                with pytest.raises(CameraLost, match="another size"):
                    frames.extend(source)
            assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
            assert all(abs(frame.image - 90.0).max() <= 2 for frame in frames)
            for _ in range(40):
                app.send.put(-200)
            with open_source(f"{app.address}/video") as source:
                image = next(iter(source)).image
                assert (source.size, image.shape) == ((48, 64), (64, 48, 3))
                assert abs(image - 200.0).max() <= 2
                app.send.put(None)
            assert camera_threads() == []

    def test_a_stream_that_never_starts(self) -> None:
        with phone() as app, pytest.raises(CameraError, match="answers, but sends no pictures"):
            open_source(f"{app.address}/video")

    def test_a_wrong_path(self) -> None:
        with phone() as app, pytest.raises(CameraError, match="Check the path"):
            open_source(f"{app.address}/wrong")

    def test_an_address_without_a_server(self) -> None:
        with phone() as app:
            address = app.address
        with pytest.raises(CameraError, match=r"cannot be reached .*camera app is running"):
            open_source(f"{address}/video")


class FakeCamera:
    """A capture whose pictures the test provides; `empty` is set once all have been read."""

    def __init__(self) -> None:
        self.script: SimpleQueue[Callable[[], bool]] = SimpleQueue()
        self.value = 0
        self.decoded = 0
        self.released_by = ""

    def give(self, *values: int) -> None:
        """Provide pictures; return when the reader has taken them and asks for more."""
        asked_again = threading.Event()

        def show(value: int) -> bool:
            self.value = value
            return True

        def nothing() -> bool:
            asked_again.set()
            return False

        for value in values:
            self.script.put(partial(show, value))
        self.script.put(nothing)
        assert asked_again.wait(5)

    def grab(self) -> bool:
        return self.script.get()()

    def retrieve(self) -> tuple[bool, np.ndarray[Any, Any]]:
        self.decoded += 1
        return True, np.full((4, 4, 3), self.value, np.uint8)

    def release(self) -> None:
        self.released_by = threading.current_thread().name


class TestLive:
    def open(
        self, camera: FakeCamera | SimpleNamespace, min_interval_s: float = 0.0
    ) -> LiveCapture:
        first = Frame(0.0, np.zeros((4, 4, 3), np.uint8))
        return LiveCapture(cast(Any, camera), first, "fake", None, min_interval_s)

    def test_the_newest_frame_wins(self) -> None:
        camera = FakeCamera()
        with self.open(camera) as source:
            frames = iter(source)
            camera.give(1, 2, 3)
            assert next(frames).image[0, 0, 0] == 3
            camera.give(*range(4, 30))
            newest = next(frames)
            assert newest.image[0, 0, 0] == 29
            camera.give(30)
            camera.script.put(lambda: False)  # wakes the reader, which then stops
            source.close()
            assert list(frames) == []
        assert camera.released_by == "camera fake"
        assert camera_threads() == []

    def test_every_picture_goes_to_on_frame_whether_it_is_fetched_or_not(self) -> None:
        camera = FakeCamera()
        with self.open(camera) as source:
            seen: list[int] = []
            source.on_frame = lambda image: seen.append(int(image[0, 0, 0]))
            camera.give(1, 2, 3)
            assert next(iter(source)).image[0, 0, 0] == 3
            camera.script.put(lambda: False)
            source.close()
        assert seen == [1, 2, 3]

    def test_frames_between_samples_are_not_decoded(self) -> None:
        camera = FakeCamera()
        with self.open(camera, min_interval_s=1e9) as source:
            camera.give(1, 2, 3)
            assert next(iter(source)).image[0, 0, 0] == 0
            camera.script.put(lambda: False)
            source.close()
        assert camera.decoded == 0

    def test_the_rate_may_change_while_the_source_runs(self) -> None:
        """All are grabbed, few decoded; a shorter interval applies from the next grab on."""
        camera = FakeCamera()
        with self.open(camera, min_interval_s=1e9) as source:
            frames = iter(source)
            assert next(frames).t == 0
            camera.give(*range(1, 30))
            assert camera.decoded == 0
            source.min_interval_s = 0.0
            camera.give(30, 31)
            assert (camera.decoded, next(frames).image[0, 0, 0]) == (2, 31)
            source.min_interval_s = 1e9
            camera.give(*range(32, 60))
            assert camera.decoded == 2
            camera.script.put(lambda: False)
            source.close()

    def test_stop_does_not_wait(self) -> None:
        """`stop` ends the iteration although the camera does not answer; `close` waits for it."""
        camera = FakeCamera()
        source = self.open(camera)
        frames = iter(source)
        assert next(frames).t == 0
        source.stop()  # the reader is inside `grab`
        assert list(frames) == []
        assert camera.released_by == ""
        camera.script.put(lambda: False)
        source.close()
        assert camera.released_by == "camera fake"

    def test_failing_reads_are_a_lost_camera(self) -> None:
        gone = SimpleNamespace(grab=lambda: False, release=lambda: None)
        with self.open(gone) as source:
            frames = iter(source)
            assert next(frames).t == 0
            with pytest.raises(CameraLost, match="fake stopped sending pictures"):
                next(frames)
        assert camera_threads() == []


@pytest.mark.process
def test_a_program_that_forgets_to_close_still_ends() -> None:
    code = """
from types import SimpleNamespace
import numpy as np
from posecheck.io.vision.live_capture import LiveCapture
from posecheck.pose import Frame
image = np.zeros((4, 4, 3), np.uint8)
endless = SimpleNamespace(
    grab=lambda: True, retrieve=lambda: (True, image), release=lambda: print("released")
)
print(next(iter(LiveCapture(endless, Frame(0.0, image), "fake", None, 0.0))).image.shape)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (run.stdout, run.returncode) == ("(4, 4, 3)\nreleased\n", 0), run.stderr


@pytest.mark.process
def test_the_import_of_opencv_leaves_qt_alone() -> None:
    code = "import os; before = dict(os.environ); import posecheck.io.vision.camera; "
    code += "changed = [name for name in os.environ if os.environ[name] != before.get(name)]; "
    code += "print(*changed)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name.startswith("OPENCV_") for name in run.stdout.split())
