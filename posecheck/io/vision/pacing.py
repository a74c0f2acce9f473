"""Plays the frames of a file in real time, as a camera would give them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from threading import Event

from posecheck.pose import Frame


def in_real_time(
    frames: Iterable[Frame], stop: Event | None = None, drop_after_s: float | None = None
) -> Iterator[Frame]:
    """The frames, none before its time `t` after the first call.

    stop          ends the frames, also during a wait
    drop_after_s  frames that are later than this are left out, as a camera would drop them; None
                  gives every frame
    """
    stop = stop or Event()
    began_s = time.perf_counter()
    for frame in frames:
        wait_s = began_s + frame.t - time.perf_counter()
        if drop_after_s is not None and wait_s < -drop_after_s:
            continue
        if wait_s > 0 and stop.wait(wait_s):
            return
        yield frame
