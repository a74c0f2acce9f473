"""What is said between the parts of a session: the next set, the rest, the end."""

from __future__ import annotations

from posecheck.coach.cues import Cue, Phrasebook
from posecheck.coach.wording import short_name
from posecheck.exercise import Exercise
from posecheck.session.events import SetEnd
from posecheck.session.plan import PlannedSet
from posecheck.session.session import SessionView


class Announcements:
    """Announces sets, rests and the end of one session."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._before: PlannedSet | None = None
        self._unchecked_said = False

    def set_announced(self, planned: PlannedSet) -> Cue:
        """Name, side and dose of a set; of a set like the one before only what differs."""
        before, self._before = self._before, planned
        self._unchecked_said = False
        words = {"name": short_name(planned.exercise), "dose": self._dose(planned)}
        way = self._book[f"way_{planned.way}"] if planned.way else ""
        if before is None or before.exercise.id != planned.exercise.id:
            side = self._sentence(way) if way else self._side(planned)
            return self._book.cue("start", "guide", side=side, **words)
        if before.way != planned.way and way:
            return self._book.cue("other_way", "guide", way=way, **words)
        if before.side != planned.side:
            text = self._book["other_side"].format(side=self._side_name(planned))
            said = self._book.cue("other_side", "guide", side=self._side(planned), **words)
            return Cue(text, said.voice, "guide")
        return self._book.cue("again", "guide", **words)

    def work_started(self, view: SessionView) -> list[Cue]:
        """Say once in a set that it is not checked; without a camera that was said at the start."""
        if not view.unchecked or self._unchecked_said:
            return []
        self._unchecked_said = True
        return [self._book.cue("unchecked" if view.watched else "begin", "guide")]

    def rest(self, planned: PlannedSet, coming: PlannedSet) -> Cue:
        """The rest, and what comes after it."""
        key = "rest_next" if planned.rest_s else "next"
        if coming.exercise.id == planned.exercise.id and coming.side != planned.side:
            return self._book.cue(f"{key}_side", "guide", side=self._side_name(coming))
        if coming.exercise.id == planned.exercise.id and coming.way and coming.way != planned.way:
            way = self._book[f"way_{coming.way}"]
            return self._book.cue(f"{key}_side", "guide", side=way)
        if coming.exercise.id == planned.exercise.id:
            return self._book.cue("rest", "guide")
        return self._book.cue(key, "guide", name=short_name(coming.exercise))

    def session_done(self, why: SetEnd) -> Cue:
        return self._book.cue("done" if why in ("done", "hard") else "over", "guide")

    def rejected(self, exercise: Exercise, why: str) -> Cue:
        """Why a repetition did not count, in the words of the exercise where it has its own."""
        own = ""
        if exercise.reps is not None:
            words = {"too_small": exercise.reps.too_small, "too_fast": exercise.reps.too_fast}
            own = words.get(why, "")
        text = own or self._book[why]
        return Cue(text, text + ".", "count")

    def _side_name(self, planned: PlannedSet) -> str:
        return self._book[f"side_{planned.side}"] if planned.side else ""

    def _side(self, planned: PlannedSet) -> str:
        """What the side means, as a sentence: "The hugged leg: your left."."""
        side = self._side_name(planned)
        if not side or not planned.exercise.side_means:
            return self._sentence(side) if side else ""
        sentence = self._book["side_means"].format(means=planned.exercise.side_means, side=side)
        return sentence[:1].upper() + sentence[1:]

    @staticmethod
    def _sentence(words: str) -> str:
        return words[:1].upper() + words[1:] + "."

    def _dose(self, planned: PlannedSet) -> str:
        doses = {
            "dose_hold": planned.hold_s,
            "dose_reps": planned.reps,
            "dose_time": planned.time_s,
        }
        given = [
            self._book[key].format(count=f"{count:.0f}") for key, count in doses.items() if count
        ]
        return given[-1] if given else ""
