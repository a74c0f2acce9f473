"""What a session looks like at one moment, in words, numbers and places: all that is drawn.

A `Scene` is made by one pure function and drawn by one painter (`ui/draw/painter.py`), in the
window, in a saved picture and in the annotated video alike. Nothing here knows colours, fonts or
pixels of a screen; places are pixels of the camera's picture, unmirrored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posecheck.exercise import Severity
from posecheck.pose import Joint, Pose, Side
from posecheck.session.placement import Outline

DisplayState = Literal[
    "placing", "ready", "active", "paused", "unseen", "unchecked", "rest", "done", "halted",
    "pain", "lost",
]  # fmt: skip
"""What the whole picture says, by colour, icon and word together.

placing    the person is being put in the right place
ready      in place; the pose is not taken yet
active     correct, the timer runs
paused     something to fix, the timer stands
unseen     can't tell
unchecked  runs without form check
rest, done
halted     paused by the person
pain       the pain flow
lost       no pictures from the camera
"""


@dataclass(frozen=True, slots=True)
class FaultAnnotation:
    """What is wrong, at the body.

    lines   chains of joints to be drawn in the colour of the fault
    at      the joint beside which the words stand
    words   "about 30°, wanted 35 to 55°"; "" where no number can be told
    value   the current value, NaN when unknown; low and high: the allowed band, None for no limit
    reach   the ends of the scale on which value and band are drawn, low end first
    level   how bad: a stop looks different from an advice
    """

    lines: tuple[tuple[Joint, ...], ...]
    at: Joint
    words: str
    value: float
    low: float | None
    high: float | None
    reach: tuple[float, float]
    severity: Severity


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen now: a key, and what it does in a few words."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One moment.

    look, word  the state, and its name ("correct", "fix this", "can't tell", ...)
    cue         the one line to read from three metres, "" for none
    detail      a second, smaller line: why, or what to do; "" for none
    title       the exercise; `side` "your left" or ""; `sets` "set 1 of 2" or ""
    count       huge: seconds left or repetitions; `unit` below it: "seconds", "of 10"
    share       of the set that is done, 0 to 1, for the ring
    exercise    id, for its instruction picture; `working` the side that works in it, None for none
    pose        the skeleton, trusted joints only (others NaN); None when nobody can be judged
    mark        what is wrong, at the body
    outline     where to be, while placing
    steps       one number for each set of the session: the share of it that is done, 0 to 1
    now         index of the current one in `steps`
    coming      "Next: Child's pose", "" at the end
    options     keys that matter now
    told        seconds so far: correct, wrong, can't tell; None where nothing is checked
    """

    display_state: DisplayState
    word: str
    cue: str = ""
    detail: str = ""
    title: str = ""
    side: str = ""
    sets: str = ""
    count: str = ""
    unit: str = ""
    share: float = 0.0
    exercise: str = ""
    working: Side | None = None
    pose: Pose | None = None
    mark: FaultAnnotation | None = None
    outline: Outline | None = None
    steps: tuple[float, ...] = ()
    now: int = 0
    coming: str = ""
    options: tuple[Option, ...] = ()
    seconds_by_verdict: tuple[float, float, float] | None = None
