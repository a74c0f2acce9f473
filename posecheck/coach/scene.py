"""Everything that is drawn of a session after one frame: words, numbers and places.

A pure function makes a `Scene` (`coach/compose.py`), and one painter draws it
(`ui/draw/painter.py`), in the window, in a saved picture and in the annotated video alike. Nothing
here knows colours, fonts or pixels of a screen; places are pixels of the camera's picture,
unmirrored.
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

placing     the user is being brought to the right place
ready       the user is in place and has not taken the pose yet
active      the form is right, the timer runs
paused      something is to be fixed, the timer stands
unseen      the form cannot be judged
unchecked   the set runs without form check
rest, done  between two sets; the end of the session
halted      paused, by the user or because the user has left
pain        the pain flow
lost        no pictures from the camera
"""


@dataclass(frozen=True, slots=True)
class FaultAnnotation:
    """What is wrong, at the body. Values in the unit of the rule's metric.

    lines      chains of joints to be drawn in the colour of the fault
    at         the joint beside which the words stand
    words      "about 30°, wanted 35 to 55°"; "" where no number can be given
    value      the current value, NaN when unknown
    low, high  the allowed band, None for no limit
    reach      the ends of the scale on which value and band are drawn, low end first
    severity   a stop looks different from an advice
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
    """Something that can be chosen now: a key, and in a few words what it does."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What to draw after one frame.

    display_state, word  the state, and its name ("correct", "fix this", "can't tell", ...)
    cue          the one line to read from three metres, "" for none
    detail       a second, smaller line: why, or what to do; "" for none
    title        the exercise; in a rest the next one
    side         "your left"; "" where the exercise has no sides
    sets         "set 1 of 2"; "" for a single set
    count, unit  shown huge: seconds left or repetitions; below it "seconds", "of 10"
    share        the share of the set that is done, 0 to 1, for the ring
    exercise     its id, for the instruction picture
    working      the side that works, None for none
    shows_motion whether its demonstration moves: not in a hold, where the goal itself is shown
    pose         the skeleton, trusted joints only (others NaN); None when nobody can be judged
    annotation   what is wrong, at the body; None for nothing
    outline      where to be, in the state placing
    steps        one number for each set of the session: the share of it that is done, 0 to 1
    now          index of the current set in `steps`
    coming       "Next: Child's pose", "" at the end
    options      keys that matter now
    seconds_by_verdict  seconds so far: correct, wrong, can't tell; None where nothing is checked
    watched      whether there is a camera, or a place for its picture
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
    shows_motion: bool = True
    pose: Pose | None = None
    annotation: FaultAnnotation | None = None
    outline: Outline | None = None
    steps: tuple[float, ...] = ()
    now: int = 0
    coming: str = ""
    options: tuple[Option, ...] = ()
    seconds_by_verdict: tuple[float, float, float] | None = None
    watched: bool = True
