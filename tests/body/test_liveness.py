"""What a frame is worth whose picture was seen before."""

from __future__ import annotations

from itertools import groupby

import pytest
from bodies import series

from posecheck.body.liveness import Liveness, PictureState


def runs(
    *pieces: tuple[str, float], fps: float = 15.0, start: float = 0.0
) -> list[tuple[PictureState, int]]:
    """The states of a timeline and how many frames each lasts. "live": every picture is another
    one; "still": every picture repeats the one before; "slow": one in ten does not."""
    liveness = Liveness()
    states = [
        liveness.update(t, kind == "still" or (kind == "slow" and k % 10 != 0))
        for k, (t, kind) in enumerate(series(*pieces, fps=fps, start=start))
    ]
    return [(state, len(list(group))) for state, group in groupby(states)]


def test_a_picture_that_stands_still_for_more_than_a_second_is_frozen() -> None:
    """At 15 frames a second the last live picture is 1/15 s before the first repeated one."""
    assert runs(("live", 2.0), ("still", 3.0), start=7.3) == [
        ("new", 30), ("repeated", 15), ("frozen", 30),
    ]  # fmt: skip


def test_two_new_pictures_are_a_sign_of_life() -> None:
    frozen = runs(("live", 1.0), ("still", 2.0), ("live", 1.0))
    assert frozen == [("new", 15), ("repeated", 15), ("frozen", 16), ("new", 14)]


def test_a_codec_that_renews_a_frozen_picture_does_not_make_it_live() -> None:
    renewed = [piece for _ in range(4) for piece in (("live", 1 / 15), ("still", 8.0))]
    assert runs(("live", 1.0), ("still", 2.0), *renewed)[2:] == [("frozen", 15 + 4 * 121)]


@pytest.mark.parametrize("fps", [10.0, 30.0])
def test_a_slow_camera_in_a_quick_file_is_not_frozen(fps: float) -> None:
    """One picture a second at 10 frames a second; three a second at 30."""
    assert "frozen" not in dict(runs(("slow", 20.0), fps=fps))


@pytest.mark.parametrize("fps", [0.5, 1.0, 5.0, 60.0])
def test_a_picture_is_live_again_at_every_rate(fps: float) -> None:
    """Also at the slowest one of the desk, where pictures are 2 s apart."""
    states = runs(("live", 10.0), ("still", 20.0), ("live", 20.0), fps=fps)
    assert states[-1] == ("new", 20 * fps - 1)
    assert states[-2][0] == "frozen"


def test_left_out_pictures_are_no_repeated_ones() -> None:
    """Recorders with a variable frame rate leave out pictures that repeat the one before."""
    liveness = Liveness()
    assert [liveness.update(t, False) for t in (0.0, 0.1, 5.0, 5.1, 30.0)] == ["new"] * 5


def test_a_time_that_goes_back_begins_anew() -> None:
    """A camera that is opened again counts from 0."""
    liveness = Liveness()
    for t in (0.0, 5.0, 10.0):
        liveness.update(t, True)
    assert [liveness.update(t, True) for t in (0.0, 0.5, 2.0)] == ["new", "repeated", "frozen"]
