"""Records the input and the output of a running judge.

The recorder stands between the estimator and the judge. It hands the judge every detection with
the values that the file holds, so a replay sees the same numbers. A disk that refuses ends the
recording, never the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from posecheck.body.brightness import brightness
from posecheck.coach.guide import Command
from posecheck.coach.pipeline import LOST, Estimate
from posecheck.io.output import OutputError
from posecheck.io.store.recording import RecordingHeader, RecordingWriter
from posecheck.io.store.recording_block import RecordedFrame, event_data, quantised
from posecheck.pose import Detection, Frame, MaskNeed
from posecheck.session.events import Event


class Recorder:
    """Records one session after the other: the first into `path`, the next beside it as NAME-2.

    Per frame: `command` for each key, then the estimator of `watching`, then `keep`. One thread may
    use it at a time. OutputError at construction when the file cannot be written; later failures
    are only reported by `problem`.

    problem  one sentence when the recording had to end early, else ""
    """

    def __init__(self, path: Path) -> None:
        self.problem = ""
        self._path, self._sessions = path, 1
        self._writer = RecordingWriter(path)
        self._open: RecordedFrame | None = None
        self._commands: list[Command] = []

    def begin(self, header: RecordingHeader) -> None:
        """Begin to record a session. If nothing was recorded yet, begin again in the same file."""
        if self._writer.frames:
            self.close()
            self._sessions += 1
            name = f"{self._path.stem}-{self._sessions}{self._path.suffix}"
            self._try(lambda: self._begin_next(self._path.with_name(name)))
        self._open, self._commands = None, []
        self._try(lambda: self._writer.begin(header))

    def watching(self, estimate: Estimate) -> Estimate:
        """The same estimator, recorded; its answers are as the file holds them."""

        def watched(frame: Frame, mask: MaskNeed) -> Detection:
            seen = quantised(estimate(frame, mask))
            self._take(frame, seen)
            return seen

        return watched

    def command(self, command: Command) -> None:
        """A key that takes effect with the next frame."""
        self._commands.append(command)

    def keep(self, frame: Frame, events: Iterable[Event]) -> None:
        """Record the events of a frame. The estimator has not seen a frame without a picture."""
        if self._open is None:
            self._take(frame, LOST)
        if self._open is not None:
            kept = replace(self._open, events=tuple(event_data(event) for event in events))
            self._open = None
            self._try(lambda: self._writer.add(kept))

    def close(self) -> None:
        """The recording is whole afterwards. May be called twice."""
        self._try(self._writer.close)

    def _take(self, frame: Frame, seen: Detection) -> None:
        commands, self._commands = tuple(self._commands), []
        self._open = RecordedFrame(frame.t, seen, brightness(frame.image), frame.lost, commands)

    def _begin_next(self, path: Path) -> None:
        self._writer = RecordingWriter(path)

    def _try(self, step: Callable[[], None]) -> None:
        """Write, unless the recording has already ended."""
        if self.problem:
            return
        try:
            step()
        except OutputError as error:
            self.problem = f"The recording ends early. {error}"
            self._writer.abandon()
