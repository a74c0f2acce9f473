"""The one colour that sums up the desk, for the tray."""

from __future__ import annotations

from typing import Literal

from posecheck.desk.states import OFF_CHAIR, DeskReading
from posecheck.timing import Lasted

DeskColour = Literal[
    "calibrating", "fine", "amber", "resting", "unsure", "paused", "lost", "break"
]  # fmt: skip
"""The windows add "lost" (no camera) and "break" (a session has the camera); nothing here returns
them."""

COLOUR_S = 3.0
"""Seconds for which another colour must be right before the tray shows it."""


class ColourFilter:
    """The colour to show. Amber, an absence and the first colour are shown at once, others after
    COLOUR_S: a glance aside must not make the tray blink."""

    def __init__(self) -> None:
        self.colour: DeskColour = "calibrating"
        self._wanted: DeskColour = "calibrating"
        self._waits = Lasted()

    def update(self, reading: DeskReading, slouching: bool) -> None:
        """One frame. `slouching`: slouching is confirmed."""
        wanted = _colour_of(reading, slouching)
        if wanted != self._wanted:
            self._wanted = wanted
            self._waits.reset()
        waited_s = self._waits.update(reading.t, True)
        at_once = wanted == "amber" or self.colour == "calibrating" or reading.state == "away"
        if at_once or waited_s >= COLOUR_S:
            self.colour = wanted


def _colour_of(reading: DeskReading, slouching: bool) -> DeskColour:
    state = reading.state
    if state == "calibrating":
        return "calibrating"
    if state == "unreliable":
        return "unsure"
    if state in OFF_CHAIR:
        return "resting"
    if slouching:
        return "amber"
    return "fine" if reading.scorable else "resting"
