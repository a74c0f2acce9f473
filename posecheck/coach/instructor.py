"""What is said only to a user who is led: how an exercise is done, and how to get into it.

The guide gives the coach an `Instructor`. A recording gets the `SilentInstructor`, which answers
the same calls and adds nothing: nobody in a recording can follow an instruction.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Literal

from posecheck.coach.cues import Cue, Phrasebook
from posecheck.coach.pacing import VISIBILITY_PATIENCE_S, judging_trouble
from posecheck.exercise import Camera, Exercise
from posecheck.session.events import Event, SetAnnounced, WorkStarted
from posecheck.session.plan import PlannedSet
from posecheck.session.session import SessionView

STILL_PATIENCE_S = 4.0
"""Patience before the coach asks the user to keep still. A user who becomes still within this time
need not be asked, because the start waits for two quiet seconds anyway."""
ABSENT_PATIENCE_S = 4.0
"""Patience before the coach reports that the user has left during the work. The guide announces a
halt 3 s after the user leaves; until then no other cue may come first."""
ENTRY_S = 4.0
"""Time after the last words in which a user may get into the pose without being corrected. Entering
takes 1 to 3 s."""
BEGIN_S = 1.5
"""Seconds of work before the cue to begin. A user who is in the pose when the work starts has by
then heard the cue to hold it, and does not need this one."""

SeenAgain = Literal["", "seen", "praise"]
"""The phrase that says that a trouble is over; "" where none is needed."""

_OUT_OF_SIGHT = ("nobody", "someone_else", "frozen", "parts")
"""Troubles that end when something is seen again. The others end when the user is in place."""


class SilentInstructor:
    """The instructor of a recording: it adds nothing to what the coach says.

    detail  the sentence that is being read, "" for none
    """

    def __init__(self) -> None:
        self.detail = ""

    @property
    def reading(self) -> bool:
        """Whether there is a sentence to be read now."""
        return False

    @property
    def instructing(self) -> bool:
        """Whether the instructions are being read. They wait for a user who is not in the start
        position yet."""
        return bool(self.detail) or self.reading

    def notice(self, t: float, event: Event, view: SessionView) -> None:
        """Take notice of an event at time t."""

    def trouble(self, view: SessionView) -> tuple[str, float]:
        """What keeps the form from being judged, and for how many seconds it must last before it
        is said."""
        return judging_trouble(view), VISIBILITY_PATIENCE_S

    def camera_hint(self, camera: Camera) -> str:
        """Where the camera belongs, to be said together with the side to turn; "" for nothing."""
        return camera.hint

    def seen_again(self, trouble: str) -> SeenAgain:
        """How to say that a trouble is over."""
        return "seen"

    def next_position(self, planned: PlannedSet, coming: PlannedSet) -> list[Cue]:
        """How to get into the next start position, said in the rest, where there is time."""
        return []

    def entry_s(self, view: SessionView) -> float:
        """How long corrections wait after the last words, seconds, in a set that has not begun."""
        return 0.0

    def line(self, view: SessionView, form_line: str) -> str:
        """The line to show where the form's line would be shown."""
        return form_line

    def update(self, t: float, view: SessionView, free: bool) -> list[Cue]:
        """What to read at time t. `free`: nothing else is being said."""
        return []

    def hush(self) -> None:
        """Forget what is being read: the session stood still."""
        self.detail = ""


