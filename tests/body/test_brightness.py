"""Brightness of a picture: mean luma of a sparse grid."""

from __future__ import annotations

import numpy as np
import pytest

from posecheck.body.brightness import brightness

BLACK = np.zeros((720, 1280, 3), np.uint8)


def test_grey_pictures_have_the_brightness_of_their_pixels() -> None:
    """Black is 0, white 255, and every grey its own level."""
    assert brightness(BLACK) == 0.0
    assert brightness(BLACK + np.uint8(200)) == pytest.approx(200.0)
    assert brightness(BLACK + np.uint8(255)) == pytest.approx(255.0)


def test_green_is_brighter_than_blue() -> None:
    """The channels count by the weights of luma."""
    blue, green = BLACK.copy(), BLACK.copy()
    blue[..., 0] = green[..., 1] = 100
    assert brightness(green) == pytest.approx(58.7)
    assert brightness(blue) == pytest.approx(11.4)


def test_an_empty_picture_has_no_brightness() -> None:
    """NaN: unknown, neither dark nor bright."""
    assert np.isnan(brightness(BLACK[:0]))
