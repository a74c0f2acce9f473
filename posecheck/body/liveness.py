"""Whether the camera's picture is live: a picture that stands still shows the past.

The edge that has the pictures tells of each frame whether it repeats the one before
(`Detection.repeated`). `Liveness` decides from that what a frame is worth, in the same way for
live, recorded and replayed frames.

Theory of operation. Nothing new is seen in a repeated picture, so it counts like a frame that never
came: recorders leave such frames out. A picture that is repeated for more than STANDS_STILL_S is
frozen. Then one other picture is no sign of life, because a video codec renews a frozen picture now
now; a second one is, unless the first stood still for as long.

    state     frame                                              state after it
    live      other picture                                      new
    live      the same picture, for at most STANDS_STILL_S       repeated
    live      the same picture, for longer                       frozen
    frozen    other picture, after one that stood still          frozen
    frozen    other picture, after one that did not              new
    frozen    the same picture                                   frozen
"""

from __future__ import annotations

import math
from typing import Literal

PictureState = Literal["new", "repeated", "frozen"]

STANDS_STILL_S = 1.0
"""A picture that is the same for longer is frozen. Cameras and recorders repeat pictures for less:
one that gives one picture a second in a file of thirty repeats each for 0.97 s."""


class Liveness:
    """`update(t, repeated)` once per frame, t in seconds."""

    def __init__(self) -> None:
        self._since = self._last_t = math.nan
        self._frozen = self._stood_still = False

    def update(self, t: float, repeated: bool) -> PictureState:
        """What the frame at time t is worth. `repeated`: it shows the same picture as the frame
        before. A time that goes back starts again."""
        shown_s = t - self._since
        begins = math.isnan(self._last_t) or t < self._last_t
        self._last_t = t
        if begins:
            self._since, self._frozen, self._stood_still = t, False, False
            return "new"
        if repeated:
            self._stood_still = shown_s > STANDS_STILL_S
            self._frozen = self._frozen or self._stood_still
            return "frozen" if self._frozen else "repeated"
        self._frozen = self._frozen and self._stood_still
        self._since, self._stood_still = t, False
        return "frozen" if self._frozen else "new"
