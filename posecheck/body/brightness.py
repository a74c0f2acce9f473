"""How bright a picture is: the one measure for sessions and the desk."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SAMPLE_EVERY = 16
"""Sample every 16th pixel in x and y to estimate brightness."""


def brightness(image: NDArray[np.uint8]) -> float:
    """Mean luma of a picture, 0 black to 255 white: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601),
    averaged over the sampled pixels. NaN for an empty picture.

    image  uint8 (height, width, 3), BGR
    """
    sampled = image[::SAMPLE_EVERY, ::SAMPLE_EVERY]
    if not sampled.size:
        return math.nan
    blue, green, red = sampled.reshape(-1, 3).mean(0).tolist()
    return 0.114 * float(blue) + 0.587 * float(green) + 0.299 * float(red)
