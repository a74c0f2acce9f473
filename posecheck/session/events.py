"""The events of a session, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posecheck.exercise import Rule
from posecheck.session.progress import State
from posecheck.session.rep_counter import RepOutcome

Blind = Literal[
    "nobody", "someone_else", "frozen", "few_pictures", "sideways", "parts", "view", "wrong_side"
]
"""Why a frame cannot be judged: nobody is in the picture; another person is; the picture stands
still; too few pictures come to count repetitions; the body lies along the picture in an exercise
that is done upright, as when the camera lies on its side; too little of the trunk is seen to tell
how the body is turned; the body is turned the wrong way; the side works that the set does not ask
for."""

Unjudged = Literal[Blind, "posture", "entered"]
"""Why a frame counts neither as right nor as wrong. A `Blind` reason: it cannot be judged at all;
"parts" also where joints are unseen that a strict rule, the count of repetitions or the neutral
needs; "posture": the body is in no posture of the exercise, or not yet in its start position;
"entered": it is in the exercise already, and the neutral is learnt at the start only."""


@dataclass(frozen=True, slots=True)
class SetAnnounced:
    """A set comes next. `index`: its place in the plan."""

    index: int


@dataclass(frozen=True, slots=True)
class WorkStarted:
    """The work of a set has begun: the rules are judged from now on."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The set went from one state to another."""

    before: State
    now: State


@dataclass(frozen=True, slots=True)
class FaultRaised:
    """A rule has been broken for at least its patience."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """A rule that was a fault is kept again."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Blinded:
    """Frames can no longer be judged, or for another reason than before."""

    why: Blind


@dataclass(frozen=True, slots=True)
class Sighted:
    """Frames can be judged again."""


@dataclass(frozen=True, slots=True)
class RepCounted:
    """A repetition counted. `reps`: the repetitions of the set so far."""

    reps: int


@dataclass(frozen=True, slots=True)
class RepRejected:
    """An attempted repetition did not count."""

    why: RepOutcome


SetEnd = Literal["done", "hard", "pain", "skipped"]
"""Why a set ended: its target was reached; the user did not find the right form for long; pain; the
user skipped it."""


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set has ended. `index`: its place in the plan."""

    index: int
    why: SetEnd = "done"


@dataclass(frozen=True, slots=True)
class SessionDone:
    """The session has ended. `why`: the reason for which its last set ended."""

    why: SetEnd = "done"


Halt = Literal["person", "left", "camera"]
"""Why a led session is halted: the user paused it by a sign or a key; the user left; the camera
gives no pictures."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The session is halted."""

    why: Halt


@dataclass(frozen=True, slots=True)
class Resumed:
    """The session continues."""


Event = (
    SetAnnounced
    | WorkStarted
    | StateChanged
    | FaultRaised
    | FaultCleared
    | Blinded
    | Sighted
    | RepCounted
    | RepRejected
    | SetDone
    | SessionDone
    | Halted
    | Resumed
)
