"""The thread that looks and judges while Qt draws: source, model and guide on one side, the newest
picture and the newest moment on the other.

The camera's picture does not wait for its verdict: who moves wants to see it at once. Pictures may
be skipped, what was said may not: cues and tones wait until they are taken. The thread is joined by
`close`; one that is inside OpenCV when the program ends would abort it.
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
from posecheck.io.diagnosis.crash import bug_sentence
from posecheck.io.errors import sentence_of
from posecheck.io.vision.camera import Source
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import Frame
from posecheck.ui.draw.picture import Picture

MISTAKE = "posecheck has made a mistake and had to end the session. What was counted is kept."
"""In no language file: `ended` tells errors as they are worded where they arise, and a loop has no
phrases."""

Estimating = Callable[[bool], PoseModel]


@dataclass(frozen=True, slots=True, eq=False)
class WorkerUpdate:
    """What came since the last look.

    image   the camera's newest picture, not judged yet; None when there is no other than before
    moment  the newest one, None when there is no other than before
    cues    everything that was said, in order; `tones` likewise
    behind_s  seconds by which the newest moment is of an older picture than the newest one; 0.0
            before the first moment
    """

    image: Picture | None
    moment: GuidedFrame | None
    cues: tuple[Cue, ...]
    tones: tuple[Tone, ...]
    behind_s: float = 0.0


class SessionWorker(QObject):
    """Runs one led session in a thread of its own.

    opened      opens the source, in the thread; CameraError is told by `ended`
    estimating  opens the model for poses with or without masks, in the thread

    fresh   there is news to take; not sent again until it is taken
    ended   the session is over or cannot go on: a sentence for a person, "" when it was led to
            its end or closed. `complete` tells which
    """

    fresh = Signal()
    ended = Signal(str)

    def __init__(self, opened: Callable[[], Source], estimating: Estimating, guide: Guide) -> None:
        super().__init__()
        self._opened, self._estimating, self._guide = opened, estimating, guide
        self.complete = False
        self.tally, self.worst = SessionStats(), WorstMoments()
        self._commands: deque[Command] = deque()
        self._lock = Lock()
        self._image: Picture | None = None
        self._shown: Picture | None = None
        self._moment: GuidedFrame | None = None
        self._cues: list[Cue] = []
        self._tones: list[Tone] = []
        self._told = False
        # Seconds of the computer, 0.0 before: when the newest picture came, when the one that is
        # being judged was handed out, the same of the one that was judged last.
        self._image_at = self._handed_at = self._judged_at = 0.0
        self._stop = Event()
        self._source: Source | None = None
        self._thread = Thread(target=self._run, name="session")

    def start(self) -> None:
        self._thread.start()

    def command(self, command: Command) -> None:
        """A key or a button; it counts from the next frame on."""
        self._commands.append(command)

    def take(self) -> WorkerUpdate:
        """The news; what was taken is not given again."""
        with self._lock:
            behind = self._image_at - self._judged_at if self._judged_at else 0.0
            cues, tones = tuple(self._cues), tuple(self._tones)
            news = WorkerUpdate(self._image, self._moment, cues, tones, max(0.0, behind))
            self._image = self._moment = None
            self._cues.clear()
            self._tones.clear()
            self._told = False
        return news

    @property
    def accounts(self) -> list[SetStats]:
        """What happened so far; complete once the loop has ended."""
        return self.tally.accounts

    @property
    def stopped(self) -> bool:
        """Whether it is to end; it may still be at it."""
        return self._stop.is_set()

    def close(self) -> None:
        """End it and wait for the thread: the camera is free afterwards. May be called twice."""
        self._stop.set()
        source = self._source
        if source is not None:
            source.close()
        if self._thread.is_alive():
            self._thread.join()

    # --- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            sentence = self._lead()
        except Exception as error:
            told = sentence_of(error)
            if told is None:
                self.ended.emit(bug_sentence(MISTAKE, error))
                raise
            sentence = told
        self.ended.emit("" if self._stop.is_set() else sentence)

    def _lead(self) -> str:
        with ExitStack() as stack:
            self._source = stack.enter_context(self._opened())
            self._source.on_frame = self._show
            if self._stop.is_set():  # left while the camera was opening: do not load the model
                return ""
            model = self._estimating(self._guide.needs_spine)
            stack.callback(model.close)
            for moment in lead(self._frames(self._source), model.estimate, self._guide):
                self._keep(moment)
                if moment.view.session.phase == "done" and _told(moment):
                    self.complete = True
                    break
        return ""

    def _frames(self, source: Source) -> Iterator[Frame]:
        for frame in source:
            if self._stop.is_set():
                return
            while self._commands:
                self._guide.command(self._commands.popleft())
            self._show(frame.image)  # of a source that does not do so itself
            self._handed_at = time.perf_counter()
            yield frame

    def _keep(self, moment: GuidedFrame) -> None:
        view = moment.view.session
        self.tally.update(view.t, moment.events, moment.cues, view)
        self.worst.update(view.t, view, moment.pose)
        with self._lock:
            self._moment, self._judged_at = moment, self._handed_at
            self._cues += moment.cues
            self._tones += tones(moment.events)
        self._tell()

    def _show(self, image: Picture) -> None:
        """A picture has come. Called by the thread that reads the camera, too."""
        with self._lock:
            known, self._shown = image is self._shown, image
            if not known:
                self._image, self._image_at = image, time.perf_counter()
        if not known:
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            tell, self._told = not self._told, True
        if tell:
            self.fresh.emit()


def _told(moment: GuidedFrame) -> bool:
    """Whether what there is to read about a pain has been read."""
    pain = moment.view.pain
    return not pain.step or pain.read
