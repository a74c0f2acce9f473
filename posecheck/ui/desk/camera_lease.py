"""When the desk's thread may open the camera, and the open camera itself.

Theory of operation. The thread is always in one of these states. Other threads only change the
conditions in the last column; the thread notices within a frame or a second.

    state      camera  ends when
    resting    off     no reason to be off is left: opening
    opening    off     the camera is open: watching; it cannot be opened: searching
    watching   open    a reason to be off appears: resting; `reopen`: opening; it is lost: searching
    searching  off     the waiting time is over, or `reopen`: opening; a reason: resting
    over       off     never: `close` was called, or a recording has ended

`pause`, `reopen` and `close` stop the open source at once, so that the camera is free within a
second although the thread may be waiting for a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Literal

from posecheck.io.vision.camera import Source
from posecheck.io.vision.desk_source import desk_clock

REST_TICK_S = 1.0
"""Seconds between two steps of `rest`: a break that is taken may end meanwhile."""

OffReason = Literal["pause", "lock", "break", "session", "setup", "battery"]
"""Why the camera is off: the user's pause; a locked screen (or sleep, or the lid); a session in the
desk's window; a session in the main window; a set-up that has not begun; the battery."""


class CameraLease:
    """Opens the camera for the desk's thread and closes it as soon as a reason to be off is added.

    opened  opens the camera; may raise CameraError
    """

    def __init__(self, opened: Callable[[], Source]) -> None:
        self._opened = opened
        self._changed = Condition()
        # All below is guarded by it.
        self._off: set[OffReason] = set()
        self._closed = self._reopen = self._woken = False
        self._source: Source | None = None

    # --- for any thread -------------------------------------------------------------------------

    def pause(self, reason: OffReason) -> None:
        """Close the camera until every reason is gone. Does not wait for it."""
        with self._changed:
            self._off.add(reason)
        self._interrupt()

    def resume(self, reason: OffReason) -> None:
        """This reason to be off is gone."""
        with self._changed:
            self._off.discard(reason)
            self._changed.notify_all()

    def reopen(self) -> None:
        """Close the camera and open what `opened` opens now."""
        with self._changed:
            self._reopen = True
        self._interrupt()

    def close(self) -> None:
        """Close the camera for good: the state is "over"."""
        with self._changed:
            self._closed = True
        self._interrupt()

    def wake(self) -> None:
        """End the present step of `rest`: there is something to do."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def hasten(self, interval_s: float) -> None:
        """Take the next frame after this interval, not after the one that is set."""
        with self._changed:
            if self._source is not None:
                self._source.min_interval_s = interval_s

    @property
    def off(self) -> frozenset[OffReason]:
        """Why the camera is off; empty while it is on or searched for."""
        with self._changed:
            return frozenset(self._off)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def watching(self) -> bool:
        """Whether the camera is open."""
        return self._source is not None

    @property
    def interrupted(self) -> bool:
        """Whether an open camera must be closed."""
        return self._closed or self._reopen or bool(self._off)

    def wait_until_free(self, longest_s: float) -> bool:
        """Whether the camera is closed; waits for at most these seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._source is None, longest_s)

    # --- for the desk's thread ------------------------------------------------------------------

    @contextmanager
    def open(self) -> Iterator[Source]:
        """The camera, closed at the end. Raises CameraError. It may have been `interrupted` while
        it was being opened."""
        self._reopen = False
        source = self._opened()
        with self._changed:
            self._source = source
        try:
            yield source
        finally:
            source.close()
            with self._changed:
                self._source = None
                self._changed.notify_all()

    def rest(self, longest_s: float) -> Iterator[float]:
        """Steps while the camera is off, each with the seconds since the first: until the reasons
        to be off are gone, or, without any, until the waiting time is over or one appears."""
        began, resting = desk_clock(), bool(self._off)
        while self._stays_off(resting):
            gone = desk_clock() - began
            if gone >= longest_s:
                return
            yield gone
            with self._changed:
                self._changed.wait_for(
                    lambda: self._woken or not self._stays_off(resting),
                    min(REST_TICK_S, longest_s - gone),
                )
                self._woken = False

    def _stays_off(self, resting: bool) -> bool:
        if self._closed or bool(self._off) != resting:
            return False
        return resting or not self._reopen

    def _interrupt(self) -> None:
        with self._changed:
            source = self._source
            self._changed.notify_all()
        if source is not None:
            source.stop()
