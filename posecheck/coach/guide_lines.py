"""The two lines of a led session's screen: what goes on, and a smaller one below it."""

from __future__ import annotations

from itertools import accumulate, islice

from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue, Phrasebook, spoken_s
from posecheck.coach.pacing import FLASH_S, MIN_SHOWN_S
from posecheck.coach.pain import ANSWERABLE_S, PainView
from posecheck.timing import MinDwell

_PAIN_LINES = {"asking": "pain_ask", "care": "pain_stop", "ended": "pain_end"}


class GuideLines:
    """Chooses the lines: a pain before a halt, before what was just said, before an offer, before
    the coach's line."""

    def __init__(self, book: Phrasebook, watched: bool = True) -> None:
        """`watched` as in `Session`."""
        self._book, self._watched = book, watched
        self._line = MinDwell(MIN_SHOWN_S, "")
        self._coming: tuple[str, ...] = ()
        self._opening = False
        self._flashes: list[tuple[str, float]] = []

    def unwatch(self) -> None:
        """From now on there is no camera."""
        self._watched = False

    def flash(self, *lines: str, opening: bool = False) -> None:
        """Show lines one after the other from this frame on, each while it is said. Those of the
        `opening` of a session go into the detail once the work has begun, which has lines of its
        own."""
        self._coming, self._opening = lines, opening

    def flashed(self, cue: Cue) -> Cue:
        """A cue that is also shown while it is said."""
        self.flash(cue.text)
        return cue

    def update(
        self, t: float, pain: PainView, halted: str, offer: str, coach: Coach, working: bool
    ) -> tuple[str, str]:
        """The line and the detail to show at time t (seconds, increasing). `halted` and `offer` as
        in `GuideView`; `working`: the work of a set runs."""
        if self._coming:
            lengths = (max(FLASH_S, spoken_s(line)) for line in self._coming)
            ends = islice(accumulate(lengths, initial=t), 1, None)
            self._flashes = list(zip(self._coming, ends, strict=True))
            self._coming = ()
        line, detail = self._wanted(t, pain, halted, offer, coach, working)
        return self._line.update(t, line, at_once=bool(halted or pain.step)), detail

    def _wanted(
        self, t: float, pain: PainView, halted: str, offer: str, coach: Coach, working: bool
    ) -> tuple[str, str]:
        if pain.step:
            return self._of_pain(pain)
        if halted:
            halted = halted if self._watched else "clock"
            return self._book[f"halt_{halted}"], self._book[f"halt_{halted}_detail"]
        if flash := next((line for line, until in self._flashes if t < until), ""):
            aside = self._opening and working and coach.screen
            return (coach.screen, flash) if aside else (flash, "")
        if offer:
            return self._book[f"offer_{offer}"], self._book[f"offer_{offer}_detail"]
        return coach.screen, coach.detail

    def _of_pain(self, pain: PainView) -> tuple[str, str]:
        if pain.step == "easing":
            early = pain.left_s > ANSWERABLE_S
            return self._book["pain_mild" if early else "pain_easing"], ""
        line = self._book[_PAIN_LINES[pain.step]]
        return line, "" if pain.step == "asking" else self._book["pain_care"]
