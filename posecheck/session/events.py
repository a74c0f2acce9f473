"""Everything a session can say, as frozen values. Outputs listen; nothing here decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posecheck.exercise import Rule
from posecheck.session.progress import RepOutcome, State

Blind = Literal["nobody", "someone_else", "view"]
"""Why a frame cannot be judged: no person; another body; turned the wrong way."""

Unjudged = Literal[Blind, "posture", "parts"]
"""Why a frame counts neither as right nor as wrong: it cannot be judged at all; the body is in no
posture of the exercise, or not yet in its start position; joints that a strict rule needs are not
seen."""


@dataclass(frozen=True, slots=True)
class SetAnnounced:
    """A new set is to be prepared: its number in the session."""

    index: int


@dataclass(frozen=True, slots=True)
class WorkStarted:
    """The person is in view and their neutral is known: rules are judged from now on."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The set went from one state to another."""

    before: State
    now: State


@dataclass(frozen=True, slots=True)
class FaultRaised:
    """A rule has been broken for longer than its patience."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """A rule that was a fault is kept again."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Blinded:
    """Nothing can be judged any more, and why."""

    why: Blind


@dataclass(frozen=True, slots=True)
class Sighted:
    """It can be judged again."""


@dataclass(frozen=True, slots=True)
class RepCounted:
    """A repetition counted; `reps` is the new number."""

    reps: int


@dataclass(frozen=True, slots=True)
class RepRejected:
    """A movement that was meant as a repetition and did not count."""

    why: RepOutcome


SetEnd = Literal["done", "hard", "pain", "skipped"]
"""Why a set ended: its target is reached; the form could not be found for long; pain; the person
wants to leave it out."""


@dataclass(frozen=True, slots=True)
class SetDone:
    """The set is over, and why."""

    index: int
    why: SetEnd = "done"


@dataclass(frozen=True, slots=True)
class SessionDone:
    """The session is over, and why its last set ended."""

    why: SetEnd = "done"


Halt = Literal["person", "left", "camera"]
"""Why a led session stands still: by the person's sign or key; nobody is there; no pictures."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The session stands still, and why."""

    why: Halt


@dataclass(frozen=True, slots=True)
class Resumed:
    """The session goes on."""


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
