"""What is said when the form cannot be judged: nobody there, the wrong place, hidden parts.

`VisibilityCues` decides when to speak; `Visibility` has the words. Which troubles count, and how
long each must last, is the instructor's answer.
"""

from __future__ import annotations

from posecheck.coach.cues import Cue, Phrasebook
from posecheck.coach.instructor import SilentInstructor
from posecheck.coach.pacing import VisibilityCues
from posecheck.exercise import UPRIGHT_POSITIONS, Camera
from posecheck.pose import Side, opposite
from posecheck.session.session import SessionView

_SAME_NAME = (
    "nobody", "someone_else", "sideways", "frozen", "few_pictures", "entered", "still", "seen",
)  # fmt: skip
"""Troubles whose phrase has their own name; the phrases about the place begin with place_."""


class Visibility:
    """Says that something cannot be judged, and that it can be judged again."""

    def __init__(self, book: Phrasebook, instructor: SilentInstructor) -> None:
        self._book, self._instructor = book, instructor
        self.reset()

    def reset(self) -> None:
        """Forget the troubles so far: another set, or the session goes on after a halt."""
        self._cues = VisibilityCues()
        self._line = self._said = ""

    @property
    def line(self) -> str:
        """The line to show while something cannot be judged, else ""."""
        return self._line if self._cues.now else ""

    def update(self, t: float, view: SessionView) -> list[Cue] | None:
        """What to say at time t (seconds, increasing); None when there is nothing to tell, so that
        a correction may speak."""
        trouble, patience_s = self._instructor.trouble(view)
        if trouble:
            self._line = self._cue(view, trouble).text
        due = self._cues.update(t, trouble, patience_s, self._instructor.reading)
        if not due:
            return None
        before, self._said = self._said, due
        if due == "seen":
            key = self._instructor.seen_again(before)
            return [self._book.cue(key, "praise" if key == "praise" else "sight")] if key else []
        camera = view.planned.exercise.camera
        if due == "view" and camera is not None:
            return [self._turn(camera, self._instructor.camera_hint(camera))]
        return [self._cue(view, due)]

    def _turn(self, camera: Camera, hint: str) -> Cue:
        """Which side to turn to the camera, and where the camera belongs."""
        text = self._book[f"view_{camera.view}"]
        voice = self._book["view_say"].format(shown=text, hint=hint).strip()
        return Cue(text, voice, "sight")

    def _cue(self, view: SessionView, trouble: str) -> Cue:
        exercise, camera = view.planned.exercise, view.planned.exercise.camera
        if trouble == "posture":
            return self._book.position(exercise, "sight")
        if trouble == "parts":
            return self._parts(view)
        if trouble == "wrong_side" and view.planned.side is not None:
            return self._wrong_side(view.planned.side)
        if camera is None:
            return self._plain(trouble)
        if trouble == "view":
            return self._turn(camera, "")
        if trouble == "other_side" and view.planned.side is not None:
            return self._other_side(camera, view.planned.side)
        if trouble in ("left", "right"):
            own = camera.view == "front" and exercise.position in UPRIGHT_POSITIONS
            return self._plain(trouble if own else f"{trouble}_screen")
        return self._plain(trouble)

    def _plain(self, trouble: str) -> Cue:
        return self._book.cue(trouble if trouble in _SAME_NAME else f"place_{trouble}", "sight")

    def _parts(self, view: SessionView) -> Cue:
        """Names two body parts at most: more cannot be kept in mind."""
        parts = view.parts or (view.placement.parts if view.placement else ())
        words = [self._book.part(part) for part in parts[:2]]
        return self._book.cue("parts", "sight", parts=self._book["and"].join(words))

    def _wrong_side(self, side: Side) -> Cue:
        wanted, working = self._book[f"side_{side}"], self._book[f"side_{opposite(side)}"]
        return self._book.cue("wrong_side", "sight", side=wanted, other=working)

    def _other_side(self, camera: Camera, side: Side) -> Cue:
        near = side if camera.near == "work" else opposite(side)
        return self._book.cue("other_flank", "sight", side=self._book[f"side_{near}"])