class Instructor(SilentInstructor):
    """Leads a user into every exercise of a session.

    phrases  a value for every key of `phrases.PHRASES`
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._book = Phrasebook(phrases)
        self._script = InstructionScript()
        self._work_t = 0.0
        self._begin_due = False

    @property
    def reading(self) -> bool:
        return self._script.reading

    def notice(self, t: float, event: Event, view: SessionView) -> None:
        match event:
            case SetAnnounced():
                # What is being read belongs to the set before.
                self.detail, self._begin_due = "", False
                self._script.start(view.planned.exercise)
            case WorkStarted():
                self._work_t = t
                if not view.unchecked:
                    self._begin_due = not _exercising(view)

    def trouble(self, view: SessionView) -> tuple[str, float]:
        """In READY also the wrong place and the wrong posture count as troubles."""
        trouble = self._start_trouble(view) if view.phase == "ready" else judging_trouble(view)
        if trouble == "still":  # a user may move while listening to the instructions
            return trouble, math.inf if self.instructing else STILL_PATIENCE_S
        absent = trouble == "nobody" and view.phase == "work"
        return trouble, ABSENT_PATIENCE_S if absent else VISIBILITY_PATIENCE_S

    @staticmethod
    def _start_trouble(view: SessionView) -> str:
        if view.blind == "frozen":
            return view.blind
        if view.start_blocker == "place":
            return view.placement.advice if view.placement is not None else ""
        if view.start_blocker == "posture":
            return view.start_blocker
        return view.blind or ("parts" if view.parts else view.start_blocker)

    def camera_hint(self, camera: Camera) -> str:
        """The hint that is still to be read. It then counts as read."""
        hint, self._script.hint = self._script.hint, ""
        return hint

    def seen_again(self, trouble: str) -> SeenAgain:
        """Instructions that go on say by themselves that a user is in place."""
        if trouble in _OUT_OF_SIGHT:
            return "seen"
        return "" if self._script.more else "praise"

    def next_position(self, planned: PlannedSet, coming: PlannedSet) -> list[Cue]:
        """Only where the position changes."""
        before, now = (self._book.position(each.exercise, "guide") for each in (planned, coming))
        return [now] if now.text != before.text else []

    def entry_s(self, view: SessionView) -> float:
        """A user on the way into the pose is given time: the instructions lead there, and nothing
        is out of place yet."""
        return 0.0 if _exercising(view) else ENTRY_S

    def line(self, view: SessionView, form_line: str) -> str:
        """In READY the form is not judged; the only line is to keep still."""
        if view.phase != "ready":
            return form_line
        return self._book["still"] if view.start_blocker == "still" else ""

    def update(self, t: float, view: SessionView, free: bool) -> list[Cue]:
        """The next sentence of the instructions, then the word to begin. A user who has begun
        hears neither, but does hear the safety line."""
        cues = self._next(t, view) if free else []
        self._script.look(view)
        return cues

    def _next(self, t: float, view: SessionView) -> list[Cue]:
        self.detail = ""
        if _exercising(view) or view.phase not in ("ready", "work"):
            self._script.clear(keep_safety=view.phase == "work")
            self._begin_due = False
        if sentence := self._script.next(view):
            self.detail = sentence
            return [Cue("", sentence, "instruct")]
        if self._script.more or not self._begin_due:
            return []
        if view.phase != "work" or t - self._work_t < BEGIN_S:
            return []
        self._begin_due = False
        return [self._book.cue("begin", "instruct")]


class InstructionScript:
    """The sentences to read before an exercise: where the camera belongs, how to start, when to
    stop, and how the exercise is done. They are read one at a time, once in a session.

    hint     where the camera belongs, "" when that needs no saying any more
    reading  whether there is a sentence that can be read now
    """

    def __init__(self) -> None:
        self.hint = ""
        self.reading = False
        self._read: set[str] = set()
        self._camera: Camera | None = None
        self._sentences: deque[str] = deque()
        self._safety = ""
        self._whole = 0

    @property
    def more(self) -> bool:
        return bool(self._sentences)

    def start(self, exercise: Exercise) -> None:
        """Begin another set. An exercise that was explained before has no script."""
        self.clear()
        if exercise.id in self._read:
            return
        self._read.add(exercise.id)
        first, *others = exercise.instructions
        self._safety = exercise.safety
        self._sentences.extend(each for each in (first, exercise.safety, *others) if each)
        self._whole = len(self._sentences)
        camera = exercise.camera
        if camera is not None:
            self.hint = "" if _stays(self._camera, camera) else camera.hint
            self._camera = camera

    def clear(self, keep_safety: bool = False) -> None:
        """Discard what has not been read, except for the safety line if that is to be kept."""
        self.hint = ""
        kept = keep_safety and self._safety in self._sentences
        self._sentences.clear()
        if kept:
            self._sentences.append(self._safety)

    def next(self, view: SessionView) -> str:
        """The sentence to read now, "" for none. The camera's place is not read to a user who is in
        position already."""
        hint, self.hint = self.hint, ""
        if hint and view.phase == "ready" and view.start_blocker not in ("", "still"):
            return hint
        return self._sentences.popleft() if self._readable(view) else ""

    def look(self, view: SessionView) -> None:
        """Update `reading` from what is seen now."""
        self.reading = bool(self.hint) or self._readable(view)

    def _readable(self, view: SessionView) -> bool:
        """The first sentence, how to start, is read to a user on the way to the start position; the
        rest is read in the start position, and nothing to an empty room."""
        if not self._sentences or view.phase not in ("ready", "work"):
            return False
        if view.start_blocker == "nobody":
            return False
        whole = len(self._sentences) == self._whole
        return whole or view.start_blocker != "posture"


def _exercising(view: SessionView) -> bool:
    """Whether anything of the set has been counted."""
    return view.progress.held_s > 0 or view.progress.reps > 0


def _stays(before: Camera | None, now: Camera) -> bool:
    """Whether a camera that was placed for one exercise is right for another one."""
    if before is None or before.view != now.view:
        return False
    return max(before.height_m[0], now.height_m[0]) <= min(before.height_m[1], now.height_m[1])
