"""The desk's camera: opened once at the start, and again by the threads that use it."""

from __future__ import annotations

from collections import deque

from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.desk_source import open_desk_source
from posecheck.io.vision.live import open_live


class DeskCamera:
    """Opens the source that the desk watches.

    The constructor opens it in the calling thread, so that the system can ask for permission and
    an error ends the start. The first call of `open` returns that source.

    spec     what `open_source` opens; changed by `change`
    fast     read a file as fast as possible, not in real time
    patient  do not raise when the camera cannot be opened at first, as at login
    live     False for a recording

    Raises CameraError.
    """

    def __init__(self, spec: str, *, fast: bool = False, patient: bool = False) -> None:
        self.spec, self._fast = spec, fast
        self._opened: deque[Source] = deque()
        try:
            self._opened.append(open_desk_source(spec, fast))
        except CameraError:
            if not patient:
                raise
        self.live = not self._opened or self._opened[0].live

    def open(self) -> Source:
        """The source with the desk's frame size and interval. Raises CameraError."""
        try:
            return self._opened.popleft()
        except IndexError:
            return open_desk_source(self.spec, self._fast)

    def open_for_session(self) -> Source:
        """The same camera for a session of exercises. Raises CameraError."""
        return open_live([self.spec], paced=not self._fast)

    def change(self, spec: str) -> None:
        """Open another source from now on."""
        self.spec = spec
        self.close()

    def close(self) -> None:
        """Close the source that was opened at the start, if `open` has not returned it."""
        while self._opened:
            self._opened.pop().close()
