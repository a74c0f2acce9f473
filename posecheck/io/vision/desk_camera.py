"""The desk's camera: opened once at the start, and again by the threads that use it."""

from __future__ import annotations

from collections import deque

from posecheck.io.vision.camera import CameraError, Source
from posecheck.io.vision.desk_source import open_desk_source
from posecheck.io.vision.live import open_live
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC


class DeskCamera:
    """Opens the source that the desk watches.

    The constructor opens it in the calling thread, so that the system can ask for permission and
    an error ends the start. The first call of `open` returns that source.

    spec     what `open_source` opens; changed by `change`
    fast     read a file as fast as possible, not in real time
    patient  do not raise when the camera cannot be opened at first, as at login
    otherwise  what to open when there is no such camera; "" to raise
    missing  the sentence about the camera that was not found; "" for none
    live     False for a recording

    Raises CameraError.
    """

    def __init__(
        self, spec: str, *, fast: bool = False, patient: bool = False, otherwise: str = ""
    ) -> None:
        self.spec, self._fast, self.missing = spec, fast, ""
        self._opened: deque[Source] = deque()
        try:
            self._opened.append(open_desk_source(spec, fast))
        except CameraError as error:
            if otherwise and not patient:
                self.spec, self.missing = otherwise, str(error)
                self._opened.append(open_desk_source(otherwise, fast))
            elif not patient:
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

    @property
    def blank(self) -> bool:
        """Whether there is no camera, only the time."""
        return self.spec == NO_CAMERA_SPEC

    def look_again(self, spec: str) -> None:
        """Open this source now; `open` then returns it. Raises CameraError, and changes nothing
        then."""
        found = open_desk_source(spec, self._fast)
        self.change(spec)
        self._opened.append(found)
        self.missing = ""

    def change(self, spec: str) -> None:
        """Open another source from now on."""
        self.spec = spec
        self.close()

    def close(self) -> None:
        """Close the source that was opened at the start, if `open` has not returned it."""
        while self._opened:
            self._opened.pop().close()
