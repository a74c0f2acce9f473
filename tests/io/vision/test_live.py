"""Sources of a guided session: files played as if they were live, and a camera that reconnects."""

from __future__ import annotations

from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from phone import phone

from posecheck.io.vision.camera import CameraError
from posecheck.io.vision.live import BETWEEN_S, Playlist, ReconnectingSource, open_live
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.pacing import in_real_time
from posecheck.pose import Frame

CLIP = str(Path(__file__).parents[2] / "clips" / "childs_pose_beth_R.mp4")
EMPTY = np.zeros((48, 64, 3), np.uint8)


def images(folder: Path, greys: list[int]) -> str:
    """Write a folder of images, played at ten per second."""
    folder.mkdir()
    for number, grey in enumerate(greys):
        cv2.imwrite(str(folder / f"{number:03}.png"), np.full((48, 64, 3), grey, np.uint8))
    return str(folder)


def test_files_follow_each_other_with_an_empty_picture_between(tmp_path: Path) -> None:
    """Times continue; more than a second of black lets the next person become the subject."""
    first, second = images(tmp_path / "a", [100] * 5), images(tmp_path / "b", [200] * 5)
    with open_live([first, second], paced=False) as source:
        frames = list(source)
    assert all(np.diff([frame.t for frame in frames]) > 0)
    black = [frame.t for frame in frames if not frame.image.any()]
    assert max(black) - min(black) == pytest.approx(BETWEEN_S - 0.1)
    assert [int(f.image[0, 0, 0]) for f in frames if f.image.any()] == [100] * 5 + [200] * 5


def test_a_paced_file_takes_its_time(tmp_path: Path) -> None:
    """As from a camera, no frame comes before its time."""
    with Playlist([images(tmp_path / "a", [50] * 6)]) as source:
        began = cv2.getTickCount()
        frames = list(source)
        took = (cv2.getTickCount() - began) / cv2.getTickFrequency()
    assert len(frames) == 6
    assert took >= frames[-1].t == pytest.approx(0.5)


def test_the_rate_of_a_file_may_change_while_it_plays(tmp_path: Path) -> None:
    """A file can stand in for the desk's camera: images and videos follow the wanted interval from
    frame to frame."""
    for spec, step in ((images(tmp_path / "a", [50] * 40), 0.1), (CLIP, 1 / 15)):
        with Playlist([spec], paced=False) as source:
            source.min_interval_s = 1.0
            stamps = []
            for frame in islice(source, 8):
                stamps.append(frame.t)
                if len(stamps) == 3:
                    source.min_interval_s = 0.2
        assert stamps[:3] == pytest.approx([0, 1, 2])
        assert np.diff(stamps[2:]) == pytest.approx([0.2] * 5, abs=step)


def test_a_slow_consumer_of_a_paced_file_gets_the_newest_frames(tmp_path: Path) -> None:
    """Late frames are dropped, as a camera would drop them. The consumer is ready for the next one
    every 0.4 s."""
    ready = in_real_time(Frame(0.4 * n, EMPTY) for n in count(1))
    with Playlist([images(tmp_path / "a", [50] * 20)]) as source:
        stamps = [frame.t for frame, _ in zip(source, ready, strict=False)]
    assert len(stamps) < 8
    assert stamps[-1] > 1.0


def test_what_was_assumed_of_the_files_is_told(tmp_path: Path) -> None:
    with Playlist([CLIP, images(tmp_path / "a", [50] * 3)], paced=False) as source:
        (remark,) = source.remarks
    assert "10 pictures a second were assumed" in remark


def test_every_file_is_checked_before_the_first_plays(tmp_path: Path) -> None:
    """So that the third file does not fail in the middle of a session."""
    with pytest.raises(CameraError, match=r"missing\.mp4"):
        open_live([CLIP, str(tmp_path / "missing.mp4")])


def test_a_lost_stream_gives_lost_frames_until_it_is_found_again() -> None:
    """The last picture is repeated, marked as lost, until the phone sends again."""
    with phone() as app:
        for grey in range(40):
            app.send.put(grey)
        with open_live([f"{app.address}/video"]) as source:
            assert isinstance(source, ReconnectingSource)
            app.send.put(None)
            mirrored: list[int] = []
            source.on_frame = lambda image: mirrored.append(int(image[0, 0, 0]))
            frames = iter(source)
            lost = next(frame for frame in frames if frame.lost)
            assert lost.image.shape == (48, 64, 3)
            for _ in range(40):
                app.send.put(250)
            found = next(frame for frame in islice(frames, 100) if not frame.lost)
            assert found.t > lost.t
            assert int(found.image[0, 0, 0]) == 250
            for _ in range(40):
                app.send.put(250)
            assert any(250 in mirrored for _ in islice(frames, 40))  # of the reopened stream
            app.send.put(None)


def test_closing_ends_the_search_for_a_lost_stream() -> None:
    """`close` does not wait for a camera that does not come back."""
    with phone() as app:
        for grey in range(40):
            app.send.put(grey)
        source = open_live([f"{app.address}/video"])
        app.send.put(None)
        frames = iter(source)
        assert next(frame for frame in frames if frame.lost).lost
        source.close()
        assert list(frames) == []
