"""The thread that reads the camera and judges while Qt draws.

On one side are the source, the model and the guide. On the other side the newest picture and the
newest judged frame wait for the window. The picture does not wait for its verdict, because users
expect to see their movement at once. Pictures may be skipped. Cues and tones may not: they wait
until the window takes them. `close` joins the thread: one that is still inside OpenCV when the
program ends would abort it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event, Lock, Thread

from PySide6.QtCore import QObject, Signal

from posecheck.coach.cues import Cue
from posecheck.coach.guide import Command, Guide
from posecheck.coach.pipeline import GuidedFrame, lead
from posecheck.coach.summary import WorstMoments
from posecheck.coach.tally import SessionStats, SetStats
from posecheck.coach.tones import Tone, tones
from posecheck.history.records import SessionOutcome
from posecheck.io.diagnosis.crash import bug_sentence
from posecheck.io.errors import sentence_of
from posecheck.io.store.history_writer import KeptSession
from posecheck.io.store.recorder import Recorder
from posecheck.io.vision.camera import Source
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import Frame
from posecheck.ui.draw.picture import Picture

SESSION_CRASHED = (
    "posecheck has made a mistake and had to end the session. What was counted is kept."
)
"""Not a phrase of the language files: `ended` sends error sentences as they are worded where the
errors arise, and the worker has no phrases."""

OpenModel = Callable[[bool], PoseModel]
"""Opens a pose model; the argument says whether the first set needs segmentation masks."""


@dataclass(frozen=True, slots=True, eq=False)
class WorkerUpdate:
    """Everything new since the last call of `SessionWorker.take`.

    image     the camera's newest picture, not judged yet; None when there is no new one
    guided    the newest judged frame; None when there is no new one
    cues      all cues since then, in order
    tones     all tones since then, in order
    behind_s  how much older the picture of the newest judged frame is than the newest picture, s;
              0.0 before the first judged frame
    """

    image: Picture | None
    guided: GuidedFrame | None
    cues: tuple[Cue, ...]
    tones: tuple[Tone, ...]
    behind_s: float = 0.0


class SessionWorker(QObject):
    """Runs one guided session in a thread of its own.

    open_source  opens the source, in the thread; its CameraError is reported by `ended`
    open_model   opens the pose model, in the thread
    recorder     receives the commands and the result of each frame; None for no recording
    history      receives the same; None for a session that is not remembered

    stage         what the thread opens before the first picture: "camera", then "model"
    update_ready  `take` would return something new; not sent again before `take` is called
    ended         the thread has ended: with a sentence for the user after an error, with "" when
                  the session was completed, the source ended or the worker was closed

    complete      whether the session was completed
    stats, worst  what was counted so far; final once the thread has ended
    """

    stage = Signal(str)
    update_ready = Signal()
    ended = Signal(str)

    def __init__(
        self,
        open_source: Callable[[], Source],
        open_model: OpenModel,
        guide: Guide,
        recorder: Recorder | None = None,
        history: KeptSession | None = None,
    ) -> None:
        super().__init__()
        self._open_source, self._open_model, self._guide = open_source, open_model, guide
        self._recorder, self._history = recorder, history
        self.complete = False
        self.stats, self.worst = SessionStats(), WorstMoments()
        self._commands: deque[Command] = deque()
        self._lock = Lock()
        self._last_image: Picture | None = None
        self._new_image: Picture | None = None
        self._new_guided: GuidedFrame | None = None
        self._cues: list[Cue] = []
        self._tones: list[Tone] = []
        self._announced = False
        # Times of time.perf_counter(), s; 0.0 before the first: when the newest picture arrived,
        # when the frame that is being judged was handed to the model, and the latter for the frame
        # that was judged last.
        self._image_at = self._handed_at = self._judged_at = 0.0
        self._stop = Event()
        self._source: Source | None = None
        self._thread = Thread(target=self._run, name="session")

    def start(self) -> None:
        self._thread.start()

    def command(self, command: Command) -> None:
        """A key or a button. The guide receives it with the next frame."""
        self._commands.append(command)

    def take(self) -> WorkerUpdate:
        """Everything new since the last call."""
        with self._lock:
            behind_s = self._image_at - self._judged_at if self._judged_at else 0.0
            update = WorkerUpdate(
                image=self._new_image,
                guided=self._new_guided,
                cues=tuple(self._cues),
                tones=tuple(self._tones),
                behind_s=max(0.0, behind_s),
            )
            self._new_image = self._new_guided = None
            self._cues.clear()
            self._tones.clear()
            self._announced = False
        return update

    @property
    def set_stats(self) -> list[SetStats]:
        """The sets so far; final once the thread has ended."""
        return self.stats.sets

    def close(self) -> None:
        """End the session and wait for the thread: the camera is free afterwards. May be called
        twice."""
        self._stop.set()
        source = self._source
        if source is not None:
            source.close()
        if self._thread.is_alive():
            self._thread.join()

    # --- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        error = ""
        try:
            self._lead()
            self._end_history("left")
        except Exception as exception:
            self._end_history("error")
            sentence = sentence_of(exception)
            if sentence is None:
                self.ended.emit(bug_sentence(SESSION_CRASHED, exception))
                raise
            error = sentence
        self.ended.emit("" if self._stop.is_set() else error)

    def _lead(self) -> None:
        """Open source and model, and lead the guide through the frames until one of them ends."""
        with ExitStack() as stack:
            self.stage.emit("camera")
            self._source = stack.enter_context(self._open_source())
            self._source.on_frame = self._receive_image
            if self._stop.is_set():  # closed while the camera was opening: do not load the model
                return
            self.stage.emit("model")
            model = self._open_model(self._guide.needs_masks)
            stack.callback(model.close)
            if self._history is not None:
                self._history.begin()
            for guided in lead(self._frames(self._source), model.estimate, self._guide):
                self._receive_guided(guided)
                if _finished(guided):
                    self.complete = True
                    break

    def _end_history(self, outcome: SessionOutcome) -> None:
        """Write how the session ended; one that was completed has said so before."""
        if self._history is not None:
            self._history.writer.end(outcome)

    def _frames(self, source: Source) -> Iterator[Frame]:
        """The frames of the source. Before each one the guide receives the waiting commands."""
        for frame in source:
            if self._stop.is_set():
                return
            while self._commands:
                command = self._commands.popleft()
                self._guide.command(command)
                if self._recorder is not None:
                    self._recorder.command(command)
                if self._history is not None:
                    self._history.writer.command(command)
            if not source.blank:
                self._receive_image(frame.image)  # some sources do not call `on_frame`
            self._handed_at = time.perf_counter()
            yield frame

    def _receive_guided(self, guided: GuidedFrame) -> None:
        """A frame has been judged."""
        view = guided.view.session
        if self._recorder is not None:
            self._recorder.keep(guided.frame, guided.events)
        self.stats.update(view.t, guided.events, guided.cues, view)
        self.worst.update(view, guided.pose)
        if self._history is not None:
            rests = self._guide.rests
            self._history.writer.keep(guided.events, guided.view, self.stats.sets, rests)
        with self._lock:
            self._new_guided, self._judged_at = guided, self._handed_at
            self._cues += guided.cues
            self._tones += tones(guided.events)
        self._announce()

    def _receive_image(self, image: Picture) -> None:
        """A picture has arrived. Also called by the thread that reads the camera."""
        with self._lock:
            is_new = image is not self._last_image
            self._last_image = image
            if is_new:
                self._new_image, self._image_at = image, time.perf_counter()
        if is_new:
            self._announce()

    def _announce(self) -> None:
        with self._lock:
            due, self._announced = not self._announced, True
        if due:
            self.update_ready.emit()


def _finished(guided: GuidedFrame) -> bool:
    """Whether the session is done, and any advice about pain has been on the screen long enough to
    be read."""
    pain = guided.view.pain
    return guided.view.session.phase == "done" and (not pain.step or pain.read)
