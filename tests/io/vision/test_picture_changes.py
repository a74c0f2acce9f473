"""Which pictures are the same, and which bodies move."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from posecheck.body.subject import BodyPlace, Box
from posecheck.io.vision.opencv import cv2
from posecheck.io.vision.picture_changes import MovedBodies, PosterDoubt, RepeatedPictures

Image = NDArray[np.uint8]

CLIPS = Path(__file__).parents[2] / "clips"
FPS = 15


def pictures(clip: str) -> Iterator[Image]:
    capture = cv2.VideoCapture(str(CLIPS / f"{clip}.mp4"))
    while True:
        more, picture = capture.read()
        if not more:
            return
        yield np.asarray(picture, np.uint8)


def repeated(given: list[Image]) -> list[bool]:
    repeats = RepeatedPictures()
    return [repeats.update(image) for image in given]


@pytest.fixture(scope="module")
def plank() -> list[Image]:
    """Two seconds of a person who holds a plank."""
    return list(islice(pictures("plank_adam_L"), 90, 120))


def test_a_person_who_holds_still_gives_no_picture_twice(plank: list[Image]) -> None:
    """Frames of a second apart too, as at the desk."""
    assert not any(repeated(plank))
    assert not any(repeated(plank[::15]))


def test_a_codec_does_not_make_a_frozen_picture_live(plank: list[Image]) -> None:
    image = plank[0]
    coded = [
        np.asarray(
            cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, q])[1], 1), np.uint8
        )
        for q in (95, 90, 95, 92)
    ]
    assert repeated(coded) == [False, True, True, True]


def test_slow_movement_adds_up(plank: list[Image]) -> None:
    """A picture is compared with the first of its run: a fade of 2 levels a frame is no still
    picture, though no frame differs much from the one before."""
    faded = [np.asarray(plank[0] * (1 - 0.01 * k), np.uint8) for k in range(30)]
    assert not all(repeated(faded)[1:])
    assert sum(repeated(faded)) < 28


def test_grey_and_turned_pictures_can_be_compared(plank: list[Image]) -> None:
    grey = np.ascontiguousarray(plank[0][..., 1])
    assert repeated([plank[0], grey, grey, np.ascontiguousarray(np.rot90(grey)), plank[0]]) == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_the_black_of_a_covered_lens_is_not_compared() -> None:
    """That nobody is seen, and that it is dark, says more."""
    assert not any(repeated([np.zeros((480, 640, 3), np.uint8)] * 3))
    assert not any(repeated([np.full((480, 640, 3), 200, np.uint8)] * 3))


# --- bodies -------------------------------------------------------------------------------------

POSTER: Box = (10.0, 10.0, 120.0, 230.0)
MOVER: Box = (165.0, 30.0, 300.0, 230.0)
NOISE = np.random.default_rng(0).normal(0.0, 8.0, (7, 240, 320))


def beside(poster: Image, mover: Image, seed: int | None = None) -> Image:
    """A still picture at the left, a live one at the right; 320 x 240. `seed`: also with noise."""
    image = np.hstack([poster[::2, :320:2, 1], mover[::2, 160:480:2, 1]])
    noise = 0.0 if seed is None else NOISE[seed % len(NOISE)]
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("noise", [False, True])
def test_a_poster_never_moves_and_a_quiet_person_does(plank: list[Image], noise: bool) -> None:
    """With the noise of a camera in a dim room too, 8 of 255."""
    moved = MovedBodies()
    for k, image in enumerate((*plank, *plank[::-1])):
        moved.update(k / FPS, beside(plank[0], image, k if noise else None))
    assert not moved.moves(POSTER)
    assert moved.moves(MOVER)
    assert moved.still(POSTER)
    assert not moved.still(MOVER)
    assert moved.others_move(POSTER)
    assert not moved.others_move((150.0, 0.0, 320.0, 240.0))


def test_nothing_is_called_still_before_it_was_watched(plank: list[Image]) -> None:
    moved = MovedBodies()
    assert not moved.moves(POSTER)
    for t in (0.0, 2.9):
        moved.update(t, plank[0])
        assert not moved.still(POSTER)
    moved.update(3.0, plank[0][:240])  # another size begins anew
    assert not moved.still(POSTER)


def test_a_subject_that_does_not_move_is_given_up_for_one_who_does(plank: list[Image]) -> None:
    """Not before 3 s; until then it is undecided who is the subject. Nobody else: no doubt."""
    moved = MovedBodies()
    doubt = PosterDoubt(moved)
    own, other = (BodyPlace(complex(b[0], b[1]), 100.0, b) for b in (POSTER, MOVER))
    decided: list[tuple[float, int | None]] = []
    for k in range(75):
        t = k / FPS
        moved.update(t, beside(plank[0], plank[k % 30]))
        if doubt.update(t, own.box):
            assert doubt.decide(t, own, [own]) is None
            assert not doubt.undecided
            decided.append((t, doubt.decide(t, own, [own, other])))
            assert doubt.undecided == (decided[-1][1] is None)
            if decided[-1][1] is not None:
                break
    assert decided[0][0] < 0.6
    assert decided[-1][1] == 1
    assert decided[-1][0] == pytest.approx(decided[0][0] + 3.0, abs=0.6)
    assert not doubt.update(6.0, other.box)
